use super::*;

/// How the cases of a report ended, as `class.name=outcome`, `~` for flaky.
fn check(text: &str, expect: &[&str]) {
    let sources = sources(&[("report.xml", text.as_bytes())]);
    let evidence = read_all(&sources);
    let cases: Vec<String> = evidence
        .cases
        .iter()
        .map(|case| {
            let flaky = if case.flaky { "~" } else { "" };
            format!("{}.{}={flaky}{:?}", case.class, case.name, case.outcome)
        })
        .collect();
    assert_eq!(cases, expect, "{text}");
    assert!(evidence.reports[0].flaw.is_none() && evidence.defects.is_empty(), "{:?}", evidence.defects);
}

fn check_case(inside: &str, expect: &str) {
    check(
        &format!("<testsuite><testcase name='t'{inside}</testcase></testsuite>"),
        &[&format!(".t={expect}")],
    );
}

#[test]
fn a_case_ends_as_its_elements_say() {
    check_case(">", "Passed");
    check_case("><failure message='a'/>", "Failed");
    check_case("><error/>", "Errored");
    check_case("><skipped/>", "Skipped");
    check_case("><failure/><failure>two</failure>", "Failed");
    check_case("><failure/><error/>", "Failed");
    check_case("><system-out>failure</system-out><system-err><![CDATA[<failure/>]]></system-err>", "Passed");
}

#[test]
fn repeated_runs_follow_surefire() {
    check_case("><flakyFailure/>", "~Passed");
    check_case("><flakyError/><flakyFailure/>", "~Passed");
    check_case("><failure/><rerunFailure/>", "Failed");
    check_case("><error/><rerunError/>", "Errored");
    check_case("><rerunFailure/>", "Failed");
}

#[test]
fn a_status_counts_where_no_element_says_anything() {
    check_case(" status='notrun'>", "Skipped");
    check_case(" status='disabled'>", "Skipped");
    check_case(" status='run' result='suppressed'>", "Skipped");
    check_case(" status='run' result='completed'>", "Passed");
    check_case(" status='fail'>", "Failed");
    check_case(" status='passed'><failure/>", "Failed");
}

#[test]
fn a_suite_without_cases_that_states_a_failure_is_one_itself() {
    let outcomes = |inside: &str| {
        let text = format!("<testsuites>{inside}<testsuite><testcase name='t'/></testsuite></testsuites>");
        let sources = sources(&[("report.xml", text.as_bytes())]);
        let evidence = read_all(&sources);
        evidence.cases.iter().map(|case| (case.name.clone().into_owned(), case.outcome)).collect::<Vec<_>>()
    };
    let passed = ("t".to_owned(), Outcome::Passed);
    let errored = ("s".to_owned(), Outcome::Errored);
    for suite in ["failures='1'", "errors='2'", "status='failed'", "Success='false'", "aborted='true'"] {
        let found = outcomes(&format!("<testsuite name='s' {suite}/>"));
        assert_eq!(found, [errored.clone(), passed.clone()], "{suite}");
    }
    let unclear = ("s".to_owned(), Outcome::Unclear(Unclear::StatedWorse));
    assert_eq!(outcomes("<testsuite name='s' tests='5'/>"), [unclear, passed.clone()]);
    assert_eq!(outcomes("<testsuite name='s' failures='0' skipped='2'/>"), [passed]);
}

#[test]
fn capitals_hide_no_failure() {
    check_case(" Status='Failed'>", "Failed");
    check_case(" STATUS='notrun'>", "Skipped");
    check_case(" Success='False'>", "Failed");
    for counts in ["Failures='1'", "Failures='1' failures='0'", "failures='0' FAILURES='1'"] {
        let text = format!("<testsuite {counts}><testcase name='t'/></testsuite>");
        let sources = sources(&[("report.xml", text.as_bytes())]);
        let case = &read_all(&sources).cases[CaseIndex(0)];
        assert_eq!(case.outcome, Outcome::Unclear(Unclear::StatedWorse), "{counts}");
    }
}

#[test]
fn a_failure_that_was_expected_is_no_failure() {
    check_case("><skipped message='may fail'/><failure/>", "Skipped");
    check_case("><failure/><skipped/>", "Skipped");
    check_case(" status='failed'><failure/><skipped/>", "Skipped");
    // pytest writes the subtests of a test into its case: one was skipped, another failed.
    check_case("><skipped type='pytest.skip' message='only at weekends'/><failure/>", "Failed");
    check_case(" status='failed'><skipped/>", "Failed");
    check_case("><skipped/><error/>", "Errored");
}

