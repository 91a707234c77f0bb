//! `relplan scope --options`: what the options hold, what they leave out, and where there are none.

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::support::{code, err, folder, out, run};

const DAY: &str = "2027-01-04";

/// A release three weeks after its work, with twenty working days until then.
const RELEASE: &str = "- {id: REL-1, version: 1.0.0, date: 2027-02-19, scope: {must: EPIC-1, should: [EPIC-2, EPIC-3], could: [EPIC-4, EPIC-5]}}\n";

fn plan(entries: &str, toml: &str) -> TempDir {
    folder(&[("plan/plan.yaml", entries), ("relplan.toml", toml)])
}

fn options(plan: &TempDir, arguments: &[&str]) -> Value {
    let fixed = ["scope", "--options", "--today", DAY, "--trials", "1000", "--format", "json"];
    let output = run(plan.path(), &[&fixed, arguments].concat());
    let text = out(&output);
    assert!(!text.contains("NaN") && !text.contains("null") && !text.contains("inf"), "{text}");
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{arguments:?}: {error}: {}", err(&output)))
}

/// The option at a place: must only, recommended, extended.
fn ids(options: &Value, place: usize) -> Vec<&str> {
    let items = options["options"][place]["items"].as_array().unwrap_or_else(|| panic!("{options}"));
    items.iter().map(|id| id.as_str().expect("an id")).collect()
}

/// Why an option leaves an item out.
fn reason<'o>(options: &'o Value, place: usize, id: &str) -> &'o str {
    let left_out = options["options"][place]["left_out"].as_array().expect("items");
    let item = left_out.iter().find(|item| item["id"] == id).unwrap_or_else(|| panic!("{id}: {options}"));
    item["reason"].as_str().expect("a reason")
}

fn exact(id: &str, days: u32, more: &str) -> String {
    format!(
        "- {{id: {id}, title: T, estimate: {{optimistic: {days}d, likely: {days}d, pessimistic: {days}d}}, {more}}}\n"
    )
}

#[test]
fn the_most_valuable_set_is_chosen_and_not_the_one_of_the_best_scores() {
    // Twenty days: a greedy choice takes EPIC-2 (score 3) first, and has no room for EPIC-3 and EPIC-4 together.
    let entries = RELEASE.to_owned()
        + &exact("EPIC-1", 4, "owner: A, value: 1, effort: 1, risk: 1")
        + &exact("EPIC-2", 9, "owner: A, value: 6, effort: 1, risk: 1")
        + &exact("EPIC-3", 8, "owner: A, value: 5, effort: 1, risk: 1")
        + &exact("EPIC-4", 8, "owner: A, value: 5, effort: 2, risk: 1")
        + &exact("EPIC-5", 1, "owner: A, effort: 2, risk: 1");
    let plan = plan(&entries, "[team.A]\n");
    let found = options(&plan, &[]);
    assert_eq!(found["work_deadline"], "2027-01-29");
    assert_eq!(found["capacity"], json!([{"team": "A", "days": 20.0}]));
    assert_eq!(ids(&found, 0), ["EPIC-1"]);
    assert_eq!(ids(&found, 2), ["EPIC-1", "EPIC-3", "EPIC-4"]);
    assert_eq!((&found["options"][2]["value"], &found["options"][2]["gap"]), (&json!(11.0), &json!(0.0)));
    assert_eq!(found["options"][2]["team_days"], json!([20.0]));
    assert_eq!(reason(&found, 0, "EPIC-2"), "not a must");
    assert_eq!(reason(&found, 2, "EPIC-2"), "does not fit: needs 9 days of A, of which 0 are left");
    assert_eq!(reason(&found, 2, "EPIC-5"), "unknown: no `value`");
    assert_eq!(found["options"][2]["likelihood"], 100.0);
    assert_eq!(
        ids(&found, 1),
        ids(&found, 2),
        "the work has no spread, so that all of the capacity can be used"
    );
}

