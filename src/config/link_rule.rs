//! Link rules: who must link to whom, as data.
//!
//! Those that relplan brings along are written in the same form, in
//! `built_in.toml` beside this file.

use std::sync::OnceLock;

use super::{LevelWord, read_prefixes};
use crate::finding::Level;
use crate::model::field::{Field, Shape, words};
use crate::model::reader::Reader;
use crate::model::{Choice, Entry, Kind, LinkKind, Prefix, same_folded};
use crate::source::{FileId, SourceFile, Span, Spanned, Value};

/// One link rule.
#[derive(Debug, Clone)]
pub struct LinkRule {
    /// Its name, in kebab-case.
    pub name: String,
    /// The families whose entries it is about.
    pub from: Vec<Prefix>,
    /// Which of their entries.
    pub when: Vec<Selector>,
    /// The kinds of link that count; all if there are none.
    pub kinds: Vec<LinkKind>,
    /// Which way the links lead.
    pub direction: Direction,
    /// The families at the other end; all if there are none.
    pub to: Vec<Prefix>,
    /// Which of their entries.
    pub to_when: Vec<Selector>,
    /// How many links there must be.
    pub min: usize,
    /// How many there may be.
    pub max: Option<usize>,
    /// How much it weighs if it is not kept; the rule's own level if absent.
    pub level: Option<Level>,
    /// What to say then.
    pub message: String,
    /// Where it is declared; nothing if relplan brought it along.
    pub span: Option<Span>,
}

crate::model::value::choice! {
    /// Which way the links of a rule lead.
    Direction {
        /// From the entry that the rule is about.
        Out = "out",
        /// To it.
        In = "in",
        /// Either way.
        Either = "either",
    }
}

/// A field and the words that it must hold one of.
#[derive(Debug, Clone)]
pub struct Selector {
    /// The key.
    pub field: Spanned<String>,
    /// The words.
    pub words: Vec<String>,
}

/// The keys of `[[link_rules]]`.
pub(super) const FIELDS: &[Field] = &[
    Field::new("name", Shape::Text, "The name of the rule, in kebab-case."),
    Field::new("from", Shape::List, "The families whose entries the rule is about."),
    Field::new("where", Shape::Free, "Which of their entries, by fields: `{ type = \"Criteria\" }`."),
    Field::new("kind", Shape::List, "The kinds of link that count; all if absent."),
    Field::new(
        "direction",
        Shape::Choice(words::<Direction>),
        "Which way the links lead: out (the default), in, or either.",
    ),
    Field::new("to", Shape::List, "The families at the other end; all if absent."),
    Field::new("to_where", Shape::Free, "Which of their entries, by fields."),
    Field::new("min", Shape::Number, "How many links there must be; 1 if neither `min` nor `max` is given."),
    Field::new("max", Shape::Number, "How many links there may be."),
    Field::new("level", Shape::Choice(words::<LevelWord>), "How much it weighs: error, warning or note."),
    Field::new("message", Shape::Text, "What to say when the rule is not kept."),
];

/// The fields that a selector may ask for.
pub const SELECTABLE: &[&str] = &[
    "type",
    "stage",
    "category",
    "priority",
    "status",
    "state",
    "severity",
    "method",
    "blocker",
    "automatic",
    "automated",
    "impact",
    "response",
    "owner",
    "release",
    "tag",
];

/// Reads every `[[link_rules]]` table.
pub(super) fn read(reader: &mut Reader<'_>) -> Vec<LinkRule> {
    let mut rules = Vec::new();
    for (mut table, span) in reader.structures("link_rules") {
        rules.extend(read_rule(&mut table, span));
        reader.absorb(table, &[FIELDS]);
    }
    rules
}

fn read_rule(table: &mut Reader<'_>, span: Span) -> Option<LinkRule> {
    use crate::model::defect::DefectKind;
    let name = table.text("name");
    let place = name.as_ref().map_or(span, |name| name.span);
    let from = read_prefixes(table, "from");
    let min = table.count("min").map(|min| min.value as usize);
    let max = table.count("max").map(|max| max.value as usize);
    let message = table.text("message").map(|message| message.value.into_owned());
    let rule = LinkRule {
        name: name.map_or_else(|| "link-rule".into(), |name| name.value.into_owned()),
        when: read_selectors(table, "where"),
        kinds: read_kinds(table),
        direction: table.choice("direction").map_or(Direction::Out, |direction| direction.value),
        to: read_prefixes(table, "to"),
        to_when: read_selectors(table, "to_where"),
        min: min.unwrap_or(usize::from(max.is_none())),
        max,
        level: table.choice::<LevelWord>("level").and_then(|level| level.value.level()),
        message: message.unwrap_or_default(),
        span: Some(place),
        from,
    };
    if rule.from.is_empty() {
        table.defect(place, DefectKind::LinkRuleWithoutFrom);
        return None;
    }
    Some(rule)
}

fn read_kinds(table: &mut Reader<'_>) -> Vec<LinkKind> {
    use crate::model::defect::DefectKind;
    let mut kinds = Vec::new();
    for word in table.list("kind") {
        match LinkKind::from_word(&word.value) {
            Some(kind) => kinds.push(kind),
            None => {
                let found = word.value.into_owned();
                table.defect(word.span, DefectKind::UnknownWord { found, known: words::<LinkKind>() });
            }
        }
    }
    kinds
}

