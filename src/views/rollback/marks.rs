//! What makes a step dangerous to take or to take back, seen by its words. The plan has no field
//! for it, so every mark names the word that it was set for.

use schemars::JsonSchema;
use serde::Serialize;

/// What makes a step dangerous.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Mark {
    /// Its kind.
    pub kind: MarkKind,
    /// The word, tag or link that marks it.
    pub because: String,
}

/// What a mark says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum MarkKind {
    /// It touches stored data, which a switch of versions does not take back.
    Database,
    /// It cannot be undone.
    Irreversible,
}

impl MarkKind {
    /// Its name.
    pub const fn word(self) -> &'static str {
        match self {
            MarkKind::Database => "database",
            MarkKind::Irreversible => "irreversible",
        }
    }
}

const DATABASE: &[&str] = &[
    "backup",
    "column",
    "columns",
    "database",
    "databases",
    "db",
    "migrate",
    "migration",
    "migrations",
    "rows",
    "schema",
    "schemas",
    "snapshot",
    "sql",
    "table",
    "tables",
    "write-ahead",
];

const IRREVERSIBLE: &[&str] = &[
    "delete",
    "deletes",
    "deleted",
    "destroy",
    "destroys",
    "destroyed",
    "erase",
    "erases",
    "erased",
    "irreversible",
    "irreversibly",
    "irrevocable",
    "overwrite",
    "overwrites",
    "purge",
    "purges",
    "retire",
    "retires",
    "truncate",
    "truncates",
    "wipe",
    "wipes",
];

/// One drops tables for good, but also connections and rules.
const IRREVERSIBLE_FOR_DATA: &[&str] = &["drop", "drops", "dropped", "dropping"];

/// The marks of a step with this text.
pub(super) fn of(text: &str) -> Vec<Mark> {
    let lower = text.to_lowercase();
    let words = || {
        lower.split(|letter: char| !letter.is_alphanumeric() && letter != '-').filter(|word| !word.is_empty())
    };
    let first = |known: &[&str]| words().find(|word| known.contains(word)).map(str::to_owned);
    let database = first(DATABASE);
    let irreversible = first(IRREVERSIBLE)
        .or_else(|| database.as_ref().and_then(|_| first(IRREVERSIBLE_FOR_DATA)))
        .or_else(|| lower.contains("cannot be undone").then(|| "cannot be undone".to_owned()));
    let mark = |kind, because: Option<String>| because.map(|because| Mark { kind, because });
    [mark(MarkKind::Database, database), mark(MarkKind::Irreversible, irreversible)]
        .into_iter()
        .flatten()
        .collect()
}

/// Adds a mark unless there is one of its kind.
pub(super) fn add(marks: &mut Vec<Mark>, kind: MarkKind, because: impl Into<String>) {
    if !marks.iter().any(|mark| mark.kind == kind) {
        marks.push(Mark { kind, because: because.into() });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(text: &str) -> Vec<MarkKind> {
        of(text).into_iter().map(|mark| mark.kind).collect()
    }

    #[test]
    fn words_mark_steps() {
        assert_eq!(kinds("Apply the additive migrations"), [MarkKind::Database]);
        assert_eq!(kinds("Drop old columns"), [MarkKind::Database, MarkKind::Irreversible]);
        assert_eq!(kinds("Drop the routing rule"), []);
        assert_eq!(kinds("Retire blue"), [MarkKind::Irreversible]);
        assert_eq!(kinds("Put it on the table-top"), []);
        assert_eq!(kinds("This cannot be undone"), [MarkKind::Irreversible]);
    }
}
