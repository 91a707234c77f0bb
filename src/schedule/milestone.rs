//! Where the milestones of a release fall.

use std::borrow::Cow;

use chrono::NaiveDate;

use super::support::HYPERCARE_DAYS;
use super::working::WorkingCalendar;
use crate::config::Config;
use crate::config::calendar::CalendarSettings;
use crate::model::milestone::{Milestone as Stated, MilestoneRecord};
use crate::model::offset::{Timing, When};
use crate::model::rel::{MILESTONES, Rel, RelType, gate};
use crate::model::same_folded;
use crate::source::Span;
use crate::source::shown::in_words;

/// A milestone on the calendar.
#[derive(Debug, Clone)]
pub struct Milestone<'p> {
    /// Its name: one of [`MILESTONES`], or what the plan calls it.
    pub name: Cow<'p, str>,
    /// The day on which it is.
    pub day: NaiveDate,
    /// Its last day, if it takes several.
    pub until: Option<NaiveDate>,
    /// The day on which it would be if people worked on every day.
    pub planned: NaiveDate,
    /// What it is counted by, as written.
    pub when: Cow<'p, str>,
    /// The source.
    pub source: Source,
    /// What the release says of it, if it says anything.
    pub stated: Option<&'p Stated<'p>>,
    /// Whether it ends the time right behind the release in which its team watches over it, and not the support.
    pub is_hypercare: bool,
}

/// What people call the end of the time right behind a release.
pub const HYPERCARE_END: &str = "hypercare end";

/// Who says when a milestone is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// The release itself, here.
    Release(Span),
    /// `relplan.toml`, here, for every release of the type.
    Config(Span),
    /// The usual offset.
    Default,
}

/// The seven milestones and their usual offsets (seed: release calendar), in the order of the gates.
const DEFAULTS: [(&str, &str); 7] = [
    ("feature_complete", "3 weeks before"),
    ("alpha", "4 weeks before"),
    ("code_freeze", "2 weeks before"),
    ("beta", "2 weeks before"),
    ("release_candidate", "1 week before"),
    ("production", "release date"),
    ("support_end", "1 week after"),
];

/// A milestone before its day is known.
#[derive(Debug, Clone)]
struct Spec<'p> {
    name: Cow<'p, str>,
    when: Cow<'p, str>,
    source: Source,
    stated: Option<&'p Stated<'p>>,
}

impl Milestone<'_> {
    /// What people call it: its title, or its name without underscores: `code freeze`.
    pub fn title(&self) -> String {
        let stated = self.stated.and_then(Stated::title);
        let name = if self.is_hypercare { HYPERCARE_END } else { &self.name };
        stated.map_or_else(|| in_words(name), str::to_owned)
    }

    /// What else the release says of it, if it does.
    pub fn record(&self) -> Option<&MilestoneRecord<'_>> {
        self.stated?.record.as_deref()
    }

    /// How many days later than planned it was reached; earlier if negative, nothing if it was not reached yet.
    pub fn delay(&self) -> Option<i64> {
        let actual = self.record()?.actual?.value;
        let last = self.until.unwrap_or(self.day);
        Some(if actual > last { (actual - last).num_days() } else { (actual - self.day).num_days().min(0) })
    }

    /// Its position among the gates, if it is one of the seven.
    pub fn gate(&self) -> Option<usize> {
        MILESTONES.iter().position(|gate| *gate == self.name)
    }

    /// Whether it is the release itself.
    pub fn is_production(&self) -> bool {
        self.name == "production"
    }

    /// Whether the release or the configuration says when it is.
    pub fn is_stated(&self) -> bool {
        self.source != Source::Default
    }
}

/// The milestones of a release that goes out on `date`, by day.
pub fn placed<'p>(
    release: &'p Rel<'p>,
    settings: &'p CalendarSettings,
    working: &WorkingCalendar<'_>,
    date: Option<NaiveDate>,
) -> Vec<Milestone<'p>> {
    place_all(&specs(release, settings), working, date)
}

/// The milestones of any release of a type that goes out on `date`, by day.
pub fn placed_by_type<'p>(
    rel_type: Option<RelType>,
    settings: &'p CalendarSettings,
    working: &WorkingCalendar<'_>,
    date: NaiveDate,
) -> Vec<Milestone<'p>> {
    place_all(&specs_of_type(rel_type, settings), working, Some(date))
}

fn place_all<'p>(
    specs: &[Spec<'p>],
    working: &WorkingCalendar<'_>,
    date: Option<NaiveDate>,
) -> Vec<Milestone<'p>> {
    let place = |spec: &Spec<'p>| {
        let planned = day_of(specs, &spec.name, date, specs.len())?;
        let when = match Timing::parse(&spec.when) {
            Ok(Timing::When(when)) => Some(when.of(&spec.name)),
            _ => None,
        };
        let until = when.and_then(|when| when.last_day(date));
        let fixed = until.is_some() || when.is_some_and(When::is_dated);
        // The day of the release is stated, and not ours to move.
        let day = if fixed || spec.name == "production" { planned } else { working.adjusted(planned) };
        Some(Milestone {
            name: spec.name.clone(),
            day,
            until: until.filter(|last| *last > day),
            planned,
            when: spec.when.clone(),
            source: spec.source,
            stated: spec.stated,
            is_hypercare: spec.name == "support_end"
                && date.is_none_or(|date| (0..=HYPERCARE_DAYS).contains(&(planned - date).num_days())),
        })
    };
    let mut milestones: Vec<Milestone<'p>> = specs.iter().filter_map(place).collect();
    milestones.sort_by_key(|milestone| (milestone.day, milestone.gate().unwrap_or(0)));
    milestones
}

