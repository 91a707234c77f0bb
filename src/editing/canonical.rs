//! The canonical form of a plan file: fields in the order of the reference, one empty line between entries, and the
//! layout of a formatter for YAML. What a file says, and its comments, stay as they are.

use std::collections::{BTreeMap, HashMap};
use std::ops::Range;

use pretty_yaml::config::{FormatOptions, LanguageOptions, LayoutOptions, LineBreak};
use yaml_parser::{SyntaxKind, SyntaxNode};

use super::layout::{line_break, line_end, line_start, next_line};
use crate::model::document::{self, Statement};
use crate::model::entry::HEADER;
use crate::model::family::Families;
use crate::model::field::Field;
use crate::model::value::folded;
use crate::model::{Entry, Id, Plan};
use crate::source::edit::{self, Edit};
use crate::source::{FileId, Node, Pair, SourceFile, Span, Spanned, Style, Value, yaml};

/// How wide a line may become where a flow collection is laid out.
const WIDTH: usize = 120;

/// The fields that every entry begins with, in whatever table they are.
const FIRST: &[&str] = &["id", "title", "type", "stage", "owner", "status", "state"];

/// The field that stands behind all others of the reference, since it is long.
const LAST: &str = "description";

/// Why a file has no canonical form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unformatted {
    /// The file cannot be read as YAML at this place.
    Broken(Span),
    /// The formatter does not understand it, or would change what it says.
    NotFaithful,
}

/// The canonical form of a file of a plan.
///
/// # Errors
///
/// For a file that cannot be read whole, and for one whose canonical form would say something else.
pub fn canonical(
    plan: &Plan<'_>,
    (file, source): (FileId, &SourceFile),
    families: &Families,
) -> Result<String, Unformatted> {
    let text = source.text();
    let reading = yaml::read(file, source);
    let broken = reading.lost.first().copied();
    let broken = broken.or_else(|| reading.defects.first().map(yaml::YamlDefect::span));
    if let Some(span) = broken {
        return Err(Unformatted::Broken(span));
    }
    if !is_shallow(&reading, text) {
        return Err(Unformatted::NotFaithful);
    }
    let (ordered, _) = edit::apply(text, &orders(plan, (file, source), families));
    let formatted = pretty_yaml::format_text(&ordered, &options(text)).ok();
    let formatted = formatted.and_then(|text| with_ends_indented(&text)).ok_or(Unformatted::NotFaithful)?;
    let formatted = with_gaps(file, formatted, families);
    match is_faithful(&reading, text, &formatted) {
        true => Ok(formatted),
        false => Err(Unformatted::NotFaithful),
    }
}

/// How far the formatter counts indentation, in spaces.
const WIDEST_INDENTATION: usize = 60;

/// How deep nodes may be nested, so that two spaces for each do not exceed that.
const DEEPEST: usize = 25;

