//! What triggers are compiled to, as a table.

use rustc_hash::FxHashSet;

use super::{Obstacle, Trigger, triggers};
use crate::graph::Graph;
use crate::model::{Families, Plan, document};
use crate::source::{FileId, SourceFile};

/// The triggers of a plan of one file.
pub(in crate::trigger) fn compiled(yaml: &str) -> Vec<Result<Trigger, Obstacle>> {
    let file = SourceFile::new("plan.yaml", yaml);
    let families = Families::default();
    let plan = Plan::new(vec![document::read(FileId(0), &file, &families)]);
    let graph = Graph::new(&plan, &families, &FxHashSet::default());
    triggers(&plan, &graph).into_iter().map(|(_, _, trigger)| trigger).collect()
}

fn one(threshold: &str, rollback: &str, metric: &str) -> Result<Trigger, Obstacle> {
    let field = |line: &&str| !line.is_empty();
    let fields = |text: &str| -> String {
        text.split(" | ").filter(field).map(|line| format!("  {line}\n")).collect()
    };
    let yaml = format!(
        "- id: DEP-003\n  type: Rollback\n  threshold: '{threshold}'\n  monitored_by: MON-001\n{}- id: MON-001\n{}",
        fields(rollback),
        fields(metric)
    );
    compiled(&yaml).remove(0)
}

fn check(threshold: &str, metric: &str, expect: &str) {
    let trigger = one(threshold, "", metric).unwrap_or_else(|obstacle| panic!("{threshold}: {obstacle}"));
    assert_eq!(trigger.condition().to_string(), expect, "{threshold}");
}

fn check_obstacle(threshold: &str, metric: &str, expect: &str) {
    let obstacle = one(threshold, "", metric).expect_err(threshold);
    assert_eq!(format!("{obstacle}; {}", obstacle.help()), expect, "{threshold}");
}

#[test]
fn absolute_limits_are_in_the_unit_of_the_metric() {
    check("> 2% of requests for 5m", "query: sum(e) | unit: percent of requests", "sum(e) > 2");
    check("> 2% of requests for 5m", "query: sum(e) | unit: ratio", "sum(e) > 0.02");
    check("p95 > 1000ms for 5m", "query: sum(e) | unit: s", "sum(e) > 1");
    check("p95 >= 0.1ms", "query: sum(e) | unit: s", "sum(e) >= 0.0001");
    check("< 90% for 3m", "query: sum(e) | unit: percent of ratings", "sum(e) < 90");
    check("> 5 critical issues", "query: sum(e) | unit: critical issues", "sum(e) > 5");
    check("> 5", "query: sum(e) | unit: rows", "sum(e) > 5");
    check("> 5", "query: a / b", "(a / b) > 5");
    check("= 0", "query: up", "up == 0");
    check("no data for 5m", "query: up", "absent(up >= -Inf)");
}

#[test]
fn limits_count_from_the_baseline() {
    let percent = "query: sum(e) | unit: percent | baseline: 0.5%";
    check("> 2pp over baseline for 5m", percent, "sum(e) > 2.5");
    check("> 20% over baseline for 5m", percent, "sum(e) > 0.6");
    check("> 20% under baseline for 5m", percent, "sum(e) < 0.4");
    check("> 0.1pp over baseline", "query: sum(e) | unit: ratio | baseline: 0.5%", "sum(e) > 0.006");
    check("> 20% over baseline", "query: sum(e) | unit: ms | baseline: 420ms", "sum(e) > 504");
    check("> 20% worse than baseline", "query: sum(e) | unit: ms | baseline: 0.42s", "sum(e) > 504");
    check(
        "> 20% worse than baseline",
        "query: sum(e) | unit: rps | baseline: 100 | target: '> 90 rps'",
        "sum(e) < 80",
    );
    let earlier = "query: sum(rate(e[5m])) | unit: percent | baseline_offset: 1d";
    check("> 2pp over baseline", earlier, "sum(rate(e[5m])) > (sum(rate(e[5m] offset 1d)) + 2)");
    let stable = "query: 'sum(e{s=\"new\"})' | baseline_query: 'sum(e{s=\"old\"})'";
    check("> 20% over baseline", stable, "sum(e{s=\"new\"}) > (sum(e{s=\"old\"}) * 1.2)");
    check("> 20% under baseline", stable, "sum(e{s=\"new\"}) < (sum(e{s=\"old\"}) * 0.8)");
}

