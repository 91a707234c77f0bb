//! What to do when no trigger applies.

use super::{Gap, RollbackProcedure, Trigger, UnmatchedTrigger, defaults};
use crate::graph::Selection;
use crate::model::Plan;
use crate::views::linked::Linked;

/// What the plan says to that, what it leaves open, and what is usually done.
pub(super) fn nothing_matches(
    plan: &Plan<'_>,
    selection: &Selection,
    triggers: &[Trigger],
    ways_back: &[RollbackProcedure],
) -> UnmatchedTrigger {
    let decides = owner_of_release(plan, selection);
    let mut gaps = Vec::new();
    if decides.is_none() {
        let next = match selection.release {
            Some(_) => "add `owner` to the release",
            None if plan.releases().next().is_none() => "add a REL entry with an `owner`",
            None => "choose a release with `--release`; its `owner` decides",
        };
        gaps.push(Gap::new("owner", "no authority when no trigger applies", next));
    }
    if triggers.is_empty() {
        let next = "add DEP entries of `type: Rollback` with `trigger` and `threshold`";
        gaps.push(Gap::new("type", "no trigger", next));
    }
    if ways_back.is_empty() {
        let next = "set the `strategy` of the release, or add DEP entries of `type: Step` with \
                    `stage: Rollback`";
        gaps.push(Gap::new("strategy", "no rollback procedure", next));
    }
    UnmatchedTrigger {
        decides,
        metrics: distinct(triggers, |trigger| &trigger.watched_by),
        escalates_to: distinct(triggers, |trigger| &trigger.escalates_to),
        default_steps: defaults::NOTHING_MATCHES.to_vec(),
        gaps,
    }
}

fn owner_of_release(plan: &Plan<'_>, selection: &Selection) -> Option<String> {
    let release = plan.release(&selection.release.as_ref()?.id)?;
    let owner = plan.entry(release).owner.as_ref()?;
    Some(owner.value.to_string()).filter(|owner| !owner.trim().is_empty())
}

fn distinct(triggers: &[Trigger], of: fn(&Trigger) -> &Vec<Linked>) -> Vec<Linked> {
    let mut all: Vec<Linked> = triggers.iter().flat_map(|trigger| of(trigger).clone()).collect();
    all.sort_by(|one, other| one.id.cmp(&other.id));
    all.dedup();
    all
}
