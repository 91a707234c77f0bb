//! The elements of a report, with places, as quick-xml reads them.
//!
//! quick-xml leaves to its caller what takes time: that there is one root, that every element is closed, that
//! nothing is nested without end, and that attributes are well-formed. This is asked here, so that half of a
//! report is not taken for all of it. No entity is known but the five of XML itself (XML 1.0, 4.6), so that
//! nothing can be blown up; what a document type declares is passed over.
//!
//! A document may be read in parts, each by itself: see [`Xml::part`].

use std::borrow::Cow;
use std::ops::Range;

use memchr::{memchr, memchr2};
use quick_xml::Reader;
use quick_xml::errors::{Error, IllFormedError, SyntaxError};
use quick_xml::escape::unescape;
use quick_xml::events::Event;
use quick_xml::events::attributes::{AttrError, Attributes};

use super::EvidenceDefect;
use super::input::Input;

/// How deep elements may lie in each other. Reports need six.
pub(super) const DEEPEST: usize = 256;

/// How many attributes a tag may have, so that looking for one that stands there twice stays cheap.
const MOST_ATTRIBUTES: usize = 64;

type Read<T> = Result<T, EvidenceDefect>;

/// What the cursor comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Token<'s> {
    /// An element begins. Its attributes are known until the next one does.
    Start(Tag<'s>),
    /// The innermost element ends, which has this name.
    End(&'s str),
    /// Text of an element, as it is written.
    Text(&'s str),
    /// Text in which nothing stands for anything else.
    Data(&'s str),
    /// The document is over.
    Done,
}

/// A start tag.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Tag<'s> {
    /// The name of the element, without the prefix of a namespace.
    pub name: &'s str,
    /// The tag from `<` to `>`.
    pub text: &'s str,
    /// How many bytes the name has with its prefix.
    name_length: usize,
}

/// An attribute, its value as it is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Attribute<'s> {
    pub name: &'s str,
    pub raw: &'s str,
    /// Whether nothing in it stands for anything else.
    is_plain: bool,
}

/// A cursor over the elements of a file.
pub(super) struct Xml<'s, 'i> {
    input: &'i Input<'s>,
    tags: Tags<'s, 'i>,
    /// What follows from the last event.
    tokens: Vec<Token<'s>>,
    /// The first of these that was not handed on.
    at: usize,
    /// The attributes of the last start tag.
    attributes: Vec<Attribute<'s>>,
    /// How many elements are open.
    depth: usize,
}

/// What the elements of a part have to do with those around it.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Outline<'s> {
    /// The names of the elements that it closes and did not open, the innermost first.
    pub closed: Vec<&'s str>,
    /// The names of those that it opens and did not close, the outermost first.
    pub open: Vec<&'s str>,
    /// How deep elements lie in each other at most that it opens.
    pub deepest: usize,
    /// Whether something stands behind the last of those that it closes and did not open.
    pub goes_on: bool,
}

impl<'s, 'i> Xml<'s, 'i> {
    /// A cursor over the whole of a file.
    pub fn new(input: &'i Input<'s>) -> Self {
        Xml::part(input, 0..input.text.len())
    }

    /// A cursor over a part of a file, which begins at a `<`.
    ///
    /// Whether a tag begins there is not known here: the place may lie in a comment. But if the part before it
    /// was read to its end with nothing broken, then nothing was open there but elements, and a tag begins. So a
    /// document may be cut before any `<`, and its parts be read at the same time: if nothing is broken in any of
    /// them, and their [outlines](Outline) fit together, it is what the whole would be read as.
    pub fn part(input: &'i Input<'s>, part: Range<usize>) -> Self {
        let tags = Tags::new(input, part);
        Xml { input, tags, tokens: Vec::new(), at: 0, attributes: Vec::new(), depth: 0 }
    }

