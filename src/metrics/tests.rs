//! Small histories with metrics that were computed by hand.

use chrono::NaiveDate;

use super::*;
use crate::config::Median;
use crate::source::{SourceFile, SourceMap};

/// The period of most histories: ten days, from 1 to 10 March.
const FROM: &str = "2027-03-01";
const TO: &str = "2027-03-10";

fn day(text: &str) -> NaiveDate {
    text.parse().expect("a day")
}

fn scope(median: Median) -> Scope<'static> {
    Scope {
        environment: "production",
        from: day(FROM),
        to: day(TO),
        now: "2027-03-11T12:00:00Z".parse().expect("a time"),
        median,
        deployments: Files::Read,
        incidents: Files::Read,
    }
}

fn read(deployments: &str, incidents: &str) -> Deliveries {
    let mut sources = SourceMap::default();
    let first = sources.add(SourceFile::new("deployments.jsonl", deployments));
    let second = sources.add(SourceFile::new("incidents.jsonl", incidents));
    Deliveries::read(&sources, &[first], &[second])
}

/// A deployment a line: `d1 03-02T10:00 success` with more members behind.
fn deployments(lines: &str) -> String {
    let line = |line: &str| {
        let mut words = line.splitn(4, ' ');
        let (id, at, result) = (words.next()?, words.next()?, words.next()?);
        let more = words.next().map_or_else(String::new, |more| format!(",{more}"));
        Some(format!(
            "{{\"id\":\"{id}\",\"environment\":\"production\",\"finished_at\":\"2027-{at}:00Z\",\"result\":\"{result}\"{more}}}\n"
        ))
    };
    lines.lines().map(|text| line(text.trim()).unwrap_or_else(|| format!("{text}\n"))).collect()
}

/// An incident a line: `i1 03-02T11:00 03-02T12:30`, or `-` while it is open.
fn incidents(lines: &str) -> String {
    let line = |line: &str| {
        let words: Vec<&str> = line.split(' ').collect();
        let [id, created, resolved] = words[..] else { return None };
        let resolved = match resolved {
            "-" => String::new(),
            at => format!(",\"resolved_at\":\"2027-{at}:00Z\""),
        };
        Some(format!("{{\"id\":\"{id}\",\"created_at\":\"2027-{created}:00Z\"{resolved}}}\n"))
    };
    lines.lines().map(|text| line(text.trim()).unwrap_or_else(|| format!("{text}\n"))).collect()
}

/// The value of a metric with its basis, or why there is none.
fn shown(metrics: &Metrics, measure: Measure) -> String {
    let one = metrics.measured.iter().find(|one| one.measure == measure).expect("the metric");
    match &one.figure {
        Ok(figure) => format!("{:.2} ({})", figure.value, figure.basis.words()),
        Err(reason) => reason.words(),
    }
}

fn notes(metrics: &Metrics, measure: Measure) -> String {
    metrics.measured.iter().find(|one| one.measure == measure).expect("the metric").notes.join("; ")
}

fn measured(facts: &Deliveries) -> Metrics {
    let commits = CommitHistory::Known(CommitLog::default());
    measure(facts, &commits, &scope(Median::PercentileCont), TrendStep::Week)
}

/// A history and what follows from it.
struct Case {
    name: &'static str,
    deployments: &'static str,
    incidents: &'static str,
    expect: &'static [(Measure, &'static str)],
}

use Measure::{
    ChangeFailRate, DeploymentFrequency, DeploymentSuccess, DeploymentTime, RecoveryTime, ReworkRate,
    RollbackRate, RollbackTime,
};

