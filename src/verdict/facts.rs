//! What verdicts rest on beside the plan: evidence, and how fresh it must be.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use schemars::JsonSchema;
use serde::Serialize;

use crate::evidence::matching::TestMatches;
use crate::evidence::{Evidence, Report, ReportFlaw, ReportIndex, Timestamp};
use crate::metrics::{Deliveries, Files};
use crate::model::Commit;
use crate::model::duration::Duration;
use crate::source::{FileId, SourceMap, Span};
use crate::verdict::signature::Signatures;
use crate::verdict::work_tree::WorkTree;

/// Evidence, and what it has to be about.
#[derive(Debug, Clone, Copy)]
pub struct Facts<'p> {
    /// What reports say.
    pub evidence: &'p Evidence<'p>,
    /// Which of their results prove which tests.
    pub matches: &'p TestMatches,
    /// Files that criteria demand, by the path that they are written with.
    pub files: &'p BTreeMap<String, FileFact>,
    /// What the files of incidents say.
    pub incidents: &'p IncidentRecords,
    /// The commit that is to be released; or why nobody knows which it is.
    pub commit: Result<&'p Commit, &'p str>,
    /// What Git tells of the commits.
    pub history: &'p History,
    /// What checks of the signatures of approvals showed.
    pub signatures: &'p Signatures,
    /// How the work tree stands to the commit.
    pub work_tree: &'p WorkTree,
    /// The moment at which evidence is as old as it is.
    pub now: DateTime<Utc>,
}

/// What Git tells of the release commit, and of those that reports name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct History {
    /// The parents of every commit that has several.
    pub merges: BTreeMap<String, Vec<String>>,
    /// When the release commit was made.
    pub released_at: Option<DateTime<Utc>>,
}

impl History {
    /// Whether a commit is the merge of another with something else.
    fn is_merge_of(&self, merge: &Commit, merged: &Commit) -> bool {
        let parses = |text: &str| Commit::parse(text).ok();
        self.merges.iter().any(|(commit, parents)| {
            parses(commit).is_some_and(|commit| commit.is_same_as(merge))
                && parents.iter().any(|parent| parses(parent).is_some_and(|parent| parent.is_same_as(merged)))
        })
    }
}

/// What the files of incidents say that `[metrics]` names.
#[derive(Debug, Default)]
pub struct IncidentRecords {
    /// The incidents, and what could not be read.
    pub records: Deliveries,
    /// Whether there are any files.
    pub state: Files,
    /// The files, and what is known of each; nothing of one without a path.
    pub files: Vec<(FileId, Option<FileFact>)>,
}

/// A file that a criterion demands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileFact {
    /// Whether it is there, and holds something.
    pub state: FileState,
    /// When it was made, as the `evidence.json` beside it says.
    pub time: Timestamp,
    /// For which commit, as it says.
    pub commit: Option<String>,
}

/// Whether a file is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileState {
    /// It is, and holds something.
    Present,
    /// It is, and is empty.
    Empty,
    /// It is not, or cannot be read.
    Absent,
    /// It lies outside of the plan's folder, where nothing is looked at.
    Outside,
}

/// Whether something is about what is released, and new enough.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Freshness {
    /// It is.
    Fresh,
    /// It is not.
    Stale(Doubt),
    /// Nobody can tell.
    Unknown(Doubt),
}

/// Why something proves nothing, and what helps.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Doubt {
    /// Why, in words that follow what it is about.
    pub reason: String,
    /// What to do.
    pub next: String,
}

impl Doubt {
    fn new(reason: impl Into<String>, next: impl Into<String>) -> Self {
        Doubt { reason: reason.into(), next: next.into() }
    }
}

/// How a commit that something was made for relates to the one that is to be released.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum CommitMatch {
    /// It is the same.
    Released,
    /// It is known to be another.
    Other,
    /// Nobody can tell.
    Unknown,
}

/// Where a fact is written, and what about it is known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Source {
    /// The file.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// The tools that made it, as it says.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tools: Vec<String>,
    /// When it was made.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub time: Option<DateTime<Utc>>,
    /// For which commit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub commit: Option<String>,
}

