//! The communications of the release were sent.

use super::Part;
use crate::model::reader::nearest_name;
use crate::model::rel::Communication;
use crate::model::{Kind, same_folded};
use crate::schedule::{Planned, SentState, WorkingCalendar};
use crate::verdict::{Judge, ProofKind, Verdict};

impl Judge<'_> {
    /// Whether the communication with this name was sent. Each with that name must be.
    pub(super) fn communication_part(&self, name: &str) -> Part {
        let kind = ProofKind::Asserted;
        let entry = self.release.map(|index| (index, self.basis.plan.entry(index)));
        let Some((index, entry, Kind::Rel(release))) =
            entry.map(|(index, entry)| (index, entry, &entry.kind))
        else {
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
        let working = WorkingCalendar::new(&self.basis.config.calendar);
        let planned = Planned::new(index, entry, release, &self.basis.config.calendar, &working);
        let state = |said: &&Communication<'_>| planned.sent_state(said, self.today);
        let part = named.iter().map(|said| sent_part(name, state(said)));
        let worst = part.max_by_key(|part| part.verdict);
        worst.map_or_else(|| Part::nothing("no communication", "name one"), |part| Part { kind, ..part })
    }
}

/// Whether one communication was sent.
fn sent_part(name: &str, state: SentState) -> Part {
    let unknown = |reason: String, next: &str| Part::new(Verdict::Unknown, reason, next);
    match state {
        SentState::Sent => Part::pass(format!("communication `{name}` was sent")),
        SentState::InFuture => unknown(
            format!("communication `{name}` has `sent` in the future"),
            "set `sent` to the day on which it was sent",
        ),
        SentState::TooEarly { earliest } => unknown(
            format!("communication `{name}` has `sent` before {earliest}, too early for this release"),
            "send it, then set `sent` to that day",
        ),
        SentState::NoDate => unknown(
            format!("communication `{name}` has `sent`, but the release has no date"),
            "add the `date` of the release",
        ),
        SentState::NotStated => Part::new(
            Verdict::Fail,
            format!("communication `{name}` is not recorded as sent"),
            "send it, then add `sent` with the day",
        ),
    }
}
