//! `relplan export`: what is written for other tools is judged by these tools.

use std::path::Path;
use std::process::Command;

use crate::support::{code, err, folder, installed, out, project, run};

/// A plan with one trigger.
fn plan(threshold: &str, rollback: &str, metric: &str) -> String {
    let fields = |text: &str| -> String {
        text.split(" | ").filter(|line| !line.is_empty()).map(|line| format!("  {line}\n")).collect()
    };
    format!(
        "- id: DEP-003\n  title: The \"service\" {{{{fails}}}}\n  type: Rollback\n  automatic: yes\n  severity: Critical\n  \
         threshold: '{threshold}'\n  monitored_by: MON-001\n  runbook: RUN-001\n{}- id: MON-001\n  title: Metric\n{}\
         - id: RUN-001\n  title: Back\n",
        fields(rollback),
        fields(metric)
    )
}

/// The kinds of triggers: threshold, fields of the rollback, fields of the metric.
const KINDS: &[(&str, &str, &str)] = &[
    (
        "> 2% of requests for 5m",
        "",
        "unit: ratio | query: 'sum(rate(http_requests_total{code=~\"5..\"}[5m])) / sum(rate(http_requests_total[5m]))'",
    ),
    ("> 2% of requests for 5m", "keep_firing_for: 10m", "unit: percent | query: 'sum(e) / sum(r) * 100'"),
    (
        "> 2pp over baseline for 10m",
        "",
        "unit: percent | baseline: 0.5% | query: '100 * sum(increase(e[10m])) / sum(increase(r[10m]))'",
    ),
    (
        "> 20% over baseline for 10m",
        "",
        "query: 'sum(rate(e{slot=\"green\"}[5m]))' | baseline_query: 'sum(rate(e{slot=\"blue\"}[5m]))'",
    ),
    ("> 20% over baseline for 5m", "", "query: 'sum(rate(e[5m]))' | baseline_offset: 1h"),
    (
        "p95 > 500ms for 5m",
        "",
        "unit: s | query: 'histogram_quantile(0.95, sum by (le) (rate(http_request_duration_seconds_bucket{job=\"a\"}[5m])))'",
    ),
    (
        "p99 > 1s for 3m",
        "",
        "unit: ms | query: '1000 * histogram_quantile(0.99, sum by (le, job) (rate(d_bucket[5m])))'",
    ),
    (
        "< 100% of probes for 5m",
        "",
        "unit: percent | query: '100 * min by (region) (avg_over_time(probe_success[2m]))'",
    ),
    ("failing for 2m", "", "unit: rows | target: '<= 0' | query: 'max(differing_rows{database!=\"test\"})'"),
    ("= 0 for 5m", "", "query: 'up{job=\"api\"}'"),
    ("< 0.5 for 1h", "", "query: 'avg_over_time(up{job=\"api\"}[30s])'"),
    ("no data for 5m", "", "query: 'up{job=\"api\"}'"),
    ("> 5 for 5m", "no_data: rollback", "query: 'sum(queue_length)'"),
    (
        "> 5% of requests for 5m",
        "",
        "unit: ratio | query: 'sum(rate(e[5m])) / sum(rate(r[5m]))' | traffic: 'sum(rate(r[5m]))' | minimum_traffic: 3.5",
    ),
    ("> 5% of requests", "", "unit: ratio | query: 'sum(rate(e[5m])) / sum(rate(r[5m]))'"),
    ("> 90 for 30s", "", "query: 'max(irate(cpu_seconds_total[1m])) * 100'"),
    ("> 3 for 5m", "", "query: 'max_over_time(sum(rate(e[2m]))[10m:1m])'"),
    ("> 1.5 for 5m", "", "query: 'sum(rate(e[3d])) / sum(rate(r[3d]))'"),
    ("> 100 for 5m", "", "query: 'sum by (pod) (delta(memory_bytes{pod=~\"api-.+\"}[5m]))'"),
    ("> 3 for 5m", "", "query: 'sum(a) - sum(b) > 0 and on() sum(c) < 100'"),
];

