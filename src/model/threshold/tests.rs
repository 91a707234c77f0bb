//! The grammar as a table.

use super::*;

fn check(text: &str, canonical: &str) {
    let found = parse(text).unwrap_or_else(|errors| panic!("{text:?}: {errors:?}"));
    assert_eq!(found.canonical(), canonical, "{text:?}");
    assert_eq!(parse(canonical), Ok(found), "{text:?}");
}

fn check_target(text: &str, canonical: &str) {
    let found = parse_target(text).unwrap_or_else(|errors| panic!("{text:?}: {errors:?}"));
    assert_eq!(found.canonical(), canonical, "{text:?}");
    assert_eq!(parse_target(canonical), Ok(found), "{text:?}");
}

fn check_reading(text: &str, reading: &str) {
    assert_eq!(parse(text).unwrap().to_string(), reading, "{text:?}");
}

fn check_errors(text: &str, expect: &[(&str, ThresholdErrorKind)]) {
    let errors = parse(text).unwrap_err();
    let found: Vec<_> = errors.iter().map(|error| (&text[error.range.clone()], error.kind)).collect();
    assert_eq!(found, expect, "{text:?}");
}

#[test]
fn the_short_forms() {
    check("> 2% of requests for 5m", "> 2% of requests for 5m");
    check("> 2pp over baseline for 5m", "> 2pp over baseline for 5m");
    check("> 20% over baseline for 10m", "> 20% over baseline for 10m");
    check("p95 > 1000ms for 5m", "p95 > 1s for 5m");
    check("< 90% for 3m", "< 90% for 3m");
    check("failing for 5m", "failing for 5m");
    check("p99 > 0.5ms", "p99 > 0.5 ms");
    check("rate ≥ 1_000/min within 1h30m", "rate >= 1000/min within 1h30m");
    check("error rate (4xx, 5xx): == 0", "error rate (4xx, 5xx) = 0");
}

#[test]
fn prose() {
    check(
        ">2% of requests for 5 minutes (currently 0.5% baseline from MON-001)",
        "> 2% of requests for 5m (baseline 0.5%, from MON-001)",
    );
    check("health checks failing for > 5 minutes", "health checks failing for 5m");
    check("Failed health checks for >5 minutes", "health checks failing for 5m");
    check("the service is down for at least 90 seconds.", "the service down for 1m30s");
    check("latency p99 is above 1,500 ms, continuously for 5m", "latency p99 > 1500ms for 5m");
}

#[test]
fn english_operators() {
    for words in ["above", "over", "exceeds", "more than", "greater than", "Higher than"] {
        check(&format!("5xx rate {words} 2%"), "5xx rate > 2%");
    }
    for words in ["at least", "minimum", "no less than", "minimum of"] {
        check(&format!("{words} 95% of tests"), ">= 95% of tests");
    }
    for words in ["below", "under", "less than", "fewer than"] {
        check(&format!("{words} 15 minutes"), "< 15m");
    }
    for words in ["at most", "no more than", "up to", "maximum"] {
        check(&format!("{words} 20,000 users"), "<= 20000 users");
    }
    for words in ["exactly", "equals"] {
        check(&format!("replicas {words} 3"), "replicas = 3");
    }
}

#[test]
fn changes_against_a_baseline() {
    check("> 2 percentage points over baseline", "> 2pp over baseline");
    check("> 20% above the pre-deployment baseline", "> 20% over baseline");
    check("> 20% degradation from baseline", "> 20% worse than baseline");
    check(
        ">20% degradation in response times from baseline for 10m",
        "response times > 20% worse than baseline for 10m",
    );
    check("throughput > 10% drop compared to baseline", "throughput > 10% under baseline");
    check("> 2pp increase in error rate", "error rate > 2pp over baseline");
    check("latency > 20% relative increase", "latency > 20% over baseline");
    check("> 20% error rate over baseline", "error rate > 20% over baseline");
}

