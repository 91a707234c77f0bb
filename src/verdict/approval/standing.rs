//! How an approval stands, and how that is said.

use chrono::NaiveDate;

use crate::model::Id;
use crate::model::digest::Digest;
use crate::model::duration::Duration;
use crate::source::Span;

/// How the approval of one role stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoleStanding {
    /// The role.
    pub role: String,
    /// The gate at which it is asked for, if it is one.
    pub gate: Option<String>,
    /// Its status.
    pub standing: Standing,
    /// The record that decides it, if there is one.
    pub place: Option<Span>,
    /// Who could approve in the role today, as far as a roster says so.
    pub ask: Vec<String>,
}

/// What an approval comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Bearing {
    /// It counts: PASS.
    Counts,
    /// It counts, and something about it cannot be told: WARN.
    InDoubt,
    /// It is not there yet: UNKNOWN.
    Open,
    /// It was there, and does not hold any more: STALE.
    Stale,
    /// It is there, and never counted: FAIL.
    Refused,
}

/// Something about an approval that counts and cannot be told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Doubt {
    /// When it was given.
    NoDate,
    /// What was approved.
    NoDigest,
    /// Whether its person holds the role: there is no roster.
    NoRoster,
}

/// How an approval stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// It is given.
    Given {
        /// By whom.
        by: String,
        /// When.
        on: Option<NaiveDate>,
        /// For whom they stood in.
        standing_in: Option<String>,
        /// The key that it is signed with, if it is.
        key: Option<String>,
        /// What cannot be told.
        doubts: Vec<Doubt>,
    },
    /// Nobody has given it.
    Missing,
    /// Somebody has given it for something else.
    Elsewhere {
        /// Who.
        by: String,
        /// When.
        on: Option<NaiveDate>,
        /// For what.
        about: String,
    },
    /// It names nobody.
    Unnamed {
        /// Its day.
        on: Option<NaiveDate>,
    },
    /// It has no day, so that nobody can tell who held the role then.
    Undated {
        /// Who gave it.
        by: String,
    },
    /// Its day is still to come.
    InFuture {
        /// Who gives it.
        by: String,
        /// When.
        on: NaiveDate,
    },
    /// Its person took it back.
    Withdrawn {
        /// Who.
        by: String,
        /// When.
        on: Option<NaiveDate>,
    },
    /// The content changed after its approval.
    ContentChanged {
        /// Who approved it.
        by: String,
        /// When.
        on: Option<NaiveDate>,
        /// What it said.
        approved: Digest,
        /// What it says.
        now: Digest,
        /// Whether it is a release, which is approved under gates and a profile.
        release: bool,
    },
    /// Its time is over.
    Expired {
        /// Who gave it.
        by: String,
        /// Its last day.
        expires: NaiveDate,
    },
    /// It was given longer ago than the profile lets an approval count.
    TooOld {
        /// Who gave it.
        by: String,
        /// When.
        on: NaiveDate,
        /// How long one counts.
        longest: Duration,
    },
    /// Its person had left the role.
    LeftRoster {
        /// Who.
        by: String,
        /// The day of the approval.
        on: NaiveDate,
        /// Their last day in the role.
        until: NaiveDate,
    },
    /// Its person had not got the role yet.
    NotYetOnRoster {
        /// Who.
        by: String,
        /// The day of the approval.
        on: NaiveDate,
        /// Their first day in the role.
        from: NaiveDate,
    },
    /// Its person stood in for somebody who did not hold the role on that day.
    Forsaken {
        /// Who.
        by: String,
        /// The day of the approval.
        on: NaiveDate,
        /// For whom.
        principal: String,
    },
    /// Its person never holds the role.
    NotHeld {
        /// Who.
        by: String,
        /// The roles that they have.
        roles: Vec<String>,
    },
    /// The roster does not know its person.
    UnknownPerson {
        /// Who.
        by: String,
        /// Who was probably meant.
        near: Option<String>,
    },
    /// The roster does not know the role.
    UnknownRole {
        /// Which was probably meant.
        near: Option<String>,
    },
    /// Its person answers for what is approved, or wrote it.
    OwnWork {
        /// Who.
        by: String,
        /// The entry that is theirs.
        entry: Id,
    },
    /// What it calls a digest is none.
    BadDigest {
        /// Who gave it.
        by: String,
        /// The text.
        text: String,
    },
    /// Its signature is not valid.
    BadSignature {
        /// Who gave it.
        by: String,
        /// What is wrong with it.
        reason: String,
    },
    /// Its signature could not be checked.
    SignatureUnchecked {
        /// Who gave it.
        by: String,
        /// Why.
        reason: String,
    },
    /// Its person approves in another role already, and one person is not two.
    SamePerson {
        /// Who.
        by: String,
        /// In which other role.
        other: String,
    },
}

