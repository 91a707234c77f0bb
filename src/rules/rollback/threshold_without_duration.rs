use crate::finding::Report;
use crate::model::threshold::{Condition, Quantity, Threshold};
use crate::rules::{NOTE, Subject};
use crate::source::Span;
use crate::source::edit::Edit;

declare_rule! {
    /// A limit on a rate that a single moment may cross.
    ///
    /// Without a time one spike takes the release back. "For 5 minutes" means
    /// that the limit is crossed for five minutes without interruption. States
    /// and plain counts may well be meant to act at once and are not looked at.
    ///
    /// ```yaml,bad
    /// id: DEP-003
    /// title: Error rate rises
    /// type: Rollback
    /// threshold: "> 2% of requests"
    /// ```
    ///
    /// ```yaml,good
    /// id: DEP-003
    /// title: Error rate rises
    /// type: Rollback
    /// threshold: "> 2% of requests for 5m"
    /// ```
    "RP1015", "threshold-without-duration", NOTE, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    let mut looked_at = 0;
    for (entry, rollback) in subject.plan.rollbacks() {
        let Some(written) = &rollback.threshold else { continue };
        let Some(threshold) = written.value.typed.as_deref().filter(|threshold| is_rate(threshold)) else {
            continue;
        };
        looked_at += 1;
        if threshold.duration.is_none() && threshold.period.is_none() {
            let message = format!("{}: threshold without a duration", entry.id.value);
            let report = Report::at(written.span, message).help("add a duration: `for 5m`");
            reports.push(match end_of_text(subject, written.span) {
                Some(end) => report.suggested_fix("add `for 5m`", vec![Edit::insert(end, " for 5m")]),
                None => report,
            });
        }
    }
    looked_at
}

/// Whether the limit is on something that varies from moment to moment.
fn is_rate(threshold: &Threshold) -> bool {
    let Condition::Compare { quantity, .. } = &threshold.condition else { return false };
    match quantity {
        Quantity::Ratio { .. } | Quantity::Points { .. } | Quantity::Relative { .. } => true,
        Quantity::Time(_) => threshold.subject.as_deref().is_some_and(is_response_time),
        Quantity::Value { unit, .. } => {
            unit.as_deref().is_some_and(|unit| unit.starts_with('%') || unit.contains('/'))
        }
    }
}

fn is_response_time(subject: &str) -> bool {
    let subject = subject.to_lowercase();
    let percentile = subject.split_whitespace().any(|word| {
        word.strip_prefix('p').is_some_and(|number| number.starts_with(|c: char| c.is_ascii_digit()))
    });
    percentile || subject.contains("latency") || subject.contains("response")
}

/// The place behind the last character of a value of one line, inside its quotes.
fn end_of_text(subject: &Subject<'_>, value: Span) -> Option<Span> {
    let written = subject.sources.slice(value);
    let first = written.chars().next()?;
    let quoted = matches!(first, '"' | '\'') && written.len() > 1 && written.ends_with(first);
    // A bare `>` or `|` begins a block, and what stands there is to be quoted first.
    if written.contains('\n') || matches!(first, '>' | '|') {
        return None;
    }
    let end = written.len() - usize::from(quoted);
    Some(value.within(end, end))
}
