use super::{Subject, WARNING};
use crate::finding::Report;
use crate::model::Choice;
use crate::model::dep::Severity;
use crate::model::test::TestStatus;

declare_rule! {
    /// A critical test that fails, is skipped, or cannot be run.
    ///
    /// A test is critical because the release must not go out without it.
    /// Mend what it found or what keeps it from running; if it is not critical
    /// after all, lower its priority, so that the plan says what is true.
    ///
    /// ```yaml,bad
    /// id: TEST-004
    /// title: Payments are booked once
    /// priority: Critical
    /// status: skipped
    /// ```
    ///
    /// ```yaml,good
    /// id: TEST-004
    /// title: Payments are booked once
    /// priority: Critical
    /// status: passing
    /// ```
    "RP0510", "critical-test-not-passing", WARNING, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    for (entry, test) in subject.plan.tests() {
        let (Some(priority), Some(status)) = (test.priority, test.status) else { continue };
        let how = match status.value {
            TestStatus::Failing | TestStatus::Skipped | TestStatus::Blocked => status.value.word(),
            TestStatus::Passing | TestStatus::NotRun => continue,
        };
        let reported =
            subject.plan.find(entry.id.value).is_some_and(|test| subject.is_reported_as_passing(test));
        if priority.value == Severity::Critical && !reported {
            let message = format!("{}: a critical test is {how}", entry.id.value);
            reports.push(
                Report::at(status.span, message)
                    .and(priority.span, "it is critical")
                    .help("fix the test before the release, or lower its `priority`"),
            );
        }
    }
    subject.plan.tests().count()
}
