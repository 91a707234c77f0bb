//! What can happen to a file: bytes that are lost or changed, parts that are taken out, repeated, renamed, exchanged or
//! say something else, and the encodings in which it may arrive.

use std::ops::Range;

use super::tokens::{Grammar, Kind, Tokens, Unit};
use super::words::{ATTRIBUTES, ELEMENTS, ITEMS, LINES, MEMBERS, VALUES};

/// One change to one file: what then stands where these bytes stood.
#[derive(Debug, Clone)]
pub struct Edit {
    pub class: &'static str,
    pub range: Range<usize>,
    pub with: Vec<u8>,
}

impl Edit {
    fn new(class: &'static str, range: Range<usize>, with: impl Into<Vec<u8>>) -> Self {
        Edit { class, range, with: with.into() }
    }

    pub fn apply(&self, bytes: &[u8]) -> Vec<u8> {
        [&bytes[..self.range.start], &self.with, &bytes[self.range.end..]].concat()
    }

    /// Both changes at once; none if they touch the same place.
    pub fn apply_both(&self, other: &Edit, bytes: &[u8]) -> Option<Vec<u8>> {
        let (first, second) =
            if self.range.start <= other.range.start { (self, other) } else { (other, self) };
        let apart = first.range.end < second.range.start;
        apart.then(|| first.apply(&second.apply(bytes)))
    }
}

/// Every change to a file.
pub fn edits(grammar: Grammar, bytes: &[u8], tokens: &Tokens) -> Vec<Edit> {
    let mut found = Vec::new();
    at_bytes(bytes, &mut found);
    encodings(bytes, &mut found);
    for (index, unit) in tokens.units.iter().enumerate() {
        let next = tokens.units[index + 1..]
            .iter()
            .find(|next| next.parent == unit.parent && next.kind == unit.kind);
        at_unit(grammar, bytes, unit, next, &mut found);
    }
    if grammar == Grammar::Json {
        let edits = added(grammar, bytes, &whole(bytes)).into_iter();
        found.extend(edits.map(|(at, words)| Edit::new("part added", at, words)));
    }
    found.retain(|edit| edit.apply(bytes) != bytes);
    found
}

/// The value that a file of JSON is.
fn whole(bytes: &[u8]) -> Unit {
    let start = bytes.len() - bytes.trim_ascii_start().len();
    let range = start..bytes.trim_ascii_end().len();
    let label = String::new();
    let (name, parent, words) = (None, None, String::new());
    Unit {
        kind: Kind::Item,
        label,
        whole: range.clone(),
        name,
        value: Some(range),
        parent,
        is_leaf: false,
        words,
    }
}

fn at_bytes(bytes: &[u8], found: &mut Vec<Edit>) {
    for (at, &byte) in bytes.iter().enumerate() {
        found.push(Edit::new("cut off", at..bytes.len(), ""));
        found.push(Edit::new("byte lost", at..at + 1, ""));
        let other_case =
            if byte.is_ascii_lowercase() { byte.to_ascii_uppercase() } else { byte.to_ascii_lowercase() };
        let next_digit = if byte.is_ascii_digit() { b'0' + (byte - b'0' + 1) % 10 } else { byte };
        for other in [b' ', b'"', b'<', b'0', b'9', b'x', 0, 0xff, other_case, next_digit] {
            if other != byte && !(other == next_digit && matches!(other, b'0' | b'9') && byte == next_digit) {
                found.push(Edit::new("byte changed", at..at + 1, [other]));
            }
        }
    }
}

