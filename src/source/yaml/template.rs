//! Finds what a template engine has not rendered: the marks of Helm, Jinja, ERB and GitHub Actions where YAML
//! reads something else, and values that are nothing but a mark.

use std::ops::Range;

use super::line::{Line, quote_end};
use super::mask::Mask;

/// Marks of a template.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Marks {
    /// Lines that are for the engine alone: `{{- if .Values.enabled }}`, `{% endif %}`.
    pub lines: Vec<Range<usize>>,
    /// Keys and values that YAML would misread: `{{ title }}`.
    pub texts: Vec<Range<usize>>,
    /// Values that YAML reads as texts: `"{{ title }}"`, `${{ vars.OWNER }}`.
    pub values: Vec<Range<usize>>,
}

impl Marks {
    /// All of them, in the order of their places.
    pub fn all(&self) -> Vec<Range<usize>> {
        let mut all: Vec<_> = self.lines.iter().chain(&self.texts).chain(&self.values).cloned().collect();
        all.sort_by_key(|range| range.start);
        all
    }

    /// What hides them from the parser.
    pub fn masks(self) -> Vec<Mask> {
        self.lines.into_iter().map(Mask::blank).chain(self.texts.into_iter().map(Mask::text)).collect()
    }
}

/// How marks begin and end.
const MARKS: [(&str, &str); 4] = [("{{", "}}"), ("{%", "%}"), ("{#", "#}"), ("<%", "%>")];

/// How far the end of a mark is looked for, in bytes.
const LONGEST: usize = 4096;

/// The marks in a text. In blocks of text, in comments, and within other text they are text.
pub(super) fn find(text: &str) -> Marks {
    let mut marks = Marks::default();
    let occurs = |mark: &str| memchr::memmem::find(text.as_bytes(), mark.as_bytes()).is_some();
    if !MARKS.iter().any(|(begin, end)| occurs(begin) && occurs(end)) {
        return marks;
    }
    let mut above = Above::Nothing;
    let mut next = Some(Line::at(text, 0));
    while let Some(line) = next {
        next = line.next(text);
        if line.is_blank() || text[line.content..].starts_with('#') || above.goes_on(&line) {
            continue;
        }
        if let Some(end) = engine_line(text, &line) {
            marks.lines.push(line.content..end);
            next = Line::at(text, end).next(text);
            continue;
        }
        above = Above::of(text, &line);
        take(text, &line, &mut marks);
    }
    marks
}

/// What the lines below a line belong to if they are indented deeper than this column.
enum Above {
    Nothing,
    Block(usize),
    Text(usize),
}

impl Above {
    fn of(text: &str, line: &Line) -> Above {
        let at = line.value.unwrap_or(line.body);
        match text.as_bytes().get(at).filter(|_| at < line.end) {
            Some(b'|' | b'>') => Above::Block(line.parent_column()),
            Some(_) if line.value.is_some() || line.body > line.content => Above::Text(line.parent_column()),
            _ => Above::Nothing,
        }
    }

    /// Whether a line goes on with it. A text ends with the next key or item.
    fn goes_on(&self, line: &Line) -> bool {
        let begins = line.value.is_some() || line.body > line.content;
        match self {
            Above::Nothing => false,
            Above::Block(column) => line.column() > *column,
            Above::Text(column) => line.column() > *column && !begins,
        }
    }
}

/// The end of a line, or of several, that are for the engine alone.
fn engine_line(text: &str, line: &Line) -> Option<usize> {
    let (begin, end) = MARKS.into_iter().find(|(begin, _)| text[line.content..].starts_with(begin))?;
    let closed = mark_end(text, line.content, end)?;
    let last = Line::at(text, closed);
    let rest = &text[closed..last.end];
    let is_output = begin == "{{" || text[line.content..].starts_with("<%=");
    let is_alone = rest.trim_start().is_empty() || rest.ends_with(end) && !rest.starts_with(':');
    (is_alone || !is_output).then_some(last.end)
}

