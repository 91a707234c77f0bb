//! Finds what was done to a log.
//!
//! The digests say in which order the lines were written, wherever they stand now. Held against the file, that
//! order tells a line that was moved from one that was changed, dropped or put in.

use std::fmt;

use rustc_hash::FxHashMap;
use serde::Deserialize;

use super::{Digest, OLDEST_VERSION, Record, VERSION};
use crate::model::identity::is_no_person;

/// What a log that verifies holds.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Summary {
    /// Its records, in their order.
    pub records: Vec<Record>,
    /// The digest of its last line.
    pub head: Option<Digest>,
    /// How many records were added behind the one whose digest was expected. Without such a digest nothing
    /// shows that none was dropped at the end, nor that the last one was not changed.
    pub behind_expected: Option<usize>,
}

/// Something that was done to a log.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Broken {
    /// In which line, from 1.
    pub line: usize,
    /// What.
    pub kind: BrokenKind,
}

/// What may be done to a log.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum BrokenKind {
    /// The last line is not ended.
    NoNewline,
    /// It is blank.
    Blank,
    /// It is no record.
    NoRecord {
        /// Why.
        reason: String,
    },
    /// It is a record in another form than the one in which records are written.
    NotCanonical,
    /// It names no person who decided.
    NoPerson,
    /// It was written before the record in front of it.
    TimeBackwards {
        /// The line of that record.
        before: usize,
    },
    /// It is a record of a version that is not known.
    UnknownVersion {
        /// The version.
        version: u32,
    },
    /// It has another number than its place in the chain asks for.
    WrongSequence {
        /// The number that it has.
        found: u64,
        /// The number that it should have.
        expected: u64,
    },
    /// The line that was written next has another digest for it.
    Changed {
        /// The line that was written next.
        next: usize,
    },
    /// Likewise, but that line is the last, and nothing vouches for it.
    ChangedOrNext {
        /// The line that was written next.
        next: usize,
    },
    /// It is the first record and says that there was one before it.
    FirstHasPrevious,
    /// It is the same as another line.
    Repeats {
        /// The other line.
        other: usize,
    },
    /// Two lines have one place in the chain, and this is the one that nothing was added to.
    PutIn {
        /// The other line.
        other: usize,
    },
    /// It stands elsewhere than it was written.
    Moved {
        /// The line that it was written behind; the first line was written behind none.
        behind: Option<usize>,
    },
    /// Records that were written before it, and behind the one before it, are not there.
    Dropped {
        /// The number of the first.
        first: u64,
        /// The number of the last.
        last: u64,
    },
    /// It is the last line, and no line has the digest that was expected.
    NotExpected {
        /// The digest.
        expected: Digest,
    },
}

impl fmt::Display for Broken {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "line {} {}", self.line, self.kind)
    }
}

impl fmt::Display for BrokenKind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            BrokenKind::NoNewline => write!(formatter, "does not end with a newline: it was cut off"),
            BrokenKind::Blank => write!(formatter, "is blank"),
            BrokenKind::NoRecord { reason } => write!(formatter, "is not a record: {reason}"),
            BrokenKind::NotCanonical => {
                write!(formatter, "is not written as relplan writes a record: keys, numbers or spaces differ")
            }
            BrokenKind::NoPerson => write!(formatter, "has no `by` that names a person"),
            BrokenKind::TimeBackwards { before } => {
                write!(formatter, "has a `time` before that of line {before}")
            }
            BrokenKind::UnknownVersion { version } => write!(
                formatter,
                "is a record of version {version}, and only versions {OLDEST_VERSION} to {VERSION} are known"
            ),
            BrokenKind::WrongSequence { found, expected } => {
                write!(formatter, "has the sequence {found} in the place of {expected}")
            }
            BrokenKind::Changed { next } => {
                write!(formatter, "was changed: line {next} has another digest for it")
            }
            BrokenKind::ChangedOrNext { next } => {
                write!(formatter, "was changed, or line {next} was, which has another digest for it")
            }
            BrokenKind::FirstHasPrevious => {
                write!(formatter, "is the first record and has the digest of one before it")
            }
            BrokenKind::Repeats { other } => write!(formatter, "repeats line {other}"),
            BrokenKind::PutIn { other } => {
                write!(formatter, "was put in: line {other} was written behind the same line")
            }
            BrokenKind::Moved { behind: Some(behind) } => {
                write!(formatter, "was moved: it was written behind line {behind}")
            }
            BrokenKind::Moved { behind: None } => {
                write!(formatter, "was moved: it was written behind none of the lines")
            }
            BrokenKind::Dropped { first, last } if first == last => {
                write!(formatter, "does not follow the one before it: record {first} is missing")
            }
            BrokenKind::Dropped { first, last } => {
                write!(formatter, "does not follow the one before it: records {first} to {last} are missing")
            }
            BrokenKind::NotExpected { expected } => write!(
                formatter,
                "is the last, and no line has the digest {expected}: the line that had it was changed, or dropped from the end"
            ),
        }
    }
}