/// How the only case of a report ended, and what is wrong with the report.
fn case_and_defects(case: &str) -> (Outcome, Vec<String>) {
    let text = format!("<testsuite>{case}</testsuite>");
    let sources = sources(&[("report.xml", text.as_bytes())]);
    let evidence = read_all(&sources);
    (evidence.cases[CaseIndex(0)].outcome, said(&sources, &evidence))
}

#[test]
fn what_is_not_known_to_be_a_pass_is_unclear() {
    let unclear = Outcome::Unclear(Unclear::UnknownResult);
    for word in ["timeout", "aborted", "crashed", "blocked", "inconclusive", "KO", "unknown", "cancelled"] {
        for attribute in ["status", "result", "outcome", "state"] {
            let (outcome, defects) = case_and_defects(&format!("<testcase name='a' {attribute}='{word}'/>"));
            assert_eq!((outcome, defects.len()), (unclear, 1), "{attribute}={word}: {defects:?}");
        }
    }
    for element in
        ["aborted", "timeout", "failed", "Failure", "ERROR", "warning", "incomplete", "crash", "x:failed"]
    {
        let (outcome, defects) = case_and_defects(&format!("<testcase name='a'><{element}/></testcase>"));
        assert_eq!((outcome, defects.len()), (unclear, 1), "{element}: {defects:?}");
    }
    // The worse of two statements counts.
    let stated = |attributes: &str| case_and_defects(&format!("<testcase name='a' {attributes}/>")).0;
    assert_eq!(stated("status='failed' result='passed'"), Outcome::Failed);
    assert_eq!(stated("status='passed' result='timeout'"), unclear);
    assert_eq!(stated("success='false'"), Outcome::Failed);
    assert_eq!(stated("executed='false'"), Outcome::Skipped);
    assert_eq!(stated("status=''"), Outcome::Passed);
    assert_eq!(
        case_and_defects("<testcase name='a' status='timeout'><failure/></testcase>").0,
        Outcome::Failed
    );
}

#[test]
fn what_passed_in_a_suite_that_states_worse_is_unclear() {
    let outcomes = |suite: &str| {
        let text = format!(
            "<testsuite {suite}><testcase name='a'/><testcase name='b'><skipped/></testcase></testsuite>"
        );
        let sources = sources(&[("report.xml", text.as_bytes())]);
        let evidence = read_all(&sources);
        evidence.cases.iter().map(|case| case.outcome).collect::<Vec<_>>()
    };
    let worse = [Outcome::Unclear(Unclear::StatedWorse), Outcome::Skipped];
    assert_eq!(outcomes("tests='2' failures='1'"), worse);
    assert_eq!(outcomes("tests='2' errors='3'"), worse);
    assert_eq!(outcomes("tests='100'"), worse);
    assert_eq!(outcomes("tests='2' skipped='2'"), worse);
    let fine = [Outcome::Passed, Outcome::Skipped];
    assert_eq!(outcomes("tests='2' failures='0' skipped='1'"), fine);
    assert_eq!(outcomes("tests='1' failures='0'"), fine, "some leave out what was not run");
}

#[test]
fn a_count_that_is_none_leaves_open_what_is_in_the_report() {
    for count in ["many", "-1", "1.5", "NaN"] {
        let text = format!("<testsuite failures='{count}'><testcase name='a'/></testsuite>");
        let sources = sources(&[("report.xml", text.as_bytes())]);
        assert_eq!(read_all(&sources).reports[0].flaw, Some(ReportFlaw::Malformed), "{count}");
    }
}

#[test]
fn a_suite_that_names_an_id_speaks_for_its_cases() {
    let text = "<testsuites><testsuite name='TEST-001 sign-in'><testcase name='a'/><testsuite name='inner'>\
                <testcase name='b'/></testsuite></testsuite><testsuite name='other'><testcase name='c'/></testsuite></testsuites>";
    let sources = sources(&[("report.xml", text.as_bytes())]);
    let evidence = read_all(&sources);
    let suites: Vec<Option<&str>> = evidence.cases.iter().map(|case| case.suite).collect();
    assert_eq!(suites, [Some("TEST-001 sign-in"), Some("TEST-001 sign-in"), None]);
}

#[test]
fn suites_lie_in_suites_and_need_no_counts() {
    check(
        "<?xml version='1.0'?><testsuites><testsuite name='a'><testsuite name='b' tests='1'>\
         <testcase classname='A' name='x'/></testsuite><testcase class='B' name='y'/></testsuite></testsuites>",
        &["A.x=Passed", "B.y=Passed"],
    );
}

