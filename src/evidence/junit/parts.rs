//! A large report, read in parts at the same time.
//!
//! A report is cut before some of its cases, and each part is read as if it were all. What a part cannot know are
//! the suites that are open where it begins: they give their cases a file and a time, and count them. This is
//! made up for when the parts are joined in their order.
//!
//! Where anything is wrong with a report, or not as simple as that, it is read once more in one go: so there is
//! one way only in which a report is found to be broken, and to read it in parts makes no difference.

use std::borrow::Cow;
use std::ops::Range;

use memchr::memmem::Finder;
use rayon::prelude::*;

use super::{Around, Reader, Suite};
use crate::evidence::input::{Found, Input};
use crate::evidence::xml::{DEEPEST, Outline};
use crate::evidence::{Cases, Timestamp};

/// How many bytes a part has at least. A fuzzer tries short texts, which have parts, too.
const PART: usize = if cfg!(fuzzing) { 64 } else { 1 << 20 };

/// Reads a report in parts; says whether that was possible. If not, nothing is found.
pub(super) fn read<'s>(input: &Input<'s>, found: &mut Found<'s>) -> bool {
    read_parts(input, cuts(input.text, PART), found).is_some_and(|whole| {
        *found = whole;
        true
    })
}

/// Cuts a text before cases, into parts that have so many bytes or more.
fn cuts(text: &str, size: usize) -> Vec<Range<usize>> {
    let case = Finder::new("<testcase");
    let mut parts = Vec::new();
    let mut start = 0;
    while let Some(next) = text.as_bytes().get(start + size..).and_then(|behind| case.find(behind)) {
        let end = start + size + next;
        parts.push(start..end);
        start = end;
    }
    parts.push(start..text.len());
    parts
}

fn read_parts<'s>(input: &Input<'s>, parts: Vec<Range<usize>>, found: &Found<'s>) -> Option<Found<'s>> {
    if parts.len() < 2 {
        return None;
    }
    let empty = || Found::new(found.report.file, found.report.kind, found.index);
    let parts: Vec<Part<'s>> =
        parts.into_par_iter().map(|part| Part::read(input, part, empty())).collect::<Option<_>>()?;
    Whole::join(input, parts)
}

/// What a part says.
struct Part<'s> {
    found: Found<'s>,
    /// The suites that it opens and does not close, the outermost first.
    open: Vec<Suite<'s>>,
    /// What stands in the suites that it closes and did not open.
    closed: Vec<Around>,
    /// What stands in the suite that is open before it and behind it.
    around: Around,
    outline: Outline<'s>,
}

impl<'s> Part<'s> {
    /// Reads a part, if it is one of whole cases with which nothing is wrong.
    fn read(input: &Input<'s>, part: Range<usize>, mut found: Found<'s>) -> Option<Self> {
        let mut reader = Reader::new(input, part, &mut found);
        let is_read = reader.document().is_ok();
        let Reader { xml, suites: open, around, closed, is_lost, .. } = reader;
        let outline = xml.outline();
        // What is open and no suite is a case that was cut, or something that is passed over.
        let is_cut = outline.open.len() != open.len() || outline.closed.len() != closed.len();
        let is_simple = is_read && !is_lost && !is_cut && found.defects.is_empty();
        is_simple.then_some(Part { found, open, closed, around, outline })
    }
}

/// Parts that were joined.
struct Whole<'s> {
    found: Found<'s>,
    /// The suites that are open.
    suites: Vec<Suite<'s>>,
    /// Their names as XML has them.
    names: Vec<&'s str>,
    /// What cases have from suites that were opened before their part.
    inherited: Vec<Inherited<'s>>,
}

/// What some cases have from their suite, unless they say it themselves.
struct Inherited<'s> {
    cases: Range<usize>,
    suite: Option<&'s str>,
    suite_start: Option<u32>,
    file: Option<Cow<'s, str>>,
    time: Timestamp,
}

