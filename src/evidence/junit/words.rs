//! The words and elements with which test runners say how a case ended.
//!
//! Only what is known to be a pass is one. What is known neither as a pass nor as anything else is unclear.

use crate::evidence::{Outcome, Unclear};

/// Elements of a case that say nothing about how it ended.
const SILENT: [&str; 36] = [
    "assertions",
    "attachment",
    "attachments",
    "browser",
    "categories",
    "category",
    "custom",
    "description",
    "duration",
    "environment",
    "file",
    "label",
    "labels",
    "link",
    "links",
    "log",
    "logs",
    "metadata",
    "meta",
    "output",
    "parameter",
    "parameters",
    "property",
    "screenshot",
    "stack-trace",
    "step",
    "steps",
    "summary",
    "system-err",
    "system-out",
    "tag",
    "tags",
    "time",
    "traits",
    "url",
    "webLink",
];

/// Elements of a suite or of a whole report that say that it failed as such, in small letters.
const FAILED_RUN: [&str; 14] = [
    "aborted",
    "abort",
    "cancelled",
    "canceled",
    "crash",
    "crashed",
    "error",
    "errors",
    "exception",
    "failed",
    "failure",
    "fatal",
    "timeout",
    "timedout",
];

/// Whether an element of a case says nothing about how it ended.
pub(super) fn is_silent(element: &str) -> bool {
    SILENT.contains(&element)
}

/// Whether an element may say how a case ended, however it is capitalised. What says nothing must not hold one.
pub(in crate::evidence) fn is_result(element: &str) -> bool {
    const CASES: [&str; 6] = ["testcase", "test", "flakyFailure", "flakyError", "rerunFailure", "rerunError"];
    CASES.iter().any(|known| known.eq_ignore_ascii_case(element)) || says_that_run_failed(element)
}

/// Whether an element of a suite, however it is capitalised, says that the suite failed as such.
pub(in crate::evidence) fn says_that_run_failed(element: &str) -> bool {
    FAILED_RUN.iter().any(|known| known.eq_ignore_ascii_case(element))
}

/// Whether an attribute, in small letters, counts what did not pass, under a name that no runner documents.
pub(super) fn counts_failures(name: &str) -> bool {
    const NAMES: [&str; 11] = [
        "err",
        "errored",
        "exitcode",
        "exit-code",
        "fail",
        "failedtests",
        "failure",
        "incomplete",
        "timeouts",
        "timed-out",
        "unexpected",
    ];
    NAMES.contains(&name)
}

/// Whether the value of such an attribute says that there is none.
pub(super) fn is_nothing(word: &str) -> bool {
    let word = word.trim();
    ["", "0", "false", "no", "none", "null"].iter().any(|known| known.eq_ignore_ascii_case(word))
}

/// Whether a property of a case is named like the result of it.
pub(super) fn says_result(name: &str) -> bool {
    let word = name.trim().rsplit(['.', ':', '-', '_']).next().unwrap_or_default();
    ["result", "outcome", "status", "verdict", "conclusion"]
        .iter()
        .any(|known| known.eq_ignore_ascii_case(word))
}

/// Whether a word says that something did not pass.
pub(super) fn is_bad_result(word: &str) -> bool {
    let word = word.trim();
    says_that_run_failed(word) || matches!(stated_outcome(word), Some(Outcome::Failed | Outcome::Errored))
}

/// How a case ended by its `status`, `result`, `outcome` or `state`: GoogleTest writes `run`, `notrun`, `completed` and
/// `suppressed`, CTest `run`, `notrun`, `disabled` and `fail`, Qt Test `pass`, `xfail` and, as a failure, `xpass`.
pub(in crate::evidence) fn stated_outcome(word: &str) -> Option<Outcome> {
    const PASSED: [&str; 16] = [
        "passed",
        "pass",
        "ok",
        "run",
        "ran",
        "success",
        "successful",
        "succeeded",
        "completed",
        "complete",
        "executed",
        "finished",
        "done",
        "fixed",
        "green",
        "accepted",
    ];
    const SKIPPED: [&str; 15] = [
        "xfail",
        "notrun",
        "disabled",
        "suppressed",
        "skipped",
        "skip",
        "ignored",
        "ignore",
        "pending",
        "notexecuted",
        "not_run",
        "not-run",
        "todo",
        "deselected",
        "excluded",
    ];
    const FAILED: [&str; 8] = ["fail", "failed", "failure", "broken", "notok", "xpass", "regression", "red"];
    const ERRORED: [&str; 3] = ["error", "errored", "errors"];
    let word = word.trim();
    let is_any = |words: &[&str]| words.iter().any(|known| known.eq_ignore_ascii_case(word));
    match word {
        "" => None,
        _ if is_any(&PASSED) => Some(Outcome::Passed),
        _ if is_any(&SKIPPED) => Some(Outcome::Skipped),
        _ if is_any(&FAILED) => Some(Outcome::Failed),
        _ if is_any(&ERRORED) => Some(Outcome::Errored),
        _ => Some(Outcome::Unclear(Unclear::UnknownResult)),
    }
}

/// The same for an attribute that is true or false: `success`, `passed`, `executed`.
pub(super) fn stated_by_flag(name: &str, word: &str) -> Option<Outcome> {
    let word = word.trim();
    let is = |known: &[&str]| known.iter().any(|known| known.eq_ignore_ascii_case(word));
    match name {
        _ if word.is_empty() => None,
        _ if is(&["true", "1", "yes"]) => Some(Outcome::Passed),
        _ if !is(&["false", "0", "no"]) => Some(Outcome::Unclear(Unclear::UnknownResult)),
        "executed" => Some(Outcome::Skipped),
        _ => Some(Outcome::Failed),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_known_to_be_a_pass_is_one() {
        for word in ["passed", "PASSED", " ok ", "run", "Success", "completed"] {
            assert_eq!(stated_outcome(word), Some(Outcome::Passed), "{word}");
        }
        for word in
            ["timeout", "aborted", "crashed", "blocked", "inconclusive", "KO", "unknown", "cancelled", "pas"]
        {
            assert_eq!(stated_outcome(word), Some(Outcome::Unclear(Unclear::UnknownResult)), "{word}");
        }
        assert_eq!(stated_outcome("xfail"), Some(Outcome::Skipped), "it failed, as was expected");
        assert_eq!(stated_outcome("xpass"), Some(Outcome::Failed), "it passed against all expectation");
        assert_eq!(stated_outcome(""), None);
        assert_eq!(stated_by_flag("success", "false"), Some(Outcome::Failed));
        assert_eq!(stated_by_flag("executed", "False"), Some(Outcome::Skipped));
        assert_eq!(stated_by_flag("passed", "maybe"), Some(Outcome::Unclear(Unclear::UnknownResult)));
    }
}
