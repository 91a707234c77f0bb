//! PromQL as a table.

use proptest::prelude::*;

use super::{
    Aggregate, AggregateOperator, At, Binary, Expr, ExprKind, Grouping, MatchOperator, Matcher, Matching,
    Operator, Selector, Side, Subquery, Type, function, parse,
};

/// The same tree without places, so that two texts of one expression are equal.
fn tree(expr: &Expr) -> Expr {
    let boxed = |expr: &Expr| Box::new(tree(expr));
    let kind = match &expr.kind {
        ExprKind::Subquery(subquery) => {
            ExprKind::Subquery(Box::new(Subquery { of: tree(&subquery.of), ..(**subquery).clone() }))
        }
        ExprKind::Call(function, arguments) => ExprKind::Call(function, arguments.iter().map(tree).collect()),
        ExprKind::Aggregate(aggregate) => ExprKind::Aggregate(Box::new(Aggregate {
            parameter: aggregate.parameter.as_ref().map(tree),
            of: tree(&aggregate.of),
            ..(**aggregate).clone()
        })),
        ExprKind::Binary(binary) => ExprKind::Binary(Box::new(Binary {
            left: tree(&binary.left),
            right: tree(&binary.right),
            ..(**binary).clone()
        })),
        ExprKind::Negative(of) => ExprKind::Negative(boxed(of)),
        ExprKind::Parentheses(of) => ExprKind::Parentheses(boxed(of)),
        kind => kind.clone(),
    };
    Expr { kind, range: 0..0 }
}

/// The same tree without parentheses, which say only what belongs together.
fn bare(expr: &Expr) -> Expr {
    let mut bare_tree = tree(expr);
    let mut open = vec![&mut bare_tree];
    while let Some(next) = open.pop() {
        while let ExprKind::Parentheses(of) = &mut next.kind {
            *next = (**of).clone();
        }
        match &mut next.kind {
            ExprKind::Subquery(subquery) => open.push(&mut subquery.of),
            ExprKind::Call(_, arguments) => open.extend(arguments),
            ExprKind::Aggregate(aggregate) => {
                open.extend(aggregate.parameter.as_mut());
                open.push(&mut aggregate.of);
            }
            ExprKind::Binary(binary) => {
                let Binary { left, right, .. } = &mut **binary;
                open.extend([left, right]);
            }
            ExprKind::Negative(of) => open.push(of),
            _ => {}
        }
    }
    bare_tree
}

fn check(text: &str) {
    let expr = parse(text).unwrap_or_else(|error| panic!("{text}: {error:?}"));
    assert_eq!(&text[expr.range.clone()], text.trim(), "{text}");
    // What is written is read back to what it was made of.
    let written = expr.to_string();
    let back = parse(&written).unwrap_or_else(|error| panic!("{written}: {error:?}"));
    assert_eq!(tree(&back), tree(&expr), "{text} is written as {written}");
}

fn check_error(text: &str, part: &str, reason: &str, help: &str) {
    let error = parse(text).expect_err(text);
    let found = (&text[error.range.clone()], error.reason.as_str(), error.help.as_str());
    assert_eq!(found, (part, reason, help), "{text}");
}

