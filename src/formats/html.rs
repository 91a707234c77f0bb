//! Documents as one page of HTML: nothing is loaded from anywhere, nothing runs, and it reads as
//! well in a browser as on paper, by day and by night, with a keyboard and with a screen reader.

mod bars;
mod blocks;
mod card;
mod front_page;
mod graph;
mod head;
mod heat_map;
mod inline;
mod lists;
pub mod site;
mod svg;
mod timeline;
mod tree;

use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::terminal::Style;
use super::{ViewFormat, draws_everything, steers};
use crate::report::{Block, Report};

use blocks::block;
use inline::{Anchors, line};
use site::Place;

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
    page(report, None)
}

/// A document as a page of its own, or of a site.
fn page(report: &Report, place: Option<&Place<'_>>) -> String {
    let anchors = Anchors::of(report, place);
    let header = html! { (head::head(report, &anchors)) (contents(report, &anchors)) };
    framed(report, place, header, body(&report.blocks, "b", &anchors))
}

/// What is around every page.
fn framed(report: &Report, place: Option<&Place<'_>>, header: Markup, main: Markup) -> String {
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                @if place.is_some() { meta http-equiv="Content-Security-Policy" content=(site::POLICY); }
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                meta name="generator" content="relplan";
                // Without an icon of its own a page asks its server for one.
                link rel="icon" href="data:,";
                title {
                    (report.title) @if let Some(subtitle) = &report.subtitle { " – " (subtitle) }
                    @if let Some(place) = place { (place.title_behind(&report.title)) }
                }
                @match place {
                    Some(place) => (place.assets()),
                    None => style { (PreEscaped(STYLE)) },
                }
            }
            body {
                a.skip href="#content" { "Skip to the content" }
                @if let Some(place) = place { (place.bar()) }
                header { (header) }
                main #content tabindex="-1" { (main) }
                footer { p { "As of " time datetime=(report.day) { (report.day) } " by relplan." } }
            }
        }
    };
    // Characters that no page may hold, wherever in it the plan's text has come to stand.
    let mut text = page.into_string();
    if has_steering(text.as_bytes()) {
        text = text.replace(|letter| letter != '\n' && steers(letter), " ");
    }
    text.push('\n');
    text
}

/// Whether a text in UTF-8 holds a character that [`steers`] beside line ends. Most pages have none, and are not searched
/// letter by letter.
fn has_steering(text: &[u8]) -> bool {
    text.iter().enumerate().any(|(at, byte)| match byte {
        b'\n' => false,
        0x00..=0x1F | 0x7F => true,
        0xC2 => matches!(text.get(at + 1), Some(0x80..=0x9F)),
        0xE2 => matches!(text.get(at + 1..at + 3), Some([0x80, 0xAA..=0xAE] | [0x81, 0xA6..=0xA9])),
        _ => false,
    })
}

fn contents(report: &Report, anchors: &Anchors<'_>) -> Markup {
    let chapters: Vec<_> = report
        .blocks
        .iter()
        .enumerate()
        .filter_map(|(number, block)| match block {
            Block::Heading { level: 2, text } | Block::Appendix { title: text, .. } => Some((number, text)),
            _ => None,
        })
        .collect();
    html! {
        @if chapters.len() >= CHAPTERS {
            nav aria-label="Chapters" {
                details {
                    summary { "Contents" }
                    ul { @for (number, text) in chapters { li { a href={ "#b" (number) } { (anchors.plain(text)) } } } }
                }
                @if report.blocks.iter().any(|block| matches!(block, Block::Appendix { .. })) {
                    label.print-all { input #print-all type="checkbox"; " Print the appendix" }
                }
            }
        }
    }
}

/// The blocks; `prefix` and the number of a block name its place in the page.
fn body(blocks: &[Block], prefix: &str, anchors: &Anchors<'_>) -> Markup {
    html! {
        @for (number, part) in blocks.iter().enumerate() {
            @let id = format!("{prefix}{number}");
            @match part {
                Block::Heading { level: 2, text } => { h2 id=(id) { (line(text, anchors)) } }
                Block::Heading { level: 3, text } => { h3 id=(id) { (line(text, anchors)) } }
                Block::Heading { text, .. } => { h4 id=(id) { (line(text, anchors)) } }
                Block::Appendix { title, blocks } => {
                    details.appendix id=(id) {
                        summary { h2 { (line(title, anchors)) } }
                        (body(blocks, &format!("{id}-"), anchors))
                    }
                }
                part => (block(part, &id, anchors)),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_steers_is_found_by_its_bytes() {
        for letter in (0..=0x3000).filter_map(char::from_u32) {
            let expect = letter != '\n' && steers(letter);
            assert_eq!(has_steering(format!("a{letter}b").as_bytes()), expect, "{:04X}", u32::from(letter));
        }
    }
}
