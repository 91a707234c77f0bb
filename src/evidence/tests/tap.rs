use super::*;

fn check(text: &str, expect: &[&str]) {
    assert_eq!(told(text), expect, "{text}");
}

fn check_point(point: &str, expect: &str) {
    check(&format!("1..1\n{point}\n"), &[expect]);
}

#[test]
fn a_test_point_ends_as_it_says() {
    check_point("ok 1 - a", ".a=Passed");
    check_point("ok 1 a", ".a=Passed");
    check_point("ok - a", ".a=Passed");
    check_point("ok a", ".a=Passed");
    check_point("ok", ".ok=Passed");
    check_point("ok 1", ".ok 1=Passed");
    check_point("not ok 1 - a", ".a=Failed");
    check_point("ok 1 - a # SKIP later", ".a=Skipped");
    check_point("ok 1 - a # skipped", ".a=Skipped");
    check_point("ok 1 # skip TEST-001 is not for here", ".ok 1 # skip TEST-001 is not for here=Skipped");
    check_point("not ok 1 - a # SKIP later", ".a=Failed");
    check_point("not ok 1 - a # TODO known bug", ".a=Skipped");
    check_point("ok 1 - a # todo", ".a=Skipped");
    check_point("ok 1 - a # TODOS", ".a # TODOS=Passed");
    check_point("ok 1 - a # b", ".a # b=Passed");
    check_point("ok 1 - a # b # SKIP", ".a # b=Skipped");
    check_point("ok 1 - a \\# SKIP b \\\\ c", ".a # SKIP b \\ c=Passed");
    check_point("ok 1 - a\\\\ # SKIP", ".a\\=Skipped");
    check_point("ok 1 - issue#todo", ".issue#todo=Passed");
    check_point("ok 1 - a # time=2.5ms", ".a=Passed");
    check_point("ok 1 - 5 apples", ".5 apples=Passed");
}

#[test]
fn the_plan_says_how_many_there_are() {
    check("TAP version 13\nok 1 a\nok 2 b\n1..2\n", &[".a=Passed", ".b=Passed"]);
    check("TAP version 14\n1..2 # a comment\nok 2 b\nok 1 a\n", &[".b=Passed", ".a=Passed"]);
    check("1..0 # SKIP no network\n", &[]);
    let differ = |counted| format!("1:1 CountsDiffer {{ what: \"plan\", stated: 2, counted: {counted} }}");
    check("1..2\nok 1 a\n", &[".a=Passed", "StatedWorse", &differ(1)]);
    check(
        "1..2\nok 1 a\nok 2 b\nok 3 c\n",
        &[".a=Passed", ".b=Passed", ".c=Passed", "StatedWorse", &differ(3)],
    );
    check(
        "1..2\nok 1 a\nok 3 b\n",
        &[".a=Passed", ".b=Passed", "Malformed", "1:1 test 3 is not in this plan"],
    );
    let twice = "3:1 the number of this test is that of another one";
    check("1..2\nok 1 a\nok 1 b\n", &[".a=Passed", ".b=Passed", "Malformed", twice]);
    let second = "3:1 a second plan; write one report a file";
    check("1..1\nok 1 a\n1..1\n", &[".a=Passed", "Malformed", second]);
}

#[test]
fn a_report_without_a_plan_or_an_end_is_cut_off() {
    check("ok 1 a\n", &[".a=Passed", "CutOff", "2:1 the report ends without a plan, such as `1..12`"]);
    let told_point = told("1..1\nok 1 - a # SK");
    assert_eq!(told_point[..2], [".a # SK=Passed", "CutOff"]);
    let told_block = told("1..1\nok 1 - a\n  ---\n  a: b\n");
    assert_eq!(told_block[..2], [".a=Passed", "CutOff"]);
}

