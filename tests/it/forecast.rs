//! `relplan forecast`: dates, likelihoods, what if, the record, and what cannot be forecast.

use serde_json::Value;
use tempfile::TempDir;

use crate::support::{code, err, folder, out, relplan, run};

const DAY: &str = "2027-01-04";

/// A plan with these entries and this configuration.
fn plan(entries: &str, toml: &str) -> TempDir {
    plan_with(entries, toml, "")
}

fn plan_with(entries: &str, toml: &str, history: &str) -> TempDir {
    let files = [("plan/plan.yaml", entries), ("relplan.toml", toml), ("history.csv", history)];
    folder(&files)
}

fn json(plan: &TempDir, arguments: &[&str]) -> Value {
    let output = run(plan.path(), &[&["forecast", "--today", DAY, "--format", "json"], arguments].concat());
    let text = out(&output);
    assert!(!text.contains("NaN") && !text.contains("null"), "{text}");
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{arguments:?}: {error}: {}", err(&output)))
}

/// The release date with a likelihood of so many per cent.
fn date(forecast: &Value, likelihood: u64) -> String {
    let dates = forecast["dates"].as_array().expect("dates");
    let date = dates.iter().find(|date| date["likelihood"] == likelihood).expect("a date");
    date["release"].as_str().unwrap_or("-").to_owned()
}

#[track_caller]
fn no_forecast(entries: &str, toml: &str, history: &str, arguments: &[&str], expect: &str) {
    let plan = plan_with(entries, toml, history);
    let forecast = json(&plan, arguments);
    let reason = forecast["no_forecast"].as_str().unwrap_or_else(|| panic!("{forecast}"));
    assert!(reason.contains(expect), "{reason}");
    let text = out(&run(plan.path(), &[&["forecast", "--today", DAY], arguments].concat()));
    assert!(text.contains("No forecast"), "{text}");
}

const EXACT: &str = "- {id: EPIC-1, title: T, estimate: {optimistic: 5d, likely: 5d, pessimistic: 5d}}\n";

#[test]
fn exact_work_ends_on_an_exact_day() {
    // Monday to Friday.
    assert_eq!(date(&json(&plan(EXACT, ""), &[]), 50), "2027-01-08");
    // A holiday, half of the time, a lag, a start in the future, half of the work done.
    let holiday = "[[calendar.holidays]]\nname = \"H\"\ndate = 2027-01-06\n";
    assert_eq!(date(&json(&plan(EXACT, holiday), &[]), 95), "2027-01-11");
    let team = "[team.A]\nallocation = \"50%\"\n";
    let owned = EXACT.replace("title: T", "title: T, owner: A");
    assert_eq!(date(&json(&plan(&owned, team), &[]), 50), "2027-01-15");
    let away = "[team.A]\nabsences = [{ from = 2027-01-05, to = 2027-01-08 }]\n";
    assert_eq!(date(&json(&plan(&owned, away), &[]), 50), "2027-01-14");
    let lag = format!(
        "{EXACT}{}",
        EXACT.replace("EPIC-1", "EPIC-2").replace("title: T", "title: T, depends_on: EPIC-1 (lag 2d)")
    );
    assert_eq!(date(&json(&plan(&lag, ""), &[]), 50), "2027-01-19");
    let later = EXACT.replace("title: T", "title: T, start: 2027-01-11");
    assert_eq!(date(&json(&plan(&later, ""), &[]), 50), "2027-01-15");
    let half = EXACT.replace("title: T", "title: T, state: In Progress, progress: 40%");
    assert_eq!(date(&json(&plan(&half, ""), &[]), 50), "2027-01-06");
    let pair = EXACT.replace("title: T", "title: T, people: 2");
    assert_eq!(date(&json(&plan(&pair, ""), &[]), 50), "2027-01-06");
}

#[test]
fn a_release_follows_its_work_and_avoids_freezes() {
    let release = "- {id: REL-1, version: 1.0.0, date: 2027-02-01, scope: {must: EPIC-1}}\n";
    let entries = format!("{release}{EXACT}");
    let forecast = json(&plan(&entries, ""), &[]);
    // Feature complete is three weeks before the release.
    assert_eq!(
        (date(&forecast, 85), forecast["target"]["likelihood"].as_f64()),
        ("2027-01-29".into(), Some(100.0))
    );
    let freeze = "[[calendar.freezes]]\nname = \"F\"\nfrom = 2027-01-29\nto = 2027-02-05\n";
    assert_eq!(
        date(&json(&plan(&entries, freeze), &[]), 85),
        "2027-02-01",
        "the planned date is the plan's own"
    );
    let late = entries.replace("2027-02-01", "2027-01-25");
    let forecast = json(&plan(&late, freeze), &[]);
    assert_eq!(
        (date(&forecast, 85), forecast["target"]["likelihood"].as_f64()),
        ("2027-02-08".into(), Some(0.0))
    );
    assert_eq!(forecast["milestones"][0]["name"], "feature complete");
}

