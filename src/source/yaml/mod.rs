//! YAML text to trees, going on after every error.
//!
//! A YAML parser stops at its first error. A plan's reader must not: one broken
//! entry may not hide the others of its file. So a text is read in *fragments*.
//! Where the parser stops, the text around the place is looked at:
//!
//! - If one of YAML's well-known traps stands there (`Threshold: >2%`), it is
//!   named, the offending character is masked in a private copy of the text, and
//!   the entry is read again as if it had been quoted. Nothing of it is lost.
//! - The same is done with errors that reach no further than one value, such as
//!   a quote or a bracket that is not closed.
//! - Otherwise the entry that holds the place is given up, and reading goes on
//!   at the next entry of the same list, or at the next document.

mod conflict;
mod events;
mod line;
mod mask;
mod reason;
mod resume;
mod swallowed;
mod template;
#[cfg(test)]
mod tests;
mod trap;

use super::{FileId, Node, SourceFile, Span, Spanned};
use crate::source::Contents;
use events::{Fragment, Known, Source, Stop};
use mask::Masked;
use trap::{Repair, RepairFinding};

pub use resume::begins_with_other_id;
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
    /// The parts that could not be read, each from the beginning of a line.
    pub lost: Vec<Span>,
    /// What is wrong with the text.
    pub defects: Vec<YamlDefect>,
    /// Comments that speak to relplan, from their `#` on.
    pub directives: Vec<Spanned<&'s str>>,
}

/// What became of the entry around a place where the parser stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Recovery {
    /// All of it was read but for the offending text.
    Kept,
    /// It was given up, and reading went on at this place.
    GivenUp(Span),
    /// It was given up, and nothing follows it.
    Ended,
}

/// Something wrong with the text of a file, before anybody asks what it means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum YamlDefect {
    /// The parser could not go on; `reason` says why in plain words.
    Syntax {
        /// The offending text, or where the parser stopped.
        span: Span,
        /// Why.
        reason: &'static str,
        /// What became of the entry.
        recovery: Recovery,
    },
    /// A list below a key that has a text already; the text was kept.
    ListBehindText {
        /// The list.
        span: Span,
        /// The text.
        text: Span,
    },
    /// A text that means something else to YAML than to its writer.
    Trap {
        /// The text that must be quoted or changed.
        span: Span,
        /// Which trap it is.
        trap: Trap,
    },
    /// An entry that its tabs made unreadable: one space for each of them was tried.
    LostToTabs {
        /// The entry.
        span: Span,
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
        /// The lines of the markers: `<<<<<<<`, `|||||||`, `=======`, `>>>>>>>`, as far as they are there.
        lines: Vec<Span>,
    },
    /// A merge key, `<<`, whose value is no mapping.
    MergeOfNothing {
        /// The value.
        span: Span,
    },
    /// An escape that stands for an invisible character.
    InvisibleEscape {
        /// The escape.
        span: Span,
        /// The character.
        letter: char,
    },
    /// A template that was not rendered: its marks are no YAML.
    Template {
        /// The first mark.
        span: Span,
        /// How many there are.
        count: usize,
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

impl YamlDefect {
    /// The place that it is about.
    pub fn span(&self) -> Span {
        match self {
            YamlDefect::Syntax { span, .. }
            | YamlDefect::ListBehindText { span, .. }
            | YamlDefect::Trap { span, .. }
            | YamlDefect::LostToTabs { span }
            | YamlDefect::DuplicateKey { second: span, .. }
            | YamlDefect::UnknownAlias { span }
            | YamlDefect::AliasBudget { span }
            | YamlDefect::MergeOfNothing { span }
            | YamlDefect::InvisibleEscape { span, .. }
            | YamlDefect::Template { span, .. }
            | YamlDefect::TooDeep { span }
            | YamlDefect::InvalidUtf8 { span, .. }
            | YamlDefect::NulByte { span, .. }
            | YamlDefect::LongLine { span, .. }
            | YamlDefect::TooLarge { span, .. }
            | YamlDefect::LinkLoop { span }
            | YamlDefect::GaveUp { span } => *span,
            YamlDefect::ConflictMarkers { lines } => {
                lines.first().copied().unwrap_or(Span::new(FileId(0), 0, 0))
            }
        }
    }
}

/// Reads one file into documents. Whatever is wrong becomes a defect.
pub fn read(id: FileId, file: &SourceFile) -> Reading<'_> {
    let text = file.text();
    let mut reading = Reading::default();
    if !report_contents(id, file, &mut reading.defects) {
        return reading;
    }
    report_long_lines(id, text, &mut reading.defects);
    let masked = Masked::new(id, text, &mut reading.defects);
    // Comments are wanted only where one of them may speak to relplan.
    let comments = memchr::memmem::find(text.as_bytes(), b"relplan:").is_some();
    // Reading again after each error must not become quadratic.
    let budget = text.len().saturating_mul(8).saturating_add(1 << 20);
    let begin = Begin { start: 0, continued: false };
    let reader = FileReader {
        id,
        text,
        comments,
        masked,
        reading,
        begin,
        until: None,
        mended: Mended::default(),
        budget,
    };
    reader.run()
}

