//! A finding as plain text, for formats that have one field for all of it.

use crate::finding::{Finding, Label};
use crate::source::{SourceMap, Span, invisible};

/// A place as compilers write it: `release/plan.yaml:3:5`.
pub fn place(span: Span, sources: &SourceMap) -> String {
    let start = sources.start(span);
    format!("{}:{}:{}", invisible::named(sources.file(span.file).path()), start.line, start.column)
}

/// The message behind its place, if it has one: `release/plan.yaml:3:5: the message`.
pub fn headline(finding: &Finding, sources: &SourceMap) -> String {
    match finding.primary() {
        Some(span) => format!("{}: {}", place(span, sources), finding.message),
        None => finding.message.clone(),
    }
}

/// Everything about a finding, a line for each part: where and what, the other places, what to do.
pub fn lines(finding: &Finding, sources: &SourceMap) -> String {
    let related = finding.labels.iter().skip(1).map(|label| related(label, sources));
    let help = finding.help.iter().map(|help| format!("help: {help}"));
    let notes = finding.notes.iter().map(|note| format!("note: {note}"));
    let lines = std::iter::once(headline(finding, sources)).chain(related).chain(help).chain(notes);
    lines.collect::<Vec<_>>().join("\n")
}

fn related(label: &Label, sources: &SourceMap) -> String {
    let place = place(label.span, sources);
    if label.text.is_empty() { format!("see {place}") } else { format!("see {place}: {}", label.text) }
}

/// Message, help and notes as sentences of one paragraph.
pub fn paragraph(finding: &Finding) -> String {
    let parts = std::iter::once(&finding.message).chain(&finding.help).chain(&finding.notes);
    let sentences = parts.enumerate().map(|(index, part)| match index {
        // The message may begin with a word of the plan, which keeps its letters.
        0 => ended(part),
        _ => sentence(part),
    });
    sentences.collect::<Vec<_>>().join(" ")
}

/// With a capital letter and a full stop.
pub fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    let Some(first) = letters.next() else { return String::new() };
    ended(&first.to_uppercase().chain(letters).collect::<String>())
}

fn ended(text: &str) -> String {
    let text = text.trim_end();
    if text.ends_with(['.', '?', '!', ':', '…']) { text.to_owned() } else { format!("{text}.") }
}

#[cfg(test)]
mod tests {
    use super::super::test_support;
    use super::*;

    #[test]
    fn every_part_has_its_line() {
        let (sources, findings) = test_support::plan();
        assert_eq!(
            lines(&findings[0], &sources),
            "release/größe.yaml:2:8: `EPIC-1` is the id of two entries\n\
             see release/a,b: 100%.yaml:1:5: first used here\n\
             help: give one of them a free number, such as `EPIC-2`\n\
             note: links mean the first"
        );
        assert_eq!(lines(&findings[2], &sources), "the plan has no rollback");
    }

    #[test]
    fn a_paragraph_is_made_of_sentences() {
        let (_, findings) = test_support::plan();
        assert_eq!(
            paragraph(&findings[0]),
            "`EPIC-1` is the id of two entries. Give one of them a free number, such as `EPIC-2`. \
             Links mean the first."
        );
        assert_eq!(sentence("did you mean `a`?"), "Did you mean `a`?");
        assert_eq!(sentence(""), "");
    }
}
