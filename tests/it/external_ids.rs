//! Ids of other tools: entries have them, links and `trace` use them.

use crate::support::{code, err, folder, out, run};
use serde_json::Value;

const IDS: [&str; 8] =
    ["REQ001", "4411", "#123", "PROJ-17", "SDOC-HIGH-REQS-MANAGEMENT", "k8s-753", "A1-7", "STPA-SEC-REQ-001"];

fn messages(plan: &str) -> Vec<String> {
    let plan = folder(&[("release/plan.yaml", plan)]);
    let output = run(plan.path(), &["check", "--format", "json", "--fail-on", "never"]);
    let report: Value = serde_json::from_str(&out(&output)).unwrap_or_else(|_| panic!("{}", err(&output)));
    let findings = report["findings"].as_array().expect("findings").iter();
    findings.map(|finding| finding["message"].as_str().expect("a message").to_owned()).collect()
}

/// An EPIC that is verified by a test through an id of another tool.
fn plan(stated: &str, linked: &str) -> String {
    format!(
        "- {{id: EPIC-1, title: One, owner: Lead, state: Planned, verified_by: {linked}}}\n\
         - {{id: TEST-1, title: It works, external_id: {stated}}}\n"
    )
}

#[test]
fn links_use_ids_of_other_tools() {
    for id in IDS {
        let quoted = format!("'{id}'");
        assert_eq!(messages(&plan(&quoted, &quoted)), [""; 0], "{id}");
        assert_eq!(
            messages(&plan(&format!("[other, {quoted}]"), &format!("['{id} (by hand)']"))),
            [""; 0],
            "{id}"
        );
        // Without an entry that has it, it means nothing.
        assert!(!messages(&plan("other", &quoted)).is_empty(), "{id}");
        let made = folder(&[("release/plan.yaml", plan(&quoted, &quoted))]);
        let trace = run(made.path(), &["trace", id, "--format", "json"]);
        let trace: Value =
            serde_json::from_str(&out(&trace)).unwrap_or_else(|_| panic!("{id}: {}", err(&trace)));
        assert_eq!(trace["entry"]["id"], "TEST-1", "{id}");
        assert_eq!(trace["entry"]["external_ids"], serde_json::json!([id]));
        assert_eq!(trace["upstream"][0]["entry"]["id"], "EPIC-1", "{id}");
    }
}

#[test]
fn an_id_that_two_entries_have_names_neither() {
    let plan = plan("REQ001", "REQ001") + "- {id: TEST-2, title: It works, external_id: req001}\n";
    assert_eq!(messages(&plan).iter().filter(|message| message.contains("`REQ001`")).count(), 1);
    let made = folder(&[("release/plan.yaml", plan)]);
    assert_eq!(code(&run(made.path(), &["trace", "REQ001"])), 2);
}

#[test]
fn an_own_id_comes_first() {
    let plan = "- {id: EPIC-1, title: One, owner: Lead, state: Planned, verified_by: TEST-1}\n\
                - {id: TEST-1, title: It works}\n- {id: TEST-2, title: Other, aliases: TEST-1}\n";
    let made = folder(&[("release/plan.yaml", plan)]);
    let trace = out(&run(made.path(), &["trace", "TEST-1", "--format", "json"]));
    assert!(trace.contains("EPIC-1"), "{trace}");
}

#[test]
fn wrong_values_are_findings() {
    let wrong = messages("{id: EPIC-1, title: T, owner: L, external_id: {a: b}}");
    assert!(wrong.iter().any(|message| message.contains("`external_id`")), "{wrong:?}");
    // A bare `#` begins a comment.
    assert!(!messages("- id: TEST-1\n  title: T\n  external_id: #123\n").is_empty());
}
