//! What is known of each entry, gathered once for all pages.

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use super::SiteInputs;
use super::documents::Subject;
use crate::finding::Finding;
use crate::graph::Graph;
use crate::model::{EntryIndex, EntryPlaces, Plan, document, id};
use crate::source::{FileId, Pair, Span};
use crate::verdict::log::{self, Record};
use crate::verdict::{Check, CheckKind};

/// What is known of each entry.
pub(super) struct Entries<'i> {
    /// The entries with a page, by id. One that repeats the id of another has none: the page of the first tells of both.
    pub(super) all: Vec<EntryIndex>,
    /// For an entry that repeats the id of another, that other.
    first: FxHashMap<EntryIndex, EntryIndex>,
    places: EntryPlaces,
    pairs: FxHashMap<Span, Vec<Pair<'i>>>,
    findings: FxHashMap<EntryIndex, Vec<&'i Finding>>,
    checks: FxHashMap<EntryIndex, Vec<EntryCheck<'i>>>,
    gates: FxHashMap<EntryIndex, Vec<GateUse<'i>>>,
    history: FxHashMap<EntryIndex, Vec<(&'i Record, &'i log::Check)>>,
    mentions: FxHashMap<EntryIndex, Mentions>,
}

/// The ids in prose.
#[derive(Default)]
pub(super) struct Mentions {
    /// The entries that its prose mentions.
    pub(super) out: Vec<EntryIndex>,
    /// The entries whose prose mentions it.
    pub(super) back: Vec<EntryIndex>,
}

/// A check of an entry in a release.
#[derive(Clone, Copy)]
pub(super) struct EntryCheck<'i> {
    /// The position of the release.
    pub(super) subject: usize,
    pub(super) check: &'i Check,
}

/// A criterion of a gate that asks for an entry.
#[derive(Clone, Copy)]
pub(super) struct GateUse<'i> {
    /// The position of the release.
    pub(super) subject: usize,
    /// The position of the gate.
    pub(super) gate: usize,
    /// The name of the criterion.
    pub(super) criterion: &'i str,
    /// Whether the gate stays closed without it.
    pub(super) blocking: bool,
}

