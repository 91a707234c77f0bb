//! Configurations side by side.

use super::values::Layers;
use super::walk::{ComparedItem, Defaults, Pair, Walk};
use super::{Area, Change, Context, Half, Loosening, gates, roster};
use crate::config::profiles::{self, Profile, built_in_text};
use crate::config::{self, calendar, link_rule};
use crate::finding::Level;
use crate::model::document::Statement;
use crate::model::field::{Field, Shape};
use crate::model::{Text, same_folded};
use crate::source::{self, FileId, Node, Span, Value};

/// The tables of `relplan.toml`.
pub(super) fn tables() -> Vec<(&'static str, &'static [Field])> {
    vec![
        ("relplan.toml", config::TABLES),
        ("[families]", config::FAMILY),
        ("[families.fields]", config::DECLARED_FIELD),
        ("[gates]", config::gates::FIELDS),
        ("[[gates.criteria]]", config::gates::CRITERION),
        ("[profiles]", profiles::FIELDS),
        ("[release_context]", config::context::CONTEXT),
        ("[roles]", config::roster::ROLE),
        ("[team]", config::team::TEAM),
        ("[calendar]", calendar::CALENDAR),
        ("approvals", crate::model::ApprovalRecord::FIELDS),
        ("waivers", crate::model::WaiverRecord::FIELDS),
    ]
}