#[test]
fn states_are_missed_targets() {
    check("failing for 5m", "query: min(p) | unit: percent | target: '>= 100%'", "min(p) < 100");
    check("breached", "query: sum(e) | unit: ms | target: '< 1s'", "sum(e) >= 1000");
}

#[test]
fn traffic_and_missing_data() {
    let metric = "query: sum(e) | traffic: sum(r) | minimum_traffic: 1";
    check("> 2", metric, "(sum(e) > 2) and on () (sum(r) >= 1)");
    let trigger = one("> 2", "no_data: rollback | keep_firing_for: 10m", "query: sum(e)").unwrap();
    assert_eq!(trigger.condition().to_string(), "(sum(e) > 2) or absent(sum(e) >= -Inf)");
    assert_eq!(trigger.keep_firing.to_string(), "10m");
    let trigger = one("> 2", "", metric).unwrap();
    assert_eq!(
        trigger.unknown().unwrap().to_string(),
        "absent(sum(e) >= -Inf) or ((sum(r) < 1) or absent(sum(r) >= -Inf))"
    );
}

#[test]
fn what_cannot_be_compiled_says_which_field_to_add() {
    check_obstacle(
        "> 2% of requests",
        "title: x",
        "MON-001 has no query; add `query` with PromQL to MON-001",
    );
    check_obstacle(
        "> 2% of requests",
        "query: sum(",
        "the PromQL of MON-001 is not valid; correct the PromQL of MON-001",
    );
    check_obstacle(
        "> 2% of requests",
        "query: sum(e)",
        "MON-001 has no unit; add `unit: percent` or `unit: ratio` to MON-001",
    );
    check_obstacle("> 500ms", "query: sum(e)", "MON-001 has no unit; add `unit: ms` or `unit: s` to MON-001");
    check_obstacle(
        "> 500ms",
        "query: sum(e) | unit: percent",
        "the limit is 500ms, and MON-001 is in percent; write the threshold in the unit of MON-001, or correct the unit",
    );
    check_obstacle(
        "> 2pp over baseline",
        "query: sum(e) | unit: percent",
        "MON-001 has no baseline; add `baseline`, `baseline_query` or `baseline_offset` to MON-001",
    );
    check_obstacle(
        "> 2pp over baseline",
        "query: sum(e) | unit: ms | baseline: 420ms",
        "percentage points need a share, and MON-001 is not a share; \
         write `20% over baseline`, or set `unit: percent` or `unit: ratio` in MON-001",
    );
    check_obstacle(
        "failing for 5m",
        "query: sum(e)",
        "`failing` is not a value, and MON-001 has no target; \
         write a value such as `< 100% for 5m`, or add a `target` with `<` or `>` to MON-001",
    );
    check_obstacle(
        "> 5",
        "query: sum(e) | minimum_traffic: 1",
        "MON-001 has `minimum_traffic` and no `traffic`; add `traffic` with PromQL to MON-001",
    );
    check_obstacle(
        "> 5",
        "query: time()",
        "the `query` of MON-001 yields a scalar; write a `query` in MON-001 that yields the current value of a series",
    );
    check_obstacle(
        "> 20% over baseline",
        "query: e | baseline_query: f",
        "the series of `baseline_query` and `query` of MON-001 may have different labels; \
         aggregate the `baseline_query` of MON-001 as its `query` is: `sum(…)`",
    );
}

#[test]
fn a_hold_of_more_than_two_weeks_is_refused() {
    let metric = "query: sum(e)";
    check("> 5 for 14d", metric, "sum(e) > 5");
    check_obstacle("> 5 for 15d", metric, "`for` is 15d, longer than 2w; write at most 2w, such as `for 5m`");
    check_obstacle(
        "> 5 for 1000000h",
        metric,
        "`for` is 41666d16h, longer than 2w; write at most 2w, such as `for 5m`",
    );
    let obstacle = one("> 5", "keep_firing_for: 3 weeks", metric).unwrap_err();
    assert_eq!(
        format!("{obstacle}; {}", obstacle.help()),
        "`keep_firing_for` is 3w, longer than 2w; write at most 2w, such as `keep_firing_for: 5m`"
    );
}

