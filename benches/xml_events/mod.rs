//! The floor of every reader of XML: what quick-xml takes by itself.

use quick_xml::Reader;
use quick_xml::events::Event;

/// quick-xml's own events, nothing made of them, with the attributes of tags or without.
pub fn events(text: &str, with_attributes: bool) -> usize {
    let mut reader = Reader::from_str(text);
    let mut count = 0;
    while let Ok(event) = reader.read_event() {
        count += match event {
            Event::Eof => break,
            Event::Start(tag) | Event::Empty(tag) if with_attributes => tag.attributes().flatten().count(),
            _ => 1,
        };
    }
    count
}
