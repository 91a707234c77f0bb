use super::{Subject, WARNING};
use crate::finding::Report;
use crate::model::Misread;
use crate::model::rel::RelStatus;

declare_rule! {
    /// A release that does not say when it goes out.
    ///
    /// Milestones, notices and freezes are counted from its date, so without one
    /// it has no calendar. A date that may move is better than none.
    ///
    /// ```yaml,bad
    /// id: REL-001
    /// version: "2.4.0"
    /// status: planned
    /// ```
    ///
    /// ```yaml,good
    /// id: REL-001
    /// version: "2.4.0"
    /// status: planned
    /// date: 2027-03-01
    /// ```
    "RP0708", "release-without-date", WARNING, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    let misread = Misread::new(subject.plan, subject.sources);
    for (entry, release) in subject.plan.releases() {
        let id = entry.id.value;
        let cancelled = release.status.is_some_and(|status| status.value == RelStatus::Cancelled);
        if release.date.is_none() && !cancelled && !misread.has(id, "date") {
            let example = release.deployed_at.map_or("2027-03-01".to_owned(), |day| day.value.to_string());
            reports.push(
                Report::at(entry.id.span, format!("{id}: nothing says when this release goes out"))
                    .help(format!("write the day: `date: {example}`")),
            );
        }
    }
    subject.plan.releases().count()
}
