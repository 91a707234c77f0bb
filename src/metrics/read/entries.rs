//! The incidents that the plan itself holds: entries of the family INC.
//!
//! A record of a pager with the id of an entry is the same incident. Then the entry speaks, and where the two differ,
//! that is a defect: nobody knows which of them is right.

use rustc_hash::FxHashMap;

use super::super::{Defect, DefectKind, Deliveries, Incident, Resolution, Touches};
use crate::model::incident::{Incident as IncidentEntry, IncidentStatus};
use crate::model::{Entry, EntryIndex, Kind, Plan, UnreadableFields, id};
use crate::source::{SourceMap, Span};

impl Deliveries {
    /// Adds the incidents of a plan.
    pub fn add_incidents(&mut self, plan: &Plan<'_>, sources: &SourceMap) {
        let unreadable = UnreadableFields::new(plan, sources);
        let records = self.records_of(plan);
        let mut replaced = Vec::new();
        for (entry, incident) in plan.incidents() {
            let record = plan.find(entry.id.value).and_then(|index| records.get(&index)).copied();
            let Some(read) = self.read_entry(entry, incident, &unreadable, record.is_some()) else {
                continue;
            };
            match record {
                Some(at) => replaced.push((at, read)),
                None => self.incidents.push(read),
            }
        }
        for (at, read) in replaced {
            self.replace(at, read);
        }
        self.sort();
    }

    /// The records of files that have the id of an entry.
    fn records_of(&self, plan: &Plan<'_>) -> FxHashMap<EntryIndex, usize> {
        let entry_of = |incident: &Incident| {
            let index = plan.find(id::parse(&incident.id).ok()?)?;
            matches!(plan.entry(index).kind, Kind::Incident(_)).then_some(index)
        };
        let records = self.incidents.iter().enumerate();
        records.filter_map(|(at, incident)| Some((entry_of(incident)?, at))).collect()
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
        let environment = incident.environment.as_ref().map(|text| text.value.trim().to_owned());
        Some(Incident { id: id.to_string(), environment, created, resolved, span })
    }

    /// Puts an entry in the place of the record of a file.
    fn replace(&mut self, at: usize, mut read: Incident) {
        let Some(record) = self.incidents.get_mut(at) else { return };
        if read.resolved == Resolution::Open {
            // The pager may know already what the entry does not say yet.
            read.resolved = record.resolved;
        }
        let differs = record.created != read.created || record.resolved != read.resolved;
        let (span, id) = (read.span, read.id.clone());
        *record = read;
        if differs {
            record.resolved = Resolution::Unknown;
            self.doubt(span, DefectKind::DiffersFromRecord(id));
        }
    }

    fn doubt(&mut self, span: Span, kind: DefectKind) {
        self.defects.push(Defect { span, touches: Touches::Incidents, kind });
    }
}
