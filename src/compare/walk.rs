//! Walks through two mappings by their table of fields, and notes every field that asks for less than before.

use rustc_hash::FxHashMap;

use super::condition::{self, Compared, Purpose};
use super::globs;
use super::quantity::Quantity;
use super::values::{Layers, Part, joined};
use super::{Area, Change, Loosening};
use crate::config::Profile;
use crate::model::duration::{Duration, Window};
use crate::model::evidence_requirement::RequiredShare;
use crate::model::field::{Field, Shape};
use crate::model::measure::Measure;
use crate::model::order::Order;
use crate::model::threshold::Operator;
use crate::model::value::{boolean, folded, short, split_note};
use crate::model::{Choice, Text};
use crate::source::Span;

/// What is compared: its name for waivers, and what a sentence calls it.
#[derive(Debug, Clone)]
pub(super) struct ComparedItem {
    /// `DEP-003`, `gates.production`.
    pub(super) subject: String,
    /// `DEP-003`, or gate `production`, in backquotes where a name is.
    pub(super) owner: String,
    /// The fields that lead into it: `evidence.coverage`.
    pub(super) path: String,
    pub(super) area: Area,
}

impl ComparedItem {
    pub(super) fn new(area: Area, subject: impl Into<String>, owner: impl Into<String>) -> Self {
        ComparedItem { subject: subject.into(), owner: owner.into(), path: String::new(), area }
    }

    /// A field of it.
    pub(super) fn field(&self, name: &str) -> ComparedItem {
        let path = if self.path.is_empty() { name.to_owned() } else { format!("{}.{name}", self.path) };
        ComparedItem { path, ..self.clone() }
    }

    /// An item of a list of mappings.
    fn item(&self, key: &str) -> ComparedItem {
        ComparedItem { path: format!("{}[{key}]", self.path), ..self.clone() }
    }

    /// What a loosening of it is called.
    pub(super) fn loosened_name(&self) -> String {
        match self.path.as_str() {
            "" => self.subject.clone(),
            path => format!("{}.{path}", self.subject),
        }
    }

    pub(super) fn loosened(&self, change: Change, place: Option<Span>, base: Option<Span>) -> Loosening {
        let thing = match self.path.as_str() {
            "" => self.owner.clone(),
            path => format!("`{path}` of {}", self.owner),
        };
        Loosening { area: self.area, subject: self.loosened_name(), thing, change, place, base }
    }
}

/// What the absence of a field stands for, where its table does not say it.
pub(super) type Defaults = FxHashMap<&'static str, String>;

/// What a walk needs beside the two mappings.
pub(super) struct Walk<'w> {
    /// What fields of the base measure by that leave the measure to the profile.
    pub(super) profile: &'w Profile,
    /// How old evidence may be, where nothing else is said.
    pub(super) max_age: Option<Duration>,
    /// The good side of a target that names none.
    pub(super) direction: Option<Operator>,
    /// What absence stands for before, and now.
    pub(super) defaults: [Defaults; 2],
    /// What was found.
    pub(super) found: Vec<Loosening>,
}

/// Both sides of something.
pub(super) struct Pair<'p, 's> {
    pub(super) before: &'p mut Layers<'s>,
    pub(super) after: &'p mut Layers<'s>,
}

impl Pair<'_, '_> {
    /// Where a field stands now, or else the thing that should have it.
    fn place(&mut self, field: &Field) -> Option<Span> {
        self.after.place_of(field).or(self.after.place)
    }

    fn base(&mut self, field: &Field) -> Option<Span> {
        self.before.place_of(field).or(self.before.place)
    }
}