#[test]
fn expressions_of_alerts() {
    for text in [
        "up",
        "up == 0",
        "up == bool 1",
        "1 + 2 * 3 ^ 2 ^ 1",
        "-foo ^ 2",
        "- 1",
        "foo > 0x1F",
        "foo > 1e-3",
        "foo > .5",
        "{__name__=~\"a.+\"}",
        "rate(http_requests_total{code=~\"5..\", slot!=\"blue\",}[5m])",
        "sum by (le) (rate(x_bucket[5m]))",
        "sum(rate(x[5m])) by (job)",
        "sum without () (foo)",
        "topk(3, foo)",
        "count_values(\"v\", foo)",
        "quantile by (a) (0.9, foo)",
        "histogram_quantile(0.95, sum by (le) (rate(x_bucket[5m])))",
        "foo offset 1d",
        "foo offset -5m",
        "foo @ 1609746000",
        "foo @ end() offset 5m",
        "foo @ start()",
        "rate(foo[5m] @ -1.5)",
        "max_over_time(rate(foo[1m])[5m:] @ 1609746000.25 offset 1h)",
        "max_over_time((sum(rate(foo[1m])))[5m:1m])",
        "max_over_time(rate(foo[1m])[5m:] offset 1h)",
        "a / on(job) group_left(team) b",
        "a and ignoring (x) b or c unless d",
        "a > on() group_right b",
        "job:errors:rate5m > 0.1",
        "vector(1) unless on() foo",
        "label_replace(up, \"a\", \"$1\", \"b\", \"(.*)\")",
        "label_join(up, \"a\", \",\", \"b\", \"c\")",
        "time() - timestamp(foo) > 300",
        "round(foo)",
        "round(foo, 0.1)",
        "hour() >= 8",
        "foo{a='x', b=`y`}",
        "Inf * foo",
        "count > 1",
        "SUM(foo) BY (a)",
        "rate(foo[1h30m])",
    ] {
        check(text);
    }
    assert!(parse("foo # all of it\n / bar").is_ok());
}

#[test]
fn what_is_wrong_has_a_place() {
    let empty = "write a query such as `sum(rate(http_requests_total[5m]))`";
    check_error("", "", "the expression is empty", empty);
    check_error("# nothing", "", "the expression is empty", empty);
    check_error("sum(rate(x[5m])", "", "missing `)` or `,`", "add `)`, or `,` before the next argument");
    check_error("(a + b", "", "missing `)`", "add `)`");
    check_error("a + ", "", "unexpected end of the expression", "add a metric or a number");
    check_error("foo)", ")", "unmatched `)`", "remove it");
    let operator = "add an operator before it, or quotes around the value";
    check_error("foo bar", "bar", "unexpected `bar`", operator);
    check_error("a group_left b", "group_left", "unexpected `group_left`", operator);
    check_error(
        "rate(x)",
        "x",
        "`rate` takes a range vector, not an instant vector",
        "add a window such as `[5m]`",
    );
    check_error(
        "rate(sum(x))",
        "sum(x)",
        "`rate` takes a range vector, not an instant vector",
        "write a metric with a window such as `[5m]`, or a subquery such as `[30m:1m]`",
    );
    check_error(
        "sum(x[5m])",
        "x[5m]",
        "the argument of `sum` must be an instant vector, not a range vector",
        "remove the window, or apply a function such as `rate(…)` to it",
    );
    check_error(
        "foo[5min]",
        "5min",
        "`5min` is not a number or a duration",
        "write a duration with `ms`, `s`, `m`, `h`, `d`, `w` or `y`, such as `5m`",
    );
    check_error("foo[5]", "5", "`5` is not a duration", "write a duration such as `5m`");
    check_error("foo{code=500}", "500", "the value of the label `code` has no quotes", "write `\"500\"`");
    check_error("foo{code==\"5\"}", "==", "`==` does not compare labels", "write `=`");
    check_error(
        "foo{code}",
        "}",
        "missing operator after the label `code`",
        "write `=`, `!=`, `=~` or `!~`, and a value between quotes",
    );
    check_error("sum by (5) (x)", "5", "`5` is not a label name", "write a label such as `job`");
    check_error(
        "foo{code=~\"(\"}",
        "\"(\"",
        "`(` is not a valid regular expression",
        "correct it, or escape its special characters with `\\\\`",
    );
    check_error("foo{code=\"5}", "\"5}", "unterminated string", "add the closing `\"`");
    check_error("foo{code=~\"\\d\"}", "\\d", "`\\d` is not an escape sequence", "write `\\\\d`");
    check_error(
        "{}",
        "{}",
        "the selector selects every series",
        "write a metric name before the braces, or a label with a value: `{job=\"api\"}`",
    );
    check_error("rat(x[5m])", "rat", "unknown function `rat`", "did you mean `rate`?");
    check_error("summ(x)", "summ", "unknown function `summ`", "did you mean `sum`?");
    check_error(
        "frobnicate(x)",
        "frobnicate",
        "unknown function `frobnicate`",
        "write a function of PromQL, such as `rate`",
    );
    check_error(
        "rate(x[5m], 3)",
        "rate(x[5m], 3)",
        "`rate` takes 1 argument, not 2",
        "write `rate(metric[5m])`",
    );
    check_error("topk(foo)", "(", "`topk` takes 2 arguments, not 1", "write `topk(number, metric)`");
    check_error("1 > 2", "1 > 2", "a comparison of two scalars needs `bool`", "write `> bool`");
    check_error(
        "a and 1",
        "1",
        "`and` takes instant vectors, not a scalar",
        "write `vector(1)`, or a comparison",
    );
    check_error(
        "sum(foo)[5m]",
        "sum(foo)[5m]",
        "a window of an expression has no step",
        "write a subquery: `[5m:1m]`",
    );
    check_error(
        "foo offset 5m[5m]",
        "foo offset 5m",
        "`offset` or `@` before the window",
        "write the window first: `metric[5m] offset 1h`",
    );
    check_error("foo[0s]", "0s", "the window is empty", "write a window such as `[5m]`");
    check_error("foo > 2%", "", "unexpected end of the expression", "add a metric or a number");
    check_error("foo $ 2", "$", "unexpected character `$`", "remove it");
    check_error("5m", "5m", "`5m` is a duration, not a value", "write a window as `[5m]`");
    check_error("a + bool b", "bool", "`bool` without a comparison", "remove it, or write `> bool`");
    check_error("* a", "*", "missing expression before `*`", "add a metric or a number before it");
    let once = "move it there, or remove it";
    check_error("sum(a) @ 5", "@", "`@` is only allowed once, after a metric, a window or a subquery", once);
    check_error(
        "a offset 5m offset 5m",
        "offset",
        "`offset` is only allowed once, after a metric, a window or a subquery",
        once,
    );
    check_error(
        "a @ b",
        "b",
        "missing time after `@`",
        "write a time in seconds since 1970, `start()` or `end()`",
    );
    check_error(
        "a @ 1e18",
        "1e18",
        "`1e18` is not a time in seconds",
        "write a time in seconds since 1970, such as `1609746000`",
    );
}

