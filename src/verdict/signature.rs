//! Signatures of approvals: what each of them covers, and what a check of it showed.

use chrono::{DateTime, Utc};
use rustc_hash::FxHashMap;

use crate::config::Roster;
use crate::model::Plan;
use crate::model::identity;
use crate::model::signed::{self, SignedApproval};
use crate::source::Span;
use crate::verdict::log::Record;

/// Something that is signed, and by whom it has to be.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Claim {
    /// What the signature is for.
    pub namespace: &'static str,
    /// Whose signature it has to be, as the file of allowed signers names them.
    pub principal: String,
    /// When the key has to be valid.
    pub time: DateTime<Utc>,
    /// What is signed.
    pub payload: Vec<u8>,
    /// The signature, as it stands in the record.
    pub signature: String,
}

/// What a check of a signature showed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SignatureState {
    /// It is by an allowed key of the person.
    Valid {
        /// The key: its type and fingerprint.
        key: String,
    },
    /// It is not.
    Invalid {
        /// Why.
        reason: String,
    },
    /// It could not be checked.
    Unchecked {
        /// Why.
        reason: String,
    },
}

/// The signatures of a plan, by the places of their records.
#[derive(Debug, Clone, Default)]
pub struct Signatures(FxHashMap<Span, SignatureState>);

impl SignatureState {
    /// What is said of a text that has not the form of a signature.
    pub fn malformed() -> Self {
        SignatureState::Invalid { reason: "it is not an SSH signature".to_owned() }
    }
}

impl Signatures {
    /// What is known of the signature of a record. Whether it has the form of one needs no key.
    pub fn of(&self, record: Span, signature: &str) -> SignatureState {
        if signed::armored(signature).is_none() {
            return SignatureState::malformed();
        }
        let unchecked = || SignatureState::Unchecked { reason: "it was not checked".to_owned() };
        self.0.get(&record).cloned().unwrap_or_else(unchecked)
    }
}

impl FromIterator<(Span, SignatureState)> for Signatures {
    fn from_iter<I: IntoIterator<Item = (Span, SignatureState)>>(states: I) -> Self {
        Signatures(states.into_iter().collect())
    }
}

/// Every approval of a plan that has a signature, and what that would have to be.
pub fn claims(plan: &Plan<'_>, roster: Option<&Roster>) -> Vec<(Span, Result<Claim, String>)> {
    let signed = plan.approvals.iter().filter_map(|record| Some((record, record.signature.as_ref()?)));
    let claim = |(record, signature): (&crate::model::ApprovalRecord<'_>, &crate::model::Text<'_>)| {
        let by = record.by.as_ref().map(|by| by.value.trim()).filter(|by| !identity::is_no_person(by));
        let claim = match (by, record.on) {
            (None, _) => Err("the record names no person".to_owned()),
            (_, None) => Err("the record has no `on`, at which the key must be valid".to_owned()),
            (Some(by), Some(on)) => Ok(Claim {
                namespace: signed::APPROVAL,
                principal: principal(by, roster),
                time: signed::moment(on.value),
                payload: SignedApproval::of(record).bytes(),
                signature: signature.value.trim().to_owned(),
            }),
        };
        (record.span, claim)
    };
    signed.map(claim).collect()
}

/// What the signature of a decision would have to be; nothing if it has none.
pub fn claim_of_decision(record: &Record) -> Option<Claim> {
    Some(Claim {
        namespace: signed::DECISION,
        principal: match &record.person {
            Some(person) => person.clone(),
            None => principal(record.by.as_deref().unwrap_or_default(), None),
        },
        time: record.time,
        payload: record.payload().ok()?,
        signature: record.signature.clone()?,
    })
}

/// What the file of allowed signers calls a person: the `person` of the roster, or else an address or a name as it is
/// written.
pub fn principal(by: &str, roster: Option<&Roster>) -> String {
    let known = roster.and_then(|roster| Some(roster.person_name(roster.person(by)?)));
    known.unwrap_or_else(|| identity::address(by).unwrap_or(by).trim()).to_owned()
}
