//! The plan that is GO, with one file of evidence changed.

use super::Change;

const UNIT: &str = "reports/unit.xml";
const CASE: &str = "name=\"TEST-101 words\" time=\"0.010\"/>";
const SUITE: &str = "<testsuite name=\"search.query\" tests=\"2\" failures=\"0\" errors=\"0\" skipped=\"0\" timestamp=\"2027-03-09T18:00:00Z\">";
const SARIF: &str = "reports/semgrep.sarif";
const RESULTS: &str = "\"results\": [";
const CSV: &str = "reports/metrics.csv";
const STAMP: &str = "reports/evidence.json";

const fn change(
    name: &'static str,
    file: &'static str,
    from: &'static str,
    to: &'static [u8],
    words: &'static [&'static str],
) -> Change {
    Change { name, file, from, to, words, may_be_conditional: false }
}

/// Results that fit no test of the plan.
const fn loose(name: &'static str, to: &'static [u8]) -> Change {
    Change { name, file: "reports/all.xml", from: "", to, words: &["fail"], may_be_conditional: true }
}

/// Another result in the scan.
const fn found(name: &'static str, to: &'static [u8]) -> Change {
    change(name, SARIF, RESULTS, to, &["DEP-003"])
}

/// Another invocation of the scan.
const fn ran(name: &'static str, to: &'static [u8]) -> Change {
    change(name, SARIF, "{ \"executionSuccessful\": true }", to, &["DEP-003"])
}

