use super::*;

fn run(results: &str, rest: &str) -> String {
    format!("<TestRun name='r'><Results>{results}</Results>{rest}</TestRun>")
}

fn result(name: &str, outcome: &str) -> String {
    format!("<UnitTestResult testName='{name}' outcome='{outcome}'/>")
}

fn check_outcome(outcome: &str, expect: &str) {
    let told = told(&run(&result("a", outcome), ""));
    assert_eq!(told[0], format!(".a={expect}"), "{outcome}");
    let unclear = expect.starts_with("Unclear");
    assert_eq!(told.len(), if unclear { 2 } else { 1 }, "{told:?}");
}

#[test]
fn only_passed_passes() {
    check_outcome("Passed", "Passed");
    check_outcome("Failed", "Failed");
    for outcome in ["Error", "Timeout", "Aborted"] {
        check_outcome(outcome, "Errored");
    }
    for outcome in ["NotExecuted", "NotRunnable", "Pending"] {
        check_outcome(outcome, "Skipped");
    }
    let open = ["Completed", "PassedButRunAborted", "Inconclusive", "Warning", "InProgress", "Disconnected"];
    for outcome in open.into_iter().chain(["passed", "", "Flaky"]) {
        check_outcome(outcome, "Unclear(UnknownResult)");
    }
}

#[test]
fn an_outcome_that_is_not_written_is_an_error() {
    assert_eq!(told(&run("<UnitTestResult testName='a'/>", "")), [".a=Errored"]);
}

#[test]
fn rows_are_cases_and_fail_the_test_that_they_belong_to() {
    let parent = |own: &str, rows: &str| {
        let inner = format!("<Output/><InnerResults>{rows}</InnerResults>");
        run(&format!("<UnitTestResult testName='t' outcome='{own}'>{inner}</UnitTestResult>"), "")
    };
    let rows = |outcome| format!("{}{}", result("1", "Passed"), result("2", outcome));
    assert_eq!(told(&parent("Passed", &rows("Passed"))), [".1=Passed", ".2=Passed", ".t=Passed"]);
    assert_eq!(told(&parent("Passed", &rows("Failed"))), [".1=Passed", ".2=Failed", ".t=Failed"]);
    assert_eq!(told(&parent("Passed", &rows("NotExecuted"))), [".1=Passed", ".2=Skipped", ".t=Passed"]);
    assert_eq!(told(&parent("Failed", &rows("Passed"))), [".1=Passed", ".2=Passed", ".t=Failed"]);
    let unclear = told(&parent("Passed", &rows("Inconclusive")));
    assert_eq!(unclear[1..3], [".2=Unclear(UnknownResult)", ".t=Unclear(UnknownResult)"]);
    // Loggers count the rows, too, or the tests alone.
    for total in 1..=3 {
        let text = parent("Passed", &rows("Passed"));
        let counters = format!(
            "<ResultSummary outcome='Completed'><Counters total='{total}' passed='{total}' failed='0'/></ResultSummary></TestRun>"
        );
        assert_eq!(told(&text.replace("</TestRun>", &counters)).len(), 3, "{total}");
    }
}

