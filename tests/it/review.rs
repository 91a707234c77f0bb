//! `relplan review` and `relplan retro`: what was planned, predicted and aimed at, against what happened.

use serde_json::Value;

use crate::support::{code, err, folder, out, run};

const RELEASE: &str = "\
- id: REL-001
  title: Spring
  version: \"3.0.0\"
  date: 2027-06-10
  status: released
  deployed_at: 2027-06-12
  outcome: success
  scope: {must: [EPIC-001, EPIC-002]}
  objectives:
    - {name: Availability, target: \">= 99.9%\", actual: 99.95%}
    - {name: Latency, target: \"< 200ms\", actual: 250ms}
    - {name: Adoption, target: \">= 70% within 30 days\", actual: 40%}
    - {name: Satisfaction, target: \">= 4.5\"}
- {id: EPIC-001, title: Search, state: Complete}
- {id: EPIC-002, title: Themes, state: In Progress}
- {id: RISK-001, title: Search is slow, probability: 40%, impact: High, status: mitigated, release: \"3.0.0\"}
- {id: RISK-002, title: Nobody comes, probability: 10%, impact: Low, status: resolved, release: \"3.0.0\"}
- {id: RISK-003, title: Rain, probability: 10%, impact: Low, status: open, release: \"3.0.0\"}
";

const INCIDENT: &str = "\
- {id: INC-001, title: Slow, release: \"3.0.0\", severity: Critical, detected: 2027-06-13T10:00Z, \
resolved: 2027-06-13T11:00Z, linked_ids: RISK-001}
";

/// The view of a command, over a plan with these entries and files.
fn view(command: &str, entries: &[&str], files: &[(&str, String)], day: &str) -> Value {
    let plan = entries.concat();
    let mut all = vec![("release/plan.yaml", plan)];
    all.extend(files.iter().map(|(name, text)| (*name, text.clone())));
    let folder = folder(&all);
    let output = run(folder.path(), &[command, "--format", "json", "--today", day]);
    serde_json::from_str(&out(&output)).unwrap_or_else(|_| panic!("{}", err(&output)))
}

fn texts(list: &Value, key: &str) -> Vec<String> {
    let items = list.as_array().expect("a list").iter();
    items.map(|item| item[key].as_str().unwrap_or_default().to_owned()).collect()
}

#[test]
fn targets_have_verdicts_over_their_time() {
    let during = view("review", &[RELEASE], &[], "2027-06-20");
    assert_eq!(texts(&during["targets"], "verdict"), ["met", "missed", "open", "unknown"]);
    assert_eq!(during["targets"][2]["window_ends"], "2027-07-12");
    let after = view("review", &[RELEASE], &[], "2027-07-12");
    assert_eq!(texts(&after["targets"], "verdict"), ["met", "missed", "missed", "unknown"]);
}

#[test]
fn a_target_is_met_at_the_end_of_its_time() {
    let early = RELEASE.replace("actual: 40%", "actual: 80%");
    assert_eq!(texts(&view("review", &[&early], &[], "2027-06-20")["targets"], "verdict")[2], "open");
    assert_eq!(texts(&view("review", &[&early], &[], "2027-07-12")["targets"], "verdict")[2], "met");
}

#[test]
fn incidents_without_a_release_are_listed() {
    let unassigned = |entries: &[&str], files: &[(&str, String)]| {
        let review = view("review", &[&[RELEASE], entries].concat(), files, "2027-06-20");
        (texts(&review["unassigned_incidents"], "id"), review)
    };
    let incident = |fields: &str| format!("- {{id: INC-001, title: Slow, severity: Critical{fields}}}\n");
    let inside = ", resolved: 2027-06-13T11:00Z";
    let (found, review) = unassigned(&[&incident(&format!(", detected: 2027-06-13T10:00Z{inside}"))], &[]);
    assert_eq!(found, ["INC-001"]);
    assert!(texts(&review["gaps"], "field").contains(&"release".to_owned()));
    // `started` or `resolved` where the time of detection is missing; without any time, it may be of this one.
    for (fields, word) in [(", started: 2027-06-13T10:00Z", "started"), (inside, "resolved"), ("", "")] {
        let (found, review) = unassigned(&[&incident(fields)], &[]);
        assert_eq!(found, ["INC-001"], "{fields}");
        let shown = review["unassigned_incidents"][0]["time_is"].as_str().unwrap_or_default();
        assert_eq!(shown, word);
        assert_eq!(review["critical_in_first_hours"], Value::Null, "{fields}");
    }
    let stated = RELEASE.replace("outcome: success", "outcome: success\n  incidents: 0");
    let hidden = view("review", &[&stated, &incident(", started: 2027-06-13T10:00Z")], &[], "2027-06-20");
    assert_eq!(hidden["critical_in_first_hours"], Value::Null, "a number hides no incident");
    // Before the deployment, after the next one, and in another environment.
    let before = incident(", detected: 2027-06-10T10:00Z");
    assert!(unassigned(&[&before], &[]).0.is_empty());
    let later = "- {id: REL-002, version: \"3.1.0\", deployed_at: 2027-06-15, status: planned}\n";
    let after = incident(", detected: 2027-06-16T10:00Z");
    let plan = [RELEASE, later, &after];
    let folder = folder(&[("release/plan.yaml", plan.concat())]);
    let arguments = ["review", "--release", "3.0.0", "--format", "json", "--today", "2027-06-20"];
    let output = run(folder.path(), &arguments);
    let review: Value = serde_json::from_str(&out(&output)).unwrap_or_else(|_| panic!("{}", err(&output)));
    assert_eq!(review["unassigned_incidents"], Value::Array(Vec::new()));
    let elsewhere = incident(", environment: staging, detected: 2027-06-13T10:00Z");
    assert!(unassigned(&[&elsewhere], &[]).0.is_empty());
    // The pager's.
    let config = ("relplan.toml", "[metrics]\nincidents = [\"i.jsonl\"]\n".to_owned());
    let record = "{\"id\":\"P-1\",\"created_at\":\"2027-06-13T08:00:00Z\",\"severity\":\"SEV1\"}\n";
    let (found, review) = unassigned(&[], &[config.clone(), ("i.jsonl", record.to_owned())]);
    assert_eq!(found, ["P-1"]);
    assert_eq!(review["unassigned_incidents"][0]["status"], "open");
    // One that an entry of the release names is assigned.
    let named = record.replace("P-1", "INC-001");
    assert!(unassigned(&[INCIDENT], &[config.clone(), ("i.jsonl", named)]).0.is_empty());
    let (_, review) = unassigned(&[INCIDENT], &[config, ("i.jsonl", "nonsense\n".to_owned())]);
    assert_eq!(review["critical_in_first_hours"], Value::Null);
    assert!(texts(&review["gaps"], "field").contains(&"incident_files".to_owned()));
}

#[test]
fn what_is_known_of_a_time_decides_about_the_first_hours() {
    let critical = |times: &str| {
        let incident =
            format!("- {{id: INC-001, title: Slow, release: \"3.0.0\", severity: Critical{times}}}\n");
        view("review", &[RELEASE, &incident], &[], "2027-06-20")["critical_in_first_hours"].clone()
    };
    assert_eq!(critical(", started: 2027-06-13T10:00Z, resolved: 2027-06-13T11:00Z"), 1);
    assert_eq!(critical(", started: 2027-06-18T10:00Z"), 0);
    assert_eq!(critical(", resolved: 2027-06-11T10:00Z"), 0);
    assert_eq!(critical(", started: 2027-06-13T10:00Z"), Value::Null);
    assert_eq!(critical(""), Value::Null);
}

#[test]
fn a_number_that_contradicts_the_entries_is_a_gap() {
    let stated = RELEASE.replace("outcome: success", "outcome: success\n  incidents: 0");
    let review = view("review", &[&stated, INCIDENT], &[], "2027-06-20");
    assert!(texts(&review["gaps"], "missing").iter().any(|gap| gap.contains("fewer incidents")));
}

#[test]
fn the_deployment_the_scope_and_the_risks_are_held_against_the_plan() {
    let review = view("review", &[RELEASE, INCIDENT], &[], "2027-06-20");
    assert_eq!(review["deployment"]["days_late"], 2);
    assert_eq!((&review["scope"]["planned"], &review["scope"]["delivered"]), (&2.into(), &1.into()));
    assert_eq!(texts(&review["scope"]["not_delivered"], "id"), ["EPIC-002"]);
    assert_eq!(texts(&review["risks"], "occurred"), ["yes", "no", "not_recorded"]);
    assert_eq!(review["critical_in_first_hours"], 1);
    let silent = view("review", &[RELEASE], &[], "2027-06-20");
    assert_eq!(silent["critical_in_first_hours"], Value::Null, "no incident is recorded, and no number");
    assert!(texts(&silent["gaps"], "field").contains(&"incidents".to_owned()));
    let stated = RELEASE.replace("outcome: success", "outcome: success\n  incidents: 0");
    assert_eq!(view("review", &[&stated], &[], "2027-06-20")["critical_in_first_hours"], 0);
}

#[test]
fn what_is_not_deployed_yet_came_to_nothing() {
    // On the day of the view, the deployment is still to come.
    let review = view("review", &[RELEASE], &[], "2027-06-11");
    assert_eq!(review["deployment"]["actual"], Value::Null);
    assert_eq!(review["critical_in_first_hours"], Value::Null);
}

#[test]
fn recorded_forecasts_are_held_against_the_deployment() {
    let forecast = |day: &str, p85: &str| {
        format!(
            "{{\"version\":1,\"day\":\"{day}\",\"release\":\"REL-001\",\"method\":\"estimates\",\"trials\":1000,\
             \"seed\":1,\"p50\":\"2027-06-01\",\"p85\":\"{p85}\",\"work_p50\":\"2027-05-01\",\
             \"work_p85\":\"2027-05-10\",\"lead\":20,\"relplan\":\"0.1.0\"}}\n"
        )
    };
    let log = forecast("2027-03-01", "2027-06-11") + &forecast("2027-04-01", "2027-06-14");
    let review = view("review", &[RELEASE], &[("forecasts.jsonl", log)], "2027-06-20");
    let held: Vec<bool> =
        review["forecasts"].as_array().expect("forecasts").iter().map(|one| one["held"] == true).collect();
    assert_eq!(held, [false, true]);
}

/// What the log of decisions came to, with the entries that follow the release.
fn predictions(more: &[&str]) -> Vec<(String, String)> {
    let folder = folder(&[("release/plan.yaml", [&[RELEASE], more].concat().concat())]);
    let decide = |day: &str| {
        let output = run(folder.path(), &["decide", "--release", "3.0.0", "--by", "Ann", "--today", day]);
        assert!(code(&output) < 2, "{}", err(&output));
    };
    decide("2027-06-09");
    decide("2027-06-12");
    decide("2027-06-15");
    let output = run(folder.path(), &["review", "--format", "json", "--today", "2027-06-20"]);
    let review: Value = serde_json::from_str(&out(&output)).unwrap_or_else(|_| panic!("{}", err(&output)));
    let found = &review["predictions"];
    texts(found, "decision").into_iter().zip(texts(found, "result")).collect()
}

#[test]
fn the_last_decision_before_the_deployment_is_held_against_what_happened() {
    let results = |more: &[&str]| {
        let found = predictions(more);
        let decision = found[1].0.clone();
        (decision, found.into_iter().map(|(_, result)| result).collect::<Vec<String>>())
    };
    // The plan has no evidence, so it was NO-GO, and the release went out all the same.
    let (decision, unknown) = results(&[]);
    assert_eq!(decision, "no_go");
    assert_eq!(unknown, ["superseded", "unknown", "after_deployment"]);
    assert_eq!(results(&[INCIDENT]).1, ["superseded", "right", "after_deployment"]);
    let harmless = INCIDENT.replace("Critical", "Low");
    assert_eq!(results(&[&harmless]).1, ["superseded", "wrong", "after_deployment"]);
}

const EARLIER: &str = "\
- {id: REL-000, title: Winter, version: \"2.9.0\", date: 2027-01-10, status: released, deployed_at: 2027-01-10}
- {id: ACT-001, title: Cache, owner: Ada, due: 2027-06-18, follows_from: REL-000}
- {id: ACT-002, title: Done long ago, owner: Ada, due: 2027-02-18, status: done, follows_from: REL-000}
- {id: ACT-003, title: Alert, owner: Lin, due: 2027-07-18, follows_from: INC-001}
- {id: LL-001, title: Measure first, linked_ids: INC-001}
";

#[test]
fn a_retrospective_has_its_timeline_and_its_actions() {
    let retro = view("retro", &[RELEASE, INCIDENT, EARLIER], &[], "2027-06-20");
    assert_eq!(texts(&retro["review"]["actions"], "id"), ["ACT-003"]);
    assert_eq!(texts(&retro["carried_over"], "id"), ["ACT-001"]);
    assert_eq!(texts(&retro["lessons"], "id"), ["LL-001"]);
    let days = texts(&retro["timeline"], "event");
    assert_eq!(days, ["Deployment: success", "INC-001 detected: Slow", "INC-001 resolved"]);
    assert_eq!(
        texts(&retro["agenda"], "title"),
        ["Objectives", "Events", "Causes", "Actions", "Owners and dates"]
    );
}

#[test]
fn a_pipeline_can_ask_for_overdue_actions() {
    let plan = [RELEASE, INCIDENT, EARLIER].concat();
    let folder = folder(&[("release/plan.yaml", plan)]);
    let check = |day| code(&run(folder.path(), &["retro", "--check", "--today", day]));
    assert_eq!((check("2027-06-18"), check("2027-06-19")), (0, 1));
}

#[test]
fn a_hotfix_has_48_hours_for_its_retrospective() {
    let hotfix = "- {id: REL-002, title: Fix, version: \"3.0.1\", type: hotfix, date: 2027-06-14, status: released, \
                  deployed_at: 2027-06-14, outcome: success}\n";
    let retro = |day: &str, entry: &str| view("retro", &[RELEASE, entry], &[], day);
    let open = retro("2027-06-16", hotfix);
    assert_eq!(
        (&open["follow_up"]["due"], &open["follow_up"]["state"]),
        (&"2027-06-16".into(), &"open".into())
    );
    assert_eq!(retro("2027-06-17", hotfix)["follow_up"]["state"], "overdue");
    let held = hotfix.replace("outcome:", "follow_ups: {retrospective: 2027-06-15}, outcome:");
    assert_eq!(retro("2027-06-17", &held)["held"], "2027-06-15");
}

#[test]
fn a_plan_without_a_release_that_shipped_has_nothing_to_review() {
    let folder = folder(&[("release/plan.yaml", "- {id: REL-001, title: Spring, date: 2027-06-10}\n")]);
    for command in ["review", "retro"] {
        let output = run(folder.path(), &[command]);
        assert_eq!(code(&output), 2, "{command}");
        assert!(err(&output).contains("no release has shipped"), "{}", err(&output));
    }
}

#[test]
fn a_release_that_is_not_deployed_has_no_verdicts() {
    let planned = RELEASE.replace(
        "  status: released\n  deployed_at: 2027-06-12\n  outcome: success\n",
        "  status: planned\n",
    );
    let folder = folder(&[("release/plan.yaml", planned)]);
    let decided = run(folder.path(), &["decide", "--by", "Ann", "--today", "2027-06-01"]);
    assert!(code(&decided) < 2, "{}", err(&decided));
    for command in ["review", "retro"] {
        let shown = |format| {
            let arguments = [command, "--release", "REL-001", "--today", "2027-06-20", "--format", format];
            out(&run(folder.path(), &arguments))
        };
        let text = shown("terminal");
        assert!(text.contains("REL-001 is not deployed"), "{text}");
        for word in ["missed", "delivered", "NO OUTCOME", "no outcome", "no incidents"] {
            assert!(!text.contains(word), "{word}: {text}");
        }
        let json: Value = serde_json::from_str(&shown("json")).expect("JSON");
        let review = if command == "retro" { &json["review"] } else { &json };
        assert_eq!(review["deployment"]["is_deployed"], false);
        assert_eq!(texts(&review["targets"], "verdict"), ["open"; 4]);
        assert_eq!(texts(&review["predictions"], "result"), ["open"]);
    }
}
