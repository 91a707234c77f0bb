use crate::finding::Report;
use crate::model::incident::Incident;
use crate::model::{Entry, moment};
use crate::rules::{ERROR, Subject};
use crate::source::{Span, Spanned};

use chrono::{DateTime, Utc};

declare_rule! {
    /// An incident whose times are in the wrong order.
    ///
    /// An incident starts, is detected and is resolved, in this order, and the
    /// events of its timeline follow each other. Recovery time is computed from
    /// these times, so that one mistyped digit falsifies the metric.
    ///
    /// ```yaml,bad
    /// id: INC-219
    /// title: Webhooks are late
    /// release: "2.9.9"
    /// detected: 2026-11-18T15:00Z
    /// resolved: 2026-11-18T14:10Z
    ///
    /// --- # the release
    /// id: REL-001
    /// version: "2.9.9"
    /// ```
    ///
    /// ```yaml,good
    /// id: INC-219
    /// title: Webhooks are late
    /// release: "2.9.9"
    /// detected: 2026-11-18T15:00Z
    /// resolved: 2026-11-18T16:10Z
    ///
    /// --- # the release
    /// id: REL-001
    /// version: "2.9.9"
    /// ```
    "RP0750", "incident-time-order", ERROR, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    for (entry, incident) in subject.plan.incidents() {
        let times =
            [("started", incident.started), ("detected", incident.detected), ("resolved", incident.resolved)];
        let stated: Vec<(&str, Spanned<DateTime<Utc>>)> =
            times.into_iter().filter_map(|(name, time)| Some((name, time?))).collect();
        for pair in stated.windows(2) {
            let [(earlier, before), (later, after)] = pair else { continue };
            if after.value < before.value {
                let words = format!("`{later}` is before `{earlier}`");
                reports.push(report(entry, &words, (before.value, before.span), (after.value, after.span)));
            }
        }
        timeline(entry, incident, reports);
    }
    subject.plan.incidents().count()
}

/// Each event of a timeline against the one before it.
fn timeline(entry: &Entry<'_>, incident: &Incident<'_>, reports: &mut Vec<Report>) {
    let timed: Vec<Spanned<DateTime<Utc>>> = incident.timeline.iter().filter_map(|event| event.at).collect();
    for pair in timed.windows(2) {
        if let [before, after] = pair
            && after.value < before.value
        {
            let words = "an event of `timeline` is before the one above it";
            reports.push(report(entry, words, (before.value, before.span), (after.value, after.span)));
        }
    }
}

fn report(
    entry: &Entry<'_>,
    words: &str,
    (before, earlier): (DateTime<Utc>, Span),
    (after, later): (DateTime<Utc>, Span),
) -> Report {
    Report::at(later, format!("{}: {words}", entry.id.value))
        .saying(moment::shown(after))
        .and(earlier, moment::shown(before))
        .help("correct the times")
}
