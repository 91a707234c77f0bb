//! Incidents and actions: post-mortems, metrics, the calendar, and gates that ask about open incidents.

use serde_json::Value;

use crate::support::{code, err, folder, out, run};

const RELEASE: &str = "- {id: REL-001, title: Spring, version: \"3.0.0\", date: 2027-06-10, status: released, \
                       deployed_at: 2027-06-10, outcome: success}\n";
const INCIDENT: &str = "\
- id: INC-001
  title: Search is slow
  release: \"3.0.0\"
  severity: High
  environment: production
  started: 2027-06-11T07:50Z
  detected: 2027-06-11T10:00:00+02:00
";

fn json(files: &[(&str, String)], arguments: &[&str]) -> Value {
    let folder = folder(files);
    let output = run(folder.path(), arguments);
    serde_json::from_str(&out(&output)).unwrap_or_else(|_| panic!("{}", err(&output)))
}

fn plan(entries: &[&str]) -> Vec<(&'static str, String)> {
    vec![("release/plan.yaml", entries.concat())]
}

fn postmortem(entries: &[&str]) -> Value {
    json(&plan(entries), &["postmortem", "inc-1", "--format", "json", "--today", "2027-06-20"])
}

fn gaps(view: &Value) -> Vec<&str> {
    view["gaps"].as_array().expect("gaps").iter().filter_map(|gap| gap["field"].as_str()).collect()
}

#[test]
fn a_post_mortem_shows_what_is_stated_and_what_is_missing() {
    let open = postmortem(&[RELEASE, INCIDENT]);
    assert_eq!(open["incident"]["status"], "open");
    assert_eq!((open["time_to_detect"].as_i64(), open["time_to_resolve"].as_i64()), (Some(600), None));
    let expect = ["owner", "detected_by", "impact", "cause", "triggers_missed", "timeline", "actions"];
    assert_eq!(gaps(&open), expect, "an open incident has no resolution to state");
    let closed = "  status: closed\n  resolved: 2027-06-11T09:30Z\n  actions: ACT-001\n";
    let action = "- {id: ACT-001, title: Alert on slow queries, owner: Lin, due: 2027-06-18}\n";
    let late = "- {id: ACT-002, title: Cache, owner: Ada, due: 2027-07-18, follows_from: INC-001}\n";
    let view = postmortem(&[RELEASE, INCIDENT, closed, action, late]);
    assert_eq!(view["time_to_resolve"].as_i64(), Some(5400));
    let actions: Vec<(&str, bool)> = view["actions"]
        .as_array()
        .expect("actions")
        .iter()
        .map(|action| (action["id"].as_str().unwrap_or_default(), action["is_overdue"] == true))
        .collect();
    assert_eq!(actions, [("ACT-001", true), ("ACT-002", false)]);
    assert!(gaps(&view).contains(&"resolution"), "{:?}", gaps(&view));
}

#[test]
fn a_post_mortem_is_about_an_incident() {
    let folder = folder(&plan(&[RELEASE, INCIDENT]));
    let output = run(folder.path(), &["postmortem", "REL-001"]);
    assert_eq!(code(&output), 2);
    assert!(err(&output).contains("REL-001 is not an incident"), "{}", err(&output));
    assert!(err(&output).contains("INC-001"), "{}", err(&output));
}

/// The recovery time in seconds, the failed deployments, and what is wrong with records.
fn measured(entries: &[&str], records: Option<&str>) -> (Value, Value, Vec<String>) {
    let config = match records {
        Some(_) => "[metrics]\ndeployments = [\"d.jsonl\"]\nincidents = [\"i.jsonl\"]\n",
        None => "[metrics]\ndeployments = [\"d.jsonl\"]\n",
    };
    let deployment =
        r#"{"id":"1","environment":"production","finished_at":"2027-06-10T10:00:00Z","result":"success"}"#;
    let mut files = plan(entries);
    files.push(("relplan.toml", config.to_owned()));
    files.push(("d.jsonl", deployment.to_owned()));
    if let Some(records) = records {
        files.push(("i.jsonl", records.to_owned()));
    }
    let view =
        json(&files, &["metrics", "--format", "json", "--today", "2027-06-20", "--from", "2027-06-01"]);
    let metric = |name: &str| {
        view["metrics"].as_array().expect("metrics").iter().find(|metric| metric["name"] == name).cloned()
    };
    let problems = view["unusable_records"].as_array().expect("records").iter();
    let problems = problems.map(|record| record["problem"].as_str().unwrap_or_default().to_owned()).collect();
    let value = |name: &str| metric(name).map_or(Value::Null, |metric| metric["value"].clone());
    (value("recovery_time"), value("change_fail_rate"), problems)
}

