//! Gates: what must hold before a release moves on, as data.
//!
//! Those that relplan brings along (seed: release quality gates) are written in the same form, in
//! `built_in.toml` beside this file. A plan changes them criterion by criterion, or adds its own.

use super::link_rule::{Selector, holds, look_at_words, read_selectors};
use super::{owned, owned_text, read_prefixes};
use crate::model::defect::{DefectKind, GateDefect};
use crate::model::demand::Demand;
use crate::model::duration::Duration;
use crate::model::field::{Field, Shape, words};
use crate::model::order::Order;
use crate::model::reader::{Reader, nearest_name};
use crate::model::rel::RelType;
use crate::model::{Choice, Entry, Prefix, same_folded};
use crate::source::{FileId, SourceFile, Span, Spanned, Value};

/// What must hold before a release moves on.
#[derive(Debug, Clone)]
pub struct Gate {
    /// Its name, in kebab-case.
    pub name: String,
    /// What people call it.
    pub title: String,
    /// The types of release that it is for; all if there are none.
    pub release_types: Vec<RelType>,
    /// Whether the release itself is decided here.
    pub decides: bool,
    /// The gates that must have been passed before.
    pub after: Vec<Spanned<String>>,
    /// What must hold.
    pub criteria: Vec<GateCriterion>,
    /// The roles that must approve, each a person of their own.
    pub approvals: Vec<Spanned<String>>,
    /// What remains to be done afterwards.
    pub follow_ups: Vec<FollowUp>,
    /// Where `relplan.toml` declares or changes it.
    pub span: Option<Span>,
}

/// One thing that must hold at a gate.
#[derive(Debug, Clone)]
pub struct GateCriterion {
    /// What it is called.
    pub name: Spanned<String>,
    /// The families that it chooses from; none if it rests on evidence alone.
    pub from: Vec<Prefix>,
    /// Which of their entries.
    pub when: Vec<Selector>,
    /// How many entries it must choose at least.
    pub min: usize,
    /// Whether the gate stays closed without it.
    pub blocking: bool,
    /// The facts that prove it.
    pub demand: Option<Demand>,
    /// Whether relplan brought it along.
    pub built_in: bool,
}

/// Something that remains to be done after a release has passed the gate.
#[derive(Debug, Clone)]
pub struct FollowUp {
    /// What.
    pub name: Spanned<String>,
    /// In which time after the deployment.
    pub within: Duration,
}

/// The keys of `[gates.NAME]`.
pub const FIELDS: &[Field] = &[
    Field::new("title", Shape::Text, "What people call the gate.").asks(Order::Nothing),
    Field::new(
        "for",
        Shape::List,
        "The types of release that it is for: major, minor, patch, hotfix; all if absent.",
    )
    .asks(Order::EachOrAll),
    Field::new("decides", Shape::Flag, "Whether the release itself is decided here.")
        .asks(Order::Yes)
        .absent("no"),
    Field::new("after", Shape::List, "The gates that must have been passed before.").asks(Order::Each),
    Field::new(
        "criteria",
        Shape::Structure(CRITERION),
        "What must hold. One with the name of a built-in criterion takes its place.",
    )
    .asks(Order::Nothing),
    Field::new("without", Shape::List, "The built-in criteria that do not count, by name.")
        .asks(Order::Nothing),
    Field::new("approvals", Shape::List, "The roles that must approve, each a person of their own.")
        .asks(Order::Each),
    Field::new("follow_ups", Shape::Structure(FOLLOW_UP), "What remains to be done after the deployment.")
        .asks(Order::Records("name")),
];

/// The keys of `[[gates.NAME.criteria]]`.
pub const CRITERION: &[Field] = &[
    Field::new("name", Shape::Text, "What must hold, in a few words.").asks(Order::Nothing),
    Field::new("from", Shape::List, "The families whose entries must hold.").asks(Order::Each),
    Field::new("where", Shape::Free, "Which of their entries, by fields: `{ type = \"Criteria\" }`.")
        .asks(Order::Nothing),
    Field::new(
        "min",
        Shape::Number,
        "How many entries there must be at least: 1 if absent; 0 lets there be none.",
    )
    .asks(Order::AtLeast)
    .absent("1"),
    Field::new("blocking", Shape::Flag, "Whether the gate stays closed without it: yes, if absent.")
        .asks(Order::Yes)
        .absent("yes"),
    Field::new("evidence", Shape::Structure(Demand::FIELDS), "The facts that prove it.").asks(Order::Inside),
];

/// The keys of `[[gates.NAME.follow_ups]]`.
pub const FOLLOW_UP: &[Field] = &[
    Field::new("name", Shape::Text, "What remains to be done; the release records it under `follow_ups`.")
        .asks(Order::Nothing),
    Field::new("within", Shape::Duration, "In which time after the deployment: `48h`.").asks(Order::AtMost),
];

