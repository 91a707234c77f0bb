//! Whether a waiver is valid: who may grant it, for what, and for how long.

use chrono::{Days, NaiveDate};

use crate::config::roster::{PersonKey, RoleMembership};
use crate::config::{Profile, Roster, UnconfirmedApprovals};
use crate::model::identity::{Identity, is_no_person, is_same_role};
use crate::model::{Id, Text, WaiverRecord};

/// What a waiver is judged by.
#[derive(Debug, Clone, Copy)]
pub struct Terms<'t> {
    /// Who may waive; nothing if the plan does not say.
    pub roster: Option<&'t Roster>,
    /// For how long, and whether for oneself.
    pub profile: &'t Profile,
    /// The day.
    pub today: NaiveDate,
}

/// A waiver that is to be judged.
#[derive(Debug, Clone, Default)]
pub struct Waiver<'w> {
    /// Who grants it.
    pub by: Option<&'w str>,
    /// In which role.
    pub role: Option<&'w str>,
    /// Why.
    pub reason: Option<&'w str>,
    /// When.
    pub on: Option<NaiveDate>,
    /// The last day on which it is valid.
    pub until: Option<NaiveDate>,
    /// Who owns or wrote what is waived, and which entry that is.
    pub owners: Vec<(Id, &'w str)>,
}

/// A waiver that is valid.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Granted {
    /// Who granted it, as the roster names them.
    pub by: String,
    /// Its last day.
    pub until: NaiveDate,
    /// Why.
    pub reason: String,
    /// Whether a roster confirms that they may.
    pub confirmed: bool,
}

/// Why a waiver is not valid.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// It names no person.
    NoPerson,
    /// It has no reason.
    NoReason,
    /// It has no last day.
    NoEnd,
    /// Its last day is over.
    Expired {
        /// That day.
        until: NaiveDate,
    },
    /// Its day is in the future.
    InFuture {
        /// That day.
        on: NaiveDate,
    },
    /// The roster does not know its person.
    UnknownPerson {
        /// Who.
        by: String,
        /// Who was probably meant.
        near: Option<String>,
    },
    /// The roster does not know its role.
    UnknownRole {
        /// The role.
        role: String,
        /// Which was probably meant.
        near: Option<String>,
    },
    /// Its person did not hold its role on its day.
    NotHeld {
        /// Who.
        by: String,
        /// The role.
        role: String,
        /// The day.
        on: NaiveDate,
    },
    /// No role that its person held on its day may waive.
    MayNot {
        /// Who.
        by: String,
        /// The roles that they held.
        roles: Vec<String>,
    },
    /// No role of the roster may waive.
    NoRoleMay,
    /// Its person owns or wrote what is waived.
    Own {
        /// Who.
        by: String,
        /// What is theirs.
        entry: Id,
    },
    /// It is valid for longer than the profile allows.
    TooLong {
        /// Its last day.
        until: NaiveDate,
        /// The last day that it could have.
        latest: NaiveDate,
        /// The profile.
        profile: String,
    },
    /// There is no roster, and the profile asks for one.
    Unconfirmed {
        /// Who granted it.
        by: String,
    },
}

