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
fn the_score_of_a_rule_goes_before_its_level() {
    let rule = |score: &str| format!(r#"{{"id": "A", "properties": {{"security-severity": {score}}}}}"#);
    let result = r#"{"ruleId": "A", "level": "note"}"#;
    check(&rule("\"9.8\""), result, &["A Critical"]);
    check(&rule("7.0"), result, &["A High"]);
    check(&rule("\"4.0\""), result, &["A Medium"]);
    check(&rule("\"0.1\""), result, &["A Low"]);
    check(&rule("\"0.0\""), result, &["A None"]);
    check(&rule("\"high\""), result, &["A Low"]);
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
    check("", &result(r#"{"kind": "external", "status": "underReview"}"#), &["A Medium"]);
    check("", &result(r#"{"kind": "external", "status": "rejected"}"#), &["A Medium"]);
    check("", &result(""), &["A Medium"]);
    check("", r#"{"ruleId": "A", "baselineState": "absent"}"#, &[]);
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

#[test]
fn a_scan_that_failed_or_cannot_be_read_whole_proves_nothing() {
    let check = |run: &str, expect: &str| {
        let text = format!(
            "{{\"version\": \"2.1.0\", \"runs\": [{{\"tool\": {{\"driver\": {{\"name\": \"s\"}}}}{run}}}]}}"
        );
        let sources = sources(&[("a.sarif", text.as_bytes())]);
        let evidence = read_all(&sources);
        let found = said(&sources, &evidence);
        assert!(found.len() == 1 && found[0].contains(expect), "{found:?}");
        assert!(evidence.scans[0].trouble.is_some());
    };
    check(r#", "results": [], "invocations": [{"executionSuccessful": false}]"#, "Failed");
    check("", "NoResults");
    check(r#", "results": [], "externalPropertyFileReferences": {"results": []}"#, "External");
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
    assert!(!evidence.reports[0].flaw.is_none());
    let found = said(&sources, &evidence);
    assert!(found[0].starts_with("4:7 the file is cut off"), "{found:?}");
}

#[test]
fn a_broken_result_is_named_at_its_place() {
    let found = defects(
        "{\"version\": \"2.1.0\", \"runs\": [{\"tool\": {\"driver\": {\"name\": \"s\"}}, \"results\": [\n  {\"level\": \"loud\"}]}]}",
    );
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].starts_with("2:18 unknown variant `loud`"), "{found:?}");
}
