//! Release trains: what goes out in a rhythm, whoever is on board.

use chrono::{Datelike, NaiveDate};

use crate::model::cadence::Cadence;
use crate::model::defect::{CalendarDefect, DefectKind};
use crate::model::field::{Field, Shape, choices};
use crate::model::reader::Reader;
use crate::model::rel::RelType;
use crate::source::{Span, Spanned};

/// A release train.
#[derive(Debug, Clone)]
pub struct Train {
    /// Its name.
    pub name: String,
    /// Its first departure.
    pub first: NaiveDate,
    /// How often it comes.
    pub cadence: Cadence,
    /// How its versions look, with placeholders.
    pub version: Option<Pattern>,
    /// The number of its first departure.
    pub start: u32,
    /// How many coming departures are on the calendar.
    pub count: u32,
    /// The type of its releases.
    pub rel_type: Option<RelType>,
    /// Where it is declared.
    pub span: Span,
}

/// A text with placeholders that are known to exist.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pattern(String);

/// What a version pattern may leave open.
const PLACEHOLDERS: &[&str] = &["n", "year", "month", "of_year"];

/// How many coming departures are shown if nobody says so.
const DEFAULT_COUNT: u32 = 4;

/// More departures than any calendar shows.
const LARGEST_COUNT: u32 = 200;

/// The keys of `[[calendar.trains]]`.
pub(super) const FIELDS: &[Field] = &[
    Field::new("name", Shape::Text, "Name of the train."),
    Field::new("first", Shape::Date, "Day of the first release."),
    Field::new("cadence", Shape::Text, "Cadence: `6 weeks`, `quarterly`, `3rd Tuesday of month`, `yearly`."),
    Field::new(
        "version",
        Shape::Text,
        "Version pattern: `1.{n}.0`, `{year}.{of_year}`; `{n}` counts releases, `{of_year}` counts within the year.",
    ),
    Field::new("start", Shape::Number, "Number of the first release, for `{n}`; 0 by default."),
    Field::new("count", Shape::Number, "Number of upcoming releases on the calendar; 4 by default."),
    Field::new(
        "type",
        Shape::Choice(choices::<RelType>),
        "Type of its releases, which sets their milestones.",
    ),
];

/// Reads every `[[calendar.trains]]` table.
pub(super) fn read(table: &mut Reader<'_>) -> Vec<Train> {
    let mut trains = Vec::new();
    for (mut inner, span) in table.structures("trains") {
        trains.extend(read_train(&mut inner, span));
        table.absorb(inner, &[FIELDS]);
    }
    trains
}

fn read_train(inner: &mut Reader<'_>, span: Span) -> Option<Train> {
    let name = inner.text("name");
    let place = name.as_ref().map_or(span, |name| name.span);
    for (key, example) in [("first", "`first = 2027-01-14`"), ("cadence", "`cadence = \"6 weeks\"`")] {
        if !inner.has(key) {
            inner.defect(place, DefectKind::Calendar(CalendarDefect::Missing { example }));
        }
    }
    let (first, cadence, version) = (inner.date("first"), read_cadence(inner), read_pattern(inner));
    let (start, count) = (inner.count("start"), inner.count("count"));
    let rel_type = inner.choice("type").map(|rel_type| rel_type.value);
    Some(Train {
        name: name.map_or_else(|| "train".to_owned(), |name| name.value.into_owned()),
        first: first?.value,
        cadence: cadence?,
        version,
        start: start.map_or(0, |start| start.value),
        count: count.map_or(DEFAULT_COUNT, |count| count.value.min(LARGEST_COUNT)),
        rel_type,
        span: place,
    })
}

fn read_cadence(inner: &mut Reader<'_>) -> Option<Cadence> {
    let text = inner.text("cadence")?;
    let cadence = Cadence::parse(&text.value);
    if cadence.is_none() {
        inner.defect(text.span, DefectKind::Calendar(CalendarDefect::NotACadence));
    }
    cadence
}

fn read_pattern(inner: &mut Reader<'_>) -> Option<Pattern> {
    let Spanned { value, span } = inner.text("version")?;
    match Pattern::parse(&value) {
        Ok(pattern) => Some(pattern),
        Err(placeholder) => {
            inner.defect(span, DefectKind::Calendar(CalendarDefect::UnknownPlaceholder { placeholder }));
            None
        }
    }
}

impl Pattern {
    /// Reads a pattern.
    ///
    /// # Errors
    ///
    /// The first placeholder that does not exist.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut rest = text;
        while let Some((_, behind)) = rest.split_once('{') {
            let (name, after) = behind.split_once('}').unwrap_or((behind, ""));
            if !behind.contains('}') || !PLACEHOLDERS.contains(&name) {
                return Err(name.to_owned());
            }
            rest = after;
        }
        Ok(Pattern(text.to_owned()))
    }

    /// The version of departure `number` on a day, the `of_year`th of its year.
    pub fn fill(&self, number: u32, day: NaiveDate, of_year: u32) -> String {
        self.0
            .replace("{n}", &number.to_string())
            .replace("{year}", &day.year().to_string())
            .replace("{month}", &day.month().to_string())
            .replace("{of_year}", &of_year.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_follow_their_pattern() {
        let day = NaiveDate::from_ymd_opt(2025, 4, 2).expect("a day");
        let check = |pattern: &str, expect: &str| {
            let filled = Pattern::parse(pattern).map(|pattern| pattern.fill(75, day, 1));
            assert_eq!(filled.as_deref(), Ok(expect), "{pattern}");
        };
        check("1.{n}.0", "1.75.0");
        check("{year}.{of_year}", "2025.1");
        check("{year}.{month}.{n}", "2025.4.75");
        check("spring", "spring");
    }

    #[test]
    fn a_placeholder_that_does_not_exist_is_named() {
        for (pattern, expect) in [("1.{m}", "m"), ("{year}.{", ""), ("{N}", "N"), ("{n}{quarter}", "quarter")]
        {
            assert_eq!(Pattern::parse(pattern), Err(expect.to_owned()), "{pattern}");
        }
    }
}
