//! The lines of an iCalendar file as components with their properties (RFC 5545, 3.1). Names are read
//! without regard to case.

use super::IcsError;
use crate::source::{FileId, Span};

/// What stands between `BEGIN:NAME` and `END:NAME`.
#[derive(Debug)]
pub(super) struct Component<'t> {
    name: &'t str,
    /// The line that begins it.
    pub span: Span,
    /// Its properties, in order.
    pub properties: Vec<Property>,
    /// What it consists of.
    pub components: Vec<Component<'t>>,
}

/// A line: a name, parameters, and a value.
#[derive(Debug)]
pub(super) struct Property {
    name: String,
    /// The parameters with their values, names in capitals.
    parameters: Vec<(String, String)>,
    /// The value as it is written.
    pub value: String,
    /// The line that begins it.
    pub span: Span,
}

impl Component<'_> {
    /// Whether it has a name.
    pub fn is(&self, name: &str) -> bool {
        self.name.eq_ignore_ascii_case(name)
    }

    /// Its first property of a name.
    pub fn property(&self, name: &str) -> Option<&Property> {
        self.all(name).next()
    }

    /// All of its properties of a name.
    pub fn all(&self, name: &str) -> impl Iterator<Item = &Property> {
        self.properties.iter().filter(move |property| property.name.eq_ignore_ascii_case(name))
    }

    /// The value of its first property of a name.
    pub fn value(&self, name: &str) -> Option<&str> {
        self.property(name).map(|property| property.value.trim())
    }
}

impl Property {
    /// A parameter: `DATE` of `DTSTART;VALUE=DATE:20270406`.
    pub fn parameter(&self, name: &str) -> Option<&str> {
        self.parameters.iter().find(|(own, _)| own == name).map(|(_, value)| value.as_str())
    }
}

/// A line without the breaks that fold it, and where it begins.
struct Line<'t> {
    first: &'t str,
    text: String,
    span: Span,
}

/// Reads the components of a file.
pub(super) fn read(file: FileId, text: &str) -> Result<Vec<Component<'_>>, IcsError> {
    let mut roots: Vec<Component<'_>> = Vec::new();
    let mut open: Vec<Component<'_>> = Vec::new();
    let lines = unfolded(file, text);
    let wrong = |span: Span| IcsError { span, reason: "this is no iCalendar".to_owned() };
    for line in &lines {
        let (name, value) = split(&line.text).ok_or_else(|| wrong(line.span))?;
        if name.eq_ignore_ascii_case("BEGIN") {
            let name = line.first.split_once(':').map_or("", |(_, name)| name.trim());
            open.push(Component { name, span: line.span, properties: Vec::new(), components: Vec::new() });
        } else if name.eq_ignore_ascii_case("END") {
            let done = open.pop().filter(|done| done.is(value.trim())).ok_or_else(|| wrong(line.span))?;
            match open.last_mut() {
                Some(parent) => parent.components.push(done),
                None => roots.push(done),
            }
        } else {
            let component = open.last_mut().ok_or_else(|| wrong(line.span))?;
            component.properties.push(property(name, value, line.span));
        }
    }
    match (open.is_empty(), roots.is_empty()) {
        (true, false) => Ok(roots),
        _ => Err(wrong(lines.last().map_or(Span::new(file, 0, 0), |line| line.span))),
    }
}

/// The lines of a file; one that continues another begins with a space or a tab.
fn unfolded(file: FileId, text: &str) -> Vec<Line<'_>> {
    let mut lines: Vec<Line<'_>> = Vec::new();
    let mut at = 0;
    for raw in text.split_inclusive('\n') {
        let line = raw.trim_end_matches(['\r', '\n']);
        match (line.strip_prefix([' ', '\t']), lines.last_mut()) {
            (Some(more), Some(last)) => last.text += more,
            _ if line.trim().is_empty() => {}
            _ => {
                let span = Span::new(file, at, at + line.len());
                lines.push(Line { first: line, text: line.to_owned(), span });
            }
        }
        at += raw.len();
    }
    lines
}

/// The name with its parameters, and the value: at the first colon outside quotes.
fn split(line: &str) -> Option<(&str, &str)> {
    let mut quoted = false;
    let colon = line.bytes().position(|byte| {
        quoted ^= byte == b'"';
        byte == b':' && !quoted
    })?;
    let (name, value) = (&line[..colon], &line[colon + 1..]);
    let is_name = name.bytes().next().is_some_and(|first| first.is_ascii_alphanumeric());
    is_name.then_some((name, value))
}

fn property(head: &str, value: &str, span: Span) -> Property {
    let mut parts = head.split(';');
    let name = parts.next().unwrap_or("").trim().to_owned();
    let parameters = parts.filter_map(|part| {
        let (name, value) = part.split_once('=')?;
        Some((name.trim().to_ascii_uppercase(), value.trim().trim_matches('"').to_owned()))
    });
    Property { name, parameters: parameters.collect(), value: value.to_owned(), span }
}
