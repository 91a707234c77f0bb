//! What is assumed other than the plan says, and whether it changes anything.

use rustc_hash::FxHashSet;

use super::{Impossible, Viewpoint, members};
use crate::config::{Config, Team};
use crate::forecast::simulation::RiskEvent;
use crate::model::{EntryIndex, Id, Plan};
use crate::network::Network;
use crate::views::scope::{NeedWord, Scope};

/// What is assumed other than the plan says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct WhatIf {
    /// Work that is left out.
    pub without: Vec<Id>,
    /// Risks that do not occur.
    pub resolve: Vec<Id>,
    /// People that a team has more or fewer.
    pub capacity: Vec<(String, i64)>,
    /// The least need of the work that is kept.
    pub scope: Option<NeedWord>,
}

/// An assumption that changes nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NoEffect {
    /// It leaves out what is not open work in scope.
    Without(Id),
    /// Nothing in scope has a lower priority.
    Scope(NeedWord),
    /// It resolves a risk that delays nothing.
    Resolve(Id),
    /// The team does none of the open work.
    CapacityOfNoWork(String),
    /// The team has as many people as before.
    SameCapacity(String),
    /// Work items are counted, and people are not.
    CapacityByThroughput,
    /// The number of work items is stated as a whole.
    ItemsAsAWhole(&'static str),
}

impl NoEffect {
    /// What has no effect, and why.
    pub fn words(&self) -> String {
        match self {
            NoEffect::Without(id) => {
                format!("`--without {id}` has no effect: {id} is no open EPIC entry of this release")
            }
            NoEffect::Scope(need) => {
                format!(
                    "`--scope {}` has no effect: no open EPIC entry has a lower priority that is not needed for the others",
                    need.word()
                )
            }
            NoEffect::Resolve(id) => format!(
                "`--resolve {id}` has no effect: {id} is resolved, delays no open work of this release, or has no \
                 `probability` and `delay`"
            ),
            NoEffect::CapacityOfNoWork(team) => {
                format!("`--capacity {team}` has no effect: {team} does no open work of this release")
            }
            NoEffect::SameCapacity(team) => {
                format!("`--capacity {team}` has no effect: {team} has as many people as before")
            }
            NoEffect::CapacityByThroughput => "`--capacity` has no effect on past throughput: use `--method \
                estimates`, or change `--throughput`"
                .to_owned(),
            NoEffect::ItemsAsAWhole(flag) => format!(
                "`{flag}` has no effect on a total number of work items: add `items` to the EPIC entries instead, or \
                 use `--method estimates`"
            ),
        }
    }
}

impl WhatIf {
    /// What is changed, a sentence each.
    pub fn words(&self) -> Vec<String> {
        let ids = |ids: &[Id]| ids.iter().map(Id::to_string).collect::<Vec<_>>().join(", ");
        let mut words = Vec::new();
        if !self.without.is_empty() {
            words.push(format!("What if: without {}.", ids(&self.without)));
        }
        if !self.resolve.is_empty() {
            words.push(format!("What if: {} cannot occur.", ids(&self.resolve)));
        }
        for (team, change) in &self.capacity {
            let noun = if change.abs() == 1 { "person" } else { "people" };
            let more = if *change < 0 { "fewer" } else { "more" };
            words.push(format!("What if: {team} has {} {noun} {more}.", change.abs()));
        }
        if let Some(need) = self.scope {
            words.push(format!("What if: the scope ends with what is a {}.", need.word()));
        }
        words
    }

    /// The people of a team after the change.
    pub(super) fn people(&self, team: &Team) -> u32 {
        let changes = self.capacity.iter().filter(|(name, _)| team.is_called(name));
        let people =
            changes.fold(i64::from(team.people), |people, (_, change)| people.saturating_add(*change));
        u32::try_from(people.max(0)).unwrap_or(u32::MAX)
    }
}

/// Whether the work is another than without the change.
pub(super) fn check_scope(
    at: Viewpoint<'_, '_>,
    scope: &Scope,
    what_if: &WhatIf,
    changed: &[EntryIndex],
) -> Result<(), Impossible> {
    if what_if.without.is_empty() && what_if.scope.is_none() {
        return Ok(());
    }
    let (all, _) = members(at, scope, &WhatIf::default());
    let known: FxHashSet<EntryIndex> = all.iter().copied().collect();
    for id in &what_if.without {
        if !at.plan.find(*id).is_some_and(|index| known.contains(&index)) {
            return Err(Impossible::NoEffect(NoEffect::Without(*id)));
        }
    }
    if let Some(need) = what_if.scope {
        let (whole, _) = members(at, scope, &WhatIf { scope: None, ..what_if.clone() });
        if whole.len() == changed.len() {
            return Err(Impossible::NoEffect(NoEffect::Scope(need)));
        }
    }
    match changed.is_empty() {
        true => Err(Impossible::NothingLeft),
        false => Ok(()),
    }
}

/// The risks without those that cannot occur.
pub(super) fn without_resolved(
    plan: &Plan<'_>,
    what_if: &WhatIf,
    mut risks: Vec<(EntryIndex, RiskEvent)>,
) -> Result<Vec<(EntryIndex, RiskEvent)>, Impossible> {
    for id in &what_if.resolve {
        let resolved = plan.find(*id);
        let is_it = |(index, _): &(EntryIndex, RiskEvent)| Some(*index) == resolved;
        if !risks.iter().any(is_it) {
            return Err(Impossible::NoEffect(NoEffect::Resolve(*id)));
        }
        risks.retain(|risk| !is_it(risk));
    }
    Ok(risks)
}

/// Whether the teams that are changed do any of the work, and have other people than before.
pub(super) fn check_capacity(
    config: &Config,
    what_if: &WhatIf,
    network: &Network,
    teams: &[String],
) -> Result<(), Impossible> {
    if what_if.capacity.is_empty() {
        return Ok(());
    }
    let busy: FxHashSet<usize> = network.activities.iter().filter_map(|activity| activity.team).collect();
    for (name, _) in &what_if.capacity {
        let Some(team) = config.team.iter().find(|team| team.is_called(name)) else { continue };
        let place = teams.iter().position(|known| *known == team.name.value);
        if !place.is_some_and(|place| busy.contains(&place)) {
            return Err(Impossible::NoEffect(NoEffect::CapacityOfNoWork(name.clone())));
        }
        if what_if.people(team) == team.people {
            return Err(Impossible::NoEffect(NoEffect::SameCapacity(name.clone())));
        }
    }
    Ok(())
}
