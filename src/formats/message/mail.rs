//! Mail: a draft with subject and text, as `mail-builder` writes it (RFC 5322, RFC 2045).

use mail_builder::MessageBuilder;
use sha2::{Digest, Sha256};

use super::{Envelope, Unsuitable, text};
use crate::messages::Message;

/// Writes a mail. `X-Unsent` makes mail programs open it as a draft.
pub(super) fn write(message: &Message, envelope: &Envelope) -> Result<String, Unsuitable> {
    let from = envelope.from.as_deref().ok_or_else(|| Unsuitable {
        reason: "a mail needs the address of its sender".to_owned(),
        help: "pass `--from ADDRESS`",
    })?;
    let text = text::plain(message);
    let to: Vec<&str> = envelope.to.iter().map(String::as_str).collect();
    // The same message has the same id: who gets it twice sees it once.
    let digest = Sha256::digest(format!("{from}\n{}\n{}\n{text}", to.join(","), message.subject));
    let id: String = digest.iter().take(16).map(|byte| format!("{byte:02x}")).collect();
    let mail = MessageBuilder::new()
        .from(from)
        .to(to)
        .subject(message.subject.as_str())
        .date(envelope.date.timestamp())
        .message_id(format!("{id}@relplan.invalid"))
        .header("X-Unsent", mail_builder::headers::raw::Raw::new("1"))
        .text_body(text);
    let unwritable =
        |error: std::io::Error| Unsuitable { reason: error.to_string(), help: "use another format" };
    mail.write_to_string().map_err(unwritable)
}
