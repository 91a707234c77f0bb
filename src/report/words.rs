//! Words and figures that several documents share.

use chrono::NaiveDate;
use rustc_hash::FxHashMap;

use super::{Line, Tone};
use crate::graph::Release;
use crate::verdict::Check;
use crate::verdict::entry_state::EntryState;

/// What it means to stand so.
pub(crate) const fn tone_of(state: EntryState) -> Tone {
    match state {
        EntryState::Done => Tone::Good,
        EntryState::Waived => Tone::Waived,
        EntryState::Open => Tone::Neutral,
        EntryState::Failed => Tone::Bad,
        EntryState::Unknown => Tone::Unknown,
    }
}

/// A status in its own word with its meaning, or nothing where none is stated.
pub(crate) fn status(state: EntryState, word: Option<&str>) -> Line {
    word.map_or_else(Line::new, |word| Line::badge(tone_of(state), word))
}

/// `87.5 %`; of nothing nothing can be said.
pub(crate) fn percent(value: Option<f64>) -> String {
    value.map_or_else(|| "n/a".to_owned(), |value| format!("{value} %"))
}

/// What a document is about: the release with its title.
pub(crate) fn about(release: Option<&Release>) -> Option<String> {
    release.map(|release| match release.title.as_str() {
        "" => release.name(),
        title => format!("{}: {title}", release.name()),
    })
}

/// A next step with the day by which it is due.
pub(crate) fn by(next: Option<Line>, due: Option<NaiveDate>) -> Option<Line> {
    match (next, due) {
        (Some(next), Some(due)) => Some(next.and(format!(" (due {due})"))),
        (next, _) => next,
    }
}

/// A day with its weekday and how far away it is.
pub(crate) fn dated(date: NaiveDate, today: NaiveDate) -> String {
    let distance = match date.signed_duration_since(today).num_days() {
        0 => "today".to_owned(),
        1 => "tomorrow".to_owned(),
        -1 => "yesterday".to_owned(),
        days @ 1.. => format!("in {days} days"),
        days => format!("{} days ago", -days),
    };
    format!("{} ({distance})", date.format("%a %Y-%m-%d"))
}

/// Whether a check is that of an entry; one of a gate leads nowhere.
fn is_entry(id: &str) -> bool {
    crate::model::id::parse(id).is_ok()
}

/// A check: an entry by its id and title; one of a gate by its title, which says all that its id does.
pub(crate) fn named(id: &str, title: &str) -> Line {
    let line = if is_entry(id) { Line::id(id).and(" ") } else { Line::new() };
    line.strong(title)
}

/// Checks in a sentence: entries by their ids, those of a gate by their titles.
pub(crate) fn about_checks<'i>(checks: &[Check], ids: impl IntoIterator<Item = &'i String>) -> Line {
    let titles: FxHashMap<&str, &str> =
        checks.iter().map(|check| (check.id.as_str(), check.title.as_str())).collect();
    listed(ids, |line, id| match titles.get(id) {
        Some(title) if !is_entry(id) => line.and(format!("“{title}”")),
        _ => line.id_too(id),
    })
}

/// Checks by their ids; those that are no entry's lead nowhere.
pub(crate) fn checks_by_id<'i>(ids: impl IntoIterator<Item = &'i String>) -> Line {
    listed(ids, |line, id| if is_entry(id) { line.id_too(id) } else { line.and(id) })
}

/// Ids with commas between them, each written its own way.
fn listed<'i>(ids: impl IntoIterator<Item = &'i String>, write: impl Fn(Line, &str) -> Line) -> Line {
    ids.into_iter()
        .enumerate()
        .fold(Line::new(), |line, (place, id)| write(if place == 0 { line } else { line.and(", ") }, id))
}