/// Whether a text is indented no further than the formatter counts, before and after.
fn is_shallow(reading: &yaml::Reading<'_>, text: &str) -> bool {
    let indentation = |line: &str| line.len() - line.trim_start_matches([' ', '-', '?', ':']).len();
    let mut nodes: Vec<(&Node<'_>, usize)> =
        reading.documents.iter().map(|document| (&document.root, 1)).collect();
    while let Some((node, depth)) = nodes.pop() {
        if depth > DEEPEST {
            return false;
        }
        match &node.value {
            Value::Scalar(_) => {}
            Value::Sequence(items) => nodes.extend(items.iter().map(|item| (item, depth + 1))),
            Value::Mapping(pairs) => {
                nodes
                    .extend(pairs.iter().flat_map(|pair| [(&pair.key, depth + 1), (&pair.value, depth + 1)]));
            }
        }
    }
    text.lines().all(|line| indentation(line) < WIDEST_INDENTATION)
}

fn options(text: &str) -> FormatOptions {
    let line_break = if line_break(text) == "\n" { LineBreak::Lf } else { LineBreak::Crlf };
    FormatOptions {
        layout: LayoutOptions { print_width: WIDTH, indent_width: 2, line_break },
        language: LanguageOptions {
            brace_spacing: false,
            trailing_comma: false,
            ..LanguageOptions::default()
        },
    }
}

/// The same text with the ends of flow collections that begin a line indented like what is in them: YAML asks for more
/// than the indentation of the key, which the formatter does not give. Nothing if the text cannot be parsed.
fn with_ends_indented(text: &str) -> Option<String> {
    let is_flow = |node: &SyntaxNode| matches!(node.kind(), SyntaxKind::FLOW_MAP | SyntaxKind::FLOW_SEQ);
    let root = yaml_parser::parse(text).ok()?;
    let outermost = root
        .descendants()
        .filter(|node| is_flow(node) && !node.ancestors().skip(1).any(|outer| is_flow(&outer)));
    let ends =
        outermost.filter_map(|node| node.last_token()).map(|token| usize::from(token.text_range().start()));
    let mut indented = String::with_capacity(text.len());
    let mut copied = 0;
    for end in ends.filter(|end| text[line_start(text, *end)..*end].bytes().all(|byte| byte == b' ')) {
        indented += &text[copied..end];
        indented += "  ";
        copied = end;
    }
    indented += &text[copied..];
    Some(indented)
}

/// The edits that put the fields of each entry in order.
fn orders(plan: &Plan<'_>, (file, source): (FileId, &SourceFile), families: &Families) -> Vec<Edit> {
    let entries: HashMap<Span, &Entry<'_>> = plan
        .entries()
        .iter()
        .filter(|entry| entry.span.file == file)
        .map(|entry| (entry.id.span, entry))
        .collect();
    let statements = document::statements(file, source, families).entries;
    let edit = |(id, statement): &(Spanned<Id>, Statement<'_>)| {
        order(file, source.text(), entries.get(&id.span)?, statement)
    };
    let mut edits: Vec<Edit> = statements.iter().filter_map(edit).collect();
    edits.sort_by_key(|edit| edit.span.start);
    edits
}

/// The edit that puts the fields of an entry in order; nothing if they are, or if they cannot be moved.
fn order(file: FileId, text: &str, entry: &Entry<'_>, statement: &Statement<'_>) -> Option<Edit> {
    let fields = own_fields(text, entry, statement);
    let is_flow = text[..fields.first()?.start].trim_end().ends_with('{')
        || text[statement.span.range()].starts_with('{');
    if is_flow || fields.len() < 2 || fields.is_sorted_by_key(|field| field.rank) {
        return None;
    }
    let parts = parts(text, &fields)?;
    // An alias must follow its anchor, and a merge key is read where it is.
    if parts.iter().any(|part| has_anchor(&text[part.clone()])) {
        return None;
    }
    let mut order: Vec<usize> = (0..parts.len()).collect();
    order.sort_by_key(|index| fields[*index].rank);
    // The first field has the dash or the key of the entry before it, so that no comment fits there.
    if text[parts[order[0]].clone()].trim_start().starts_with('#') {
        return None;
    }
    let start = parts[0].start;
    let indent = " ".repeat(start - line_start(text, start));
    let moved = order.iter().map(|index| match index {
        0 => format!("{indent}{}", &text[parts[0].clone()]),
        index => text[parts[*index].clone()].to_owned(),
    });
    let joined = moved.collect::<Vec<_>>().join(line_break(text));
    let end = parts.last()?.end;
    Some(Edit::replace(Span::new(file, start, end), joined.trim_start_matches(' ')))
}

/// A field of an entry in the text of its file.
struct OwnField {
    /// Where its key begins.
    start: usize,
    /// Where its value ends.
    end: usize,
    /// Where it belongs among the others.
    rank: usize,
}

/// The fields that are written in an entry itself, its id among them, in their order.
fn own_fields(text: &str, entry: &Entry<'_>, statement: &Statement<'_>) -> Vec<OwnField> {
    let own = statement.pairs.iter().filter(|pair| statement.span.contains(pair.key.span));
    let field = |pair: &Pair<'_>| OwnField {
        start: pair.key.span.start as usize,
        end: pair.value.span.end.max(pair.key.span.end) as usize,
        rank: rank(entry, pair),
    };
    let mut fields: Vec<OwnField> = own.map(field).collect();
    let id = entry.id.span.range();
    let before = &text[line_start(text, id.start)..id.start];
    let key = before.trim_start_matches([' ', '-']);
    // `id: EPIC-01`, and not the key of a mapping of entries.
    if key.contains(':') {
        fields.push(OwnField { start: id.start - key.len(), end: id.end, rank: 0 });
    }
    fields.sort_by_key(|field| field.start);
    fields
}

