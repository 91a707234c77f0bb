//! The pattern of calendar versions: `YYYY.MINOR.MICRO`, `YY.0M[.MICRO]`.

use std::fmt;

use chrono::{Datelike, NaiveDate};

use super::VersionKind;

/// How calendar versions are written, in the tokens of calver.org. What stands in brackets at the end may be left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CalendarPattern {
    text: Box<str>,
    items: Vec<Item>,
    /// From here on the items may be left out.
    required: usize,
}

/// A piece of a pattern.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Item {
    Token(Token),
    Literal(char),
}

/// A token of calver.org.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Token {
    part: Part,
    /// How many digits it has, if always the same.
    width: Option<usize>,
}

/// What a number of a calendar version counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// The year with its century.
    Year,
    /// The year since 2000.
    ShortYear,
    /// The month.
    Month,
    /// The week of the year (ISO 8601).
    Week,
    /// The day of the month.
    Day,
    /// Major releases.
    Major,
    /// Minor releases.
    Minor,
    /// Patches.
    Micro,
}

/// Why a text is no pattern of calendar versions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PatternError {
    /// It has letters or digits that are no token.
    UnknownToken(String),
    /// No token of it is a year.
    WithoutYear,
    /// A token occurs twice.
    Repeated(&'static str),
    /// Brackets are not closed, or not at the end.
    Brackets,
}

/// Every token, the longest first.
const TOKENS: &[(&str, Part, Option<usize>)] = &[
    ("MAJOR", Part::Major, None),
    ("MINOR", Part::Minor, None),
    ("MICRO", Part::Micro, None),
    ("PATCH", Part::Micro, None),
    ("YYYY", Part::Year, Some(4)),
    ("YY", Part::ShortYear, None),
    ("0Y", Part::ShortYear, Some(2)),
    ("MM", Part::Month, None),
    ("0M", Part::Month, Some(2)),
    ("WW", Part::Week, None),
    ("0W", Part::Week, Some(2)),
    ("DD", Part::Day, None),
    ("0D", Part::Day, Some(2)),
];

impl CalendarPattern {
    /// Reads a pattern.
    ///
    /// # Errors
    ///
    /// It has an unknown or a repeated token, no year, or brackets that are not at its end.
    pub fn parse(text: &str) -> Result<Self, PatternError> {
        let text = text.trim();
        let (required, optional) = match text.split_once('[') {
            Some((required, rest)) => (required, rest.strip_suffix(']').ok_or(PatternError::Brackets)?),
            None => (text, ""),
        };
        let mut items = read_items(required)?;
        let count = items.len();
        items.extend(read_items(optional)?);
        let tokens: Vec<Part> = tokens(&items).map(|token| token.part).collect();
        for (at, part) in tokens.iter().enumerate() {
            let same = |other: &Part| other == part || (part.is_year() && other.is_year());
            if tokens[..at].iter().any(same) {
                return Err(PatternError::Repeated(part.in_words()));
            }
        }
        if !tokens.iter().any(|part| part.is_year()) {
            return Err(PatternError::WithoutYear);
        }
        Ok(CalendarPattern { text: text.into(), items, required: count })
    }

    /// The numbers at the beginning of a version, and what follows them; nothing if it does not follow the pattern.
    pub(super) fn read<'t>(&self, text: &'t str) -> Option<(Vec<(Part, u64)>, &'t str)> {
        let (mut numbers, rest) = read_all(&self.items[..self.required], text)?;
        let rest = match read_all(&self.items[self.required..], rest) {
            Some((more, behind)) => {
                numbers.extend(more);
                behind
            }
            None => rest,
        };
        is_day(&numbers).then_some((numbers, rest))
    }

    /// The version with these numbers, in the order of the tokens. Optional ones are left out if they are zero.
    pub(super) fn write(&self, numbers: &[(Part, u64)]) -> String {
        let number =
            |part: Part| numbers.iter().find(|(known, _)| *known == part).map_or(0, |(_, number)| *number);
        let optional = &self.items[self.required..];
        let is_needed = tokens(optional).any(|token| number(token.part) > 0);
        let items = if is_needed { &self.items[..] } else { &self.items[..self.required] };
        let one = |item: &Item| match item {
            Item::Literal(character) => character.to_string(),
            Item::Token(Token { part, width }) => {
                format!("{:0width$}", number(*part), width = width.unwrap_or(0))
            }
        };
        items.iter().map(one).collect()
    }

    /// What its tokens count, in their order.
    pub(super) fn parts(&self) -> impl Iterator<Item = Part> + '_ {
        tokens(&self.items).map(|token| token.part)
    }

    /// An example: the first version of a day.
    pub fn example(&self, day: NaiveDate) -> String {
        let numbers: Vec<(Part, u64)> = self.parts().map(|part| (part, part.on(day).unwrap_or(1))).collect();
        self.write(&numbers)
    }
}

