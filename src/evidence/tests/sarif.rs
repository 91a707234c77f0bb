use super::*;

/// The results of one run with these rules, as `rule severity`, `!` for suppressed.
fn check(rules: &str, results: &str, expect: &[&str]) {
    let driver = format!("{{\"driver\": {{\"name\": \"scanner\", \"rules\": [{rules}]}}}}");
    check_tool(&driver, results, expect);
}

fn check_tool(tool: &str, results: &str, expect: &[&str]) {
    let text =
        format!("{{\"version\": \"2.1.0\", \"runs\": [{{\"tool\": {tool}, \"results\": [{results}]}}]}}");
    let sources = sources(&[("a.sarif", text.as_bytes())]);
    let evidence = read_all(&sources);
    assert!(evidence.defects.is_empty(), "{:?}", said(&sources, &evidence));
    let found: Vec<String> = evidence
        .scan_results
        .iter()
        .map(|result| {
            let mark = if result.suppressed { "!" } else { "" };
            format!("{mark}{} {:?}", result.rule, result.severity)
        })
        .collect();
    assert_eq!(found, expect);
}

#[test]
fn a_level_comes_from_the_result_the_rule_or_the_standard() {
    check("", r#"{"ruleId": "A", "level": "error"}"#, &["A High"]);
    check("", r#"{"ruleId": "A"}"#, &["A Medium"]);
    let rule = r#"{"id": "A", "defaultConfiguration": {"level": "note"}}"#;
    check(
        rule,
        r#"{"ruleId": "A"}, {"ruleId": "A/1"}, {"ruleIndex": 0}, {"ruleId": "AB"}"#,
        &["A Low", "A/1 Low", "A Low", "AB Medium"],
    );
    check(rule, r#"{"rule": {"index": 0}}, {"rule": {"id": "A"}}"#, &["A Low", "A Low"]);
    check(
        r#"{"id": "A"}"#,
        r#"{"ruleId": "A", "kind": "pass"}, {"ruleId": "A", "kind": "fail"}"#,
        &["A None", "A Medium"],
    );
}

#[test]
fn the_worse_of_score_and_level_counts() {
    let rule = |score: &str| format!(r#"{{"id": "A", "properties": {{"security-severity": {score}}}}}"#);
    let result = r#"{"ruleId": "A", "level": "note"}"#;
    check(&rule("\"9.8\""), result, &["A Critical"]);
    check(&rule("7.0"), result, &["A High"]);
    check(&rule("\"4.0\""), result, &["A Medium"]);
    check(&rule("\"0.1\""), result, &["A Low"]);
    check(&rule("\"0.0\""), result, &["A Low"]);
    check(&rule("\"\""), result, &["A Low"]);
    check(&rule("null"), result, &["A Low"]);
    check(&rule("\"3.1\""), r#"{"ruleId": "A", "level": "error"}"#, &["A High"]);
    check(
        &rule("\"5.0\""),
        r#"{"ruleId": "A", "level": "none", "properties": {"security-severity": 9.1}}"#,
        &["A Critical"],
    );
}

#[test]
fn a_rule_may_stand_in_an_extension() {
    let tool = r#"{"driver": {"name": "CodeQL", "rules": [{"id": "A"}]}, "extensions": [{"name": "pack", "rules":
        [{"id": "B", "properties": {"security-severity": "8.1"}}]}]}"#;
    check_tool(
        tool,
        r#"{"ruleId": "B", "rule": {"id": "B", "index": 0, "toolComponent": {"index": 0}}}"#,
        &["B High"],
    );
    check_tool(tool, r#"{"ruleId": "B", "ruleIndex": 0}"#, &["B High"]);
}

#[test]
fn only_accepted_suppressions_suppress() {
    let result = |all: &str| format!(r#"{{"ruleId": "A", "suppressions": [{all}]}}"#);
    check("", &result(r#"{"kind": "inSource"}"#), &["!A Medium"]);
    check("", &result(r#"{"kind": "external", "status": "accepted"}"#), &["!A Medium"]);
    check("", &result(r#"{"kind": "external"}"#), &["A Medium"]);
    check("", &result(r#"{"kind": "inSource", "status": "perhaps"}"#), &["A Medium"]);
    check("", &result(r#"{"kind": "elsewhere", "status": "accepted"}"#), &["A Medium"]);
    check("", &result("{}"), &["A Medium"]);
    check("", &result(r#"{"status": "accepted"}"#), &["A Medium"]);
    check("", &result(r#"{"kind": "inSource"}, {"kind": "external", "status": "rejected"}"#), &["A Medium"]);
    check("", &result(r#"{"kind": "external", "status": "underReview"}"#), &["A Medium"]);
    check("", &result(r#"{"kind": "external", "status": "rejected"}"#), &["A Medium"]);
    check("", &result(""), &["A Medium"]);
    check(
        "",
        r#"{"ruleId": "A", "baselineState": "absent"}, {"ruleId": "A", "baselineState": "gone"}"#,
        &["A Medium"],
    );
}

#[test]
fn a_run_without_results_is_a_scan_that_happened() {
    let text = r#"{"runs": [{"tool": {"driver": {"name": "one"}}, "results": [], "invocations":
        [{"executionSuccessful": true, "endTimeUtc": "2026-11-20T08:00:00Z"}], "versionControlProvenance":
        [{"repositoryUri": "x", "revisionId": "4f2d9c1e8b7a"}]}], "version": "2.1.0"}"#;
    let sources = sources(&[("a.sarif", text.as_bytes())]);
    let evidence = read_all(&sources);
    let (scan, report) = (&evidence.scans[0], &evidence.reports[0]);
    assert_eq!((scan.tool.as_ref(), scan.results, scan.trouble), ("one", 0, None));
    assert_eq!(report.commit.as_deref(), Some("4f2d9c1e8b7a"));
    assert_eq!(report.time.known().map(|time| time.timestamp()), Some(1_795_161_600));
    assert!(evidence.defects.is_empty(), "{:?}", evidence.defects);
}

/// The troubles of one run with these members, as `Trouble note`, and that of the scan.
fn check_troubles(run: &str, expect: &[&str]) {
    let text = format!(
        "{{\"version\": \"2.1.0\", \"runs\": [{{\"tool\": {{\"driver\": {{\"name\": \"s\"}}}}{run}}}]}}"
    );
    let sources = sources(&[("a.sarif", text.as_bytes())]);
    let evidence = read_all(&sources);
    let found: Vec<String> = evidence
        .defects
        .iter()
        .filter_map(|defect| match &defect.kind {
            EvidenceDefectKind::ScanUnsuccessful { trouble, note, .. } => {
                Some(format!("{trouble:?} {}", note.as_deref().unwrap_or("")).trim_end().to_owned())
            }
            _ => None,
        })
        .collect();
    assert_eq!(found, expect, "{run}");
    assert_eq!(evidence.scans[0].trouble.is_some(), !expect.is_empty(), "{run}");
    assert_eq!(evidence.reports[0].flaw, None, "a trouble is its run's: {run}");
}

#[test]
fn a_scan_that_failed_or_cannot_be_read_whole_proves_nothing() {
    check_troubles(r#", "results": [], "invocations": [{"executionSuccessful": false}]"#, &["Failed"]);
    check_troubles(r#", "results": [], "invocations": [{"executionSuccessful": "yes"}]"#, &["Failed"]);
    check_troubles(r#", "results": [], "invocations": [{}]"#, &["NotStated"]);
    check_troubles(r#", "results": [], "invocations": [{"exitCode": 0}]"#, &[]);
    check_troubles("", &["NoResults"]);
    check_troubles(r#", "results": null"#, &["NoResults"]);
    check_troubles(r#", "results": [], "invocations": null"#, &["NotStated"]);
    check_troubles(r#", "results": [], "invocations": [null]"#, &["NotStated"]);
    check_troubles(r#", "results": [], "externalPropertyFileReferences": {"results": []}"#, &["External"]);
}

#[test]
fn exit_codes_and_signals_speak_against_success() {
    let invocation = |members: &str, results: &str| {
        format!(r#", "results": [{results}], "invocations": [{{"executionSuccessful": true, {members}}}]"#)
    };
    check_troubles(&invocation(r#""exitCode": 0, "exitSignalNumber": 0"#, ""), &[]);
    check_troubles(&invocation(r#""exitCode": 1"#, r#"{"ruleId": "A"}"#), &[]);
    check_troubles(&invocation(r#""exitCode": 1"#, ""), &["ExitCode(1)"]);
    check_troubles(&invocation(r#""exitCode": 2"#, r#"{"ruleId": "A"}"#), &["ExitCode(2)"]);
    check_troubles(&invocation(r#""exitCode": "x""#, ""), &["Failed exit code `\"x\"`"]);
    check_troubles(&invocation(r#""exitSignalName": "SIGKILL""#, ""), &["Failed ended by signal SIGKILL"]);
    check_troubles(&invocation(r#""exitSignalNumber": 9"#, ""), &["Failed ended by signal 9"]);
    check_troubles(
        &invocation(r#""processStartFailureMessage": "no such file""#, ""),
        &["Failed did not start: no such file"],
    );
}

#[test]
fn a_conversion_that_failed_proves_nothing() {
    let converted = |invocation: &str| {
        format!(
            r#", "results": [], "invocations": [{{"executionSuccessful": true}}],
                "conversion": {{"tool": {{"driver": {{"name": "convert"}}}}{invocation}}}"#
        )
    };
    check_troubles(&converted(""), &[]);
    check_troubles(&converted(r#", "invocation": {"executionSuccessful": true}"#), &[]);
    check_troubles(&converted(r#", "invocation": {"executionSuccessful": false}"#), &["Failed"]);
    check_troubles(
        &converted(r#", "invocation": {"executionSuccessful": true, "exitCode": 3}"#),
        &["ExitCode(3)"],
    );
}

#[test]
fn an_error_that_a_scanner_notes_is_named() {
    let notes = |name: &str, notes: &str| {
        format!(r#", "results": [], "invocations": [{{"executionSuccessful": true, "{name}": [{notes}]}}]"#)
    };
    let error = r#"{"level": "error", "message": {"text": "Timeout in a.py"}}"#;
    check_troubles(&notes("toolExecutionNotifications", error), &["ErrorNoted Timeout in a.py"]);
    check_troubles(&notes("toolConfigurationNotifications", error), &["ErrorNoted Timeout in a.py"]);
    let strange = r#"{"level": "fatal", "descriptor": {"id": "E1"}}, {"level": 3}"#;
    check_troubles(&notes("toolExecutionNotifications", strange), &["ErrorNoted E1", "ErrorNoted"]);
    let harmless =
        r#"{"message": {"text": "x"}}, {"level": "warning"}, {"level": "note"}, {"level": "none"}"#;
    check_troubles(&notes("toolExecutionNotifications", harmless), &[]);
}

/// The results of one run and the reasons why their severity is not known.
fn check_unknown(rules: &str, result: &str, expect: &str, reason: &str) {
    let text = format!(
        "{{\"version\": \"2.1.0\", \"runs\": [{{\"tool\": {{\"driver\": {{\"name\": \"s\", \"rules\": [{rules}]}}}}, \
         \"results\": [{result}]}}]}}"
    );
    let sources = sources(&[("a.sarif", text.as_bytes())]);
    let evidence = read_all(&sources);
    let result = &evidence.scan_results[0];
    let mark = if result.undecided { " undecided" } else { "" };
    assert_eq!(format!("{:?}{mark}", result.severity), expect);
    let found: Vec<&str> = evidence
        .defects
        .iter()
        .map(|defect| match &defect.kind {
            EvidenceDefectKind::SeverityNotUnderstood { reason } => reason.as_str(),
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(found.join("; "), reason);
    assert_eq!(evidence.reports[0].flaw, None);
}

#[test]
fn a_severity_that_cannot_be_read_may_be_any() {
    for score in
        ["\"critical\"", "\"HIGH\"", "98", "\"98\"", "\"9,8\"", "99999", "\"NaN\"", "-1", "[9.8]", "true"]
    {
        let own = format!(r#"{{"level": "note", "properties": {{"security-severity": {score}}}}}"#);
        let written = score.trim_matches('"');
        let reason = format!("`security-severity` is `{written}`, which is not a number from 0.0 to 10.0");
        check_unknown("", &own, "Unknown", &reason);
        let rule = format!(r#"{{"id": "A", "properties": {{"security-severity": {score}}}}}"#);
        check_unknown(&rule, r#"{"ruleId": "A"}"#, "Unknown", &reason);
    }
    check_unknown("", r#"{"level": "loud"}"#, "Unknown", "`level` is `loud`, which SARIF does not know");
    check_unknown("", r#"{"level": ""}"#, "Unknown", "its `level` is empty");
    check_unknown("", r#"{"level": 3}"#, "Unknown", "`level` is `3`, which SARIF does not know");
    let rule = r#"{"id": "A", "defaultConfiguration": {"level": "Error"}}"#;
    check_unknown(rule, r#"{"ruleId": "A"}"#, "Unknown", "`level` is `Error`, which SARIF does not know");
    check_unknown(rule, r#"{"ruleId": "A", "level": "note"}"#, "Low", "");
    let rule = r#"{"id": "A", "defaultConfiguration": {"level": ["note"]}}"#;
    let reason = "the `level` of its rule is `[\"note\"]`, which is not a text";
    check_unknown(rule, r#"{"ruleId": "A", "level": "note"}"#, "Unknown", reason);
}

#[test]
fn what_is_no_problem_has_no_severity_of_its_own() {
    for kind in ["pass", "open", "review", "informational", "notApplicable"] {
        let result = format!(r#"{{"kind": "{kind}", "level": "error"}}"#);
        check_unknown("", &result, "Unknown", &format!("it is of kind `{kind}` and of level `error`"));
        let result =
            format!(r#"{{"kind": "{kind}", "level": "none", "properties": {{"security-severity": "9.8"}}}}"#);
        let reason = format!("it is of kind `{kind}` and of `security-severity` `9.8`");
        check_unknown("", &result, "Unknown", &reason);
    }
    let rule = r#"{"id": "A", "properties": {"security-severity": "8.0"}}"#;
    check_unknown(rule, r#"{"ruleId": "A", "kind": "pass", "level": "none"}"#, "None", "");
    check_unknown(rule, r#"{"ruleId": "A", "kind": "review"}"#, "High undecided", "");
    check_unknown("", r#"{"kind": "open", "level": "none"}"#, "Medium undecided", "");
    check_unknown("", r#"{"kind": "suspicious", "level": "error"}"#, "High", "");
    check_unknown("", r#"{"kind": 3}"#, "Medium", "");
}

#[test]
fn a_scan_is_told_apart_by_category_and_target() {
    let text = r#"{"version": "2.1.0", "runs": [
        {"tool": {"driver": {"name": "a"}}, "results": [], "automationDetails": {"id": "/language:js/42"},
         "properties": {"imageName": "alpine:3"}, "invocations": [{"executionSuccessful": true,
         "startTimeUtc": "2026-11-20T08:00:00Z"}]},
        {"tool": {"driver": {"name": "b"}}, "results": [], "automationDetails": {"id": "no-category"},
         "versionControlProvenance": [{"repositoryUri": "https://x/y", "mappedTo": {"uri": "sub/"}}],
         "invocations": [{"executionSuccessful": true, "startTimeUtc": "2026-11-20T08:00:00Z",
         "endTimeUtc": "2026-11-20T09:00:00Z"}]},
        {"tool": {"driver": {"name": "c"}}, "results": [], "originalUriBaseIds": {"ROOT": {"uri": "file:///w/"}}}]}"#;
    let sources = sources(&[("a.sarif", text.as_bytes())]);
    let evidence = read_all(&sources);
    let found: Vec<_> =
        evidence.scans.iter().map(|scan| (scan.category.as_ref(), scan.target.as_ref(), scan.time)).collect();
    let time = |text: &str| Timestamp::read(text);
    assert_eq!(
        found,
        [
            ("/language:js/", "alpine:3", time("2026-11-20T08:00:00Z")),
            ("", "https://x/y sub/", time("2026-11-20T09:00:00Z")),
            ("", "file:///w/", Timestamp::Missing),
        ]
    );
    assert!(evidence.defects.is_empty(), "{:?}", evidence.defects);
}

#[test]
fn each_run_has_its_own_commit() {
    let check = |first: &str, second: &str, report: Option<&str>, scans: [Option<&str>; 2]| {
        let run =
            |members: &str| format!(r#"{{"tool": {{"driver": {{"name": "s"}}}}, "results": []{members}}}"#);
        let text = format!(r#"{{"version": "2.1.0", "runs": [{}, {}]}}"#, run(first), run(second));
        let sources = sources(&[("a.sarif", text.as_bytes())]);
        let evidence = read_all(&sources);
        assert!(evidence.defects.is_empty(), "{:?}", evidence.defects);
        assert_eq!(evidence.reports[0].commit.as_deref(), report);
        let found: Vec<_> = evidence.scans.iter().map(|scan| scan.commit.as_deref()).collect();
        assert_eq!(found, scans);
    };
    let a = r#", "versionControlProvenance": [{"repositoryUri": "x", "revisionId": "4f2d9c1e8b7a"}]"#;
    let b = r#", "properties": {"commitSha": "bbbbbbbbbbbb", "metrics": {"n": 1}}"#;
    check(a, a, Some("4f2d9c1e8b7a"), [None, None]);
    check(a, "", Some("4f2d9c1e8b7a"), [None, None]);
    check(a, b, None, [Some("4f2d9c1e8b7a"), Some("bbbbbbbbbbbb")]);
}

#[test]
fn a_run_that_is_cut_off_proves_nothing() {
    let whole = r#"{"version": "2.1.0", "runs": [{"tool": {"driver": {"name": "s"}}, "results": []}]}"#;
    for end in 1..whole.len() {
        let sources = sources(&[("a.sarif", &whole.as_bytes()[..end])]);
        let evidence = read_all(&sources);
        assert!(evidence.reports.iter().all(|report| report.flaw == Some(ReportFlaw::CutOff)), "{end}");
        assert!(evidence.scans.iter().all(|scan| scan.trouble.is_some()), "{end}");
        assert_eq!(evidence.scans.len(), evidence.reports.len(), "{end}");
    }
}

#[test]
fn placeholders_of_messages_are_filled_once() {
    let text = r#"{"version": "2.1.0", "runs": [{"tool": {"driver": {"name": "s"}}, "results": [
        {"message": {"text": "{0} and {9} {x} {", "arguments": ["{1}{1}", "y"]}}]}]}"#;
    let sources = sources(&[("a.sarif", text.as_bytes())]);
    assert_eq!(read_all(&sources).scan_results[0].message, "{1}{1} and {9} {x} {");
}

#[test]
fn messages_may_stand_in_the_rule() {
    let text = r#"{"version": "2.1.0", "runs": [{"tool": {"driver": {"name": "s", "rules": [{"id": "A",
        "messageStrings": {"m": {"text": "{0} is not {1}"}}}]}}, "results": [{"ruleId": "A",
        "message": {"id": "m", "arguments": ["x", "y"]}}]}]}"#;
    let sources = sources(&[("a.sarif", text.as_bytes())]);
    assert_eq!(read_all(&sources).scan_results[0].message, "x is not y");
}

#[test]
fn a_log_that_is_cut_off_keeps_its_first_results() {
    let text = "{\"version\": \"2.1.0\", \"runs\": [{\"tool\": {\"driver\": {\"name\": \"s\"}}, \"results\": [\n\
                {\"ruleId\": \"A\"},\n{\"ruleId\": \"B\"},\n{\"rule";
    let sources = sources(&[("a.sarif", text.as_bytes())]);
    let evidence = read_all(&sources);
    assert_eq!(evidence.scan_results.len(), 2);
    assert!(evidence.reports[0].flaw.is_some());
    let found = said(&sources, &evidence);
    assert!(found[0].starts_with("4:7 the file is cut off"), "{found:?}");
}

#[test]
fn a_broken_result_is_named_at_its_place_and_may_be_as_bad_as_any() {
    let text = "{\"version\": \"2.1.0\", \"runs\": [{\"tool\": {\"driver\": {\"name\": \"s\"}}, \"results\": [\n  {\"ruleId\": 3}]}]}";
    let found = defects(text);
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].starts_with("2:14 invalid type: integer `3`"), "{found:?}");
    let sources = sources(&[("a.sarif", text.as_bytes())]);
    assert_eq!(read_all(&sources).scan_results[0].severity, ScanSeverity::Unknown);
}
