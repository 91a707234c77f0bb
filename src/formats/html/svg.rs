//! What drawings have in common: text in boxes. The looks are in the style sheet, so that they
//! follow light and dark.

use maud::{Markup, html};
use unicode_width::UnicodeWidthStr;

use crate::report::Tone;

/// The distance between two lines.
pub(super) const LINE: f64 = 17.0;

/// The glyph of a meaning before a text.
pub(super) fn glyphed(tone: Option<Tone>, text: &str) -> String {
    match tone {
        Some(tone) => format!("{} {text}", tone.glyph()),
        None => text.to_owned(),
    }
}

/// The text in lines of at most so many columns; what does not fit into so many lines is cut.
pub(super) fn lines(text: &str, columns: usize, most: usize) -> Vec<String> {
    let options = textwrap::Options::new(columns).word_splitter(textwrap::WordSplitter::NoHyphenation);
    let mut lines: Vec<String> =
        textwrap::wrap(text, options).into_iter().map(|line| line.into_owned()).collect();
    if lines.len() > most {
        lines.truncate(most);
        if let Some(last) = lines.last_mut() {
            while last.width() + 1 > columns {
                last.pop();
            }
            last.push('…');
        }
    }
    lines
}

/// Lines of text below each other, the first at `y`.
pub(super) fn text(x: f64, y: f64, lines: &[String], class: &str) -> Markup {
    html! {
        text x=(x) y=(y) class=(class) {
            @for (index, line) in lines.iter().enumerate() {
                tspan x=(x) dy=(if index == 0 { 0.0 } else { LINE }) { (line) }
            }
        }
    }
}

/// Where a box lies and how large it is.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place {
    pub(super) x: f64,
    pub(super) y: f64,
    pub(super) width: f64,
    pub(super) height: f64,
}

/// A box with text in its middle, and its whole text for those who point at it.
pub(super) fn boxed(place: Place, lines: &[String], tone: Option<Tone>, whole: &str) -> Markup {
    let Place { x, y, width, height } = place;
    let first = y + 21.0 + (height - box_height(lines.len())) / 2.0;
    html! {
        g class={ "node " (tone.unwrap_or(Tone::Neutral).name()) } {
            title { (whole) }
            rect x=(x) y=(y) width=(width) height=(height) rx="6" {}
            (text(x + 10.0, first, lines, "label"))
        }
    }
}

/// A part of a drawing that leads somewhere, if it does.
pub(super) fn leading(part: Markup, target: Option<String>) -> Markup {
    match target {
        Some(target) => html! { a href=(target) { (part) } },
        None => part,
    }
}

/// How high a box with so many lines is.
pub(super) fn box_height(lines: usize) -> f64 {
    // A box has few lines.
    LINE * u16::try_from(lines.max(1)).map_or(1.0, f64::from) + 15.0
}

/// The whole drawing: it shrinks to what the page gives, down to where it can still be read.
pub(super) fn drawing(width: f64, height: f64, label: &str, content: Markup) -> Markup {
    drawing_as("img", (width, height), label, content)
}

/// The same where parts of it may lead somewhere, which nothing inside an image can.
pub(super) fn drawing_with_links(is_with: bool, size: (f64, f64), label: &str, content: Markup) -> Markup {
    drawing_as(if is_with { "group" } else { "img" }, size, label, content)
}

fn drawing_as(role: &str, (width, height): (f64, f64), label: &str, content: Markup) -> Markup {
    html! {
        svg xmlns="http://www.w3.org/2000/svg" viewBox={ "0 0 " (width) " " (height) } role=(role) aria-label=(label)
            style={ "width:" (width) "px;min-width:" (width * 0.72) "px" } {
            (content)
        }
    }
}

/// A number of things as a coordinate.
pub(super) fn number(count: usize) -> f64 {
    u32::try_from(count).map_or(0.0, f64::from)
}
