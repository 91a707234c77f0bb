//! What stands in a file of evidence, by small and strict tokenizers of the test's own: they share nothing with the
//! readers of relplan, and refuse whatever the grammar of the format does not allow.

use std::ops::Range;

/// How files of a format are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Grammar {
    Xml,
    Json,
    /// A header, and rows without quoted cells.
    Csv,
    /// Lines of `KEY:values`.
    Lines,
    /// Anything but emptiness.
    Words,
}

/// A piece of a file: what it is (`testcase@time`, `/runs/*/results/*/level`, `DA`), and what it says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    pub label: String,
    pub value: String,
}

/// A part of a file that can be taken out, repeated, renamed or exchanged.
#[derive(Debug, Clone)]
pub struct Unit {
    pub kind: Kind,
    pub label: String,
    pub whole: Range<usize>,
    pub name: Option<Range<usize>>,
    pub value: Option<Range<usize>>,
    /// The unit around it, by its position.
    pub parent: Option<usize>,
    pub is_leaf: bool,
    /// Its text without white space at the ends of its pieces.
    pub words: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Element,
    Attribute,
    Member,
    Item,
    Line,
    Cell,
}

#[derive(Debug, Default)]
pub struct Tokens {
    pub list: Vec<Token>,
    pub units: Vec<Unit>,
}

impl Tokens {
    /// The values under a label.
    pub fn values<'t>(&'t self, label: &'t str) -> impl Iterator<Item = &'t str> {
        self.list.iter().filter(move |token| token.label == label).map(|token| token.value.as_str())
    }

    pub(super) fn put(&mut self, label: impl Into<String>, value: impl Into<String>) {
        self.list.push(Token { label: label.into(), value: value.into() });
    }

    pub(super) fn unit(&mut self, kind: Kind, label: String, start: usize, parent: Option<usize>) -> usize {
        if let Some(parent) = parent {
            self.units[parent].is_leaf = false;
        }
        self.units.push(Unit {
            kind,
            label,
            whole: start..start,
            name: None,
            value: None,
            parent,
            is_leaf: true,
            words: String::new(),
        });
        self.units.len() - 1
    }
}

pub(super) type Read<T> = Result<T, String>;

/// Takes a file apart.
///
/// # Errors
///
/// Where it breaks the grammar.
pub fn tokens(grammar: Grammar, bytes: &[u8]) -> Read<Tokens> {
    if grammar == Grammar::Words {
        let words = Token { label: "words".to_owned(), value: String::from_utf8_lossy(bytes).into_owned() };
        return if bytes.is_empty() {
            Err("nothing".to_owned())
        } else {
            Ok(Tokens { list: vec![words], units: vec![] })
        };
    }
    let text = std::str::from_utf8(bytes).map_err(|error| error.to_string())?;
    let mut found = Tokens::default();
    let body = text.strip_prefix('\u{feff}').unwrap_or(text);
    if body.len() < text.len() {
        found.put("mark", "");
    }
    if let Some(control) = body.chars().find(|letter| letter.is_control() && !"\t\r\n".contains(*letter)) {
        return Err(format!("{control:?}"));
    }
    let mut reader = Reader { text, at: text.len() - body.len(), found };
    match grammar {
        Grammar::Xml => reader.xml()?,
        Grammar::Json => {
            reader.space();
            reader.json("", None)?;
            reader.space();
            if reader.at < text.len() {
                return Err("something behind the value".to_owned());
            }
        }
        Grammar::Csv => reader.csv()?,
        Grammar::Lines => reader.lines(),
        Grammar::Words => {}
    }
    let mut found = reader.found;
    for unit in &mut found.units {
        unit.words = text[unit.whole.clone()].split_whitespace().collect::<Vec<_>>().join(" ");
    }
    Ok(found)
}

pub(super) struct Reader<'t> {
    text: &'t str,
    pub(super) at: usize,
    pub(super) found: Tokens,
}

