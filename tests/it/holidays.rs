//! Holidays, freezes and UIDs of the calendar, as the cases have them.

use std::path::Path;

use crate::support::{folder, found, out, run};

const RELEASE: &str = "\
- id: REL-001
  title: Spring
  version: \"2.4.0\"
  date: 2027-04-06
  status: planned
  owner: Ada
  milestones: {feature_complete: none, alpha: none, code_freeze: none, beta: none, release_candidate: 2027-03-30, support_end: none}
  communications: [{name: Notice, audience: all, channel: mail, when: 5 days before}]
";

/// The rules of the calendar that find something, with the days that they name.
fn found_in(at: &Path) -> Vec<String> {
    let json = out(&run(at, &["check", "--format", "json"]));
    let of_calendar = |rule: &str| ["holiday", "day-off", "freeze"].iter().any(|word| rule.contains(word));
    let mut rules: Vec<String> =
        found(&json).into_iter().map(|finding| finding.rule).filter(|rule| of_calendar(rule)).collect();
    rules.sort();
    rules
}

fn with_event(lines: &str) -> Vec<String> {
    let ics = format!("BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//t//EN\n{lines}END:VCALENDAR\n");
    let at = folder(&[
        ("plan.yaml", RELEASE),
        ("relplan.toml", "[plan]\nfiles = [\"plan.yaml\"]\n[calendar]\nholidays_file = [\"days.ics\"]\n"),
        ("days.ics", &ics),
    ]);
    found_in(at.path())
}

#[test]
fn holidays_count_as_icalendar_means_them() {
    let event = |lines: &str| with_event(&format!("BEGIN:VEVENT\nUID:a@x\n{lines}END:VEVENT\n"));
    let on_holiday = ["release-on-holiday"];
    assert_eq!(event("DTSTART;VALUE=DATE:20270404\nDURATION:P3D\nSUMMARY:Shutdown\n"), on_holiday);
    assert_eq!(event("DTSTART;VALUE=DATE:20270301\nRDATE;VALUE=DATE:20270406\n"), on_holiday);
    let tuesdays = "DTSTART;VALUE=DATE:20270105\nDTEND;VALUE=DATE:20270106\nRRULE:FREQ=WEEKLY;BYDAY=TU\n";
    assert_eq!(event(tuesdays), ["milestone-on-day-off", "release-on-holiday"]);
    assert_eq!(event(&format!("{tuesdays}EXDATE;VALUE=DATE:20270330,20270406\n")), [""; 0]);
    let midnight = "DTSTART;TZID=Europe/Berlin:20270405T000000\nDTEND;TZID=Europe/Berlin:20270406T000000\n";
    assert_eq!(event(midnight), [""; 0]);
    assert_eq!(with_event("begin:vevent\nuid:a@x\ndtstart;value=date:20270406\nend:vevent\n"), on_holiday);
}

#[test]
fn a_calendar_without_a_day_is_a_finding() {
    let none = ["holidays-file-without-day"];
    assert_eq!(with_event(""), none);
    assert_eq!(with_event("BEGIN:VTODO\nUID:t\nDUE;VALUE=DATE:20270406\nEND:VTODO\n"), none);
    assert_eq!(
        with_event("BEGIN:VEVENT\nUID:a\nDTSTART;VALUE=DATE:20270406\nSTATUS:CANCELLED\nEND:VEVENT\n"),
        none
    );
}

fn with_freeze(freeze: &str, date: &str) -> Vec<String> {
    let plan = RELEASE.replace("2027-04-06", date)
        + "- {id: DEP-001, type: Environment, stage: Deploy, title: P, name: production, infrastructure: i, \
           configuration: {A: b}, secrets: s, access: a, order: 1, owner: Ada}\n";
    let toml = format!("[plan]\nfiles = [\"plan.yaml\"]\n[[calendar.freezes]]\nname = \"Freeze\"\n{freeze}");
    let at = folder(&[("plan.yaml", plan.as_str()), ("relplan.toml", &toml)]);
    found_in(at.path())
}

#[test]
fn the_hours_of_a_freeze_count() {
    let cut_over = "from = 2027-04-02T18:00:00\nto = 2027-04-06T06:00:00\n";
    for (date, expect) in [
        ("2027-04-01", &[][..]),
        ("2027-04-02", &["release-on-day-of-freeze"]),
        ("2027-04-05", &["release-in-freeze"]),
        ("2027-04-06", &["release-on-day-of-freeze"]),
        ("2027-04-07", &[]),
    ] {
        let found: Vec<String> = with_freeze(cut_over, date)
            .into_iter()
            .filter(|rule| rule.ends_with("freeze") && rule.starts_with("release"))
            .collect();
        assert_eq!(found, expect, "{date}");
    }
    let whole = "from = 2027-04-05T00:00:00\nto = 2027-04-06T23:59:59\n";
    assert!(with_freeze(whole, "2027-04-06").contains(&"release-in-freeze".to_owned()));
}