const CASES: &[Case] = &[
    Case {
        name: "three deployments in ten days are 2.1 a week",
        deployments: "a 03-01T00:00 success\nb 03-05T10:00 success\nc 03-10T23:59 success",
        incidents: "i 03-05T11:00 03-05T12:30",
        expect: &[
            (DeploymentFrequency, "2.10 (3 deployments in 10 days)"),
            (ChangeFailRate, "33.33 (1 of 3 deployments)"),
            // 10:00 to 12:30.
            (RecoveryTime, "9000.00 (median of 1 incident)"),
            (DeploymentSuccess, "100.00 (3 of 3 deployments)"),
        ],
    },
    Case {
        name: "what ends outside of the period does not count",
        deployments: "a 02-28T23:59 success\nb 03-05T10:00 success\nc 03-11T00:00 success",
        incidents: "i 03-01T01:00 -\nj 03-11T01:00 -",
        expect: &[
            (DeploymentFrequency, "0.70 (1 deployment in 10 days)"),
            (ChangeFailRate, "0.00 (0 of 1 deployment)"),
            (RecoveryTime, "no deployment with an incident in the period"),
        ],
    },
    Case {
        name: "an incident belongs to the last deployment that ended before it",
        deployments: "a 03-02T10:00 success\nb 03-02T12:00 success",
        incidents: "i 03-02T11:59 03-02T13:00\nj 03-02T12:00 03-02T12:30",
        // j was created when b ended, not after: both belong to a.
        expect: &[
            (ChangeFailRate, "50.00 (1 of 2 deployments)"),
            // 3 and 2.5 hours.
            (RecoveryTime, "9900.00 (median of 2 incidents)"),
        ],
    },
    Case {
        name: "two incidents make one failed deployment",
        deployments: "a 03-02T10:00 success\nb 03-03T10:00 success",
        incidents: "i 03-02T11:00 03-02T12:00\nj 03-02T13:00 03-02T16:00",
        expect: &[
            (ChangeFailRate, "50.00 (1 of 2 deployments)"),
            (RecoveryTime, "14400.00 (median of 2 incidents)"),
        ],
    },
    Case {
        name: "a failed deployment is no deployment that an incident could belong to",
        deployments: "a 03-02T10:00 success\nb 03-03T10:00 failure",
        incidents: "i 03-03T11:00 03-03T12:00",
        expect: &[
            (DeploymentFrequency, "0.70 (1 deployment in 10 days)"),
            (DeploymentSuccess, "50.00 (1 of 2 deployments)"),
            (ChangeFailRate, "100.00 (1 of 1 deployment)"),
            // 26 hours from the end of a.
            (RecoveryTime, "93600.00 (median of 1 incident)"),
        ],
    },
    Case {
        name: "a cancelled deployment is neither success nor failure",
        deployments: "a 03-02T10:00 success\nb 03-03T10:00 cancelled\nc 03-04T10:00 failure",
        incidents: "",
        expect: &[(DeploymentSuccess, "50.00 (1 of 2 deployments)")],
    },
    Case {
        name: "an unresolved incident fails a deployment and has no recovery time",
        deployments: "a 03-02T10:00 success",
        incidents: "i 03-02T11:00 -",
        expect: &[
            (ChangeFailRate, "100.00 (1 of 1 deployment)"),
            (RecoveryTime, "no incident has a time of resolution"),
        ],
    },
    Case {
        name: "an incident before any deployment belongs to none",
        deployments: "a 03-02T10:00 success",
        incidents: "i 02-01T11:00 02-01T12:00",
        expect: &[
            (ChangeFailRate, "0.00 (0 of 1 deployment)"),
            (RecoveryTime, "no deployment with an incident in the period"),
        ],
    },
    Case {
        name: "empty files are no zero",
        deployments: "",
        incidents: "",
        expect: &[
            (DeploymentFrequency, "no deployment to production is recorded"),
            (ChangeFailRate, "no deployment to production is recorded"),
            (RecoveryTime, "no deployment to production is recorded"),
            (ReworkRate, "no deployment to production is recorded"),
            (DeploymentSuccess, "no deployment to production is recorded"),
        ],
    },
    Case {
        name: "without any incident on record the fail rate is not zero",
        deployments: "a 03-02T10:00 success",
        incidents: "",
        expect: &[(ChangeFailRate, "no incident is recorded"), (RecoveryTime, "no incident is recorded")],
    },
    Case {
        name: "a recorded standstill is a frequency of zero and no rate",
        deployments: "a 02-02T10:00 success",
        incidents: "i 02-02T11:00 02-02T12:00",
        expect: &[
            (DeploymentFrequency, "0.00 (0 deployments in 10 days)"),
            (ChangeFailRate, "no successful deployment in the period"),
            (RecoveryTime, "no successful deployment in the period"),
            (ReworkRate, "no successful deployment in the period"),
            (RollbackRate, "no successful deployment in the period"),
            (DeploymentTime, "no successful deployment in the period"),
            (DeploymentSuccess, "no successful deployment in the period"),
        ],
    },
    Case {
        name: "only failed deployments are no frequency of zero",
        deployments: "a 03-02T10:00 failure",
        incidents: "",
        expect: &[
            (
                DeploymentFrequency,
                "no successful deployment to production is recorded up to the end of the period",
            ),
            (DeploymentSuccess, "0.00 (0 of 1 deployment)"),
        ],
    },
    Case {
        name: "deployments that are caused by incidents are rework",
        deployments: "a 03-02T10:00 success\nb 03-03T10:00 success \"caused_by\":\"i\"\nc 03-04T10:00 success \"unplanned\":true\nd 03-05T10:00 success",
        incidents: "i 03-02T11:00 03-03T10:30",
        expect: &[(ReworkRate, "50.00 (2 of 4 deployments)")],
    },
    Case {
        name: "where no deployment says whether it was planned there is no rework rate",
        deployments: "a 03-02T10:00 success",
        incidents: "",
        expect: &[
            (ReworkRate, "no deployment records whether it was unplanned"),
            (RollbackRate, "no deployment records whether it was a rollback"),
            (RollbackTime, "no deployment records whether it was a rollback"),
            (DeploymentTime, "no deployment records its start"),
        ],
    },
    Case {
        name: "rollbacks are unplanned and have a time of their own",
        deployments: "a 03-02T10:00 success \"started_at\":\"2027-03-02T09:30:00Z\"\nb 03-02T11:00 success \"started_at\":\"2027-03-02T10:56:00Z\",\"rollback\":true\nc 03-03T10:00 success \"started_at\":\"2027-03-03T09:50:00Z\",\"unplanned\":false",
        incidents: "",
        expect: &[
            (RollbackRate, "33.33 (1 of 3 deployments)"),
            (ReworkRate, "33.33 (1 of 3 deployments)"),
            // 30 and 10 minutes.
            (DeploymentTime, "1200.00 (median of 2 deployments)"),
            (RollbackTime, "240.00 (median of 1 rollback)"),
        ],
    },
    Case {
        name: "a team that records rollbacks and had none has a rate of zero and no time",
        deployments: "a 02-02T10:00 success \"rollback\":true\nb 03-02T10:00 success",
        incidents: "",
        expect: &[(RollbackRate, "0.00 (0 of 1 deployment)"), (RollbackTime, "no rollback in the period")],
    },
    Case {
        name: "overlapping deployments count by their ends",
        deployments: "a 03-02T12:00 success \"started_at\":\"2027-03-02T09:00:00Z\"\nb 03-02T11:00 success \"started_at\":\"2027-03-02T10:00:00Z\"",
        incidents: "i 03-02T11:30 03-02T12:00\nj 03-02T12:30 03-02T13:00",
        expect: &[
            (ChangeFailRate, "100.00 (2 of 2 deployments)"),
            // i belongs to b, which was over at 11:00; j to a.
            (RecoveryTime, "3600.00 (median of 2 incidents)"),
            (DeploymentTime, "7200.00 (median of 2 deployments)"),
        ],
    },
    Case {
        name: "a deployment that ends before it starts does not count",
        deployments: "a 03-02T10:00 success \"started_at\":\"2027-03-02T11:00:00Z\"\nb 03-03T10:00 success",
        incidents: "",
        expect: &[(DeploymentFrequency, "0.70 (1 deployment in 10 days)")],
    },
    Case {
        name: "nothing happens after the day of the report",
        deployments: "a 03-02T10:00 success\nb 03-12T10:00 success",
        incidents: "i 03-20T11:00 -\nj 03-02T11:00 03-30T11:00",
        expect: &[
            (ChangeFailRate, "100.00 (1 of 1 deployment)"),
            (RecoveryTime, "no incident has a time of resolution"),
        ],
    },
    Case {
        name: "an incident that is resolved before it is created fails its deployment",
        deployments: "a 03-02T10:00 success",
        incidents: "i 03-02T11:00 03-02T10:30",
        expect: &[
            (ChangeFailRate, "100.00 (1 of 1 deployment)"),
            (RecoveryTime, "no incident has a time of resolution"),
        ],
    },
    Case {
        name: "what cannot be read makes no zero",
        deployments: "a 03-02T10:00 success",
        incidents: "i 01-02T10:00 -\nnot an incident at all",
        expect: &[(ChangeFailRate, "1 incident record cannot be used")],
    },
    Case {
        name: "broken deployments make no zero",
        deployments: "a 02-02T10:00 success\n{\"id\": 3",
        incidents: "",
        expect: &[(DeploymentFrequency, "1 deployment record cannot be used")],
    },
    Case {
        name: "other environments have deployments and incidents of their own",
        deployments: "a 03-02T10:00 success\n{\"id\":\"s\",\"environment\":\"staging\",\"finished_at\":\"2027-03-02T10:30:00Z\",\"result\":\"success\"}\n{\"id\":\"p\",\"environment\":\"Production\",\"finished_at\":\"2027-03-02T10:30:00Z\",\"result\":\"success\"}",
        incidents: "{\"id\":\"i\",\"environment\":\"staging\",\"created_at\":\"2027-03-02T11:00:00Z\"}\nj 01-01T11:00 -",
        expect: &[
            (DeploymentFrequency, "1.40 (2 deployments in 10 days)"),
            (ChangeFailRate, "0.00 (0 of 2 deployments)"),
        ],
    },
    Case {
        name: "the same id counts once",
        deployments: "a 03-02T10:00 success\na 03-03T10:00 success\nb 03-04T10:00 success",
        incidents: "i 03-03T11:00 -\ni 03-04T11:00 -",
        expect: &[
            (DeploymentFrequency, "1.40 (2 deployments in 10 days)"),
            (ChangeFailRate, "50.00 (1 of 2 deployments)"),
        ],
    },
];