#[test]
fn incidents_of_the_plan_are_measured() {
    let resolved = "  resolved: 2027-06-11T09:30Z\n";
    let (recovery, rate, problems) = measured(&[RELEASE, INCIDENT, resolved], None);
    assert_eq!((recovery.as_f64(), rate.as_f64()), (Some(84_600.0), Some(100.0)), "{problems:?}");
    // One that is in a file, too, counts once.
    let record = r#"{"id":"INC-1","created_at":"2027-06-11T08:00:00Z","resolved_at":"2027-06-11T09:30:00Z"}"#;
    let (recovery, rate, problems) = measured(&[RELEASE, INCIDENT, resolved], Some(record));
    assert_eq!((recovery.as_f64(), rate.as_f64()), (Some(84_600.0), Some(100.0)));
    assert_eq!(problems, [] as [&str; 0]);
    // Where both have a time, and not the same, neither is taken.
    let other = record.replace("09:30", "09:40");
    let (recovery, _, problems) = measured(&[RELEASE, INCIDENT, resolved], Some(&other));
    assert_eq!(recovery, Value::Null);
    assert!(problems[0].contains("different times"), "{problems:?}");
}

#[test]
fn an_incident_without_its_times_is_no_figure() {
    let without =
        INCIDENT.lines().filter(|line| !line.contains("detected")).collect::<Vec<_>>().join("\n") + "\n";
    let (_, rate, problems) = measured(&[RELEASE, &without], None);
    assert_eq!(rate, Value::Null);
    assert!(problems[0].contains("`detected` is missing"), "{problems:?}");
    let contradicts = "  status: open\n  resolved: 2027-06-11T09:30Z\n";
    let (recovery, _, problems) = measured(&[RELEASE, INCIDENT, contradicts], None);
    assert_eq!(recovery, Value::Null);
    assert!(problems[0].contains("status of the incident is open"), "{problems:?}");
    let closed = "  status: closed\n";
    let (recovery, _, problems) = measured(&[RELEASE, INCIDENT, closed], None);
    assert_eq!(recovery, Value::Null);
    assert!(problems[0].contains("without a time"), "{problems:?}");
}

#[test]
fn a_gate_can_ask_for_open_incidents() {
    let verdict = |entries: &[&str]| {
        let criterion = "- {id: DEP-001, type: Criteria, title: No open incident, owner: Lin, blocker: yes, \
                         evidence: {incidents_below: High}}\n";
        let entries = [entries, &[criterion]].concat();
        let arguments = ["checklist", "--release", "3.0.0", "--format", "json", "--today", "2027-06-20"];
        let view = json(&plan(&entries), &arguments);
        let checks = view["checks"].as_array().expect("checks").clone();
        let own = checks.into_iter().find(|item| item["id"] == "DEP-001").expect("the criterion");
        (own["verdict"].as_str().unwrap_or_default().to_owned(), own["reason"].to_string())
    };
    let (open, reason) = verdict(&[RELEASE, INCIDENT]);
    assert!(open == "fail" && reason.contains("INC-001"), "{open} {reason}");
    assert_eq!(verdict(&[RELEASE, INCIDENT, "  resolved: 2027-06-11T09:30Z\n"]).0, "pass");
    assert_eq!(verdict(&[RELEASE, INCIDENT, "  resolved: 2028-06-11T09:30Z\n"]).0, "fail", "not yet");
    assert_eq!(verdict(&[RELEASE, &INCIDENT.replace("High", "Medium")]).0, "pass");
    let unrated = INCIDENT.replace("  severity: High\n", "");
    assert_eq!(verdict(&[RELEASE, &unrated]).0, "unknown");
    let unreadable = [RELEASE, INCIDENT, "  resolved: soon\n"];
    assert_ne!(verdict(&unreadable).0, "pass");
    // That nobody wrote an incident down is no proof that there was none; a number is a statement.
    assert_eq!(verdict(&[RELEASE]).0, "unknown");
    let stated = |count: u32| RELEASE.replace("outcome:", &format!("incidents: {count}, outcome:"));
    assert_eq!(verdict(&[&stated(0)]).0, "pass");
    assert_eq!(verdict(&[&stated(2), INCIDENT, "  resolved: 2027-06-11T09:30Z\n"]).0, "unknown");
    // Another release is another matter; one that nobody can place may be this one.
    let other = "- {id: REL-002, version: \"2.9.0\"}\n";
    let elsewhere = INCIDENT.replace("3.0.0", "2.9.0");
    assert_eq!(verdict(&[&stated(0), other, &elsewhere]).0, "pass");
    let unplaced = INCIDENT.replace("3.0.0", "2.8.0");
    assert_eq!(verdict(&[&stated(0), &unplaced]).0, "fail");
}

