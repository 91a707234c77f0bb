//! The parser's events become nodes here.

mod aliases;
mod escapes;
mod folded;
mod keys;
mod stop;
mod written;

use std::borrow::Cow;

use granit_parser::{Event, Parser, ScalarStyle, StructureStyle};
use rustc_hash::FxHashMap;

use keys::{collect_duplicates, collect_duplicates_of, has_duplicates, merge};

use super::reason::Reason;
use super::resume::{begins_with_other_id, is_name};
use super::{DEEPEST_NESTING, Trap, YamlDefect};
use crate::source::{FileId, Node, Pair, Scalar, Span, Spanned, Style, Value};

/// What one run of the parser yields: everything up to its end or its first error.
#[derive(Default)]
pub(super) struct Fragment<'s> {
    /// Its documents, and whether each goes on from what was read before.
    pub documents: Vec<(Node<'s>, bool)>,
    pub defects: Vec<YamlDefect>,
    pub directives: Vec<Spanned<&'s str>>,
    pub stop: Option<Stop>,
}

/// What is to be read: `seen` is `text`, or a copy of it with single parts
/// painted over. The nodes always borrow from `text`.
#[derive(Clone, Copy)]
pub(super) struct Source<'s, 'm> {
    pub file: FileId,
    pub text: &'s str,
    pub seen: &'m str,
    /// Where to begin.
    pub start: usize,
    /// Whether that is in the middle of a document.
    pub continued: bool,
    /// Whether any comment speaks to relplan.
    pub comments: bool,
}

/// What one part of a document defines for the next.
#[derive(Default)]
pub(super) struct Known<'s> {
    anchors: FxHashMap<String, Node<'s>>,
    expanded: usize,
}

/// Where and why the parser stopped before the end.
#[derive(Debug)]
pub(super) struct Stop {
    pub offset: usize,
    pub reason: Reason,
    pub words: &'static str,
    pub unit: Unit,
    /// Where the outermost of the open collections in brackets begins.
    pub flow: Option<usize>,
    /// Whether that collection is the whole unit.
    pub flow_is_unit: bool,
    /// The end of what was read before.
    pub last: usize,
    /// The last text that was read, if nothing was since.
    pub last_text: std::ops::Range<usize>,
    /// Whether the text only goes on outside of the part that reading began in.
    pub leaves: bool,
}

/// The part of a file that is given up when something in it is broken.
#[derive(Debug, Clone, Copy)]
pub(super) struct Unit {
    pub kind: UnitKind,
    /// The beginning of the line that the unit begins in.
    pub start: usize,
    /// The column of its dash, or of its key.
    pub column: usize,
    /// Whether something of the same document stands before it.
    pub continued: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum UnitKind {
    /// An item of the outermost list.
    Item,
    /// A pair of an outermost mapping whose keys are ids, or a key that is an id and the pairs behind it.
    Pair,
    /// The whole document.
    Document,
}

/// Parses to the end, or to the first error.
pub(super) fn parse<'s>(source: Source<'s, '_>, known: &mut Known<'s>) -> Fragment<'s> {
    let rest = source.seen.get(source.start..).unwrap_or("");
    let mut tree = Tree {
        source,
        known,
        document: 0,
        open: Vec::new(),
        anchors: FxHashMap::default(),
        anchored: None,
        last: source.start,
        last_text: 0..0,
        fragment: Fragment::default(),
    };
    let mut options = granit_parser::options! {
        strict_indentation: true,
        emit_unresolved_aliases: true,
        emit_anchor_events: true,
        flow_nesting_limit: DEEPEST_NESTING,
        block_nesting_limit: DEEPEST_NESTING,
        max_buffered_comment_events: usize::MAX,
    };
    options.set_emit_comments(source.comments);
    for event in Parser::new_from_str_with_options(rest, options) {
        match event {
            Ok((event, span)) => tree.take(event, &span),
            Err(error) => {
                tree.stop(&error);
                break;
            }
        }
    }
    tree.fragment
}

struct Tree<'s, 'm, 'k> {
    source: Source<'s, 'm>,
    known: &'k mut Known<'s>,
    /// How many documents have begun.
    document: usize,
    open: Vec<Open<'s>>,
    anchors: FxHashMap<usize, Node<'s>>,
    /// A scalar whose anchor's name is the next event.
    anchored: Option<Node<'s>>,
    last: usize,
    last_text: std::ops::Range<usize>,
    fragment: Fragment<'s>,
}

/// A collection whose end has not come yet.
struct Open<'s> {
    start: usize,
    flow: bool,
    anchor: Option<(usize, String)>,
    parts: Parts<'s>,
}

