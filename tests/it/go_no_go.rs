//! The go/no-go report as the meeting reads it.

use relplan::verdict::Verdict;
use relplan::verdict::decision::Decision;

use crate::judging::{COMMIT, Ground, TODAY};
use crate::support::{self, code, err, out};

const RISKS: &str = "
- id: RISK-002
  title: The vendor is late
  probability: 50%
  impact: Medium
  status: accepted
  response: accept
  accepted_by: Pia
  accepted_on: 2027-03-01
  expires: 2027-06-30
  owner: Product Team

- id: RISK-003
  title: Search is slow on the first day
  probability: 40%
  impact: High
  status: mitigating
  response: mitigate
  mitigation: The caches are filled the night before
  owner: Search Team

- id: RISK-004
  title: Nobody has rated this
";

/// What `report` shows of the plan that is GO, after a change.
fn shown(change: impl FnOnce(&mut Ground), arguments: &[&str]) -> String {
    let mut ground = Ground::go();
    change(&mut ground);
    let mut command = support::relplan(ground.path());
    command.args(["--today", TODAY, "report", "--release", "REL-300", "--commit", COMMIT]).args(arguments);
    let output = command.output().expect("relplan can be started");
    assert_ne!(code(&output), 2, "{}", err(&output));
    out(&output)
}

/// The text between the title of one chapter and that of another.
fn chapter<'t>(text: &'t str, title: &str, next: &str) -> &'t str {
    let (_, rest) = text.split_once(&format!("\n{title}\n")).unwrap_or_else(|| panic!("no {title}: {text}"));
    rest.split_once(&format!("\n{next}\n")).unwrap_or_else(|| panic!("no {next}: {rest}")).0
}

#[test]
fn the_risks_that_remain_are_shown_with_exposure_and_whoever_bears_them() {
    let markdown = shown(|ground| ground.append("plan/release.yaml", RISKS), &["--format", "markdown"]);
    let risks = chapter(&markdown, "## Residual risks", "<summary>Gates</summary>");
    let row = |id: &str| {
        let found = risks.lines().find(|line| line.starts_with('|') && line.contains(id));
        found.unwrap_or_else(|| panic!("no {id}: {risks}")).to_owned()
    };
    let open = row("RISK-003");
    for part in ["high 1.20 = 40 % × High", "mitigate: The caches are filled the night before", "Search Team"]
    {
        assert!(open.contains(part), "{part}: {open}");
    }
    assert!(row("RISK-002").contains("accepted by Pia, until 2027-06-30"), "{risks}");
    assert!(row("RISK-004").contains("not stated × "), "{risks}");
    // What was mitigated can no longer happen.
    assert!(!risks.contains("RISK-001"), "{risks}");
    assert!(risks.contains("because they have no probability: "), "{risks}");
    assert!(markdown.contains("2 open, 1 accepted"), "{markdown}");
    let html = shown(|ground| ground.append("plan/release.yaml", RISKS), &["--format", "html"]);
    assert!(html.contains("Residual risks") && html.contains("until 2027-06-30"), "{html}");
}

#[test]
fn a_plan_without_risks_is_not_one_without_danger() {
    let none = shown(
        |ground| {
            let text = ground.text("plan/release.yaml");
            let (before, _) = text.split_once("- id: RISK-001").expect("the risk");
            ground.put(&[("plan/release.yaml", Some(before.as_bytes().to_vec()))]);
        },
        &[],
    );
    assert!(none.contains("No RISK entries for this selection: risks are unknown."), "{none}");
    let closed = shown(|_| {}, &[]);
    assert!(closed.contains("No residual risks. Closed: 1."), "{closed}");
}

#[test]
fn an_approval_that_is_missing_is_named_once_with_every_gate_that_waits_for_it() {
    let ask_twice = |ground: &mut Ground| {
        ground.replace(
            "relplan.toml",
            "approvals = [\"Release Manager\"]",
            "approvals = [\"Release Manager\", \"QA Lead\"]",
        );
        let text = ground.text("plan/approvals.yaml");
        let (_, rest) = text.split_once("  - role: Technical Lead").expect("the second approval");
        let rest = format!("approvals:\n  - role: Technical Lead{rest}");
        ground.put(&[("plan/approvals.yaml", Some(rest.into_bytes()))]);
        ground.sign();
    };
    let terminal = shown(ask_twice, &[]);
    let before_gates = terminal.split("\nGates\n").next().unwrap_or_default();
    assert_eq!(before_gates.matches(": pending").count(), 1, "{before_gates}");
    assert!(before_gates.contains("QA Lead (Production, Readiness): pending"), "{before_gates}");
    assert!(before_gates.contains("2 approvals are also counted here: see “Sign-offs”."), "{before_gates}");
    // Whoever is missing comes first.
    let signs = chapter(&terminal, "Sign-offs", "Residual risks");
    assert!(signs.find("QA Lead") < signs.find("Technical Lead"), "{signs}");
    assert!(terminal.contains("Sign-offs       4 of 5"), "{terminal}");
}

