use super::*;

const EXPORTED: &str = include_str!("../../../tests/evidence/k6/summary-export.json");
const HANDLED: &str = include_str!("../../../tests/evidence/k6/handle-summary.json");

fn cases(evidence: &Evidence<'_>) -> Vec<String> {
    let said = |case: &Case<'_>| format!("{}|{} {:?}", case.class, case.name, case.outcome);
    evidence.cases.iter().map(said).collect()
}

fn metric(evidence: &Evidence<'_>, name: &str) -> String {
    let metric = evidence.metrics.iter().find(|metric| metric.name == name).expect("a metric");
    let value = metric.value.map_or("none".to_owned(), |value| value.to_string());
    format!("{value} {}", metric.unit.as_deref().unwrap_or("-"))
}

#[test]
fn an_exported_summary_says_true_of_a_threshold_that_was_crossed() {
    let sources = sources(&[("s.json", EXPORTED.as_bytes())]);
    let evidence = read_all(&sources);
    assert_eq!(evidence.reports[0].kind, ReportKind::K6);
    assert_eq!(evidence.reports[0].flaw, None);
    assert_eq!(
        cases(&evidence),
        [
            "|k6 threshold: checks rate>0.9 Passed",
            "|k6 threshold: http_req_duration p(95)<200 Passed",
            "|k6 threshold: http_req_duration avg<100 Failed",
            // Nothing had that tag, and of nothing every percentile is zero.
            "|k6 threshold: http_req_duration{phase:typo} p(95)<500 Unclear(UnknownResult)",
            "|k6 threshold: http_req_failed rate<0.01 Passed",
            "|status is 200 Passed",
            "sign in|TEST-007 a session is opened Passed",
        ]
    );
    assert_eq!(evidence.defects.len(), 1, "{:?}", said(&sources, &evidence));
    assert_eq!(metric(&evidence, "http_req_duration.p(95)"), "118.01235 ms");
    assert_eq!(metric(&evidence, "http_req_duration{expected_response:true}.avg"), "102.8342985 ms");
    assert_eq!(metric(&evidence, "http_req_failed.value"), "0 ratio");
    assert_eq!(metric(&evidence, "http_req_failed.fails"), "10 -");
    assert_eq!(metric(&evidence, "data_sent.rate"), "568.03 B/s");
    assert_eq!(metric(&evidence, "vus.max"), "5 -");
    assert!(!evidence.metrics.iter().any(|metric| metric.name.contains("thresholds")));
}

#[test]
fn the_data_of_handle_summary_says_ok_of_a_threshold_that_was_kept() {
    let sources = sources(&[("s.json", HANDLED.as_bytes())]);
    let evidence = read_all(&sources);
    assert!(evidence.defects.is_empty(), "{:?}", said(&sources, &evidence));
    assert_eq!(
        cases(&evidence),
        [
            "|k6 threshold: http_req_duration p(95)<500 Failed",
            "|k6 threshold: http_req_duration{staticAsset:yes} p(99)<250 Failed",
            "|k6 threshold: http_req_duration{staticAsset:yes} max<1000 Passed",
            "|check name Passed",
            "|never reached Skipped",
            "sign in|a session is opened Failed",
        ]
    );
    assert_eq!(metric(&evidence, "http_req_duration.p(99.99)"), "846.1969478817999 ms");
    assert_eq!(metric(&evidence, "checks.rate"), "0.95 ratio");
    assert_eq!(metric(&evidence, "queue_time.avg"), "3 -");
    assert_eq!(metric(&evidence, "data_sent.count"), "2520 B");
}

#[test]
fn whatever_is_not_known_to_be_kept_is_no_pass() {
    let outcome = |threshold: &str| {
        let text = format!(
            "{{\"metrics\": {{\"http_reqs\": {{\"count\": 3, \"thresholds\": {{\"count>1\": {threshold}}}}}}}}}"
        );
        let sources = sources(&[("s.json", text.as_bytes())]);
        read_all(&sources).cases.iter().map(|case| case.outcome).next()
    };
    assert_eq!(outcome("false"), Some(Outcome::Passed));
    assert_eq!(outcome("true"), Some(Outcome::Failed));
    assert_eq!(outcome("{\"ok\": true}"), Some(Outcome::Passed));
    for unknown in ["null", "0", "\"ok\"", "{}", "{\"ok\": \"true\"}", "[]"] {
        assert_eq!(outcome(unknown), Some(Outcome::Unclear(Unclear::UnknownResult)), "{unknown}");
    }
    // Where values stand apart, a bare word may mean either.
    let text = "{\"metrics\": {\"vus\": {\"values\": {\"value\": 1}, \"thresholds\": {\"value>0\": false}}}}";
    let sources = sources(&[("s.json", text.as_bytes())]);
    let outcomes: Vec<Outcome> = read_all(&sources).cases.iter().map(|case| case.outcome).collect();
    assert_eq!(outcomes, [Outcome::Unclear(Unclear::UnknownResult)]);
}

#[test]
fn more_failed_checks_than_are_listed_leave_the_report_open() {
    let text = HANDLED.replace("\"passes\": 19, \"fails\": 1", "\"passes\": 18, \"fails\": 2");
    let sources = sources(&[("s.json", text.as_bytes())]);
    assert_eq!(read_all(&sources).reports[0].flaw, Some(ReportFlaw::StatedWorse));
}

#[test]
fn a_summary_that_was_cut_off_is_not_whole() {
    for text in [EXPORTED, HANDLED] {
        for end in (1..text.trim_end().len()).filter(|end| text.is_char_boundary(*end)) {
            let sources = sources(&[("s.json", &text.as_bytes()[..end])]);
            let evidence = read_all(&sources);
            assert!(!evidence.defects.is_empty(), "{end}");
            assert!(evidence.reports.iter().all(|report| report.flaw.is_some()), "{end}");
        }
    }
}

#[test]
fn of_no_samples_nothing_was_measured() {
    let summary = r#"{"metrics": {"d": {"avg": 0, "min": 0, "med": 0, "max": 0, "p(95)": 0}, "iterations": {"count": 0, "rate": 0}},
        "root_group": {"name": "", "path": "", "groups": {}, "checks": {}}}"#;
    let sources = sources(&[("s.json", summary.as_bytes())]);
    let evidence = read_all(&sources);
    assert_eq!(metric(&evidence, "d.p(95)"), "none -");
    assert_eq!(metric(&evidence, "iterations.count"), "0 -");
}