fn exported(plan: &str, target: &str) -> (tempfile::TempDir, std::process::Output) {
    let folder = folder(&[("plan/plan.yaml", plan)]);
    let output = run(folder.path(), &["export", target, "--output-dir", "out"]);
    (folder, output)
}

fn promtool(folder: &Path, arguments: &[&str]) -> Option<Result<(), String>> {
    let program = installed("promtool")?;
    let output =
        Command::new(program).current_dir(folder).args(arguments).output().expect("promtool can be started");
    Some(if output.status.success() { Ok(()) } else { Err(out(&output) + &err(&output)) })
}

#[test]
fn rules_pass_their_own_unit_tests() {
    for (threshold, rollback, metric) in KINDS {
        let plan = plan(threshold, rollback, metric);
        let (folder, output) = exported(&plan, "prometheus");
        assert_eq!(code(&output), 0, "{plan}: {}", err(&output));
        assert_eq!(err(&output), "", "{plan}");
        let out = folder.path().join("out");
        let Some(checked) = promtool(&out, &["check", "rules", "rollback.rules.yaml"]) else { return };
        checked.unwrap_or_else(|error| panic!("{plan}: {error}"));
        let tested = promtool(&out, &["test", "rules", "rollback.test.yaml"]).expect("promtool");
        tested.unwrap_or_else(|error| panic!("{plan}: {error}"));
        let text = std::fs::read_to_string(out.join("rollback.test.yaml")).expect("a test");
        assert!(text.contains("exp_labels"), "{plan}: nothing fires");
    }
}

/// A unit test proves something only if it fails for another trigger.
#[test]
fn another_limit_or_duration_fails_the_unit_test() {
    let metric = KINDS[0].2;
    let original = plan("> 2% of requests for 5m", "", metric);
    let (folder, _) = exported(&original, "prometheus");
    let out = folder.path().join("out");
    for changed in [
        "> 2.1% of requests for 5m",
        "> 1.9% of requests for 5m",
        "> 2% of requests for 6m",
        "> 2% of requests for 4m",
    ] {
        let (other, _) = exported(&plan(changed, "", metric), "prometheus");
        std::fs::copy(other.path().join("out/rollback.rules.yaml"), out.join("rollback.rules.yaml"))
            .expect("a copy");
        let Some(tested) = promtool(&out, &["test", "rules", "rollback.test.yaml"]) else { return };
        assert!(tested.is_err(), "{changed}: the test of another trigger passes");
    }
}

#[test]
fn a_prometheus_rule_fits_its_schema() {
    let (threshold, rollback, metric) = KINDS[1];
    let (folder, output) = exported(&plan(threshold, rollback, metric), "prometheus-rule");
    assert_eq!(code(&output), 0, "{}", err(&output));
    fits(folder.path(), "out/rollback.prometheusrule.yaml", "monitoring.coreos.com_prometheusrule_v1.json");
}

fn fits(folder: &Path, file: &str, schema: &str) {
    let Some(program) = installed("check-jsonschema") else { return };
    let schema = project().join("tests/exports/schemas").join(schema);
    let output = Command::new(program)
        .current_dir(folder)
        .arg("--schemafile")
        .args([schema.as_os_str(), file.as_ref()])
        .output()
        .expect("it can be started");
    assert!(output.status.success(), "{file}: {}{}", out(&output), err(&output));
}