/// Reads `[gates]` on top of the gates that are there already.
pub(super) fn read(reader: &mut Reader<'_>, mut gates: Vec<Gate>) -> Vec<Gate> {
    for (name, mut table, _) in reader.named_structures("gates") {
        let title = name.value.trim().to_owned();
        let at = gates.iter().position(|gate| same_folded(&gate.name, &title)).unwrap_or_else(|| {
            gates.push(Gate::new(title));
            gates.len() - 1
        });
        gates[at].span = Some(name.span);
        gates[at].change(&mut table);
        if gates[at].is_empty() {
            table.defect(name.span, DefectKind::Gate(GateDefect::Empty));
        }
        reader.absorb(table, &[FIELDS]);
    }
    look_at_order(reader, &gates);
    gates
}

/// Every gate that comes before another must be there, and none may wait for itself.
fn look_at_order(reader: &mut Reader<'_>, gates: &[Gate]) {
    for gate in gates {
        for before in &gate.after {
            let kind = match find(gates, &before.value) {
                None => GateDefect::Unknown { near: near(gates, &before.value), known: names(gates) },
                Some(other) if comes_after(gates, other, &gate.name, gates.len()) => GateDefect::Circle,
                Some(_) => continue,
            };
            reader.defect(before.span, DefectKind::Gate(kind));
        }
    }
}

fn comes_after(gates: &[Gate], gate: &Gate, name: &str, depth: usize) -> bool {
    let earlier = gate.after.iter().filter_map(|before| find(gates, &before.value));
    same_folded(&gate.name, name)
        || (depth > 0 && earlier.into_iter().any(|other| comes_after(gates, other, name, depth - 1)))
}

/// The gate of a name, in any spelling.
pub fn find<'g>(gates: &'g [Gate], name: &str) -> Option<&'g Gate> {
    gates.iter().find(|gate| same_folded(&gate.name, name))
}

/// The gates that a release of this type goes through: those that are for it, and those that they wait for.
pub fn of_type(all: &[Gate], rel_type: Option<RelType>) -> Vec<&Gate> {
    let mut wanted: Vec<bool> = all.iter().map(|gate| gate.is_for(rel_type)).collect();
    // A hotfix skips the gates of the long way, unless one of its own waits for them.
    if rel_type == Some(RelType::Hotfix) {
        for (wanted, gate) in wanted.iter_mut().zip(all) {
            *wanted &= !gate.release_types.is_empty();
        }
    }
    let mut grew = true;
    while std::mem::take(&mut grew) {
        for at in (0..all.len()).filter(|at| wanted[*at]).collect::<Vec<_>>() {
            for before in &all[at].after {
                if let Some(other) = find(all, &before.value)
                    && let Some(position) = all.iter().position(|gate| std::ptr::eq(gate, other))
                    && !std::mem::replace(&mut wanted[position], true)
                {
                    grew = true;
                }
            }
        }
    }
    all.iter().zip(wanted).filter(|(_, wanted)| *wanted).map(|(gate, _)| gate).collect()
}

/// A gate, and behind it those that it waits for.
pub fn with_those_before<'g>(all: &'g [Gate], gate: &'g Gate) -> Vec<&'g Gate> {
    let mut gates = vec![gate];
    let mut at = 0;
    while let Some(gate) = gates.get(at).copied() {
        for before in &gate.after {
            let found = find(all, &before.value);
            if let Some(found) = found.filter(|found| !gates.iter().any(|known| std::ptr::eq(*known, *found)))
            {
                gates.push(found);
            }
        }
        at += 1;
    }
    gates
}

/// The gate that was probably meant.
pub fn near(gates: &[Gate], name: &str) -> Option<String> {
    nearest_name(name, gates.iter().map(|gate| gate.name.as_str())).map(str::to_owned)
}

/// The names of gates, in their order.
pub fn names(gates: &[Gate]) -> Vec<String> {
    gates.iter().map(|gate| gate.name.clone()).collect()
}

impl Gate {
    fn new(name: String) -> Self {
        Gate {
            title: name.clone(),
            name,
            release_types: Vec::new(),
            decides: false,
            after: Vec::new(),
            criteria: Vec::new(),
            approvals: Vec::new(),
            follow_ups: Vec::new(),
            span: None,
        }
    }

    /// Whether nothing could keep it closed.
    fn is_empty(&self) -> bool {
        self.criteria.iter().all(|criterion| !criterion.blocking) && self.approvals.is_empty()
    }

