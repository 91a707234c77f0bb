//! Documents as one page of HTML: nothing is loaded from anywhere, nothing runs, and it reads as
//! well in a browser as on paper, by day and by night, with a keyboard and with a screen reader.

mod blocks;
mod graph;
mod heat_map;
mod inline;
mod lists;
mod svg;
mod timeline;
mod tree;

use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::terminal::Style;
use super::{ViewFormat, draws_everything, steers};
use crate::report::{Block, Report};

use blocks::block;
use inline::{Anchors, line};
use lists::facts;

/// The format.
pub(super) const FORMAT: ViewFormat = ViewFormat {
    name: "html",
    about: "one page for a browser or a printer",
    extensions: &["html", "htm"],
    draws: draws_everything,
    write,
};

const STYLE: &str = include_str!("html/style.css");

/// From so many chapters on there is a list of them.
const CHAPTERS: usize = 3;

fn write(report: &Report, _: Style) -> String {
    let anchors = Anchors::of(report);
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                meta name="generator" content="relplan";
                // Without an icon of its own a page asks its server for one.
                link rel="icon" href="data:,";
                title { (report.title) @if let Some(subtitle) = &report.subtitle { " – " (subtitle) } }
                style { (PreEscaped(STYLE)) }
            }
            body {
                a.skip href="#content" { "Skip to the content" }
                (head(report, &anchors))
                main #content tabindex="-1" { (body(report, &anchors)) }
                footer { p { "As of " time datetime=(report.day) { (report.day) } ", made by relplan from the plan." } }
            }
        }
    };
    // Characters that no page may hold, wherever in it the plan's text has come to stand.
    page.into_string().replace(|letter| letter != '\n' && steers(letter), " ") + "\n"
}

fn head(report: &Report, anchors: &Anchors<'_>) -> Markup {
    html! {
        header {
            @if let Some(subtitle) = &report.subtitle { p.eyebrow { (subtitle) } }
            h1 { (report.title) }
            p.day { "as of " time datetime=(report.day) { (report.day) } }
            @if !report.facts.is_empty() { (facts("figures", &report.facts, anchors)) }
            (contents(report, anchors))
        }
    }
}

fn contents(report: &Report, anchors: &Anchors<'_>) -> Markup {
    let chapters: Vec<_> = report
        .blocks
        .iter()
        .enumerate()
        .filter_map(|(number, block)| match block {
            Block::Heading { level: 2, text } => Some((number, text)),
            _ => None,
        })
        .collect();
    html! {
        @if chapters.len() >= CHAPTERS {
            nav aria-label="Chapters" {
                ul { @for (number, text) in chapters { li { a href={ "#b" (number) } { (anchors.plain(text)) } } } }
            }
        }
    }
}

fn body(report: &Report, anchors: &Anchors<'_>) -> Markup {
    html! {
        @for (number, part) in report.blocks.iter().enumerate() {
            @match part {
                Block::Heading { level: 2, text } => { h2 id={ "b" (number) } { (line(text, anchors)) } }
                Block::Heading { level: 3, text } => { h3 id={ "b" (number) } { (line(text, anchors)) } }
                Block::Heading { text, .. } => { h4 id={ "b" (number) } { (line(text, anchors)) } }
                part => (block(part, number, anchors)),
            }
        }
    }
}
