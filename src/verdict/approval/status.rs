//! How an approval stands, and how that is said.

use chrono::NaiveDate;

use crate::model::Id;
use crate::model::digest::Digest;
use crate::model::duration::Duration;
use crate::source::Span;

/// How the approval of one role stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoleApproval {
    /// The role.
    pub role: String,
    /// The gate at which it is asked for, if it is one.
    pub gate: Option<String>,
    /// Its status.
    pub status: ApprovalStatus,
    /// The record that decides it, if there is one.
    pub place: Option<Span>,
    /// Who could approve in the role today, as far as a roster says so.
    pub ask: Vec<String>,
}

/// What an approval comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ApprovalEffect {
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
pub enum ApprovalStatus {
    /// It is given.
    Given {
        /// By whom.
        by: String,
        /// When.
        on: Option<NaiveDate>,
        /// For whom they stood in.
        deputy_for: Option<String>,
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

impl ApprovalStatus {
    /// What it comes to.
    pub fn effect(&self) -> ApprovalEffect {
        match self {
            ApprovalStatus::Given { doubts, .. } if doubts.is_empty() => ApprovalEffect::Counts,
            ApprovalStatus::Given { .. } => ApprovalEffect::InDoubt,
            ApprovalStatus::Missing
            | ApprovalStatus::Elsewhere { .. }
            | ApprovalStatus::Unnamed { .. }
            | ApprovalStatus::Undated { .. }
            | ApprovalStatus::InFuture { .. }
            | ApprovalStatus::SignatureUnchecked { .. }
            | ApprovalStatus::Withdrawn { .. } => ApprovalEffect::Open,
            ApprovalStatus::ContentChanged { .. }
            | ApprovalStatus::Expired { .. }
            | ApprovalStatus::TooOld { .. } => ApprovalEffect::Stale,
            _ => ApprovalEffect::Refused,
        }
    }

    /// The key that it is signed with.
    pub fn key(&self) -> Option<&str> {
        match self {
            ApprovalStatus::Given { key, .. } => key.as_deref(),
            _ => None,
        }
    }

    /// What cannot be told about it.
    pub fn doubts(&self) -> &[Doubt] {
        match self {
            ApprovalStatus::Given { doubts, .. } => doubts,
            _ => &[],
        }
    }

    /// Whether it counts, in doubt or not.
    pub fn counts(&self) -> bool {
        matches!(self, ApprovalStatus::Given { .. })
    }

    /// Whose approval it is.
    pub fn by(&self) -> Option<&str> {
        match self {
            ApprovalStatus::Missing | ApprovalStatus::Unnamed { .. } | ApprovalStatus::UnknownRole { .. } => {
                None
            }
            ApprovalStatus::Given { by, .. }
            | ApprovalStatus::Elsewhere { by, .. }
            | ApprovalStatus::Undated { by }
            | ApprovalStatus::InFuture { by, .. }
            | ApprovalStatus::Withdrawn { by, .. }
            | ApprovalStatus::ContentChanged { by, .. }
            | ApprovalStatus::Expired { by, .. }
            | ApprovalStatus::TooOld { by, .. }
            | ApprovalStatus::LeftRoster { by, .. }
            | ApprovalStatus::NotYetOnRoster { by, .. }
            | ApprovalStatus::Forsaken { by, .. }
            | ApprovalStatus::NotHeld { by, .. }
            | ApprovalStatus::UnknownPerson { by, .. }
            | ApprovalStatus::OwnWork { by, .. }
            | ApprovalStatus::BadDigest { by, .. }
            | ApprovalStatus::BadSignature { by, .. }
            | ApprovalStatus::SignatureUnchecked { by, .. }
            | ApprovalStatus::SamePerson { by, .. } => Some(by),
        }
    }

    /// Why it stands so, in words that follow the name of the role.
    pub fn reason(&self, role: &str) -> String {
        match self {
            ApprovalStatus::Given { by, on, deputy_for, key, doubts } => {
                let instead = deputy_for.as_ref().map(|of| format!(", as deputy of {of},"));
                let word = if key.is_some() { "signed" } else { "approved" };
                let mut text = format!("{word} by {by}{}{}", instead.unwrap_or_default(), day(*on));
                text += &key.as_ref().map(|key| format!(" with {key}")).unwrap_or_default();
                doubts.iter().for_each(|doubt| text += doubt.words());
                text
            }
            ApprovalStatus::Missing => "pending".to_owned(),
            ApprovalStatus::Elsewhere { by, on, about } => {
                format!("pending: {by} approved{} {about} instead", day(*on))
            }
            ApprovalStatus::Unnamed { on: Some(on) } => format!("dated {on}, without a name"),
            ApprovalStatus::Unnamed { on: None } => "no name".to_owned(),
            ApprovalStatus::Undated { by } => {
                format!("approved by {by} without a date: neither the roster nor its age can be checked")
            }
            ApprovalStatus::InFuture { by, on } => format!("dated {on}, in the future, by {by}"),
            ApprovalStatus::Withdrawn { by, on } => format!("withdrawn by {by}{}", day(*on)),
            ApprovalStatus::ContentChanged { by, on, approved, now, release } => format!(
                "changed since {by} approved{}{}: was {}, is {}",
                day(*on),
                if *release { ", in an entry or in the gates and the profile of relplan.toml" } else { "" },
                approved.short(),
                now.short()
            ),
            ApprovalStatus::Expired { by, expires } => format!("the approval by {by} expired on {expires}"),
            ApprovalStatus::TooOld { by, on, longest } => {
                format!("approved by {by} on {on}, more than {} ago", longest.in_words())
            }
            ApprovalStatus::LeftRoster { by, on, until } => {
                format!("approved by {by} on {on}, who was {role} only until {until}")
            }
            ApprovalStatus::NotYetOnRoster { by, on, from } => {
                format!("approved by {by} on {on}, who is {role} only from {from}")
            }
            ApprovalStatus::Forsaken { by, on, principal } => {
                format!("approved by {by} on {on} as deputy of {principal}, who was not {role} that day")
            }
            ApprovalStatus::NotHeld { by, roles } if roles.is_empty() => {
                format!("approved by {by}, who has no role")
            }
            ApprovalStatus::NotHeld { by, roles } => {
                format!("approved by {by}, who is not {role} but {}", roles.join(", "))
            }
            ApprovalStatus::UnknownPerson { by, .. } => format!("approved by {by}, who is not on the roster"),
            ApprovalStatus::UnknownRole { .. } => format!("the roster has no role {role}"),
            ApprovalStatus::OwnWork { by, entry } => {
                format!("approved by {by}, who owns {entry} and cannot approve it")
            }
            ApprovalStatus::BadSignature { by, reason } => {
                format!("approved by {by}, but the signature is invalid: {reason}")
            }
            ApprovalStatus::SignatureUnchecked { by, reason } => {
                format!("approved by {by}, but the signature could not be checked: {reason}")
            }
            ApprovalStatus::BadDigest { by, text } => {
                format!(
                    "approved by {by}, but `{}` is not a digest",
                    text.chars().take(24).collect::<String>()
                )
            }
            ApprovalStatus::SamePerson { by, other } => {
                format!("approved by {by}, who already approved as {other}")
            }
        }
    }

    /// What to do next; nothing if nothing is to be done.
    pub fn next(&self, role: &str, ask: &[String]) -> Option<String> {
        // Whoever has approved already, or may not, need not be asked again.
        let barred = matches!(self, ApprovalStatus::SamePerson { .. } | ApprovalStatus::OwnWork { .. });
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
            ApprovalStatus::Given { doubts, .. } if doubts.is_empty() => return None,
            ApprovalStatus::Given { doubts, .. } if doubts.contains(&Doubt::NoDate) => "add `on`".to_owned(),
            ApprovalStatus::Given { doubts, .. } if *doubts == [Doubt::NoRoster] => {
                "add `[roles]` to relplan.toml, which says who holds which role".to_owned()
            }
            ApprovalStatus::Given { by, .. } => {
                format!("ask {by} to approve again: `relplan approve --role \"{}\" --by PERSON`", typed(role))
            }
            ApprovalStatus::Unnamed { .. } => "add `by`".to_owned(),
            ApprovalStatus::Undated { .. } => "add `on`".to_owned(),
            ApprovalStatus::InFuture { .. } => "correct the date".to_owned(),
            ApprovalStatus::UnknownRole { near: Some(near) } => format!("did you mean the role `{near}`?"),
            ApprovalStatus::UnknownRole { near: None } => {
                format!("add `[roles.\"{role}\"]` to relplan.toml, or require another role")
            }
            ApprovalStatus::UnknownPerson { near: Some(near), .. } => format!("did you mean `{near}`?"),
            ApprovalStatus::UnknownPerson { .. } => {
                format!("add the person to `[roles.\"{role}\"]` of relplan.toml, or ask {who}")
            }
            ApprovalStatus::BadSignature { .. } => sign(role),
            ApprovalStatus::SignatureUnchecked { reason, .. } if reason.contains("ssh-keygen") => {
                "install OpenSSH 8.9 or later, and run this again".to_owned()
            }
            ApprovalStatus::SignatureUnchecked { .. } => {
                "add `[signatures]` with `allowed_signers` to relplan.toml".to_owned()
            }
            ApprovalStatus::BadDigest { .. } => {
                "approve with `relplan approve`, which adds the digest".to_owned()
            }
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

impl RoleApproval {
    /// How it stands where an approval counts for so long only.
    pub fn for_so_long(self, longest: Option<Duration>, today: NaiveDate) -> Self {
        let (ApprovalStatus::Given { by, on, .. }, Some(longest)) = (&self.status, longest) else {
            return self;
        };
        let Some(on) = on else {
            return RoleApproval { status: ApprovalStatus::Undated { by: by.clone() }, ..self };
        };
        let age = u64::try_from((today - *on).num_milliseconds()).unwrap_or(0);
        match age > longest.millis() {
            true => {
                RoleApproval { status: ApprovalStatus::TooOld { by: by.clone(), on: *on, longest }, ..self }
            }
            false => self,
        }
    }

    /// What it comes to.
    pub fn effect(&self) -> ApprovalEffect {
        self.status.effect()
    }

    /// The reason for its status.
    pub fn reason(&self) -> String {
        self.status.reason(&self.role)
    }

    /// How to have it signed.
    pub fn to_sign(&self) -> String {
        sign(&self.role)
    }

    /// What to do next.
    pub fn next(&self) -> Option<String> {
        self.status.next(&self.role, &self.ask)
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
