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
fn a_change_without_effect_says_so() {
    let entries = "\
- {id: REL-1, version: 1.0.0, date: 2027-02-12, scope: {must: [EPIC-1, EPIC-2], should: EPIC-3}}
- {id: EPIC-1, title: One, owner: A, estimate: 10d, depends_on: EPIC-3}
- {id: EPIC-2, title: Two, owner: A, estimate: 10d, state: Complete}
- {id: EPIC-3, title: Three, owner: A, estimate: 10d}
- {id: EPIC-4, title: Four, estimate: 10d, state: Deferred}
- {id: RISK-1, title: Late, probability: 100%, delay: 5d, status: resolved}
- {id: RISK-2, title: Late, probability: 100%}
- {id: RISK-3, title: Late, probability: 100%, delay: 5d, linked_ids: EPIC-2}
";
    let check = |toml: &str, arguments: &[&str], expect: &str| {
        no_forecast(entries, toml, "", arguments, expect);
    };
    let team = "[team.A]\n[team.B]\n";
    check(team, &["--without", "EPIC-2"], "EPIC-2 is no open EPIC entry");
    check(team, &["--without", "EPIC-4"], "EPIC-4 is no open EPIC entry");
    check(team, &["--without", "EPIC-1", "--without", "EPIC-3"], "leaves nothing to do");
    check(team, &["--scope", "must"], "`--scope must` has no effect");
    for risk in ["RISK-1", "RISK-2", "RISK-3"] {
        check(team, &["--resolve", risk], &format!("`--resolve {risk}` has no effect"));
    }
    check(team, &["--capacity", "B+1"], "B does no open work");
    check(team, &["--capacity", "A+0"], "as many people as before");
    check(team, &["--capacity", "A-1"], "no capacity for EPIC-1 (team A), EPIC-3 (team A)");
    let stated = "[forecast]\nitems = 9\nthroughput = 3\n[team.A]\n";
    check(stated, &["--capacity", "A+1"], "`--capacity` has no effect on past throughput");
    check(stated, &["--without", "EPIC-1"], "`--without` has no effect on a total number");
    check(stated, &["--scope", "must"], "`--scope` has no effect on a total number");
}

#[test]
fn throughput_keeps_risks_and_changes() {
    let entries = "\
- {id: REL-1, version: 1.0.0, date: 2027-03-01, scope: {must: EPIC-1, could: EPIC-2}}
- {id: EPIC-1, title: One, items: 20}
- {id: EPIC-2, title: Two, items: 20}
- {id: RISK-1, title: Late, probability: 100%, delay: 10d, linked_ids: EPIC-1}
";
    let plan = plan(entries, "[forecast]\nthroughput = 5\n");
    let weeks = |arguments: &[&str]| {
        let forecast = json(&plan, arguments);
        assert_eq!(forecast["method"], "throughput", "{forecast}");
        let complete: chrono::NaiveDate =
            forecast["dates"][0]["complete"].as_str().expect("a day").parse().expect("a day");
        (complete - DAY.parse::<chrono::NaiveDate>().expect("a day")).num_days() / 7
    };
    assert_eq!(weeks(&[]), 10, "40 items at 5 a week and two weeks of delay, without any estimate");
    assert_eq!(weeks(&["--resolve", "RISK-1"]), 8);
    assert_eq!(weeks(&["--without", "EPIC-2"]), 6);
    assert_eq!(weeks(&["--scope", "must"]), 6);
    let drivers = json(&plan, &[])["drivers"].clone();
    let drivers: Vec<(&str, f64)> = drivers
        .as_array()
        .expect("drivers")
        .iter()
        .map(|driver| (driver["name"].as_str().expect("a name"), driver["days"].as_f64().expect("days")))
        .collect();
    assert_eq!(drivers, [("EPIC-1", 20.0), ("EPIC-2", 20.0), ("RISK-1", 10.0)]);
}

#[test]
fn who_is_not_in_the_teams_is_said_in_the_head() {
    let entries = "\
- {id: EPIC-1, title: One, owner: A, estimate: 5d}
- {id: EPIC-2, title: Two, owner: Nobody, estimate: 5d}
- {id: EPIC-3, title: Three, skills: rust, estimate: 5d}
";
    let able = plan(entries, "[team.A]\n[team.R]\nskills = \"rust\"\n");
    assert_eq!(json(&able, &[])["without_team"], serde_json::json!(["EPIC-2"]));
    let text = out(&run(able.path(), &["forecast", "--today", DAY]));
    let head = text.split("Dates by likelihood").next().expect("a head");
    assert!(head.contains("People are assumed to be free at any time for EPIC-2:"), "{text}");
    let idle = plan(entries, "[team.A]\n[team.R]\nskills = \"rust\"\npeople = 0\n");
    assert_eq!(
        json(&idle, &[])["no_forecast"].as_str().map(|reason| reason.contains("EPIC-3 (team R)")),
        Some(true)
    );
    let none = out(&run(plan(entries, "").path(), &["forecast", "--today", DAY]));
    assert!(none.contains("free at any time for all open work"), "{none}");
}

