//! `relplan export argo` and `flagger`: the files against the schemas of their tools, and what the tools do with them against
//! the alert of the same trigger.
//!
//! Both tools are modelled after their documentation and their code: how a measurement is judged, what is counted, and when the
//! rollout is taken back. The models run on hostile series; the alert that `relplan export prometheus` writes says when.

use std::cmp::Ordering;
use std::path::Path;
use std::process::{Command, Output};

use relplan::model::duration::Duration;
use relplan::model::promql::{self, Expr};
use relplan::trigger::alert::{State, alerts};
use relplan::trigger::engine::{Engine, Grid, Series, is_absent};
use serde_json::Value;

use crate::support::{code, err, folder, installed, out, project, run};
use crate::triggers::{MINUTES, Random, case};

/// Triggers: threshold, fields of the rollback, fields of the metric.
const KINDS: &[(&str, &str, &str)] = &[
    ("> 2% of requests for 5m", "", "unit: ratio | query: sum(rate(e[5m])) / sum(rate(r[5m]))"),
    ("> 0.5 for 3m", "", "query: sum(rate(e[2m]))"),
    ("> 50 for 5m", "", "query: g"),
    ("< 30 for 2m", "", "query: min by (pod) (g)"),
    ("> 20% over baseline for 5m", "", "query: sum(rate(e[5m])) | baseline_offset: 10m"),
    ("> 50", "", "query: max(g)"),
    ("> 50 for 90s", "", "query: max(g)"),
    (
        "> 2% of requests for 2m",
        "",
        "unit: ratio | query: sum(rate(e[5m])) / sum(rate(r[5m])) | traffic: sum(rate(r[5m])) | minimum_traffic: 0.2",
    ),
    ("no data for 4m", "", "query: 'g{pod=\"a\"}'"),
    ("> 50 for 5m", "no_data: rollback", "query: sum(g)"),
    (
        "> 2% of requests for 3m",
        "no_data: rollback",
        "unit: ratio | query: sum(rate(e[5m])) / sum(rate(r[5m]))",
    ),
    ("> 60 for 2m", "no_data: rollback", "query: g"),
    ("= 0 for 2m", "no_data: rollback", "query: 'sum(g{pod=\"b\"} > bool 40)'"),
];

fn plan((threshold, rollback, metric): (&str, &str, &str)) -> String {
    let fields = |text: &str| -> String {
        text.split(" | ").filter(|line| !line.is_empty()).map(|line| format!("  {line}\n")).collect()
    };
    format!(
        "- id: DEP-003\n  title: Error rate\n  type: Rollback\n  automatic: yes\n  threshold: '{threshold}'\n  \
         monitored_by: MON-001\n{}- id: MON-001\n  title: Metric\n{}",
        fields(rollback),
        fields(metric)
    )
}

const CANARY: &str = "\
- id: REL-001
  title: Faster search
  version: '2.4.0'
  strategy: canary
  rollout:
    - {name: Beta, traffic: 5%, duration: 10m}
    - {name: Half, traffic: 50%}
    - {name: All, traffic: 100%, duration: 1h30m}
";

const PROMETHEUS: [&str; 2] = ["--prometheus", "http://prometheus:9090"];
const WORKLOAD: [&str; 2] = ["--workload", "checkout"];

fn export(plan: &str, target: &str, more: &[&str]) -> (tempfile::TempDir, Output) {
    let folder = folder(&[("plan/plan.yaml", plan)]);
    let output = run(folder.path(), &[&["export", target, "--output-dir", "out"], more].concat());
    (folder, output)
}

/// The documents of a YAML file.
pub fn documents(folder: &Path, file: &str) -> Vec<Value> {
    let text = std::fs::read_to_string(folder.join("out").join(file))
        .unwrap_or_else(|error| panic!("{file}: {error}"));
    text.split("---\n").map(|text| yaml_serde::from_str(text).expect("YAML")).collect()
}

/// Holds each document of a file against a schema that allows no unknown key.
pub fn fits(folder: &Path, file: &str, schema: &str) {
    let Some(program) = installed("check-jsonschema") else { return };
    let text =
        std::fs::read_to_string(project().join("tests/exports/schemas").join(schema)).expect("a schema");
    let mut value: Value = serde_json::from_str(&text).expect("JSON");
    close(&mut value);
    value["properties"]["metadata"] = serde_json::json!({"type": "object", "required": ["name"]});
    std::fs::write(folder.join(schema), value.to_string()).expect("a schema");
    for (index, document) in documents(folder, file).iter().enumerate() {
        let name = format!("{index}.json");
        std::fs::write(folder.join(&name), document.to_string()).expect("a document");
        let output = Command::new(&program)
            .current_dir(folder)
            .args(["--schemafile", schema, &name])
            .output()
            .expect("it can be started");
        assert!(output.status.success(), "{file}: {}{}", out(&output), err(&output));
    }
}

