use super::*;

/// The hint of the one defect.
fn check(text: &str, expect: &str) {
    let sources = sources(&[("report.json", text.as_bytes())]);
    let evidence = read_all(&sources);
    assert!(evidence.reports.is_empty(), "{text}");
    match &*evidence.defects {
        [EvidenceDefect { kind: EvidenceDefectKind::NotRecognised { hint: Some(hint) }, .. }] => {
            assert!(hint.contains(expect), "{text}: {hint}");
        }
        other => panic!("{text}: {other:?}"),
    }
}

#[test]
fn what_other_programs_write_is_named() {
    check(r#"[{"filePath": "a.js", "messages": [{"severity": 2}], "errorCount": 1}]"#, "ESLint");
    check(r#"{"numTotalTests": 1, "success": true, "testResults": []}"#, "jest-junit");
    check(
        r#"{"created": 1.5, "duration": 0.1, "exitcode": 0, "root": "/x", "environment": {}}"#,
        "--junit-xml",
    );
    check(r#"{"stats": {}, "tests": [], "pending": [], "failures": [], "passes": []}"#, "Mocha");
    check(r#"{"config": {}, "suites": [], "errors": [], "stats": {}}"#, "Playwright");
    check(r#"[{"uri": "a.feature", "keyword": "Feature", "name": "a", "elements": []}]"#, "Cucumber");
    check(r#"{"lighthouseVersion": "12.0.0", "audits": {}, "categories": {}}"#, "Lighthouse");
    check(r#"{"collection": {}, "run": {"stats": {}}}"#, "Newman");
    check(r#"{"errors": [], "generated_at": "x", "metrics": {"_totals": {}}, "results": []}"#, "Bandit");
    check(r#"{"check_type": "terraform", "results": {}, "summary": {}}"#, "Checkov");
    check(r#"{"vulnerabilities": [], "ok": true, "dependencyCount": 3}"#, "snyk test --sarif");
    check(r#"{"matches": [], "source": {}, "distro": {}, "descriptor": {}}"#, "Grype");
    check(r#"[{"Description": "x", "Match": "y", "Secret": "z", "RuleID": "q"}]"#, "Gitleaks");
    check(r#"{"dependencies": [{"name": "requests", "skip_reason": "x"}], "fixes": []}"#, "pip-audit");
    check(
        "{\"type\": \"suite\", \"event\": \"started\", \"test_count\": 1}\n{\"type\": \"test\"}\n",
        "cargo test",
    );
    check(r#"{"meta": {}, "files": {}, "totals": {}}"#, "coverage.py");
    check(r#"{"/src/a.js": {"path": "/src/a.js", "statementMap": {}}}"#, "Istanbul");
    check(r#"{"spdxVersion": "SPDX-2.3"}"#, "SPDX");
    check(r#"{"total_count": 1, "workflow_runs": []}"#, "GitHub");
    check(r#"[{"id": 1, "status": "success", "stage": "test", "name": "unit"}]"#, "GitLab");
    check(r#"{"projectStatus": {"status": "OK"}}"#, "SonarQube");
    check("<!doctype html>\n<html><body>Sign in</body></html>", "HTML page");
    check("<testrun name='x'><testsuite/></testrun>", "Eclipse");
    check("version https://git-lfs.github.com/spec/v1\noid sha256:1\nsize 5\n", "git lfs pull");
    check("2026-11-20T08:00:00.1Z ##[group]Run cargo test\n", "log");
}

#[test]
fn a_file_of_bytes_is_named() {
    let hint = |bytes: &[u8]| {
        let sources = sources(&[("junit.xml", bytes)]);
        said(&sources, &read_all(&sources))
    };
    assert!(hint(b"\x1f\x8b\x08\0\0\0\0\0\0\x03")[0].contains("gzip"));
    assert!(hint(b"PK\x03\x04\x14\0\0\0")[0].contains("ZIP"));
    assert!(hint(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3")[0].contains("PDF"));
    assert!(
        hint("<testsuite/>".encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>().as_slice())[0]
            .contains("UTF-16")
    );
}

#[test]
fn a_list_of_what_has_neither_name_nor_value_is_no_list_of_metrics() {
    let sources = sources(&[("m.json", b"[{\"title\": \"a\", \"amount\": 1}]")]);
    let evidence = read_all(&sources);
    assert!(evidence.reports.is_empty());
    assert_eq!(said(&sources, &evidence), ["1:1 NotRecognised { hint: None }"]);
}
