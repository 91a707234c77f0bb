//! What an `evidence.json` says: the commit and the time of the evidence files in its folder and below.

use std::borrow::Cow;

use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde_json::value::RawValue;

use super::input::{Found, Input};
use super::{EvidenceDefect, EvidenceDefectKind, json, time};
use crate::model::Commit;
use crate::source::Span;

/// The name of a file that says where the evidence beside it comes from.
pub const FILE_NAME: &str = "evidence.json";

/// What one file says.
#[derive(Debug)]
pub(super) struct Provenance<'s> {
    /// Its folder, with a `/` at the end; empty for that of the user.
    folder: &'s str,
    commit: Option<(Cow<'s, str>, Span)>,
    time: Option<DateTime<Utc>>,
}

impl Provenance<'_> {
    /// Whether a file lies in its folder or below.
    fn speaks_of(&self, name: &str) -> bool {
        // Behind the folder of the user itself everything begins that is not outside of it.
        name.strip_prefix(self.folder).is_some_and(|rest| !rest.starts_with('/') && !rest.starts_with("../"))
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "an object with `commit` and `time`")]
struct Written<'s> {
    #[serde(borrow)]
    commit: Option<&'s RawValue>,
    #[serde(borrow)]
    time: Option<&'s RawValue>,
}

/// Reads one file.
pub(super) fn read<'s>(input: &Input<'s>) -> (Provenance<'s>, Vec<EvidenceDefect>) {
    let folder = input.name.rfind('/').map_or("", |at| &input.name[..=at]);
    let mut found = Provenance { folder, commit: None, time: None };
    let mut defects = Vec::new();
    let parsed = serde_json::from_str::<&'s RawValue>(input.text);
    let written = match &parsed {
        Ok(whole) => json::read::<Written<'s>>(input, whole),
        Err(_) => json::read_object(input, &mut Nothing).map(|()| Written { commit: None, time: None }),
    };
    let written = match written {
        Ok(written) => written,
        Err(defect) => return (found, vec![defect]),
    };
    if let Some(commit) = written.commit {
        match json::text(commit).filter(|commit| !commit.trim().is_empty()) {
            Some(text) => found.commit = Some((text, input.first_line(commit.get()))),
            None => defects.push(json::wrong(input, commit, "a commit is a text that names one")),
        }
    }
    if let Some(when) = written.time {
        found.time = json::text(when).and_then(|text| time::parse(&text));
        if found.time.is_none() {
            let span = input.first_line(when.get());
            defects.push(EvidenceDefect { span, kind: EvidenceDefectKind::TimeNotUnderstood });
        }
    }
    if written.commit.is_none() && written.time.is_none() {
        defects.push(input.malformed(0, "it says neither `commit` nor `time`"));
    }
    (found, defects)
}

/// The commit and the time that the text of an `evidence.json` names; nothing if it cannot be read.
pub fn origin(text: &str) -> (Option<String>, Option<DateTime<Utc>>) {
    let Ok(written) = serde_json::from_str::<Written<'_>>(text) else { return (None, None) };
    let commit = written.commit.and_then(json::text).map(|commit| commit.trim().to_owned());
    let when = written.time.and_then(json::text).and_then(|text| time::parse(&text));
    (commit.filter(|commit| !commit.is_empty()), when)
}

/// An object of which nothing is kept: only whether it is one.
struct Nothing;

impl<'s> json::Object<'s> for Nothing {
    fn member<A: serde::de::MapAccess<'s>>(&mut self, _: &str, values: &mut A) -> Result<(), A::Error> {
        values.next_value::<serde::de::IgnoredAny>().map(drop)
    }
}

/// Gives a report what it does not say itself. The nearest file above it that says something wins; what
/// the report says wins over all of them.
pub(super) fn complete<'s>(found: &mut Found<'s>, name: &str, known: &[Provenance<'s>]) {
    let mut above: Vec<&Provenance<'s>> = known.iter().filter(|known| known.speaks_of(name)).collect();
    above.sort_by_key(|known| std::cmp::Reverse(known.folder.len()));
    if let Some((commit, span)) = above.iter().find_map(|known| known.commit.as_ref()) {
        // Where the report says another, that is a contradiction.
        match found.commit {
            Some(own) => contradiction(found, own, commit, *span),
            None => found.report.commit = Some(commit.clone()),
        }
    }
    found.report.time = found.report.time.or_else(|| above.iter().find_map(|known| known.time));
}

fn contradiction(found: &mut Found<'_>, own: Span, commit: &str, elsewhere: Span) {
    if found.report.commit.as_ref().is_some_and(|stated| !same_commit(stated, commit)) {
        let kind = EvidenceDefectKind::CommitsContradict { other: commit.to_owned(), elsewhere };
        found.defect(own, kind);
    }
}

/// Whether two texts name the same commit: one may be a short form of the other. What is no commit of git is
/// the same only if it is written the same.
pub fn same_commit(first: &str, second: &str) -> bool {
    match (Commit::parse(first), Commit::parse(second)) {
        (Ok(first), Ok(second)) => first.is_same_as(&second),
        _ => first.trim().eq_ignore_ascii_case(second.trim()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_form_names_the_same_commit() {
        let full = "4f2d9c1e8b7a6053d1c2b3a4958676564738291a";
        assert!(same_commit(full, "4F2D9C1"));
        assert!(same_commit("4f2d9c1e", full));
        assert!(same_commit("r12", "r12"));
        assert!(!same_commit(full, "4f2d9c"), "six figures are too few");
        assert!(!same_commit(full, "4f2d9c2"));
        assert!(!same_commit("", full));
    }
}
