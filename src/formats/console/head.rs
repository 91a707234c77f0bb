//! The head of a document at the terminal: the conclusion, the figures, the gates.

use super::marks::{Paint, clean, marked};
use super::{facts, wrapped};
use crate::report::{Fact, Head, Stage};

/// The head, with an empty line before each of its parts.
pub(super) fn drawn(head: &Head, width: usize) -> String {
    let mut text = String::new();
    if let Some(headline) = &head.headline {
        let word = format!("{} {}", headline.tone.glyph(), clean(&headline.word));
        let word = Paint::Tone(headline.tone).around(&word);
        text += "\n";
        text += &wrapped(&format!("{word}  {}", marked(&headline.sentence)), "", "  ", width);
    }
    if !head.pipeline.is_empty() {
        let gates: Vec<String> = head.pipeline.iter().map(stage).collect();
        text += "\n";
        text += &wrapped(&gates.join(" → "), "", "  ", width);
    }
    let figures: Vec<Fact> = head.figures.iter().chain(&head.details).cloned().collect();
    if !figures.is_empty() {
        text += "\n";
        text += &facts(&figures, width);
    }
    text
}

fn stage(stage: &Stage) -> String {
    let status = Paint::Tone(stage.tone).around(&format!("{} {}", stage.tone.glyph(), clean(&stage.word)));
    let name = clean(&stage.name);
    let name = if stage.decides { Paint::Strong.around(&name) } else { name };
    format!("{name} {status}")
}
