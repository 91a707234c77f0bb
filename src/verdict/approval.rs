//! Who has approved what, and whether it counts.
//!
//! An approval counts if its person held its role on its day, does not own or did not write what is approved,
//! if what was approved still says the same, and if it is neither over nor dated in the future. Several roles
//! need as many people: which approval serves which role is a matching, so that nobody who could serve two
//! roles takes one from somebody who could serve only that. A delegate is a person of their own, who may not
//! approve what the one owns for whom they stand in.
//!
//! [`judge`] is pure. [`ApprovalContext`] takes what it needs from a plan.

mod context;
mod matching;
mod required_roles;
mod role;
mod status;
#[cfg(test)]
mod tests;

use chrono::NaiveDate;
use rustc_hash::FxHashMap;

use crate::config::Roster;
use crate::config::roster::{PersonKey, RoleMembership};
use crate::model::digest::Digest;
use crate::model::identity::{self, Names};
use crate::model::value::folded;
use crate::model::{Id, same_folded};
use crate::source::Span;
use crate::verdict::signature::SignatureState;

pub use context::ApprovalContext;
pub use required_roles::{Subject, asked_roles, known_gates};
pub use role::roles;
pub use status::{ApprovalEffect, ApprovalStatus, Doubt, RoleApproval};

/// One approval, with what is known of what it is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record<'r> {
    /// Where it is written.
    pub place: Span,
    /// The role in which it is given.
    pub role: Option<&'r str>,
    /// Who gives it.
    pub by: Option<&'r str>,
    /// When.
    pub on: Option<NaiveDate>,
    /// The release that it is about; whichever it fits if absent.
    pub release: Option<&'r str>,
    /// The gate that it is about; all if absent.
    pub gate: Option<&'r str>,
    /// The entries that it is about; the whole release if absent.
    pub of: Option<Vec<Id>>,
    /// The last day on which it counts.
    pub expires: Option<NaiveDate>,
    /// Whether it takes an earlier one back.
    pub withdrawn: bool,
    /// What the approved said then, as written.
    pub digest: Option<&'r str>,
    /// What it says now.
    pub now: Digest,
    /// What is known of its signature, if it has one.
    pub signature: Option<SignatureState>,
    /// Who answers for what is approved, or wrote it, and which entry that is.
    pub owners: Vec<(Id, &'r str)>,
}

/// What is to be approved.
#[derive(Debug, Clone, Default)]
pub struct ApprovalSubject<'w> {
    /// What the release is called: its id, its version. A plan without releases has none.
    pub release: Vec<String>,
    /// The gate; none if it is about the release as such.
    pub gate: Option<&'w str>,
    /// The entries, if it is about some only.
    pub entries: Option<Vec<Id>>,
}

