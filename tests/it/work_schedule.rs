//! `relplan schedule`: days on the calendar, capacity, critical path and chain, buffers.

use serde_json::Value;
use tempfile::TempDir;

use crate::support::{code, err, folder, out, run};

fn plan(entries: &str, toml: &str) -> TempDir {
    folder(&[("plan/plan.yaml", entries), ("relplan.toml", toml)])
}

fn json(plan: &TempDir, today: &str) -> Value {
    let output = run(plan.path(), &["schedule", "--today", today, "--format", "json"]);
    let text = out(&output);
    assert!(!text.contains("NaN") && !text.contains("null"), "{text}");
    serde_json::from_str(&text).expect("JSON")
}

/// The first and the last day of an item.
fn days(schedule: &Value, id: &str) -> (String, String) {
    let items = schedule["items"].as_array().expect("items");
    let item = items.iter().find(|item| item["id"] == id).expect("an item");
    let day = |key: &str| item[key].as_str().expect("a day").to_owned();
    (day("start"), day("end"))
}

fn exact(id: &str, days: u32, more: &str) -> String {
    format!(
        "- {{id: {id}, title: T, estimate: {{optimistic: {days}d, likely: {days}d, pessimistic: {days}d}}, {more}}}\n"
    )
}

#[test]
fn days_are_those_of_taskjuggler() {
    // Computed by TaskJuggler 3.8: A and C by one person, B by another, C after both, a holiday on 7 September.
    let entries = exact("EPIC-1", 10, "owner: one")
        + &exact("EPIC-2", 5, "owner: two")
        + &exact("EPIC-3", 5, "owner: one, depends_on: [EPIC-1, EPIC-2]");
    let toml = "[team.one]\n[team.two]\n[[calendar.holidays]]\nname = \"H\"\ndate = 2026-09-07\n";
    let schedule = json(&plan(&entries, toml), "2026-09-01");
    assert_eq!(days(&schedule, "EPIC-1"), ("2026-09-01".into(), "2026-09-15".into()));
    assert_eq!(days(&schedule, "EPIC-2"), ("2026-09-01".into(), "2026-09-08".into()));
    assert_eq!(days(&schedule, "EPIC-3"), ("2026-09-16".into(), "2026-09-22".into()));
    assert_eq!(schedule["complete"], "2026-09-22");
    assert_eq!(schedule["critical_path"], serde_json::json!(["EPIC-1", "EPIC-3"]));
    assert_eq!(
        (schedule["items"][0]["id"].as_str(), schedule["items"][0]["float"].as_f64()),
        (Some("EPIC-2"), Some(5.0))
    );
}

#[test]
fn people_who_are_busy_or_away_are_waited_for() {
    let entries = exact("EPIC-1", 3, "owner: one") + &exact("EPIC-2", 2, "owner: one");
    let toml = "[team.one]\nabsences = [{ from = 2027-01-05, to = 2027-01-05 }]\n";
    let schedule = json(&plan(&entries, toml), "2027-01-04");
    assert_eq!(schedule["complete"], "2027-01-11", "five days of work, a day away, a weekend");
    let second = &schedule["items"][1];
    assert!(
        second["reason"].as_str().expect("a reason").starts_with("waits for people of one until 2027-01-"),
        "{second}"
    );
    assert_eq!(schedule["critical_chain"].as_array().map(Vec::len), Some(2), "{schedule}");
    let limited = json(&plan(&entries, "[team.one]\npeople = 9\nwip_limit = 1\n"), "2027-01-04");
    assert_eq!(limited["complete"], "2027-01-08");
    assert!(
        limited["items"][1]["reason"].as_str().expect("a reason").contains("work in progress limit"),
        "{limited}"
    );
}

#[test]
fn buffers_are_those_of_the_formula() {
    // The chain of the textbook: (6 − 3)², (3 − 2)² and (2 − 0)² would make √14; here each reserve is pessimistic − expected.
    let entries = "- {id: EPIC-1, title: T, estimate: {optimistic: 4d, likely: 4d, pessimistic: 10d}}\n";
    let schedule = json(&plan(entries, ""), "2027-01-04");
    assert_eq!(
        (schedule["buffer"]["root_sum_square"].as_f64(), schedule["buffer"]["half_chain"].as_f64()),
        (Some(5.0), Some(2.5))
    );
    assert_eq!(
        (schedule["complete"].as_str(), schedule["buffered"].as_str()),
        (Some("2027-01-08"), Some("2027-01-15"))
    );
}