    /// What was opened and closed so far.
    pub fn outline(self) -> Outline<'s> {
        let Tags { closed, open, deepest, goes_on, .. } = self.tags;
        Outline { closed, open, deepest, goes_on }
    }

    /// The next element, end or text. Comments, instructions and the document type are passed over.
    #[inline]
    pub fn next(&mut self) -> Read<Token<'s>> {
        while self.at == self.tokens.len() {
            self.tokens.clear();
            self.at = 0;
            self.tags.step(&mut self.tokens)?;
        }
        let token = self.tokens[self.at];
        match token {
            Token::Start(tag) => {
                self.depth += 1;
                self.attributes.clear();
                attributes(self.input, tag, &mut self.attributes)?;
            }
            // A part may close what it did not open.
            Token::End(_) => self.depth = self.depth.saturating_sub(1),
            Token::Text(_) | Token::Data(_) => {}
            Token::Done => return Ok(token),
        }
        self.at += 1;
        Ok(token)
    }

    /// The next element that lies directly in the innermost one that is open; nothing where that ends.
    pub fn child(&mut self) -> Read<Option<Tag<'s>>> {
        loop {
            match self.next()? {
                Token::Start(tag) => return Ok(Some(tag)),
                Token::Text(_) | Token::Data(_) => {}
                Token::End(_) | Token::Done => return Ok(None),
            }
        }
    }

    /// Passes over the rest of the innermost element.
    pub fn skip(&mut self) -> Read<()> {
        let depth = self.depth;
        while self.depth >= depth {
            if self.next()? == Token::Done {
                break;
            }
        }
        Ok(())
    }

    /// Passes over the rest of the innermost element, and says whether an element in it is of interest.
    pub fn skip_unless(&mut self, of_interest: impl Fn(&str) -> bool) -> Read<bool> {
        let depth = self.depth;
        let mut found = false;
        while self.depth >= depth {
            match self.next()? {
                Token::Start(tag) => found |= of_interest(tag.name),
                Token::Done => break,
                Token::End(_) | Token::Text(_) | Token::Data(_) => {}
            }
        }
        Ok(found)
    }

    /// The text of the innermost element, up to and with its end; elements in it are passed over.
    pub fn text(&mut self) -> Read<Cow<'s, str>> {
        self.text_unless(|_| false).map(|(text, _)| text)
    }

    /// The same, and whether an element in it is of interest.
    pub fn text_unless(&mut self, of_interest: impl Fn(&str) -> bool) -> Read<(Cow<'s, str>, bool)> {
        let mut found = Cow::Borrowed("");
        let mut is_any = false;
        loop {
            let part = match self.next()? {
                Token::Text(text) => resolve(self.input, text)?,
                Token::Data(data) => Cow::Borrowed(data),
                Token::Start(tag) => {
                    is_any |= of_interest(tag.name) | self.skip_unless(&of_interest)?;
                    continue;
                }
                Token::End(_) | Token::Done => return Ok((found, is_any)),
            };
            match found.is_empty() {
                true => found = part,
                false => found.to_mut().push_str(&part),
            }
        }
    }

    /// Hands every attribute of the last start tag to a function.
    #[inline]
    pub fn attributes(&self, each: impl FnMut(Attribute<'s>) -> Read<()>) -> Read<()> {
        self.attributes.iter().copied().try_for_each(each)
    }

    /// The value of an attribute, with its references resolved.
    #[inline]
    pub fn value(&self, attribute: Attribute<'s>) -> Read<Cow<'s, str>> {
        match attribute.is_plain {
            true => Ok(Cow::Borrowed(attribute.raw)),
            false => resolve(self.input, attribute.raw),
        }
    }

    /// The `name` and the `value` of the last start tag, as a `<property>` has them; the value also as it is written.
    pub fn property(&self) -> Read<Property<'s>> {
        let (mut name, mut value) = (Cow::Borrowed(""), None);
        self.attributes(|attribute| {
            match attribute.name {
                "name" => name = self.value(attribute)?,
                "value" => value = Some((self.value(attribute)?, attribute.raw)),
                _ => {}
            }
            Ok(())
        })?;
        Ok((name, value))
    }
}

/// The name of a property, and its value, both resolved and as it is written.
pub type Property<'s> = (Cow<'s, str>, Option<(Cow<'s, str>, &'s str)>);