impl Walk<'_> {
    /// Compares two mappings field by field.
    pub(super) fn fields(&mut self, thing: &ComparedItem, table: &[Field], pair: &mut Pair<'_, '_>) {
        for field in table {
            if pair.before.states(field) || pair.after.states(field) {
                self.field(&thing.field(field.name), field, pair);
            } else if self.absent(field, 0) != self.absent(field, 1) {
                // What is stated nowhere may still have changed with what it follows from.
                self.single(&thing.field(field.name), field, pair);
            }
        }
    }

    fn field(&mut self, thing: &ComparedItem, field: &Field, pair: &mut Pair<'_, '_>) {
        match field.asks {
            Order::Unstated | Order::Nothing | Order::Links | Order::Selects => {}
            Order::Presence => self.presence(thing, field, pair),
            Order::Inside => self.inside(thing, field, pair),
            Order::Grant => self.grant(thing, field, pair),
            Order::Records(key) => self.records(thing, field, key, false, pair),
            Order::Grants(key) => self.records(thing, field, key, true, pair),
            Order::Each | Order::EachOrAll | Order::Permits | Order::PermitsOrAll | Order::Globs => {
                self.lists(thing, field, pair);
            }
            Order::Count => self.count(thing, field, pair),
            Order::Exact | Order::Word(_) | Order::Identity => self.exact(thing, field, pair),
            Order::Yes
            | Order::No
            | Order::AtLeast
            | Order::AtMost
            | Order::Ranked(_)
            | Order::Requirement
            | Order::Trigger
            | Order::Window => self.single(thing, field, pair),
        }
    }

    fn note(&mut self, thing: &ComparedItem, change: Change, place: Option<Span>, base: Option<Span>) {
        self.found.push(thing.loosened(change, place, base));
    }

    fn presence(&mut self, thing: &ComparedItem, field: &Field, pair: &mut Pair<'_, '_>) {
        if pair.before.states(field) && !pair.after.states(field) {
            let (place, base) = (pair.place(field), pair.base(field));
            let value = self.shown(field, pair.before);
            self.note(thing, Change::Removed(value), place, base);
        }
    }

    /// What a field holds, as a message shows it.
    fn shown(&self, field: &Field, side: &mut Layers<'_>) -> String {
        // Settings may hold what nobody should see.
        if matches!(field.shape, Shape::Free) || side.holds_mappings(field) {
            return String::new();
        }
        joined(&side.list(field))
    }

    /// A field with a single value.
    fn single(&mut self, thing: &ComparedItem, field: &Field, pair: &mut Pair<'_, '_>) {
        let (place, base) = (pair.place(field), pair.base(field));
        let before = self.value(field, pair.before, 0);
        let after = self.value(field, pair.after, 1);
        let compared = match (&before, &after) {
            (None, _) => self.added(field, after.as_deref()),
            (Some(before), None) => self.removed(field, before),
            (Some(before), Some(after)) => self.values(field, before, after),
        };
        let change = match (compared, before, after) {
            (Compared::Same | Compared::More, ..) => return,
            (_, Some(before), None) => Change::Removed(short(&before)),
            (_, None, after) => Change::Added(short(&after.unwrap_or_default())),
            (Compared::Less, Some(before), Some(after)) => {
                Change::Value { before: short(&before), after: short(&after) }
            }
            (Compared::Unclear, Some(before), Some(after)) => {
                Change::Unclear { before: short(&before), after: short(&after) }
            }
        };
        self.note(thing, change, place, base);
    }

    /// The value of a field, or what its absence stands for.
    fn value(&self, field: &Field, side: &mut Layers<'_>, which: usize) -> Option<String> {
        let stated = side.text(field).map(|text| text.value.trim().to_owned());
        match stated {
            Some(word) if word.eq_ignore_ascii_case("profile") => {
                Some(self.of_profile(field).unwrap_or(word))
            }
            Some(text) => Some(text),
            None => self.absent(field, which),
        }
    }

    /// What the absence of a field stands for.
    fn absent(&self, field: &Field, which: usize) -> Option<String> {
        if let Some(value) = self.defaults[which].get(field.name) {
            return Some(value.clone());
        }
        match (field.name, field.asks) {
            ("max_age", Order::AtMost) => self.max_age.map(|age| age.to_string()),
            _ => field.absent.map(str::to_owned),
        }
    }

    /// What the profile asks for, where a field leaves it to the profile.
    fn of_profile(&self, field: &Field) -> Option<String> {
        let share = |least: Option<RequiredShare>| match least? {
            RequiredShare::Share { percent, above } => {
                Some(format!("{}{percent}%", if above { "> " } else { "" }))
            }
            RequiredShare::Profile => None,
        };
        match field.name {
            "tests" => share(self.profile.pass_rate),
            "coverage" | "lines" => share(self.profile.line_coverage),
            "branches" => share(self.profile.branch_coverage),
            "findings_below" => self.profile.findings_below.map(|below| below.word().to_owned()),
            _ => None,
        }
    }

    /// A value where there was none.
    fn added(&self, field: &Field, after: Option<&str>) -> Compared {
        match (field.asks, after) {
            (Order::No, Some(after)) if flag(after) == Some(true) => Compared::Less,
            _ => Compared::More,
        }
    }

    /// No value where there was one.
    fn removed(&self, field: &Field, before: &str) -> Compared {
        match field.asks {
            Order::No => Compared::More,
            Order::Yes if flag(before) == Some(false) => Compared::Same,
            Order::Ranked(rank) if rank(before) == Some(0) => Compared::Same,
            _ => Compared::Less,
        }
    }

    fn values(&self, field: &Field, before: &str, after: &str) -> Compared {
        match field.asks {
            Order::Yes => flags(before, after, true),
            Order::No => flags(before, after, false),
            Order::AtLeast => quantities(before, after, true),
            Order::AtMost => quantities(before, after, false),
            Order::Ranked(rank) => ranks(rank(before), rank(after)),
            Order::Requirement => condition::compare(before, after, Purpose::Requirement, self.direction),
            Order::Trigger => condition::compare(before, after, Purpose::Trigger, self.direction),
            Order::Window => windows(before, after),
            _ => Compared::Same,
        }
    }

    fn exact(&mut self, thing: &ComparedItem, field: &Field, pair: &mut Pair<'_, '_>) {
        let (place, base) = (pair.place(field), pair.base(field));
        let defaults = [0, 1].map(|which| self.absent(field, which));
        let [before, after] = [&mut *pair.before, &mut *pair.after].map(|side| side.list(field));
        let usual = |text: &str| match field.asks {
            Order::Word(usual) => usual(text).map_or_else(|| plain(text), str::to_owned),
            _ => plain(text),
        };
        let written = |texts: &[Text<'_>], default: &Option<String>| {
            let stated = texts.iter().map(|text| usual(&text.value));
            let mut texts: Vec<String> = match default {
                Some(default) if texts.is_empty() => vec![usual(default)],
                _ => stated.collect(),
            };
            texts.sort();
            texts.dedup();
            texts
        };
        let (was, is) = (written(&before, &defaults[0]), written(&after, &defaults[1]));
        if was == is || (was.is_empty() && !matches!(field.asks, Order::Identity)) {
            return;
        }
        let shown = |texts: &[Text<'_>], plain: &[String]| match texts {
            [] => plain.join(", "),
            texts => joined(texts),
        };
        let (before, after) = (shown(&before, &was), shown(&after, &is));
        let change = match (was.is_empty(), is.is_empty()) {
            (true, _) => Change::Added(after),
            (_, true) => Change::Removed(before),
            _ => Change::Unclear { before, after },
        };
        self.note(thing, change, place, base);
    }

    fn count(&mut self, thing: &ComparedItem, field: &Field, pair: &mut Pair<'_, '_>) {
        let (place, base) = (pair.place(field), pair.base(field));
        let count = |side: &mut Layers<'_>| match side.holds_mappings(field) {
            true => side.parts(field).len(),
            false => side.list(field).len(),
        };
        let (before, after) = (count(pair.before), count(pair.after));
        if after < before {
            let items = |count: usize| format!("{count} item{}", if count == 1 { "" } else { "s" });
            let change = match after {
                0 => Change::Removed(items(before)),
                after => Change::Value { before: items(before), after: items(after) },
            };
            self.note(thing, change, place, base);
        }
    }

    fn lists(&mut self, thing: &ComparedItem, field: &Field, pair: &mut Pair<'_, '_>) {
        let (place, base) = (pair.place(field), pair.base(field));
        let (before, after) = (pair.before.list(field), pair.after.list(field));
        let permits = matches!(field.asks, Order::Permits | Order::PermitsOrAll);
        let or_all = matches!(field.asks, Order::EachOrAll | Order::PermitsOrAll);
        match (or_all, permits, before.is_empty(), after.is_empty()) {
            // Everything was asked for, and now only this; or only this was permitted, and now everything.
            (true, false, true, false) => {
                return self.note(thing, Change::Added(joined(&after)), place, base);
            }
            (true, true, false, true) => {
                return self.note(thing, Change::Removed(joined(&before)), place, base);
            }
            (true, ..) if before.is_empty() || after.is_empty() => return,
            _ => {}
        }
        let (from, to) = if permits { (&after, &before) } else { (&before, &after) };
        let covered = |item: &Text<'_>| match field.asks {
            Order::Globs => to.iter().any(|other| globs::covers(&other.value, &item.value)),
            _ => to.iter().any(|other| plain(&other.value) == plain(&item.value)),
        };
        let lost: Vec<&Text<'_>> = from.iter().filter(|item| !covered(item)).collect();
        for item in lost {
            let value = short(item.value.trim());
            let own = super::shown(item.span);
            match permits {
                true => self.note(thing, Change::ItemAdded(value), own.or(place), base),
                false => self.note(thing, Change::ItemRemoved(value), place, own.or(base)),
            }
        }
    }

    /// A mapping whose fields ask.
    fn inside(&mut self, thing: &ComparedItem, field: &Field, pair: &mut Pair<'_, '_>) {
        let Shape::Structure(table) = field.shape else { return };
        let (place, base) = (pair.place(field), pair.base(field));
        let was = pair.before.holds_mappings(field);
        match (was, pair.after.holds_mappings(field)) {
            (true, true) => {
                let (before, after) = (pair.before.structure(field), pair.after.structure(field));
                if let (Some(mut before), Some(mut after)) = (before, after) {
                    self.fields(thing, table, &mut Pair { before: &mut before, after: &mut after });
                }
            }
            // A share alone is one of the lines: `coverage: 90%` is `coverage: {lines: 90%}`.
            (false, _) | (_, false) if field.name == "coverage" => self.coverage(thing, field, table, pair),
            (true, false) => self.note(thing, Change::Removed(self.shown(field, pair.before)), place, base),
            (false, _) => self.presence(thing, field, pair),
        }
    }

    fn coverage(&mut self, thing: &ComparedItem, field: &Field, table: &[Field], pair: &mut Pair<'_, '_>) {
        let Some(lines) = table.iter().find(|field| field.name == "lines") else { return };
        let (place, base) = (pair.place(field), pair.base(field));
        let share = |side: &mut Layers<'_>, which: usize| match side.holds_mappings(field) {
            true => {
                let mut inner = side.structure(field)?;
                let others = table.iter().filter(|other| other.name != "lines");
                let stated = others.filter(|other| inner.states(other)).count();
                Some((self.value(lines, &mut inner, which), stated))
            }
            false => Some((self.value(field, side, which), 0)),
        };
        let Some((before, stated)) = share(pair.before, 0) else { return };
        let Some((after, narrower)) = share(pair.after, 1) else { return };
        let compared = match (&before, &after) {
            (Some(before), Some(after)) => quantities(before, after, true),
            (Some(_), None) => Compared::Less,
            (None, _) => Compared::Same,
        };
        let (before, after) = (before.unwrap_or_default(), after.unwrap_or_default());
        if stated > 0 || (narrower > 0 && compared != Compared::More) {
            self.note(thing, Change::Unclear { before, after }, place, base);
        } else if matches!(compared, Compared::Less | Compared::Unclear) {
            self.note(thing, Change::Value { before, after }, place, base);
        }
    }

    /// A mapping that permits something.
    fn grant(&mut self, thing: &ComparedItem, field: &Field, pair: &mut Pair<'_, '_>) {
        let Shape::Structure(table) = field.shape else { return };
        let (place, base) = (pair.place(field), pair.base(field));
        match (pair.before.structure(field), pair.after.structure(field)) {
            (Some(mut before), Some(mut after)) => {
                self.fields(thing, table, &mut Pair { before: &mut before, after: &mut after });
            }
            (None, Some(_)) => self.note(thing, Change::Added(String::new()), place, base),
            (_, None) => {}
        }
    }

    /// A list of mappings, told apart by a field.
    fn records(
        &mut self,
        thing: &ComparedItem,
        field: &Field,
        key: &str,
        grants: bool,
        pair: &mut Pair<'_, '_>,
    ) {
        let Shape::Structure(table) = field.shape else { return };
        let Some(name) = table.iter().find(|field| field.name == key) else { return };
        let (place, base) = (pair.place(field), pair.base(field));
        let [mut before, after] = [&mut *pair.before, &mut *pair.after]
            .map(|side| side.parts(field).into_iter().map(|part| Item::new(part, name)).collect::<Vec<_>>());
        for mut item in after {
            let same = before.iter().position(|other| other.key == item.key);
            match same.map(|at| before.remove(at)) {
                Some(mut other) => {
                    let thing = thing.item(&item.shown);
                    let mut pair = Pair { before: &mut other.layers, after: &mut item.layers };
                    self.fields(&thing, table, &mut pair);
                }
                None if grants => self.note(thing, Change::ItemAdded(item.shown), item.layers.place, base),
                None => {}
            }
        }
        for item in before.into_iter().filter(|_| !grants) {
            self.note(thing, Change::ItemRemoved(item.shown), place, item.layers.place);
        }
    }
}