#[test]
fn a_stale_export_is_found() {
    let (threshold, rollback, metric) = KINDS[0];
    let (folder, _) = exported(&plan(threshold, rollback, metric), "prometheus");
    let check = ["export", "prometheus", "--output-dir", "out", "--check"];
    let current = run(folder.path(), &check);
    assert_eq!((code(&current), out(&current).as_str()), (0, "2 files are current\n"));
    std::fs::write(folder.path().join("plan/plan.yaml"), plan("> 3% of requests for 5m", "", metric))
        .expect("a plan");
    let before = std::fs::read(folder.path().join("out/rollback.rules.yaml")).expect("rules");
    std::fs::remove_file(folder.path().join("out/rollback.test.yaml")).expect("a test");
    let stale = run(folder.path(), &check);
    assert_eq!(code(&stale), 1);
    assert_eq!(out(&stale), "out/rollback.rules.yaml is stale\nout/rollback.test.yaml is missing\n");
    assert_eq!(std::fs::read(folder.path().join("out/rollback.rules.yaml")).expect("rules"), before);
    run(folder.path(), &["export", "prometheus", "--output-dir", "out"]);
    let old = folder.path().join("out/rollback.30s.test.yaml");
    std::fs::copy(folder.path().join("out/rollback.test.yaml"), &old).expect("a copy");
    std::fs::write(folder.path().join("out/own.rules.yaml"), "groups: []\n").expect("a file");
    let left = run(folder.path(), &check);
    assert_eq!((code(&left), out(&left).as_str()), (1, "out/rollback.30s.test.yaml is no longer written\n"));
    let again = run(folder.path(), &["export", "prometheus", "--output-dir", "out"]);
    assert_eq!(
        (code(&again), err(&again).as_str()),
        (0, "out/rollback.30s.test.yaml is no longer written: remove it\n")
    );
    assert!(old.exists(), "only its owner removes a file");
    let no_folder = run(folder.path(), &["export", "prometheus", "--check"]);
    assert_eq!(code(&no_folder), 2);
}

#[test]
fn what_is_left_out_is_said() {
    let two = plan("> 2% of requests for 5m", "", KINDS[0].2)
        + "- id: DEP-004\n  title: Slow\n  type: Rollback\n  automatic: no\n  threshold: p95 > 500ms for 5m\n";
    let (folder, output) = exported(&two, "prometheus");
    assert_eq!(code(&output), 0, "a person starts the rollback that is left out");
    assert!(
        err(&output).contains("DEP-004: left out: no metric is linked; add `monitored_by`"),
        "{}",
        err(&output)
    );
    let rules = std::fs::read_to_string(folder.path().join("out/rollback.rules.yaml")).expect("rules");
    assert!(rules.contains("# Left out: DEP-004: no metric is linked.\n"), "{rules}");
    let (_, output) = exported(&two.replace("automatic: no", "automatic: yes"), "prometheus");
    assert_eq!(code(&output), 1, "nothing starts a rollback that a machine is to start");
    let (folder, output) = exported(&plan("> 2% of requests for 5m", "", "query: sum(e)"), "prometheus");
    assert_eq!(code(&output), 2);
    assert!(err(&output).contains("nothing to export for prometheus"), "{}", err(&output));
    assert!(!folder.path().join("out").exists());
}

#[test]
fn a_file_of_the_plan_is_never_replaced() {
    let (threshold, rollback, metric) = KINDS[0];
    let text = plan(threshold, rollback, metric);
    let folder = folder(&[("plan/rollback.rules.yaml", &text)]);
    let output = run(folder.path(), &["export", "prometheus", "--output-dir", "plan"]);
    assert_eq!(code(&output), 2, "{}", err(&output));
    assert_eq!(
        std::fs::read_to_string(folder.path().join("plan/rollback.rules.yaml")).expect("the plan"),
        text
    );
}

/// Without `files` in relplan.toml, exports in a folder of the plan are left aside; what holds an entry never is.
#[test]
fn exports_in_a_folder_of_the_plan_are_not_part_of_it() {
    let (threshold, rollback, metric) = KINDS[0];
    let folder = folder(&[
        ("relplan.toml", "[plan]\nname = \"checkout\"\n".to_owned()),
        ("plan.yaml", plan(threshold, rollback, metric)),
    ]);
    for target in ["prometheus", "prometheus-rule"] {
        for _ in 0..2 {
            let output = run(folder.path(), &["export", target, "--output-dir", "monitoring"]);
            assert_eq!(code(&output), 0, "{}", err(&output));
        }
    }
    let check = || run(folder.path(), &["check", "--format", "json"]);
    let output = check();
    let expect = "not part of the plan: written by `relplan export`: monitoring/rollback.prometheusrule.yaml, \
                  monitoring/rollback.rules.yaml, monitoring/rollback.test.yaml\n";
    assert!(err(&output).contains(expect), "{}", err(&output));
    let found = crate::support::found(&out(&output));
    assert!(found.iter().all(|found| found.rule != "document-not-recognised"), "{found:?}");
    let rules = folder.path().join("monitoring/rollback.rules.yaml");
    let text = std::fs::read_to_string(&rules).expect("rules");
    for hidden in ["---\nid: DEP-004\ntitle: Slow\ntype: Rollback\n", "---\n- id: [\n"] {
        std::fs::write(&rules, text.clone() + hidden).expect("a file");
        let output = check();
        assert!(!err(&output).contains("monitoring/rollback.rules.yaml"), "{}", err(&output));
        let found = crate::support::found(&out(&output));
        assert!(found.iter().any(|found| found.rule == "document-not-recognised"), "{found:?}");
    }
}

