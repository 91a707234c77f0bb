//! Environments: whether each is documented, and in which order a build passes through them.

use rustc_hash::FxHashMap;
use schemars::JsonSchema;
use serde::Serialize;

use super::TestTally;
use crate::graph::targets;
use crate::model::dep::{Dep, Detail, Environment};
use crate::model::{Choice, Entry, EntryIndex, Id, LinkKind, id};
use crate::verdict::check::{Check, CheckKind, Judged, Proof};
use crate::verdict::{Judge, Verdict};

/// An environment on the way of a build, with its gate.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct PromotionStep {
    /// Its id.
    pub id: String,
    /// What the team calls it.
    pub name: String,
    /// Its place, if it is stated.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub order: Option<u32>,
    /// What a build moves on to from here.
    pub promotes_to: Vec<String>,
    /// What must hold before something moves on from here.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gate: Option<String>,
    /// The checks that the gate names.
    pub checks: Vec<String>,
    /// The status of the gate. It never passes here: a sentence says more than the ids in it.
    pub verdict: Verdict,
    /// The reason for its status.
    pub reason: String,
}

impl Judge<'_> {
    /// The environments of the selection.
    pub(in crate::verdict) fn environments(&self) -> Vec<Check> {
        let deps = self.basis.plan.deps().filter_map(|(entry, dep)| match &dep.detail {
            Detail::Environment(environment) => self.environment(entry, dep, environment),
            _ => None,
        });
        deps.collect()
    }

    fn environment(&self, entry: &Entry<'_>, dep: &Dep<'_>, environment: &Environment<'_>) -> Option<Check> {
        let index = self.selected(entry)?;
        let tests = self.tests(index);
        let judged = judge(&self.undocumented(entry, environment), tests.as_ref());
        Some(Check {
            stage: dep.stage.map(|stage| stage.value.word()),
            requirement: environment.infrastructure.as_ref().map(|text| text.value.to_string()),
            proof: Proof::asserted(None),
            tests,
            ..Check::of(entry, CheckKind::Environment, judged)
        })
    }

    fn undocumented(&self, entry: &Entry<'_>, environment: &Environment<'_>) -> Vec<&'static str> {
        let open = environment
            .documentation()
            .into_iter()
            .filter(|(name, there)| !there || self.unreadable(entry, &[name]));
        open.map(|(name, _)| name).collect()
    }

    /// The environments in their order, with what their gates name.
    pub fn progression(&self, checks: &[Check]) -> Vec<PromotionStep> {
        let by_id: FxHashMap<&str, &Check> =
            checks.iter().rev().map(|check| (check.id.as_str(), check)).collect();
        let found = self.basis.plan.environments().filter_map(|(entry, environment)| {
            let index = self.selected(entry)?;
            Some(self.step(index, entry, environment, &by_id))
        });
        let mut steps: Vec<PromotionStep> = found.collect();
        steps.sort_by_key(|step| step.order.unwrap_or(u32::MAX));
        steps
    }

    fn step(
        &self,
        index: EntryIndex,
        entry: &Entry<'_>,
        environment: &Environment<'_>,
        checks: &FxHashMap<&str, &Check>,
    ) -> PromotionStep {
        let gate = environment.gate.as_ref().map(|gate| gate.value.trim()).filter(|gate| !gate.is_empty());
        let named = gate.map(|gate| self.named_in(gate)).unwrap_or_default();
        let found: Vec<&Check> = named.iter().filter_map(|id| checks.get(id.as_str()).copied()).collect();
        let (verdict, reason) = stands(gate, &found);
        let next = targets(self.basis.graph, index, |edge| edge.kind == LinkKind::PromotesTo);
        PromotionStep {
            id: entry.id.value.to_string(),
            name: environment.name.as_ref().map_or_else(|| entry.title(), |name| &name.value).to_owned(),
            order: environment.order.map(|order| order.value),
            promotes_to: next
                .into_iter()
                .map(|index| self.basis.plan.entry(index).id.value.to_string())
                .collect(),
            gate: gate.map(str::to_owned),
            checks: found.into_iter().map(|check| check.id.clone()).collect(),
            verdict,
            reason,
        }
    }

    /// The ids in a sentence, ranges such as `DEP-101 to DEP-111` with all between.
    fn named_in(&self, text: &str) -> Vec<String> {
        let mut named: Vec<Id> = Vec::new();
        let mut before: Option<(Id, usize)> = None;
        for (id, at) in id::find_in(text) {
            let range = before
                .filter(|(from, end)| from.prefix == id.prefix && id::joins_range(&text[*end..at.start]));
            match range {
                Some((from, _)) => {
                    // The first of a range was named already.
                    let between = self.basis.plan.between(from, id);
                    let between = between.iter().map(|index| self.basis.plan.entry(*index).id.value);
                    named.extend(between.filter(|id| *id != from));
                }
                None => named.push(id),
            }
            before = Some((id, at.end));
        }
        named.iter().map(Id::to_string).collect()
    }
}

fn judge(missing: &[&str], tests: Option<&TestTally>) -> Judged {
    if let Some(tests) = tests.filter(|tests| !tests.failed.is_empty()) {
        return Judged::new(Verdict::Fail, format!("tests: {}", tests.in_words()), "fix the failures");
    }
    match missing {
        [] => Judged::done(Verdict::Pass, "documented: infrastructure, configuration, secrets, access"),
        missing => {
            let fields: Vec<String> = missing.iter().map(|field| format!("`{field}`")).collect();
            let reason = format!("not documented: {}", missing.join(", "));
            Judged::new(Verdict::Warn, reason, format!("add {}", fields.join(", ")))
        }
    }
}

/// The worst of the checks that a gate names. If they all hold, the rest of the sentence is left for people
/// to judge.
fn stands(gate: Option<&str>, named: &[&Check]) -> (Verdict, String) {
    if gate.is_none() {
        return (Verdict::Unknown, "no `gate` for promotion".into());
    }
    let Some(worst) = named.iter().map(|check| check.verdict).max() else {
        return (Verdict::Unknown, "the gate links no check: its status is unknown".into());
    };
    let open = named.iter().filter(|check| check.verdict.is_open()).count();
    match open {
        0 => (
            Verdict::Unknown,
            format!("its {} linked checks pass; the rest needs a manual check", named.len()),
        ),
        open => {
            (worst.max(Verdict::Unknown), format!("{open} of its {} linked checks are open", named.len()))
        }
    }
}
