//! Cases and the entries that they prove.

use std::borrow::Cow;

use chrono::{DateTime, Utc};

use super::*;
use crate::evidence::{Outcome, Report, ReportFlaw, ReportIndex, ReportKind, Timestamp};
use crate::model::{Families, document};
use crate::source::{FileId, SourceFile, Span};

const PLAN: &str = "\
- {id: TEST-001, title: Signs in, match: 'checkout::pays'}
- {id: TEST-002, title: Pays, automation: tests/e2e/test_checkout.py, match: ['cards::*', 'pays with ? cards']}
- {id: TEST-003, title: Pays again, match: '*::pays twice'}
- {id: TEST-004, title: Java, automation: src/test/java/com/example/CheckoutTest.java}
- {id: TEST-005, title: One test of a file, automation: 'tests/unit/test_money.py::TestMoney::test_adds'}
- {id: TEST-006, title: Rust, automation: src/evidence/matching.rs}
- {id: TEST-007, title: Vitest, automation: web/src/cart.test.ts}
- {id: TEST-02b, title: With a letter}
- {id: TEST-8, title: Of one digit}
- {id: TEST-009, title: Shared, automation: tests/shared.py}
- {id: TEST-010, title: Shared, automation: tests/shared.py}
";

fn plan_file(text: &str) -> SourceFile {
    SourceFile::new("plan.yaml", text)
}

fn plan(file: &SourceFile) -> Plan<'_> {
    Plan::new(vec![document::read(FileId(0), file, &Families::default())])
}

pub(super) fn case<'c>(class: &'c str, name: &'c str) -> Case<'c> {
    Case {
        report: ReportIndex(0),
        span: Span::new(FileId(1), 0, 0),
        name: name.into(),
        class: class.into(),
        suite: None,
        suite_start: None,
        file: None,
        properties: Box::default(),
        outcome: Outcome::Passed,
        flaky: false,
        time: Timestamp::Missing,
    }
}

fn in_file(file: &'static str, name: &'static str) -> Case<'static> {
    Case { file: Some(file.into()), ..case("", name) }
}

fn with_property(name: &'static str, value: &'static str) -> Case<'static> {
    Case { properties: [(Cow::from(name), Cow::from(value))].into(), ..case("", "x") }
}