/// Finds the tags of a part of a file.
struct Tags<'s, 'i> {
    input: &'i Input<'s>,
    reader: Reader<&'s [u8]>,
    part: Range<usize>,
    /// Where the last event ended.
    at: usize,
    /// Where the text began that was not handed on yet: references take it apart.
    text_from: Option<usize>,
    /// The elements that are open.
    open: Vec<&'s str>,
    /// The elements that are closed and were opened before the part.
    closed: Vec<&'s str>,
    /// How many elements were open at the same time.
    deepest: usize,
    /// Whether something stands behind the last of the elements that are closed.
    goes_on: bool,
    has_root: bool,
}

impl<'s, 'i> Tags<'s, 'i> {
    fn new(input: &'i Input<'s>, part: Range<usize>) -> Self {
        let mut reader = Reader::from_str(&input.text[part.clone()]);
        let config = reader.config_mut();
        // Space between two tags means nothing in a report.
        config.trim_text_start = true;
        config.allow_unmatched_ends = part.start > 0;
        Tags {
            input,
            reader,
            at: part.start,
            has_root: part.start > 0,
            part,
            text_from: None,
            open: Vec::new(),
            closed: Vec::new(),
            deepest: 0,
            goes_on: false,
        }
    }

    /// Whether what stands here stands in no element.
    fn is_outside(&mut self) -> bool {
        let is_outside = self.open.is_empty();
        self.goes_on |= is_outside;
        // A part that is not the first lies in elements that others opened.
        is_outside && self.part.start == 0
    }

    /// What follows from the next event.
    #[inline]
    fn step(&mut self, tokens: &mut Vec<Token<'s>>) -> Read<()> {
        let event = match self.reader.read_event() {
            Ok(event) => event,
            Err(error) => return Err(self.broken(&error)),
        };
        let (from, end) = (self.at, self.part.start + self.reader.buffer_position() as usize);
        self.at = end;
        match event {
            Event::Start(tag) => {
                self.hand_on_text(tokens);
                self.start(end - tag.len() - "<>".len(), end, tag.name().as_ref().len(), tokens)
            }
            Event::Empty(tag) => {
                self.hand_on_text(tokens);
                self.start(end - tag.len() - "</>".len(), end, tag.name().as_ref().len(), tokens)?;
                self.close(from, tag.name().as_ref().len(), tokens);
                Ok(())
            }
            Event::End(tag) => {
                self.hand_on_text(tokens);
                self.close(from, tag.name().as_ref().len(), tokens);
                Ok(())
            }
            Event::Text(text) => self.text(from, end - text.len()),
            Event::GeneralRef(name) => {
                let start = end - name.len() - "&;".len();
                self.text(from, start)?;
                resolve(self.input, &self.input.text[start..end]).map(drop)
            }
            Event::CData(data) => {
                self.hand_on_text(tokens);
                let end = end - "]]>".len();
                self.data(end - data.len()..end, tokens)
            }
            Event::DocType(_) if self.has_root => Err(self.at(self.markup(from), NOT_HERE)),
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::DocType(_) => {
                self.hand_on_text(tokens);
                Ok(())
            }
            Event::Eof => {
                self.hand_on_text(tokens);
                self.end(tokens)
            }
        }
    }

    /// A start tag between two offsets, with a name of so many bytes.
    #[inline]
    fn start(&mut self, start: usize, end: usize, name: usize, tokens: &mut Vec<Token<'s>>) -> Read<()> {
        let text = &self.input.text[start..end];
        let name = &text[1..=name];
        if !name.starts_with(|letter: char| letter.is_alphabetic() || matches!(letter, '_' | ':')) {
            return Err(self.at(start, "a `<` that begins no tag; write `&lt;`"));
        }
        if self.is_outside() && std::mem::replace(&mut self.has_root, true) {
            return Err(self.at(start, format!("`<{name}>` after the end of the document")));
        }
        if self.open.len() >= DEEPEST {
            return Err(self.at(start, format!("elements lie more than {DEEPEST} deep in each other")));
        }
        self.open.push(name);
        self.deepest = self.deepest.max(self.open.len());
        tokens.push(Token::Start(Tag { name: local(name), text, name_length: name.len() }));
        Ok(())
    }

