use super::*;

fn check(attributes: &str, expect: &str) {
    let told = told(&format!("<test-run><test-case name='a' {attributes}/></test-run>"));
    assert_eq!(told[0], format!(".a={expect}"), "{attributes}");
    assert_eq!(told.len(), if expect.starts_with("Unclear") { 2 } else { 1 }, "{told:?}");
}

#[test]
fn a_case_ends_as_its_result_its_label_and_its_site_say() {
    check("result='Passed'", "Passed");
    check("result='Passed' label='TEST-001'", "Passed");
    check("result='Failed'", "Failed");
    for label in ["Error", "Cancelled", "Invalid"] {
        check(&format!("result='Failed' label='{label}'"), "Errored");
    }
    for site in ["SetUp", "TearDown", "Parent"] {
        check(&format!("result='Failed' site='{site}'"), "Errored");
    }
    check("result='Skipped' label='Ignored'", "Skipped");
    check("result='Skipped' runstate='Explicit' label='Explicit'", "Skipped");
    for result in ["Warning", "Inconclusive", "passed", "Pass", ""] {
        check(&format!("result='{result}'"), "Unclear(UnknownResult)");
    }
    check("", "Unclear(UnknownResult)");
}

#[test]
fn nunit_2_says_whether_a_case_was_executed() {
    let check = |attributes: &str, expect: &str| {
        let text = format!(
            "<test-results><results><test-case name='A.B.c(1.5)' {attributes}/></results></test-results>"
        );
        assert_eq!(told(&text)[0], format!("A.B.c(1.5)={expect}"), "{attributes}");
    };
    check("executed='True' result='Success' success='True'", "Passed");
    check("executed='True' success='True'", "Passed");
    check("executed='True' success='False'", "Failed");
    check("executed='False'", "Skipped");
    check("executed='True' result='Success' success='False'", "Failed");
    check("executed='False' result='Success'", "Skipped");
    check("executed='True' result='Error' success='False'", "Errored");
    check("executed='True' result='Inconclusive' success='False'", "Unclear(UnknownResult)");
    check("executed='False' result='Ignored'", "Skipped");
    check("executed='False' result='NotRunnable'", "Errored");
    check("executed='True'", "Unclear(UnknownResult)");
}

fn suite(attributes: &str, inside: &str) -> String {
    format!("<test-run result='Failed'><test-suite name='s' {attributes}>{inside}</test-suite></test-run>")
}

const PASSED: &str = "<test-case name='a' classname='C' result='Passed'/>";
const FAILED: &str = "<test-case name='b' classname='C' result='Failed'/>";

#[test]
fn a_suite_that_failed_itself_is_a_case_and_leaves_open_what_passed_in_it() {
    for attributes in
        ["result='Failed'", "result='Failed' site='TearDown'", "result='Broken'", "success='False'"]
    {
        let told = told(&suite(attributes, PASSED));
        assert_eq!(told[0], "C.a=Unclear(RunFailed)", "{attributes}");
        assert!(told[1].starts_with(".s=Errored") || told[1] == ".s=Failed", "{told:?}");
        assert!(told[2].contains("RunFailed { name: \"s\" }") && told.len() == 3, "{told:?}");
    }
    let both = [PASSED, FAILED].concat();
    assert_eq!(told(&suite("result='Failed' site='Child'", &both)), ["C.a=Passed", "C.b=Failed"]);
    let tear_down = told(&suite("result='Failed' site='TearDown'", &both));
    assert_eq!(tear_down[..3], ["C.a=Unclear(RunFailed)", "C.b=Failed", ".s=Errored"]);
    // An assembly that cannot be loaded says nothing of the others.
    let broken = "<test-suite name='x.dll' result='Failed' label='Invalid' runstate='NotRunnable'/>";
    let told = told(&suite("result='Failed' site='Child'", &[PASSED, broken].concat()));
    assert_eq!(told[..2], ["C.a=Passed", ".x.dll=Errored"]);
    assert!(told[2].contains("RunFailed") && told.len() == 3, "{told:?}");
}

#[test]
fn a_run_that_failed_though_nothing_in_it_did_leaves_open_what_passed() {
    let told = told(&format!("<test-run name='r' result='Failed'>{PASSED}</test-run>"));
    assert_eq!(told, ["C.a=Unclear(RunFailed)", "1:1 RunFailed { name: \"r\" }"]);
}

#[test]
fn counts_that_state_worse_leave_open_what_passed() {
    let inside = [PASSED, FAILED, "<test-case name='c' result='Skipped'/>"].concat();
    let counts = |counts: &str| told(&format!("<test-run {counts}>{inside}</test-run>"));
    for same in ["total='3' passed='1' failed='1' skipped='1' inconclusive='0' warnings='0'", "total='2'"] {
        assert_eq!(counts(same).len(), 3, "{same}");
    }
    // What is skipped may be counted and be no case.
    assert_eq!(counts("total='4' skipped='2'").len(), 3);
    for worse in [
        "total='4'",
        "passed='0'",
        "failed='2'",
        "failures='1' errors='1'",
        "skipped='2'",
        "inconclusive='1'",
    ] {
        let told = counts(worse);
        assert!(told[0] == "C.a=Unclear(StatedWorse)" && told[3].contains("CountsDiffer"), "{told:?}");
    }
    for better in ["total='1'", "passed='2'", "failed='0'"] {
        let told = counts(better);
        assert!(told[0] == "C.a=Passed" && told[3].contains("CountsDiffer"), "{told:?}");
    }
    let inner = told(&suite("passed='0' result='Passed'", PASSED));
    assert_eq!(inner[0], "C.a=Unclear(StatedWorse)");
}

