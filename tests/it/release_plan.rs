//! `relplan plan`: the whole plan of a release as one document.

use crate::support::{folder, out, run};

fn document(plan: &str, more: &[&str]) -> serde_json::Value {
    let made = folder(&[("release/plan.yaml", plan)]);
    let output = run(made.path(), &[&["plan", "--format", "json", "--today", "2026-11-21"], more].concat());
    serde_json::from_str(&out(&output)).expect("JSON")
}

fn gaps(document: &serde_json::Value) -> Vec<&str> {
    let gaps = document["gaps"].as_array().expect("gaps");
    gaps.iter().map(|gap| gap["part"].as_str().expect("a name")).collect()
}

#[test]
fn what_the_plan_says_nothing_about_is_named_with_what_would_fill_it() {
    let nothing = "- {id: PER-1, title: Somebody}\n";
    let all = [
        "overview",
        "objectives",
        "scope",
        "calendar",
        "rollout",
        "testing",
        "gates",
        "risks",
        "rollback",
        "communications",
        "team",
        "indicators",
    ];
    assert_eq!(gaps(&document(nothing, &[])), all);
    let made = folder(&[("release/plan.yaml", nothing)]);
    let text = out(&run(made.path(), &["plan", "--format", "markdown"]));
    assert_eq!(text.matches("Not in the plan.").count(), all.len());
    assert!(text.contains("add RISK entries with `probability`"), "{text}");
}

#[test]
fn what_is_usual_is_not_what_the_plan_says() {
    let plan = "- {id: REL-1, version: 1.0.0, date: 2027-03-01}\n- {id: EPIC-1}\n";
    let found = document(plan, &[]);
    // Milestones are counted from the date, but announcements that nobody planned fill no chapter.
    assert!(!gaps(&found).contains(&"calendar"));
    assert!(gaps(&found).contains(&"communications"));
}

#[test]
fn the_next_release_is_meant_unless_another_is_named() {
    let plan = "- {id: REL-1, version: 1.0.0, date: 2026-03-01, status: released}\n\
                - {id: REL-2, version: 1.1.0, date: 2027-06-01}\n\
                - {id: REL-3, version: 1.0.1, date: 2027-01-11}\n";
    assert_eq!(document(plan, &[])["release"]["id"], "REL-3");
    assert_eq!(document(plan, &["--release", "1.1.0"])["release"]["id"], "REL-2");
    let over = "- {id: REL-1, version: 1.0.0, status: released}\n";
    assert!(document(over, &[]).get("release").is_none());
}

#[test]
fn responsibilities_follow_from_the_entries() {
    let plan = "- {id: REL-1, version: 1.0.0, owner: Release Manager, team: {QA Lead: Quality},\n   \
                communications: [{name: News, audience: All customers, when: 2 weeks after}],\n   \
                approvals: [{role: QA Lead}]}\n\
                - {id: EPIC-1, owner: Platform Team}\n\
                - {id: DEP-1, type: Rollback, stage: Rollback, owner: Platform Team, trigger: Errors,\n   \
                authority: 'Nobody is asked, but the QA Lead may stop it', notification: '#incidents, QA Lead'}\n";
    let found = document(plan, &[]);
    let row = |activity: &str| {
        let rows = found["responsibilities"].as_array().expect("rows");
        rows.iter().find(|row| row["activity"] == activity).cloned().unwrap_or_else(|| panic!("{activity}"))
    };
    let back = row("Decide on and carry out a rollback");
    assert_eq!(back["responsible"], serde_json::json!(["Platform Team"]));
    assert_eq!(back["accountable"], serde_json::json!(["QA Lead"]));
    assert_eq!(back["informed"], serde_json::json!(["QA Lead"]));
    assert_eq!(row("Build the scope")["accountable"], serde_json::json!(["Release Manager"]));
    assert_eq!(row("Communicate")["informed"], serde_json::json!(["All customers"]));
}
