//! No output shows a secret, wherever in the plan, its configuration or its reports it is written.

use crate::documents;
use crate::support::{code, err, folder, out, relplan, run};

/// Secrets of several forms, put together here so that scanners of this repository stay quiet.
fn secrets() -> Vec<String> {
    let letters = "a1B2c3D4e5F6g7H8i9J0";
    vec![
        format!("ghp_{letters}{letters}"),
        format!("xoxb-123456789012-{letters}"),
        format!("AKIA{}", "IOSFODNN7EXAMPLE"),
        format!("sk_live_{letters}"),
        format!("postgres://app:hunter2{letters}@db/orders"),
        format!("DB_PASSWORD=hunter2{letters}"),
        format!("https://hooks.slack.com/services/T00/B00/{letters}"),
        format!("Authorization: Bearer {letters}{letters}"),
    ]
}

/// What must not be seen: of each secret the part that makes it one.
const TELLING: &[&str] = &["a1B2c3D4", "IOSFODNN7EXAMPLE", "c3D4e5", "hunter2"];

#[track_caller]
fn check(name: &str, shown: &str) {
    for secret in TELLING {
        let at = shown.find(secret);
        let around = at.map(|at| &shown[shown.floor_char_boundary(at.saturating_sub(200))..at]);
        assert!(at.is_none(), "{name} shows {secret}: …{}", around.unwrap_or_default());
    }
}

/// A plan in which every text holds a secret.
fn plan() -> Vec<(String, String)> {
    let mut plan = String::new();
    for (index, secret) in secrets().iter().enumerate() {
        let number = index + 1;
        let text =
            serde_json::to_string(&format!("Roll out TEST-{number:03} with {secret}")).expect("a text");
        plan += &entries(number, &text);
        // Findings that repeat what is written: an unknown key, a value that is none, a colon in a value.
        plan += &format!(
            "- id: RUN-{number:03}\n  title: {text}\n  {}: x\n  severity: {text}\n  last_tested: {text}\n  steps: [{text}]\n  \
             covers: {text}\n",
            serde_json::to_string(secret).expect("a text")
        );
        plan += &format!("- id: RUN-1{number:02}\n  title: see: export {secret}\n  owner: a: {secret}\n");
    }
    let config = format!(
        "[plan]\nfiles = [\"plan.yaml\"]\n[evidence]\nfiles = [\"*.xml\", \"*.json\"]\n\
         [[calendar.holidays]]\nname = \"{0}\"\ndate = 2026-12-08\n\
         [[calendar.freezes]]\nname = \"{0}\"\nfrom = 2026-12-10\nto = 2027-01-10\nreason = \"{0}\"\n",
        secrets()[0]
    );
    let failures: String = secrets()
        .iter()
        .enumerate()
        .map(|(index, secret)| {
            format!(
                "<testcase classname=\"a\" name=\"TEST-{:03} {secret}\"><failure message=\"{secret}\">{secret}</failure></testcase>",
                index + 1
            )
        })
        .collect();
    let report = format!("<testsuite name=\"s\" tests=\"8\" failures=\"8\">{failures}</testsuite>");
    let metrics = format!("{{\"metrics\": [{{\"name\": \"latency\", \"value\": \"{}\"}}]}}", secrets()[3]);
    [("plan.yaml", plan), ("relplan.toml", config), ("junit.xml", report), ("metrics.json", metrics)]
        .map(|(name, text)| (name.to_owned(), text))
        .into()
}

fn entries(number: usize, text: &str) -> String {
    format!(
        "- {{id: EPIC-{number:03}, title: {text}, owner: {text}, description: {text}, tests: TEST-{number:03}, implements: FEA-001}}\n\
         - {{id: TEST-{number:03}, title: {text}, owner: {text}, status: {text}}}\n\
         - {{id: RISK-{number:03}, title: {text}, owner: {text}, probability: 90%, impact: High, mitigation: {text}, trigger: {text}, contingency: {text}, category: {text}}}\n\
         - {{id: REL-{number:03}, title: {text}, version: \"1.{number}.0\", date: 2026-12-{number:02}, theme: {text}, owner: {text}, \
         approvals: [{{role: {text}, due: 3 days before}}], communications: [{{name: {text}, audience: {text}, channel: {text}, when: 1 day before}}], \
         objectives: [{text}], scope: {{must: EPIC-{number:03}}}}}\n\
         - {{id: DEP-{number:03}, type: Rollback, title: {text}, trigger: {text}, threshold: {text}, procedure: [{text}], notification: {text}, authority: {text}}}\n\
         - {{id: DEP-1{number:02}, type: Criteria, title: {text}, owner: {text}, requirement: {text}, verification: {text}, evidence: {text}, \
         blocker: {text}, linked_ids: TEST-{number:03}, waiver: {{by: {text}, reason: {text}, until: 2027-01-01}}}}\n\
         - {{id: DEP-2{number:02}, type: Environment, title: {text}, name: {text}, infrastructure: {text}, configuration: {{A: {text}}}, secrets: {text}, access: {text}}}\n\
         - {{id: DEP-3{number:02}, type: Validation, title: {text}, check: {text}, success_criteria: {text}, escalation: {text}}}\n\
         - {{id: KPI-{number:03}, title: {text}, target: {text}}}\n"
    )
}