#[test]
fn what_if_says_what_changes() {
    let entries = "\
- {id: REL-1, version: 1.0.0, date: 2027-02-12, scope: {must: EPIC-1, could: EPIC-2}}
- {id: EPIC-1, title: One, owner: A, estimate: 10d}
- {id: EPIC-2, title: Two, owner: A, estimate: 10d, priority: could}
- {id: RISK-1, title: Late, probability: 100%, delay: 5d}
";
    let plan = plan(entries, "[team.A]\npeople = 1\n");
    let likelihood =
        |arguments: &[&str]| json(&plan, arguments)["target"]["likelihood"].as_f64().expect("a likelihood");
    let now = likelihood(&[]);
    for change in
        [&["--without", "EPIC-2"][..], &["--resolve", "RISK-1"], &["--capacity", "A+1"], &["--scope", "must"]]
    {
        let changed = json(&plan, change);
        assert!(changed["target"]["likelihood"].as_f64() > Some(now), "{change:?}: {changed}");
        assert_eq!(changed["unchanged"]["likelihood"].as_f64(), Some(now));
        assert!(
            out(&run(plan.path(), &[&["forecast", "--today", DAY], change].concat())).contains("What if"),
            "{change:?}"
        );
    }
    for (wrong, expect) in [
        (&["--without", "EPIC-9"][..], "EPIC-9"),
        (&["--without", "RISK-1"], "name an EPIC entry"),
        (&["--resolve", "EPIC-1"], "name a RISK entry"),
        (&["--capacity", "B+1"], "the teams are A"),
        (&["--capacity", "A"], "write a team and a number"),
        (&["--trials", "5"], "100"),
        (&["--items", "9..3"], "lower number first"),
        (&["--throughput", "0"], "lower number first"),
    ] {
        let output = run(plan.path(), &[&["forecast"], wrong].concat());
        assert_eq!(code(&output), 2, "{wrong:?}");
        assert!(err(&output).contains(expect), "{wrong:?}: {}", err(&output));
    }
}

#[test]
fn what_drives_the_date_is_named() {
    let entries = "\
- {id: EPIC-1, title: Long, estimate: 20d}
- {id: EPIC-2, title: Short, estimate: 1d}
- {id: RISK-1, title: Late, probability: 90%, delay: 10d, linked_ids: EPIC-1}
";
    let forecast = json(&plan(entries, ""), &[]);
    let drivers: Vec<&str> = forecast["drivers"]
        .as_array()
        .expect("drivers")
        .iter()
        .map(|driver| driver["name"].as_str().expect("a name"))
        .collect();
    assert_eq!(drivers, ["EPIC-1", "RISK-1"]);
    assert_eq!(forecast["entries"][0]["critical"], 100.0);
}

#[test]
fn where_no_forecast_can_be_made_it_says_why() {
    let epic = "- {id: EPIC-1, title: T}\n";
    no_forecast("- {id: LL-1, title: T}\n", "", "", &[], "no EPIC entry is in scope");
    no_forecast(epic, "", "", &[], "no open EPIC entry has an estimate");
    no_forecast(
        "- {id: EPIC-1, title: T, estimate: 1d, depends_on: EPIC-2}\n- {id: EPIC-2, title: T, estimate: 1d, depends_on: EPIC-1}\n",
        "",
        "",
        &[],
        "EPIC-1, EPIC-2 depend on each other",
    );
    let never = "[[calendar.holidays]]\nname = \"H\"\ndate = 2027-01-01\nto = 2029-01-01\n";
    no_forecast(EXACT, never, "", &[], "no working day");
    no_forecast(EXACT, "", "", &["--method", "throughput"], "no number of work items");
    no_forecast(EXACT, "", "", &["--method", "throughput", "--items", "9"], "no complete week of history");
    let history = "[forecast]\nhistory = \"history.csv\"\n";
    no_forecast(
        EXACT,
        history,
        "week,items\n2026-12-07,0\n2026-12-14,0\n",
        &["--items", "9"],
        "no work item was done",
    );
}

#[test]
fn all_work_that_is_complete_is_complete_today() {
    let entries = "- {id: REL-1, version: 1.0.0, date: 2027-02-01, scope: {must: EPIC-1}}\n- {id: EPIC-1, title: T, state: Complete, estimate: 5d}\n";
    let forecast = json(&plan(entries, ""), &[]);
    assert_eq!(
        (date(&forecast, 95), forecast["target"]["likelihood"].as_f64()),
        ("2027-01-25".into(), Some(100.0))
    );
}

#[test]
fn missing_figures_are_borrowed_and_said() {
    let entries =
        "- {id: EPIC-1, title: T, estimate: 5d}\n- {id: EPIC-2, title: U}\n- {id: RISK-1, title: R}\n";
    let forecast = json(&plan(entries, "[team.A]\npeople = 0\n"), &[]);
    let said = forecast["assumptions"].to_string();
    for expect in
        ["borrowed: EPIC-2", "not counted: RISK-1", "1 single estimate", "assumed to be free: EPIC-1, EPIC-2"]
    {
        assert!(said.contains(expect), "{expect}: {said}");
    }
    let history = "[forecast]\nhistory = \"history.csv\"\nitems = 20\n";
    let one = plan_with(EXACT, history, "week,items\n2026-12-07,4\n");
    let forecast = json(&one, &[]);
    assert_eq!(forecast["method"], "throughput");
    assert!(
        forecast["assumptions"].to_string().contains("only 1 complete week: the spread of other projects"),
        "{forecast}"
    );
    assert_eq!(forecast["calibration"]["borrowed"], 20);
    assert!(date(&forecast, 85) > date(&forecast, 50));
}