/// Says for each required role whether it has approved.
pub fn judge(
    required: &[String],
    records: &[Record<'_>],
    roster: Option<&Roster>,
    what: &ApprovalSubject<'_>,
    today: NaiveDate,
) -> Vec<RoleApproval> {
    let court = Court::new(records, roster, what, today);
    let stacks: Vec<Stack> = required.iter().map(|role| court.stack(role)).collect();
    let edges = stacks.iter().map(|stack| stack.valid.iter().map(Valid::edge).collect()).collect::<Vec<_>>();
    let chosen = matching::assign(&edges);
    let by_person = |person: &PersonKey| {
        let serves = |(stack, chosen): &(&Stack, &Option<usize>)| {
            chosen.and_then(|at| stack.valid.get(at)).is_some_and(|valid| valid.person == *person)
        };
        let at = stacks.iter().zip(&chosen).position(|pair| serves(&pair));
        at.and_then(|at| required.get(at)).cloned().unwrap_or_default()
    };
    let settle = |(role, (stack, chosen)): (&String, (&Stack, &Option<usize>))| {
        let (status, place) = match chosen.and_then(|at| stack.valid.get(at)) {
            Some(valid) => (valid.status.clone(), Some(valid.place)),
            None => stack.refusal(by_person),
        };
        let ask = roster.and_then(|roster| Some(roster.holders_on(roster.role(role)?, today)));
        let gate = what.gate.map(str::to_owned);
        RoleApproval { role: role.clone(), gate, status, place, ask: ask.unwrap_or_default() }
    };
    required.iter().zip(stacks.iter().zip(&chosen)).map(settle).collect()
}

/// Whether one approval counts for a role, as far as it alone can tell.
pub fn examine(record: &Record<'_>, role: &str, roster: Option<&Roster>, today: NaiveDate) -> ApprovalStatus {
    examine_person(record, role, roster, today).0
}

/// What one look at the approvals knows.
struct Court<'c> {
    records: &'c [Record<'c>],
    roster: Option<&'c Roster>,
    what: &'c ApprovalSubject<'c>,
    today: NaiveDate,
    /// Which spellings are one person's, where no roster says so.
    names: Names,
    /// The records that name a role, by its folded name.
    by_role: FxHashMap<String, Vec<usize>>,
    /// Those that name none.
    without_role: Vec<usize>,
    /// Those that take something back, by whose they are.
    withdrawals: FxHashMap<PersonKey, Vec<usize>>,
}

/// The approvals of one role.
#[derive(Default)]
struct Stack {
    /// Those that count, the firmest first, of these the latest first.
    valid: Vec<Valid>,
    /// Those that do not, and why; the latest first.
    refused: Vec<(ApprovalStatus, Option<Span>)>,
}

struct Valid {
    person: PersonKey,
    status: ApprovalStatus,
    on: Option<NaiveDate>,
    place: Span,
}

impl Valid {
    fn edge(&self) -> matching::Edge<'_, PersonKey> {
        matching::Edge { right: &self.person, firm: self.rank() == 0 }
    }

    /// How firm it is: signed, not signed, or in doubt.
    fn rank(&self) -> u8 {
        match (self.status.effect() == ApprovalEffect::Counts, self.status.key()) {
            (true, Some(_)) => 0,
            (true, None) => 1,
            (false, _) => 2,
        }
    }
}

impl Stack {
    /// Why a role stands open for which no approval was chosen.
    fn refusal(&self, by_person: impl Fn(&PersonKey) -> String) -> (ApprovalStatus, Option<Span>) {
        if let Some(valid) = self.valid.first() {
            let by = valid.status.by().unwrap_or_default().to_owned();
            return (ApprovalStatus::SamePerson { by, other: by_person(&valid.person) }, Some(valid.place));
        }
        self.refused.first().cloned().unwrap_or((ApprovalStatus::Missing, None))
    }
}

