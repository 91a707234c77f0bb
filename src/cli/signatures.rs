//! The signatures of a decision log, as `decide --verify` tells of them.

use crate::project::ssh;
use crate::verdict::log::Record;
use crate::verdict::signature::{Claim, SignatureState, claim_of_decision};

/// What the signatures of a log come to.
#[derive(Debug, Default)]
pub(super) struct Signatures {
    /// What each signed record says, by its number: its person, and what a check showed.
    signed: Vec<(u64, String, SignatureState)>,
    /// How many records have no signature.
    unsigned: usize,
}

impl Signatures {
    /// Checks the signatures of some records by a file of allowed signers.
    pub(super) fn of(records: &[Record], signers: Option<&[u8]>) -> Self {
        let claims: Vec<(u64, Claim)> =
            records.iter().filter_map(|record| Some((record.sequence, claim_of_decision(record)?))).collect();
        let all: Vec<Claim> = claims.iter().map(|(_, claim)| claim.clone()).collect();
        let states = match signers {
            Some(signers) => ssh::check(&all, signers),
            None => {
                let reason = "no file of allowed signers: pass `--allowed-signers FILE`".to_owned();
                vec![SignatureState::Unchecked { reason }; all.len()]
            }
        };
        let signed = claims.into_iter().zip(states);
        let signed: Vec<_> =
            signed.map(|((number, claim), state)| (number, claim.principal, state)).collect();
        // A record whose signature cannot even be looked at is not one without.
        Signatures { unsigned: records.iter().filter(|record| record.signature.is_none()).count(), signed }
    }

    /// Whether nothing is wrong with them, and nothing unknown.
    pub(super) fn are_fine(&self) -> bool {
        self.signed.iter().all(|(_, _, state)| matches!(state, SignatureState::Valid { .. }))
    }

    /// What they come to, a line each where something is wrong; nothing where nothing is signed.
    pub(super) fn in_words(&self) -> String {
        if self.signed.is_empty() {
            return String::new();
        }
        let count =
            |is: fn(&SignatureState) -> bool| self.signed.iter().filter(|(_, _, state)| is(state)).count();
        let counts = [
            (count(|state| matches!(state, SignatureState::Valid { .. })), "valid"),
            (count(|state| matches!(state, SignatureState::Invalid { .. })), "invalid"),
            (count(|state| matches!(state, SignatureState::Unchecked { .. })), "unknown"),
            (self.unsigned, "not signed"),
        ];
        let counts: Vec<String> = counts
            .iter()
            .filter(|(count, _)| *count > 0)
            .map(|(count, what)| format!("{count} {what}"))
            .collect();
        let mut text = format!("signatures: {}\n", counts.join(", "));
        for (number, person, state) in &self.signed {
            match state {
                SignatureState::Valid { key } => {
                    text += &format!("decision {number} is signed by {person} with {key}\n");
                }
                SignatureState::Invalid { reason } => {
                    text += &format!("decision {number} has an invalid signature of {person}: {reason}\n");
                }
                SignatureState::Unchecked { reason } => {
                    text += &format!(
                        "decision {number} has a signature of {person} that could not be checked: {reason}\n"
                    );
                }
            }
        }
        text
    }
}
