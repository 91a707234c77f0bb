//! Link rules: who must link to whom, as data.
//!
//! Those that relplan brings along are written in the same form, in
//! `built_in.toml` beside this file.

use std::sync::OnceLock;

use super::{LevelWord, read_prefixes};
use crate::finding::Level;
use crate::model::defect::DefectKind;
use crate::model::dep::{Category, Dep, DepType, Detail, Method, Need, Severity, Stage};
use crate::model::field::{Field, Shape, choices, words};
use crate::model::indicator::MonType;
use crate::model::order::{Order, Strictness, ranked};
use crate::model::reader::Reader;
use crate::model::rel::RelType;
use crate::model::test::TestType;
use crate::model::value::{WithRemark, boolean};
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
    /// Whether the rule waits for the first entry that could be at the other end.
    pub if_any: bool,
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

impl Strictness for Direction {
    /// Where links of either direction count, fewer of them are missing.
    fn rank(self) -> u8 {
        u8::from(self != Direction::Either)
    }
}

/// A field and the words that it must hold one of, or none of.
#[derive(Debug, Clone)]
pub struct Selector {
    /// The field, one of `SELECTABLE`.
    pub field: &'static str,
    /// Where it is written.
    pub span: Span,
    /// The words that it may hold; any if there are none.
    pub words: Vec<String>,
    /// The words that it may not hold, which are written with a `!`.
    pub except: Vec<String>,
}

/// The keys of `[[link_rules]]`.
pub const FIELDS: &[Field] = &[
    Field::new("name", Shape::Text, "The name of the rule, in kebab-case.").asks(Order::Nothing),
    Field::new("from", Shape::List, "Families that the rule applies to.").asks(Order::Each),
    Field::new("where", Shape::Free, "Selector by fields: `{ type = \"Criteria\", status = \"!waived\" }`.")
        .asks(Order::Nothing),
    Field::new("kind", Shape::List, "Link kinds that count; all by default.").asks(Order::PermitsOrAll),
    Field::new(
        "direction",
        Shape::Choice(choices::<Direction>),
        "Direction of the links: out (default), in, or either.",
    )
    .asks(ranked::<Direction>())
    .absent("out"),
    Field::new("to", Shape::List, "Families at the other end; all by default.").asks(Order::PermitsOrAll),
    Field::new("to_where", Shape::Free, "Selector of the other end, by fields.").asks(Order::Nothing),
    Field::new(
        "if_any",
        Shape::Flag,
        "Whether the rule applies only if the plan has an entry for the other end.",
    )
    .asks(Order::No)
    .absent("no"),
    Field::new("min", Shape::Number, "Minimum number of links; 1 if neither `min` nor `max` is given.")
        .asks(Order::AtLeast),
    Field::new("max", Shape::Number, "Maximum number of links.").asks(Order::AtMost),
    Field::new("level", Shape::Choice(choices::<LevelWord>), "Level: error, warning, note or off.")
        .asks(ranked::<LevelWord>()),
    Field::new("message", Shape::Text, "Message of the finding.").asks(Order::Nothing),
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
    "criticality",
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
    let name = table.text("name");
    let place = name.as_ref().map_or(span, |name| name.span);
    let min = table.count("min");
    let max = table.count("max");
    let message = table.text("message").map(|message| message.value.into_owned());
    let level = table.choice::<LevelWord>("level").map(|level| level.value);
    let rule = LinkRule {
        name: name.map_or_else(|| "link-rule".into(), |name| name.value.into_owned()),
        from: read_prefixes(table, "from"),
        when: read_selectors(table, "where", |_, _, _| {}),
        kinds: read_kinds(table),
        direction: table.choice("direction").map_or(Direction::Out, |direction| direction.value),
        to: read_prefixes(table, "to"),
        to_when: read_selectors(table, "to_where", |_, _, _| {}),
        if_any: table.flag("if_any").is_some_and(|flag| flag.value.value),
        min: min.map_or(usize::from(max.is_none()), |min| min.value as usize),
        max: max.map(|max| max.value as usize),
        level: level.and_then(LevelWord::level),
        message: message.unwrap_or_default(),
        span: Some(place),
    };
    if rule.from.is_empty() {
        table.defect(place, DefectKind::LinkRuleWithoutFrom);
    }
    if let Some(max) = max.filter(|max| rule.min > max.value as usize) {
        table.defect(max.span, DefectKind::LinkRuleImpossible);
    }
    (!rule.from.is_empty() && level != Some(LevelWord::Off)).then_some(rule)
}