impl<'c> Court<'c> {
    fn new(
        records: &'c [Record<'c>],
        roster: Option<&'c Roster>,
        what: &'c ApprovalSubject<'c>,
        today: NaiveDate,
    ) -> Self {
        let (by_role, without_role, withdrawals) = Default::default();
        let names = Names::new(records.iter().filter_map(|record| record.by).filter(|_| roster.is_none()));
        let mut court = Court { records, roster, what, today, names, by_role, without_role, withdrawals };
        for (at, record) in records.iter().enumerate() {
            let roles = record.role.map(|role| roles(role, roster)).unwrap_or_default();
            match court.identity(record).filter(|_| record.withdrawn) {
                Some(person) => court.withdrawals.entry(person).or_default().push(at),
                None if record.withdrawn => {}
                None if roles.is_empty() => court.without_role.push(at),
                None => roles.iter().for_each(|role| court.by_role.entry(key(role)).or_default().push(at)),
            }
        }
        court
    }

    fn stack(&self, role: &str) -> Stack {
        let mut stack = Stack::default();
        if let (Some(roster), None) = (self.roster, self.roster.and_then(|roster| roster.role(role))) {
            // Whatever anybody signed, nobody can have held it.
            if let RoleMembership::UnknownRole { near } = roster.holder(role, "", self.today) {
                stack.refused.push((ApprovalStatus::UnknownRole { near }, None));
            }
            return stack;
        }
        let named = self.by_role.get(&key(role)).into_iter().flatten();
        let unnamed = self.without_role.iter().filter(|at| self.has_role(&self.records[**at], role));
        let mut found: Vec<(usize, &Record<'_>)> =
            named.chain(unnamed).map(|at| (*at, &self.records[*at])).collect();
        found.sort_by_key(|(at, record)| std::cmp::Reverse((record.on, *at)));
        let (about, elsewhere): (Vec<_>, Vec<_>) =
            found.into_iter().partition(|(_, record)| self.elsewhere(record).is_none());
        for (at, record) in about {
            self.sort_in(at, record, role, &mut stack);
        }
        stack.valid.sort_by_key(|valid| (valid.rank(), std::cmp::Reverse(valid.on)));
        // What is about something else explains only what nothing else does.
        for (_, record) in elsewhere {
            if let (Some(about), Some(by)) = (self.elsewhere(record), record.by) {
                let status = ApprovalStatus::Elsewhere { by: shown(self.roster, by), on: record.on, about };
                stack.refused.push((status, Some(record.place)));
            }
        }
        stack
    }

    fn sort_in(&self, at: usize, record: &Record<'_>, role: &str, stack: &mut Stack) {
        if let Some(taken_back) = self.taken_back(at, record) {
            let by = shown(self.roster, record.by.unwrap_or_default());
            stack.refused.push((ApprovalStatus::Withdrawn { by, on: taken_back.on }, Some(taken_back.place)));
            return;
        }
        match examine_person(record, role, self.roster, self.today) {
            (status, Some(person)) if status.counts() => {
                let person = self.identity(record).unwrap_or(person);
                stack.valid.push(Valid { person, status, on: record.on, place: record.place });
            }
            (status, _) => stack.refused.push((status, Some(record.place))),
        }
    }

    /// An approval that names no role is given in every role that its person holds.
    fn has_role(&self, record: &Record<'_>, role: &str) -> bool {
        let (Some(roster), Some(by)) = (self.roster, record.by) else { return false };
        let day = record.on.unwrap_or(self.today);
        matches!(roster.holder(role, by, day), RoleMembership::Held { .. })
    }

    /// What an approval is about, if that is not what is asked for.
    fn elsewhere(&self, record: &Record<'_>) -> Option<String> {
        if let Some(release) = record.release.filter(|release| !self.what.is_release(release)) {
            return Some(format!("the release {}", release.trim()));
        }
        let same_gate = |gate: &str| self.what.gate.is_some_and(|asked| same_folded(asked, gate));
        if let Some(gate) = record.gate.filter(|gate| !same_gate(gate)) {
            return Some(format!("the gate {}", gate.trim()));
        }
        let of = record.of.as_ref()?;
        let covers = |asked: &Vec<Id>| asked.iter().all(|id| of.contains(id));
        (!self.what.entries.as_ref().is_some_and(covers)).then(|| some_of(of))
    }

    /// The later record by which the same person takes an approval back. One without a day could be later than
    /// any, and one without a role is about every role.
    fn taken_back(&self, at: usize, record: &Record<'_>) -> Option<&Record<'_>> {
        let own = self.withdrawals.get(&self.identity(record)?)?;
        let later = |(other_at, other): &(usize, &Record<'_>)| {
            other.on.is_none_or(|on| on <= self.today && (Some(on), *other_at) > (record.on, at))
                && (other.role.is_none() || same(other.role, record.role))
                && (other.release.is_none() || same(other.release, record.release))
                && (other.gate.is_none() || same(other.gate, record.gate))
                && (other.of.is_none() || other.of == record.of)
        };
        own.iter().map(|at| (*at, &self.records[*at])).find(later).map(|(_, other)| other)
    }

    fn identity(&self, record: &Record<'_>) -> Option<PersonKey> {
        let by = record.by?;
        let known = self.roster.and_then(|roster| roster.person(by)).cloned();
        Some(known.unwrap_or_else(|| PersonKey::of_name(self.names.one_of(by))))
    }
}

impl ApprovalSubject<'_> {
    /// Whether a text names the release.
    fn is_release(&self, name: &str) -> bool {
        let name = name.split('(').next().unwrap_or("").trim();
        let version = name.trim_start_matches(['v', 'V']);
        let id = crate::model::id::parse(name).ok();
        self.release.iter().any(|own| {
            own.eq_ignore_ascii_case(version) || id.is_some_and(|id| crate::model::id::parse(own) == Ok(id))
        })
    }
}