#[test]
fn histories_have_the_metrics_that_were_computed_by_hand() {
    for case in CASES {
        let metrics = measured(&read(&deployments(case.deployments), &incidents(case.incidents)));
        for (measure, expect) in case.expect {
            assert_eq!(shown(&metrics, *measure), *expect, "{}: {measure:?}", case.name);
        }
        for one in &metrics.measured {
            let is_finite = one.figure.as_ref().map_or(true, |figure| figure.value.is_finite());
            assert!(is_finite, "{}: {one:?}", case.name);
        }
    }
}

#[test]
fn of_an_even_number_of_incidents_the_medians_differ() {
    // 1, 2, 3 and 4 hours after the deployment.
    let incidents = incidents(
        "i 03-02T10:30 03-02T11:00\nj 03-02T10:30 03-02T12:00\nk 03-02T10:30 03-02T13:00\nl 03-02T10:30 03-02T14:00",
    );
    let facts = read(&deployments("a 03-02T10:00 success"), &incidents);
    for (median, expect) in [
        (Median::PercentileCont, "9000.00 (median of 4 incidents)"),
        (Median::PercentRank, "7200.00 (median of 4 incidents)"),
    ] {
        let commits = CommitHistory::Known(CommitLog::default());
        let metrics = measure(&facts, &commits, &scope(median), TrendStep::Week);
        assert_eq!(shown(&metrics, RecoveryTime), expect);
    }
}

