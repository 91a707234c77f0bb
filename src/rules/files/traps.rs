//! What rules that put YAML's traps into words have in common.

use crate::finding::Report;
use crate::model::Id;
use crate::rules::{Subject, words};
use crate::source::Span;
use crate::source::edit::Edit;
use crate::source::yaml::{Trap, YamlDefect};

/// A text that YAML takes for something else.
pub(super) struct Trapped<'s> {
    /// Where it stands.
    pub span: Span,
    /// Which trap it is.
    pub trap: Trap,
    /// The text.
    pub text: &'s str,
    /// The key that it is the value of; nothing for an item of a list, or a key.
    pub key: Option<&'s str>,
    /// The entry that it stands in.
    pub entry: Option<Id>,
}

/// Asks for a report on every defect of the texts; what was looked at are the files.
pub(super) fn each_defect(
    subject: &Subject<'_>,
    reports: &mut Vec<Report>,
    report: impl Fn(&YamlDefect) -> Option<Report>,
) -> usize {
    reports.extend(subject.plan.yaml_defects.iter().filter_map(report));
    subject.plan.file_count
}

/// Asks for a report on every trap that the plan fell into; what was looked at are the files.
pub(super) fn each<'s>(
    subject: &Subject<'s>,
    reports: &mut Vec<Report>,
    report: impl Fn(&Trapped<'s>) -> Option<Report>,
) -> usize {
    each_defect(subject, reports, |defect| match defect {
        YamlDefect::Trap { span, trap } => report(&trapped(subject, *span, *trap)),
        _ => None,
    })
}

fn trapped<'s>(subject: &Subject<'s>, span: Span, trap: Trap) -> Trapped<'s> {
    Trapped {
        span,
        trap,
        text: subject.sources.slice(span),
        key: before(subject, span).and_then(key),
        entry: entry_at(subject, span),
    }
}

impl Trapped<'_> {
    /// What it is, to begin a message with: ``DEP-003: the value of `owner` ``.
    pub fn place(&self) -> String {
        let what = match self.key {
            Some(key) => format!("the value of `{}`", words::short(key)),
            None => format!("`{}`", words::short(self.text)),
        };
        self.named(&what)
    }

    /// A message that names the entry, if it is known.
    pub fn named(&self, message: &str) -> String {
        named(self.entry, message)
    }

    /// The edit that puts the text between single quotes, where a backslash is
    /// a backslash and nothing but a quote must be doubled.
    pub fn quote(&self) -> Vec<Edit> {
        vec![Edit::replace(self.span, quoted(self.text))]
    }
}

/// A message that names the entry, if it is known.
pub(super) fn named(entry: Option<Id>, message: &str) -> String {
    entry.map_or_else(|| message.to_owned(), |id| format!("{id}: {message}"))
}

/// A text between single quotes.
pub(super) fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// The entry that a place lies in.
pub(super) fn entry_at(subject: &Subject<'_>, span: Span) -> Option<Id> {
    let entries = subject.plan.entries();
    let begins_before = |start: Span| (start.file, start.start) <= (span.file, span.start);
    let behind = entries.partition_point(|entry| begins_before(entry.span));
    let entry = entries.get(behind.checked_sub(1)?)?;
    // A comment ends the last line of its entry and is no part of it.
    let text = subject.sources.file(span.file).text();
    let between = text.get(entry.span.end as usize..span.start as usize).unwrap_or("");
    let inside = entry.span.file == span.file && !between.contains('\n');
    inside.then_some(entry.id.value)
}

/// The key of the value that begins at a place.
pub(super) fn key_before<'s>(subject: &Subject<'s>, span: Span) -> Option<&'s str> {
    before(subject, span).and_then(key)
}

/// The part of a line that stands before a place, without dashes.
fn before<'s>(subject: &Subject<'s>, span: Span) -> Option<&'s str> {
    let file = subject.sources.file(span.file);
    let start = file.line_start(file.line_index(span.start as usize));
    let before = file.text().get(start..span.start as usize)?;
    let item = before.trim_start_matches([' ', '-']);
    Some(item.trim_start())
}

fn key(before: &str) -> Option<&str> {
    let inner = before.rfind(['{', ',', '[']).map_or(before, |at| &before[at + 1..]);
    let key = inner.trim().strip_suffix(':')?.trim().trim_matches(['"', '\'']);
    (!key.is_empty()).then_some(key)
}