/// Makes each object of a schema refuse keys that it does not name.
fn close(schema: &mut Value) {
    match schema {
        Value::Object(object) => {
            if object.get("properties").is_some_and(Value::is_object)
                && !object.contains_key("additionalProperties")
            {
                object.insert("additionalProperties".to_owned(), Value::Bool(false));
            }
            object.values_mut().for_each(close);
        }
        Value::Array(items) => items.iter_mut().for_each(close),
        _ => {}
    }
}

#[test]
fn files_for_argo_fit_their_schemas() {
    let plan = plan(KINDS[0]) + CANARY;
    let (folder, output) = export(&plan, "argo", &[PROMETHEUS, WORKLOAD].concat());
    assert_eq!((code(&output), err(&output).as_str()), (0, ""));
    fits(folder.path(), "rollback.analysistemplates.yaml", "argoproj.io_analysistemplate_v1alpha1.json");
    fits(folder.path(), "rollout.yaml", "argoproj.io_rollout_v1alpha1.json");
    let rollout = &documents(folder.path(), "rollout.yaml")[0];
    let canary = &rollout["spec"]["strategy"]["canary"];
    assert_eq!(
        canary["steps"],
        serde_json::json!([
            {"setWeight": 5}, {"pause": {"duration": "10m"}},
            {"setWeight": 50}, {"pause": {}},
            {"setWeight": 100}, {"pause": {"duration": "1h30m"}},
        ])
    );
    let template = &documents(folder.path(), "rollback.analysistemplates.yaml")[0];
    assert_eq!(template["metadata"]["name"], canary["analysis"]["templates"][0]["templateName"]);
    assert_eq!(template["spec"]["metrics"][0]["provider"]["prometheus"]["address"], "http://prometheus:9090");
}

#[test]
fn files_for_flagger_fit_their_schemas() {
    let blue_green =
        CANARY.replace("strategy: canary", "strategy: blue-green").replace("traffic: 50%}", "duration: 20m}");
    let plan = plan(KINDS[9]) + &blue_green;
    let (folder, output) = export(&plan, "flagger", &[PROMETHEUS, WORKLOAD].concat());
    assert_eq!((code(&output), err(&output).as_str()), (0, ""));
    fits(folder.path(), "rollback.metrictemplates.yaml", "flagger.app_metrictemplate_v1beta1.json");
    fits(folder.path(), "canary.yaml", "flagger.app_canary_v1beta1.json");
    let analysis = &documents(folder.path(), "canary.yaml")[0]["spec"]["analysis"];
    assert_eq!((&analysis["iterations"], &analysis["threshold"]), (&120.into(), &1.into()));
    let weights = CANARY.replace("duration: 10m", "duration: 1m").replace("duration: 1h30m", "duration: 1m");
    let plan = self::plan(KINDS[11]) + &weights.replace("50%}", "50%, duration: 1m}");
    let (folder, output) = export(&plan, "flagger", &[PROMETHEUS, WORKLOAD].concat());
    assert_eq!((code(&output), err(&output).as_str()), (0, ""));
    let analysis = &documents(folder.path(), "canary.yaml")[0]["spec"]["analysis"];
    assert_eq!(analysis["stepWeights"], serde_json::json!([5, 50, 100]));
}