#[test]
fn a_program_finds_risks_and_signatures_by_name() {
    let ground = Ground::go();
    let outcome = ground.judge();
    let report = outcome.report();
    assert_eq!(report.decision, Decision::Go, "{}", outcome.words());
    let roles: Vec<_> = report.signatures.iter().filter_map(|signed| signed.role.as_deref()).collect();
    assert_eq!(roles.len(), 5, "{roles:?}");
    assert!(report.signatures.iter().all(|signed| signed.verdict == Verdict::Pass && signed.next.is_none()));
    assert_eq!(report.risks.risks.iter().map(|risk| risk.id.as_str()).collect::<Vec<_>>(), ["RISK-001"]);
}

#[test]
fn what_a_profile_asks_for_reads_like_a_sentence() {
    let asked = shown(
        |ground| ground.replace("relplan.toml", "max_age = \"3d\"", "max_age = \"7d\""),
        &["--format", "json"],
    );
    let asks = ["at least 80 % of the lines covered", "all tests passed", "evidence of the last week"];
    for words in asks {
        assert!(asked.contains(&format!("\"{words}\"")), "{words}: {asked}");
    }
}

#[test]
fn what_fails_is_named_before_what_is_missing() {
    let mut ground = Ground::go();
    let demand = "    tests: 100%\n    metric: {name: MON-001, threshold: \"< 0.1%\"}\n";
    ground.replace("plan/criteria.yaml", "    tests: 100%\n", demand);
    ground.replace("plan/criteria.yaml", "linked_ids: TEST-101 to TEST-104", "linked_ids: TEST-107");
    ground.append(
        "plan/tests.yaml",
        "\n- id: TEST-107\n  title: Nobody ran it\n  owner: QA Team\n  type: Unit\n",
    );
    ground.sign();
    let outcome = ground.judge();
    let check = outcome.report().checks.iter().find(|check| check.id == "DEP-001").expect("the check");
    assert_eq!(check.verdict, Verdict::Fail, "{}", check.reason);
    assert!(check.reason.starts_with("MON-001 is "), "{}", check.reason);
    assert!(check.reason.ends_with("1 in no report: TEST-107"), "{}", check.reason);
    assert!(check.next.as_deref().is_some_and(|next| next.starts_with("bring MON-001")), "{:?}", check.next);
}

#[test]
fn a_signature_covers_the_gates_that_the_release_goes_through() {
    let signed = |from: &str, to: &str| {
        let mut ground = Ground::go();
        ground.replace("relplan.toml", from, to);
        let outcome = ground.judge();
        (outcome.decision(), outcome.words())
    };
    let lost = [
        ("approvals = [\"Release Manager\"]", "approvals = []"),
        ("threshold = \"< 1%\"", "threshold = \"< 5%\""),
        ("[gates.production]\n", "[gates.production]\nwithout = [\"High risks are settled\"]\n"),
        ("profile = \"careful\"", "profile = \"moderate\""),
        ("line_coverage = \"80%\"", "line_coverage = \"50%\""),
        ("max_age = \"3d\"", "max_age = \"30d\""),
    ];
    for (from, to) in lost {
        let (decision, words) = signed(from, to);
        assert_eq!(decision, Some(Decision::NoGo), "{to}: {words}");
        assert!(
            words.contains("in an entry or in the gates and the profile of relplan.toml"),
            "{to}: {words}"
        );
    }
    // Layout, other tables, and gates through which no release of this type goes, were not signed.
    let kept = [
        ("approvals = [\"Release Manager\"]", "# Who decides.\napprovals   =   [ \"Release Manager\" ]"),
        ("[evidence]\n", "[rules]\noverdue = \"note\"\n\n[evidence]\n"),
        ("[gates.production]\n", "[gates.hotfix]\napprovals = [\"QA Lead\"]\n\n[gates.production]\n"),
    ];
    for (from, to) in kept {
        let (decision, words) = signed(from, to);
        assert_eq!(decision, Some(Decision::Go), "{to}: {words}");
    }
}

#[test]
fn the_log_names_who_accepted_a_risk() {
    let mut ground = Ground::go();
    ground.replace(
        "plan/release.yaml",
        "  status: mitigated\n",
        "  status: accepted\n  accepted_by: Pia\n  accepted_on: 2027-03-01\n  expires: 2027-06-30\n",
    );
    ground.sign();
    let mut command = support::relplan(ground.path());
    command.args(["--today", TODAY, "decide", "--by", "Rhea", "--release", "REL-300", "--commit", COMMIT]);
    let output = command.output().expect("relplan can be started");
    assert_eq!(code(&output), 0, "{}{}", out(&output), err(&output));
    let log = std::fs::read_to_string(ground.path().join("decisions.jsonl")).expect("the log");
    let record: serde_json::Value = serde_json::from_str(log.trim()).expect("JSON");
    let waiver = &record["waivers"][0];
    assert_eq!((&waiver["id"], &waiver["by"]), (&"RISK-001".into(), &"Pia".into()), "{log}");
    assert_eq!(waiver["until"], "2027-06-30", "{log}");
}

#[test]
fn the_head_shows_the_gates_that_decide_in_their_order() {
    let go = support::project().join("tests/plans/go");
    let output = support::run(&go, &["report", "--commit", COMMIT, "--today", TODAY]);
    let text = out(&output);
    let line = text.lines().find(|line| line.contains(" → ")).expect("the gates");
    // `readiness` is declared last, and no gate that is not required stands in the line.
    assert_eq!(line, "Readiness ✓ PASS → Production ✓ PASS");
}
