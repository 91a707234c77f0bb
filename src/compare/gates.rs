//! Gates side by side: what they no longer ask for, and what they no longer select.

use super::settings::{Tables, table};
use super::values::Layers;
use super::walk::{ComparedItem, Pair, Walk};
use super::{Area, Change, Context, Loosening};
use crate::config::gates::{CRITERION, FIELDS, Gate, GateCriterion, built_in_text};
use crate::config::link_rule::Selector;
use crate::model::field::Field;
use crate::model::value::short;
use crate::model::{Entry, same_folded};
use crate::source::Span;

/// The list of criteria of a gate.
const CRITERIA: &str = "criteria";

/// Compares the gates of both configurations, in the form in which they count: what relplan brings along, and what
/// `relplan.toml` makes of it.
pub(super) fn compare(context: &Context<'_>, tables: &mut [Tables<'_>; 2], found: &mut Vec<Loosening>) {
    for gate in &context.before.side.config.gates {
        let name = &gate.name;
        let thing = ComparedItem::new(Area::Configuration, format!("gates.{name}"), format!("gate `{name}`"));
        let after = &context.after.side.config.gates;
        let Some(now) = after.iter().find(|other| same_folded(&other.name, name)) else {
            let place = tables[1].place;
            found.push(thing.loosened(Change::Removed(gate.title.clone()), place, gate.span));
            continue;
        };
        let mut walk = Walk::of(context);
        let [before_tables, after_tables] = tables;
        let mut before = layers(before_tables, name);
        let mut after = layers(after_tables, name);
        walk.fields(&thing, FIELDS, &mut Pair { before: &mut before, after: &mut after });
        found.append(&mut walk.found);
        criteria(context, (gate, now), tables, found);
    }
}

/// What is said of a gate, on top of what relplan brings along.
fn layers<'a>(tables: &mut Tables<'a>, name: &str) -> Layers<'a> {
    let place = tables.place;
    let own = tables.gates.iter().find(|(key, _)| same_folded(key, name));
    let own = own.map_or_else(|| Layers::none(place), |(_, statement)| Layers::one(tables.text, statement));
    own.over(table(built_in_text(), "gates", name).unwrap_or_else(|| Layers::none(None)))
}

/// What is said of a criterion of a gate.
fn criterion<'a>(tables: &Tables<'a>, gate: &Gate, criterion: &GateCriterion) -> Layers<'a> {
    let source = match criterion.built_in {
        true => table(built_in_text(), "gates", &gate.name),
        false => {
            let own = tables.gates.iter().find(|(key, _)| same_folded(key, &gate.name));
            own.map(|(_, statement)| Layers::one(tables.text, statement))
        }
    };
    let list = field(FIELDS, CRITERIA);
    let name = field(CRITERION, "name");
    let mut parts = source.map(|mut layers| layers.parts(list)).unwrap_or_default().into_iter();
    let found = parts.find_map(|part| {
        let super::values::Part::Mapping(mut layers) = part else { return None };
        let is = layers.text(name).is_some_and(|name| same_folded(&name.value, &criterion.name.value));
        is.then_some(layers)
    });
    found.unwrap_or_else(|| Layers::none(gate.span))
}