#[test]
fn what_a_tool_would_do_otherwise_is_refused() {
    let said = |plan: &str, target: &str, more: &[&str], expect: &str| {
        let (_, output) = export(plan, target, more);
        assert!(err(&output).contains(expect), "{target}: {}", err(&output));
        code(&output)
    };
    let all = [PROMETHEUS, WORKLOAD].concat();
    let manual = plan(KINDS[0]).replace("automatic: yes", "automatic: no");
    let person = "DEP-003: left out: Argo acts by itself, and the plan leaves the rollback to a person; write `automatic: yes`";
    assert_eq!(said(&manual, "argo", &all, person), 2);
    let unstated = plan(KINDS[0]).replace("  automatic: yes\n", "");
    let person = "DEP-003: left out: Argo acts by itself, and the plan does not state `automatic`; write `automatic: yes`";
    assert_eq!(said(&unstated, "argo", &all, person), 2);
    let data = "DEP-003: automatic rollback left out: Flagger rolls back on missing data, and `no_data` is not `rollback`; \
                write `no_data: rollback`, or export to `argo`, which pauses";
    assert_eq!(said(&plan(KINDS[0]), "flagger", &all, data), 2);
    let traffic = "Flagger rolls back on low traffic, and `minimum_traffic` asks for enough of it; remove `minimum_traffic`";
    assert_eq!(said(&plan(KINDS[7]), "flagger", &all, traffic), 2);
    let long = plan(("> 5 for 2d", "", "query: sum(g)"));
    let times = "each measurement would evaluate the condition 2881 times; write a shorter `for`";
    assert_eq!(said(&long, "argo", &all, times), 2);
    let braces = plan(("> 5 for 2m", "", "query: 'sum(g{pod=\"{{a}}\"})'"));
    assert_eq!(said(&braces, "argo", &all, "Argo replaces what is between `{{` and `}}`"), 2);
    let spaces = plan(("> 5 for 2m", "no_data: rollback", "query: 'sum(g{pod=\"a  b\"})'"));
    assert_eq!(said(&spaces, "flagger", &all, "Flagger joins the spaces in a query"), 2);
    let good = plan(KINDS[0]);
    let remarks: &[(&str, &[&str], &str)] = &[
        ("", &all, "no Rollout: the plan has no `rollout`; add `rollout` with phases to the release"),
        (CANARY, &PROMETHEUS, "no Rollout: the name of the Deployment is not known; pass `--workload NAME`"),
        (
            &CANARY.replace("canary", "blue-green"),
            &all,
            "no Rollout: the strategy of REL-001 is blue-green; only canary rollouts have weights",
        ),
        (
            &CANARY.replace("1h30m", "a while"),
            &all,
            "no Rollout: the duration `a while` of phase `All` of REL-001 is not a time",
        ),
        (&CANARY.replace("traffic: 5%, ", ""), &all, "no Rollout: phase `Beta` of REL-001 has no traffic"),
        (&CANARY.replace("5%", "2.5%"), &all, "no Rollout: the traffic of phase `Beta` of REL-001 is 2.5 %"),
        (
            &CANARY.replace("10m", "1m").replace("1h30m", "1m").replace("50%}", "50%, duration: 1m}"),
            &all,
            "no Rollout: the rollout lasts 3m, and DEP-003 could not fire in that time",
        ),
        (
            &(CANARY.to_owned() + &CANARY.replace("REL-001", "REL-002").replace("2.4.0", "2.5.0")),
            &all,
            "no Rollout: several releases have a rollout: REL-001, REL-002; choose one with `--release`",
        ),
    ];
    for (release, more, expect) in remarks {
        assert_eq!(said(&(good.clone() + release), "argo", more, expect), 0, "{release}");
    }
    let held = "no Canary: Flagger changes the weight at each check (1m), and a phase lasts 10m";
    assert_eq!(said(&(plan(KINDS[9]) + CANARY), "flagger", &all, held), 0);
    let options = folder(&[("plan/plan.yaml", &good)]);
    let fails = |arguments: &[&str], expect: &str| {
        let output = run(options.path(), arguments);
        assert_eq!(code(&output), 2, "{arguments:?}");
        assert!(err(&output).contains(expect), "{arguments:?}: {}", err(&output));
    };
    fails(&["export", "flagger"], "`relplan export flagger` needs `--prometheus http://prometheus:9090`");
    fails(&["export", "prometheus", "--workload", "a"], "does not take `--workload checkout`");
    fails(&["export", "argo", "--workload", "Check Out"], "write the name of a Deployment");
    fails(&["export", "argo", "--prometheus", "prometheus"], "write a URL such as http://prometheus:9090");
}

/// The alert of a trigger: its expression and its duration.
struct Alert {
    condition: Expr,
    hold: Duration,
}

/// The alerts that `relplan export prometheus` writes: the rollback, and that it is unknown, if there is such an alert.
fn alert_rules(plan: &str) -> (Alert, Option<Alert>) {
    let (folder, output) = export(plan, "prometheus", &[]);
    assert!(folder.path().join("out").exists(), "{plan}: {}", err(&output));
    let rules = documents(folder.path(), "rollback.rules.yaml").remove(0);
    let rules = rules["groups"][0]["rules"].as_array().expect("rules").clone();
    let mut alerts = rules.iter().map(|rule| Alert {
        condition: promql::parse(rule["expr"].as_str().expect("an expression")).expect("PromQL"),
        hold: rule["for"]
            .as_str()
            .map_or_else(Duration::default, |text| Duration::parse(text).expect("a duration")),
    });
    (alerts.next().expect("a rollback"), alerts.next())
}

