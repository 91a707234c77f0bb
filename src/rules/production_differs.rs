use super::{Subject, WARNING};
use crate::finding::Report;
use crate::model::offset::When;
use crate::model::rel::{Milestone, Rel};
use crate::model::{Entry, same_folded};

declare_rule! {
    /// A release whose milestone `production` falls on another day than its `date`.
    ///
    /// Both say when it goes out. Offsets are counted from `date`, and whoever
    /// reads the milestones reads the other day.
    ///
    /// ```yaml,bad
    /// id: REL-001
    /// version: "3.0.0"
    /// date: 2027-03-02
    /// milestones:
    ///   code_freeze: 3 weeks before
    ///   production: 2027-03-04
    /// ```
    ///
    /// ```yaml,good
    /// id: REL-001
    /// version: "3.0.0"
    /// date: 2027-03-02
    /// milestones:
    ///   code_freeze: 3 weeks before
    ///   production: release date
    /// ```
    "RP0712", "production-differs", WARNING, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    let mut looked_at = 0;
    for (entry, release) in subject.plan.releases() {
        let is_production = |milestone: &&Milestone<'_>| same_folded(&milestone.name.value, "production");
        for milestone in release.milestones.iter().filter(is_production) {
            looked_at += 1;
            reports.extend(report(entry, release, milestone));
        }
    }
    looked_at
}

fn report(entry: &Entry<'_>, release: &Rel<'_>, milestone: &Milestone<'_>) -> Option<Report> {
    let date = release.date?;
    let day = When::parse(&milestone.when.value).ok()?.moment(Some(date.value))?.date();
    let message = format!(
        "{}: `{}` is on {day}, and the release on {}",
        entry.id.value, milestone.name.value, date.value
    );
    (day != date.value).then(|| {
        Report::at(milestone.when.span, message)
            .and(date.span, "the release")
            .help("write `production: release date`, and the right day in `date`")
    })
}
