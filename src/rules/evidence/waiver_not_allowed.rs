use super::approvals;
use crate::config::profiles;
use crate::finding::Report;
use crate::model::dep::{CriterionStatus, Detail};
use crate::model::{EntryIndex, Kind, WaiverRecord};
use crate::rules::{ERROR, Subject};
use crate::verdict::approval::ApprovalContext;
use crate::verdict::waiver::{Refusal, Terms, Waiver, grant};

declare_rule! {
    /// A waiver without the right to grant it, or for longer than the profile
    /// allows.
    ///
    /// Only who holds a role with `may_waive = true` may waive a check, never one
    /// of an entry that they own or wrote, and only for a time. The profile says
    /// how long (`max_waiver`) and whether owners may waive their own
    /// (`own_waivers`). Any other waiver waives nothing.
    ///
    /// ```yaml,bad
    /// id: DEP-001
    /// type: Criteria
    /// title: The load test passes
    /// requirement: p95 stays below 300 ms
    /// ---
    /// waivers:
    ///   - check: DEP-001
    ///     by: dana@example.com
    ///     reason: The load generator is being replaced
    ///     until: 2026-12-16
    /// ```
    /// ```toml,bad
    /// [roles."QA Lead"]
    /// holders = [{ person = "dana@example.com", name = "Dana" }]
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
    ///     by: dana@example.com
    ///     reason: The load generator is being replaced
    ///     until: 2026-12-16
    /// ```
    /// ```toml,good
    /// [roles."QA Lead"]
    /// may_waive = true
    /// holders = [{ person = "dana@example.com", name = "Dana" }]
    /// ```
    "RP0653", "waiver-not-allowed", ERROR, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    let profile = profiles::find(&subject.config.profiles, subject.config.context.choose().0);
    let Some(profile) = profile else { return 0 };
    let terms = Terms { roster: subject.config.roster.as_ref(), profile, today: subject.today };
    for waiver in subject.plan.waivers.iter().filter(|waiver| !is_over(subject, waiver)) {
        let about = waiver.entry().and_then(|id| subject.plan.find(id));
        let named = waiver.check.as_ref().map(|check| format!(" of {}", check.value.trim()));
        let what = format!("the waiver{}", named.unwrap_or_default());
        reports.extend(judge(subject, waiver, about, &what, terms));
    }
    let mut looked_at = subject.plan.waivers.len();
    for (index, entry) in subject.plan.indexed() {
        let Kind::Dep(dep) = &entry.kind else { continue };
        let Detail::Criteria(criteria) = &dep.detail else { continue };
        let is_met = criteria.status.is_some_and(|status| status.value == CriterionStatus::Met);
        if let Some(waiver) = criteria.waiver.as_deref().filter(|_| !is_met) {
            looked_at += 1;
            let what = format!("{}: its waiver", entry.id.value);
            reports.extend(judge(subject, waiver, Some(index), &what, terms));
        }
    }
    looked_at
}

fn judge(
    subject: &Subject<'_>,
    waiver: &WaiverRecord<'_>,
    about: Option<EntryIndex>,
    what: &str,
    terms: Terms<'_>,
) -> Option<Report> {
    let owners = about.map(|index| ApprovalContext::owners(subject.plan.entry(index))).unwrap_or_default();
    let refusal = grant(&Waiver::of_record(waiver, owners), terms).err()?;
    let place = match &refusal {
        // `waiver-incomplete` and `waiver-expired` report these.
        Refusal::NoPerson | Refusal::NoReason | Refusal::NoEnd | Refusal::Expired { .. } => return None,
        Refusal::TooLong { .. } => waiver.until.map(|until| until.span),
        Refusal::InFuture { .. } => waiver.on.map(|on| on.span),
        Refusal::UnknownRole { .. } => waiver.role.as_ref().map(|role| role.span),
        _ => waiver.by.as_ref().map(|by| by.span),
    };
    let place = place.unwrap_or_else(|| approvals::first_line(subject, waiver.span));
    let message = format!("{what} is not valid: {}", refusal.reason());
    Some(Report::at(place, message).help(refusal.next(terms)))
}

fn is_over(subject: &Subject<'_>, waiver: &WaiverRecord<'_>) -> bool {
    let release = waiver.release.as_ref().and_then(|name| subject.plan.release(&name.value));
    release.is_some_and(|release| match &subject.plan.entry(release).kind {
        Kind::Rel(rel) => rel.is_over(),
        _ => false,
    })
}
