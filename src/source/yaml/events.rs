//! The only file that knows the YAML crate: its events become nodes here.

use std::borrow::Cow;

use granit_parser::{ErrorKind, Event, Parser, ScalarStyle, ScanError};
use rustc_hash::{FxHashMap, FxHashSet};

use super::resume::names_an_entry;
use super::{ALIAS_BUDGET, DEEPEST_NESTING, Trap, YamlDefect};
use crate::source::{FileId, Node, Pair, Scalar, Span, Spanned, Style, Value};

/// What one run of the parser yields: everything up to its end or its first error.
#[derive(Default)]
pub(super) struct Fragment<'s> {
    pub documents: Vec<Node<'s>>,
    pub broken: Option<Node<'s>>,
    pub defects: Vec<YamlDefect>,
    pub directives: Vec<Spanned<&'s str>>,
    pub stop: Option<Stop>,
}

/// Where and why the parser stopped before the end.
#[derive(Debug)]
pub(super) struct Stop {
    pub offset: usize,
    pub reason: Reason,
    pub words: &'static str,
    pub unit: Unit,
}

/// The reasons that somebody looks at more closely.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Reason {
    BlockHeader,
    ReservedCharacter,
    ColonInValue,
    Tab,
    TooDeep,
    Other,
}

/// The part of a file that is given up when something in it is broken.
#[derive(Debug)]
pub(super) struct Unit {
    pub kind: UnitKind,
    /// The beginning of the line that the unit begins in.
    pub start: usize,
    /// The column of its dash, for an item.
    pub column: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum UnitKind {
    /// An item of the outermost list.
    Item,
    /// A pair of an outermost mapping whose keys are ids.
    Pair,
    /// The whole document.
    Document,
}

/// Parses `seen` from `start` on. `seen` is `text` or a copy of it in which
/// single bytes are masked; the nodes always borrow from `text`.
pub(super) fn parse<'s>(
    file: FileId,
    text: &'s str,
    seen: &str,
    start: usize,
    continued: bool,
) -> Fragment<'s> {
    let rest = seen.get(start..).unwrap_or("");
    let mut tree = Tree {
        file,
        text,
        seen,
        start,
        continued,
        open: Vec::new(),
        anchors: FxHashMap::default(),
        expanded: 0,
        fragment: Fragment::default(),
    };
    let mut options = granit_parser::options! {
        strict_indentation: true,
        emit_unresolved_aliases: true,
        flow_nesting_limit: DEEPEST_NESTING,
        block_nesting_limit: DEEPEST_NESTING,
        max_buffered_comment_events: usize::MAX,
    };
    // Comments are wanted only where one of them may speak to relplan.
    options.set_emit_comments(memchr::memmem::find(rest.as_bytes(), b"relplan:").is_some());
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

struct Tree<'s, 'm> {
    file: FileId,
    text: &'s str,
    seen: &'m str,
    start: usize,
    continued: bool,
    open: Vec<Open<'s>>,
    anchors: FxHashMap<usize, Node<'s>>,
    expanded: usize,
    fragment: Fragment<'s>,
}

/// A collection whose end has not come yet.
struct Open<'s> {
    start: usize,
    anchor: usize,
    parts: Parts<'s>,
}

enum Parts<'s> {
    Items(Vec<Node<'s>>),
    Pairs(Vec<Pair<'s>>, Option<Node<'s>>),
}