/// Where the mark ends that begins at `at`.
fn mark_end(text: &str, at: usize, end: &str) -> Option<usize> {
    let bytes = &text.as_bytes()[at..text.len().min(at + LONGEST)];
    Some(at + memchr::memmem::find(bytes, end.as_bytes())? + end.len())
}

fn take(text: &str, line: &Line, marks: &mut Marks) {
    let colon = key_end(text, line);
    marks.texts.extend(colon.map(|colon| line.body..colon));
    let behind = colon.map(|colon| line.end - text[colon + 1..line.end].trim_start().len());
    let at = behind.or(line.value).unwrap_or(line.body);
    let is_own = text[line.body..line.end].get(..2).is_some_and(|key| key.eq_ignore_ascii_case("x-"));
    match text.as_bytes().get(at).filter(|_| at < line.end) {
        Some(b'"' | b'\'') => {
            let closed = quote_end(text, at, line.end).filter(|end| is_mark(&text[at + 1..end - 1]));
            marks.values.extend(closed.filter(|_| !is_own).map(|end| at..end));
        }
        Some(b'{' | b'[' | b'<') if marked(text, at, line.end).is_some() => marks.texts.push(at..line.end),
        Some(b'{' | b'[') => in_brackets(text, at..line.end, marks),
        Some(_) if !is_own && is_mark(&text[at..line.end]) => marks.values.push(at..line.end),
        Some(_) if breaks(&text[at..line.end]) => marks.texts.push(at..line.end),
        _ => {}
    }
}

/// Where the mark ends that begins at `at`, if it does before `end`.
fn marked(text: &str, at: usize, end: usize) -> Option<usize> {
    let (_, closing) = MARKS.into_iter().find(|(begin, _)| text[at..end].starts_with(begin))?;
    Some(at + text[at..end].find(closing)? + closing.len())
}

/// Whether a text is made of marks: nothing but a word stands around them, as in `RUN-{{ n }}` or `${{ vars.OWNER }}`.
fn is_mark(text: &str) -> bool {
    // Nobody's name is longer, and a longer text would take more than linear time.
    let mut rest = Some(text.trim()).filter(|text| text.len() <= LONGEST).unwrap_or_default();
    let mut marks = 0;
    loop {
        let begins = MARKS.into_iter().filter_map(|(begin, end)| Some((rest.find(begin)?, end)));
        let Some((at, end)) = begins.min() else { break };
        let Some(length) = rest[at..].find(end) else { break };
        if rest[..at].contains(char::is_whitespace) {
            return false;
        }
        marks += 1;
        rest = &rest[at + length + end.len()..];
    }
    marks > 0 && !rest.contains(char::is_whitespace)
}

/// The colon behind a key that begins with a mark.
fn key_end(text: &str, line: &Line) -> Option<usize> {
    let from = marked(text, line.body, line.end)?;
    let rest = &text[from..line.end];
    let colon = rest.find(": ").or_else(|| rest.len().checked_sub(1).filter(|_| rest.ends_with(':')))?;
    Some(from + colon)
}

/// Marks between brackets: YAML takes two braces for mappings.
fn in_brackets(text: &str, range: Range<usize>, marks: &mut Marks) {
    let mut at = range.start;
    let mut quoted = false;
    while at < range.end {
        let rest = &text[at..range.end];
        match rest.as_bytes()[0] {
            b'"' => quoted = !quoted,
            b'{' if !quoted && rest.starts_with("{{") => {
                let Some(end) = marked(text, at, range.end) else { return };
                marks.texts.push(at..end);
                at = end;
                continue;
            }
            _ => {}
        }
        at += rest.chars().next().map_or(1, char::len_utf8);
    }
}

