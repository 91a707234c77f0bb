//! `relplan notify`, and gates that ask for communications.

use serde_json::Value;

use crate::support::{code, err, folder, out, run};

const PLAN: &str = "\
- id: REL-001
  title: Spring
  version: \"3.0.0\"
  date: 2027-06-10
  owner: Ada
  communications:
    - {name: Announcement, audience: Customers, channel: Mail, when: 4 weeks before, sender: Lin, sent: 2027-05-12}
    - {name: 48-hour notice, audience: Customers, channel: Status page, when: 48 hours before}
    - {name: Summary, audience: Management, channel: Mail, when: 2 weeks after, sent: 2027-06-30}
    - {name: Progress, audience: Customers, channel: Status page, when: during rollout}
- id: REL-002
  title: Winter
  version: \"2.9.0\"
  date: 2027-01-10
  status: released
  communications: [{name: Announcement, audience: Customers, channel: Mail, when: 4 weeks before}]
- {id: REL-003, title: Autumn, version: \"3.1.0\", date: 2027-07-01}
";

/// Release, name and status of each, on a day.
fn statuses(day: &str, more: &[&str]) -> Vec<String> {
    let folder = folder(&[("release/plan.yaml", PLAN)]);
    let output = run(folder.path(), &[&["notify", "--format", "json", "--today", day], more].concat());
    let json: Value = serde_json::from_str(&out(&output)).unwrap_or_else(|_| panic!("{}", err(&output)));
    let text = |notice: &Value, key: &str| notice[key].as_str().unwrap_or_default().to_owned();
    let notices = json["communications"].as_array().expect("communications").iter();
    notices
        .map(|notice| {
            let named = [text(notice, "release"), text(notice, "name"), text(notice, "status")];
            named.join(" ")
        })
        .collect()
}

#[test]
fn each_communication_says_whether_it_was_sent() {
    let spring = |day| statuses(day, &["--release", "3.0.0"]);
    let expect = [
        "REL-001 Announcement sent",
        "REL-001 48-hour notice due",
        // A day to come on which it was sent proves nothing.
        "REL-001 Summary planned",
        "REL-001 Progress undated",
    ];
    assert_eq!(spring("2027-06-08"), expect);
    assert_eq!(spring("2027-06-09")[1], "REL-001 48-hour notice overdue");
    assert_eq!(statuses("2027-06-09", &["--due"]), ["REL-001 48-hour notice overdue"]);
    assert_eq!(statuses("2027-06-08", &["--release", "REL-002"]), ["REL-002 Announcement not_recorded"]);
    // What is usual was demanded by nobody.
    assert_eq!(statuses("2027-06-09", &["--release", "REL-003"])[0], "REL-003 Announcement not_recorded");
}

#[test]
fn a_pipeline_can_ask_for_it() {
    let folder = folder(&[("release/plan.yaml", PLAN)]);
    let check = |day| code(&run(folder.path(), &["notify", "--check", "--today", day]));
    assert_eq!((check("2027-06-08"), check("2027-06-09")), (0, 1));
}

#[test]
fn a_gate_can_ask_for_it() {
    let verdict = |requirement: &str, day: &str| {
        let criterion = format!(
            "- {{id: DEP-001, type: Criteria, title: Customers know, owner: Lin, blocker: yes, release: REL-001, \
             evidence: {{communications: {requirement}}}}}\n"
        );
        let folder = folder(&[("release/plan.yaml", &format!("{PLAN}{criterion}"))]);
        let arguments = ["checklist", "--release", "3.0.0", "--format", "json", "--today", day];
        let output = run(folder.path(), &arguments);
        let json: Value = serde_json::from_str(&out(&output)).unwrap_or_else(|_| panic!("{}", err(&output)));
        let items = json["checks"].as_array().expect("checks").clone();
        let own = items.into_iter().find(|item| item["id"] == "DEP-001").expect("the criterion");
        (own["verdict"].as_str().unwrap_or_default().to_owned(), own["reason"].to_string())
    };
    assert_eq!(verdict("Announcement", "2027-06-01").0, "pass");
    let (open, reason) = verdict("[Announcement, 48-hour notice]", "2027-06-09");
    assert!(open == "fail" && reason.contains("`48-hour notice` is not recorded as sent"), "{open} {reason}");
    assert_eq!(verdict("Summary", "2027-06-09").0, "unknown", "it is dated in the future");
    let (unknown, reason) = verdict("Anouncement", "2027-06-09");
    assert!(unknown == "unknown" && reason.contains("no communication `Anouncement`"), "{unknown} {reason}");
}

/// A notice that was sent on this day, for a release of this date.
fn sent(when: &str, sent: &str, date: &str) -> String {
    format!(
        "- {{id: REL-001, title: Spring, version: \"3.0.0\", {date}owner: Ada, communications: [{{name: Notice, audience: \
         Customers, channel: Mail, {when}sent: {sent}}}]}}\n\
         - {{id: DEP-001, type: Criteria, title: Customers know, owner: Lin, blocker: yes, release: REL-001, \
         evidence: {{communications: Notice}}}}\n"
    )
}

#[test]
fn a_notice_that_was_sent_too_early_is_not_sent() {
    let judged = |plan: &str| {
        let folder = folder(&[("release/plan.yaml", plan)]);
        let json = |arguments: &[&str]| -> Value {
            let output =
                run(folder.path(), &[arguments, &["--format", "json", "--today", "2027-06-08"]].concat());
            serde_json::from_str(&out(&output)).unwrap_or_else(|_| panic!("{}", err(&output)))
        };
        let checklist = json(&["checklist", "--release", "3.0.0"]);
        let own =
            checklist["checks"].as_array().expect("checks").iter().find(|check| check["id"] == "DEP-001");
        let verdict = own.expect("the criterion")["verdict"].as_str().unwrap_or_default().to_owned();
        let notice = json(&["notify"])["communications"][0].clone();
        let status = notice["status"].as_str().unwrap_or_default().to_owned();
        let findings = json(&["check"])["findings"].as_array().expect("findings").clone();
        let names = findings.iter().filter_map(|finding| finding["rule"].as_str());
        let found = names.filter(|name| ["sent-too-early", "date-in-future"].contains(name));
        (verdict, status, notice["sent_does_not_count"].is_string(), found.collect::<Vec<_>>().join(" "))
    };
    let check = |when: &str, day: &str, date: &str, verdict: &str, status: &str, finding: &str| {
        let expect = (verdict.to_owned(), status.to_owned(), verdict != "pass", finding.to_owned());
        assert_eq!(judged(&sent(when, day, date)), expect, "{when} {day} {date}");
    };
    let date = "date: 2027-06-10, ";
    check("when: 48 hours before, ", "2027-06-01", date, "pass", "sent", "");
    check("when: 48 hours before, ", "2020-01-01", date, "unknown", "due", "sent-too-early");
    check("when: 2027-06-07, ", "2026-12-20", date, "unknown", "overdue", "sent-too-early");
    check("when: during rollout, ", "2020-01-01", date, "unknown", "undated", "sent-too-early");
    check("when: 1 week after, ", "2027-06-07", date, "unknown", "planned", "sent-too-early");
    check("when: 48 hours before, ", "2027-06-09", date, "unknown", "due", "date-in-future");
    check("", "2020-01-01", "", "unknown", "undated", "");
}
