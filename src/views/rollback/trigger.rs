//! One trigger with all that the plan says about it, and what it does not say.

use super::procedure::only;
use super::{Gap, Limit, Procedure, RollbackProcedure, Runbook, Source, Step, Trigger};
use crate::graph::Graph;
use crate::graph::Selection;
use crate::graph::{once, sources, targets};
use crate::model::dep::{Rollback, Severity};
use crate::model::flag;
use crate::model::{Choice, Entry, EntryIndex, Kind, LinkKind, Plan, Text};
use crate::views::linked::{Linked, is_metric, is_runbook};

/// The triggers of the selection by id, each with its severity.
pub(super) fn triggers(
    plan: &Plan<'_>,
    graph: &Graph,
    selection: &Selection,
    ways: &[RollbackProcedure],
) -> Vec<(Option<Severity>, Trigger)> {
    let found = plan.rollbacks().filter_map(|(entry, rollback)| {
        let index = plan.find(entry.id.value).filter(|index| selection.has(*index))?;
        let severity = rollback.severity.map(|severity| severity.value);
        Some((severity, trigger(plan, graph, index, rollback, ways)))
    });
    found.collect()
}

fn trigger(
    plan: &Plan<'_>,
    graph: &Graph,
    index: EntryIndex,
    rollback: &Rollback<'_>,
    ways: &[RollbackProcedure],
) -> Trigger {
    let entry = plan.entry(index);
    let escalations = targets(graph, index, |edge| edge.kind == LinkKind::EscalatesTo);
    let runbooks = runbooks(plan, graph, index, &escalations);
    let text = |text: &Option<Text<'_>>| text.as_ref().and_then(stated);
    let watched_by = metrics(plan, graph, index);
    let mut trigger = Trigger {
        id: entry.id.value.to_string(),
        title: entry.title().to_owned(),
        owner: text(&entry.owner),
        severity: rollback.severity.map(|severity| severity.value.word()),
        trigger: text(&rollback.trigger),
        threshold: limit(plan, rollback, &watched_by),
        watched_by: Linked::all(plan, watched_by),
        started_by: Linked::all(plan, started_by(plan, graph, index)),
        automatic: rollback.automatic.as_ref().map(|automatic| automatic.value.value),
        automatic_note: rollback
            .automatic
            .as_ref()
            .and_then(|automatic| automatic.value.note())
            .map(|note| note.to_string()),
        authority: text(&rollback.authority),
        time_limit: rollback.max_duration.map(|duration| duration.value.in_words()),
        last_rehearsed: rollback.last_rehearsed.map(|day| day.value),
        kill_switches: kill_switches(plan, entry, rollback),
        procedure: procedure(rollback, &runbooks, ways),
        notification: rollback.notification.iter().filter_map(stated).collect(),
        runbooks,
        escalates_to: Linked::all(plan, escalations),
        gaps: Vec::new(),
    };
    trigger.gaps = gaps(graph, index, &trigger);
    trigger.gaps.extend(flawed_flags(plan, entry, rollback));
    trigger
}

/// A text that says something.
fn stated(text: &Text<'_>) -> Option<String> {
    Some(text.value.trim().to_owned()).filter(|text| !text.is_empty())
}

fn limit(plan: &Plan<'_>, rollback: &Rollback<'_>, watched_by: &[EntryIndex]) -> Option<Limit> {
    let condition = &rollback.threshold.as_ref()?.value;
    let typed = condition.typed.as_ref();
    Some(Limit {
        text: condition.text.trim().to_owned(),
        short: typed.map(|threshold| threshold.canonical()),
        reading: typed.map(|threshold| threshold.to_string()),
        worked_out: typed.and_then(|threshold| {
            super::limit::worked_out(threshold, watched_by.iter().map(|metric| plan.entry(*metric)))
        }),
    })
}

/// What the entry says watches it, or else whatever is measured and linked to it.
fn metrics(plan: &Plan<'_>, graph: &Graph, index: EntryIndex) -> Vec<EntryIndex> {
    let stated = targets(graph, index, |edge| edge.kind == LinkKind::MonitoredBy && is_metric(plan, edge.to));
    match stated.is_empty() {
        true => either(graph, index, |other| is_metric(plan, other)),
        false => stated,
    }
}

/// What is linked to the entry in either direction.
fn either(graph: &Graph, index: EntryIndex, fits: impl Fn(EntryIndex) -> bool) -> Vec<EntryIndex> {
    let out = targets(graph, index, |edge| fits(edge.to));
    let back = sources(graph, index, |edge| fits(edge.from));
    once(out.into_iter().chain(back), index)
}

/// Validations that say that they lead here when they fail, by a link or in their prose.
fn started_by(plan: &Plan<'_>, graph: &Graph, index: EntryIndex) -> Vec<EntryIndex> {
    let links = sources(graph, index, |edge| edge.kind == LinkKind::EscalatesTo);
    let prose = graph.mentions.iter().filter(|mention| mention.1 == index).map(|mention| mention.0);
    let mut found = once(links.into_iter().chain(prose), index);
    found.retain(|from| is_validation(plan.entry(*from)));
    found.sort_by_key(|from| plan.entry(*from).id.value);
    found
}

fn is_validation(entry: &Entry<'_>) -> bool {
    matches!(&entry.kind, Kind::Dep(dep) if dep.dep_type() == crate::model::dep::DepType::Validation)
}

