//! How long releases are supported, on the calendar.

use chrono::NaiveDate;

use super::Planned;
use crate::model::Text;
use crate::model::rel::{Rel, RelStatus, gate};
use crate::model::support::{Support, SupportPhase, releases_later};
use crate::model::version::VersionKind;
use crate::source::Span;

/// So many days behind a release its support does not end: a stated end within them is that of hypercare.
pub const HYPERCARE_DAYS: i64 = 8 * 7;

/// The support of a release.
#[derive(Debug, Default)]
pub struct Lifecycle<'p> {
    /// Its phases, in the order in which they are written; the end of life is none of them.
    pub phases: Vec<PhaseDays<'p>>,
    /// The day on which it ends, if one is known, and where that is written.
    pub end: Option<(NaiveDate, Span)>,
    /// What is written for the end, if anything is.
    pub end_text: Option<&'p Text<'p>>,
}

/// A phase of support with its days, as far as they are known.
#[derive(Debug)]
pub struct PhaseDays<'p> {
    /// Which phase.
    pub phase: SupportPhase,
    /// What is written.
    pub stated: &'p Support<'p>,
    /// Its first day.
    pub from: Option<NaiveDate>,
    /// The day on which it ends.
    pub until: Option<NaiveDate>,
}

impl PhaseDays<'_> {
    /// Where its begin is written, or else all of it.
    pub fn place_of_begin(&self) -> Span {
        self.stated.from.as_ref().map_or(self.stated.span, |from| from.span)
    }

    /// Where its end is written, or else all of it.
    pub fn place_of_end(&self) -> Span {
        self.stated.until.as_ref().map_or(self.stated.span, |until| until.span)
    }
}

impl<'p> Lifecycle<'p> {
    /// The phase that a day is in.
    pub fn on(&self, day: NaiveDate) -> Option<&PhaseDays<'p>> {
        let is_in = |phase: &&PhaseDays<'_>| {
            phase.from.is_some_and(|from| from <= day) && phase.until.is_none_or(|until| day < until)
        };
        self.phases.iter().find(is_in)
    }

    /// Whether anything is said of the support.
    pub fn is_stated(&self) -> bool {
        !self.phases.is_empty() || self.end_text.is_some()
    }
}

/// The support of each release, in their order.
pub fn lifecycles<'p>(releases: &[Planned<'p>]) -> Vec<Lifecycle<'p>> {
    let line = by_version(releases);
    releases.iter().map(|planned| lifecycle(planned, &line)).collect()
}

/// The releases that go out, by version, and those without one by day.
fn by_version<'r, 'p>(releases: &'r [Planned<'p>]) -> Vec<&'r Planned<'p>> {
    let goes_out = |rel: &Rel<'_>| rel.status.is_none_or(|status| status.value != RelStatus::Cancelled);
    let mut line: Vec<&Planned<'p>> = releases.iter().filter(|planned| goes_out(planned.release)).collect();
    let version = |planned: &Planned<'p>| planned.release.version.as_ref().map(|version| &version.value);
    line.sort_by(|a, b| {
        version(a)
            .cmp(&version(b))
            .then(a.release.date.map(|d| d.value).cmp(&b.release.date.map(|d| d.value)))
    });
    line
}

fn lifecycle<'p>(planned: &Planned<'p>, line: &[&Planned<'p>]) -> Lifecycle<'p> {
    let release = planned.release;
    let day = |text: &Text<'_>| resolved(planned, text, line);
    let is_end =
        |support: &&Support<'_>| support.phase.is_some_and(|phase| phase.value == SupportPhase::EndOfLife);
    let end_of_life = release.support.iter().find(is_end).and_then(|support| support.from.as_ref());
    let hypercare = |text: &Text<'_>| {
        let (end, date) = (day(text)?, release.date?.value);
        ((end - date).num_days() <= HYPERCARE_DAYS).then_some(())
    };
    // A milestone of this name weeks behind the release is the end of its support.
    let milestone =
        release.milestones.iter().find(|milestone| gate(&milestone.name.value) == Some("support_end"));
    let milestone =
        milestone.and_then(|milestone| milestone.when.as_ref()).filter(|when| hypercare(when).is_none());
    let end_text = release.end_of_life.as_ref().or(end_of_life);
    let end_text = end_text.or(milestone.filter(|when| day(when).is_some()));
    let stated_end = end_text.and_then(|text| Some((day(text)?, text.span)));
    let mut phases: Vec<PhaseDays<'p>> = Vec::new();
    for stated in &release.support {
        let Some(phase) =
            stated.phase.map(|phase| phase.value).filter(|phase| *phase != SupportPhase::EndOfLife)
        else {
            continue;
        };
        let before = phases.last().and_then(|before| before.until);
        let first = if phases.is_empty() { release.date.map(|date| date.value) } else { before };
        let from = stated.from.as_ref().map_or(first, day);
        let until = stated.until.as_ref().and_then(day);
        // What ends with the next phase is known once that is read.
        if let Some(before) = phases.last_mut().filter(|before| before.stated.until.is_none()) {
            before.until = from;
        }
        phases.push(PhaseDays { phase, stated, from, until });
    }
    if let Some(last) = phases.last_mut().filter(|last| last.stated.until.is_none()) {
        last.until = stated_end.map(|(end, _)| end);
    }
    let last = phases
        .iter()
        .filter_map(|phase| Some((phase.until?, phase.place_of_end())))
        .max_by_key(|(end, _)| *end);
    Lifecycle { end: stated_end.or(last), end_text, phases }
}

/// The day that a text names: of the calendar, from the release, of a milestone, or of a later release.
fn resolved(planned: &Planned<'_>, text: &Text<'_>, line: &[&Planned<'_>]) -> Option<NaiveDate> {
    match releases_later(&text.value) {
        Some(count) => later(planned, count, line)?.release.date.map(|date| date.value),
        None => planned.day_of(text),
    }
}

/// The release that is so many releases behind another, of those that are at least as large.
fn later<'r, 'p>(planned: &Planned<'_>, count: usize, line: &[&'r Planned<'p>]) -> Option<&'r Planned<'p>> {
    let own = planned.release.version.as_ref();
    let is_behind = |other: &&&Planned<'p>| match (own, &other.release.version) {
        (Some(own), Some(other)) => {
            let large_enough = size(other.value.final_kind()) >= size(own.value.final_kind());
            other.value > own.value && large_enough && !other.value.is_pre_release()
        }
        (None, None) => {
            other.release.date.map(|date| date.value) > planned.release.date.map(|date| date.value)
        }
        _ => false,
    };
    line.iter().filter(is_behind).nth(count.checked_sub(1)?).copied()
}

fn size(kind: VersionKind) -> u8 {
    match kind {
        VersionKind::Major => 2,
        VersionKind::Minor => 1,
        VersionKind::Patch | VersionKind::PreRelease => 0,
    }
}