impl<'w> Waiver<'w> {
    /// A waiver of the plan, of something that these people own.
    pub fn of_record(record: &'w WaiverRecord<'_>, owners: Vec<(Id, &'w str)>) -> Self {
        let text = |text: &'w Option<Text<'_>>| {
            text.as_ref().map(|text| text.value.trim()).filter(|text| !text.is_empty())
        };
        Waiver {
            by: text(&record.by),
            role: text(&record.role),
            reason: text(&record.reason),
            on: record.on.map(|day| day.value),
            until: record.until.map(|day| day.value),
            owners,
        }
    }
}

/// Judges a waiver.
///
/// # Errors
///
/// Why it waives nothing.
pub fn grant(waiver: &Waiver<'_>, terms: Terms<'_>) -> Result<Granted, Refusal> {
    let by = waiver.by.filter(|by| !is_no_person(by)).ok_or(Refusal::NoPerson)?;
    let reason = waiver.reason.ok_or(Refusal::NoReason)?;
    let until = waiver.until.ok_or(Refusal::NoEnd)?;
    if until < terms.today {
        return Err(Refusal::Expired { until });
    }
    if let Some(on) = waiver.on.filter(|on| *on > terms.today) {
        return Err(Refusal::InFuture { on });
    }
    let on = waiver.on.unwrap_or(terms.today);
    let people = match terms.roster {
        Some(roster) => confirmed(roster, by, waiver.role, on)?,
        None if terms.profile.unconfirmed_approvals == UnconfirmedApprovals::Unknown => {
            return Err(Refusal::Unconfirmed { by: by.to_owned() });
        }
        None => Vec::new(),
    };
    let shown = match (terms.roster, people.first()) {
        (Some(roster), Some(person)) => roster.name(person).to_owned(),
        _ => by.to_owned(),
    };
    if !terms.profile.own_waivers
        && let Some(entry) = own(waiver, by, &people, terms.roster, on)
    {
        return Err(Refusal::Own { by: shown, entry });
    }
    let latest =
        terms.profile.max_waiver.and_then(|longest| on.checked_add_days(Days::new(longest.millis() / DAY)));
    if let Some(latest) = latest.filter(|latest| *latest < until) {
        return Err(Refusal::TooLong { until, latest, profile: terms.profile.name.clone() });
    }
    Ok(Granted { by: shown, until, reason: reason.to_owned(), confirmed: terms.roster.is_some() })
}

/// The milliseconds of a day.
const DAY: u64 = 24 * 60 * 60 * 1000;

/// Who grants a waiver and, if they are a delegate, for whom: people who held a role on that day that may waive.
fn confirmed(
    roster: &Roster,
    by: &str,
    role: Option<&str>,
    on: NaiveDate,
) -> Result<Vec<PersonKey>, Refusal> {
    if !roster.roles.iter().any(|role| role.may_waive) {
        return Err(Refusal::NoRoleMay);
    }
    let unknown = || Refusal::UnknownPerson { by: by.to_owned(), near: roster.near_person(by) };
    let person = roster.person(by).ok_or_else(unknown)?;
    let shown = || roster.name(person).to_owned();
    let held = roster.roles_on(person, on);
    if let Some(role) = role {
        let Some(known) = roster.role(role) else {
            return Err(Refusal::UnknownRole { role: role.to_owned(), near: roster.near_role(role) });
        };
        if !held.iter().any(|held| is_same_role(&held.name.value, &known.name.value)) {
            return Err(Refusal::NotHeld { by: shown(), role: known.name.value.clone(), on });
        }
    }
    let counts = |held: &&crate::config::roster::Role| {
        held.may_waive && role.is_none_or(|role| is_same_role(&held.name.value, role))
    };
    match held.iter().copied().find(counts).map(|role| roster.holder(&role.name.value, by, on)) {
        Some(RoleMembership::Held { person, deputy_for }) => {
            Ok(std::iter::once(person).chain(deputy_for).collect())
        }
        _ => {
            let roles = held.iter().map(|role| role.name.value.clone()).collect();
            Err(Refusal::MayNot { by: shown(), roles })
        }
    }
}

/// The entry that somebody waives who owns it or wrote it. An entry may be owned by a role.
fn own(
    waiver: &Waiver<'_>,
    by: &str,
    people: &[PersonKey],
    roster: Option<&Roster>,
    on: NaiveDate,
) -> Option<Id> {
    let by = Identity::of(by);
    let held = |person: &PersonKey| roster.map(|roster| roster.roles_on(person, on)).unwrap_or_default();
    let is_theirs = |owner: &str| match roster.and_then(|roster| roster.person(owner)) {
        Some(owner) => people.contains(owner),
        None => {
            let holds = |person| held(person).iter().any(|role| is_same_role(&role.name.value, owner));
            Identity::of(owner).is_same_as(&by) || people.iter().any(holds)
        }
    };
    waiver.owners.iter().find(|(_, owner)| is_theirs(owner)).map(|(entry, _)| *entry)
}

impl Refusal {
    /// Why, in words that follow the waiver.
    pub fn reason(&self) -> String {
        match self {
            Refusal::NoPerson => "it names no person".to_owned(),
            Refusal::NoReason => "it has no `reason`".to_owned(),
            Refusal::NoEnd => "it has no `until`".to_owned(),
            Refusal::Expired { until } => format!("it expired on {until}"),
            Refusal::InFuture { on } => format!("it is dated {on}, which is in the future"),
            Refusal::UnknownPerson { by, .. } => format!("{by} is not on the roster"),
            Refusal::UnknownRole { role, .. } => format!("the roster has no role {role}"),
            Refusal::NotHeld { by, role, on } => format!("{by} did not hold the role {role} on {on}"),
            Refusal::MayNot { by, roles } if roles.is_empty() => {
                format!("{by} holds no role that may waive")
            }
            Refusal::MayNot { by, roles } => {
                format!("{by} holds no role that may waive, but {}", roles.join(", "))
            }
            Refusal::NoRoleMay => "no role of the roster may waive".to_owned(),
            Refusal::Own { by, entry } => format!("{by} owns {entry} and cannot waive it"),
            Refusal::TooLong { until, latest, profile } => {
                format!("it ends on {until}, and the profile {profile} allows until {latest}")
            }
            Refusal::Unconfirmed { by } => format!("no roster confirms that {by} may waive"),
        }
    }