#[test]
fn other_quantities() {
    check("> 2% of requests over 500ms for 5m", "> 2% of requests over 500ms for 5m");
    check("throughput >100rps", "throughput > 100 rps");
    check("> 2% of requests for 5m from MON-001", "> 2% of requests for 5m (from MON-001)");
    check("p95 > 1s (baseline 200ms from BR-MON-01b)", "p95 > 1s (baseline 200 ms, from BR-MON-01b)");
    check("balance < -0.50 per cent", "balance < -0.50%");
}

#[test]
fn targets_of_the_methodology() {
    check_target("> 98%", "> 98%");
    check_target("> 98% successful deployments", "successful deployments > 98%");
    check_target("< 0.5 critical issues per release", "< 0.5 critical issues per release");
    check_target("< 4 weeks", "< 4w");
    check_target("< 4 weeks from feature complete to production", "from feature complete to production < 4w");
    check_target("<5 minutes", "< 5m");
    check_target("4.5/5.0", "4.5/5.0");
    check_target("70% within 30 days", "70% within 30d");
    check_target("70% adoption within 30 days", "adoption: 70% within 30d");
    check_target("<1 P1 incident per 10 releases", "< 1 P1 incident per 10 releases");
    check_target("99.99%", "99.99%");
    check_target("uptime: 99.99%", "uptime: 99.99%");
    check_target("Minimum 95% code coverage", "code coverage >= 95%");
    check_target("100/min", "100/min");
    check_target("< 15% variance in timeline predictions", "variance in timeline predictions < 15%");
}

#[test]
fn a_target_without_a_direction_takes_that_of_its_entry() {
    let target = parse_target("uptime 99.99%").unwrap();
    assert_eq!(target.operator, None);
    assert_eq!(target.to_string(), "uptime 99.99 %");
    assert_eq!(target.with_direction(Operator::AtLeast).canonical(), "uptime >= 99.99%");
}

#[test]
fn readings() {
    check_reading(
        ">2% of requests for 5 minutes (currently 0.5% baseline from MON-001)",
        "above 2 % of requests, continuously for 5 minutes (baseline 0.5 %, from MON-001)",
    );
    check_reading("> 1pp over baseline", "above 1 percentage point over the baseline");
    check_reading("p95 > 1500ms", "p95 above 1500 milliseconds");
    check_reading("failing for 1h", "failing, continuously for 1 hour");
    check_reading("rating >= 4.5/5.0 within 30d", "rating at least 4.5/5.0, within 30 days");
}

#[test]
fn the_source_is_a_place_in_the_text() {
    let text = ">2% of requests (currently 0.5% baseline from MON-001)";
    let source = parse(text).unwrap().source.unwrap();
    assert_eq!((&text[source.range], source.id.as_str()), ("MON-001", "MON-001"));
}

#[test]
fn every_missing_part_is_named() {
    use ThresholdErrorKind as Kind;
    check_errors("", &[("", Kind::Empty)]);
    check_errors(" \n", &[("", Kind::Empty)]);
    check_errors("99.99%", &[("99.99%", Kind::MissingOperator)]);
    check_errors("uptime 99.99% for 5m", &[("99.99%", Kind::MissingOperator)]);
    check_errors("slow", &[("slow", Kind::MissingNumber), ("slow", Kind::MissingOperator)]);
    check_errors("satisfaction below threshold", &[("below threshold", Kind::MissingNumber)]);
    check_errors("latency p99 above 1,5s", &[("1,5", Kind::DecimalComma)]);
    check_errors("> 1.2.3%", &[("1.2.3", Kind::MalformedNumber)]);
    check_errors("> 99999999999999999999", &[("99999999999999999999", Kind::NumberTooLarge)]);
    check_errors("<= 6-8 weeks", &[("6-8 weeks", Kind::RangeOfNumbers)]);
    check_errors("> 5 for 1 month", &[("for 1 month", Kind::UnknownDuration)]);
    check_errors("> 5 for a while", &[("for a while", Kind::UnknownDuration)]);
    check_errors("> 5 for 5m for 6m", &[("for 6m", Kind::Repeated)]);
    check_errors("> 5 (from MON-1", &[("(from MON-1", Kind::UnclosedParenthesis)]);
    check_errors("> 5 (for a while)", &[("for a while", Kind::UnknownDuration)]);
    check_errors("> 5 for 5 mintues", &[("for 5 mintues", Kind::UnknownDuration)]);
    check_errors("> 1 000 ms for 5m", &[("1 000", Kind::MalformedNumber)]);
    check_errors("> 1´000 ms", &[("1´000", Kind::MalformedNumber)]);
    check_errors("> 5 (3 of 4)", &[("3 of 4", Kind::UnexpectedText)]);
    check_errors("> 5 (roughly)", &[("roughly", Kind::UnexpectedText)]);
    check_errors("<200ms, throughput >100rps", &[("throughput >100rps", Kind::SecondCondition)]);
    check_errors("99% uptime, latency <1s", &[("99% uptime, latency", Kind::SecondCondition)]);
    check_errors("no failures, latency <1s", &[("no failures, latency", Kind::SecondCondition)]);
    check_errors("<2 seconds, no failures", &[("no failures", Kind::UnexpectedText)]);
}