/// Whether an anchor, an alias or a merge key may be in a part.
fn has_anchor(part: &str) -> bool {
    part.split_whitespace().any(|word| word.starts_with(['&', '*']) || word.starts_with("<<"))
}

/// Where each field is, without its last line break and with the comments above it. The first begins at its key.
/// Nothing if the fields are not on lines of their own.
fn parts(text: &str, fields: &[OwnField]) -> Option<Vec<Range<usize>>> {
    let after = |end: usize| text[..end].trim_end().len();
    let mut starts = vec![fields.first()?.start];
    for (before, field) in fields.iter().zip(&fields[1..]) {
        let start = line_start(text, field.start);
        if !text[start..field.start].bytes().all(|byte| byte == b' ') {
            return None;
        }
        starts.push(with_comments(text, next_line(text, after(before.end)).min(start), start));
    }
    let end = line_end(text, after(fields.last()?.end));
    let part = |(start, next): (&usize, usize)| {
        let part = &text[*start..next];
        let part = part.strip_suffix('\n').unwrap_or(part);
        *start..*start + part.strip_suffix('\r').unwrap_or(part).len()
    };
    Some(starts.iter().zip(starts[1..].iter().copied().chain([end])).map(part).collect())
}

/// Where the comments begin that stand directly above a line, at or behind `from`.
fn with_comments(text: &str, from: usize, line: usize) -> usize {
    let mut start = line;
    while start > from {
        let above = line_start(text, start - 1);
        if above < from || !text[above..start].trim_start().starts_with('#') {
            break;
        }
        start = above;
    }
    start
}

/// Where a field belongs: those that all entries begin with, those of the family, the others of every entry, and what
/// no table knows.
fn rank(entry: &Entry<'_>, pair: &Pair<'_>) -> usize {
    let Some(key) = pair.key.text() else { return usize::MAX };
    // `DEP-401: Error rate rises` names the entry as well.
    if pair.key.span.overlaps(entry.id.span) {
        return 0;
    }
    let key: String = folded(key).collect();
    let tables = [entry.kind.fields(), HEADER];
    let known = |field: &&Field| field.is(&key);
    let Some(field) = tables.iter().copied().flatten().find(known) else { return usize::MAX };
    let first = FIRST.iter().position(|name| *name == field.name);
    if field.name == LAST {
        return usize::MAX - 1;
    }
    let all = || tables.iter().copied().flatten().position(|other| other.name == field.name);
    first.or_else(|| all().map(|at| FIRST.len() + at)).unwrap_or(usize::MAX)
}

