//! People: whom names mean, who may sign and waive, and what of that the record keeps.

use std::path::Path;

use relplan::verdict::Verdict;
use relplan::verdict::log::verify;

use crate::judging::{APPROVALS, COMMIT, Ground, Outcome, TODAY};
use crate::support::{self, code, err, out, relplan, run};

/// Spellings of `quinn@example.com` that a reader takes for it.
const SPELLINGS: [&str; 6] = [
    "QUINN@EXAMPLE.COM",
    "ｑｕｉｎｎ@example.com",
    "qu\u{456}nn@example.com",
    "qui\u{200d}nn@example.com",
    "\u{a0}quinn@example.com\u{2003}",
    "Quinn <quinn@ex\u{430}mple.com>",
];

#[test]
fn six_spellings_are_one_person() {
    let base = Ground::go();
    let approvals = base.text(APPROVALS);
    for spelling in SPELLINGS {
        // Signed in another spelling, it is signed.
        let mut ground = Ground::go();
        let text = approvals.replace("by: quinn@example.com", &format!("by: \"{spelling}\""));
        ground.put(&[(APPROVALS, Some(text.into_bytes()))]);
        assert_eq!(ground.judge().code(), 0, "{spelling:?}: {}", ground.judge().words());
        // Signed in two roles under two spellings, one of them is open.
        let text = approvals.replace("by: theo@example.com", &format!("by: \"{spelling}\""));
        ground.put(&[(APPROVALS, Some(text.into_bytes()))]);
        let roles = ground
            .text("relplan.toml")
            .replace("theo@example.com", spelling)
            .replace("\"Theo\"", "\"Quinn\"");
        ground.put(&[("relplan.toml", Some(roles.into_bytes()))]);
        let words = ground.judge().words();
        assert!(words.starts_with("NO-GO"), "{spelling:?}: {words}");
        assert!(words.contains("who already approved as"), "{spelling:?}: {words}");
    }
}

#[test]
fn an_owner_in_other_letters_cannot_approve() {
    for owner in SPELLINGS {
        let mut ground = Ground::go();
        ground.replace("plan/release.yaml", "owner: Programme Office", &format!("owner: \"{owner}\""));
        ground.sign();
        let words = ground.judge().words();
        assert!(words.contains("who owns REL-300 and cannot approve it"), "{owner:?}: {words}");
    }
}

#[test]
fn a_name_that_is_not_drawn_signs_nothing() {
    for name in ["\u{200b}", "\u{3164}", "\u{2800}", "\u{ad}\u{feff}", "...", "TBD"] {
        let mut ground = Ground::go();
        ground.replace(APPROVALS, "by: quinn@example.com", &format!("by: \"{name}\""));
        let words = ground.judge().words();
        assert!(words.starts_with("NO-GO") && words.contains("without a name"), "{name:?}: {words}");
        assert!(words.contains("approval as QA Lead without `by`"), "{name:?}: {words}");
        // Nor can it be given on the command line.
        let ground = Ground::go();
        for command in [
            vec!["approve", "--role", "QA Lead"],
            vec!["waive", "DEP-001", "--reason", "Later", "--until", "2027-01-01"],
        ] {
            let output = run(ground.path(), &[command, vec!["--by", name]].concat());
            assert_eq!(code(&output), 2, "{name:?}");
            assert!(err(&output).contains("is not a person"), "{name:?}: {}", err(&output));
        }
    }
}

#[test]
fn the_roster_names_people_who_can_be_seen() {
    let mut ground = Ground::go();
    ground.replace("relplan.toml", "quinn@example.com\", name = \"Quinn\"", "\u{200b}\"");
    assert!(ground.judge().words().contains("this name has no visible letter"), "{}", ground.judge().words());
    // Two people whom a reader takes for one cannot be told apart.
    let mut ground = Ground::go();
    ground.replace(
        "relplan.toml",
        "theo@example.com\", name = \"Theo\"",
        "quinn@ex\u{430}mple.com\", name = \"Theo\"",
    );
    assert!(ground.judge().words().contains("NO-GO"), "{}", ground.judge().words());
}

