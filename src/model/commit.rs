//! Commits by their names: `75d2c98`, or all of its digits.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The fewest digits that name a commit: what `git` abbreviates to at least.
pub const FEWEST_DIGITS: usize = 7;

/// Those of a SHA-1 in hexadecimal, which is what most repositories have.
pub const SHA1_DIGITS: usize = 40;

/// The most: those of a SHA-256.
pub const MOST_DIGITS: usize = 64;

/// The name of a commit, whole or abbreviated, in small hexadecimal digits.
///
/// Two commits are `==` if they are written alike. Whether they may be one is for
/// [`is_same_as`](Commit::is_same_as) to say, which is no equality: two commits that differ may have an
/// abbreviation in common.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Commit(String);

impl Commit {
    /// Reads the name of a commit; space around it does not count.
    pub fn parse(text: &str) -> Result<Commit, CommitError> {
        let text = text.trim();
        if text.is_empty() {
            return Err(CommitError::Empty);
        }
        if let Some(other) = text.chars().find(|character| !character.is_ascii_hexdigit()) {
            return Err(CommitError::NotHexadecimal(other));
        }
        match text.len() {
            ..FEWEST_DIGITS => Err(CommitError::TooShort(text.len())),
            // Of a SHA-256 that lost a few digits nobody knows which; it would pass for a SHA-1 of another commit.
            FEWEST_DIGITS..=SHA1_DIGITS | MOST_DIGITS => Ok(Commit(text.to_ascii_lowercase())),
            length => Err(CommitError::TooLong(length)),
        }
    }

    /// Its digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether all of its digits are there: those of a SHA-1 or of a SHA-256.
    pub fn is_whole(&self) -> bool {
        matches!(self.0.len(), SHA1_DIGITS | MOST_DIGITS)
    }

    /// Whether both name the same commit: one begins with the other.
    pub fn is_same_as(&self, other: &Commit) -> bool {
        let alike = self.0.starts_with(&other.0) || other.0.starts_with(&self.0);
        // The two hashes of one commit have nothing in common, so a whole SHA-1 is no abbreviation.
        alike && !(self.is_whole() && other.is_whole() && self.0.len() != other.0.len())
    }
}

impl fmt::Display for Commit {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(&self.0)
    }
}

impl TryFrom<String> for Commit {
    type Error = CommitError;

    fn try_from(text: String) -> Result<Commit, CommitError> {
        Commit::parse(&text)
    }
}

impl From<Commit> for String {
    fn from(commit: Commit) -> String {
        commit.0
    }
}

/// Why a text does not name a commit; as words, to follow the text in a sentence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CommitError {
    /// There is no text.
    #[error("is empty")]
    Empty,
    /// A character that is no hexadecimal digit: the name of a branch, perhaps.
    #[error("is not the name of a commit: `{}` is no hexadecimal digit", .0.escape_debug())]
    NotHexadecimal(char),
    /// Fewer digits than name a commit.
    #[error("has {0} digits, and a commit is named by at least {FEWEST_DIGITS}")]
    TooShort(usize),
    /// More digits than any commit has.
    #[error("has {0} digits, and a commit has at most {SHA1_DIGITS}, or exactly {MOST_DIGITS}")]
    TooLong(usize),
}

#[cfg(test)]
mod tests {
    use super::*;

    const WHOLE: &str = "75d2c98a1b2c3d4e5f60718293a4b5c6d7e8f901";

    fn commit(text: &str) -> Commit {
        Commit::parse(text).unwrap_or_else(|error| panic!("{text} {error}"))
    }

    #[test]
    fn names_of_commits() {
        assert_eq!(commit("75D2C98").as_str(), "75d2c98");
        assert_eq!(commit(&format!(" {WHOLE}\n")).as_str(), WHOLE);
        assert!(commit(WHOLE).is_whole());
        assert!(commit(&"a".repeat(64)).is_whole());
        assert!(!commit("75d2c98").is_whole());
    }

    #[test]
    fn what_names_none_says_why() {
        for (text, error) in [
            ("", CommitError::Empty),
            (" \n", CommitError::Empty),
            ("main", CommitError::NotHexadecimal('m')),
            ("75d2c98-dirty", CommitError::NotHexadecimal('-')),
            ("75d2c9", CommitError::TooShort(6)),
            (&"a".repeat(41), CommitError::TooLong(41)),
            (&"a".repeat(63), CommitError::TooLong(63)),
            (&"a".repeat(65), CommitError::TooLong(65)),
        ] {
            assert_eq!(Commit::parse(text), Err(error), "{text}");
        }
        assert_eq!(CommitError::TooShort(6).to_string(), "has 6 digits, and a commit is named by at least 7");
    }

    #[test]
    fn an_abbreviation_names_what_begins_with_it() {
        let whole = commit(WHOLE);
        assert!(whole.is_same_as(&commit("75d2c98")));
        assert!(commit("75d2c98").is_same_as(&whole));
        assert!(!whole.is_same_as(&commit("75d2c99")));
        let longer = commit(&format!("{WHOLE}{}", "0".repeat(24)));
        assert!(!whole.is_same_as(&longer), "a SHA-1 and a SHA-256");
    }

    #[test]
    fn it_is_written_as_text_and_read_with_care() {
        let written = serde_json::to_string(&commit("75D2C98")).expect("JSON");
        assert_eq!(written, "\"75d2c98\"");
        assert!(serde_json::from_str::<Commit>("\"main\"").is_err());
    }
}