/// An item of a list of mappings.
struct Item<'s> {
    /// What it is told apart by, folded.
    key: String,
    shown: String,
    layers: Layers<'s>,
}

impl<'s> Item<'s> {
    fn new(part: Part<'s>, name: &Field) -> Self {
        let (shown, layers) = match part {
            Part::Text(text) => (short(&text.value), Layers::none(Some(text.span))),
            Part::Mapping(mut layers) => {
                let key = layers.text(name).map(|text| short(text.value.trim()));
                (key.unwrap_or_default(), layers)
            }
        };
        Item { key: folded(&shown).collect(), shown, layers }
    }
}

/// A text without what only lays it out. Equal measures are equal: `0.5%` and `0.50 %`.
fn plain(text: &str) -> String {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let starts_with_digit = text.starts_with(|first: char| first.is_ascii_digit());
    match Measure::parse(&text, None).filter(|_| starts_with_digit) {
        Some(measure) => format!("{measure:?}"),
        None => text,
    }
}

fn flag(text: &str) -> Option<bool> {
    split_note(text, boolean).map(|(value, _)| value)
}

/// A flag that cannot be read asks for nothing that anybody understands.
fn flags(before: &str, after: &str, more: bool) -> Compared {
    match (flag(before), flag(after)) {
        (Some(before), Some(after)) if before == after => Compared::Same,
        (_, Some(after)) if after == more => Compared::More,
        (Some(before), _) if before == more => Compared::Less,
        (None, Some(_)) => Compared::Unclear,
        _ => Compared::Same,
    }
}

