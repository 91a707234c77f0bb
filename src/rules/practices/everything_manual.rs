use crate::finding::{FindingSubject, Report};
use crate::model::dep::Method;
use crate::rules::{Subject, WARNING, words};
use crate::source::Span;

declare_rule! {
    /// A release of which every step and every check is done by hand.
    ///
    /// What people do by hand they do differently each time, and slowest when
    /// it matters most. Automate first what is repeated in every release:
    /// backup, deployment, smoke test. Entries that do not say how they are
    /// done are not counted.
    ///
    /// ```yaml,bad
    /// - id: DEP-001
    ///   type: Step
    ///   action: Copy the build to both servers
    ///   automated: No
    /// - id: DEP-002
    ///   type: Step
    ///   action: Restart the service on both servers
    ///   automated: No
    /// - id: DEP-003
    ///   type: Validation
    ///   check: Sign-in and order succeed
    ///   method: Manual
    /// ```
    ///
    /// ```yaml,good
    /// - id: DEP-001
    ///   type: Step
    ///   action: Deploy the build with the pipeline
    ///   automated: Yes
    /// - id: DEP-002
    ///   type: Validation
    ///   check: Sign-in and order succeed
    ///   method: Both — the smoke suite runs, and QA places one order
    /// - id: DEP-003
    ///   type: Validation
    ///   check: Two customers confirm their daily work
    ///   method: Manual
    /// ```
    "RP0502", "everything-manual", WARNING, since "0.1.0"
}

/// Fewer manual entries than this say nothing about a way of working.
const FEWEST: usize = 3;

/// How many further places are shown.
const SHOWN: usize = 4;

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    let plan = subject.plan;
    let steps = plan.steps().map(|(_, step)| {
        let automated = step.automated.as_ref()?;
        Some((automated.span, !automated.value.value))
    });
    let checks = plan.validations().map(|(_, validation)| {
        let method = validation.method.as_ref()?;
        Some((method.span, method.value.value == Method::Manual))
    });
    let (mut all, mut by_hand, mut automated) = (0, Vec::new(), false);
    for stated in steps.chain(checks) {
        all += 1;
        match stated {
            Some((span, true)) => by_hand.push(span),
            Some((_, false)) => automated = true,
            None => {}
        }
    }
    // An entry that is silent may well be automated, so silence must not outweigh words.
    if !automated && by_hand.len() >= FEWEST && by_hand.len() * 2 >= all {
        reports.extend(report(all, &by_hand));
    }
    all
}

fn report(all: usize, by_hand: &[Span]) -> Option<Report> {
    let (first, others) = by_hand.split_first()?;
    let said = if by_hand.len() == all { "all".to_owned() } else { format!("{} of the", by_hand.len()) };
    let message = format!("{said} {all} steps and validations are manual, none is automated");
    let report = Report::at(*first, message).saying("manual").about(FindingSubject::Plan);
    let report = others.iter().take(SHOWN).fold(report, |report, span| report.and(*span, "manual"));
    let left = others.len().saturating_sub(SHOWN);
    let report = if left > 0 { report.note(format!("{} more", words::count(left, "place"))) } else { report };
    Some(report.help("automate repeated steps, and set `automated: Yes` or `method: Automated`"))
}