#[test]
fn what_is_late_is_said_and_phases_follow() {
    let release = "- {id: REL-1, version: 1.0.0, date: 2027-01-25, scope: {must: EPIC-1}, rollout: [{name: Canary, duration: 2d}, {name: All, duration: 1w}]}\n";
    let entries = release.to_owned() + &exact("EPIC-1", 8, "due: 2027-01-08");
    let freeze = "[[calendar.freezes]]\nname = \"F\"\nfrom = 2027-02-05\nto = 2027-02-07\n";
    let plan = plan(&entries, freeze);
    let schedule = json(&plan, "2027-01-04");
    assert_eq!(schedule["items"][0]["late"], 5);
    assert_eq!(schedule["release_follows"], "2027-02-03");
    assert_eq!(schedule["phases"][0]["start"], "2027-02-03");
    assert_eq!(
        (schedule["phases"][1]["start"].as_str(), schedule["phases"][1]["end"].as_str()),
        (Some("2027-02-08"), Some("2027-02-14"))
    );
    let text = out(&run(plan.path(), &["schedule", "--today", "2027-01-04"]));
    assert!(text.contains("9 days late") && text.contains("5 days late"), "{text}");
}

#[test]
fn a_release_that_can_follow_on_no_day_is_late_without_a_number() {
    let release =
        "- {id: REL-1, version: 1.0.0, date: 2027-01-25, scope: {must: EPIC-1}, rollout: [{name: Canary}]}\n";
    let entries = release.to_owned() + &exact("EPIC-1", 8, "");
    let freeze = "[[calendar.freezes]]\nname = \"F\"\nfrom = 2027-01-26\nto = 2040-12-31\n";
    let plan = plan(&entries, freeze);
    let schedule = json(&plan, "2027-01-04");
    assert_eq!((schedule.get("release_follows"), &schedule["phases"]), (None, &serde_json::json!([])));
    let text = out(&run(plan.path(), &["schedule", "--today", "2027-01-04"]));
    assert!(text.contains("✗ Late  for the release date 2027-01-25: no day is known"), "{text}");
    assert!(!text.contains("Canary"), "{text}");
}

#[test]
fn a_phase_without_a_duration_is_said() {
    let release = "- {id: REL-1, version: 1.0.0, date: 2027-03-01, scope: {must: EPIC-1}, rollout: [{name: Canary}, {name: All, duration: soon}, {name: Rest, duration: 2d}]}\n";
    let plan = plan(&(release.to_owned() + &exact("EPIC-1", 8, "")), "");
    let schedule = json(&plan, "2027-01-04");
    let said = schedule["assumptions"].to_string();
    assert!(said.contains("No `duration` of a rollout phase, so a day is assumed: Canary, All."), "{said}");
    assert_eq!(schedule["phases"][0]["start"], schedule["phases"][0]["end"]);
}

#[test]
fn where_nothing_can_be_placed_it_says_why() {
    let cases = [
        ("- {id: LL-1, title: T}\n".to_owned(), "", "no EPIC entry is in scope"),
        ("- {id: EPIC-1, title: T}\n".to_owned(), "", "has an estimate"),
        (
            exact("EPIC-1", 1, "depends_on: EPIC-2") + &exact("EPIC-2", 1, "depends_on: EPIC-1"),
            "",
            "depend on each other",
        ),
        (exact("EPIC-1", 99_999, ""), "", "more than twenty years"),
        (
            (1..=60).map(|number| exact(&format!("EPIC-{number}"), 100, "owner: one")).collect(),
            "[team.one]\n",
            "more than twenty years",
        ),
        (exact("EPIC-1", 1, "skills: rust"), "[team.R]\nskills = \"rust\"\npeople = 0\n", "EPIC-1 (team R)"),
    ];
    for (entries, toml, expect) in cases {
        let plan = plan(&entries, toml);
        let schedule = json(&plan, "2027-01-04");
        assert!(schedule["no_schedule"].as_str().unwrap_or_default().contains(expect), "{schedule}");
        for format in ["terminal", "html", "markdown"] {
            let output = run(plan.path(), &["schedule", "--today", "2027-01-04", "--format", format]);
            assert_eq!(code(&output), 0, "{format}");
            assert!(!out(&output).contains("Work\n") && !out(&output).contains(">Work<"), "{}", out(&output));
        }
        for format in ["csv", "ics", "mermaid"] {
            let output = run(plan.path(), &["schedule", "--today", "2027-01-04", "--format", format]);
            assert_eq!((code(&output), out(&output).as_str()), (2, ""), "{format}");
            assert!(err(&output).contains("nothing to write as"), "{}", err(&output));
        }
    }
}
