//! XML with places: the part of XML 1.0 that reports are written in.
//!
//! A report of a hundred thousand cases is read between two commands of a person, so that each byte is
//! looked at once: the end of a tag is found by reading its attributes, which quick-xml would do twice. That
//! the same documents are taken and refused as by quick-xml is a test.
//!
//! There is one root, it is closed, every tag is closed by its own, nothing is nested without end. No entity
//! is known but the five of XML itself (XML 1.0, 4.6), so that nothing can be blown up; what a document type
//! declares is passed over.

use std::borrow::Cow;

use memchr::{memchr, memchr2, memchr3, memmem};

use super::EvidenceDefect;
use super::input::Input;

/// How deep elements may lie in each other. Reports need six.
const DEEPEST: usize = 256;

/// How many attributes a tag may have, so that looking for one that stands there twice stays cheap.
const MOST_ATTRIBUTES: usize = 64;

/// A cursor over the elements of a file.
pub(super) struct Xml<'s, 'i> {
    input: &'i Input<'s>,
    /// The first byte that was not read.
    at: usize,
    /// The elements that are open, by the names that close them.
    open: Vec<&'s str>,
    /// The attributes of the last start tag.
    attributes: Vec<Attribute<'s>>,
    /// Whether the last start tag closed itself, so that its end comes next.
    closing: bool,
    has_root: bool,
}

/// What the cursor comes to.
#[derive(Debug, Clone, Copy)]
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
#[derive(Debug, Clone, Copy)]
pub(super) struct Tag<'s> {
    /// The name of the element, without the prefix of a namespace.
    pub name: &'s str,
    /// The tag from `<` to `>`.
    pub text: &'s str,
}

/// An attribute, its value as it is written.
#[derive(Debug, Clone, Copy)]
pub(super) struct Attribute<'s> {
    pub name: &'s str,
    pub raw: &'s str,
    /// Whether nothing in it stands for anything else.
    is_plain: bool,
}

type Read<T> = Result<T, EvidenceDefect>;

impl<'s, 'i> Xml<'s, 'i> {
    pub fn new(input: &'i Input<'s>) -> Self {
        Xml { input, at: 0, open: Vec::new(), attributes: Vec::new(), closing: false, has_root: false }
    }

