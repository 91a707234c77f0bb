//! `relplan freeze`: what is frozen when, exceptions, exit codes and what pipelines are told.

use std::fs;
use std::path::Path;

use crate::support::{code, err, folder, out, relplan, run};

const PLAN: &str = "\
- {id: REL-001, title: Spring, version: \"3.0.0\", date: 2027-06-10, owner: Ada, branch: release/3.0,
   milestones: {code_freeze: 2027-05-27}}
- {id: DEP-001, type: Environment, title: Production, name: production}
- {id: DEP-002, type: Environment, title: Staging, name: staging}
";
const CONFIG: &str = "\
[plan]
files = [\"plan.yaml\", \"waivers.yaml\"]
[calendar]
time_zone = \"Europe/Berlin\"
[[calendar.freezes]]
name = \"Year-end closing\"
from = 2026-12-19T18:00:00
to = 2027-01-06
reason = \"Customers close their books\"
[[calendar.freezes]]
name = \"Quarter end\"
from = 2027-03-29
to = 2027-04-02
environments = [\"production\"]
[[calendar.freezes]]
name = \"Release week\"
from = 2027-04-03
to = 2027-04-05
branches = [\"main\", \"release/*\"]
[roles.\"Release Manager\"]
may_waive = true
holders = [{ person = \"dana@example.com\", name = \"Dana\" }]
";

fn plan(waivers: &str) -> tempfile::TempDir {
    folder(&[("plan.yaml", PLAN), ("waivers.yaml", waivers), ("relplan.toml", CONFIG)])
}

/// The exit code, the state and when it opens.
fn check(at: &Path, arguments: &[&str]) -> (i32, String, String) {
    let output = run(at, &[&["freeze", "--check", "--format", "json"], arguments].concat());
    let json: serde_json::Value = serde_json::from_str(&out(&output)).unwrap_or_default();
    let text = |name: &str| json[name].as_str().unwrap_or_default().to_owned();
    (code(&output), text("state"), text("opens_at"))
}

#[test]
fn branch_environment_and_hour_decide() {
    let folder = plan("[]\n");
    let cases: &[(&[&str], i32, &str, &str)] = &[
        (&["--at", "2026-12-19T17:59"], 0, "open", ""),
        (&["--at", "2026-12-19T18:00"], 1, "frozen", "2027-01-07T00:00:00+01:00"),
        (&["--at", "2026-12-19T17:00:00Z"], 1, "frozen", "2027-01-07T00:00:00+01:00"),
        (&["--at", "2026-12-19T17:00Z"], 1, "frozen", "2027-01-07T00:00:00+01:00"),
        (&["--at", "2027-01-06T23:59", "--branch", "any"], 1, "frozen", "2027-01-07T00:00:00+01:00"),
        (&["--at", "2027-01-07T00:00"], 0, "open", ""),
        // A freeze of an environment is none of branches, and the other way round; one that follows puts the end off.
        (&["--at", "2027-03-30T12:00", "--environment", "DEP-001"], 1, "frozen", "2027-04-03T00:00:00+02:00"),
        (&["--at", "2027-03-30T12:00", "--environment", "staging"], 0, "open", ""),
        (&["--at", "2027-03-30T12:00", "--branch", "main"], 0, "open", ""),
        (&["--at", "2027-03-30T12:00"], 1, "frozen", "2027-04-06T00:00:00+02:00"),
        (&["--at", "2027-04-03T12:00", "--branch", "release/2.9"], 1, "frozen", "2027-04-06T00:00:00+02:00"),
        (&["--at", "2027-04-03T12:00", "--branch", "feature/x"], 0, "open", ""),
        // The code freeze begins when its day is over, and lasts until the release ships.
        (&["--at", "2027-05-27T12:00", "--branch", "release/3.0"], 0, "open", ""),
        (&["--at", "2027-05-28T00:00", "--branch", "release/3.0"], 1, "frozen", "2027-06-11T00:00:00+02:00"),
        (&["--at", "2027-05-28T00:00", "--branch", "main"], 0, "open", ""),
        (&["--at", "2027-05-28T00:00", "--environment", "production"], 0, "open", ""),
        (&["--at", "2027-08-01T00:00", "--branch", "release/3.0"], 1, "frozen", ""),
    ];
    for (arguments, expected, state, opens) in cases {
        let found = check(folder.path(), arguments);
        assert_eq!(found, (*expected, (*state).to_owned(), (*opens).to_owned()), "{arguments:?}");
    }
}

#[test]
fn an_exception_is_a_valid_waiver() {
    let waiver = |by: &str, until: &str, more: &str| {
        format!(
            "waivers:\n- {{check: \"freeze: Year-end closing\", by: {by}, reason: CVE fix, until: {until}{more}}}\n"
        )
    };
    let at = ["--at", "2026-12-21T09:00"];
    let valid = plan(&waiver("dana@example.com", "2026-12-22", ""));
    assert_eq!(check(valid.path(), &at).1, "excepted");
    assert_eq!(check(valid.path(), &["--at", "2026-12-23T00:00"]).1, "frozen", "it has expired");
    let unknown = plan(&waiver("eve@example.com", "2026-12-22", ""));
    assert_eq!(check(unknown.path(), &at).1, "frozen");
    let shown = out(&run(unknown.path(), &["freeze", "--at", "2026-12-21T09:00"]));
    assert!(shown.contains("eve@example.com is not on the roster"), "{shown}");
    let limited = plan(&waiver("dana@example.com", "2026-12-22", ", release: 3.0.0"));
    assert_eq!(check(limited.path(), &at).1, "frozen", "it is for one release");
    assert_eq!(check(limited.path(), &[&at[..], &["--release", "3.0.0"]].concat()).1, "excepted");
}

#[test]
fn an_exception_is_recorded_like_any_waiver() {
    let folder = plan("[]\n");
    let waive =
        ["waive", "freeze: code freeze of REL-001", "--by", "dana@example.com", "--reason", "CVE fix"];
    let more = ["--until", "2027-05-30", "--today", "2027-05-28", "--file", "waivers.yaml"];
    let output = run(folder.path(), &[&waive[..], &more[..]].concat());
    assert_eq!(code(&output), 0, "{}", err(&output));
    let found = check(folder.path(), &["--branch", "release/3.0", "--at", "2027-05-28T09:00"]);
    assert_eq!((found.0, found.1.as_str()), (0, "excepted"));
    let findings = |at: &Path| out(&run(at, &["check", "--format", "concise", "--today", "2027-05-28"]));
    assert!(!findings(folder.path()).contains("waiver-target-missing"), "{}", findings(folder.path()));
    let misspelt = plan(
        "waivers:\n- {check: \"freeze: Year-end closng\", by: dana@example.com, reason: x, until: 2027-06-01}\n",
    );
    assert!(findings(misspelt.path()).contains("waiver-target-missing"), "{}", findings(misspelt.path()));
}

#[test]
fn what_cannot_be_read_or_asked_is_never_open() {
    let broken = plan("waivers: [\n");
    let found = check(broken.path(), &["--at", "2026-11-01T09:00"]);
    assert_eq!((found.0, found.1.as_str()), (1, "unknown"));
    let sound = plan("[]\n");
    for (arguments, message) in [
        (&["--branch", ""][..], "the value is empty"),
        (&["--environment", "prodution"][..], "did you mean `production`?"),
        (&["--at", "tomorrow"][..], "write a time such as"),
    ] {
        let output = run(sound.path(), &[&["freeze", "--check"], arguments].concat());
        assert_eq!(code(&output), 2, "{arguments:?}");
        assert!(err(&output).contains(message), "{arguments:?}: {}", err(&output));
    }
}

#[test]
fn pipelines_are_told() {
    let folder = plan("[]\n");
    let (summary, outputs) = (folder.path().join("summary.md"), folder.path().join("outputs"));
    let variables = [
        ("GITHUB_STEP_SUMMARY", summary.to_str().expect("a path")),
        ("GITHUB_OUTPUT", outputs.to_str().expect("a path")),
    ];
    let arguments =
        ["freeze", "--check", "--format", "github", "--at", "2026-12-21T09:00", "--dotenv", "freeze.env"];
    let output = relplan(folder.path()).args(arguments).envs(variables).output().expect("relplan runs");
    assert_eq!(code(&output), 1, "{}", err(&output));
    assert!(out(&output).starts_with("::error title=Release freeze%3A FROZEN::"), "{}", out(&output));
    let outputs = fs::read_to_string(outputs).expect("outputs");
    assert!(outputs.contains("frozen") && outputs.contains("2027-01-07T00:00:00+01:00"), "{outputs}");
    assert!(fs::read_to_string(summary).expect("a summary").contains("Year-end closing"));
    let dotenv = fs::read_to_string(folder.path().join("freeze.env")).expect("a file");
    assert!(dotenv.contains("RELPLAN_FREEZE=frozen\nRELPLAN_FREEZES=Year-end closing\n"), "{dotenv}");
}

/// A plan whose only freeze is this one, with entries beside it.
fn with_freeze(freeze: &str, entries: &str) -> tempfile::TempDir {
    let config = format!(
        "[plan]\nfiles = [\"plan.yaml\"]\n[calendar]\ntime_zone = \"Europe/Berlin\"\n{freeze}\n[roles.\"Release Manager\"]\n\
         may_waive = true\nholders = [{{ person = \"dana@example.com\" }}]\n"
    );
    folder(&[("plan.yaml", entries), ("relplan.toml", &config)])
}

const RELEASE: &str = "- {id: REL-001, title: One, version: \"1.0.0\", date: 2027-03-01, status: planned}\n";

#[test]
fn times_that_would_be_read_as_others_are_errors() {
    for times in [
        "from = 2027-06-28T18:00:00-07:00\nto = 2027-07-02",
        "from = \"2027-06-28 18:00 UTC\"\nto = 2027-07-02",
        "from = \"2027-06-28 6pm\"\nto = 2027-07-02",
        "from = 2027-06-28T18:00:00\nto = 2027-06-28T09:00:00",
        "from = 2027-06-28T18:00:00\nto = 2027-06-28T18:00:00",
    ] {
        let at = with_freeze(&format!("[[calendar.freezes]]\nname = \"F\"\n{times}"), RELEASE);
        let output = run(at.path(), &["freeze", "--check", "--at", "2027-06-29T12:00"]);
        assert_eq!(code(&output), 2, "{times}: {}", out(&output));
    }
}

#[test]
fn branches_that_no_branch_is_called_are_errors_and_prefixes_of_git_are_none() {
    let at = |branches: &str| {
        let freeze =
            format!("[[calendar.freezes]]\nname = \"F\"\nfrom = 2027-06-28\nbranches = [{branches}]");
        with_freeze(&freeze, RELEASE)
    };
    let nested = format!("\"{}a{}\"", "{a,".repeat(200), "}".repeat(200));
    for wrong in ["\"main, develop\"", "\"!main\"", "\"/main\"", &nested] {
        let output = run(at(wrong).path(), &["freeze", "--check", "--branch", "main"]);
        assert_eq!(code(&output), 2, "{wrong}: {}", out(&output));
    }
    for (glob, branch) in
        [("main", "refs/heads/main"), ("refs/heads/main", "main"), ("release/*", "refs/heads/release/1")]
    {
        let found =
            check(at(&format!("\"{glob}\"")).path(), &["--branch", branch, "--at", "2027-06-28T12:00"]);
        assert_eq!((found.0, found.1.as_str()), (1, "frozen"), "{glob} {branch}");
    }
}

#[test]
fn a_code_freeze_without_a_day_is_unknown() {
    let entry =
        |more: &str| format!("- {{id: REL-001, title: One, version: \"1.0.0\", status: planned{more}}}\n");
    for more in [
        ", date: 2027-03-01, milestones: {code_freeze: 2 weeks befor}",
        ", date: 2027-03-01, milestones: {code_freeze: 2 days after beta, beta: 2 days before code freeze}",
        ", milestones: {code_freeze: 2 weeks before}",
    ] {
        let at = with_freeze("", &entry(more));
        let found = check(at.path(), &["--branch", "main", "--at", "2027-02-20T10:00"]);
        assert_eq!((found.0, found.1.as_str()), (1, "unknown"), "{more}");
        // A deployment is no merge. A plan that cannot be read whole is unknown all the same.
        let deployed = check(at.path(), &["--environment", "production", "--at", "2027-02-20T10:00"]);
        assert_ne!(deployed.1, "open", "{more}");
    }
    let without = with_freeze("", &entry(", date: 2027-03-01, milestones: {code_freeze: none}"));
    assert_eq!(check(without.path(), &["--branch", "main", "--at", "2027-02-20T10:00"]).1, "open");
}

#[test]
fn a_code_freeze_has_the_deadline_of_its_milestone() {
    let stated =
        ", milestones: {code_freeze: {date: 2027-02-15, deadline_time: \"12:00\", time_zone: Asia/Tokyo}}}";
    let at = with_freeze("", &RELEASE.replace("}", stated));
    let state = |time: &str| check(at.path(), &["--branch", "main", "--at", time]).1;
    assert_eq!(
        (state("2027-02-15T03:59"), state("2027-02-15T04:00")),
        ("open".to_owned(), "frozen".to_owned())
    );
    let early = RELEASE.replace("}", ", milestones: {code_freeze: {date: 2027-02-15, actual: 2027-02-10}}}");
    let at = with_freeze("", &early);
    assert_eq!(check(at.path(), &["--branch", "main", "--at", "2027-02-12T00:00"]).1, "frozen");
}

#[test]
fn environments_are_those_that_the_plan_means() {
    let entries = format!(
        "{RELEASE}- {{id: DEP-001, type: Environment, title: One, name: production}}\n\
         - {{id: DEP-002, type: Environment, title: Two, name: production}}\n"
    );
    let state = |environment: &str| {
        let freeze = format!(
            "[[calendar.freezes]]\nname = \"F\"\nfrom = 2027-06-28\nenvironments = [\"{environment}\"]"
        );
        let at = with_freeze(&freeze, &entries);
        check(at.path(), &["--environment", "production", "--at", "2027-06-28T12:00"]).1
    };
    for same in ["production", "DEP-002", "DEP-1"] {
        assert_eq!(state(same), "frozen", "{same}");
    }
    for unknown in ["prodction", "*", "production, staging"] {
        assert_eq!(state(unknown), "unknown", "{unknown}");
    }
}

#[test]
fn two_entries_with_one_id_and_an_empty_plan_are_unknown() {
    let twice = format!("{RELEASE}{RELEASE}");
    for entries in [twice.as_str(), "[]\n"] {
        let at = with_freeze("", entries);
        assert_eq!(
            check(at.path(), &["--branch", "main", "--at", "2027-02-20T10:00"]).1,
            "unknown",
            "{entries}"
        );
    }
}

#[test]
fn a_waiver_of_one_freeze_is_none_of_another_nor_of_a_check() {
    let freezes = "[[calendar.freezes]]\nname = \"Week 1-2\"\nfrom = 2027-01-04\nto = 2027-01-17\n\
                   [[calendar.freezes]]\nname = \"Week 12\"\nfrom = 2027-03-22\nto = 2027-03-28";
    let waiver = |check: &str| {
        format!(
            "waivers:\n  - {{check: \"{check}\", by: dana@example.com, reason: x, on: 2027-03-22, until: 2027-03-30}}\n---\n{RELEASE}"
        )
    };
    let state = |check_name: &str| {
        let at = with_freeze(freezes, &waiver(check_name));
        check(at.path(), &["--at", "2027-03-24T10:00"]).1
    };
    assert_eq!(state("freeze: Week 1-2"), "frozen");
    assert_eq!(state("Week 12"), "frozen", "a waiver of a check is no exception");
    assert_eq!(state("freeze: week 12"), "excepted");
    let blocker = "- {id: DEP-001, type: Criteria, title: \"Freeze: Week 12\", owner: Lin, blocker: yes, status: failed, release: REL-001}\n";
    let at = with_freeze(freezes, &format!("{}{blocker}", waiver("freeze: Week 12")));
    let arguments = ["checklist", "--release", "1.0.0", "--format", "json", "--today", "2027-03-24"];
    let text = out(&run(at.path(), &arguments));
    let json: serde_json::Value = serde_json::from_str(&text).unwrap_or_default();
    let own = json["checks"].as_array().expect("checks").iter().find(|item| item["id"] == "DEP-001").cloned();
    assert_eq!(own.expect("the criterion")["verdict"], "fail");
}

#[test]
fn a_workspace_does_not_answer_for_its_members() {
    let at = folder(&[
        ("relplan.toml", "[plan]\nfiles = [\"plan.yaml\"]\n[workspace]\nmembers = [\"services/*\"]\n"),
        ("plan.yaml", RELEASE),
        (
            "services/a/relplan.toml",
            "[plan]\nfiles = [\"plan.yaml\"]\n[[calendar.freezes]]\nname = \"F\"\nfrom = 2027-06-28\n",
        ),
        ("services/a/plan.yaml", RELEASE),
    ]);
    let output = run(at.path(), &["freeze", "--check", "--at", "2027-06-28T12:00"]);
    assert_eq!(code(&output), 2, "{}", out(&output));
}

#[test]
fn the_code_freeze_of_a_coming_train_is_a_freeze() {
    let train = "[calendar]\ndeadline_time = \"12:00\"\n[[calendar.trains]]\nname = \"monthly\"\nfirst = 2027-01-12\n\
                 cadence = \"monthly\"\nversion = \"3.{n}.0\"\ntype = \"minor\"\n";
    let stated = format!("{train}[calendar.milestones.minor]\ncode_freeze = \"1 week before\"\n");
    let entry = "- {id: EPIC-1, title: T}\n";
    let state = |config: &str, entries: &str, arguments: &[&str]| {
        let folder = folder(&[("plan/plan.yaml", entries), ("relplan.toml", config)]);
        check(folder.path(), arguments).1
    };
    let at = |moment: &'static str| -> [&'static str; 4] { ["--at", moment, "--branch", "main"] };
    assert_eq!(state(&stated, entry, &at("2027-02-05T11:00")), "open");
    assert_eq!(state(&stated, entry, &at("2027-02-05T13:00")), "frozen");
    assert_eq!(state(&stated, entry, &at("2027-02-12T23:00")), "frozen");
    assert_eq!(state(&stated, entry, &at("2027-02-13T00:00")), "open");
    // A default that nobody states freezes nothing, and a deployment is no merge.
    assert_eq!(state(train, entry, &at("2027-02-08T13:00")), "open");
    let deployment = "- {id: DEP-1, type: Environment, name: production, title: Production}\n";
    let deploy = ["--at", "2027-02-08T13:00", "--environment", "production"];
    assert_eq!(state(&stated, &format!("{entry}{deployment}"), &deploy), "open");
    // A release of the plan speaks for itself.
    let release =
        "- {id: REL-1, title: R, version: \"3.1.0\", date: 2027-02-12, milestones: {code_freeze: none}}\n";
    assert_eq!(state(&stated, &format!("{entry}{release}"), &at("2027-02-08T13:00")), "open");
}

#[test]
fn a_branch_is_the_same_under_every_name_of_git() {
    let folder = with_freeze(
        "[[calendar.freezes]]\nname = \"F\"\nfrom = 2027-04-03\nto = 2027-04-05\nbranches = [\"main\"]\n",
        PLAN,
    );
    for branch in [
        "main",
        "refs/heads/main",
        "heads/main",
        "origin/main",
        "refs/remotes/fork/main",
        "remotes/origin/main",
    ] {
        let found = check(folder.path(), &["--at", "2027-04-04T12:00", "--branch", branch]);
        assert_eq!((found.0, found.1.as_str()), (1, "frozen"), "{branch}");
    }
    for branch in ["feature/main", "mainline", "refs/heads/feature/main"] {
        let found = check(folder.path(), &["--at", "2027-04-04T12:00", "--branch", branch]);
        assert_eq!((found.0, found.1.as_str()), (0, "open"), "{branch}");
    }
}

#[test]
fn no_working_day_at_all_is_an_error_at_its_place() {
    let config = "[calendar]\nworking_days = []\n";
    let folder = folder(&[("plan/plan.yaml", "- {id: EPIC-1, title: T}\n"), ("relplan.toml", config)]);
    let output = run(folder.path(), &["check", "--format", "concise"]);
    let said = out(&output) + &err(&output);
    assert!(
        code(&output) == 2 && said.contains("relplan.toml:2:16") && said.contains("no working day"),
        "{said}"
    );
}
