//! Colours that survive wrapping.
//!
//! What is painted stands between characters of no width until the text has its lines. Only then
//! do they become the sequences of a terminal, or nothing. So whatever wraps or aligns text counts
//! what is seen, and the text of a plan cannot smuggle sequences in: [`clean`] takes them out.

use anstyle::{AnsiColor, Style};

use crate::formats::steers;
use crate::report::{Inline, Line, Tone};

/// How a piece of text looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Paint {
    Title,
    Strong,
    Faint,
    Tone(Tone),
}

/// Tag characters have no width and no other use in the text of a plan.
const FIRST: u32 = 0xE0041;
const END: char = '\u{E007F}';

/// A space at which no line breaks; it becomes a plain one in the end.
const GLUE: char = '\u{A0}';

impl Paint {
    const ALL: [Paint; 10] = [
        Paint::Title,
        Paint::Strong,
        Paint::Faint,
        Paint::Tone(Tone::Good),
        Paint::Tone(Tone::Attention),
        Paint::Tone(Tone::Bad),
        Paint::Tone(Tone::Unknown),
        Paint::Tone(Tone::Stale),
        Paint::Tone(Tone::Waived),
        Paint::Tone(Tone::Neutral),
    ];

    fn begin(self) -> char {
        let index = Paint::ALL.iter().position(|paint| *paint == self).unwrap_or(0);
        u32::try_from(index).ok().and_then(|index| char::from_u32(FIRST + index)).unwrap_or(END)
    }

    fn of(begin: char) -> Option<Paint> {
        let index = (begin as u32).checked_sub(FIRST)?;
        Paint::ALL.get(usize::try_from(index).ok()?).copied()
    }

    fn style(self) -> Style {
        match self {
            Paint::Title => Style::new().bold().underline(),
            Paint::Strong => Style::new().bold(),
            Paint::Faint => Style::new().dimmed(),
            Paint::Tone(tone) => match tone {
                Tone::Good => AnsiColor::Green.on_default(),
                Tone::Attention => AnsiColor::Yellow.on_default(),
                Tone::Bad => AnsiColor::Red.on_default().bold(),
                Tone::Unknown => AnsiColor::Magenta.on_default(),
                Tone::Stale => AnsiColor::Blue.on_default(),
                Tone::Waived => AnsiColor::Cyan.on_default(),
                Tone::Neutral => Style::new(),
            },
        }
    }

    /// The text in this look. Each word is painted by itself, so that a line may break between.
    pub(super) fn around(self, text: &str) -> String {
        let words = text.split(' ').map(|word| match word {
            "" => String::new(),
            word => format!("{}{word}{END}", self.begin()),
        });
        words.collect::<Vec<_>>().join(" ")
    }
}

/// Text of a plan without what a terminal would obey.
pub(super) fn clean(text: &str) -> String {
    text.chars()
        .filter(|letter| !('\u{E0000}'..='\u{E007F}').contains(letter))
        .map(|letter| if steers(letter) { ' ' } else { letter })
        .collect()
}

/// A line with its meaning.
pub(super) fn marked(line: &Line) -> String {
    line.0.iter().map(piece).collect()
}

fn piece(piece: &Inline) -> String {
    let text = clean(piece.text());
    match piece {
        Inline::Plain(_) | Inline::Id(_) | Inline::Page { .. } => text,
        Inline::Strong(_) => Paint::Strong.around(&text),
        Inline::Code(_) => format!("`{text}`"),
        Inline::Badge(tone, _) => Paint::Tone(*tone).around(&format!("{}{GLUE}{text}", tone.glyph())),
    }
}

/// The text as the terminal gets it.
pub(super) fn painted(text: &str, colour: bool) -> String {
    let mut shown = String::with_capacity(text.len());
    for line in text.split_inclusive('\n') {
        line_painted(line, colour, &mut shown);
    }
    shown
}

/// A look that was cut off by the end of its line ends there.
fn line_painted(line: &str, colour: bool, shown: &mut String) {
    let mut open: Option<Style> = None;
    for letter in line.chars() {
        let begun = Paint::of(letter);
        let ended = letter == END || letter == '\n' || begun.is_some();
        if let Some(style) = ended.then(|| open.take()).flatten().filter(|_| colour) {
            *shown += &style.render_reset().to_string();
        }
        match begun {
            Some(paint) => {
                open = Some(paint.style());
                if colour {
                    *shown += &paint.style().render().to_string();
                }
            }
            None if letter == GLUE => shown.push(' '),
            None if letter != END => shown.push(letter),
            None => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_painted_has_the_width_of_its_text() {
        let text = Paint::Tone(Tone::Bad).around("✗ zu spät 日本");
        assert_eq!(unicode_width::UnicodeWidthStr::width(text.as_str()), "✗ zu spät ".chars().count() + 4);
        assert_eq!(painted(&text, false), "✗ zu spät 日本");
        assert!(painted(&text, true).contains("\u{1b}[31m"));
    }

    #[test]
    fn a_plan_cannot_speak_to_the_terminal() {
        let nasty = "a\u{1b}[31mb\u{7}\u{E0043}c\u{202E}d";
        assert_eq!(painted(&clean(nasty), true), "a [31mb c d");
    }
}