    /// The next element, end or text. Comments, instructions and the document type are passed over.
    #[inline]
    pub fn next(&mut self) -> Read<Token<'s>> {
        if std::mem::take(&mut self.closing) {
            return Ok(self.close());
        }
        loop {
            let rest = &self.input.text.as_bytes()[self.at..];
            match rest {
                [] => return self.end(),
                [b'<', b'/', ..] => return self.end_tag(),
                [b'<', b'!', ..] => {
                    if let Some(data) = self.declaration()? {
                        return Ok(Token::Data(data));
                    }
                }
                [b'<', b'?', ..] => self.pass("?>", "an instruction")?,
                [b'<', ..] => return self.start_tag().map(Token::Start),
                [space, ..] if is_space(*space) && self.only_space_before_tag() => {}
                _ => {
                    let end = self.at + memchr(b'<', rest).unwrap_or(rest.len());
                    let text = &self.input.text[self.at..end];
                    self.at = end;
                    match self.open.is_empty() {
                        true => self.only_space(text)?,
                        false => return self.references(text).map(|()| Token::Text(text)),
                    }
                }
            }
        }
    }

    /// Passes over space that stands between two tags, which means nothing in a report.
    #[inline]
    fn only_space_before_tag(&mut self) -> bool {
        let rest = &self.input.text.as_bytes()[self.at..];
        let space = rest.iter().position(|byte| !is_space(*byte)).unwrap_or(rest.len());
        let is_between = rest.get(space).is_none_or(|byte| *byte == b'<');
        if is_between {
            self.at += space;
        }
        is_between
    }

    #[inline]
    fn close(&mut self) -> Token<'s> {
        Token::End(local(self.open.pop().unwrap_or("")))
    }

    /// `<name`, attributes, `>` or `/>`.
    fn start_tag(&mut self) -> Read<Tag<'s>> {
        let (text, start) = (self.input.text, self.at);
        let bytes = text.as_bytes();
        let mut at = start + 1;
        at += bytes[at..].iter().position(|byte| ends_name(*byte)).unwrap_or(bytes.len() - at);
        let name = &text[start + 1..at];
        if !name.starts_with(|letter: char| letter.is_alphabetic() || matches!(letter, '_' | ':')) {
            return Err(self.at(start, "a `<` that begins no tag; write `&lt;`"));
        }
        self.attributes.clear();
        loop {
            at += bytes[at..].iter().position(|byte| !is_space(*byte)).unwrap_or(bytes.len() - at);
            match bytes[at..] {
                [] => return Err(self.at(start, "the file ends inside this tag")),
                [b'>', ..] => break,
                [b'/', b'>', ..] => {
                    self.closing = true;
                    at += 1;
                    break;
                }
                _ => at = self.attribute(start, at)?,
            }
        }
        self.at = at + 1;
        let tag = Tag { name: local(name), text: &text[start..self.at] };
        if self.open.is_empty() && std::mem::replace(&mut self.has_root, true) {
            return Err(self.at(start, format!("`<{name}>` stands behind the end of the document")));
        }
        if self.open.len() >= DEEPEST {
            return Err(self.at(start, format!("elements lie more than {DEEPEST} deep in each other")));
        }
        self.open.push(name);
        Ok(tag)
    }

    /// Reads the attribute at an offset, and says where it ends.
    #[inline]
    fn attribute(&mut self, tag: usize, start: usize) -> Read<usize> {
        let text = self.input.text;
        let bytes = text.as_bytes();
        let space =
            |at: usize| bytes[at..].iter().position(|byte| !is_space(*byte)).unwrap_or(bytes.len() - at);
        let mut at = start;
        at += bytes[at..].iter().position(|byte| ends_name(*byte)).unwrap_or(bytes.len() - at);
        let name = &text[start..at];
        at += space(at);
        if name.is_empty() || bytes.get(at) != Some(&b'=') {
            let reason = if at < bytes.len() {
                "an attribute without a value"
            } else {
                "the file ends inside this tag"
            };
            return Err(self.at(if at < bytes.len() { start } else { tag }, reason));
        }
        at += 1;
        at += space(at);
        let Some(quote) = bytes.get(at).copied().filter(|byte| matches!(byte, b'"' | b'\'')) else {
            return Err(self.at(start, "the value of an attribute is not between quotes"));
        };
        at += 1;
        let mut length = memchr3(quote, b'<', b'&', &bytes[at..]);
        let is_plain = length.is_none_or(|length| bytes[at + length] != b'&');
        if !is_plain {
            length = memchr2(quote, b'<', &bytes[at..]);
        }
        let Some(length) = length else {
            return Err(self.at(start, "the value of an attribute is not closed"));
        };
        if bytes[at + length] == b'<' {
            return Err(self.at(at + length, "a `<` in the value of an attribute; write `&lt;`"));
        }
        if self.attributes.len() >= MOST_ATTRIBUTES {
            return Err(self.at(start, format!("a tag with more than {MOST_ATTRIBUTES} attributes")));
        }
        if self.attributes.iter().any(|known| known.name == name) {
            return Err(self.at(start, format!("the attribute `{name}` stands there twice")));
        }
        self.attributes.push(Attribute { name, raw: &text[at..at + length], is_plain });
        at += length + 1;
        match bytes.get(at) {
            Some(byte) if !is_space(*byte) && !matches!(byte, b'>' | b'/') => {
                Err(self.at(at, "there is no space between two attributes"))
            }
            _ => Ok(at),
        }
    }

    /// `</name>`, which must close what is open.
    fn end_tag(&mut self) -> Read<Token<'s>> {
        let start = self.at;
        let Some(length) = memchr(b'>', &self.input.text.as_bytes()[start..]) else {
            return Err(self.at(start, "the file ends inside this tag"));
        };
        let name = self.input.text[start + 2..start + length].trim_ascii_end();
        match self.open.last() {
            Some(open) if *open == name => {
                self.at = start + length + 1;
                Ok(self.close())
            }
            Some(open) => {
                Err(self.at(start, format!("expected `</{open}>`, and this is `</{}>`", short(name))))
            }
            None => Err(self.at(start, format!("`</{}>` closes nothing", short(name)))),
        }
    }

    /// What begins with `<!`: a comment, data, or the type of the document.
    fn declaration(&mut self) -> Read<Option<&'s str>> {
        let (start, rest) = (self.at, &self.input.text[self.at..]);
        if rest.starts_with("<!--") {
            self.at += 2;
            // The dashes that begin a comment do not end it.
            self.at += 2;
            return self.pass("-->", "a comment").map(|()| None);
        }
        if rest.starts_with("<![CDATA[") && !self.open.is_empty() {
            self.pass("]]>", "a CDATA section")?;
            return Ok(Some(&self.input.text[start + "<![CDATA[".len()..self.at - "]]>".len()]));
        }
        if rest.starts_with("<!DOCTYPE") && !self.has_root {
            return self.document_type().map(|()| None);
        }
        Err(self.at(start, "a `<!` that begins nothing which may stand here"))
    }

    /// Goes behind the next place at which something ends.
    fn pass(&mut self, end: &str, what: &str) -> Read<()> {
        match memmem::find(&self.input.text.as_bytes()[self.at..], end.as_bytes()) {
            Some(length) => {
                self.at += length + end.len();
                Ok(())
            }
            None => Err(self.at(self.at, format!("the file ends inside {what}"))),
        }
    }

    /// `<!DOCTYPE … [ … ]>`: quotes and comments in it may hold anything.
    fn document_type(&mut self) -> Read<()> {
        let start = self.at;
        let mut depth = 0_usize;
        while let Some(byte) = self.input.text.as_bytes().get(self.at) {
            match byte {
                b'"' | b'\'' => {
                    self.at += 1;
                    self.pass(if *byte == b'"' { "\"" } else { "'" }, "the document type")?;
                    continue;
                }
                b'<' if self.input.text[self.at..].starts_with("<!--") => {
                    self.pass("-->", "a comment")?;
                    continue;
                }
                b'[' => depth += 1,
                b']' => depth = depth.saturating_sub(1),
                b'>' if depth == 0 => {
                    self.at += 1;
                    return Ok(());
                }
                _ => {}
            }
            self.at += 1;
        }
        Err(self.at(start, "the file ends inside the document type"))
    }

    fn only_space(&self, text: &'s str) -> Read<()> {
        match text.trim_start() {
            "" => Ok(()),
            rest => Err(self.defect(rest, "text outside of the document")),
        }
    }

    fn end(&self) -> Read<Token<'s>> {
        let end = self.input.text.len();
        match self.open.last() {
            Some(name) => Err(self.at(end, format!("the file ends inside `<{name}>`"))),
            None if !self.has_root => Err(self.at(end, "the file holds no element")),
            None => Ok(Token::Done),
        }
    }

    #[cold]
    fn at(&self, offset: usize, reason: impl Into<String>) -> EvidenceDefect {
        self.input.malformed(offset, reason)
    }

    #[cold]
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
                Token::Data(data) if found.is_empty() => found = Cow::Borrowed(data),
                Token::Data(data) => found.to_mut().push_str(data),
                Token::Start(_) => self.skip()?,
                Token::End(_) | Token::Done => return Ok(found),
            }
        }
    }

    /// Hands every attribute of the last start tag to a function.
    #[inline]
    pub fn attributes(&self, mut each: impl FnMut(Attribute<'s>) -> Read<()>) -> Read<()> {
        self.attributes.iter().try_for_each(|attribute| each(*attribute))
    }

    /// The value of an attribute, with its references resolved.
    #[inline]
    pub fn value(&self, attribute: Attribute<'s>) -> Read<Cow<'s, str>> {
        match attribute.is_plain {
            true => Ok(Cow::Borrowed(attribute.raw)),
            false => self.resolve(attribute.raw).map(Cow::Owned),
        }
    }

    /// A text, with its references resolved.
    fn decode(&self, raw: &'s str) -> Read<Cow<'s, str>> {
        match memchr(b'&', raw.as_bytes()) {
            None => Ok(Cow::Borrowed(raw)),
            Some(_) => self.resolve(raw).map(Cow::Owned),
        }
    }

    /// Whether every reference of a text stands for something.
    fn references(&self, text: &'s str) -> Read<()> {
        let mut rest = text;
        while let Some(at) = memchr(b'&', rest.as_bytes()) {
            let (_, behind) = self.reference(&rest[at..])?;
            rest = behind;
        }
        Ok(())
    }

    fn resolve(&self, raw: &'s str) -> Read<String> {
        let mut decoded = String::with_capacity(raw.len());
        let mut rest = raw;
        while let Some(at) = memchr(b'&', rest.as_bytes()) {
            let (letter, behind) = self.reference(&rest[at..])?;
            decoded.push_str(&rest[..at]);
            decoded.push(letter);
            rest = behind;
        }
        decoded.push_str(rest);
        Ok(decoded)
    }

    /// What a reference stands for, and what stands behind it.
    fn reference(&self, text: &'s str) -> Read<(char, &'s str)> {
        let Some(end) = memchr(b';', text.as_bytes()) else {
            return Err(self.defect(text, "an `&` that begins no reference; write `&amp;`"));
        };
        let name = &text[1..end];
        let reason = || format!("`&{};` is none of XML's own entities, and no others are read", short(name));
        let letter = referenced(name).ok_or_else(|| self.defect(text, reason()))?;
        Ok((letter, &text[end + 1..]))
    }
}

/// Whether a byte ends the name of an element or an attribute.
#[inline]
fn ends_name(byte: u8) -> bool {
    ENDS_NAME[byte as usize]
}

/// A table is looked up faster than nine bytes are compared, and names are half of a report.
static ENDS_NAME: [bool; 256] = {
    let mut table = [false; 256];
    let ends = b" \n\t\r=>/\"'<";
    let mut at = 0;
    while at < ends.len() {
        table[ends[at] as usize] = true;
        at += 1;
    }
    table
};

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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::source::{FileId, SourceFile};

    /// Whether the whole of a text is read.
    fn is_taken(text: &str) -> bool {
        let file = SourceFile::new("a.xml", text);
        let Ok(input) = Input::of(FileId(0), &file) else { return false };
        let mut xml = Xml::new(&input);
        loop {
            match xml.next() {
                Ok(Token::Done) => return true,
                Ok(_) if xml.attributes(|attribute| xml.value(attribute).map(drop)).is_ok() => {}
                _ => return false,
            }
        }
    }

    /// Whether quick-xml takes a text, with all checks that it has.
    fn is_taken_by_quick_xml(text: &str) -> bool {
        use quick_xml::events::Event;
        let mut reader = quick_xml::Reader::from_str(text);
        let mut depth = 0;
        loop {
            match reader.read_event() {
                Ok(Event::Start(tag)) if tag.attributes().all(|attribute| attribute.is_ok()) => depth += 1,
                Ok(Event::Empty(tag)) if tag.attributes().all(|attribute| attribute.is_ok()) => {}
                Ok(Event::Start(_) | Event::Empty(_)) | Err(_) => return false,
                Ok(Event::End(_)) => depth -= 1,
                Ok(Event::Eof) => return depth == 0,
                Ok(_) => {}
            }
        }
    }

    proptest! {
        #[test]
        fn what_is_taken_is_taken_by_quick_xml(parts in prop::collection::vec(parts(), 0..12)) {
            let text = format!("<r>{}</r>", parts.concat());
            if is_taken(&text) {
                prop_assert!(is_taken_by_quick_xml(&text), "{text}");
            }
        }

        #[test]
        fn what_is_well_formed_is_taken(text in well_formed()) {
            prop_assert!(is_taken_by_quick_xml(&text), "{text}");
            prop_assert!(is_taken(&text), "{text}");
        }
    }

    fn parts() -> impl Strategy<Value = &'static str> {
        prop::sample::select(vec![
            "<a>",
            "</a>",
            "<a/>",
            "<b x='1'>",
            "</b>",
            "<c y=\"<\"/>",
            "<c y='&lt;'/>",
            "<c y/>",
            "<c y=z/>",
            "<!--",
            "-->",
            "<![CDATA[",
            "]]>",
            "<?x",
            "?>",
            "&amp;",
            "&",
            ";",
            "\"",
            "'",
            "ü",
            " ",
            "\n",
            "<",
            ">",
            "/",
            "=",
            "<!DOCTYPE",
            "<d\ty = '1'\nz='2' >",
            "</d\n>",
            "<e x='1'x='2'/>",
            "--",
            "[",
            "]",
        ])
    }

    fn well_formed() -> impl Strategy<Value = String> {
        let leaf = prop::sample::select(vec![
            "text",
            "&lt;&#65;",
            "<!-- <a> -->",
            "<![CDATA[<&]]>",
            "<?p <?>",
            "<e/>",
            "ü\n",
        ]);
        leaf.prop_map(str::to_owned).prop_recursive(4, 32, 4, |inner| {
            (prop::collection::vec(inner, 0..4), prop::sample::select(vec!["a", "b x='1'", "n:c y=\"&amp;'\" z = ''"])).prop_map(
                |(inside, tag)| {
                    let name = tag.split(' ').next().unwrap_or("a");
                    format!("<{tag}>{}</{name}>", inside.concat())
                },
            )
        })
        .prop_map(|inside| format!("<?xml version='1.0'?><!DOCTYPE r [<!ENTITY e '>'><!-- ' -->]>\n<r>{inside}</r>\n<!-- end -->"))
    }
}