impl Source {
    /// A place in the plan or in a file of evidence.
    pub fn at(sources: &SourceMap, span: Span) -> Self {
        let file = sources.file(span.file);
        Source {
            file: file.name().to_owned(),
            line: file.line_index(span.start as usize) + 1,
            tools: Vec::new(),
            time: None,
            commit: None,
        }
    }
}

/// Clocks of machines differ a little: what is so little ahead is not in the future.
const TOLERANCE: chrono::Duration = chrono::Duration::minutes(5);

/// The clocks of the machine that made a commit and of the one that tested it may be this far apart.
const CLOCKS_APART: chrono::Duration = chrono::Duration::hours(1);

impl<'p> Facts<'p> {
    /// Whether any evidence was found at all.
    pub fn is_empty(&self) -> bool {
        self.evidence.reports.is_empty()
    }

    /// Whether something that was made at a time for a commit is fresh. Without a greatest age only the commit
    /// counts.
    pub fn freshness(&self, commit: Option<&str>, time: Timestamp, max_age: Option<Duration>) -> Freshness {
        // Whatever is known to be out of date is so, whatever else is not known.
        let commit = self.of_commit(commit);
        let age = self.freshness_by_age(time, max_age);
        if let (Freshness::Fresh, Freshness::Fresh, Timestamp::At(time)) = (&commit, &age, time)
            && self.is_before_commit(time)
        {
            let reason = format!("created on {}, before the release commit", day(time));
            return Freshness::Unknown(Doubt::new(reason, "run it again on the release commit"));
        }
        match (commit, age) {
            (stale @ Freshness::Stale(_), _) | (_, stale @ Freshness::Stale(_)) => stale,
            (unknown @ Freshness::Unknown(_), _) | (_, unknown) => unknown,
        }
    }

    /// Whether something is about the commit that is to be released.
    pub(super) fn commit_match(&self, made_for: Option<&str>) -> CommitMatch {
        match self.of_commit(made_for) {
            Freshness::Fresh => CommitMatch::Released,
            Freshness::Stale(_) => CommitMatch::Other,
            Freshness::Unknown(_) => CommitMatch::Unknown,
        }
    }

    fn of_commit(&self, made_for: Option<&str>) -> Freshness {
        let Some(made_for) = made_for else {
            return Freshness::Unknown(Doubt::new("no commit", WRITE_PROVENANCE));
        };
        let made_for = match Commit::parse(made_for) {
            Ok(commit) => commit,
            Err(error) => {
                let next = "use the full commit id: `git rev-parse HEAD`";
                return Freshness::Unknown(Doubt::new(format!("its commit `{made_for}` {error}"), next));
            }
        };
        match self.commit {
            Err(reason) => Freshness::Unknown(Doubt::new(
                format!("the release commit is unknown: {reason}"),
                "pass `--commit`",
            )),
            Ok(released) if released.is_same_as(&made_for) => Freshness::Fresh,
            Ok(released) => Freshness::Stale(self.of_another_commit(&made_for, released)),
        }
    }

    /// Evidence of another commit, and what helps: on a pull request CI may have tested the merge of the commit.
    fn of_another_commit(&self, made_for: &Commit, released: &Commit) -> Doubt {
        let (made, release) = (short(made_for.as_str()), short(released.as_str()));
        if self.history.is_merge_of(made_for, released) {
            let reason = format!("for {made}, the merge of {release} into its target branch");
            return Doubt::new(
                reason,
                format!("run CI on {release} itself, or judge the merge: `--commit {made}`"),
            );
        }
        if self.history.is_merge_of(released, made_for) {
            let reason = format!("for {made}, which the release commit {release} merges");
            return Doubt::new(reason, format!("run CI on the merge commit {release}"));
        }
        let next =
            "run it again on the release commit; on a pull request CI may have tested the merge commit";
        Doubt::new(format!("for commit {made}, not for the release commit {release}"), next)
    }