/// Whether year, month and day are one of the calendar, if all of them are there.
fn is_day(numbers: &[(Part, u64)]) -> bool {
    let number = |part: Part| numbers.iter().find(|(known, _)| *known == part).map(|(_, number)| *number);
    let year = number(Part::Year).or_else(|| Some(number(Part::ShortYear)? + 2000));
    match (year, number(Part::Month), number(Part::Day)) {
        (Some(year), Some(month), Some(day)) => {
            let part = |number: u64| u32::try_from(number).unwrap_or(0);
            i32::try_from(year)
                .is_ok_and(|year| NaiveDate::from_ymd_opt(year, part(month), part(day)).is_some())
        }
        _ => true,
    }
}

fn tokens(items: &[Item]) -> impl Iterator<Item = Token> + '_ {
    items.iter().filter_map(|item| match item {
        Item::Token(token) => Some(*token),
        Item::Literal(_) => None,
    })
}

fn read_items(text: &str) -> Result<Vec<Item>, PatternError> {
    let mut items = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let token = TOKENS.iter().find(|(word, ..)| rest.starts_with(word));
        match token {
            Some((word, part, width)) => {
                items.push(Item::Token(Token { part: *part, width: *width }));
                rest = &rest[word.len()..];
            }
            None if matches!(first, '.' | '-' | '_') => {
                items.push(Item::Literal(first));
                rest = &rest[1..];
            }
            None if matches!(first, '[' | ']') => return Err(PatternError::Brackets),
            None => {
                let end = rest.find(['.', '-', '_', '[', ']']).unwrap_or(rest.len());
                return Err(PatternError::UnknownToken(rest[..end].to_owned()));
            }
        }
    }
    Ok(items)
}

fn read_all<'t>(items: &[Item], text: &'t str) -> Option<(Vec<(Part, u64)>, &'t str)> {
    let mut numbers = Vec::new();
    let mut rest = text;
    for item in items {
        match item {
            Item::Literal(character) => rest = rest.strip_prefix(*character)?,
            Item::Token(token) => {
                let (number, behind) = token.read(rest)?;
                numbers.push((token.part, number));
                rest = behind;
            }
        }
    }
    Some((numbers, rest))
}

impl Token {
    fn read(self, text: &str) -> Option<(u64, &str)> {
        let digits = text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        let digits = self.width.map_or(digits, |width| width.min(digits));
        let (number, rest) = text.split_at(digits);
        let is_padded = number.len() > 1 && number.starts_with('0');
        let fits = match self.width {
            Some(width) => number.len() == width,
            None => !number.is_empty() && !is_padded,
        };
        let number = number.parse().ok().filter(|number| fits && self.part.allows(*number))?;
        Some((number, rest))
    }
}

impl Part {
    /// Whether it is the year.
    pub fn is_year(self) -> bool {
        matches!(self, Part::Year | Part::ShortYear)
    }

    fn allows(self, number: u64) -> bool {
        match self {
            Part::Year => (1990..=2999).contains(&number),
            Part::ShortYear => number <= 999,
            Part::Month => (1..=12).contains(&number),
            Part::Week => (1..=53).contains(&number),
            Part::Day => (1..=31).contains(&number),
            Part::Major | Part::Minor | Part::Micro => true,
        }
    }

    /// Its value on a day; nothing for what counts releases.
    pub(super) fn on(self, day: NaiveDate) -> Option<u64> {
        let year = u64::try_from(day.year()).ok()?;
        match self {
            Part::Year => Some(year),
            Part::ShortYear => year.checked_sub(2000),
            Part::Month => Some(day.month().into()),
            Part::Week => Some(day.iso_week().week().into()),
            Part::Day => Some(day.day().into()),
            Part::Major | Part::Minor | Part::Micro => None,
        }
    }

    fn in_words(self) -> &'static str {
        match self {
            Part::Year | Part::ShortYear => "year",
            Part::Month => "month",
            Part::Week => "week",
            Part::Day => "day",
            Part::Major => "MAJOR",
            Part::Minor => "MINOR",
            Part::Micro => "MICRO",
        }
    }
}