    /// Whether it is for releases of this type; one of which no type is known could be any.
    pub fn is_for(&self, rel_type: Option<RelType>) -> bool {
        match rel_type {
            Some(rel_type) => self.release_types.is_empty() || self.release_types.contains(&rel_type),
            None => !self.release_types.contains(&RelType::Hotfix),
        }
    }

    fn change(&mut self, table: &mut Reader<'_>) {
        if let Some(title) = table.text("title") {
            self.title = title.value.trim().to_owned();
        }
        if table.has("for") {
            self.release_types = read_types(table);
        }
        if let Some(decides) = table.flag("decides") {
            self.decides = decides.value.value;
        }
        if table.has("after") {
            self.after = owned(table.list("after"));
        }
        if table.has("approvals") {
            self.approvals = owned(table.list("approvals"));
        }
        self.leave_out(table);
        for (mut inner, span) in table.structures("criteria") {
            if let Some(criterion) = GateCriterion::read(&mut inner, span) {
                self.put(criterion);
            }
            table.absorb(inner, &[CRITERION]);
        }
        for (mut inner, span) in table.structures("follow_ups") {
            self.follow_ups.extend(FollowUp::read(&mut inner, span));
            table.absorb(inner, &[FOLLOW_UP]);
        }
    }

    fn leave_out(&mut self, table: &mut Reader<'_>) {
        for name in table.list("without") {
            match self.criteria.iter().position(|own| same_folded(&own.name.value, &name.value)) {
                Some(at) => drop(self.criteria.remove(at)),
                None => {
                    let known = self.criteria.iter().map(|own| own.name.value.clone()).collect();
                    table.defect(name.span, DefectKind::Gate(GateDefect::NoSuchCriterion { known }));
                }
            }
        }
    }

    /// Adds a criterion; one of the same name gives its place to it.
    fn put(&mut self, criterion: GateCriterion) {
        let same = |own: &&mut GateCriterion| same_folded(&own.name.value, &criterion.name.value);
        match self.criteria.iter_mut().find(same) {
            Some(own) => *own = criterion,
            None => self.criteria.push(criterion),
        }
    }
}

fn read_types(table: &mut Reader<'_>) -> Vec<RelType> {
    let mut types = Vec::new();
    for word in table.list("for") {
        match RelType::from_word(&word.value) {
            Some(rel_type) => types.push(rel_type),
            None => {
                let found = word.value.into_owned();
                table.defect(word.span, DefectKind::UnknownWord { found, known: words::<RelType>() });
            }
        }
    }
    types
}

impl GateCriterion {
    fn read(table: &mut Reader<'_>, span: Span) -> Option<Self> {
        let name = table.text("name").map(owned_text);
        let criterion = GateCriterion {
            from: read_prefixes(table, "from"),
            when: read_selectors(table, "where", look_at_words),
            min: table.count("min").map_or(1, |min| min.value as usize),
            blocking: table.flag("blocking").is_none_or(|flag| flag.value.value),
            demand: Demand::read(table, "evidence"),
            name: name.clone().unwrap_or_else(|| Spanned::new(String::new(), span)),
            built_in: false,
        };
        let wrong = match () {
            () if name.is_none() => Some(GateDefect::Nameless),
            () if criterion.from.is_empty() && criterion.demand.is_none() => Some(GateDefect::AsksNothing),
            () if criterion.from.is_empty() && !criterion.when.is_empty() => Some(GateDefect::NoFamily),
            () => None,
        };
        match wrong {
            Some(wrong) => {
                let place = name.map_or(span, |name| name.span);
                table.defect(place, DefectKind::Gate(wrong));
                None
            }
            None => Some(criterion),
        }
    }

    /// Whether it chooses this entry.
    pub fn chooses(&self, entry: &Entry<'_>) -> bool {
        holds(&self.from, &entry.id.value.prefix) && self.when.iter().all(|selector| selector.fits(entry))
    }

    /// What it chooses, in words: `DEP with type Criteria and category Security`.
    pub fn in_words(&self) -> String {
        let families: Vec<&str> = self.from.iter().map(Prefix::as_str).collect();
        let mut words = families.join(" or ");
        for (position, selector) in self.when.iter().enumerate() {
            words += if position == 0 { " with " } else { " and " };
            words += &selector.in_words();
        }
        words
    }
}

impl FollowUp {
    fn read(table: &mut Reader<'_>, span: Span) -> Option<Self> {
        let name = table.text("name").map(owned_text);
        let within = table.duration("within");
        match (name, within) {
            (Some(name), Some(within)) => Some(FollowUp { name, within: within.value }),
            (None, _) => {
                table.defect(span, DefectKind::Gate(GateDefect::Nameless));
                None
            }
            (Some(name), None) => {
                if table.defect_count() == 0 {
                    table.defect(name.span, DefectKind::Gate(GateDefect::WithoutTime));
                }
                None
            }
        }
    }
}

