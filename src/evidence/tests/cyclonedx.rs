use super::*;

fn check(vulnerabilities: &str, expect: &[&str]) {
    let text = format!(
        r#"{{"bomFormat": "CycloneDX", "specVersion": "1.6", "metadata": {{"tools": {{"components": [{{"name": "grype"}}]}},
        "component": {{"name": "shop", "purl": "pkg:npm/%40acme/shop@1.0?x=y"}}}}, "components": [{{"name": "a"}}],
        "vulnerabilities": [{vulnerabilities}]}}"#
    );
    let mut all = vec!["grype of pkg:npm/%40acme/shop: "];
    all.extend(expect);
    assert_eq!(scans_and_results(&text), all, "{vulnerabilities}");
}

#[test]
fn the_worst_rating_counts() {
    check(
        r#"{"id": "A", "ratings": [{"severity": "low"}, {"score": 9.1, "method": "CVSSv31", "severity": "high"}]},
           {"id": "B", "ratings": [{"severity": "unknown"}]},
           {"id": "C"},
           {"id": "D", "ratings": [{"score": 9.3, "method": "CVSSv2"}]},
           {"id": "E", "ratings": [{"score": 80, "method": "OWASP", "severity": "low"}]},
           {"id": "F", "ratings": [{"method": "CVSSv31", "vector": "AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"}]},
           {"id": "G", "ratings": [{"score": "bad"}]},
           {"id": "H", "ratings": [{"severity": "info"}]}"#,
        &["A Critical", "B Unknown", "C Unknown", "D High", "E Low", "F Critical", "G Unknown", "H None"],
    );
}

#[test]
fn an_analysis_clears_with_a_reason() {
    let of = |analysis: &str| {
        format!(r#"{{"id": "A", "ratings": [{{"severity": "high"}}], "analysis": {{{analysis}}}}}"#)
    };
    check(&of(r#""state": "not_affected""#), &["A High"]);
    check(&of(r#""state": "not_affected", "justification": "code_not_reachable""#), &["!A High"]);
    check(&of(r#""state": "false_positive", "detail": " ""#), &["A High"]);
    check(&of(r#""state": "false_positive", "detail": "another package""#), &["!A High"]);
    check(&of(r#""state": "resolved""#), &["!A High"]);
    check(&of(r#""state": "resolved_with_pedigree""#), &["!A High"]);
    for state in ["exploitable", "in_triage", "gone"] {
        check(&of(&format!(r#""state": "{state}", "detail": "x""#)), &["A High"]);
    }
    let text = r#"{"bomFormat": "CycloneDX", "components": [{}], "vulnerabilities": [{"id": "A", "description": "d",
        "analysis": {"state": "not_affected", "justification": "code_not_present", "detail": "y"}}]}"#;
    let sources = sources(&[("b.json", text.as_bytes())]);
    assert_eq!(read_all(&sources).scan_results[0].message, "d (not_affected: code_not_present: y)");
}

#[test]
fn an_inventory_is_no_scan() {
    let of = |members: &str| {
        scans_and_results(&format!(r#"{{"bomFormat": "CycloneDX", "specVersion": "1.6"{members}}}"#))
    };
    assert_eq!(of(r#", "components": [{}]"#), [" of : Inventory"]);
    assert_eq!(of(r#", "components": [{}], "vulnerabilities": null"#), [" of : Inventory"]);
    assert_eq!(of(r#", "components": [{}], "vulnerabilities": []"#), [" of : "]);
    assert_eq!(of(r#", "vulnerabilities": []"#), [" of : NothingScanned"]);
    let trivy =
        r#", "metadata": {"tools": [{"vendor": "aquasecurity", "name": "trivy"}]}, "components": [{}]"#;
    assert_eq!(of(&format!(r#"{trivy}, "vulnerabilities": []"#)), ["trivy of : Inventory"]);
    assert!(defects(r#"{"bomFormat": "CycloneDX", "components": []}"#).is_empty());
    let xml = defects(r#"<bom xmlns="http://cyclonedx.org/schema/bom/1.6"/>"#);
    assert!(xml[0].contains("write CycloneDX JSON instead"), "{xml:?}");
}