#[test]
fn a_definition_gives_its_results_class_file_and_properties() {
    let definitions = "<TestDefinitions>\
        <UnitTest id='1' name='x' storage='shop/test7.js'><Execution id='9'/><Description>more</Description>\
        <TestCategory><TestCategoryItem TestCategory='TEST-007'/></TestCategory>\
        <Properties><Property><Key>area</Key><Value>a &amp; b</Value></Property></Properties>\
        <TestMethod codeBase='/x.dll' className='Shop.Cart, Shop.Tests, Version=1.0.0.0, Culture=neutral' \
        adapterTypeName='executor://mstestadapter/v2' name='Pays'/></UnitTest>\
        <UnitTest id='2' storage='/x/shop.test3.DLL'><TestMethod className='Shop.Pay' name='P'/></UnitTest>\
        <UnitTest id='3'><Description>TEST-003 pays</Description><TestMethod codeBase='a.js'/></UnitTest>\
        </TestDefinitions>";
    let results = "<UnitTestResult testId='1' testName='Shop.Cart.Pays(cents: 1)' outcome='Passed'/>\
        <UnitTestResult testId='2' testName='P' outcome='Passed'/>\
        <UnitTestResult testId='3' testName='Q' outcome='Passed'/>\
        <UnitTestResult testId='4' testName='R' outcome='Passed'/>";
    let behind = run(results, definitions);
    let before = format!("<TestRun>{definitions}<Results>{results}</Results></TestRun>");
    for text in [behind, before] {
        assert_eq!(
            told(&text),
            ["Shop.Cart.Pays(cents: 1)=Passed", "Shop.Pay.P=Passed", ".Q=Passed", ".R=Passed"]
        );
        with_evidence(&text, |report, cases| {
            assert_eq!(report.tools, ["MSTest"]);
            let of = |index| &cases[CaseIndex(index)];
            assert_eq!(of(0).file.as_deref(), Some("shop/test7.js"));
            let properties = [("TestCategory".into(), "TEST-007".into()), ("area".into(), "a & b".into())];
            assert_eq!(*of(0).properties, properties);
            assert_eq!((of(1).file.as_deref(), of(1).suite), (None, Some("/x/shop.test3.DLL")));
            assert_eq!((of(2).file.as_deref(), of(2).suite), (Some("a.js"), Some("TEST-003 pays")));
        });
    }
}

#[test]
fn the_report_is_as_old_as_the_end_of_the_run() {
    let result = "<UnitTestResult testName='a' outcome='Passed' startTime='2026-11-20T10:00:00.0000000+02:00' \
                  endTime='2026-11-20T10:01:00+02:00'/>";
    let times =
        "<Times creation='2026-11-20T07:00:00Z' start='2026-11-20T07:00:00Z' finish='2026-11-20T09:00:00Z'/>";
    with_evidence(&run(result, times), |report, cases| {
        assert_eq!(second(report.time).as_deref(), Some("2026-11-20T09:00:00Z"));
        assert_eq!(second(cases[CaseIndex(0)].time).as_deref(), Some("2026-11-20T08:00:00Z"));
    });
    with_evidence(&run(result, ""), |report, _| {
        assert_eq!(second(report.time).as_deref(), Some("2026-11-20T08:00:00Z"));
    });
}

fn summary(outcome: &str, inside: &str) -> Vec<String> {
    let results = [result("a", "Passed"), result("b", "Failed")].concat();
    told(&run(&results, &format!("<ResultSummary outcome='{outcome}'>{inside}</ResultSummary>")))
}

#[test]
fn a_run_that_failed_as_such_leaves_open_what_passed() {
    assert_eq!(summary("Completed", "").len(), 2);
    assert_eq!(summary("Failed", "<RunInfos><RunInfo outcome='Warning'/></RunInfos>").len(), 2);
    for (outcome, inside) in [
        ("Aborted", ""),
        ("Error", ""),
        ("Whatever", ""),
        ("Failed", "<RunInfos><RunInfo outcome='Error'><Text>crashed</Text></RunInfo></RunInfos>"),
        ("Failed", "<RunInfos><RunInfo/></RunInfos>"),
    ] {
        let told = summary(outcome, inside);
        assert_eq!(told[..2], [".a=Unclear(RunFailed)", ".b=Failed"], "{outcome}");
        assert!(told[2].ends_with("RunFailed { name: \"r\" }"), "{told:?}");
    }
    let failed = "<ResultSummary outcome='Failed'/>";
    assert_eq!(
        told(&run(&result("a", "Passed"), failed))[0],
        ".a=Unclear(RunFailed)",
        "nothing in it failed"
    );
}

