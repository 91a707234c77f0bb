use super::*;

fn assembly(attributes: &str, inside: &str) -> String {
    format!("<assemblies><assembly name='a.dll' {attributes}>{inside}</assembly></assemblies>")
}

fn collection(inside: &str) -> String {
    format!("<collection name='c'>{inside}</collection>")
}

fn check(test: &str, expect: &str) {
    let told = told(&assembly("", &collection(&format!("<test name='C.a' type='C' {test}</test>"))));
    assert_eq!(told[0], format!("C.a={expect}"), "{test}");
    assert_eq!(told.len(), if expect.starts_with("Unclear") { 2 } else { 1 }, "{told:?}");
}

#[test]
fn a_test_ends_as_its_result_says() {
    check("result='Pass'>", "Passed");
    check("result='Fail'><failure><message>no</message></failure>", "Failed");
    check("result='Fail'>", "Failed");
    check("result='Skip'><reason>later</reason>", "Skipped");
    check("result='NotRun'>", "Skipped");
    check("result='Pass'><failure/>", "Failed");
    check("result='Pass'><warnings><warning>slow</warning></warnings><output>x</output>", "Passed");
    for result in ["undefined", "pass", ""] {
        check(&format!("result='{result}'>"), "Unclear(UnknownResult)");
    }
    check(">", "Unclear(UnknownResult)");
}

const TESTS: &str = "<test name='a' type='C' result='Pass'/><test name='b' type='C' result='Fail'/>\
                     <test name='c' type='C' result='Skip'/>";

#[test]
fn an_error_outside_of_tests_is_a_case_and_leaves_open_what_passed() {
    let error = "<errors><error type='assembly-cleanup' name='a.dll'><failure/></error><error type='fatal'/></errors>";
    let both = told(&assembly("", &[error, &collection(TESTS)].concat()));
    assert_eq!(both[..3], [".a.dll=Errored", ".fatal=Errored", "C.a=Unclear(RunFailed)"]);
    assert!(both[5].contains("RunFailed { name: \"a.dll\" }") && both.len() == 6, "{both:?}");
    assert_eq!(told(&assembly("errors='1'", &collection(TESTS)))[0], "C.a=Unclear(RunFailed)");
    assert_eq!(told(&assembly("errors='0'", &["<errors/>", &collection(TESTS)].concat())).len(), 3);
}

#[test]
fn counts_that_state_worse_leave_open_what_passed() {
    let counts = |counts: &str| told(&assembly(counts, &collection(TESTS)));
    for same in [
        "total='3' passed='1' failed='1' skipped='1' not-run='0'",
        "total='2'",
        "total='4' skipped='1' not-run='1'",
    ] {
        assert_eq!(counts(same).len(), 3, "{same}");
    }
    for worse in ["total='4'", "passed='0'", "failed='2'", "skipped='2'"] {
        let told = counts(worse);
        assert!(told[0] == "C.a=Unclear(StatedWorse)" && told[3].contains("CountsDiffer"), "{told:?}");
    }
    for better in ["total='1'", "passed='2'", "failed='0'"] {
        let told = counts(better);
        assert!(told[0] == "C.a=Passed" && told[3].contains("CountsDiffer"), "{told:?}");
    }
    let inner = assembly("", &collection(TESTS).replace("name='c'", "name='c' failed='2'"));
    assert_eq!(told(&inner)[0], "C.a=Unclear(StatedWorse)");
}

#[test]
fn times_traits_files_and_tools_are_kept() {
    let text = "<assemblies timestamp='11/20/2026 08:00:00' finish-rtf='2026-11-20T09:00:00.0000000+01:00'>\
        <assembly name='/x/test7.dll' run-date='2026-11-20' run-time='07:00:00' test-framework='xUnit.net v2 2.4.1.0'>\
        <collection name='c'><test name='C.a(x: 1)' type='C' method='a' result='Pass' source-file='a.cs'>\
        <traits><trait name='requirement' value='TEST-001'/></traits></test></collection></assembly>\
        <assembly start-rtf='2026-11-20T08:30:00.1234567+00:00' run-date='20.11.2026' run-time='8:30'>\
        <test name='b' result='Pass'/></assembly></assemblies>";
    assert_eq!(told(text), ["C.a(x: 1)=Passed", ".b=Passed"]);
    with_evidence(text, |report, cases| {
        assert_eq!(report.tools, ["xUnit.net v2"]);
        assert_eq!(second(report.time).as_deref(), Some("2026-11-20T08:00:00Z"));
        let (a, b) = (&cases[CaseIndex(0)], &cases[CaseIndex(1)]);
        assert_eq!(second(a.time).as_deref(), Some("2026-11-20T07:00:00Z"));
        assert_eq!(second(b.time).as_deref(), Some("2026-11-20T08:30:00Z"));
        assert_eq!((a.suite, a.file.as_deref()), (Some("/x/test7.dll"), Some("a.cs")));
        assert_eq!(*a.properties, [("requirement".into(), "TEST-001".into())]);
    });
}

#[test]
fn a_time_for_people_is_not_guessed() {
    let text = assembly("run-date='11/02/2026' run-time='08:00:00 AM'", TESTS);
    assert_eq!(told(&text)[3..], ["1:46 TimeNotUnderstood"]);
    with_evidence(&text, |report, _| assert_eq!(report.time, Timestamp::Unreadable));
    let text = "<assemblies timestamp='11/02/2026 08:00:00'><assembly><test name='a' result='Pass'/></assembly></assemblies>";
    with_evidence(text, |report, _| assert_eq!(report.time, Timestamp::Unreadable));
}

#[test]
fn version_1_is_one_assembly_of_classes() {
    let text = "<assembly name='a.dll' run-date='2026-11-20' run-time='08:00:00' total='1'>\
        <class name='C' total='1'><failure/><test name='C.a' type='C' result='Pass'/></class></assembly>";
    let told = told(text);
    assert_eq!(told[..2], [".=Errored", "C.a=Unclear(RunFailed)"]);
    assert!(told[2].contains("RunFailed { name: \"C\" }"), "{told:?}");
    assert_eq!(defects("<assembly manifestVersion='1.0'/>"), ["1:1 NotRecognised { hint: None }"]);
}

#[test]
fn half_a_report_is_cut_off() {
    let told = told("<assemblies><assembly><collection><test name='a' result='Pass'/>");
    assert_eq!(told, [".a=Passed", "CutOff", "1:65 the file ends inside `<collection>`"]);
}

#[test]
fn a_pass_beside_an_error_is_none() {
    check("result='Pass'><error/>", "Unclear(UnknownResult)");
    check("result='Pass'><reason>later</reason>", "Unclear(UnknownResult)");
    check("result='Skip'><reason>later</reason>", "Skipped");
}
