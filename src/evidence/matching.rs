//! Which results of tests prove which TEST entries.
//!
//! A case proves an entry in one of three ways, the strongest that finds something: its name, class, file or
//! properties name the id of the entry; a `match` pattern of the entry fits its name; or its file or class is the
//! `automation` of the entry. No case is dropped: what names an id that no entry has, what fits several entries,
//! and what fits none is kept as such, and proves nothing.

mod ids;
mod paths;
mod patterns;
mod result;

use std::borrow::Cow;

use rayon::prelude::*;

use super::{Case, CaseIndex, Evidence};
use crate::model::test::Test;
use crate::model::{EntryIndex, Id, Kind, Plan, Prefix, same_folded};
use ids::{NamedId, Scanner};
use paths::{Automation, Paths};
use patterns::{Names, Patterns};

pub use result::{Attempts, Contradiction, Counts, TestResult, TestVerdict, Times};

/// How many entries are kept of those that a case fits: enough to tell what is wrong.
const FEW: usize = 16;

/// Names of properties that hold ids of tests, folded. A value of any other counts only if it is an id and
/// nothing else.
const ID_PROPERTIES: &[&str] = &[
    "id",
    "ids",
    "test",
    "tests",
    "testid",
    "testids",
    "testkey",
    "testkeys",
    "testcase",
    "testcases",
    "testcaseid",
    "relplan",
    "requirement",
    "requirements",
    "covers",
    "verifies",
];

/// In which way a case proves an entry, the strongest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MatchStrength {
    /// It names the id of the entry.
    Id,
    /// A `match` pattern of the entry fits its name.
    Pattern,
    /// Its file or class is the `automation` of the entry.
    Automation,
}

/// What a case has to do with the entries of a plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CaseMatch<'m> {
    /// It proves these entries: one, or every one whose id it names.
    Proves(MatchStrength, &'m [EntryIndex]),
    /// It fits these entries and perhaps more, by patterns or paths, so that it proves none of them.
    Ambiguous(MatchStrength, &'m [EntryIndex]),
    /// It names ids, and no entry has any of them.
    Unknown,
    /// Nothing about it fits any entry.
    Unmatched,
}

/// How many cases there are of each kind. Together they are all.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct MatchSummary {
    /// Cases that prove an entry.
    pub matched: usize,
    /// Cases that fit several entries by patterns or paths.
    pub ambiguous: usize,
    /// Cases that name only ids that no entry has.
    pub unknown: usize,
    /// Cases that fit nothing.
    pub unmatched: usize,
}

/// Which cases prove which entries.
#[derive(Debug, Default)]
pub struct TestMatches {
    rows: Vec<Row>,
    /// The entries of all rows, one row after the other.
    entries: Vec<EntryIndex>,
    /// Ids that no entry has, in the order of the cases that name them.
    unknown: Vec<(CaseIndex, Id)>,
    /// In the order of the entries.
    results: Vec<(EntryIndex, TestResult)>,
    /// Of every entry where its result stands among them; beyond the last if it has none.
    places: Vec<u32>,
}

#[derive(Debug, Clone, Copy)]
struct Row {
    fate: Fate,
    /// Where its entries end; they begin where those of the row before do.
    end: usize,
}

#[derive(Debug, Clone, Copy)]
enum Fate {
    Proves(MatchStrength),
    Ambiguous(MatchStrength),
    Unknown,
    Unmatched,
}

