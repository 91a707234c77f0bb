//! Controls: what frameworks such as SOC 2 ask of a release, mapped to the checks of the plan, as data.
//!
//! Those that relplan brings along are in `built_in.toml` beside this file, in the form in which a plan declares its
//! own. A mapping is a reading of a control, never its text.

use std::sync::OnceLock;

use super::gates::GateCriterion;
use super::link_rule::{look_at_words, read_selectors};
use super::{owned, owned_text, read_prefixes};
use crate::model::defect::{AuditDefect, DefectKind};
use crate::model::field::{Field, Shape, choices};
use crate::model::order::{Order, word_of};
use crate::model::reader::{Reader, nearest_name};
use crate::model::same_folded;
use crate::source::{FileId, SourceFile, Span, Spanned, Value};

/// What `[audit]` says.
#[derive(Debug, Clone, Default)]
pub struct AuditSettings {
    /// The frameworks whose controls are audited, by name.
    pub frameworks: Vec<Spanned<String>>,
    /// The controls that the plan declares itself.
    pub controls: Vec<Control>,
}

/// A framework that relplan brings along.
#[derive(Debug, Clone)]
pub struct Framework {
    /// Its name, as settings and options use it.
    pub name: String,
    /// What people call it, with its edition.
    pub title: String,
}

/// A control.
#[derive(Debug, Clone)]
pub struct Control {
    /// Its framework, by name.
    pub framework: String,
    /// Its id in the framework.
    pub id: String,
    /// Its short title.
    pub title: String,
    /// What it rests on.
    pub requires: Vec<ControlRequirement>,
}

/// One thing that a control rests on.
#[derive(Debug, Clone)]
pub struct ControlRequirement {
    /// What must hold.
    pub name: String,
    /// What shows it.
    pub basis: ControlBasis,
}

/// What shows that a requirement of a control is met.
#[derive(Debug, Clone)]
pub enum ControlBasis {
    /// The checks of entries.
    Entries(Box<GateCriterion>),
    /// A gate that was passed, by name.
    Gate(String),
    /// Records of the release.
    Records(RecordKind),
}

crate::model::value::choice! {
    /// Records that a control may rest on.
    RecordKind {
        /// Every approval that the gates of the release ask for.
        Approvals = "approvals",
        /// The decision on the release, in the decision log.
        Decision = "decision",
        /// The waivers under which it was released: each with a person, a reason and an end.
        Waivers = "waivers",
    }
}

/// The keys of `[audit]`.
pub const AUDIT: &[Field] = &[
    Field::new(
        "frameworks",
        Shape::List,
        "Frameworks to audit: soc2, iso27001, gdpr, hipaa, pci-dss, npr7123.",
    )
    .asks(Order::Each),
    Field::new("controls", Shape::Structure(CONTROL), "Controls of your own.").asks(Order::Records("id")),
];

/// The keys of `[[audit.controls]]`.
pub const CONTROL: &[Field] = &[
    Field::new("framework", Shape::Text, "Framework of the control; `own` by default.").asks(Order::Nothing),
    Field::new("id", Shape::Text, "Id of the control in its framework.").asks(Order::Nothing),
    Field::new("title", Shape::Text, "Title of the control.").asks(Order::Nothing),
    Field::new("requires", Shape::Structure(REQUIREMENT), "Checks and records that the control rests on.")
        .asks(Order::Records("name")),
];

/// The keys of an item of `requires`.
pub const REQUIREMENT: &[Field] = &[
    Field::new("name", Shape::Text, "What must hold.").asks(Order::Nothing),
    Field::new("records", Shape::Choice(choices::<RecordKind>), "Records that show it.")
        .asks(word_of::<RecordKind>()),
    Field::new("gate", Shape::Text, "Gate that must be passed.").asks(Order::Exact),
    Field::new("from", Shape::List, "Families to select entries from.").asks(Order::Each),
    Field::new("where", Shape::Free, "Selector by fields: `{ type = \"Criteria\", tag = \"privacy\" }`.")
        .asks(Order::Nothing),
    Field::new("min", Shape::Number, "Minimum number of entries: 1 by default.")
        .asks(Order::AtLeast)
        .absent("1"),
];

/// The keys of a framework that relplan brings along.
const FRAMEWORK: &[Field] = &[Field::new("title", Shape::Text, "Title.").asks(Order::Nothing)];