impl<'i> Entries<'i> {
    pub(super) fn new(inputs: &'i SiteInputs<'_>, subjects: &'i [Subject<'i>]) -> Self {
        let plan = inputs.basis.plan;
        let mut all = Vec::with_capacity(plan.entries().len());
        let mut first = FxHashMap::default();
        for (index, entry) in plan.indexed() {
            match plan.find_current(entry.id.value) {
                Some(other) if other != index => {
                    first.insert(index, other);
                }
                _ => all.push(index),
            }
        }
        all.sort_by_key(|index| plan.entry(*index).id.value);
        let mut entries = Entries {
            all,
            first,
            places: EntryPlaces::new(plan),
            pairs: pairs(inputs),
            findings: FxHashMap::default(),
            checks: FxHashMap::default(),
            gates: FxHashMap::default(),
            history: FxHashMap::default(),
            mentions: mentions(inputs.basis.graph),
        };
        entries.gather_findings(inputs.findings);
        subjects
            .iter()
            .enumerate()
            .for_each(|(number, subject)| entries.gather_checks(plan, number, subject));
        entries.gather_history(plan, inputs.decisions());
        entries
    }

    /// The entry whose page tells of an entry.
    pub(super) fn first(&self, index: EntryIndex) -> EntryIndex {
        self.first.get(&index).copied().unwrap_or(index)
    }

    /// What an entry states, field by field.
    pub(super) fn stated(&self, place: Span) -> &[Pair<'i>] {
        self.pairs.get(&place).map_or(&[], Vec::as_slice)
    }

    /// The findings that name an entry.
    pub(super) fn findings_of(&self, index: EntryIndex) -> &[&'i Finding] {
        self.findings.get(&index).map_or(&[], Vec::as_slice)
    }

    /// Its checks, release by release.
    pub(super) fn checks_of(&self, index: EntryIndex) -> &[EntryCheck<'i>] {
        self.checks.get(&index).map_or(&[], Vec::as_slice)
    }

    /// The criteria of gates that ask for it.
    pub(super) fn gates_of(&self, index: EntryIndex) -> &[GateUse<'i>] {
        self.gates.get(&index).map_or(&[], Vec::as_slice)
    }

    /// What recorded decisions say of it, the oldest first.
    pub(super) fn history_of(&self, index: EntryIndex) -> &[(&'i Record, &'i log::Check)] {
        self.history.get(&index).map_or(&[], Vec::as_slice)
    }

    /// The ids in its prose, and its own id in that of others.
    pub(super) fn mentions_of(&self, index: EntryIndex) -> Option<&Mentions> {
        self.mentions.get(&index)
    }

    /// The entry that a finding is about.
    pub(super) fn about(&self, finding: &Finding) -> Option<EntryIndex> {
        self.places.at(finding.primary()?).map(|index| self.first(index))
    }

    fn gather_findings(&mut self, findings: &'i [Finding]) {
        for finding in findings {
            let mut named: Vec<EntryIndex> = finding
                .places()
                .filter_map(|span| self.places.at(span))
                .map(|index| self.first(index))
                .collect();
            named.sort_unstable();
            named.dedup();
            named.into_iter().for_each(|index| self.findings.entry(index).or_default().push(finding));
        }
    }

    fn gather_checks(&mut self, plan: &Plan<'_>, number: usize, subject: &'i Subject<'i>) {
        let entry = |text: &str| plan.find(id::parse(text).ok()?);
        let judged = &subject.judged;
        // What a gate asks for is judged there; the checklist has what none asks for.
        let listed = subject.plan.readiness.iter().flat_map(|readiness| &readiness.checks);
        let mut seen: rustc_hash::FxHashSet<(&str, CheckKind)> = rustc_hash::FxHashSet::default();
        for check in judged.checks.iter().chain(listed) {
            let Some(index) = entry(&check.id).filter(|_| seen.insert((&check.id, check.kind))) else {
                continue;
            };
            self.checks.entry(index).or_default().push(EntryCheck { subject: number, check });
        }
        for (gate, judged) in judged.gates.iter().enumerate() {
            for criterion in &judged.criteria {
                let used = GateUse {
                    subject: number,
                    gate,
                    criterion: &criterion.name,
                    blocking: criterion.blocking,
                };
                for index in criterion.checks.iter().filter_map(|check| entry(check)) {
                    self.gates.entry(index).or_default().push(used);
                }
            }
        }
    }

    fn gather_history(&mut self, plan: &Plan<'_>, decisions: &'i [Record]) {
        for record in decisions {
            for check in &record.checks {
                let Some(index) = id::parse(&check.id).ok().and_then(|id| plan.find(id)) else { continue };
                self.history.entry(index).or_default().push((record, check));
            }
        }
    }
}

/// Who mentions whom, each other entry once.
fn mentions(graph: &Graph) -> FxHashMap<EntryIndex, Mentions> {
    let mut all: FxHashMap<EntryIndex, Mentions> = FxHashMap::default();
    for (from, to, _) in graph.mentions.iter().filter(|(from, to, _)| from != to) {
        all.entry(*from).or_default().out.push(*to);
        all.entry(*to).or_default().back.push(*from);
    }
    for mentions in all.values_mut() {
        for entries in [&mut mentions.out, &mut mentions.back] {
            entries.sort_unstable();
            entries.dedup();
        }
    }
    all
}

/// What every entry states, by the place of its id.
fn pairs<'i>(inputs: &'i SiteInputs<'_>) -> FxHashMap<Span, Vec<Pair<'i>>> {
    let plan = inputs.basis.plan;
    let mut files: Vec<FileId> = plan.entries().iter().map(|entry| entry.span.file).collect();
    files.sort_unstable();
    files.dedup();
    let families = &inputs.basis.config.families;
    let stated = |file: FileId| document::statements(file, inputs.basis.sources.file(file), families).entries;
    let all: Vec<_> = files.into_par_iter().map(stated).collect();
    all.into_iter().flatten().map(|(id, statement)| (id.span, statement.pairs)).collect()
}