#[test]
fn times_commits_properties_and_what_names_an_id_are_kept() {
    let text = "<test-run start-time='2026-11-20 08:00:00Z' end-time='2026-11-20 08:05:00Z'>\
        <test-suite name='Shop' start-time='2026-11-20 08:01:00Z'>\
        <properties><property name='GIT_COMMIT' value='4f2d9c1e8b7a'/></properties>\
        <test-case name='a' classname='C' result='Passed' start-time='2026-11-20 08:02:00Z'><properties>\
        <property name='Category' value='TEST-001'/><property name='Description' value='TEST-002 &amp; more'/>\
        </properties></test-case>\
        <test-suite name='x'><properties><property name='TestID' value='TEST-003'/></properties>\
        <test-case name='b' result='Passed'/></test-suite></test-suite></test-run>";
    with_evidence(text, |report, cases| {
        assert_eq!(report.commit.as_deref(), Some("4f2d9c1e8b7a"));
        assert_eq!(second(report.time).as_deref(), Some("2026-11-20T08:05:00Z"));
        let (a, b) = (&cases[CaseIndex(0)], &cases[CaseIndex(1)]);
        assert_eq!(second(a.time).as_deref(), Some("2026-11-20T08:02:00Z"));
        assert_eq!(second(b.time).as_deref(), Some("2026-11-20T08:01:00Z"));
        assert_eq!((a.suite, b.suite), (Some("TEST-002 &amp; more"), Some("TEST-003")));
        assert_eq!(a.properties[0], ("Category".into(), "TEST-001".into()));
        assert_eq!(&*b.class, "x");
    });
    let two = "<test-results date='2026-11-20' time='08:00:00'><test-case name='a' executed='True' result='Success'>\
        <categories><category name='TEST-004'/></categories></test-case></test-results>";
    with_evidence(two, |report, cases| {
        assert_eq!(second(report.time).as_deref(), Some("2026-11-20T08:00:00Z"));
        assert_eq!(cases[CaseIndex(0)].properties[0], ("Category".into(), "TEST-004".into()));
    });
}

#[test]
fn half_a_report_is_cut_off() {
    let told = told("<test-run><test-suite name='s'><test-case name='a' result='Passed'/>");
    assert_eq!(told, ["s.a=Passed", "CutOff", "1:69 the file ends inside `<test-suite>`"]);
}

#[test]
fn a_pass_beside_a_failure_is_none() {
    let case = |attributes: &str, inside: &str| {
        told(&format!(
            "<test-run><test-case name='a' result='Passed' {attributes}>{inside}</test-case></test-run>"
        ))
    };
    for (attributes, inside) in [
        ("", "<failure><message>Expected 1</message></failure>"),
        ("", "<failure><message/><stack-trace><![CDATA[at Shop.Cart]]></stack-trace></failure>"),
        ("", "<failure>refused</failure>"),
        ("", "<failure><message>Run 1: Failed\nRun 2: Passed</message></failure>"),
        ("", "<assertions><assertion result='Passed'/><assertion result='Failed'/></assertions>"),
        ("", "<assertions><assertion result='Warning'/></assertions>"),
        ("", "<error/>"),
        ("", "<rows><test-case name='b' result='Failed'/></rows>"),
        ("label='Error'", ""),
        ("site='TearDown'", ""),
        ("runstate='NotRunnable'", ""),
    ] {
        let told = case(attributes, inside);
        assert_eq!(told[0], ".a=Unclear(UnknownResult)", "{attributes} {inside}");
        assert!(told[1].contains("PassContradicted"), "{told:?}");
    }
    for (attributes, inside) in [
        ("", "<failure><message></message><stack-trace>None</stack-trace></failure>"),
        ("", "<failure><message>\n Run 1: Passed\n Run 2: Passed\n</message><stack-trace/></failure>"),
        ("", "<assertions><assertion result='Passed'/></assertions><reason><message>fine</message></reason>"),
        ("runstate='Explicit' label='TEST-001'", "<output>Error</output>"),
    ] {
        assert_eq!(case(attributes, inside), [".a=Passed"], "{attributes} {inside}");
    }
}

#[test]
fn a_suite_that_says_so_itself_leaves_open_what_passed_in_it() {
    let words = "<failure><message>OneTimeTearDown: no</message></failure>";
    let failed = told(&suite("result='Passed'", &[PASSED, words].concat()));
    assert_eq!(failed[..2], ["C.a=Unclear(RunFailed)", ".s=Errored"]);
    let children = "<failure><message>One or more child tests had errors</message></failure>";
    let told_of_children = told(&suite("result='Failed'", &[PASSED, FAILED, children].concat()));
    assert_eq!(told_of_children, ["C.a=Passed", "C.b=Failed"]);
    for result in ["Inconclusive", "Warning"] {
        let open = told(&suite(&format!("result='{result}'"), PASSED));
        assert_eq!(open[0], "C.a=Unclear(UnknownResult)", "{result}");
    }
    for counts in ["not-run='1'", "invalid='1'"] {
        let open = told(&suite(&format!("result='Passed' {counts}"), PASSED));
        assert_eq!(open[0], "C.a=Unclear(StatedWorse)", "{counts}");
    }
}

#[test]
fn ids_in_the_names_of_methods_are_found() {
    let text = "<test-run><test-case name='pays' methodname='TEST_007_Pays' result='Passed'/></test-run>";
    with_evidence(text, |_, cases| assert_eq!(cases[CaseIndex(0)].suite, Some("TEST_007_Pays")));
}
