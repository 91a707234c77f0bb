//! Graphs as drawings in layers from left to right.

use maud::{Markup, html};
use rustc_hash::FxHashMap;

use super::blocks::scrolling;
use super::inline::Anchors;
use super::svg::{Place, box_height, boxed, drawing_with_links, glyphed, leading, lines, number};
use crate::model::phrase::counted;
use crate::report::Graph;

const BOX: f64 = 288.0;
const GAP: f64 = 190.0;
const ROW: f64 = 60.0;
const COLUMNS: usize = 38;
/// What is larger is named and not drawn: nobody can follow so many lines.
const MOST_NODES: usize = 120;
const MOST_EDGES: usize = 400;

/// The graph with its caption.
pub(super) fn figure(graph: &Graph, id: &str, anchors: &Anchors<'_>) -> Markup {
    let size = format!("{}, {}", counted(graph.nodes.len(), "node"), counted(graph.edges.len(), "link"));
    if graph.nodes.is_empty() {
        return html! { p.nothing { (graph.caption) ": none." } };
    }
    if graph.nodes.len() > MOST_NODES || graph.edges.len() > MOST_EDGES {
        return html! { p.nothing { (graph.caption) ": " (size) ", too large to draw. " code { "--format dot" } " has all of it." } };
    }
    let label = format!("{}: {size}", graph.caption);
    html! {
        figure {
            figcaption { (graph.caption) }
            (scrolling(&graph.caption, "", drawn(graph, &label, id, anchors)))
        }
    }
}

/// Edges as positions of nodes, with their labels.
fn edges(graph: &Graph) -> Vec<(usize, usize, &str)> {
    let positions: FxHashMap<&str, usize> =
        graph.nodes.iter().enumerate().map(|(index, node)| (node.key.as_str(), index)).collect();
    let place = |key: &str| positions.get(key).copied();
    graph
        .edges
        .iter()
        .filter_map(|edge| Some((place(&edge.from)?, place(&edge.to)?, edge.label.as_str())))
        .collect()
}

/// Each node lies to the right of what leads to it. Of a circle one edge leads back.
fn layers(graph: &Graph, edges: &[(usize, usize, &str)]) -> Vec<usize> {
    let mut layers: Vec<usize> = graph.nodes.iter().map(|node| node.layer.unwrap_or(0)).collect();
    let after = forward(graph.nodes.len(), edges);
    // So many rounds settle any graph without circles.
    for _ in 0..graph.nodes.len() {
        let before = layers.clone();
        for (from, to) in &after {
            if graph.nodes[*to].layer.is_none() {
                layers[*to] = layers[*to].max(layers[*from] + 1);
            }
        }
        if layers == before {
            break;
        }
    }
    layers
}

/// The edges without those that close a circle, found by walking along them from each node in turn.
fn forward(nodes: usize, edges: &[(usize, usize, &str)]) -> Vec<(usize, usize)> {
    let mut next = vec![Vec::new(); nodes];
    edges.iter().filter(|(from, to, _)| from != to).for_each(|(from, to, _)| next[*from].push(*to));
    let (mut open, mut seen, mut forward) = (vec![false; nodes], vec![false; nodes], Vec::new());
    for start in 0..nodes {
        let mut way = if seen[start] { Vec::new() } else { vec![(start, 0)] };
        while let Some((at, taken)) = way.last_mut() {
            (open[*at], seen[*at]) = (true, true);
            let Some(&to) = next[*at].get(*taken) else {
                open[*at] = false;
                way.pop();
                continue;
            };
            *taken += 1;
            if !open[to] {
                forward.push((*at, to));
            }
            if !seen[to] {
                way.push((to, 0));
            }
        }
    }
    forward
}