    /// Whether something is new enough that belongs to no commit.
    pub fn freshness_by_age(&self, time: Timestamp, max_age: Option<Duration>) -> Freshness {
        match (time, max_age) {
            _ if self.is_fresh_by_age(time, max_age) => Freshness::Fresh,
            (Timestamp::At(time), Some(max_age)) if !self.is_to_come(time) => {
                let reason = format!("created on {}, more than {} ago", day(time), max_age.in_words());
                Freshness::Stale(Doubt::new(reason, "run it again on the release commit"))
            }
            (Timestamp::At(time), _) => {
                let next = "add the UTC offset to the time, or correct the clock of the CI machine; a time without an offset is read as UTC";
                Freshness::Unknown(Doubt::new(format!("dated {}, in the future", day(time)), next))
            }
            (Timestamp::Unreadable, _) => {
                let next = "write the time as `2026-11-20T08:00:00Z`, or leave it out";
                Freshness::Unknown(Doubt::new("invalid time", next))
            }
            (Timestamp::Missing, _) => Freshness::Unknown(Doubt::new("no time", WRITE_PROVENANCE)),
        }
    }

    /// The same in a word.
    pub(super) fn is_fresh_by_age(&self, time: Timestamp, max_age: Option<Duration>) -> bool {
        let time = match time {
            Timestamp::At(time) => time,
            Timestamp::Missing => return max_age.is_none(),
            Timestamp::Unreadable => return false,
        };
        let age = u64::try_from((self.now - time).num_milliseconds()).unwrap_or(0);
        !self.is_to_come(time) && max_age.is_none_or(|max_age| age <= max_age.millis())
    }

    /// Whether something was made before the release commit was, so that it cannot be of it.
    pub(super) fn is_before_commit(&self, time: DateTime<Utc>) -> bool {
        self.history.released_at.is_some_and(|released| time + CLOCKS_APART < released)
    }

    fn is_to_come(&self, time: DateTime<Utc>) -> bool {
        time > self.now + TOLERANCE
    }

    /// Whether a report is fresh; what a fact of it says of its own time comes first.
    pub fn freshness_of(&self, report: &Report<'_>, time: Timestamp, max_age: Option<Duration>) -> Freshness {
        self.freshness_of_part(report, None, time, max_age)
    }

    /// The same for a fact that may state a commit of its own.
    pub fn freshness_of_part(
        &self,
        report: &Report<'_>,
        commit: Option<&str>,
        time: Timestamp,
        max_age: Option<Duration>,
    ) -> Freshness {
        if let Some(flaw) = report.flaw {
            return Freshness::Unknown(doubt_of(flaw));
        }
        self.freshness(commit.or(report.commit.as_deref()), time.or(report.time), max_age)
    }

    /// Where a fact stands, with what its report says about itself.
    pub fn source(&self, sources: &SourceMap, report: ReportIndex, span: Span, time: Timestamp) -> Source {
        let report = self.evidence.report(report);
        Source {
            tools: report.tools.iter().map(ToString::to_string).collect(),
            time: time.or(report.time).known(),
            commit: report.commit.as_ref().map(ToString::to_string),
            ..Source::at(sources, span)
        }
    }
}

/// What to do where a report does not say what it is about.
const WRITE_PROVENANCE: &str =
    "run `relplan stamp` in CI, which writes `commit` and `time` to `evidence.json`";

/// Why what passed in a report with this flaw does not count.
fn doubt_of(flaw: ReportFlaw) -> Doubt {
    match flaw {
        ReportFlaw::CutOff => Doubt::new("truncated report", "create the report again, whole"),
        ReportFlaw::Malformed => Doubt::new(
            "report with errors",
            "fix the errors that `relplan check` finds in the report, and create it again",
        ),
        ReportFlaw::Empty => {
            Doubt::new("empty report", "configure the coverage tool to count the tested code")
        }
        ReportFlaw::StatedWorse => {
            Doubt::new("report with failures that are missing from it", "create the report again, whole")
        }
        ReportFlaw::CommitsContradict => Doubt::new(
            "report for two commits",
            "create the report and its `evidence.json` in one run on the release commit; on a pull request CI may have tested the merge commit",
        ),
        ReportFlaw::DigestDiffers => Doubt::new(
            "report that differs from its digest in `evidence.json`",
            "run `relplan stamp` in the same CI run, after the last report is written",
        ),
        ReportFlaw::NotVouchedFor => Doubt::new(
            "report that is not listed in `evidence.json`",
            "remove the report if it is from another run, or run `relplan stamp` again",
        ),
        ReportFlaw::RunIncomplete => Doubt::new(
            "missing report in the same run",
            "restore the report that `evidence.json` lists, or add it to `files` of `[evidence]`",
        ),
        ReportFlaw::ProvenanceUnreadable => {
            Doubt::new("invalid `evidence.json` for the report", "run `relplan stamp` again")
        }
    }
}

