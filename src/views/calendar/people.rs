//! Who is told what, and who must approve.

use chrono::TimeDelta;

use super::builder::CalendarBuilder;
use super::{Approved, PlannedCommunication};
use crate::model::phrase::capital;
use crate::model::rel::{Approval, Communication, RelType};
use crate::model::{Choice, Text};
use crate::schedule::{Planned, SentState};

/// The communications of a release that states none (seed: communication strategy, process standards).
const DEFAULT_COMMUNICATIONS: [(&str, &str, i64); 3] = [
    ("Announcement", "4 weeks before", -28),
    ("Notice of the rollout", "48 hours before", -2),
    ("Summary", "2 weeks after", 14),
];

impl CalendarBuilder<'_> {
    /// Who is told what: as the release says, or as is usual for its type.
    pub(super) fn communications(&self, planned: &Planned<'_>) -> Vec<PlannedCommunication> {
        let stated = &planned.release.communications;
        match stated.is_empty() {
            true => self.default_communications(planned),
            false => stated.iter().map(|communication| self.said(planned, communication)).collect(),
        }
    }

    fn said(&self, planned: &Planned<'_>, communication: &Communication<'_>) -> PlannedCommunication {
        let text = |text: &Option<Text<'_>>| text.as_ref().map(|text| text.value.to_string());
        let day = communication.when.as_ref().and_then(|when| planned.day_of(when));
        PlannedCommunication {
            name: text(&communication.name)
                .or_else(|| text(&communication.content))
                .unwrap_or_else(|| "Communication".to_owned()),
            audience: text(&communication.audience),
            channel: text(&communication.channel),
            when: text(&communication.when),
            frequency: communication.frequency.as_ref().map(|frequency| {
                let word = capital(frequency.value.value.word());
                frequency.value.note().map_or(word.clone(), |occasion| format!("{word} {occasion}"))
            }),
            content: text(&communication.content),
            day,
            deadline: day.and_then(|day| self.deadline(day)),
            owner: text(&communication.owner),
            sent: communication.sent.map(|sent| sent.value),
            sent_state: planned.sent_state(communication, self.today),
            default: false,
        }
    }

    /// A hotfix cannot be announced, and a patch is not planned four weeks ahead.
    fn default_communications(&self, planned: &Planned<'_>) -> Vec<PlannedCommunication> {
        let fits = |days: i64| match planned.release.rel_type() {
            Some(RelType::Hotfix) => days > 0,
            Some(RelType::Patch) => days > -7,
            _ => true,
        };
        let date = planned.release.date.map(|date| date.value);
        let usual = DEFAULT_COMMUNICATIONS.into_iter().filter(|(.., days)| fits(*days));
        let said = |(name, when, days): (&str, &str, i64)| {
            let day = date.and_then(|date| date.checked_add_signed(TimeDelta::days(days)));
            PlannedCommunication {
                name: name.to_owned(),
                audience: None,
                channel: None,
                when: Some(when.to_owned()),
                frequency: None,
                content: None,
                day,
                deadline: day.and_then(|day| self.deadline(day)),
                owner: None,
                sent: None,
                sent_state: SentState::NotStated,
                default: true,
            }
        };
        usual.map(said).collect()
    }

    pub(super) fn approved(&self, planned: &Planned<'_>, approval: &Approval<'_>) -> Approved {
        let release = planned.release.date.map(|date| date.value);
        let due = planned.release.due_of(approval).map_or(release, |due| planned.day_of(due));
        Approved {
            role: approval
                .role
                .as_ref()
                .map_or_else(|| "an approver".to_owned(), |role| role.value.to_string()),
            by: approval.by.as_ref().map(|by| by.value.to_string()),
            on: approval.on.map(|on| on.value),
            due,
            deadline: due.and_then(|due| self.deadline(due)),
            given: approval.on.is_some() || approval.by.is_some(),
        }
    }
}