#[test]
fn sets_have_all_that_their_items_depend_on() {
    let entries = RELEASE.to_owned()
        + &exact("EPIC-1", 4, "owner: A, value: 1, depends_on: EPIC-9")
        + &exact("EPIC-2", 2, "owner: A, value: 9, depends_on: EPIC-3")
        + &exact("EPIC-3", 12, "owner: B, value: 0")
        + &exact("EPIC-4", 4, "owner: B, value: 2")
        + &exact("EPIC-5", 30, "owner: C, value: 9")
        + &exact("EPIC-9", 4, "owner: B");
    let plan = plan(&entries, "[team.A]\n[team.B]\n[team.C]\npeople = 9\n");
    let found = options(&plan, &[]);
    assert_eq!(ids(&found, 0), ["EPIC-1", "EPIC-9"], "a must needs it, though no scope names it");
    assert_eq!(ids(&found, 2), ["EPIC-1", "EPIC-2", "EPIC-3", "EPIC-4", "EPIC-9"]);
    assert!(reason(&found, 2, "EPIC-5").starts_with("cannot be complete in time"), "{found}");
    // With less time for B, the item that nothing needs goes.
    let away = "[team.A]\n[team.B]\nabsences = [{ from = 2027-01-04, to = 2027-01-06 }]\n";
    let found = options(&self::plan(&entries, away), &[]);
    assert_eq!(ids(&found, 2), ["EPIC-1", "EPIC-2", "EPIC-3", "EPIC-9"]);
    assert_eq!(reason(&found, 2, "EPIC-4"), "does not fit: needs 4 days of B, of which 1 are left");
}

#[test]
fn likelihoods_are_those_of_the_forecast() {
    let spread = |id: &str, days: u32, more: &str| {
        format!("- {{id: {id}, title: T, owner: A, estimate: {days}d, {more}}}\n")
    };
    let entries = RELEASE.to_owned()
        + &spread("EPIC-1", 6, "value: 3, effort: 1, risk: 2")
        + &spread("EPIC-2", 5, "value: 2, effort: 1, risk: 1")
        + &spread("EPIC-3", 5, "value: 3, effort: 2, risk: 1")
        + &spread("EPIC-4", 3, "value: 1, effort: 1, risk: 1")
        + "- {id: EPIC-5, title: T, state: Complete}\n\
           - {id: RISK-1, title: R, probability: 60%, delay: 3d, linked_ids: EPIC-4}\n";
    let plan = plan(&entries, "[team.A]\n");
    let found = options(&plan, &[]);
    let forecast = |without: &[&str]| {
        let fixed =
            ["forecast", "--method", "estimates", "--today", DAY, "--trials", "1000", "--format", "json"];
        let without: Vec<&str> = without.iter().flat_map(|id| ["--without", *id]).collect();
        let made: Value =
            serde_json::from_str(&out(&run(plan.path(), &[&fixed[..], &without].concat()))).expect("JSON");
        made["target"]["likelihood"].as_f64().expect("a likelihood")
    };
    assert_eq!(found["whole_scope_likelihood"].as_f64(), Some(forecast(&[])));
    for place in 0..3 {
        let option = &found["options"][place];
        let left_out: Vec<&str> = option["left_out"]
            .as_array()
            .expect("items")
            .iter()
            .map(|item| item["id"].as_str().expect("an id"))
            .collect();
        assert_eq!(option["likelihood"].as_f64(), Some(forecast(&left_out)), "{option}");
    }
    assert!(found["options"][1]["likelihood"].as_f64() >= Some(80.0), "{found}");
    assert!(found["options"][2]["likelihood"].as_f64() < Some(80.0), "{found}");
    let marginal = &found["options"][2]["marginal"];
    assert!(marginal["points"].as_f64() > Some(1.0), "{found}");
    let text = out(&run(plan.path(), &["scope", "--options", "--today", DAY, "--trials", "1000"]));
    let named = format!(
        "{} costs {} points of likelihood.",
        marginal["id"].as_str().expect("an id"),
        marginal["points"]
    );
    assert!(text.contains(&named), "{named}: {text}");
}

