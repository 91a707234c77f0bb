//! `[calendar]`: working days, holidays, freezes, milestones, trains, the time zone.

mod freeze;
mod holiday;
mod train;
mod zone;

use chrono::{NaiveDate, Weekday, WeekdaySet};
use chrono_tz::Tz;

use super::owned;
use crate::model::Choice;
use crate::model::cadence::{Cadence, full_name};
use crate::model::defect::{CalendarDefect, DefectKind};
use crate::model::duration::Duration;
use crate::model::field::{Field, Shape, choices, words};
use crate::model::offset::{Timing, When};
use crate::model::order::Order;
use crate::model::reader::Reader;
use crate::model::rel::RelType;
use crate::source::{Span, Spanned};

pub use freeze::{Freeze, branch_name, is_branch, is_branch_of};
pub use holiday::Holiday;
pub use train::{Pattern, Train};
pub use zone::{Boundary, Deadline, boundary, nearest_zone, time_zone, zone_name};

/// What `[calendar]` says.
#[derive(Debug)]
pub struct CalendarSettings {
    /// The days of the week on which people work; Monday to Friday unless stated.
    pub working_days: WeekdaySet,
    /// Where a milestone goes that falls on another day.
    pub adjust: Adjust,
    /// The time zone of every deadline.
    pub zone: Option<Spanned<Tz>>,
    /// The time of the day at which a day of the plan is over.
    pub deadline: Option<Spanned<Deadline>>,
    /// Days on which nobody works, by the order in which they are written.
    pub holidays: Vec<Holiday>,
    /// iCalendar files with more of them, from the folder of `relplan.toml`.
    pub holiday_files: Vec<Spanned<String>>,
    /// Those that were read and hold no day.
    pub empty_holiday_files: Vec<Spanned<String>>,
    /// Times in which nothing is released.
    pub freezes: Vec<Freeze>,
    /// Where milestones are by release type, where not at their usual offsets.
    pub milestones: Vec<DefaultMilestone>,
    /// How long planning and testing take at least, by release type, if not as usual.
    pub minimums: Vec<(RelType, Minimum)>,
    /// How long planning and testing may take, by release type.
    pub maximums: Vec<(RelType, Minimum)>,
    /// How often releases of a type come.
    pub cadences: Vec<(RelType, Spanned<Cadence>)>,
    /// What comes again in a rhythm.
    pub trains: Vec<Train>,
}

impl Default for CalendarSettings {
    fn default() -> Self {
        use Weekday::{Fri, Mon, Thu, Tue, Wed};
        CalendarSettings {
            working_days: WeekdaySet::from_array([Mon, Tue, Wed, Thu, Fri]),
            adjust: Adjust::None,
            zone: None,
            deadline: None,
            holidays: Vec::new(),
            holiday_files: Vec::new(),
            empty_holiday_files: Vec::new(),
            freezes: Vec::new(),
            milestones: Vec::new(),
            minimums: Vec::new(),
            maximums: Vec::new(),
            cadences: Vec::new(),
            trains: Vec::new(),
        }
    }
}

crate::model::value::choice! {
    /// Where a milestone goes that falls on a day off.
    Adjust {
        /// It stays, and is reported.
        None = "none",
        /// To the next working day.
        Next = "next" | "following",
        /// To the working day before.
        Previous = "previous" | "preceding",
    }
}

/// Where a milestone of a release type is.
#[derive(Debug, Clone)]
pub struct DefaultMilestone {
    /// The type of release.
    pub rel_type: RelType,
    /// The milestone, as written.
    pub name: Spanned<String>,
    /// Its offset, or `none` if releases of this type go without it.
    pub when: Spanned<String>,
}

/// How long a release type takes at least (seed: release types).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Minimum {
    /// From the day on which the release is entered to feature complete.
    pub planning: Option<Spanned<Duration>>,
    /// From feature complete to the release.
    pub testing: Option<Spanned<Duration>>,
}

/// The keys of `[calendar]`.
pub const CALENDAR: &[Field] = &[
    Field::new("working_days", Shape::List, "Working days; Monday to Friday by default.")
        .asks(Order::Nothing),
    Field::new(
        "adjust",
        Shape::Choice(choices::<Adjust>),
        "Where a milestone moves that falls on a day off: none (default), next or previous.",
    )
    .asks(Order::Nothing),
    Field::new(
        "time_zone",
        Shape::Text,
        "The time zone of deadlines: a name such as `Europe/Berlin`, or `anywhere-on-earth` (UTC−12).",
    )
    .asks(Order::Nothing),
    Field::new("deadline_time", Shape::Text, "Time of day of deadlines: `18:00`; `24:00` by default.")
        .asks(Order::Nothing),
    Field::new("holidays", Shape::Structure(holiday::FIELDS), "Holidays.").asks(Order::Records("name")),
    Field::new("holidays_file", Shape::List, "iCalendar files with holidays, relative to this file.")
        .asks(Order::Each),
    Field::new("freezes", Shape::Structure(freeze::FIELDS), "Change freezes.").asks(Order::Records("name")),
    Field::new(
        "milestones",
        Shape::Free,
        "Milestones by release type, as offsets from the release; `none` removes one.",
    )
    .asks(Order::Nothing),
    Field::new("minimum", Shape::Free, "Minimum time for `planning` and `testing`, by release type.")
        .asks(Order::Nothing),
    Field::new(
        "maximum",
        Shape::Free,
        "Maximum time for `planning` and `testing`, by release type; 24 and 8 hours for a hotfix by default.",
    )
    .asks(Order::Nothing),
    Field::new("cadence", Shape::Free, "Cadence by release type: `minor = \"monthly\"`.")
        .asks(Order::Nothing),
    Field::new("trains", Shape::Structure(train::FIELDS), "Release trains.").asks(Order::Nothing),
];

