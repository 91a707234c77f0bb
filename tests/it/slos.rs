//! `relplan export slo`, `sloth` and `openslo`: burn-rate alerts, judged by promtool and by the schema of Sloth, and objectives.

use std::process::{Command, Output};

use crate::rollouts::{documents, fits};
use crate::support::{code, err, folder, installed, out, run};

/// A plan with an objective: its target, its unit, its query.
fn plan(target: &str, unit: &str, query: &str) -> String {
    format!(
        "- id: MON-005\n  title: Availability\n  type: slo\n  unit: {unit}\n  target: '{target}'\n  query: '{query}'\n"
    )
}

const GOOD: &str = "sum(rate(r{code!~\"5..\"}[5m])) / sum(rate(r[5m]))";
const BAD: &str = "100 * sum(rate(r{code=~\"5..\"}[5m])) / sum(rate(r[5m]))";

fn export(plan: &str, target: &str, more: &[&str]) -> (tempfile::TempDir, Output) {
    let folder = folder(&[("plan/plan.yaml", plan)]);
    let output = run(folder.path(), &[&["export", target, "--output-dir", "out"], more].concat());
    (folder, output)
}

/// The expression of an alert.
fn condition(folder: &tempfile::TempDir, alert: &str) -> String {
    let rules = documents(folder.path(), "slo.rules.yaml").remove(0);
    let rules = rules["groups"][0]["rules"].as_array().expect("rules").clone();
    let found = rules.iter().find(|rule| rule["alert"] == alert).expect("the alert");
    found["expr"].as_str().expect("an expression").to_owned()
}

#[test]
fn burn_rates_are_those_of_the_workbook() {
    let limits = |target: &str| -> Vec<String> {
        let (folder, output) = export(&plan(target, "ratio of requests", GOOD), "slo", &[]);
        assert_eq!((code(&output), err(&output).as_str()), (0, ""), "{target}");
        let all = ["page", "ticket"].map(|word| condition(&folder, &format!("MON_005_{word}"))).concat();
        let limits = all.split(" > ").skip(1).filter_map(|part| part.split([')', 'a']).next());
        limits.map(|limit| limit.trim().to_owned()).step_by(2).collect()
    };
    assert_eq!(limits(">= 99.9% within 30 days"), ["14.4 * 0.001", "6 * 0.001", "3 * 0.001", "1 * 0.001"]);
    assert_eq!(
        limits(">= 99.99% within 28 days"),
        ["13.44 * 0.0001", "5.6 * 0.0001", "2.8 * 0.0001", "0.933333333333333 * 0.0001"]
    );
    // A share of errors states the same objective.
    let bad = plan("<= 0.1% within 30 days", "percent of requests", BAD);
    let (folder, _) = export(&bad, "slo", &[]);
    assert!(condition(&folder, "MON_005_page").contains("> 14.4 * 0.001"));
}

/// Two errors in a hundred requests spend the budget of 99.9 % twenty times as fast as they may.
#[test]
fn a_page_fires_while_the_budget_is_spent_and_ends_soon_after() {
    for (target, unit, query) in
        [(">= 99.9% within 30 days", "ratio", GOOD), ("<= 0.1% within 30 days", "percent", BAD)]
    {
        let (folder, output) = export(&plan(target, unit, query), "slo", &[]);
        assert_eq!((code(&output), err(&output).as_str()), (0, ""), "{target}");
        let Some(promtool) = installed("promtool") else { return };
        // Healthy for three hours, broken for one, healthy for an hour, gone.
        let test = "rule_files: [slo.rules.yaml]\nevaluation_interval: 1m\ntests:\n- interval: 1m\n  input_series:\n  \
                    - {series: 'r{code=\"200\"}', values: '0+1000x180 181000+980x59 239800+1000x60 _x120'}\n  \
                    - {series: 'r{code=\"500\"}', values: '0+0x180 0+20x59 1200+0x60 _x120'}\n  alert_rule_test:\n";
        let mut test = test.to_owned();
        for (minute, alert, fires) in [
            (170, "page", false),
            (215, "page", false),
            (230, "page", true),
            (242, "page", true),
            (250, "page", false),
            (170, "ticket", false),
            (230, "unknown", false),
            (380, "unknown", true),
        ] {
            let severity = if alert == "page" { "page" } else { "ticket" };
            let labels = format!("{{relplan_alert: {alert}, relplan_id: MON-005, severity: {severity}}}");
            let rules = documents(folder.path(), "slo.rules.yaml").remove(0);
            let rules = rules["groups"][0]["rules"].as_array().expect("rules").clone();
            let rule = rules.iter().find(|rule| rule["labels"]["relplan_alert"] == alert).expect("a rule");
            let expected = match fires {
                true => format!("[{{exp_labels: {labels}, exp_annotations: {}}}]", rule["annotations"]),
                false => "[]".to_owned(),
            };
            test += &format!(
                "  - {{eval_time: {minute}m, alertname: MON_005_{alert}, exp_alerts: {expected}}}\n"
            );
        }
        std::fs::write(folder.path().join("out/test.yaml"), test).expect("a test");
        for arguments in [["check", "rules", "slo.rules.yaml"], ["test", "rules", "test.yaml"]] {
            let output = Command::new(&promtool)
                .current_dir(folder.path().join("out"))
                .args(arguments)
                .output()
                .expect("promtool can be started");
            assert!(output.status.success(), "{target}: {}{}", out(&output), err(&output));
        }
    }
}

