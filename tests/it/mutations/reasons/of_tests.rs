//! Reasons for any file, and for results of tests.

use super::{ADDED, ANY, CHANGED, CHANGED_OR_REMOVED, Reason};
use crate::mutations::prove::{Seen, same_parts};
use crate::mutations::{facts, trx};

fn always(_: &Seen<'_>) -> bool {
    true
}

/// Whether every letter is the same byte in UTF-8, in Latin-1 and in all others that XML may name.
fn ascii(seen: &Seen<'_>) -> bool {
    seen.mutant.list.iter().all(|token| token.value.is_ascii())
}

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
        place: (
            "junit",
            "<testcase>|</testcase>|testcase@*|<testsuite>|</testsuite>|<testsuites>|</testsuites>|testsuite@*|testsuites@*",
        ),
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
        place: ("trx", "<UnitTestResult>|</UnitTestResult>"),
        how: CHANGED_OR_REMOVED,
        why: "whatever stands in `Results` is a result, by any name: those that are asked for still stand there",
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
];
