//! The parser's events become nodes here.

use std::borrow::Cow;

use granit_parser::{Event, Parser, ScalarStyle, ScanError, StructureStyle};
use rustc_hash::{FxHashMap, FxHashSet};

use super::line::Line;
use super::reason::{self, Reason};
use super::resume::is_name;
use super::{ALIAS_BUDGET, DEEPEST_NESTING, Trap, YamlDefect, swallowed};
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
                if tag.is_some_and(|tag| tag.is_custom()) {
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

    /// A scalar with a tag that YAML does not define: the tag is a part of the text.
    fn tagged(&mut self, node: Node<'s>, span: &granit_parser::Span) -> Node<'s> {
        let Some(start) = span.tag_start().and_then(|mark| mark.byte_offset()) else { return node };
        let start = start + self.source.start;
        if node.scalar().is_some_and(|scalar| scalar.style == Style::Block) {
            let line = Line::at(self.source.text, start);
            self.trap(Trap::Tag, self.span(start, line.end));
            return node;
        }
        let node = self.text(start, (node.span.end as usize).max(start));
        self.trap(Trap::Tag, node.span);
        node
    }

    /// A part of the source as a plain text.
    fn text(&mut self, from: usize, to: usize) -> Node<'s> {
        self.last = self.last.max(to);
        let source = self.source.text.get(from..to).unwrap_or("").trim_end();
        let scalar = Scalar { text: fold(source), style: Style::Plain };
        Node { span: self.span(from, from + source.len()), value: Value::Scalar(scalar) }
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
        let (last, value) = match open.parts {
            Parts::Items(items) => (items.last().map(|item| item.span.end), Value::Sequence(items)),
            Parts::Pairs(mut pairs, _) => {
                self.report_duplicates(&pairs);
                merge(&mut pairs);
                let last = pairs.iter().map(|pair| pair.value.span.end.max(pair.key.span.end)).max();
                (last, Value::Mapping(pairs))
            }
        };
        let end = last.map_or(open.start, |end| end as usize);
        Node { span: self.span(open.start, end), value }
    }

    /// Adds a scalar that stands where it is used, with what YAML took for something else.
    fn add_written(&mut self, node: Node<'s>) {
        let whole = match self.open.last() {
            Some(Open { flow: false, parts: Parts::Pairs(_, Some(key)), .. }) => {
                let key_end = key.span.end as usize;
                self.whole_value(key_end, node)
            }
            Some(Open { flow: false, parts: Parts::Items(_), .. }) => self.whole_item(node),
            _ => node,
        };
        self.add(whole);
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

    fn whole_value(&mut self, key_end: usize, node: Node<'s>) -> Node<'s> {
        let Some(scalar) = node.scalar() else { return node };
        if !scalar.text.is_empty() {
            self.look_behind(&node);
            return node;
        }
        match swallowed::value(self.source.text, key_end, scalar) {
            Some((trap, range)) => self.swallowed(trap, range),
            None => node,
        }
    }

    fn whole_item(&mut self, node: Node<'s>) -> Node<'s> {
        if !node.is_null() {
            self.look_behind(&node);
            return node;
        }
        let end = node.span.end as usize;
        match swallowed::item(self.source.text, self.last, end) {
            Some((trap, range)) => self.swallowed(trap, range),
            None => {
                // Its dash is all there is of it.
                let before = self.source.text.get(self.last..end).unwrap_or("");
                let dash = before.find('-').map_or(end, |at| self.last + at);
                self.last = self.last.max(dash + 1);
                nothing(self.span(dash, dash + 1))
            }
        }
    }

    fn swallowed(&mut self, trap: Trap, range: std::ops::Range<usize>) -> Node<'s> {
        let node = self.text(range.start, range.end);
        self.trap(trap, node.span);
        node
    }

    /// Looks for the rest of a plain value behind what seems to be a comment.
    fn look_behind(&mut self, node: &Node<'s>) {
        let plain = node.scalar().is_some_and(|scalar| scalar.style == Style::Plain);
        let end = node.span.end as usize;
        if plain && let Some(tail) = swallowed::tail(self.source.text, end) {
            self.trap(Trap::CommentInside, self.span(tail.start, tail.end));
        }
    }

    /// The name of the anchor in front of the node before it.
    fn anchor(&mut self, id: usize, name: &str, from: usize) {
        let Some(node) = self.anchored.take() else {
            if let Some(open) = self.open.last_mut() {
                open.anchor = Some((id, name.to_owned()));
            }
            return;
        };
        let plain = node.scalar().is_some_and(|scalar| scalar.style == Style::Plain && !node.is_null());
        // Nobody asks for it by its name, so it is no name.
        let unused = plain && {
            let alias = format!("*{name}");
            memchr::memmem::find(self.source.text.as_bytes(), alias.as_bytes()).is_none()
        };
        let node = if unused { self.swallowed(Trap::Anchor, from..node.span.end as usize) } else { node };
        self.define(id, name, &node);
        self.add_written(node);
    }

    fn define(&mut self, id: usize, name: &str, node: &Node<'s>) {
        self.known.anchors.insert(name.to_owned(), node.clone());
        self.anchors.insert(id, node.clone());
    }

    fn alias(&mut self, anchor: usize, from: usize, to: usize) {
        self.last = self.last.max(to);
        let node = match self.anchors.get(&anchor).cloned() {
            Some(target) => self.expand(target, from, to),
            // The anchor's own node is not complete: it contains itself.
            None => self.unknown_alias(from, to),
        };
        self.add(node);
    }

    fn unresolved(&mut self, name: &str, from: usize, to: usize) {
        self.last = self.last.max(to);
        let inherited = self.known.anchors.get(name).filter(|_| self.continued()).cloned();
        let node = match inherited {
            Some(target) => self.expand(target, from, to),
            // What a broken part above defines is lost, not missing.
            None if self.continued() && self.is_defined_before(name) => self.text(from, to),
            None => self.unknown_alias(from, to),
        };
        self.add(node);
    }

    fn is_defined_before(&self, name: &str) -> bool {
        let before = &self.source.text.as_bytes()[..self.source.start];
        memchr::memmem::find(before, format!("&{name}").as_bytes()).is_some()
    }

    fn unknown_alias(&mut self, from: usize, to: usize) -> Node<'s> {
        let span = self.span(from, to);
        self.fragment.defects.push(YamlDefect::UnknownAlias { span });
        self.text(from, to)
    }

    fn expand(&mut self, target: Node<'s>, from: usize, to: usize) -> Node<'s> {
        let size = count(&target, ALIAS_BUDGET + 1);
        let span = self.span(from, to);
        if self.known.expanded + size <= ALIAS_BUDGET {
            self.known.expanded += size;
            // The parts of a text are found where it is written; a collection stands where it is used.
            let place = if target.scalar().is_some() { target.span } else { span };
            return Node { span: place, ..target };
        }
        if self.known.expanded <= ALIAS_BUDGET {
            self.fragment.defects.push(YamlDefect::AliasBudget { span });
        }
        self.known.expanded = ALIAS_BUDGET + 1;
        nothing(span)
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

    /// Reports keys that stand twice in one mapping. Of a document that holds
    /// several entries one behind the other, each entry has its own keys.
    fn report_duplicates(&mut self, pairs: &[Pair<'s>]) {
        let mut found = Vec::new();
        if has_duplicates(pairs) {
            let named = |pair: &Pair<'_>| pair.key.text().is_some_and(is_name);
            let at_root = self.open.is_empty();
            for part in pairs.chunk_by(|_, next| !at_root || !named(next)) {
                collect_duplicates(part, &mut found);
            }
            let names: Vec<&Pair<'s>> = pairs.iter().filter(|pair| at_root && named(pair)).collect();
            collect_duplicates_of(names.into_iter(), &mut found);
        }
        let defects = found.into_iter().map(|(first, second)| YamlDefect::DuplicateKey { first, second });
        self.fragment.defects.extend(defects);
    }

    /// Notes the error and closes what was open: whole units stay, the broken one is left out.
    fn stop(&mut self, error: &ScanError) {
        let offset = error.marker().byte_offset().unwrap_or(0) + self.source.start;
        let offset = self.source.seen.floor_char_boundary(offset.min(self.source.seen.len()));
        let reason = reason::of(error.kind());
        let flow = self.open.iter().position(|open| open.flow);
        let flow_start = flow.map(|index| self.open[index].start);
        let leaves = reason == Reason::DocumentEnd && self.leaves(offset);
        if !leaves {
            self.reopen(reason);
        }
        let (depth, unit) = self.unit(offset);
        self.fragment.stop = Some(Stop {
            offset,
            reason,
            words: reason::words(error.kind()),
            unit,
            flow: flow_start,
            flow_is_unit: flow.is_some_and(|index| index <= depth),
            last: self.last,
            last_text: self.last_text.clone(),
            leaves,
        });
        self.open.truncate(depth);
        self.close_all();
    }

    /// Whether the line at `offset` is indented less than the part of a
    /// document that this fragment began in.
    fn leaves(&self, offset: usize) -> bool {
        let text = self.source.text;
        let mut first = Line::at(text, self.source.start);
        while let Some(next) = first.next(text).filter(|_| first.is_blank()) {
            first = next;
        }
        self.continued() && Line::at(text, offset).column() < first.column()
    }

    /// Opens the list of entries again that an error seems to stand behind,
    /// because the last of its entries is cut off by it.
    fn reopen(&mut self, reason: Reason) {
        if self.open.is_empty() && reason == Reason::DocumentEnd {
            if let Some((root, _)) = self.fragment.documents.pop() {
                self.open_again(root);
            }
        } else if let [Open { flow: false, parts: Parts::Pairs(pairs, key @ None), .. }] = &mut *self.open
            && pairs.last().is_some_and(|pair| holds_entries(&pair.key))
            && let Some(pair) = pairs.pop()
        {
            *key = Some(pair.key);
            self.open_again(pair.value);
        }
    }

    fn open_again(&mut self, node: Node<'s>) {
        let start = node.span.start as usize;
        let parts = match node.value {
            Value::Sequence(items) => Parts::Items(items),
            Value::Mapping(pairs) => Parts::Pairs(pairs, None),
            // Nothing can be cut off a single value.
            Value::Scalar(_) => return,
        };
        let flow = matches!(self.source.text.as_bytes().get(start), Some(b'[' | b'{'));
        self.open.push(Open { start, flow, anchor: None, parts });
    }

    /// Closes what is left open: the list, or the mapping, that the broken unit stood in.
    fn close_all(&mut self) {
        while let Some(mut open) = self.open.pop() {
            if let Parts::Pairs(_, key) = &mut open.parts {
                *key = None;
            }
            let empty = match &open.parts {
                Parts::Items(items) => items.is_empty(),
                Parts::Pairs(pairs, _) => pairs.is_empty(),
            };
            let node = self.finish(open);
            let continued = self.continued();
            match self.open.last_mut().map(|open| &mut open.parts) {
                Some(Parts::Pairs(pairs, key)) => {
                    if let Some(key) = key.take() {
                        pairs.push(Pair { key, value: node });
                    }
                }
                Some(Parts::Items(items)) => items.push(node),
                None if empty => {}
                None => self.fragment.documents.push((node, continued)),
            }
        }
    }

    /// Which part of the file is given up with an error at `offset`, and how
    /// many of the open collections stay.
    fn unit(&mut self, offset: usize) -> (usize, Unit) {
        let depth = usize::from(self.is_inside_entries());
        self.item_unit(depth, offset)
            .or_else(|| self.pair_unit(depth))
            .unwrap_or_else(|| (0, self.document_unit(offset)))
    }

    /// Whether the outermost mapping is at its `entries:`.
    fn is_inside_entries(&self) -> bool {
        match self.open.as_slice() {
            [Open { flow: false, parts: Parts::Pairs(_, Some(key)), .. }, _, ..] => holds_entries(key),
            _ => false,
        }
    }

    fn item_unit(&mut self, depth: usize, offset: usize) -> Option<(usize, Unit)> {
        let text = self.source.text;
        let continued = self.continued() || depth > 0;
        let floor = self.source.start;
        let Open { flow: false, start: list, parts: Parts::Items(items), .. } = self.open.get_mut(depth)?
        else {
            return None;
        };
        let first = item_line(text, *list, floor);
        let column = first.column();
        let done = items.last().map(|last| (last.span.start as usize, last.span.end as usize));
        let begin = match done {
            None => first.start,
            Some((start, end)) => item_between(text, column, end, offset).unwrap_or_else(|| {
                // The error cuts off what seemed to be complete.
                items.pop();
                item_line(text, start, first.start).start
            }),
        };
        let continued = continued || !items.is_empty();
        let unit = Unit { kind: UnitKind::Item, start: begin.max(floor), column, continued };
        Some((depth + 1, unit))
    }

    fn pair_unit(&mut self, depth: usize) -> Option<(usize, Unit)> {
        let text = self.source.text;
        let continued = self.continued() || depth > 0;
        let floor = self.source.start;
        let Open { flow: false, parts: Parts::Pairs(pairs, key), .. } = self.open.get_mut(depth)? else {
            return None;
        };
        let named = |key: &Node<'_>| key.text().is_some_and(is_name);
        if !pairs.first().map(|pair| &pair.key).or(key.as_ref()).is_some_and(named) {
            return None;
        }
        let name = key.as_ref().filter(|key| named(key)).map(|key| key.span.start as usize);
        let begin = match name {
            Some(begin) => begin,
            None => {
                let last = pairs.iter().rposition(|pair| named(&pair.key))?;
                let begin = pairs[last].key.span.start as usize;
                pairs.truncate(last);
                begin
            }
        };
        let start = Line::at(text, begin).start.max(floor);
        let continued = continued || !pairs.is_empty();
        Some((depth + 1, Unit { kind: UnitKind::Pair, start, column: begin - start, continued }))
    }

    fn document_unit(&self, offset: usize) -> Unit {
        let begin = self.open.first().map_or(offset, |open| open.start);
        let start = Line::at(self.source.text, begin).start.max(self.source.start);
        Unit { kind: UnitKind::Document, start, column: 0, continued: self.continued() }
    }
}

fn holds_entries(key: &Node<'_>) -> bool {
    key.text().is_some_and(|key| key.eq_ignore_ascii_case("entries"))
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

/// The first line with a dash in this column between two places.
fn item_between(text: &str, column: usize, from: usize, to: usize) -> Option<usize> {
    let mut line = Line::at(text, from).next(text)?;
    while line.start <= to {
        if line.is_item_at(column) {
            return Some(line.start);
        }
        line = line.next(text)?;
    }
    None
}

/// The line whose dash the item at `start` stands behind: that line, or one above.
fn item_line(text: &str, start: usize, floor: usize) -> Line {
    let at = Line::at(text, start);
    let mut line = at;
    while line.body == line.content {
        match line.previous(text).filter(|before| before.start >= floor) {
            Some(before) => line = before,
            None => return at,
        }
    }
    line
}

/// Applies YAML's merge key: `<<: *base` brings in what is not there already.
fn merge(pairs: &mut Vec<Pair<'_>>) {
    let Some(at) = pairs.iter().position(|pair| pair.key.text() == Some("<<")) else {
        return;
    };
    let bases = match &pairs[at].value.value {
        Value::Mapping(_) => vec![pairs.remove(at).value],
        Value::Sequence(items) if items.iter().all(|item| matches!(item.value, Value::Mapping(_))) => {
            match pairs.remove(at).value.value {
                Value::Sequence(items) => items,
                _ => Vec::new(),
            }
        }
        _ => return,
    };
    let mut present: FxHashSet<String> =
        pairs.iter().filter_map(|pair| pair.key.text().map(str::to_owned)).collect();
    for base in bases {
        let Value::Mapping(inherited) = base.value else { continue };
        for pair in inherited {
            if pair.key.text().is_some_and(|key| present.insert(key.to_owned())) {
                pairs.push(pair);
            }
        }
    }
}

/// Whether any key stands twice. Most mappings are short, and comparing all of
/// their keys is cheaper than hashing them.
fn has_duplicates(pairs: &[Pair<'_>]) -> bool {
    if pairs.len() <= 24 {
        let same = |index: usize, pair: &Pair<'_>| {
            pairs[..index].iter().any(|earlier| same_key(&earlier.key, &pair.key))
        };
        return pairs.iter().enumerate().any(|(index, pair)| same(index, pair));
    }
    let mut seen = FxHashSet::default();
    pairs.iter().filter_map(|pair| pair.key.text()).any(|key| !key.is_empty() && !seen.insert(key))
}

fn collect_duplicates(pairs: &[Pair<'_>], found: &mut Vec<(Span, Span)>) {
    collect_duplicates_of(pairs.iter(), found);
}

fn collect_duplicates_of<'p, 's: 'p>(
    pairs: impl Iterator<Item = &'p Pair<'s>>,
    found: &mut Vec<(Span, Span)>,
) {
    let mut seen: FxHashMap<&str, Span> = FxHashMap::default();
    for pair in pairs {
        let Some(text) = pair.key.text().filter(|text| !text.is_empty()) else { continue };
        match seen.get(text) {
            Some(first) => found.push((*first, pair.key.span)),
            None => {
                seen.insert(text, pair.key.span);
            }
        }
    }
}

fn same_key(first: &Node<'_>, second: &Node<'_>) -> bool {
    match (first.text(), second.text()) {
        (Some(first), Some(second)) => first == second && !first.is_empty(),
        _ => false,
    }
}

fn count(node: &Node<'_>, most: usize) -> usize {
    let mut waiting = vec![node];
    let mut total = 0;
    while let Some(node) = waiting.pop() {
        total += 1;
        if total >= most {
            break;
        }
        match &node.value {
            Value::Scalar(_) => {}
            Value::Sequence(items) => waiting.extend(items),
            Value::Mapping(pairs) => {
                waiting.extend(pairs.iter().flat_map(|pair| [&pair.key, &pair.value]));
            }
        }
    }
    total
}
