//! The head of a document in Markdown: an alert with the conclusion, the figures, the gates.

use super::{alert, escaped, facts, line};
use crate::report::{Head, Stage};

/// The parts of the head, in order.
pub(super) fn parts(head: &Head) -> Vec<String> {
    let mut parts = Vec::new();
    if let Some(headline) = &head.headline {
        let (alert, glyph) = (alert(headline.tone), headline.tone.glyph());
        let word = super::emphasised("**", &headline.word);
        parts.push(format!("> [!{alert}]\n> {glyph} {word} {}", line(&headline.sentence)));
    }
    parts.push(facts(&head.figures));
    if !head.pipeline.is_empty() {
        parts.push(head.pipeline.iter().map(stage).collect::<Vec<_>>().join(" → "));
    }
    parts.push(facts(&head.details));
    parts
}

fn stage(stage: &Stage) -> String {
    let decides = if stage.decides { " (decides)" } else { "" };
    format!("{}: {} {}{decides}", escaped(&stage.name), stage.tone.glyph(), escaped(&stage.word))
}