fn encodings(bytes: &[u8], found: &mut Vec<Edit>) {
    let all = 0..bytes.len();
    let text = String::from_utf8_lossy(bytes).into_owned();
    let utf_16 = |order: fn(u16) -> [u8; 2]| text.encode_utf16().flat_map(order).collect::<Vec<u8>>();
    let mut put = |with: Vec<u8>| found.push(Edit::new("encoding", all.clone(), with));
    put([b"\xef\xbb\xbf", bytes].concat());
    put([b"\xef\xbb\xbf\xef\xbb\xbf", bytes].concat());
    put([b"\xff\xfe".as_slice(), &utf_16(u16::to_le_bytes)].concat());
    put([b"\xfe\xff".as_slice(), &utf_16(u16::to_be_bytes)].concat());
    put(utf_16(u16::to_le_bytes));
    put([bytes, b"\xe9\n"].concat());
    put(text.replace('\n', "\r\n").into_bytes());
    put(text.replace('\n', "\r").into_bytes());
    put(text.replace('\n', " ").into_bytes());
    put(text.replace(' ', "\t").into_bytes());
    for tail in [b"\0\0\0\0".as_slice(), b"\n\n", b" ", b"\x1a", b"x", b"<", b"{}", b"null"] {
        put([bytes, tail].concat());
    }
    put([bytes, bytes].concat());
    put([bytes, b"\n", bytes].concat());
    put([b"\n".as_slice(), bytes].concat());
    put(vec![0; bytes.len()]);
    put(bytes.to_ascii_lowercase());
    put(bytes.to_ascii_uppercase());
    put(Vec::new());
}

fn at_unit(grammar: Grammar, bytes: &[u8], unit: &Unit, next: Option<&Unit>, found: &mut Vec<Edit>) {
    let text = |range: &Range<usize>| &bytes[range.clone()];
    let whole = &unit.whole;
    found.push(Edit::new("part removed", around(bytes, unit), ""));
    let apart: &[u8] = match unit.kind {
        Kind::Element | Kind::Line => b"",
        Kind::Attribute => b" ",
        Kind::Member | Kind::Item | Kind::Cell => b",",
    };
    let twice = [text(whole), apart, text(whole)].concat();
    found.push(Edit::new("part repeated", whole.clone(), twice));
    if let Some(next) = next {
        let between = &bytes[whole.end.min(next.whole.start)..next.whole.start];
        let swapped = [text(&next.whole), between, text(whole)].concat();
        found.push(Edit::new("parts exchanged", whole.start..next.whole.end, swapped));
    }
    if let Some(name) = &unit.name {
        for other in renamed(&String::from_utf8_lossy(text(name))) {
            rename(bytes, unit, name, &other, found);
        }
    }
    match (&unit.value, unit.kind) {
        (Some(value), Kind::Element) => {
            found.push(Edit::new("part emptied", value.start..closing(bytes, unit), ""))
        }
        (Some(value), _) => {
            found.push(Edit::new("part emptied", value.clone(), ""));
            for other in other_values(unit, text(value)) {
                found.push(Edit::new("value replaced", value.clone(), other));
            }
        }
        (None, _) => {}
    }
    for (at, words) in added(grammar, bytes, unit) {
        found.push(Edit::new("part added", at, words));
    }
}

/// Where the end tag of an element begins, or its own end if it has none.
fn closing(bytes: &[u8], unit: &Unit) -> usize {
    let within = &bytes[unit.whole.clone()];
    within.windows(2).rposition(|pair| pair == b"</").map_or(unit.whole.end, |at| unit.whole.start + at)
}

/// A part with the comma that parts it from another.
fn around(bytes: &[u8], unit: &Unit) -> Range<usize> {
    let whole = unit.whole.clone();
    if !matches!(unit.kind, Kind::Member | Kind::Item | Kind::Cell) {
        return whole;
    }
    let is_space = |byte: &u8| byte.is_ascii_whitespace() && unit.kind != Kind::Cell;
    let behind = bytes[whole.end..].iter().take_while(|byte| is_space(byte)).count() + whole.end;
    if bytes.get(behind) == Some(&b',') {
        return whole.start..behind + 1;
    }
    let before = whole.start - bytes[..whole.start].iter().rev().take_while(|byte| is_space(byte)).count();
    match before > 0 && bytes[before - 1] == b',' {
        true => before - 1..whole.end,
        false => whole,
    }
}

