//! Scans.

use super::{Case, OTHER, STAMP};

const CLEAN: &[u8] =
    br#"{"version": "2.1.0", "runs": [{"tool": {"driver": {"name": "Trivy"}}, "results": []}]}"#;

const fn case(
    name: &'static str,
    files: &'static [(&'static str, &'static [u8])],
    verdict: &'static str,
    words: &'static [&'static str],
) -> Case {
    Case { name, demand: "{findings_below: high}", files, verdict, words }
}

pub const CASES: &[Case] = &[
    // A scan that proves nothing is not hidden by another of the same tool.
    case(
        "scan cut off beside a clean one",
        &[
            ("ci/fs.sarif", CLEAN),
            ("ci/image.sarif", br#"{"version": "2.1.0", "$schema": "x", "runs": [{"tool": {"driver": {"name": "Trivy", "rules": []}}, "results": [{"ruleId": "R1", "level": "error", "message": {"text": "bad"}}]"#),
        ],
        "unknown|fail",
        &["Trivy", "ci/image.sarif"],
    ),
    case(
        "failed scan beside a clean one",
        &[
            ("ci/fs.sarif", CLEAN),
            ("ci/image.sarif", br#"{"version": "2.1.0", "runs": [{"tool": {"driver": {"name": "Trivy"}}, "results": [{"ruleId": "R1", "level": "error", "message": {"text": "bad"}}], "invocations": [{"executionSuccessful": false}]}]}"#),
        ],
        "unknown|fail",
        &["Trivy"],
    ),
    case(
        "scan of no commit beside a clean one",
        &[
            ("ci/fs/fs.sarif", CLEAN),
            ("ci/fs/evidence.json", STAMP),
            ("ci/image/image.sarif", br#"{"version": "2.1.0", "runs": [{"tool": {"driver": {"name": "Trivy"}}, "results": [{"ruleId": "CVE-1", "level": "error", "message": {"text": "x"}}]}]}"#),
        ],
        "unknown|fail",
        &["Trivy"],
    ),
    case(
        "failed run beside a clean one in one file",
        &[("ci/a.sarif", br#"{"version": "2.1.0", "runs": [{"tool": {"driver": {"name": "Trivy"}}, "results": []}, {"tool": {"driver": {"name": "Trivy"}}, "invocations": [{"executionSuccessful": false}], "results": []}]}"#)],
        "unknown|fail",
        &["Trivy"],
    ),
    case(
        "run without results beside a clean one",
        &[
            ("ci/a.sarif", CLEAN),
            ("ci/b.sarif", br#"{"version": "2.1.0", "runs": [{"tool": {"driver": {"name": "Trivy"}}}]}"#),
        ],
        "unknown|fail",
        &["Trivy"],
    ),
    // A scan is a tool and a category.
    case(
        "one language of CodeQL is of another commit",
        &[
            ("ci/java/java.sarif", br#"{"version": "2.1.0", "runs": [{"tool": {"driver": {"name": "CodeQL"}}, "results": [], "automationDetails": {"id": "/language:java/"}}]}"#),
            ("ci/java/evidence.json", STAMP),
            ("ci/js/js.sarif", br#"{"version": "2.1.0", "runs": [{"tool": {"driver": {"name": "CodeQL"}}, "results": [{"ruleId": "R1", "level": "error", "message": {"text": "bad"}}], "automationDetails": {"id": "/language:js/"}}]}"#),
            ("ci/js/evidence.json", OTHER),
        ],
        "stale",
        &["CodeQL"],
    ),
    case(
        "one language of CodeQL failed",
        &[
            ("ci/java.sarif", br#"{"version": "2.1.0", "runs": [{"tool": {"driver": {"name": "CodeQL"}}, "results": [], "automationDetails": {"id": "/language:java/"}}]}"#),
            ("ci/js.sarif", br#"{"version": "2.1.0", "runs": [{"tool": {"driver": {"name": "CodeQL"}}, "results": [], "invocations": [{"executionSuccessful": false}], "automationDetails": {"id": "/language:js/"}}]}"#),
        ],
        "unknown|fail",
        &["CodeQL"],
    ),
    case(
        "the same language again, of another commit",
        &[
            ("ci/new/java.sarif", br#"{"version": "2.1.0", "runs": [{"tool": {"driver": {"name": "CodeQL"}}, "results": [], "automationDetails": {"id": "/language:java/"}}]}"#),
            ("ci/new/evidence.json", STAMP),
            ("ci/old/java.sarif", br#"{"version": "2.1.0", "runs": [{"tool": {"driver": {"name": "CodeQL"}}, "results": [{"ruleId": "R1", "level": "error", "message": {"text": "bad"}}], "automationDetails": {"id": "/language:java/"}}]}"#),
            ("ci/old/evidence.json", OTHER),
        ],
        "pass",
        &[],
    ),
    // Errors that a scanner notes.
    case(
        "rules timed out",
        &[("ci/a.sarif", br#"{"version": "2.1.0", "runs": [{"tool": {"driver": {"name": "Semgrep OSS"}}, "results": [], "invocations": [{"executionSuccessful": true, "toolExecutionNotifications": [{"level": "error", "descriptor": {"id": "Timeout"}, "message": {"text": "Timeout when running R1 on src/login.py"}}]}]}]}"#)],
        "unknown|fail",
        &["Semgrep OSS"],
    ),
    case(
        "rules could not be read",
        &[("ci/a.sarif", br#"{"version": "2.1.0", "runs": [{"tool": {"driver": {"name": "Semgrep OSS"}}, "results": [], "invocations": [{"executionSuccessful": true, "toolConfigurationNotifications": [{"level": "error", "message": {"text": "no such rule"}}]}]}]}"#)],
        "unknown|fail",
        &["Semgrep OSS"],
    ),
    case(
        "killed",
        &[("ci/a.sarif", br#"{"version": "2.1.0", "runs": [{"tool": {"driver": {"name": "Semgrep OSS"}}, "results": [], "invocations": [{"executionSuccessful": true, "exitSignalName": "SIGKILL"}]}]}"#)],
        "unknown|fail",
        &["Semgrep OSS"],
    ),
    case(
        "a note of a tool is no error",
        &[("ci/a.sarif", br#"{"version": "2.1.0", "runs": [{"tool": {"driver": {"name": "Semgrep OSS"}}, "results": [], "invocations": [{"executionSuccessful": true, "toolExecutionNotifications": [{"level": "note", "message": {"text": "12 rules"}}]}]}]}"#)],
        "pass",
        &[],
    ),
    // Next steps.
    case(
        "results are null",
        &[("ci/a.sarif", br#"{"version": "2.1.0", "runs": [{"tool": {"driver": {"name": "gosec"}}, "results": null}]}"#)],
        "unknown",
        &["gosec", "no list of results"],
    ),
    case(
        "results are an object",
        &[("ci/a.sarif", br#"{"version": "2.1.0", "runs": [{"tool": {"driver": {"name": "gosec"}}, "results": {}}]}"#)],
        "unknown",
        &["gosec", "write the whole report again"],
    ),
    case(
        "no run",
        &[("ci/a.sarif", br#"{"version": "2.1.0", "runs": []}"#)],
        "unknown",
        &[],
    ),
    // The level of a notification is that of its kind, where it states none.
    case(
        "notification of a kind that is an error",
        &[("ci/a.sarif", br#"{"version": "2.1.0", "runs": [{"tool": {"driver": {"name": "Semgrep", "notifications": [{"id": "N", "defaultConfiguration": {"level": "error"}}]}}, "results": [], "invocations": [{"executionSuccessful": true, "toolExecutionNotifications": [{"descriptor": {"id": "N", "index": 0}, "message": {"text": "x"}}]}]}]}"#)],
        "unknown|fail",
        &[],
    ),
    case(
        "notification of a kind by its position",
        &[("ci/a.sarif", br#"{"version": "2.1.0", "runs": [{"tool": {"driver": {"name": "Semgrep", "notifications": [{"id": "N", "defaultConfiguration": {"level": "error"}}]}}, "results": [], "invocations": [{"executionSuccessful": true, "toolExecutionNotifications": [{"descriptor": {"index": 0}}]}]}]}"#)],
        "unknown|fail",
        &[],
    ),
    case(
        "notification about the configuration",
        &[("ci/a.sarif", br#"{"version": "2.1.0", "runs": [{"tool": {"driver": {"name": "Semgrep", "notifications": [{"id": "N", "defaultConfiguration": {"level": "error"}}]}}, "results": [], "invocations": [{"executionSuccessful": true, "toolConfigurationNotifications": [{"descriptor": {"id": "N"}}]}]}]}"#)],
        "unknown|fail",
        &[],
    ),
    case(
        "notification whose kind is made an error",
        &[("ci/a.sarif", br#"{"version": "2.1.0", "runs": [{"tool": {"driver": {"name": "Semgrep", "notifications": [{"id": "N", "defaultConfiguration": {"level": "note"}}]}}, "results": [], "invocations": [{"executionSuccessful": true, "notificationConfigurationOverrides": [{"descriptor": {"id": "N"}, "configuration": {"level": "error"}}], "toolExecutionNotifications": [{"descriptor": {"id": "N"}}]}]}]}"#)],
        "unknown|fail",
        &[],
    ),
    case(
        "notification whose unknown kind is made an error",
        &[("ci/a.sarif", br#"{"version": "2.1.0", "runs": [{"tool": {"driver": {"name": "Semgrep"}}, "results": [], "invocations": [{"executionSuccessful": true, "notificationConfigurationOverrides": [{"descriptor": {"id": "M"}, "configuration": {"level": "error"}}], "toolExecutionNotifications": [{"descriptor": {"id": "M"}}]}]}]}"#)],
        "unknown|fail",
        &[],
    ),
    case(
        "notification with an exception",
        &[("ci/a.sarif", br#"{"version": "2.1.0", "runs": [{"tool": {"driver": {"name": "Semgrep"}}, "results": [], "invocations": [{"executionSuccessful": true, "toolExecutionNotifications": [{"exception": {"kind": "NullReference"}}]}]}]}"#)],
        "unknown|fail",
        &[],
    ),
    case(
        "notification of an error that is only a note",
        &[("ci/a.sarif", br#"{"version": "2.1.0", "runs": [{"tool": {"driver": {"name": "Semgrep", "notifications": [{"id": "N", "defaultConfiguration": {"level": "error"}}]}}, "results": [], "invocations": [{"executionSuccessful": true, "toolExecutionNotifications": [{"descriptor": {"id": "N"}, "level": "note"}]}]}]}"#)],
        "pass",
        &[],
    ),
    case(
        "notification of a quiet kind",
        &[("ci/a.sarif", br#"{"version": "2.1.0", "runs": [{"tool": {"driver": {"name": "Semgrep", "notifications": [{"id": "N", "defaultConfiguration": {"level": "note"}}]}}, "results": [], "invocations": [{"executionSuccessful": true, "toolExecutionNotifications": [{"descriptor": {"id": "N"}}]}]}]}"#)],
        "pass",
        &[],
    ),
];
