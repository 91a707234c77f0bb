//! Gates: what must hold before a release moves on, as data.
//!
//! Those that relplan brings along (seed: release quality gates) are written in the same form, in
//! `built_in.toml` beside this file. A plan changes them criterion by criterion, or adds its own.

mod chain;

use super::link_rule::{Selector, holds, look_at_words, read_selectors};
use super::{owned, owned_text, read_prefixes};
use crate::model::defect::{DefectKind, GateDefect};
use crate::model::duration::Duration;
use crate::model::evidence_requirement::EvidenceRequirement;
use crate::model::field::{Field, Shape, words};
use crate::model::order::Order;
use crate::model::reader::Reader;
use crate::model::rel::RelType;
use crate::model::{Choice, Entry, Prefix, same_folded};
use crate::source::{FileId, SourceFile, Span, Spanned, Value};

pub use chain::{Skipped, earlier, find, names, near, of_type, on_the_way, skipped, with_those_before};

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
    /// Whether relplan brought it along.
    pub built_in: bool,
    /// Where `relplan.toml` disables it, if it does.
    pub disabled: Option<Span>,
    /// Where `relplan.toml` declares or changes it.
    pub span: Option<Span>,
}

/// One thing that must hold at a gate.
#[derive(Debug, Clone)]
pub struct GateCriterion {
    /// Its name.
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
    pub evidence_requirement: Option<EvidenceRequirement>,
    /// Whether relplan brought it along.
    pub built_in: bool,
    /// The value of the release context that asks for it, in words, if one does.
    pub context: Option<String>,
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
    Field::new("title", Shape::Text, "Title of the gate.").asks(Order::Nothing),
    Field::new(
        "enabled",
        Shape::Flag,
        "Whether the gate counts: yes, if absent. One that decides about releases cannot be skipped.",
    )
    .asks(Order::Yes)
    .absent("yes"),
    Field::new("for", Shape::List, "Release types of the gate: major, minor, patch, hotfix; all by default.")
        .asks(Order::EachOrAll),
    Field::new("decides", Shape::Flag, "Whether the gate decides on the release.")
        .asks(Order::Yes)
        .absent("no"),
    Field::new(
        "after",
        Shape::List,
        "The gates that must have been passed before; the built-in gates follow one another.",
    )
    .asks(Order::Each),
    Field::new(
        "criteria",
        Shape::Structure(CRITERION),
        "Criteria of the gate. One with the name of a built-in criterion replaces it.",
    )
    .asks(Order::Nothing),
    Field::new("without", Shape::List, "Built-in criteria to remove, by name.").asks(Order::Nothing),
    Field::new("approvals", Shape::List, "Roles that must approve, each by a different person.")
        .asks(Order::Each),
    Field::new("follow_ups", Shape::Structure(FOLLOW_UP), "Follow-ups after the deployment.")
        .asks(Order::Records("name")),
];

/// The keys of `[[gates.NAME.criteria]]`.
pub const CRITERION: &[Field] = &[
    Field::new("name", Shape::Text, "Name of the criterion.").asks(Order::Nothing),
    Field::new("from", Shape::List, "Families to select entries from.").asks(Order::Each),
    Field::new("where", Shape::Free, "Selector by fields: `{ type = \"Criteria\" }`.").asks(Order::Nothing),
    Field::new("min", Shape::Number, "Minimum number of entries: 1 by default; 0 allows none.")
        .asks(Order::AtLeast)
        .absent("1"),
    Field::new("blocking", Shape::Flag, "Whether the criterion blocks: yes by default.")
        .asks(Order::Yes)
        .absent("yes"),
    Field::new("evidence", Shape::Structure(EvidenceRequirement::FIELDS), "Required evidence.")
        .asks(Order::Inside),
];

/// The keys of `[[gates.NAME.follow_ups]]`.
pub const FOLLOW_UP: &[Field] = &[
    Field::new("name", Shape::Text, "Name of the follow-up; the release records it under `follow_ups`.")
        .asks(Order::Nothing),
    Field::new("within", Shape::Duration, "Deadline after the deployment: `48h`.").asks(Order::AtMost),
];

/// Reads `[gates]` on top of the gates that are there already.
pub(super) fn read(reader: &mut Reader<'_>, mut gates: Vec<Gate>) -> Vec<Gate> {
    for (name, mut table, _) in reader.named_structures("gates") {
        let title = name.value.trim().to_owned();
        let known = gates.iter().position(|gate| same_folded(&gate.name, &title));
        let (near, names) = (near(&gates, &title), names(&gates));
        let at = known.unwrap_or_else(|| {
            gates.push(Gate::new(title));
            gates.len() - 1
        });
        gates[at].span = Some(name.span);
        gates[at].change(&mut table);
        let problem = match (gates[at].disabled, known) {
            (Some(_), None) => Some(GateDefect::Unknown { near, known: names }),
            (None, _) if gates[at].is_empty() => Some(GateDefect::Empty),
            _ => None,
        };
        if let Some(problem) = problem {
            table.defect(name.span, DefectKind::Gate(problem));
        }
        reader.absorb(table, &[FIELDS]);
    }
    for (span, problem) in chain::problems(&gates) {
        reader.defect(span, DefectKind::Gate(problem));
    }
    gates
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
            built_in: false,
            disabled: None,
            span: None,
        }
    }

    /// A gate that asks for one thing.
    pub fn of_criterion(name: &str, criterion: GateCriterion) -> Self {
        Gate { criteria: vec![criterion], ..Gate::new(name.to_owned()) }
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
        if let Some(enabled) = table.flag("enabled") {
            self.disabled = (!enabled.value.value).then_some(enabled.span);
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
    pub(super) fn put(&mut self, criterion: GateCriterion) {
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
                table.defect(word.span, DefectKind::UnknownValue { found, known: words::<RelType>() });
            }
        }
    }
    types
}

