//! `relplan health`: each signal by its rule, and the report as a whole.

use serde_json::Value;
use tempfile::TempDir;

use crate::support::{code, err, folder, out, run};

const DAY: &str = "2027-01-04";

const RELEASE: &str =
    "- {id: REL-1, version: 1.0.0, date: 2027-02-19, scope: {must: [EPIC-1, EPIC-2], could: EPIC-3}}\n";

const TEAM: &str = "[team.A]\n";

fn plan(entries: &str, toml: &str) -> TempDir {
    folder(&[("plan/plan.yaml", entries), ("relplan.toml", toml)])
}

fn health(plan: &TempDir) -> Value {
    let output = run(plan.path(), &["health", "--today", DAY, "--trials", "500", "--format", "json"]);
    let text = out(&output);
    assert!(!text.contains("NaN") && !text.contains("null"), "{text}");
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error}: {}", err(&output)))
}

/// The status and the reason of a signal.
fn signal<'h>(health: &'h Value, name: &str) -> (&'h str, &'h str) {
    let signals = health["signals"].as_array().expect("signals");
    let signal =
        signals.iter().find(|signal| signal["name"] == name).unwrap_or_else(|| panic!("{name}: {health}"));
    (signal["status"].as_str().expect("a status"), signal["reason"].as_str().expect("a reason"))
}

fn exact(id: &str, days: u32, more: &str) -> String {
    format!(
        "- {{id: {id}, title: T, owner: A, estimate: {{optimistic: {days}d, likely: {days}d, pessimistic: {days}d}}, {more}}}\n"
    )
}

/// A release whose open work takes so many of the twenty days that there are.
fn work(first: u32, second: u32) -> String {
    RELEASE.to_owned() + &exact("EPIC-1", first, "value: 3") + &exact("EPIC-2", second, "value: 2")
}

#[test]
fn likelihood_and_resources_follow_from_the_work() {
    let check = |entries: &str, likelihood: &str, resources: &str| {
        let found = health(&plan(entries, TEAM));
        assert_eq!(signal(&found, "Likelihood of the release date").0, likelihood, "{found}");
        assert_eq!(signal(&found, "Resources").0, resources, "{found}");
        found
    };
    check(&work(5, 5), "green", "green");
    check(&work(10, 9), "green", "yellow");
    let red = check(&work(10, 11), "red", "red");
    assert_eq!(
        (&red["health"], signal(&red, "Resources").1),
        (&Value::from("red"), "more work than capacity: A")
    );
    let needs: Vec<&str> = red["support_needed"]
        .as_array()
        .expect("needs")
        .iter()
        .filter_map(|need| need["subject"].as_str())
        .collect();
    assert!(needs.contains(&"Team A"), "{red}");
    let unknown =
        RELEASE.to_owned() + &exact("EPIC-1", 5, "value: 3") + "- {id: EPIC-2, title: T, owner: A}\n";
    check(&unknown, "green", "unknown");
    check("- {id: EPIC-1, title: T}\n", "unknown", "unknown");
}

#[test]
fn scope_changes_are_recommended_where_the_date_is_unlikely() {
    let entries = work(10, 5) + &exact("EPIC-3", 9, "value: 1");
    let found = health(&plan(&entries, TEAM));
    assert_eq!(
        found["scope_changes"],
        serde_json::json!(["Leave out EPIC-3: the release date becomes 100 % likely instead of 0 %."])
    );
    let fits = health(&plan(&work(5, 5), TEAM));
    assert_eq!(fits["scope_changes"], serde_json::json!([]));
}

#[test]
fn late_items_and_external_dependencies_are_signals() {
    let late = work(5, 5).replace("title: T, owner: A", "title: T, owner: A, due: 2027-01-08");
    let found = health(&plan(&late, TEAM));
    assert_eq!(signal(&found, "Critical path").0, "red", "{found}");
    assert_eq!(found["delays"].as_array().map(Vec::len), Some(1), "{found}");
    for (dependency, expect) in [
        ("status: ready", "green"),
        ("status: confirmed, due: 2027-01-08", "green"),
        ("status: confirmed, due: 2027-01-01", "red"),
        ("status: open", "yellow"),
        ("status: at risk", "red"),
        ("owner: X", "unknown"),
    ] {
        let with = format!("external_dependencies: [{{name: Licence, {dependency}}}], scope:");
        let found = health(&plan(&work(5, 5).replacen("scope:", &with, 1), TEAM));
        assert_eq!(signal(&found, "External dependencies").0, expect, "{dependency}");
    }
    assert_eq!(signal(&health(&plan(&work(5, 5), TEAM)), "External dependencies").0, "not_applicable");
}

