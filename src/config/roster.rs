//! `[roles]`: who may approve in which role, and when they could.

use chrono::NaiveDate;
use rustc_hash::FxHashMap;

use crate::model::Identity;
use crate::model::defect::{DefectKind, RosterDefect};
use crate::model::field::{Field, Shape};
use crate::model::identity::{self, ByIdentity};
use crate::model::order::Order;
use crate::model::reader::Reader;
use crate::source::{Span, Spanned};

/// Who holds which role when.
#[derive(Debug, Default)]
pub struct Roster {
    /// The roles, in the order in which they are written.
    pub roles: Vec<Role>,
    /// Whom a spelling means: persons by names, addresses and handles.
    people: ByIdentity<(PersonKey, Span)>,
    /// The spellings as they are written.
    spellings: Vec<String>,
    /// How persons are shown.
    names: FxHashMap<PersonKey, Shown>,
}

/// A role in which people approve.
#[derive(Debug)]
pub struct Role {
    /// Its name.
    pub name: Spanned<String>,
    /// The same, to be compared with other names.
    identity: Identity,
    /// Whether who holds it may approve what they own or wrote.
    pub may_approve_own: bool,
    /// Whether who holds it may waive checks.
    pub may_waive: bool,
    /// Who holds it.
    pub holders: Vec<RoleHolder>,
}

/// Somebody who holds a role for a time.
#[derive(Debug)]
pub struct RoleHolder {
    /// Who.
    pub person: Spanned<String>,
    /// From which day on; always, if absent.
    pub from: Option<NaiveDate>,
    /// Until which day; to this day, if absent.
    pub until: Option<NaiveDate>,
    /// For whom they stand in.
    pub delegate_of: Option<Spanned<String>>,
}

/// How a person is shown.
#[derive(Debug)]
struct Shown {
    /// The `person` that tells them apart.
    person: String,
    /// With what they are called in front of it.
    text: String,
}

/// A person of the roster, whatever they are called.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PersonKey(String);

/// Whether somebody held a role on a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RoleMembership {
    /// They did.
    Held {
        /// Who.
        person: PersonKey,
        /// For whom they stood in.
        deputy_for: Option<PersonKey>,
    },
    /// They got it later.
    NotYet {
        /// On this day.
        from: NaiveDate,
    },
    /// They had it before.
    Left {
        /// Until this day.
        until: NaiveDate,
    },
    /// They stood in for somebody who did not hold it either.
    Forsaken {
        /// For whom.
        principal: String,
    },
    /// They never hold it.
    Never {
        /// The roles that they hold at some time.
        roles: Vec<String>,
    },
    /// The roster does not know them.
    UnknownPerson {
        /// The spelling that is nearest.
        near: Option<String>,
    },
    /// The roster does not know the role.
    UnknownRole {
        /// The role that is nearest.
        near: Option<String>,
    },
}

/// The keys of `[roles.NAME]`.
pub const ROLE: &[Field] = &[
    Field::new(
        "may_approve_own",
        Shape::Flag,
        "Whether holders may approve entries that they own or wrote; no by default.",
    )
    .asks(Order::No)
    .absent("no"),
    Field::new("may_waive", Shape::Flag, "Whether holders of the role may waive checks; no if absent.")
        .asks(Order::No)
        .absent("no"),
    Field::new("holders", Shape::Structure(HOLDER), "Holders of the role.").asks(Order::Grants("person")),
];

/// The keys of a holder.
pub const HOLDER: &[Field] = &[
    Field::new("person", Shape::Text, "Unique e-mail address, handle or name of the person.")
        .asks(Order::Nothing),
    Field::new("name", Shape::Text, "Display name.").asks(Order::Identity),
    Field::new("also", Shape::List, "Other names, addresses and handles of the person.").asks(Order::Permits),
    Field::new("from", Shape::Date, "First day in the role; unlimited by default.").asks(Order::AtLeast),
    Field::new("until", Shape::Date, "Last day in the role; unlimited by default.").asks(Order::AtMost),
    Field::new("delegate_of", Shape::Text, "Holder of the role whose deputy the person is.")
        .asks(Order::Exact),
];

/// Reads `[roles]`; nothing if there is no such table.
pub(super) fn read(reader: &mut Reader<'_>) -> Option<Roster> {
    if !reader.has("roles") {
        return None;
    }
    let mut roster = Roster::default();
    for (name, mut table, _) in reader.named_structures("roles") {
        let own = table.flag("may_approve_own").is_some_and(|flag| flag.value.value);
        let may_waive = table.flag("may_waive").is_some_and(|flag| flag.value.value);
        let holders = roster.read_holders(&mut table);
        if let Some(first) = roster.role(&name.value).map(|role| role.name.span) {
            table.defect(name.span, DefectKind::Roster(RosterDefect::SameRole { first }));
        }
        let name = Spanned::new(name.value.into_owned(), name.span);
        let identity = Identity::of(&name.value).without_separators();
        let role = Role { name, identity, may_approve_own: own, may_waive, holders };
        roster.check_delegates(&role, &mut table);
        roster.roles.push(role);
        reader.absorb(table, &[ROLE]);
    }
    Some(roster)
}

