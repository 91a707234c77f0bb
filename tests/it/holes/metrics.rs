//! Measurements.

use super::Case;

const fn case(
    name: &'static str,
    files: &'static [(&'static str, &'static [u8])],
    verdict: &'static str,
    words: &'static [&'static str],
) -> Case {
    Case { name, demand: "{metric: {name: p95, threshold: \"< 200ms\"}}", files, verdict, words }
}

pub const CASES: &[Case] = &[
    // The newest of several is not that of all.
    case(
        "two services",
        &[("ci/m.json", br#"[{"name": "p95", "value": 150, "unit": "ms", "time": "2026-11-20T07:30:00Z", "service": "a"}, {"name": "p95", "value": 900, "unit": "ms", "time": "2026-11-20T07:00:00Z", "service": "b"}]"#)],
        "fail|unknown",
        &["900"],
    ),
    case(
        "two services by labels",
        &[("ci/m.json", br#"[{"name": "p95", "value": 900, "unit": "ms", "time": "2026-11-20T07:00:00Z", "labels": {"service": "b"}}, {"name": "p95", "value": 150, "unit": "ms", "time": "2026-11-20T07:30:00Z", "labels": {"service": "a"}}]"#)],
        "fail|unknown",
        &["900"],
    ),
    case(
        "two services in a table",
        &[("ci/m.csv", b"name,value,unit,time,service\np95,150,ms,2026-11-20T07:30:00Z,a\np95,900,ms,2026-11-20T07:00:00Z,b\n")],
        "fail|unknown",
        &["900"],
    ),
    case(
        "measured again",
        &[("ci/m.json", br#"[{"name": "p95", "value": 900, "unit": "ms", "time": "2026-11-20T07:00:00Z"}, {"name": "p95", "value": 150, "unit": "ms", "time": "2026-11-20T07:30:00Z"}]"#)],
        "pass",
        &[],
    ),
    // A time under another name.
    case(
        "timestamp in a table",
        &[("ci/m.csv", b"name,value,unit,timestamp\np95,150,ms,2020-01-01T00:00:00Z\n")],
        "stale|unknown",
        &[],
    ),
    case(
        "date in a table",
        &[("ci/m.csv", b"name,value,unit,date\np95,150,ms,2020-01-01\n")],
        "stale|unknown",
        &[],
    ),
    case(
        "timestamp in JSON",
        &[("ci/m.json", br#"[{"name": "p95", "value": 150, "unit": "ms", "timestamp": "2020-01-01T00:00:00Z"}]"#)],
        "stale|unknown",
        &[],
    ),
    case(
        "another commit in JSON",
        &[("ci/m.json", br#"[{"name": "p95", "value": 150, "unit": "ms", "commit": "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"}]"#)],
        "stale|unknown",
        &[],
    ),
    // Numbers that are none.
    case("not a number", &[("ci/m.csv", b"name,value,unit\np95,NaN,ms\n")], "unknown", &[]),
    case("a duration below zero", &[("ci/m.csv", b"name,value,unit\np95,-5,ms\n")], "unknown|fail", &[]),
    case("a comma for a point", &[("ci/m.csv", b"name;value;unit\np95;150,5;ms\n")], "unknown", &[]),
    // Of no samples nothing was measured.
    case(
        "no samples in JSON",
        &[("ci/m.json", br#"[{"name": "p95", "value": 0, "unit": "ms", "time": "2026-11-20T07:00:00Z", "samples": 0}]"#)],
        "unknown|fail",
        &["no samples"],
    ),
    case(
        "no samples by count",
        &[("ci/m.json", br#"[{"name": "p95", "value": 0, "unit": "ms", "time": "2026-11-20T07:00:00Z", "labels": {"sample_count": "0.0"}}]"#)],
        "unknown|fail",
        &["no samples"],
    ),
    case(
        "no samples in CSV",
        &[("ci/m.csv", b"name,value,unit,time,samples\np95,0,ms,2026-11-20T07:00:00Z,0\n")],
        "unknown|fail",
        &["no samples"],
    ),
    case(
        "samples",
        &[("ci/m.json", br#"[{"name": "p95", "value": 12, "unit": "ms", "time": "2026-11-20T07:00:00Z", "samples": 10}]"#)],
        "pass",
        &[],
    ),
    // The commit of all measurements under the name of another tool.
    case(
        "another commit of all",
        &[("ci/m.json", br#"{"git_sha": "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "metrics": [{"name": "p95", "value": 12, "unit": "ms", "time": "2026-11-20T07:00:00Z"}]}"#)],
        "unknown|fail",
        &[],
    ),
    case(
        "this commit of all",
        &[("ci/m.json", br#"{"git_sha": "4f2d9c1e8b7a6053d1c2b3a4958676564738291a", "metrics": [{"name": "p95", "value": 12, "unit": "ms", "time": "2026-11-20T07:00:00Z"}]}"#)],
        "pass",
        &[],
    ),
];
