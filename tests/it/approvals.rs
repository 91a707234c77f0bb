//! Approvals and waivers, written and found again.

use std::path::Path;

use crate::support::{self, code, err, out, run};

const ROSTER: &str = "\
[roles.\"QA Lead\"]
may_waive = true
holders = [{ person = \"dana@example.com\", name = \"Dana\", from = 2026-06-01 }, { person = \"tess@example.com\", until = 2026-06-30 }]
[roles.Sponsor]
may_approve_own = true
may_waive = true
holders = [{ person = \"max@example.com\", name = \"Max\" }]
";

const PLAN: &str = "\
- id: REL-1
  title: Search
  version: '3.0.0'
  owner: Max
- id: EPIC-1
  title: Users search
  state: Planned
  owner: Dana
";

fn plan(files: &[(&str, &str)]) -> tempfile::TempDir {
    let own = [("relplan.toml", ROSTER), ("plan/release.yaml", PLAN)];
    support::folder(&own.into_iter().chain(files.iter().copied()).collect::<Vec<_>>())
}

fn read(folder: &Path, name: &str) -> String {
    std::fs::read_to_string(folder.join(name)).expect("a file")
}

/// The rules of approvals that find something.
fn found(folder: &Path) -> Vec<String> {
    let report = out(&run(folder, &["check", "--format", "json"]));
    let found = support::found(&report).into_iter().filter(|found| {
        ["approv", "waiver", "digest", "unknown", "shape"].iter().any(|word| found.rule.contains(word))
    });
    found.map(|found| format!("{} {}", found.rule, found.places[0])).collect()
}

const APPROVE: &[&str] = &["approve", "--role", "QA Lead", "--by", "Dana"];

#[track_caller]
fn approve(folder: &Path, more: &[&str]) -> String {
    let output = run(folder, &[APPROVE, more].concat());
    assert_eq!(code(&output), 0, "{}", err(&output));
    err(&output)
}

/// A command that is refused and writes nothing, and why.
#[track_caller]
fn refused(folder: &Path, arguments: &[&str]) -> String {
    let before = support::snapshot(folder);
    let output = run(folder, arguments);
    assert_eq!(code(&output), 2, "{}", err(&output));
    assert_eq!(support::snapshot(folder), before);
    assert_eq!(out(&output), "");
    assert!(err(&output).contains("hint: "), "{}", err(&output));
    err(&output)
}

#[test]
fn an_approval_is_written_and_holds_until_what_it_is_about_changes() {
    let folder = plan(&[]);
    let folder = folder.path();
    let said = approve(folder, &["--expires", "2026-12-31", "--note", "after the rehearsal: fine"]);
    assert!(said.starts_with("approved 2 entries of REL-1 as QA Lead (sha256:"), "{said}");
    assert!(said.ends_with("approvals.yaml:2\n"), "{said}");
    let text = read(folder, "approvals.yaml");
    assert!(text.starts_with("approvals:\n  - role: QA Lead\n    by: Dana\n    on: 2026-11-20\n    release: REL-1\n    digest: sha256:"));
    assert!(text.ends_with("    expires: 2026-12-31\n    note: \"after the rehearsal: fine\"\n"), "{text}");
    assert_eq!(found(folder), Vec::<String>::new());
    // Progress, comments and layout are no change.
    let other = format!("# Ours\n{}", PLAN.replace("state: Planned", "state:   'Complete'  # at last"));
    std::fs::write(folder.join("plan/release.yaml"), other).expect("a file");
    assert_eq!(found(folder), Vec::<String>::new());
    std::fs::write(folder.join("plan/release.yaml"), PLAN.replace("Users search", "Users find"))
        .expect("a file");
    assert_eq!(found(folder), ["approved-content-changed approvals.yaml:6:13"]);
    // Approved anew, the earlier one is history.
    approve(folder, &[]);
    assert_eq!(found(folder), Vec::<String>::new());
}

#[test]
fn a_file_that_is_there_keeps_what_stands_in_it() {
    let text = "\u{feff}# Who signed what\r\nApprovals:\r\n    -   role: Sponsor # yes\r\n        by: Max\r\n        on: 2026-11-02\r\n\r\n# Nothing else\r\n";
    let folder = plan(&[("plan/signed.yaml", text)]);
    let folder = folder.path();
    let shown = run(folder, &[APPROVE, &["--diff"]].concat());
    assert_eq!(code(&shown), 0);
    assert!(out(&shown).contains("+    -   role: QA Lead\r\n"), "{}", out(&shown));
    assert_eq!(read(folder, "plan/signed.yaml"), text);
    assert!(approve(folder, &[]).ends_with("plan/signed.yaml:6\n"));
    let after = read(folder, "plan/signed.yaml");
    let (before, rest) = after.split_at(text.find("\r\n\r\n").expect("a blank line"));
    let new = rest.strip_suffix("\r\n\r\n# Nothing else\r\n").expect("the rest of the file");
    assert!(
        text.starts_with(before) && new.starts_with("\r\n    -   role: QA Lead\r\n        by: Dana\r\n"),
        "{after}"
    );
}

#[test]
fn what_would_not_count_is_refused() {
    let folder = plan(&[]);
    let folder = folder.path();
    let check = |arguments: &[&str], expect: &str| {
        let said = refused(folder, arguments);
        assert!(said.contains(expect), "{arguments:?}: {said}");
    };
    let with = |role: &'static str, by: &'static str| ["approve", "--role", role, "--by", by];
    check(&with("QA Led", "Dana"), "did you mean the role `QA Lead`?");
    check(&with("QA Lead", "dana@exmaple.com"), "did you mean `dana@example.com`?");
    check(&with("QA Lead", "tess@example.com"), "who was QA Lead only until 2026-06-30");
    check(&with("QA Lead", "Max"), "who is not QA Lead but Sponsor");
    check(&with("QA Lead", " "), "is not a person");
    check(&[APPROVE, &["--release", "4.0.0"]].concat(), "unknown release `4.0.0`");
    check(&[APPROVE, &["--of", "EPIC-9"]].concat(), "no entry has the id `EPIC-9`");
    check(&[APPROVE, &["--of", "nobody"]].concat(), "`nobody` selects no entry");
    check(&[APPROVE, &["--of", "EPIC-1"]].concat(), "Dana (dana@example.com) owns EPIC-1");
    check(&[APPROVE, &["--expires", "2026-11-19"]].concat(), "2026-11-19 is in the past");
    check(&[APPROVE, &["--file", "notes.txt"]].concat(), "the plan is not read from `notes.txt`");
    check(&[APPROVE, &["--file", "../other.yaml"]].concat(), "the plan is not read from");
    approve(folder, &[]);
    check(APPROVE, "Dana already approved this as QA Lead on 2026-11-20");
    let waive = |check: &'static str, by: &'static str, until: &'static str| {
        ["waive", check, "--by", by, "--reason", "late", "--until", until]
    };
    check(&waive("EPIC-9", "Dana", "2026-12-01"), "no entry has the id `EPIC-9`");
    check(&waive("EPIC-1", "Nora", "2026-12-01"), "Nora is not on the roster");
    check(&waive("EPIC-1", "Dana", "2026-11-19"), "2026-11-19 is in the past");
    check(&waive("EPIC-1", "Dana", "2026-12-01"), "Dana (dana@example.com) owns EPIC-1 and cannot waive it");
    check(&waive("EPIC-1", "Max", "2027-06-01"), "set `--until 2027-02-18` or earlier");
    check(
        &["waive", "EPIC-1", "--by", "Dana", "--reason", " ", "--until", "2026-12-01"],
        "a waiver needs a reason",
    );
    check(
        &[&waive("EPIC-1", "Dana", "2026-12-01")[..], &["--role", "Sponsor"]].concat(),
        "Dana (dana@example.com) did not hold the role Sponsor on 2026-11-20",
    );
    // Who may approve their own may do so.
    let own = run(folder, &with("Sponsor", "Max"));
    assert_eq!(code(&own), 0, "{}", err(&own));
}

#[test]
fn what_no_check_could_ever_be_is_not_waived() {
    let folder = plan(&[]);
    let folder = folder.path();
    let waive =
        |check: &'static str| ["waive", check, "--by", "Dana", "--reason", "late", "--until", "2026-12-01"];
    let check = |name: &'static str, expect: &[&str]| {
        let said = refused(folder, &waive(name));
        expect.iter().for_each(|expect| assert!(said.contains(expect), "{name}: {said}"));
    };
    check("The tests of nothing", &["unknown check `The tests of nothing`"]);
    check("Code is coverd by tests", &["did you mean `Code is covered by tests`?"]);
    check(
        "feature-complete/Code is coverd by tests",
        &["did you mean `feature-complete/Code is covered by tests`?"],
    );
    let approval = "cannot be waived";
    check("production/Release Manager", &["`production/Release Manager` is an approval", approval]);
    check(
        "approval of production: release manager",
        &[approval, "relplan approve --role \"Release Manager\""],
    );
    check("QA Lead", &[approval]);
    check("REL-1", &[approval]);
    check("The plan is sound", &["the soundness of the plan cannot be waived"]);
    check("production/Beta feedback is addressed", &["has no check of its own", "by their ids"]);
    let said = run(folder, &waive("FEATURE-COMPLETE/code is covered by tests"));
    assert_eq!(code(&said), 0, "{}", err(&said));
    assert!(
        err(&said).starts_with("waived feature-complete/Code is covered by tests until"),
        "{}",
        err(&said)
    );
    let said = run(folder, &waive("Integration tests pass"));
    assert!(err(&said).contains("the waiver covers missing TEST with type Integration only"));
}

#[test]
fn an_approval_that_nobody_asks_for_is_remarked_upon() {
    let folder = plan(&[]);
    let folder = folder.path();
    let said = refused(folder, &[APPROVE, &["--gate", "prodction"]].concat());
    assert!(
        said.contains("unknown gate `prodction`") && said.contains("did you mean `production`?"),
        "{said}"
    );
    let unasked = "not required: no gate";
    assert!(!approve(folder, &["--gate", "beta"]).contains(unasked));
    assert!(approve(folder, &["--gate", "production"]).contains(unasked));
    assert!(!approve(folder, &[]).contains(unasked));
    let sponsor = run(folder, &["approve", "--role", "Sponsor", "--by", "Max"]);
    assert_eq!(code(&sponsor), 0, "{}", err(&sponsor));
    assert!(err(&sponsor).contains("needs an approval by Sponsor"), "{}", err(&sponsor));
}

#[test]
fn the_gate_of_a_release_may_be_one_of_its_own() {
    let own = PLAN
        .replace("  owner: Max\n", "  owner: Max\n  approvals:\n    - {role: QA Lead, gate: Code freeze}\n");
    let folder = plan(&[("plan/release.yaml", &own)]);
    let said = approve(folder.path(), &["--gate", "code freeze"]);
    assert!(!said.contains("not required: no gate"), "{said}");
    // What a release asks for at no gate in particular is asked for where it is decided.
    let own = PLAN.replace("  owner: Max\n", "  owner: Max\n  approvals:\n    - {role: QA Lead}\n");
    let folder = plan(&[("plan/release.yaml", &own)]);
    assert!(!approve(folder.path(), &["--gate", "production"]).contains("not required: no gate"));
    assert!(approve(folder.path(), &["--gate", "feature-complete"]).contains("not required: no gate"));
}

#[test]
fn a_waiver_of_nothing_is_found() {
    let waiver = |check: &str| {
        let text = format!("waivers:\n  - {{check: {check}, by: Dana, reason: late, until: 2026-12-01}}\n");
        found(plan(&[("plan/waivers.yaml", &text)]).path())
    };
    assert_eq!(waiver("Code is coverd by tests"), ["waiver-target-missing plan/waivers.yaml:2:13"]);
    assert_eq!(waiver("production/Release Manager"), ["waiver-target-missing plan/waivers.yaml:2:13"]);
    assert_eq!(waiver("The plan is sound"), ["waiver-target-missing plan/waivers.yaml:2:13"]);
    assert_eq!(waiver("Code is covered by tests"), Vec::<String>::new());
}

#[test]
fn a_plan_that_could_not_be_read_whole_is_not_approved() {
    let folder = plan(&[("plan/broken.yaml", "id: EPIC-2\ntitle: 'Open\n")]);
    assert!(refused(folder.path(), APPROVE).contains("the plan is incomplete"));
    let folder = plan(&[("approvals.yaml", "approvals: {role: QA Lead, by: Dana, on: 2026-11-01}\n")]);
    assert!(refused(folder.path(), APPROVE).contains("is not a block list"));
}

#[test]
fn a_waiver_is_written_behind_the_approvals() {
    let folder = plan(&[]);
    let folder = folder.path();
    approve(folder, &[]);
    let waive = [
        "waive",
        "epic-1",
        "--by",
        "Max",
        "--reason",
        "late: again",
        "--until",
        "2026-12-01",
        "--release",
        "next",
    ];
    let output = run(folder, &waive);
    assert_eq!(code(&output), 0, "{}", err(&output));
    assert_eq!(err(&output), "waived EPIC-1 for REL-1 until 2026-12-01: approvals.yaml:8\n");
    let text = read(folder, "approvals.yaml");
    assert!(text.ends_with("\nwaivers:\n  - check: EPIC-1\n    release: REL-1\n    by: Max\n    reason: \"late: again\"\n    on: 2026-11-20\n    until: 2026-12-01\n"), "{text}");
    assert_eq!(found(folder), Vec::<String>::new());
    assert!(refused(folder, &waive).contains("already waived EPIC-1 until 2026-12-01 or later"));
}

#[test]
fn without_a_roster_names_count_and_that_is_said() {
    let folder = support::folder(&[("plan/release.yaml", PLAN)]);
    let folder = folder.path();
    let said = approve(folder, &[]);
    assert!(said.contains("plan/approvals.yaml:2\n") && said.contains("not confirmed by a roster"), "{said}");
    assert!(refused(folder, &["approve", "--role", "Sponsor", "--by", "max"]).contains("max owns REL-1"));
}