/// The plan that is GO, its configuration cut off before `[roles]`.
fn without_roster(profile: &str) -> Ground {
    let mut ground = Ground::go();
    let text = ground.text("relplan.toml");
    let text =
        text[..text.find("[roles.").expect("the roles")].replace("\"moderate\"", &format!("\"{profile}\""));
    ground.put(&[("relplan.toml", Some(text.into_bytes()))]);
    ground.sign();
    ground
}

#[test]
fn no_roster_confirms_no_signature() {
    for name in ["quinn@example.com", "invented-quinn", "Quinn"] {
        let mut ground = without_roster("moderate");
        let text = ground.text(APPROVALS).replace("quinn@example.com", name);
        ground.put(&[(APPROVALS, Some(text.into_bytes()))]);
        let outcome = ground.judge();
        let words = outcome.words();
        assert!(words.starts_with("CONDITIONAL GO"), "{words}");
        assert_eq!(words.matches("no roster confirms it").count(), 6, "{words}");
        assert!(words.contains("add `[roles]` to relplan.toml"), "{words}");
        let attested = outcome.report().confidence.attested;
        assert_eq!(attested, 0, "a name that nobody confirms is a bare statement");
    }
    let conservative = without_roster("conservative").judge();
    assert_eq!(conservative.code(), 1, "{}", conservative.words());
    assert_eq!(conservative.verdict("readiness/QA Lead"), Some(Verdict::Unknown));
    // Empty roles are no roster either, and a profile may say otherwise.
    let mut ground = without_roster("moderate");
    ground.append("relplan.toml", "\n[roles]\n");
    assert!(ground.judge().words().starts_with("NO-GO"));
    let mut ground = without_roster("moderate");
    ground.replace(
        "relplan.toml",
        "line_coverage = \"80%\"\n",
        "line_coverage = \"80%\"\nunconfirmed_approvals = \"accept\"\n",
    );
    ground.sign();
    assert!(ground.judge().words().starts_with("GO"), "{}", ground.judge().words());
}

#[test]
fn a_configuration_that_lost_its_roles_is_a_finding() {
    let found = |ground: &Ground| {
        let output = run(ground.path(), &["check", "--plan", ".", "--format", "json"]);
        let found = support::found(&out(&output)).into_iter().filter(|found| found.rule == "roster-missing");
        found.map(|found| (found.message, found.places[0].clone())).collect::<Vec<_>>()
    };
    assert_eq!(found(&Ground::go()), []);
    let given = "6 approvals have no `[roles]` in relplan.toml to confirm them";
    let mut ground = without_roster("moderate");
    assert_eq!(found(&ground), [(given.to_owned(), "plan/approvals.yaml:3:9".to_owned())]);
    // Where nobody has approved yet, it is the gate that asks.
    ground.put(&[(APPROVALS, None)]);
    let asked = "approvals are required, and relplan.toml has no `[roles]` that say who may give them";
    assert_eq!(found(&ground), [(asked.to_owned(), "relplan.toml:14:11".to_owned())]);
    // A plan that asks for nothing of its own needs none.
    ground.put(&[("relplan.toml", Some(b"[evidence]\nfiles = [\"reports/*\"]\n".to_vec()))]);
    assert_eq!(found(&ground), []);
}

#[test]
fn a_report_names_the_person_and_not_only_what_they_are_called() {
    let mut ground = Ground::go();
    ground.replace("relplan.toml", "quinn@example.com", "mallory@example.com");
    ground.replace(APPROVALS, "quinn@example.com", "Quinn");
    let output = report(&ground, &[]);
    assert_eq!(code(&output), 0, "{}", out(&output));
    assert!(out(&output).contains("Quinn (mallory@example.com)"), "{}", out(&output));
}

const DECIDE: &[&str] = &["decide", "--today", TODAY, "--commit", COMMIT, "--release", "REL-300"];

fn report(ground: &Ground, arguments: &[&str]) -> std::process::Output {
    let mut command = relplan(ground.path());
    command.args(["report", "--today", TODAY, "--commit", COMMIT, "--release", "REL-300"]).args(arguments);
    command.output().expect("relplan can be started")
}

fn decide(ground: &Ground, arguments: &[&str]) -> std::process::Output {
    relplan(ground.path()).args(DECIDE).args(arguments).output().expect("relplan can be started")
}

