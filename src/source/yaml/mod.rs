//! YAML text to trees, going on after every error.
//!
//! A YAML parser stops at its first error. A plan's reader must not: one broken
//! entry may not hide the others of its file. So a text is read in *fragments*.
//! Where the parser stops, the text around the place is looked at:
//!
//! - If one of YAML's well-known traps stands there (`Threshold: >2%`), it is
//!   named, the offending character is masked in a private copy of the text, and
//!   the entry is read again as if it had been quoted. Nothing of it is lost.
//! - Otherwise the entry that holds the place is given up, and reading goes on
//!   at the next entry of the same list, or at the next document.

mod conflict;
mod events;
mod resume;
mod trap;

use super::{FileId, Node, SourceFile, Span, Spanned};
use crate::source::Contents;

pub use trap::Trap;

/// The largest file that is read, in bytes. Plans are written by people; a file
/// beyond this is generated or hostile.
pub const LARGEST_FILE: u64 = 64 * 1024 * 1024;

/// The longest line that is accepted without a finding, in bytes.
pub const LONGEST_LINE: usize = 64 * 1024;

/// How deep collections may nest.
pub const DEEPEST_NESTING: usize = 128;

/// How many nodes the aliases of one file may expand to.
pub const ALIAS_BUDGET: usize = 100_000;

/// A document of a file, or what follows a broken part of one.
#[derive(Debug)]
pub struct Document<'s> {
    /// The value of the document.
    pub root: Node<'s>,
    /// Whether it goes on from the document before, after a part that could not be read.
    pub continued: bool,
}

/// All that was found in one file.
#[derive(Debug, Default)]
pub struct Reading<'s> {
    /// The documents, in order.
    pub documents: Vec<Document<'s>>,
    /// What was read of entries that an error cuts off, so that their ids are still known.
    pub broken: Vec<Node<'s>>,
    /// What is wrong with the text.
    pub defects: Vec<YamlDefect>,
    /// Comments that speak to relplan, from their `#` on.
    pub directives: Vec<Spanned<&'s str>>,
}

/// Something wrong with the text of a file, before anybody asks what it means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum YamlDefect {
    /// The parser could not go on; `reason` says why in plain words.
    Syntax {
        /// Where it stopped.
        span: Span,
        /// Why.
        reason: &'static str,
        /// Where reading went on, if it did before the end of the file.
        resumed: Option<Span>,
    },
    /// A text that means something else to YAML than to its writer.
    Trap {
        /// The text that must be quoted or changed.
        span: Span,
        /// Which trap it is.
        trap: Trap,
    },
    /// The same key twice in one mapping.
    DuplicateKey {
        /// The first time.
        first: Span,
        /// The time that is ignored.
        second: Span,
    },
    /// An alias without an anchor before it.
    UnknownAlias {
        /// The alias, with its `*`.
        span: Span,
    },
    /// Aliases that expand to more than [`ALIAS_BUDGET`] nodes.
    AliasBudget {
        /// The alias that went beyond it.
        span: Span,
    },
    /// Collections nested deeper than [`DEEPEST_NESTING`].
    TooDeep {
        /// Where the limit was met.
        span: Span,
    },
    /// What `git merge` leaves behind where two sides differ.
    ConflictMarkers {
        /// The `<<<<<<<` line.
        ours: Span,
        /// The `=======` line, if there is one.
        middle: Option<Span>,
        /// The `>>>>>>>` line, if there is one.
        theirs: Option<Span>,
    },
    /// Bytes that are not UTF-8.
    InvalidUtf8 {
        /// The first broken sequence.
        span: Span,
        /// How many there are.
        count: usize,
        /// Whether the bytes look like UTF-16.
        wide: bool,
    },
    /// A NUL byte.
    NulByte {
        /// The first one.
        span: Span,
        /// How many there are.
        count: usize,
    },
    /// A line longer than [`LONGEST_LINE`].
    LongLine {
        /// The beginning of the line.
        span: Span,
        /// Its length in bytes.
        length: usize,
    },
    /// A file of more than [`LARGEST_FILE`] bytes.
    TooLarge {
        /// The beginning of the file.
        span: Span,
        /// How many bytes it has.
        size: u64,
    },
    /// A symbolic link that leads back to a folder it lies in.
    LinkLoop {
        /// The beginning of the file.
        span: Span,
    },
    /// Too many errors to go on; what follows was not read.
    GaveUp {
        /// Where reading stopped.
        span: Span,
    },
}

