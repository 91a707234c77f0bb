//! An Adaptive Card in the envelope that a webhook of Teams Workflows takes.
//!
//! Teams refuses messages of more than 28 KB.

use serde_json::{Value, json};

use super::{Envelope, Unsuitable};
use crate::messages::{Message, Part};

const MOST_BYTES: usize = 28 * 1024;

/// Writes the message.
pub(super) fn write(message: &Message, _: &Envelope) -> Result<String, Unsuitable> {
    let mut body =
        vec![block(&message.subject, json!({"size": "Large", "weight": "Bolder", "style": "heading"}))];
    for part in &message.parts {
        body.push(match part {
            Part::Heading(heading) => block(heading, json!({"weight": "Bolder", "separator": true})),
            Part::Paragraph(paragraph) => block(paragraph, json!({})),
            Part::Bullets(bullets) => {
                let lines: Vec<String> = bullets.iter().map(|own| format!("- {}", own.join(" "))).collect();
                block(&lines.join("\r"), json!({}))
            }
        });
    }
    let card = json!({
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.4",
        "body": body,
    });
    let attachment = json!({"contentType": "application/vnd.microsoft.card.adaptive", "contentUrl": null, "content": card});
    let text = format!("{:#}\n", json!({"type": "message", "attachments": [attachment]}));
    match text.len() > MOST_BYTES {
        true => Err(Unsuitable {
            reason: format!("the message has {} bytes; Teams takes {MOST_BYTES}", text.len()),
            help: "shorten it with a template of your own: `--template FILE`",
        }),
        false => Ok(text),
    }
}

/// The marks of the Markdown that cards take: no fact makes a link or a list.
pub(super) fn escaped(text: &str) -> String {
    let mut shown = String::with_capacity(text.len() + 8);
    for letter in text.chars() {
        if matches!(letter, '\\' | '[' | ']' | '*' | '_' | '`' | '#') {
            shown.push('\\');
        }
        shown.push(letter);
    }
    shown
}

fn block(text: &str, style: Value) -> Value {
    let mut block = json!({"type": "TextBlock", "text": text, "wrap": true});
    if let (Value::Object(block), Value::Object(style)) = (&mut block, style) {
        block.extend(style);
    }
    block
}