impl Standing {
    /// What it comes to.
    pub fn bearing(&self) -> Bearing {
        match self {
            Standing::Given { doubts, .. } if doubts.is_empty() => Bearing::Counts,
            Standing::Given { .. } => Bearing::InDoubt,
            Standing::Missing
            | Standing::Elsewhere { .. }
            | Standing::Unnamed { .. }
            | Standing::Undated { .. }
            | Standing::InFuture { .. }
            | Standing::SignatureUnchecked { .. }
            | Standing::Withdrawn { .. } => Bearing::Open,
            Standing::ContentChanged { .. } | Standing::Expired { .. } | Standing::TooOld { .. } => {
                Bearing::Stale
            }
            _ => Bearing::Refused,
        }
    }

    /// The key that it is signed with.
    pub fn key(&self) -> Option<&str> {
        match self {
            Standing::Given { key, .. } => key.as_deref(),
            _ => None,
        }
    }

    /// What cannot be told about it.
    pub fn doubts(&self) -> &[Doubt] {
        match self {
            Standing::Given { doubts, .. } => doubts,
            _ => &[],
        }
    }

    /// Whether it counts, in doubt or not.
    pub fn counts(&self) -> bool {
        matches!(self, Standing::Given { .. })
    }

    /// Whose approval it is.
    pub fn by(&self) -> Option<&str> {
        match self {
            Standing::Missing | Standing::Unnamed { .. } | Standing::UnknownRole { .. } => None,
            Standing::Given { by, .. }
            | Standing::Elsewhere { by, .. }
            | Standing::Undated { by }
            | Standing::InFuture { by, .. }
            | Standing::Withdrawn { by, .. }
            | Standing::ContentChanged { by, .. }
            | Standing::Expired { by, .. }
            | Standing::TooOld { by, .. }
            | Standing::LeftRoster { by, .. }
            | Standing::NotYetOnRoster { by, .. }
            | Standing::Forsaken { by, .. }
            | Standing::NotHeld { by, .. }
            | Standing::UnknownPerson { by, .. }
            | Standing::OwnWork { by, .. }
            | Standing::BadDigest { by, .. }
            | Standing::BadSignature { by, .. }
            | Standing::SignatureUnchecked { by, .. }
            | Standing::SamePerson { by, .. } => Some(by),
        }
    }

    /// Why it stands so, in words that follow the name of the role.
    pub fn reason(&self, role: &str) -> String {
        match self {
            Standing::Given { by, on, standing_in, key, doubts } => {
                let instead = standing_in.as_ref().map(|of| format!(", as deputy of {of},"));
                let word = if key.is_some() { "signed" } else { "approved" };
                let mut text = format!("{word} by {by}{}{}", instead.unwrap_or_default(), day(*on));
                text += &key.as_ref().map(|key| format!(" with {key}")).unwrap_or_default();
                doubts.iter().for_each(|doubt| text += doubt.words());
                text
            }
            Standing::Missing => "pending".to_owned(),
            Standing::Elsewhere { by, on, about } => {
                format!("pending: {by} approved{} {about} instead", day(*on))
            }
            Standing::Unnamed { on: Some(on) } => format!("dated {on}, without a name"),
            Standing::Unnamed { on: None } => "no name".to_owned(),
            Standing::Undated { by } => {
                format!("approved by {by} without a date: unknown who was {role} then")
            }
            Standing::InFuture { by, on } => format!("dated {on}, in the future, by {by}"),
            Standing::Withdrawn { by, on } => format!("withdrawn by {by}{}", day(*on)),
            Standing::ContentChanged { by, on, approved, now, release } => format!(
                "changed since {by} approved{}{}: was {}, is {}",
                day(*on),
                if *release { ", in an entry or in the gates and the profile of relplan.toml" } else { "" },
                approved.short(),
                now.short()
            ),
            Standing::Expired { by, expires } => format!("the approval by {by} expired on {expires}"),
            Standing::TooOld { by, on, longest } => {
                format!("approved by {by} on {on}, more than {} ago", longest.in_words())
            }
            Standing::LeftRoster { by, on, until } => {
                format!("approved by {by} on {on}, who was {role} only until {until}")
            }
            Standing::NotYetOnRoster { by, on, from } => {
                format!("approved by {by} on {on}, who is {role} only from {from}")
            }
            Standing::Forsaken { by, on, principal } => {
                format!("approved by {by} on {on} as deputy of {principal}, who was not {role} that day")
            }
            Standing::NotHeld { by, roles } if roles.is_empty() => {
                format!("approved by {by}, who has no role")
            }
            Standing::NotHeld { by, roles } => {
                format!("approved by {by}, who is not {role} but {}", roles.join(", "))
            }
            Standing::UnknownPerson { by, .. } => format!("approved by {by}, who is not on the roster"),
            Standing::UnknownRole { .. } => format!("the roster has no role {role}"),
            Standing::OwnWork { by, entry } => {
                format!("approved by {by}, who owns {entry} and cannot approve it")
            }
            Standing::BadSignature { by, reason } => {
                format!("approved by {by}, but the signature is invalid: {reason}")
            }
            Standing::SignatureUnchecked { by, reason } => {
                format!("approved by {by}, but the signature could not be checked: {reason}")
            }
            Standing::BadDigest { by, text } => {
                format!(
                    "approved by {by}, but `{}` is not a digest",
                    text.chars().take(24).collect::<String>()
                )
            }
            Standing::SamePerson { by, other } => {
                format!("approved by {by}, who already approved as {other}")
            }
        }
    }