/// Reads one file into documents. Whatever is wrong becomes a defect.
pub fn read(id: FileId, file: &SourceFile) -> Reading<'_> {
    let text = file.text();
    let mut reading = Reading::default();
    report_contents(id, file, &mut reading.defects);
    report_long_lines(id, text, &mut reading.defects);
    let mut masked = Masked::new(id, text, &mut reading.defects);
    let mut start = 0;
    let mut continued = false;
    // Reading again after each error must not become quadratic.
    let mut budget = text.len().saturating_mul(8).saturating_add(1 << 20);
    loop {
        let fragment = events::parse(id, text, masked.text(), start, continued);
        let documents = fragment.documents.into_iter();
        reading.documents.extend(
            documents.enumerate().map(|(index, root)| Document { root, continued: continued && index == 0 }),
        );
        reading.defects.extend(fragment.defects);
        reading.directives.extend(fragment.directives);
        let Some(stop) = fragment.stop else { break };
        let place = Span::new(id, stop.offset, next_boundary(text, stop.offset));
        budget = budget.saturating_sub(stop.offset.saturating_sub(start) + 64);
        if budget == 0 {
            reading.defects.push(YamlDefect::GaveUp { span: place });
            break;
        }
        if let Some(found) = trap::recognise(text, &stop)
            && masked.hide(&found)
        {
            let span = Span::new(id, found.start, found.end);
            reading.defects.push(YamlDefect::Trap { span, trap: found.trap });
            continued = continued || stop.unit.start > start;
            start = stop.unit.start;
            continue;
        }
        let resumed = resume::next_unit(text, &stop);
        reading.defects.push(match stop.reason {
            events::Reason::TooDeep => YamlDefect::TooDeep { span: place },
            _ => YamlDefect::Syntax {
                span: place,
                reason: stop.words,
                resumed: resumed.as_ref().map(|unit| Span::new(id, unit.start, unit.start)),
            },
        });
        reading.broken.extend(fragment.broken);
        match resumed {
            Some(unit) => {
                start = unit.start;
                continued = unit.same_document;
            }
            None => break,
        }
    }
    reading
}

fn next_boundary(text: &str, offset: usize) -> usize {
    let rest = text.get(offset..).unwrap_or("");
    match rest.chars().next() {
        Some(character) if character != '\n' && character != '\r' => offset + character.len_utf8(),
        _ => offset,
    }
}

/// The text as the parser sees it: offending characters are overwritten by
/// harmless ones of the same length, so that every place stays where it is.
struct Masked<'s> {
    original: &'s str,
    copy: Option<String>,
}

impl<'s> Masked<'s> {
    fn new(id: FileId, original: &'s str, defects: &mut Vec<YamlDefect>) -> Self {
        let mut masked = Masked { original, copy: None };
        for block in conflict::find(original) {
            let at = |line: std::ops::Range<usize>| Span::new(id, line.start, line.end);
            for range in block.hidden() {
                masked.overwrite(range, b' ');
            }
            defects.push(YamlDefect::ConflictMarkers {
                ours: at(block.ours),
                middle: block.middle.map(at),
                theirs: block.theirs.map(at),
            });
        }
        masked.hide_nul_bytes(id, defects);
        masked
    }

    fn text(&self) -> &str {
        self.copy.as_deref().unwrap_or(self.original)
    }

    /// Masks what a trap consists of; false if it was masked before, which
    /// would mean that masking does not help.
    fn hide(&mut self, found: &trap::Found) -> bool {
        let at = found.mask;
        let fresh = self.text().as_bytes().get(at) == self.original.as_bytes().get(at);
        if fresh {
            self.overwrite(at..at + 1, found.with);
        }
        fresh
    }

    fn hide_nul_bytes(&mut self, id: FileId, defects: &mut Vec<YamlDefect>) {
        let found: Vec<usize> = memchr::memchr_iter(0, self.original.as_bytes()).collect();
        let Some(&first) = found.first() else { return };
        defects.push(YamlDefect::NulByte { span: Span::new(id, first, first + 1), count: found.len() });
        for at in found {
            self.overwrite(at..at + 1, b' ');
        }
    }

    fn overwrite(&mut self, range: std::ops::Range<usize>, with: u8) {
        let text = self.copy.take().unwrap_or_else(|| self.original.to_owned());
        let mut bytes = text.into_bytes();
        for byte in &mut bytes[range] {
            // Line breaks stay, or every place after them would move.
            if !matches!(byte, b'\n' | b'\r') {
                *byte = with;
            }
        }
        // Ranges cover whole characters, so this never replaces anything.
        self.copy = Some(
            String::from_utf8(bytes)
                .unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned()),
        );
    }
}

fn report_contents(id: FileId, file: &SourceFile, defects: &mut Vec<YamlDefect>) {
    let offsets = match file.contents() {
        Contents::Utf8 | Contents::Utf8WithMark => return,
        Contents::Invalid(offsets) => offsets,
        Contents::TooLarge(size) => {
            let span = Span::new(id, 0, 0);
            return defects.push(YamlDefect::TooLarge { span, size: *size });
        }
        Contents::LinkLoop => {
            let span = Span::new(id, 0, 0);
            return defects.push(YamlDefect::LinkLoop { span });
        }
    };
    let Some(&first) = offsets.first() else { return };
    let wide = file.text().starts_with("\u{fffd}\u{fffd}");
    defects.push(YamlDefect::InvalidUtf8 {
        span: Span::new(id, first, first + '\u{fffd}'.len_utf8()),
        count: offsets.len(),
        wide,
    });
}

fn report_long_lines(id: FileId, text: &str, defects: &mut Vec<YamlDefect>) {
    if text.len() <= LONGEST_LINE {
        return;
    }
    let mut start = 0;
    let breaks = memchr::memchr_iter(b'\n', text.as_bytes());
    for end in breaks.chain(std::iter::once(text.len())) {
        if end - start > LONGEST_LINE {
            let shown = text.floor_char_boundary(start + 60);
            defects.push(YamlDefect::LongLine { span: Span::new(id, start, shown), length: end - start });
        }
        start = end + 1;
    }
}