/// Where a fragment begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Begin {
    start: usize,
    /// Whether that is in the middle of a document.
    continued: bool,
}

/// One file on its way to documents.
struct FileReader<'s> {
    id: FileId,
    text: &'s str,
    comments: bool,
    masked: Masked<'s>,
    reading: Reading<'s>,
    begin: Begin,
    /// Where the next fragment ends, if before the end of the text: the unit
    /// there is broken, and what stands before it is read first.
    until: Option<Begin>,
    /// The unit that was mended last.
    mended: Mended,
    budget: usize,
}

/// A unit in which something was painted over.
#[derive(Default)]
struct Mended {
    start: usize,
    /// Which defects that gave.
    defects: Vec<usize>,
    /// Whether its tabs were guessed to be spaces; what is wrong with it then is no news.
    guessed: bool,
}

/// How it goes on after a place where the parser stopped.
enum Next {
    /// With a fragment that begins here; what was found from there on will be found again.
    Again(Begin),
    /// With a fragment that begins here.
    On(Begin),
    /// Not at all.
    Over,
}

impl<'s> FileReader<'s> {
    fn run(mut self) -> Reading<'s> {
        let mut known = Known::default();
        loop {
            let seen = self.masked.text();
            let source = Source {
                file: self.id,
                text: self.text,
                seen: &seen[..self.until.map_or(seen.len(), |until| until.start)],
                start: self.begin.start,
                continued: self.begin.continued,
                comments: self.comments,
            };
            let mut fragment = events::parse(source, &mut known);
            let next = match fragment.stop.take() {
                Some(stop) => self.after(&stop),
                None => self.until.take().map_or(Next::Over, Next::On),
            };
            self.take_in(fragment, &next);
            match next {
                Next::Again(begin) | Next::On(begin) => self.begin = begin,
                Next::Over => return self.reading,
            }
        }
    }

    /// Keeps what was found, but for what will be found again.
    fn take_in(&mut self, fragment: Fragment<'s>, next: &Next) {
        let documents = fragment.documents.into_iter();
        self.reading.documents.extend(documents.map(|(root, continued)| Document { root, continued }));
        let kept = |span: Span| match next {
            Next::Again(begin) => (span.start as usize) < begin.start,
            Next::On(_) | Next::Over => true,
        };
        self.reading.defects.extend(fragment.defects.into_iter().filter(|defect| kept(defect.span())));
        let directives = fragment.directives.into_iter();
        self.reading.directives.extend(directives.filter(|directive| kept(directive.span)));
    }

    fn after(&mut self, stop: &Stop) -> Next {
        if stop.leaves {
            return Next::On(Begin { start: line_start(self.text, stop.offset), continued: true });
        }
        let begin = Begin { start: stop.unit.start, continued: stop.unit.continued };
        self.budget = self.budget.saturating_sub(stop.offset.saturating_sub(self.begin.start) + 64);
        if self.budget == 0 {
            self.give_up_all(stop);
            return Next::Over;
        }
        if let Some(culprit) = self.later_culprit(stop) {
            self.until = Some(culprit);
            return Next::Again(begin);
        }
        if self.repair(stop) { Next::Again(begin) } else { self.give_up(stop) }
    }

    /// The unit that is to blame, if it is not the first that is not complete:
    /// the parser looks ahead, and stops before it has said all that it knows.
    fn later_culprit(&self, stop: &Stop) -> Option<Begin> {
        // A fragment that was cut short may break at its end; nothing there is to blame.
        let last = self.until.map_or(self.text.len(), |until| until.start.saturating_sub(1));
        let place = trap::culprit(self.text, stop).min(last);
        let mut unit = stop.unit;
        let mut found = None;
        while let Some(next) = resume::next_unit(self.text, &unit, place) {
            unit.start = next.start;
            // Behind the beginning of another document, its kind of units is not known.
            found = Some(Begin { start: next.start, continued: next.same_document });
            if !next.same_document {
                break;
            }
        }
        found
    }

    /// Paints over what the parser fell into; false if there is nothing to be done about it.
    fn repair(&mut self, stop: &Stop) -> bool {
        let Some(repair) = trap::recognise(self.text, stop) else { return false };
        if !self.masked.paint(&repair.masks) {
            return false;
        }
        if self.mended.start != stop.unit.start {
            self.mended = Mended { start: stop.unit.start, ..Mended::default() };
        }
        self.mended.guessed |= matches!(repair.what, RepairFinding::Trap(Trap::Tab));
        if let Some(defect) = self.defect(repair) {
            self.mended.defects.push(self.reading.defects.len());
            self.reading.defects.push(defect);
        }
        true
    }

    fn defect(&self, repair: Repair) -> Option<YamlDefect> {
        let at = |range: std::ops::Range<usize>| Span::new(self.id, range.start, range.end);
        let span = at(repair.span);
        Some(match repair.what {
            RepairFinding::Trap(trap) => YamlDefect::Trap { span, trap },
            RepairFinding::Syntax(reason) => YamlDefect::Syntax { span, reason, recovery: Recovery::Kept },
            RepairFinding::ListBehindText(text) => YamlDefect::ListBehindText { span, text: at(text) },
            RepairFinding::Later => return None,
        })
    }

    fn give_up_all(&mut self, stop: &Stop) {
        self.lose(stop.unit.start, self.text.len());
        let span = Span::new(self.id, stop.offset, next_boundary(self.text, stop.offset));
        self.reading.defects.push(YamlDefect::GaveUp { span });
    }

    /// Gives up the unit that the parser stopped in.
    fn give_up(&mut self, stop: &Stop) -> Next {
        let limit = self.until.map_or(self.text.len(), |until| until.start);
        let next = resume::next_unit(self.text, &stop.unit, limit)
            .map(|next| Begin { start: next.start, continued: next.same_document })
            .filter(|next| next.start < limit)
            .or_else(|| self.until.take());
        let end = next.map_or(self.text.len(), |next| next.start);
        self.lose(stop.unit.start, end);
        let place = next.map(|next| Span::new(self.id, next.start, next.start));
        let recovery = place.map_or(Recovery::Ended, Recovery::GivenUp);
        let mended = std::mem::take(&mut self.mended);
        let mended = if mended.start == stop.unit.start { mended } else { Mended::default() };
        self.take_back(&mended, recovery);
        if mended.guessed {
            let lost = self.text[stop.unit.start..end].trim_end().len();
            let span = Span::new(self.id, stop.unit.start, stop.unit.start + lost);
            self.reading.defects.push(YamlDefect::LostToTabs { span });
        } else {
            self.report(stop, recovery, &mended);
        }
        next.map_or(Next::Over, Next::On)
    }

    /// The rest of the unit was not read after all.
    fn take_back(&mut self, mended: &Mended, truth: Recovery) {
        for &index in &mended.defects {
            if let Some(YamlDefect::Syntax { recovery, .. }) = self.reading.defects.get_mut(index) {
                *recovery = truth;
            }
        }
    }

    fn report(&mut self, stop: &Stop, recovery: Recovery, mended: &Mended) {
        let (range, reason) = trap::explain(self.text, stop);
        let end = range.end.max(next_boundary(self.text, range.start));
        let span = Span::new(self.id, range.start, end);
        if mended.defects.iter().any(|&index| self.follows_from(index, span)) {
            return;
        }
        self.reading.defects.push(match stop.reason {
            reason::Reason::TooDeep => YamlDefect::TooDeep { span },
            _ => YamlDefect::Syntax { span, reason, recovery },
        });
    }

    /// Whether an error stands where a mended line without a key ends, or in the
    /// next line: then it is the same mistake.
    fn follows_from(&self, index: usize, span: Span) -> bool {
        let Some(earlier) = self.reading.defects.get(index).map(YamlDefect::span) else { return false };
        if line::Line::at(self.text, earlier.start as usize).content != earlier.start as usize {
            return earlier == span;
        }
        let last = line::Line::at(self.text, (earlier.end as usize).saturating_sub(1));
        let end = last.next(self.text).map_or(last.end, |next| next.end);
        earlier.start <= span.start && span.start as usize <= end
    }

    fn lose(&mut self, start: usize, end: usize) {
        self.reading.lost.push(Span::new(self.id, start, end));
    }
}

