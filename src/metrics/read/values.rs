//! The JSON values of a file with their places: a list, one value, or one behind the other as JSON Lines.

use std::fmt;

use serde::de::{Deserializer, SeqAccess, Visitor};
use serde_json::value::RawValue;

use super::Part;
use crate::source::{FileId, Span};

/// Takes a file apart.
pub(super) struct Values<'s> {
    file: FileId,
    text: &'s str,
    /// What is no value, and why.
    pub broken: Vec<(Span, String)>,
}

/// What serde_json says is wrong, without the place.
pub(super) fn reason(error: &serde_json::Error) -> String {
    let words = error.to_string();
    words.rsplit_once(" at line ").map_or(words.as_str(), |(reason, _)| reason).to_owned()
}

impl<'s> Values<'s> {
    /// The values of a text.
    pub fn of(file: FileId, text: &'s str) -> Self {
        Values { file, text, broken: Vec::new() }
    }

    /// Every value that can be read. What is broken takes nothing with it that stands on other lines.
    pub fn read(&mut self) -> Vec<Part<'s>> {
        match self.text.trim_start().starts_with('[') {
            true => self.list(),
            false => self.one_behind_the_other(),
        }
    }

    fn list(&mut self) -> Vec<Part<'s>> {
        let mut items = Vec::new();
        let mut deserializer = serde_json::Deserializer::from_str(self.text);
        let read = (&mut deserializer).deserialize_seq(Items(&mut items)).and_then(|()| deserializer.end());
        let items: Vec<Part<'s>> = items.into_iter().map(|raw| self.part(raw)).collect();
        if let Err(error) = read {
            let end = items.last().map_or(0, |part| part.span.end as usize);
            let line = self.line_start(error.line());
            let at = self.text[line..].find(['\n', '\r']).map_or(self.text.len(), |end| line + end);
            self.broken.push((Span::new(self.file, line.max(end).min(at), at), reason(&error)));
        }
        items
    }

    fn one_behind_the_other(&mut self) -> Vec<Part<'s>> {
        let mut parts = Vec::new();
        let mut at = 0;
        // A value may go on over several lines. One that does not end is looked for once, so that reading stays linear.
        let mut may_go_on = true;
        while at < self.text.len() {
            let line = self.text[at..].split('\n').next().unwrap_or_default();
            if line.trim().is_empty() {
                at += line.len() + 1;
                continue;
            }
            let mut error = match self.values_of(at, line, &mut parts) {
                Ok(()) => {
                    at += line.len() + 1;
                    continue;
                }
                Err(error) => error,
            };
            if error.is_eof() && may_go_on {
                let mut values = serde_json::Deserializer::from_str(&self.text[at..]).into_iter();
                match values.next() {
                    Some(Ok(raw)) => {
                        parts.push(self.part(raw));
                        at += values.byte_offset();
                        continue;
                    }
                    Some(Err(longer)) => (error, may_go_on) = (longer, false),
                    None => {}
                }
            }
            self.broken.push((Span::new(self.file, at, at + line.trim_end().len()), reason(&error)));
            at += line.len() + 1;
        }
        parts
    }

    /// The values of a line, all or none.
    fn values_of(&self, at: usize, line: &str, parts: &mut Vec<Part<'s>>) -> Result<(), serde_json::Error> {
        let before = parts.len();
        for raw in serde_json::Deserializer::from_str(&self.text[at..at + line.len()]).into_iter() {
            match raw {
                Ok(raw) => parts.push(self.part(raw)),
                Err(error) => {
                    parts.truncate(before);
                    return Err(error);
                }
            }
        }
        Ok(())
    }

    fn part(&self, raw: &'s RawValue) -> Part<'s> {
        let start = (raw.get().as_ptr() as usize).saturating_sub(self.text.as_ptr() as usize);
        Part { span: Span::new(self.file, start, start + raw.get().len()), raw }
    }

    /// Where a line begins, counted from 1.
    fn line_start(&self, line: usize) -> usize {
        let lines = self.text.split_inclusive('\n').take(line.saturating_sub(1));
        lines.map(str::len).sum::<usize>().min(self.text.len())
    }
}

/// Reads a list item by item; those before an error stay.
struct Items<'o, 's>(&'o mut Vec<&'s RawValue>);

impl<'s> Visitor<'s> for Items<'_, 's> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a list")
    }

    fn visit_seq<A: SeqAccess<'s>>(self, mut items: A) -> Result<(), A::Error> {
        while let Some(item) = items.next_element()? {
            self.0.push(item);
        }
        Ok(())
    }
}