#[test]
fn no_document_shows_a_secret() {
    let plan = plan();
    let plan: Vec<(&str, &str)> = plan.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    let at = folder(&plan);
    let made = tempfile::tempdir().expect("a folder");
    documents::write_all(at.path(), made.path(), "secrets");
    let mut seen = 0;
    for file in std::fs::read_dir(made.path()).expect("a folder").flatten() {
        let text = std::fs::read_to_string(file.path()).expect("a document");
        check(&file.file_name().to_string_lossy(), &text);
        seen += usize::from(text.contains("••••") || text.contains("\\u2022"));
    }
    assert!(seen > 40, "{seen} documents hold a mask");
}

#[test]
fn no_finding_snippet_diff_or_error_shows_a_secret() {
    let plan = plan();
    let plan: Vec<(&str, &str)> = plan.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    let at = folder(&plan);
    let secret = secrets().remove(0);
    let mut commands: Vec<Vec<&str>> = ["terminal", "json", "sarif", "github", "gitlab", "junit"]
        .iter()
        .map(|format| vec!["check", "--format", format])
        .collect();
    commands.extend([
        vec!["check", "--fix", "--suggested", "--diff"],
        vec!["check", "-v", "--statistics", "--gate", "production"],
        vec!["list"],
        vec!["list", "--format", "json"],
        vec!["trace", "EPIC-001"],
        vec!["trace", "TEST-002", "--format", "json"],
        vec!["waive", "DEP-101", "--by", &secret, "--reason", &secret, "--until", "2026-12-31", "--diff"],
        vec!["report", "--release", &secret],
        vec!["gate", &secret],
        vec!["checklist", "--owner", &secret],
        vec!["decide", "--by", "Ann", "--note", &secret],
        vec!["decide", "--verify"],
    ]);
    for command in commands {
        let output = run(at.path(), &command);
        check(&format!("{command:?}: output"), &out(&output));
        check(&format!("{command:?}: errors"), &err(&output));
    }
    let log = std::fs::read_to_string(at.path().join("decisions.jsonl")).unwrap_or_default();
    check("decisions.jsonl", &log);
}

#[test]
fn a_broken_configuration_shows_no_secret() {
    for line in ["DB_PASSWORD = \"hunter2hunter2\"\n", "token = 'hunter2\n"] {
        let at = folder(&[("relplan.toml", line), ("plan/a.yaml", "- {id: EPIC-1, title: A}\n")]);
        for command in ["check", "rollback", "report"] {
            let output = relplan(at.path()).arg(command).output().expect("it starts");
            assert_eq!(code(&output), 2, "{line}: {}", err(&output));
            check(line, &(err(&output) + &out(&output)));
        }
    }
}

/// A name is shown with spaces for its underscores, and a token without them is none that a pattern knows.
#[test]
fn a_secret_as_the_name_of_a_milestone_or_a_field_is_not_shown() {
    let keys: Vec<String> = secrets().into_iter().filter(|secret| !secret.contains([':', '='])).collect();
    assert!(keys.len() > 3 && keys.iter().any(|key| key.contains('_')));
    let milestones: String = keys.iter().map(|key| format!("    {key}: 1 week before\n")).collect();
    let approvals: String = keys.iter().map(|key| format!("    - {{role: QA Lead, due: {key}}}\n")).collect();
    let plan = format!(
        "- {{id: EPIC-1, title: T, state: Planned}}\n- id: REL-1\n  title: Spring\n  version: \"3.0.0\"\n  date: 2027-06-10\n  \
         approvals:\n{approvals}  milestones:\n{milestones}"
    );
    let folder = folder(&[("plan/plan.yaml", plan.as_str()), ("relplan.toml", "")]);
    let mut commands: Vec<Vec<&str>> = vec![vec!["check"], vec!["message", "announcement"], vec!["report"]];
    commands.extend(
        ["csv", "html", "ics", "json", "markdown", "mermaid"]
            .map(|format| vec!["calendar", "--format", format]),
    );
    commands.extend(keys.iter().map(|key| vec!["list", "--columns", key.as_str()]));
    for command in commands {
        let output = run(folder.path(), &[&command[..], &["--today", "2027-01-04"]].concat());
        // A column is what the user has typed.
        let shown = if command[0] == "list" { out(&output) } else { out(&output) + &err(&output) };
        check(&command.join(" "), &shown);
    }
}