impl TestMatches {
    /// Matches every case with the TEST entries of a plan.
    pub fn new(plan: &Plan<'_>, evidence: &Evidence<'_>) -> TestMatches {
        // Most runs look at the plan alone, and need no index of paths and patterns.
        if evidence.cases.is_empty() {
            return TestMatches::default();
        }
        let automations: Vec<Automation<'_>> = tests(plan)
            .filter_map(|(entry, test)| Some(Automation::new(&test.automation.as_ref()?.value, entry)))
            .collect();
        let patterns =
            tests(plan).flat_map(|(entry, test)| test.matches.iter().map(move |it| (&*it.value, entry)));
        let index = Index {
            plan,
            scanner: Scanner::new(),
            patterns: Patterns::new(patterns),
            paths: Paths::new(&automations),
        };
        let chunks: Vec<&[Case<'_>]> =
            evidence.cases.pieces().iter().flat_map(|piece| piece.chunks(PART)).collect();
        let parts: Vec<Part> =
            chunks.into_par_iter().map(|cases| Matcher::new(&index).look_at_all(cases)).collect();
        let mut matches = TestMatches { rows: Vec::with_capacity(evidence.cases.len()), ..Self::default() };
        parts.into_iter().for_each(|part| matches.take(part));
        matches.judge(evidence, plan.entries().len());
        matches
    }

    /// Adds what was found of the cases that come next.
    fn take(&mut self, part: Part) {
        let (first, start) = (self.rows.len(), self.entries.len());
        let case = |index| CaseIndex(u32::try_from(first + index).unwrap_or(u32::MAX));
        self.unknown.extend(part.unknown.into_iter().map(|(index, id)| (case(index), id)));
        self.rows.extend(part.rows.into_iter().map(|row| Row { end: start + row.end, ..row }));
        self.entries.extend(part.entries);
    }

    /// Works out the result of every entry that a case proves something about.
    fn judge(&mut self, evidence: &Evidence<'_>, entries: usize) {
        let proofs = Proofs::new(self, entries);
        let results = (0..entries).into_par_iter().with_min_len(FEW_RESULTS).filter_map(|entry| {
            let cases = proofs.of(entry);
            let index = EntryIndex(u32::try_from(entry).unwrap_or(u32::MAX));
            (!cases.is_empty()).then(|| (index, TestResult::new(evidence, cases.to_vec())))
        });
        self.results = results.collect();
        self.places = vec![u32::MAX; entries];
        for (place, (entry, _)) in (0..).zip(&self.results) {
            self.places[entry.0 as usize] = place;
        }
    }

    /// What a case has to do with the plan.
    pub fn of_case(&self, case: CaseIndex) -> CaseMatch<'_> {
        let index = case.0 as usize;
        let start = index.checked_sub(1).map_or(0, |before| self.rows[before].end);
        let Row { fate, end } = self.rows[index];
        let entries = &self.entries[start..end];
        match fate {
            Fate::Proves(way) => CaseMatch::Proves(way, entries),
            Fate::Ambiguous(way) => CaseMatch::Ambiguous(way, entries),
            Fate::Unknown => CaseMatch::Unknown,
            Fate::Unmatched => CaseMatch::Unmatched,
        }
    }

    /// Every case with each entry that it proves.
    fn proofs(&self) -> impl Iterator<Item = (CaseIndex, EntryIndex)> {
        self.cases().flat_map(|(case, found)| {
            let entries = match found {
                CaseMatch::Proves(_, entries) => entries,
                _ => &[],
            };
            entries.iter().map(move |entry| (case, *entry))
        })
    }

    /// Every case with what it has to do with the plan, in the order of the cases.
    pub fn cases(&self) -> impl Iterator<Item = (CaseIndex, CaseMatch<'_>)> {
        (0..).map(CaseIndex).take(self.rows.len()).map(|case| (case, self.of_case(case)))
    }

    /// What cases say about an entry; nothing if none proves it.
    pub fn result(&self, entry: EntryIndex) -> Option<&TestResult> {
        self.placed(entry).map(|(_, result)| result)
    }

    /// The same, with its position among [the results](Self::results).
    pub fn placed(&self, entry: EntryIndex) -> Option<(usize, &TestResult)> {
        let place = *self.places.get(entry.0 as usize)? as usize;
        self.results.get(place).map(|(_, result)| (place, result))
    }

    /// The result of every entry that has one, in the order of the entries.
    pub fn results(&self) -> impl Iterator<Item = (EntryIndex, &TestResult)> {
        self.results.iter().map(|(entry, result)| (*entry, result))
    }

    /// Ids that cases name and no entry has, in the order of the cases. A case may name others that entries
    /// have, and prove those.
    pub fn unknown_ids(&self) -> &[(CaseIndex, Id)] {
        &self.unknown
    }

    /// The cases that fit several entries, and these, or the first few of them.
    pub fn ambiguous(&self) -> impl Iterator<Item = (CaseIndex, MatchStrength, &[EntryIndex])> {
        self.cases().filter_map(|(case, found)| match found {
            CaseMatch::Ambiguous(way, entries) => Some((case, way, entries)),
            _ => None,
        })
    }

    /// The cases that fit nothing.
    pub fn unmatched(&self) -> impl Iterator<Item = CaseIndex> {
        self.cases().filter(|(_, found)| *found == CaseMatch::Unmatched).map(|(case, _)| case)
    }

