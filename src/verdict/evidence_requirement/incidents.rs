//! No incident of the release is open that is too severe.
//!
//! Incidents are entries of the plan and records of the files that `[metrics]` names; one that either of them has open
//! is open. The plan or the files must say whether there were any: where neither does, nobody knows.

use super::Part;
use crate::metrics::{Deliveries, Files, Incident as Record, KnownIncident, Resolution, Touches};
use crate::model::dep::Severity;
use crate::model::duration::Duration;
use crate::model::incident::Incident;
use crate::model::order::Strictness;
use crate::model::phrase::counted;
use crate::model::{Choice, Entry, EntryIndex, Kind, UnreadableFields};
use crate::verdict::facts::{FileFact, Source};
use crate::verdict::{Judge, ProofKind, Verdict};

/// The incidents that are named; the first of them are enough to find the rest.
const FEW: usize = 3;

/// An incident, by all that is known of it.
struct IncidentState {
    id: String,
    /// Whether a source has it open.
    is_open: bool,
    /// The worst that a source states.
    severity: Option<Severity>,
    /// Whether a source cannot be understood.
    is_unclear: bool,
    /// Whether a file records it.
    is_recorded: bool,
    place: Source,
}

impl IncidentState {
    fn is_open_at(&self, limit: Severity) -> bool {
        self.is_open && self.severity.is_some_and(|severity| severity.rank() >= limit.rank())
    }

    fn is_doubtful(&self) -> bool {
        self.is_unclear || self.is_open && self.severity.is_none()
    }
}

