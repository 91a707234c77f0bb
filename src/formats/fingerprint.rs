//! What stays the same of a finding when lines move, days pass, and people stand elsewhere.

use std::borrow::Cow;

use rustc_hash::FxHashMap;
use sha2::{Digest, Sha256};

use crate::finding::Finding;
use crate::source::SourceMap;

/// A fingerprint of each finding: of its rule, its file and its message, and of how many such findings came
/// before it. Numbers in the message that count something do not belong to it: a baseline would be void the
/// next day, and an alert that was dismissed would come back.
pub fn fingerprints(findings: &[Finding], sources: &SourceMap) -> Vec<String> {
    let mut seen: FxHashMap<[u8; 32], u32> = FxHashMap::default();
    let digest = |parts: &[&str]| -> [u8; 32] { Sha256::digest(parts.join("\0")).into() };
    findings
        .iter()
        .map(|finding| {
            let file = finding.primary().map_or("", |span| sources.file(span.file).path());
            let message = &*lasting(finding, sources);
            let count = seen.entry(digest(&[finding.code, file, message])).or_insert(0);
            *count += 1;
            let bytes = digest(&[finding.code, file, message, &count.to_string()]);
            bytes.iter().take(16).map(|byte| format!("{byte:02x}")).collect()
        })
        .collect()
}

/// The message without what changes by itself: numbers that count, and the way to a file from where the user stands.
fn lasting(finding: &Finding, sources: &SourceMap) -> String {
    let mut message = Cow::Borrowed(finding.message.as_str());
    for label in &finding.labels {
        let file = sources.file(label.span.file);
        if file.name() != file.path() && message.contains(file.name()) {
            message = message.replace(file.name(), file.path()).into();
        }
    }
    without_counts(&message)
}

/// A text with `#` for every number that is a word of its own outside backquotes. The noun behind it loses its
/// plural: one day is followed by two days.
fn without_counts(text: &str) -> String {
    let mut lasting = String::with_capacity(text.len());
    for (index, part) in text.split('`').enumerate() {
        if index > 0 {
            lasting.push('`');
        }
        match index % 2 {
            0 => push_without_counts(part, &mut lasting),
            _ => lasting += part,
        }
    }
    lasting
}

fn push_without_counts(part: &str, lasting: &mut String) {
    let mut counted = false;
    for word in part.split_inclusive(' ') {
        let bare = word.trim_end();
        let number = bare.trim_matches(|c: char| c.is_ascii_punctuation());
        if is_number(number) {
            // What stands around it stays: brackets, a comma, a per cent sign.
            *lasting += &word.replacen(number, "#", 1);
            counted = true;
            continue;
        }
        match bare.strip_suffix('s').filter(|_| counted) {
            Some(singular) => {
                *lasting += singular;
                *lasting += &word[bare.len()..];
            }
            None => *lasting += word,
        }
        counted = false;
    }
}

/// A number, a date or a time, with whatever points and signs are in it.
fn is_number(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_digit())
        && text.bytes().all(|byte| byte.is_ascii_digit() || b".,:-/%".contains(&byte))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::{Label, Level};
    use crate::source::{FileId, SourceFile, Span};

    fn check(text: &str, expect: &str) {
        assert_eq!(without_counts(text), expect);
    }

    #[test]
    fn what_changes_by_itself_does_not_belong_to_it() {
        check("EPIC-01: was due 10 days ago", "EPIC-01: was due # day ago");
        check("EPIC-01: was due 1 day ago", "EPIC-01: was due # day ago");
        check(
            "RUN-1: tested on 2026-11-20 (3 weeks ago), 12% of 5",
            "RUN-1: tested on # (# week ago), #% of #",
        );
    }

    #[test]
    fn ids_versions_and_what_is_quoted_do() {
        check("EPIC-01 and 1.2.3-rc.1 of `10 days` in v2", "EPIC-01 and 1.2.3-rc.1 of `10 days` in v2");
        check("a ` alone 5 times", "a ` alone 5 times");
    }

    fn print(name: &str, path: Option<&str>, message: &str) -> String {
        let file = SourceFile::new(name, "text").with_path(path.map(str::to_owned));
        let sources = SourceMap::new(vec![file]);
        let finding = Finding {
            code: "RP0001",
            name: "rule",
            level: Level::Error,
            message: message.to_owned(),
            labels: vec![Label { span: Span::new(FileId(0), 0, 1), text: String::new() }],
            help: None,
            notes: Vec::new(),
            fix: None,
            about: crate::finding::FindingSubject::Places,
        };
        fingerprints(&[finding], &sources).remove(0)
    }

    #[test]
    fn where_the_user_stands_does_not_matter() {
        let here = print("plan.yaml", Some("app/plan.yaml"), "`plan.yaml` is 3 days old");
        let there = print("../app/plan.yaml", Some("app/plan.yaml"), "`../app/plan.yaml` is 4 days old");
        assert_eq!(here, there);
        assert_ne!(here, print("plan.yaml", None, "`plan.yaml` is 3 days old"));
    }
}