/// Whether a mark within a plain text holds what ends the text: a colon, or a comment.
fn breaks(value: &str) -> bool {
    let mut rest = value;
    while let Some(at) = rest.find("{{") {
        let Some(end) = rest[at..].find("}}") else { return false };
        let mark = &rest[at..at + end];
        if mark.contains(": ") || mark.contains(" #") {
            return true;
        }
        rest = &rest[at + end..];
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, lines: &[&str], texts: &[&str], values: &[&str]) {
        let marks = find(text);
        let shown = |ranges: &[Range<usize>]| -> Vec<&str> {
            ranges.iter().map(|range| &text[range.clone()]).collect()
        };
        let found = (shown(&marks.lines), shown(&marks.texts), shown(&marks.values));
        assert_eq!(found, (lines.to_vec(), texts.to_vec(), values.to_vec()), "{text}");
    }

    #[test]
    fn lines_for_the_engine_are_no_yaml() {
        let helm =
            "{{- if .Values.enabled }}\n- id: RUN-001\n  {{- with .x }}\n  a: b\n  {{- end }}\n{{- end }}\n";
        let lines = ["{{- if .Values.enabled }}", "{{- with .x }}", "{{- end }}", "{{- end }}"];
        check(helm, &lines, &[], &[]);
        check(
            "{% if x %}- id: A{% endif %}\n{# why #}\n",
            &["{% if x %}- id: A{% endif %}", "{# why #}"],
            &[],
            &[],
        );
        check("{{/* two\nlines */}}\na: b\n", &["{{/* two\nlines */}}"], &[], &[]);
        check("<% for e in all %>\nid: <%= e.id %>\n", &["<% for e in all %>"], &["<%= e.id %>"], &[]);
    }

    #[test]
    fn what_yaml_would_misread_is_a_mark() {
        check("- title: {{ title }} of x\n  {{ key }}: b\n", &[], &["{{ title }} of x", "{{ key }}"], &[]);
        check("steps:\n  - {{ other }}\n", &[], &["{{ other }}"], &[]);
        check("- {id: A, title: {{ x }}, n: \"{{ y }}\"}\n", &[], &["{{ x }}"], &[]);
        check("a: of {{ x | default: y }} z\n", &[], &["of {{ x | default: y }} z"], &[]);
        check("{{ a }}: {{ b }}\n", &[], &["{{ a }}", "{{ b }}"], &[]);
    }

    #[test]
    fn a_value_that_is_a_mark_has_no_value_yet() {
        check("owner: \"{{ .Values.owner }}\"\n", &[], &[], &["\"{{ .Values.owner }}\""]);
        check("- owner: ${{ vars.OWNER }}\n- '{{ x }}'\n", &[], &[], &["${{ vars.OWNER }}", "'{{ x }}'"]);
        check(
            "- id: RUN-{{ n }}\n  version: \"{{ a }}.{{ b }}.0\"\n",
            &[],
            &[],
            &["RUN-{{ n }}", "\"{{ a }}.{{ b }}.0\""],
        );
    }

    #[test]
    fn what_yaml_reads_as_text_is_none() {
        check("title: A {{ v }}\nowner: see ${{ vars.OWNER }}\nx: \"run {{ y }}\"\n", &[], &[], &[]);
        check("- script: |\n    {{ if }}\n    {% x %}\n  b: >-\n    {{ y }}\n", &[], &[], &[]);
        check("# {{ comment }}\na: {b: {c: d}}\n", &[], &[], &[]);
        check("a: Use the\n  {{ version }} tag\nb: \"c\n  {{ d }}\"\n", &[], &[], &[]);
        check("a: {{ open\nb: }}\n", &[], &[], &[]);
        check("x-legend: \"{{instance}}\"\nx-unit: v{{u}}\n", &[], &[], &[]);
    }

    #[test]
    fn long_texts_take_linear_time() {
        for text in [
            "a: {{b}}".to_owned() + &"{{c}}".repeat(400_000),
            "{{ a\n".repeat(200_000) + "}}",
            "- {a: ".to_owned() + &"{{".repeat(500_000) + "\n}}",
        ] {
            find(&text);
        }
    }
}