/// How a criterion that asks for open incidents stands, and why, with these records of a pager.
fn pager_verdict(requirement: &str, entries: &[&str], records: &[(&str, &str)]) -> (String, String) {
    let criterion = format!(
        "- {{id: DEP-001, type: Criteria, title: No open incident, owner: Lin, blocker: yes, \
         evidence: {{incidents_below: High{requirement}}}}}\n"
    );
    let mut files = plan(&[entries, &[criterion.as_str()]].concat());
    files.push(("relplan.toml", "[metrics]\nincidents = [\"ops/*.jsonl\"]\n".to_owned()));
    let names = ["ops/a.jsonl", "ops/b.jsonl", "ops/evidence.json"];
    for (name, text) in records {
        let name = names.iter().find(|own| *own == name).expect("a known name");
        files.push((name, (*text).to_owned()));
    }
    let arguments = ["checklist", "--release", "3.0.0", "--format", "json", "--today", "2027-06-20"];
    let view = json(&files, &arguments);
    let checks = view["checks"].as_array().expect("checks").clone();
    let own = checks.into_iter().find(|item| item["id"] == "DEP-001").expect("the criterion");
    (own["verdict"].as_str().unwrap_or_default().to_owned(), own["reason"].to_string())
}

const SEV1: &str = "{\"id\":\"P-1\",\"created_at\":\"2027-06-11T08:00:00Z\",\"severity\":\"SEV1\"}\n";
const OVER: &str = "{\"id\":\"P-2\",\"created_at\":\"2027-06-11T08:00:00Z\",\"severity\":\"SEV1\",\
                    \"resolved_at\":\"2027-06-11T09:00:00Z\"}\n";

#[test]
fn a_gate_sees_the_incidents_of_the_pager() {
    let verdict = |records: &str| pager_verdict("", &[RELEASE], &[("ops/a.jsonl", records)]);
    let stated = RELEASE.replace("outcome:", "incidents: 0, outcome:");
    let (open, reason) = pager_verdict("", &[&stated], &[("ops/a.jsonl", SEV1)]);
    assert!(open == "fail" && reason.contains("P-1"), "{open} {reason}");
    // A file that records another incident says that these are all; an empty one says nothing.
    assert_eq!(verdict(OVER).0, "pass");
    assert_eq!(verdict("").0, "unknown");
    assert_eq!(verdict(&SEV1.replace("SEV1", "SEV4")).0, "pass");
    assert_eq!(verdict(&SEV1.replace("SEV1", "urgent")).0, "unknown");
    assert_eq!(verdict(&SEV1.replace(",\"severity\":\"SEV1\"", "")).0, "unknown");
    // Resolved only after the moment of the gate.
    assert_eq!(verdict(&OVER.replace("2027-06-11T09", "2028-06-11T09")).0, "fail");
    // A webhook of DevLake, and events without a severity.
    let issue = "{\"issueKey\":\"7\",\"type\":\"INCIDENT\",\"createdDate\":\"2027-06-11T08:00:00Z\",\
                 \"severity\":\"Critical\"}\n";
    assert_eq!(verdict(issue).0, "fail");
    assert_eq!(verdict(&issue.replace("Critical", "")).0, "unknown");
}

#[test]
fn records_that_cannot_be_read_are_unknown() {
    let verdict = |records: &str| pager_verdict("", &[RELEASE], &[("ops/a.jsonl", records)]);
    for broken in ["not json\n", "{\"id\":\"P-3\"}\n", "\u{0}\n", "[[[\n"] {
        let (found, reason) = verdict(&format!("{OVER}{broken}"));
        assert!(found == "unknown" && reason.contains("unusable"), "{broken}: {found} {reason}");
    }
    // One id twice: the second may be open.
    assert_ne!(verdict(&format!("{OVER}{}", SEV1.replace("P-1", "P-2"))).0, "pass");
    // No file at all, where one is named.
    let (found, reason) = pager_verdict("", &[&RELEASE.replace("outcome:", "incidents: 0, outcome:")], &[]);
    assert!(found == "unknown" && reason.contains("matches none"), "{found} {reason}");
}