#[test]
fn a_negated_condition_is_not_taken_for_its_opposite() {
    use ThresholdErrorKind as Kind;
    for (text, negated) in [
        ("not < 99.9%", "not"),
        ("never < 99.9%", "never"),
        ("!= 0", "!"),
        ("! < 5", "!"),
        ("errors != 0", "errors !"),
        ("no > 5", "no"),
        ("must not be > 0.1%", "must not be"),
        ("error rate should never exceed 2%", "error rate should never"),
        ("latency isn't above 5ms", "latency isn't"),
        ("not at least 5", "not"),
        ("unless errors < 5", "unless errors"),
        ("not failing for 5m", "not"),
        ("no longer failing for 5m", "no longer"),
        ("no errors > 5", "no errors"),
        ("availability must not fall below 99.9%", "availability must not fall"),
    ] {
        check_errors(text, &[(negated, Kind::Negated)]);
    }
    check("no more than 5 errors", "<= 5 errors");
    check("nodes not ready > 3", "nodes not ready > 3");
    check("not found answers > 2%", "not found answers > 2%");
    check("not ready for 5m", "not ready for 5m");
}

#[test]
fn every_doubt_about_a_baseline_is_named() {
    use ThresholdErrorKind as Kind;
    let ambiguous = |percent: u32, direction| Kind::AmbiguousChange { percent: percent.into(), direction };
    check_errors(">2% increase", &[("2% increase", ambiguous(2, Direction::Over))]);
    check_errors(
        "> 2% error rate increase for ever",
        &[("2% error rate increase", ambiguous(2, Direction::Over)), ("for ever", Kind::UnknownDuration)],
    );
    check_errors(
        ">20% degradation in response times",
        &[("20% degradation", ambiguous(20, Direction::Worse))],
    );
    check_errors(
        "5xx error rate exceeds pre-deployment baseline",
        &[("exceeds pre-deployment baseline", Kind::BaselineWithoutQuantity)],
    );
    check_errors("> 2pp for 5m", &[("2pp", Kind::PointsWithoutBaseline)]);
    check_errors("> 2x baseline", &[("x baseline", Kind::MisplacedBaseline)]);
    check_errors("> 120% of baseline", &[("baseline", Kind::MisplacedBaseline)]);
    check_errors("rate over baseline > 2%", &[("rate over baseline", Kind::MisplacedBaseline)]);
    check_errors("> 5ms over baseline", &[("over baseline", Kind::MisplacedBaseline)]);
}

#[test]
fn an_ambiguous_change_is_answered_with_both_forms() {
    let errors = parse("> 0.5% drop").unwrap_err();
    assert_eq!(
        errors[0].to_string(),
        "a change of 0.5% can mean percentage points or a share of the baseline; \
         write `0.5pp under baseline` or `0.5% under baseline`"
    );
}

