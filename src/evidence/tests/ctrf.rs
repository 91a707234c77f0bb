use super::*;

fn report(tests: &str, rest: &str) -> String {
    format!(
        "{{\"reportFormat\": \"CTRF\", \"results\": {{\"tool\": {{\"name\": \"jest\"}}, \"tests\": [{tests}]{rest}}}}}"
    )
}

fn check(test: &str, expect: &str) {
    let told = told(&report(&format!("{{\"name\": \"a\", {test}}}"), ""));
    assert_eq!(told[0], format!(".a={expect}"), "{test}");
    assert_eq!(told.len(), if expect.starts_with("Unclear") { 2 } else { 1 }, "{told:?}");
}

#[test]
fn a_test_ends_as_its_status_says() {
    check("\"status\": \"passed\"", "Passed");
    check("\"status\": \"failed\"", "Failed");
    check("\"status\": \"skipped\"", "Skipped");
    check("\"status\": \"pending\"", "Skipped");
    for status in ["\"other\"", "\"PASSED\"", "\"\"", "true", "null"] {
        check(&format!("\"status\": {status}"), "Unclear(UnknownResult)");
    }
    check("\"duration\": 1", "Unclear(UnknownResult)");
}

#[test]
fn what_passed_after_it_failed_is_flaky() {
    check("\"status\": \"passed\", \"flaky\": true", "~Passed");
    check("\"status\": \"passed\", \"retries\": 2", "~Passed");
    check("\"status\": \"passed\", \"retryAttempts\": [{\"attempt\": 1, \"status\": \"failed\"}]", "~Passed");
    check("\"status\": \"passed\", \"retryAttempts\": [{\"attempt\": 1, \"status\": \"passed\"}]", "Passed");
    check("\"status\": \"passed\", \"flaky\": false, \"retries\": 0, \"retryAttempts\": []", "Passed");
    check("\"status\": \"failed\", \"retries\": 2, \"flaky\": true", "Failed");
}

const TESTS: &str = "{\"name\": \"a\", \"status\": \"passed\"}, {\"name\": \"b\", \"status\": \"failed\"}, \
                     {\"name\": \"c\", \"status\": \"skipped\"}";

#[test]
fn a_summary_that_states_worse_leaves_open_what_passed() {
    let summary = |summary: &str| told(&report(TESTS, &format!(", \"summary\": {{{summary}}}")));
    let same = "\"tests\": 3, \"passed\": 1, \"failed\": 1, \"skipped\": 0, \"pending\": 1, \"other\": 0, \"flaky\": 0";
    assert_eq!(summary(same).len(), 3);
    for worse in
        ["\"tests\": 4", "\"passed\": 0", "\"failed\": 2", "\"other\": 1", "\"flaky\": 1", "\"skipped\": 2"]
    {
        let told = summary(worse);
        assert!(told[0] == ".a=Unclear(StatedWorse)" && told[3].contains("CountsDiffer"), "{told:?}");
    }
    for better in ["\"tests\": 1", "\"passed\": 2", "\"failed\": 0"] {
        let told = summary(better);
        assert!(told[0] == ".a=Passed" && told[3].contains("CountsDiffer"), "{told:?}");
    }
    let told = summary("\"tests\": -1");
    assert_eq!(told[3], "Malformed");
    assert!(told[4].ends_with("`tests` is a count, and this is none"), "{told:?}");
}