#[test]
fn nesting_is_bounded() {
    for count in [1_000, 100_000] {
        let reason = if count == 1_000 { "nests deeper" } else { "more than 5000 tokens" };
        let deep = format!("{}a{}", "(".repeat(count), ")".repeat(count));
        assert!(parse(&deep).unwrap_err().reason.contains(reason));
        let deep = format!("{}1", "-".repeat(count));
        assert!(parse(&deep).unwrap_err().reason.contains(reason));
    }
    assert!(parse(&format!("a{}", " + a".repeat(2_000))).is_ok());
}

#[test]
fn labels_are_those_that_the_query_keeps() {
    let check = |text: &str, expect: Option<&[&str]>| {
        let found = parse(text).unwrap().labels();
        let expect = expect.map(|labels| labels.iter().map(|label| (*label).to_owned()).collect::<Vec<_>>());
        assert_eq!(found, expect, "{text}");
    };
    check("sum(foo)", Some(&[]));
    check("100 * sum(rate(a[5m])) / sum(rate(b[5m]))", Some(&[]));
    check("histogram_quantile(0.9, sum by (le, job) (rate(x_bucket[5m])))", Some(&["job"]));
    check("min by (region) (avg_over_time(p[1m]))", Some(&["region"]));
    check("foo", None);
    check("rate(foo[5m])", None);
    check("vector(1)", Some(&[]));
    check("max_over_time(sum(foo)[5m:1m])", Some(&[]));
}

#[test]
fn types() {
    let check = |text: &str, expect: Type| assert_eq!(parse(text).unwrap().result_type(), expect, "{text}");
    check("1 + 2", Type::Scalar);
    check("foo + 2", Type::Vector);
    check("foo[5m]", Type::Matrix);
    check("\"x\"", Type::Text);
}

