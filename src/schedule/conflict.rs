//! What gets in the way of what, as typed facts with their places.

use std::fmt;

use chrono::{NaiveDate, NaiveTime};

use super::working::DayOff;
use crate::config::calendar::Freeze;
use crate::model::Id;
use crate::model::duration::Duration;
use crate::model::rel::RelType;
use crate::source::Span;

/// Something that gets in the way of something else.
#[derive(Debug, Clone)]
pub struct Conflict<'p> {
    /// The release or other entry that it is about.
    pub id: Id,
    /// The day that it is about.
    pub day: NaiveDate,
    /// Its kind.
    pub kind: ConflictKind<'p>,
    /// The places involved; the first is the one to change.
    pub places: Vec<Place>,
}

/// A place that a conflict involves, and what stands there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// Where.
    pub span: Span,
    /// What, in a few words.
    pub text: String,
}

/// What gets in the way of what.
#[derive(Debug, Clone)]
pub enum ConflictKind<'p> {
    /// A milestone lies in a freeze.
    MilestoneInFreeze {
        /// The milestone's name, as read.
        milestone: String,
        /// The freeze.
        freeze: &'p Freeze,
    },
    /// The release itself lies in a freeze.
    ReleaseInFreeze(&'p Freeze),
    /// The release goes out on a day on which a freeze begins or ends.
    PartOfDayFrozen(&'p Freeze),
    /// An entry is due in a freeze that its family must keep.
    DueInFreeze(&'p Freeze),
    /// A milestone falls on a day on which nobody works.
    DayOff {
        /// The milestone's name, as read.
        milestone: String,
        /// Why nobody works.
        off: DayOff<'p>,
        /// The working day before it.
        previous: Option<NaiveDate>,
        /// The working day after it.
        next: Option<NaiveDate>,
    },
    /// The release goes out on a holiday; the weekend is told apart, as for milestones it is not.
    ReleaseOnHoliday {
        /// The holiday.
        off: DayOff<'p>,
        /// The working day after it.
        next: Option<NaiveDate>,
    },
    /// The day after the release is off, so that nobody is there to act.
    BeforeDayOff {
        /// Why nobody works on the day after.
        off: DayOff<'p>,
        /// The next working day after the release.
        next: Option<NaiveDate>,
    },
    /// A phase is shorter than its release type demands.
    TooShort {
        /// Which phase.
        phase: Phase,
        /// The type of the release.
        rel_type: RelType,
        /// The milestone that ends it, as read.
        until: String,
        /// How many days it has.
        days: i64,
        /// How long it must be.
        least: Duration,
    },
    /// A milestone comes before one that its gate waits for.
    OutOfOrder {
        /// The one that must come first.
        first: String,
        /// The one that comes before it.
        second: String,
    },
    /// Two milestones on one day, of which one waits for the other.
    SameDay {
        /// The one that must come first.
        first: String,
        /// The one that needs it done.
        second: String,
    },
    /// Releases are rolled out to one environment at the same time.
    SharedEnvironment {
        /// The other releases.
        others: Vec<Id>,
        /// What they deploy to.
        environments: Vec<String>,
        /// The first day that two of them take.
        from: NaiveDate,
        /// The last.
        to: NaiveDate,
    },
}

/// A stretch of a release that needs its time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    /// From the day on which the release is entered to feature complete.
    Planning,
    /// From feature complete to the release.
    Testing,
}

impl Place {
    /// A place and what stands there.
    pub fn new(span: Span, text: impl Into<String>) -> Self {
        Place { span, text: text.into() }
    }
}

impl ConflictKind<'_> {
    /// The name of the rule that reports it.
    pub fn rule(&self) -> &'static str {
        match self {
            ConflictKind::MilestoneInFreeze { .. } | ConflictKind::DueInFreeze(_) => "milestone-in-freeze",
            ConflictKind::ReleaseInFreeze(_) => "release-in-freeze",
            ConflictKind::PartOfDayFrozen(_) => "release-on-day-of-freeze",
            ConflictKind::DayOff { .. } => "milestone-on-day-off",
            ConflictKind::ReleaseOnHoliday { .. } => "release-on-holiday",
            ConflictKind::BeforeDayOff { .. } => "release-before-day-off",
            ConflictKind::TooShort { phase: Phase::Planning, .. } => "planning-too-short",
            ConflictKind::TooShort { phase: Phase::Testing, .. } => "testing-too-short",
            ConflictKind::OutOfOrder { .. } | ConflictKind::SameDay { .. } => "milestone-order",
            ConflictKind::SharedEnvironment { .. } => "shared-environment",
        }
    }

    /// What to do about it, if the kind alone says it.
    pub fn help(&self) -> String {
        match self {
            ConflictKind::DayOff { previous, next, .. } => match (previous, next) {
                (Some(previous), Some(next)) => format!(
                    "the working days around it are {previous} and {next}; `adjust` under `[calendar]` moves such days"
                ),
                _ => "choose a working day, or correct `[calendar]`".to_owned(),
            },
            ConflictKind::ReleaseOnHoliday { next: Some(next), .. }
            | ConflictKind::BeforeDayOff { next: Some(next), .. } => {
                format!("a release on {next} has people at work behind it")
            }
            ConflictKind::ReleaseOnHoliday { .. } | ConflictKind::BeforeDayOff { .. } => {
                "choose a day with a working day behind it".to_owned()
            }
            ConflictKind::MilestoneInFreeze { freeze, .. }
            | ConflictKind::ReleaseInFreeze(freeze)
            | ConflictKind::DueInFreeze(freeze) => {
                format!("the freeze ends on {}; move one of the two", moment(freeze.to, freeze.ends_at()))
            }
            ConflictKind::PartOfDayFrozen(_) => {
                "release at another time of the day, or on a day without a freeze".to_owned()
            }
            ConflictKind::TooShort { .. } => {
                "move the release, or state the time that is enough under `[calendar.minimum]`".to_owned()
            }
            ConflictKind::OutOfOrder { first, second } => {
                let gates: Vec<String> =
                    crate::model::rel::MILESTONES.iter().map(|name| name.replace('_', " ")).collect();
                if !gates.contains(second) {
                    return format!("plan {first} before {second}");
                }
                format!("plan {first} first, as the gates run: {}", gates.join(", "))
            }
            ConflictKind::SameDay { first, second } => {
                format!("give testers what was frozen: plan {second} at least a day after {first}")
            }
            ConflictKind::SharedEnvironment { .. } => {
                "let one of them end before the other begins: whose fault a failure is cannot be told otherwise"
                    .to_owned()
            }
        }
    }
}

