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
