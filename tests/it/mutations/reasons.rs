//! Why something that differs in a file of evidence leaves a decision as it is.

use super::prove::{Form, Seen, same_parts};
use super::{facts, measured, trx};

/// How a piece differs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum How {
    Changed,
    Removed,
    Added,
}

/// Why a difference is harmless.
pub struct Reason {
    /// The formats, and the labels of the pieces, parted by `|`; a `*` at the end stands for anything. Without a label
    /// it is about the file as a whole.
    pub place: (&'static str, &'static str),
    pub how: &'static [How],
    pub why: &'static str,
    /// What has to be true besides, found out without relplan.
    pub holds: fn(&Seen<'_>) -> bool,
}

fn fits(patterns: &str, text: &str) -> bool {
    patterns.split('|').any(|pattern| {
        let (Some((start, rest)), true) = (pattern.split_once('*'), pattern != text) else {
            return pattern == text;
        };
        let Some(behind) = text.strip_prefix(start) else { return false };
        match rest.rsplit_once('*') {
            Some((middle, end)) => {
                behind.ends_with(end) && middle.split('*').all(|part| behind.contains(part))
            }
            None => behind.ends_with(rest),
        }
    })
}

/// The reason that is about a file as a whole.
pub fn whole(form: Form, holds: impl Fn(&Reason) -> bool) -> Option<usize> {
    ALL.iter()
        .position(|reason| reason.place.1.is_empty() && fits(reason.place.0, form.name) && holds(reason))
}

/// The first reason for a piece. Names of JUnit are read in any capitals, also by [`facts::junit`].
pub fn find(form: Form, label: &str, how: How, holds: impl Fn(&Reason) -> bool) -> Option<usize> {
    ALL.iter().position(|reason| {
        let (forms, labels) = reason.place;
        !labels.is_empty()
            && fits(forms, form.name)
            && (fits(labels, label) || (form.name == "junit" && fits(labels, &label.to_lowercase())))
            && reason.how.contains(&how)
            && holds(reason)
    })
}

const ANY: &[How] = &[How::Changed, How::Removed, How::Added];
const CHANGED_OR_REMOVED: &[How] = &[How::Changed, How::Removed];
const CHANGED: &[How] = &[How::Changed];
const ADDED: &[How] = &[How::Added];

fn always(_: &Seen<'_>) -> bool {
    true
}

/// Whether every letter is the same byte in UTF-8, in Latin-1 and in all others that XML may name.
fn ascii(seen: &Seen<'_>) -> bool {
    seen.mutant.list.iter().all(|token| token.value.is_ascii())
}

/// Every reason.
pub const ALL: &[Reason] = &[
    Reason {
        place: ("junit|trx|cobertura|sarif|provenance|origin|metrics|csv", ""),
        how: ANY,
        why: "the same parts, once more or in another order",
        holds: same_parts,
    },
    Reason {
        place: ("*", "space|mark"),
        how: ANY,
        why: "white space between the pieces, and the mark of UTF-8",
        holds: always,
    },
    Reason {
        place: ("words", "words"),
        how: ANY,
        why: "that the notes are there and not empty is all that can be asked",
        holds: always,
    },
    Reason {
        place: ("junit|trx|cobertura", "declaration"),
        how: ANY,
        why: "a declaration says how bytes are read; these are the same in every encoding that it may name",
        holds: ascii,
    },
    Reason {
        place: ("junit|trx|cobertura", "comment"),
        how: ANY,
        why: "a comment is no part of what is said (XML 1.0, 2.5)",
        holds: always,
    },
    Reason {
        place: ("junit", "testsuite@name|testsuites@name"),
        how: CHANGED_OR_REMOVED,
        why: "no test is known by its suite, and the name of the test runner changes no result",
        holds: facts::junit,
    },
    Reason {
        place: ("junit", "testsuite@tests|testsuites@tests|testsuite@skipped"),
        how: CHANGED_OR_REMOVED,
        why: "a count of tests that states no more than there are",
        holds: facts::junit,
    },
    Reason {
        place: ("junit", "testsuite@failures|testsuites@failures|testsuite@errors|testsuites@errors"),
        how: CHANGED_OR_REMOVED,
        why: "a count that states no failure",
        holds: facts::junit,
    },
    Reason {
        place: ("junit", "testsuite@timestamp"),
        how: CHANGED_OR_REMOVED,
        why: "the time is within `max_age`, or none is stated and `evidence.json` says it",
        holds: facts::junit,
    },
    Reason {
        place: ("junit", "testcase@time"),
        how: ANY,
        why: "how long a case took is asked by nobody",
        holds: facts::junit,
    },
    Reason {
        place: ("junit", "testcase@name"),
        how: CHANGED_OR_REMOVED,
        why: "the id of the test is still named whole; the class is what names the others",
        holds: facts::junit,
    },
    Reason {
        place: ("junit", "testcase@classname"),
        how: CHANGED_OR_REMOVED,
        why: "the case is known by its id, or by its file",
        holds: facts::junit,
    },
    Reason {
        place: ("junit", "testcase@file"),
        how: ANY,
        why: "the case is known by its id, or by its class",
        holds: facts::junit,
    },
    Reason {
        place: ("junit", "testsuites@*|testsuite@*"),
        how: ADDED,
        why: "an attribute that says nothing of how a suite ended",
        holds: facts::junit,
    },
    Reason {
        place: ("junit", "testcase@*"),
        how: ADDED,
        why: "an attribute that says nothing of how a case ended",
        holds: facts::junit,
    },
    Reason {
        place: (
            "junit",
            "<system-out>|</system-out>|system-out#text|<properties>|</properties>|<property>|</property>|property@*",
        ),
        how: ADDED,
        why: "output and properties are no result",
        holds: facts::junit,
    },
    Reason {
        place: ("junit", "<flakyFailure>|</flakyFailure>"),
        how: ADDED,
        why: "it passed after it had failed, which is a pass (Maven Surefire)",
        holds: facts::junit,
    },
    Reason {
        place: ("junit", "<testcase>|</testcase>|testcase@*"),
        how: ANY,
        why: "names in other capitals, or nested: every case that is asked for still stands there",
        holds: facts::junit,
    },
    Reason {
        place: (
            "junit",
            "<testcase>|</testcase>|testcase@*|<failure>|</failure>|<testsuite>|</testsuite>|testsuite@*",
        ),
        how: ADDED,
        why: "what failed is of no test of the plan: CONDITIONAL GO, which names it",
        holds: facts::junit_with_a_loose_failure,
    },
    Reason {
        place: ("junit", "testcase#text|testsuite#text|testsuites#text"),
        how: ADDED,
        why: "a text between tags is no result",
        holds: facts::junit,
    },
    Reason {
        place: ("junit", "<testcase>|</testcase>|<testsuite>|</testsuite>"),
        how: ADDED,
        why: "one more case that passed, or a suite without any",
        holds: facts::junit,
    },
    Reason {
        place: ("junit", "<line>|</line>|line@*|<class>|</class>|class@*|<lines>|</lines>"),
        how: ADDED,
        why: "coverage is no result of a test",
        holds: facts::junit,
    },
    Reason {
        place: ("trx", "UnitTestResult@testName"),
        how: CHANGED,
        why: "the id of the test is still named whole",
        holds: trx::holds,
    },
    Reason {
        place: ("trx", "UnitTestResult@startTime|UnitTestResult@endTime|Times@*"),
        how: ANY,
        why: "the time is within `max_age`, or none is stated and `evidence.json` says it",
        holds: trx::holds,
    },
    Reason {
        place: ("trx", "Counters@*|<Counters>|</Counters>"),
        how: ANY,
        why: "a count that states no failure, and no more tests than there are",
        holds: trx::holds,
    },
    Reason {
        place: ("trx", "ResultSummary@*|<ResultSummary>|</ResultSummary>"),
        how: ANY,
        why: "the run does not say that it failed",
        holds: trx::holds,
    },
    Reason {
        place: (
            "trx",
            "UnitTest@*|TestMethod@*|<UnitTest>|</UnitTest>|<TestMethod>|</TestMethod>|<TestDefinitions>|</TestDefinitions>",
        ),
        how: ANY,
        why: "a definition says where a test stands, which no test of the plan is known by",
        holds: trx::holds,
    },
    Reason {
        place: ("trx", "UnitTestResult@*|TestRun@*"),
        how: ANY,
        why: "names, ids and durations, and no word on how a test ended",
        holds: trx::holds,
    },
    Reason {
        place: ("trx", "<*Result>|</*Result>|<*result>|</*result>"),
        how: CHANGED_OR_REMOVED,
        why: "every kind of result is one, by whatever name: those that are asked for still stand there",
        holds: trx::holds,
    },
    Reason {
        place: ("trx", "<Times>|</Times>"),
        how: CHANGED_OR_REMOVED,
        why: "where no time is stated, `evidence.json` says it",
        holds: trx::holds,
    },
    Reason {
        place: ("trx", "*@*|<*|*#text"),
        how: ADDED,
        why: "what says nothing of how a test ended",
        holds: trx::holds,
    },
    Reason {
        place: ("cobertura", "<line>|</line>|line@number|line@hits"),
        how: ANY,
        why: "the share of lines stays above what is asked for, each counted by its best",
        holds: facts::cobertura,
    },
    Reason {
        place: ("cobertura", "line@branch|line@condition-coverage"),
        how: ANY,
        why: "branches are counted by their conditions, and stay above what is asked for",
        holds: facts::cobertura,
    },
    Reason {
        place: ("cobertura", "line@*"),
        how: ADDED,
        why: "an attribute of a line beside its number and hits",
        holds: facts::cobertura,
    },
    Reason {
        place: ("cobertura", "<methods>|</methods>|<method>|</method>"),
        how: ANY,
        why: "methods hold no other lines",
        holds: facts::cobertura,
    },
    Reason {
        place: ("cobertura", "class@name|package@name|class@*|package@*|coverage@*"),
        how: CHANGED_OR_REMOVED,
        why: "totals and names that state no less than what is counted",
        holds: facts::cobertura,
    },
    Reason {
        place: ("cobertura", "<*|*@*|*#text"),
        how: ADDED,
        why: "what no coverage report says is no coverage",
        holds: facts::cobertura,
    },
    Reason {
        place: ("lcov", "TN|VER|FN|FNDA|FNF|FNH|#"),
        how: ANY,
        why: "names and functions are not asked for",
        holds: facts::lcov,
    },
    Reason {
        place: ("lcov", "DA"),
        how: ANY,
        why: "the share of lines stays above what is asked for",
        holds: facts::lcov,
    },
    Reason {
        place: ("lcov", "BRDA"),
        how: ANY,
        why: "the share of branches stays above what is asked for",
        holds: facts::lcov,
    },
    Reason {
        place: ("lcov", "end_of_record"),
        how: ADDED,
        why: "the whole record once more",
        holds: facts::lcov,
    },
    Reason {
        place: ("lcov", "LF|LH|BRF|BRH"),
        how: ANY,
        why: "a summary that states no less than what is counted",
        holds: facts::lcov,
    },
    Reason { place: ("lcov", "SF"), how: ANY, why: "the file still lies in the package", holds: facts::lcov },
    Reason {
        place: ("sarif", "/$schema|/version"),
        how: ANY,
        why: "its runs say that it is SARIF",
        holds: facts::sarif,
    },
    Reason {
        place: ("sarif", "/runs/*/tool/driver/name"),
        how: CHANGED,
        why: "the name still is that of the tool",
        holds: facts::sarif,
    },
    Reason {
        place: ("sarif", "/runs/*/tool/driver/rules*"),
        how: ANY,
        why: "a rule is no result, and gives none a level that is high",
        holds: facts::sarif,
    },
    Reason {
        place: ("sarif", "/runs/*/invocations*"),
        how: ANY,
        why: "a scan need not say that it ended well; it does not say that it did not",
        holds: facts::sarif,
    },
    Reason {
        place: ("sarif", "/runs/*/results/*/ruleId|/runs/*/results/*/message*"),
        how: ANY,
        why: "words about a result that weighs little",
        holds: facts::sarif,
    },
    Reason {
        place: ("sarif", "/runs/*/results/*/level"),
        how: ANY,
        why: "no result is an error",
        holds: facts::sarif,
    },
    Reason {
        place: ("sarif", "/runs/*/results/*/properties*"),
        how: ANY,
        why: "no severity is 7.0 or above",
        holds: facts::sarif,
    },
    Reason {
        place: ("sarif", "/runs/*/results/*{|/runs/*/results/*}"),
        how: CHANGED_OR_REMOVED,
        why: "a result that weighs little is gone",
        holds: facts::sarif,
    },
    Reason {
        place: ("sarif", "/*"),
        how: ADDED,
        why: "a key beside those that say how bad something is, or how the scan ended",
        holds: facts::sarif,
    },
    Reason {
        place: ("metrics", "/metrics/*/name"),
        how: CHANGED_OR_REMOVED,
        why: "the same name in other letters, or under the same key in other capitals",
        holds: measured::metrics,
    },
    Reason {
        place: ("metrics", "/metrics/*/value"),
        how: CHANGED_OR_REMOVED,
        why: "the value is within its limit",
        holds: measured::metrics,
    },
    Reason {
        place: ("metrics", "/metrics/*/time"),
        how: CHANGED_OR_REMOVED,
        why: "the time is within `max_age`, or none is stated and `evidence.json` says it",
        holds: measured::metrics,
    },
    Reason {
        place: ("metrics", "/metrics/*/unit"),
        how: CHANGED_OR_REMOVED,
        why: "the unit is that of the indicator in the plan",
        holds: measured::metrics,
    },
    Reason {
        place: ("metrics", "/*"),
        how: ADDED,
        why: "a key beside value, unit, time and commit: all that has the name is within its limit",
        holds: measured::metrics,
    },
    Reason {
        place: ("csv", "row@value"),
        how: CHANGED,
        why: "the value is within its limit",
        holds: measured::table,
    },
    Reason {
        place: ("csv", "row@time"),
        how: CHANGED_OR_REMOVED,
        why: "the time is within `max_age`, or none is stated and `evidence.json` says it",
        holds: measured::table,
    },
    Reason {
        place: ("csv", "row@unit"),
        how: CHANGED_OR_REMOVED,
        why: "the unit is that of the indicator in the plan",
        holds: measured::table,
    },
    Reason {
        place: ("csv", "row@*|header"),
        how: ANY,
        why: "a column beside value, unit, time and commit: all that has the name is within its limit",
        holds: measured::table,
    },
    Reason {
        place: ("provenance", "/commit"),
        how: CHANGED,
        why: "the same commit in other letters",
        holds: facts::provenance,
    },
    Reason {
        place: ("provenance", "/time"),
        how: CHANGED,
        why: "the time is within `max_age`",
        holds: facts::provenance,
    },
    Reason {
        place: ("provenance", "/*"),
        how: ADDED,
        why: "a key that speaks neither of the commit nor of the time",
        holds: facts::provenance,
    },
    Reason {
        place: ("origin", "/time"),
        how: CHANGED,
        why: "the time is within the `max_age` of the notes",
        holds: facts::origin,
    },
    Reason {
        place: ("origin", "/*"),
        how: ADDED,
        why: "a key that says no other commit and no other time",
        holds: facts::origin,
    },
];
