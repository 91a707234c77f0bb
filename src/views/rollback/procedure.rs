//! The ways back: the plan's own steps, or else the usual ones of the strategies that it states.

use super::marks::{self, MarkKind};
use super::{Procedure, RollbackProcedure, Source, Step, defaults};
use crate::graph::Graph;
use crate::graph::{Selection, to_come};
use crate::model::dep::{self, Detail, Stage, Strategy};
use crate::model::{Choice, Entry, EntryIndex, Kind, Plan};

/// A deployment step with its entry.
struct Found<'p, 's> {
    index: EntryIndex,
    entry: &'p Entry<'s>,
    stage: Option<Stage>,
    step: &'p dep::Step<'s>,
}

/// One way for each strategy that a release or a step states, those of releases first; without any,
/// the plan's own steps back.
pub(super) fn ways_back(plan: &Plan<'_>, graph: &Graph, selection: &Selection) -> Vec<RollbackProcedure> {
    let steps = steps(plan, selection);
    let mut strategies: Vec<(Strategy, Vec<EntryIndex>)> = Vec::new();
    let of_releases = to_come(plan, selection)
        .into_iter()
        .filter_map(|release| Some((strategy_of(plan, release)?, release)));
    let of_releases: Vec<_> = of_releases.collect();
    let of_steps = steps.iter().filter_map(|found| Some((found.step.strategy?.value, found.index)));
    for (strategy, by) in of_releases.iter().copied().chain(of_steps) {
        match strategies.iter_mut().find(|(known, _)| *known == strategy) {
            Some((_, stated_by)) => stated_by.push(by),
            None => strategies.push((strategy, vec![by])),
        }
    }
    let back: Vec<&Found<'_, '_>> =
        steps.iter().filter(|found| found.stage == Some(Stage::Rollback)).collect();
    if strategies.is_empty() && !back.is_empty() {
        let procedure = own(plan, graph, &back);
        return vec![RollbackProcedure { strategy: None, stated_by: Vec::new(), procedure }];
    }
    let procedure = |(strategy, stated_by): (Strategy, Vec<EntryIndex>)| {
        let released = of_releases.iter().any(|(of, _)| *of == strategy);
        // A step that names no strategy belongs to how the release goes out.
        let fits =
            |found: &&&Found<'_, '_>| found.step.strategy.map_or(released, |stated| stated.value == strategy);
        let own_steps: Vec<&Found<'_, '_>> = back.iter().filter(fits).copied().collect();
        let procedure = match own_steps.as_slice() {
            [] => {
                let texts = defaults::steps(strategy).iter().map(|text| (*text).to_owned());
                Procedure::of(Source::DefaultSteps, Some(strategy.word().to_owned()), texts)
            }
            steps => own(plan, graph, steps),
        };
        RollbackProcedure { strategy: Some(strategy.word()), stated_by: names(plan, stated_by), procedure }
    };
    strategies.into_iter().map(procedure).collect()
}

/// What says that a strategy is used: the releases, or if none does, the steps.
fn names(plan: &Plan<'_>, stated_by: Vec<EntryIndex>) -> Vec<String> {
    let is_release = |index: &EntryIndex| matches!(plan.entry(*index).kind, Kind::Rel(_));
    let released = stated_by.iter().any(is_release);
    let shown = stated_by.into_iter().filter(|index| !released || is_release(index));
    shown.map(|index| plan.entry(index).id.value.to_string()).collect()
}

/// The deployment steps of the selection, in their order.
fn steps<'p, 's>(plan: &'p Plan<'s>, selection: &Selection) -> Vec<Found<'p, 's>> {
    let mut found: Vec<Found<'p, 's>> = plan
        .deps()
        .filter_map(|(entry, dep)| match &dep.detail {
            Detail::Step(step) => {
                let index = plan.find(entry.id.value)?;
                Some(Found { index, entry, stage: dep.stage.map(|stage| stage.value), step })
            }
            _ => None,
        })
        .filter(|found| selection.has(found.index))
        .collect();
    found.sort_by_key(|found| found.step.order.map_or(u32::MAX, |order| order.value));
    found
}

fn own(plan: &Plan<'_>, graph: &Graph, steps: &[&Found<'_, '_>]) -> Procedure {
    let steps = (1..).zip(steps).map(|(number, found)| as_step(plan, graph, number, found)).collect();
    Procedure { source: Source::PlanSteps, of: None, steps }
}

fn as_step(plan: &Plan<'_>, graph: &Graph, number: usize, found: &Found<'_, '_>) -> Step {
    let action = found.step.action.as_ref().map_or_else(|| found.entry.title(), |action| &action.value);
    // The title may say what the action does not: `Retire blue`.
    let mut marks = marks::of(&format!("{} {action}", found.entry.title()));
    for (tag, kind) in [("database", MarkKind::Database), ("irreversible", MarkKind::Irreversible)] {
        if found.entry.tags().iter().any(|known| known.value.eq_ignore_ascii_case(tag)) {
            marks::add(&mut marks, kind, format!("tag {tag}"));
        }
    }
    // DBT is the family of database tables.
    let tables = graph.outgoing(found.index).map(|edge| plan.entry(edge.to).id.value);
    if let Some(table) = tables.into_iter().find(|id| id.prefix.as_str() == "DBT") {
        marks::add(&mut marks, MarkKind::Database, table.to_string());
    }
    Step { number, text: action.to_owned(), entry: Some(found.entry.id.value.to_string()), marks }
}

/// Steps of the deployment that touch stored data or cannot be undone.
pub(super) fn not_undone(plan: &Plan<'_>, graph: &Graph, selection: &Selection) -> Vec<Step> {
    let forward = steps(plan, selection).into_iter().filter(|found| found.stage != Some(Stage::Rollback));
    let marked = forward.map(|found| as_step(plan, graph, 0, &found)).filter(|step| !step.marks.is_empty());
    (1..).zip(marked).map(|(number, step)| Step { number, ..step }).collect()
}

/// The way back that a trigger without a procedure takes: that of the releases, if there is only one.
pub(super) fn only(ways: &[RollbackProcedure]) -> Option<&RollbackProcedure> {
    let mut main = ways.iter().filter(|procedure| {
        procedure.strategy.is_none() || procedure.stated_by.iter().any(|id| id.starts_with("REL-"))
    });
    match (main.next(), main.next(), ways) {
        (Some(procedure), None, _) => Some(procedure),
        (None, _, [procedure]) => Some(procedure),
        _ => None,
    }
}

/// The strategy that a release states.
fn strategy_of(plan: &Plan<'_>, release: EntryIndex) -> Option<Strategy> {
    match &plan.entry(release).kind {
        Kind::Rel(rel) => rel.strategy.map(|strategy| strategy.value),
        _ => None,
    }
}
