use crate::finding::Report;
use crate::model::dep::Severity;
use crate::model::epic::State;
use crate::model::test::{Test, TestStatus};
use crate::model::{Choice, Entry, EntryIndex, Kind};
use crate::rules::gates::complete_epic_with_failing_test::test_end;
use crate::rules::{NOTE, Subject, WARNING};
use crate::source::Spanned;

declare_rule! {
    /// A critical test that fails, is skipped, or cannot be run; or that was not run although its EPIC is tested.
    ///
    /// The release must not go out without a critical test, and an EPIC in
    /// `Testing` or `Complete` should have run it. Fix the failure, or what keeps
    /// the test from running; if it is not critical, lower its priority.
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
    let critical = |test: &Test<'_>| test.priority.filter(|priority| priority.value == Severity::Critical);
    for (entry, test) in subject.plan.tests() {
        let (Some(priority), Some(index)) = (critical(test), subject.plan.find(entry.id.value)) else {
            continue;
        };
        if subject.is_reported_as_passing(index) {
            continue;
        }
        let id = entry.id.value;
        let report = match test.status {
            Some(status) if is_bad(status.value) => {
                let message = format!("{id}: a critical test is {}", status.value.word());
                Report::at(status.span, message)
                    .help("fix the test before the release, or lower its `priority`")
            }
            Some(status) if status.value == TestStatus::Passing => continue,
            stated => {
                let Some((epic, state)) = late_epic(subject, index) else { continue };
                let (place, how) = match stated {
                    Some(status) => (status.span, "is not run"),
                    None => (entry.id.span, "has no status"),
                };
                let message =
                    format!("{id}: critical test {how}, and {} is `{}`", epic.id.value, state.value);
                // While an EPIC is tested, some of its tests are still to be run; that is worth a look.
                let level = if state.value == State::Testing { NOTE } else { WARNING };
                Report::at(place, message)
                    .usually(level)
                    .and(state.span, format!("the state of {}", epic.id.value))
                    .help(format!("run {id}, or set the state of {} back to `In Progress`", epic.id.value))
            }
        };
        reports.push(report.and(priority.span, "it is critical"));
    }
    subject.plan.tests().count()
}

fn is_bad(status: TestStatus) -> bool {
    matches!(status, TestStatus::Failing | TestStatus::Skipped | TestStatus::Blocked)
}

/// The first EPIC that a test shows and that is in `Testing` or `Complete`, with its state.
fn late_epic<'p>(subject: &Subject<'p>, test: EntryIndex) -> Option<(&'p Entry<'p>, Spanned<State>)> {
    let mut found = None;
    subject.graph.any_edge(test, |edge| {
        let other = if edge.from == test { edge.to } else { edge.from };
        let entry = subject.plan.entry(other);
        let Kind::Epic(epic) = &entry.kind else { return false };
        let late = epic.state.filter(|state| matches!(state.value, State::Testing | State::Complete));
        found = late.filter(|_| test_end(other, &edge) == Some(test)).map(|state| (entry, state));
        found.is_some()
    });
    found
}

#[cfg(test)]
mod tests {
    use crate::rules::tests::messages;

    fn check(test: &str, epic: &str, expect: &[&str]) {
        let yaml = format!(
            "- {{id: TEST-1, title: T, priority: Critical{test}}}\n\
             - {{id: EPIC-1, title: E, verified_by: TEST-1{epic}}}"
        );
        assert_eq!(messages("critical-test-not-passing", &yaml, ""), expect, "{test} {epic}");
    }

    #[test]
    fn a_critical_test_is_run_before_its_epic_is_tested() {
        let not_run = ["TEST-1: critical test is not run, and EPIC-1 is `Testing`"];
        check(", status: not run", ", state: Testing", &not_run);
        check("", ", state: Complete", &["TEST-1: critical test has no status, and EPIC-1 is `Complete`"]);
        check(", status: skipped", ", state: Planned", &["TEST-1: a critical test is skipped"]);
        check(", status: not run", ", state: In Progress", &[]);
        check(", status: passing", ", state: Complete", &[]);
    }
}
