use chrono::{Days, NaiveDate};

use crate::finding::Report;
use crate::model::rel::Rel;
use crate::model::{Entry, Kind};
use crate::rules::{Subject, WARNING};

declare_rule! {
    /// A KPI without a value after its window.
    ///
    /// `window` is the time after the release in which a KPI is measured: `30 days` for
    /// the review of the first month. Then `actual` records the result.
    ///
    /// ```yaml,bad
    /// - id: REL-001
    ///   title: Spring release
    ///   version: "3.1.0"
    ///   date: 2026-03-02
    ///   status: released
    /// - id: KPI-001
    ///   title: Adoption
    ///   release: REL-001
    ///   target: ">= 70%"
    ///   window: 30 days
    /// ```
    ///
    /// ```yaml,good
    /// - id: REL-001
    ///   title: Spring release
    ///   version: "3.1.0"
    ///   date: 2026-03-02
    ///   status: released
    /// - id: KPI-001
    ///   title: Adoption
    ///   release: REL-001
    ///   target: ">= 70%"
    ///   window: 30 days
    ///   actual: 74%
    /// ```
    "RP0761", "kpi-not-measured", WARNING, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    let mut looked_at = 0;
    for (entry, kpi) in subject.plan.kpis() {
        let Some(window) = kpi.window else { continue };
        looked_at += 1;
        let Some(shipped) = shipped_on(subject, entry).filter(|_| kpi.actual.is_none()) else { continue };
        let days = Days::new(window.value.millis().div_ceil(86_400_000));
        let Some(due) = shipped.checked_add_days(days).filter(|due| *due < subject.today) else { continue };
        let message = format!("{} has no `actual`; due on {due}", entry.id.value);
        reports.push(
            Report::at(window.span, message)
                .saying(format!("after the release on {shipped}"))
                .help("measure it, and add `actual`"),
        );
    }
    looked_at
}

/// The day on which the release of an entry shipped; of the only release of the plan, if the entry names none.
fn shipped_on(subject: &Subject<'_>, entry: &Entry<'_>) -> Option<NaiveDate> {
    let named = entry.release().and_then(|release| subject.plan.release(&release.value));
    let rel: &Rel<'_> = match (named, entry.release()) {
        (Some(index), _) => match &subject.plan.entry(index).kind {
            Kind::Rel(rel) => rel,
            _ => return None,
        },
        (None, Some(_)) => return None,
        (None, None) => {
            let mut releases = subject.plan.releases();
            let (_, only) = releases.next()?;
            releases.next().is_none().then_some(only)?
        }
    };
    let day = rel.deployed_at.or(rel.date.filter(|_| rel.is_over() && !rel.is_cancelled()))?;
    Some(day.value)
}