impl Judge<'_> {
    /// Whether every incident of this severity or a higher one is over, by files that are new enough.
    pub(super) fn incidents_part(&self, limit: Severity, max_age: Option<Duration>) -> Part {
        let incidents = self.known_incidents();
        let word = limit.word();
        let severe: Vec<&IncidentState> = incidents.iter().filter(|one| one.is_open_at(limit)).collect();
        if !severe.is_empty() {
            let reason = format!("open incidents of severity {word} or higher: {}", named(&severe));
            let next = "resolve them, then add `resolved` with the time, and to the record of a file its time of \
                        resolution";
            return Part::new(Verdict::Fail, reason, next).from(places(&severe));
        }
        let entries = incidents.iter().filter(|one| !one.is_recorded).count();
        let doubt = self.unread_incidents().or_else(|| self.outdated_incidents(max_age));
        if let Some(doubt) = doubt.or_else(|| self.unrecorded_incidents(incidents.len())) {
            return doubt;
        }
        let unclear: Vec<&IncidentState> = incidents.iter().filter(|one| one.is_doubtful()).collect();
        if !unclear.is_empty() {
            let reason = format!("incidents without a known severity or status: {}", named(&unclear));
            let next = "add `severity`, or the time of resolution";
            return Part::new(Verdict::Unknown, reason, next).from(places(&unclear));
        }
        let checked = counted(incidents.len(), "incident");
        let reason = format!("no open incident of severity {word} or higher, {checked} checked");
        let is_reported = entries == 0 && !self.records().incidents.is_empty();
        let kind = if is_reported { ProofKind::Reported } else { ProofKind::Asserted };
        Part { kind, ..Part::pass(reason) }
    }

    /// The incidents that may concern the release, from the plan and from files.
    fn known_incidents(&self) -> Vec<IncidentState> {
        let plan = self.basis.plan;
        let unreadable = UnreadableFields::new(plan, self.basis.sources);
        let known = self.records().known_incidents(plan).into_iter();
        let own = known.filter(|known| known.entry.is_none_or(|(entry, _)| self.may_concern(entry)));
        own.filter_map(|known| self.incident_state(&known, &unreadable)).collect()
    }

    fn incident_state(
        &self,
        known: &KnownIncident<'_, '_>,
        unreadable: &UnreadableFields<'_>,
    ) -> Option<IncidentState> {
        let records: Vec<&Record> =
            known.records.iter().filter_map(|at| self.records().incidents.get(*at)).collect();
        let now = self.basis.facts.now;
        let is_open = |record: &&Record| match record.resolved {
            Resolution::Open => true,
            Resolution::At(time) => time > now,
            Resolution::Unknown => false,
        };
        let stated = known.entry.and_then(|(_, incident)| incident.severity).map(|severity| severity.value);
        let severities = records.iter().filter_map(|record| record.severity).chain(stated);
        let (id, span) = match known.entry {
            Some((entry, _)) => (entry.id.value.to_string(), entry.id.span),
            None => records.first().map(|record| (record.id.clone(), record.span))?,
        };
        let is_unreadable = known.entry.is_some_and(|(entry, _)| {
            unreadable.has_any(entry.id.value, &["status", "resolved"])
                || unreadable.has(entry.id.value, "severity")
        });
        Some(IncidentState {
            id,
            is_open: known.entry.is_some_and(|(_, incident)| !self.is_resolved(incident))
                || records.iter().any(is_open),
            severity: severities.max_by_key(|severity| severity.rank()),
            is_unclear: is_unreadable || records.iter().any(|record| record.resolved == Resolution::Unknown),
            is_recorded: !records.is_empty(),
            place: Source::at(self.basis.sources, span),
        })
    }

    /// What is resolved at a time to come is not resolved yet.
    fn is_resolved(&self, incident: &Incident<'_>) -> bool {
        incident.is_over() && incident.resolved.is_none_or(|time| time.value.date_naive() <= self.today)
    }

    fn records(&self) -> &Deliveries {
        &self.basis.facts.incidents.records
    }

    /// Why the files of incidents do not say everything, if so.
    fn unread_incidents(&self) -> Option<Part> {
        let facts = &self.basis.facts.incidents;
        let unusable = facts.records.defects.iter().filter(|defect| defect.touches == Touches::Incidents);
        let unusable: Vec<Source> =
            unusable.map(|defect| Source::at(self.basis.sources, defect.span)).collect();
        match (facts.state, unusable.first()) {
            (Files::NoneFound, _) => Some(Part::nothing(
                "no incident file is read: `incidents` of [metrics] matches none",
                "add the file with the incidents, or correct `incidents` of [metrics]",
            )),
            (_, Some(first)) => {
                let (records, file, line) =
                    (counted(unusable.len(), "unusable incident record"), &first.file, first.line);
                let reason = format!("{records}: {file}:{line}");
                let next = "run `relplan check` for the error, and correct the record";
                Some(Part::new(Verdict::Unknown, reason, next).from(unusable.into_iter().take(FEW).collect()))
            }
            _ => None,
        }
    }

    /// Why the files of incidents are not new enough, if the requirement states an age.
    fn outdated_incidents(&self, max_age: Option<Duration>) -> Option<Part> {
        max_age?;
        let facts = &self.basis.facts;
        if facts.incidents.files.is_empty() {
            return Some(Part::nothing(
                "INC entries have no age, and `max_age` is stated",
                "name the files with incidents in [metrics], or remove `max_age`",
            ));
        }
        let aged = facts.incidents.files.iter().filter_map(|(file, fact)| {
            let time = fact.as_ref().map_or(crate::evidence::Timestamp::Missing, |fact: &FileFact| fact.time);
            let name = self.basis.sources.file(*file).name();
            Part::not_fresh(name, facts.freshness_by_age(time, max_age))
        });
        aged.max_by_key(|part| part.verdict)
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

    /// Why nobody says how many incidents there were, if so. A file that records others says that these are all.
    fn unrecorded_incidents(&self, found: usize) -> Option<Part> {
        let entry = self.release.map(|index| self.basis.plan.entry(index));
        let stated = entry.and_then(|entry| match &entry.kind {
            Kind::Rel(rel) => rel.incidents,
            _ => None,
        });
        match (found, stated.map(|stated| stated.value as usize)) {
            (0, None) if self.records().incidents.is_empty() => Some(Part::nothing(
                "no incidents recorded",
                "add `incidents: 0` to the release, or an INC entry for each incident",
            )),
            (found, Some(stated)) if stated > found => Some(Part::new(
                Verdict::Unknown,
                format!("the release states {}, and {found} are recorded", counted(stated, "incident")),
                "add an INC entry for each incident",
            )),
            _ => None,
        }
    }
}

fn named(incidents: &[&IncidentState]) -> String {
    let ids: Vec<&str> = incidents.iter().take(FEW).map(|one| one.id.as_str()).collect();
    let more = incidents.len().saturating_sub(FEW);
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    format!("{}{more}", ids.join(", "))
}

fn places(incidents: &[&IncidentState]) -> Vec<Source> {
    incidents.iter().take(FEW).map(|one| one.place.clone()).collect()
}