#[test]
fn a_bail_out_leaves_open_what_passed() {
    check(
        "1..3\nok 1 a\nBail out! no database\nok 2 b\n",
        &[
            ".a=Unclear(RunFailed)",
            ".Bail out! no database=Errored",
            ".b=Unclear(RunFailed)",
            "3:1 RunFailed { name: \"Bail out! no database\" }",
        ],
    );
}

#[test]
fn a_subtest_stands_before_the_point_that_sums_it_up() {
    let subtest = |inner: &str, outer: &str| {
        format!("1..1\n# Subtest: s\n    ok 1 - a\n{inner}    1..2\n{outer} 1 - s\n")
    };
    check(&subtest("    ok 2 - b\n", "ok"), &["s.a=Passed", "s.b=Passed", ".s=Passed"]);
    check(&subtest("    not ok 2 - b\n", "not ok"), &["s.a=Passed", "s.b=Failed", ".s=Failed"]);
    check(&subtest("    not ok 2 - b\n", "ok"), &["s.a=Passed", "s.b=Failed", ".s=Failed"]);
    check(&subtest("    not ok 2 - b # TODO x\n", "ok"), &["s.a=Passed", "s.b=Skipped", ".s=Passed"]);
    let differ = "4:5 CountsDiffer { what: \"plan\", stated: 2, counted: 1 }";
    check(&subtest("", "ok"), &["s.a=Unclear(StatedWorse)", ".s=Unclear(StatedWorse)", differ]);
    let todo = subtest("    not ok 2 - b\n", "not ok").replace("1 - s", "1 - s # TODO later");
    check(&todo, &["s.a=Skipped", "s.b=Skipped", ".s=Skipped"]);
}

#[test]
fn subtests_lie_in_subtests() {
    let text = "1..1\n        not ok 1 - a\n        1..1\n    ok 1 - inner\n    1..1\nok 1 - outer\n";
    check(text, &["outer > inner.a=Failed", "outer.inner=Failed", ".outer=Failed"]);
    let text = "1..1\n        ok 1 - a\n        1..2\n    ok 1 - inner\n    1..1\nok 1 - outer\n";
    let told = told(text);
    assert_eq!(told[1..3], ["outer.inner=Unclear(StatedWorse)", ".outer=Unclear(StatedWorse)"]);
    let deep: String = (0..100).map(|depth| format!("{}ok 1 - a\n", " ".repeat(4 * depth))).collect();
    assert!(super::told(&format!("1..1\n{deep}")).len() > 1);
}

#[test]
fn a_subtest_may_stand_in_braces_behind_its_point() {
    let text = |inner: &str| format!("1..2\nok 1 - s {{\n    1..1\n    {inner} 1 - a\n}}\nok 2 - b\n");
    check(&text("ok"), &[".s=Passed", "s.a=Passed", ".b=Passed"]);
    check(&text("not ok"), &[".s=Failed", "s.a=Failed", ".b=Passed"]);
    let open = told("1..1\nok 1 - s {\n    1..1\n    ok 1 - a\n");
    assert_eq!(open[2..], ["CutOff", "5:1 the file ends inside a subtest; its `}` is missing"]);
}

#[test]
fn what_is_indented_and_has_no_plan_proves_nothing() {
    check("1..1\n    ok so far\nok 1 a\n", &["a.so far=Unclear(StatedWorse)", ".a=Passed"]);
    check("1..1\n    not ok 1 - x\nok 1 a\n", &["a.x=Failed", ".a=Passed"]);
}

#[test]
fn blocks_comments_and_other_lines_say_nothing() {
    let text = "TAP version 14\npragma +bail\n1..2\n\n# a comment\nnot ok 1 - a\n  ---\n  ok 7 - no test\n  at:\n\n    \
                not ok 8\n  1..9\n  ...\nsomething else\n  ok 9 - no test\nok 2 - b\n";
    check(text, &[".a=Failed", ".b=Passed"]);
}

