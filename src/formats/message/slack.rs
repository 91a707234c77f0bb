//! Blocks of Slack (Block Kit), as an incoming webhook takes them.
//!
//! Limits of Slack: 50 blocks a message, 150 characters in a header, 3,000 in a section.

use serde_json::{Value, json};

use super::{Envelope, Unsuitable};
use crate::messages::{Message, Part};

const MOST_BLOCKS: usize = 50;
const LONGEST_HEADER: usize = 150;
const LONGEST_SECTION: usize = 3_000;

/// Writes the message.
pub(super) fn write(message: &Message, _: &Envelope) -> Result<String, Unsuitable> {
    let mut blocks = Vec::new();
    match message.subject.chars().count() <= LONGEST_HEADER {
        true => {
            blocks.push(json!({"type": "header", "text": {"type": "plain_text", "text": message.subject}}))
        }
        false => blocks.extend(sections(&[format!("*{}*", escaped(&message.subject))])),
    }
    let mut lines: Vec<String> = Vec::new();
    for part in &message.parts {
        match part {
            Part::Heading(heading) => {
                blocks.extend(sections(&std::mem::take(&mut lines)));
                lines.push(format!("*{}*", escaped(heading)));
            }
            Part::Paragraph(paragraph) => lines.push(escaped(paragraph)),
            Part::Bullets(bullets) => {
                lines.extend(bullets.iter().map(|own| format!("• {}", escaped(&own.join("\n   ")))));
            }
        }
    }
    blocks.extend(sections(&lines));
    if blocks.len() > MOST_BLOCKS {
        return Err(Unsuitable {
            reason: format!("the message has {} blocks; Slack takes {MOST_BLOCKS}", blocks.len()),
            help: "shorten it with a template of your own: `--template FILE`",
        });
    }
    let text = escaped(&message.subject);
    Ok(format!("{:#}\n", json!({"text": text, "blocks": blocks})))
}

/// Lines as sections, as many as it takes. A line that is longer than a section goes on in the next.
fn sections(lines: &[String]) -> Vec<Value> {
    let mut texts: Vec<String> = Vec::new();
    for line in lines {
        let letters: Vec<char> = line.chars().collect();
        for piece in letters.chunks(LONGEST_SECTION) {
            let piece: String = piece.iter().collect();
            match texts.last_mut() {
                Some(text) if text.chars().count() + 1 + piece.chars().count() <= LONGEST_SECTION => {
                    text.push('\n');
                    text.push_str(&piece);
                }
                _ => texts.push(piece),
            }
        }
    }
    texts
        .into_iter()
        .map(|text| json!({"type": "section", "text": {"type": "mrkdwn", "text": text}}))
        .collect()
}

/// The three characters that steer Slack: no channel is notified, and no link is made.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