#[test]
fn an_entry_does_not_close_what_the_pager_has_open() {
    let resolved = [RELEASE, INCIDENT, "  resolved: 2027-06-11T09:30Z\n"];
    let own = SEV1.replace("P-1", "INC-1");
    assert_eq!(pager_verdict("", &resolved, &[("ops/a.jsonl", &own)]).0, "fail");
    // The worst severity that is stated counts.
    let low = INCIDENT.replace("High", "Low");
    assert_eq!(pager_verdict("", &[RELEASE, &low], &[("ops/a.jsonl", &own)]).0, "fail");
    // Times that differ a little do not matter to a gate: both say that it is over.
    let over = OVER.replace("P-2", "INC-1");
    assert_eq!(pager_verdict("", &resolved, &[("ops/a.jsonl", &over)]).0, "pass");
}

#[test]
fn an_age_applies_to_incident_files_and_sign_offs() {
    let aged = |time: &str| {
        let about = format!("{{\"time\":\"{time}\"}}");
        pager_verdict(", max_age: 7d", &[RELEASE], &[("ops/a.jsonl", OVER), ("ops/evidence.json", &about)]).0
    };
    assert_eq!(aged("2027-06-19T08:00:00Z"), "pass");
    assert_eq!(aged("2027-05-19T08:00:00Z"), "stale");
    assert_eq!(aged("soon"), "unknown");
    assert_eq!(pager_verdict(", max_age: 7d", &[RELEASE], &[("ops/a.jsonl", OVER)]).0, "unknown");
    let signed = |day: &str| {
        let criterion = "- {id: DEP-001, type: Criteria, title: Signed, owner: Lin, blocker: yes, \
                         evidence: {sign_off: QA Lead, max_age: 7d}}\n";
        let approval = format!("approvals:\n  - {{role: QA Lead, of: DEP-001, by: Tess{day}}}\n");
        let files = vec![
            ("release/plan.yaml", format!("{RELEASE}{criterion}")),
            ("release/approvals.yaml", approval),
        ];
        let view =
            json(&files, &["checklist", "--release", "3.0.0", "--format", "json", "--today", "2027-06-20"]);
        let checks = view["checks"].as_array().expect("checks").clone();
        let own = checks.into_iter().find(|item| item["id"] == "DEP-001").expect("the criterion");
        own["verdict"].as_str().unwrap_or_default().to_owned()
    };
    let today = signed(", on: 2027-06-19");
    assert!(today == "pass" || today == "warn", "{today}");
    assert_eq!(signed(", on: 2027-05-19"), "stale");
    assert_eq!(signed(""), "unknown");
}

#[test]
fn an_entry_of_another_environment_hides_no_incident() {
    let elsewhere = INCIDENT.replace("production", "staging") + "  resolved: 2027-06-11T09:30Z\n";
    for environment in ["", "\"environment\":\"production\","] {
        let record = format!(
            "{{\"id\":\"INC-1\",{environment}\"created_at\":\"2027-06-11T08:00:00Z\",\
             \"resolved_at\":\"2027-06-11T09:30:00Z\"}}"
        );
        let (_, rate, problems) = measured(&[RELEASE, &elsewhere], Some(&record));
        assert_eq!(rate.as_f64(), Some(100.0), "{environment}: {problems:?}");
        let is_named = problems.iter().any(|problem| problem.contains("different environments"));
        assert_eq!(is_named, !environment.is_empty(), "{problems:?}");
    }
    // Where no file has it, the entry alone speaks.
    let (_, rate, problems) = measured(&[RELEASE, &elsewhere], Some(OVER));
    assert_eq!((rate.as_f64(), problems.len()), (Some(100.0), 0), "P-2 counts everywhere");
}

