//! What came of checking plans: one, or several whose findings are shown together.

use crate::finding::{Denominator, Finding, Label};
use crate::source::{FileId, SourceMap, Span};
use crate::views::base::{BaseView, SinceView};

/// What was found in one plan.
#[derive(Debug)]
pub struct Found {
    /// What was found, by file, place and code.
    pub findings: Vec<Finding>,
    /// What was looked at.
    pub denominator: Denominator,
    /// The places of secrets.
    pub masked: Vec<Span>,
    /// How the plan compares with that of the base, if it was compared.
    pub base: Option<BaseView>,
    /// The commit whose findings are left out, if there is one.
    pub since: Option<SinceView>,
    /// How many findings there are in files that were not named.
    pub unnamed: usize,
}

impl Found {
    /// The same with the texts that the findings point into.
    pub fn with_sources(self, sources: SourceMap) -> Checked {
        let Found { findings, denominator, masked, base, since, unnamed } = self;
        let is_empty = denominator.entries == 0;
        Checked { sources, findings, denominator, masked, base, since, unnamed, is_empty }
    }
}

/// What came of a check of one or several plans.
#[derive(Debug)]
pub struct Checked {
    /// Every text that a finding may point into.
    pub sources: SourceMap,
    /// What was found, by file, place and code.
    pub findings: Vec<Finding>,
    /// What was looked at.
    pub denominator: Denominator,
    /// The places of secrets.
    pub masked: Vec<Span>,
    /// How the plan compares with that of the base, if it was compared.
    pub base: Option<BaseView>,
    /// The commit whose findings are left out, if there is one.
    pub since: Option<SinceView>,
    /// How many findings there are in files that were not named.
    pub unnamed: usize,
    /// Whether one of the plans has no entry.
    pub is_empty: bool,
}

impl Checked {
    /// Adds what came of another plan. A finding about a plan as a whole gets the beginning of its first file as its
    /// place: which of the plans it is about must be seen.
    pub fn add(&mut self, mut other: Checked) {
        place_all(&mut self.findings, &self.sources);
        place_all(&mut other.findings, &other.sources);
        let offset = self.sources.append(other.sources);
        other.findings.iter_mut().for_each(|finding| finding.move_by(offset));
        self.findings.append(&mut other.findings);
        self.masked.extend(other.masked.iter().map(|span| span.moved(offset)));
        self.denominator.add(other.denominator);
        self.base = match (self.base.take(), other.base) {
            (Some(first), Some(second)) => Some(first.joined(second)),
            (first, second) => first.or(second),
        };
        if let (Some(since), Some(other)) = (&mut self.since, other.since) {
            since.known += other.known;
        }
        self.unnamed += other.unnamed;
        self.is_empty |= other.is_empty;
    }
}

/// Gives findings without a place the beginning of the first file.
fn place_all(findings: &mut [Finding], sources: &SourceMap) {
    if sources.iter().next().is_none() {
        return;
    }
    for finding in findings.iter_mut().filter(|finding| finding.labels.is_empty()) {
        finding.labels.push(Label { span: Span::new(FileId(0), 0, 0), text: String::new() });
    }
}
