use crate::finding::Report;
use crate::model::epic::Estimate;
use crate::model::{Effort, Entry, Id};
use crate::rules::{ERROR, Subject};
use crate::source::Spanned;

declare_rule! {
    /// An estimate of three figures that do not grow from the best case to the worst.
    ///
    /// What goes well takes no longer than what is likely, and that no longer
    /// than what goes badly. Two of the figures were swapped, or one is
    /// mistyped, and what is computed from them is wrong.
    ///
    /// ```yaml,bad
    /// id: EPIC-01
    /// title: Visual designer
    /// estimate: {optimistic: 9d, likely: 5d, pessimistic: 12d}
    /// ```
    ///
    /// ```yaml,good
    /// id: EPIC-01
    /// title: Visual designer
    /// estimate: {optimistic: 5d, likely: 9d, pessimistic: 12d}
    /// ```
    "RP0121", "estimate-out-of-order", ERROR, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    let mut looked_at = 0;
    for (entry, epic) in subject.plan.epics() {
        looked_at += usize::from(matches!(epic.estimate, Some(Estimate::ThreePoint { .. })));
        reports.extend(of(entry, epic.estimate));
    }
    for (entry, risk) in subject.plan.risks() {
        looked_at += usize::from(matches!(risk.delay, Some(Estimate::ThreePoint { .. })));
        reports.extend(of(entry, risk.delay));
    }
    looked_at
}

fn of(entry: &Entry<'_>, estimate: Option<Estimate>) -> Vec<Report> {
    let figures: Vec<Figure> = estimate.into_iter().flat_map(Estimate::figures).collect();
    figures.windows(2).filter_map(|pair| report(entry, pair[0], pair[1])).collect()
}

/// A figure of an estimate with its key.
type Figure = (&'static str, Spanned<Effort>);

fn report(entry: &Entry<'_>, (better, first): Figure, (worse, second): Figure) -> Option<Report> {
    let id: Id = entry.id.value;
    let message = format!(
        "{id}: the {worse} estimate ({}) is shorter than the {better} estimate ({})",
        second.value, first.value
    );
    (second.value < first.value).then(|| {
        Report::at(second.span, message)
            .and(first.span, format!("the {better} estimate"))
            .help("order the estimates: optimistic ≤ likely ≤ pessimistic")
    })
}
