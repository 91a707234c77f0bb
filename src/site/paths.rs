//! The names of the files. They are made of small ASCII letters, digits, hyphens and underscores, so that no file system
//! takes two of them for one, and none is reserved anywhere: each has a hyphen before a number, or is a word of ours.

use crate::model::{Id, Prefix};

/// The most letters of a name of the user's own that a file takes over.
const LONGEST: usize = 60;

/// The page of an entry.
pub(super) fn of_entry(id: Id) -> String {
    format!("entries/{}.html", id.to_string().to_ascii_lowercase())
}

/// The page of a family.
pub(super) fn of_family(prefix: Prefix) -> String {
    format!("families/family-{}.html", prefix.as_str().to_ascii_lowercase())
}

/// The page of the runbook of a rollback.
pub(super) fn of_runbook(id: &str) -> String {
    format!("runbooks/{}.html", safe(id))
}

/// The folder of the documents about a release, by its id, or about the whole plan.
pub(super) fn of_subject(release: Option<&str>) -> String {
    release.map_or_else(|| "plan".to_owned(), |id| format!("release-{}", safe(id)))
}

/// A text as a part of a name of a file. Two texts may give the same.
pub(super) fn safe(text: &str) -> String {
    let small = |letter: char| match letter.to_ascii_lowercase() {
        letter if letter.is_ascii_alphanumeric() => letter,
        _ => '-',
    };
    let name: String = text.chars().map(small).take(LONGEST).collect();
    let name = name.trim_matches('-');
    if name.is_empty() { "other".to_owned() } else { name.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::id;

    fn of(text: &str) -> String {
        of_entry(id::parse(text).expect("an id"))
    }

    #[test]
    fn names_of_files_are_safe_on_every_system() {
        assert_eq!(of("EPIC-02b"), "entries/epic-02b.html");
        assert_eq!(of("BR-FEA-001"), "entries/br-fea-001.html");
        // `con.html` is a device on Windows, `con-1.html` is not.
        assert_eq!(of("CON-1"), "entries/con-1.html");
        assert_eq!(of_family(Prefix::new("AUX").expect("a prefix")), "families/family-aux.html");
        assert_eq!(safe("../../Ünï code\\x:y"), "n--code-x-y");
        assert_eq!(safe("…"), "other");
        assert_eq!(safe(&"a".repeat(400)).len(), LONGEST);
        assert_eq!(of_subject(Some("REL-001")), "release-rel-001");
    }
}
