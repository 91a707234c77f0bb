//! On which days events are: by their rule, with what was added, taken out, moved and cancelled.

use chrono::NaiveDate;
use rrule::RRuleSet;
use rustc_hash::{FxHashMap, FxHashSet};

use super::IcsError;
use super::event::Event;
use crate::config::calendar::Holiday;

/// Of an event that comes again, at most so many are kept: a century of a weekly one.
const MOST: usize = 5_200;

/// The days of all events.
pub(super) fn days(events: &[Event]) -> Result<Vec<Holiday>, IcsError> {
    let mut moved: FxHashMap<&str, FxHashSet<NaiveDate>> = FxHashMap::default();
    for event in events {
        if let (Some(uid), Some(day)) = (&event.uid, event.replaces) {
            moved.entry(uid).or_default().insert(day);
        }
    }
    let mut holidays = Vec::new();
    for event in events.iter().filter(|event| !event.cancelled) {
        let days = match event.replaces {
            // An instance that was moved is where it says.
            Some(_) => vec![(event.from, event.to)],
            None => instances(event, event.uid.as_deref().and_then(|uid| moved.get(uid)))?,
        };
        holidays.extend(days.into_iter().map(|(from, to)| Holiday {
            name: event.name.clone(),
            from,
            to,
            yearly: false,
            span: event.span,
        }));
    }
    Ok(holidays)
}

/// The first and last days of an event, without those that another event replaces.
fn instances(
    event: &Event,
    moved: Option<&FxHashSet<NaiveDate>>,
) -> Result<Vec<(NaiveDate, NaiveDate)>, IcsError> {
    let length = event.to.signed_duration_since(event.from);
    let firsts = match &event.rule {
        Some(rule) => repeated(event.from, rule).ok_or_else(|| IcsError {
            span: event.span,
            reason: format!("RRULE is `{rule}`, which is no rule"),
        })?,
        None => vec![event.from],
    };
    let by_rule = firsts.into_iter().filter_map(|from| Some((from, from.checked_add_signed(length)?)));
    let mut all: Vec<_> = by_rule.chain(event.more.iter().copied()).collect();
    all.sort_unstable();
    all.dedup();
    let except: FxHashSet<NaiveDate> = event.except.iter().copied().collect();
    all.retain(|(from, _)| !except.contains(from) && !moved.is_some_and(|moved| moved.contains(from)));
    Ok(all)
}

/// The days on which a recurrence rule lets something begin again.
fn repeated(from: NaiveDate, rule: &str) -> Option<Vec<NaiveDate>> {
    let date = from.format("%Y%m%d");
    // The library wants the end of a rule in the form of its beginning: a moment in UTC.
    let rule: Vec<String> = rule.split(';').filter(|part| !part.is_empty()).map(until_as_moment).collect();
    let text = format!("DTSTART:{date}T000000Z\nRRULE:{}", rule.join(";"));
    let set: RRuleSet = text.parse().ok()?;
    Some(set.into_iter().take(MOST).map(|moment| moment.date_naive()).collect())
}

/// Days begin at midnight, so that the last one is in a rule that ends later on it.
fn until_as_moment(part: &str) -> String {
    match part.strip_prefix("UNTIL=") {
        Some(until) => format!("UNTIL={}T000000Z", until.get(..8).unwrap_or(until)),
        None => part.to_owned(),
    }
}