    /// What to do about it.
    pub fn next(&self, terms: Terms<'_>) -> String {
        let ask = || match terms.roster.map(|roster| who_may(roster, terms.today)).unwrap_or_default() {
            may if may.is_empty() => "add `may_waive = true` to a role in relplan.toml".to_owned(),
            may => format!("have it granted by {}", may.join(" or ")),
        };
        match self {
            Refusal::NoPerson => "add `by` with the person who grants it".to_owned(),
            Refusal::NoReason => "add `reason`".to_owned(),
            Refusal::NoEnd => "add `until` with its last day".to_owned(),
            Refusal::Expired { .. } => "meet the check, or have it waived again".to_owned(),
            Refusal::InFuture { .. } => "correct `on`".to_owned(),
            Refusal::UnknownPerson { near: Some(near), .. }
            | Refusal::UnknownRole { near: Some(near), .. } => {
                format!("did you mean `{near}`?")
            }
            Refusal::UnknownPerson { .. }
            | Refusal::UnknownRole { .. }
            | Refusal::NotHeld { .. }
            | Refusal::MayNot { .. } => ask(),
            Refusal::NoRoleMay => {
                "add `may_waive = true` to the roles in `[roles]` of relplan.toml that may waive".to_owned()
            }
            Refusal::Own { by, .. } => {
                let others = terms.roster.map(|roster| who_may(roster, terms.today)).unwrap_or_default();
                let others: Vec<String> = others.into_iter().filter(|other| other != by).collect();
                match others.is_empty() {
                    true => "ask a person who does not own it to grant it".to_owned(),
                    false => format!("have it granted by {}", others.join(" or ")),
                }
            }
            Refusal::TooLong { latest, .. } => format!("set `until: {latest}` or earlier"),
            Refusal::Unconfirmed { .. } => "add `[roles]` with `may_waive = true` to relplan.toml".to_owned(),
        }
    }
}

/// The people who may waive on a day, as reports name them.
fn who_may(roster: &Roster, day: NaiveDate) -> Vec<String> {
    let may = roster.roles.iter().filter(|role| role.may_waive);
    let mut people: Vec<String> = may.flat_map(|role| roster.holders_on(role, day)).collect();
    people.sort();
    people.dedup();
    people
}