#[test]
fn a_case_within_a_case_is_one_of_its_own_and_fails_the_outer_one() {
    let within = |inside: &str| {
        format!("<testsuite><testcase name='a'><testcase name='b'>{inside}</testcase></testcase></testsuite>")
    };
    check(&within(""), &[".b=Passed", ".a=Passed"]);
    check(&within("<failure/>"), &[".b=Failed", ".a=Failed"]);
    check(&within("<error/>"), &[".b=Errored", ".a=Errored"]);
    check(&within("<skipped/>"), &[".b=Skipped", ".a=Passed"]);
    check(&within("<testcase name='c'><failure/></testcase>"), &[".c=Failed", ".b=Failed", ".a=Failed"]);
    // As deep as elements may be.
    let deep =
        format!("<testsuite>{}{}</testsuite>", "<testcase name='t'>".repeat(255), "</testcase>".repeat(255));
    check(&deep, &[".t=Passed"; 255]);
}

#[test]
fn qt_test_says_nothing_of_what_it_skipped() {
    let report = |version: &str, case: &str| {
        format!(
            "<testsuite><properties><property name='QTestVersion' value='{version}'/></properties>\
             <testcase name='a'{case}</testsuite>"
        )
    };
    check(&report("5.15.8", "/>"), &[".a=Skipped"]);
    check(&report("5.15.8", " result='pass'/>"), &[".a=Passed"]);
    check(&report("5.15.8", " result='xfail'/>"), &[".a=Skipped"]);
    check(&report("5.15.8", "><failure/></testcase>"), &[".a=Failed"]);
    check(&report("6.4.2", "/>"), &[".a=Passed"]);
}

#[test]
fn references_are_resolved() {
    check(
        "<testsuite><testcase name='a &lt;&#98;&#x63;&gt; &amp;&quot;'/></testsuite>",
        &[".a <bc> &\"=Passed"],
    );
}

#[test]
fn a_suite_that_failed_as_a_whole_is_a_case() {
    let cases = |text: &str| {
        let sources = sources(&[("report.xml", text.as_bytes())]);
        let evidence = read_all(&sources);
        let cases = evidence.cases.iter().map(|case| format!("{}={:?}", case.name, case.outcome));
        (cases.collect::<Vec<_>>(), defects(text))
    };
    let alone = cases("<testsuite name='set-up' tests='0'><error/></testsuite>");
    assert_eq!(
        alone,
        (vec!["set-up=Errored".to_owned()], vec!["1:1 RunFailed { name: \"set-up\" }".to_owned()])
    );
    // What passed in it, or in a suite within, is unclear; what passed beside it is not.
    let (found, _) = cases(
        "<testsuites><testsuite name='a'><testcase name='x'/><testsuite name='b'><testcase name='y'/></testsuite>\
         <Timeout/></testsuite><testsuite name='c'><testcase name='z'/></testsuite></testsuites>",
    );
    let run_failed = "Unclear(RunFailed)";
    assert_eq!(found, [&format!("x={run_failed}"), &format!("y={run_failed}"), "a=Errored", "z=Passed"]);
    // What is misspelt may hold results.
    let (found, said) =
        cases("<testsuite><testcase name='x'/><test-case name='y'><failure/></test-case></testsuite>");
    assert_eq!((found, said.len()), (vec!["x=Unclear(UnknownResult)".to_owned()], 1));
    let (found, _) = cases("<testsuite name='a' status='aborted'><testcase name='x'/></testsuite>");
    assert_eq!(found, [format!("x={run_failed}")]);
}

#[test]
fn properties_times_and_commits_are_kept() {
    let text = "<testsuites><testsuite name='pytest' file='a.py' timestamp='2026-11-20T08:00:00'><properties>\
         <property name='revision' value='1.0-SNAPSHOT'/><property name='GIT_COMMIT' value='4f2d9c1e8b7a'/>\
         </properties><testcase name='t'><properties><property name='entry' value='TEST-1'/>\
         <property name='note'>text &amp; more</property></properties></testcase></testsuite></testsuites>";
    let sources = sources(&[("report.xml", text.as_bytes())]);
    let evidence = read_all(&sources);
    let (report, case) = (&evidence.reports[0], &evidence.cases[CaseIndex(0)]);
    assert_eq!(report.commit.as_deref(), Some("4f2d9c1e8b7a"));
    assert_eq!(report.tools, ["pytest"]);
    assert_eq!(
        report.time.known().map(|time| time.to_rfc3339()).as_deref(),
        Some("2026-11-20T08:00:00+00:00")
    );
    assert_eq!(case.file.as_deref(), Some("a.py"));
    assert_eq!(case.time, report.time);
    let properties = [("entry".into(), "TEST-1".into()), ("note".into(), "text & more".into())];
    assert_eq!(*case.properties, properties);
    assert_eq!(sources.slice(case.span), "<testcase name='t'>");
}

