//! The small values that fields hold.

use std::fmt;

use beef::lean::Cow;

use super::decimal::Decimal;
use crate::source::Spanned;
use crate::source::shown::shown;

/// A text, borrowed from its file if it stands there as it is, and its place.
///
/// A plan holds several for each entry, so the pointer is a lean one: two words, with lengths up to 4 GiB,
/// which no file reaches.
pub type Text<'s> = Spanned<Cow<'s, str>>;

/// Whether two words are the same once case, spaces, hyphens and underscores
/// are folded away: `Pre-deploy` and `pre_deploy` are.
pub fn same_folded(first: &str, second: &str) -> bool {
    folded(first).eq(folded(second))
}

/// The characters of a word that count when it is compared with another.
pub fn folded(word: &str) -> impl Iterator<Item = char> + '_ {
    word.chars()
        .filter(|character| !matches!(character, ' ' | '-' | '_'))
        .map(|character| character.to_ascii_lowercase())
}

/// A field that takes one of a few words.
pub trait Choice: Copy + PartialEq + fmt::Debug + 'static {
    /// Each value with the word that is shown for it.
    const WORDS: &'static [(&'static str, Self)];

    /// Other words that are understood.
    const SYNONYMS: &'static [(&'static str, Self)] = &[];

    /// The word that is shown for the value.
    fn word(self) -> &'static str {
        Self::WORDS.iter().find(|(_, value)| *value == self).map_or("", |(word, _)| word)
    }

    /// The value for a word, folded.
    fn from_word(word: &str) -> Option<Self> {
        let known = Self::WORDS.iter().chain(Self::SYNONYMS);
        known.into_iter().find(|(known, _)| same_folded(known, word)).map(|(_, value)| *value)
    }
}

/// Declares an enumeration of words: one line for each value.
macro_rules! choice {
    (
        $(#[$outer:meta])*
        $name:ident { $( $(#[$inner:meta])* $variant:ident = $word:literal $(| $synonym:literal)* ),+ $(,)? }
    ) => {
        $(#[$outer])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $( $(#[$inner])* $variant ),+ }

        impl $crate::model::Choice for $name {
            const WORDS: &'static [(&'static str, Self)] = &[ $( ($word, $name::$variant) ),+ ];
            const SYNONYMS: &'static [(&'static str, Self)] =
                &[ $( $( ($synonym, $name::$variant), )* )+ ];
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.pad($crate::model::Choice::word(*self))
            }
        }
    };
}
pub(crate) use choice;

/// A value with the remark that followed it: `Yes — release cannot proceed`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WithRemark<T> {
    /// The value.
    pub value: T,
    /// What the writer added. Few do, so that it has one word here and its length elsewhere.
    note: Option<Box<Box<str>>>,
}

impl<T> WithRemark<T> {
    /// A value with its remark, which may be empty.
    pub fn new(value: T, note: &str) -> Self {
        WithRemark { value, note: (!note.is_empty()).then(|| Box::new(note.into())) }
    }

    /// What the writer added.
    pub fn note(&self) -> Option<&str> {
        self.note.as_ref().map(|note| &***note)
    }
}

/// A share of a whole, in per cent.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd)]
pub struct Percentage(pub f64);

impl fmt::Display for Percentage {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} %", self.0)
    }
}

/// Splits a leading word, one that `known` accepts, from the remark behind it.
///
/// The longest accepted beginning wins, so that `Not run yet` is `Not run`.
pub fn split_note<T>(text: &str, known: impl Fn(&str) -> Option<T>) -> Option<(T, &str)> {
    if let Some(value) = known(text.trim()) {
        return Some((value, ""));
    }
    if let Some(found) = in_brackets(text, &known) {
        return Some(found);
    }
    let ends = text.char_indices().filter(|(_, character)| !character.is_alphanumeric()).map(|(at, _)| at);
    // No value has more than a few words, so a long text is not searched to its end.
    let ends: Vec<usize> = ends.take(8).collect();
    ends.into_iter().rev().find_map(|end| {
        let value = known(text[..end].trim())?;
        let note = text[end..].trim_start_matches(|character: char| {
            character.is_whitespace() || matches!(character, '—' | '–' | '-' | ':' | ',' | ';' | '.')
        });
        Some((value, note.trim()))
    })
}

/// The shorthand of a priority that a text begins with: `P0`, `SEV-2`, `H`.
pub fn shorthand(text: &str) -> Option<&str> {
    let text = text.trim();
    let end = text.find([' ', '(', ':', ',']).unwrap_or(text.len());
    let word: String = folded(&text[..end]).collect();
    let level = |prefix: &str| {
        word.strip_prefix(prefix)
            .is_some_and(|level| level.len() == 1 && level.bytes().all(|b| b.is_ascii_digit()))
    };
    (level("p") || level("sev") || matches!(&*word, "c" | "h" | "m" | "l")).then_some(&text[..end])
}