#[test]
fn rows_that_cannot_be_read_are_named_in_the_document() {
    let toml = "[forecast]\nhistory = \"history.csv\"\nitems = 20\n";
    let plan = plan_with(EXACT, toml, "week,items\n2026-12-21,4\n2026-12-28,four\n");
    for arguments in [&[][..], &["--backtest"]] {
        let forecast = json(&plan, arguments);
        assert_eq!(
            forecast["unreadable_history"],
            serde_json::json!([{"file": "history.csv", "line": 3, "problem": "`four` is not a whole number of 0 or more"}])
        );
        let text = out(&run(plan.path(), &[&["forecast", "--today", DAY], arguments].concat()));
        assert!(text.contains("1 row that cannot be read and is left out: history.csv:3"), "{text}");
    }
}

#[test]
fn the_future_has_no_outcome() {
    let entries = "\
- {id: REL-1, version: 1.0.0, date: 2027-02-01, deployed_at: 2027-02-02, status: released, outcome: success, scope: {must: EPIC-1}}
- {id: EPIC-1, title: T, state: Complete, estimate: 5d}
";
    let toml = "[forecast]\nhistory = \"history.csv\"\n";
    let past = "release,started,planned,actual\n0.9,2026-12-01,2027-01-10,2027-01-20\n";
    let plan = plan_with(entries, toml, past);
    let accuracy = |today: &str| {
        let output = run(plan.path(), &["forecast", "--today", today, "--backtest", "--format", "json"]);
        let tested: Value = serde_json::from_str(&out(&output)).expect("JSON");
        let of = |measure: &Value| measure["of"].as_str().expect("a count").to_owned();
        tested["accuracy"].as_array().expect("measures").iter().map(of).collect::<Vec<_>>()
    };
    let none = ["0 releases", "0 releases", "0 releases", "0 EPIC entries", "0 releases"];
    assert_eq!(accuracy("2027-01-04"), none);
    assert_eq!(
        accuracy("2027-02-03"),
        ["2 releases", "2 releases", "1 release", "1 EPIC entry", "1 release"]
    );
}

