//! Trees as nested lists: they fit a telephone, a page of paper and a screen reader alike. Only one that is very
//! deep scrolls, by itself.

use maud::{Markup, html};

use super::blocks::scrolling;
use super::inline::{Anchors, badge, line};
use crate::report::{Tree, TreeNode};

/// The tree with its caption.
pub(super) fn figure(tree: &Tree, anchors: &Anchors<'_>) -> Markup {
    html! {
        figure.tree {
            @if !tree.caption.is_empty() { figcaption { (tree.caption) } }
            (scrolling(&tree.caption, "", list(&tree.roots, anchors)))
        }
    }
}

fn list(nodes: &[TreeNode], anchors: &Anchors<'_>) -> Markup {
    html! {
        ul.tree { @for node in nodes {
            li {
                div.node {
                    @if let Some(edge) = &node.edge { span.edge { (edge) } " " }
                    @if let Some(tone) = node.tone { (badge(tone, tone.word())) " " }
                    (line(&node.text, anchors))
                }
                @if !node.children.is_empty() { (list(&node.children, anchors)) }
            }
        } }
    }
}
