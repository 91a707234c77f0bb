use crate::finding::Report;
use crate::model::Entry;
use crate::model::epic::Estimate;
use crate::rules::{ERROR, Subject};

declare_rule! {
    /// An estimate without any work in it, or work that no people do.
    ///
    /// What takes no time is complete already, and a forecast of it would say
    /// so. Estimate it, or set its `state` to Complete.
    ///
    /// ```yaml,bad
    /// id: EPIC-01
    /// title: Visual designer
    /// estimate: 0d
    /// ```
    ///
    /// ```yaml,bad
    /// id: EPIC-01
    /// title: Visual designer
    /// estimate: 5d
    /// people: 0
    /// ```
    ///
    /// ```yaml,good
    /// id: EPIC-01
    /// title: Visual designer
    /// estimate: 0.5d
    /// people: 2
    /// ```
    "RP0130", "estimate-not-positive", ERROR, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    let mut looked_at = 0;
    for (entry, epic) in subject.plan.epics() {
        looked_at += usize::from(epic.estimate.is_some());
        reports.extend(of(entry, "estimate", epic.estimate));
        if let Some(people) = epic.people.filter(|people| people.value == 0) {
            let message = format!("{}: `people` is 0", entry.id.value);
            reports
                .push(Report::at(people.span, message).help("write how many people work on it: `people: 1`"));
        }
        if let Some(items) = epic.items.filter(|items| items.value.high == 0.0 && epic.is_open()) {
            let message = format!("{}: open, but `items` is 0", entry.id.value);
            reports.push(
                Report::at(items.span, message).help("write how many work items are in it: `items: 8`"),
            );
        }
    }
    for (entry, risk) in subject.plan.risks() {
        looked_at += usize::from(risk.delay.is_some());
        reports.extend(of(entry, "delay", risk.delay));
    }
    looked_at
}

/// The worst case decides: in the best one nothing may be left to do.
fn of(entry: &Entry<'_>, field: &str, estimate: Option<Estimate>) -> Option<Report> {
    let (name, worst) = estimate?.figures().last()?;
    let name = if name == "estimate" { field.to_owned() } else { format!("{field}.{name}") };
    let report = Report::at(worst.span, format!("{}: `{name}` is 0", entry.id.value));
    let help = "write the time that it takes: `5d`; what takes none is `state: Complete`";
    worst.value.is_zero().then(|| report.help(help))
}
