//! The release was handed over, and its receivers have accepted it.

use super::Part;
use crate::model::reader::nearest_name;
use crate::model::same_folded;
use crate::verdict::check::Judged;
use crate::verdict::handoff::HandoffStatus;
use crate::verdict::{Judge, Verdict};

impl Judge<'_> {
    /// Whether every handoff to this receiver has what they need, and was accepted.
    pub(super) fn handoff_parts(&self, receiver: &str) -> Vec<Part> {
        let handoffs = self.handoffs();
        let is_to =
            |name: &Option<String>| name.as_deref().is_some_and(|name| same_folded(name, receiver.trim()));
        let own: Vec<_> = handoffs.iter().filter(|handoff| is_to(&handoff.receiver)).collect();
        if own.is_empty() {
            let known = handoffs.iter().filter_map(|handoff| handoff.receiver.as_deref());
            let next = match nearest_name(receiver, known) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("add an HND entry with `receiver: {}`", receiver.trim()),
            };
            return vec![Part::new(Verdict::Unknown, format!("no handoff to `{}`", receiver.trim()), next)];
        }
        let part = |handoff: &&HandoffStatus| {
            let Judged { verdict, reason, next } = handoff.judged();
            Part { verdict, reason, next, kind: handoff.acceptance.proof, sources: Vec::new() }
        };
        own.iter().map(part).collect()
    }
}