fn read_kinds(table: &mut Reader<'_>) -> Vec<LinkKind> {
    let mut kinds = Vec::new();
    for word in table.list("kind") {
        match LinkKind::from_word(&word.value) {
            Some(kind) => kinds.push(kind),
            None => {
                let found = word.value.into_owned();
                table.defect(word.span, DefectKind::UnknownValue { found, known: words::<LinkKind>() });
            }
        }
    }
    kinds
}

/// Reads selectors; `look` is shown the words of each.
pub(super) fn read_selectors(
    table: &mut Reader<'_>,
    name: &str,
    look: fn(&mut Reader<'_>, &str, &[crate::model::Text<'_>]),
) -> Vec<Selector> {
    let mut selectors = Vec::new();
    for (field, texts) in table.free_lists(name) {
        match SELECTABLE.iter().find(|known| same_folded(known, &field.value)) {
            Some(known) => {
                look(table, known, &texts);
                selectors.push(Selector::new(known, field.span, &texts));
            }
            None => {
                let found = field.value.into_owned();
                table.defect(field.span, DefectKind::UnknownValue { found, known: SELECTABLE.to_vec() });
            }
        }
    }
    selectors
}

/// A word that no entry can ever hold was mistyped, and would choose nothing for ever.
pub(super) fn look_at_words(table: &mut Reader<'_>, field: &str, texts: &[crate::model::Text<'_>]) {
    let Some(known) = words_of(field) else { return };
    for text in texts {
        let word = text.value.trim_start_matches('!').trim();
        if !known.iter().any(|known| same_folded(known, word)) {
            let (found, known) = (word.to_owned(), known.clone());
            table.defect(text.span, DefectKind::UnknownValue { found, known });
        }
    }
}

/// The words that a selectable field takes, in whichever family, if they are few.
fn words_of(field: &str) -> Option<Vec<&'static str>> {
    fn all<T: Choice>() -> Vec<&'static str> {
        T::WORDS.iter().chain(T::SYNONYMS).map(|(word, _)| *word).collect()
    }
    Some(match field {
        "type" => [all::<DepType>(), all::<TestType>(), all::<MonType>(), all::<RelType>()].concat(),
        "stage" => all::<Stage>(),
        "category" => all::<Category>(),
        "priority" => [all::<Need>(), all::<Severity>()].concat(),
        "severity" | "criticality" => all::<Severity>(),
        "method" => all::<Method>(),
        _ => return None,
    })
}

impl LinkRule {
    /// Whether the rule is about entries with this prefix.
    pub fn is_from(&self, prefix: &Prefix) -> bool {
        holds(&self.from, prefix)
    }

    /// Whether the rule is about this entry, which is of one of its families.
    pub fn is_about(&self, entry: &Entry<'_>) -> bool {
        self.when.iter().all(|selector| selector.fits(entry))
    }

    /// Whether entries with this prefix may be at the other end.
    pub fn is_to(&self, prefix: &Prefix) -> bool {
        self.to.is_empty() || holds(&self.to, prefix)
    }

    /// Whether a link to this entry counts.
    pub fn counts(&self, other: &Entry<'_>) -> bool {
        self.is_to(&other.id.prefix) && self.to_when.iter().all(|selector| selector.fits(other))
    }