enum Parts<'s> {
    Items(Vec<Node<'s>>),
    Pairs(Vec<Pair<'s>>, Option<Node<'s>>),
}

impl<'s> Tree<'s, '_, '_> {
    fn take(&mut self, event: Event<'_>, span: &granit_parser::Span) {
        let range = span.byte_range().unwrap_or_default();
        let (from, to) = (range.start + self.source.start, range.end + self.source.start);
        match event {
            Event::DocumentStart(..) => self.begin_document(),
            Event::Scalar(text, style, anchor, tag) => {
                let mut node = self.scalar(text, style, from, to);
                if tag.is_some_and(|tag| is_unknown(&tag)) {
                    node = self.tagged(node, span);
                }
                if anchor == 0 {
                    self.add_written(node);
                } else {
                    self.anchored = Some(node);
                }
            }
            Event::SequenceStart(style, ..) => self.open(from, style, Parts::Items(Vec::new())),
            Event::MappingStart(style, ..) => {
                self.open(from, style, Parts::Pairs(Vec::with_capacity(8), None));
            }
            Event::SequenceEnd | Event::MappingEnd => self.close(to),
            Event::Anchor(id, name) => self.anchor(id, &name, from),
            Event::Alias(anchor) => self.alias(anchor, from, to),
            Event::UnresolvedAlias(name) => self.unresolved(&name, from, to),
            Event::Comment(..) => self.comment(from, to),
            _ => {}
        }
    }

    fn begin_document(&mut self) {
        self.document += 1;
        self.anchors.clear();
        if self.document > 1 || !self.source.continued {
            self.known.anchors.clear();
        }
    }

    /// Whether the document at hand began before this fragment.
    fn continued(&self) -> bool {
        self.source.continued && self.document <= 1
    }

    fn span(&self, from: usize, to: usize) -> Span {
        Span::new(self.source.file, from, to)
    }