#[test]
fn failures_that_are_stated_behind_the_tests_must_stand_there() {
    check("1..2\nnot ok 1 a\nok 2 b\n# tests 2\n# pass  1\n# fail  1\n", &[".a=Failed", ".b=Passed"]);
    let differ = "4:1 CountsDiffer { what: \"fail\", stated: 2, counted: 1 }";
    check("1..2\nnot ok 1 a\nok 2 b\n# fail 2\n", &[".a=Failed", ".b=Passed", "StatedWorse", differ]);
    check("1..1\nok 1 a\n# fail 0\n# cancelled 0\n# fail to plan\n", &[".a=Passed"]);
}

#[test]
fn several_reports_may_follow_each_other_if_each_names_its_version() {
    let one = "TAP version 13\n1..1\nok 1 - a\n";
    check(&one.repeat(2), &[".a=Passed", ".a=Passed"]);
    let told = told(&[one, "TAP version 13\n1..2\nok 1 - b\n"].concat());
    assert_eq!(told[..3], [".a=Passed", ".b=Passed", "StatedWorse"]);
}

#[test]
fn it_is_told_by_its_first_line() {
    let is_tap = |text: &str| {
        let sources = sources(&[("report", text.as_bytes())]);
        read_all(&sources).reports.first().is_some_and(|report| report.kind == ReportKind::Tap)
    };
    for text in
        ["TAP version 14\n", "\n# hello\n1..3\n", "ok 1 - a\n", "not ok 1\n", "ok - a\n1..1\n", "Bail out!\n"]
    {
        assert!(is_tap(text), "{text}");
    }
    for text in [
        "ok\n",
        "okay\n",
        "ok, then\n",
        "ok then\n",
        "ok  \tp\t0.1s\n",
        "1..3 apples\n",
        "t.t .. ok 1\n",
        "# a\n",
    ] {
        assert!(!is_tap(text), "{text}");
    }
}

#[test]
fn a_failure_that_hides_is_no_pass() {
    let flawed = |line: &str| {
        let sources = sources(&[("report", format!("1..1\nok 1 - TEST-001 x\n{line}\n").as_bytes())]);
        let evidence = read_all(&sources);
        let passed = evidence.cases.iter().any(|case| case.outcome == Outcome::Passed);
        !passed || evidence.reports[0].flaw.is_some()
    };
    for line in [
        "web-1  | not ok 2 - y",
        "\u{1b}[31mnot ok 2 - y\u{1b}[0m",
        "2026-11-20 not ok 1 - y",
        "NOT OK 1 - x",
        "  not ok 1 - x",
        "\tnot ok 1 - x",
        "bail out!",
        "# Looks like you failed 1 test of 1.",
        "# Looks like your test exited with 255 just after 1.",
        "# failed 2 of 3 tests",
    ] {
        assert!(flawed(line), "{line:?}");
    }
    for line in ["# Looks like all is well", "a line of a program", "# not ok with me", "# fail 0"] {
        assert!(!flawed(line), "{line:?}");
    }
}

#[test]
fn totals_in_other_words_are_held_against_the_tests() {
    for words in ["# failed 1 of 2", "# FAILED: 1", "# Failures: 2", "# fail = 1"] {
        let told = told(&format!("1..1\nok 1 - a\n{words}\n"));
        assert!(told.contains(&"StatedWorse".to_owned()), "{words}: {told:?}");
    }
    assert_eq!(told("1..1\nok 1 - a\n# failed 0\n# Failing is no option\n").len(), 1);
}

#[test]
fn what_is_not_tap_is_forbidden_by_a_pragma() {
    let lines = |text: &str| told(&format!("TAP version 14\n1..1\n{text}ok 1 a\n")).len();
    assert_eq!(lines("starting up\n"), 1);
    assert_eq!(lines("pragma +strict\n# starting up\n"), 1);
    assert_eq!(lines("pragma +strict\nstarting up\n"), 3);
    assert_eq!(lines("pragma +bail, +strict\nok1 b\n"), 3);
    assert_eq!(lines("pragma +strict\npragma -strict\nstarting up\n"), 1);
}