impl<'s> Whole<'s> {
    fn join(input: &Input<'s>, parts: Vec<Part<'s>>) -> Option<Found<'s>> {
        let mut parts = parts.into_iter();
        let Part { found, open, outline, .. } = parts.next()?;
        let mut whole = Whole { found, suites: open, names: outline.open, inherited: Vec::new() };
        for part in parts {
            whole.add(input, part)?;
        }
        whole.names.is_empty().then(|| whole.hand_down())
    }

    /// Adds the part that comes next, if it fits.
    fn add(&mut self, input: &Input<'s>, part: Part<'s>) -> Option<()> {
        let Part { found, open, closed, around, outline } = part;
        let is_deep = self.names.len() + outline.deepest > DEEPEST;
        // How a case ended may be known from its suite alone.
        let is_silent = self.suites.iter().any(|suite| suite.silent_is_skipped);
        if self.names.is_empty() || is_deep || is_silent {
            return None;
        }
        self.add_commit(&found)?;
        let tools = found.report.tools;
        let (first, mut start) = (self.found.cases.len(), 0);
        let count = found.cases.len();
        self.found.cases.append(found.cases);
        for (inside, name) in closed.into_iter().zip(outline.closed) {
            self.add_to_suite(first + start..first + inside.end, &inside, input);
            start = inside.end;
            self.add_tools(&tools[..inside.tools]);
            self.close(first + start, input, name)?;
        }
        if self.names.is_empty() && outline.goes_on {
            return None;
        }
        self.add_tools(&tools);
        self.add_to_suite(first + start..first + count, &around, input);
        self.names.extend(outline.open);
        self.open(open, first);
        Some(())
    }

    fn add_tools(&mut self, tools: &[Cow<'s, str>]) {
        tools.iter().for_each(|tool| self.found.made_by(tool.clone()));
    }

    /// Adds the commit that a part names, if it is the one that is known.
    fn add_commit(&mut self, found: &Found<'s>) -> Option<()> {
        match (&self.found.report.commit, &found.report.commit) {
            (None, _) => {
                self.found.report.commit = found.report.commit.clone();
                self.found.commit = found.commit;
            }
            // What the part compared with its own commit was compared with this one.
            (Some(known), Some(commit)) if known != commit => return None,
            _ => {}
        }
        Some(())
    }

    /// Adds what was counted of the suite that is open, and that these cases have from it what they do not say.
    fn add_to_suite(&mut self, cases: Range<usize>, around: &Around, input: &Input<'s>) {
        let Some(suite) = self.suites.last_mut() else { return };
        suite.counted.add(around.counted);
        let (names_id, file, time) = (suite.names_id, suite.file.clone(), suite.time);
        if !cases.is_empty() {
            let suite_start = suite.start(input);
            self.inherited.push(Inherited { cases, suite: names_id, suite_start, file, time });
        }
    }

    /// Closes the innermost suite behind the cases up to a position.
    fn close(&mut self, end: usize, input: &Input<'s>, name: &str) -> Option<()> {
        self.names.pop().filter(|open| *open == name)?;
        let suite = self.suites.pop()?;
        // A suite that is a result of its own would have to stand between cases that are joined already.
        if suite.close(end, input, &mut self.found).is_some() {
            return None;
        }
        if let Some(outer) = self.suites.last_mut() {
            outer.counted.add_inner(suite.counted.total);
        }
        Some(())
    }

    /// Opens suites of a part whose cases begin where these do.
    fn open(&mut self, suites: Vec<Suite<'s>>, first: usize) {
        let outer = self.suites.last().map(|outer| (outer.names_id, outer.file.clone(), outer.time));
        let (names_id, file, time) = outer.unwrap_or_default();
        self.suites.extend(suites.into_iter().map(|suite| Suite {
            names_id: suite.names_id.or(names_id),
            file: suite.file.or_else(|| file.clone()),
            time: suite.time.or(time),
            first: first + suite.first,
            ..suite
        }));
    }

    /// Gives cases what they have from their suites.
    fn hand_down(self) -> Found<'s> {
        let mut pieces = self.found.cases.into_pieces();
        let ends = pieces.iter().scan(0, |end, piece| {
            *end += piece.len();
            Some(*end)
        });
        let ends: Vec<usize> = ends.collect();
        pieces.par_iter_mut().zip(&ends).for_each(|(piece, end)| {
            let start = end - piece.len();
            for Inherited { cases, suite, suite_start, file, time } in &self.inherited {
                let inside = cases.start.max(start)..cases.end.min(*end);
                if inside.is_empty() {
                    continue;
                }
                for case in &mut piece[inside.start - start..inside.end - start] {
                    case.suite = case.suite.or(*suite);
                    case.suite_start = case.suite_start.or(*suite_start);
                    case.file = case.file.take().or_else(|| file.clone());
                    case.time = case.time.or(*time);
                }
            }
        });
        let mut cases = Cases::default();
        pieces.into_iter().for_each(|piece| cases.add(piece));
        Found { cases, ..self.found }
    }
}

#[cfg(test)]
mod tests;
