use super::test_results::named;
use crate::evidence::matching::MatchStrength;
use crate::finding::Report;
use crate::rules::{Subject, WARNING, words};

declare_rule! {
    /// A test result that matches several entries.
    ///
    /// Patterns of `match` or paths of `automation` overlap, so the result could
    /// belong to any of them. It proves none of them.
    ///
    /// ```yaml,bad
    /// - id: TEST-001
    ///   title: A user signs in
    ///   match: "*login*"
    /// - id: TEST-002
    ///   title: A login expires
    ///   match: "*login*"
    /// ```
    /// ```xml,beside
    /// <testsuite>
    ///   <testcase classname="session" name="login"/>
    /// </testsuite>
    /// ```
    ///
    /// ```yaml,good
    /// - id: TEST-001
    ///   title: A user signs in
    ///   match: "*login"
    /// - id: TEST-002
    ///   title: A login expires
    ///   match: "*login_expires"
    /// ```
    /// ```xml,beside
    /// <testsuite>
    ///   <testcase classname="session" name="login"/>
    /// </testsuite>
    /// ```
    "RP0601", "ambiguous-result", WARNING, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    // One finding for each set of entries: the cure is the same for all of its results.
    let mut seen: Vec<(Vec<crate::model::EntryIndex>, usize)> = Vec::new();
    for (index, way, entries) in subject.matches().ambiguous() {
        if seen.iter().any(|(known, _)| known == entries) || seen.len() >= MOST {
            continue;
        }
        seen.push((entries.to_vec(), 1));
        let case = subject.evidence.case(index);
        let ids: Vec<String> =
            entries.iter().map(|entry| subject.plan.entry(*entry).id.value.to_string()).collect();
        let how = match way {
            MatchStrength::Pattern => "`match` patterns",
            MatchStrength::Id | MatchStrength::Automation => "`automation` paths",
        };
        let message = format!(
            "`{}` matches the {how} of {}: the result is ambiguous",
            named(case),
            words::all_of(&ids)
        );
        let mut report =
            Report::at(case.span, message).help("narrow the patterns, or put the id in the test name");
        for entry in entries.iter().take(2) {
            let entry = subject.plan.entry(*entry);
            report = report.and(entry.id.span, "matches here");
        }
        reports.push(report);
    }
    subject.evidence.cases.len()
}

/// So many findings are enough to see what is wrong with patterns.
const MOST: usize = 50;