#[test]
fn what_has_no_end_in_twenty_years_is_not_complete() {
    let toml = "[forecast]\nhistory = \"history.csv\"\nitems = 200\n";
    let weeks: String = (0..13)
        .map(|week| {
            let day: chrono::NaiveDate = "2026-09-28".parse().expect("a day");
            format!("{},{}\n", day + chrono::Days::new(7 * week), u32::from(week == 5))
        })
        .collect();
    let slow = plan_with(EXACT, toml, &format!("week,items\n{weeks}"));
    let forecast = json(&slow, &["--trials", "200"]);
    assert_eq!([date(&forecast, 50), date(&forecast, 95)], ["-", "-"], "2,600 weeks are fifty years");
    assert!(forecast["histogram"].as_array().is_some_and(Vec::is_empty), "{forecast}");
    assert!(forecast["assumptions"].to_string().contains("100 % of the trials take more than twenty years"));
    assert!(forecast.get("simulated").is_none());
    let refused = run(slow.path(), &["forecast", "--today", DAY, "--record"]);
    assert!(err(&refused).contains("nothing is recorded"), "{}", err(&refused));
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
    let line: Value = serde_json::from_str(log.lines().next().expect("a line")).expect("JSON");
    assert_eq!((line["method"].as_str(), line["lead"].as_u64()), (Some("estimates"), Some(21)));
    assert!(line["work_p50"].as_str() < line["p50"].as_str(), "{line}");
    // A forecast that is open, and whose date is over, has missed it.
    let open = run(plan.path(), &["forecast", "--today", "2027-03-08", "--backtest", "--format", "json"]);
    let open: Value = serde_json::from_str(&out(&open)).expect("JSON");
    assert_eq!(
        (open["recorded"][1]["held"].as_bool(), open["recorded"][1].get("actual")),
        (Some(false), None)
    );
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
    // What was recorded after calibration does not calibrate: the dates before it do.
    let ratio = later["dates"][1]["complete"].clone();
    let widened = log.replace("\"p50\":\"2027", "\"p50\":\"2029").replace("\"p85\":\"2027", "\"p85\":\"2029");
    std::fs::write(plan.path().join("forecasts.jsonl"), widened).expect("a record");
    let again = run(plan.path(), &["forecast", "--today", "2027-03-08", "--format", "json"]);
    let again: Value = serde_json::from_str(&out(&again)).expect("JSON");
    assert_eq!(again["dates"][1]["complete"], ratio);
    for what_if in [["--without", "EPIC-2"], ["--items", "9"], ["--split", "1..2"], ["--throughput", "3"]] {
        let refused = run(plan.path(), &[&["forecast", "--record"], &what_if[..]].concat());
        assert_eq!(code(&refused), 2, "what is not planned is not recorded: {what_if:?}");
    }
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

/// Every view that gives a date or chooses work, and why it does not.
fn refused(entries: &str) -> Vec<String> {
    let team = "[team.A]\npeople = 2\n[forecast]\nthroughput = 2\nitems = 10\n";
    let folder = plan(entries, team);
    let views: [(&[&str], &str); 4] = [
        (&["forecast", "--method", "estimates"], "no_forecast"),
        (&["forecast", "--method", "throughput"], "no_forecast"),
        (&["schedule"], "no_schedule"),
        (&["scope", "--options"], "no_options"),
    ];
    let reason = |(arguments, key): &(&[&str], &str)| {
        let output = run(folder.path(), &[*arguments, &["--today", DAY, "--format", "json"]].concat());
        let view: Value = serde_json::from_str(&out(&output)).unwrap_or_else(|_| panic!("{}", err(&output)));
        view[*key].as_str().unwrap_or("none").to_owned()
    };
    views.iter().map(reason).collect()
}

#[test]
fn work_that_depends_on_what_never_comes_has_no_date() {
    let plan = |depends: &str, state: &str| {
        format!(
            "- {{id: REL-1, version: 1.0.0, date: 2027-02-19, scope: {{must: EPIC-1}}}}\n\
             - {{id: EPIC-1, title: T, owner: A, value: 5, effort: 1, risk: 1, {depends}estimate: 5d}}\n\
             - {{id: EPIC-8, title: U, owner: A, state: {state}, estimate: 3d}}\n\
             - {{id: TECH-1, title: Database, status: open}}\n"
        )
    };
    let cases = [
        ("depends_on: EPIC-9, ", "Planned", "EPIC-1 depends on EPIC-9, which is not in the plan"),
        ("depends_on: EPIC-8, ", "Deferred", "EPIC-1 depends on EPIC-8, which is deferred"),
        (
            "depends_on: [EPIC-8, EPIC-9], ",
            "Deferred",
            "or correct `depends_on`; EPIC-1 depends on EPIC-8, which is deferred: defer",
        ),
        ("depends_on: '#12', ", "Planned", "the dependencies of EPIC-1 cannot be read"),
        ("depends_on: EPIC-1, ", "Planned", "EPIC-1 depends on itself"),
    ];
    for (depends, state, expect) in cases {
        let reasons = refused(&plan(depends, state));
        assert!(reasons.iter().all(|reason| reason.contains(expect)), "{depends}: {reasons:?}");
    }
    for (depends, state) in
        [("", "Deferred"), ("depends_on: EPIC-8, ", "Complete"), ("depends_on: EPIC-8, ", "Planned")]
    {
        assert_eq!(refused(&plan(depends, state)), ["none"; 4], "{depends} {state}");
    }
    let twice = format!("{}- {{id: EPIC-1, title: V, owner: A, estimate: 200d}}\n", plan("", "Planned"));
    let reasons = refused(&twice);
    assert!(reasons.iter().all(|reason| reason.contains("two entries have the id EPIC-1")), "{reasons:?}");
    // What is no work package has neither an effort nor a date.
    let open = json(&self::plan(&plan("depends_on: TECH-1, ", "Planned"), ""), &[]);
    assert!(open["assumptions"].to_string().contains("when it will be is not known: TECH-1."), "{open}");
    let done = plan("depends_on: TECH-1, ", "Planned").replace("status: open", "status: done");
    let done = json(&self::plan(&done, ""), &[]);
    assert!(!done["assumptions"].to_string().contains("TECH-1"), "{done}");
}

#[test]
fn work_is_not_left_out_while_other_work_depends_on_it() {
    let entries = "- {id: REL-1, version: 1.0.0, date: 2027-02-19, scope: {must: [EPIC-1, EPIC-2]}}\n\
                   - {id: EPIC-1, title: T, depends_on: EPIC-2, estimate: 5d}\n\
                   - {id: EPIC-2, title: U, estimate: 3d}\n";
    no_forecast(entries, "", "", &["--without", "EPIC-2"], "EPIC-1 depends on EPIC-2, which is left out");
    assert!(json(&plan(entries, ""), &["--without", "EPIC-1"])["no_forecast"].is_null());
}

#[test]
fn what_is_in_scope_and_deferred_is_said() {
    let entries = "- {id: REL-1, version: 1.0.0, date: 2027-02-19, scope: {must: [EPIC-1, EPIC-2]}}\n\
                   - {id: EPIC-1, title: T, estimate: 5d}\n- {id: EPIC-2, title: U, state: Deferred}\n";
    let said = json(&plan(entries, ""), &[])["assumptions"].to_string();
    assert!(said.contains("In scope, but deferred, so not counted: EPIC-2."), "{said}");
}