#[test]
fn methods_rate_by_their_own_figures() {
    let entries = RELEASE.to_owned()
        + &exact("EPIC-1", 4, "owner: A, value: 1, effort: 2, time_criticality: 1, risk_reduction: 1")
        + &exact("EPIC-2", 15, "owner: A, value: 2, effort: 1, reach: 900, impact: High, confidence: 50%")
        + &exact(
            "EPIC-3",
            15,
            "owner: A, value: 3, effort: 1, risk: 2, reach: 100, impact: Low, confidence: 80%",
        )
        + &exact("EPIC-4", 15, "owner: A, value: 1, effort: 3, time_criticality: 9, risk_reduction: 3");
    let plan = plan(&entries, "[team.A]\n");
    for (method, expect, score) in
        [("value", "EPIC-3", 1.0), ("wsjf", "EPIC-4", 4.33), ("rice", "EPIC-2", 900.0)]
    {
        let found = options(&plan, &["--method", method]);
        assert_eq!(ids(&found, 2), ["EPIC-1", expect], "{method}: {found}");
        let items = found["items"].as_array().expect("items");
        let item = items.iter().find(|item| item["id"] == expect).expect("an item");
        assert_eq!(item["score"].as_f64(), Some(score), "{method}");
    }
    let found = options(&plan, &["--method", "wsjf"]);
    assert_eq!(reason(&found, 2, "EPIC-2"), "unknown: no `time_criticality`, no `risk_reduction`");
    assert_eq!(found["options"][1]["without_value"], 0);
}

#[test]
fn what_is_unknown_is_never_guessed() {
    let all = exact("EPIC-1", 4, "owner: A, value: 1") + &exact("EPIC-3", 2, "owner: A, value: 4");
    let more = "- {id: EPIC-2, title: T, owner: A, value: 3}\n".to_owned()
        + &exact("EPIC-4", 2, "owner: B, value: 3");
    let found = options(&plan(&(RELEASE.to_owned() + &all + &more), "[team.A]\n"), &[]);
    assert_eq!(ids(&found, 2), ["EPIC-1", "EPIC-3"]);
    assert_eq!(reason(&found, 2, "EPIC-2"), "unknown: no `estimate`");
    assert_eq!(reason(&found, 2, "EPIC-4"), "unknown: no team of `[team]` does it");
    assert_eq!(found.get("whole_scope_likelihood"), None, "a part of it has no estimate");
    // A must-have of unknown size leaves open what fits beside it.
    let must = RELEASE
        .replace("must: EPIC-1", "must: [EPIC-1, EPIC-2]")
        .replace("should: [EPIC-2, EPIC-3]", "should: EPIC-3");
    let found = options(&plan(&(must + &all + &more), "[team.A]\n"), &[]);
    assert_eq!(ids(&found, 0), ["EPIC-1", "EPIC-2"]);
    assert_eq!(
        (found["options"][0].get("likelihood"), &found["options"][0]["without_estimate"]),
        (None, &json!(["EPIC-2"]))
    );
    for place in [1, 2] {
        let why = found["options"][place]["unavailable"].as_str().expect("a reason");
        assert!(why.contains("EPIC-2 (unknown: no `estimate`)"), "{why}");
    }
    // Too much for the capacity.
    let much = RELEASE.to_owned() + &exact("EPIC-1", 30, "owner: A, value: 1");
    let found = options(&plan(&much, "[team.A]\n"), &[]);
    let why = found["options"][2]["unavailable"].as_str().expect("a reason");
    assert_eq!(why, "the must-haves need 30 days of A, which has 20 until the work must be complete");
    assert_eq!(found["options"][0]["likelihood"], 0.0);
}