#[test]
fn a_condition_that_the_baseline_meets_is_refused() {
    let stated = "query: sum(e) | unit: ms | baseline: 400ms";
    let moving = "query: sum(e) | baseline_offset: 1d";
    for metric in [stated, moving] {
        check_obstacle(
            "< 20% under baseline",
            metric,
            "the baseline itself meets `< 20% under baseline`; write `> 20% under baseline`",
        );
        check_obstacle(
            "<= 20% over baseline",
            metric,
            "the baseline itself meets `<= 20% over baseline`; write `> 20% over baseline`",
        );
        check_obstacle(
            ">= 0% over baseline",
            metric,
            "the baseline itself meets `>= 0% over baseline`; write `> 0% over baseline`",
        );
    }
    check_obstacle(
        "> 20% over baseline",
        "query: sum(e) | unit: °C | baseline: -5 °C",
        "the baseline itself meets `> 20% over baseline`; write `> 20% over baseline`",
    );
    check("> 20% under baseline", stated, "sum(e) < 320");
}

#[test]
fn a_limit_that_is_never_or_always_passed_is_refused() {
    let rate = "query: sum(e) | unit: ratio of requests | baseline: 99%";
    let help = "correct the limit, or the `baseline` or `unit` of MON-001";
    let refused = |threshold: &str, metric: &str, expect: &str| {
        check_obstacle(threshold, metric, &format!("{expect}; {help}"));
    };
    refused("> 2pp over baseline", rate, "the limit is 101 %, and MON-001 is never beyond it");
    refused("> 1pp over baseline", rate, "the limit is 100 %, and MON-001 is never beyond it");
    check(">= 1pp over baseline", rate, "sum(e) >= 1");
    check("> 0.5pp over baseline", rate, "sum(e) > 0.995");
    refused(
        "> 100% over baseline",
        "query: sum(e) | unit: percent | baseline: 60%",
        "the limit is 120 %, and MON-001 is never beyond it",
    );
    refused(
        "> 3pp under baseline",
        "query: sum(e) | unit: percent | baseline: 2%",
        "the limit is -1 %, and MON-001 is never beyond it",
    );
    refused("> 120%", rate, "the limit is 120 %, and MON-001 is never beyond it");
    refused(">= 0ms", "query: sum(e) | unit: ms", "the limit is 0 ms, and MON-001 is always beyond it");
    // Several processors are busy by more than 100 %, and more is sold than in the week before.
    let cores = "query: sum(e) | unit: percent of one core";
    check("> 150%", cores, "sum(e) > 150");
    let whole =
        "correct the limit, or write in the `unit` of MON-001 of what it is a share: `percent of one core`";
    check_obstacle(
        "> 150",
        "query: sum(e) | unit: percent",
        &format!("the limit is 150 %, and MON-001 is never beyond it; {whole}"),
    );
    check_obstacle(
        "< 1.5",
        "query: sum(e) | unit: ratio",
        &format!("the limit is 150 %, and MON-001 is always beyond it; {whole}"),
    );
    check_obstacle(
        "failing",
        "query: sum(e) | unit: percent | target: '<= 100'",
        &format!("the limit is 100 %, and MON-001 is never beyond it; {whole}"),
    );
    check("> 10pp over baseline", "query: sum(e) | unit: percent | baseline: 160%", "sum(e) > 170");
    check(
        "> 10pp over baseline",
        "query: sum(e) | unit: percent of last week | baseline: 95%",
        "sum(e) > 105",
    );
}

#[test]
fn a_limit_that_the_query_leaves_out_is_refused() {
    let refused = |threshold: &str, metric: &str, field: &str, expect: &str| {
        let help = format!("correct the comparison in the `{field}` of MON-001, or the limit");
        check_obstacle(threshold, metric, &format!("{expect}; {help}"));
    };
    let above = "query: sum(e) > 5";
    refused("< 3", above, "query", "the limit is `< 3`, and the `query` of MON-001 yields more than 5");
    refused("= 2", above, "query", "the limit is `== 2`, and the `query` of MON-001 yields more than 5");
    check("> 10", above, "(sum(e) > 5) > 10");
    let is_down = "query: max(up == 0)";
    refused("> 0", is_down, "query", "the limit is `> 0`, and the `query` of MON-001 yields 0 only");
    let bool = "query: sum(e) > bool 5";
    refused(
        "> 3",
        bool,
        "query",
        "the limit is `> 3`, and the `query` of MON-001 yields 0 or more and at most 1",
    );
    check("= 1", bool, "(sum(e) > bool 5) == 1");
    refused(
        "> 3",
        "query: sum(e) | traffic: sum(r) > bool 2 | minimum_traffic: 5",
        "traffic",
        "the limit is `>= 5`, and the `traffic` of MON-001 yields 0 or more and at most 1",
    );
}

