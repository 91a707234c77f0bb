//! XML with places, on top of quick-xml.
//!
//! quick-xml finds the tags and holds end tags against start tags. What it leaves open is settled here:
//! that there is one root, that it is closed, that nothing is nested without end. No entity is known but
//! the five of XML itself (XML 1.0, 4.6), so that nothing can be blown up.

use std::borrow::Cow;

use quick_xml::events::Event;

use super::EvidenceDefect;
use super::input::Input;

/// How deep elements may lie in each other. Reports need six.
const DEEPEST: usize = 256;

/// How many attributes a tag may have, so that looking for one that stands there twice stays cheap.
const MOST_ATTRIBUTES: usize = 64;

/// A cursor over the elements of a file.
pub(super) struct Xml<'s, 'i> {
    reader: quick_xml::Reader<&'s [u8]>,
    input: &'i Input<'s>,
    open: Vec<&'s str>,
    /// Whether the last start tag closed itself, so that its end comes next.
    closing: bool,
    has_root: bool,
}

/// What the cursor comes to.
#[derive(Debug, Clone, Copy)]
pub(super) enum Token<'s> {
    /// An element begins.
    Start(Tag<'s>),
    /// The innermost element ends, which has this name.
    End(&'s str),
    /// Text of an element, as it is written.
    Text(&'s str),
    /// The document is over.
    Done,
}

/// A start tag.
#[derive(Debug, Clone, Copy)]
pub(super) struct Tag<'s> {
    /// The name of the element, without the prefix of a namespace.
    pub name: &'s str,
    /// The tag from `<` to `>`.
    pub text: &'s str,
    /// What stands between name and `>`.
    attributes: &'s str,
}

/// An attribute, its value as it is written.
#[derive(Debug, Clone, Copy)]
pub(super) struct Attribute<'s> {
    pub name: &'s str,
    pub raw: &'s str,
}

impl<'s, 'i> Xml<'s, 'i> {
    pub fn new(input: &'i Input<'s>) -> Self {
        let reader = quick_xml::Reader::from_str(input.text);
        Xml { reader, input, open: Vec::new(), closing: false, has_root: false }
    }

