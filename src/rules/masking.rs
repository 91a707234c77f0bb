//! Findings without the secrets of the lines that they are about.
//!
//! A message may repeat a part of a value that no longer shows what it is: a secret without its name, or
//! half of one. So the lines of the labels are searched, and what a message repeats of a secret there is
//! masked.

use crate::finding::Finding;
use crate::source::secret::{self, MASK};
use crate::source::{SourceMap, Span};

/// Makes all findings such that they may be shown.
pub(super) fn show(findings: &mut [Finding], sources: &SourceMap) {
    for finding in findings {
        finding.show();
        let places: Vec<Span> = finding.labels.iter().map(|label| label.span).collect();
        for place in places {
            let lines = lines_of(place, sources);
            let secrets = secret::find_all(lines);
            if !secrets.is_empty() {
                let hidden: Vec<&str> = secrets.iter().map(|secret| &lines[secret.range.clone()]).collect();
                finding.each_text(|text| hide(text, &hidden));
            }
        }
    }
}

/// The most of a line that is searched before and behind a place, in bytes.
const WIDEST: usize = 2000;

/// The lines that a place lies in, as far as they are near.
fn lines_of(place: Span, sources: &SourceMap) -> &str {
    let text = sources.file(place.file).text();
    let (start, end) =
        (text.floor_char_boundary(place.start as usize), text.floor_char_boundary(place.end as usize));
    let before = &text[text.floor_char_boundary(start.saturating_sub(WIDEST))..start];
    let from = start - before.len() + before.rfind('\n').map_or(0, |at| at + 1);
    let after = &text[end..text.floor_char_boundary((end + WIDEST).min(text.len()))];
    let to = end + after.find('\n').unwrap_or(after.len());
    &text[from..to]
}

/// Masks what a text repeats of secrets: all of one, or between backquotes a part of one.
fn hide(text: &mut String, secrets: &[&str]) {
    for secret in secrets {
        if text.contains(secret) {
            *text = text.replace(secret, MASK);
        }
    }
    if !text.contains('`') {
        return;
    }
    let quoted = text.split('`').enumerate().map(|(index, part)| match index % 2 {
        1 if secrets.iter().any(|secret| overlaps(part, secret)) => MASK,
        _ => part,
    });
    *text = quoted.collect::<Vec<_>>().join("`");
}

/// A part of fewer characters tells nothing, and is in every second secret.
const SHORTEST_PART: usize = 5;

/// Whether a text is a part of a secret, or ends or begins with a part of it.
fn overlaps(text: &str, secret: &str) -> bool {
    if text.len() < SHORTEST_PART || secret.len() < SHORTEST_PART {
        return false;
    }
    let begins = secret.get(..SHORTEST_PART).is_some_and(|part| text.contains(part));
    let ends = secret.get(secret.len() - SHORTEST_PART..).is_some_and(|part| text.contains(part));
    begins || ends || secret.contains(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, secret: &str, expect: &str) {
        let mut hidden = text.to_owned();
        hide(&mut hidden, &[secret]);
        assert_eq!(hidden, expect);
    }

    #[test]
    fn what_is_repeated_of_a_secret_is_masked() {
        check("`=hunter2abc` is no limit", "hunter2abc", "`=••••` is no limit");
        check("`hunter2` is no limit", "hunter2abc", "`••••` is no limit");
        check("`2abc x` is no limit", "hunter2abc", "`2abc x` is no limit");
        check("`r2abc x` is no limit", "hunter2abc", "`••••` is no limit");
        check("`hunt` is no limit of `threshold`", "hunter2abc", "`hunt` is no limit of `threshold`");
    }
}
