//! Heat maps as drawings.

use maud::{Markup, html};

use super::blocks::scrolling;
use super::inline::Anchors;
use super::svg::{drawing_with_links, leading, number};
use crate::report::{HeatCell, HeatMap};

const WIDTH: f64 = 148.0;
const HEIGHT: f64 = 76.0;
const LEFT: f64 = 124.0;
const TOP: f64 = 56.0;
/// How many ids a cell names before it says how many more there are.
const NAMED: usize = 4;

/// The map with its caption.
pub(super) fn figure(map: &HeatMap, anchors: &Anchors<'_>) -> Markup {
    let width = LEFT + WIDTH * number(map.columns.len());
    let height = TOP + HEIGHT * number(map.rows.len());
    let drawn = html! {
        text x=(LEFT) y="16" class="axis" { (map.column_title) " →" }
        text x="0" y="16" class="axis" { (map.row_title) " ↓" }
        @for (index, name) in map.columns.iter().enumerate() {
            text x=(LEFT + WIDTH * (number(index) + 0.5)) y=(TOP - 12.0) class="tick middle" { (name) }
        }
        @for (index, (name, cells)) in map.rows.iter().zip(&map.cells).enumerate() {
            @let y = TOP + HEIGHT * number(index);
            text x=(LEFT - 14.0) y=(y + HEIGHT / 2.0 + 5.0) class="tick end" { (name) }
            @for (column, cell) in cells.iter().enumerate() { (square(LEFT + WIDTH * number(column), y, cell, anchors)) }
        }
    };
    html! {
        figure {
            figcaption { (map.caption) }
            (scrolling(&map.caption, "", drawing_with_links(anchors.is_of_site(), (width, height), &words(map), drawn)))
        }
    }
}

fn square(x: f64, y: f64, cell: &HeatCell, anchors: &Anchors<'_>) -> Markup {
    let mut shown: Vec<String> = cell.ids.iter().take(NAMED).cloned().collect();
    if cell.ids.len() > NAMED {
        shown.truncate(NAMED - 1);
        shown.push(format!("+{}", cell.ids.len() - shown.len()));
    }
    html! {
        g class={ "heat heat-" (cell.heat) } {
            title { (cell.level) @if !cell.ids.is_empty() { ": " (cell.ids.join(", ")) } }
            rect x=(x + 1.5) y=(y + 1.5) width=(WIDTH - 3.0) height=(HEIGHT - 3.0) rx="5" {}
            text x=(x + 10.0) y=(y + 19.0) class="level" { (cell.level) }
            @if !cell.ids.is_empty() {
                text x=(x + WIDTH - 10.0) y=(y + 21.0) class="count end" { (cell.ids.len()) }
            }
            @for (index, id) in shown.iter().enumerate() {
                @let name = html! { text x=(x + 10.0 + 68.0 * number(index % 2)) y=(y + 42.0 + 18.0 * number(index / 2)) class="name" { (id) } };
                (leading(name, anchors.is_of_site().then(|| anchors.target(id)).flatten()))
            }
        }
    }
}

/// The map for those who cannot see it.
fn words(map: &HeatMap) -> String {
    let mut cells = Vec::new();
    for (row, line) in map.rows.iter().zip(&map.cells) {
        for (column, cell) in map.columns.iter().zip(line).filter(|(_, cell)| !cell.ids.is_empty()) {
            let (rows, columns) = (&map.row_title, &map.column_title);
            cells.push(format!("{rows} {row}, {columns} {column}, {}: {}", cell.level, cell.ids.join(", ")));
        }
    }
    match cells.as_slice() {
        [] => format!("{}: none", map.caption),
        cells => format!("{}. {}", map.caption, cells.join(". ")),
    }
}