/// The first digits of a commit, which is as much as people read.
pub fn short(commit: &str) -> &str {
    commit.get(..8).unwrap_or(commit)
}

fn day(time: DateTime<Utc>) -> String {
    time.format("%Y-%m-%d %H:%M UTC").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::TimeZone;

    fn check(commit: Option<&str>, time: Timestamp, max_age: &str, expect: &str) {
        let (evidence, matches, files) = (Evidence::default(), TestMatches::default(), BTreeMap::new());
        let released = Commit::parse("0123456789abcdef0123456789abcdef01234567").expect("a commit");
        let merge = (
            "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa".to_owned(),
            vec!["bbbbbbb".to_owned(), "0123456789abcdef".to_owned()],
        );
        let history = History { merges: BTreeMap::from([merge]), released_at: hour(4).known() };
        let facts = Facts {
            evidence: &evidence,
            matches: &matches,
            files: &files,
            incidents: &IncidentRecords::default(),
            commit: Ok(&released),
            history: &history,
            signatures: &Signatures::default(),
            work_tree: &WorkTree::NotCompared,
            now: hour(12).known().expect("a time"),
        };
        let said = match facts.freshness(commit, time, Duration::parse(max_age)) {
            Freshness::Fresh => "fresh".to_owned(),
            Freshness::Stale(doubt) => format!("stale: {}", doubt.reason),
            Freshness::Unknown(doubt) => format!("unknown: {}", doubt.reason),
        };
        assert_eq!(said, expect);
    }

    fn hour(hour: u32) -> Timestamp {
        Timestamp::At(Utc.with_ymd_and_hms(2027, 3, 1, hour, 0, 0).single().expect("a time"))
    }

    #[test]
    fn evidence_is_for_the_commit_and_within_its_age_or_not_fresh() {
        let own = Some("0123456789ab");
        check(own, hour(11), "1h", "fresh");
        check(own, Timestamp::Missing, "", "fresh");
        check(own, hour(2), "1d", "unknown: created on 2027-03-01 02:00 UTC, before the release commit");
        check(own, hour(3), "1d", "fresh");
        check(own, hour(10), "1h", "stale: created on 2027-03-01 10:00 UTC, more than 1 hour ago");
        check(own, hour(13), "1h", "unknown: dated 2027-03-01 13:00 UTC, in the future");
        check(own, hour(13), "", "unknown: dated 2027-03-01 13:00 UTC, in the future");
        check(own, Timestamp::Missing, "1h", "unknown: no time");
        check(own, Timestamp::Unreadable, "1h", "unknown: invalid time");
        check(own, Timestamp::Unreadable, "", "unknown: invalid time");
        check(None, hour(11), "1h", "unknown: no commit");
        check(None, hour(10), "1h", "stale: created on 2027-03-01 10:00 UTC, more than 1 hour ago");
        let unreadable = "is not the name of a commit: `m` is no hexadecimal digit";
        check(Some("main"), hour(11), "1h", &format!("unknown: its commit `main` {unreadable}"));
        let other = "stale: for commit fedcba98, not for the release commit 01234567";
        check(Some("fedcba9876543210"), hour(11), "1h", other);
    }

    #[test]
    fn a_merge_of_the_release_commit_is_named_where_git_tells() {
        let merge = "stale: for aaaaaaaa, the merge of 01234567 into its target branch";
        check(Some("aaaaaaaaaaaa"), hour(11), "1h", merge);
    }
}