#[test]
fn suites_times_commits_and_tags_are_kept() {
    let test = "{\"name\": \"a.js::x\", \"status\": \"passed\", \"suite\": [\"a.js\", \"b\"], \"filePath\": \"a.js\", \
                \"start\": 1795161600000, \"tags\": [\"TEST-001\"], \"labels\": {\"epic\": \"EPIC-1\", \"n\": [\"1\", 2]}}, \
                {\"name\": \"a.js::y\", \"status\": \"passed\", \"suite\": \"a.js\", \"stop\": 1795161601000}";
    let rest = ", \"summary\": {\"start\": 1795161500000, \"stop\": 1795161700000}, \
                \"environment\": {\"commit\": \"4f2d9c1e8b7a\", \"buildUrl\": \"x\", \"extra\": {}}";
    let text = report(test, rest);
    assert_eq!(told(&text), ["a.js > b.a.js::x=Passed", "a.js.y=Passed"]);
    with_evidence(&text, |report, cases| {
        assert_eq!((report.tools[0].as_ref(), report.commit.as_deref()), ("jest", Some("4f2d9c1e8b7a")));
        assert_eq!(second(report.time).as_deref(), Some("2026-11-20T08:01:40Z"));
        let (a, b) = (&cases[CaseIndex(0)], &cases[CaseIndex(1)]);
        assert_eq!(second(a.time).as_deref(), Some("2026-11-20T08:00:00Z"));
        assert_eq!(second(b.time).as_deref(), Some("2026-11-20T08:00:01Z"));
        assert_eq!((a.file.as_deref(), b.file.as_deref()), (Some("a.js"), None));
        let properties =
            [("tag".into(), "TEST-001".into()), ("epic".into(), "EPIC-1".into()), ("n".into(), "1".into())];
        assert_eq!(*a.properties, properties);
    });
    with_evidence("{\"timestamp\": \"2026-11-20T08:00:00Z\", \"results\": {\"tests\": []}}", |report, _| {
        assert_eq!(second(report.time).as_deref(), Some("2026-11-20T08:00:00Z"));
    });
}

#[test]
fn it_is_told_by_its_name_or_by_what_stands_in_its_results() {
    let kind = |text: &str| with_evidence(text, |report, _| report.kind);
    assert_eq!(kind("{\"results\": {\"summary\": {}, \"tests\": []}}"), ReportKind::Ctrf);
    assert_eq!(kind("{\"reportFormat\": \"CTRF\", \"specVersion\": \"1.0.0\"}"), ReportKind::Ctrf);
    for other in ["{\"results\": {\"a\": 1}}", "{\"results\": 1}", "{\"reportFormat\": \"X\"}"] {
        assert_eq!(defects(other), ["1:1 NotRecognised { hint: None }"], "{other}");
    }
}

#[test]
fn what_is_broken_leaves_the_tests_before_it() {
    let text = report(TESTS, "");
    let half = told(&text[..text.len() - 20]);
    assert_eq!(half[..3], [".a=Passed", ".b=Failed", "CutOff"]);
    assert_eq!(told(&report("{\"status\": \"passed\"}", ""))[..1], ["Malformed"]);
    let none = told("{\"reportFormat\": \"CTRF\", \"results\": {}}");
    assert_eq!(none, ["Malformed", "1:1 a CTRF report has a list `tests` in its `results`"]);
}

#[test]
fn a_pass_that_its_framework_contradicts_is_none() {
    for more in [
        "\"rawStatus\": \"failed\"",
        "\"rawStatus\": \"timedOut\"",
        "\"rawStatus\": \"interrupted\"",
        "\"rawStatus\": 1",
        "\"steps\": [{\"name\": \"s\", \"status\": \"failed\"}]",
        "\"steps\": [{\"name\": \"s\", \"status\": \"other\"}]",
        "\"steps\": {\"name\": \"s\"}",
    ] {
        check(&format!("\"status\": \"passed\", {more}"), "Unclear(UnknownResult)");
    }
    for more in [
        "\"rawStatus\": \"expected\"",
        "\"rawStatus\": null, \"steps\": null",
        "\"steps\": [{\"name\": \"s\", \"status\": \"passed\"}]",
    ] {
        check(&format!("\"status\": \"passed\", {more}"), "Passed");
    }
    check("\"status\": \"failed\", \"rawStatus\": \"passed\"", "Failed");
    for more in ["\"retries\": \"2\"", "\"flaky\": \"true\"", "\"retryAttempts\": {}"] {
        check(&format!("\"status\": \"passed\", {more}"), "~Passed");
    }
}

#[test]
fn a_summary_in_other_words_counts_and_stands_there_once() {
    let of = |rest: &str| told(&report("{\"name\": \"a\", \"status\": \"passed\"}", rest));
    for count in ["pending", "failures", "errors"] {
        let told = of(&format!(", \"summary\": {{\"{count}\": 4}}"));
        assert_eq!(told[0], ".a=Unclear(StatedWorse)", "{count}");
    }
    let twice = of(", \"summary\": {\"failed\": 3}, \"summary\": {}");
    assert!(twice.iter().any(|line| line.contains("duplicate key `summary`")), "{twice:?}");
}