/// What a `relplan.toml` says, table by table.
pub(super) struct Tables<'a> {
    pub(super) text: &'a str,
    /// Where findings point that are about the whole of it.
    pub(super) place: Option<Span>,
    root: Layers<'a>,
    pub(super) gates: Vec<(String, Statement<'a>)>,
    pub(super) profiles: Vec<(String, Statement<'a>)>,
    pub(super) families: Vec<(String, Statement<'a>)>,
    pub(super) roles: Vec<(String, Statement<'a>)>,
}

impl<'a> Tables<'a> {
    fn new(half: &Half<'a>) -> Self {
        let text = half.side.settings.map_or("", |file| half.text(file));
        let place = half.side.settings.map(|file| Span::new(file, 0, 0));
        let file = half.side.settings.unwrap_or(FileId::BUILT_IN);
        let (root, _) = source::toml::read(file, text);
        let named = |name: &str| named_tables(&root, name);
        Tables {
            text,
            place,
            gates: named("gates"),
            profiles: named("profiles"),
            families: named("families"),
            roles: named("roles"),
            root: match root.value {
                Value::Mapping(pairs) => Layers::of(text, pairs, place),
                _ => Layers::none(place),
            },
        }
    }
}

/// The tables under a key, by name; the place of each is its name.
fn named_tables<'a>(root: &Node<'a>, name: &str) -> Vec<(String, Statement<'a>)> {
    let find = |node: &Node<'a>| match &node.value {
        Value::Mapping(pairs) => pairs.clone(),
        _ => Vec::new(),
    };
    let is = |key: &Node<'_>| key.text().is_some_and(|key| same_folded(key, name));
    let table = find(root).into_iter().find(|pair| is(&pair.key)).map(|pair| find(&pair.value));
    let tables = table.unwrap_or_default().into_iter().filter_map(|pair| {
        let name = pair.key.text()?.trim().to_owned();
        Some((name, Statement { span: pair.key.span, pairs: find(&pair.value) }))
    });
    tables.collect()
}

/// A table of what relplan brings along.
pub(super) fn table(text: &'static str, name: &str, key: &str) -> Option<Layers<'static>> {
    let (root, _) = source::toml::read(FileId::BUILT_IN, text);
    let tables = named_tables(&root, name);
    let found = tables.into_iter().find(|(own, _)| same_folded(own, key));
    found.map(|(_, statement)| Layers::one(text, &statement))
}

impl<'w> Walk<'w> {
    /// A walk through settings.
    pub(super) fn of(context: &'w Context<'_>) -> Self {
        Walk {
            profile: &context.profile,
            max_age: context.max_age(),
            direction: None,
            defaults: [Defaults::default(), Defaults::default()],
            found: Vec::new(),
        }
    }
}

/// Compares everything that `relplan.toml` says.
pub(super) fn compare(context: &Context<'_>, found: &mut Vec<Loosening>) {
    let mut tables = [Tables::new(&context.before), Tables::new(&context.after)];
    whole(context, &mut tables, found);
    gates::compare(context, &mut tables, found);
    profiles(context, &tables, found);
    chosen(context, &tables, found);
    families(context, &tables, found);
    levels(context, found);
    roster::compare(context, &tables, found);
}

/// The tables whose fields are fixed: `[plan]`, `[evidence]`, `[calendar]`, `[[link_rules]]`.
fn whole(context: &Context<'_>, tables: &mut [Tables<'_>; 2], found: &mut Vec<Loosening>) {
    let [before, after] = tables;
    let mut walk = Walk::of(context);
    // What `[evidence]` leaves open is what the profile says.
    walk.max_age = context.profile.max_age;
    for name in ["plan", "evidence", "calendar", "audit", "signatures", "workspace"] {
        let Some(field) = config::TABLES.iter().find(|field| field.name == name) else { continue };
        let Shape::Structure(table) = field.shape else { continue };
        let mut was = before.root.structure(field).unwrap_or_else(|| Layers::none(before.place));
        let mut is = after.root.structure(field).unwrap_or_else(|| Layers::none(after.place));
        let thing = ComparedItem::new(Area::Configuration, name, format!("`[{name}]`"));
        walk.fields(&thing, table, &mut Pair { before: &mut was, after: &mut is });
    }
    found.append(&mut walk.found);
    link_rules(context, tables, found);
}

/// Link rules, by name.
fn link_rules(context: &Context<'_>, tables: &mut [Tables<'_>; 2], found: &mut Vec<Loosening>) {
    let Some(list) = config::TABLES.iter().find(|field| field.name == "link_rules") else { return };
    let Some(name) = link_rule::FIELDS.iter().find(|field| field.name == "name") else { return };
    let mut rules = |which: usize| -> Vec<(String, Layers<'_>)> {
        let parts = tables[which].root.parts(list).into_iter();
        let mappings = parts.filter_map(|part| match part {
            super::values::Part::Mapping(mut layers) => {
                let name =
                    layers.text(name).map_or_else(|| "link-rule".into(), |name| name.value.to_string());
                Some((name, layers))
            }
            super::values::Part::Text(_) => None,
        });
        mappings.collect()
    };
    let (before, mut after) = (rules(0), rules(1));
    let place = context.after.side.settings.map(|file| Span::new(file, 0, 0));
    for (name, mut was) in before {
        let thing = ComparedItem::new(
            Area::Configuration,
            format!("link_rules.{name}"),
            format!("link rule `{name}`"),
        );
        let same = after.iter().position(|(other, _)| same_folded(other, &name));
        let Some((_, mut is)) = same.map(|at| after.remove(at)) else {
            found.push(thing.loosened(Change::Removed(String::new()), place, was.place));
            continue;
        };
        let mut walk = Walk::of(context);
        // Only where neither `min` nor `max` is said, one link must be there.
        walk.fields(&thing, link_rule::FIELDS, &mut Pair { before: &mut was, after: &mut is });
        found.append(&mut walk.found);
        let config = |which: usize| {
            let half = [&context.before, &context.after][which];
            half.side.config.link_rules.iter().find(|rule| same_folded(&rule.name, &name))
        };
        if let (Some(old), Some(new)) = (config(0), config(1))
            && let Some((before, after)) = gates::narrower(&old.when, &new.when)
        {
            let thing = ComparedItem { path: "where".to_owned(), ..thing };
            found.push(thing.loosened(Change::Value { before, after }, new.span, old.span));
        }
    }
}