#[test]
fn objectives_for_sloth_fit_their_schema() {
    let plan = plan(">= 99.9% within 28 days", "ratio", GOOD);
    let (folder, output) = export(&plan, "sloth", &["--workload", "checkout"]);
    assert_eq!(code(&output), 0, "{}", err(&output));
    assert_eq!(err(&output), "the period is 4w: run Sloth with `--default-slo-period=28d`\n");
    fits(folder.path(), "slo.sloth.yaml", "sloth.slok.dev_prometheusservicelevel_v1.json");
    let level = &documents(folder.path(), "slo.sloth.yaml")[0];
    let slo = &level["spec"]["slos"][0];
    assert_eq!((&level["spec"]["service"], &slo["objective"]), (&"checkout".into(), &99.9.into()));
    assert_eq!(
        slo["sli"]["raw"]["errorRatioQuery"],
        "1 - (sum(rate(r{code!~\"5..\"}[{{.window}}])) / sum(rate(r[{{.window}}])))"
    );
}

/// The rates of an objective are those of its query, whichever way the query states per cent.
#[test]
fn openslo_counts_the_events_of_the_query() {
    let (good, bad) = ("sum(rate(r{code!~\"5..\"}[5m]))", "sum(rate(r{code=~\"5..\"}[5m]))");
    let all = "sum(rate(r[5m]))";
    let rest = format!("{all} - {bad}");
    for (target, unit, query, kind, part) in [
        (">= 99.9% within 28 days", "ratio", GOOD.to_owned(), "good", good),
        ("<= 0.1% within 28 days", "percent", BAD.to_owned(), "bad", bad),
        ("<= 0.1% within 28 days", "percent", format!("({bad} / ({all})) * 100"), "bad", bad),
        ("<= 0.1% within 28 days", "percent", format!("100 * ({bad} / {all})"), "bad", bad),
        ("<= 0.1% within 28 days", "ratio", format!("{bad} / {all}"), "bad", bad),
        (">= 99.9% within 28 days", "ratio", format!("({all} - {bad}) / {all}"), "good", rest.as_str()),
        // A window of days is the period, over which OpenSLO adds up by itself.
        (">= 99.9%", "ratio", GOOD.replace("5m", "28d"), "good", good),
    ] {
        let (folder, output) = export(&plan(target, unit, &query), "openslo", &["--workload", "checkout"]);
        assert_eq!((code(&output), err(&output).as_str()), (0, ""), "{query}");
        let objects = documents(folder.path(), "slo.openslo.yaml");
        assert_eq!(
            (&objects[0]["kind"], &objects[0]["metadata"]["name"]),
            (&"Service".into(), &"checkout".into())
        );
        let spec = &objects[1]["spec"];
        let metric = &spec["indicator"]["spec"]["ratioMetric"];
        let rate = |name: &str| metric[name]["metricSource"]["spec"]["query"].as_str().map(str::to_owned);
        assert_eq!((rate(kind).as_deref(), rate("total").as_deref()), (Some(part), Some(all)), "{query}");
        assert_eq!(metric.as_object().map(serde_json::Map::len), Some(3), "{query}");
        assert_eq!(spec["objectives"][0]["target"], 0.999, "{query}");
        assert_eq!(spec["timeWindow"], serde_json::json!([{"duration": "28d", "isRolling": true}]));
        assert_eq!((&spec["service"], &spec["budgetingMethod"]), (&"checkout".into(), &"Occurrences".into()));
    }
}