fn report(commit: Option<&'static str>) -> Report<'static> {
    Report {
        file: FileId(1),
        kind: ReportKind::Junit,
        tools: Vec::new(),
        time: Timestamp::Missing,
        commit: commit.map(Cow::from),
        flaw: None,
        beyond_branches: crate::evidence::StatedBeyond::default(),
    }
}

fn evidence(cases: Vec<Case<'static>>) -> Evidence<'static> {
    Evidence { reports: vec![report(None)], cases: cases.into(), ..Evidence::default() }
}

/// What becomes of a case, in words.
fn fate(case: Case<'static>) -> String {
    let file = plan_file(PLAN);
    let plan = plan(&file);
    let evidence = evidence(vec![case]);
    let matches = TestMatches::new(&plan, &evidence);
    let ids = |entries: &[EntryIndex]| {
        let ids = entries.iter().map(|&entry| plan.entry(entry).id.value.to_string());
        ids.collect::<Vec<_>>().join(" ")
    };
    match matches.of_case(CaseIndex(0)) {
        CaseMatch::Proves(way, entries) => format!("{way:?} {}", ids(entries)),
        CaseMatch::Ambiguous(way, entries) => format!("ambiguous {way:?} {}", ids(entries)),
        CaseMatch::Unknown => format!("unknown {}", matches.unknown_ids()[0].1),
        CaseMatch::Unmatched => "unmatched".to_owned(),
    }
}

#[track_caller]
fn check(case: Case<'static>, expect: &str) {
    let shown = format!("{case:?}");
    assert_eq!(fate(case), expect, "{shown}");
}

#[test]
fn ids_prove_wherever_they_stand() {
    check(case("", "test_TEST_001_login"), "Id TEST-001");
    check(case("", "TEST-1: login"), "Id TEST-001");
    check(case("suite [TEST-02b]", "x"), "Id TEST-02b");
    check(in_file("tests/TEST-003/login.py", "x"), "Id TEST-003");
    check(case("", "[TEST-001] [TEST-003]"), "Id TEST-001 TEST-003");
    check(case("", "test_001_login"), "Id TEST-001");
    check(with_property("test_id", "TEST-001"), "Id TEST-001");
    check(with_property("Requirement", "see TEST-001, TEST-003"), "Id TEST-001 TEST-003");
    check(with_property("jira", "TEST-001"), "Id TEST-001");
}

#[test]
fn what_only_looks_like_an_id_proves_nothing() {
    check(case("", "LATEST-001"), "unmatched");
    check(case("", "TEST-001a"), "unknown TEST-001a");
    check(case("", "TEST-0012"), "unknown TEST-0012");
    // Any function may be called so; the plan writes TEST-001.
    check(case("", "test_1"), "unmatched");
    check(case("", "test_8"), "Id TEST-8");
    check(case("", "test_404_page"), "unmatched");
    check(with_property("description", "not the same as TEST-001"), "unmatched");
}

#[test]
fn an_id_that_no_entry_has_is_unknown_whatever_else_fits() {
    check(case("checkout", "TEST-999 pays"), "unknown TEST-999");
    check(in_file("tests/e2e/test_checkout.py", "test_TEST_999"), "unknown TEST-999");
    check(with_property("id", "TEST-999"), "unknown TEST-999");
}

#[test]
fn patterns_prove() {
    check(case("checkout", "pays"), "Pattern TEST-001");
    check(case("", "checkout.pays"), "Pattern TEST-001");
    check(case("cards", "anything"), "Pattern TEST-002");
    check(case("x", "pays with 3 cards"), "Pattern TEST-002");
    check(case("x", "pays with 33 cards"), "unmatched");
    check(case("cards", "pays twice"), "ambiguous Pattern TEST-002 TEST-003");
    check(case("cards", "TEST-8 pays twice"), "Id TEST-8");
}

#[test]
fn paths_prove() {
    check(in_file("tests/e2e/test_checkout.py", "x"), "Automation TEST-002");
    check(in_file("/builds/shop/tests/e2e/test_checkout.py", "x"), "Automation TEST-002");
    check(in_file("e2e\\test_checkout.py", "x"), "Automation TEST-002");
    check(in_file("other_test_checkout.py", "x"), "unmatched");
    check(in_file("tests/other/test_checkout.py", "x"), "unmatched");
    check(case("tests.e2e.test_checkout", "x"), "Automation TEST-002");
    check(case("tests.e2e.test_checkout.TestCart", "x"), "Automation TEST-002");
    check(case("com.example.CheckoutTest", "x"), "Automation TEST-004");
    check(case("com.example.CheckoutTest$Nested", "x"), "Automation TEST-004");
    check(case("CheckoutTest", "x"), "Automation TEST-004");
    check(case("org.example.CheckoutTest", "x"), "unmatched");
    check(case("src/cart.test.ts", "adds > twice"), "Automation TEST-007");
    check(in_file("tests/shared.py", "x"), "ambiguous Automation TEST-009 TEST-010");
}

#[test]
fn one_word_that_is_no_class_is_no_path() {
    check(case("matching", "x"), "unmatched");
    check(case("test_checkout", "x"), "unmatched");
}

#[test]
fn a_test_behind_a_path_is_that_test() {
    check(case("tests.unit.test_money.TestMoney", "test_adds"), "Automation TEST-005");
    check(case("tests.unit.test_money.TestMoney", "test_adds[1-2]"), "Automation TEST-005");
    check(case("tests.unit.test_money.TestMoney", "test_subtracts"), "unmatched");
}

#[test]
fn modules_of_rust_are_files() {
    check(case("relplan", "evidence::matching::tests::paths_prove"), "Automation TEST-006");
    check(case("evidence::matching::tests", "paths_prove"), "Automation TEST-006");
    check(case("relplan", "evidence::matching_more::x"), "unmatched");
    check(case("relplan", "evidence::other::tests::x"), "unmatched");
}

#[test]
fn every_case_is_counted_once() {
    let file = plan_file(PLAN);
    let plan = plan(&file);
    let evidence = evidence(vec![
        case("", "TEST-001 and TEST-999"),
        case("", "TEST-998"),
        case("cards", "pays twice"),
        case("cards", "pays"),
        case("", "nothing"),
        in_file("tests/shared.py", "x"),
    ]);
    let matches = TestMatches::new(&plan, &evidence);
    let summary = matches.summary();
    assert_eq!(summary, MatchSummary { matched: 2, ambiguous: 2, unknown: 1, unmatched: 1 });
    assert_eq!(summary.cases(), evidence.cases.len());
    let unknown: Vec<String> =
        matches.unknown_ids().iter().map(|(case, id)| format!("{} {id}", case.0)).collect();
    assert_eq!(unknown, ["0 TEST-999", "1 TEST-998"]);
    assert_eq!(matches.unmatched().collect::<Vec<_>>(), [CaseIndex(4)]);
    assert_eq!(matches.ambiguous().map(|(case, ..)| case.0).collect::<Vec<_>>(), [2, 5]);
    let results: Vec<String> =
        matches.results().map(|(entry, _)| plan.entry(entry).id.value.to_string()).collect();
    assert_eq!(results, ["TEST-001", "TEST-002"]);
}

#[test]
fn parts_are_joined_in_order() {
    let file = plan_file(PLAN);
    let plan = plan(&file);
    let cases = ["TEST-001", "x", "TEST-999", "TEST-001 TEST-003"];
    let evidence = evidence((0..3 * PART).map(|index| case("", cases[index % 4])).collect());
    let matches = TestMatches::new(&plan, &evidence);
    let lengths = matches.cases().map(|(_, found)| match found {
        CaseMatch::Proves(MatchStrength::Id, entries) => entries.len(),
        _ => 0,
    });
    assert!(lengths.eq((0..3 * PART).map(|index| [1, 0, 0, 2][index % 4])));
    let unknown = matches.unknown_ids().iter().map(|(case, _)| case.0 as usize);
    assert!(unknown.eq((0..3 * PART).filter(|index| index % 4 == 2)));
    assert_eq!(matches.summary().cases(), evidence.cases.len());
}

#[test]
fn thousands_that_fit_everything_are_not_all_kept() {
    let text: String =
        (0..2000).map(|number| format!("- {{id: TEST-{number}, title: x, match: '*'}}\n")).collect();
    let file = plan_file(&text);
    let plan = plan(&file);
    let evidence = evidence(vec![case("", "x"); 100]);
    let matches = TestMatches::new(&plan, &evidence);
    assert_eq!(matches.summary().ambiguous, 100);
    assert_eq!(matches.entries.len(), 100 * FEW);
}

/// The result of TEST-001 if these cases name it.
fn result(reports: Vec<Report<'static>>, cases: Vec<Case<'static>>) -> TestResult {
    let file = plan_file(PLAN);
    let plan = plan(&file);
    let evidence = Evidence { reports, cases: cases.into(), ..Evidence::default() };
    let matches = TestMatches::new(&plan, &evidence);
    let entry = tests(&plan).next().expect("an entry").0;
    matches.result(entry).expect("a result").clone()
}

fn ran(report: u32, name: &'static str, outcome: Outcome) -> Case<'static> {
    Case { report: ReportIndex(report), outcome, ..case("[TEST-001]", name) }
}

#[test]
fn verdicts() {
    use Outcome::{Errored, Failed, Passed, Skipped};
    for (outcomes, expect) in [
        (&[Passed, Passed][..], TestVerdict::Passed),
        (&[Passed, Skipped], TestVerdict::Passed),
        (&[Passed, Failed], TestVerdict::Failed),
        (&[Errored, Failed], TestVerdict::Failed),
        (&[Passed, Errored], TestVerdict::Errored),
        (&[Skipped], TestVerdict::OnlySkipped),
    ] {
        // Parameters make cases of different names, which must all pass.
        let cases = outcomes.iter().zip(["x[1]", "x[2]"]).map(|(outcome, name)| ran(0, name, *outcome));
        let result = result(vec![report(None)], cases.collect());
        assert_eq!(result.verdict, expect, "{outcomes:?}");
    }
    let flaky = Case { flaky: true, ..ran(0, "x", Passed) };
    let flaky = result(vec![report(None)], vec![flaky, ran(0, "y", Passed)]);
    assert_eq!((flaky.verdict, flaky.counts.flaky, flaky.counts.passed), (TestVerdict::Flaky, 1, 2));
}

#[test]
fn reports_of_one_commit_may_contradict_each_other() {
    let both = |first, second| {
        let cases = vec![ran(0, "x", Outcome::Passed), ran(1, "x", Outcome::Failed)];
        result(vec![report(first), report(second)], cases)
    };
    let found = both(Some("75d2c98"), Some("75D2C98a1b2c3"));
    assert_eq!(found.verdict, TestVerdict::Contradicting);
    assert_eq!(found.contradictions, [Contradiction { passed: CaseIndex(0), failed: CaseIndex(1) }]);
    assert_eq!(both(None, None).verdict, TestVerdict::Contradicting);
    assert_eq!(both(Some("75d2c98"), Some("57a7d0c")).verdict, TestVerdict::Failed);
    assert_eq!(
        both(Some("75d2c98"), None).verdict,
        TestVerdict::Contradicting,
        "it may be of the same commit"
    );
    // What another case says is beyond dispute.
    let cases =
        vec![ran(0, "x", Outcome::Passed), ran(1, "x", Outcome::Failed), ran(1, "y", Outcome::Failed)];
    assert_eq!(result(vec![report(None), report(None)], cases).verdict, TestVerdict::Failed);
    // Another file makes it another case.
    let elsewhere = Case { file: Some("b.py".into()), ..ran(1, "x", Outcome::Failed) };
    let cases = vec![ran(0, "x", Outcome::Passed), elsewhere];
    assert_eq!(result(vec![report(None), report(None)], cases).verdict, TestVerdict::Failed);
}

#[test]
fn a_report_that_was_cut_off_proves_nothing() {
    let cut = || Report { flaw: Some(ReportFlaw::CutOff), ..report(None) };
    let alone = result(vec![cut()], vec![ran(0, "x", Outcome::Passed)]);
    assert_eq!((alone.verdict, alone.counts.flawed), (TestVerdict::OnlyFlawed, 1));
    let failed = vec![ran(0, "x", Outcome::Failed), ran(1, "y", Outcome::Passed)];
    assert_eq!(result(vec![cut(), report(None)], failed).verdict, TestVerdict::Failed);
}

#[test]
fn times_and_reports_of_a_result() {
    let at = |text: &str| text.parse::<DateTime<Utc>>().expect("a time");
    let first = Report { time: Timestamp::At(at("2026-11-20T10:00:00Z")), ..report(Some("75d2c98")) };
    let own = Case { time: Timestamp::At(at("2026-11-20T12:00:00Z")), ..ran(1, "y", Outcome::Passed) };
    let skipped = Case { time: Timestamp::At(at("2026-11-21T12:00:00Z")), ..ran(1, "z", Outcome::Skipped) };
    let found = result(vec![first, report(None)], vec![ran(0, "x", Outcome::Passed), own, skipped]);
    assert_eq!(found.newest, Some(at("2026-11-20T12:00:00Z")));
    assert_eq!(found.oldest, Some(at("2026-11-20T10:00:00Z")));
    assert_eq!(found.reports, [ReportIndex(0), ReportIndex(1)]);
}

#[test]
fn a_result_can_be_asked_for_one_commit() {
    let cases = vec![ran(0, "x", Outcome::Failed), ran(1, "x", Outcome::Passed)];
    let reports = vec![report(Some("75d2c98")), report(Some("57a7d0c"))];
    let all = result(reports.clone(), cases.clone());
    let evidence = Evidence { reports, cases: cases.into(), ..Evidence::default() };
    let of = |commit| all.among(&evidence, |_, report| report.commit.as_deref() == Some(commit));
    assert_eq!(of("57a7d0c").map(|result| result.verdict), Some(TestVerdict::Passed));
    assert_eq!(of("75d2c98").map(|result| result.verdict), Some(TestVerdict::Failed));
    assert_eq!(of("1234567"), None);
}