fn field(table: &'static [Field], name: &str) -> &'static Field {
    const NONE: Field = Field::new("", crate::model::field::Shape::Free, "");
    table.iter().find(|field| field.name == name).unwrap_or(&NONE)
}

/// Compares the criteria of a gate by name.
fn criteria(
    context: &Context<'_>,
    (before, after): (&Gate, &Gate),
    tables: &mut [Tables<'_>; 2],
    found: &mut Vec<Loosening>,
) {
    for old in &before.criteria {
        let name = &old.name.value;
        let subject = format!("gates.{}.{name}", before.name);
        let owner = format!("criterion `{name}` of gate `{}`", before.name);
        let thing = ComparedItem::new(Area::Configuration, subject, owner);
        let base = super::shown(old.name.span).or(before.span);
        let Some(new) = after.criteria.iter().find(|new| same_folded(&new.name.value, name)) else {
            found.push(thing.loosened(Change::Removed(old.in_words()), after.span.or(tables[1].place), base));
            continue;
        };
        let mut walk = Walk::of(context);
        let [mut was, mut is] = [criterion(&tables[0], before, old), criterion(&tables[1], after, new)];
        was.place = base;
        is.place = super::shown(new.name.span).or(after.span).or(tables[1].place);
        let place = is.place;
        walk.fields(&thing, CRITERION, &mut Pair { before: &mut was, after: &mut is });
        found.append(&mut walk.found);
        if let Some((was, is)) = narrower(&old.when, &new.when) {
            let change = Change::Value { before: was, after: is };
            let own = new.when.first().and_then(|selector| super::shown(selector.span));
            let of_base = old.when.first().and_then(|selector| super::shown(selector.span));
            let (subject, name) = (format!("{}.where", thing.subject), format!("`where` of {}", thing.owner));
            found.push(Loosening {
                area: Area::Configuration,
                subject,
                thing: name,
                change,
                place: own.or(place),
                base: of_base.or(base),
            });
        }
    }
}

/// Whether selectors select less than before, in words.
pub(super) fn narrower(before: &[Selector], after: &[Selector]) -> Option<(String, String)> {
    let fits = |known: &[String], word: &String| known.iter().any(|other| same_folded(other, word));
    let is_narrower = after.iter().any(|new| {
        let Some(old) = before.iter().find(|old| old.field == new.field) else { return true };
        let left_out = match (old.words.is_empty(), new.words.is_empty()) {
            (_, true) => false,
            (true, false) => true,
            (false, false) => old.words.iter().any(|word| !fits(&new.words, word)),
        };
        left_out || new.except.iter().any(|word| !fits(&old.except, word))
    });
    let words = |selectors: &[Selector]| match selectors {
        [] => "everything".to_owned(),
        selectors => {
            let words: Vec<String> = selectors.iter().map(Selector::in_words).collect();
            short(&words.join(" and "))
        }
    };
    is_narrower.then(|| (words(before), words(after)))
}

/// The gates and link rules of the base that selected an entry as it was and would not select it as it is.
pub(super) fn compare_selection(
    context: &Context<'_>,
    before: &Entry<'_>,
    after: &Entry<'_>,
    found: &mut Vec<Loosening>,
) {
    let config = context.before.side.config;
    let prefix = &before.id.value.prefix;
    let gates = config.gates.iter().flat_map(|gate| {
        let lost =
            gate.criteria.iter().find(|criterion| criterion.chooses(before) && !criterion.chooses(after));
        lost.map(|criterion| (format!("selected by gate `{}`", gate.name), criterion.when.as_slice()))
    });
    let rules = config.link_rules.iter().filter_map(|rule| {
        let lost = rule.is_from(prefix) && rule.is_about(before) && !rule.is_about(after);
        lost.then(|| (format!("selected by link rule `{}`", rule.name), rule.when.as_slice()))
    });
    for (by, when) in gates.chain(rules) {
        let cause = when.iter().find(|selector| selector.fits(before) && !selector.fits(after));
        let Some(cause) = cause else { continue };
        let ((was, base), (is, place)) =
            (stated(context, 0, before, cause), stated(context, 1, after, cause));
        found.push(Loosening {
            area: Area::Entry,
            subject: format!("{}.{}", before.id.value, cause.field),
            thing: format!("`{}`", before.id.value),
            change: Change::NotSelected { by, field: Some((cause.field.to_owned(), was, is)) },
            place: Some(place),
            base: Some(base),
        });
    }
}

/// What an entry says in the field of a selector, and where.
fn stated(context: &Context<'_>, which: usize, entry: &Entry<'_>, selector: &Selector) -> (String, Span) {
    let half = [&context.before, &context.after][which];
    let none = || ("none".to_owned(), entry.id.span);
    let Some((_, statement)) = half.said.get(&entry.id.value) else { return none() };
    let mut layers = Layers::one(half.text(statement.span.file), statement);
    let name = if selector.field == "tag" { "tags" } else { selector.field };
    let fields = entry.kind.fields().iter().chain(crate::model::entry::HEADER);
    let Some(field) = fields.into_iter().find(|field| field.is(&name.replace('_', ""))) else {
        return none();
    };
    let place = layers.place_of(field).unwrap_or(entry.id.span);
    match layers.list(field).as_slice() {
        [] => none(),
        texts => (super::values::joined(texts), place),
    }
}