fn line_start(text: &str, offset: usize) -> usize {
    line::Line::at(text, offset).start
}

fn next_boundary(text: &str, offset: usize) -> usize {
    let rest = text.get(offset..).unwrap_or("");
    match rest.chars().next() {
        Some(character) if character != '\n' && character != '\r' => offset + character.len_utf8(),
        _ => offset,
    }
}

/// Reports bytes that are no text; false if there is nothing left to read.
fn report_contents(id: FileId, file: &SourceFile, defects: &mut Vec<YamlDefect>) -> bool {
    let beginning = Span::new(id, 0, 0);
    let offsets = match file.contents() {
        Contents::Utf8 | Contents::Utf8WithMark => return true,
        Contents::Invalid(offsets) => offsets,
        Contents::TooLarge(size) => {
            defects.push(YamlDefect::TooLarge { span: beginning, size: *size });
            return false;
        }
        Contents::LinkLoop => {
            defects.push(YamlDefect::LinkLoop { span: beginning });
            return false;
        }
    };
    let Some(&first) = offsets.first() else { return true };
    let wide = file.text().starts_with("\u{fffd}\u{fffd}");
    defects.push(YamlDefect::InvalidUtf8 {
        span: Span::new(id, first, first + '\u{fffd}'.len_utf8()),
        count: offsets.len(),
        wide,
    });
    !wide
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
