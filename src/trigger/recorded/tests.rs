//! Recorded data in its three formats.

use super::{RecordingError, read};

fn check(text: &str, expect: &[(&str, &[(i64, f64)])]) {
    let found = read(text).unwrap_or_else(|error| panic!("{text}: {error:?}"));
    let found: Vec<(String, Vec<(i64, f64)>)> = found
        .series
        .iter()
        .map(|series| {
            let samples = series.samples.iter().map(|sample| (sample.time, sample.value)).collect();
            (super::labels_text(&series.labels), samples)
        })
        .collect();
    let expect: Vec<(String, Vec<(i64, f64)>)> =
        expect.iter().map(|(labels, samples)| ((*labels).to_owned(), samples.to_vec())).collect();
    assert_eq!(found, expect, "{text}");
}

fn check_error(text: &str, at: usize, reason: &str) {
    assert_eq!(read(text), Err(RecordingError { at, reason: reason.to_owned() }), "{text}");
}

#[test]
fn replies_of_prometheus() {
    check(
        r#"{"status":"success","data":{"resultType":"matrix","result":[{"metric":{},"values":[[100,"0.04"],[160.5,"+Inf"]]}]}}"#,
        &[("", &[(100_000, 0.04), (160_500, f64::INFINITY)])],
    );
    check(
        r#"{"resultType":"matrix","result":[{"metric":{"__name__":"up","job":"a"},"values":[[1,"1"]]}]}"#,
        &[("__name__=\"up\", job=\"a\"", &[(1_000, 1.0)])],
    );
    check_error(
        r#"{"status":"error","errorType":"bad_data","error":"parse error"}"#,
        0,
        "Prometheus replied with an error: parse error",
    );
    check_error(
        r#"{"status":"success","data":{"resultType":"vector","result":[]}}"#,
        29,
        "the reply is of the type `vector`: ask for a range with /api/v1/query_range",
    );
    check_error(
        r#"{"status":"success","data":{"resultType":"matrix","result":[]}}"#,
        0,
        "the file has no sample",
    );
    assert_eq!(read(r#"{"status":"success","data":{"resu"#).unwrap_err().reason, "the file is cut off");
    check_error(
        r#"{"data":{"resultType":"matrix","result":[{"metric":{},"values":[[2,"1"],[1,"1"]]}]}}"#,
        0,
        "the samples of a series are not in the order of time",
    );
    check_error(
        r#"{"data":{"resultType":"matrix","result":[{"metric":{},"values":[[2,"1"],[2,"1"]]}]}}"#,
        0,
        "two samples of a series have the same time",
    );
}

#[test]
fn open_metrics() {
    check(
        "# TYPE a counter\na_total{b=\"c\"} 1 100\na_total{b=\"c\"} 2 160\n# EOF\n",
        &[("__name__=\"a_total\", b=\"c\"", &[(100_000, 1.0), (160_000, 2.0)])],
    );
    check(
        "up 1 1795225637000\nup 0 1795225697000\n",
        &[("__name__=\"up\"", &[(1_795_225_637_000, 1.0), (1_795_225_697_000, 0.0)])],
    );
    check_error(
        "# TYPE up gauge\nup 1\n# EOF\n",
        16,
        "the sample has no time, so that it is unknown when it was",
    );
}

#[test]
fn tables() {
    check(
        "time,\"errors_total{code=\"\"500\"\"}\",up\n2026-11-20T10:00:00Z,1,1\n2026-11-20 10:01:00,,0\n",
        &[
            ("__name__=\"errors_total\", code=\"500\"", &[(1_795_168_800_000, 1.0)]),
            ("__name__=\"up\"", &[(1_795_168_800_000, 1.0), (1_795_168_860_000, 0.0)]),
        ],
    );
    check("t;x,error rate\n1795168800,0.5\n", &[("column=\"error rate\"", &[(1_795_168_800_000, 0.5)])]);
}

#[test]
fn tables_with_faults() {
    check_error(
        "time,up\nyesterday,1\n",
        8,
        "`yesterday` is not a time: write 2026-11-20T10:00:00Z, or seconds since 1970",
    );
    check_error("time,up\n1,one\n", 8, "`one` is not a number");
    check_error("time,up\n1,1,1\n", 8, "the line has 3 cells, and the first one 2");
    check_error("time,up,up\n1,1,1\n", 0, "two columns are called `up`");
    check_error("", 0, "the file is empty");
    check_error(
        "hello world\n",
        0,
        "this is neither a reply of Prometheus nor OpenMetrics nor CSV with a time and a series",
    );
    check_error(
        "time,\"up{a=~\"\"b\"\"}\"\n1,1\n",
        0,
        "the column `up{a=~\"b\"}` names no single series: write each label with `=`",
    );
}

proptest::proptest! {
    #[test]
    fn no_text_stops_the_reader(text in "[\\{\\}\\[\\]\"a-z0-9,.:# \\n=+-]{0,80}") {
        if let Err(error) = read(&text) {
            proptest::prop_assert!(text.get(error.at..).is_some());
        }
    }
}
