//! The incidents that the plan itself holds: entries of the family INC.
//!
//! A record of a pager with the id of an entry is the same incident. Neither hides the other: where the two differ,
//! that is a defect, and what either of them has an incident for stays with one.

use rustc_hash::FxHashMap;

use super::super::{Defect, DefectKind, Deliveries, Incident, Resolution, Touches};
use crate::model::dep::Severity;
use crate::model::incident::{Incident as IncidentEntry, IncidentStatus};
use crate::model::order::Strictness;
use crate::model::{Entry, EntryIndex, Kind, Plan, UnreadableFields, id};
use crate::source::{SourceMap, Span};

/// An incident as the plan and the files of incidents have it together.
#[derive(Debug)]
pub struct KnownIncident<'a, 's> {
    /// Its entry, if the plan has one.
    pub entry: Option<(&'a Entry<'s>, &'a IncidentEntry<'s>)>,
    /// The records with its id, by position among the incidents.
    pub records: Vec<usize>,
}

impl Deliveries {
    /// Every incident of a plan and of these files, each with all that is known of it: the entries first, then the
    /// records that no entry names.
    pub fn known_incidents<'a, 's>(&self, plan: &'a Plan<'s>) -> Vec<KnownIncident<'a, 's>> {
        let mut records: FxHashMap<EntryIndex, Vec<usize>> = FxHashMap::default();
        let mut others = Vec::new();
        for (at, incident) in self.incidents.iter().enumerate() {
            match entry_of(plan, incident) {
                Some(index) => records.entry(index).or_default().push(at),
                None => others.push(KnownIncident { entry: None, records: vec![at] }),
            }
        }
        let entries = plan.incidents().map(|(entry, incident)| {
            let index = plan.find(entry.id.value);
            let records = index.and_then(|index| records.get(&index)).cloned().unwrap_or_default();
            KnownIncident { entry: Some((entry, incident)), records }
        });
        entries.chain(others).collect()
    }

    /// Adds the incidents of a plan.
    pub fn add_incidents(&mut self, plan: &Plan<'_>, sources: &SourceMap) {
        let unreadable = UnreadableFields::new(plan, sources);
        let mut replaced = Vec::new();
        for known in self.known_incidents(plan) {
            let Some((entry, incident)) = known.entry else { continue };
            let Some(read) = self.read_entry(entry, incident, &unreadable, !known.records.is_empty()) else {
                continue;
            };
            match known.records.first() {
                Some(at) => replaced.push((*at, read)),
                None => self.incidents.push(read),
            }
        }
        for (at, read) in replaced {
            self.join(at, read);
        }
        self.sort();
    }

    /// An entry as an incident. Without a time of detection it is none, and a record of a file may know more.
    fn read_entry(
        &mut self,
        entry: &Entry<'_>,
        incident: &IncidentEntry<'_>,
        unreadable: &UnreadableFields<'_>,
        is_recorded: bool,
    ) -> Option<Incident> {
        let id = entry.id.value;
        let span = incident.detected.map_or(entry.id.span, |detected| detected.span);
        let Some(created) = incident.detected.map(|detected| detected.value) else {
            if !is_recorded {
                self.doubt(entry.id.span, DefectKind::NoTime("detected"));
            }
            return None;
        };
        let states_end = incident.is_over() || unreadable.has_any(id, &["resolved", "status"]);
        let says_open = matches!(incident.status, Some(status) if status.value < IncidentStatus::Resolved);
        let resolved = match incident.resolved {
            Some(resolved) if resolved.value < created => Err(DefectKind::ResolvedBeforeCreated),
            Some(_) if says_open => Err(DefectKind::OpenWithResolution),
            Some(resolved) => Ok(Resolution::At(resolved.value)),
            None if states_end => Err(DefectKind::ResolvedWithoutTime),
            None => Ok(Resolution::Open),
        };
        let resolved = resolved.unwrap_or_else(|kind| {
            self.doubt(span, kind);
            Resolution::Unknown
        });
        let environments = incident.environment.iter().map(|text| text.value.trim().to_owned()).collect();
        let severity = incident.severity.map(|severity| severity.value);
        Some(Incident { id: id.to_string(), environments, severity, created, resolved, span })
    }

    /// Joins an entry with the record of a file.
    fn join(&mut self, at: usize, mut read: Incident) {
        let Some(record) = self.incidents.get_mut(at) else { return };
        if read.resolved == Resolution::Open {
            // The pager may know already what the entry does not say yet.
            read.resolved = record.resolved;
        }
        read.severity = worse(read.severity, record.severity);
        let differs = record.created != read.created || record.resolved != read.resolved;
        if differs {
            read.resolved = Resolution::Unknown;
        }
        let is_elsewhere = is_elsewhere(&read.environments, &record.environments);
        if record.environments.is_empty() {
            // The pager does not tell environments apart: whatever the entry names, it may be in others, too.
            read.environments.clear();
        } else if is_elsewhere {
            read.environments.append(&mut record.environments);
        }
        let (span, id) = (read.span, read.id.clone());
        *record = read;
        if differs {
            self.doubt(span, DefectKind::DiffersFromRecord(id.clone()));
        }
        if is_elsewhere {
            self.doubt(span, DefectKind::OtherEnvironment(id));
        }
    }

    fn doubt(&mut self, span: Span, kind: DefectKind) {
        self.defects.push(Defect { span, touches: Touches::Incidents, kind });
    }
}

/// The entry that a record has the id of.
fn entry_of(plan: &Plan<'_>, record: &Incident) -> Option<EntryIndex> {
    let index = plan.find(id::parse(record.id.trim()).ok()?)?;
    matches!(plan.entry(index).kind, Kind::Incident(_)).then_some(index)
}

/// Whether an entry and the record of a file name different environments. One that names none is about all.
fn is_elsewhere(entry: &[String], record: &[String]) -> bool {
    let folded = |names: &[String]| names.iter().map(|name| name.trim().to_lowercase()).collect::<Vec<_>>();
    !entry.is_empty() && !record.is_empty() && folded(entry) != folded(record)
}

/// The greater of two severities, as far as they are known.
fn worse(one: Option<Severity>, other: Option<Severity>) -> Option<Severity> {
    [one, other].into_iter().flatten().max_by_key(|severity| severity.rank())
}