#[test]
fn numbers_of_every_notation() {
    check("> 1e-3 of requests for 5m", "> 0.1% of requests for 5m");
    check("p95 > 1e3 ms", "p95 > 1s");
    check("p95 > 1.5e3ms", "p95 > 1500ms");
    check("> 1'000 ms for 5m", "> 1s for 5m");
    check("queue > 1’000’000 messages", "queue > 1000000 messages");
    check("> 0.02 of requests", "> 2% of requests");
    check("> 0.02 errors per request", "> 0.02 errors per request");
    check_target("User records 1+ meeting/day", "User records >= 1 meeting/day");
    check_target("3+", ">= 3");
}

#[test]
fn states_without_a_number() {
    check("no data for 10m", "no data for 10m");
    check("No data points from MON-001 for 10 minutes", "no data for 10m (from MON-001)");
    check("metric is absent for 10m", "metric no data for 10m");
    check("heartbeats are missing for 10m", "heartbeats no data for 10m");
    check("pods not ready for 3m", "pods not ready for 3m");
    check("service not responding for 3m", "service unreachable for 3m");
    check("CrashLoopBackOff for 2m", "crashing for 2m");
    check_reading("no data for 10m", "no data, continuously for 10 minutes");
    check_reading("deployment not ready for 5m", "deployment not ready, continuously for 5 minutes");
}

#[test]
fn the_case_in_which_a_target_counts() {
    check_target("< 5 min for 30-min meeting", "< 5m for 30-min meeting");
    check_target("< 5 min (for a 30-min meeting)", "< 5m for a 30-min meeting");
    check_target("> 80% speaker segment accuracy", "speaker segment accuracy > 80%");
    check_target("< 200ms for logged-in users for 5m", "< 200ms for 5m for logged-in users");
    check("> 2% of requests (for 5m)", "> 2% of requests for 5m");
    assert_eq!(
        parse_target("< 5 min for 30-min meeting").unwrap().to_string(),
        "below 5 minutes, for 30-min meeting"
    );
}

#[test]
fn limits_that_nothing_or_everything_meets() {
    use ThresholdErrorKind as Kind;
    let percent = Number::from(150);
    check_errors("> 150% of requests for 5m", &[("> 150% of requests", Kind::ShareOutOfRange { percent })]);
    check_errors("error rate > 150%", &[("> 150%", Kind::ShareOutOfRange { percent })]);
    let percent = Number::new(-1, 0).unwrap();
    check_errors("> -1% of requests for 5m", &[("> -1% of requests", Kind::ShareOutOfRange { percent })]);
    check_errors("> 100% of requests", &[("> 100% of requests", Kind::NeverTrue(Operator::Above))]);
    check_errors("< 0% of requests", &[("< 0% of requests", Kind::NeverTrue(Operator::Below))]);
    check_errors(">= 0% of requests", &[(">= 0% of requests", Kind::AlwaysTrue(Operator::AtLeast))]);
    check_errors("> 150pp over baseline", &[("> 150pp over baseline", Kind::PointsOutOfRange)]);
    let percent = Number::from(150);
    check_errors(
        "throughput > 150% drop from baseline",
        &[("> 150% drop from baseline", Kind::FallBelowZero { percent })],
    );
    let change = Kind::NegativeChange { percent: Number::from(20), direction: Direction::Over };
    check_errors("> -20% over baseline", &[("> -20% over baseline", change)]);
    assert_eq!(change.to_string(), "a change has no sign; write `20% under baseline`");
    check("> 150% over baseline for 5m", "> 150% over baseline for 5m");
    check("CPU > 150%", "CPU > 150%");
    check("load > 150% of planned capacity", "load > 150% of planned capacity");
    check(">= 100% of tests", ">= 100% of tests");
    check("< 100% of pods for 2m", "< 100% of pods for 2m");
}

#[test]
fn long_texts_take_linear_time() {
    let parts =
        ["(", "for ", "9", "a. ", "- ", "1h ", "> ", "more than ", "%", "from ", ", ", "over baseline "];
    for part in parts {
        let text = part.repeat(1_000_000 / part.len());
        let _ = (parse(&text), parse_target(&text), parse(&format!("> 5 {text}")));
    }
}