/// The milestones that somebody states and that never get a day, even where the release has one:
/// name, what is written, and where.
pub fn unplaced(
    release: &Rel<'_>,
    settings: &CalendarSettings,
    someday: NaiveDate,
) -> Vec<(String, String, Span)> {
    let specs = specs(release, settings);
    let date = release.date.map_or(someday, |date| date.value);
    let lost = specs.iter().filter(|spec| day_of(&specs, &spec.name, Some(date), specs.len()).is_none());
    let stated = lost.filter_map(|spec| match spec.source {
        Source::Release(span) | Source::Config(span) => {
            Some((spec.name.to_string(), spec.when.to_string(), span))
        }
        Source::Default => None,
    });
    stated.filter(|(_, when, _)| Timing::parse(when) != Ok(Timing::Never)).collect()
}

/// The longest circle of milestones that a message can name.
const LONGEST_CIRCLE: usize = 8;

/// The milestones that a milestone is counted from, one over the other, up to itself; nothing if the way ends elsewhere.
pub fn circle(release: &Rel<'_>, settings: &CalendarSettings, name: &str) -> Option<Vec<String>> {
    let specs = specs(release, settings);
    let mut way: Vec<String> = Vec::new();
    let mut at = name.to_owned();
    loop {
        let wanted = gate(&at).unwrap_or(&at);
        let spec = specs.iter().find(|spec| same_folded(&spec.name, wanted))?;
        let Ok(Timing::Milestone(_, anchor)) = Timing::parse(&spec.when) else { return None };
        if same_folded(gate(anchor).unwrap_or(anchor), gate(name).unwrap_or(name)) {
            return Some(way);
        }
        if way.len() == LONGEST_CIRCLE {
            return None;
        }
        way.push(anchor.to_owned());
        at = anchor.to_owned();
    }
}

/// Whether a text is the name of a milestone that a release has.
pub fn names_milestone(release: &Rel<'_>, config: &Config, text: &str) -> bool {
    let wanted = gate(text.trim()).unwrap_or(text);
    specs(release, &config.calendar).iter().any(|spec| same_folded(&spec.name, wanted))
}

/// The milestone with a name, folded; the seven also under their other names.
pub(super) fn find<'m, 'p>(milestones: &'m [Milestone<'p>], name: &str) -> Option<&'m Milestone<'p>> {
    let wanted = gate(name.trim()).unwrap_or(name);
    milestones.iter().find(|milestone| same_folded(&milestone.name, wanted))
}

/// What is said about each milestone: usually, then by the configuration, then by the release itself.
fn specs<'p>(release: &'p Rel<'p>, settings: &'p CalendarSettings) -> Vec<Spec<'p>> {
    let mut specs = specs_of_type(release.rel_type(), settings);
    for stated in &release.milestones {
        let name = gate(&stated.name.value).unwrap_or(&stated.name.value);
        if let Some(when) = &stated.when {
            set(&mut specs, name, &when.value, Source::Release(when.span));
        }
        if let Some(spec) = specs.iter_mut().find(|spec| same_folded(&spec.name, name)) {
            spec.stated = Some(stated);
        }
    }
    specs
}

fn specs_of_type(rel_type: Option<RelType>, settings: &CalendarSettings) -> Vec<Spec<'_>> {
    let usual = DEFAULTS.iter().filter(|(name, _)| is_default(rel_type, name));
    let mut specs = Vec::new();
    for (name, when) in usual {
        specs.push(Spec {
            name: (*name).into(),
            when: (*when).into(),
            source: Source::Default,
            stated: None,
        });
    }
    for stated in settings.milestones.iter().filter(|stated| Some(stated.rel_type) == rel_type) {
        set(&mut specs, &stated.name.value, &stated.when.value, Source::Config(stated.when.span));
    }
    specs
}

/// Whether releases of a type have a milestone unless they say otherwise. A patch is planned and
/// tested within less than two weeks and a hotfix within hours (seed: release types), so neither
/// has milestones that lie further back.
fn is_default(rel_type: Option<RelType>, name: &str) -> bool {
    match rel_type {
        Some(RelType::Hotfix) => ["production", "support_end"].contains(&name),
        Some(RelType::Patch) => ["release_candidate", "production", "support_end"].contains(&name),
        _ => true,
    }
}

fn set<'p>(specs: &mut Vec<Spec<'p>>, name: &'p str, when: &'p str, source: Source) {
    let name = gate(name).unwrap_or(name);
    let spec = Spec { name: name.into(), when: when.into(), source, stated: None };
    match specs.iter_mut().find(|known| same_folded(&known.name, name)) {
        Some(known) => *known = spec,
        None => specs.push(spec),
    }
}

/// The day of a milestone. One that counts from itself, over however many others, has none: after
/// as many steps as there are milestones the way must have come to an end.
fn day_of(specs: &[Spec<'_>], name: &str, date: Option<NaiveDate>, steps: usize) -> Option<NaiveDate> {
    let wanted = gate(name).unwrap_or(name);
    let spec = specs.iter().find(|spec| same_folded(&spec.name, wanted))?;
    match Timing::parse(&spec.when).ok()? {
        Timing::When(when) => Some(when.of(&spec.name).moment(date)?.date()),
        Timing::Milestone(offset, anchor) => {
            Some(offset.moment(day_of(specs, anchor, date, steps.checked_sub(1)?)?)?.date())
        }
        Timing::Never => None,
    }
}

#[cfg(test)]
mod tests;