/// Profiles, by name, each on top of what it is based on.
fn profiles(context: &Context<'_>, tables: &[Tables<'_>; 2], found: &mut Vec<Loosening>) {
    let after = &context.after.side.config.profiles;
    for profile in &context.before.side.config.profiles {
        let Some(now) = profiles::find(after, &profile.name) else { continue };
        found.extend(profile_changes(context, tables, (profile, now)));
    }
}

fn profile_changes(
    context: &Context<'_>,
    tables: &[Tables<'_>; 2],
    (before, after): (&Profile, &Profile),
) -> Vec<Loosening> {
    let thing = ComparedItem::new(
        Area::Configuration,
        format!("profiles.{}", after.name),
        format!("profile `{}`", after.name),
    );
    let mut walk = Walk::of(context);
    let mut was = profile_layers(&tables[0], &before.name, DEEPEST);
    let mut is = profile_layers(&tables[1], &after.name, DEEPEST);
    was.place = before.span.or(tables[0].place);
    is.place = after.span.or(tables[1].place);
    walk.fields(&thing, profiles::FIELDS, &mut Pair { before: &mut was, after: &mut is });
    walk.found
}

/// More profiles than anybody bases on one another.
const DEEPEST: usize = 16;

/// A profile, then what it is based on.
fn profile_layers<'a>(tables: &Tables<'a>, name: &str, depth: usize) -> Layers<'a> {
    let own = tables.profiles.iter().find(|(key, _)| same_folded(key, name));
    let Some((_, statement)) = own else { return built_in_profile(name) };
    let base = base_of(Layers::one(tables.text, statement));
    let below = match base.filter(|base| depth > 0 && !same_folded(base, name)) {
        Some(base) => profile_layers(tables, &base, depth - 1),
        None => built_in_profile(name),
    };
    Layers::one(tables.text, statement).over(below)
}

/// A profile that relplan brings along, which may be based on another of them.
fn built_in_profile(name: &str) -> Layers<'static> {
    let Some(own) = table(built_in_text(), "profiles", name) else { return Layers::none(None) };
    let base = table(built_in_text(), "profiles", name).and_then(base_of);
    match base.and_then(|base| table(built_in_text(), "profiles", &base)) {
        Some(below) => own.over(below),
        None => own,
    }
}

fn base_of(mut layers: Layers<'_>) -> Option<String> {
    let field = profiles::FIELDS.iter().find(|field| field.name == "based_on")?;
    layers.text(field).map(|base| base.value.trim().to_owned())
}

/// The limits and the profile that the context chooses, if they ask for less than before.
fn chosen(context: &Context<'_>, tables: &[Tables<'_>; 2], found: &mut Vec<Loosening>) {
    let sides = [context.before.side.config, context.after.side.config];
    let place = |config: &config::Config, tables: &Tables<'_>| {
        let stated = config.context.stated();
        let profile = config.context.profile.as_ref().map(|word| word.span);
        profile.or_else(|| stated.first().map(|(_, _, span)| *span)).or(tables.place)
    };
    for (key, was, is) in sides[0].context.limits().loosened(&sides[1].context.limits()) {
        found.push(Loosening {
            area: Area::Configuration,
            subject: format!("release_context.{key}"),
            thing: format!("`{key}` of the release context"),
            change: Change::Value { before: was, after: is },
            place: place(sides[1], &tables[1]),
            base: place(sides[0], &tables[0]),
        });
    }
    let [(was, _), (is, _)] = sides.map(|config| config.context.choose());
    if same_folded(was, is) {
        return;
    }
    let [Some(old), Some(new)] =
        [profiles::find(&sides[0].profiles, was), profiles::find(&sides[1].profiles, is)]
    else {
        return;
    };
    let less = profile_changes(context, tables, (old, new));
    if less.is_empty() {
        return;
    }
    found.push(Loosening {
        area: Area::Configuration,
        subject: "release_context.profile".to_owned(),
        thing: "the profile".to_owned(),
        change: Change::Value { before: was.to_owned(), after: is.to_owned() },
        place: place(sides[1], &tables[1]),
        base: place(sides[0], &tables[0]),
    });
}

