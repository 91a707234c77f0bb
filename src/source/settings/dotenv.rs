//! dotenv files: `KEY=value`, a setting a line.

use super::{Kind, Setting, Settings, SettingsDefect};
use crate::source::{FileId, Span};

/// Reads the settings of a dotenv file.
pub(super) fn read(id: FileId, text: &str) -> Settings {
    let mut settings = Settings::default();
    let mut at = 0;
    while at < text.len() {
        let end = text[at..].find('\n').map_or(text.len(), |length| at + length);
        let line = &text[at..end];
        let content = line.trim();
        let start = at + (line.len() - line.trim_start().len());
        at = end + 1;
        if content.is_empty() || content.starts_with('#') {
            continue;
        }
        let whole = Span::new(id, start, start + content.len());
        let Some((key, _)) = content.split_once('=') else {
            settings.defects.push(SettingsDefect { span: whole, reason: "a line without `=`".to_owned() });
            continue;
        };
        let equals = start + key.len();
        let key = key.trim().strip_prefix("export ").unwrap_or(key).trim();
        if !is_name(key) {
            let reason =
                if key.is_empty() { "no key before `=`" } else { "the key before `=` is no variable name" };
            settings.defects.push(SettingsDefect { span: whole, reason: reason.to_owned() });
            continue;
        }
        let span = Span::new(id, start, start + content.len().min(equals - start).max(1));
        let Read { value, kind, next, problem } = value(text, equals + 1, end);
        settings
            .defects
            .extend(problem.map(|reason| SettingsDefect { span: whole, reason: reason.to_owned() }));
        at = at.max(next);
        let value_span = Span::new(id, equals + 1, text.len().min(next.saturating_sub(1)).max(equals + 1));
        settings.all.push(Setting { key: key.to_owned(), value, kind, span, value_span });
    }
    settings
}

/// Whether shells and libraries take a key for the name of a variable.
fn is_name(key: &str) -> bool {
    let is_letter = |letter: char| letter.is_alphanumeric() || matches!(letter, '_' | '-' | '.');
    key.chars().all(is_letter) && key.starts_with(|first: char| first.is_alphabetic() || first == '_')
}

/// A value as it was read.
struct Read {
    value: String,
    kind: Kind,
    /// Where the next line begins.
    next: usize,
    /// What is wrong with it.
    problem: Option<&'static str>,
}

/// Reads the value that begins at a byte of a line.
fn value(text: &str, from: usize, line_end: usize) -> Read {
    let line = &text[from.min(line_end)..line_end];
    let trimmed = line.trim_start();
    let start = from + (line.len() - trimmed.len());
    match trimmed.chars().next() {
        Some(quote @ ('"' | '\'' | '`')) => quoted(text, start + 1, line_end, quote),
        _ => {
            let value = without_comment(trimmed);
            Read { kind: Kind::of_plain(value), value: value.to_owned(), next: line_end + 1, problem: None }
        }
    }
}

/// A comment begins with a `#` behind a blank: a URL may hold one.
fn without_comment(line: &str) -> &str {
    let begins =
        |(at, letter): &(usize, char)| *letter == '#' && (*at == 0 || line[..*at].ends_with([' ', '\t']));
    let end = line.char_indices().find(begins).map_or(line.len(), |(at, _)| at);
    line[..end].trim_end()
}

/// Reads a value between quotes, which may go on over lines.
fn quoted(text: &str, from: usize, line_end: usize, quote: char) -> Read {
    let inner = &text[from..];
    let Some(length) = closing(inner, quote) else {
        let value = text[from..line_end].trim_end().to_owned();
        return Read {
            value,
            kind: Kind::Text,
            next: line_end + 1,
            problem: Some("the quote is not closed"),
        };
    };
    let value = unescaped(&inner[..length], quote);
    let behind = from + length + 1;
    let end = text[behind..].find('\n').map_or(text.len(), |more| behind + more);
    let is_alone = without_comment(text[behind..end].trim_start()).is_empty();
    let problem = (!is_alone).then_some("text behind the closing quote");
    Read { kind: Kind::of_plain(&value), value, next: end + 1, problem }
}

/// Where a quoted value ends.
fn closing(inner: &str, quote: char) -> Option<usize> {
    let mut is_escaped = false;
    for (at, letter) in inner.char_indices() {
        match letter {
            _ if is_escaped => is_escaped = false,
            '\\' if quote == '"' => is_escaped = true,
            _ if letter == quote => return Some(at),
            _ => {}
        }
    }
    None
}

fn unescaped(inner: &str, quote: char) -> String {
    if quote != '"' {
        return inner.replace("\r\n", "\n");
    }
    let mut value = String::with_capacity(inner.len());
    let mut letters = inner.chars();
    while let Some(letter) = letters.next() {
        match letter {
            '\\' => match letters.next() {
                Some('n') => value.push('\n'),
                Some('r') => value.push('\r'),
                Some('t') => value.push('\t'),
                Some(other) => value.push(other),
                None => value.push('\\'),
            },
            letter => value.push(letter),
        }
    }
    value.replace("\r\n", "\n")
}