#[test]
fn counts_that_no_test_runner_would_write_are_named() {
    let case = "<testcase name='a'><failure/></testcase><testcase name='b'/>";
    let suite = |counts: &str| defects(&format!("<testsuite {counts}>{case}</testsuite>"));
    assert_eq!(suite("tests='2' failures='1' errors='0' skipped='0'"), [""; 0]);
    assert_eq!(suite("tests='2' failures='0' errors='1'"), [""; 0], "an error or a failure");
    let differ = |what, stated, counted| {
        vec![format!("1:1 CountsDiffer {{ what: {what:?}, stated: {stated}, counted: {counted} }}")]
    };
    assert_eq!(suite("tests='3' failures='1'"), differ("tests", 3, 2));
    assert_eq!(suite("tests='2' failures='0'"), differ("failures", 0, 1));
    assert_eq!(suite("tests='2' failures='0' errors='0'"), differ("failures", 0, 1));
    assert_eq!(suite("tests='2' failures='1' errors='4'"), differ("errors", 4, 0));
    assert_eq!(suite("tests='2' skipped='1'"), differ("skipped", 1, 0));
    assert_eq!(suite("tests='1'"), differ("tests", 1, 2));
    let skipped = "<testsuite tests='1' skipped='0'><testcase name='a'/><testcase name='b'><skipped/></testcase></testsuite>";
    assert_eq!(defects(skipped), [""; 0], "some leave out what was not run");
    let again = "<testsuite tests='3' failures='0' errors='0'><testcase name='a'><flakyFailure/></testcase><testcase name='b'/></testsuite>";
    assert_eq!(defects(again), [""; 0], "some count each run");
    assert_eq!(
        suite("tests='4' failures='1' skipped='2'"),
        [""; 0],
        "some write no case of what was skipped"
    );
    let errors = "<testsuite tests='2' failures='2' errors='1'><testcase name='a'><failure/></testcase>\
                  <testcase name='b'><error/></testcase></testsuite>";
    assert_eq!(defects(errors), [""; 0], "some count an error as both");
    assert_eq!(suite("name='pytest' tests='9' failures='1' skipped='3'"), [""; 0], "pytest counts subtests");
    assert_eq!(suite("name='pytest' tests='1'"), differ("tests", 1, 2));
}

#[test]
fn what_is_no_xml_is_named_at_its_place() {
    let check = |text: &str, expect: &str| assert_eq!(defects(text), [expect], "{text}");
    check("<testsuite>\n<testcase name='a'/>", "2:21 the file ends inside `<testsuite>`");
    check("<testsuite>\n<testcase name='a' name='b'/></testsuite>", "2:20 duplicate attribute `name`");
    check(
        "<testsuite><testcase name=a/></testsuite>",
        "1:22 the value of an attribute is not between quotes",
    );
    check(
        "<testsuite><testcase name='a<b'/></testsuite>",
        "1:29 a `<` in the value of an attribute; write `&lt;`",
    );
    check("<testsuite/><testsuite/>", "1:13 `<testsuite>` after the end of the document");
    check("<testsuite/>\nmore", "2:1 text outside of the document");
    check("<testsuite timestamp='Monday'/>", "1:23 TimeNotUnderstood");
    let found = defects("<testsuite>\n</testcase></testsuite>");
    assert!(found[0].starts_with("2:1 expected `</testsuite>`"), "{found:?}");
}

#[test]
fn what_stands_before_the_damage_is_kept_and_marked() {
    let text = "<testsuite><testcase name='a'/><testcase name='b'/><testca";
    let sources = sources(&[("report.xml", text.as_bytes())]);
    let evidence = read_all(&sources);
    assert_eq!(evidence.cases.len(), 2);
    assert!(evidence.reports[0].flaw.is_some());
}

#[test]
fn what_playwright_did_not_run_is_no_skip_unless_its_author_says_so() {
    let report = |case: &str| {
        format!(
            "<testsuites id='' name='' tests='1' failures='0' skipped='1' errors='0' time='1'><testsuite name='a.spec.ts' \
             hostname='ci' tests='1' failures='0' skipped='1' errors='0'><testcase name='t'>{case}</testcase></testsuite>\
             </testsuites>"
        )
        .replace('\'', "\"")
    };
    let bare = told(&report("<skipped></skipped>"));
    assert_eq!(bare[0], ".t=Unclear(UnknownResult)");
    assert!(bare[1].contains("without a property `skip` or `fixme`"), "{bare:?}");
    for annotation in ["skip", "fixme"] {
        let property = format!("<properties><property name='{annotation}' value=''/></properties><skipped/>");
        assert_eq!(told(&report(&property)), [".t=Skipped"]);
    }
    // Any other test runner may skip without a word.
    assert_eq!(told(&report("<skipped/>").replace("id=\"\" ", "")), [".t=Skipped"]);
}