#[test]
fn counters_that_state_worse_leave_open_what_passed() {
    let counters = |counts: &str| summary("Failed", &format!("<Counters {counts}/>"));
    assert_eq!(counters("total='2' executed='2' passed='1' failed='0' error='1' timeout='0'").len(), 2);
    for counts in ["total='3'", "passed='0'", "failed='1' aborted='1'", "inconclusive='1'"] {
        let told = counters(counts);
        assert!(told[0].ends_with("=Unclear(StatedWorse)") && told[2].contains("CountsDiffer"), "{told:?}");
    }
    for counts in ["total='1'", "passed='2'", "failed='0'"] {
        let told = counters(counts);
        assert!(told[0] == ".a=Passed" && told[2].contains("CountsDiffer"), "{told:?}");
    }
    let told = counters("total='many'");
    assert_eq!(told[2..], ["Malformed", "1:181 `total` is a count, and `many` is none"]);
}

#[test]
fn half_a_report_is_cut_off() {
    let text = format!("<TestRun><Results>{}", result("a", "Passed"));
    assert_eq!(told(&text), [".a=Passed", "CutOff", "1:66 the file ends inside `<Results>`"]);
}

#[test]
fn a_run_that_states_failures_and_contains_no_result_is_one_itself() {
    for report in [
        "<TestRun><ResultSummary outcome='Failed'><Counters total='3' executed='3' passed='0' failed='3'/>\
         </ResultSummary><Results/></TestRun>",
        "<test-run result='Passed' total='3' failed='3'/>",
        "<assemblies><assembly name='a' total='3' passed='2' failed='1'/></assemblies>",
        "{\"results\": {\"tool\": {\"name\": \"j\"}, \"summary\": {\"tests\": 3, \"passed\": 0, \"failed\": 3}, \"tests\": []}}",
    ] {
        let outcomes = with_evidence(report, |_, cases| {
            cases.iter().map(|case| case.outcome.is_failure()).collect::<Vec<bool>>()
        });
        assert!(outcomes.contains(&true), "{report}: {outcomes:?}");
    }
}

#[test]
fn a_pass_beside_an_error_is_none() {
    let told = |inside: &str| {
        told(&run(&format!("<UnitTestResult testName='a' outcome='Passed'>{inside}</UnitTestResult>"), ""))
    };
    for inside in [
        "<Output><ErrorInfo><Message>Assert.AreEqual failed.</Message></ErrorInfo></Output>",
        "<Output><ErrorInfo><StackTrace>at Shop</StackTrace></ErrorInfo></Output>",
        "<Rows><UnitTestResult outcome='Failed'/></Rows>",
    ] {
        assert_eq!(told(inside)[0], ".a=Unclear(UnknownResult)", "{inside}");
    }
    for inside in ["<Output><ErrorInfo/><StdErr>slow</StdErr></Output>", "<ResultFiles/>"] {
        assert_eq!(told(inside), [".a=Passed"], "{inside}");
    }
}

#[test]
fn counters_of_what_did_not_run_are_held_against_the_results() {
    for counter in ["notRunnable", "notExecuted", "pending", "warning", "completed"] {
        let told = summary("Completed", &format!("<Counters {counter}='3'/>"));
        assert_eq!(told[0], ".a=Unclear(StatedWorse)", "{counter}");
    }
    let twice = "<Counters total='2'/></ResultSummary><ResultSummary outcome='Completed'>";
    assert!(summary("Completed", twice).contains(&"Malformed".to_owned()));
}

#[test]
fn ids_in_the_names_of_methods_are_found() {
    let definition = "<TestDefinitions><UnitTest id='1' name='TEST-008'><TestMethod className='C' \
                      name='TEST_007_Pays'/></UnitTest></TestDefinitions>";
    let text = run("<UnitTestResult testId='1' testName='pays' outcome='Passed'/>", definition);
    with_evidence(&text, |_, cases| assert_eq!(cases[CaseIndex(0)].suite, Some("TEST_007_Pays")));
}