/// A person as the roster names them; as they are written, if it does not know them.
fn shown(roster: Option<&Roster>, by: &str) -> String {
    let known = roster.and_then(|roster| Some(roster.name(roster.person(by)?)));
    known.unwrap_or(by.trim()).to_owned()
}

/// A role without what makes no difference.
fn key(role: &str) -> String {
    folded(role.trim()).collect()
}

fn same(first: Option<&str>, second: Option<&str>) -> bool {
    match (first, second) {
        (Some(first), Some(second)) => same_folded(first.trim(), second.trim()),
        (None, None) => true,
        _ => false,
    }
}

/// The first few of some entries.
fn some_of(ids: &[Id]) -> String {
    let named: Vec<String> = ids.iter().take(3).map(ToString::to_string).collect();
    match ids.len().saturating_sub(named.len()) {
        0 => named.join(", "),
        more => format!("{} and {more} more", named.join(", ")),
    }
}

/// Whether one approval counts for a role, and whose it is then.
fn examine_person(
    record: &Record<'_>,
    role: &str,
    roster: Option<&Roster>,
    today: NaiveDate,
) -> (ApprovalStatus, Option<PersonKey>) {
    let Some(by) = record.by.map(str::trim).filter(|by| !identity::is_no_person(by)) else {
        return (ApprovalStatus::Unnamed { on: record.on }, None);
    };
    match hold(record, role, by, roster, today) {
        Ok(held) => match refuse(record, role, by, &held, roster, today) {
            Some(refused) => (refused, None),
            None => (given(record, by, &held, roster), Some(held.person)),
        },
        Err(refused) => (refused, None),
    }
}

/// Somebody in a role.
struct Held {
    person: PersonKey,
    deputy_for: Option<PersonKey>,
}

/// Who held the role on the day of the approval; without a roster, whoever says so.
fn hold(
    record: &Record<'_>,
    role: &str,
    by: &str,
    roster: Option<&Roster>,
    today: NaiveDate,
) -> Result<Held, ApprovalStatus> {
    let name = || shown(roster, by);
    if let Some(on) = record.on.filter(|on| *on > today) {
        return Err(ApprovalStatus::InFuture { by: name(), on });
    }
    let Some(roster) = roster else {
        return Ok(Held { person: PersonKey::of_name(by), deputy_for: None });
    };
    // On no day in particular one can still be nobody.
    let on = record.on.unwrap_or(today);
    match roster.holder(role, by, on) {
        RoleMembership::UnknownRole { near } => Err(ApprovalStatus::UnknownRole { near }),
        RoleMembership::UnknownPerson { near } => Err(ApprovalStatus::UnknownPerson { by: name(), near }),
        RoleMembership::Never { roles } => Err(ApprovalStatus::NotHeld { by: name(), roles }),
        _ if record.on.is_none() => Err(ApprovalStatus::Undated { by: name() }),
        RoleMembership::NotYet { from } => Err(ApprovalStatus::NotYetOnRoster { by: name(), on, from }),
        RoleMembership::Left { until } => Err(ApprovalStatus::LeftRoster { by: name(), on, until }),
        RoleMembership::Forsaken { principal } => Err(ApprovalStatus::Forsaken { by: name(), on, principal }),
        RoleMembership::Held { person, deputy_for } => Ok(Held { person, deputy_for }),
    }
}