/// Holds every line of a log against those around it, and against a digest of one of them that was kept
/// elsewhere. Without one, what was done to the end of the log cannot be seen.
pub fn verify(log: &[u8], expected: Option<&Digest>) -> Result<Summary, Vec<Broken>> {
    let mut broken = Vec::new();
    let lines = lines(log, &mut broken);
    let records = records(&lines, &mut broken);
    let head = lines.last().map(|line| line.digest);
    let found = expected.and_then(|expected| lines.iter().rposition(|line| line.digest == *expected));
    if let (Some(expected), None) = (expected, found) {
        let line = lines.last().map_or(1, |line| line.number);
        broken.push(Broken { line, kind: BrokenKind::NotExpected { expected: *expected } });
    }
    Chain::new(&lines, found).check(expected.is_some() && found.is_none(), &mut broken);
    if broken.is_empty() {
        check_time(&lines, &records, &mut broken);
    }
    if broken.is_empty() {
        let behind_expected = found.map(|found| lines.len() - 1 - found);
        return Ok(Summary { records, head, behind_expected });
    }
    broken.sort();
    Err(broken)
}

/// A line that is not blank.
struct Line<'l> {
    number: usize,
    bytes: &'l [u8],
    digest: Digest,
    /// Its place in the chain, as it says itself.
    link: Option<Link>,
}

/// What makes the chain: the part of a record that is understood even if the rest of it is not.
#[derive(Debug, Clone, Copy, Deserialize)]
struct Link {
    version: u32,
    sequence: u64,
    // Named, so that it must be there.
    #[serde(deserialize_with = "Option::deserialize")]
    previous: Option<Digest>,
}

fn lines<'l>(log: &'l [u8], broken: &mut Vec<Broken>) -> Vec<Line<'l>> {
    let mut lines = Vec::new();
    let mut last = 0;
    for (number, line) in (1..).zip(log.split_inclusive(|byte| *byte == b'\n')) {
        last = number;
        let bytes = line.strip_suffix(b"\n").unwrap_or(line);
        // Git may check the file out with CR LF.
        let bytes = bytes.strip_suffix(b"\r").unwrap_or(bytes);
        if bytes.iter().all(u8::is_ascii_whitespace) {
            broken.push(Broken { line: number, kind: BrokenKind::Blank });
            continue;
        }
        let link = serde_json::from_slice(bytes).ok();
        lines.push(Line { number, bytes, digest: Digest::of(bytes), link });
    }
    if !log.is_empty() && !log.ends_with(b"\n") {
        broken.push(Broken { line: last, kind: BrokenKind::NoNewline });
    }
    lines
}