/// What markdownlint says about the Markdown files of a folder.
fn linted(folder: &Path) -> Option<String> {
    let modules = project().join("target/validators/node/node_modules");
    if !modules.exists() {
        crate::support::skipped("no Node packages; run tests/validators/install");
        return None;
    }
    let script = project().join("tests/validators/documents.mjs");
    let output = Command::new("node").arg(script).arg(folder).arg("-").arg(modules).output();
    Some(out(&output.expect("node can be started")))
}

#[test]
fn a_runbook_shows_what_the_plan_states_and_what_it_leaves_open() {
    let (threshold, rollback, metric) = KINDS[0];
    let plan = plan(threshold, rollback, metric)
        + "- id: DEP-004\n  title: Slow <b>answers</b> | _all_\n  type: Rollback\n  threshold: p95 > 500ms for 5m\n  \
           owner: QA Lead\n  procedure: [Stop the deployment, Switch back]\n  monitored_by: KPI-001\n\
           - id: KPI-001\n  title: Answers\n  target: < 400ms\n\
           - id: RISK-001\n  title: Lost orders\n  impact: High\n  linked_ids: DEP-004\n";
    let folder = folder(&[("plan/plan.yaml", plan)]);
    for day in ["2026-11-01", "2027-11-01"] {
        let output = run(folder.path(), &["export", "runbook", "--output-dir", "runbooks", "--today", day]);
        assert_eq!((code(&output), err(&output).as_str()), (0, ""));
    }
    // A file that is kept in a repository does not change with the day.
    let check = ["export", "runbook", "--output-dir", "runbooks", "--today", "2027-12-24", "--check"];
    let output = run(folder.path(), &check);
    assert_eq!((code(&output), out(&output).as_str()), (0, "3 files are current\n"));
    let text = |name: &str| {
        std::fs::read_to_string(folder.path().join("runbooks").join(name))
            .unwrap_or_else(|_| panic!("{name}"))
    };
    let runbook = text("DEP-004.md");
    for part in [
        "## Meaning\n",
        "- **Condition**: p95 above 500 milliseconds, continuously for 5 minutes\n",
        "- **Alert**: ? no alert: no metric is linked; add `monitored_by` with a MON entry that has a `query`\n",
        "## Impact\n",
        "- **Severity**: ? no severity: add `severity: Critical`\n",
        "- **Description**: ? no description: add `description: …`\n",
        "- RISK-001 Lost orders: impact High\n",
        "## Diagnosis\n\n### KPI-001 Answers\n\n- **Target**: &lt; 400ms\n",
        "## Mitigation\n",
        "1. Stop the deployment\n2. Switch back\n",
        "- **Authority**: ? no authority: add `authority: …`\n",
        "## Escalation\n",
        "- **Notify**: ? no notification: add `notification: …`\n",
        "- **Owner**: QA Lead\n",
    ] {
        assert!(runbook.contains(part), "{part}: {runbook}");
    }
    assert!(text("DEP-003.md").contains("- **Alert**: `DEP_003_rollback`\n"), "{}", text("DEP-003.md"));
    assert!(text("README.md").contains("| DEP-004 Slow"), "{}", text("README.md"));
    let Some(said) = linted(&folder.path().join("runbooks")) else { return };
    assert_eq!(said, "checked 3 Markdown files\n");
}

