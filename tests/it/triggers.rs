//! The evaluator of triggers against Prometheus: hostile series through `promtool test rules`, each minute compared.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::process::Command;

use relplan::model::duration::Duration;
use relplan::model::promql;
use relplan::trigger::alert::{State, alerts};
use relplan::trigger::engine::{ABSENT, Engine, Grid, Labels, NAME, Sample, Series};

use crate::support::{err, folder, installed, out};

/// Expressions of triggers, with how long they have to hold and go on, in minutes.
const KINDS: &[(&str, u64, u64)] = &[
    ("sum(rate(e[5m])) / sum(rate(r[5m])) > 0.02", 5, 0),
    ("sum(rate(e[5m])) / sum(rate(r[5m])) > 0.02", 0, 0),
    ("sum(rate(e[2m])) > 0.5", 3, 10),
    ("sum(increase(e[10m])) by (pod) > 20", 5, 0),
    ("g > 50", 5, 0),
    ("g > 50", 3, 5),
    ("avg(g) > 50 and on() sum(rate(r[5m])) >= 0.2", 2, 0),
    (
        "(sum(rate(e[5m])) / sum(rate(r[5m])) > 0.02) or absent((sum(rate(e[5m])) / sum(rate(r[5m]))) >= -Inf)",
        5,
        0,
    ),
    ("absent(g{pod=\"a\"})", 4, 0),
    ("absent(sum(rate(e[5m])) >= -Inf)", 5, 3),
    ("sum(rate(e[5m])) > sum(rate(e[5m] offset 10m)) * 1.2", 5, 0),
    ("min_over_time((sum(rate(e[2m])))[5m:1m]) > 0.3", 0, 0),
    ("avg_over_time(g[5m]) > 40 or max_over_time(g[3m]) > 90", 2, 0),
    ("histogram_quantile(0.9, sum by (le) (rate(h_bucket[5m]))) > 0.3", 3, 0),
    ("irate(e[3m]) > 1", 1, 2),
    ("max(g) by (pod) - min(g) by (pod) != 0 or count(g) < 2", 1, 0),
    ("g / ignoring(pod) group_left sum without (pod) (g) > 0.6", 2, 0),
    ("resets(e[10m]) > 1 unless changes(g[5m]) > 3", 1, 0),
    ("count_over_time(g[5m]) < 4", 2, 0),
    ("1000 * (e - e offset 5m) > 3000", 2, 0),
    ("sum_over_time(g[4m]) > bool 100 == 1", 1, 0),
    ("clamp_max(g, 60) >= 60", 2, 0),
    ("delta(g[5m]) < -30", 0, 4),
    // What `relplan export argo` asks: 1 while a trigger fires, 0 while it does not, nothing while that is unknown.
    (
        "(group(count_over_time((sum(rate(e[2m])) > 0.5)[3m59s999ms:1m]) >= 4) or (vector(0) unless on () absent(sum(rate(e[2m])) >= -Inf))) == 1",
        0,
        0,
    ),
    (
        "(group(count_over_time((g > 50)[2m59s999ms:1m]) >= 3) or (vector(0) unless on () absent(g >= -Inf))) == 0",
        0,
        0,
    ),
    ("sum(g) / count(g) > 40 and last_over_time(g[10m]) > 1", 1, 0),
];

/// How many minutes each series has.
pub const MINUTES: usize = 60;

/// The series of one case, as samples and in the notation of promtool.
pub struct Case {
    pub series: Vec<Series>,
    notation: Vec<(String, String)>,
}

/// Numbers that are the same in every run (xorshift64*).
pub struct Random(u64);

