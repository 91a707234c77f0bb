//! Messages as text: Markdown, and the plain text of a mail.

use super::{Envelope, Unsuitable};
use crate::formats::markdown::without_mentions;
use crate::messages::{Message, Part};

/// Markdown, with the subject as its heading. Names that a template mentions are not notified either.
pub(super) fn markdown(message: &Message, _: &Envelope) -> Result<String, Unsuitable> {
    Ok(without_mentions(&format!("# {}\n\n{}", message.subject, plain(message))))
}

/// The text without its subject.
pub(super) fn plain(message: &Message) -> String {
    let part = |part: &Part| match part {
        Part::Heading(heading) => format!("## {heading}\n"),
        Part::Paragraph(paragraph) => format!("{paragraph}\n"),
        Part::Bullets(bullets) => bullets.iter().map(|lines| format!("- {}\n", lines.join("\n  "))).collect(),
    };
    message.parts.iter().map(part).collect::<Vec<String>>().join("\n")
}