#[test]
fn a_monitoring_plan_has_every_metric_and_every_rollback() {
    let (threshold, rollback, metric) = KINDS[0];
    let plan = plan(threshold, rollback, metric)
        + "- id: DEP-004\n  title: Slow answers\n  type: Rollback\n  threshold: p95 > 500ms for 5m\n\
           - id: MON-002\n  title: Answers | _p95_\n  type: alert\n  owner: Ops\n  baseline: 400ms\n";
    let folder = folder(&[("plan/plan.yaml", plan)]);
    for day in ["2026-11-01", "2027-11-01"] {
        let output = run(folder.path(), &["export", "monitoring", "--output-dir", "out", "--today", day]);
        assert_eq!((code(&output), err(&output).as_str()), (0, ""));
    }
    let text = std::fs::read_to_string(folder.path().join("out/monitoring.md")).expect("a plan");
    let row = |start: &str| text.lines().filter(|line| line.starts_with(start)).collect::<Vec<_>>();
    let [watched] = row("| MON-001 ")[..] else { panic!("{text}") };
    assert!(watched.contains("no owner") && watched.contains("| panel | DEP-003"), "{watched}");
    let [unwatched] = row("| MON-002 ")[..] else { panic!("{text}") };
    assert!(unwatched.contains("| alert | Ops | 400ms |"), "{unwatched}");
    assert!(unwatched.contains("no panel: it has no query; add `query` with PromQL | none |"), "{unwatched}");
    let [threshold, escalation] = row("| DEP-004 ")[..] else { panic!("{text}") };
    assert!(
        threshold.contains("p95 above 500 milliseconds") && threshold.contains("no alert"),
        "{threshold}"
    );
    assert!(escalation.contains("no owner") && escalation.contains("no notification"), "{escalation}");
    assert!(row("| DEP-003 ")[0].contains("`DEP_003_rollback`"), "{text}");
    let (bare, output) = exported("- id: MON-001\n  title: Errors\n", "monitoring");
    let text = std::fs::read_to_string(bare.path().join("out/monitoring.md")).expect("a plan");
    assert_eq!(code(&output), 0, "{}", err(&output));
    assert!(text.contains("## Thresholds\n\n? no rollbacks: add a DEP entry"), "{text}");
    let (_, output) = exported("- id: EPIC-1\n  title: Pay\n", "monitoring");
    assert_eq!(code(&output), 2, "{}", out(&output));
    let Some(said) = linted(&folder.path().join("out")) else { return };
    assert_eq!(said, "checked 1 Markdown files\n");
}

#[test]
fn a_dashboard_shows_each_metric_with_its_limits() {
    let folder = folder(&[("none", "")]);
    for (number, (threshold, rollback, metric)) in KINDS.iter().enumerate() {
        let (made, output) = exported(&plan(threshold, rollback, metric), "grafana");
        let not_drawn = match number {
            9 => "DEP-003: limit not drawn: Grafana colours what is above or below a limit, and not `==`\n",
            11 => "DEP-003: limit not drawn: missing data has no line\n",
            _ => "",
        };
        assert_eq!((code(&output), err(&output).as_str()), (0, not_drawn), "{metric}");
        let name = format!("{number}.json");
        std::fs::copy(made.path().join("out/release.dashboard.json"), folder.path().join(name))
            .expect("a copy");
    }
    let dashboard = |number: usize| -> serde_json::Value {
        let text =
            std::fs::read_to_string(folder.path().join(format!("{number}.json"))).expect("a dashboard");
        serde_json::from_str(&text).expect("JSON")
    };
    let steps = |number: usize| {
        let defaults = &dashboard(number)["panels"][0]["fieldConfig"]["defaults"];
        (defaults["unit"].clone(), defaults["thresholds"]["steps"].clone())
    };
    let colors = |below: &str, limit: f64, above: &str| serde_json::json!([{"color": below, "value": null}, {"color": above, "value": limit}]);
    assert_eq!(steps(0), ("percentunit".into(), colors("green", 0.02, "red")));
    assert_eq!(steps(1), ("percent".into(), colors("green", 2.0, "red")));
    assert_eq!(steps(5), ("s".into(), colors("green", 0.5, "red")));
    assert_eq!(steps(7), ("percent".into(), colors("red", 100.0, "green")));
    // A limit that moves is a line of its own.
    let targets = dashboard(3)["panels"][0]["targets"].clone();
    let legends: Vec<&str> = targets
        .as_array()
        .expect("targets")
        .iter()
        .filter_map(|target| target["legendFormat"].as_str())
        .collect();
    assert_eq!(legends, ["__auto", "baseline", "limit of DEP-003"]);
    let names: Vec<String> = (0..KINDS.len()).map(|number| format!("{number}.json")).collect();
    let names: Vec<&str> = ["grafana"].into_iter().chain(names.iter().map(String::as_str)).collect();
    crate::support::accepted(folder.path(), &names).unwrap_or_else(|problems| panic!("{problems}"));
    // The reader of dashboards notices what is none.
    let mut wrong = dashboard(0);
    wrong["panels"][0]["fieldConfig"]["defaults"]["custom"]["tresholdsStyle"] = "line".into();
    std::fs::write(folder.path().join("wrong.json"), wrong.to_string()).expect("a file");
    // Without the reader, there is nothing to notice it.
    if let Err(problems) = crate::support::accepted(folder.path(), &["grafana", "wrong.json"]) {
        assert!(problems.contains("custom/tresholdsStyle is not part of a dashboard"), "{problems}");
    }
}