#[test]
fn velocity_compares_four_weeks_with_nine() {
    let check = |recent: u32, expect: &str| {
        let day: chrono::NaiveDate = "2026-10-05".parse().expect("a day");
        let weeks: String = (0..13)
            .map(|week| {
                format!("{},{}\n", day + chrono::Days::new(7 * week), if week < 9 { 10 } else { recent })
            })
            .collect();
        let toml = format!("{TEAM}[forecast]\nhistory = \"history.csv\"\n");
        let plan = plan(&work(5, 5), &toml);
        std::fs::write(plan.path().join("history.csv"), format!("week,items\n{weeks}")).expect("a history");
        assert_eq!(signal(&health(&plan), "Velocity trend").0, expect, "{recent}");
    };
    for (recent, expect) in [(12, "green"), (9, "green"), (8, "yellow"), (6, "red")] {
        check(recent, expect);
    }
    assert_eq!(signal(&health(&plan(&work(5, 5), TEAM)), "Velocity trend").0, "not_applicable");
}

#[test]
fn the_trend_is_that_of_recorded_forecasts() {
    let plan = plan(&work(5, 5), TEAM);
    assert_eq!(signal(&health(&plan), "Trend of the likelihood").0, "not_applicable");
    assert_eq!(code(&run(plan.path(), &["forecast", "--today", "2026-12-20", "--record"])), 0);
    assert_eq!(signal(&health(&plan), "Trend of the likelihood"), ("green", "+0 points since 2026-12-20"));
    std::fs::write(plan.path().join("plan/plan.yaml"), work(10, 11)).expect("a plan");
    assert_eq!(signal(&health(&plan), "Trend of the likelihood"), ("red", "-100 points since 2026-12-20"));
}

#[test]
fn blockers_are_urgent_when_they_are_due() {
    let criterion = |release: &str| {
        work(5, 5).replace("2027-02-19", release)
            + "- {id: TEST-1, title: T, status: failing, priority: Critical}\n\
               - {id: DEP-1, title: Passes, type: Criteria, owner: A, blocker: Yes, requirement: R, status: failing}\n"
    };
    let (status, reason) = {
        let found = health(&plan(&criterion("2027-02-19"), TEAM));
        let (status, reason) = signal(&found, "Blockers");
        (status.to_owned(), reason.to_owned())
    };
    assert_eq!(status, "yellow", "{reason}");
    let near = health(&plan(&criterion("2027-01-08"), TEAM));
    assert_eq!(signal(&near, "Blockers").0, "red", "{near}");
}

#[test]
fn the_weeks_tell_what_becomes_of_the_work() {
    let plan = plan(&work(3, 10), TEAM);
    let found = health(&plan);
    let of = |week: &str| -> Vec<String> {
        let items = found[week].as_array().expect("items").iter();
        items
            .map(|item| {
                format!("{} {}", item["id"].as_str().unwrap_or(""), item["activity"].as_str().unwrap_or(""))
            })
            .collect()
    };
    let all = [of("this_week"), of("next_week")].concat();
    assert!(all.contains(&"EPIC-1 completes".to_owned()), "{all:?}");
    assert!(all.iter().any(|item| item.starts_with("EPIC-2")), "{all:?}");
    let text = out(&run(plan.path(), &["health", "--today", DAY]));
    for heading in ["Signals", "Progress", "This week", "Next week", "Support needed"] {
        assert!(text.contains(heading), "{heading}: {text}");
    }
}

#[test]
fn features_are_complete_when_their_epics_are() {
    let entries =
        work(5, 5).replacen("value: 3", "value: 3, implements: FEA-1, state: Complete, items: 8", 1)
            + "- {id: FEA-1, title: F}\n- {id: FEA-2, title: G}\n";
    let found = health(&plan(&entries, TEAM));
    let of = |name: &str| {
        let progress = found["progress"].as_array().expect("progress").iter();
        progress.clone().find(|progress| progress["of"] == name).cloned().expect("a row")
    };
    let features = of("Features");
    assert_eq!(
        (features["complete"].as_f64(), features["total"].as_f64()),
        (Some(1.0), Some(1.0)),
        "{found}"
    );
    assert_eq!(of("EPIC entries")["percent"], 50.0);
    assert_eq!(
        (of("Work items (points)")["percent"].as_f64(), of("Work items (points)")["unknown"].as_u64()),
        (Some(100.0), Some(1))
    );
}

