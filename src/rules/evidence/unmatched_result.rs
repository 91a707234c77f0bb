use super::test_results::{ResultGroup, named};
use crate::finding::Report;
use crate::rules::{NOTE, Subject};

declare_rule! {
    /// Results of tests that fit no entry of the plan.
    ///
    /// They prove nothing. Many plans name only the tests that a release rests
    /// on, so that this is no mistake by itself; but a report of which nothing
    /// fits proves nothing at all.
    ///
    /// ```yaml,bad
    /// id: TEST-001
    /// title: A user signs in
    /// ```
    /// ```xml,beside
    /// <testsuite>
    ///   <testcase classname="login" name="a user signs in"/>
    /// </testsuite>
    /// ```
    ///
    /// ```yaml,good
    /// id: TEST-001
    /// title: A user signs in
    /// match: "login::a user signs in"
    /// ```
    /// ```xml,beside
    /// <testsuite>
    ///   <testcase classname="login" name="a user signs in"/>
    /// </testsuite>
    /// ```
    "RP0602", "unmatched-result", NOTE, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    let mut found: Vec<ResultGroup> = Vec::new();
    for case in subject.matches().unmatched() {
        let case = subject.evidence.case(case);
        match found.last_mut().filter(|last| last.report == case.report) {
            Some(last) => last.count += 1,
            None => {
                found.push(ResultGroup { report: case.report, span: case.span, name: named(case), count: 1 })
            }
        }
    }
    let mut all = vec![0_usize; subject.evidence.reports.len()];
    subject.evidence.cases.iter().for_each(|case| all[case.report.0 as usize] += 1);
    for several in found {
        let all = all[several.report.0 as usize];
        let message = match several.count {
            1 => format!("`{}` matches no TEST entry", several.name),
            count => {
                format!("{count} of {all} results match no TEST entry, first `{}`", several.name)
            }
        };
        reports.push(
            Report::at(several.span, message).help(
                "put the id in the test name (`TEST-001 …`), or add `match` or `automation` to the entry",
            ),
        );
    }
    subject.evidence.cases.len()
}
