//! PromQL as a table.

use super::{Type, parse};

fn check(text: &str) {
    let expr = parse(text).unwrap_or_else(|error| panic!("{text}: {error:?}"));
    assert_eq!(&text[expr.range.clone()], text.trim(), "{text}");
    // What is written is read back to what it was made of.
    let written = expr.to_string();
    assert_eq!(parse(&written).unwrap_or_else(|error| panic!("{written}: {error:?}")).to_string(), written);
}

fn check_error(text: &str, part: &str, reason: &str) {
    let error = parse(text).expect_err(text);
    assert_eq!((&text[error.range.clone()], error.reason.as_str()), (part, reason), "{text}");
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
    check_error("", "", "there is no expression");
    check_error("# nothing", "", "there is no expression");
    check_error("sum(rate(x[5m])", "", "`)` or `,` is missing");
    check_error("a + ", "", "the expression ends too early");
    check_error("foo)", ")", "`)` closes nothing");
    check_error("foo bar", "bar", "`bar` cannot follow here: an operator is missing before it, or a quote");
    check_error(
        "rate(x)",
        "x",
        "`rate` takes a range vector, and this is an instant vector: add a window such as `[5m]`",
    );
    check_error("foo[5min]", "5min", "`5min` is neither a number nor a duration such as `5m`");
    check_error("foo{code=500}", "500", "the value of `code` needs quotes: `\"500\"`");
    check_error("foo{code==\"5\"}", "==", "a label is compared with `=`");
    check_error("foo{code=~\"(\"}", "\"(\"", "`(` is no regular expression");
    check_error("foo{code=\"5}", "\"5}", "a string is not closed");
    check_error("{}", "{}", "a selector needs a name or a label that is not empty");
    check_error("rat(x[5m])", "rat", "PromQL has no function `rat`: `rate` is meant?");
    check_error("rate(x[5m], 3)", "rate(x[5m], 3)", "`rate` takes 1 argument, and has 2");
    check_error("topk(foo)", "(", "`topk` takes 2 arguments, and has 1");
    check_error("1 > 2", "1 > 2", "a comparison of two scalars needs `bool`");
    check_error("a and 1", "1", "a set operator joins instant vectors, and this is a scalar");
    check_error(
        "sum(foo)[5m]",
        "sum(foo)[5m]",
        "a window stands behind a metric; behind an expression write `[5m:1m]`",
    );
    check_error("foo offset 5m[5m]", "foo offset 5m", "`offset` and `@` stand behind the window");
    check_error("foo[0s]", "0s", "a window must be longer than nothing");
    check_error("foo > 2%", "", "the expression ends too early");
    check_error("foo $ 2", "$", "`$` is no part of PromQL");
    check_error("5m", "5m", "the duration `5m` is no value: a window is written `[5m]`");
    check_error(
        "a group_left b",
        "group_left",
        "`group_left` cannot follow here: an operator is missing before it, or a quote",
    );
    check_error("a + bool b", "bool", "`bool` belongs to a comparison");
    check_error("* a", "*", "an expression is missing before `*`");
}

#[test]
fn nesting_is_bounded() {
    for count in [1_000, 100_000] {
        let reason = if count == 1_000 { "nests deeper" } else { "words and signs" };
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

proptest::proptest! {
    #[test]
    fn no_text_stops_the_reader(text in "[a-z(){}\\[\\]\"'`=~!<>+*/%^@,:.0-9 \\-\\\\ü\n#]{0,60}") {
        if let Err(error) = parse(&text) {
            proptest::prop_assert!(text.get(error.range).is_some());
        }
    }
}