#[test]
fn some_queries_have_a_value_whatever_is_recorded() {
    let check = |text: &str, expect: bool| {
        assert_eq!(parse(text).unwrap().always_has_value(), expect, "{text}");
    };
    check("vector(0)", true);
    check("sum(rate(e[5m])) or vector(0)", true);
    check("100 * (sum(rate(e[5m])) or vector(0))", true);
    check("max_over_time((sum(e) or vector(0))[5m:1m])", true);
    check("scalar(sum(e)) * vector(1)", true);
    // The numerator may be missing; the denominator shows whether anything is measured.
    check("(sum(rate(e[5m])) or vector(0)) / sum(rate(r[5m]))", false);
    check("sum(rate(e[5m])) or 0 * sum(rate(r[5m]))", false);
    check("vector(1) unless on() up", false);
    check("vector(1) > 2", false);
    check("absent(up)", false);
}

fn selectors() -> impl Strategy<Value = Selector> {
    let matchers = prop::collection::vec(
        ("[a-z_][a-z0-9_]{0,4}", 0..4_usize, "[a-z0-9.\"\\\\\nü ]{0,5}").prop_filter_map(
            "a pattern",
            |(label, operator, value)| {
                use MatchOperator::{Equal, NotEqual, NotPattern, Pattern};
                let operator = [Equal, NotEqual, Pattern, NotPattern][operator];
                super::pattern(&value).is_ok().then_some(Matcher { label, operator, value })
            },
        ),
        0..3,
    );
    let at = prop::option::of(prop_oneof![
        Just(At::Start),
        Just(At::End),
        (-10_000_000_000_i64..10_000_000_000_000).prop_map(At::Time)
    ]);
    ("[a-z_:][a-z0-9_:]{0,6}x", matchers, prop_oneof![Just(0_i64), -90_000_000..90_000_000_i64], at)
        .prop_map(|(name, matchers, offset, at)| Selector { name: Some(name), matchers, offset, at })
}

fn labels() -> impl Strategy<Value = Vec<String>> {
    prop::collection::vec("[a-z_]{1,4}", 0..3)
}

fn scalars() -> BoxedStrategy<Expr> {
    let number = prop_oneof![
        any::<f64>().prop_filter("a number that equals itself", |number| !number.is_nan()),
        (-20..20_i32).prop_map(f64::from),
    ];
    prop_oneof![number.prop_map(Expr::number), Just(Expr::number(0.0).called("vector").called("scalar"))]
        .boxed()
}

fn of(kind: ExprKind) -> Expr {
    Expr { kind, range: 0..0 }
}

const OPERATORS: [Operator; 16] = [
    Operator::Add,
    Operator::Subtract,
    Operator::Multiply,
    Operator::Divide,
    Operator::Modulo,
    Operator::Power,
    Operator::Atan2,
    Operator::Equal,
    Operator::NotEqual,
    Operator::Above,
    Operator::Below,
    Operator::AtLeast,
    Operator::AtMost,
    Operator::And,
    Operator::Or,
    Operator::Unless,
];

/// Two vectors with an operator between them, however they are made.
fn binaries(inner: impl Strategy<Value = Expr> + Clone) -> impl Strategy<Value = Expr> {
    let matching = (any::<bool>(), labels(), prop::option::of(any::<bool>()), labels());
    (inner.clone(), inner, 0..OPERATORS.len(), any::<bool>(), matching).prop_map(
        |(left, right, operator, is_bool, (on, labels, many, include))| {
            let operator = OPERATORS[operator];
            let side = |is_left: bool| if is_left { Side::Left } else { Side::Right };
            let many = many.filter(|_| !operator.joins_sets()).map(side);
            let include = if many.is_some() { include } else { Vec::new() };
            let is_bool = is_bool && operator.compares();
            let matching = Matching { on, labels, many, include };
            of(ExprKind::Binary(Box::new(Binary { operator, is_bool, matching, left, right })))
        },
    )
}

/// A vector with a number on one side of an operator of arithmetic.
fn scaled(inner: impl Strategy<Value = Expr>) -> impl Strategy<Value = Expr> {
    (inner, scalars(), 0..13_usize, any::<bool>()).prop_map(|(vector, scalar, operator, is_left)| {
        let (left, right) = if is_left { (scalar, vector) } else { (vector, scalar) };
        let (operator, matching) = (OPERATORS[operator], Matching::default());
        of(ExprKind::Binary(Box::new(Binary { operator, is_bool: false, matching, left, right })))
    })
}

