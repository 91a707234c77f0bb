//! Waivers as records of their own: whether one holds, and what it lets pass.

mod grant;

use chrono::NaiveDate;

use super::approval::ApprovalContext;
use super::check::{Check, CheckKind};
use super::waivable::freeze_of;
use super::{Judge, Proof, Source, Verdict, log};
use crate::model::dep::Detail;
use crate::model::risk::RiskStatus;
use crate::model::{EntryIndex, Id, Kind, Plan, WaiverRecord, id, same_folded};

pub use grant::{Granted, Refusal, Terms, Waiver, grant};

/// A waiver as a decision records it: who took a check upon themselves, and until when, as the risk that they accept
/// states, the waiver of the criterion, or the last record about the check in this release.
pub fn recorded_waiver(
    plan: &Plan<'_>,
    release: Option<EntryIndex>,
    (check, reason): (&str, &str),
) -> log::Waiver {
    let id = id::parse(check).ok();
    let kind = id.and_then(|id| plan.find(id)).map(|index| &plan.entry(index).kind);
    let recorded = |by: Option<String>, until: Option<NaiveDate>| log::Waiver {
        id: check.to_owned(),
        by,
        reason: Some(reason.to_owned()),
        until,
    };
    if let Some(Kind::Risk(risk)) = kind
        && risk.status.is_some_and(|status| status.value == RiskStatus::Accepted)
        && let Some(by) = &risk.accepted_by
    {
        return recorded(Some(by.value.trim().to_owned()), risk.expires.map(|day| day.value));
    }
    let names = |record: &&WaiverRecord<'_>| match (record.entry(), id) {
        (Some(entry), Some(id)) => entry == id,
        (None, _) => record.check.as_ref().is_some_and(|named| same_folded(named.value.trim(), check)),
        _ => false,
    };
    let mut records = plan.waivers.iter().rev().filter(|record| is_of_release(plan, record, release));
    let waiver = kind.and_then(waiver_of_criterion).or_else(|| records.find(names));
    let by = waiver.and_then(|waiver| waiver.by.as_ref()).map(|by| by.value.trim().to_owned());
    recorded(by, waiver.and_then(|waiver| waiver.until).map(|until| until.value))
}

/// The waiver that a criterion states itself.
fn waiver_of_criterion<'p, 's>(kind: &'p Kind<'s>) -> Option<&'p WaiverRecord<'s>> {
    match kind {
        Kind::Dep(dep) => match &dep.detail {
            Detail::Criteria(criteria) => criteria.waiver.as_deref(),
            _ => None,
        },
        _ => None,
    }
}

/// Whether a record is about a release: it names it, or none.
fn is_of_release(plan: &Plan<'_>, record: &WaiverRecord<'_>, release: Option<EntryIndex>) -> bool {
    record.release.as_ref().is_none_or(|name| release.is_some() && plan.release(name.value.trim()) == release)
}

/// Whether a waiver holds.
pub(super) enum WaiverStatus {
    /// It does: by whose word, until when, and why.
    Yes(String),
    /// It does not.
    No {
        /// Why.
        why: String,
        /// What to do about it.
        next: String,
    },
}

impl Judge<'_> {
    /// A check, waived if a record says so and holds. What passes needs none, and nobody can waive that the
    /// plan is sound, or that somebody has to approve.
    pub(super) fn waived_by_record(&self, check: Check) -> Check {
        let waivable = !matches!(check.kind, CheckKind::Plan | CheckKind::Approval);
        let none = self.basis.plan.waivers.is_empty();
        if none || !waivable || matches!(check.verdict, Verdict::Pass | Verdict::Waived) {
            return check;
        }
        let own = id::parse(&check.id).ok();
        let records = self.basis.plan.waivers.iter().filter(|record| self.is_about(record, &check, own));
        let mut refused = None;
        for record in records {
            match self.holds(record, self.owners_of(own)) {
                WaiverStatus::Yes(words) => {
                    let place = Source::at(self.basis.sources, record.span);
                    let proof = Proof { sources: vec![place], ..Proof::attested(check.proof.text.clone()) };
                    let reason = format!("{words}; without the waiver: {}", check.reason);
                    return Check { verdict: Verdict::Waived, reason, next: None, proof, ..check };
                }
                WaiverStatus::No { why, next } => refused = Some((why, next)),
            }
        }
        match refused {
            Some((why, next)) => Check {
                reason: format!("{}; invalid waiver: {why}", check.reason),
                next: Some(
                    check
                        .next
                        .map_or_else(|| next.clone(), |own| format!("{own}; or, for the waiver: {next}")),
                ),
                ..check
            },
            None => check,
        }
    }

    /// Whether a waiver of something, perhaps of an entry, is valid: by whom, or why not.
    pub fn waives(&self, record: &WaiverRecord<'_>, of: Option<Id>) -> Result<String, String> {
        match self.holds(record, self.owners_of(of)) {
            WaiverStatus::Yes(words) => Ok(words),
            WaiverStatus::No { why, .. } => Err(why),
        }
    }

    /// The waivers that the plan states for this release and that do not count: what they are about, and why.
    pub fn refused_waivers(&self) -> Vec<(String, String)> {
        let plan = self.basis.plan;
        let of_criteria =
            plan.indexed().filter(|(index, _)| self.selection.has(*index)).filter_map(|(_, entry)| {
                let id = entry.id.value;
                Some((id.to_string(), Some(id), waiver_of_criterion(&entry.kind)?))
            });
        let of_release = |record: &&WaiverRecord<'_>| is_of_release(plan, record, self.release);
        let records = plan.waivers.iter().filter(of_release).map(|record| {
            let check = record.check.as_ref().map_or("no check", |check| check.value.trim());
            (check.to_owned(), record.entry(), record)
        });
        let stated = of_criteria.chain(records).filter(|(check, ..)| freeze_of(check).is_none());
        stated.filter_map(|(check, id, record)| Some((check, self.waives(record, id).err()?))).collect()
    }

    fn is_about(&self, record: &WaiverRecord<'_>, check: &Check, own: Option<Id>) -> bool {
        let named = record.check.as_ref().map(|named| named.value.trim()).unwrap_or_default();
        if freeze_of(named).is_some() {
            return false;
        }
        let names_check = match record.entry() {
            Some(entry) => own == Some(entry),
            None => same_folded(named, &check.id) || same_folded(named, &check.title),
        };
        names_check && is_of_release(self.basis.plan, record, self.release)
    }

    /// Whether a waiver of something that these people own is valid, in words.
    pub(super) fn holds(&self, record: &WaiverRecord<'_>, owners: Vec<(Id, &str)>) -> WaiverStatus {
        let terms = Terms { roster: self.context.roster(), profile: self.basis.profile, today: self.today };
        match grant(&Waiver::of_record(record, owners), terms) {
            Ok(Granted { by, until, reason, confirmed }) => {
                let doubt = if confirmed { "" } else { "; no roster confirms it" };
                WaiverStatus::Yes(format!("waived by {by} until {until}: {reason}{doubt}"))
            }
            Err(refusal) => WaiverStatus::No { why: refusal.reason(), next: refusal.next(terms) },
        }
    }

    /// Who owns or wrote the entry that a check is about.
    pub(super) fn owners_of(&self, own: Option<Id>) -> Vec<(Id, &str)> {
        let entry = own.and_then(|id| self.basis.plan.find(id)).map(|index| self.basis.plan.entry(index));
        entry.map(ApprovalContext::owners).unwrap_or_default()
    }
}