/// Why an approval does not count although its person held the role.
fn refuse(
    record: &Record<'_>,
    role: &str,
    by: &str,
    held: &Held,
    roster: Option<&Roster>,
    today: NaiveDate,
) -> Option<ApprovalStatus> {
    let by = roster.map_or(by, |roster| roster.name(&held.person)).to_owned();
    if let Some(entry) = own_work(record, role, held, roster) {
        return Some(ApprovalStatus::OwnWork { by, entry });
    }
    if let Some(text) = record.digest {
        match Digest::parse(text) {
            None => return Some(ApprovalStatus::BadDigest { by, text: text.trim().to_owned() }),
            Some(approved) if approved != record.now => {
                let release = record.of.is_none();
                return Some(ApprovalStatus::ContentChanged {
                    by,
                    on: record.on,
                    approved,
                    now: record.now,
                    release,
                });
            }
            Some(_) => {}
        }
    }
    match &record.signature {
        Some(SignatureState::Invalid { reason }) => {
            return Some(ApprovalStatus::BadSignature { by, reason: reason.clone() });
        }
        Some(SignatureState::Unchecked { reason }) => {
            return Some(ApprovalStatus::SignatureUnchecked { by, reason: reason.clone() });
        }
        Some(SignatureState::Valid { .. }) | None => {}
    }
    let expires = record.expires.filter(|expires| *expires < today)?;
    Some(ApprovalStatus::Expired { by, expires })
}

/// The entry that somebody approves who answers for it, or who wrote it.
fn own_work(record: &Record<'_>, role: &str, held: &Held, roster: Option<&Roster>) -> Option<Id> {
    let Some(roster) = roster else {
        let by = identity::Identity::of(record.by.unwrap_or_default());
        let own = |(_, owner): &&(Id, &str)| identity::Identity::of(owner).is_same_as(&by);
        return record.owners.iter().find(own).map(|(entry, _)| *entry);
    };
    if roster.role(role).is_some_and(|role| role.may_approve_own) {
        return None;
    }
    let people: Vec<&PersonKey> = std::iter::once(&held.person).chain(&held.deputy_for).collect();
    let holds = |role: &str, person: &PersonKey| {
        let on = record.on?;
        Some(roster.roles_on(person, on).iter().any(|held| identity::is_same_role(&held.name.value, role)))
    };
    let is_theirs = |owner: &str| match roster.person(owner) {
        Some(owner) => people.contains(&owner),
        // An entry may be a role's.
        None => people.iter().any(|person| holds(owner, person) == Some(true)),
    };
    record.owners.iter().find(|(_, owner)| is_theirs(owner)).map(|(entry, _)| *entry)
}

fn given(record: &Record<'_>, by: &str, held: &Held, roster: Option<&Roster>) -> ApprovalStatus {
    let mut doubts = Vec::new();
    if record.on.is_none() {
        doubts.push(Doubt::NoDate);
    }
    if record.digest.is_none() {
        doubts.push(Doubt::NoDigest);
    }
    if roster.is_none() {
        doubts.push(Doubt::NoRoster);
    }
    let name = |key: &PersonKey| roster.map_or_else(|| by.to_owned(), |roster| roster.name(key).to_owned());
    ApprovalStatus::Given {
        by: name(&held.person),
        on: record.on,
        deputy_for: held.deputy_for.as_ref().map(name),
        key: match &record.signature {
            Some(SignatureState::Valid { key }) => Some(key.clone()),
            _ => None,
        },
        doubts,
    }
}
