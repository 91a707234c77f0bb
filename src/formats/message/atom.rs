//! A status page's feed: an Atom feed with the message as its entry (RFC 4287).

use std::io;

use chrono::SecondsFormat;
use quick_xml::Writer;
use quick_xml::escape::escape;
use quick_xml::events::{BytesDecl, BytesText, Event};
use sha2::{Digest, Sha256};

use super::{Envelope, Unsuitable};
use crate::messages::{Message, Part};

/// Writes the feed.
pub(super) fn write(message: &Message, envelope: &Envelope) -> Result<String, Unsuitable> {
    let author = envelope.from.as_deref().ok_or_else(|| Unsuitable {
        reason: "a feed needs an author".to_owned(),
        help: "pass `--from ADDRESS`",
    })?;
    feed(message, envelope, author)
        .map_err(|error| Unsuitable { reason: error.to_string(), help: "use another format" })
}

fn feed(message: &Message, envelope: &Envelope, author: &str) -> io::Result<String> {
    let content = html(message);
    let updated = envelope.date.to_rfc3339_opts(SecondsFormat::Secs, true);
    // The same message has the same id: whoever reads the feed twice sees it once.
    let entry = id(&[author, &message.subject, &content]);
    let mut xml = Writer::new_with_indent(Vec::new(), b' ', 2);
    xml.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    xml.create_element("feed").with_attribute(("xmlns", "http://www.w3.org/2005/Atom")).write_inner_content(
        |xml| {
            text(xml, "id", &id(&[author]))?;
            text(xml, "title", "Release status")?;
            text(xml, "updated", &updated)?;
            xml.create_element("author").write_inner_content(|xml| text(xml, "name", author))?;
            xml.create_element("entry").write_inner_content(|xml| {
                text(xml, "id", &entry)?;
                text(xml, "title", &message.subject)?;
                text(xml, "updated", &updated)?;
                let content = BytesText::new(&content).into_owned();
                xml.create_element("content").with_attribute(("type", "html")).write_text_content(content)?;
                Ok(())
            })?;
            Ok(())
        },
    )?;
    let mut bytes = xml.into_inner();
    bytes.push(b'\n');
    String::from_utf8(bytes).map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error))
}

fn text(xml: &mut Writer<Vec<u8>>, name: &str, content: &str) -> io::Result<()> {
    xml.create_element(name).write_text_content(BytesText::new(&writable(content)))?;
    Ok(())
}

/// An id that says nothing but that two things are the same (RFC 4122, of a digest).
fn id(parts: &[&str]) -> String {
    let digest = Sha256::digest(parts.join("\n"));
    let hex: String = digest.iter().take(16).map(|byte| format!("{byte:02x}")).collect();
    // Version 8: the bits are the writer's own.
    format!("urn:uuid:{}-{}-8{}-8{}-{}", &hex[..8], &hex[8..12], &hex[13..16], &hex[17..20], &hex[20..])
}

/// The text of a message as HTML.
fn html(message: &Message) -> String {
    let shown = |text: &str| escape(&*writable(text)).into_owned();
    let part = |part: &Part| match part {
        Part::Heading(heading) => format!("<h2>{}</h2>", shown(heading)),
        Part::Paragraph(paragraph) => format!("<p>{}</p>", shown(paragraph)),
        Part::Bullets(bullets) => {
            let lines =
                |lines: &Vec<String>| lines.iter().map(|line| shown(line)).collect::<Vec<_>>().join("<br>");
            let items: String = bullets.iter().map(|bullet| format!("<li>{}</li>", lines(bullet))).collect();
            format!("<ul>{items}</ul>")
        }
    };
    message.parts.iter().map(part).collect()
}

/// A text without the characters that XML 1.0 cannot hold.
fn writable(text: &str) -> String {
    let is_writable = |c: char| matches!(c, '\t' | '\n' | '\r' | ' '..='\u{fffd}' | '\u{10000}'..);
    text.chars().map(|c| if is_writable(c) { c } else { '\u{fffd}' }).collect()
}
