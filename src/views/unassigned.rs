//! Incidents that name no release, and were noticed while one was in production: which release they belong to, the plan
//! does not say.

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use schemars::JsonSchema;
use serde::Serialize;

use super::incidents::release_of;
use crate::metrics::{Deliveries, Incident as Record, KnownIncident, Resolution};
use crate::model::dep::Severity;
use crate::model::incident::Incident;
use crate::model::order::Strictness;
use crate::model::rel::Rel;
use crate::model::{Choice, EntryIndex, Plan};

/// An incident that may belong to a release.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct UnassignedIncident {
    /// Its id.
    pub id: String,
    /// Its title, if it is an entry.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Its severity, the worst that is stated.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub severity: Option<&'static str>,
    /// Its status: open, mitigated, resolved or closed; unknown if its sources cannot be relied on.
    pub status: &'static str,
    /// The environments that are stated; every one if there are none.
    pub environments: Vec<String>,
    /// The earliest of its times; absent if none is stated.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub time: Option<DateTime<Utc>>,
    /// Which time that is: detected, started, resolved, or created by the pager.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub time_is: Option<&'static str>,
}

/// The time in which a release was in production, in an environment.
pub struct Window<'a> {
    /// The day on which it went out.
    pub from: NaiveDate,
    /// The day on which the next one did.
    pub next: Option<NaiveDate>,
    /// The environment.
    pub environment: &'a str,
}

impl<'a> Window<'a> {
    /// The window of a release that went out on a day.
    pub fn of(plan: &Plan<'_>, release: EntryIndex, from: NaiveDate, environment: &'a str) -> Self {
        let own = plan.entry(release).id.value;
        let others = plan.releases().filter(|(entry, _)| entry.id.value != own);
        let days = others.filter_map(|(_, rel): (_, &Rel<'_>)| Some(rel.deployed_at?.value));
        Window { from, next: days.filter(|day| *day > from).min(), environment }
    }

    /// Whether a moment lies in it. On the day of the next deployment, both releases were in production.
    fn has(&self, time: DateTime<Utc>) -> bool {
        let day = time.date_naive();
        day >= self.from && self.next.is_none_or(|next| day <= next)
    }

    fn is_about(&self, environments: &[String]) -> bool {
        let is_own = |name: &String| name.trim().to_lowercase() == self.environment.trim().to_lowercase();
        environments.is_empty() || environments.iter().any(is_own)
    }
}

/// The incidents that name no release of the plan, and fall into the window of one; those without a time may.
pub fn unassigned(plan: &Plan<'_>, records: &Deliveries, window: &Window<'_>) -> Vec<UnassignedIncident> {
    let of_none = |known: &KnownIncident<'_, '_>| {
        known.entry.is_none_or(|(entry, _)| release_of(plan, entry).is_none())
    };
    let all = records.known_incidents(plan).into_iter().filter(of_none);
    let seen = all.filter_map(|known| incident(&known, records));
    let fits = |incident: &UnassignedIncident| {
        window.is_about(&incident.environments) && incident.time.is_none_or(|time| window.has(time))
    };
    let mut found: Vec<UnassignedIncident> = seen.filter(fits).collect();
    found.sort_by(|one, other| {
        (one.time.is_none(), one.time, &one.id).cmp(&(other.time.is_none(), other.time, &other.id))
    });
    found
}

fn incident(known: &KnownIncident<'_, '_>, all: &Deliveries) -> Option<UnassignedIncident> {
    let records: Vec<&Record> = known.records.iter().filter_map(|at| all.incidents.get(*at)).collect();
    let id = match known.entry {
        Some((entry, _)) => entry.id.value.to_string(),
        None => records.first()?.id.clone(),
    };
    let stated = known.entry.map(|(_, incident)| incident);
    let severities = records.iter().filter_map(|record| record.severity);
    let severities = severities.chain(stated.and_then(|own| own.severity).map(|severity| severity.value));
    let severity: Option<Severity> = severities.max_by_key(|severity| severity.rank());
    let created = records.iter().map(|record| (record.created, "created"));
    let first = created.chain(stated.and_then(time)).min();
    let environment =
        stated.and_then(|own| own.environment.as_ref()).map(|text| text.value.trim().to_owned());
    // Where one source names none, it is about every one.
    let is_everywhere = records.iter().any(|record| record.environments.is_empty())
        || stated.is_some() && environment.is_none();
    let environments = records.iter().flat_map(|record| record.environments.iter().cloned());
    Some(UnassignedIncident {
        id,
        title: known.entry.map(|(entry, _)| entry.title().to_owned()),
        severity: severity.map(Choice::word),
        status: status(stated, &records),
        environments: match is_everywhere {
            true => Vec::new(),
            false => environments.chain(environment).collect(),
        },
        time: first.map(|(time, _)| time),
        time_is: first.map(|(_, word)| word),
    })
}

/// When an incident was noticed; where that is not stated, when it began or was over.
fn time(incident: &Incident<'_>) -> Option<(DateTime<Utc>, &'static str)> {
    let stated =
        [(incident.detected, "detected"), (incident.started, "started"), (incident.resolved, "resolved")];
    stated.into_iter().find_map(|(time, word)| Some((time?.value, word)))
}

/// One that a source has open is open.
fn status(stated: Option<&Incident<'_>>, records: &[&Record]) -> &'static str {
    let of_entry = stated.map(Incident::state);
    let is_over = of_entry.is_none_or(|status| matches!(status.word(), "resolved" | "closed"));
    if is_over && records.iter().any(|record| record.resolved == Resolution::Open) {
        return "open";
    }
    if is_over && records.iter().any(|record| record.resolved == Resolution::Unknown) {
        return "unknown";
    }
    of_entry.map_or("resolved", Choice::word)
}

/// Whether an incident was noticed between two moments, by the times that it states: it was noticed after it began, and
/// before it was over. Nothing if they leave it open.
pub fn was_detected_between(
    incident: &Incident<'_>,
    (from, to): (DateTime<Utc>, DateTime<Utc>),
) -> Option<bool> {
    let (started, resolved) =
        (incident.started.map(|time| time.value), incident.resolved.map(|time| time.value));
    match incident.detected {
        Some(time) => Some((from..to).contains(&time.value)),
        None if started.is_some_and(|time| time >= to) || resolved.is_some_and(|time| time < from) => {
            Some(false)
        }
        None if started.is_some_and(|time| time >= from) && resolved.is_some_and(|time| time < to) => {
            Some(true)
        }
        None => None,
    }
}

impl UnassignedIncident {
    /// Whether it may be critical and noticed between two moments.
    pub fn may_be_critical_between(&self, (from, to): (DateTime<Utc>, DateTime<Utc>)) -> bool {
        let severity = self.severity.is_none_or(|word| word == Severity::Critical.word());
        // What is known of another time than that of detection says little.
        let is_known = matches!(self.time_is, Some("detected" | "created"));
        severity && (!is_known || self.time.is_some_and(|time| (from..to).contains(&time)))
    }
}

/// The first moment of a day, in UTC.
pub fn start_of(day: NaiveDate) -> DateTime<Utc> {
    day.and_time(NaiveTime::MIN).and_utc()
}