#[test]
fn what_is_left_out_is_said() {
    let deployments = deployments(
        "a 03-02T10:00 success\nb 03-20T10:00 success\nc 03-03T10:00 success \"started_at\":\"2027-03-04T10:00:00Z\"\nbroken",
    );
    let incidents = incidents(
        "i 03-02T11:00 -\nj 03-02T11:00 03-02T10:00\nk 03-20T11:00 -\nl 01-01T10:00 -\nm 03-02T11:00 03-20T11:00\nn 03-02T11:00 03-02T12:00",
    );
    let metrics = measured(&read(&deployments, &incidents));
    assert_eq!(
        notes(&metrics, DeploymentFrequency),
        "the record begins on 2027-03-02; 2 deployment records left out: cannot be used; 1 deployment left out: ends after the day of the report"
    );
    assert_eq!(
        notes(&metrics, RecoveryTime),
        "1 incident left out: not resolved; 1 incident left out: time of resolution not usable; \
         1 incident left out: resolved after the day of the report; 2 deployment records left out: cannot be used; \
         1 deployment left out: ends after the day of the report; 1 incident record left out: cannot be used as it is; \
         1 incident left out: created before any deployment on record; 1 incident left out: created after the day of the report"
    );
    assert_eq!(shown(&metrics, RecoveryTime), "7200.00 (median of 1 incident)");
}

#[test]
fn a_file_that_is_not_there_is_the_reason() {
    let facts = read(&deployments("a 03-02T10:00 success"), "");
    let known = CommitHistory::Known(CommitLog::default());
    for (deployments, incidents, expect) in [
        (Files::NotNamed, Files::Read, "`deployments` is not in [metrics] of relplan.toml"),
        (Files::Read, Files::NotNamed, "`incidents` is not in [metrics] of relplan.toml"),
        (Files::Read, Files::NoneFound, "no file matches `incidents` of [metrics]"),
    ] {
        let scope = Scope { deployments, incidents, ..scope(Median::default()) };
        assert_eq!(shown(&measure(&facts, &known, &scope, TrendStep::Week), ChangeFailRate), expect);
    }
}

#[test]
fn a_trend_is_cut_at_mondays_and_at_the_ends_of_the_period() {
    let deployments = deployments("a 03-01T10:00 success\nb 03-07T10:00 success\nc 03-08T10:00 success");
    let facts = read(&deployments, &incidents("i 03-08T11:00 03-08T12:00"));
    let parts = |step| {
        let known = CommitHistory::Known(CommitLog::default());
        let trend = measure(&facts, &known, &scope(Median::default()), step).trend;
        let part = |part: &TrendPart| {
            format!(
                "{} {} {} {:?} {:?}",
                part.from, part.to, part.deployments, part.failed, part.recovery_time
            )
        };
        trend.iter().map(part).collect::<Vec<_>>()
    };
    assert_eq!(
        parts(TrendStep::Week),
        ["2027-03-01 2027-03-07 2 Some(0) None", "2027-03-08 2027-03-10 1 Some(1) Some(7200.0)"]
    );
    assert_eq!(parts(TrendStep::Month), ["2027-03-01 2027-03-10 3 Some(1) Some(7200.0)"]);
}

// --- Change lead time ------------------------------------------------------------------------------------------

/// A name of forty digits.
fn name(letter: char) -> String {
    letter.to_string().repeat(40)
}

/// A log of commits: `b a 03-01T10:00` is the commit b with the parent a and its author time; `*` behind the name is the
/// beginning of a shallow clone.
fn log(lines: &[&str]) -> CommitLog {
    let mut log = CommitLog::default();
    for line in lines {
        let letter = |text: &str| name(text.chars().next().expect("a letter"));
        let whole = letter(line);
        log.names.insert(Commit::parse(&whole).expect("a commit"), whole);
        // Of a commit before the range only the name is known.
        let Some(_) = line.split_once(' ') else { continue };
        let mut words = line.split(' ').rev();
        let at = format!("2027-{}:00Z", words.next().expect("a time"));
        let authored = at.parse::<DateTime<Utc>>().expect("a time").timestamp();
        let mut names: Vec<&str> = words.rev().collect();
        let own = names.remove(0);
        if own.ends_with('*') {
            log.cut.insert(letter(own));
        }
        let parents = names.into_iter().map(letter).collect();
        log.commits.insert(letter(own), LoggedCommit { parents, authored });
    }
    log
}