/// The framework of a control that names none.
pub const OWN: &str = "own";

/// What relplan brings along.
#[derive(Debug)]
pub struct Catalogue {
    /// The frameworks, in their order.
    pub frameworks: Vec<Framework>,
    /// Their controls, in their order.
    pub controls: Vec<Control>,
}

/// The frameworks and controls that relplan brings along.
pub fn catalogue() -> &'static Catalogue {
    static CATALOGUE: OnceLock<Catalogue> = OnceLock::new();
    CATALOGUE.get_or_init(|| {
        let file = SourceFile::new("built_in.toml", include_str!("built_in.toml"));
        let (root, _) = crate::source::toml::read(FileId::BUILT_IN, file.text());
        let pairs = match root.value {
            Value::Mapping(pairs) => pairs,
            _ => Vec::new(),
        };
        read_catalogue(&mut Reader::new(file.text(), pairs))
    })
}

fn read_catalogue(reader: &mut Reader<'_>) -> Catalogue {
    let mut frameworks = Vec::new();
    for (name, mut table, _) in reader.named_structures("frameworks") {
        let title =
            table.text("title").map_or_else(|| name.value.to_string(), |title| title.value.into_owned());
        frameworks.push(Framework { name: name.value.into_owned(), title });
        reader.absorb(table, &[FRAMEWORK]);
    }
    Catalogue { frameworks, controls: read_controls(reader) }
}

/// The framework of a name, in any spelling.
pub fn framework(name: &str) -> Option<&'static Framework> {
    catalogue().frameworks.iter().find(|framework| same_folded(&framework.name, name.trim()))
}

/// The names of the frameworks that relplan brings along.
pub fn names() -> Vec<String> {
    catalogue().frameworks.iter().map(|framework| framework.name.clone()).collect()
}

/// Reads `[audit]`.
pub(super) fn read(reader: &mut Reader<'_>) -> AuditSettings {
    let Some((mut table, _)) = reader.structure("audit") else { return AuditSettings::default() };
    let frameworks = owned(table.list("frameworks"));
    for name in frameworks.iter().filter(|name| framework(&name.value).is_none()) {
        let known = names();
        let near = nearest_name(&name.value, known.iter().map(String::as_str)).map(str::to_owned);
        table.defect(name.span, DefectKind::Audit(AuditDefect::UnknownFramework { near, known }));
    }
    let controls = read_controls(&mut table);
    reader.absorb(table, &[AUDIT]);
    AuditSettings { frameworks, controls }
}

fn read_controls(table: &mut Reader<'_>) -> Vec<Control> {
    let mut controls: Vec<Control> = Vec::new();
    for (mut inner, span) in table.structures("controls") {
        let control = Control::read(&mut inner, span);
        table.absorb(inner, &[CONTROL]);
        let is_same = |other: &Control| {
            control.as_ref().is_some_and(|own| own.id == other.id && own.framework == other.framework)
        };
        match controls.iter().any(is_same) {
            true => table.defect(span, DefectKind::Audit(AuditDefect::RepeatedControl)),
            false => controls.extend(control),
        }
    }
    controls
}

impl Control {
    fn read(table: &mut Reader<'_>, span: Span) -> Option<Self> {
        let framework =
            table.text("framework").map_or_else(|| OWN.to_owned(), |name| name.value.trim().to_owned());
        let id = table.text("id").map(owned_text);
        let title = table.text("title").map(|title| title.value.trim().to_owned());
        let mut requires = Vec::new();
        for (mut inner, place) in table.structures("requires") {
            requires.extend(ControlRequirement::read(&mut inner, place));
            table.absorb(inner, &[REQUIREMENT]);
        }
        let place = id.as_ref().map_or(span, |id| id.span);
        let Some(id) = id.filter(|id| !id.value.trim().is_empty()) else {
            table.defect(place, DefectKind::Audit(AuditDefect::ControlWithoutId));
            return None;
        };
        if requires.is_empty() {
            table.defect(place, DefectKind::Audit(AuditDefect::ControlWithoutRequirement));
        }
        let id = id.value.trim().to_owned();
        Some(Control { framework, title: title.unwrap_or_else(|| id.clone()), id, requires })
    }
}