fn records(lines: &[Line<'_>], broken: &mut Vec<Broken>) -> Vec<Record> {
    let mut records = Vec::with_capacity(lines.len());
    for line in lines {
        let mut say = |kind| broken.push(Broken { line: line.number, kind });
        let record = match (line.link, serde_json::from_slice::<Record>(line.bytes)) {
            (Some(Link { version, .. }), _) if !(OLDEST_VERSION..=VERSION).contains(&version) => {
                say(BrokenKind::UnknownVersion { version });
                continue;
            }
            (_, Err(error)) => {
                say(BrokenKind::NoRecord { reason: reason(&error) });
                continue;
            }
            (_, Ok(record)) => record,
        };
        // Earlier versions did not promise what follows.
        if record.version == VERSION {
            if !record.line().is_ok_and(|own| own == line.bytes) {
                say(BrokenKind::NotCanonical);
            }
            if record.by.as_deref().is_none_or(is_no_person) {
                say(BrokenKind::NoPerson);
            }
        }
        records.push(record);
    }
    records
}

/// Time runs forward. Where lines were moved or put in, that is what is said.
fn check_time(lines: &[Line<'_>], records: &[Record], broken: &mut Vec<Broken>) {
    let by_clock = records.iter().zip(lines).filter(|(record, _)| record.has_clock_time());
    let mut before: Option<(&Record, &Line<'_>)> = None;
    for (record, line) in by_clock {
        if let Some((_, before)) = before.filter(|(before, _)| record.time < before.time) {
            broken.push(Broken {
                line: line.number,
                kind: BrokenKind::TimeBackwards { before: before.number },
            });
        }
        before = Some((record, line));
    }
}

/// Why a line is no record. For the parser every line is the first.
fn reason(error: &serde_json::Error) -> String {
    let text = error.to_string();
    let place = format!(" at line {} column {}", error.line(), error.column());
    match text.strip_suffix(&place) {
        Some(text) => format!("{text}, at column {}", error.column()),
        None => text,
    }
}

/// The lines in the order in which they were written, as far as their digests and numbers tell.
struct Chain<'c, 'l> {
    lines: &'c [Line<'l>],
    /// For each line the one that it was written behind, if that is there.
    parents: Vec<Option<usize>>,
    /// Whether a line was written behind it, or its digest was kept elsewhere.
    vouched: Vec<bool>,
    /// The copy that counts, for lines that repeat it.
    copies: Vec<Option<usize>>,
    /// Their numbers: by those that they were written behind, or as they say themselves. Lines that say
    /// nothing have none.
    ranks: Vec<Option<u64>>,
}

impl<'c, 'l> Chain<'c, 'l> {
    fn new(lines: &'c [Line<'l>], expected: Option<usize>) -> Self {
        let copies = copies(lines);
        let originals = lines.iter().enumerate().filter(|(index, _)| copies[*index].is_none());
        let by_digest: FxHashMap<Digest, usize> =
            originals.map(|(index, line)| (line.digest, index)).collect();
        let previous = |line: &Line<'_>| line.link.and_then(|link| link.previous);
        let parents: Vec<Option<usize>> =
            lines.iter().map(|line| by_digest.get(&previous(line)?).copied()).collect();
        let mut vouched = vec![false; lines.len()];
        let children = (0..lines.len()).filter(|index| copies[*index].is_none());
        for parent in children.filter_map(|index| parents[index]).chain(expected) {
            vouched[parent] = true;
        }
        let ranks = ranks(lines, &parents);
        Chain { lines, parents, vouched, copies, ranks }
    }

    fn check(&self, end_is_wrong: bool, broken: &mut Vec<Broken>) {
        for (index, copy) in self.copies.iter().enumerate() {
            if let Some(other) = copy {
                self.say(index, BrokenKind::Repeats { other: self.lines[*other].number }, broken);
            }
        }
        let order = self.by_rank(broken);
        self.check_places(&order, broken);
        self.check_links(&order, end_is_wrong, broken);
    }

    fn say(&self, index: usize, kind: BrokenKind, broken: &mut Vec<Broken>) {
        broken.push(Broken { line: self.lines[index].number, kind });
    }

    fn rank(&self, index: usize) -> u64 {
        self.ranks[index].unwrap_or_default()
    }

    /// The lines that have a number, each number once: of two, the one that others were written behind.
    fn by_rank(&self, broken: &mut Vec<Broken>) -> Vec<usize> {
        let known = |index: &usize| self.copies[*index].is_none() && self.ranks[*index].is_some();
        let mut order: Vec<usize> = (0..self.lines.len()).filter(known).collect();
        order.sort_by_key(|&index| (self.rank(index), !self.vouched[index], index));
        order.dedup_by(|index, kept| {
            let rival = self.rank(*index) == self.rank(*kept);
            if rival {
                self.say(*index, BrokenKind::PutIn { other: self.lines[*kept].number }, broken);
            }
            rival
        });
        order
    }

    /// Finds the fewest lines that must have been moved for the others to stand as they were written.
    fn check_places(&self, order: &[usize], broken: &mut Vec<Broken>) {
        let stayed = longest_increasing(order);
        for (place, &index) in order.iter().enumerate() {
            if !stayed[place] {
                let behind = self.parents[index].map(|parent| self.lines[parent].number);
                self.say(index, BrokenKind::Moved { behind }, broken);
            }
        }
    }

    /// Holds each line against the one that was written next, from the last to the first: what a line says
    /// of the one before it counts only if the line was not changed itself.
    fn check_links(&self, order: &[usize], end_is_wrong: bool, broken: &mut Vec<Broken>) {
        let mut changed = vec![false; self.lines.len()];
        if let Some(&last) = order.last() {
            changed[last] = end_is_wrong;
        }
        for &index in order {
            let (found, expected) = (self.sequence(index), self.rank(index));
            if found != expected {
                changed[index] = true;
                self.say(index, BrokenKind::WrongSequence { found, expected }, broken);
            }
        }
        let before = order.iter().rev().skip(1).copied().map(Some).chain([None]);
        for (&index, before) in order.iter().rev().zip(before) {
            let follows = match before {
                Some(before) => self.parents[index] == Some(before),
                None => self.previous(index).is_none(),
            };
            let gap = self.rank(index).saturating_sub(before.map_or(0, |before| self.rank(before)));
            match before {
                _ if follows => {}
                _ if gap > 1 => self.say_dropped(index, before, broken),
                _ if changed[index] => {}
                None => {
                    changed[index] = true;
                    self.say(index, BrokenKind::FirstHasPrevious, broken);
                }
                Some(before) if changed[before] => {}
                Some(before) => {
                    changed[before] = true;
                    let next = self.lines[index].number;
                    let kind = match self.vouched[index] {
                        true => BrokenKind::Changed { next },
                        false => BrokenKind::ChangedOrNext { next },
                    };
                    self.say(before, kind, broken);
                }
            }
        }
    }

    /// Says which records are missing before a line, unless a line that is no record stands there instead.
    fn say_dropped(&self, index: usize, before: Option<usize>, broken: &mut Vec<Broken>) {
        let start = before.map_or(0, |before| before + 1);
        if (start..index).any(|between| self.ranks[between].is_none()) {
            return;
        }
        let first = before.map_or(0, |before| self.rank(before)) + 1;
        let last = self.rank(index) - 1;
        self.say(index, BrokenKind::Dropped { first, last }, broken);
    }

    fn sequence(&self, index: usize) -> u64 {
        self.lines[index].link.map_or(0, |link| link.sequence)
    }

    fn previous(&self, index: usize) -> Option<Digest> {
        self.lines[index].link.and_then(|link| link.previous)
    }
}

/// For each line that repeats another, the other. Of several the one counts that stands behind the line that it
/// was written behind, or else the first.
fn copies(lines: &[Line<'_>]) -> Vec<Option<usize>> {
    let mut by_digest: FxHashMap<Digest, Vec<usize>> = FxHashMap::default();
    for (index, line) in lines.iter().enumerate() {
        by_digest.entry(line.digest).or_default().push(index);
    }
    let in_place = |index: &usize| {
        let previous = lines[*index].link.and_then(|link| link.previous);
        previous == index.checked_sub(1).map(|before| lines[before].digest)
    };
    let mut copies = vec![None; lines.len()];
    for group in by_digest.values().filter(|group| group.len() > 1) {
        let original = group.iter().copied().find(in_place).unwrap_or(group[0]);
        for &index in group.iter().filter(|index| **index != original) {
            copies[index] = Some(original);
        }
    }
    copies
}

/// The number of each line: one more than that of the line that it was written behind.
fn ranks(lines: &[Line<'_>], parents: &[Option<usize>]) -> Vec<Option<u64>> {
    let mut ranks = vec![None; lines.len()];
    for start in 0..lines.len() {
        // From the line to the first of its chain that has a number, and back. No chain of digests leads back to
        // its beginning.
        let way: Vec<usize> =
            std::iter::successors(Some(start), |&index| parents[index].filter(|_| ranks[index].is_none()))
                .collect();
        for &index in way.iter().rev().filter(|_| lines[start].link.is_some()) {
            if ranks[index].is_none() {
                ranks[index] = match (parents[index], lines[index].link) {
                    (None, Some(Link { previous: None, .. })) => Some(1),
                    (parent, link) => {
                        let behind = parent.and_then(|parent| ranks[parent]);
                        behind.map(|rank: u64| rank.saturating_add(1)).or(link.map(|link| link.sequence))
                    }
                };
            }
        }
    }
    ranks
}

/// Which members of a sequence of different numbers belong to the longest part of it that only rises; of several
/// the one with the most members in their own place, so that of two that were swapped neither seems to have
/// stayed.
fn longest_increasing(numbers: &[usize]) -> Vec<bool> {
    if numbers.is_sorted() {
        return vec![true; numbers.len()];
    }
    let mut sorted = numbers.to_vec();
    sorted.sort_unstable();
    let mut best = Prefixes::new(numbers.len());
    let mut before = Vec::with_capacity(numbers.len());
    for (place, number) in numbers.iter().enumerate() {
        let position = sorted.partition_point(|other| other < number);
        let (length, in_place, last) = best.of_first(position);
        before.push(last);
        best.put(position, (length + 1, in_place + usize::from(position == place), Some(place)));
    }
    let mut chosen = vec![false; numbers.len()];
    let (_, _, last) = best.of_first(numbers.len());
    let parts = std::iter::successors(last, |&place| before[place]);
    parts.for_each(|place| chosen[place] = true);
    chosen
}

/// A part of a sequence: how long it is, how many of it are in their own place, and where it ends.
type Part = (usize, usize, Option<usize>);

/// The best part that ends at one of the first so many positions: a Fenwick tree.
struct Prefixes(Vec<Part>);

impl Prefixes {
    fn new(length: usize) -> Self {
        Prefixes(vec![(0, 0, None); length + 1])
    }

    fn of_first(&self, count: usize) -> Part {
        let nodes = std::iter::successors(Some(count), |node| Some(node & node.saturating_sub(1)))
            .take_while(|node| *node > 0);
        nodes.map(|node| self.0[node]).max().unwrap_or_default()
    }

    fn put(&mut self, position: usize, part: Part) {
        let mut node = position + 1;
        while let Some(known) = self.0.get_mut(node) {
            *known = part.max(*known);
            node += node & node.wrapping_neg();
        }
    }
}
