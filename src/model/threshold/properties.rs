//! What holds for every threshold and every text.

use proptest::prelude::*;

use super::*;

fn words() -> impl Strategy<Value = String> {
    "[a-z]{4,9}( [a-z]{6,9}){0,2}".prop_filter("words without a meaning", |text| {
        parse(&format!("{text} > 1")).is_ok_and(|found| found.subject.as_ref() == Some(text))
            && parse(&format!("> 1 x {text}")).is_ok_and(|found| found.subject.is_none())
    })
}

fn numbers() -> impl Strategy<Value = Number> {
    (any::<i64>(), 0..=18_u8).prop_filter_map("scale", |(digits, scale)| Number::new(digits, scale))
}

/// Percentages between nothing and the whole.
fn shares() -> impl Strategy<Value = Number> {
    (1..10_000_i64, 2..=18_u8).prop_filter_map("scale", |(digits, scale)| Number::new(digits, scale))
}

fn lengths() -> impl Strategy<Value = Duration> {
    any::<u64>().prop_map(Duration::from_millis)
}

fn quantities() -> impl Strategy<Value = Quantity> {
    let directions = || {
        let all = [Direction::Over, Direction::Under, Direction::Worse, Direction::Better];
        proptest::sample::select(all.to_vec())
    };
    let units = || proptest::option::of(prop_oneof![Just("%".to_owned()), Just("/5.0".to_owned()), words()]);
    prop_oneof![
        (shares(), words()).prop_map(|(percent, of)| Quantity::Ratio { percent, of }),
        (shares(), directions()).prop_map(|(percent, direction)| Quantity::Points { percent, direction }),
        (shares(), directions()).prop_map(|(percent, direction)| Quantity::Relative { percent, direction }),
        lengths().prop_map(Quantity::Time),
        (numbers(), units()).prop_map(|(number, unit)| Quantity::Value { number, unit }),
    ]
}

fn operators() -> impl Strategy<Value = Operator> {
    use Operator::{Above, AtLeast, AtMost, Below, Equal};
    proptest::sample::select(vec![Above, AtLeast, Below, AtMost, Equal])
}

fn targets() -> impl Strategy<Value = Target> {
    use proptest::option::of;
    let baseline = of((numbers(), of("[a-z]{1,2}/s|%")))
        .prop_map(|found| found.map(|(number, unit)| Baseline { number, unit }));
    let source = of("[A-Z]{2,4}(-[A-Z]{3})?-[0-9]{1,3}[a-z]?");
    let source = source.prop_map(|found| found.map(|id| Source { id, range: 0..0 }));
    let head = (of(words()), of(operators()), quantities());
    let context = of(words().prop_map(|words| format!("for {words}")));
    (head, of(lengths()), of(lengths()), context, baseline, source).prop_map(
        |((subject, operator, quantity), duration, period, context, baseline, source)| Target {
            subject,
            operator,
            quantity,
            duration,
            period,
            context,
            baseline,
            source,
        },
    )
}

/// Pieces of the grammar in any order, glued or not.
fn soup() -> impl Strategy<Value = String> {
    const PIECES: &[&str] = &[
        ">",
        "<=",
        "2",
        "1,5",
        "20,000",
        "-3",
        "%",
        "pp",
        " of ",
        " requests",
        "for",
        " within ",
        "5m",
        "1h30m",
        " minutes",
        " over ",
        "baseline",
        " drop ",
        " increase ",
        " relative ",
        " in ",
        "(",
        ")",
        ",",
        ":",
        ".",
        "..",
        "-",
        " – ",
        " from ",
        "MON-001",
        " failing ",
        " red ",
        " is ",
        " at least ",
        " the ",
        " worse than ",
        "ms",
        "0.5",
        "/min",
        "5xx",
        " p95 ",
        " currently ",
        " ",
        " ",
        "x",
        "ü",
        "no",
        " continuously ",
        "month",
        " per cent ",
        " points ",
        "1e-3",
        "'000",
        "+",
        " no data",
        " not ready",
        "-min meeting",
    ];
    let pieces = proptest::collection::vec(proptest::sample::select(PIECES), 0..9);
    pieces.prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn thresholds_read_back(target in targets(), operator in operators()) {
        let threshold = target.with_direction(operator);
        prop_assert_eq!(parse(&threshold.canonical()), Ok(threshold));
    }

    #[test]
    fn targets_read_back(target in targets()) {
        prop_assert_eq!(parse_target(&target.canonical()), Ok(target));
    }

    #[test]
    fn what_was_read_reads_back(text in soup()) {
        if let Ok(found) = parse(&text) {
            prop_assert_eq!(parse(&found.canonical()), Ok(found));
        }
        if let Ok(found) = parse_target(&text) {
            prop_assert_eq!(parse_target(&found.canonical()), Ok(found));
        }
    }

    #[test]
    fn every_error_lies_in_the_text(text in prop_oneof![soup(), any::<String>()]) {
        let errors = [parse(&text).err(), parse_target(&text).err()];
        for errors in errors.into_iter().flatten() {
            prop_assert!(!errors.is_empty());
            prop_assert!(errors.iter().all(|error| text.get(error.range.clone()).is_some()));
        }
    }
}