    /// What to do next; nothing if nothing is to be done.
    pub fn next(&self, role: &str, ask: &[String]) -> Option<String> {
        // Whoever has approved already, or may not, need not be asked again.
        let barred = matches!(self, Standing::SamePerson { .. } | Standing::OwnWork { .. });
        let ask: Vec<&str> =
            ask.iter().map(String::as_str).filter(|name| !barred || self.by() != Some(name)).collect();
        let who = match ask.as_slice() {
            [] if barred => "another person".to_owned(),
            [] => "a holder of the role".to_owned(),
            [one] => (*one).to_owned(),
            [first @ .., last] => format!("{} or {last}", first.join(", ")),
        };
        let again = || format!("ask {who}: `relplan approve --role \"{}\" --by PERSON`", typed(role));
        Some(match self {
            Standing::Given { doubts, .. } if doubts.is_empty() => return None,
            Standing::Given { doubts, .. } if doubts.contains(&Doubt::NoDate) => "add `on`".to_owned(),
            Standing::Given { doubts, .. } if *doubts == [Doubt::NoRoster] => {
                "add `[roles]` to relplan.toml, which says who holds which role".to_owned()
            }
            Standing::Given { by, .. } => {
                format!("ask {by} to approve again: `relplan approve --role \"{}\" --by PERSON`", typed(role))
            }
            Standing::Unnamed { .. } => "add `by`".to_owned(),
            Standing::Undated { .. } => "add `on`".to_owned(),
            Standing::InFuture { .. } => "correct the date".to_owned(),
            Standing::UnknownRole { near: Some(near) } => format!("did you mean the role `{near}`?"),
            Standing::UnknownRole { near: None } => {
                format!("add `[roles.\"{role}\"]` to relplan.toml, or require another role")
            }
            Standing::UnknownPerson { near: Some(near), .. } => format!("did you mean `{near}`?"),
            Standing::UnknownPerson { .. } => {
                format!("add the person to `[roles.\"{role}\"]` of relplan.toml, or ask {who}")
            }
            Standing::BadSignature { .. } => sign(role),
            Standing::SignatureUnchecked { reason, .. } if reason.contains("ssh-keygen") => {
                "install OpenSSH 8.9 or later, and run this again".to_owned()
            }
            Standing::SignatureUnchecked { .. } => {
                "add `[signatures]` with `allowed_signers` to relplan.toml".to_owned()
            }
            Standing::BadDigest { .. } => "approve with `relplan approve`, which adds the digest".to_owned(),
            _ => again(),
        })
    }
}

impl Doubt {
    fn words(self) -> &'static str {
        match self {
            Doubt::NoDate => ", without a date",
            Doubt::NoDigest => "; no digest of what was approved",
            Doubt::NoRoster => "; no roster confirms it",
        }
    }
}

impl RoleStanding {
    /// How it stands where an approval counts for so long only.
    pub fn for_so_long(self, longest: Option<Duration>, today: NaiveDate) -> Self {
        let (Standing::Given { by, on: Some(on), .. }, Some(longest)) = (&self.standing, longest) else {
            return self;
        };
        let age = u64::try_from((today - *on).num_milliseconds()).unwrap_or(0);
        match age > longest.millis() {
            true => RoleStanding { standing: Standing::TooOld { by: by.clone(), on: *on, longest }, ..self },
            false => self,
        }
    }

    /// What it comes to.
    pub fn bearing(&self) -> Bearing {
        self.standing.bearing()
    }

    /// The reason for its status.
    pub fn reason(&self) -> String {
        self.standing.reason(&self.role)
    }

    /// How to have it signed.
    pub fn to_sign(&self) -> String {
        sign(&self.role)
    }

    /// What to do next.
    pub fn next(&self) -> Option<String> {
        self.standing.next(&self.role, &self.ask)
    }
}

/// How an approval is signed.
fn sign(role: &str) -> String {
    format!("have it signed: `relplan approve --role \"{}\" --by PERSON --sign KEY`", typed(role))
}

/// A role as it can be typed: roles are found in any spelling, and quotes would end what is typed.
fn typed(role: &str) -> String {
    let words = role.split(|c: char| c.is_whitespace() || matches!(c, '`' | '"' | '\\' | '$'));
    words.filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

fn day(on: Option<NaiveDate>) -> String {
    on.map(|on| format!(" on {on}")).unwrap_or_default()
}