#[test]
fn a_query_that_cannot_watch_a_release_is_refused() {
    check_obstacle(
        "> 5",
        "query: sum(rate(e[5m] @ 1609746000))",
        "the `query` of MON-001 is read at a fixed time (`@`) and never changes; \
         remove `@` from the `query` of MON-001",
    );
    check_obstacle(
        "> 20% over baseline",
        "query: sum(e) | baseline_query: sum(e @ end())",
        "the `baseline_query` of MON-001 is read at a fixed time (`@`) and never changes; \
         remove `@` from the `baseline_query` of MON-001, or write `baseline_offset: 1d`",
    );
    let zero =
        "write `or 0 * sum(…)` of a metric that is always recorded instead of `or vector(0)` in MON-001";
    check_obstacle(
        "> 5",
        "query: sum(rate(e[5m])) or vector(0)",
        &format!("the `query` of MON-001 has a value without data (`vector`); {zero}"),
    );
    check_obstacle(
        "> 20% over baseline",
        "query: sum(e) | baseline_query: sum(b) or vector(0)",
        &format!("the `baseline_query` of MON-001 has a value without data (`vector`); {zero}"),
    );
    let numerator = "query: (sum(e) or vector(0)) / sum(r)";
    check("> 5", numerator, "((sum(e) or vector(0)) / sum(r)) > 5");
}

#[test]
fn a_threshold_about_something_else_is_refused() {
    let success = "title: Success rate | query: sum(ok) / sum(all) | unit: ratio";
    let other = |subject: &str, title: &str| {
        format!(
            "the threshold is about `{subject}`, and MON-001 measures `{title}`; \
             link the metric that measures it, or name this one in the threshold: `(from MON-001)`"
        )
    };
    check_obstacle("error rate > 1%", success, &other("error rate", "Success rate"));
    let p95 = "title: p95 latency | query: histogram_quantile(0.95, sum(b)) | unit: ms";
    check_obstacle("p99 > 500ms", p95, &other("p99", "p95 latency"));
    check("p95 > 500ms", p95, "histogram_quantile(0.95, sum(b)) > 500");
    check("latency > 500ms", p95, "histogram_quantile(0.95, sum(b)) > 500");
    check("p99 > 500ms (from MON-001)", p95, "histogram_quantile(0.95, sum(b)) > 500");
}

#[test]
fn no_part_of_a_threshold_is_dropped() {
    let refused = |threshold: &str, metric: &str, part: &str| {
        let expect = format!("an alert cannot express `{part}`; remove it from the threshold");
        check_obstacle(threshold, metric, &expect);
    };
    let time = "query: sum(e) | unit: ms";
    let share = "query: sum(e) | unit: percent of requests";
    refused("> 500ms in eu-west", time, "in eu-west");
    refused("> 500ms in 3 of 5 minutes", time, "in 3 of 5 minutes");
    refused("latency in 3 of 5 minutes > 500ms", time, "in 3 of 5 minutes");
    refused("> 2% of requests in eu-west", share, "in eu-west");
    refused("> 2% of requests over 500ms", share, "over 500ms");
    refused("failing in 2 regions for 5m", "query: sum(e) | target: < 5", "in 2 regions");
    refused("> 500ms within 30 days", time, "within 30d");
    refused("> 500ms for a large order", time, "for a large order");
    // What the metric says, too, is what its query measures.
    check("> 500ms in eu-west", "title: Latency in EU-West | query: sum(e) | unit: ms", "sum(e) > 500");
    check(
        "> 2% of requests over 500ms",
        "query: sum(e) | unit: percent of requests over 500ms",
        "sum(e) > 2",
    );
    check("time to first byte > 500ms", time, "sum(e) > 500");
    check_obstacle(
        "> 2% of sessions",
        share,
        "the limit is 2% of sessions, and MON-001 is in percent of requests; \
         write the threshold in the unit of MON-001, or correct the unit",
    );
    check_obstacle(
        "> 5 errors per minute",
        "query: sum(e)",
        "MON-001 has no unit; add `unit: errors per minute` to MON-001",
    );
    check_obstacle(
        "> 5 (from KPI-001)",
        "query: sum(e)",
        "`KPI-001` is not a MON entry of the plan; name a MON entry: `(from MON-001)`",
    );
    check_obstacle(
        "failing",
        "query: sum(e) | target: < 5 for 30m",
        "the target of MON-001 has `for 30m`, which has no opposite; \
         write a value such as `< 100% for 5m`, or remove the part from the target of MON-001",
    );
}