#[test]
fn openslo_refuses_what_is_not_a_ratio() {
    let no_ratio =
        "MON-005: left out: OpenSLO counts events, and its query is not a ratio of two sums of rates";
    for (unit, query) in [
        ("ratio", format!("1 - {BAD} / 100")),
        ("percent", GOOD.to_owned()),
        ("ratio", "avg(avg_over_time(up[5m]))".to_owned()),
        ("ratio", "sum(rate(r[5m])) / 100".to_owned()),
        // Neither maxima nor means of two times add up to that of both.
        ("ratio", GOOD.replace("sum", "max")),
        ("ratio", GOOD.replace("sum", "avg")),
        ("ratio", GOOD.replace("rate(r[5m])", "clamp_min(rate(r[5m]), 1)")),
        (
            "ratio",
            GOOD.replace("sum(rate(r{code!~\"5..\"}[5m]))", "(sum(rate(r{code!~\"5..\"}[5m])) or vector(0))"),
        ),
        ("ratio", "sum(avg_over_time(good[5m])) / sum(avg_over_time(all[5m]))".to_owned()),
    ] {
        let plan = plan(">= 99.9% within 30 days", unit, &query);
        let (_, output) = export(&plan, "openslo", &["--workload", "checkout"]);
        assert_eq!(code(&output), 2, "{query}");
        assert!(err(&output).contains(no_ratio), "{query}: {}", err(&output));
    }
    let fits = plan(">= 99.9% within 30 days", "ratio", GOOD);
    let (_, output) = export(&fits, "openslo", &["--workload", "shop.checkout"]);
    assert!(err(&output).contains("OpenSLO takes no name with a dot"), "{}", err(&output));
}

#[test]
fn what_is_no_objective_says_why() {
    let target = "add `target: \">= 99.9% within 30 days\"`";
    let period =
        "no period is stated; write `target: \">= 99.9% within 30 days\"`, or a window of days in the query";
    for (plan, expect) in [
        (plan("< 400ms", "ms", GOOD), format!("it has no target that is a share; {target}")),
        (
            plan(">= 100% within 30 days", "ratio", GOOD),
            format!("it has no target that is a share; {target}"),
        ),
        (plan(">= 99.9%", "ratio", GOOD), period.to_owned()),
        (plan(">= 99.9% within 2 days", "ratio", GOOD), period.to_owned()),
        (
            plan(">= 99.9% within 30 days", "ratio", "avg(up)"),
            "its query has no window, or several; write a ratio of rates over one window".to_owned(),
        ),
        (
            plan(">= 99.9% within 30 days", "ratio", "sum(rate(a[5m])) / sum(rate(b[10m]))"),
            "its query has no window, or several".to_owned(),
        ),
        (
            plan(">= 99.9% within 30 days", "ratio", "rate(a[5m]) / rate(b[5m])"),
            "its query yields several series; aggregate the query".to_owned(),
        ),
        (
            plan(">= 99.9% within 30 days", "rows", GOOD),
            "its unit is not a share; set `unit: percent` or `unit: ratio`".to_owned(),
        ),
        (
            plan(">= 99.9% within 30 days", "ratio", "sum(rate(a[5m])) or vector(0)"),
            "its query hides missing data, or never changes".to_owned(),
        ),
    ] {
        let (_, output) = export(&plan, "slo", &[]);
        assert_eq!(code(&output), 2, "{plan}");
        let said = err(&output);
        assert!(said.contains(&format!("MON-005: left out: {expect}")), "{plan}: {said}");
        assert!(said.contains("nothing to export for slo: the only SLO cannot be exported"), "{said}");
    }
    let (_, output) = export("- id: MON-001\n  title: Errors\n", "slo", &[]);
    assert!(err(&output).contains("nothing to export for slo: the plan has no SLO"), "{}", err(&output));
    let two = plan(">= 99.9% within 28 days", "ratio", GOOD)
        + &plan(">= 99.9% within 30 days", "ratio", GOOD).replace("MON-005", "MON-006");
    let (_, output) = export(&two, "sloth", &["--workload", "checkout"]);
    let expect = "MON-006: left out: its period is 30d, and that of the first objective is 4w";
    assert!(err(&output).contains(expect), "{}", err(&output));
}