impl Alert {
    /// The first evaluation of the rollout at which it fires, if it is evaluated from so long before the rollout on.
    fn first(&self, series: &[Series], step: i64, before: i64) -> Option<usize> {
        let before = usize::try_from(before / step).expect("a count");
        let count = before + usize::try_from(END / step).expect("a count");
        let grid = Grid { start: -step * before as i64, step, count };
        let columns = Engine::new(series).vector(&self.condition, grid).ok()?;
        let states = alerts(&columns, grid, self.hold, Duration::default());
        let fires = |index: &usize| states.iter().any(|alert| alert.states[before + index] == State::Firing);
        (0..count - before).find(fires)
    }
}

/// What Prometheus replies to an instant query: the values of all series.
fn reply(query: &Expr, series: &[Series], time: i64) -> Vec<f64> {
    let grid = Grid { start: time, step: 1, count: 1 };
    let columns = Engine::new(series).vector(query, grid).expect("a query that is evaluated");
    columns.iter().map(|column| column.values[0]).filter(|value| !is_absent(*value)).collect()
}

/// Terms such as `len(result) == 1 && result[0] == 0`, the language of Argo's conditions as far as relplan writes it.
fn holds(condition: &str, result: &[f64]) -> bool {
    condition.split(" && ").all(|term| match term.split_once(" == ").expect("an equation") {
        ("len(result)", count) => result.len() == count.parse::<usize>().expect("a count"),
        ("result[0]", value) => result[0] == value.parse::<f64>().expect("a number"),
        _ => panic!("{term}"),
    })
}

/// How an analysis of Argo ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ended {
    Failed,
    Inconclusive,
}

/// A metric of an AnalysisTemplate, and what Argo counts of it.
struct Argo {
    interval: i64,
    failure_limit: u64,
    inconclusive_limit: u64,
    success: String,
    failure: String,
    query: Expr,
}

impl Argo {
    fn of(plan: &str) -> Self {
        let (folder, output) = export(plan, "argo", &[]);
        assert!(folder.path().join("out").exists(), "{plan}: {}", err(&output));
        let template = documents(folder.path(), "rollback.analysistemplates.yaml").remove(0);
        let metric = &template["spec"]["metrics"][0];
        let text = |key: &str| metric[key].as_str().expect(key).to_owned();
        assert!(metric.get("count").is_none(), "it goes on for as long as the rollout");
        Argo {
            interval: i64::try_from(Duration::parse(&text("interval")).expect("a duration").millis())
                .expect("a time"),
            failure_limit: metric["failureLimit"].as_u64().expect("a limit"),
            inconclusive_limit: metric["inconclusiveLimit"].as_u64().expect("a limit"),
            success: text("successCondition"),
            failure: text("failureCondition"),
            query: promql::parse(metric["provider"]["prometheus"]["query"].as_str().expect("a query"))
                .expect("PromQL"),
        }
    }

    /// A run from `start` on. Each measurement takes a while, which is added to the interval. More than the limit of failed
    /// measurements fail the run, more than that of inconclusive ones end it without a result.
    fn run(&self, series: &[Series], start: i64, end: i64, random: &mut Random) -> Option<(Ended, i64)> {
        let (mut time, mut failed, mut inconclusive) = (start, 0, 0);
        while time < end {
            let result = reply(&self.query, series, time);
            // A measurement that fails both conditions is inconclusive, and failure counts before success.
            if holds(&self.failure, &result) {
                failed += 1;
            } else if !holds(&self.success, &result) {
                inconclusive += 1;
            }
            if failed > self.failure_limit {
                return Some((Ended::Failed, time));
            }
            if inconclusive > self.inconclusive_limit {
                return Some((Ended::Inconclusive, time));
            }
            time += self.interval + i64::try_from(random.below(3_000)).expect("a time");
        }
        None
    }
}

const END: i64 = 60_000 * MINUTES as i64;