/// The nodes of each layer from the top, near to what they are joined with.
fn rows(layers: &[usize], edges: &[(usize, usize, &str)]) -> Vec<usize> {
    let mut rows = vec![0; layers.len()];
    let count = layers.iter().max().map_or(0, |last| last + 1);
    let mut members: Vec<Vec<usize>> = vec![Vec::new(); count];
    for (node, layer) in layers.iter().enumerate() {
        rows[node] = members[*layer].len();
        members[*layer].push(node);
    }
    for sweep in 0..4 {
        for step in 0..count {
            let layer = if sweep % 2 == 0 { step } else { count - 1 - step };
            let neighbours = |node: usize| {
                let others = edges.iter().filter_map(move |&(from, to, _)| match node {
                    _ if from == node => Some(to),
                    _ if to == node => Some(from),
                    _ => None,
                });
                others.filter(|other| layers[*other] != layer).collect::<Vec<_>>()
            };
            let mut keyed: Vec<(usize, usize)> =
                members[layer].iter().map(|&node| (middle(&neighbours(node), &rows), node)).collect();
            keyed.sort_by_key(|(key, node)| (*key, rows[*node]));
            members[layer] = keyed.into_iter().map(|(_, node)| node).collect();
            members[layer].iter().enumerate().for_each(|(row, &node)| rows[node] = row);
        }
    }
    rows
}

/// The middle of the neighbours' rows, in hundredths so that it can be compared. What has none goes to
/// the bottom.
fn middle(neighbours: &[usize], rows: &[usize]) -> usize {
    match neighbours.len() {
        0 => usize::MAX,
        count => neighbours.iter().map(|other| rows[*other] * 100).sum::<usize>() / count,
    }
}

fn drawn(graph: &Graph, label: &str, name: &str, anchors: &Anchors<'_>) -> Markup {
    let edges = edges(graph);
    let layers = layers(graph, &edges);
    let rows = rows(&layers, &edges);
    let count = |layer: usize| layers.iter().filter(|other| **other == layer).count();
    // What is joined with nothing lies at the bottom, and does not shift the rest.
    let joined = |node: usize| edges.iter().any(|(from, to, _)| *from == node || *to == node);
    let joined: Vec<bool> = (0..layers.len()).map(joined).collect();
    let joined =
        |layer: usize| (0..layers.len()).filter(|node| joined[*node] && layers[*node] == layer).count();
    let most = layers.iter().map(|layer| joined(*layer)).max().unwrap_or(0);
    let tallest =
        layers.iter().map(|layer| count(*layer) + (most - joined(*layer)) / 2 + 1).max().unwrap_or(1);
    let place = |node: usize| {
        let free = number(most - joined(layers[node])) * ROW / 2.0;
        (number(layers[node]) * (BOX + GAP), 4.0 + free + number(rows[node]) * ROW)
    };
    let last = layers.iter().max().copied().unwrap_or(0);
    let content = html! {
        defs { marker id={ "arrow" (name) } viewBox="0 0 8 8" refX="8" refY="4" markerWidth="8" markerHeight="8" orient="auto" {
            path d="M0 0L8 4L0 8z" class="arrow" {}
        } }
        @for (from, to, word) in &edges { (curve(place(*from), place(*to), word, name)) }
        @for (index, node) in graph.nodes.iter().enumerate() {
            @let (x, y) = place(index);
            @let whole = glyphed(node.tone, &node.label);
            @let shape = boxed(Place { x: x + 1.0, y, width: BOX - 2.0, height: box_height(2) }, &lines(&whole, COLUMNS, 2), node.tone, &whole);
            (leading(shape, anchors.is_of_site().then(|| anchors.target(&node.key)).flatten()))
        }
    };
    let size = (number(last + 1) * BOX + number(last) * GAP, number(tallest) * ROW);
    drawing_with_links(anchors.is_of_site(), size, label, content)
}

fn curve(from: (f64, f64), to: (f64, f64), word: &str, name: &str) -> Markup {
    let half = box_height(2) / 2.0;
    let (x1, y1) = (from.0 + BOX, from.1 + half);
    let (x2, y2) = (to.0, to.1 + half);
    let bend = GAP / 2.0;
    html! {
        path class="link" marker-end={ "url(#arrow" (name) ")" }
            d={ "M" (x1) " " (y1) "C" (x1 + bend) " " (y1) " " (x2 - bend) " " (y2) " " (x2 - 1.0) " " (y2) } {
            @if !word.is_empty() { title { (word) } }
        }
    }
}
