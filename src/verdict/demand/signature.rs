//! The right people have signed.

use super::Part;
use crate::config::{Profile, UnconfirmedApprovals};
use crate::model::EntryIndex;
use crate::model::demand::Demand;
use crate::verdict::approval::{self, Bearing, Doubt, RoleStanding, Standing, What};
use crate::verdict::facts::Source;
use crate::verdict::{Judge, ProofKind, Verdict};

impl Judge<'_> {
    pub(super) fn signature_parts(&self, demand: &Demand, entry: Option<EntryIndex>) -> Vec<Part> {
        let roster = self.desk.roster();
        let required: Vec<String> =
            demand.sign_off.iter().flat_map(|role| approval::roles(&role.value, roster)).collect();
        let standings = match entry {
            Some(entry) => {
                let plan = self.basis.plan;
                let records: Vec<_> =
                    plan.approvals.iter().map(|record| self.desk.record(record, self.release)).collect();
                let about = What { entries: Some(vec![plan.entry(entry).id.value]), ..self.what(None) };
                self.new_enough(approval::judge(&required, &records, roster, &about, self.today))
            }
            None => self.approvals_of(&required, None),
        };
        standings.iter().map(|standing| self.signature(standing, entry)).collect()
    }

    fn signature(&self, standing: &RoleStanding, entry: Option<EntryIndex>) -> Part {
        let of = entry.map(|entry| format!(" --of {}", self.basis.plan.entry(entry).id.value));
        let next = standing
            .next()
            .map(|next| next.replace("--by PERSON", &format!("--by PERSON{}", of.unwrap_or_default())));
        Part {
            verdict: verdict_of(&standing.standing, self.basis.profile),
            reason: format!("{}: {}", standing.role, standing.reason()),
            next,
            kind: kind_of(&standing.standing),
            sources: standing.place.map(|place| Source::at(self.basis.sources, place)).into_iter().collect(),
        }
    }
}

/// What an approval comes to. Where audits are made, one that is not bound to what was approved counts for nothing.
pub(in crate::verdict) fn verdict_of(standing: &Standing, profile: &Profile) -> Verdict {
    match standing.bearing() {
        Bearing::Counts => Verdict::Pass,
        Bearing::InDoubt => {
            let verdicts = standing.doubts().iter().map(|doubt| in_doubt(*doubt, profile));
            verdicts.max().unwrap_or(Verdict::Warn)
        }
        Bearing::Open => Verdict::Unknown,
        Bearing::Stale => Verdict::Stale,
        Bearing::Refused => Verdict::Fail,
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

/// What it is worth as a proof: without a roster it is a bare statement.
pub(in crate::verdict) fn kind_of(standing: &Standing) -> ProofKind {
    match standing.bearing() {
        Bearing::Counts | Bearing::InDoubt if standing.doubts().contains(&Doubt::NoRoster) => {
            ProofKind::Asserted
        }
        Bearing::Counts | Bearing::InDoubt => ProofKind::Attested,
        _ => ProofKind::None,
    }
}