    /// The next tag behind an offset closes an element, whose name has so many bytes.
    #[inline]
    fn close(&mut self, from: usize, name: usize, tokens: &mut Vec<Token<'s>>) {
        let name = self.open.pop().unwrap_or_else(|| {
            let start = self.markup(from) + "</".len();
            let name = &self.input.text[start..start + name];
            self.closed.push(name);
            self.goes_on = false;
            name
        });
        tokens.push(Token::End(local(name)));
    }

    /// Text that was not handed on begins at one offset, and its first letter stands at another.
    fn text(&mut self, from: usize, first: usize) -> Read<()> {
        if self.is_outside() {
            return Err(self.at(first, "text outside of the document"));
        }
        self.text_from.get_or_insert(from);
        Ok(())
    }

    #[inline]
    fn hand_on_text(&mut self, tokens: &mut Vec<Token<'s>>) {
        if let Some(from) = self.text_from.take() {
            tokens.push(Token::Text(&self.input.text[from..self.markup(from)]));
        }
    }

    fn data(&mut self, place: Range<usize>, tokens: &mut Vec<Token<'s>>) -> Read<()> {
        if self.is_outside() {
            return Err(self.at(place.start - "<![CDATA[".len(), NOT_HERE));
        }
        tokens.push(Token::Data(&self.input.text[place]));
        Ok(())
    }

    fn end(&self, tokens: &mut Vec<Token<'s>>) -> Read<()> {
        let end = self.input.text.len();
        match self.open.last() {
            // What follows may close what is open.
            _ if self.part.end < end => {
                tokens.push(Token::Done);
                Ok(())
            }
            Some(name) => Err(self.at(end, format!("the file ends inside `<{name}>`"))),
            None if !self.has_root => Err(self.at(end, "the file holds no element")),
            None => {
                tokens.push(Token::Done);
                Ok(())
            }
        }
    }

    /// Where the next markup begins.
    fn markup(&self, from: usize) -> usize {
        let text = &self.input.text.as_bytes()[from..];
        from + memchr(b'<', text).unwrap_or(text.len())
    }

    #[cold]
    fn at(&self, offset: usize, reason: impl Into<String>) -> EvidenceDefect {
        self.input.malformed(offset, reason)
    }

    /// What quick-xml refuses, in words.
    #[cold]
    fn broken(&self, error: &Error) -> EvidenceDefect {
        let reason = match error {
            Error::Syntax(SyntaxError::InvalidBangMarkup) => NOT_HERE.to_owned(),
            Error::Syntax(error) => {
                let what = match error {
                    SyntaxError::UnclosedPI | SyntaxError::UnclosedXmlDecl => "an instruction",
                    SyntaxError::UnclosedComment => "a comment",
                    SyntaxError::UnclosedDoctype => "the document type",
                    SyntaxError::UnclosedCData => "a CDATA section",
                    _ => "this tag",
                };
                format!("the file ends inside {what}")
            }
            Error::IllFormed(IllFormedError::MismatchedEndTag { expected, found }) => {
                format!("expected `</{expected}>`, and this is `</{}>`", short(found))
            }
            Error::IllFormed(IllFormedError::UnmatchedEndTag(name)) => {
                format!("`</{}>` closes nothing", short(name))
            }
            Error::IllFormed(IllFormedError::UnclosedReference) => NO_REFERENCE.to_owned(),
            error => error.to_string(),
        };
        self.at(self.part.start + self.reader.error_position() as usize, reason)
    }
}

const NOT_HERE: &str = "a `<!` that begins nothing which may stand here";

const NO_REFERENCE: &str = "an `&` that begins no reference; write `&amp;`";

