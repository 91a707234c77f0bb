//! The small values that fields hold.

use std::fmt;

use beef::lean::Cow;

use crate::source::Spanned;

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
pub struct Noted<T> {
    /// The value.
    pub value: T,
    /// What the writer added. Few do, so that it has one word here and its length elsewhere.
    note: Option<Box<Box<str>>>,
}

impl<T> Noted<T> {
    /// A value with its remark, which may be empty.
    pub fn new(value: T, note: &str) -> Self {
        Noted { value, note: (!note.is_empty()).then(|| Box::new(note.into())) }
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

/// The number in `40 %`, `40%`, `40 per cent` or `40`.
pub fn percentage(text: &str) -> Option<Percentage> {
    let number = text.trim().trim_end_matches("per cent").trim_end_matches("percent").trim_end_matches('%');
    let number: f64 = number.trim().parse().ok()?;
    number.is_finite().then_some(Percentage(number))
}

/// A text that fits into a message.
pub fn short(text: &str) -> String {
    const LONGEST: usize = 48;
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
        assert_eq!(percentage("40 %"), Some(Percentage(40.0)));
        assert_eq!(percentage("0.5%"), Some(Percentage(0.5)));
        assert_eq!(percentage("NaN"), None);
        assert_eq!(percentage("many"), None);
    }
}