fn lead(lines: &str, log: CommitLog, median: Median) -> (String, String) {
    let with_commits: String = lines
        .lines()
        .map(|line| match line.rsplit_once(" @") {
            Some((line, letter)) => {
                format!("{line} \"commit\":\"{}\"\n", name(letter.chars().next().expect("a letter")))
            }
            None => format!("{line}\n"),
        })
        .collect();
    let facts = read(&deployments(&with_commits), "");
    let metrics = measure(&facts, &CommitHistory::Known(log), &scope(median), TrendStep::Week);
    (shown(&metrics, Measure::ChangeLeadTime), notes(&metrics, Measure::ChangeLeadTime))
}

/// A history of commits and what follows from it.
struct LeadCase {
    name: &'static str,
    deployments: &'static str,
    commits: &'static [&'static str],
    expect: &'static str,
    notes: &'static str,
}

const LEAD_CASES: &[LeadCase] = &[
    LeadCase {
        name: "each commit counts for the first deployment that contains it",
        // b 24 hours, c 12 hours, d 48 hours. The name a is known; what it contains was deployed before.
        deployments: "x 02-20T10:00 success @a\ny 03-02T10:00 success @c\nz 03-05T10:00 success @d",
        commits: &["a", "b a 03-01T10:00", "c b 03-01T22:00", "d c 03-03T10:00"],
        expect: "86400.00 (median of 3 commits)",
        notes: "",
    },
    LeadCase {
        name: "merge commits bring no change of their own",
        deployments: "x 02-20T10:00 success @a\ny 03-02T10:00 success @d",
        commits: &["a", "b a 03-01T10:00", "c a 02-28T10:00", "d b c 03-02T09:00"],
        // 24 and 48 hours.
        expect: "129600.00 (median of 2 commits)",
        notes: "",
    },
    LeadCase {
        name: "the first deployment on record has no beginning",
        deployments: "x 03-02T10:00 success @a\ny 03-03T10:00 success @b",
        commits: &["a 01-01T10:00", "b a 03-03T09:00"],
        expect: "3600.00 (median of 1 commit)",
        notes: "1 deployment left out: first deployment on record",
    },
    LeadCase {
        name: "a deployment without a commit takes the next one with it",
        deployments: "x 03-01T10:00 success @a\ny 03-02T10:00 success\nz 03-03T10:00 success @c\nw 03-04T10:00 success @d",
        commits: &["a 01-01T10:00", "b a 03-02T09:00", "c b 03-03T09:00", "d c 03-04T08:00"],
        expect: "7200.00 (median of 1 commit)",
        notes: "1 deployment left out: no commit is recorded; 1 deployment left out: first deployment on record; \
                1 deployment left out: the commit of the deployment before is not known",
    },
    LeadCase {
        name: "a commit that the repository does not know",
        deployments: "x 03-01T10:00 success @a\ny 03-02T10:00 success @e\nz 03-03T10:00 success @f",
        commits: &["a 01-01T10:00"],
        expect: "2 deployments left out: the commit is not in the repository; 1 deployment left out: first deployment on record",
        notes: "",
    },
    LeadCase {
        name: "a shallow clone",
        deployments: "x 02-20T10:00 success @a\ny 03-02T10:00 success @c",
        commits: &["a", "b* 03-01T10:00", "c b 03-01T22:00"],
        expect: "1 deployment left out: the clone is shallow",
        notes: "",
    },
    LeadCase {
        name: "a shallow clone that reaches back far enough",
        deployments: "x 02-20T10:00 success @a\ny 03-02T10:00 success @c",
        commits: &["a", "b a 03-01T10:00", "c b 03-01T22:00"],
        expect: "64800.00 (median of 2 commits)",
        notes: "",
    },
    LeadCase {
        name: "a commit that was authored after its deployment",
        deployments: "x 02-20T10:00 success @a\ny 03-02T10:00 success @c",
        commits: &["a", "b a 03-01T10:00", "c b 03-02T11:00"],
        expect: "86400.00 (median of 1 commit)",
        notes: "1 commit left out: authored after the deployment",
    },
    LeadCase {
        name: "a rollback brings nothing new",
        deployments: "x 02-20T10:00 success @a\ny 03-02T10:00 success @b\nz 03-02T11:00 success @a\nw 03-03T10:00 success @b",
        commits: &["a", "b a 03-02T09:00"],
        expect: "3600.00 (median of 1 commit)",
        notes: "",
    },
    LeadCase {
        name: "the same commit again brings no commit",
        deployments: "x 02-20T10:00 success @a\ny 03-02T10:00 success @a",
        commits: &["a"],
        expect: "the deployments contain no new commit",
        notes: "",
    },
    LeadCase {
        name: "a failed deployment brings nothing to production",
        deployments: "x 02-20T10:00 success @a\ny 03-02T10:00 failure @b\nz 03-03T10:00 success @c",
        commits: &["a", "b a 03-02T10:00", "c b 03-03T08:00"],
        // b 24 hours, c 2 hours.
        expect: "46800.00 (median of 2 commits)",
        notes: "",
    },
];

#[test]
fn lead_time_is_the_median_from_author_time_to_the_deployment_that_brought_a_commit() {
    for case in LEAD_CASES {
        let (shown, notes) = lead(case.deployments, log(case.commits), Median::PercentileCont);
        assert_eq!((shown.as_str(), notes.as_str()), (case.expect, case.notes), "{}", case.name);
    }
}

