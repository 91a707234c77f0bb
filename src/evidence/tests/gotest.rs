use super::*;

/// Events as `action test`, `action` for a package, in package `p`.
fn events(events: &[&str]) -> String {
    let line = |event: &&str| match event.split_once(' ') {
        Some((action, test)) => {
            format!("{{\"Action\":\"{action}\",\"Package\":\"p\",\"Test\":\"{test}\"}}\n")
        }
        None => format!("{{\"Action\":\"{event}\",\"Package\":\"p\"}}\n"),
    };
    events.iter().map(line).collect()
}

fn check(list: &[&str], expect: &[&str]) {
    assert_eq!(told(&events(list)), expect, "{list:?}");
}

#[test]
fn tests_end_as_their_events_say() {
    let all = [
        "start", "run A", "output A", "pass A", "run B", "pause B", "cont B", "fail B", "run C", "skip C",
        "fail",
    ];
    check(&all, &["p.A=Passed", "p.B=Failed", "p.C=Skipped"]);
    check(&["run A", "run A/x", "pass A/x", "pass A", "pass"], &["p.A/x=Passed", "p.A=Passed"]);
    // As `gotestsum --jsonfile-timing-events` writes them.
    check(&["pass A", "fail B", "fail"], &["p.A=Passed", "p.B=Failed"]);
    check(&["start", "output", "skip"], &[]);
}

#[test]
fn a_repetition_is_another_case() {
    check(&["run A", "fail A", "run A", "pass A", "fail"], &["p.A=Failed", "p.A=Passed"]);
    // gotestsum runs again what failed, and its package with it.
    check(
        &["start", "run A", "fail A", "fail", "start", "run A", "pass A", "pass"],
        &["p.A=Failed", "p.A=Passed"],
    );
}

#[test]
fn a_test_without_an_end_went_wrong_with_its_package() {
    check(&["run A", "pass A", "run B", "run C", "fail"], &["p.A=Passed", "p.B=Errored", "p.C=Errored"]);
    let unclear = "1:1 ResultNotKnown { written: \"\\\"Action\\\":\\\"run\\\"\" }";
    check(&["run A", "pass"], &["p.A=Unclear(UnknownResult)", unclear]);
    check(&["run A", "run A", "pass A", "pass"], &["p.A=Unclear(UnknownResult)", "p.A=Passed", unclear]);
}

#[test]
fn a_benchmark_says_nothing_if_it_went_well() {
    check(&["run BenchmarkA", "output BenchmarkA", "pass"], &["p.BenchmarkA=Passed"]);
    check(&["bench BenchmarkA", "pass"], &["p.BenchmarkA=Passed"]);
    check(&["run BenchmarkA", "fail BenchmarkA", "fail"], &["p.BenchmarkA=Failed"]);
    check(&["run BenchmarkA", "fail"], &["p.BenchmarkA=Errored"]);
}

#[test]
fn a_package_that_failed_though_no_test_did_is_a_case_and_leaves_open_what_passed() {
    check(
        &["run A", "pass A", "fail"],
        &["p.A=Unclear(RunFailed)", "p.[package failed]=Errored", "3:1 RunFailed { name: \"p\" }"],
    );
    let others = events(&["run A", "pass A", "pass"]).replace("\"p\"", "\"q\"");
    let told = told(&[events(&["run A", "pass A"]), others, events(&["fail"])].concat());
    assert_eq!(told[..3], ["p.A=Unclear(RunFailed)", "q.A=Passed", "p.[package failed]=Errored"]);
}

#[test]
fn what_does_not_build_is_a_case() {
    let build = "{\"ImportPath\":\"p [p.test]\",\"Action\":\"build-output\",\"Output\":\"# p\\n\"}\n\
                 {\"ImportPath\":\"p [p.test]\",\"Action\":\"build-fail\"}\n";
    let failed = "{\"Action\":\"fail\",\"Package\":\"p\",\"FailedBuild\":\"p [p.test]\"}\n";
    let run_failed = |line| format!("{line}:1 RunFailed {{ name: \"p\" }}");
    assert_eq!(told(&[build, failed].concat()), ["p.[build failed]=Errored", &run_failed(3)]);
    assert_eq!(told(build), ["p.[build failed]=Errored", &run_failed(2)]);
    // Before Go 1.24.
    let text = "# p [p.test]\n./p_test.go:3:1: undefined: x\n\ttoo bad\nFAIL\tp [build failed]\n";
    assert_eq!(
        told(&[text, &events(&["start", "skip"])].concat()),
        ["p.[build failed]=Errored", &run_failed(4)]
    );
}

#[test]
fn only_what_go_says_itself_may_stand_between_events() {
    let [first, second] = [events(&["run A", "pass A"]), events(&["pass"])];
    let between = |line: &str| told(&[&first, line, "\n", &second].concat());
    for line in ["", "go: downloading a v1.0.0", "a/b.go:1:2: x", "note: x", "too many errors"] {
        assert_eq!(between(line), ["p.A=Passed"], "{line}");
    }
    // What says that something failed, where no test did.
    for line in ["exit status 1", "FAIL"] {
        assert_eq!(between(line)[0], "p.A=Unclear(RunFailed)", "{line}");
    }
    let broken = "3:1 this line is no event of `go test -json`";
    for line in ["make: *** [test] Error 1", "+ go test", "ok  \tp\t0.1s"] {
        assert_eq!(between(line), ["p.A=Passed", "Malformed", broken], "{line}");
    }
    assert_eq!(between("{\"a\": 1}")[1], "Malformed");
    assert_eq!(between("{\"Action\": \"pa")[1], "Malformed");
}