/// How an entry stands that a gate chooses.
fn chosen(entry: &str, from: &str, more: &str) -> (String, String) {
    let gate = format!("[[gates.follow.criteria]]\nname = \"All closed\"\nfrom = \"{from}\"\nmin = 1\n");
    let plan = format!("{RELEASE}{entry}{more}");
    let view = json(
        &[("release/plan.yaml", plan), ("relplan.toml", gate)],
        &["gate", "follow", "--release", "3.0.0", "--format", "json", "--today", "2027-06-20"],
    );
    let checks = view["checks"].as_array().expect("checks").iter();
    let own = checks.filter(|check| check["id"].as_str().is_some_and(|id| id.starts_with(from)));
    let mut own =
        own.map(|check| (check["verdict"].as_str().unwrap_or_default(), check["reason"].to_string()));
    let (verdict, reason) = own.next_back().unwrap_or_else(|| panic!("{view:#}"));
    (verdict.to_owned(), reason)
}

#[test]
fn a_status_alone_waives_nothing() {
    let action =
        "- {id: ACT-001, title: Cache, owner: Ada, release: \"3.0.0\", status: dropped, reason: Too dear}\n";
    let (verdict, reason) = chosen(action, "ACT", "");
    assert!(verdict == "fail" && reason.contains("without a waiver"), "{verdict} {reason}");
    for word in ["cancelled", "canceled"] {
        assert_eq!(chosen(&action.replace("dropped", word), "ACT", "").0, "fail");
    }
    let waiver = "---\nwaivers:\n  - {check: ACT-001, by: Tess, reason: Replaced, until: 2027-07-01}\n";
    let (verdict, reason) = chosen(action, "ACT", waiver);
    assert!(verdict == "waived" && reason.contains("Tess"), "{verdict} {reason}");
    let risk = "- {id: RISK-001, title: Rain, probability: 90%, impact: High, status: accepted, \
                release: \"3.0.0\"}\n";
    assert_eq!(chosen(risk, "RISK", "").0, "fail");
    assert_eq!(chosen(&risk.replace("status:", "accepted_by: Ann, status:"), "RISK", "").0, "waived");
    let expired = risk.replace("status:", "accepted_by: Ann, expires: 2027-06-01, status:");
    assert_eq!(chosen(&expired, "RISK", "").0, "fail");
    let test = "- {id: TEST-001, title: It starts, release: \"3.0.0\", status: skipped}\n";
    assert_eq!(chosen(test, "TEST", "").0, "unknown");
    let epic = "- {id: EPIC-001, title: Search, release: \"3.0.0\", state: Deferred}\n";
    assert_eq!(chosen(epic, "EPIC", "").0, "fail");
}

#[test]
fn incidents_and_actions_are_on_the_calendar() {
    let action = "- {id: ACT-001, title: Cache, owner: Ada, due: 2027-06-18, follows_from: INC-001}\n";
    let entries = plan(&[RELEASE, INCIDENT, action]);
    let arguments = ["calendar", "--format", "json", "--from", "2027-06-01", "--today"];
    let view = json(&entries, &[&arguments[..], &["2027-06-20"]].concat());
    let kinds = |list: &Value, kind: &str| {
        list.as_array().expect("items").iter().filter(|item| item["kind"] == kind).count()
    };
    assert_eq!(kinds(&view["agenda"], "incident"), 1);
    assert_eq!((kinds(&view["agenda"], "action"), kinds(&view["overdue"], "action")), (1, 1));
    let done = action.replace("owner", "status: done, owner");
    let view = json(&plan(&[RELEASE, INCIDENT, &done]), &[&arguments[..], &["2027-06-20"]].concat());
    assert_eq!(kinds(&view["overdue"], "action"), 0);
}

#[test]
fn what_happened_after_an_approval_does_not_change_what_was_approved() {
    let planned = "- {id: REL-001, title: Spring, version: \"3.0.0\", date: 2027-06-10, owner: Ada}\n";
    let approved = |entries: &[&str]| {
        let folder = folder(&plan(entries));
        let output =
            run(folder.path(), &["approve", "--role", "QA Lead", "--by", "Tess", "--today", "2027-06-01"]);
        let told = out(&output) + &err(&output);
        let digest = told.split("sha256:").nth(1).and_then(|rest| rest.split(')').next()).map(str::to_owned);
        digest.unwrap_or_else(|| panic!("{told}"))
    };
    assert_eq!(approved(&[planned]), approved(&[planned, INCIDENT]));
    let epic = "- {id: EPIC-001, title: Search, release: \"3.0.0\"}\n";
    assert_ne!(approved(&[planned]), approved(&[planned, epic]));
}
