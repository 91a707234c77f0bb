//! What a release does not reach does not block it, and nothing that it may reach is left aside.

use serde_json::Value;

use crate::support::{err, folder, out, run};

const DAY: &str = "2026-11-20";

/// A release that ships EPIC-1, with everything that a sound plan needs.
const BASE: &str = "\
- {id: REL-1, title: First, version: 1.0.0, date: 2026-12-01, status: planned, owner: Lead, scope: {must: [EPIC-1]}}
- {id: EPIC-1, title: Search, state: Complete, owner: Team, tests: TEST-1, priority: Must}
- {id: TEST-1, title: Finds things, type: Smoke}
- {id: DEP-1, type: Environment, stage: Pre-deploy, title: Production, name: production, infrastructure: K8s, owner: Ops}
- {id: DEP-2, type: Criteria, stage: Pre-deploy, title: Tests pass, requirement: All tests pass, verification: CI, blocker: Yes, owner: QA, linked_ids: TEST-1}
- {id: DEP-3, type: Rollback, stage: Rollback, title: Back, trigger: Errors, threshold: '> 2% of requests for 5m', procedure: Redeploy, owner: Ops, monitored_by: MON-1}
- {id: DEP-4, type: Validation, stage: Post-deploy, title: Smoke, check: Pages load, method: Automated, success_criteria: All load, owner: QA}
- {id: MON-1, title: Errors, query: up}
";

