//! Results of tests.

use super::{Case, OTHER, STAMP};

const TESTS: &str = "{tests: 100%}";
const fn case(
    name: &'static str,
    files: &'static [(&'static str, &'static [u8])],
    verdict: &'static str,
    words: &'static [&'static str],
) -> Case {
    Case { name, demand: TESTS, files, verdict, words }
}

/// A report in which the test passed.
const GREEN: &[u8] =
    br#"<testsuite name="s" timestamp="2026-11-20T07:00:00"><testcase classname="a" name="TEST-001 x"/></testsuite>"#;

pub const CASES: &[Case] = &[
    // A failure whose commit or time is not known is not dropped because another report passes.
    case(
        "failing shard without time",
        &[
            ("ci/cpp.xml", br#"<testsuite name="s"><testcase classname="b" name="TEST-001 x"><failure message="no"/></testcase></testsuite>"#),
            ("ci/linux.xml", GREEN),
            ("ci/evidence.json", br#"{"commit": "4f2d9c1e8b7a6053d1c2b3a4958676564738291a"}"#),
        ],
        "fail",
        &["TEST-001", "no time"],
    ),
    case(
        "failing shard in the future",
        &[
            ("ci/linux.xml", GREEN),
            ("ci/tokyo.xml", br#"<testsuite name="s" timestamp="2026-11-21T16:30:00"><testcase classname="b" name="TEST-001 x"><failure message="no"/></testcase></testsuite>"#),
        ],
        "fail",
        &["TEST-001", "in the future"],
    ),
    case(
        "failing shard with a time that cannot be read",
        &[
            ("ci/linux.xml", GREEN),
            ("ci/odd.xml", br#"<testsuite name="s" timestamp="20.11.2026 07:00"><testcase classname="b" name="TEST-001 x"><error/></testcase></testsuite>"#),
        ],
        "fail",
        &["TEST-001"],
    ),
    case(
        "failing shard of no commit",
        &[
            ("ci/a/linux.xml", GREEN),
            ("ci/a/evidence.json", STAMP),
            ("ci/b/mac.xml", br#"<testsuite name="s" timestamp="2026-11-20T07:10:00"><testcase classname="b" name="TEST-001 x"><failure/></testcase></testsuite>"#),
        ],
        "fail",
        &["TEST-001"],
    ),
    case(
        "unclear shard without time",
        &[
            ("ci/linux.xml", GREEN),
            ("ci/odd.xml", br#"<testsuite name="s"><testcase classname="b" name="TEST-001 x" status="aborted"/></testsuite>"#),
            ("ci/evidence.json", br#"{"commit": "4f2d9c1e8b7a6053d1c2b3a4958676564738291a"}"#),
        ],
        "unknown|fail",
        &["TEST-001"],
    ),
    case(
        "failure of another commit says nothing of this one",
        &[
            ("ci/a/linux.xml", GREEN),
            ("ci/a/evidence.json", STAMP),
            ("ci/b/old.xml", br#"<testsuite name="s" timestamp="2026-11-19T07:00:00"><testcase classname="a" name="TEST-001 x"><failure/></testcase></testsuite>"#),
            ("ci/b/evidence.json", OTHER),
        ],
        "pass",
        &[],
    ),
    // What a suite states and does not hold.
    case(
        "suite states a failure",
        &[("ci/t.xml", br#"<testsuites><testsuite name="s" timestamp="2026-11-20T07:00:00" tests="1" failures="1" errors="0"><testcase classname="a" name="TEST-001 signs in"/></testsuite></testsuites>"#)],
        "unknown",
        &["failures that are missing from it", "failures"],
    ),
    case(
        "suite states an error",
        &[("ci/t.xml", br#"<testsuite name="s" timestamp="2026-11-20T07:00:00" errors="1"><testcase classname="a" name="TEST-001 signs in"/></testsuite>"#)],
        "unknown",
        &["failures that are missing from it", "errors"],
    ),
    case(
        "run states failures",
        &[("ci/t.xml", br#"<testsuites failures="2"><testsuite name="s" timestamp="2026-11-20T07:00:00"><testcase classname="a" name="TEST-001 signs in"/></testsuite></testsuites>"#)],
        "unknown",
        &["failures that are missing from it"],
    ),
    case(
        "suite states more tests",
        &[("ci/t.xml", br#"<testsuite name="s" tests="5" timestamp="2026-11-20T07:00:00"><testcase classname="a" name="TEST-001 signs in"/></testsuite>"#)],
        "unknown",
        &["failures that are missing from it", "tests"],
    ),
    case(
        "suite states fewer tests",
        &[("ci/t.xml", br#"<testsuite name="s" tests="0" failures="0" timestamp="2026-11-20T07:00:00"><testcase classname="a" name="TEST-001 signs in"/></testsuite>"#)],
        "pass",
        &[],
    ),
    // Elements and words that are not known.
    case(
        "warning of PHPUnit",
        &[("ci/j.xml", br#"<testsuites><testsuite name="s" timestamp="2026-11-20T07:00:00" tests="1" warnings="1"><testsuite name="LoginTest::testTEST001" tests="1" warnings="1" errors="0" failures="0"><testcase name="TEST-001 Warning" class="PHPUnit\Framework\WarningTestCase"><warning type="PHPUnit\Framework\Warning">The data provider is invalid.</warning></testcase></testsuite></testsuite></testsuites>"#)],
        "unknown",
        &["unknown result", "<warning>"],
    ),
    case(
        "risky test",
        &[("ci/j.xml", br#"<testsuite name="s" timestamp="2026-11-20T07:00:00"><testcase classname="a" name="TEST-001 x"><risky/></testcase></testsuite>"#)],
        "unknown",
        &["unknown result"],
    ),
    case(
        "failure in a namespace",
        &[("ci/j.xml", br#"<testsuite xmlns:j="urn:j" name="s" timestamp="2026-11-20T07:00:00"><testcase classname="a" name="TEST-001 x"><j:failure/></testcase></testsuite>"#)],
        "unknown|fail",
        &["TEST-001"],
    ),
    case(
        "failure in capitals",
        &[("ci/j.xml", br#"<testsuite name="s" timestamp="2026-11-20T07:00:00"><testcase classname="a" name="TEST-001 x"><FAILURE>no</FAILURE></testcase></testsuite>"#)],
        "unknown|fail",
        &["TEST-001"],
    ),
    case(
        "inconclusive as an attribute in capitals",
        &[("ci/j.xml", br#"<testsuite name="s" timestamp="2026-11-20T07:00:00"><testcase classname="a" name="TEST-001 x" Result="Inconclusive"/></testsuite>"#)],
        "unknown|fail",
        &["TEST-001"],
    ),
    // Attempts.
    case(
        "retry in one file",
        &[("ci/j.xml", br#"<testsuite name="s" timestamp="2026-11-20T07:00:00" tests="3" failures="2"><testcase classname="a" name="TEST-001 signs in"><failure message="no"/></testcase><testcase classname="a" name="TEST-001 signs in"><failure message="no"/></testcase><testcase classname="a" name="TEST-001 signs in"/></testsuite>"#)],
        "fail",
        &["later attempt", "retries"],
    ),
    case(
        "retry in two files",
        &[
            ("ci/attempt1.xml", br#"<testsuite name="s" timestamp="2026-11-20T07:00:00"><testcase classname="a" name="TEST-001 signs in"><failure message="no"/></testcase></testsuite>"#),
            ("ci/attempt2.xml", br#"<testsuite name="s" timestamp="2026-11-20T07:30:00"><testcase classname="a" name="TEST-001 signs in"/></testsuite>"#),
        ],
        "unknown|fail",
        &["later attempt", "keep only the report of the current run"],
    ),
    case(
        "passed first and failed later",
        &[("ci/j.xml", br#"<testsuite name="s" timestamp="2026-11-20T07:00:00"><testcase classname="a" name="TEST-001 signs in"/><testcase classname="a" name="TEST-001 signs in"><failure/></testcase></testsuite>"#)],
        "fail",
        &["TEST-001"],
    ),
    case(
        "failed again in every rerun",
        &[("ci/j.xml", br#"<testsuite name="s" timestamp="2026-11-20T07:00:00"><testcase classname="a" name="TEST-001 signs in"><rerunFailure/><rerunFailure/></testcase></testsuite>"#)],
        "fail",
        &["TEST-001"],
    ),
    // Ids in the names of suites.
    case(
        "id in the name of the suite",
        &[("ci/j.xml", br#"<testsuites><testsuite name="Login / TEST-001 signs in" timestamp="2026-11-20T07:00:00"><testcase classname="Collection" name="Status is 200"><failure/></testcase></testsuite></testsuites>"#)],
        "fail",
        &["TEST-001"],
    ),
    case(
        "id in the name of an outer suite",
        &[("ci/j.xml", br#"<testsuites><testsuite name="TEST-001" timestamp="2026-11-20T07:00:00"><testsuite name="step"><testcase classname="c" name="one"/><testcase classname="c" name="two"><error/></testcase></testsuite></testsuite></testsuites>"#)],
        "fail",
        &["TEST-001"],
    ),
    case(
        "id in the name of a suite that failed as a whole",
        &[("ci/j.xml", br#"<testsuite name="TEST-001 signs in" timestamp="2026-11-20T07:00:00"><error message="setup"/></testsuite>"#)],
        "fail|unknown",
        &["TEST-001"],
    ),
    // Commits.
    case(
        "merge commit in evidence.json",
        &[
            ("ci/j.xml", GREEN),
            ("ci/evidence.json", br#"{"commit": "9999999999999999999999999999999999999999", "time": "2026-11-20T08:00:00Z"}"#),
        ],
        "stale",
        &["merge commit"],
    ),
    case(
        "merge commit in a property",
        &[("ci/j.xml", br#"<testsuite name="s" timestamp="2026-11-20T07:00:00"><properties><property name="env.GITHUB_SHA" value="9999999999999999999999999999999999999999"/></properties><testcase classname="a" name="TEST-001 signs in"/></testsuite>"#)],
        "unknown",
        &["report for two commits", "merge commit"],
    ),
    case(
        "other commit as an attribute",
        &[("ci/j.xml", br#"<testsuite name="s" commit="9999999999999999999999999999999999999999" timestamp="2026-11-20T07:00:00"><testcase classname="a" name="TEST-001 signs in"/></testsuite>"#)],
        "unknown|stale",
        &["TEST-001"],
    ),
    case(
        "other commit in a property of the run",
        &[("ci/j.xml", br#"<testsuites><properties><property name="CI_COMMIT_SHA">9999999999999999999999999999999999999999</property></properties><testsuite name="s" timestamp="2026-11-20T07:00:00"><testcase classname="a" name="TEST-001 signs in"/></testsuite></testsuites>"#)],
        "unknown|stale",
        &["TEST-001"],
    ),
    // What was not to count.
    case(
        "a test of Catch2 that may fail",
        &[("ci/j.xml", br#"<testsuite name="s" timestamp="2026-11-20T07:00:00"><testcase classname="bin.global" name="TEST-001" status="run"><skipped message="TEST_CASE tagged with !mayfail"/><failure message="x" type="CHECK">FAILED</failure></testcase></testsuite>"#)],
        "unknown",
        &["skipped"],
    ),
    case(
        "disabled by its status",
        &[("ci/j.xml", br#"<testsuite name="s" timestamp="2026-11-20T07:00:00"><testcase classname="a" name="TEST-001" status="notrun"/></testsuite>"#)],
        "unknown",
        &["skipped"],
    ),
    case(
        "skipped and gone wrong",
        &[("ci/j.xml", br#"<testsuite name="s" timestamp="2026-11-20T07:00:00"><testcase classname="a" name="TEST-001"><error/><skipped/></testcase></testsuite>"#)],
        "unknown|fail",
        &["TEST-001"],
    ),
    // Next steps.
    case(
        "time without an offset",
        &[("ci/tokyo.xml", br#"<testsuite name="s" timestamp="2026-11-21T16:30:00"><testcase classname="a" name="TEST-001 signs in"/></testsuite>"#)],
        "unknown",
        &["offset", "UTC"],
    ),
    case(
        "time with an offset",
        &[("ci/tokyo.xml", br#"<testsuite name="s" timestamp="2026-11-20T16:30:00+09:00"><testcase classname="a" name="TEST-001 signs in"/></testsuite>"#)],
        "pass",
        &[],
    ),
    case(
        "more keys in evidence.json",
        &[
            ("ci/j.xml", GREEN),
            ("ci/evidence.json", br#"{"commit": "4f2d9c1e8b7a6053d1c2b3a4958676564738291a", "time": "2026-11-20T08:00:00Z", "branch": "main", "run_id": 12}"#),
        ],
        "pass",
        &["branch", "run_id"],
    ),
    case(
        "commit under another key in evidence.json",
        &[
            ("ci/j.xml", GREEN),
            ("ci/evidence.json", br#"{"Commit": "4f2d9c1e8b7a6053d1c2b3a4958676564738291a", "time": "2026-11-20T08:00:00Z"}"#),
        ],
        "unknown",
        &["no commit", "Commit"],
    ),
    case(
        "commit twice in evidence.json",
        &[
            ("ci/j.xml", GREEN),
            ("ci/evidence.json", br#"{"commit": "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "commit": "4f2d9c1e8b7a6053d1c2b3a4958676564738291a", "time": "2026-11-20T08:00:00Z"}"#),
        ],
        "unknown",
        &["duplicate key"],
    ),
    // Words for what did not pass that no runner documents.
    case(
        "suite attribute: errored",
        &[("ci/a.xml", br#"<testsuite name="s" timestamp="2026-11-20T07:00:00" tests="1" errored="1"><testcase classname="a" name="TEST-001 x"></testcase></testsuite>"#)],
        "unknown|fail",
        &[],
    ),
    case(
        "suite attribute: failure, one",
        &[("ci/a.xml", br#"<testsuite name="s" timestamp="2026-11-20T07:00:00" tests="1" failure="1"><testcase classname="a" name="TEST-001 x"></testcase></testsuite>"#)],
        "unknown|fail",
        &[],
    ),
    case(
        "suite attribute: timeouts",
        &[("ci/a.xml", br#"<testsuite name="s" timestamp="2026-11-20T07:00:00" tests="1" timeouts="2"><testcase classname="a" name="TEST-001 x"></testcase></testsuite>"#)],
        "unknown|fail",
        &[],
    ),
    case(
        "suite attribute: incomplete",
        &[("ci/a.xml", br#"<testsuite name="s" timestamp="2026-11-20T07:00:00" tests="1" incomplete="true"><testcase classname="a" name="TEST-001 x"></testcase></testsuite>"#)],
        "unknown|fail",
        &[],
    ),
    case(
        "suite attribute: exit code",
        &[("ci/a.xml", br#"<testsuite name="s" timestamp="2026-11-20T07:00:00" tests="1" exitCode="3"><testcase classname="a" name="TEST-001 x"></testcase></testsuite>"#)],
        "unknown|fail",
        &[],
    ),
    case(
        "suite attribute: err",
        &[("ci/a.xml", br#"<testsuite name="s" timestamp="2026-11-20T07:00:00" tests="1" err="1"><testcase classname="a" name="TEST-001 x"></testcase></testsuite>"#)],
        "unknown|fail",
        &[],
    ),
    case(
        "suite attribute: verdict",
        &[("ci/a.xml", br#"<testsuite name="s" timestamp="2026-11-20T07:00:00" tests="1" verdict="failed"><testcase classname="a" name="TEST-001 x"></testcase></testsuite>"#)],
        "unknown|fail",
        &[],
    ),
    case(
        "case attribute: timed out",
        &[("ci/a.xml", br#"<testsuite name="s" timestamp="2026-11-20T07:00:00" tests="1"><testcase classname="a" name="TEST-001 x" timedout="true"></testcase></testsuite>"#)],
        "unknown|fail",
        &[],
    ),
    case(
        "case attribute: failure",
        &[("ci/a.xml", br#"<testsuite name="s" timestamp="2026-11-20T07:00:00" tests="1"><testcase classname="a" name="TEST-001 x" failure="true"></testcase></testsuite>"#)],
        "unknown|fail",
        &[],
    ),
    case(
        "case attribute: verdict",
        &[("ci/a.xml", br#"<testsuite name="s" timestamp="2026-11-20T07:00:00" tests="1"><testcase classname="a" name="TEST-001 x" verdict="failed"></testcase></testsuite>"#)],
        "unknown|fail",
        &[],
    ),
    case(
        "case attribute: conclusion",
        &[("ci/a.xml", br#"<testsuite name="s" timestamp="2026-11-20T07:00:00" tests="1"><testcase classname="a" name="TEST-001 x" conclusion="timed_out"></testcase></testsuite>"#)],
        "unknown|fail",
        &[],
    ),
    case(
        "case attribute: crashed",
        &[("ci/a.xml", br#"<testsuite name="s" timestamp="2026-11-20T07:00:00" tests="1"><testcase classname="a" name="TEST-001 x" crashed="1"></testcase></testsuite>"#)],
        "unknown|fail",
        &[],
    ),
    case(
        "case property: result",
        &[("ci/a.xml", br#"<testsuite name="s" timestamp="2026-11-20T07:00:00" tests="1"><testcase classname="a" name="TEST-001 x"><properties><property name="result" value="FAIL"/></properties></testcase></testsuite>"#)],
        "unknown|fail",
        &[],
    ),
    case(
        "case property: outcome",
        &[("ci/a.xml", br#"<testsuite name="s" timestamp="2026-11-20T07:00:00" tests="1"><testcase classname="a" name="TEST-001 x"><properties><property name="outcome" value="timeout"/></properties></testcase></testsuite>"#)],
        "unknown|fail",
        &[],
    ),
    case(
        "case property: test.status",
        &[("ci/a.xml", br#"<testsuite name="s" timestamp="2026-11-20T07:00:00" tests="1"><testcase classname="a" name="TEST-001 x"><properties><property name="test.status" value="failed"/></properties></testcase></testsuite>"#)],
        "unknown|fail",
        &[],
    ),
    case(
        "case property: verdict",
        &[("ci/a.xml", br#"<testsuite name="s" timestamp="2026-11-20T07:00:00" tests="1"><testcase classname="a" name="TEST-001 x"><properties><property name="verdict" value="error"/></properties></testcase></testsuite>"#)],
        "unknown|fail",
        &[],
    ),
    case(
        "words that say that nothing failed",
        &[("ci/a.xml", br#"<testsuite name="s" timestamp="2026-11-20T07:00:00" tests="1" errored="0" failure="false" exitCode="0" timeouts=""><testcase classname="a" name="TEST-001 x" failure="" verdict="passed" timeout="30"><properties><property name="result" value="PASS"/><property name="status" value="draft"/></properties></testcase></testsuite>"#)],
        "pass",
        &[],
    ),
    // A package of go test that failed as such, in another run of the same file.
    case(
        "package fails in a later run",
        &[("ci/go.json", br#"{"Time": "2026-11-20T07:00:00Z", "Package": "a/b", "Action": "start"}
{"Time": "2026-11-20T07:00:00Z", "Package": "a/b", "Action": "run", "Test": "TestLogin_TEST_001"}
{"Time": "2026-11-20T07:00:00Z", "Package": "a/b", "Action": "pass", "Test": "TestLogin_TEST_001", "Elapsed": 0}
{"Time": "2026-11-20T07:00:00Z", "Package": "a/b", "Action": "pass", "Elapsed": 1}
{"Time": "2026-11-20T07:00:00Z", "Package": "a/b", "Action": "start"}
{"Time": "2026-11-20T07:00:00Z", "Package": "a/b", "Action": "fail", "Elapsed": 1}
"#)],
        "unknown|fail",
        &[],
    ),
    case(
        "package fails in an earlier run",
        &[("ci/go.json", br#"{"Time": "2026-11-20T07:00:00Z", "Package": "a/b", "Action": "start"}
{"Time": "2026-11-20T07:00:00Z", "Package": "a/b", "Action": "fail", "Elapsed": 1}
{"Time": "2026-11-20T07:00:00Z", "Package": "a/b", "Action": "start"}
{"Time": "2026-11-20T07:00:00Z", "Package": "a/b", "Action": "run", "Test": "TestLogin_TEST_001"}
{"Time": "2026-11-20T07:00:00Z", "Package": "a/b", "Action": "pass", "Test": "TestLogin_TEST_001", "Elapsed": 0}
{"Time": "2026-11-20T07:00:00Z", "Package": "a/b", "Action": "pass", "Elapsed": 1}
"#)],
        "unknown|fail",
        &[],
    ),
    case(
        "failed tests of a package run again",
        &[("ci/go.json", br#"{"Time": "2026-11-20T06:50:00Z", "Package": "a/b", "Action": "start"}
{"Time": "2026-11-20T06:50:00Z", "Package": "a/b", "Action": "run", "Test": "TestLogin_TEST_001"}
{"Time": "2026-11-20T06:50:00Z", "Package": "a/b", "Action": "fail", "Test": "TestLogin_TEST_001", "Elapsed": 0}
{"Time": "2026-11-20T06:50:00Z", "Package": "a/b", "Action": "fail", "Elapsed": 1}
{"Time": "2026-11-20T07:00:00Z", "Package": "a/b", "Action": "start"}
{"Time": "2026-11-20T07:00:00Z", "Package": "a/b", "Action": "run", "Test": "TestLogin_TEST_001"}
{"Time": "2026-11-20T07:00:00Z", "Package": "a/b", "Action": "pass", "Test": "TestLogin_TEST_001", "Elapsed": 0}
{"Time": "2026-11-20T07:00:00Z", "Package": "a/b", "Action": "pass", "Elapsed": 1}
"#)],
        "fail",
        &["later attempt"],
    ),
];