impl ControlRequirement {
    fn read(table: &mut Reader<'_>, span: Span) -> Option<Self> {
        let name = table.text("name").map(owned_text);
        let records = table.choice::<RecordKind>("records");
        let gate = table.text("gate").map(|gate| gate.value.trim().to_owned());
        let criterion = GateCriterion {
            name: name.clone().unwrap_or_else(|| Spanned::new(String::new(), span)),
            from: read_prefixes(table, "from"),
            when: read_selectors(table, "where", look_at_words),
            min: table.count("min").map_or(1, |min| (min.value as usize).max(1)),
            blocking: true,
            evidence_requirement: None,
            built_in: true,
            context: None,
        };
        let basis = match (records, gate, criterion.from.is_empty()) {
            (Some(records), None, true) => Some(ControlBasis::Records(records.value)),
            (None, Some(gate), true) => Some(ControlBasis::Gate(gate)),
            (None, None, false) => Some(ControlBasis::Entries(Box::new(criterion))),
            _ => None,
        };
        match (name, basis) {
            (Some(name), Some(basis)) => {
                Some(ControlRequirement { name: name.value.trim().to_owned(), basis })
            }
            (name, _) => {
                let place = name.map_or(span, |name| name.span);
                table.defect(place, DefectKind::Audit(AuditDefect::RequirementUnclear));
                None
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::Config;
    use super::*;

    #[test]
    fn the_built_in_controls_are_read_without_a_defect() {
        let file = SourceFile::new("built_in.toml", include_str!("built_in.toml"));
        let (root, defects) = crate::source::toml::read(FileId::BUILT_IN, file.text());
        assert_eq!(defects, []);
        let Value::Mapping(pairs) = root.value else { panic!("no table") };
        let mut reader = Reader::new(file.text(), pairs);
        let Catalogue { frameworks, controls } = read_catalogue(&mut reader);
        assert_eq!(reader.finish(&[], &[], |_| None).defects, []);
        assert_eq!(names(), ["soc2", "iso27001", "gdpr", "hipaa", "pci-dss", "npr7123"].map(str::to_owned));
        for framework in &frameworks {
            assert!(controls.iter().any(|control| control.framework == framework.name), "{}", framework.name);
        }
        assert!(controls.iter().all(|control| frameworks.iter().any(|own| own.name == control.framework)));
    }

    #[test]
    fn the_gates_of_built_in_controls_are_there() {
        let gates = super::super::gates::built_in();
        for control in &catalogue().controls {
            for requirement in &control.requires {
                let ControlBasis::Gate(name) = &requirement.basis else { continue };
                assert!(gates.iter().any(|gate| gate.name == *name), "{} {name}", control.id);
            }
        }
    }

    fn defects(toml: &str) -> Vec<AuditDefect> {
        let config = Config::read(FileId(0), &SourceFile::new("relplan.toml", toml));
        assert_eq!(config.toml_defects, []);
        let kinds = config.defects.into_iter().filter_map(|defect| match defect.kind {
            DefectKind::Audit(defect) => Some(defect),
            _ => None,
        });
        kinds.collect()
    }

    #[test]
    fn what_cannot_be_meant_is_a_defect() {
        let near = |near: &str| AuditDefect::UnknownFramework { near: Some(near.to_owned()), known: names() };
        assert_eq!(defects("[audit]\nframeworks = [\"SOC2\", \"pci_dss\"]"), []);
        assert_eq!(defects("[audit]\nframeworks = [\"socc2\"]"), [near("soc2")]);
        let control = |text: &str| defects(&format!("[[audit.controls]]\n{text}"));
        assert_eq!(control("id = \"A\"\nrequires = [{ name = \"x\", records = \"decision\" }]"), []);
        assert_eq!(control("id = \"A\""), [AuditDefect::ControlWithoutRequirement]);
        assert_eq!(
            control("requires = [{ name = \"x\", records = \"decision\" }]"),
            [AuditDefect::ControlWithoutId]
        );
        let unclear = "id = \"A\"\nrequires = [{ name = \"x\", records = \"decision\", from = \"DEP\" }, { name = \"y\", gate = \"beta\" }]";
        assert_eq!(control(unclear), [AuditDefect::RequirementUnclear]);
        let twice = "id = \"A\"\nrequires = [{ name = \"x\", gate = \"beta\" }]";
        assert_eq!(control(&format!("{twice}\n[[audit.controls]]\n{twice}")), [AuditDefect::RepeatedControl]);
    }
}
