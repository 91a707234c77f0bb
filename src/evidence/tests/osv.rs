use super::*;

fn check(packages: &str, expect: &[&str]) {
    let text =
        format!(r#"{{"results": [{{"source": {{"path": "Cargo.lock"}}, "packages": [{packages}]}}]}}"#);
    let mut all = vec!["OSV-Scanner of : "];
    all.extend(expect);
    assert_eq!(scans_and_results(&text), all, "{packages}");
}

#[test]
fn a_group_is_one_vulnerability_and_as_bad_as_its_worst_statement() {
    check(
        r#"{"package": {"name": "p"}, "vulnerabilities": [
            {"id": "A", "severity": [{"type": "CVSS_V3", "score": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H"}]},
            {"id": "B", "database_specific": {"severity": "CRITICAL"}},
            {"id": "C", "database_specific": {"severity": "odd"}},
            {"id": "D", "severity": [{"type": "Ubuntu", "score": "negligible"}]},
            {"id": "E", "severity": [{"type": "CVSS_V3", "score": "9.8"}]}],
            "groups": [{"ids": ["A", "B"], "max_severity": "7.5"}, {"ids": ["C"], "max_severity": ""}]}"#,
        &["A Critical", "C Unknown", "D Low", "E Unknown"],
    );
}

#[test]
fn what_is_not_called_is_left_to_a_person() {
    let of = |analysis: &str| {
        format!(
            r#"{{"vulnerabilities": [{{"id": "A"}}], "groups": [{{"ids": ["A"], "max_severity": "8", {analysis}}}]}}"#
        )
    };
    check(&of(r#""experimentalAnalysis": {"A": {"called": false}}"#), &["?A High"]);
    check(&of(r#""experimental_analysis": {"A": {"called": false}}"#), &["?A High"]);
    check(&of(r#""experimentalAnalysis": {"A": {"called": false}, "B": {"called": true}}"#), &["A High"]);
    check(&of(r#""experimentalAnalysis": {}"#), &["A High"]);
}

#[test]
fn licenses_have_no_severity() {
    check(
        r#"{"package": {"name": "p"}, "license_violations": ["AGPL-3.0"]}"#,
        &["license AGPL-3.0 of p Unknown"],
    );
}

#[test]
fn a_clean_report_is_one_of_osv_scanner() {
    let clean = r#"{"results": [], "experimental_config": {}}"#;
    assert_eq!(scans_and_results(clean), ["OSV-Scanner of : "]);
    let nothing = r#"{"results": null, "experimental_config": {}}"#;
    assert_eq!(scans_and_results(nothing), ["OSV-Scanner of : NoResults"]);
    for other in [r#"{"results": []}"#, r#"{"results": [{"check_id": "x"}], "errors": []}"#] {
        assert!(scans_and_results(other).is_empty(), "{other}");
    }
}

#[test]
fn severities_count_wherever_they_are_stated() {
    let of = |vulnerability: &str, expect: &str| {
        let package = format!(
            r#"{{"vulnerabilities": [{{"id": "A", {vulnerability}}}], "groups": [{{"ids": ["A"], "max_severity": "3.1"}}]}}"#
        );
        check(&package, &[&format!("A {expect}")]);
    };
    let vector = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H";
    of(&format!(r#""affected": [{{"severity": [{{"type": "CVSS_V3", "score": "{vector}"}}]}}]"#), "Critical");
    of(r#""affected": [{"ecosystem_specific": {"severity": "HIGH"}}]"#, "High");
    of(&format!(r#""affected": [{{"database_specific": {{"cvss": "{vector}"}}}}]"#), "Critical");
    of(r#""database_specific": {"cvss": {"score": 9.8, "vectorString": null}}"#, "Critical");
    of(&format!(r#""severity": [{{"type": "CVSS", "score": "{vector}"}}]"#), "Critical");
    of(r#""severity": [{"type": "Ubuntu", "score": "untriaged"}]"#, "Low");
    for unreadable in [
        r#""database_specific": {"severity": 98}"#,
        r#""database_specific": {"severity": "BLOCKER"}"#,
        r#""severity": [{"type": "Ubuntu", "score": "urgent"}]"#,
        r#""severity": [{"type": "CVSS_V3"}]"#,
        r#""affected": [{"severity": [{"type": "CVSS_V3", "score": "CVSS:3.1/AV:N"}]}]"#,
    ] {
        of(unreadable, "Unknown");
    }
}
