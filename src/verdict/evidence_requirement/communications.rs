//! The communications of the release were sent.

use super::Part;
use crate::model::reader::nearest_name;
use crate::model::rel::Communication;
use crate::model::{Kind, same_folded};
use crate::verdict::{Judge, ProofKind, Verdict};

impl Judge<'_> {
    /// Whether the communication with this name was sent. Each with that name must be.
    pub(super) fn communication_part(&self, name: &str) -> Part {
        let kind = ProofKind::Asserted;
        let entry = self.release.map(|index| self.basis.plan.entry(index));
        let Some(Kind::Rel(release)) = entry.map(|entry| &entry.kind) else {
            let next = "choose a release with `--release`";
            return Part::new(
                Verdict::Unknown,
                format!("communication `{name}`: no release is judged"),
                next,
            );
        };
        let is_named = |said: &&Communication<'_>| {
            said.name.as_ref().is_some_and(|own| same_folded(own.value.trim(), name.trim()))
        };
        let named: Vec<&Communication<'_>> = release.communications.iter().filter(is_named).collect();
        if named.is_empty() {
            let known = release.communications.iter().filter_map(|said| Some(&*said.name.as_ref()?.value));
            let next = match nearest_name(name, known) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("add a communication with the name `{name}` to the release"),
            };
            return Part::new(Verdict::Unknown, format!("the release has no communication `{name}`"), next);
        }
        let is_open = |said: &&&Communication<'_>| said.sent.is_none_or(|sent| sent.value > self.today);
        match named.iter().find(is_open) {
            None => Part { kind, ..Part::pass(format!("communication `{name}` was sent")) },
            Some(said) if said.sent.is_some() => Part::new(
                Verdict::Unknown,
                format!("communication `{name}` has `sent` in the future"),
                "set `sent` to the day on which it was sent",
            ),
            Some(_) => Part::new(
                Verdict::Fail,
                format!("communication `{name}` is not recorded as sent"),
                "send it, then add `sent` with the day",
            ),
        }
    }
}
