//! Where the parser stopped: what is given up, and what of it stays.

use granit_parser::ScanError;

use super::super::line::Line;
use super::super::reason::{self, Reason};
use super::super::resume::is_name;
use super::{Open, Parts, Stop, Tree, Unit, UnitKind};
use crate::source::{Node, Pair, Value};

impl<'s> Tree<'s, '_, '_> {
    /// Notes the error and closes what was open: whole units stay, the broken one is left out.
    pub(super) fn stop(&mut self, error: &ScanError) {
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
            && pairs.last().is_some_and(|pair| holds_entries(&pair.key) || holds_records(pairs, &pair.key))
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

    /// Whether the outermost mapping is at its `entries:`, or at a list of records.
    fn is_inside_entries(&self) -> bool {
        match self.open.as_slice() {
            [Open { flow: false, parts: Parts::Pairs(pairs, Some(key)), .. }, _, ..] => {
                holds_entries(key) || holds_records(pairs, key)
            }
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

/// Whether a list of records stands under a key of a mapping. An entry has a field of that name, too, and is given
/// up as a whole.
fn holds_records(pairs: &[Pair<'_>], key: &Node<'_>) -> bool {
    let is = |key: &Node<'_>, name: &str| key.text().is_some_and(|key| key.eq_ignore_ascii_case(name));
    let names_itself = pairs.iter().any(|pair| is(&pair.key, "id"))
        || pairs.first().is_some_and(|pair| pair.key.text().is_some_and(is_name));
    (is(key, "approvals") || is(key, "waivers")) && !names_itself
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
