//! What an entry states, field by field, in the order in which it was written.

use super::super::Site;
use crate::model::{EntryIndex, id};
use crate::report::listing::heading;
use crate::report::{Block, Fact, Line, Report, Tree, TreeNode};
use crate::source::{Node, Pair, Span, Value, secret};

/// Lists of words up to this length stand on one line.
const SHORT: usize = 160;

/// What is nested deeper is not shown: no field of a plan is.
const DEEPEST: usize = 12;

/// Lowers the fields.
pub(super) fn chapter(site: Site<'_>, index: EntryIndex, report: &mut Report) {
    let entry = site.plan().entry(index);
    let masked = site.inputs.masked;
    let stated = site.entries.stated(entry.id.span);
    let shown: Vec<&Pair<'_>> = stated.iter().filter(|pair| !is_of_head(pair)).collect();
    if shown.is_empty() {
        return;
    }
    let field = Field { masked };
    report.chapter("Fields");
    let (short, long): (Vec<&Pair<'_>>, Vec<&Pair<'_>>) =
        shown.into_iter().partition(|pair| field.on_one_line(pair).is_some());
    let facts: Vec<Fact> =
        short.iter().filter_map(|pair| Some(Fact::new(label(pair), field.on_one_line(pair)?))).collect();
    if !facts.is_empty() {
        report.push(Block::Facts(facts));
    }
    for pair in long {
        report.section(label(pair));
        let key = pair.key.text().unwrap_or_default();
        report.push(Tree { caption: String::new(), roots: field.nodes(key, &pair.value, 0) });
    }
}

/// Whether the head of the page says it: the owner, the id, or the title, which may stand behind the id as its key.
fn is_of_head(pair: &Pair<'_>) -> bool {
    let key = pair.key.text().unwrap_or_default().trim();
    ["id", "title", "owner"].iter().any(|head| key.eq_ignore_ascii_case(head)) || id::parse(key).is_ok()
}

fn label(pair: &Pair<'_>) -> String {
    heading(pair.key.text().unwrap_or("?").trim())
}

/// How values are shown.
struct Field<'m> {
    masked: &'m [Span],
}

impl Field<'_> {
    /// A value that has room on a line.
    fn on_one_line(&self, pair: &Pair<'_>) -> Option<Line> {
        let key = pair.key.text().unwrap_or_default();
        match &pair.value.value {
            Value::Scalar(_) => Some(self.text(key, &pair.value)),
            Value::Sequence(items) if items.iter().all(|item| item.scalar().is_some()) => {
                let length: usize =
                    items.iter().filter_map(Node::text).map(|text| text.chars().count() + 2).sum();
                let joined = items.iter().fold(Line::new(), |line, item| {
                    let separator = if line.is_empty() { "" } else { ", " };
                    line.and(separator).join(self.text(key, item))
                });
                (length <= SHORT).then_some(joined)
            }
            _ => None,
        }
    }

    fn text(&self, key: &str, node: &Node<'_>) -> Line {
        let text = node.text().unwrap_or_default();
        let is_masked = self.masked.iter().any(|masked| masked.overlaps(node.span));
        match () {
            () if node.is_null() => Line::from("–"),
            () if is_masked || secret::is_secret(key, text) => Line::from(secret::MASK),
            () => Line::prose(text.trim()),
        }
    }

    fn nodes(&self, key: &str, node: &Node<'_>, depth: usize) -> Vec<TreeNode> {
        if depth > DEEPEST {
            return vec![TreeNode::new("…")];
        }
        match &node.value {
            Value::Scalar(_) => vec![TreeNode::new(self.text(key, node))],
            Value::Sequence(items) => {
                let numbered = items.iter().enumerate();
                numbered.map(|(at, item)| self.node(key, item, depth).by(format!("{}.", at + 1))).collect()
            }
            Value::Mapping(pairs) => pairs
                .iter()
                .map(|pair| self.node(pair.key.text().unwrap_or("?"), &pair.value, depth).by(label(pair)))
                .collect(),
        }
    }

    fn node(&self, key: &str, node: &Node<'_>, depth: usize) -> TreeNode {
        match &node.value {
            Value::Scalar(_) => TreeNode::new(self.text(key, node)),
            _ => TreeNode::new(Line::new()).with(self.nodes(key, node, depth + 1)),
        }
    }
}