/// A name as others write it, or mistype it.
fn renamed(name: &str) -> Vec<String> {
    let mut swapped: Vec<char> = name.chars().collect();
    if swapped.len() > 2 {
        swapped.swap(1, 2);
    }
    let capital: String =
        name.chars().take(1).flat_map(char::to_uppercase).chain(name.chars().skip(1)).collect();
    vec![
        name.to_uppercase(),
        capital,
        swapped.into_iter().collect(),
        format!("x{name}"),
        format!("{name}s"),
        format!("x:{name}"),
        String::new(),
    ]
}

fn rename(bytes: &[u8], unit: &Unit, name: &Range<usize>, other: &str, found: &mut Vec<Edit>) {
    let whole = &bytes[unit.whole.clone()];
    let old = String::from_utf8_lossy(&bytes[name.clone()]).into_owned();
    let (start, end) = (name.start - unit.whole.start, name.end - unit.whole.start);
    let mut with = [&whole[..start], other.as_bytes(), &whole[end..]].concat();
    if unit.kind == Kind::Element {
        let closing = format!("</{old}>");
        if with.ends_with(closing.as_bytes()) {
            with.truncate(with.len() - closing.len());
            with.extend(format!("</{other}>").bytes());
        }
    }
    found.push(Edit::new("part renamed", unit.whole.clone(), with));
}

fn other_values(unit: &Unit, old: &[u8]) -> Vec<Vec<u8>> {
    let mut found: Vec<Vec<u8>> = Vec::new();
    let old = String::from_utf8_lossy(old);
    for value in VALUES {
        if matches!(unit.kind, Kind::Member | Kind::Item) {
            found.push(format!("\"{value}\"").into_bytes());
        }
        found.push(value.as_bytes().to_vec());
    }
    if matches!(unit.kind, Kind::Member | Kind::Item) {
        for value in ["{}", "[]", "[{}]", "[null]", "\"\"", "{\"text\": \"x\"}", "[\"x\"]"] {
            found.push(value.into());
        }
        found.push(format!("[{old}]").into());
    }
    found.push(format!(" {old} ").into());
    found.push(format!("{old}{old}").into());
    found.push(format!("0{old}").into());
    found.push(format!("{old}.0").into());
    found.push(format!("-{old}").into());
    found
}

fn added(grammar: Grammar, bytes: &[u8], unit: &Unit) -> Vec<(Range<usize>, Vec<u8>)> {
    let mut found = Vec::new();
    match (grammar, unit.kind) {
        (Grammar::Xml, Kind::Element) => {
            let behind_name = unit.name.as_ref().map_or(0, |name| name.end);
            found.extend(
                ATTRIBUTES.iter().map(|words| (behind_name..behind_name, format!(" {words}").into())),
            );
            let name = String::from_utf8_lossy(&bytes[unit.name.clone().unwrap_or_default()]);
            for words in ELEMENTS {
                match &unit.value {
                    Some(value) => found.push((value.clone(), words.as_bytes().to_vec())),
                    None => {
                        found.push((unit.whole.end - 2..unit.whole.end, format!(">{words}</{name}>").into()))
                    }
                }
            }
        }
        (Grammar::Json, Kind::Member | Kind::Item) => {
            let value = unit.value.clone().unwrap_or_default();
            let (listed, at) = match bytes.get(value.start) {
                Some(b'{') => (MEMBERS, value.start + 1),
                Some(b'[') => (ITEMS, value.start + 1),
                _ => return found,
            };
            found.extend(listed.iter().map(|words| (at..at, format!("{words},").into())));
            let end = value.end - 1;
            found.extend(listed.iter().map(|words| (end..end, format!(",{words}").into())));
        }
        (Grammar::Csv | Grammar::Lines, Kind::Line) => {
            let end = unit.whole.end;
            found.extend(LINES.iter().map(|words| (end..end, words.as_bytes().to_vec())));
        }
        _ => {}
    }
    found
}

/// A generator of numbers by Marsaglia (xorshift64*), so that what is drawn is the same everywhere.
pub struct Draw(pub u64);

impl Draw {
    pub fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33) as usize % end.max(1)
    }
}