#[test]
fn the_published_example_comes_out_by_its_flags() {
    let plan = plan(EXACT, "");
    let arguments =
        ["--method", "throughput", "--items", "50..58", "--split", "1..2", "--throughput", "3..6"];
    let forecast = json(&plan, &arguments);
    let weeks = |likelihood| {
        let release: chrono::NaiveDate = date(&forecast, likelihood).parse().expect("a day");
        (release - DAY.parse::<chrono::NaiveDate>().expect("a day")).num_days() / 7
    };
    for (likelihood, expect) in [(50, 19), (85, 23), (95, 25)] {
        assert!((weeks(likelihood) - expect).abs() <= 1, "{likelihood}: {}", weeks(likelihood));
    }
}

#[test]
fn the_same_seed_gives_the_same_bytes() {
    let plan = plan(
        "- {id: EPIC-1, title: T, estimate: 20d}\n- {id: EPIC-2, title: U, estimate: 9d, depends_on: EPIC-1}\n",
        "",
    );
    let bytes = |threads: &str, seed: &str| {
        let mut command = relplan(plan.path());
        command
            .env("RAYON_NUM_THREADS", threads)
            .args(["forecast", "--today", DAY, "--format", "json", "--seed", seed]);
        out(&command.output().expect("relplan can be started"))
    };
    let one = bytes("1", "7");
    assert_eq!(one, bytes("4", "7"));
    assert_ne!(one, bytes("4", "8"));
}

#[test]
fn forecasts_are_recorded_and_held_against_what_happened() {
    let entries = "- {id: REL-1, version: 1.0.0, date: 2027-02-01, scope: {must: EPIC-1}}\n- {id: EPIC-1, title: T, estimate: 5d}\n";
    let plan = plan(entries, "");
    for day in ["2027-01-04", "2027-01-05"] {
        assert_eq!(code(&run(plan.path(), &["forecast", "--today", day, "--record"])), 0);
    }
    let log = std::fs::read_to_string(plan.path().join("forecasts.jsonl")).expect("a record");
    assert_eq!(log.lines().count(), 2);
    let shipped = entries.replace("scope:", "deployed_at: 2027-03-01, status: released, scope:").to_owned()
        + "- {id: REL-2, version: 2.0.0, date: 2027-06-01, scope: {must: EPIC-2}}\n- {id: EPIC-2, title: U, estimate: 5d}\n";
    std::fs::write(plan.path().join("plan/plan.yaml"), shipped).expect("a plan");
    std::fs::write(plan.path().join("forecasts.jsonl"), format!("{log}not a record\n")).expect("a record");
    let output = run(plan.path(), &["forecast", "--today", "2027-03-08", "--backtest"]);
    assert!(out(&output).contains("✗ missed"), "{}", out(&output));
    assert!(err(&output).contains("1 line that cannot be read, first line 3"), "{}", err(&output));
    let later = run(plan.path(), &["forecast", "--today", "2027-03-08", "--format", "json"]);
    let later: Value = serde_json::from_str(&out(&later)).expect("JSON");
    assert_eq!(later["calibration"]["own"], 2);
    assert_eq!(later["calibration"]["simulated_held"], 0.0);
    let refused = run(plan.path(), &["forecast", "--record", "--without", "EPIC-2"]);
    assert_eq!(code(&refused), 2, "what is not planned is not recorded");
}

#[test]
fn a_backtest_without_history_says_so() {
    let text = out(&run(plan(EXACT, "").path(), &["forecast", "--today", DAY, "--backtest"]));
    assert!(text.contains("No forecast can be tested") && text.contains("n/a"), "{text}");
}

#[test]
fn a_long_plan_takes_its_time_and_no_longer() {
    let entries: String = (1..=400)
        .map(|number| {
            format!(
                "- {{id: EPIC-{number}, title: T, estimate: 999w, depends_on: EPIC-{}}}\n",
                (number - 1).max(1)
            )
        })
        .collect();
    let forecast = json(&plan(&entries.replacen(", depends_on: EPIC-1", "", 1), ""), &["--trials", "100"]);
    assert_eq!(date(&forecast, 50), "-", "more than twenty years away");
    let slow = ["--method", "throughput", "--items", "999999999", "--throughput", "1", "--trials", "100"];
    assert_eq!(date(&json(&plan(EXACT, ""), &slow), 50), "-");
    let crowd = "[team.A]\npeople = 4000000000\nwip_limit = 3000000000\n";
    let owned = EXACT.replace("title: T", "title: T, owner: A, people: 4000000000");
    assert_eq!(date(&json(&plan(&owned, crowd), &["--trials", "100"]), 50), "2027-01-04");
}