#[test]
fn of_several_metrics_the_threshold_names_one() {
    let yaml = |threshold: &str| {
        format!(
            "- id: DEP-003\n  type: Rollback\n  threshold: '{threshold}'\n  monitored_by: MON-001, MON-002\n\
             - {{id: MON-001, query: sum(a)}}\n- {{id: MON-002, query: sum(b)}}\n"
        )
    };
    let named = compiled(&yaml("> 5 (from MON-002)")).remove(0).unwrap();
    assert_eq!(named.condition().to_string(), "sum(b) > 5");
    let obstacle = compiled(&yaml("> 5")).remove(0).unwrap_err();
    assert_eq!(obstacle.help(), "name one in the threshold: `(from MON-001)`");
}

#[test]
fn an_instant_query_asks_for_each_evaluation_of_the_duration() {
    let query = |threshold: &str, rollback: &str, metric: &str| {
        let trigger = one(threshold, rollback, metric).unwrap();
        trigger.instant_query().map(|instant| (instant.query.to_string(), instant.step.to_string()))
    };
    let found = |query: &str, step: &str| Ok((query.to_owned(), step.to_owned()));
    assert_eq!(
        query("> 5 for 5m", "", "query: sum(e)"),
        found(
            "group(count_over_time((sum(e) > 5)[5m59s999ms:1m]) >= 6) \
             or (vector(0) unless on () absent(sum(e) >= -Inf))",
            "1m"
        )
    );
    assert_eq!(
        query("> 5 for 90s", "no_data: rollback", "query: sum(e)"),
        found(
            "group(count_over_time(((sum(e) > 5) or absent(sum(e) >= -Inf))[1m59s999ms:30s]) >= 4) or vector(0)",
            "30s"
        )
    );
    assert_eq!(
        query("> 5", "", "query: sum(e)"),
        found("group(sum(e) > 5) or (vector(0) unless on () absent(sum(e) >= -Inf))", "1m")
    );
    assert_eq!(query("> 5 for 2d", "", "query: sum(e)"), Err(super::NotInstant::TooManyEvaluations(2_881)));
    assert_eq!(query("> 5 for 5m", "", "query: '{__name__=~\"a|b\"}'"), Err(super::NotInstant::SeveralNames));
}

/// What is said to have a value whatever is recorded has one where nothing is.
#[test]
fn a_query_that_always_has_a_value_has_one_without_data() {
    use super::engine::{Engine, Grid, is_absent};
    let grid = Grid { start: 0, step: 60_000, count: 3 };
    for text in [
        "vector(0)",
        "sum(rate(e[5m])) or vector(0)",
        "100 * (sum(e) or vector(0))",
        "max_over_time((sum(e) or vector(0))[5m:1m])",
        "vector(time()) * vector(1)",
        "sum(e) / sum(r)",
        "(sum(e) or vector(0)) / sum(r)",
        "sum(e) or 0 * sum(r)",
        "vector(1) unless on () up",
        "vector(1) > 2",
        "absent(up)",
        "vector(0) and vector(1)",
        "sum(vector(0) + vector(1)) or up",
        "abs(vector(2)) > bool 1",
    ] {
        let expr = crate::model::promql::parse(text).unwrap();
        let columns = Engine::new(&[]).vector(&expr, grid).unwrap_or_else(|error| panic!("{text}: {error}"));
        let has_value = |index: usize| columns.iter().any(|column| !is_absent(column.values[index]));
        // The other way round is not promised: `absent` has a value here, and none once there is data.
        assert!(!expr.always_has_value() || (0..3).all(has_value), "{text}");
        assert_eq!(
            expr.always_has_value(),
            (0..3).all(has_value) && !text.contains("absent(") && !text.contains("unless"),
            "{text}"
        );
    }
}