impl Random {
    /// Numbers from a seed.
    pub fn new(seed: u64) -> Self {
        Random(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    /// A number from 0 on and below `most`.
    pub fn below(&mut self, most: u64) -> u64 {
        (self.next() >> 33) % most
    }
}

fn label(name: &str, more: &[(&str, &str)]) -> Labels {
    let mut labels: Labels = vec![(NAME.to_owned(), name.to_owned())];
    labels.extend(more.iter().map(|(label, value)| ((*label).to_owned(), (*value).to_owned())));
    labels.sort();
    labels
}

/// Samples with spikes, bursts, slow burn, holes, resets, NaN, marks of the end, and a late start.
fn hostile(random: &mut Random, is_counter: bool) -> (Vec<Sample>, String) {
    let (mut samples, mut text, mut at) = (Vec::new(), String::new(), 0_usize);
    let mut level = random.below(100) as f64;
    let step = |index: usize| i64::try_from(index).expect("a minute") * 60_000;
    if random.below(4) == 0 {
        at = random.below(20) as usize + 1;
        let _ = write!(text, "_x{at} ");
    }
    while at < MINUTES {
        let length = random.below(12) as usize + 1;
        match random.below(12) {
            0 | 1 => {
                let _ = write!(text, "_x{length} ");
                at += length;
            }
            2 => {
                samples.push(Sample { time: step(at), value: ABSENT });
                text += "stale ";
                at += 1;
            }
            3 => {
                samples.push(Sample { time: step(at), value: f64::NAN });
                text += "NaN ";
                at += 1;
            }
            kind => {
                if kind == 4 || !is_counter {
                    level = random.below(100) as f64;
                }
                let slope = match kind {
                    5 | 6 => 0.0,
                    7 => (random.below(2_000) + 100) as f64,
                    8 => 0.5,
                    _ => random.below(80) as f64,
                };
                let slope = if !is_counter && random.below(2) == 0 { -slope.min(level) } else { slope };
                let sign = if slope < 0.0 { '-' } else { '+' };
                let _ = write!(text, "{level}{sign}{}x{} ", slope.abs(), length - 1);
                for _ in 0..length {
                    samples.push(Sample { time: step(at), value: level });
                    level += slope;
                    at += 1;
                }
            }
        }
    }
    (samples, text.trim_end().to_owned())
}

/// The series of a seed.
pub fn case(seed: u64) -> Case {
    let mut random = Random::new(seed);
    let mut case = Case { series: Vec::new(), notation: Vec::new() };
    let mut wanted: Vec<(Labels, bool)> = Vec::new();
    for pod in ["a", "b"] {
        for (name, is_counter) in [("e", true), ("r", true), ("g", false)] {
            if pod == "a" || random.below(3) > 0 {
                wanted.push((label(name, &[("pod", pod)]), is_counter));
            }
        }
    }
    for (labels, is_counter) in wanted {
        let (samples, text) = hostile(&mut random, is_counter);
        case.add(labels, samples, text);
    }
    // Buckets grow together, or the histogram is none.
    let mut total = 0.0;
    for bound in ["0.1", "0.5", "1", "+Inf"] {
        total += random.below(30) as f64;
        let values = (0..MINUTES).map(|minute| total * minute as f64);
        let samples =
            values.enumerate().map(|(minute, value)| Sample { time: minute as i64 * 60_000, value });
        case.add(
            label("h_bucket", &[("le", bound)]),
            samples.collect(),
            format!("0+{total}x{}", MINUTES - 1),
        );
    }
    case
}

impl Case {
    fn add(&mut self, labels: Labels, samples: Vec<Sample>, text: String) {
        let name = labels.iter().find(|(label, _)| label == NAME).map_or("", |(_, name)| name);
        let rest: Vec<String> = labels
            .iter()
            .filter(|(label, _)| label != NAME)
            .map(|(label, value)| format!("{label}=\"{value}\""))
            .collect();
        self.notation.push((format!("{name}{{{}}}", rest.join(",")), text));
        self.series.push(Series::scraped(labels, samples));
    }
}

/// The series for which an alert fires at each minute; nothing if Prometheus would refuse the expression.
fn firing(case: &Case, expression: &str, hold: u64, keep: u64) -> Option<Vec<Vec<Labels>>> {
    let expr = promql::parse(expression).unwrap_or_else(|error| panic!("{expression}: {error:?}"));
    let grid = Grid { start: 0, step: 60_000, count: MINUTES };
    let columns = Engine::new(&case.series).vector(&expr, grid).ok()?;
    let minutes = |minutes: u64| Duration::from_millis(minutes * 60_000);
    let alerts = alerts(&columns, grid, minutes(hold), minutes(keep));
    let at = |minute: usize| {
        let firing = alerts.iter().filter(|alert| alert.states[minute] == State::Firing);
        firing.map(|alert| alert.labels.clone()).collect()
    };
    Some((0..MINUTES).map(at).collect())
}

#[test]
fn every_minute_agrees_with_prometheus() {
    let Some(program) = installed("promtool") else { return };
    let cases: u64 =
        std::env::var("RELPLAN_HOSTILE_SERIES").ok().and_then(|text| text.parse().ok()).unwrap_or(300);
    let (mut compared, mut fired) = (0_u64, 0_u64);
    for (number, (expression, hold, keep)) in KINDS.iter().enumerate() {
        let rules = format!(
            "groups:\n- name: g\n  rules:\n  - alert: T\n    expr: {}\n    for: {hold}m\n    keep_firing_for: {keep}m\n",
            serde_json::Value::String((*expression).to_owned())
        );
        let mut tests = "rule_files: [rules.yaml]\nevaluation_interval: 1m\ntests:\n".to_owned();
        // Each kind sees other series.
        for seed in (0..cases).filter(|seed| seed % KINDS.len() as u64 == number as u64) {
            let case = case(seed + 1);
            let Some(firing) = firing(&case, expression, *hold, *keep) else { continue };
            let _ = write!(tests, "- interval: 1m\n  name: case {seed}\n  input_series:\n");
            for (series, values) in &case.notation {
                let _ = writeln!(tests, "  - {{series: '{series}', values: '{values}'}}");
            }
            tests += "  alert_rule_test:\n";
            for (minute, series) in firing.iter().enumerate() {
                let labels: Vec<String> = series
                    .iter()
                    .map(|labels| {
                        let pairs: BTreeMap<&String, &String> =
                            labels.iter().map(|(label, value)| (label, value)).collect();
                        format!("{{exp_labels: {}}}", serde_json::to_string(&pairs).expect("labels"))
                    })
                    .collect();
                let _ = writeln!(
                    tests,
                    "  - {{eval_time: {minute}m, alertname: T, exp_alerts: [{}]}}",
                    labels.join(", ")
                );
                compared += 1;
                fired += u64::from(!series.is_empty());
            }
        }
        let folder = folder(&[("rules.yaml", rules), ("tests.yaml", tests)]);
        let output = Command::new(&program)
            .current_dir(folder.path())
            .args(["test", "rules", "tests.yaml"])
            .output()
            .expect("promtool can be started");
        let said = out(&output) + &err(&output);
        assert!(output.status.success(), "{expression}: {}", said.chars().take(4_000).collect::<String>());
    }
    println!("{compared} minutes of {cases} cases compared, an alert fires in {fired}");
    assert!(fired * 20 > compared, "an alert fires in {fired} of {compared} minutes: too few to prove much");
}