fn aggregates(inner: impl Strategy<Value = Expr>) -> impl Strategy<Value = Expr> {
    let grouping = (any::<bool>(), labels())
        .prop_map(|(by, labels)| if by { Grouping::By(labels) } else { Grouping::Without(labels) });
    (0..AggregateOperator::WORDS.len(), grouping, scalars(), inner).prop_map(
        |(operator, grouping, number, expr)| {
            let operator = AggregateOperator::WORDS[operator].1;
            let parameter = match operator {
                AggregateOperator::CountValues => Some(of(ExprKind::Text("value".to_owned()))),
                operator if operator.takes_parameter() => Some(number),
                _ => None,
            };
            of(ExprKind::Aggregate(Box::new(Aggregate { operator, grouping, parameter, of: expr })))
        },
    )
}

/// Vectors of every kind, without parentheses: these are the printer's to write.
fn vectors() -> impl Strategy<Value = Expr> {
    let leaf = prop_oneof![
        selectors().prop_map(|selector| of(ExprKind::Selector(selector))),
        (selectors(), 1..9_000_000_u64).prop_map(|(selector, window)| {
            of(ExprKind::Call(function("rate").unwrap(), vec![of(ExprKind::Matrix(selector, window))]))
        }),
    ];
    leaf.prop_recursive(5, 24, 3, |inner| {
        let subquery = (inner.clone(), 1..9_000_000_u64, prop::option::of(1..90_000_u64), -9_000..9_000_i64);
        prop_oneof![
            3 => binaries(inner.clone()),
            2 => scaled(inner.clone()),
            1 => aggregates(inner.clone()),
            1 => inner.clone().prop_map(|expr| of(ExprKind::Negative(Box::new(expr)))),
            1 => subquery.prop_map(|(expr, window, step, offset)| {
                let subquery = Subquery { of: expr, window, step, offset, at: None };
                let matrix = of(ExprKind::Subquery(Box::new(subquery)));
                of(ExprKind::Call(function("max_over_time").unwrap(), vec![matrix]))
            }),
            1 => inner.prop_map(|expr| expr.called("abs")),
        ]
    })
}

/// What people write, and what nobody does.
fn soup() -> impl Strategy<Value = String> {
    const PIECES: &[&str] = &[
        "a",
        "b{c=\"d\"}",
        "sum(",
        "sum by (c) (",
        "rate(",
        ")",
        "(",
        "[5m]",
        "[5m:1m]",
        "[5m:]",
        " offset 1h",
        " @ 5",
        " @ end()",
        " + ",
        " - ",
        " * ",
        " / ",
        " ^ ",
        "-",
        " > ",
        " > bool ",
        " and ",
        " or ",
        " unless ",
        " on (c) ",
        " ignoring (c) ",
        " group_left (e) ",
        "1",
        "0.5",
        "1e3",
        "Inf",
        "NaN",
        "abs(",
        "topk(2, ",
        ",",
    ];
    let pieces = prop::collection::vec(prop::sample::select(PIECES), 0..14);
    pieces.prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn no_text_stops_the_reader(text in "[a-z(){}\\[\\]\"'`=~!<>+*/%^@,:.0-9 \\-\\\\ü\n#]{0,60}") {
        if let Err(error) = parse(&text) {
            prop_assert!(text.get(error.range).is_some());
        }
    }

    #[test]
    fn a_tree_is_written_so_that_it_is_read_back(expr in vectors()) {
        let written = expr.to_string();
        let back = parse(&written);
        prop_assert!(back.is_ok(), "{}: {:?}", written, back);
        // NaN, which equals nothing, is compared as it is shown.
        prop_assert_eq!(format!("{:?}", bare(&back.unwrap())), format!("{:?}", bare(&expr)), "{}", written);
    }

    #[test]
    fn a_text_that_was_read_is_written_and_read_back(text in soup()) {
        if let Ok(expr) = parse(&text) {
            let written = expr.to_string();
            let back = parse(&written);
            prop_assert!(back.is_ok(), "{}: {:?}", written, back);
            prop_assert_eq!(format!("{:?}", tree(&back.unwrap())), format!("{:?}", tree(&expr)), "{}", written);
        }
    }
}