/// A text whose lines were wrapped, in one line.
fn words(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn a_change_of_the_roster_is_named() {
    let mut ground = Ground::go();
    let said = |ground: &Ground| words(&out(&report(ground, &[])));
    let unchanged = |ground: &Ground| !said(ground).contains("changed since decision");
    assert!(unchanged(&ground));
    assert_eq!(code(&decide(&ground, &["--by", "Rhea"])), 0);
    let log = std::fs::read_to_string(ground.path().join("decisions.jsonl")).expect("the log");
    assert!(
        log.contains("\"by\":\"Rhea\",\"person\":\"rhea@example.com\",\"roster\":{\"sha256\":\"sha256:"),
        "{log}"
    );
    assert!(unchanged(&ground));
    // Layout and comments are no change.
    ground.append("relplan.toml", "\n# The end\n");
    assert!(unchanged(&ground));
    ground.replace("relplan.toml", "quinn@example.com", "mallory@example.com");
    let report_of = said(&ground);
    assert!(report_of.contains("changed since decision 1 of "), "{report_of}");
    assert!(report_of.contains("UTC: QA Lead"), "{report_of}");
    let json: serde_json::Value =
        serde_json::from_str(&out(&report(&ground, &["--format", "json"]))).expect("JSON");
    assert_eq!(json["roster_change"]["state"], "changed");
    assert_eq!(json["roster_change"]["roles"], serde_json::json!(["QA Lead"]));
    assert!(words(&out(&decide(&ground, &["--by", "Rhea"]))).contains("changed since decision 1"));
    // What was decided with it is what counts from then on.
    assert!(unchanged(&ground));
    let text = ground.text("relplan.toml");
    ground.put(&[("relplan.toml", Some(text.as_bytes()[..text.find("[roles.").expect("roles")].to_vec()))]);
    assert!(said(&ground).contains("removed since decision 2"));
}

#[test]
fn old_records_know_no_roster() {
    let ground = Ground::go();
    let first = "{\"version\":1,\"sequence\":1,\"previous\":null,\"time\":\"2027-03-01T23:59:59Z\",\"day\":\"2027-03-01\",\"relplan\":\"0.1.0\",\"release\":\"REL-300\",\"commit\":null,\"decision\":\"no_go\",\"confidence\":0.5,\"profile\":null,\"gates\":[],\"checks\":[],\"blockers\":[],\"waivers\":[],\"by\":null,\"inputs\":[],\"note\":null}\n";
    std::fs::write(ground.path().join("decisions.jsonl"), first).expect("a log");
    let said = words(&out(&report(&ground, &[])));
    assert!(said.contains("unknown whether it changed: decision 1 of "), "{said}");
    assert_eq!(code(&decide(&ground, &["--by", "Rhea"])), 0);
    assert_eq!(code(&run(ground.path(), &["decide", "--verify"])), 0);
}

#[test]
fn a_decision_is_somebodys() {
    let ground = Ground::go();
    for by in [&[][..], &["--by", ""], &["--by", " "], &["--by", "\u{200b}"], &["--by", "TBD"]] {
        let output = decide(&ground, by);
        assert_eq!(code(&output), 2, "{by:?}");
        assert!(err(&output).contains("--by"), "{by:?}: {}", err(&output));
        assert!(!ground.path().join("decisions.jsonl").exists());
    }
    // Whatever day is judged, the time is the clock's, and the day is recorded beside it.
    let before = chrono::Utc::now();
    assert_eq!(code(&decide(&ground, &["--by", "Rhea"])), 0);
    let log = std::fs::read_to_string(ground.path().join("decisions.jsonl")).expect("the log");
    let record: serde_json::Value = serde_json::from_str(&log).expect("JSON");
    let time = record["time"].as_str().expect("a time");
    let parsed: chrono::DateTime<chrono::Utc> = time.parse().expect("a time");
    assert!((parsed - before).num_seconds().abs() < 60, "{time}");
    assert!(time.ends_with('Z') && time.len() == "2027-03-10T12:00:00Z".len(), "{time}");
    assert_eq!((&record["day"], &record["today"]), (&TODAY.into(), &TODAY.into()));
}

#[test]
fn a_decision_and_its_reasons_are_said_where_the_report_goes_to_a_file() {
    let mut ground = Ground::go();
    ground.replace("reports/metrics.json", "180", "260");
    let output = decide(&ground, &["--by", "Rhea", "--output", "report.html"]);
    assert_eq!((code(&output), out(&output).as_str()), (1, ""));
    let said = err(&output);
    assert!(said.starts_with("NO-GO\nblockers: "), "{said}");
    assert!(said.contains("\n  DEP-004 It is fast and it works: "), "{said}");
    assert!(said.contains("NO-GO recorded as decision 1 in "), "{said}");
}

#[test]
fn a_log_with_other_line_ends_goes_on() {
    let ground = Ground::go();
    assert_eq!(code(&decide(&ground, &["--by", "Rhea"])), 0);
    let path = ground.path().join("decisions.jsonl");
    let crlf = |text: String| text.replace("\r\n", "\n").replace('\n', "\r\n");
    for count in 2..4 {
        std::fs::write(&path, crlf(std::fs::read_to_string(&path).expect("the log"))).expect("a file");
        assert_eq!(code(&run(ground.path(), &["decide", "--verify"])), 0);
        assert_eq!(code(&decide(&ground, &["--by", "Rhea"])), 0);
        assert!(out(&run(ground.path(), &["decide", "--verify"])).starts_with(&format!("{count} decisions")));
    }
}

/// A plan with so many entries that one person may approve each of them.
fn many(entries: usize) -> tempfile::TempDir {
    let one = |at: usize| format!("- {{id: EPIC-{at}, title: Work, owner: Team}}\n");
    let plan: String = (1..=entries).map(one).collect();
    let roles = "[roles.\"QA Lead\"]\nmay_waive = true\nholders = [{ person = \"quinn@example.com\" }]\n";
    support::folder(&[("relplan.toml", roles.to_owned()), ("plan/epics.yaml", plan)])
}

/// So many processes at once, each with so many approvals, and as many waivers beside them.
fn at_once(processes: usize, each: usize) {
    let folder = many(processes * each);
    let root = folder.path();
    std::thread::scope(|scope| {
        for process in 0..processes {
            scope.spawn(move || {
                for at in 1..=each {
                    let id = format!("EPIC-{}", process * each + at);
                    let approve = ["approve", "--role", "QA Lead", "--by", "quinn@example.com", "--of", &id];
                    let waive = [
                        "waive",
                        &id,
                        "--by",
                        "quinn@example.com",
                        "--role",
                        "QA Lead",
                        "--reason",
                        "Later",
                        "--until",
                        "2026-11-30",
                    ];
                    let command: &[&str] = if at % 2 == 0 && process % 2 == 0 { &waive } else { &approve };
                    let output = run(root, command);
                    assert_eq!(code(&output), 0, "{}", err(&output));
                }
            });
        }
    });
    let text = std::fs::read_to_string(root.join("approvals.yaml")).expect("the records");
    let records = text.lines().filter(|line| line.trim_start().starts_with("by: ")).count();
    assert_eq!(records, processes * each, "{text}");
    assert_eq!(names_in(root), ["approvals.yaml", "plan", "relplan.toml"]);
}

/// The names in a folder, sorted.
fn names_in(folder: &std::path::Path) -> Vec<String> {
    let items = std::fs::read_dir(folder).expect("a folder").map(|item| item.expect("an item").file_name());
    let mut names: Vec<String> = items.map(|name| name.to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

#[test]
fn approvals_and_waivers_at_once_lose_nothing() {
    at_once(8, 5);
}

#[test]
#[ignore = "twenty times as many, once before a release"]
fn twenty_processes_with_twenty_approvals_lose_nothing() {
    at_once(20, 20);
}

/// Approves one epic.
fn approved(root: &Path, more: [&str; 2]) {
    let approve = ["approve", "--role", "QA Lead", "--by", "quinn@example.com", "--of", "EPIC-1"];
    assert_eq!(code(&run(root, &[&approve[..], &more].concat())), 0);
}

/// Kills `approve` and `decide` at so many moments: what they write is whole, and nothing is left behind.
fn killed(times: u64) {
    let folder = many(usize::try_from(times).expect("a number"));
    let root = folder.path();
    let longest = {
        let begin = std::time::Instant::now();
        approved(root, ["--note", "first"]);
        begin.elapsed()
    };
    let mut written = 1;
    for at in 1..=times {
        let id = format!("EPIC-{at}");
        let approve = [
            "approve",
            "--role",
            "QA Lead",
            "--by",
            "quinn@example.com",
            "--of",
            &id,
            "--expires",
            "2026-12-01",
        ];
        let decide = ["decide", "--by", "Quinn"];
        let arguments: &[&str] = if at % 3 == 0 { &decide } else { &approve };
        let mut child = relplan(root)
            .args(["--today", "2026-11-20"])
            .args(arguments)
            .stdout(std::process::Stdio::null())
            .stderr(std::process::Stdio::null())
            .spawn()
            .expect("relplan can be started");
        // Moments spread evenly over a run, and a little beyond its end.
        std::thread::sleep(longest.mul_f64(1.2 * (at * 7919 % times) as f64 / times as f64));
        let _ = child.kill();
        child.wait().expect("it ends");
        let text = std::fs::read_to_string(root.join("approvals.yaml")).expect("the records");
        let records = text.matches("digest: sha256:").count();
        assert!(records == written || records == written + 1, "{text}");
        assert!(text.ends_with('\n'));
        written = records;
        let log = std::fs::read(root.join("decisions.jsonl")).unwrap_or_default();
        assert!(verify(&log, None).is_ok(), "{}", String::from_utf8_lossy(&log));
    }
    approved(root, ["--gate", "beta"]);
    run(root, &["decide", "--by", "Quinn"]);
    assert_eq!(names_in(root), ["approvals.yaml", "decisions.jsonl", "plan", "relplan.toml"]);
    assert_eq!(code(&run(root, &["decide", "--verify"])), 0);
}

#[test]
fn whoever_is_killed_leaves_nothing_half_written() {
    killed(21);
}

#[test]
#[ignore = "five hundred moments, once before a release"]
fn whoever_is_killed_at_any_moment_leaves_nothing_half_written() {
    killed(500);
}

/// The plan with a failing scan of DEP-003, which the Platform Team owns, and a waiver of it.
fn waived(keys: &str, change: impl Fn(&mut Ground)) -> Outcome {
    let mut ground = Ground::go();
    ground.replace("reports/semgrep.sarif", "\"3.1\"", "\"9.8\"");
    ground.append(
        "plan/waivers.yaml",
        &format!("waivers:\n  - {{check: DEP-003, reason: No risk here, {keys}}}\n"),
    );
    change(&mut ground);
    ground.sign();
    ground.judge()
}

#[track_caller]
fn waives_nothing(outcome: &Outcome, why: &str) {
    let words = outcome.words();
    assert!(words.starts_with("NO-GO") && words.contains(why), "{why}: {words}");
    assert_eq!(outcome.verdict("DEP-003"), Some(Verdict::Fail));
}

#[test]
fn only_who_may_waives_and_not_for_ever() {
    let sven = "by: sven@example.com, until: 2027-03-20";
    let valid = waived(sven, |_| {});
    assert_eq!(valid.verdict("DEP-003"), Some(Verdict::Waived), "{}", valid.words());
    assert!(valid.words().contains("waived by Sven (sven@example.com) until 2027-03-20: No risk here"));
    for spelling in ["SVEN@example.com", "sv\u{435}n@example.com", "\\u200bsven@example.com"] {
        let keys = format!("by: \"{spelling}\", until: 2027-03-20");
        assert_eq!(waived(&keys, |_| {}).verdict("DEP-003"), Some(Verdict::Waived), "{spelling}");
    }
    for (keys, why) in [
        ("by: \"\\u200b\", until: 9999-12-31", "it names no person"),
        ("by: \"\\u200b\", until: 2027-03-20", "it names no person"),
        ("by: nobody, until: 2027-03-20", "it names no person"),
        (
            "by: sven@example.com, until: 9999-12-31",
            "it ends on 9999-12-31, and the profile careful allows until 2027-06-08",
        ),
        (
            "by: sven@example.com, on: 2027-03-01, until: 2027-05-31",
            "the profile careful allows until 2027-05-30",
        ),
        ("by: mallory@example.com, until: 2027-03-20", "mallory@example.com is not on the roster"),
        (
            "by: theo@example.com, until: 2027-03-20",
            "Theo (theo@example.com) holds no role that may waive, but Technical Lead",
        ),
        (
            "by: sven@example.com, role: QA Lead, until: 2027-03-20",
            "did not hold the role QA Lead on 2027-03-10",
        ),
        ("by: theo@example.com, role: Technical Lead, until: 2027-03-20", "holds no role that may waive"),
        ("by: sven@example.com, on: 2025-12-31, until: 2027-03-20", "holds no role that may waive"),
        ("by: sven@example.com, on: 2027-03-11, until: 2027-03-20", "which is in the future"),
    ] {
        waives_nothing(&waived(keys, |_| {}), why);
    }
    // The fix is said with it.
    let words = waived("by: theo@example.com, until: 2027-03-20", |_| {}).words();
    assert!(
        words.contains("have it granted by Quinn (quinn@example.com) or Sven (sven@example.com)"),
        "{words}"
    );
    let words = waived("by: sven@example.com, until: 9999-12-31", |_| {}).words();
    assert!(words.contains("set `until: 2027-06-08` or earlier"), "{words}");
    // And no role may, unless it is said.
    let nobody = |ground: &mut Ground| {
        let text = ground.text("relplan.toml").replace("may_waive = true\n", "");
        ground.put(&[("relplan.toml", Some(text.into_bytes()))]);
    };
    waives_nothing(&waived(sven, nobody), "no role of the roster may waive");
}

#[test]
fn nobody_waives_their_own_unless_the_profile_says_so() {
    let sven = "by: sven@example.com, until: 2027-03-20";
    let owned = |by: &'static str, more: &'static str| {
        move |ground: &mut Ground| {
            let text = ground.text("plan/criteria.yaml");
            let own = "title: The scan is clean\n  owner: Platform Team";
            assert!(text.contains(own));
            let text = text.replace(own, &format!("title: The scan is clean\n  owner: \"{by}\""));
            ground.put(&[("plan/criteria.yaml", Some(text.into_bytes()))]);
            ground.replace("relplan.toml", "[profiles.careful]\n", &format!("[profiles.careful]\n{more}"));
        }
    };
    for owner in ["sven@example.com", "Sven", "SVEN", "Ｓven", "Security Lead", "Sven <sven@example.com>"] {
        let outcome = waived(sven, owned(owner, ""));
        waives_nothing(&outcome, "Sven (sven@example.com) owns DEP-003 and cannot waive it");
        assert!(outcome.words().contains("have it granted by Quinn (quinn@example.com)"));
        let allowed = waived(sven, owned(owner, "own_waivers = true\n"));
        assert_eq!(allowed.verdict("DEP-003"), Some(Verdict::Waived), "{owner}: {}", allowed.words());
    }
    assert_eq!(waived(sven, owned("Quinn", "")).verdict("DEP-003"), Some(Verdict::Waived));
    // The field of the criterion is no way round it.
    let field = |ground: &mut Ground| {
        let waiver =
            "title: The scan is clean\n  waiver: {by: sven@example.com, reason: x, until: 2027-03-20}";
        ground.replace("plan/criteria.yaml", "title: The scan is clean", waiver);
    };
    let other = "by: theo@example.com, until: 2027-03-20";
    assert_eq!(waived(other, field).verdict("DEP-003"), Some(Verdict::Waived));
    let outcome = waived(other, |ground| {
        owned("Sven", "")(ground);
        field(ground);
    });
    waives_nothing(&outcome, "owns DEP-003 and cannot waive it");
}

#[test]
fn without_a_roster_a_waiver_is_as_good_as_its_profile() {
    let keys = "by: Sven, until: 2027-03-20";
    let cut = |profile: &'static str| {
        move |ground: &mut Ground| {
            let text = ground.text("relplan.toml").replace("\"moderate\"", &format!("\"{profile}\""));
            ground.put(&[(
                "relplan.toml",
                Some(text.as_bytes()[..text.find("[roles.").expect("roles")].to_vec()),
            )]);
        }
    };
    let moderate = waived(keys, cut("moderate"));
    assert_eq!(moderate.verdict("DEP-003"), Some(Verdict::Waived), "{}", moderate.words());
    assert!(moderate.words().contains("No risk here; no roster confirms it"), "{}", moderate.words());
    waives_nothing(&waived(keys, cut("conservative")), "no roster confirms that Sven may waive");
}
