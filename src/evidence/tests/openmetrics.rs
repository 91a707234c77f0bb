use super::*;

const OPEN: &str = include_str!("../../../tests/evidence/openmetrics/all.openmetrics.txt");
const TIMES: [&str; 2] = [
    include_str!("../../../tests/evidence/openmetrics/timestamps.openmetrics.txt"),
    include_str!("../../../tests/evidence/openmetrics/timestamps.prom"),
];

/// What was measured, as `name{label=value} value unit time`.
fn measured(text: &str) -> (Vec<String>, Vec<String>) {
    let sources = sources(&[("m.prom", text.as_bytes())]);
    let evidence = read_all(&sources);
    let found = evidence.metrics.iter().map(|metric| {
        let labels: Vec<String> =
            metric.labels.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let value = metric.value.map_or("none".to_owned(), |value| value.to_string());
        let time = metric.time.known().map_or(String::new(), |time| format!(" {}", time.timestamp_millis()));
        let commit = metric.commit.as_deref().map(|commit| format!(" {commit}")).unwrap_or_default();
        let unit = metric.unit.as_deref().unwrap_or("-");
        format!("{}{{{}}} {value} {unit}{time}{commit}", metric.name, labels.join(","))
    });
    (found.collect(), said(&sources, &evidence))
}

fn check(text: &str, expect: &[&str]) {
    let (found, defects) = measured(text);
    assert!(defects.is_empty(), "{text}: {defects:?}");
    assert_eq!(found, expect, "{text}");
}

#[test]
fn samples_have_labels_times_and_units() {
    check(
        "# TYPE a gauge\n# UNIT a seconds\na{b=\"c\\\"\\\\\\n\",d=\"\"} 1.5 1795953600.5\n# EOF\n",
        &["a{b=c\"\\\n,d=} 1.5 seconds 1795953600500"],
    );
    check("# TYPE a gauge\na 1.5 1795953600500\n", &["a{} 1.5 - 1795953600500"]);
    check(
        "# HELP x y\n\nrequest_seconds_sum 1e3\nrequest_seconds_count 2\nerror_ratio +0.5\n",
        &["request_seconds_sum{} 1000 seconds", "request_seconds_count{} 2 -", "error_ratio{} 0.5 ratio"],
    );
    check(
        "a{b=\"c\",} NaN\na{b=\"d\"} +Inf\na {b=\"e\"}\t-Inf\n",
        &["a{b=c} none -", "a{b=d} none -", "a{b=e} none -"],
    );
    check("{\"http.errors\", \"route.name\"=\"/\"} 3.0\n", &["http.errors{route.name=/} 3 -"]);
    check("build_info{commit=\"4f2d9c1e\",version=\"1\"} 1\n", &["build_info{version=1} 1 - 4f2d9c1e"]);
    check("# EOF\n", &[]);
    check("# TYPE a counter\na_total 9 # {id=\"x\"} 0.5 1795953600\n# EOF", &["a_total{} 9 -"]);
}

#[test]
fn both_formats_mean_the_same_times() {
    let [open, text] = TIMES.map(measured);
    assert_eq!(open, text);
    assert!(open.0[0].ends_with("1795953600500"), "{:?}", open.0);
}

#[test]
fn what_is_wrong_is_named_at_its_place() {
    let check = |text: &str, expect: &[&str]| assert_eq!(defects(text), expect, "{text}");
    check(
        "# TYPE a gauge\na\nb{c} 1\nd{e=\"f} 1\ng 1 2 3\nh x\n",
        &[
            "2:2 this is no sample of a metric",
            "3:4 a label is written `name=\"value\"`",
            "4:5 the quotes are not closed",
            "5:7 text behind a sample",
            "6:3 MetricNotUnderstood(NoNumber)",
        ],
    );
    check("# TYPE a gauge\na{b=\"c\",b=\"d\"} 1\n", &["2:1 duplicate `b`"]);
    check("# TYPE a gauge\na 1 soon\n", &["2:5 TimeNotUnderstood"]);
    check("# EOF\na 1\n", &["2:1 text behind `# EOF`"]);
    check("# TYPE a gauge\na 1", &["2:4 the file is cut off: the last line has no line break"]);
    check("# UNIT a seconds\na 1\n", &["3:1 the file is cut off: `# EOF` is missing"]);
}

#[test]
fn open_metrics_that_were_cut_off_are_not_whole() {
    // Behind the first of what Prometheus does not have, the missing end tells; before it, that of a line does.
    let told = OPEN.find("http_requests_total").expect("a counter");
    for end in told + 20..OPEN.trim_end().len() {
        if !OPEN.is_char_boundary(end) {
            continue;
        }
        let sources = sources(&[("m", &OPEN.as_bytes()[..end])]);
        let evidence = read_all(&sources);
        assert!(evidence.reports[0].flaw.is_some(), "cut off behind {:?}", &OPEN[end - 10..end]);
    }
}

#[test]
fn times_in_seconds_are_those_of_open_metrics() {
    for text in ["a 180 1804618800\n", "a{b=\"}\"} 180 1804618800.5\n"] {
        let sources = sources(&[("m.txt", format!("# TYPE a gauge\n{text}").as_bytes())]);
        assert_eq!(read_all(&sources).reports[0].flaw, Some(ReportFlaw::CutOff), "{text}");
    }
    let named = sources(&[("m.openmetrics.txt", b"# TYPE a gauge\na 180\n")]);
    assert_eq!(read_all(&named).reports[0].flaw, Some(ReportFlaw::CutOff));
    check("# TYPE a gauge\na 180 1804618800000\n", &["a{} 180 - 1804618800000"]);
}

#[test]
fn a_file_that_ends_inside_of_a_metric_is_cut_off() {
    let is_cut = |text: &str| measured(text).1.iter().any(|said| said.contains("cut off"));
    let whole =
        "# HELP a b\n# TYPE a histogram\na_bucket{le=\"1\"} 1\na_bucket{le=\"+Inf\"} 1\na_sum 1\na_count 1\n";
    assert!(!is_cut(whole));
    let lines: Vec<&str> = whole.split_inclusive('\n').collect();
    for end in [1, 3, 4, 5] {
        assert!(is_cut(&lines[..end].concat()), "{end}");
    }
    // Clients announce metrics of which nothing was observed.
    assert!(!is_cut("# HELP a b\n# TYPE a histogram\n"));
    assert!(!is_cut("# HELP a b\n# TYPE a gauge\na 1\n"));
    assert!(is_cut("# TYPE a summary\na{quantile=\"0.5\"} 1\na_sum 1\n"));
    assert!(!is_cut("# TYPE a summary\na{quantile=\"0.5\"} 1\na_sum 1\na_count 1\n"));
}
