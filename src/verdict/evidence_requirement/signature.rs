//! The right people have signed.

use super::Part;
use crate::config::{Profile, UnconfirmedApprovals, UnsignedApprovals};
use crate::model::EntryIndex;
use crate::model::evidence_requirement::EvidenceRequirement;
use crate::verdict::approval::{self, ApprovalEffect, ApprovalStatus, ApprovalSubject, Doubt, RoleApproval};
use crate::verdict::facts::Source;
use crate::verdict::{Judge, ProofKind, Verdict};

impl Judge<'_> {
    pub(super) fn signature_parts(
        &self,
        requirement: &EvidenceRequirement,
        entry: Option<EntryIndex>,
    ) -> Vec<Part> {
        let roles = requirement.sign_off.iter().map(|role| role.value.as_str());
        let statuses = match entry {
            Some(entry) => self.approvals_of_entry(roles, entry),
            None => {
                let roster = self.context.roster();
                let required: Vec<String> = roles.flat_map(|role| approval::roles(role, roster)).collect();
                self.approvals_of(&required, None)
            }
        };
        // An age of its own; that of the profile is looked at for every approval.
        let longest = requirement.max_age.map(|age| age.value);
        let statuses = statuses.into_iter().map(|status| status.for_so_long(longest, self.today));
        statuses.map(|status| self.signature(&status, entry)).collect()
    }

    /// How the approvals of one entry stand in these roles.
    pub(in crate::verdict) fn approvals_of_entry<'r>(
        &self,
        roles: impl IntoIterator<Item = &'r str>,
        entry: EntryIndex,
    ) -> Vec<RoleApproval> {
        let (plan, roster) = (self.basis.plan, self.context.roster());
        let required: Vec<String> =
            roles.into_iter().flat_map(|role| approval::roles(role, roster)).collect();
        let records: Vec<_> =
            plan.approvals.iter().map(|record| self.context.record(record, self.release)).collect();
        let about = ApprovalSubject { entries: Some(vec![plan.entry(entry).id.value]), ..self.what(None) };
        self.new_enough(approval::judge(&required, &records, roster, &about, self.today))
    }

    fn signature(&self, status: &RoleApproval, entry: Option<EntryIndex>) -> Part {
        let of = entry.map(|entry| format!(" --of {}", self.basis.plan.entry(entry).id.value));
        let SignOff { verdict, reason, next, kind } = sign_off(status, self.basis.profile);
        Part {
            verdict,
            reason: format!("{}: {reason}", status.role),
            next: next
                .map(|next| next.replace("--by PERSON", &format!("--by PERSON{}", of.unwrap_or_default()))),
            kind,
            sources: status.place.map(|place| Source::at(self.basis.sources, place)).into_iter().collect(),
        }
    }
}

/// What an approval comes to under a profile.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::verdict) struct SignOff {
    pub(in crate::verdict) verdict: Verdict,
    pub(in crate::verdict) reason: String,
    pub(in crate::verdict) next: Option<String>,
    pub(in crate::verdict) kind: ProofKind,
}

/// What an approval comes to: the worst of what can be said of it.
pub(in crate::verdict) fn sign_off(status: &RoleApproval, profile: &Profile) -> SignOff {
    let (verdict, kind) = (verdict_of(&status.status, profile), kind_of(&status.status, profile));
    let plain = SignOff { verdict, reason: status.reason(), next: status.next(), kind };
    let unsigned = match profile.unsigned_approvals {
        _ if !status.status.counts() || status.status.key().is_some() => return plain,
        UnsignedApprovals::Accept => return plain,
        UnsignedApprovals::Warn => Verdict::Warn,
        UnsignedApprovals::Unknown => Verdict::Unknown,
    };
    SignOff {
        verdict: plain.verdict.max(unsigned),
        reason: format!("{}; not signed", plain.reason),
        // One who signs anew writes whatever else is missing.
        next: Some(status.to_sign()),
        kind,
    }
}

/// What an approval comes to, signed or not. Where audits are made, one that is not bound to what was approved counts
/// for nothing.
fn verdict_of(status: &ApprovalStatus, profile: &Profile) -> Verdict {
    match status.effect() {
        ApprovalEffect::Counts => Verdict::Pass,
        ApprovalEffect::InDoubt => {
            let verdicts = status.doubts().iter().map(|doubt| in_doubt(*doubt, profile));
            verdicts.max().unwrap_or(Verdict::Warn)
        }
        ApprovalEffect::Open => Verdict::Unknown,
        ApprovalEffect::Stale => Verdict::Stale,
        ApprovalEffect::Refused => Verdict::Fail,
    }
}

fn in_doubt(doubt: Doubt, profile: &Profile) -> Verdict {
    match (doubt, profile.unconfirmed_approvals) {
        (Doubt::NoRoster, UnconfirmedApprovals::Accept) => Verdict::Pass,
        (Doubt::NoRoster, UnconfirmedApprovals::Warn) => Verdict::Warn,
        (Doubt::NoRoster, UnconfirmedApprovals::Unknown) => Verdict::Unknown,
        (Doubt::NoDate | Doubt::NoDigest, _) if profile.audit => Verdict::Fail,
        (Doubt::NoDate | Doubt::NoDigest, _) => Verdict::Warn,
    }
}

/// What it is worth as a proof. A name that no roster confirms is a bare statement, and so is one that was only typed
/// where signatures are asked for.
fn kind_of(status: &ApprovalStatus, profile: &Profile) -> ProofKind {
    if !status.counts() {
        return ProofKind::None;
    }
    let confirmed = !status.doubts().contains(&Doubt::NoRoster);
    match (status.key(), confirmed) {
        (Some(_), true) => ProofKind::Signed,
        (Some(_), false) => ProofKind::Attested,
        (None, true) if profile.unsigned_approvals == UnsignedApprovals::Accept => ProofKind::Attested,
        (None, _) => ProofKind::Asserted,
    }
}
