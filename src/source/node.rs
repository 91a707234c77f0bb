//! The tree that YAML and TOML are read into, every part with its place.

use std::borrow::Cow;

use super::{Span, Spanned};

/// One value of a document.
#[derive(Debug, Clone)]
pub struct Node<'s> {
    /// Where the value stands: for a scalar its text with any quotes, for a
    /// collection everything from its first to its last part.
    pub span: Span,
    /// Its kind.
    pub value: Value<'s>,
}

/// What a node can be.
#[derive(Debug, Clone)]
pub enum Value<'s> {
    /// A text, a number, a boolean, a date, or nothing at all.
    Scalar(Scalar<'s>),
    /// An ordered list.
    Sequence(Vec<Node<'s>>),
    /// Keys and values, in the order of the file, duplicates included.
    Mapping(Vec<Pair<'s>>),
}

/// One key of a mapping and its value.
#[derive(Debug, Clone)]
pub struct Pair<'s> {
    /// The key; a collection is possible in YAML and a finding in a plan.
    pub key: Node<'s>,
    /// The value.
    pub value: Node<'s>,
}

impl Pair<'_> {
    /// Whether it names the schema of its document, which editors ask for: `$schema: …`.
    pub fn names_schema(&self) -> bool {
        self.key.text() == Some("$schema") && matches!(self.value.value, Value::Scalar(_))
    }
}

/// A single value as it was written.
#[derive(Debug, Clone)]
pub struct Scalar<'s> {
    /// The text after escapes and folding; for a plain or quoted scalar of one
    /// line it is borrowed from the source.
    pub text: Cow<'s, str>,
    /// How it was written.
    pub style: Style,
}

/// How a scalar was written, as far as that changes what it means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// Without quotes: the only style in which YAML sees numbers and booleans.
    Plain,
    /// In single or double quotes.
    Quoted,
    /// A block behind `|` or `>`.
    Block,
}

impl<'s> Node<'s> {
    /// The scalar, if it is one.
    pub fn scalar(&self) -> Option<&Scalar<'s>> {
        match &self.value {
            Value::Scalar(scalar) => Some(scalar),
            _ => None,
        }
    }

    /// The text of a scalar, if it is one.
    pub fn text(&self) -> Option<&str> {
        self.scalar().map(|scalar| &*scalar.text)
    }

    /// Whether nothing was written, or YAML's null.
    pub fn is_null(&self) -> bool {
        self.scalar().is_some_and(|scalar| {
            scalar.style == Style::Plain && matches!(&*scalar.text, "" | "~" | "null" | "Null" | "NULL")
        })
    }

    /// The word for what it is in a message.
    pub fn describe(&self) -> &'static str {
        match &self.value {
            _ if self.is_null() => "nothing",
            Value::Scalar(_) => "a single value",
            Value::Sequence(_) => "a list",
            Value::Mapping(_) => "a mapping",
        }
    }
}

/// Finds the source place of parts of a scalar's text, asked in ascending order.
///
/// Escapes, folding and indentation make the text differ from the source. Where
/// the text is borrowed the place is arithmetic; elsewhere the part is searched
/// for in the source from where the last one ended, and the whole scalar stands
/// for a part that is not found there.
pub struct Locator<'a> {
    source: &'a str,
    span: Span,
    borrowed_from: Option<usize>,
    searched_to: usize,
    lost: bool,
}

impl<'a> Locator<'a> {
    /// A locator for `scalar`, which covers `span` of `source`, the text of its file.
    pub fn new(scalar: &Scalar<'_>, span: Span, source: &'a str) -> Self {
        let borrowed_from = match &scalar.text {
            Cow::Borrowed(_) if scalar.style == Style::Plain => Some(span.start as usize),
            Cow::Borrowed(_) if scalar.style == Style::Quoted => Some(span.start as usize + 1),
            _ => None,
        };
        Locator { source, span, borrowed_from, searched_to: span.start as usize, lost: false }
    }

    /// The place of `text[start..end]`, where `text` is the scalar's.
    pub fn locate(&mut self, text: &str, start: usize, end: usize) -> Span {
        if let Some(base) = self.borrowed_from {
            return Span::new(self.span.file, base + start, base + end);
        }
        // A part that was not found once will not be searched for again: that
        // keeps a text of a million ids linear.
        if self.lost {
            return self.span;
        }
        let part = &text[start..end];
        let rest = self.source.get(self.searched_to..self.span.end as usize);
        match rest.and_then(|rest| memchr::memmem::find(rest.as_bytes(), part.as_bytes())) {
            Some(at) => {
                let from = self.searched_to + at;
                self.searched_to = from + part.len();
                Span::new(self.span.file, from, self.searched_to)
            }
            None => {
                self.lost = true;
                self.span
            }
        }
    }
}

impl<'s> Node<'s> {
    /// The text of a scalar with its place, if it is one.
    pub fn spanned_text(&self) -> Option<Spanned<&str>> {
        self.text().map(|text| Spanned::new(text, self.span))
    }
}