impl<'s> Tree<'s, '_> {
    fn take(&mut self, event: Event<'_>, span: &granit_parser::Span) {
        let range = span.byte_range().unwrap_or_default();
        let (from, to) = (range.start + self.start, range.end + self.start);
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                let tagged = tag.is_some_and(|tag| tag.is_custom());
                let node = self.scalar(&text, style, from, to);
                if tagged {
                    self.trap(Trap::Tag, span, node.span);
                }
                self.add(node, anchor);
            }
            Event::SequenceStart(_, anchor, _) => self.open(from, anchor, Parts::Items(Vec::new())),
            Event::MappingStart(_, anchor, _) => {
                self.open(from, anchor, Parts::Pairs(Vec::with_capacity(8), None));
            }
            Event::SequenceEnd | Event::MappingEnd => self.close(to),
            Event::Alias(anchor) => self.alias(anchor, from, to),
            Event::UnresolvedAlias(_) => {
                let span = Span::new(self.file, from, to);
                // What a broken part above defines is unknown, not missing.
                if !self.continued {
                    self.fragment.defects.push(YamlDefect::UnknownAlias { span });
                }
                self.add(self.nothing(span), 0);
            }
            Event::Comment(..) => self.comment(from, to),
            _ => {}
        }
    }

    fn scalar(&self, seen: &Cow<'_, str>, style: ScalarStyle, from: usize, to: usize) -> Node<'s> {
        let style = match style {
            ScalarStyle::Plain => Style::Plain,
            ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted => Style::Quoted,
            _ => Style::Block,
        };
        // An absent value is an empty scalar in no place; the parser calls it `~`.
        if from == to && style == Style::Plain {
            return self.nothing(Span::new(self.file, from, to));
        }
        let source = self.text.get(from..to).unwrap_or("");
        let end = from + source.trim_end().len();
        Node {
            span: Span::new(self.file, from, end.max(from)),
            value: Value::Scalar(Scalar { text: self.borrow(seen, style, source), style }),
        }
    }

    /// The scalar's text, from the original where the parser did not change it.
    fn borrow(&self, seen: &Cow<'_, str>, style: Style, source: &'s str) -> Cow<'s, str> {
        let inner = match (seen, style) {
            (Cow::Borrowed(_), Style::Plain) => Some(source),
            (Cow::Borrowed(_), Style::Quoted) => source.get(1..source.len().saturating_sub(1)),
            _ => None,
        };
        match inner {
            Some(inner) if inner.len() == seen.len() => Cow::Borrowed(inner),
            _ => Cow::Owned(seen.to_string()),
        }
    }

    fn nothing(&self, span: Span) -> Node<'s> {
        Node { span, value: Value::Scalar(Scalar { text: Cow::Borrowed(""), style: Style::Plain }) }
    }

    fn open(&mut self, start: usize, anchor: usize, parts: Parts<'s>) {
        self.open.push(Open { start, anchor, parts });
    }

    fn close(&mut self, _end: usize) {
        let Some(open) = self.open.pop() else { return };
        let anchor = open.anchor;
        let node = self.finish(open);
        self.add(node, anchor);
    }

    fn finish(&mut self, open: Open<'s>) -> Node<'s> {
        let (last, value) = match open.parts {
            Parts::Items(items) => (items.last().map(|item| item.span.end), Value::Sequence(items)),
            Parts::Pairs(mut pairs, _) => {
                self.report_duplicates(&pairs);
                merge(&mut pairs);
                let last = pairs.iter().map(|pair| pair.value.span.end).max();
                (last, Value::Mapping(pairs))
            }
        };
        let end = last.map_or(open.start, |end| end as usize);
        Node { span: Span::new(self.file, open.start, end), value }
    }

    fn add(&mut self, node: Node<'s>, anchor: usize) {
        if anchor != 0 {
            self.anchors.insert(anchor, node.clone());
        }
        match self.open.last_mut().map(|open| &mut open.parts) {
            None if node.is_null() => {}
            None => self.fragment.documents.push(node),
            Some(Parts::Items(items)) => items.push(node),
            Some(Parts::Pairs(_, key @ None)) => *key = Some(node),
            Some(Parts::Pairs(pairs, key)) => {
                if let Some(key) = key.take() {
                    let pair = Pair { key, value: node };
                    let trap = look_at_pair(self.text, &pair);
                    pairs.push(pair);
                    if let Some((trap, from, to)) = trap {
                        let span = Span::new(self.file, from, to);
                        self.fragment.defects.push(YamlDefect::Trap { span, trap });
                    }
                }
            }
        }
    }

    fn alias(&mut self, anchor: usize, from: usize, to: usize) {
        let span = Span::new(self.file, from, to);
        let target = self.anchors.get(&anchor);
        let size = target.map_or(0, |target| count(target, ALIAS_BUDGET + 1));
        let node = match target {
            Some(target) if self.expanded + size <= ALIAS_BUDGET => {
                self.expanded += size;
                target.clone()
            }
            Some(_) => {
                if self.expanded <= ALIAS_BUDGET {
                    self.fragment.defects.push(YamlDefect::AliasBudget { span });
                }
                self.expanded = ALIAS_BUDGET + 1;
                self.nothing(span)
            }
            // The anchor's own node is not complete: it contains itself.
            None => {
                self.fragment.defects.push(YamlDefect::UnknownAlias { span });
                self.nothing(span)
            }
        };
        self.add(node, 0);
    }

    fn comment(&mut self, from: usize, to: usize) {
        let Some(comment) = self.text.get(from..to) else { return };
        if comment.trim_start_matches('#').trim_start().starts_with("relplan:") {
            let span = Span::new(self.file, from, to);
            self.fragment.directives.push(Spanned::new(comment, span));
        }
    }

    fn trap(&mut self, trap: Trap, span: &granit_parser::Span, value: Span) {
        let start = span
            .tag_start()
            .and_then(|mark| mark.byte_offset())
            .map_or(value.start as usize, |offset| offset + self.start);
        let span = Span::new(self.file, start, value.end as usize);
        self.fragment.defects.push(YamlDefect::Trap { span, trap });
    }

    fn report_duplicates(&mut self, pairs: &[Pair<'s>]) {
        let keys = || pairs.iter().map(|pair| &pair.key);
        let mut report = |first: &Node<'s>, second: &Node<'s>| {
            self.fragment.defects.push(YamlDefect::DuplicateKey { first: first.span, second: second.span });
        };
        if pairs.len() <= 24 {
            for (index, key) in keys().enumerate() {
                let earlier = keys().take(index);
                if let Some(first) = earlier.into_iter().find(|first| same_key(first, key)) {
                    report(first, key);
                }
            }
        } else {
            let mut seen: FxHashMap<&str, &Node<'s>> = FxHashMap::default();
            for key in keys() {
                let Some(text) = key.text().filter(|_| !key.is_null()) else { continue };
                if let Some(first) = seen.get(text) {
                    report(first, key);
                } else {
                    seen.insert(text, key);
                }
            }
        }
    }

    /// Notes the error and closes what was open: whole units stay, the broken one is kept apart.
    fn stop(&mut self, error: &ScanError) {
        let offset = error.marker().byte_offset().unwrap_or(0) + self.start;
        let offset = self.seen.floor_char_boundary(offset.min(self.seen.len()));
        let (depth, unit) = self.unit(offset);
        self.fragment.stop =
            Some(Stop { offset, reason: reason(error.kind()), words: words(error.kind()), unit });
        let mut broken = None;
        while self.open.len() > depth {
            broken = self.close_broken(broken);
        }
        self.fragment.broken = broken;
        // What is left open is the list, or the mapping, that the unit stood in.
        while let Some(mut open) = self.open.pop() {
            if let Parts::Pairs(_, key) = &mut open.parts {
                *key = None;
            }
            let node = self.finish(open);
            match self.open.last_mut().map(|open| &mut open.parts) {
                Some(Parts::Pairs(pairs, key)) => {
                    if let Some(key) = key.take() {
                        pairs.push(Pair { key, value: node });
                    }
                }
                Some(Parts::Items(items)) => items.push(node),
                None => self.fragment.documents.push(node),
            }
        }
    }

    fn close_broken(&mut self, inner: Option<Node<'s>>) -> Option<Node<'s>> {
        let mut open = self.open.pop()?;
        match (&mut open.parts, inner) {
            (Parts::Items(items), Some(inner)) => items.push(inner),
            (Parts::Pairs(pairs, key), inner) => {
                if let Some(key) = key.take() {
                    let value = inner.unwrap_or_else(|| self.nothing(key.span));
                    pairs.push(Pair { key, value });
                }
            }
            (Parts::Items(_), None) => {}
        }
        Some(self.finish(open))
    }

    /// Which part of the file is given up with an error at `offset`, and how
    /// many of the open collections stay.
    fn unit(&self, offset: usize) -> (usize, Unit) {
        let list = match self.open.as_slice() {
            [Open { parts: Parts::Items(_), .. }, ..] => Some(0),
            [Open { parts: Parts::Pairs(_, Some(key)), .. }, Open { parts: Parts::Items(_), .. }, ..]
                if key.text().is_some_and(holds_entries) =>
            {
                Some(1)
            }
            _ => None,
        };
        if let Some(depth) = list {
            let column = self.open[depth].start - self.line_start(self.open[depth].start);
            let start = self.begin_of_item(depth, column, offset);
            let kind = UnitKind::Item;
            return (depth + 1, Unit { kind, start, column });
        }
        if let Some(Open { parts: Parts::Pairs(pairs, key), .. }) = self.open.first() {
            let named = |key: &Node<'_>| names_an_entry_key(key);
            let keyed =
                pairs.iter().all(|pair| named(&pair.key) && matches!(pair.value.value, Value::Mapping(_)));
            let pending = key.as_ref().is_some_and(named) && self.open.len() > 1;
            if keyed && (pending || !pairs.is_empty()) {
                let begin = key.as_ref().map_or(offset, |key| key.span.start as usize);
                let unit = Unit { kind: UnitKind::Pair, start: self.line_start(begin), column: 0 };
                return (1, unit);
            }
        }
        let begin = self.open.first().map_or(offset, |open| open.start);
        let unit = Unit { kind: UnitKind::Document, start: self.line_start(begin), column: 0 };
        (0, unit)
    }

    /// The line with the dash of the first item that is not complete.
    fn begin_of_item(&self, depth: usize, column: usize, offset: usize) -> usize {
        let list = &self.open[depth];
        let done = match &list.parts {
            Parts::Items(items) => items.last().map(|item| item.span.end as usize),
            Parts::Pairs(..) => None,
        };
        let Some(done) = done else { return self.line_start(list.start) };
        let rest = self.text.get(done..offset.max(done)).unwrap_or("");
        let mut at = done;
        for line in rest.split_inclusive('\n') {
            let content = line.trim_start_matches(' ');
            if at > done && line.len() - content.len() == column && content.starts_with('-') {
                return at;
            }
            at += line.len();
        }
        self.line_start(offset)
    }

    fn line_start(&self, offset: usize) -> usize {
        let before = &self.text.as_bytes()[..offset.min(self.text.len())];
        memchr::memrchr(b'\n', before).map_or(0, |at| at + 1).max(self.start)
    }
}

/// The values that YAML makes nothing of, although something was written.
fn look_at_pair(text: &str, pair: &Pair<'_>) -> Option<(Trap, usize, usize)> {
    let scalar = pair.value.scalar()?;
    if !scalar.text.is_empty() {
        return None;
    }
    let key_end = pair.key.span.end as usize;
    let line = text.get(key_end..)?.lines().next()?;
    let value = line.trim_start_matches(['"', '\'']).strip_prefix(':')?.trim_start();
    let from = key_end + line.len() - value.len();
    let to = from + value.trim_end().len();
    match value.as_bytes() {
        [b'#', next, ..] if !next.is_ascii_whitespace() && *next != b'#' => Some((Trap::Comment, from, to)),
        [b'>' | b'|', next, ..] if next.is_ascii_digit() && scalar.style == Style::Block => {
            Some((Trap::BlockIndicator, from, to))
        }
        [b'&', next, ..] if !next.is_ascii_whitespace() => Some((Trap::Anchor, from, to)),
        [b'!', ..] => Some((Trap::Tag, from, to)),
        _ => None,
    }
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

fn same_key(first: &Node<'_>, second: &Node<'_>) -> bool {
    match (first.text(), second.text()) {
        (Some(first), Some(second)) => first == second && !first.is_empty(),
        _ => false,
    }
}

fn holds_entries(key: &str) -> bool {
    key.eq_ignore_ascii_case("entries")
}

fn names_an_entry_key(key: &Node<'_>) -> bool {
    key.text().is_some_and(|key| names_an_entry(&format!("{key}:")))
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

fn reason(kind: &ErrorKind) -> Reason {
    match kind {
        ErrorKind::InvalidBlockScalarHeader
        | ErrorKind::InvalidBlockScalarIndent
        | ErrorKind::ZeroBlockScalarIndent => Reason::BlockHeader,
        ErrorKind::UnexpectedCharacter { .. } | ErrorKind::MissingAnchorOrAliasName => {
            Reason::ReservedCharacter
        }
        ErrorKind::MappingValueNotAllowed | ErrorKind::InvalidColonPlacement => Reason::ColonInValue,
        ErrorKind::TabNotAllowed
        | ErrorKind::TabInBlockIndentation
        | ErrorKind::TabInIndentation
        | ErrorKind::TabAtBlockScalarStart
        | ErrorKind::TabInPlainScalar => Reason::Tab,
        ErrorKind::RecursionLimitExceeded => Reason::TooDeep,
        _ => Reason::Other,
    }
}

/// The parser's reason in the words of somebody who edits a plan.
fn words(kind: &ErrorKind) -> &'static str {
    match kind {
        ErrorKind::UnclosedQuotedScalar
        | ErrorKind::InvalidQuotedScalarIndent
        | ErrorKind::DocumentIndicatorInQuotedScalar => "a quoted text that is not closed before this place",
        ErrorKind::InvalidTrailingSingleQuotedScalar | ErrorKind::InvalidTrailingDoubleQuotedScalar => {
            "text after the closing quote; quote the whole value, or double the quote inside it"
        }
        ErrorKind::UnknownQuotedScalarEscape
        | ErrorKind::InvalidQuotedScalarHexEscape
        | ErrorKind::InvalidUnicodeEscape => {
            "a backslash in double quotes that begins no known escape; use single quotes"
        }
        ErrorKind::UnclosedFlowCollection { .. }
        | ErrorKind::UnexpectedEofFlowSequence
        | ErrorKind::UnexpectedEofFlowMapping
        | ErrorKind::UnexpectedEofImplicitFlowMapping
        | ErrorKind::ExpectedFlowSequenceSeparator
        | ErrorKind::ExpectedFlowMappingSeparator
        | ErrorKind::InvalidIndentation => {
            "a `[` or `{` before this place is not closed; quote the value if the bracket is text"
        }
        ErrorKind::MisplacedFlowCollectionEnd | ErrorKind::MismatchedFlowCollectionEnd { .. } => {
            "a closing bracket without its opening one"
        }
        ErrorKind::ExpectedBlockMappingKey => {
            "a `key: value` was expected in this column; a key cannot have both a value and a list, \
             and all keys of an entry stand in one column"
        }
        ErrorKind::ExpectedBlockSequenceEntry => {
            "another `- ` item was expected; text after a closing bracket must be quoted with it"
        }
        ErrorKind::BlockSequenceEntryNotAllowed => {
            "a list may not begin on the line of its key; put `- ` on the next line"
        }
        ErrorKind::SimpleKeyExpected | ErrorKind::InvalidSimpleKey => {
            "a line that is neither `key: value` nor a list item; is a `:` missing, or an indentation?"
        }
        ErrorKind::MappingValueNotAllowed | ErrorKind::InvalidColonPlacement => {
            "a key is indented deeper than its siblings, or follows a value that was not finished"
        }
        ErrorKind::TabNotAllowed
        | ErrorKind::TabInBlockIndentation
        | ErrorKind::TabInIndentation
        | ErrorKind::TabAtBlockScalarStart => "a tab where YAML needs spaces",
        ErrorKind::RecursionLimitExceeded => "collections nested too deeply",
        ErrorKind::ExpectedDocumentStart => {
            "text after the end of the document; is it indented less than the list it belongs to?"
        }
        _ => "this is not valid YAML",
    }
}