#[test]
fn of_an_even_number_of_commits_the_medians_differ() {
    let deployments = "x 02-20T10:00 success @a\ny 03-02T10:00 success @c";
    let commits = ["a", "b a 03-01T10:00", "c b 03-01T22:00"];
    for (median, expect) in [
        (Median::PercentileCont, "64800.00 (median of 2 commits)"),
        (Median::PercentRank, "43200.00 (median of 2 commits)"),
    ] {
        assert_eq!(lead(deployments, log(&commits), median).0, expect);
    }
}

#[test]
fn without_git_the_reason_is_its_own() {
    let facts = read(&deployments("a 03-02T10:00 success"), "");
    let unavailable = CommitHistory::Unavailable("the plan is not in a Git repository".to_owned());
    let metrics = measure(&facts, &unavailable, &scope(Median::default()), TrendStep::Week);
    assert_eq!(shown(&metrics, Measure::ChangeLeadTime), "the plan is not in a Git repository");
}

#[test]
fn git_is_asked_for_the_commits_of_the_period_and_for_those_before() {
    let lines = "x 02-20T10:00 success @a\ny 03-02T10:00 success @b\nz 03-03T10:00 success @b\nw 03-11T10:00 success @c";
    let commit = |letter| Commit::parse(&name(letter)).expect("a commit");
    let with_commits = lines.replace("@a", &format!("\"commit\":\"{}\"", name('a')));
    let with_commits = with_commits.replace("@b", &format!("\"commit\":\"{}\"", name('b')));
    let with_commits = with_commits.replace("@c", &format!("\"commit\":\"{}\"", name('c')));
    let facts = read(&deployments(&with_commits), "");
    let asked = range(&facts, &scope(Median::default()));
    assert_eq!(asked, RangeOfCommits { of_period: vec![commit('b')], before: vec![commit('a')] });
}

// --- Bands -----------------------------------------------------------------------------------------------------

#[test]
fn bands_end_where_the_report_of_2023_says() {
    for (measure, value, expect) in [
        (ChangeFailRate, 5.0, Some(Band::Elite)),
        (ChangeFailRate, 5.01, Some(Band::High)),
        (ChangeFailRate, 10.0, Some(Band::High)),
        (ChangeFailRate, 15.0, Some(Band::Medium)),
        (ChangeFailRate, 15.01, Some(Band::Low)),
        (Measure::ChangeLeadTime, 86_399.0, Some(Band::Elite)),
        (Measure::ChangeLeadTime, 86_400.0, Some(Band::High)),
        (Measure::ChangeLeadTime, 604_800.0, Some(Band::Medium)),
        (Measure::ChangeLeadTime, 2_592_000.0, Some(Band::Low)),
        (RecoveryTime, 3599.0, Some(Band::Elite)),
        (RecoveryTime, 3600.0, Some(Band::High)),
        (RecoveryTime, 86_400.0, Some(Band::Medium)),
        (RecoveryTime, 604_800.0, Some(Band::Low)),
        (DeploymentFrequency, 100.0, None),
        (ReworkRate, 0.0, None),
    ] {
        assert_eq!(Band::of(measure, value), expect, "{measure:?} {value}");
    }
}

// --- Files -----------------------------------------------------------------------------------------------------

/// What is wrong with a file of deployments, and how many deployments it has.
fn check_file(text: &str, count: usize, problems: &[&str]) {
    let facts = read(text, "");
    let found: Vec<String> = facts.defects.iter().map(|defect| defect.kind.words()).collect();
    assert_eq!(
        (facts.deployments.len(), found),
        (count, problems.iter().map(|text| (*text).to_owned()).collect()),
        "{text}"
    );
}

const GOOD: &str =
    r#"{"id":"a","environment":"production","finished_at":"2027-03-02T10:00:00Z","result":"success"}"#;

#[test]
fn what_is_wrong_with_a_record_takes_no_other_with_it() {
    check_file(&format!("{GOOD}\n"), 1, &[]);
    check_file(&format!("[{GOOD}]"), 1, &[]);
    check_file("[]", 0, &[]);
    check_file(&format!("\n\n{GOOD}\r\n\r\n"), 1, &[]);
    check_file(&GOOD.replace(',', ",\n"), 1, &[]);
    check_file(&format!("nonsense\n{GOOD}\n{{\n"), 1, &["expected ident", "EOF while parsing an object"]);
    check_file(&format!("{{\"id\":\n{GOOD}"), 1, &["EOF while parsing an object"]);
    check_file(&format!("[{GOOD}, {{\"id\""), 1, &["EOF while parsing an object"]);
    check_file("3", 0, &["invalid type: integer `3`, expected struct DeploymentRecord"]);
    check_file(
        &GOOD.replace("success", "fine"),
        0,
        &["unknown variant `fine`, expected one of `success`, `failure`, `cancelled`"],
    );
    check_file(
        &GOOD.replace("finished_at", "finished"),
        0,
        &[
            "unknown field `finished`, expected one of `id`, `environment`, `started_at`, `finished_at`, `result`, `release`, `version`, `commit`, `unplanned`, `caused_by`, `rollback`, `watch`, `previous`",
        ],
    );
    check_file(&GOOD.replace("\"environment\":\"production\",", ""), 0, &["missing field `environment`"]);
    check_file(
        &GOOD.replace("\"finished_at\":\"2027-03-02T10:00:00Z\",", ""),
        0,
        &["`finished_at` is missing"],
    );
    check_file(
        &GOOD.replace("03-02T", "02-30T"),
        0,
        &["`finished_at` is not a time: `2027-02-30T10:00:00Z`"],
    );
    check_file(&GOOD.replace("\"a\"", "\" \""), 0, &["`id` is empty"]);
    check_file(&GOOD.replace("\"id\":\"a\"", "\"id\":\"a\",\"id\":\"b\""), 0, &["duplicate field `id`"]);
    check_file(&GOOD.replace("}", ",\"commit\":\"main\"}"), 1, &["`main` is not a commit"]);
    check_file(
        &GOOD.replace("}", ",\"unplanned\":false,\"caused_by\":\"i\"}"),
        0,
        &["`caused_by` names an incident, and `unplanned` is false"],
    );
}

