//! No incident of the release is open that is too severe.
//!
//! The plan must say whether there were incidents: as entries, or as the number in the release. Where it says neither,
//! nobody knows.

use super::Part;
use crate::model::dep::Severity;
use crate::model::incident::Incident;
use crate::model::order::Strictness;
use crate::model::phrase::counted;
use crate::model::{Choice, Entry, EntryIndex, Kind, UnreadableFields};
use crate::verdict::{Judge, ProofKind, Verdict};

/// The incidents that are named; the first of them are enough to find the rest.
const FEW: usize = 3;

impl Judge<'_> {
    /// Whether every incident of this severity or a higher one is over.
    pub(super) fn incidents_part(&self, limit: Severity) -> Part {
        let plan = self.basis.plan;
        let incidents: Vec<(&Entry<'_>, &Incident<'_>)> =
            plan.incidents().filter(|(entry, _)| self.may_concern(entry)).collect();
        if let Some(doubt) = self.unrecorded(incidents.len()) {
            return doubt;
        }
        // What is resolved at a time to come is not resolved yet.
        let today = self.today;
        let is_resolved = |incident: &Incident<'_>| {
            incident.is_over() && incident.resolved.is_none_or(|time| time.value.date_naive() <= today)
        };
        let unreadable = UnreadableFields::new(plan, self.basis.sources);
        let is_unclear = |(entry, incident): &(&Entry<'_>, &Incident<'_>)| {
            let id = entry.id.value;
            let is_open = !is_resolved(incident);
            unreadable.has_any(id, &["status", "resolved"])
                || is_open && (incident.severity.is_none() || unreadable.has(id, "severity"))
        };
        let is_severe = |(_, incident): &(&Entry<'_>, &Incident<'_>)| {
            !is_resolved(incident)
                && incident.severity.is_some_and(|severity| severity.value.rank() >= limit.rank())
        };
        let word = limit.word();
        let named = |found: Vec<&(&Entry<'_>, &Incident<'_>)>| {
            let ids: Vec<String> =
                found.iter().take(FEW).map(|(entry, _)| entry.id.value.to_string()).collect();
            let more = found.len().saturating_sub(FEW);
            let more = if more > 0 { format!(" and {more} more") } else { String::new() };
            format!("{}{more}", ids.join(", "))
        };
        let severe: Vec<_> = incidents.iter().filter(|one| is_severe(one)).collect();
        if !severe.is_empty() {
            let reason = format!("open incidents of severity {word} or higher: {}", named(severe));
            return Part::new(Verdict::Fail, reason, "resolve them, then add `resolved` with the time");
        }
        let unclear: Vec<_> = incidents.iter().filter(|one| is_unclear(one)).collect();
        if !unclear.is_empty() {
            let reason = format!("incidents without a known severity or status: {}", named(unclear));
            return Part::new(Verdict::Unknown, reason, "add `severity`, or `resolved` with the time");
        }
        let checked = counted(incidents.len(), "incident");
        let reason = format!("no open incident of severity {word} or higher, {checked} checked");
        Part { kind: ProofKind::Asserted, ..Part::pass(reason) }
    }

    /// Whether an incident is about the release that is judged. One that names no release of the plan may be.
    fn may_concern(&self, entry: &Entry<'_>) -> bool {
        let of = entry.release().and_then(|name| self.basis.plan.release(&name.value));
        match (self.release, of) {
            (Some(release), Some(of)) => self.is_same(release, of),
            _ => true,
        }
    }

    fn is_same(&self, one: EntryIndex, other: EntryIndex) -> bool {
        let plan = self.basis.plan;
        one == other || plan.entry(one).id.value == plan.entry(other).id.value
    }

    /// Why the entries do not say how many incidents there were, if so.
    fn unrecorded(&self, found: usize) -> Option<Part> {
        let entry = self.release.map(|index| self.basis.plan.entry(index));
        let stated = entry.and_then(|entry| match &entry.kind {
            Kind::Rel(rel) => rel.incidents,
            _ => None,
        });
        match (found, stated.map(|stated| stated.value as usize)) {
            (0, None) => Some(Part::nothing(
                "no incidents recorded",
                "add `incidents: 0` to the release, or an INC entry for each incident",
            )),
            (found, Some(stated)) if stated > found => Some(Part::new(
                Verdict::Unknown,
                format!("the release states {}, and the plan has {found}", counted(stated, "incident")),
                "add an INC entry for each incident",
            )),
            _ => None,
        }
    }
}
