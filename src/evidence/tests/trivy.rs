use super::*;

fn check(results: &str, expect: &[&str]) {
    let text = format!(r#"{{"SchemaVersion": 2, "ArtifactName": "app", "Results": {results}}}"#);
    assert_eq!(scans_and_results(&text), expect, "{results}");
}

#[test]
fn findings_of_all_classes_count() {
    check(
        r#"[{"Target": "package-lock.json", "Class": "lang-pkgs", "Vulnerabilities": [
            {"VulnerabilityID": "CVE-1", "Severity": "LOW", "Status": "fixed"},
            {"VulnerabilityID": "CVE-2", "Severity": "UNKNOWN"},
            {"VulnerabilityID": "CVE-3", "Severity": "MEDIUM", "CVSS": {"nvd": {"V3Score": 9.8, "V2Score": 5}}},
            {"VulnerabilityID": "CVE-4", "CVSS": {"nvd": {"V2Score": 9.3}}},
            {"VulnerabilityID": "CVE-5", "CVSS": {"nvd": {"V3Vector": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"}}}]},
           {"Target": "Dockerfile", "Class": "config", "Misconfigurations": [
            {"ID": "DS-1", "Severity": "HIGH", "Status": "FAIL"}, {"ID": "DS-2", "Severity": "HIGH", "Status": "PASS"},
            {"ID": "DS-3", "Severity": "HIGH", "Status": "EXCEPTION"}, {"ID": "DS-4", "Severity": "HIGH"}]},
           {"Target": "key", "Class": "secret", "Secrets": [{"RuleID": "aws", "Severity": "CRITICAL"}]},
           {"Target": "", "Class": "license", "Licenses": [{"Name": "AGPL-3.0", "Severity": "HIGH"}]}]"#,
        &[
            "Trivy of app (config, lang-pkgs, license, secret): ",
            "CVE-1 Low",
            "CVE-2 Unknown",
            "CVE-3 Critical",
            "CVE-4 High",
            "CVE-5 Critical",
            "DS-1 High",
            "!DS-3 High",
            "DS-4 High",
            "aws Critical",
            "AGPL-3.0 High",
        ],
    );
}

#[test]
fn modified_findings_are_suppressed_where_they_are_cleared() {
    let of = |status: &str| {
        format!(
            r#"{{"Type": "vulnerability", "Status": "{status}", "Statement": "not in use", "Finding": {{"VulnerabilityID": "{status}", "Severity": "HIGH"}}}}"#
        )
    };
    let all =
        ["ignored", "not_affected", "fixed", "affected", "under_investigation", "unknown"].map(of).join(",");
    check(
        &format!(r#"[{{"Target": "a", "Class": "os-pkgs", "ExperimentalModifiedFindings": [{all}]}}]"#),
        &[
            "Trivy of app (os-pkgs): ",
            "!ignored High",
            "!not_affected High",
            "!fixed High",
            "affected High",
            "under_investigation High",
            "unknown High",
        ],
    );
}

#[test]
fn without_a_target_nothing_was_scanned() {
    check("[]", &["Trivy of app: NothingScanned"]);
    check("null", &["Trivy of app: NothingScanned"]);
    let text = r#"{"SchemaVersion": 2, "ArtifactName": "app"}"#;
    assert_eq!(scans_and_results(text), ["Trivy of app: NothingScanned"]);
    check(r#"[{"Target": "package-lock.json", "Class": "lang-pkgs"}]"#, &["Trivy of app (lang-pkgs): "]);
}

#[test]
fn what_trivy_cannot_know_is_no_pass() {
    let text = r#"{"SchemaVersion": 2, "ArtifactName": "alpine:3.8", "Metadata": {"OS": {"Family": "alpine", "EOSL": true}},
        "Results": [{"Target": "alpine", "Class": "os-pkgs"}]}"#;
    assert_eq!(scans_and_results(text), ["Trivy of alpine:3.8 (os-pkgs): ErrorNoted"]);
    assert_eq!(defects(r#"{"SchemaVersion": 3, "Results": [{"Target": "a"}]}"#).len(), 1);
}

#[test]
fn the_time_and_the_commit_are_its_own() {
    let text = r#"{"SchemaVersion": 2, "CreatedAt": "2026-11-29T11:38:14.014582966Z", "Metadata": {"Commit": "4f2d9c1e8b7a"},
        "Results": [{"Target": "a"}]}"#;
    let sources = sources(&[("t.json", text.as_bytes())]);
    let report = &read_all(&sources).reports[0];
    assert_eq!(report.time, Timestamp::read("2026-11-29T11:38:14.014582966Z"));
    assert_eq!(report.commit.as_deref(), Some("4f2d9c1e8b7a"));
}

#[test]
fn what_cannot_be_read_may_be_any() {
    check(
        r#"[{"Target": "a", "Vulnerabilities": [{"VulnerabilityID": 3}, {"VulnerabilityID": "B", "Severity": "SEVERE"}]}]"#,
        &["Trivy of app: ", " Unknown", "B Unknown"],
    );
}

#[test]
fn a_report_that_is_cut_off_proves_nothing() {
    let text = r#"{"SchemaVersion": 2, "Results": [{"Target": "a"}, {"Tar"#;
    assert_eq!(scans_and_results(text), ["Trivy of : CutOff"]);
}

#[test]
fn a_summary_that_states_more_failed_checks_than_are_listed_leaves_the_scan_open() {
    let of = |failures: u32| {
        format!(
            r#"[{{"Target": "Dockerfile", "Class": "config", "MisconfSummary": {{"Successes": 9, "Failures": {failures}}},
                "Misconfigurations": [{{"ID": "DS-1", "Severity": "LOW", "Status": "FAIL"}}]}}]"#
        )
    };
    check(&of(1), &["Trivy of app (config): ", "DS-1 Low"]);
    check(&of(3), &["Trivy of app (config): ErrorNoted", "DS-1 Low"]);
}

#[test]
fn that_a_product_is_not_affected_needs_a_reason() {
    let of = |statement: &str| {
        format!(
            r#"[{{"Class": "x", "ModifiedFindings": [{{"Status": "not_affected", {statement}
                "Finding": {{"VulnerabilityID": "A", "Severity": "HIGH"}}}}]}}]"#
        )
    };
    check(&of(r#""Statement": "vulnerable_code_not_present","#), &["Trivy of app (x): ", "!A High"]);
    check(&of(r#""Statement": " ","#), &["Trivy of app (x): ", "A High"]);
    check(&of(""), &["Trivy of app (x): ", "A High"]);
}

#[test]
fn what_vendors_say_counts_too() {
    let of = |more: &str| {
        format!(
            r#"[{{"Class": "x", "Vulnerabilities": [{{"VulnerabilityID": "A", "Severity": "LOW", {more}}}]}}]"#
        )
    };
    check(&of(r#""VendorSeverity": {"nvd": 4, "debian": 1}"#), &["Trivy of app (x): ", "A Critical"]);
    check(&of(r#""VendorSeverity": {"nvd": "4"}"#), &["Trivy of app (x): ", "A Unknown"]);
    let vector =
        r#""CVSS": {"nvd": {"V3Score": 0, "V3Vector": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"}}"#;
    check(&of(vector), &["Trivy of app (x): ", "A Critical"]);
}

#[test]
fn what_stands_elsewhere_or_cannot_be_counted_is_a_flaw() {
    for text in [
        r#"{"SchemaVersion": 2, "Results": [{"Target": "a"}], "Resources": [{"Results": []}]}"#,
        r#"{"SchemaVersion": 2, "Results": [{"Target": "a"}, null]}"#,
        r#"{"SchemaVersion": 2, "Results": [{"Target": "a", "MisconfSummary": {"Failures": "2"}}]}"#,
    ] {
        let sources = sources(&[("t.json", text.as_bytes())]);
        assert_eq!(read_all(&sources).reports[0].flaw, Some(ReportFlaw::Malformed), "{text}");
    }
}

#[test]
fn keys_that_begin_with_small_letters_hide_nothing() {
    let finding = r#"{"VulnerabilityID": "CVE-1", "ID": "CVE-1", "RuleID": "CVE-1", "Severity": "HIGH"}"#;
    for list in ["vulnerabilities", "misconfigurations", "secrets"] {
        check(&format!(r#"[{{"Target": "a", "{list}": [{finding}]}}]"#), &["Trivy of app: ", "CVE-1 High"]);
    }
}
