//! Environments: whether each is documented, and in which order a build passes through them.

use rustc_hash::FxHashMap;
use schemars::JsonSchema;
use serde::Serialize;

use super::TestTally;
use crate::graph::targets;
use crate::model::dep::{Dep, Detail, Environment};
use crate::model::evidence_requirement::EvidenceRequirement;
use crate::model::gate_phrase::{self, GatePhrase};
use crate::model::value::short;
use crate::model::{Choice, Entry, EntryIndex, Id, LinkKind, id, same_folded};
use crate::source::{Span, Spanned};
use crate::verdict::check::{Check, CheckKind, Judged, Proof};
use crate::verdict::evidence_requirement::RequirementSubject;
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
    /// The status of the gate. It passes only if all of its text was understood, and holds.
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
        let absent = named.len() - found.len();
        let (verdict, reason) = self.stands(gate, (&found, absent), checks);
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

impl Judge<'_> {
    /// The worst of what a gate asks for. What was not understood of it is UNKNOWN, and never met.
    fn stands(
        &self,
        gate: Option<&str>,
        (named, absent): (&[&Check], usize),
        checks: &FxHashMap<&str, &Check>,
    ) -> (Verdict, String) {
        let Some(gate) = gate else { return (Verdict::Unknown, "no `gate` for promotion".into()) };
        let phrases = gate_phrase::phrases(gate);
        let mut parts: Vec<(Verdict, String)> = Vec::new();
        if !named.is_empty() || absent > 0 {
            parts.push(of_named(named, absent));
        }
        parts.extend(phrases.iter().filter_map(|phrase| self.phrase_stands(phrase, checks)));
        parts.extend(not_understood(&phrases, parts.is_empty()));
        let worst = parts.iter().map(|(verdict, _)| *verdict).max().unwrap_or(Verdict::Unknown);
        let speaks = |part: &&(Verdict, String)| worst == Verdict::Pass || part.0 != Verdict::Pass;
        let reasons: Vec<&str> = parts.iter().filter(speaks).map(|(_, reason)| reason.as_str()).collect();
        match reasons.is_empty() {
            true => (Verdict::Unknown, "the gate has no verifiable criterion".to_owned()),
            false => (worst, reasons.join("; ")),
        }
    }

    /// What a phrase asks for, and how it stands; nothing if the ids that it names say it all.
    fn phrase_stands(
        &self,
        phrase: &GatePhrase,
        checks: &FxHashMap<&str, &Check>,
    ) -> Option<(Verdict, String)> {
        Some(match phrase {
            GatePhrase::Entries | GatePhrase::Unclear(_) => return None,
            GatePhrase::Criteria => criteria_stand(checks),
            GatePhrase::Tests(share) => {
                let requirement = EvidenceRequirement {
                    tests: Some(Spanned::new(*share, nowhere())),
                    ..EvidenceRequirement::of_nothing(nowhere())
                };
                self.proven(&requirement, &self.all_tests())
            }
            GatePhrase::SignOff(role) => {
                let requirement = EvidenceRequirement {
                    sign_off: vec![Spanned::new(self.role_of(role), nowhere())],
                    ..EvidenceRequirement::of_nothing(nowhere())
                };
                self.proven(&requirement, &[])
            }
        })
    }

    fn proven(&self, requirement: &EvidenceRequirement, tests: &[EntryIndex]) -> (Verdict, String) {
        let about = RequirementSubject { tests, missing: 0, absent: &[], entry: None };
        let result = self.prove(requirement, about);
        (result.judged.verdict, result.judged.reason)
    }

    /// The role that a gate means: as it is named, or the only one of the roster with these initials: `PM`.
    fn role_of(&self, text: &str) -> String {
        let Some(roster) = self.basis.config.roster.as_ref() else { return text.to_owned() };
        let is_short = text.len() <= 4 && text.chars().all(|letter| letter.is_ascii_uppercase());
        let initials = |role: &str| -> String {
            let first = role.split_whitespace().filter_map(|word| word.chars().next());
            first.map(|letter| letter.to_ascii_uppercase()).collect()
        };
        let names: Vec<&str> = roster.roles.iter().map(|role| role.name.value.as_str()).collect();
        let mut fits = names.iter().filter(|role| is_short && initials(role) == text);
        match (names.iter().any(|role| same_folded(role, text)), fits.next(), fits.next()) {
            (false, Some(role), None) => (*role).to_owned(),
            _ => text.to_owned(),
        }
    }
}

/// What was not understood of a gate, all of it or the rest; nothing if all was.
fn not_understood(phrases: &[GatePhrase], is_all: bool) -> Option<(Verdict, String)> {
    let texts: Vec<String> = phrases
        .iter()
        .filter_map(|phrase| match phrase {
            GatePhrase::Unclear(text) => Some(format!("`{}`", short(text))),
            _ => None,
        })
        .collect();
    let reason = match (texts.is_empty(), is_all) {
        (true, _) => return None,
        (false, true) => "no evidence requirement; manual check required".to_owned(),
        (false, false) => format!("manual check required: {}", texts.join(", ")),
    };
    Some((Verdict::Unknown, reason))
}

/// How the release criteria stand together.
fn criteria_stand(checks: &FxHashMap<&str, &Check>) -> (Verdict, String) {
    let criteria = checks.values().filter(|check| check.kind == CheckKind::Criterion);
    let blocking: Vec<&&Check> = criteria.filter(|check| check.blocking).collect();
    let open = blocking.iter().filter(|check| check.verdict.is_open()).count();
    match blocking.iter().map(|check| check.verdict).max() {
        None => (Verdict::Unknown, "no blocking release criteria".to_owned()),
        Some(worst) if open > 0 => {
            (worst, format!("{open} of {} blocking release criteria open", blocking.len()))
        }
        Some(_) => (Verdict::Pass, format!("all {} blocking release criteria met", blocking.len())),
    }
}

/// The worst of the checks that a gate names.
fn of_named(named: &[&Check], absent: usize) -> (Verdict, String) {
    let open = named.iter().filter(|check| check.verdict.is_open()).count();
    let worst = named.iter().map(|check| check.verdict).max().unwrap_or(Verdict::Unknown);
    match (open, absent) {
        (0, 0) => (Verdict::Pass, format!("its {} linked checks pass", named.len())),
        (0, absent) => {
            (Verdict::Unknown, format!("{absent} of {} linked entries without a check", named.len() + absent))
        }
        (open, _) => {
            (worst.max(Verdict::Unknown), format!("{open} of its {} linked checks are open", named.len()))
        }
    }
}

/// The place of what a gate asks for in words: the gate itself is shown instead.
fn nowhere() -> Span {
    Span::new(crate::source::FileId::BUILT_IN, 0, 0)
}