/// The steps of the only panel of a plan with further rollbacks of the same metric, and what was said.
fn colored(threshold: &str, further: &[&str], metric: &str) -> (serde_json::Value, String) {
    let mut plan = plan(threshold, "", metric);
    for (number, threshold) in (101..).zip(further) {
        plan += &format!(
            "- {{id: DEP-{number}, title: Other, type: Rollback, monitored_by: MON-001, threshold: '{threshold}'}}\n"
        );
    }
    let (made, output) = exported(&plan, "grafana");
    let text = std::fs::read_to_string(made.path().join("out/release.dashboard.json")).expect("a dashboard");
    let dashboard: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    let defaults = dashboard["panels"][0]["fieldConfig"]["defaults"].clone();
    (defaults["thresholds"]["steps"].clone(), err(&output))
}

#[test]
fn a_dashboard_is_red_wherever_a_trigger_fires_and_says_what_it_does_not_draw() {
    let check = |threshold: &str, further: &[&str], expect: &str| {
        let (steps, said) = colored(threshold, further, "query: sum(e)");
        let steps = steps.as_array().expect("steps").iter();
        let shown: Vec<String> = steps
            .map(|step| format!("{} {}", step["value"], step["color"].as_str().unwrap_or_default()))
            .collect();
        assert_eq!((shown.join(", ").as_str(), said.as_str()), (expect, ""), "{threshold} {further:?}");
    };
    check("> 5", &["< 2"], "null red, 2.0 green, 5.0 red");
    check("< 2", &["< 3"], "null red, 2.0 red, 3.0 green");
    check("> 5", &["< 8"], "null red, 5.0 red, 8.0 red");
    check("> 5", &["> 5", "> 7"], "null green, 5.0 red, 7.0 red");
    let (steps, said) = colored("> 5%", &["> 900ms"], "query: sum(e) | unit: percent");
    assert_eq!(steps.as_array().map(Vec::len), Some(2));
    assert!(said.starts_with("DEP-101: left out: the limit is 900ms, and MON-001 is in percent; "), "{said}");
}

#[test]
fn invalid_promql_is_placed_in_the_file() {
    let yaml = "id: MON-001\ntitle: Errors\nquery: |\n  sum(rate(a[5m]))\n    / sum(rate(b))\n";
    let folder = folder(&[("plan/plan.yaml", yaml)]);
    let output = run(folder.path(), &["check", "--format", "json"]);
    let found = crate::support::found(&out(&output));
    let found: Vec<_> = found.into_iter().filter(|found| found.rule == "invalid-promql").collect();
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].places, ["plan/plan.yaml:5:16"]);
}