#[test]
fn a_file_that_is_cut_off_says_so() {
    let all = events(&["start", "run A", "pass A", "pass"]);
    let told_half = told(&all[..all.len() - 8]);
    assert_eq!(told_half[..2], ["p.A=Passed", "CutOff"]);
    let told = told(&events(&["start", "run A", "pass A", "run B"]));
    assert_eq!(told[..3], ["p.A=Passed", "p.B=Unclear(UnknownResult)", "CutOff"]);
    assert!(told.last().is_some_and(|last| last.contains("before the tests of package `p` do")), "{told:?}");
}

#[test]
fn a_package_that_starts_again_must_have_ended() {
    let told = told(&events(&["start", "run A", "pass A", "start", "run A", "pass A", "pass"]));
    assert_eq!(told[..3], ["p.A=Passed", "p.A=Passed", "Malformed"]);
    assert_eq!(told[3], "4:1 package `p` starts again and has not ended");
}

#[test]
fn an_event_that_is_not_known_leaves_open_what_it_is_about() {
    let told_test = told(&events(&["run A", "explode A", "pass A", "pass"]));
    assert_eq!(told_test[0], "p.A=Unclear(UnknownResult)");
    let told_package = told(&events(&["run A", "explode", "pass A", "pass"]));
    assert_eq!(told_package[0], "p.A=Unclear(RunFailed)");
}

#[test]
fn times_and_attributes_are_kept() {
    let text = "{\"Time\":\"2026-11-20T08:00:00.5+01:00\",\"Action\":\"run\",\"Package\":\"p\",\"Test\":\"A\"}\n\
        {\"Action\":\"attr\",\"Package\":\"p\",\"Test\":\"A\",\"Key\":\"id\",\"Value\":\"TEST-001\"}\n\
        {\"Time\":\"2026-11-20T08:00:01Z\",\"Action\":\"pass\",\"Package\":\"p\",\"Test\":\"A\",\"Elapsed\":0}\n\
        {\"Time\":\"2026-11-20T08:00:02Z\",\"Action\":\"pass\",\"Package\":\"p\"}\n";
    with_evidence(text, |report, cases| {
        assert_eq!(report.kind, ReportKind::GoTest);
        assert_eq!(second(report.time).as_deref(), Some("2026-11-20T08:00:02Z"));
        assert_eq!(second(cases[CaseIndex(0)].time).as_deref(), Some("2026-11-20T08:00:01Z"));
        assert_eq!(*cases[CaseIndex(0)].properties, [("id".into(), "TEST-001".into())]);
    });
}

#[test]
fn what_is_written_for_people_is_refused_with_what_to_do() {
    for text in ["ok  \tp\t0.1s\n", "=== RUN   TestA\n--- PASS: TestA (0.00s)\nPASS\n"] {
        assert_eq!(
            defects(text),
            [
                "1:1 NotRecognised { hint: Some(\"it is what `go test` prints for people; write its report with `go test -json`\") }"
            ]
        );
    }
}

#[test]
fn a_package_that_was_skipped_has_no_tests_that_passed() {
    let text = "{\"Action\":\"start\",\"Package\":\"p\"}\n{\"Action\":\"run\",\"Package\":\"p\",\"Test\":\"TestA\"}\n\
                {\"Action\":\"pass\",\"Package\":\"p\",\"Test\":\"TestA\"}\n{\"Action\":\"skip\",\"Package\":\"p\"}\n";
    assert_eq!(told(text)[0], "p.TestA=Unclear(RunFailed)");
}

#[test]
fn a_failure_that_is_printed_and_passed_leaves_open_how_it_ended() {
    let event = |action: &str, test: &str, output: &str| {
        let test = if test.is_empty() { String::new() } else { format!(r#","Test":"{test}""#) };
        let output = if output.is_empty() { String::new() } else { format!(r#","Output":"{output}""#) };
        format!(r#"{{"Action":"{action}","Package":"p"{test}{output}}}"#) + "\n"
    };
    let of_test = |printed: &str, ends: &str| {
        let text = event("run", "A", "") + &event("output", "A", printed) + &event(ends, "A", "");
        told(&(text + &event(ends, "", ""))).swap_remove(0)
    };
    assert_eq!(of_test(r"--- FAIL: A (0.00s)\n", "fail"), "p.A=Failed");
    assert_eq!(of_test(r"--- FAIL: A (0.00s)\n", "pass"), "p.A=Unclear(UnknownResult)");
    assert_eq!(of_test(r"\u0016--- FAIL: A (0.00s)\n", "pass"), "p.A=Unclear(UnknownResult)");
    // What a test of a test runner prints is not its own result.
    assert_eq!(of_test(r"--- FAIL: Ax (0.00s)\n", "pass"), "p.A=Passed");
    let of_package = |printed: &str| {
        let text = event("run", "A", "") + &event("pass", "A", "") + &event("output", "", printed);
        told(&(text + &event("pass", "", ""))).swap_remove(0)
    };
    assert_eq!(of_package(r"PASS\n"), "p.A=Passed");
    assert_eq!(of_package(r"FAIL\n"), "p.A=Unclear(RunFailed)");
    assert_eq!(of_package(r"FAIL\tp\t0.1s\n"), "p.A=Unclear(RunFailed)");
}