impl GateCriterion {
    /// Reads a criterion. What cannot be meant is a defect.
    pub(super) fn read(table: &mut Reader<'_>, span: Span) -> Option<Self> {
        let name = table.text("name").map(owned_text);
        let criterion = GateCriterion {
            from: read_prefixes(table, "from"),
            when: read_selectors(table, "where", look_at_words),
            min: table.count("min").map_or(1, |min| min.value as usize),
            blocking: table.flag("blocking").is_none_or(|flag| flag.value.value),
            evidence_requirement: EvidenceRequirement::read(table, "evidence"),
            name: name.clone().unwrap_or_else(|| Spanned::new(String::new(), span)),
            built_in: false,
            context: None,
        };
        let wrong = match () {
            () if name.is_none() => Some(GateDefect::Nameless),
            () if criterion.from.is_empty() && criterion.evidence_requirement.is_none() => {
                Some(GateDefect::AsksNothing)
            }
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
        gate.built_in = true;
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

    fn circle(way: &[&str]) -> GateDefect {
        GateDefect::Circle { way: way.iter().map(|name| (*name).to_owned()).collect() }
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
        assert_eq!(of("after = \"mine\""), [circle(&["mine", "mine"])]);
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
            matches!(&defects[..], [DefectKind::UnknownValue { found, .. }] if found == "Smok"),
            "{defects:?}"
        );
    }

    #[test]
    fn gates_that_wait_for_each_other_are_a_circle() {
        let gates = "[gates.one]\nafter = \"two\"\napprovals = \"A\"\n[gates.two]\nafter = \"one\"\napprovals = \"A\"";
        assert_eq!(gate_defects(gates), [circle(&["one", "two", "one"]), circle(&["two", "one", "two"])]);
    }
    #[test]
    fn the_built_in_order_counts_in_a_circle() {
        assert_eq!(gate_defects("[gates.alpha]\nafter = \"beta\""), [circle(&["alpha", "beta", "alpha"])]);
    }

    fn chain(gates: &[Gate], name: &str) -> Vec<String> {
        let gate = find(gates, name).expect("the gate");
        with_those_before(gates, gate).iter().map(|gate| gate.name.clone()).collect()
    }

    #[test]
    fn the_built_in_gates_follow_one_another() {
        let (gates, _) = read("");
        assert_eq!(chain(&gates, "production"), ["production", "beta", "alpha", "feature-complete"]);
        assert_eq!(chain(&gates, "hotfix"), ["hotfix"]);
    }

    #[test]
    fn a_disabled_gate_is_passed_over() {
        let (gates, defects) = read("[gates.beta]\nenabled = false\n");
        assert_eq!(defects, []);
        assert_eq!(chain(&gates, "production"), ["production", "alpha", "feature-complete"]);
        let (gates, _) = read("[gates.Feature_Complete]\nenabled = false\n[gates.alpha]\nenabled = false\n");
        assert_eq!(chain(&gates, "production"), ["production", "beta"]);
        let through: Vec<&str> =
            of_type(&gates, Some(RelType::Minor)).iter().map(|gate| gate.name.as_str()).collect();
        assert_eq!(through, ["beta", "production"]);
        let (gates, _) = read("[gates.beta]\nenabled = true\n");
        assert_eq!(chain(&gates, "production").len(), 4);
    }

    #[test]
    fn a_disabled_gate_that_decides_keeps_its_place() {
        let (gates, _) = read("[gates.production]\nenabled = false\n");
        let through = of_type(&gates, Some(RelType::Major));
        assert_eq!(through.last().map(|gate| gate.name.as_str()), Some("production"));
        assert!(through.iter().all(|gate| gate.name != "hotfix"));
    }

    #[test]
    fn a_gate_that_is_not_there_cannot_be_disabled() {
        let unknown = gate_defects("[gates.betta]\nenabled = false");
        assert!(
            matches!(&unknown[..], [GateDefect::Unknown { near: Some(near), .. }] if near == "beta"),
            "{unknown:?}"
        );
    }

    #[test]
    fn what_an_order_skips_is_known() {
        let skipped_by = |toml: &str| {
            let (gates, defects) = read(toml);
            assert_eq!(defects, []);
            let gate = find(&gates, "production").expect("the gate");
            skipped(&gates, gate).map(|skipped| (skipped.names.join(" "), skipped.replaced))
        };
        assert_eq!(skipped_by(""), None);
        let all = Some(("feature-complete alpha beta".to_owned(), false));
        assert_eq!(skipped_by("[gates.production]\nafter = []"), all);
        assert_eq!(skipped_by("[gates.production]\nafter = \"alpha\""), Some(("beta".to_owned(), false)));
        let early = Some(("feature-complete alpha".to_owned(), false));
        assert_eq!(skipped_by("[gates.beta]\nafter = []"), early);
        let own = "[gates.mine]\napprovals = \"QA\"\n[gates.production]\nafter = \"mine\"";
        assert_eq!(skipped_by(own), Some(("feature-complete alpha beta".to_owned(), true)));
        let disabled = "[gates.production]\nafter = \"alpha\"\n[gates.beta]\nenabled = false";
        assert_eq!(skipped_by(disabled), None);
    }
}