impl fmt::Display for Conflict<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let day = self.day;
        match &self.kind {
            ConflictKind::MilestoneInFreeze { milestone, freeze } => {
                write!(out, "{milestone} lies in the freeze `{}` ({})", freeze.name, extent(freeze))
            }
            ConflictKind::ReleaseInFreeze(freeze) => {
                write!(out, "the release on {day} lies in the freeze `{}` ({})", freeze.name, extent(freeze))
            }
            ConflictKind::PartOfDayFrozen(freeze) => {
                write!(
                    out,
                    "the release is on {day}, a part of which is in the freeze `{}` ({})",
                    freeze.name,
                    extent(freeze)
                )
            }
            ConflictKind::DueInFreeze(freeze) => {
                write!(out, "due on {day}, in the freeze `{}` ({})", freeze.name, extent(freeze))
            }
            ConflictKind::DayOff { milestone, off, .. } => write!(out, "{milestone} falls on {off}"),
            ConflictKind::ReleaseOnHoliday { off, .. } => write!(out, "the release on {day} falls on {off}"),
            ConflictKind::BeforeDayOff { off, .. } => {
                write!(out, "the release on {day} is followed by {off}, when no one is at work")
            }
            ConflictKind::TooShort { phase, rel_type, until, days, least } => {
                let phase = if *phase == Phase::Planning { "planning" } else { "testing" };
                let plural = if *days == 1 { "" } else { "s" };
                let least = least.in_words();
                write!(
                    out,
                    "{days} day{plural} for {phase} until {until}, and a {rel_type} release takes {least}"
                )
            }
            ConflictKind::OutOfOrder { first, second } => write!(out, "{second} comes before {first}"),
            ConflictKind::SameDay { first, second } => write!(out, "{first} and {second} fall on one day"),
            ConflictKind::SharedEnvironment { others, environments, from, to } => {
                let days = if from == to { format!("on {from}") } else { format!("from {from} to {to}") };
                let named: Vec<String> = others.iter().take(NAMED).map(ToString::to_string).collect();
                let (who, verb) = match (named.as_slice(), others.len().saturating_sub(NAMED)) {
                    ([one], _) => (one.clone(), "is"),
                    (named, 0) => (named.join(", "), "are"),
                    (named, more) => (format!("{} and {more} more releases", named.join(", ")), "are"),
                };
                write!(out, "{who} {verb} rolled out to {} too {days}", environments.join(", "))
            }
        }
    }
}

/// How many releases a message names.
const NAMED: usize = 3;

/// The days of a freeze, with its reason.
fn extent(freeze: &Freeze) -> String {
    let reason = freeze.reason.as_ref().map(|reason| format!(": {reason}")).unwrap_or_default();
    let (from, to) = (moment(freeze.from, freeze.begins_at()), moment(freeze.to, freeze.ends_at()));
    if from == to { format!("{from}{reason}") } else { format!("{from} to {to}{reason}") }
}

/// A day, with a time of it where that matters.
fn moment(day: NaiveDate, time: Option<NaiveTime>) -> String {
    time.map_or_else(|| day.to_string(), |time| format!("{day} {}", time.format("%H:%M")))
}
