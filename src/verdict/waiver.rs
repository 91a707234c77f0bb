//! Waivers as records of their own: whether one holds, and what it lets pass.

mod grant;

use super::approval::ApprovalContext;
use super::check::{Check, CheckKind};
use super::waivable::freeze_of;
use super::{Judge, Proof, Source, Verdict};
use crate::model::{Id, WaiverRecord, id, same_folded};

pub use grant::{Granted, Refusal, Terms, Waiver, grant};

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

    fn is_about(&self, record: &WaiverRecord<'_>, check: &Check, own: Option<Id>) -> bool {
        let named = record.check.as_ref().map(|named| named.value.trim()).unwrap_or_default();
        if freeze_of(named).is_some() {
            return false;
        }
        let names_check = match record.entry() {
            Some(entry) => own == Some(entry),
            None => same_folded(named, &check.id) || same_folded(named, &check.title),
        };
        let of_release = record.release.as_ref().is_none_or(|name| {
            self.release.is_some() && self.basis.plan.release(name.value.trim()) == self.release
        });
        names_check && of_release
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