    /// How many cases there are of each kind.
    pub fn summary(&self) -> MatchSummary {
        let mut summary = MatchSummary::default();
        for row in &self.rows {
            *match row.fate {
                Fate::Proves(_) => &mut summary.matched,
                Fate::Ambiguous(_) => &mut summary.ambiguous,
                Fate::Unknown => &mut summary.unknown,
                Fate::Unmatched => &mut summary.unmatched,
            } += 1;
        }
        summary
    }
}

/// The cases that prove each entry, one entry after the other.
struct Proofs {
    cases: Vec<CaseIndex>,
    /// Where those of each entry end.
    ends: Vec<usize>,
}

impl Proofs {
    fn new(matches: &TestMatches, entries: usize) -> Self {
        let mut ends = vec![0; entries];
        for (_, entry) in matches.proofs() {
            ends[entry.0 as usize] += 1;
        }
        let mut before = 0;
        for end in &mut ends {
            before += std::mem::replace(end, before);
        }
        // So far each is where those of its entry begin; with every case it moves on to where they end.
        let mut cases = vec![CaseIndex(0); before];
        for (case, entry) in matches.proofs() {
            let next = &mut ends[entry.0 as usize];
            cases[*next] = case;
            *next += 1;
        }
        Proofs { cases, ends }
    }

    /// The cases that prove an entry, in their order.
    fn of(&self, entry: usize) -> &[CaseIndex] {
        let start = entry.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.cases[start..self.ends[entry]]
    }
}

impl MatchSummary {
    /// How many cases there are in all.
    pub fn cases(&self) -> usize {
        self.matched + self.ambiguous + self.unknown + self.unmatched
    }
}

/// The entries of the family of tests; of several with one id the first.
fn tests<'p>(plan: &'p Plan<'p>) -> impl Iterator<Item = (EntryIndex, &'p Test<'p>)> {
    let family = Prefix::new("TEST").map_or(&[][..], |prefix| plan.family(prefix));
    family.iter().filter_map(|&index| match &plan.entry(index).kind {
        Kind::Test(test) => Some((index, &**test)),
        _ => None,
    })
}

/// The entries that a case fits, each once, and no more than a few.
#[derive(Debug, Default)]
struct Found {
    entries: Vec<EntryIndex>,
}

impl Found {
    fn add(&mut self, entry: EntryIndex) {
        if self.entries.len() < FEW && !self.entries.contains(&entry) {
            self.entries.push(entry);
        }
    }
}

/// How many cases are looked at in one go, side by side with others.
const PART: usize = 4096;

/// So few entries are judged in one go.
const FEW_RESULTS: usize = 256;

/// Everything that cases are held against.
struct Index<'p> {
    plan: &'p Plan<'p>,
    scanner: Option<Scanner>,
    patterns: Patterns<'p>,
    paths: Paths<'p>,
}

/// What was found of some of the cases, counted from the first of them.
#[derive(Default)]
struct Part {
    rows: Vec<Row>,
    entries: Vec<EntryIndex>,
    unknown: Vec<(usize, Id)>,
}

/// Holds one case after the other against the index.
struct Matcher<'i, 'e> {
    index: &'i Index<'i>,
    ids: Ids<'i, 'e>,
    names: Names,
    /// The file and the class of the case before, and the automations that fit them.
    place: (Option<&'e str>, &'e str),
    automations: Vec<usize>,
    found: Found,
}

impl<'i, 'e> Matcher<'i, 'e> {
    fn new(index: &'i Index<'i>) -> Self {
        Matcher {
            index,
            ids: Ids::new(index.plan, index.scanner),
            names: Names::default(),
            place: (None, ""),
            automations: Vec::new(),
            found: Found::default(),
        }
    }

