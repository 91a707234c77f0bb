//! Why something that differs in a file of evidence leaves a decision as it is.

mod of_reports;
mod of_tests;

use super::prove::{Form, Seen};

/// How a piece differs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum How {
    Changed,
    Removed,
    Added,
}

/// Why a difference is harmless.
pub struct Reason {
    /// The formats, and the labels of the pieces, parted by `|`; a `*` at the end stands for anything. Without a label
    /// it is about the file as a whole.
    pub place: (&'static str, &'static str),
    pub how: &'static [How],
    pub why: &'static str,
    /// What has to be true besides, found out without relplan.
    pub holds: fn(&Seen<'_>) -> bool,
}

fn fits(patterns: &str, text: &str) -> bool {
    patterns.split('|').any(|pattern| {
        let (Some((start, rest)), true) = (pattern.split_once('*'), pattern != text) else {
            return pattern == text;
        };
        let Some(behind) = text.strip_prefix(start) else { return false };
        match rest.rsplit_once('*') {
            Some((middle, end)) => {
                behind.ends_with(end) && middle.split('*').all(|part| behind.contains(part))
            }
            None => behind.ends_with(rest),
        }
    })
}

/// The reason that is about a file as a whole.
pub fn whole(form: Form, holds: impl Fn(&Reason) -> bool) -> Option<usize> {
    all().position(|reason| reason.place.1.is_empty() && fits(reason.place.0, form.name) && holds(reason))
}

/// The first reason for a piece. Names of JUnit are read in any capitals, also by [`facts::junit`].
pub fn find(form: Form, label: &str, how: How, holds: impl Fn(&Reason) -> bool) -> Option<usize> {
    all().position(|reason| {
        let (forms, labels) = reason.place;
        !labels.is_empty()
            && fits(forms, form.name)
            && (fits(labels, label) || (form.name == "junit" && fits(labels, &label.to_lowercase())))
            && reason.how.contains(&how)
            && holds(reason)
    })
}

pub const ANY: &[How] = &[How::Changed, How::Removed, How::Added];
pub const CHANGED_OR_REMOVED: &[How] = &[How::Changed, How::Removed];
pub const CHANGED: &[How] = &[How::Changed];
pub const ADDED: &[How] = &[How::Added];

/// Every reason: those of any file and of tests, and those of other reports.
pub fn all() -> impl Iterator<Item = &'static Reason> {
    of_tests::ALL.iter().chain(of_reports::ALL)
}