#[test]
fn where_there_are_no_options_it_says_why() {
    let team = "[team.A]\n";
    let work = exact("EPIC-1", 4, "owner: A, value: 1");
    for (entries, toml, expect) in [
        (work.clone(), team, "no release is to come"),
        (RELEASE.replace("date: 2027-02-19, ", "") + &work, team, "has no date"),
        (RELEASE.to_owned() + &work, "", "no team has capacity"),
        (RELEASE.to_owned() + &work, "[team.A]\npeople = 0\n", "no capacity for EPIC-1 (team A)"),
        (RELEASE.to_owned() + "- {id: EPIC-1, title: T, owner: A, value: 1}\n", team, "has an estimate"),
        (RELEASE.to_owned() + &exact("EPIC-1", 4, "owner: A"), team, "add `value`"),
        (RELEASE.to_owned() + &exact("EPIC-1", 4, "owner: A, state: Complete"), team, "nothing to choose"),
        (
            RELEASE.to_owned()
                + &exact("EPIC-1", 4, "owner: A, depends_on: EPIC-2")
                + &exact("EPIC-2", 4, "depends_on: EPIC-1"),
            team,
            "depend on each other",
        ),
    ] {
        let plan = plan(&entries, toml);
        let found = options(&plan, &[]);
        let why = found["no_options"].as_str().unwrap_or_else(|| panic!("{expect}: {found}"));
        assert!(why.contains(expect), "{why}");
        let text = out(&run(plan.path(), &["scope", "--options", "--today", DAY]));
        assert!(text.contains("No options"), "{text}");
        let csv = run(plan.path(), &["scope", "--options", "--today", DAY, "--format", "csv"]);
        assert_eq!((code(&csv), out(&csv).as_str()), (2, ""), "{expect}");
    }
    let refused = run(plan(&work, team).path(), &["scope", "--method", "wsjf"]);
    assert_eq!(code(&refused), 2, "a method without options: {}", out(&refused));
}

#[test]
fn a_must_that_needs_what_the_release_excludes_is_no_option() {
    let entries = "- {id: REL-1, version: 1.0.0, date: 2027-02-19, scope: {must: EPIC-1, could: EPIC-2}, \
                   excluded: {id: EPIC-3, reason: too late, target_release: later}}\n"
        .to_owned()
        + &exact("EPIC-1", 4, "owner: A, value: 1, effort: 1, risk: 1, depends_on: EPIC-3")
        + &exact("EPIC-2", 4, "owner: A, value: 1, effort: 1, risk: 1")
        + &exact("EPIC-3", 4, "owner: A, value: 1, effort: 1, risk: 1");
    let found = options(&plan(&entries, "[team.A]\n"), &[]);
    for option in found["options"].as_array().expect("options") {
        let reason = option["unavailable"].as_str().unwrap_or_else(|| panic!("{option}"));
        assert_eq!(reason, "a must-have depends on EPIC-3: excluded from the release");
    }
    assert!(!found["items"].to_string().contains("must_only"), "{found}");
    assert!(
        found["assumptions"].to_string().contains("excluded from the release, and needed: EPIC-3"),
        "{found}"
    );
}

#[test]
fn a_sum_of_days_is_that_of_the_table() {
    // A third of a day is no whole number of hours.
    let thirds = |id: &str| {
        format!(
            "- {{id: {id}, title: T, owner: A, value: 1, effort: 1, risk: 1, estimate: {{optimistic: 7d, likely: 8d, pessimistic: 11d}}}}\n"
        )
    };
    let entries = "- {id: REL-1, version: 1.0.0, date: 2027-02-19, scope: {must: [EPIC-1, EPIC-2, EPIC-3]}}\n"
        .to_owned() + &["EPIC-1", "EPIC-2", "EPIC-3"].map(thirds).concat();
    let found = options(&plan(&entries, "[team.A]\n"), &[]);
    let days: f64 =
        found["items"].as_array().expect("items").iter().filter_map(|item| item["days"].as_f64()).sum();
    let reason = found["options"][2]["unavailable"].as_str().expect("a reason");
    assert!(
        reason.starts_with(&format!("the must-haves need {} days of A", (days * 100.0).round() / 100.0)),
        "{reason}"
    );
}

#[test]
fn figures_beyond_all_others_are_none() {
    let entries = RELEASE.to_owned()
        + &exact("EPIC-1", 4, "owner: A, value: 1, effort: 1, risk: 1")
        + &exact("EPIC-2", 4, "owner: A, value: 1e308, effort: 1e-308, risk: 0")
        + &exact("EPIC-3", 4, "owner: A, value: 1e308, effort: 1, risk: 1");
    let found = options(&plan(&entries, "[team.A]\n"), &[]);
    assert_eq!(reason(&found, 2, "EPIC-2"), "unknown: no `value`");
}