/// The text of the gates that relplan brings along.
pub const fn built_in_text() -> &'static str {
    include_str!("built_in.toml")
}

/// The gates that relplan brings along.
pub fn built_in() -> Vec<Gate> {
    let file = SourceFile::new("built_in.toml", built_in_text());
    let (root, _) = crate::source::toml::read(FileId::BUILT_IN, file.text());
    let mut gates = match root.value {
        Value::Mapping(pairs) => read(&mut Reader::new(file.text(), pairs), Vec::new()),
        _ => Vec::new(),
    };
    for gate in &mut gates {
        gate.span = None;
        gate.criteria.iter_mut().for_each(|criterion| criterion.built_in = true);
    }
    gates
}

#[cfg(test)]
mod tests {
    use super::super::Config;
    use super::*;

    fn read(toml: &str) -> (Vec<Gate>, Vec<DefectKind>) {
        let config = Config::read(FileId(0), &SourceFile::new("relplan.toml", toml));
        assert_eq!(config.toml_defects, []);
        (config.gates, config.defects.into_iter().map(|defect| defect.kind).collect())
    }

    fn gate_defects(toml: &str) -> Vec<GateDefect> {
        let kinds = read(toml).1.into_iter();
        let gates =
            kinds.filter_map(|kind| if let DefectKind::Gate(defect) = kind { Some(defect) } else { None });
        gates.collect()
    }

    #[test]
    fn the_built_in_gates_are_read_without_a_defect() {
        let (gates, defects) = read(include_str!("built_in.toml"));
        assert_eq!(defects, []);
        assert_eq!(names(&gates), ["feature-complete", "alpha", "beta", "production", "hotfix"]);
        let deciding: Vec<&str> = gates.iter().filter(|gate| gate.decides).map(|gate| &*gate.name).collect();
        assert_eq!(deciding, ["production", "hotfix"]);
    }

    #[test]
    fn a_plan_changes_a_gate_criterion_by_criterion() {
        let (gates, defects) = read(
            "[gates.Feature_Complete]\nwithout = [\"Changes are reviewed\"]\napprovals = \"Lead\"\n\
             [[gates.Feature_Complete.criteria]]\nname = \"integration tests pass\"\nfrom = \"TEST\"\n",
        );
        assert_eq!(defects, []);
        let gate = find(&gates, "feature-complete").expect("the gate");
        assert_eq!((gate.criteria.len(), gate.approvals.len(), gate.after.len()), (3, 1, 0));
        assert!(gate.criteria[2].when.is_empty());
        assert_eq!(gates.len(), 5);
    }

    #[test]
    fn what_cannot_be_meant_is_a_defect() {
        assert_eq!(gate_defects("[gates.mine]\ntitle = \"Mine\""), [GateDefect::Empty]);
        let of = |keys: &str| {
            let own = "[[gates.mine.criteria]]\nname = \"It is done\"\nfrom = \"EPIC\"\n";
            gate_defects(&format!("[gates.mine]\n{keys}\n{own}"))
        };
        let unknown = GateDefect::Unknown {
            near: Some("beta".into()),
            known: ["feature-complete", "alpha", "beta", "production", "hotfix", "mine"]
                .map(str::to_owned)
                .into(),
        };
        assert_eq!(of("after = \"betta\""), [unknown]);
        assert_eq!(of("after = \"mine\""), [GateDefect::Circle]);
        assert_eq!(of("without = \"It is doen\""), [GateDefect::NoSuchCriterion { known: Vec::new() }]);
        let criterion = |keys: &str| gate_defects(&format!("[[gates.alpha.criteria]]\n{keys}"));
        assert_eq!(criterion("from = \"EPIC\""), [GateDefect::Nameless]);
        assert_eq!(criterion("name = \"It is fast\""), [GateDefect::AsksNothing]);
    }

    #[test]
    fn a_mistyped_word_of_a_selector_is_a_defect() {
        let (_, defects) =
            read("[[gates.alpha.criteria]]\nname = \"Smoke\"\nfrom = \"TEST\"\nwhere = { type = \"Smok\" }");
        assert!(
            matches!(&defects[..], [DefectKind::UnknownWord { found, .. }] if found == "Smok"),
            "{defects:?}"
        );
    }

    #[test]
    fn gates_that_wait_for_each_other_are_a_circle() {
        let gates = "[gates.one]\nafter = \"two\"\napprovals = \"A\"\n[gates.two]\nafter = \"one\"\napprovals = \"A\"";
        assert_eq!(gate_defects(gates), [GateDefect::Circle, GateDefect::Circle]);
    }
}
