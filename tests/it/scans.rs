//! Scans that lie beside each other: what one of them found, or could not, is never hidden by another.

use serde_json::Value;

use crate::support::{err, folder, out, run};

const COMMIT: &str = "4f2d9c1e8b7a6053d1c2b3a4958676564738291a";
const OTHER: &str = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";

const PLAN: &str = "id: REL-001\ntitle: Release\nversion: 1.0.0\ndate: 2026-12-10\nowner: Release Manager\n";

/// The verdict and the reason of `findings_below: high` over these reports. Where none says for which commit it is, an
/// `evidence.json` says so.
#[track_caller]
fn check(reports: &[(&str, &str)], demand: &str, verdict: &str, reason: &str) {
    let toml = format!(
        "[plan]\nfiles = [\"plan.yaml\"]\n[evidence]\nfiles = [\"ci/**/*\"]\nmax_age = \"7 days\"\n\
         [gates.q]\ntitle = \"Q\"\ncriteria = [{{name = \"Scans\", evidence = {{{demand}}}}}]\n"
    );
    let provenance = format!("{{\"commit\": \"{COMMIT}\", \"time\": \"2026-11-20T08:00:00Z\"}}");
    let mut files = vec![("plan.yaml", PLAN), ("relplan.toml", &toml), ("ci/evidence.json", &provenance)];
    files.extend(reports);
    let folder = folder(&files);
    let output = run(folder.path(), &["gate", "q", "--format", "json", "--commit", COMMIT]);
    let document: Value = serde_json::from_str(&out(&output)).unwrap_or_else(|_| panic!("{}", err(&output)));
    let checks = document["checks"].as_array().expect("checks");
    let found =
        checks.iter().find(|check| check["title"] == "Scans").unwrap_or_else(|| panic!("{document:#}"));
    assert_eq!((found["verdict"].as_str(), found["reason"].as_str()), (Some(verdict), Some(reason)));
}