    /// The next element, end or text. Comments, instructions and the document type are passed over.
    #[inline]
    pub fn next(&mut self) -> Result<Token<'s>, EvidenceDefect> {
        if std::mem::take(&mut self.closing) {
            return Ok(self.close());
        }
        loop {
            let start = self.offset();
            let event = match self.reader.read_event() {
                Ok(event) => event,
                Err(error) => return Err(self.refused(&error)),
            };
            let text = &self.input.text[start..self.offset()];
            match event {
                Event::Start(tag) => return self.start(text, tag.name().as_ref().len(), false),
                Event::Empty(tag) => return self.start(text, tag.name().as_ref().len(), true),
                Event::End(_) => {
                    return Ok(self.close());
                }
                Event::Text(_) | Event::CData(_) if self.open.is_empty() => self.only_space(text)?,
                Event::Text(_) => return Ok(Token::Text(text)),
                Event::CData(_) => {
                    return Ok(Token::Text(text.trim_start_matches("<![CDATA[").trim_end_matches("]]>")));
                }
                Event::GeneralRef(_) => {
                    self.decode(text)?;
                    return Ok(Token::Text(text));
                }
                Event::Eof => return self.end(),
                Event::Comment(_) | Event::PI(_) | Event::Decl(_) | Event::DocType(_) => {}
            }
        }
    }

    #[inline]
    fn close(&mut self) -> Token<'s> {
        Token::End(self.open.pop().unwrap_or(""))
    }

    #[inline]
    fn offset(&self) -> usize {
        usize::try_from(self.reader.buffer_position()).unwrap_or(usize::MAX).min(self.input.text.len())
    }

    #[inline]
    fn start(&mut self, text: &'s str, name: usize, empty: bool) -> Result<Token<'s>, EvidenceDefect> {
        // `<name attributes>` or `<name attributes/>`.
        let end = text.len() - if empty { 2 } else { 1 };
        let (name, attributes) = text[1..end].split_at(name);
        if self.open.is_empty() && std::mem::replace(&mut self.has_root, true) {
            return Err(self.defect(text, format!("`<{name}>` stands behind the end of the document")));
        }
        if self.open.len() >= DEEPEST {
            let reason = format!("elements lie more than {DEEPEST} deep in each other");
            return Err(self.defect(text, reason));
        }
        let name = memchr::memrchr(b':', name.as_bytes()).map_or(name, |at| &name[at + 1..]);
        self.open.push(name);
        self.closing = empty;
        Ok(Token::Start(Tag { name, text, attributes }))
    }

    fn only_space(&self, text: &'s str) -> Result<(), EvidenceDefect> {
        match text.trim_start() {
            "" => Ok(()),
            rest => Err(self.defect(rest, "text outside of the document")),
        }
    }

    fn end(&self) -> Result<Token<'s>, EvidenceDefect> {
        let end = self.input.text.len();
        match self.open.last() {
            Some(name) => Err(self.input.malformed(end, format!("the file ends inside `<{name}>`"))),
            None if !self.has_root => Err(self.input.malformed(end, "the file holds no element")),
            None => Ok(Token::Done),
        }
    }

    fn refused(&self, error: &quick_xml::Error) -> EvidenceDefect {
        let offset = usize::try_from(self.reader.error_position()).unwrap_or(usize::MAX);
        let reason = match error {
            quick_xml::Error::Syntax(error) => error.to_string(),
            quick_xml::Error::IllFormed(error) => error.to_string(),
            other => other.to_string(),
        };
        self.input.malformed(offset, reason)
    }

    fn defect(&self, part: &str, reason: impl Into<String>) -> EvidenceDefect {
        self.input.malformed(self.input.place(part).start as usize, reason)
    }

    /// Passes over the rest of the innermost element.
    pub fn skip(&mut self) -> Result<(), EvidenceDefect> {
        let depth = self.open.len();
        while self.open.len() >= depth {
            if matches!(self.next()?, Token::Done) {
                break;
            }
        }
        Ok(())
    }

    /// The text of the innermost element, up to and with its end; elements in it are passed over.
    pub fn text(&mut self) -> Result<Cow<'s, str>, EvidenceDefect> {
        let mut found = Cow::Borrowed("");
        loop {
            match self.next()? {
                Token::Text(text) if found.is_empty() => found = self.decode(text)?,
                Token::Text(text) => found.to_mut().push_str(&self.decode(text)?),
                Token::Start(_) => self.skip()?,
                Token::End(_) | Token::Done => return Ok(found),
            }
        }
    }

    /// Hands every attribute of a tag to a function. One that stands there twice makes the tag broken.
    #[inline]
    pub fn attributes(
        &self,
        tag: Tag<'s>,
        mut each: impl FnMut(Attribute<'s>) -> Result<(), EvidenceDefect>,
    ) -> Result<(), EvidenceDefect> {
        let mut rest = tag.attributes.trim_ascii_start();
        let mut names = Names::default();
        while !rest.is_empty() {
            // Names are short: a loop finds their end sooner than anything clever.
            let equals = rest.bytes().position(|byte| byte == b'=');
            let Some(equals) = equals else { return Err(self.defect(rest, "an attribute without a value")) };
            let (name, behind) = (rest[..equals].trim_ascii_end(), rest[equals + 1..].trim_ascii_start());
            let quote = behind.bytes().next().filter(|byte| matches!(byte, b'"' | b'\''));
            let Some(quote) = quote else {
                return Err(self.defect(rest, "the value of an attribute is not between quotes"));
            };
            let Some(length) = memchr::memchr(quote, &behind.as_bytes()[1..]) else {
                return Err(self.defect(rest, "the value of an attribute is not closed"));
            };
            if name.is_empty() || name.bytes().any(|byte| matches!(byte, b' ' | b'\t' | b'\n' | b'"' | b'<'))
            {
                return Err(self.defect(rest, "an attribute without a value"));
            }
            if names.count >= MOST_ATTRIBUTES {
                return Err(self.defect(rest, format!("a tag with more than {MOST_ATTRIBUTES} attributes")));
            }
            if names.has(name) {
                return Err(self.defect(rest, format!("the attribute `{name}` stands there twice")));
            }
            each(Attribute { name, raw: &behind[1..=length] })?;
            rest = behind[length + 2..].trim_ascii_start();
        }
        Ok(())
    }

    /// The value of an attribute, or a text, with its references resolved.
    #[inline]
    pub fn decode(&self, raw: &'s str) -> Result<Cow<'s, str>, EvidenceDefect> {
        if memchr::memchr2(b'&', b'<', raw.as_bytes()).is_none() {
            return Ok(Cow::Borrowed(raw));
        }
        self.resolve(raw).map(Cow::Owned)
    }

    fn resolve(&self, raw: &'s str) -> Result<String, EvidenceDefect> {
        let mut decoded = String::with_capacity(raw.len());
        let mut rest = raw;
        while let Some(at) = memchr::memchr2(b'&', b'<', rest.as_bytes()) {
            let reference = &rest[at..];
            if reference.starts_with('<') {
                return Err(self.defect(reference, "a `<` in the value of an attribute; write `&lt;`"));
            }
            let Some(end) = memchr::memchr(b';', reference.as_bytes()) else {
                return Err(self.defect(reference, "an `&` that begins no reference; write `&amp;`"));
            };
            let name = &reference[1..end];
            let Some(letter) = referenced(name) else {
                let name: String = name.chars().take(32).collect();
                let reason = format!("`&{name};` is none of XML's own entities, and no others are read");
                return Err(self.defect(reference, reason));
            };
            decoded.push_str(&rest[..at]);
            decoded.push(letter);
            rest = &reference[end + 1..];
        }
        decoded.push_str(rest);
        Ok(decoded)
    }
}

/// The character that a reference stands for: one of XML's five entities, or a number.
fn referenced(name: &str) -> Option<char> {
    match name {
        "lt" => Some('<'),
        "gt" => Some('>'),
        "amp" => Some('&'),
        "apos" => Some('\''),
        "quot" => Some('"'),
        _ => {
            let number = name.strip_prefix('#')?;
            let code = match number.strip_prefix('x') {
                Some(hexadecimal) => u32::from_str_radix(hexadecimal, 16),
                None => number.parse(),
            };
            char::from_u32(code.ok()?).filter(|letter| *letter != '\0')
        }
    }
}

/// The names of the attributes of one tag.
#[derive(Default)]
struct Names<'s> {
    first: [&'s str; 8],
    count: usize,
    others: Vec<&'s str>,
}

impl<'s> Names<'s> {
    /// Whether a name was there before; it is from now on.
    fn has(&mut self, name: &'s str) -> bool {
        let known = self.first.len().min(self.count);
        if self.first[..known].contains(&name) || self.others.contains(&name) {
            return true;
        }
        match self.first.get_mut(self.count) {
            Some(free) => *free = name,
            None => self.others.push(name),
        }
        self.count += 1;
        false
    }
}