#[test]
fn a_freeze_of_what_does_not_exist_is_a_finding() {
    let freeze = |names: &str| with_freeze(&format!("from = 2027-01-01\n{names}\n"), "2027-04-06");
    assert_eq!(freeze("environments = [\"prodction\"]"), ["unmatched-freeze"]);
    assert_eq!(freeze("environments = [\"production\"]\nfamilies = [\"EPICS\"]"), ["unmatched-freeze"]);
    assert_eq!(freeze("environments = [\"Production\", \"DEP-001\"]\nfamilies = [\"EPIC\"]"), [""; 0]);
}

/// The UIDs of a calendar with what each is about.
fn uids(at: &Path) -> Vec<(String, String)> {
    let ics = out(&run(at, &["calendar", "--format", "ics"])).replace("\r\n ", "");
    let values = |name: &str| -> Vec<String> {
        ics.lines().filter_map(|line| line.strip_prefix(name)).map(|value| value.trim().to_owned()).collect()
    };
    let (uids, summaries) = (values("UID:"), values("SUMMARY:"));
    assert_eq!(uids.len(), summaries.len(), "{ics}");
    uids.into_iter().zip(summaries).collect()
}

const CROWDED: &str = "\
[plan]
files = [\"plan.yaml\"]
[[calendar.freezes]]
name = \"Quarter end\"
from = 2027-03-29
to = 2027-04-02
environments = [\"production\"]
[[calendar.freezes]]
name = \"Quarter end\"
from = 2027-03-29
to = 2027-03-31
environments = [\"staging\"]
[[calendar.trains]]
name = \"Weekly\"
first = 2027-05-01
cadence = \"1 week\"
version = \"2.{year}.0\"
";

#[test]
fn uids_are_unique() {
    let milestones = "\"Dress rehearsal!\": 2027-03-23, \"dress rehearsal\": 2027-03-24, ";
    let plan = RELEASE
        .replace("{feature_complete", &format!("{{{milestones}feature_complete"))
        .replace("communications: [", "communications: [{name: Notice, audience: all, channel: mail, when: 9 days before}, {name: Notice, audience: all, channel: mail, when: 9 days before}, ")
        + "  approvals: [{role: QA, due: 2 days before}, {role: QA, due: 1 day before}]\n";
    let at = folder(&[("plan.yaml", plan.as_str()), ("relplan.toml", CROWDED)]);
    let uids = uids(at.path());
    let mut names: Vec<&String> = uids.iter().map(|(uid, _)| uid).collect();
    names.sort();
    names.dedup();
    assert!(uids.len() >= 14, "{uids:#?}");
    assert_eq!(names.len(), uids.len(), "{uids:#?}");
}

#[test]
fn uids_stay_when_neighbours_change_and_differ_between_plans() {
    let more = "{name: Early, audience: support, channel: chat, when: 10 days before}, ";
    let at = |plan: &str, name: &str| {
        let toml = format!("[plan]\nname = \"{name}\"\nfiles = [\"plan.yaml\"]\n");
        folder(&[("plan.yaml", plan), ("relplan.toml", &toml)])
    };
    let plan = RELEASE.to_owned() + "  approvals: [{role: Legal, due: 2 days before}]\n";
    let changed = plan
        .replace("communications: [", &format!("communications: [{more}"))
        .replace("approvals: [", "approvals: [{role: QA, due: 1 day before}, ");
    let before = uids(at(&plan, "Shop").path());
    let after = uids(at(&changed, "Shop").path());
    for event in &before {
        assert!(after.contains(event), "{event:?} of {after:#?}");
    }
    let other = uids(at(&plan, "Billing").path());
    assert!(other.iter().all(|(uid, _)| before.iter().all(|(own, _)| own != uid)), "{other:#?}");
}

#[test]
fn defaults_are_marked_and_nothing_to_come_is_ticked() {
    let plan =
        "- {id: REL-001, title: R, version: \"2.4.0\", date: 2026-11-17, status: released, owner: Ada}\n";
    let at = folder(&[("plan.yaml", plan), ("relplan.toml", "[plan]\nfiles = [\"plan.yaml\"]\n")]);
    for format in ["ics", "csv", "markdown", "terminal", "mermaid"] {
        let shown = out(&run(at.path(), &["calendar", "--format", format, "--from", "2026-10-01"]))
            .replace("\r\n ", "");
        let named: Vec<&str> = shown.lines().filter(|line| line.contains("hypercare end")).collect();
        assert!(!named.is_empty(), "{format}: {shown}");
        for line in named {
            assert!(line.contains("default"), "{format}: {line}");
            // It is a week after the day of this test.
            assert!(!line.contains('✓') && !line.contains("done"), "{format}: {line}");
        }
    }
}