impl<'t> Reader<'t> {
    pub(super) fn rest(&self) -> &'t str {
        &self.text[self.at..]
    }

    fn eat(&mut self, word: &str) -> bool {
        let is_there = self.rest().starts_with(word);
        self.at += if is_there { word.len() } else { 0 };
        is_there
    }

    fn expect(&mut self, word: &str) -> Read<()> {
        if self.eat(word) { Ok(()) } else { Err(format!("no `{word}` at {}", self.at)) }
    }

    /// What stands up to a word, and the word is passed.
    fn until(&mut self, word: &str) -> Read<&'t str> {
        let end = self.rest().find(word).ok_or_else(|| format!("no `{word}` behind {}", self.at))?;
        let part = &self.rest()[..end];
        self.at += end + word.len();
        Ok(part)
    }

    fn take(&mut self, fits: impl Fn(char) -> bool) -> &'t str {
        let rest = self.rest();
        let part = &rest[..rest.find(|letter| !fits(letter)).unwrap_or(rest.len())];
        self.at += part.len();
        part
    }

    fn space(&mut self) -> bool {
        let space = self.take(|letter| " \t\r\n".contains(letter));
        if !space.is_empty() {
            self.found.put("space", space);
        }
        !space.is_empty()
    }

    fn xml(&mut self) -> Read<()> {
        let mut open: Vec<(&str, usize)> = Vec::new();
        let mut roots = 0;
        while !self.rest().is_empty() {
            let parent = open.last().map(|(_, unit)| *unit);
            if self.eat("<?") {
                let words = self.until("?>")?;
                self.found.put("declaration", words);
            } else if self.eat("<!--") {
                let words = self.until("-->")?;
                self.found.put("comment", words);
            } else if self.eat("<![CDATA[") {
                let words = self.until("]]>")?;
                let (name, _) = open.last().ok_or("a text outside of everything")?;
                self.found.put(format!("{}#text", local(name)), words);
            } else if self.eat("</") {
                let name = self.until(">")?.trim_end();
                match open.pop() {
                    Some((opened, unit)) if opened == name => self.found.units[unit].whole.end = self.at,
                    _ => return Err(format!("</{name}> closes nothing")),
                }
                self.found.put(format!("</{}>", local(name)), "");
            } else if self.rest().starts_with('<') {
                roots += usize::from(open.is_empty());
                let (name, unit, is_closed) = self.tag(parent)?;
                if !is_closed {
                    open.push((name, unit));
                }
            } else {
                let words = self.take(|letter| letter != '<');
                match open.last() {
                    _ if words.trim().is_empty() => self.found.put("space", words),
                    Some((name, _)) => self.found.put(format!("{}#text", local(name)), entities(words)?),
                    None => return Err("a text outside of everything".to_owned()),
                }
            }
        }
        if open.is_empty() && roots == 1 { Ok(()) } else { Err("not one element".to_owned()) }
    }

    fn tag(&mut self, parent: Option<usize>) -> Read<(&'t str, usize, bool)> {
        let start = self.at;
        self.expect("<")?;
        let name = self.name()?;
        // The prefix is a name for a namespace, which none of the formats has.
        let label = local(name);
        let unit = self.found.unit(Kind::Element, label.to_owned(), start, parent);
        self.found.units[unit].name = Some(start + 1..self.at);
        self.found.put(format!("<{label}>"), "");
        let mut seen = Vec::new();
        loop {
            let apart = self.space();
            if self.eat("/>") {
                self.found.units[unit].whole.end = self.at;
                self.found.put(format!("</{label}>"), "");
                return Ok((name, unit, true));
            }
            if self.eat(">") {
                self.found.units[unit].value = Some(self.at..self.at);
                return Ok((name, unit, false));
            }
            if !apart {
                return Err(format!("nothing between attributes at {}", self.at));
            }
            let start = self.at;
            let key = self.name()?;
            let key_range = start..self.at;
            self.space();
            self.expect("=")?;
            self.space();
            let quote = if self.eat("\"") { "\"" } else { self.expect("'").map(|()| "'")? };
            let value_start = self.at;
            let value = self.until(quote)?;
            if value.contains('<') || seen.contains(&key) {
                return Err(format!("`{key}` is no attribute"));
            }
            seen.push(key);
            self.found.put(format!("{label}@{key}"), entities(value)?);
            let attribute = self.found.unit(Kind::Attribute, format!("{label}@{key}"), start, None);
            let attribute = &mut self.found.units[attribute];
            attribute.parent = Some(unit);
            attribute.whole = start..self.at;
            attribute.name = Some(key_range);
            attribute.value = Some(value_start..self.at - 1);
        }
    }

    /// A name. That it must not begin with a digit is left aside: it stands apart all the same.
    fn name(&mut self) -> Read<&'t str> {
        let name = self.take(|letter| letter.is_alphanumeric() || "_-.:".contains(letter));
        if name.is_empty() { Err(format!("no name at {}", self.at)) } else { Ok(name) }
    }

    fn json(&mut self, path: &str, parent: Option<usize>) -> Read<()> {
        if self.eat("{") {
            self.found.put(format!("{path}{{"), "");
            return self.listed(path, parent, "}");
        }
        if self.eat("[") {
            self.found.put(format!("{path}["), "");
            return self.listed(path, parent, "]");
        }
        let value = if self.rest().starts_with('"') {
            format!("\"{}\"", self.string()?)
        } else {
            let word = self.take(|letter| letter.is_ascii_alphanumeric() || "+-.".contains(letter));
            let is_word = matches!(word, "true" | "false" | "null");
            let digits = word.strip_prefix('-').unwrap_or(word);
            let has_zero =
                digits.len() > 1 && digits.starts_with('0') && digits.as_bytes()[1].is_ascii_digit();
            let ends = word.ends_with(|last: char| last.is_ascii_digit()) && !word.contains(".e");
            let starts = digits.starts_with(|first: char| first.is_ascii_digit());
            if !is_word && (has_zero || !ends || !starts || word.parse::<f64>().is_err()) {
                return Err(format!("`{word}` is no value"));
            }
            word.to_owned()
        };
        self.found.put(path, value);
        Ok(())
    }

    fn listed(&mut self, path: &str, parent: Option<usize>, close: &str) -> Read<()> {
        self.space();
        let mut first = true;
        while !self.eat(close) {
            if !std::mem::take(&mut first) {
                self.expect(",")?;
                self.space();
            }
            let start = self.at;
            let (kind, below, key_range) = if close == "}" {
                let key = self.string()?;
                let key_range = start + 1..self.at - 1;
                self.space();
                self.expect(":")?;
                self.space();
                (Kind::Member, format!("{path}/{key}"), Some(key_range))
            } else {
                (Kind::Item, format!("{path}/*"), None)
            };
            let unit = self.found.unit(kind, below.clone(), start, parent);
            let value_start = self.at;
            self.json(&below, Some(unit))?;
            let known = &mut self.found.units[unit];
            (known.whole, known.name, known.value) = (start..self.at, key_range, Some(value_start..self.at));
            self.space();
        }
        self.found.put(format!("{path}{close}"), "");
        Ok(())
    }

    fn string(&mut self) -> Read<String> {
        self.expect("\"")?;
        let mut said = String::new();
        loop {
            said += self.take(|letter| letter != '"' && letter != '\\' && letter >= ' ');
            if self.eat("\"") {
                return Ok(said);
            }
            self.expect("\\")?;
            let escape = self.rest().chars().next().ok_or("the end")?;
            self.at += escape.len_utf8();
            match escape {
                '"' | '\\' | '/' => said.push(escape),
                'b' | 'f' | 'n' | 'r' | 't' => said.push(' '),
                _ => return Err(format!("`\\{escape}`")),
            }
        }
    }
}

fn local(name: &str) -> &str {
    name.rsplit(':').next().unwrap_or(name)
}

/// A text whose entities are those of XML.
fn entities(text: &str) -> Read<&str> {
    let known = ["amp;", "lt;", "gt;", "quot;", "apos;", "#"];
    match text.split('&').skip(1).all(|rest| known.iter().any(|known| rest.starts_with(known))) {
        true => Ok(text),
        false => Err(format!("an entity in `{text}`")),
    }
}
