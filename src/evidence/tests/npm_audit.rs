use super::*;

#[test]
fn packages_have_the_worst_severity_that_is_stated() {
    let text = r#"{"auditReportVersion": 2, "vulnerabilities": {
        "a": {"severity": "low", "via": [{"title": "x", "severity": "high", "cvss": {"score": 0, "vectorString": null}}, "b"]},
        "b": {"severity": "info", "via": ["a"]},
        "c": {"severity": "urgent"}}}"#;
    assert_eq!(scans_and_results(text), ["npm audit of : ", "a High", "b None", "c Unknown"]);
}

#[test]
fn totals_that_state_worse_than_is_listed_are_a_flaw() {
    let check = |vulnerabilities: &str, totals: &str, flaw: Option<ReportFlaw>, defects: usize| {
        let text = format!(
            r#"{{"auditReportVersion": 2, "vulnerabilities": {{{vulnerabilities}}}, "metadata": {{"vulnerabilities": {totals}}}}}"#
        );
        let sources = sources(&[("a.json", text.as_bytes())]);
        let evidence = read_all(&sources);
        assert_eq!((evidence.reports[0].flaw, evidence.defects.len()), (flaw, defects), "{text}");
    };
    let high = r#""a": {"severity": "high", "via": []}"#;
    check(high, r#"{"high": 1, "critical": 0, "total": 1}"#, None, 0);
    check(high, r#"{"high": 1, "critical": 1, "total": 2}"#, Some(ReportFlaw::StatedWorse), 2);
    check(high, r#"{"high": 1, "total": 5}"#, Some(ReportFlaw::StatedWorse), 1);
    check(high, r#"{"high": 1, "severe": 1}"#, Some(ReportFlaw::Malformed), 1);
    check(high, r#"{"high": 0}"#, None, 1);
    check("", r#"{"high": 2}"#, Some(ReportFlaw::StatedWorse), 1);
}

#[test]
fn version_1_lists_advisories_and_counts_paths() {
    let text = r#"{"actions": [], "advisories": {"1179": {"id": 1179, "module_name": "minimist", "severity": "low",
        "title": "x"}, "2": {"github_advisory_id": "GHSA-1", "severity": "moderate", "cvss": {"score": 9.1}}},
        "metadata": {"vulnerabilities": {"low": 7, "moderate": 1, "high": 0}}}"#;
    assert_eq!(scans_and_results(text), ["npm audit of : ", "minimist Low", "GHSA-1 Critical"]);
    assert!(defects(text).is_empty());
    assert_eq!(defects(&text.replace("\"high\": 0", "\"high\": 1")).len(), 1);
}

#[test]
fn an_error_in_the_place_of_a_report_proves_nothing() {
    let text = r#"{"error": {"code": "ENOLOCK", "summary": "This command requires an existing lockfile.", "detail": ""}}"#;
    assert_eq!(scans_and_results(text), ["npm audit of : Failed"]);
    assert!(
        defects(text)[0].contains("ENOLOCK: This command requires an existing lockfile."),
        "{:?}",
        defects(text)
    );
    let text = r#"{"message": "405", "statusCode": 405, "error": {"summary": "", "detail": ""}}"#;
    assert_eq!(scans_and_results(text), ["npm audit of : Failed"]);
    let text = r#"{"auditReportVersion": 2, "metadata": {}}"#;
    assert_eq!(scans_and_results(text), ["npm audit of : NoResults"]);
    let text = r#"{"auditReportVersion": 2, "vulnerabilities": {"a": {"severity": "low"}"#;
    assert_eq!(scans_and_results(text), ["npm audit of : CutOff", "a Low"]);
}

#[test]
fn a_report_without_totals_or_of_another_version_proves_nothing() {
    let totals = r#""metadata": {"vulnerabilities": {"high": 0, "total": 0}}"#;
    for text in [
        r#"{"auditReportVersion": 2, "vulnerabilities": {}}"#.to_owned(),
        r#"{"auditReportVersion": 2, "vulnerabilities": {}, "metadata": {}}"#.to_owned(),
        r#"{"auditReportVersion": 2, "vulnerabilities": {}, "metadata": null}"#.to_owned(),
        format!(r#"{{"auditReportVersion": 3, "vulnerabilities": {{}}, {totals}}}"#),
        format!(r#"{{"auditReportVersion": "2", "vulnerabilities": {{}}, {totals}}}"#),
    ] {
        let sources = sources(&[("a.json", text.as_bytes())]);
        assert_eq!(read_all(&sources).reports[0].flaw, Some(ReportFlaw::Malformed), "{text}");
    }
}

#[test]
fn an_advisory_that_cannot_be_read_may_be_any() {
    let text = r#"{"auditReportVersion": 2, "vulnerabilities": {
        "a": {"severity": "low", "via": [{"severity": "critical", "title": 5}]},
        "b": {"severity": "low", "via": [{"cvss": "9.8"}]}},
        "metadata": {"vulnerabilities": {"low": 2}}}"#;
    assert_eq!(scans_and_results(text), ["npm audit of : ", "a Unknown", "b Unknown"]);
}
