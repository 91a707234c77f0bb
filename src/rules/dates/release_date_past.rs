use chrono::NaiveDate;

use crate::finding::Report;
use crate::model::rel::RelStatus;
use crate::model::{Id, UnreadableFields};
use crate::rules::{Subject, WARNING};
use crate::source::Spanned;

declare_rule! {
    /// A release that is not out although its date has passed.
    ///
    /// Either it went out and the plan does not say so, or it is late and needs
    /// a new date. Milestones and notices are counted from the date, so all of
    /// them are wrong until it is right.
    ///
    /// ```yaml,bad
    /// id: REL-001
    /// version: "2.4.0"
    /// date: 2026-11-02
    /// status: in progress
    /// ```
    ///
    /// ```yaml,good
    /// id: REL-001
    /// version: "2.4.0"
    /// date: 2026-11-02
    /// status: released
    /// deployed_at: 2026-11-02
    /// outcome: success
    /// ```
    "RP0706", "release-date-past", WARNING, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    let unreadable = UnreadableFields::new(subject.plan, subject.sources);
    for (entry, release) in subject.plan.releases() {
        let Some(date) = release.date.filter(|date| date.value < subject.today) else { continue };
        let id = entry.id.value;
        let over = match release.status {
            Some(_) => release.is_over(),
            None => release.deployed_at.is_some() || unreadable.has_any(id, &["status", "deployed_at"]),
        };
        if !over {
            reports.push(report(subject, id, date, release.status));
        }
    }
    subject.plan.releases().count()
}

fn report(
    subject: &Subject<'_>,
    id: Id,
    date: Spanned<NaiveDate>,
    status: Option<Spanned<RelStatus>>,
) -> Report {
    let open = match status {
        Some(status) => format!("its status is {}", status.value),
        None => "it has no status".to_owned(),
    };
    let message = format!("{id}: the release date {} has passed, but {open}", date.value);
    let report = Report::at(date.span, message).saying(format!("before {}", subject.today));
    let report = match status {
        Some(status) => report.and(status.span, "not released"),
        None => report,
    };
    report.help("update `date`, or set `status: released` with `deployed_at` and `outcome`")
}