fn ranks(before: Option<u8>, after: Option<u8>) -> Compared {
    match (before, after) {
        (Some(before), Some(after)) if after < before => Compared::Less,
        (Some(before), Some(after)) if after == before => Compared::Same,
        (Some(_), None) => Compared::Unclear,
        _ => Compared::More,
    }
}

fn quantities(before: &str, after: &str, more: bool) -> Compared {
    let (Some(was), Some(is)) = (Quantity::parse(before), Quantity::parse(after)) else {
        let readable = Quantity::parse(before).is_some() && before != after;
        return if readable { Compared::Unclear } else { Compared::Same };
    };
    match (is.is_less(was), was.is_less(is)) {
        (Some(true), _) => {
            if more {
                Compared::Less
            } else {
                Compared::More
            }
        }
        (_, Some(true)) => {
            if more {
                Compared::More
            } else {
                Compared::Less
            }
        }
        (Some(false), Some(false)) => Compared::Same,
        _ => Compared::Unclear,
    }
}

/// What was watched must still be.
fn windows(before: &str, after: &str) -> Compared {
    match (Window::parse(before), Window::parse(after)) {
        (Ok(was), Ok(is)) if is == was => Compared::Same,
        (Ok(was), Ok(is)) if is.from() <= was.from() && was.to() <= is.to() => Compared::More,
        (Ok(_), Ok(_)) => Compared::Less,
        (Ok(_), Err(_)) => Compared::Unclear,
        _ => Compared::Same,
    }
}