#[test]
fn github_deployments_end_with_their_last_status() {
    let deployment = |statuses: &str| {
        format!(
            "{{\"id\":1,\"sha\":\"{}\",\"environment\":\"production\",\"created_at\":\"2027-03-01T10:00:00Z\",\"statuses\":{statuses}}}",
            name('a')
        )
    };
    let status = |state: &str, at: &str| {
        format!("{{\"state\":\"{state}\",\"created_at\":\"2027-03-02T{at}:00Z\",\"id\":7}}")
    };
    let list = |all: &[(&str, &str)]| {
        let all: Vec<String> = all.iter().map(|(state, at)| status(state, at)).collect();
        deployment(&format!("[{}]", all.join(",")))
    };
    let text = list(&[
        ("inactive", "12:00"),
        ("success", "10:30"),
        ("failure", "10:10"),
        ("in_progress", "10:05"),
        ("queued", "10:00"),
    ]);
    let facts = read(&text, "");
    let one = &facts.deployments[0];
    assert_eq!(
        (one.result, one.finished.to_rfc3339().as_str()),
        (DeploymentResult::Success, "2027-03-02T10:30:00+00:00")
    );
    assert_eq!(one.started.map(|time| time.to_rfc3339()).as_deref(), Some("2027-03-02T10:05:00+00:00"));
    assert_eq!(one.commit.as_ref().map(Commit::as_str), Some(name('a').as_str()));
    assert_eq!((one.unplanned, one.rollback), (None, None), "GitHub does not say");
    check_file(
        &list(&[("queued", "10:00"), ("in_progress", "10:01")]),
        0,
        &["no status ends the deployment"],
    );
    check_file(&list(&[("exploded", "10:00")]), 0, &["unknown result `exploded`"]);
    check_file(&deployment("null"), 0, &["`statuses` is missing: add the statuses of the deployment"]);
    check_file(&list(&[("success", "1")]), 0, &["`created_at` is not a time: `2027-03-02T1:00Z`"]);
}

#[test]
fn bodies_of_devlake_webhooks_are_read() {
    let deployment = r#"{"id":"7","result":"SUCCESS","environment":"PRODUCTION","startedDate":"2027-03-02T09:55:00+00:00","finishedDate":"2027-03-02T10:00:00+00:00","deploymentCommits":[{"repoUrl":"r","commitSha":"COMMIT","startedDate":"x","finishedDate":"y"}]}"#
        .replace("COMMIT", &name('c'));
    let issues = r#"{"issueKey":"i","title":"T","type":"INCIDENT","status":"DONE","originalStatus":"x","createdDate":"2027-03-02T11:00:00+00:00","resolutionDate":"2027-03-02T12:00:00+00:00"}
        {"issueKey":"j","title":"T","type":"BUG","status":"TODO","createdDate":"2027-03-02T11:00:00+00:00"}
        {"issueKey":"k","title":"T","type":"INCIDENT","status":"DONE","createdDate":"2027-03-02T11:00:00+00:00"}"#;
    let facts = read(&deployment, issues);
    let metrics = measured(&facts);
    assert_eq!(shown(&metrics, ChangeFailRate), "100.00 (1 of 1 deployment)");
    assert_eq!(shown(&metrics, RecoveryTime), "7200.00 (median of 1 incident)");
    assert_eq!(shown(&metrics, DeploymentTime), "300.00 (median of 1 deployment)");
    assert_eq!(facts.deployments[0].commit.as_ref().map(Commit::as_str), Some(name('c').as_str()));
    let problems: Vec<String> = facts.defects.iter().map(|defect| defect.kind.words()).collect();
    assert_eq!(problems, ["the incident is resolved, without a time"]);
    check_file(&deployment.replace("SUCCESS", "MAYBE"), 0, &["unknown result `MAYBE`"]);
    check_file(
        &deployment.replace("finishedDate\":\"2027", "finished\":\"2027"),
        0,
        &["`finishedDate` is missing"],
    );
}