#[test]
fn argo_fails_in_the_minute_in_which_the_alert_fires() {
    let (mut fired, mut paused) = (0, 0);
    for (number, kind) in KINDS.iter().enumerate() {
        let plan = plan(*kind);
        let (rollback, unknown) = alert_rules(&plan);
        let argo = Argo::of(&plan);
        let step = argo.interval * 2;
        let tolerant = Argo { inconclusive_limit: u64::MAX, ..Argo::of(&plan) };
        for seed in 0..25 {
            let series = case(1 + seed * KINDS.len() as u64 + number as u64).series;
            let mut random = Random::new(seed + 1);
            let start = i64::try_from(random.below(step.unsigned_abs())).expect("a time");
            let minute = |time: i64| usize::try_from(time / step).expect("an evaluation");
            let expected = rollback.first(&series, step, 3_600_000);
            // Missing data apart, the rollout is aborted in the minute of the alert.
            let found = tolerant.run(&series, start, END, &mut random);
            assert_eq!(found.map(|(_, time)| minute(time)), expected, "{kind:?} seed {seed}");
            // And it pauses no later than there is an alert about missing data.
            let found = argo.run(&series, start, END, &mut random);
            let silent = unknown.as_ref().and_then(|unknown| unknown.first(&series, step, 0));
            let ended = found.map_or(usize::MAX, |(_, time)| minute(time));
            let last = [silent.map(|at| at + 2), expected].into_iter().flatten().min();
            assert!(
                last.is_none_or(|last| ended <= last),
                "{kind:?} seed {seed}: {ended} {silent:?} {expected:?}"
            );
            fired += u32::from(matches!(found, Some((Ended::Failed, _))));
            paused += u32::from(matches!(found, Some((Ended::Inconclusive, _))));
        }
        // No data at all is never a pass.
        let found = argo.run(&[], 0, END, &mut Random::new(1));
        assert!(found.is_some_and(|(_, time)| time <= 6 * 60_000), "{kind:?}: {found:?}");
    }
    println!("{fired} runs failed, {paused} paused");
    assert!(fired > 60 && paused > 20, "{fired} runs failed, {paused} paused: too few to prove much");
}

/// A check of a Canary in Flagger: the last value of all series against a limit. Checks that fail are counted over the whole
/// run, and once there are as many as the threshold, the next check rolls back.
struct Flagger {
    interval: i64,
    threshold: u64,
    most: f64,
    query: Expr,
}

impl Flagger {
    fn of(plan: &str) -> Self {
        let release =
            CANARY.replace("strategy: canary", "strategy: blue-green").replace("50%}", "50%, duration: 1h}");
        let (folder, output) =
            export(&(plan.to_owned() + &release), "flagger", &[PROMETHEUS, WORKLOAD].concat());
        assert!(folder.path().join("out/canary.yaml").exists(), "{plan}: {}", err(&output));
        let analysis = documents(folder.path(), "canary.yaml").remove(0)["spec"]["analysis"].clone();
        let template = documents(folder.path(), "rollback.metrictemplates.yaml").remove(0);
        let interval =
            Duration::parse(analysis["interval"].as_str().expect("an interval")).expect("a duration");
        Flagger {
            interval: i64::try_from(interval.millis()).expect("a time"),
            threshold: analysis["threshold"].as_u64().expect("a threshold"),
            most: analysis["metrics"][0]["thresholdRange"]["max"].as_f64().expect("a limit"),
            query: promql::parse(template["spec"]["query"].as_str().expect("a query")).expect("PromQL"),
        }
    }

    /// When the check fails that makes the canary go back.
    fn run(&self, series: &[Series], start: i64, end: i64) -> Option<i64> {
        let (mut time, mut failed) = (start, 0);
        while time < end {
            // NaN is not more than any limit, and a reply without a value fails.
            let value = reply(&self.query, series, time).last().copied();
            let passes = value.is_some_and(|value| value.partial_cmp(&self.most) != Some(Ordering::Greater));
            failed += u64::from(!passes);
            if failed >= self.threshold {
                return Some(time);
            }
            time += self.interval;
        }
        None
    }
}

#[test]
fn flagger_fails_in_the_minute_in_which_the_alert_fires() {
    let mut fired = 0;
    for (number, kind) in KINDS.iter().enumerate() {
        if !kind.1.contains("no_data: rollback") && !kind.0.starts_with("no data") {
            continue;
        }
        let plan = plan(*kind);
        let (rollback, unknown) = alert_rules(&plan);
        assert!(unknown.is_none(), "{kind:?}");
        let flagger = Flagger::of(&plan);
        let step = flagger.interval;
        for seed in 0..25 {
            let series = case(1 + seed * KINDS.len() as u64 + number as u64).series;
            let start = i64::try_from(Random::new(seed + 1).below(step.unsigned_abs())).expect("a time");
            let found =
                flagger.run(&series, start, END).map(|time| usize::try_from(time / step).expect("a check"));
            assert_eq!(found, rollback.first(&series, step, 3_600_000), "{kind:?} seed {seed}");
            fired += u32::from(found.is_some());
        }
        assert!(flagger.run(&[], 0, END).is_some_and(|time| time <= 6 * 60_000), "{kind:?}: no data passes");
    }
    println!("{fired} canaries went back");
    assert!(fired > 40, "{fired} canaries went back: too few to prove much");
}