/// Families: whether they became external, and what their entries must state.
fn families(context: &Context<'_>, tables: &[Tables<'_>; 2], found: &mut Vec<Loosening>) {
    let (before, after) = (context.before.side.config, context.after.side.config);
    for family in before.families.sorted() {
        let name = family.prefix.to_string();
        let thing =
            ComparedItem::new(Area::Configuration, format!("families.{name}"), format!("family `{name}`"));
        let now = after.families.of(&family.prefix);
        let place = now.and_then(|now| now.declared).or(tables[1].place);
        let base = family.declared.or(tables[0].place);
        if family.external.is_none() && now.is_some_and(|now| now.external.is_some()) {
            let thing = ComparedItem { path: "external".to_owned(), ..thing.clone() };
            let change = Change::Value { before: "no".to_owned(), after: "yes".to_owned() };
            found.push(thing.loosened(change, place, base));
        }
        let [was, is] = tables.each_ref().map(|tables| {
            let own = tables.families.iter().find(|(key, _)| same_folded(key, &name));
            own.map(|(_, statement)| Layers::one(tables.text, statement))
        });
        let Some(mut was) = was else { continue };
        let mut is = is.unwrap_or_else(|| Layers::none(place));
        let mut walk = Walk::of(context);
        let stays_external = family.external.is_some() && now.is_some_and(|now| now.external.is_some());
        for field in config::FAMILY.iter().filter(|field| field.name == "headings" && stays_external) {
            walk.fields(&thing, std::slice::from_ref(field), &mut Pair { before: &mut was, after: &mut is });
        }
        declared(&mut walk, &thing, (&mut was, &mut is));
        found.append(&mut walk.found);
    }
}

/// The fields that a family declares.
fn declared<'s>(walk: &mut Walk<'_>, thing: &ComparedItem, (was, is): (&mut Layers<'s>, &mut Layers<'s>)) {
    let Some(fields) = config::FAMILY.iter().find(|field| field.name == "fields") else { return };
    let place = is.place;
    let (before, mut after) = (was.named(fields), is.named(fields));
    for (key, mut old) in before {
        let thing = ComparedItem {
            subject: format!("{}.{}", thing.subject, key.value),
            owner: format!("field `{}` of {}", key.value, thing.owner),
            ..thing.clone()
        };
        let same = after.iter().position(|(other, _): &(Text<'_>, _)| same_folded(&other.value, &key.value));
        match same.map(|at| after.remove(at)) {
            Some((_, mut new)) => {
                walk.fields(&thing, config::DECLARED_FIELD, &mut Pair { before: &mut old, after: &mut new });
            }
            None => {
                let change = Change::Removed(String::new());
                walk.found.push(thing.loosened(change, place, Some(key.span)));
            }
        }
    }
}

/// The levels of rules.
fn levels(context: &Context<'_>, found: &mut Vec<Loosening>) {
    let (before, after) = (context.before.side, context.after.side);
    for (rule, old) in before.levels {
        let Some(new) = after.levels.get(rule).filter(|new| *new < old) else { continue };
        let word = |level: Option<Level>| level.map_or("off", Level::word).to_owned();
        // By name or by code: the code is not known here, but a line that sets another level is the one.
        let line = |config: &config::Config, level: &Option<Level>| {
            let own = config.levels.iter().rev().find(|line| same_folded(&line.rule.value, rule));
            own.or_else(|| config.levels.iter().rev().find(|line| line.level == *level && is_code(line)))
                .map(|line| line.span)
        };
        let start = |file: Option<FileId>| file.map(|file| Span::new(file, 0, 0));
        found.push(Loosening {
            area: Area::Configuration,
            subject: format!("rules.{rule}"),
            thing: format!("the level of rule `{rule}`"),
            change: Change::Value { before: word(*old), after: word(*new) },
            place: line(after.config, new).or_else(|| start(after.settings)),
            base: line(before.config, old).or_else(|| start(before.settings)),
        });
    }
}

fn is_code(line: &config::RuleLevel) -> bool {
    line.rule.value.starts_with("RP")
}