pub const CHANGES: &[Change] = &[
    // Failures that fit nothing.
    loose("failures that fit no test", br#"<testsuite name="all" tests="2" failures="2" timestamp="2027-03-09T18:00:00Z"><testcase classname="core.m0" name="t0"><failure message="x"/></testcase><testcase classname="core.m1" name="t1"><failure message="x"/></testcase></testsuite>"#),
    loose("errors that fit no test", br#"<testsuites><testsuite name="all" timestamp="2027-03-09T18:00:00Z"><testcase name="t0"><error/></testcase><testcase name="t1"/></testsuite></testsuites>"#),
    loose("a run that failed without cases", br#"<testsuite name="all" timestamp="2027-03-09T18:00:00Z"><error message="out of memory"/></testsuite>"#),
    // A suite that failed as such.
    change("suite with an error", UNIT, "<testcase classname=\"search.query\"", b"<error message=\"setup failed\"/><testcase classname=\"search.query\"", &["TEST-101"]),
    change("suite with a failure behind its cases", UNIT, "time=\"0.200\"/>", b"time=\"0.200\"/><failure/>", &["TEST-101"]),
    change("run that was aborted", UNIT, "</testsuites>", b"<Aborted/></testsuites>", &["TEST-101"]),
    change("suite with a status", UNIT, "<testsuite name=\"search.query\"", b"<testsuite result=\"Failed\" name=\"search.query\"", &["TEST-101"]),
    // Words and elements that are not known.
    change("timeout as a status", UNIT, CASE, b"name=\"TEST-101 words\" status=\"timeout\" result=\"incomplete\"/>", &["TEST-101"]),
    change("aborted as a state", UNIT, CASE, b"name=\"TEST-101 words\" state=\"aborted\"/>", &["TEST-101"]),
    change("KO as an outcome", UNIT, CASE, b"name=\"TEST-101 words\" outcome=\"KO\"/>", &["TEST-101"]),
    change("failed in capitals", UNIT, CASE, b"name=\"TEST-101 words\" Status=\"FAILED\"/>", &["TEST-101"]),
    change("no success", UNIT, CASE, b"name=\"TEST-101 words\" success=\"False\"/>", &["TEST-101"]),
    change("element aborted", UNIT, CASE, b"name=\"TEST-101 words\"><aborted/></testcase>", &["TEST-101"]),
    change("element timeout", UNIT, CASE, b"name=\"TEST-101 words\"><timeout/></testcase>", &["TEST-101"]),
    change("element failed", UNIT, CASE, b"name=\"TEST-101 words\"><failed/></testcase>", &["TEST-101"]),
    change("element Failure", UNIT, CASE, b"name=\"TEST-101 words\"><Failure/></testcase>", &["TEST-101"]),
    change("a case in capitals failed", UNIT, CASE, b"name=\"TEST-101 words\"/><TestCase name=\"TEST-101 more\"><failure/></TestCase>", &["TEST-101"]),
    // Counts.
    change("suite states more of everything", UNIT, SUITE, b"<testsuite name=\"search.query\" tests=\"100\" failures=\"7\" errors=\"3\" skipped=\"0\" timestamp=\"2027-03-09T18:00:00Z\">", &["TEST-101"]),
    change("suite states failures in capitals", UNIT, SUITE, b"<testsuite name=\"search.query\" Failures=\"7\" timestamp=\"2027-03-09T18:00:00Z\">", &["TEST-101"]),
    change("count that is none", UNIT, SUITE, b"<testsuite name=\"search.query\" failures=\"some\" timestamp=\"2027-03-09T18:00:00Z\">", &["TEST-101"]),
    // Times.
    change("time of another writer", UNIT, SUITE, b"<testsuite name=\"search.query\" timestamp=\"01.01.2020 18:00\">", &["TEST-101"]),
    change("time in words", UNIT, SUITE, b"<testsuite name=\"search.query\" timestamp=\"last night\">", &["TEST-101"]),
    change("time of coverage in words", "reports/coverage.xml", "1804611600000", b"abc", &["DEP-002"]),
    change("time of coverage is negative", "reports/coverage.xml", "1804611600000", b"-1804611600000", &["DEP-002"]),
    change("table with a column timestamp", CSV, "", b"name,value,unit,timestamp\nMON-001,0.4,%,2020-01-01T00:00:00Z\n", &["DEP-004"]),
    change("table with a column Date", CSV, "", b"name,value,unit,Date\nMON-001,0.4,%,2020-01-01\n", &["DEP-004"]),
    change("measurement with a timestamp", "reports/metrics.json", "\"unit\": \"%\", \"time\": \"2027-03-09T20:00:00Z\"", b"\"unit\": \"%\", \"timestamp\": \"2020-01-01T00:00:00Z\"", &["DEP-004"]),
    change("table cut off in its time", CSV, "2027-03-09T20:00:00Z\n", b"2027-", &["DEP-004"]),
    change("table cut off in its day", CSV, "2027-03-09T20:00:00Z\n", b"2027-03-0", &["DEP-004"]),
    change("table cut off in its hour", CSV, "2027-03-09T20:00:00Z\n", b"2027-03-09T2", &["DEP-004"]),
    // Severities.
    found("severity in words", br#""results": [{"ruleId":"x","level":"note","message":{"text":"RCE"},"properties":{"security-severity":"critical"}},"#),
    found("severity without its point", br#""results": [{"ruleId":"x","level":"note","message":{"text":"RCE"},"properties":{"security-severity":"98"}},"#),
    found("severity with a comma", br#""results": [{"ruleId":"x","level":"note","message":{"text":"RCE"},"properties":{"security-severity":"9,8"}},"#),
    found("severity that is no number", br#""results": [{"ruleId":"x","level":"note","message":{"text":"RCE"},"properties":{"security-severity":"NaN"}},"#),
    found("severity below zero", br#""results": [{"ruleId":"x","level":"note","message":{"text":"RCE"},"properties":{"security-severity":-1}},"#),
    found("severity in a list", br#""results": [{"ruleId":"x","level":"note","message":{"text":"RCE"},"properties":{"security-severity":[9.8]}},"#),
    found("level that is not known", br#""results": [{"ruleId":"x","level":"critical","message":{"text":"RCE"}},"#),
    // Results that contradict themselves.
    found("passed and critical", br#""results": [{"ruleId":"x","kind":"pass","level":"error","message":{"text":"RCE"},"properties":{"security-severity":"9.8"}},"#),
    found("open and an error", br#""results": [{"ruleId":"x","kind":"open","level":"error","message":{"text":"RCE"}},"#),
    found("for a person to look at", br#""results": [{"ruleId":"x","kind":"review","level":"error","message":{"text":"RCE"}},"#),
    found("suppressed without a kind", br#""results": [{"ruleId":"y","level":"error","message":{"text":"RCE"},"suppressions":[{}]},"#),
    found("suppression that was rejected", br#""results": [{"ruleId":"y","level":"error","message":{"text":"RCE"},"suppressions":[{"kind":"external","status":"rejected"}]},"#),
    // Scans that did not end well.
    ran("ended with a code", br#"{ "executionSuccessful": true, "exitCode": 2 }"#),
    ran("killed by a signal", br#"{ "executionSuccessful": true, "exitSignalName": "SIGKILL" }"#),
    ran("could not start", br#"{ "executionSuccessful": true, "processStartFailureMessage": "no" }"#),
    ran("skipped files", br#"{ "executionSuccessful": true, "toolExecutionNotifications": [{"level":"error","message":{"text":"timeout, 300 files skipped"}}] }"#),
    // Where it comes from.
    change("commit of 41 digits", STAMP, "738291a\"", b"738291a0\"", &["DEP-001"]),
    change("commit of 41 digits and a tail of zeros", STAMP, "", b"{\"commit\":\"4f2d9c1e8b7a6053d1c2b3a4958676564738291a0\",\"time\":\"2027-03-09T20:30:00Z\"}\n\0\0\0\0\0\0\0\0", &["DEP-001"]),
    change("a tail of zeros", STAMP, "", b"{\"commit\":\"4f2d9c1e8b7a6053d1c2b3a4958676564738291a\",\"time\":\"2027-03-09T20:30:00Z\"}\n\0\0\0\0\0\0\0\0", &["DEP-001"]),
    change("twice", STAMP, "", b"{\"commit\":\"4f2d9c1e8b7a6053d1c2b3a4958676564738291a\",\"time\":\"2027-03-09T20:30:00Z\"}\n{\"commit\":\"4f2d9c1e8b7a6053d1c2b3a4958676564738291a\"}", &["DEP-001"]),
    change("commit of 39 digits", STAMP, "738291a\"", b"738291\"", &["DEP-001"]),
];
