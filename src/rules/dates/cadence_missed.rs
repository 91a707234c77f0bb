use crate::finding::Report;
use crate::model::Choice;
use crate::rules::{NOTE, Subject};
use crate::schedule::adherence;

declare_rule! {
    /// A release that comes later than the cadence of its type.
    ///
    /// `[calendar.cadence]` says how often releases of a type come: `minor = "monthly"`.
    /// Users and partners plan by it. Counted is from the release of the same type
    /// before it; `relplan calendar` shows how many intervals are kept.
    ///
    /// ```yaml,bad
    /// - {id: REL-001, title: January, version: "2.4.0", date: 2027-01-12}
    /// - {id: REL-002, title: March, version: "2.5.0", date: 2027-03-09}
    /// ```
    /// ```toml,bad
    /// [calendar.cadence]
    /// minor = "monthly"
    /// ```
    ///
    /// ```yaml,good
    /// - {id: REL-001, title: January, version: "2.4.0", date: 2027-01-12}
    /// - {id: REL-002, title: February, version: "2.5.0", date: 2027-02-09}
    /// ```
    /// ```toml,good
    /// [calendar.cadence]
    /// minor = "monthly"
    /// ```
    "RP0737", "cadence-missed", NOTE, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    let releases = &subject.calendar().schedule.releases;
    let all = adherence(releases, &subject.config.calendar);
    for adherence in &all {
        for (before, after, latest) in &adherence.late {
            let Some(date) = after.release.date else { continue };
            if after.release.is_over() {
                continue;
            }
            let (id, other) = (after.entry.id.value, before.entry.id.value);
            let (cadence, rel_type) = (adherence.cadence.value, adherence.rel_type.word());
            let message =
                format!("{id}: {rel_type} release on {}, due by {latest} after {other}", date.value);
            reports.push(
                Report::at(date.span, message)
                    .and(adherence.cadence.span, format!("{rel_type} releases: {cadence}"))
                    .help(format!("release by {latest}, or change the cadence")),
            );
        }
    }
    all.iter().map(|adherence| adherence.intervals).sum()
}