impl Roster {
    fn read_holders(&mut self, table: &mut Reader<'_>) -> Vec<RoleHolder> {
        let mut holders = Vec::new();
        for (mut inner, span) in table.structures("holders") {
            holders.extend(self.read_holder(&mut inner, span));
            table.absorb(inner, &[HOLDER]);
        }
        holders
    }

    fn read_holder(&mut self, inner: &mut Reader<'_>, span: Span) -> Option<RoleHolder> {
        let there = inner.has("person");
        let person = inner.text("person").map(|person| Spanned::new(person.value.into_owned(), person.span));
        let name = inner.text("name");
        let also = inner.list("also");
        let (from, until) = (inner.date("from"), inner.date("until"));
        let delegate_of = inner.text("delegate_of").map(|of| Spanned::new(of.value.into_owned(), of.span));
        if let (Some(from), Some(until)) = (from, until)
            && until.value < from.value
        {
            inner.defect(until.span, DefectKind::Roster(RosterDefect::Reversed));
        }
        let Some(person) = person else {
            if !there {
                inner.defect(span, DefectKind::Roster(RosterDefect::PersonMissing));
            }
            return None;
        };
        let key = PersonKey::of_name(&person.value);
        self.know(&key, &person.value, person.span, inner);
        for other in name.iter().chain(&also) {
            self.know(&key, &other.value, other.span, inner);
        }
        self.show(key, &person.value, name.as_ref().map(|name| &*name.value));
        let day = |date: Option<Spanned<NaiveDate>>| date.map(|date| date.value);
        Some(RoleHolder { person, from: day(from), until: day(until), delegate_of })
    }

    /// Notes how a person is shown: by name and `person`, since a name alone could be anybody's.
    fn show(&mut self, key: PersonKey, person: &str, name: Option<&str>) {
        let shown = self
            .names
            .entry(key)
            .or_insert_with(|| Shown { person: person.trim().to_owned(), text: person.trim().to_owned() });
        if let Some(name) = name.filter(|name| !identity::is_same_person(name, &shown.person)) {
            shown.text = format!("{} ({})", name.trim(), shown.person);
        }
    }

    /// Notes that a spelling means a person. One that means two would let one of them sign for the other.
    fn know(&mut self, key: &PersonKey, spelling: &str, span: Span, inner: &mut Reader<'_>) {
        if !identity::is_visible(spelling) {
            inner.defect(span, DefectKind::Roster(RosterDefect::InvisibleName));
            return;
        }
        let identity = Identity::of(spelling);
        match self.people.get(&identity) {
            Some((known, first)) if known != key => {
                inner.defect(span, DefectKind::Roster(RosterDefect::SharedName { first: *first }));
            }
            _ => {
                self.people.insert(identity, &(key.clone(), span));
                self.spellings.push(spelling.trim().to_owned());
            }
        }
    }

    fn check_delegates(&self, role: &Role, table: &mut Reader<'_>) {
        for of in role.holders.iter().filter_map(|holder| holder.delegate_of.as_ref()) {
            let person = self.person(&of.value);
            let holds =
                |holder: &RoleHolder| holder.delegate_of.is_none() && self.person_of(holder) == person;
            if person.is_none() || !role.holders.iter().any(holds) {
                table.defect(of.span, DefectKind::Roster(RosterDefect::NotAHolder));
            }
        }
    }

    /// The role of this name, whatever its spelling.
    pub fn role(&self, name: &str) -> Option<&Role> {
        let identity = Identity::of(name).without_separators();
        self.roles.iter().find(|role| role.identity.is_same_as(&identity))
    }

    /// Whom a text means: a name, an address, a handle, or `Name <address>`.
    pub fn person(&self, text: &str) -> Option<&PersonKey> {
        self.people.get(&Identity::of(text)).map(|(key, _)| key)
    }

    /// A person as reports name them: `Dana (dana@example.com)`.
    pub fn name<'r>(&'r self, person: &'r PersonKey) -> &'r str {
        self.names.get(person).map_or(&person.0, |shown| &shown.text)
    }

    /// The `person` that tells somebody apart from everybody else.
    pub fn person_name<'r>(&'r self, person: &'r PersonKey) -> &'r str {
        self.names.get(person).map_or(&person.0, |shown| &shown.person)
    }