/// The same text with an empty line between two entries of which one takes several lines.
fn with_gaps(file: FileId, text: String, families: &Families) -> String {
    let source = SourceFile::new("", text);
    let text = source.text();
    let mut spans: Vec<Span> = document::statements(file, &source, families)
        .entries
        .iter()
        .map(|(id, statement)| {
            Span::new(file, id.span.start.min(statement.span.start) as usize, statement.span.end as usize)
        })
        .collect();
    spans.sort_by_key(|span| span.start);
    let is_long = |span: &Span| text[span.range()].trim_end().contains('\n');
    let gap = |(before, after): (&Span, &Span)| {
        let end = next_line(text, text[..before.end as usize].trim_end().len());
        let start = line_start(text, after.start as usize);
        let between = text.get(end..start)?;
        let is_apart = between.lines().any(|line| line.trim().is_empty() || line.starts_with("---"));
        let wanted = !is_apart && (is_long(before) || is_long(after));
        wanted.then(|| Edit::insert(Span::new(file, end, end), line_break(text)))
    };
    let edits: Vec<Edit> = spans.iter().zip(spans.iter().skip(1)).filter_map(gap).collect();
    edit::apply(text, &edits).0
}

/// Whether a text says the same as another, comments included.
fn is_faithful(before: &yaml::Reading<'_>, text: &str, formatted: &str) -> bool {
    let source = SourceFile::new("", formatted.to_owned());
    let after = yaml::read(FileId(0), &source);
    let same_documents = before.documents.len() == after.documents.len()
        && before
            .documents
            .iter()
            .zip(&after.documents)
            .all(|(before, after)| same(&before.root, &after.root));
    after.defects.is_empty()
        && after.lost.is_empty()
        && same_documents
        && letters(text) == letters(formatted)
        && allowed(text) == allowed(formatted)
}

/// What the comments are about that allow findings: for each the line that it covers, without blanks and marks of the
/// layout. A comment that covers another line afterwards would allow something else.
fn allowed(text: &str) -> Vec<String> {
    let bare = |line: &str| -> String {
        line.chars().filter(|letter| !letter.is_whitespace() && !"\"'\\,".contains(*letter)).collect()
    };
    let lines: Vec<&str> = text.lines().collect();
    let covered = |(at, line): (usize, &&str)| {
        let (before, comment) = line.split_once('#')?;
        if !comment.trim_start().starts_with("relplan") {
            return None;
        }
        let is_alone = before.trim().is_empty();
        let next = || lines.iter().skip(at + 1).find(|line| !line.trim_start().starts_with('#'));
        let about = if is_alone { next().map_or("", |line| line) } else { line };
        Some(format!("{} {}", bare(comment), bare(about)))
    };
    let mut all: Vec<String> = lines.iter().enumerate().filter_map(covered).collect();
    all.sort_unstable();
    all
}

/// How often each letter is in a text. Quotes, escapes and the commas of flow collections belong to the layout.
fn letters(text: &str) -> BTreeMap<char, usize> {
    let mut counts = BTreeMap::new();
    let counted = text.chars().filter(|letter| !letter.is_whitespace() && !"\"'\\,".contains(*letter));
    counted.for_each(|letter| *counts.entry(letter).or_insert(0) += 1);
    counts
}

/// Whether two nodes mean the same, whatever the order of keys.
fn same(before: &Node<'_>, after: &Node<'_>) -> bool {
    match (&before.value, &after.value) {
        (Value::Scalar(a), Value::Scalar(b)) => {
            a.text == b.text && (a.style == Style::Plain) == (b.style == Style::Plain)
        }
        (Value::Sequence(a), Value::Sequence(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b))
        }
        (Value::Mapping(a), Value::Mapping(b)) => {
            let sorted = |pairs: &'_ [Pair<'_>]| {
                let mut order: Vec<usize> = (0..pairs.len()).collect();
                order.sort_by(|a, b| pairs[*a].key.text().cmp(&pairs[*b].key.text()));
                order
            };
            let pairs = sorted(a).into_iter().zip(sorted(b));
            a.len() == b.len()
                && pairs
                    .into_iter()
                    .all(|(at, to)| same(&a[at].key, &b[to].key) && same(&a[at].value, &b[to].value))
        }
        _ => false,
    }
}
