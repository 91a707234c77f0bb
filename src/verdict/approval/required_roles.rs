//! Which roles somebody is asked for: an approval in any other serves nothing.

use super::roles;
use crate::config::{Config, Gate, gates, profiles};
use crate::model::evidence_requirement::EvidenceRequirement;
use crate::model::rel::{Approval, Rel};
use crate::model::{Entry, EntryIndex, Kind, Plan, same_folded};

/// What an approval is about.
#[derive(Debug, Clone, Copy)]
pub struct Subject<'s> {
    /// The release, if it is about one.
    pub release: Option<EntryIndex>,
    /// The gate, if it is about one only.
    pub gate: Option<&'s str>,
    /// The entries, if it is about some only.
    pub of: &'s [EntryIndex],
}

/// Every role that is asked to approve this: by the gates, by the profile that the release context chooses, by the
/// release, by evidence requirements with a `sign_off`, and by handoffs.
pub fn asked_roles(plan: &Plan<'_>, config: &Config, subject: Subject<'_>) -> Vec<String> {
    let texts = match subject.of {
        [] => of_release(plan, config, subject),
        entries => {
            let own = || entries.iter().map(|index| plan.entry(*index));
            let mut texts = signed_off(own().filter_map(|entry| entry.kind.evidence_requirement()));
            texts.extend(own().filter_map(accepted_by));
            texts
        }
    };
    texts.iter().flat_map(|text| roles(text, config.roster.as_ref())).collect()
}

/// The gates for which somebody can approve: those of the configuration, and whatever releases call so.
pub fn known_gates(plan: &Plan<'_>, config: &Config) -> Vec<String> {
    let mut known = gates::names(&config.gates);
    let named = plan.entries().iter().filter_map(|entry| match &entry.kind {
        Kind::Rel(rel) => Some(rel.approvals.iter().filter_map(own_gate)),
        _ => None,
    });
    for gate in named.flatten() {
        if !known.iter().any(|known| same_folded(known, gate)) {
            known.push(gate.to_owned());
        }
    }
    known
}

fn of_release(plan: &Plan<'_>, config: &Config, subject: Subject<'_>) -> Vec<String> {
    let rel = subject.release.and_then(|release| match &plan.entry(release).kind {
        Kind::Rel(rel) => Some(&**rel),
        _ => None,
    });
    let through = match rel {
        Some(rel) => gates::of_type(&config.gates, rel.rel_type()),
        None => config.gates.iter().filter(|gate| gate.disabled.is_none()).collect(),
    };
    let is_asked = |gate: &&&Gate| subject.gate.is_none_or(|own| same_folded(own, &gate.name));
    let through: Vec<&Gate> = through.iter().filter(is_asked).copied().collect();
    let mut texts: Vec<String> =
        through.iter().flat_map(|gate| &gate.approvals).map(|role| role.value.clone()).collect();
    let decides = through.iter().any(|gate| gate.decides);
    if decides {
        let profile = profiles::find(&config.profiles, config.context.choose().0);
        texts.extend(profile.into_iter().flat_map(|profile| profile.approvals.iter().cloned()));
    }
    texts.extend(rel.into_iter().flat_map(|rel| of_field(rel, subject.gate, decides)));
    // Whoever signs for a criterion signs it, or the release as a whole, and at no gate in particular.
    if subject.gate.is_none() {
        let of_gates = through.iter().flat_map(|gate| &gate.criteria);
        texts.extend(signed_off(of_gates.filter_map(|criterion| criterion.evidence_requirement.as_ref())));
        texts.extend(signed_off(plan.entries().iter().filter_map(|entry| entry.kind.evidence_requirement())));
        texts.extend(plan.entries().iter().filter_map(accepted_by));
    }
    texts
}

/// The role that accepts a handoff.
fn accepted_by(entry: &Entry<'_>) -> Option<String> {
    match &entry.kind {
        Kind::Handoff(handoff) => Some(handoff.role.as_ref()?.value.to_string()),
        _ => None,
    }
}

/// The roles that the release itself names: for the gate, or for none in particular, which is where it is decided.
fn of_field<'r>(rel: &'r Rel<'_>, gate: Option<&'r str>, decides: bool) -> impl Iterator<Item = String> {
    let here = move |approval: &&Approval<'_>| match (own_gate(approval), gate) {
        (Some(own), Some(gate)) => same_folded(own, gate),
        (None, Some(_)) => decides,
        (_, None) => true,
    };
    rel.approvals.iter().filter(here).filter_map(|approval| Some(approval.role.as_ref()?.value.to_string()))
}

fn own_gate<'a>(approval: &'a Approval<'_>) -> Option<&'a str> {
    approval.gate.as_ref().map(|gate| gate.value.trim()).filter(|gate| !gate.is_empty())
}

fn signed_off<'d>(requirements: impl Iterator<Item = &'d EvidenceRequirement>) -> Vec<String> {
    requirements.flat_map(|requirement| &requirement.sign_off).map(|role| role.value.clone()).collect()
}