/// The kind of the release whose numbers count these parts.
pub(super) fn kind(parts: &[Part], number: impl Fn(usize) -> u64) -> VersionKind {
    let value = |part: Part| parts.iter().position(|known| *known == part).map(&number);
    match (value(Part::Major), value(Part::Minor), value(Part::Micro)) {
        (_, _, Some(1..)) => VersionKind::Patch,
        (Some(_), None | Some(0), _) => VersionKind::Major,
        _ => VersionKind::Minor,
    }
}

impl fmt::Display for CalendarPattern {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(&self.text)
    }
}

impl fmt::Display for PatternError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            PatternError::UnknownToken(token) => write!(out, "`{token}` is not a token"),
            PatternError::WithoutYear => out.write_str("it has no year"),
            PatternError::Repeated(what) => write!(out, "it has the {what} twice"),
            PatternError::Brackets => out.write_str("brackets must enclose its end"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::version::Version;
    use proptest::prelude::*;

    #[test]
    fn patterns_are_held() {
        let check = |pattern: &str, version: &str, expect: bool| {
            let pattern =
                CalendarPattern::parse(pattern).unwrap_or_else(|error| panic!("{pattern}: {error}"));
            assert_eq!(Version::parse_by(version, &pattern).is_some(), expect, "{pattern} {version}");
        };
        check("YYYY.MINOR", "2026.1", true);
        check("YYYY.MINOR", "v2026.1", true);
        check("YYYY.MINOR", "2026.1rc1", true);
        check("YYYY.MINOR", "2026.1-rc.1", true);
        check("YYYY.MINOR", "26.1", false);
        check("YYYY.MINOR", "2026.1.0", false);
        check("YYYY.MINOR", "2026.01", false);
        check("YY.0M[.MICRO]", "24.04", true);
        check("YY.0M[.MICRO]", "24.04.1", true);
        check("YY.0M[.MICRO]", "24.4", false);
        check("YY.0M[.MICRO]", "24.13", false);
        check("YY.0M[.MICRO]", "24.04.", false);
        check("YYYY0M0D", "20260415", true);
        check("YYYY0M0D", "2026415", false);
        check("YYYY-0M-0D", "2026-04-15-rc1", true);
        check("YYYY.MM.DD", "2026.4.30", true);
        check("YYYY.MM.DD", "2026.4.31", false);
        check("YYYY.0M.0D", "2026.02.30", false);
        check("MAJOR.YY.PATCH", "3.26.0", true);
        check("YYYY.WW", "2026.54", false);
    }

    #[test]
    fn what_is_no_pattern_says_why() {
        let check = |text: &str, expect: &str| {
            let error = CalendarPattern::parse(text).map_err(|error| error.to_string());
            assert_eq!(error.err().as_deref(), Some(expect), "{text}");
        };
        check("YYYY.QQ", "`QQ` is not a token");
        check("MAJOR.MINOR", "it has no year");
        check("", "it has no year");
        check("YYYY.YY", "it has the year twice");
        check("YYYY.MINOR.MINOR", "it has the MINOR twice");
        check("YYYY[.MM", "brackets must enclose its end");
        check("YYYY[.MM].DD", "brackets must enclose its end");
        check("YYYY]", "brackets must enclose its end");
        check("2026.1", "`2026` is not a token");
        check("yyyy.mm", "`yyyy` is not a token");
        check("YYYY.Ü", "`Ü` is not a token");
    }

    proptest! {
        #[test]
        fn what_a_pattern_writes_it_reads(numbers in prop::collection::vec(1_u64..12, 3)) {
            let pattern = CalendarPattern::parse("0Y.MM.MICRO").expect("a pattern");
            let parts = [Part::ShortYear, Part::Month, Part::Micro];
            let written: Vec<(Part, u64)> = parts.into_iter().zip(numbers).collect();
            let text = pattern.write(&written);
            prop_assert_eq!(pattern.read(&text), Some((written, "")));
        }

        #[test]
        fn no_text_is_too_much(pattern in r"[YM0D\.\[\]A-Z]{0,12}|\PC*", version in r"[0-9.]{0,12}[a-z0-9.-]{0,6}|\PC*") {
            if let Ok(pattern) = CalendarPattern::parse(&pattern) {
                let _ = Version::parse_by(&version, &pattern);
            }
        }
    }
}