/// What a text says with a shorthand: the word in brackets behind it counts before the shorthand itself, so that
/// `P1 (Critical)` is critical.
fn in_brackets<T>(text: &str, known: impl Fn(&str) -> Option<T>) -> Option<(T, &str)> {
    let behind = text.trim().strip_prefix(shorthand(text)?)?.trim_start();
    let inside = behind.strip_prefix('(')?.strip_suffix(')')?;
    Some((known(inside.trim())?, ""))
}

/// The boolean that a word stands for.
pub fn boolean(word: &str) -> Option<bool> {
    let is = |known: &[&str]| known.iter().any(|known| word.eq_ignore_ascii_case(known));
    if is(&["yes", "true", "on", "y"]) {
        Some(true)
    } else if is(&["no", "false", "off", "n"]) {
        Some(false)
    } else {
        None
    }
}

/// Why a text is no percentage.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PercentageError {
    /// It is no number.
    NotANumber,
    /// A number from 0 to 1 without a unit, which may be a fraction of one or a number of per cent.
    Ambiguous(ShareReadings),
}

/// The two readings of a share without a unit, as they are to be written: those of `0.3` are `30%` and `0.3%`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShareReadings {
    /// Read as a fraction of one.
    pub of_one: String,
    /// Read as per cent.
    pub of_hundred: String,
}

impl ShareReadings {
    /// The readings of a number without a unit, if it is small enough to have two.
    fn of(number: &str) -> Option<Self> {
        let number = Decimal::parse(number)?;
        let two = !number.is_zero() && !number.is_negative() && number <= Decimal::from(1);
        let of_one = number.times(Decimal::from(100)).filter(|_| two)?;
        Some(ShareReadings { of_one: format!("{of_one}%"), of_hundred: format!("{number}%") })
    }
}

/// The number in `40 %`, `40%`, `40 per cent` or `40`.
///
/// # Errors
///
/// It is no number, or one from 0 to 1 without a unit.
pub fn percentage(text: &str) -> Result<Percentage, PercentageError> {
    const UNITS: [&str; 4] = ["per cent", "percent", "pct", "%"];
    let text = text.trim();
    let bare = UNITS.iter().find_map(|unit| text.strip_suffix(unit)).unwrap_or(text);
    let number = bare.trim();
    let read = number.parse::<f64>().ok().filter(|number| number.is_finite());
    match ShareReadings::of(number).filter(|_| bare.len() == text.len()) {
        Some(readings) => Err(PercentageError::Ambiguous(readings)),
        None => read.map(Percentage).ok_or(PercentageError::NotANumber),
    }
}

/// A text that fits into a message. Half a secret would not look like one, so it is masked before.
pub fn short(text: &str) -> String {
    const LONGEST: usize = 48;
    let text = &*shown(text);
    let line = text.lines().next().unwrap_or("");
    match line.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", line[..end].trim_end()),
        None if line.len() < text.trim_end().len() => format!("{line}…"),
        None => line.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expect: Option<(bool, &str)>) {
        assert_eq!(split_note(text, boolean), expect, "{text}");
    }

    #[test]
    fn a_boolean_may_carry_a_note() {
        check("Yes", Some((true, "")));
        check("Yes — release cannot proceed", Some((true, "release cannot proceed")));
        check("no (informational)", Some((false, "(informational)")));
        check("Yesterday", None);
        check("", None);
    }

    #[test]
    fn words_fold() {
        assert!(same_folded("Linked IDs", "linked_ids"));
        assert!(same_folded("Pre-deploy", "pre deploy"));
        assert!(!same_folded("pre", "pre-deploy"));
    }

    #[test]
    fn percentages() {
        let check = |text: &str, expect: f64| assert_eq!(percentage(text), Ok(Percentage(expect)), "{text}");
        check("40 %", 40.0);
        check("0.5%", 0.5);
        check("1 per cent", 1.0);
        check("1e-1 pct", 0.1);
        check("40", 40.0);
        check("1.5", 1.5);
        check("0", 0.0);
        check("-0.5", -0.5);
        for text in ["NaN", "inf", "many", "", "%", "40 % %"] {
            assert_eq!(percentage(text), Err(PercentageError::NotANumber), "{text}");
        }
    }

    #[test]
    fn a_fraction_without_a_unit_has_two_readings() {
        let check = |text: &str, of_one: &str, of_hundred: &str| {
            let readings = ShareReadings { of_one: of_one.to_owned(), of_hundred: of_hundred.to_owned() };
            assert_eq!(percentage(text), Err(PercentageError::Ambiguous(readings)), "{text}");
        };
        check("0.3", "30%", "0.3%");
        check(".25", "25%", "0.25%");
        check("1", "100%", "1%");
        check("1.0", "100%", "1%");
        check("1e-3", "0.1%", "0.001%");
    }
}