    fn scalar(&mut self, seen: Cow<'_, str>, style: ScalarStyle, from: usize, to: usize) -> Node<'s> {
        let style = match style {
            ScalarStyle::Plain => Style::Plain,
            ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted => Style::Quoted,
            _ => Style::Block,
        };
        // An absent value is an empty scalar in no place; the parser calls it `~`.
        if from == to && style == Style::Plain {
            return nothing(self.span(from, to));
        }
        let source = self.source.text.get(from..to).unwrap_or("");
        let end = from + source.trim_end().len();
        self.last = self.last.max(end);
        self.last_text = from..end;
        if style == Style::Quoted && source.starts_with('"') && matches!(seen, Cow::Owned(_)) {
            self.report_escapes(&seen, from, end);
        }
        let text = self.borrow(seen, style, from, to);
        Node { span: self.span(from, end), value: Value::Scalar(Scalar { text, style }) }
    }

    /// The scalar's text, from the original where the parser did not change it.
    fn borrow(&self, seen: Cow<'_, str>, style: Style, from: usize, to: usize) -> Cow<'s, str> {
        let source = self.source.text.get(from..to).unwrap_or("");
        let inner = match style {
            Style::Quoted => source.get(1..source.len().saturating_sub(1)).unwrap_or(""),
            _ => source,
        };
        if matches!(seen, Cow::Borrowed(_)) && style != Style::Block && inner.len() == seen.len() {
            return Cow::Borrowed(inner);
        }
        let painted = self.source.seen.get(from..to) != Some(source);
        if painted && style != Style::Block { fold(inner) } else { Cow::Owned(seen.into_owned()) }
    }

    fn open(&mut self, start: usize, style: StructureStyle, parts: Parts<'s>) {
        let flow = style == StructureStyle::Flow;
        self.last = self.last.max(start + usize::from(flow));
        self.last_text = 0..0;
        self.open.push(Open { start, flow, anchor: None, parts });
    }

    fn close(&mut self, end: usize) {
        let Some(mut open) = self.open.pop() else { return };
        let anchor = open.anchor.take();
        let flow = open.flow;
        let mut node = self.finish(open);
        // A block ends with its last part, wherever the parser noticed.
        if flow {
            node.span = self.span(node.span.start as usize, end);
            self.last = self.last.max(end);
        }
        self.last_text = 0..0;
        if let Some((id, name)) = anchor {
            self.define(id, &name, &node);
        }
        self.add(node);
    }

    fn finish(&mut self, open: Open<'s>) -> Node<'s> {
        let mut start = open.start;
        let (last, value) = match open.parts {
            Parts::Items(items) => {
                start = items.first().map_or(start, |item| start.min(item.span.start as usize));
                (items.last().map(|item| item.span.end), Value::Sequence(items))
            }
            Parts::Pairs(mut pairs, _) => {
                self.report_duplicates(&pairs);
                if let Some(value) = merge(&mut pairs) {
                    self.report_merge(value);
                }
                let last = pairs.iter().map(|pair| pair.value.span.end.max(pair.key.span.end)).max();
                (last, Value::Mapping(pairs))
            }
        };
        let end = last.map_or(start, |end| end as usize);
        Node { span: self.span(start, end), value }
    }

    fn add(&mut self, node: Node<'s>) {
        let continued = self.continued();
        match self.open.last_mut().map(|open| &mut open.parts) {
            None if node.is_null() => {}
            None => self.fragment.documents.push((node, continued)),
            Some(Parts::Items(items)) => items.push(node),
            Some(Parts::Pairs(_, key @ None)) => *key = Some(node),
            Some(Parts::Pairs(pairs, key)) => {
                if let Some(key) = key.take() {
                    pairs.push(Pair { key, value: node });
                }
            }
        }
    }

    fn comment(&mut self, from: usize, to: usize) {
        let Some(comment) = self.source.text.get(from..to) else { return };
        if comment.trim_start_matches('#').trim_start().starts_with("relplan:") {
            let span = self.span(from, to);
            self.fragment.directives.push(Spanned::new(comment, span));
        }
    }

    fn trap(&mut self, trap: Trap, span: Span) {
        self.fragment.defects.push(YamlDefect::Trap { span, trap });
    }

    /// Reports a merge key that has nothing to merge. An alias without its anchor is reported as that.
    fn report_merge(&mut self, value: Span) {
        let is_alias = self.source.text.as_bytes().get(value.start as usize) == Some(&b'*');
        // What was not expanded for its size is no mapping either.
        let is_cut =
            self.fragment.defects.iter().any(|found| matches!(found, YamlDefect::AliasBudget { .. }));
        if !is_alias && !is_cut {
            self.fragment.defects.push(YamlDefect::MergeOfNothing { span: value });
        }
    }

    /// Reports keys that stand twice in one mapping. Of a document that holds
    /// several entries one behind the other, each entry has its own keys.
    fn report_duplicates(&mut self, pairs: &[Pair<'s>]) {
        let mut found = Vec::new();
        if has_duplicates(pairs) {
            let named = |pair: &Pair<'_>| pair.key.text().is_some_and(is_name);
            let at_root = self.open.is_empty();
            for part in
                entries(pairs, |part, next| at_root && (named(next) || begins_with_other_id(part, next)))
            {
                collect_duplicates(part, &mut found);
            }
            let names: Vec<&Pair<'s>> = pairs.iter().filter(|pair| at_root && named(pair)).collect();
            collect_duplicates_of(names.into_iter(), &mut found);
        }
        let defects = found.into_iter().map(|(first, second)| YamlDefect::DuplicateKey { first, second });
        self.fragment.defects.extend(defects);
    }
}

/// Whether YAML defines no such tag, neither in its core schema nor among the types of YAML 1.1.
fn is_unknown(tag: &granit_parser::Tag) -> bool {
    const TYPES: [&str; 6] = ["timestamp", "binary", "omap", "pairs", "set", "value"];
    let (handle, suffix) = tag.parts();
    let name = format!("{handle}{suffix}");
    let is_type = name.strip_prefix("tag:yaml.org,2002:").is_some_and(|name| TYPES.contains(&name));
    tag.is_custom() && !is_type
}

/// The parts of a mapping, each up to the pair that begins the next.
fn entries<'p, 's>(
    pairs: &'p [Pair<'s>],
    begins: impl Fn(&[Pair<'s>], &Pair<'s>) -> bool,
) -> Vec<&'p [Pair<'s>]> {
    let mut parts = Vec::new();
    let mut start = 0;
    for at in 1..pairs.len() {
        if begins(&pairs[start..at], &pairs[at]) {
            parts.push(&pairs[start..at]);
            start = at;
        }
    }
    parts.push(&pairs[start..]);
    parts
}

fn nothing<'s>(span: Span) -> Node<'s> {
    Node { span, value: Value::Scalar(Scalar { text: Cow::Borrowed(""), style: Style::Plain }) }
}

/// The lines of a plain text as YAML joins them.
fn fold(source: &str) -> Cow<'_, str> {
    if !source.contains('\n') {
        return Cow::Borrowed(source);
    }
    Cow::Owned(source.lines().map(str::trim).collect::<Vec<_>>().join(" "))
}