    /// Whether links of this kind count. Those that say that two entries do not
    /// belong together do not, unless they are asked for.
    pub fn takes(&self, kind: LinkKind) -> bool {
        match self.kinds.is_empty() {
            true => !matches!(kind, LinkKind::ConflictsWith | LinkKind::Excludes),
            false => self.kinds.contains(&kind),
        }
    }
}

/// Whether a family is one of these, or a part of one: `BR` holds `BR-FEA`.
pub(super) fn holds(families: &[Prefix], prefix: &Prefix) -> bool {
    families.iter().any(|family| family == prefix || family.as_str() == prefix.head())
}

impl Selector {
    fn new(field: &'static str, span: Span, texts: &[crate::model::Text<'_>]) -> Self {
        let mut selector = Selector { field, span, words: Vec::new(), except: Vec::new() };
        for text in texts {
            match text.value.strip_prefix('!') {
                Some(word) => selector.except.push(word.trim().to_owned()),
                None => selector.words.push(text.value.trim().to_owned()),
            }
        }
        selector
    }

    /// The field and its words: `type Criteria or Validation`, `state not Deferred`.
    pub fn in_words(&self) -> String {
        let except = self.except.iter().map(|word| format!("not {word}"));
        let words: Vec<String> = self.words.iter().cloned().chain(except).collect();
        let joined = if self.words.is_empty() { words.join(" and ") } else { words.join(" or ") };
        format!("{} {joined}", self.field)
    }

    /// Whether the entry's field holds one of the words, and none of those that it may not hold.
    pub fn fits(&self, entry: &Entry<'_>) -> bool {
        let one_of = |words: &[String]| words.iter().any(|word| holds_word(entry, self.field, word));
        let wanted = match self.words.is_empty() {
            true => !self.except.is_empty(),
            false => one_of(&self.words),
        };
        wanted && !one_of(&self.except)
    }
}

fn holds_word(entry: &Entry<'_>, field: &str, word: &str) -> bool {
    match field {
        "tag" => entry.tags().iter().any(|tag| same_folded(&tag.value, word)),
        field => match held(entry, field) {
            Some(Held::Word(held)) => same_folded(held, word),
            Some(Held::Flag(flag)) => boolean(word) == Some(flag),
            None => false,
        },
    }
}

/// What a selectable field of an entry holds.
enum Held<'e> {
    Word(&'e str),
    Flag(bool),
}

fn held<'e>(entry: &'e Entry<'_>, field: &str) -> Option<Held<'e>> {
    let word = match (field, &entry.kind) {
        ("status" | "state", _) => entry.status(),
        ("owner", _) => entry.owner.as_ref().map(|owner| &*owner.value),
        ("release", _) => entry.release().map(|release| &*release.value),
        ("type", Kind::Test(test)) => word(test.test_type),
        ("type", Kind::Mon(mon)) => word(mon.mon_type),
        ("type", Kind::Rel(rel)) => rel.rel_type().map(Choice::word),
        ("priority", Kind::Epic(epic)) => word(epic.priority),
        ("priority", Kind::Test(test)) => word(test.priority),
        ("method", Kind::Test(test)) => noted(&test.method),
        ("impact", Kind::Risk(risk)) => noted(&risk.impact),
        ("response", Kind::Risk(risk)) => word(risk.response),
        ("severity", Kind::Run(run)) => word(run.severity),
        ("category", Kind::Flag(flag)) => word(flag.category),
        ("severity" | "criticality", Kind::Graded(graded)) => word(graded.severity),
        (field, Kind::Dep(dep)) => return held_by_dep(dep, field),
        _ => None,
    };
    word.map(Held::Word)
}

