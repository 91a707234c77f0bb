use rustc_hash::FxHashMap;

use super::test_results::{ResultGroup, named};
use crate::evidence::ReportIndex;
use crate::finding::Report;
use crate::model::Id;
use crate::rules::{Subject, WARNING, words};

declare_rule! {
    /// A result of a test that names an id which no entry has.
    ///
    /// Either the id is mistyped, so that the test it was meant for has no
    /// result, or a test exists that the plan knows nothing of. The result
    /// proves nothing.
    ///
    /// ```yaml,bad
    /// id: TEST-001
    /// title: A user signs in
    /// ```
    /// ```xml,beside
    /// <testsuite>
    ///   <testcase classname="login" name="TEST-010 a user signs in"/>
    /// </testsuite>
    /// ```
    ///
    /// ```yaml,good
    /// id: TEST-001
    /// title: A user signs in
    /// ```
    /// ```xml,beside
    /// <testsuite>
    ///   <testcase classname="login" name="TEST-001 a user signs in"/>
    /// </testsuite>
    /// ```
    "RP0600", "result-of-unknown-test", WARNING, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    let mut places: FxHashMap<(ReportIndex, Id), usize> = FxHashMap::default();
    let mut found: Vec<(Id, ResultGroup)> = Vec::new();
    for (case, id) in subject.matches().unknown_ids() {
        let case = subject.evidence.case(*case);
        let at = *places.entry((case.report, *id)).or_insert_with(|| {
            found.push((
                *id,
                ResultGroup { report: case.report, span: case.span, name: named(case), count: 0 },
            ));
            found.len() - 1
        });
        found[at].1.count += 1;
    }
    for (id, several) in found {
        let how_often =
            if several.count == 1 { String::new() } else { format!(" ({} results)", several.count) };
        let message = format!("`{}` refers to {id}, which does not exist{how_often}", several.name);
        let near: Vec<String> =
            subject.plan.near(id).take(3).map(|entry| entry.id.value.to_string()).collect();
        let help = match near.is_empty() {
            true => format!("add {id} to the plan, or correct the id in the test"),
            false => format!("add {id} to the plan, or use an existing id, such as {}", words::any_of(&near)),
        };
        reports.push(Report::at(several.span, message).help(help));
    }
    subject.evidence.cases.len()
}
