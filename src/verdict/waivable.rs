//! What can be waived by name: the checks of gates, and what a release leaves to be done.

use crate::config::{Config, Gate, GateCriterion};
use crate::model::reader::nearest_name;
use crate::model::{Id, Kind, Plan, same_folded};
use crate::verdict::checks::UNMATCHED_FAILURES;

/// What the name of a check stands for that is no entry's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Named {
    /// A check that may be waived, as the plan or `relplan.toml` spells it.
    Check(String),
    /// A criterion that only asks how entries stand. It has no check of its own but where there are too few of
    /// them; whatever one of them lacks is waived by its id.
    OfEntries {
        /// As `relplan.toml` spells it.
        name: String,
        /// Which entries it asks about, in words.
        chooses: String,
        /// Whether there could be too few of them.
        may_lack: bool,
    },
    /// A freeze: the waiver is an exception from it.
    Freeze(String),
    /// An approval, which only its role can give.
    Approval {
        /// The role.
        role: String,
    },
    /// That the plan is sound, which nobody can waive.
    Plan,
    /// Nothing.
    Nothing {
        /// What was probably meant.
        near: Option<String>,
    },
}

/// What somebody means who names a check that is no entry's.
pub fn named(text: &str, plan: &Plan<'_>, config: &Config) -> Named {
    let text = text.trim();
    if let Some(freeze) = freeze_of(text) {
        return named_freeze(freeze, plan, config);
    }
    let checks = all(plan, config);
    if let Some((_, found)) = checks.iter().find(|(name, _)| same_folded(name, text)) {
        return found.clone();
    }
    if let Some(role) = approval(text, plan, config) {
        return Named::Approval { role };
    }
    if ["plan", "The plan is sound", "plan/complete", "The plan is complete"]
        .iter()
        .any(|own| same_folded(own, text))
    {
        return Named::Plan;
    }
    let near = nearest_name(text, checks.iter().map(|(name, _)| name.as_str()));
    Named::Nothing { near: near.map(str::to_owned) }
}

/// The freeze of a name. Names are compared as they are: `Week 1-2` is not `Week 12`.
fn named_freeze(wanted: &str, plan: &Plan<'_>, config: &Config) -> Named {
    let releases = plan.entries().iter().filter(|entry| matches!(entry.kind, Kind::Rel(_)));
    let names = config.calendar.freezes.iter().map(|freeze| freeze.name.trim().to_owned());
    let names: Vec<String> = names.chain(releases.map(|entry| code_freeze_of(entry.id.value))).collect();
    match names.iter().find(|name| name.eq_ignore_ascii_case(wanted)) {
        Some(name) => Named::Freeze(format!("{OF_FREEZE} {name}")),
        None => {
            let near = nearest_name(wanted, names.iter().map(String::as_str));
            Named::Nothing { near: near.map(|near| format!("{OF_FREEZE} {near}")) }
        }
    }
}

/// Whether a gate could ever look at an entry of this family.
pub fn is_looked_at(id: Id, plan: &Plan<'_>, config: &Config) -> bool {
    let entry = plan.find(id).map(|index| plan.entry(index));
    let chosen = |criterion: &GateCriterion| entry.is_some_and(|entry| criterion.chooses(entry));
    // A release is asked for approvals alone, unless a gate chooses it.
    !entry.is_some_and(|entry| matches!(entry.kind, Kind::Rel(_)))
        || config.gates.iter().flat_map(|gate| &gate.criteria).any(chosen)
}

/// What the `check` of a waiver begins with that is an exception from a freeze: `freeze: Year-end closing`. Such a waiver
/// waives no check, whatever that is called.
pub const OF_FREEZE: &str = "freeze:";

/// What the code freeze of a release is called.
pub fn code_freeze_of(release: Id) -> String {
    format!("code freeze of {release}")
}

/// The freeze that the `check` of a waiver names, if it names one.
pub fn freeze_of(check: &str) -> Option<&str> {
    let check = check.trim();
    let (start, rest) = (check.get(..OF_FREEZE.len())?, check.get(OF_FREEZE.len()..)?);
    start.eq_ignore_ascii_case(OF_FREEZE).then(|| rest.trim())
}

/// Every check that is no entry's, under every name that it has.
fn all(plan: &Plan<'_>, config: &Config) -> Vec<(String, Named)> {
    let mut names = Vec::new();
    for gate in &config.gates {
        for criterion in &gate.criteria {
            names.extend(of_criterion(gate, criterion));
        }
        if gate.decides {
            let id = format!("{}/{UNMATCHED_FAILURES}", gate.name);
            names.push((id.clone(), Named::Check(id)));
        }
    }
    for entry in plan.entries().iter().filter(|entry| matches!(entry.kind, Kind::Rel(_))) {
        if let Kind::Rel(rel) = &entry.kind {
            let parts = rel.deliverables.iter().map(|part| format!("{}/{}", entry.id.value, part.title()));
            names.extend(parts.map(|id| (id.clone(), Named::Check(id))));
        }
        for follow_up in config.gates.iter().flat_map(|gate| &gate.follow_ups) {
            let (release, name) = (entry.id.value, &follow_up.name.value);
            for name in [format!("{release}/{name}"), format!("{name} of {release}")] {
                names.push((name.clone(), Named::Check(name)));
            }
        }
    }
    names
}

/// The checks of a criterion: one that demands facts is known by its own name as well as by that of its gate.
fn of_criterion(gate: &Gate, criterion: &GateCriterion) -> Vec<(String, Named)> {
    let (name, id) = (&criterion.name.value, format!("{}/{}", gate.name, criterion.name.value));
    let named = |name: String| match (&criterion.evidence_requirement, criterion.from.is_empty()) {
        (Some(_), _) | (None, true) => Named::Check(name),
        (None, false) => {
            Named::OfEntries { name, chooses: criterion.in_words(), may_lack: criterion.min > 0 }
        }
    };
    let mut names = vec![(id.clone(), named(id.clone())), (name.clone(), named(name.clone()))];
    if criterion.evidence_requirement.is_some() && !criterion.from.is_empty() {
        let id = format!("{id}/entries");
        names.push((id.clone(), Named::Check(id)));
    }
    names
}

/// The role of an approval, if a text names one: by the role, as reports call its check, or by its title.
fn approval(text: &str, plan: &Plan<'_>, config: &Config) -> Option<String> {
    let of_gates = config.gates.iter().flat_map(|gate| &gate.approvals).map(|role| role.value.as_str());
    let of_profiles = config.profiles.iter().flat_map(|profile| &profile.approvals).map(String::as_str);
    let of_releases = plan.entries().iter().filter_map(|entry| match &entry.kind {
        Kind::Rel(rel) => Some(&rel.approvals),
        _ => None,
    });
    let of_releases = of_releases.flatten().filter_map(|approval| Some(&*approval.role.as_ref()?.value));
    let texts = of_gates.chain(of_profiles).chain(of_releases);
    let mut roles = texts.flat_map(|text| super::approval::roles(text, config.roster.as_ref()));
    let asked = roles.find(|role| {
        let at_gate = |gate: &Gate| {
            same_folded(&format!("{}/{role}", gate.name), text)
                || same_folded(&format!("Approval of {}: {role}", gate.title), text)
        };
        same_folded(role, text) || config.gates.iter().any(at_gate)
    });
    asked.or_else(|| Some(config.roster.as_ref()?.role(text)?.name.value.clone()))
}
