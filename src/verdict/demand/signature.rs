//! The right people have signed.

use super::Part;
use crate::model::EntryIndex;
use crate::model::demand::Demand;
use crate::verdict::approval::{self, Bearing, RoleStanding, What};
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
            verdict: verdict_of(standing.bearing(), self.basis.profile.audit),
            reason: format!("{}: {}", standing.role, standing.reason()),
            next,
            kind: kind_of(standing),
            sources: standing.place.map(|place| Source::at(self.basis.sources, place)).into_iter().collect(),
        }
    }
}

/// What an approval comes to. Where audits are made, one that is not bound to what was approved counts for nothing.
pub(in crate::verdict) fn verdict_of(bearing: Bearing, audit: bool) -> Verdict {
    match bearing {
        Bearing::Counts => Verdict::Pass,
        Bearing::InDoubt if audit => Verdict::Fail,
        Bearing::InDoubt => Verdict::Warn,
        Bearing::Open => Verdict::Unknown,
        Bearing::Stale => Verdict::Stale,
        Bearing::Refused => Verdict::Fail,
    }
}

/// What it is worth as a proof.
pub(in crate::verdict) fn kind_of(standing: &RoleStanding) -> ProofKind {
    match standing.bearing() {
        Bearing::Counts | Bearing::InDoubt => ProofKind::Attested,
        _ => ProofKind::None,
    }
}