#[test]
fn cdevents_tell_of_deployments_rollbacks_and_incidents() {
    let event = |kind: &str, at: &str, subject: &str| {
        format!(
            "{{\"context\":{{\"specversion\":\"0.5.0\",\"id\":\"x\",\"source\":\"s\",\"type\":\"dev.cdevents.{kind}.0.2.0\",\"timestamp\":\"2027-{at}:00Z\"}},\
             \"subject\":{{\"id\":\"{subject}\",\"content\":{{\"environment\":{{\"id\":\"production\"}},\"artifactId\":\"pkg:oci/app@1\"}}}}}}\n"
        )
    };
    let events = [
        event("service.deployed", "03-02T10:00", "app"),
        event("service.upgraded", "03-03T10:00", "app"),
        event("incident.detected", "03-03T10:20", "i1"),
        event("incident.reported", "03-03T10:30", "i1"),
        event("service.rolledback", "03-03T11:00", "app"),
        event("incident.resolved", "03-03T11:10", "i1"),
        event("service.removed", "03-04T10:00", "app"),
        event("incident.resolved", "03-04T11:10", "i2"),
        event("build.finished", "03-04T11:10", "b"),
        "{\"context\":3}\n".to_owned(),
    ];
    let text: String = events.concat();
    let facts = read(&text, &text);
    let metrics = measured(&facts);
    assert_eq!(shown(&metrics, DeploymentFrequency), "2.10 (3 deployments in 10 days)");
    assert_eq!(shown(&metrics, ChangeFailRate), "33.33 (1 of 3 deployments)");
    // From the upgrade to the end of the incident.
    assert_eq!(shown(&metrics, RecoveryTime), "4200.00 (median of 1 incident)");
    assert_eq!(shown(&metrics, RollbackRate), "33.33 (1 of 3 deployments)");
    assert_eq!(shown(&metrics, ReworkRate), "no deployment records whether it was unplanned");
    assert_eq!(shown(&metrics, DeploymentSuccess), "no deployment records whether it failed");
    assert_eq!(shown(&metrics, Measure::ChangeLeadTime), "3 deployments left out: no commit is recorded");
    assert_eq!(facts.defects.len(), 3, "{:?}", facts.defects);
    // The end of an incident may be in another file than its beginning.
    let mut sources = SourceMap::default();
    let files: Vec<_> =
        events[..6].iter().map(|text| sources.add(SourceFile::new("event.json", text.as_str()))).collect();
    let apart = Deliveries::read(&sources, &files, &files);
    assert_eq!((apart.deployments.len(), apart.incidents.len(), apart.defects.len()), (3, 1, 0));
    assert!(matches!(apart.incidents[0].resolved, Resolution::At(_)));
}

#[test]
fn the_examples_of_cdevents_are_read() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/evidence/cdevents");
    let mut sources = SourceMap::default();
    let names = [
        "service_deployed",
        "service_upgraded",
        "service_rolledback",
        "service_removed",
        "incident_detected",
        "incident_reported",
        "incident_resolved",
    ];
    let files: Vec<_> = names
        .iter()
        .map(|name| {
            let text = std::fs::read_to_string(folder.join(format!("{name}.json"))).expect("an example");
            sources.add(SourceFile::new(*name, text))
        })
        .collect();
    let facts = Deliveries::read(&sources, &files, &files);
    assert_eq!((facts.deployments.len(), facts.incidents.len()), (3, 1), "{facts:?}");
    assert!(facts.defects.is_empty(), "{:?}", facts.defects);
}

#[test]
fn reading_is_linear() {
    let count = 20_000;
    let text: String = (0..count).map(|_| "{\"a\":\n").collect();
    let begun = std::time::Instant::now();
    assert_eq!(read(&text, "").defects.len(), count);
    assert!(begun.elapsed().as_secs() < 5, "{:?}", begun.elapsed());
}

#[test]
fn a_file_that_is_cut_off_or_damaged_never_makes_a_better_figure_of_nothing() {
    let records = deployments(
        "a 03-02T10:00 success\nb 03-03T10:00 success \"rollback\":true,\"commit\":\"abcdef1\"\nc 03-04T10:00 failure",
    );
    let incident = incidents("i 03-02T11:00 03-02T12:30\nj 03-03T11:00 -");
    let list = format!("[{}]", records.trim_end().replace('\n', ","));
    for text in [records, list] {
        for at in 0..text.len() {
            let damaged = [text[..at].to_owned(), format!("{}?{}", &text[..at], &text[at + 1..])];
            for (deployments, incidents) in
                damaged.iter().map(|damaged| (damaged.as_str(), incident.as_str()))
            {
                let facts = read(deployments, incidents);
                let metrics = measured(&facts);
                assert!(facts.deployments.len() <= 3, "{deployments}");
                for one in &metrics.measured {
                    let Ok(figure) = one.figure else { continue };
                    assert!(figure.value.is_finite() && figure.value >= 0.0, "{deployments}: {one:?}");
                    // What cannot be read is said beside every figure that it touches.
                    let is_broken = facts.defects.iter().any(|defect| defect.touches == Touches::Deployments);
                    assert!(!is_broken || !one.notes.is_empty(), "{deployments}: {one:?}");
                }
            }
        }
    }
}