/// A log of one run of Trivy.
fn sarif(members: &str) -> String {
    format!(r#"{{"version": "2.1.0", "runs": [{{"tool": {{"driver": {{"name": "Trivy"}}}}{members}}}]}}"#)
}

const HIGH: &str = "findings_below = \"high\"";
const FINDING: &str = r#"{"ruleId": "R1", "level": "error", "message": {"text": "bad"}}"#;

#[test]
fn a_scan_that_failed_is_named_beside_a_clean_one() {
    let clean = sarif(r#", "results": []"#);
    let failed = sarif(r#", "results": [], "invocations": [{"executionSuccessful": false}]"#);
    let reason = "the scan by Trivy in ci/image.sarif is unsuccessful: incomplete run";
    check(&[("ci/fs.sarif", &clean), ("ci/image.sarif", &failed)], HIGH, "unknown", reason);
    let null = sarif(r#", "results": null"#);
    let reason = "the scan by Trivy in ci/image.sarif is unsuccessful: no list of results";
    check(&[("ci/fs.sarif", &clean), ("ci/image.sarif", &null)], HIGH, "unknown", reason);
    let cut = sarif(r#", "results": []"#).trim_end_matches("]}").to_owned();
    let reason = "the scan by Trivy in ci/image.sarif is unsuccessful: incomplete run";
    check(&[("ci/fs.sarif", &clean), ("ci/image.sarif", &cut)], HIGH, "unknown", reason);
}

#[test]
fn what_a_failed_scan_found_counts() {
    let clean = sarif(r#", "results": []"#);
    let failed =
        sarif(&format!(r#", "results": [{FINDING}], "invocations": [{{"executionSuccessful": false}}]"#));
    let reason = "1 of severity High or higher, by Trivy (in ci/image.sarif): R1; \
                  the scan by Trivy in ci/image.sarif is unsuccessful: incomplete run";
    check(&[("ci/fs.sarif", &clean), ("ci/image.sarif", &failed)], HIGH, "fail", reason);
}

/// A log of CodeQL for one language, of a commit and a time.
fn codeql(language: &str, commit: &str, time: &str, results: &str) -> String {
    format!(
        r#"{{"version": "2.1.0", "runs": [{{"tool": {{"driver": {{"name": "CodeQL"}}}}, "results": [{results}],
        "automationDetails": {{"id": "/language:{language}/"}}, "versionControlProvenance":
        [{{"repositoryUri": "x", "revisionId": "{commit}"}}], "invocations": [{{"executionSuccessful": true,
        "endTimeUtc": "{time}"}}]}}]}}"#
    )
}

/// Two reports, each with the commit that it states itself.
fn own(first: &str, second: &str, verdict: &str, reason: &str) {
    let unsaid = r#"{"time": "2026-11-20T08:00:00Z"}"#;
    check(
        &[("ci/a/a.sarif", first), ("ci/b/b.sarif", second), ("ci/evidence.json", unsaid)],
        HIGH,
        verdict,
        reason,
    );
}

#[test]
fn each_category_needs_a_current_scan() {
    let java = codeql("java", COMMIT, "2026-11-20T07:00:00Z", "");
    let js = codeql("js", OTHER, "2026-11-19T07:00:00Z", FINDING);
    let reason = "the scan by CodeQL of /language:js/ in ci/b/b.sarif is out of date: \
                  for commit aaaaaaaa, not for the release commit 4f2d9c1e";
    own(&java, &js, "stale", reason);
    own(
        &codeql("js", COMMIT, "2026-11-20T07:00:00Z", ""),
        &js,
        "pass",
        "no findings of severity High or higher, by CodeQL",
    );
    let older = codeql("js", COMMIT, "2026-11-20T06:00:00Z", FINDING);
    let newer = codeql("js", COMMIT, "2026-11-20T07:00:00Z", "");
    own(&newer, &older, "pass", "no findings of severity High or higher, by CodeQL");
    let newer = codeql("js", COMMIT, "2026-11-20T05:00:00Z", "");
    own(&newer, &older, "fail", "1 of severity High or higher, by CodeQL: R1");
}

#[test]
fn without_a_category_only_the_same_place_is_the_same_scan() {
    let of = |commit: &str, results: &str| {
        sarif(&format!(
            r#", "results": [{results}], "properties": {{"commit": "{commit}"}}, "invocations":
            [{{"executionSuccessful": true, "endTimeUtc": "2026-11-20T07:00:00Z"}}]"#
        ))
    };
    let (new, old) = (of(COMMIT, ""), of(OTHER, ""));
    let unsaid = ("ci/evidence.json", r#"{"time": "2026-11-20T08:00:00Z"}"#);
    let clean = "no findings of severity High or higher, by Trivy";
    check(&[unsaid, ("ci/run-42/t.sarif", &new), ("ci/run-41/t.sarif", &old)], HIGH, "pass", clean);
    for other in ["ci/fs/t.sarif", "ci/run-41/u.sarif"] {
        let reason = format!(
            "the scan by Trivy in {other} is out of date: for commit aaaaaaaa, not for the release commit 4f2d9c1e"
        );
        check(&[unsaid, ("ci/run-42/t.sarif", &new), (other, &old)], HIGH, "stale", &reason);
    }
}

#[test]
fn what_is_suppressed_is_named() {
    let log = sarif(
        r#", "results": [{"ruleId": "R1", "level": "error", "suppressions": [{"kind": "inSource"}]},
        {"ruleId": "R2", "level": "error", "suppressions": [{"kind": "external", "status": "accepted"}]}]"#,
    );
    let reason = "no findings of severity High or higher, by Trivy; 2 suppressed: R1, R2";
    check(&[("ci/a.sarif", &log)], HIGH, "pass", reason);
}

#[test]
fn what_nobody_can_judge_is_unknown() {
    let of = |result: &str| sarif(&format!(r#", "results": [{result}]"#));
    let strange = of(r#"{"ruleId": "R1", "level": "note", "properties": {"security-severity": "critical"}}"#);
    check(&[("ci/a.sarif", &strange)], HIGH, "unknown", "1 finding of unknown severity, by Trivy: R1");
    let open = of(r#"{"ruleId": "R1", "kind": "open"}"#);
    check(&[("ci/a.sarif", &open)], HIGH, "pass", "no findings of severity High or higher, by Trivy");
    let reason = "1 untriaged finding of severity Medium or higher, by Trivy: R1";
    check(&[("ci/a.sarif", &open)], "findings_below = \"medium\"", "unknown", reason);
}

#[test]
fn an_inventory_proves_no_scan_and_blocks_none() {
    let bom = r#"{"bomFormat": "CycloneDX", "specVersion": "1.6", "metadata": {"tools": [{"name": "syft"}]},
        "components": [{"name": "a"}]}"#;
    let reason =
        "the scan by syft in ci/bom.json is unsuccessful: an inventory of components without vulnerabilities";
    check(&[("ci/bom.json", bom)], HIGH, "unknown", reason);
    let clean = sarif(r#", "results": []"#);
    let reports = [("ci/bom.json", bom), ("ci/a.sarif", &clean)];
    check(&reports, HIGH, "pass", "no findings of severity High or higher, by Trivy");
    check(&reports, "findings_below = \"high\", tool = \"syft\"", "unknown", reason);
}

#[test]
fn a_scan_of_no_named_tool_may_be_the_one_that_is_asked_for() {
    let clean = sarif(r#", "results": []"#);
    let cut = r#"{"version": "2.1.0", "runs": ["#;
    let reason = "the scan in ci/b.sarif is unsuccessful: incomplete run";
    let reports = [("ci/a.sarif", clean.as_str()), ("ci/b.sarif", cut)];
    check(&reports, "findings_below = \"high\", tool = \"Trivy\"", "unknown", reason);
}