/// The keys of `[calendar.minimum.TYPE]`.
pub const MINIMUM: &[Field] = &[
    Field::new("planning", Shape::Duration, "From the day a release is entered to feature complete."),
    Field::new("testing", Shape::Duration, "From feature complete to the release."),
];

/// Reads `[calendar]`.
pub(super) fn read(reader: &mut Reader<'_>) -> CalendarSettings {
    let mut settings = CalendarSettings::default();
    let Some((mut table, _)) = reader.structure("calendar") else { return settings };
    if let Some(days) = read_working_days(&mut table) {
        settings.working_days = days;
    }
    settings.adjust = table.choice("adjust").map_or(Adjust::None, |adjust| adjust.value);
    settings.zone = zone::read(&mut table);
    settings.deadline = zone::read_deadline(&mut table);
    settings.holidays = holiday::read(&mut table);
    settings.holiday_files = owned(table.list("holidays_file"));
    settings.freezes = freeze::read(&mut table);
    settings.milestones = read_milestones(&mut table);
    settings.minimums = read_durations(&mut table, "minimum");
    settings.maximums = read_durations(&mut table, "maximum");
    settings.cadences = read_cadences(&mut table);
    settings.trains = train::read(&mut table);
    reader.absorb(table, &[CALENDAR]);
    settings
}

fn read_working_days(table: &mut Reader<'_>) -> Option<WeekdaySet> {
    let mut days = WeekdaySet::EMPTY;
    let place = table.place("working_days")?;
    let before = table.defect_count();
    let texts = table.list("working_days");
    // What is no list of days at all was reported.
    if texts.is_empty() && table.defect_count() > before {
        return None;
    }
    let mut understood = true;
    for text in texts {
        match text.value.trim().parse::<Weekday>() {
            Ok(day) => drop(days.insert(day)),
            Err(_) => {
                understood = false;
                let known = WeekdaySet::ALL.iter(Weekday::Mon).map(full_name).collect();
                let found = text.value.into_owned();
                table.defect(text.span, DefectKind::UnknownValue { found, known });
            }
        }
    }
    if days.is_empty() && understood {
        table.defect(place, DefectKind::Calendar(CalendarDefect::NoWorkingDay));
    }
    (!days.is_empty()).then_some(days)
}

/// The first and the last day of a table; a last day before the first is a defect.
pub(super) fn read_days(
    inner: &mut Reader<'_>,
    place: Span,
    first: &str,
    example: &'static str,
) -> Option<(NaiveDate, NaiveDate)> {
    let there = inner.has(first);
    let from = inner.date(first);
    let to = inner.date("to");
    let Some(from) = from else {
        if !there {
            inner.defect(place, DefectKind::Calendar(CalendarDefect::Missing { example }));
        }
        return None;
    };
    let last = to.map_or(from.value, |to| to.value);
    if let Some(to) = to.filter(|to| to.value < from.value) {
        inner.defect(to.span, DefectKind::Calendar(CalendarDefect::Reversed));
        return None;
    }
    Some((from.value, last))
}

/// The tables of a table whose keys are release types.
fn by_type<'s>(table: &mut Reader<'s>, name: &str) -> Vec<(RelType, Reader<'s>)> {
    let mut all = Vec::new();
    for (word, inner, _) in table.named_structures(name) {
        match RelType::from_word(&word.value) {
            Some(rel_type) => all.push((rel_type, inner)),
            None => {
                let (found, known) = (word.value.into_owned(), words::<RelType>());
                table.defect(word.span, DefectKind::UnknownValue { found, known });
            }
        }
    }
    all
}

fn read_milestones(table: &mut Reader<'_>) -> Vec<DefaultMilestone> {
    let mut milestones = Vec::new();
    for (rel_type, mut inner) in by_type(table, "milestones") {
        for (name, node) in inner.rest() {
            let when = Spanned::new(node.text().unwrap_or("").to_owned(), node.span);
            if is_offset(&when.value) {
                let name = Spanned::new(name.value.into_owned(), name.span);
                milestones.push(DefaultMilestone { rel_type, name, when });
            } else {
                inner.defect(when.span, DefectKind::Calendar(CalendarDefect::NotAnOffset));
            }
        }
        table.absorb(inner, &[]);
    }
    milestones
}

/// Whether a text is counted from a release; a day of the calendar serves one release only.
fn is_offset(text: &str) -> bool {
    !matches!(Timing::parse(text), Err(_) | Ok(Timing::When(When::Day(_) | When::Days(..))))
}

/// `minor = "monthly"`, by release type.
fn read_cadences(table: &mut Reader<'_>) -> Vec<(RelType, Spanned<Cadence>)> {
    let mut cadences = Vec::new();
    for (name, text) in table.free_mapping("cadence") {
        match (RelType::from_word(&name.value), Cadence::parse(&text.value)) {
            (Some(rel_type), Some(cadence)) => cadences.push((rel_type, Spanned::new(cadence, text.span))),
            (None, _) => {
                let (found, known) = (name.value.into_owned(), words::<RelType>());
                table.defect(name.span, DefectKind::UnknownValue { found, known });
            }
            (_, None) => table.defect(text.span, DefectKind::Calendar(CalendarDefect::NotACadence)),
        }
    }
    cadences
}

fn read_durations(table: &mut Reader<'_>, name: &str) -> Vec<(RelType, Minimum)> {
    let mut minimums = Vec::new();
    for (rel_type, mut inner) in by_type(table, name) {
        let minimum = Minimum { planning: inner.duration("planning"), testing: inner.duration("testing") };
        minimums.push((rel_type, minimum));
        table.absorb(inner, &[MINIMUM]);
    }
    minimums
}
