use rustc_hash::FxHashMap;

use crate::finding::Report;
use crate::model::dep::{Criteria, CriterionStatus, Dep, Detail};
use crate::model::value::folded;
use crate::model::{Kind, WaiverRecord};
use crate::rules::{ERROR, Subject};

declare_rule! {
    /// An expired waiver.
    ///
    /// The check was waived until a date that has passed. Meet the check, or renew
    /// the waiver.
    ///
    /// ```yaml,bad
    /// id: DEP-001
    /// type: Criteria
    /// title: The load test passes
    /// requirement: p95 stays below 300 ms
    /// ---
    /// waivers:
    ///   - check: DEP-001
    ///     by: Dana
    ///     reason: The load generator is being replaced
    ///     until: 2026-11-16
    /// ```
    ///
    /// ```yaml,good
    /// id: DEP-001
    /// type: Criteria
    /// title: The load test passes
    /// requirement: p95 stays below 300 ms
    /// ---
    /// waivers:
    ///   - check: DEP-001
    ///     by: Dana
    ///     reason: The load generator is being replaced
    ///     until: 2026-12-16
    /// ```
    "RP0645", "waiver-expired", ERROR, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    let waivers = || subject.plan.waivers.iter();
    // A later waiver of the same check stands in the place of an earlier one.
    let mut latest = FxHashMap::default();
    for waiver in waivers() {
        let until = waiver.until.map(|until| until.value);
        let last = latest.entry(key(waiver)).or_insert(until);
        *last = (*last).max(until);
    }
    for waiver in waivers().filter(|waiver| !is_over(subject, waiver)) {
        let replaced =
            latest.get(&key(waiver)).is_some_and(|last| last.is_some_and(|day| day >= subject.today));
        let what =
            waiver.check.as_ref().map(|check| format!(" of {}", check.value.trim())).unwrap_or_default();
        reports.extend(judge(subject, waiver, &format!("the waiver{what}")).filter(|_| !replaced));
    }
    let mut looked_at = subject.plan.waivers.len();
    for (entry, waiver) in subject.plan.entries().iter().filter_map(|entry| match &entry.kind {
        Kind::Dep(dep) => Some((entry, waiver_of(dep)?)),
        _ => None,
    }) {
        looked_at += 1;
        reports.extend(judge(subject, waiver, &format!("{}: its waiver", entry.id.value)));
    }
    looked_at
}

/// The waiver of a criterion that is not met.
fn waiver_of<'d, 's>(dep: &'d Dep<'s>) -> Option<&'d WaiverRecord<'s>> {
    let Detail::Criteria(criteria) = &dep.detail else { return None };
    let Criteria { status, waiver, .. } = &**criteria;
    let met = status.is_some_and(|status| status.value == CriterionStatus::Met);
    waiver.as_deref().filter(|_| !met)
}

fn judge(subject: &Subject<'_>, waiver: &WaiverRecord<'_>, what: &str) -> Option<Report> {
    let until = waiver.until.filter(|until| until.value < subject.today)?;
    let report = Report::at(until.span, format!("{what} expired on {}", until.value));
    Some(
        report
            .saying(format!("before {}", subject.today))
            .help("meet the check, or renew the waiver with a later `until`"),
    )
}

fn is_over(subject: &Subject<'_>, waiver: &WaiverRecord<'_>) -> bool {
    let release = waiver.release.as_ref().and_then(|name| subject.plan.release(&name.value));
    release.is_some_and(|release| match &subject.plan.entry(release).kind {
        Kind::Rel(rel) => rel.is_over(),
        _ => false,
    })
}

/// What a waiver is about.
fn key(waiver: &WaiverRecord<'_>) -> (String, String) {
    let text = |text: Option<&crate::model::Text<'_>>| {
        text.map(|text| folded(text.value.trim()).collect()).unwrap_or_default()
    };
    (text(waiver.check.as_ref()), text(waiver.release.as_ref()))
}