/// The runbooks that the entry names as such, or else those that are linked to it. What it escalates to
/// is not what is done first.
fn runbooks(plan: &Plan<'_>, graph: &Graph, index: EntryIndex, escalations: &[EntryIndex]) -> Vec<Runbook> {
    let named = targets(graph, index, |edge| edge.kind == LinkKind::Runbook && is_runbook(plan, edge.to));
    let all = match named.is_empty() {
        true => either(graph, index, |other| is_runbook(plan, other) && !escalations.contains(&other)),
        false => named,
    };
    all.into_iter().filter_map(|index| runbook(plan.entry(index))).collect()
}

fn runbook(entry: &Entry<'_>) -> Option<Runbook> {
    let Kind::Run(run) = &entry.kind else { return None };
    let texts = run.steps.iter().filter_map(stated);
    Some(Runbook {
        id: entry.id.value.to_string(),
        title: entry.title().to_owned(),
        last_tested: run.last_tested.map(|day| day.value),
        steps: Procedure::of(Source::Runbook, None, texts).steps,
    })
}

/// The entry's own steps; or those of its first runbook that has any; or the way back.
fn procedure(rollback: &Rollback<'_>, runbooks: &[Runbook], ways: &[RollbackProcedure]) -> Procedure {
    let own: Vec<String> = rollback.procedure.iter().filter_map(stated).collect();
    if !own.is_empty() {
        return Procedure::of(Source::Entry, None, own);
    }
    if let Some(runbook) = runbooks.iter().find(|runbook| !runbook.steps.is_empty()) {
        let (of, steps) = (Some(runbook.id.clone()), runbook.steps.clone());
        return Procedure { source: Source::Runbook, of, steps };
    }
    only(ways).map_or_else(Procedure::nowhere, |procedure| procedure.procedure.clone())
}

/// The kill switches of the flags that the rollback names.
fn kill_switches(plan: &Plan<'_>, entry: &Entry<'_>, rollback: &Rollback<'_>) -> Vec<Step> {
    let flags = flag::flags_of(plan, entry, rollback);
    let ready =
        flags.into_iter().filter_map(|(_, entry, flag)| Some((entry.id.value, flag.kill_switch().ok()?)));
    let steps = ready.zip(1..).map(|((id, (key, variant)), number)| {
        let text = format!("Set feature flag `{key}` to `{variant}` for everyone");
        Step { entry: Some(id.to_string()), ..Step::new(number, text) }
    });
    steps.collect()
}

/// Flags that the rollback names and that it cannot switch.
fn flawed_flags(plan: &Plan<'_>, entry: &Entry<'_>, rollback: &Rollback<'_>) -> Vec<Gap> {
    let flaws = flag::flags_of(plan, entry, rollback).into_iter().filter_map(|(_, entry, flag)| {
        let flaw = flag.kill_switch().err()?;
        let id = entry.id.value;
        Some(Gap::new("flags", format!("{id} {}", flaw.reason()), flaw.help(id)))
    });
    let others = flag::not_flags(plan, entry, rollback).into_iter();
    let others = others.filter(|id| plan.find(id.value).is_some()).map(|id| {
        Gap::new("flags", format!("{} is not a feature flag", id.value), "name entries of the family FLAG")
    });
    flaws.chain(others).collect()
}

/// What the plan leaves open about a trigger, in the order in which somebody would need it.
fn gaps(graph: &Graph, index: EntryIndex, trigger: &Trigger) -> Vec<Gap> {
    let mut gaps = Vec::new();
    let mut gap = |open: bool, field: &'static str, missing: &str, next: &str| {
        if open {
            gaps.push(Gap::new(field, missing, next));
        }
    };
    let unread = trigger.threshold.as_ref().is_some_and(|limit| limit.reading.is_none());
    let nobody = match trigger.automatic {
        Some(true) => "no authority for a manual start",
        _ => "no authority",
    };
    let procedure = match trigger.procedure.source {
        Source::Entry | Source::Runbook => None,
        Source::PlanSteps | Source::DefaultSteps => Some("no procedure of its own"),
        Source::Nowhere => Some("no procedure"),
    };
    gap(trigger.trigger.is_none(), "trigger", "no trigger description", "add `trigger: …`");
    gap(
        trigger.threshold.is_none(),
        "threshold",
        "no threshold",
        "add `threshold: \"> 2% of requests for 5m\"`",
    );
    gap(unread, "threshold", "the threshold cannot be parsed", "run `relplan check` to see which part");
    gap(trigger.severity.is_none(), "severity", "no severity", "add `severity: Critical`");
    gap(
        trigger.automatic.is_none(),
        "automatic",
        "neither automatic nor manual",
        "add `automatic: Yes` or `automatic: No`",
    );
    gap(trigger.authority.is_none(), "authority", nobody, "add `authority: …`");
    gap(trigger.time_limit.is_none(), "max_duration", "no time limit", "add `max_duration: 5m`");
    gap(procedure.is_some(), "procedure", procedure.unwrap_or_default(), "add the steps: `procedure: […]`");
    gap(trigger.notification.is_empty(), "notification", "no notification", "add `notification: …`");
    gap(trigger.runbooks.is_empty(), "runbook", "no runbook", "link one with `runbook: RUN-…`");
    gap(trigger.watched_by.is_empty(), "monitored_by", "no metric", "link one with `monitored_by: MON-…`");
    gap(trigger.escalates_to.is_empty(), "escalates_to", "no escalation", "link one with `escalates_to: …`");
    gap(
        trigger.last_rehearsed.is_none(),
        "last_rehearsed",
        "never rehearsed",
        "rehearse it, then add `last_rehearsed: …`",
    );
    gaps.extend(graph.dangling.iter().filter(|link| link.from == index).map(|link| {
        let missing = format!("{} is linked but does not exist", link.id);
        Gap::new(link.kind.word(), missing, format!("add the entry, or fix `{}`", link.kind.word()))
    }));
    gaps
}
