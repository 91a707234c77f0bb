//! Files that are no report, and what they are told to be.

use super::Case;

const fn case(
    name: &'static str,
    file: &'static [(&'static str, &'static [u8])],
    words: &'static [&'static str],
) -> Case {
    Case { name, demand: "{tests: 100%}", files: file, verdict: "unknown", words }
}

pub const CASES: &[Case] = &[
    case(
        "page to sign in",
        &[("ci/j.xml", b"<!doctype html>\n<html lang=\"en\"><head><title>Sign in</title></head><body><p>Session expired</body></html>")],
        &["HTML"],
    ),
    case("page in capitals", &[("ci/j.xml", b"<HTML><BODY><H1>502 Bad Gateway</H1></BODY></HTML>")], &["HTML"]),
    case(
        "error of an object store",
        &[("ci/j.xml", b"<?xml version=\"1.0\"?>\n<Error><Code>AccessDenied</Code></Error>")],
        &["not in a known evidence format"],
    ),
    case("compressed with gzip", &[("ci/j.xml", b"\x1f\x8b\x08\x00\xb7\xed\x0b\x6b\x02\xff\x55\x8e")], &["gzip"]),
    case("zip archive", &[("ci/j.xml", b"PK\x03\x04\x14\x00\x08\x00\x08\x00junk")], &["zip"]),
    case("compressed with xz", &[("ci/j.xml", b"\xfd7zXZ\x00\x00\x04\xe6\xd6")], &["not in a known evidence format"]),
    case("compressed with bzip2", &[("ci/j.xml", b"BZh91AY&SY\xbe\x1c")], &["not in a known evidence format"]),
    case(
        "pointer of Git LFS",
        &[("ci/j.xml", b"version https://git-lfs.github.com/spec/v1\noid sha256:4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393\nsize 12345\n")],
        &["Git LFS"],
    ),
    case(
        "root testrun",
        &[("ci/j.xml", br#"<testrun name="x" tests="1"><testsuite name="s"><testcase classname="a" name="TEST-001"/></testsuite></testrun>"#)],
        &["testrun"],
    ),
    case(
        "root in capitals",
        &[("ci/j.xml", br#"<TestSuites><testsuite name="s"><testcase classname="a" name="TEST-001"/></testsuite></TestSuites>"#)],
        &["not in a known evidence format"],
    ),
    case("empty", &[("ci/j.xml", b"")], &["empty"]),
    case("only a mark", &[("ci/j.xml", b"\xef\xbb\xbf")], &["not in a known evidence format"]),
    case(
        "in UTF-16",
        &[("ci/j.xml", b"\xff\xfe<\0t\0e\0s\0t\0s\0u\0i\0t\0e\0>\0")],
        &["not in a known evidence format"],
    ),
    case(
        "ESLint",
        &[("ci/x.json", br#"[{"filePath": "a.js", "messages": [{"ruleId": "no-undef", "severity": 2}], "errorCount": 1}]"#)],
        &["ESLint"],
    ),
    case(
        "summary of jest",
        &[("ci/x.json", br#"{"numFailedTests": 1, "numPassedTests": 3, "success": false, "testResults": []}"#)],
        &["not in a known evidence format"],
    ),
    Case {
        name: "summary of k6",
        demand: "{metric: {name: p95, threshold: \"< 200ms\"}}",
        files: &[("ci/m.json", br#"{"metrics": {"http_req_duration": {"avg": 100, "p(95)": 150, "thresholds": {"p(95)<200": false}}}, "root_group": {}}"#)],
        verdict: "unknown",
        words: &["k6"],
    },
    Case {
        name: "new summary of k6",
        demand: "{metric: {name: p95, threshold: \"< 200ms\"}}",
        files: &[("ci/m.json", br#"{"root_group": {}, "metrics": {"http_req_duration": {"type": "trend", "contains": "time", "values": {"p(95)": 250}, "thresholds": {"p(95)<200": {"ok": false}}}}}"#)],
        verdict: "unknown",
        words: &["k6"],
    },
];