fn held_by_dep<'e>(dep: &'e Dep<'_>, field: &str) -> Option<Held<'e>> {
    let word = match (field, &dep.detail) {
        ("type", _) => dep.is_evident.then(|| dep.dep_type().word()),
        ("stage", _) => word(dep.stage),
        ("category", Detail::Criteria(criteria)) => word(criteria.category),
        ("priority", Detail::Criteria(criteria)) => Some(criteria.need().word()),
        ("severity", Detail::Rollback(rollback)) => word(rollback.severity),
        ("method", Detail::Validation(validation)) => noted(&validation.method),
        ("blocker", Detail::Criteria(criteria)) => return flag(&criteria.blocker),
        ("automatic", Detail::Rollback(rollback)) => return flag(&rollback.automatic),
        ("automated", Detail::Step(step)) => return flag(&step.automated),
        _ => None,
    };
    word.map(Held::Word)
}

fn word<T: Choice>(value: Option<Spanned<T>>) -> Option<&'static str> {
    value.map(|value| value.value.word())
}

fn noted<T: Choice>(value: &Option<Spanned<WithRemark<T>>>) -> Option<&'static str> {
    value.as_ref().map(|value| value.value.value.word())
}

fn flag<'e>(value: &Option<Spanned<WithRemark<bool>>>) -> Option<Held<'e>> {
    value.as_ref().map(|value| Held::Flag(value.value.value))
}

/// The link rules that relplan brings along.
pub fn built_in() -> &'static [LinkRule] {
    static RULES: OnceLock<Vec<LinkRule>> = OnceLock::new();
    RULES.get_or_init(|| {
        let file = SourceFile::new("built_in.toml", include_str!("built_in.toml"));
        let (root, _) = crate::source::toml::read(FileId::BUILT_IN, file.text());
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

    /// Whether a rule about `selector` is about the entry.
    fn check(selector: &str, yaml: &str, expect: bool) {
        let toml = format!("[[link_rules]]\nfrom = \"DEP\"\nwhere = {{ {selector} }}");
        let config = super::super::Config::read(FileId(0), &SourceFile::new("relplan.toml", toml));
        assert_eq!(config.defects, [], "{selector}");
        let file = SourceFile::new("plan.yaml", yaml);
        let content = crate::model::document::read(FileId(1), &file, &config.families);
        assert_eq!(config.link_rules[0].is_about(&content.entries[0]), expect, "{selector}: {yaml}");
    }

    #[test]
    fn selectors_pick_entries_by_their_words() {
        let step = "{id: DEP-1, type: Step, automated: Yes, stage: Pre-deploy, tags: [data, slow]}";
        check("type = \"step\"", step, true);
        check("type = [\"Step\", \"Criteria\"], stage = \"pre deploy\"", step, true);
        check("type = \"Step\", stage = \"Deploy\"", step, false);
        check("automated = true", step, true);
        check("automated = \"no\"", step, false);
        check("tag = \"slow\"", step, true);
        check("type = []", step, false);
    }

    #[test]
    fn a_selector_with_an_exclamation_mark_leaves_out() {
        check("state = \"!Deferred\"", "{id: EPIC-1}", true);
        check("state = \"!Deferred\"", "{id: EPIC-1, state: deferred}", false);
        check("state = [\"!Deferred\", \"Planned\"]", "{id: EPIC-1, state: Testing}", false);
        check("tag = \"!slow\"", "{id: DEP-1, type: Step, tags: [data, slow]}", false);
    }

    #[test]
    fn a_rule_that_is_off_is_not_there_and_one_that_cannot_be_kept_is_a_defect() {
        let read = |lines: &str| {
            let toml = format!("[[link_rules]]\nfrom = \"DEP\"\n{lines}");
            let config = super::super::Config::read(FileId(0), &SourceFile::new("relplan.toml", toml));
            let kinds: Vec<DefectKind> = config.defects.into_iter().map(|defect| defect.kind).collect();
            (config.link_rules.len(), kinds)
        };
        assert_eq!(read("level = \"off\""), (0, vec![]));
        assert_eq!(read("max = 2"), (1, vec![]));
        assert_eq!(read("min = 3\nmax = 2"), (1, vec![DefectKind::LinkRuleImpossible]));
    }
}