const GATE: &str = "\
[gates.production]
title = \"Production\"
after = []
decides = true
criteria = [
  {name = \"Work is complete\", from = [\"EPIC\"]},
  {name = \"Tests pass\", from = [\"TEST\"], blocking = false},
  {name = \"Risks are handled\", from = [\"RISK\"], min = 0},
]
";

struct Judged {
    plan: Value,
    checks: Vec<String>,
}

impl Judged {
    fn verdict(&self) -> &str {
        self.plan["verdict"].as_str().expect("a verdict")
    }

    fn reason(&self) -> &str {
        self.plan["reason"].as_str().expect("a reason")
    }

    fn has(&self, id: &str) -> bool {
        self.checks.iter().any(|check| check == id)
    }
}

/// How the gate that decides stands on the base with further entries.
fn judge_of(base: &str, more: &str, release: &str) -> Judged {
    let plan = folder(&[("plan/plan.yaml", format!("{base}{more}")), ("relplan.toml", GATE.to_owned())]);
    let arguments = ["gate", "production", "--release", release, "--today", DAY, "--format", "json"];
    let output = run(plan.path(), &arguments);
    let view: Value =
        serde_json::from_str(&out(&output)).unwrap_or_else(|error| panic!("{error}: {}", err(&output)));
    let checks = view["checks"].as_array().expect("checks");
    let id = |check: &Value| check["id"].as_str().expect("an id").to_owned();
    let plan = checks.iter().find(|check| check["id"] == "plan").expect("a check of the plan").clone();
    Judged { plan, checks: checks.iter().map(id).collect() }
}

fn judge(more: &str) -> Judged {
    judge_of(BASE, more, "REL-1")
}

#[track_caller]
fn aside(more: &str, errors: usize) {
    let judged = judge(more);
    assert_eq!(judged.verdict(), "pass", "{more}: {}", judged.reason());
    let words = match errors {
        1 => "1 error in entries outside the release does not count".to_owned(),
        errors => format!("{errors} errors in entries outside the release do not count"),
    };
    assert!(judged.reason().ends_with(&words), "{more}: {}", judged.reason());
    assert_eq!(judged.plan["next"], "run `relplan check` for the other errors");
}

#[track_caller]
fn counts(more: &str, verdict: &str) {
    let judged = judge(more);
    assert_eq!(judged.verdict(), verdict, "{more}: {}", judged.reason());
}

#[test]
fn an_explicit_scope_is_the_scope() {
    let sound = judge("");
    assert_eq!((sound.verdict(), sound.reason()), ("pass", "complete, without errors"));
    let more = "- {id: EPIC-9, title: Later, state: Planned, owner: Team, tests: TEST-9}
- {id: TEST-9, title: Later, type: Smoke}
- {id: RISK-9, title: Late, probability: High, impact: Critical, owner: A, linked_ids: EPIC-9}
- {id: RISK-8, title: Fire, probability: High, impact: Critical, owner: A}
";
    let judged = judge(more);
    for id in ["EPIC-1", "TEST-1", "RISK-8"] {
        assert!(judged.has(id), "{id}: {:?}", judged.checks);
    }
    for id in ["EPIC-9", "TEST-9", "RISK-9"] {
        assert!(!judged.has(id), "{id}: {:?}", judged.checks);
    }
    // Without a scope, what nobody claims belongs to every release.
    let judged = judge_of(&BASE.replace(", scope: {must: [EPIC-1]}", ""), more, "REL-1");
    for id in ["EPIC-1", "TEST-1", "EPIC-9", "TEST-9", "RISK-9"] {
        assert!(judged.has(id), "{id}: {:?}", judged.checks);
    }
}

#[test]
fn what_the_scope_reaches_belongs_to_it() {
    for more in [
        "- {id: EPIC-9, title: Part, state: Planned, owner: T, part_of: EPIC-1}",
        "- {id: EPIC-9, title: Own, state: Planned, owner: T, release: 1.0.0}",
        "- {id: EPIC-9, title: Typo, state: Planned, owner: T, part_of: EPIC-111}",
        "- {id: EPIC-9, title: Typo, state: Planned, owner: T, part_of: EPIC_1}",
        "- {id: EPIC-9, title: Typo, state: Planned, owner: T, relese: 1.0.0}",
        "- {id: EPIC-9, title: Typo, state: Planned, owner: T, implements: [[EPIC-1]]}",
    ] {
        assert!(judge(&format!("{more}\n")).has("EPIC-9"), "{more}");
    }
    let needed = BASE.replace("tests: TEST-1, priority", "depends_on: EPIC-9, priority");
    let more = "- {id: EPIC-9, title: Before, state: Planned, owner: T}\n";
    assert!(judge_of(&needed, more, "REL-1").has("EPIC-9"));
}

#[test]
fn work_on_features_in_scope_belongs_to_it() {
    let base = BASE.replace("must: [EPIC-1]", "must: [FEA-1]");
    let more = "- {id: FEA-1, title: Search}
- {id: FEA-2, title: Later}
- {id: EPIC-2, title: Builds it, state: Planned, owner: T, implements: FEA-1}
- {id: EPIC-3, title: Builds the other, state: Planned, owner: T, implements: FEA-2}
";
    let judged = judge_of(&base, more, "REL-1");
    assert!(judged.has("EPIC-2"), "{:?}", judged.checks);
    assert!(!judged.has("EPIC-3") && !judged.has("EPIC-1"), "{:?}", judged.checks);
}

#[test]
fn a_scope_that_lives_elsewhere_leaves_nothing_out() {
    let plan = format!(
        "{}- {{id: EPIC-9, title: Later, state: Planned, owner: T}}\n",
        BASE.replace("[EPIC-1]", "[FEA-1]")
    );
    let toml = format!("{GATE}[families.FEA]\nexternal = true\n");
    let plan = folder(&[("plan/plan.yaml", plan), ("relplan.toml", toml)]);
    let output =
        run(plan.path(), &["gate", "production", "--release", "REL-1", "--today", DAY, "--format", "json"]);
    assert!(out(&output).contains("\"EPIC-9\""), "{}", out(&output));
}

#[test]
fn errors_elsewhere_do_not_count_and_are_said() {
    aside("- {id: EPIC-9, title: Later, state: Planned, owner: T, tests: TEST-99}\n", 1);
    aside("- {id: EPIC-9, title: Later, state: Planned, owner: T, tests: TEST-1, due: 2026-02-30}\n", 1);
    aside(
        "- {id: EPIC-9, title: Later, state: Planned, owner: T, tests: TEST-1, ownr: 1, due: 2026-02-30, start: soon}\n",
        3,
    );
    aside(
        "- {id: REL-2, title: Next, version: 2.0.0, date: 2026-02-30, status: planned, owner: A, scope: {must: [EPIC-2]}}
- {id: EPIC-2, title: B, state: Planned, owner: T, tests: TEST-99}\n",
        2,
    );
    aside("- {id: DEP-9, type: Rollback, stage: Rollback, title: B, trigger: E, owner: A, release: 2.0.0, monitored_by: MON-1, threshold: '> 2% of requests for 5m'}
- {id: REL-2, title: Next, version: 2.0.0, date: 2027-02-01, status: planned, owner: A}\n", 1);
}

#[test]
fn errors_that_may_matter_count() {
    // In what the release reaches, in deployment items, and in what nobody can place.
    counts("- {id: TEST-9, title: T, linked_ids: EPIC-99}\n", "fail");
    counts(
        "- {id: DEP-9, type: Step, stage: Deploy, title: Go, action: Go, owner: A, linked_ids: EPIC-99}\n",
        "fail",
    );
    counts("- {id: EPIC-9, title: Later, state: Planned, owner: T, release: 1.0.O}\n", "fail");
    counts(
        "- {id: DEP-9, type: Criteria, stage: Pre-deploy, title: C, requirement: R, verification: V, blocker: Yes, owner: A, linked_ids: TEST-1, release: 9.9.9}\n",
        "fail",
    );
    counts("- {id: EPIC-1, title: Again, state: Complete, owner: Team}\n", "fail");
    counts("- {id: EPIC-9, title: Later, owner: T, state: Planned, tests: &shared TEST-99}\n", "fail");
    counts("- {id: EPIC-9, title: Later, state: Planned, owner: T, part_of: EPIC-99}\n", "fail");
    counts(
        "- {id: EPIC-8, title: Later, state: Planned, owner: T, depends_on: EPIC-9, part_of: EPIC-1}
- {id: EPIC-9, title: Later, state: Planned, owner: T, depends_on: EPIC-8}\n",
        "fail",
    );
}

#[test]
fn a_broken_text_makes_the_gate_unknown_wherever_it_stands() {
    for more in [
        "- {id: EPIC-9, title: Later, state: Planned, owner: T\n",
        "- id: EPIC-9\n  title: Later\n\towner: T\n",
        "- id: EPIC-9\n  title: \"Later\n",
    ] {
        let judged = judge(more);
        assert!(matches!(judged.verdict(), "unknown" | "fail"), "{more}: {}", judged.reason());
    }
}

#[test]
fn what_several_releases_lack_counts_for_each() {
    let base = BASE.replace("- {id: DEP-4,", "- {id: DEP-4, release: 3.0.0,");
    let more = "- {id: REL-2, title: N, version: 2.0.0, date: 2027-02-01, status: planned, owner: A, scope: {must: [EPIC-2]}}
- {id: EPIC-2, title: B, state: Planned, owner: T, tests: TEST-1}
- {id: REL-3, title: N, version: 3.0.0, date: 2027-03-01, status: planned, owner: A, scope: {must: [EPIC-3]}}
- {id: EPIC-3, title: B, state: Planned, owner: T, tests: TEST-1}
";
    for (release, verdict) in [("REL-1", "fail"), ("REL-2", "fail"), ("REL-3", "pass")] {
        let judged = judge_of(&base, more, release);
        assert_eq!(judged.verdict(), verdict, "{release}: {}", judged.reason());
    }
}