    fn look_at_all(mut self, cases: &'e [Case<'_>]) -> Part {
        let mut part = Part::default();
        for (index, case) in cases.iter().enumerate() {
            let fate = self.look_at(case);
            part.unknown.extend(self.ids.unknown.iter().map(|id| (index, *id)));
            part.entries.extend(&self.found.entries);
            part.rows.push(Row { fate, end: part.entries.len() });
        }
        part
    }

    /// What becomes of a case; the entries are left in `found`.
    fn look_at(&mut self, case: &'e Case<'_>) -> Fate {
        let Index { patterns, paths, .. } = self.index;
        self.found.entries.clear();
        self.ids.find(case, &mut self.found.entries);
        if !self.found.entries.is_empty() {
            return Fate::Proves(MatchStrength::Id);
        }
        // An id that is misspelt must not prove what the file or a pattern happens to fit.
        if !self.ids.unknown.is_empty() {
            return Fate::Unknown;
        }
        if patterns.is_empty() && paths.is_empty() {
            return Fate::Unmatched;
        }
        self.names.set(case);
        patterns.find(&mut self.names, &mut self.found);
        if let Some(fate) = self.fate(MatchStrength::Pattern) {
            return fate;
        }
        let place = (case.file.as_deref(), &*case.class);
        if self.place != place {
            self.place = place;
            self.automations = paths.of_file_or_class(place.0, place.1);
        }
        paths.find(&self.automations, &self.names, &mut self.found);
        self.fate(MatchStrength::Automation).unwrap_or(Fate::Unmatched)
    }

    fn fate(&mut self, way: MatchStrength) -> Option<Fate> {
        self.found.entries.sort_unstable();
        match self.found.entries.len() {
            0 => None,
            1 => Some(Fate::Proves(way)),
            _ => Some(Fate::Ambiguous(way)),
        }
    }
}

/// Finds the entries whose ids a case names.
struct Ids<'p, 'e> {
    plan: &'p Plan<'p>,
    scanner: Option<Scanner>,
    // Cases of one class or file follow each other, so that the last one is mostly the next.
    class: Remembered<'e>,
    file: Remembered<'e>,
    namings: Vec<NamedId>,
    /// Ids of the last case that no entry has.
    unknown: Vec<Id>,
}

/// The ids in the text that was looked at last.
#[derive(Default)]
struct Remembered<'e> {
    text: &'e str,
    namings: Vec<NamedId>,
}

impl<'e> Remembered<'e> {
    fn of(&mut self, text: &'e str, scanner: Scanner) -> &[NamedId] {
        if self.text != text {
            self.text = text;
            self.namings.clear();
            scanner.find(text, &mut self.namings);
        }
        &self.namings
    }
}

impl<'p, 'e> Ids<'p, 'e> {
    fn new(plan: &'p Plan<'p>, scanner: Option<Scanner>) -> Self {
        Ids {
            plan,
            scanner,
            class: Remembered::default(),
            file: Remembered::default(),
            namings: Vec::new(),
            unknown: Vec::new(),
        }
    }

    /// Adds the entries whose ids a case names, however many these are.
    fn find(&mut self, case: &'e Case<'_>, entries: &mut Vec<EntryIndex>) {
        self.unknown.clear();
        let Some(scanner) = self.scanner else { return };
        self.namings.clear();
        scanner.find(&case.name, &mut self.namings);
        self.namings.extend(self.class.of(&case.class, scanner));
        if let Some(file) = &case.file {
            self.namings.extend(self.file.of(file, scanner));
        }
        for (name, value) in &case.properties {
            find_in_property(scanner, name, value, &mut self.namings);
        }
        // The suite speaks for its cases where nothing nearer does.
        if self.namings.is_empty()
            && let Some(suite) = case.suite
        {
            scanner.find(suite, &mut self.namings);
        }
        for naming in &self.namings {
            let width = |entry| self.plan.entry(entry).id.value.width;
            match self.plan.find(naming.id) {
                Some(entry) if naming.sure || naming.id.width == width(entry) => entries.push(entry),
                None if naming.sure => self.unknown.push(naming.id),
                // In small letters it may be any name, unless the plan writes just that number.
                _ => {}
            }
        }
        entries.sort_unstable();
        entries.dedup();
        self.unknown.sort_unstable();
        self.unknown.dedup();
    }
}

fn find_in_property(scanner: Scanner, name: &str, value: &str, namings: &mut Vec<NamedId>) {
    if ID_PROPERTIES.iter().any(|known| same_folded(known, name)) {
        scanner.find(value, namings);
    } else {
        namings.extend(scanner.whole(value));
    }
}

/// A name with dots between its parts, whether it is written with dots or with double colons.
fn dotted(name: &str) -> Cow<'_, str> {
    match memchr::memchr(b':', name.as_bytes()) {
        Some(colon) if name[colon..].contains("::") => Cow::Owned(name.replace("::", ".")),
        _ => Cow::Borrowed(name),
    }
}

#[cfg(test)]
mod tests;