#[test]
fn gates_and_the_critical_path_are_judged_by_the_release_date_where_nothing_else_is_stated() {
    let past = work(5, 5).replace("2027-02-19", "2026-12-01");
    assert_eq!(signal(&health(&plan(&past, TEAM)), "Gates").0, "red");
    assert_eq!(signal(&health(&plan(&work(5, 5), TEAM)), "Gates").0, "green");
    assert_eq!(signal(&health(&plan(&work(60, 60), TEAM)), "Critical path").0, "red");
    let undated = work(5, 5).replace(", date: 2027-02-19", "");
    let found = health(&plan(&undated, TEAM));
    assert_eq!(signal(&found, "Critical path").0, "not_applicable");
    assert_eq!(signal(&found, "Gates").0, "unknown");
}

#[test]
fn resources_do_not_depend_on_what_the_work_is_worth() {
    for value in ["value: 3", "", "value: 1e308"] {
        let entries = RELEASE.to_owned() + &exact("EPIC-1", 10, value) + &exact("EPIC-2", 11, value);
        let found = health(&plan(&entries, TEAM));
        assert_eq!(signal(&found, "Resources"), ("red", "more work than capacity: A"), "{value}");
        assert!(
            found["support_needed"].to_string().contains("21 days of open work, capacity of 20 days"),
            "{found}"
        );
    }
}

#[test]
fn records_and_history_that_cannot_be_read_are_unknown_and_not_none() {
    let toml = "[team.A]\n[forecast]\nhistory = [\"history.csv\"]\n";
    let with = |history: &str, records: &str| {
        let files = [
            ("plan/plan.yaml", &*work(5, 5)),
            ("relplan.toml", toml),
            ("history.csv", history),
            ("forecasts.jsonl", records),
        ];
        health(&folder(&files))
    };
    let found = with("week,items\n2026-W40,many\n", "{\"version\": 1, \"day\"\n");
    assert_eq!(signal(&found, "Velocity trend"), ("unknown", "1 part of the history cannot be read"));
    let trend = signal(&found, "Trend of the likelihood");
    assert_eq!(trend, ("unknown", "1 line of `forecasts.jsonl` cannot be read"));
    let none = with("week,items\n", "");
    assert_eq!(signal(&none, "Trend of the likelihood").0, "not_applicable");
}

#[test]
fn an_old_history_and_blockers_without_a_date_show_nothing() {
    let weeks = |first: &str, left_out: usize| {
        let first: chrono::NaiveDate = first.parse().expect("a day");
        let weeks = (0..15).filter(|week| *week != left_out);
        let rows = weeks.map(|week| format!("{},5\n", first + chrono::TimeDelta::weeks(week as i64)));
        format!("week,items\n{}", rows.collect::<String>())
    };
    let velocity = |history: &str| {
        let toml = "[team.A]\n[forecast]\nhistory = [\"history.csv\"]\n";
        let files = [("plan/plan.yaml", &*work(5, 5)), ("relplan.toml", toml), ("history.csv", history)];
        let found = health(&folder(&files));
        let (status, reason) = signal(&found, "Velocity trend");
        (status.to_owned(), reason.to_owned())
    };
    assert_eq!(velocity(&weeks("2026-09-21", 99)).0, "green");
    assert_eq!(
        velocity(&weeks("2025-01-06", 99)),
        ("unknown".into(), "the history ends 89 weeks ago".into())
    );
    assert_eq!(velocity(&weeks("2026-09-21", 9)).1, "weeks are missing in the history");
    let undated =
        RELEASE.replace("date: 2027-02-19, ", "") + &exact("EPIC-1", 5, "") + &exact("EPIC-2", 5, "");
    let found = health(&plan(&undated, TEAM));
    let (status, reason) = signal(&found, "Blockers");
    assert!(status != "green" && reason.contains("without a due date"), "{status} {reason}");
}