fn read_selectors(table: &mut Reader<'_>, name: &str) -> Vec<Selector> {
    use crate::model::defect::DefectKind;
    let mut selectors = Vec::new();
    for (field, value) in table.free_lists(name) {
        if !SELECTABLE.iter().any(|known| same_folded(known, &field.value)) {
            let found = field.value.clone().into_owned();
            table.defect(field.span, DefectKind::UnknownWord { found, known: SELECTABLE.to_vec() });
        }
        selectors.push(Selector {
            field: Spanned::new(field.value.into_owned(), field.span),
            words: value.into_iter().map(|word| word.value.into_owned()).collect(),
        });
    }
    selectors
}

impl LinkRule {
    /// Whether the rule is about this entry.
    pub fn is_about(&self, entry: &Entry<'_>) -> bool {
        self.when.iter().all(|selector| selector.fits(entry))
    }

    /// Whether a link to this entry counts.
    pub fn counts(&self, other: &Entry<'_>) -> bool {
        let family = self.to.is_empty()
            || self
                .to
                .iter()
                .any(|prefix| *prefix == other.id.prefix || prefix.as_str() == other.id.prefix.head());
        family && self.to_when.iter().all(|selector| selector.fits(other))
    }

    /// Whether links of this kind count.
    pub fn takes(&self, kind: LinkKind) -> bool {
        self.kinds.is_empty() || self.kinds.contains(&kind)
    }
}

impl Selector {
    /// Whether the entry's field holds one of the words.
    pub fn fits(&self, entry: &Entry<'_>) -> bool {
        held(entry, &self.field.value)
            .iter()
            .any(|held| self.words.iter().any(|word| same_folded(word, held)))
    }
}

/// The words that a selectable field of an entry holds.
fn held<'e>(entry: &'e Entry<'_>, field: &str) -> Vec<&'e str> {
    use crate::model::dep::Detail;
    fn word<T: Choice>(value: Option<Spanned<T>>) -> Vec<&'static str> {
        value.map(|value| value.value.word()).into_iter().collect()
    }
    let yes_or_no = |flag: Option<bool>| match flag {
        Some(true) => vec!["yes"],
        Some(false) => vec!["no"],
        None => Vec::new(),
    };
    let folded: String = crate::model::value::folded(field).collect();
    match (folded.as_str(), &entry.kind) {
        ("status" | "state", _) => entry.status().into_iter().collect(),
        ("owner", _) => entry.owner.iter().map(|owner| &*owner.value).collect(),
        ("release", _) => entry.release.iter().map(|release| &*release.value).collect(),
        ("tag", _) => entry.tags.iter().map(|tag| &*tag.value).collect(),
        ("type", Kind::Dep(dep)) => vec![dep.dep_type().word()],
        ("type", Kind::Test(test)) => word(test.test_type),
        ("type", Kind::Mon(mon)) => word(mon.mon_type),
        ("type", Kind::Rel(rel)) => rel.rel_type().map(Choice::word).into_iter().collect(),
        ("stage", Kind::Dep(dep)) => word(dep.stage),
        ("priority", Kind::Epic(epic)) => word(epic.priority),
        ("priority", Kind::Test(test)) => word(test.priority),
        ("impact", Kind::Risk(risk)) => risk.impact.iter().map(|impact| impact.value.value.word()).collect(),
        ("response", Kind::Risk(risk)) => word(risk.response),
        ("severity", Kind::Run(run)) => word(run.severity),
        ("method", Kind::Test(test)) => test.method.iter().map(|method| method.value.value.word()).collect(),
        (field, Kind::Dep(dep)) => match (field, &dep.detail) {
            ("category", Detail::Criteria(criteria)) => word(criteria.category),
            ("priority", Detail::Criteria(criteria)) => vec![criteria.need().word()],
            ("blocker", Detail::Criteria(criteria)) => {
                yes_or_no(criteria.blocker.as_ref().map(|flag| flag.value.value))
            }
            ("severity", Detail::Rollback(rollback)) => word(rollback.severity),
            ("automatic", Detail::Rollback(rollback)) => {
                yes_or_no(rollback.automatic.as_ref().map(|flag| flag.value.value))
            }
            ("method", Detail::Validation(validation)) => {
                validation.method.iter().map(|method| method.value.value.word()).collect()
            }
            ("automated", Detail::Step(step)) => {
                yes_or_no(step.automated.as_ref().map(|flag| flag.value.value))
            }
            _ => Vec::new(),
        },
        _ => Vec::new(),
    }
}

/// The link rules that relplan brings along.
pub fn built_in() -> &'static [LinkRule] {
    static RULES: OnceLock<Vec<LinkRule>> = OnceLock::new();
    RULES.get_or_init(|| {
        let file = SourceFile::new("built_in.toml", include_str!("built_in.toml"));
        let (root, _) = crate::source::toml::read(FileId(u32::MAX), file.text());
        let mut rules = match root.value {
            Value::Mapping(pairs) => read(&mut Reader::new(file.text(), pairs)),
            _ => Vec::new(),
        };
        for rule in &mut rules {
            rule.span = None;
        }
        rules
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_built_in_rules_are_read_without_a_defect() {
        let file = SourceFile::new("built_in.toml", include_str!("built_in.toml"));
        let config = super::super::Config::read(FileId(0), &file);
        assert_eq!((config.toml_defects, config.defects), (vec![], vec![]));
        assert_eq!(built_in().len(), config.link_rules.len());
        assert!(built_in().iter().all(|rule| !rule.message.is_empty() && rule.level.is_some()));
    }
}