    /// Whether a person held a role on a day.
    pub fn holder(&self, role: &str, person: &str, day: NaiveDate) -> RoleMembership {
        let Some(role) = self.role(role) else {
            return RoleMembership::UnknownRole { near: self.near_role(role) };
        };
        let Some(key) = self.person(person) else {
            return RoleMembership::UnknownPerson { near: self.near_person(person) };
        };
        self.holding(role, key, day)
    }

    /// The role that was probably meant by a name that none has.
    pub fn near_role(&self, name: &str) -> Option<String> {
        near(name, self.roles.iter().map(|role| role.name.value.as_str()))
    }

    /// The person who was probably meant by a name that nobody has.
    pub fn near_person(&self, name: &str) -> Option<String> {
        near(name, self.spellings.iter().map(String::as_str))
    }

    fn holding(&self, role: &Role, key: &PersonKey, day: NaiveDate) -> RoleMembership {
        let own = || role.holders.iter().filter(|holder| self.person_of(holder) == Some(key));
        if own().any(|holder| holder.delegate_of.is_none() && holder.is_on(day)) {
            return RoleMembership::Held { person: key.clone(), deputy_for: None };
        }
        if let Some(of) = own().filter(|holder| holder.is_on(day)).find_map(|h| h.delegate_of.as_ref()) {
            return self.deputy_for(role, key, &of.value, day);
        }
        let left = own().filter_map(|holder| holder.until).filter(|until| *until < day).max();
        let begins = own().filter_map(|holder| holder.from).filter(|from| *from > day).min();
        match (left, begins) {
            (Some(until), _) => RoleMembership::Left { until },
            (None, Some(from)) => RoleMembership::NotYet { from },
            (None, None) => RoleMembership::Never { roles: self.roles_of(key) },
        }
    }

    /// A delegate has what the one has for whom they stand in, and no more.
    fn deputy_for(&self, role: &Role, key: &PersonKey, of: &str, day: NaiveDate) -> RoleMembership {
        let principal = self.person(of);
        let holds = |holder: &RoleHolder| {
            holder.delegate_of.is_none() && holder.is_on(day) && self.person_of(holder) == principal
        };
        match principal.filter(|_| role.holders.iter().any(holds)) {
            Some(principal) => {
                RoleMembership::Held { person: key.clone(), deputy_for: Some(principal.clone()) }
            }
            None => {
                RoleMembership::Forsaken { principal: principal.map_or(of, |key| self.name(key)).to_owned() }
            }
        }
    }

    /// The roles that a person holds on a day.
    pub fn roles_on(&self, person: &PersonKey, day: NaiveDate) -> Vec<&Role> {
        let held = |role: &&Role| matches!(self.holding(role, person, day), RoleMembership::Held { .. });
        self.roles.iter().filter(held).collect()
    }

    /// The people who hold a role on a day, as they are called.
    pub fn holders_on(&self, role: &Role, day: NaiveDate) -> Vec<String> {
        let on = role.holders.iter().filter(|holder| holder.is_on(day));
        let mut names: Vec<String> =
            on.filter_map(|holder| Some(self.name(self.person_of(holder)?).to_owned())).collect();
        names.sort();
        names.dedup();
        names
    }

    fn roles_of(&self, key: &PersonKey) -> Vec<String> {
        let has = |role: &&Role| role.holders.iter().any(|holder| self.person_of(holder) == Some(key));
        self.roles.iter().filter(has).map(|role| role.name.value.clone()).collect()
    }

    fn person_of(&self, holder: &RoleHolder) -> Option<&PersonKey> {
        self.person(&holder.person.value)
    }
}

impl RoleHolder {
    /// Whether the time for which they hold the role includes a day; both of its ends do.
    pub fn is_on(&self, day: NaiveDate) -> bool {
        self.from.is_none_or(|from| from <= day) && self.until.is_none_or(|until| day <= until)
    }
}

impl PersonKey {
    /// Somebody whom no roster knows, by the name alone.
    pub fn of_name(name: &str) -> Self {
        PersonKey(Identity::of(name).key().to_owned())
    }
}

/// The spelling that was probably meant; of several that are equally near, the first in the alphabet.
fn near<'n>(text: &str, known: impl Iterator<Item = &'n str>) -> Option<String> {
    let spelled = |text: &str| Identity::of(text).key().to_owned();
    let text = spelled(text);
    let distance = |known: &str| strsim::damerau_levenshtein(&spelled(known), &text);
    // Nobody mistypes more than that, and long texts would be costly to compare.
    if text.chars().count() > 64 {
        return None;
    }
    let found = known
        .map(|known| (distance(known), known))
        .filter(|(distance, known)| *distance <= 1 + known.len() / 6);
    found.min().map(|(_, known)| known.to_owned())
}

#[cfg(test)]
mod tests;
