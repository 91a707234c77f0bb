//! Trees: a drawing from left to right, and the same as nested lists for readers of text.

use maud::{Markup, html};

use super::blocks::scrolling;
use super::inline::{Anchors, badge, line};
use super::svg::{Place, box_height, boxed, drawing, glyphed, lines};
use crate::report::{Tree, TreeNode};

const BOX: f64 = 250.0;
const GAP: f64 = 96.0;
const BETWEEN: f64 = 14.0;
const COLUMNS: usize = 32;
/// Larger trees are lists only: a drawing of them is a wall.
const MOST_NODES: usize = 250;

/// The tree with its caption.
pub(super) fn figure(tree: &Tree, anchors: &Anchors<'_>) -> Markup {
    let nodes: usize = tree.roots.iter().map(size).sum();
    html! {
        figure {
            @if !tree.caption.is_empty() { figcaption { (tree.caption) } }
            @if nodes <= MOST_NODES {
                (scrolling(&tree.caption, "tall", drawn(tree)))
                details { summary { "The same as text" } (list(&tree.roots, anchors)) }
            } @else {
                (list(&tree.roots, anchors))
            }
        }
    }
}

fn size(node: &TreeNode) -> usize {
    1 + node.children.iter().map(size).sum::<usize>()
}

fn list(nodes: &[TreeNode], anchors: &Anchors<'_>) -> Markup {
    html! {
        ul.tree { @for node in nodes {
            li {
                @if let Some(edge) = &node.edge { span.edge { (edge) } " " }
                @if let Some(tone) = node.tone { (badge(tone, tone.word())) " " }
                (line(&node.text, anchors))
                @if !node.children.is_empty() { (list(&node.children, anchors)) }
            }
        } }
    }
}

/// Where things were put so far.
struct Canvas {
    parts: Vec<Markup>,
    bottom: f64,
    right: f64,
}

fn drawn(tree: &Tree) -> Markup {
    let mut canvas = Canvas { parts: Vec::new(), bottom: 6.0, right: 0.0 };
    for root in &tree.roots {
        place(root, 0.0, &mut canvas);
    }
    let content = html! { @for part in &canvas.parts { (part) } };
    let label = format!("{}; the same follows as text", tree.caption);
    drawing(canvas.right + 2.0, canvas.bottom, &label, content)
}

/// Puts a node beside the first of its children, so that whoever begins at the top begins at the root, and
/// says where the middle of its box is.
fn place(node: &TreeNode, x: f64, canvas: &mut Canvas) -> f64 {
    let whole = glyphed(node.tone, &node.text.told());
    let lines = lines(&whole, COLUMNS, 8);
    let height = box_height(lines.len());
    let top = canvas.bottom;
    let middles: Vec<f64> = node.children.iter().map(|child| place(child, x + BOX + GAP, canvas)).collect();
    let middle = middles.first().copied().unwrap_or(top).max(top + height / 2.0);
    for (child, below) in node.children.iter().zip(&middles) {
        canvas.parts.push(branch(x + BOX, middle, *below, child.edge.as_deref()));
    }
    canvas.parts.push(boxed(
        Place { x: x + 1.0, y: middle - height / 2.0, width: BOX - 1.0, height },
        &lines,
        node.tone,
        &whole,
    ));
    canvas.bottom = canvas.bottom.max(middle + height / 2.0 + BETWEEN);
    canvas.right = canvas.right.max(x + BOX);
    middle
}

fn branch(x: f64, from: f64, to: f64, edge: Option<&str>) -> Markup {
    let (bend, end) = (x + 14.0, x + GAP);
    html! {
        path class="branch" d={ "M" (x) " " (from) "H" (bend) "V" (to) "H" (end) } {}
        @if let Some(edge) = edge {
            text x=(bend + 5.0) y=(to - 5.0) class="edge" { (lines(edge, 12, 1).join("")) title { (edge) } }
        }
    }
}
