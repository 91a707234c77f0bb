use chrono::NaiveDate;
use rustc_hash::FxHashSet;

use crate::finding::Report;
use crate::model::dep::Detail;
use crate::model::{Entry, Kind};
use crate::rules::{Subject, WARNING};
use crate::source::{Span, Spanned};

declare_rule! {
    /// A date in the future for a past event.
    ///
    /// A rehearsal, a test or a signature of tomorrow proves nothing today. The
    /// date is mistyped, or records what is only planned.
    ///
    /// ```yaml,bad
    /// id: RUN-001
    /// title: Switch traffic back
    /// steps: Set the weight of the previous version to 100
    /// last_tested: 2027-11-12
    /// ```
    ///
    /// ```yaml,good
    /// id: RUN-001
    /// title: Switch traffic back
    /// steps: Set the weight of the previous version to 100
    /// last_tested: 2026-11-12
    /// ```
    "RP0710", "date-in-future", WARNING, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    let mut looked_at = 0;
    // Entries that take a date from `defaults` share its place, and one report.
    let mut seen: FxHashSet<Span> = FxHashSet::default();
    for entry in subject.plan.entries() {
        each_past(entry, |name, date| {
            looked_at += 1;
            if date.value > subject.today && seen.insert(date.span) {
                let message = format!("{}: `{name}` is {}, in the future", entry.id.value, date.value);
                reports.push(
                    Report::at(date.span, message)
                        .saying(format!("after {}", subject.today))
                        .help(format!("correct the date, or remove `{name}` until it has happened")),
                );
            }
        });
    }
    looked_at
}

/// Every date of an entry that cannot be in the future.
fn each_past(entry: &Entry<'_>, mut date: impl FnMut(&'static str, Spanned<NaiveDate>)) {
    let mut each = |name, found: Option<Spanned<NaiveDate>>| {
        if let Some(found) = found {
            date(name, found);
        }
    };
    if let Some(uncommon) = &entry.uncommon {
        each("created", uncommon.created);
        each("updated", uncommon.updated);
    }
    match &entry.kind {
        Kind::Rel(release) => {
            each("deployed_at", release.deployed_at);
            release.approvals.iter().for_each(|approval| each("on", approval.on));
            release.communications.iter().for_each(|communication| each("sent", communication.sent));
            let records = release.milestones.iter().filter_map(|milestone| milestone.record.as_ref());
            records.for_each(|record| each("actual", record.actual));
        }
        Kind::Risk(risk) => {
            each("accepted_on", risk.accepted_on);
            each("occurred_on", risk.occurred_on);
        }
        Kind::Run(runbook) => each("last_tested", runbook.last_tested),
        Kind::Dep(dep) => {
            if let Detail::Rollback(rollback) = &dep.detail {
                each("last_rehearsed", rollback.last_rehearsed);
            }
        }
        Kind::Action(action) => each("completed", action.completed),
        Kind::Incident(incident) => {
            let moments = [
                ("started", incident.started),
                ("detected", incident.detected),
                ("resolved", incident.resolved),
            ];
            for (name, moment) in moments {
                each(name, moment.map(|moment| Spanned::new(moment.value.date_naive(), moment.span)));
            }
            let events = incident.timeline.iter().filter_map(|event| event.at);
            events.for_each(|at| each("at", Some(Spanned::new(at.value.date_naive(), at.span))));
        }
        _ => {}
    }
}