/// Adds the attributes of a tag to others.
fn attributes<'s>(input: &Input<'s>, tag: Tag<'s>, found: &mut Vec<Attribute<'s>>) -> Read<()> {
    let inside = tag.text.strip_suffix('>').unwrap_or(tag.text);
    let inside = inside.strip_suffix('/').unwrap_or(inside);
    let inside = inside.get(1..).unwrap_or_default();
    let at = |offset: usize, reason: &str| {
        input.malformed(input.place(tag.text).start as usize + 1 + offset, reason)
    };
    // One look at the whole tag is cheaper than one at each value.
    let special = memchr2(b'<', b'&', inside.as_bytes());
    if let Some(place) = special.and_then(|special| memchr(b'<', &inside.as_bytes()[special..])) {
        let place = place + special.unwrap_or_default();
        return Err(at(place, "a `<` in the value of an attribute; write `&lt;`"));
    }
    let first = found.len();
    let mut end = tag.name_length;
    if inside.bytes().take(end).any(|byte| matches!(byte, b'/' | b'"' | b'\'' | b'=')) {
        return Err(at(0, "there is no space behind the name of this element"));
    }
    for attribute in Attributes::new(inside, end).with_checks(false) {
        let attribute = attribute.map_err(|error| {
            let space = inside.bytes().skip(end).take_while(|byte| is_space(*byte)).count();
            at(end + space, words(&error))
        })?;
        let Cow::Borrowed(raw) = attribute.value else { continue };
        let name = attribute.key.into_inner();
        let start = offset_in(inside, name);
        if start == end {
            return Err(at(start, "there is no space between two attributes"));
        }
        if found.len() - first >= MOST_ATTRIBUTES {
            return Err(at(start, &format!("a tag with more than {MOST_ATTRIBUTES} attributes")));
        }
        if found[first..].iter().any(|known| known.name == name) {
            return Err(at(start, &format!("duplicate attribute `{name}`")));
        }
        end = offset_in(inside, raw) + raw.len() + 1;
        let is_plain = special.is_none() || memchr(b'&', raw.as_bytes()).is_none();
        found.push(Attribute { name, raw, is_plain });
    }
    Ok(())
}

/// Where a part of a text begins in it.
fn offset_in(text: &str, part: &str) -> usize {
    (part.as_ptr() as usize).saturating_sub(text.as_ptr() as usize)
}

fn words(error: &AttrError) -> &'static str {
    match error {
        AttrError::ExpectedEq(_) | AttrError::ExpectedValue(_) => "an attribute without a value",
        AttrError::UnquotedValue(_) => "the value of an attribute is not between quotes",
        AttrError::ExpectedQuote(..) => "the value of an attribute is not closed",
        AttrError::Duplicated(..) => "duplicate attribute",
    }
}

/// A text, with its references resolved.
fn resolve<'s>(input: &Input<'s>, raw: &'s str) -> Read<Cow<'s, str>> {
    unescape(raw).map_err(|_| unknown_reference(input, raw))
}

/// The first reference of a text that stands for nothing.
#[cold]
fn unknown_reference(input: &Input<'_>, raw: &str) -> EvidenceDefect {
    let start = input.place(raw).start as usize;
    for at in memchr::memchr_iter(b'&', raw.as_bytes()) {
        let Some(end) = memchr(b';', &raw.as_bytes()[at..]) else {
            return input.malformed(start + at, NO_REFERENCE);
        };
        if unescape(&raw[at..=at + end]).is_err() {
            let name = short(&raw[at + 1..at + end]);
            let reason = format!("`&{name};` is none of XML's own entities, and no others are read");
            return input.malformed(start + at, reason);
        }
    }
    input.malformed(start, NO_REFERENCE)
}

#[inline]
fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\n' | b'\t' | b'\r')
}

/// A name without the prefix of its namespace.
#[inline]
fn local(name: &str) -> &str {
    name.bytes().rposition(|byte| byte == b':').map_or(name, |at| &name[at + 1..])
}

/// A name that fits into a message.
fn short(name: &str) -> &str {
    name.char_indices().nth(32).map_or(name, |(end, _)| &name[..end])
}

#[cfg(test)]
mod tests;
