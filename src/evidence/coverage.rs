//! What several coverage reports say of one source file, joined.
//!
//! Lines and branches are joined as a union: what any report covers is covered, and what two reports name
//! counts once. Of one place that names a line twice the worse counts. Which names are those of one file is settled in
//! [`files`].

mod files;
pub(super) mod totals;

pub(super) use files::is_absolute;

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::{EvidenceDefect, FileCoverage, Ratio, Report, ReportIndex, StatedBeyond};
use crate::source::{SourceMap, Span};

/// What one report says of one source file.
#[derive(Debug)]
pub(super) struct Record<'s> {
    pub report: ReportIndex,
    pub span: Span,
    /// The path of the source file, as the report writes it.
    pub path: Cow<'s, str>,
    /// The folder that the path is below, if the report names one.
    pub root: Option<Cow<'s, str>>,
    /// Whether the path means the same file everywhere although it has no root: an import path of Go.
    pub is_global: bool,
    /// What keeps equal relative paths of one report apart: the group of JaCoCo, the package of Cobertura.
    pub module: Cow<'s, str>,
    pub package: Option<Cow<'s, str>>,
    /// Lines, and whether they were executed. A line may be listed several times.
    pub lines: Vec<(u32, bool)>,
    /// Blocks of statements of Go, and whether they were executed.
    pub blocks: Vec<(Block, bool)>,
    /// Branches of LCOV by line, block and name, and whether they were taken.
    pub branches: Vec<(Branch<'s>, bool)>,
    /// Branches of Cobertura, JaCoCo and Clover by line: so many of so many.
    pub conditions: Vec<(u32, Ratio)>,
    /// Its totals, where it lists no lines.
    pub stated_lines: Option<Ratio>,
    /// Its totals, where it lists no branches.
    pub stated_branches: Option<Ratio>,
    /// Its totals, where they may be worse than the lines that it lists.
    pub total_lines: Option<Totals>,
    /// Its totals, where they may be worse than the branches that it lists.
    pub total_branches: Option<Totals>,
}

/// Totals that count although what they count is listed.
#[derive(Debug, Clone, Copy)]
pub(super) struct Totals {
    /// As they are stated.
    stated: Ratio,
    /// What they state beyond what their report lists.
    beyond: StatedBeyond,
}

impl Totals {
    pub fn new(stated: Ratio, listed: Ratio) -> Self {
        Totals { stated, beyond: StatedBeyond::of(stated, listed) }
    }

    fn larger(first: Option<Self>, second: Option<Self>) -> Option<Self> {
        match (first, second) {
            (Some(first), Some(second)) => Some(Totals {
                stated: larger(Some(first.stated), Some(second.stated)).unwrap_or_default(),
                beyond: first.beyond.larger(second.beyond),
            }),
            _ => first.or(second),
        }
    }

    /// What is left of it where other reports list more.
    fn beyond(self, joined: Ratio) -> StatedBeyond {
        let left = StatedBeyond::of(self.stated, joined);
        StatedBeyond { total: left.total.min(self.beyond.total), missed: left.missed.min(self.beyond.missed) }
    }
}

/// A branch: its line, its block, its name.
pub(super) type Branch<'s> = (u32, &'s str, &'s str);

/// A block of statements: where it begins and ends, line and column, and how many statements it has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Block {
    pub place: [u32; 4],
    pub statements: u32,
}

impl<'s> Record<'s> {
    /// A record that says nothing yet.
    pub fn new(report: ReportIndex, span: Span, path: Cow<'s, str>, package: Option<Cow<'s, str>>) -> Self {
        Record {
            report,
            span,
            path,
            root: None,
            is_global: false,
            module: Cow::Borrowed(""),
            package,
            lines: Vec::new(),
            blocks: Vec::new(),
            branches: Vec::new(),
            conditions: Vec::new(),
            stated_lines: None,
            stated_branches: None,
            total_lines: None,
            total_branches: None,
        }
    }

    /// Its lines, each once; for Go, its statements. Of a file that is measured in both, the lower share counts: what
    /// they have in common is not known.
    pub fn line_ratio(&mut self) -> Ratio {
        let lines = join_pairs(&mut self.lines);
        let statements = join_blocks(&mut self.blocks);
        match (lines.total, statements.total) {
            (_, 0) => lines,
            (0, _) => statements,
            _ => lines.lower(statements),
        }
    }

    /// Settles what one place lists several times: of a line of which a part was missed, not all was executed. Says how
    /// many lines there are, and of how many any part was executed.
    pub fn settle(&mut self) -> Ratio {
        keep_worse(&mut self.branches);
        keep_worse(&mut self.lines)
    }

    /// Its branches, each once; nothing if it counts none.
    pub fn branch_ratio(&mut self) -> Option<Ratio> {
        let by_line = by_line(&mut self.branches, &self.conditions);
        let sum = by_line.values().fold(Ratio::default(), |sum, ratio| sum.plus(*ratio));
        (!by_line.is_empty()).then_some(sum)
    }

    /// Whether it lists or states anything of lines.
    pub fn counts_lines(&self) -> bool {
        !self.lines.is_empty() || !self.blocks.is_empty() || self.stated_lines.is_some()
    }

    fn add(&mut self, other: Record<'s>) {
        self.lines.extend(other.lines);
        self.blocks.extend(other.blocks);
        self.branches.extend(other.branches);
        self.conditions.extend(other.conditions);
        self.package = self.package.take().or(other.package);
        self.stated_lines = larger(self.stated_lines, other.stated_lines);
        self.stated_branches = larger(self.stated_branches, other.stated_branches);
        self.total_lines = Totals::larger(self.total_lines, other.total_lines);
        self.total_branches = Totals::larger(self.total_branches, other.total_branches);
    }
}

impl Ratio {
    /// Both together.
    #[must_use]
    pub fn plus(self, other: Ratio) -> Ratio {
        Ratio {
            covered: self.covered.saturating_add(other.covered),
            total: self.total.saturating_add(other.total),
        }
    }

    /// The one with the lower share.
    pub(super) fn lower(self, other: Ratio) -> Ratio {
        let share = |ratio: Ratio, whole: u64| u128::from(ratio.covered) * u128::from(whole);
        if share(self, other.total) <= share(other, self.total) { self } else { other }
    }

    /// How many do not fit.
    pub(super) fn missed(self) -> u64 {
        self.total.saturating_sub(self.covered)
    }
}

impl StatedBeyond {
    /// What totals state beyond what is counted.
    pub(super) fn of(stated: Ratio, counted: Ratio) -> Self {
        StatedBeyond {
            total: stated.total.saturating_sub(counted.total),
            missed: stated.missed().saturating_sub(counted.missed()),
        }
    }

    /// Of two reports it is not known what they have in common: the larger counts.
    fn larger(self, other: Self) -> Self {
        StatedBeyond { total: self.total.max(other.total), missed: self.missed.max(other.missed) }
    }

    /// The two added up.
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        StatedBeyond {
            total: self.total.saturating_add(other.total),
            missed: self.missed.saturating_add(other.missed),
        }
    }

    /// What is counted, with this added.
    #[must_use]
    pub fn applied_to(self, counted: Ratio) -> Ratio {
        let total = counted.total.saturating_add(self.total);
        let missed = counted.missed().saturating_add(self.missed);
        Ratio { covered: total.saturating_sub(missed), total }
    }
}

/// Of two totals without lines it is not known what they have in common: the larger counts.
fn larger(first: Option<Ratio>, second: Option<Ratio>) -> Option<Ratio> {
    match (first, second) {
        (Some(first), Some(second)) => {
            Some(Ratio { covered: first.covered.max(second.covered), total: first.total.max(second.total) })
        }
        _ => first.or(second),
    }
}

/// Each block once, with the number of its statements.
fn join_blocks(blocks: &mut Vec<(Block, bool)>) -> Ratio {
    blocks.sort_unstable_by(|first, second| first.0.cmp(&second.0).then(second.1.cmp(&first.1)));
    blocks.dedup_by_key(|(block, _)| *block);
    blocks.iter().fold(Ratio::default(), |sum, (block, executed)| {
        let statements = u64::from(block.statements);
        sum.plus(Ratio { covered: if *executed { statements } else { 0 }, total: statements })
    })
}

/// Sorts, keeps each key once with whether all of it holds, and counts the keys, and those of which any does.
fn keep_worse<K: Ord + Copy>(pairs: &mut Vec<(K, bool)>) -> Ratio {
    pairs.sort_unstable();
    let holds = |pairs: &[(K, bool)]| u64::from(pairs.iter().any(|(_, holds)| *holds));
    let of_each = pairs.chunk_by(|first, second| first.0 == second.0);
    let any = of_each.fold(Ratio::default(), |sum, each| sum.plus(Ratio { covered: holds(each), total: 1 }));
    // Of equal keys the one that does not hold comes first and stays.
    pairs.dedup_by_key(|pair| pair.0);
    any
}

/// Sorts, keeps each key once with whether any of it holds, and counts.
fn join_pairs<K: Ord + Copy>(pairs: &mut Vec<(K, bool)>) -> Ratio {
    // Of equal keys the one that holds comes first and stays.
    pairs.sort_unstable_by(|first, second| first.0.cmp(&second.0).then(second.1.cmp(&first.1)));
    pairs.dedup_by_key(|pair| pair.0);
    let covered = pairs.iter().filter(|pair| pair.1).count() as u64;
    Ratio { covered, total: pairs.len() as u64 }
}

/// How many branches each line has, and how many of them were taken. What LCOV and Cobertura say of the
/// same line cannot be matched branch by branch: the larger counts.
fn by_line(branches: &mut Vec<(Branch<'_>, bool)>, conditions: &[(u32, Ratio)]) -> BTreeMap<u32, Ratio> {
    join_pairs(branches);
    let mut lines: BTreeMap<u32, Ratio> = BTreeMap::new();
    for ((line, ..), taken) in branches.iter() {
        let ratio = lines.entry(*line).or_default();
        *ratio = ratio.plus(Ratio { covered: u64::from(*taken), total: 1 });
    }
    for (line, condition) in conditions {
        let ratio = lines.entry(*line).or_default();
        *ratio = larger(Some(*ratio), Some(*condition)).unwrap_or_default();
    }
    lines
}

/// Joins the records that name the same source file; sorted by its path. Where it is not known whether two names are
/// those of one file, that is a defect. The totals of branches are those of whole reports, in their order.
pub(super) fn join<'s>(
    records: Vec<Record<'s>>,
    reports: &mut [Report<'_>],
    branches: &[Option<Totals>],
    sources: &SourceMap,
    defects: &mut Vec<EvidenceDefect>,
) -> Vec<FileCoverage<'s>> {
    let names = files::Names::new(&records, reports, sources);
    names.defects(&records, reports, defects);
    let mut files: BTreeMap<files::Identity, Joined<'s>> = BTreeMap::new();
    for (record, identity) in records.into_iter().zip(names.identities) {
        let path = files::normalised(&record.path).into_owned();
        match files.get_mut(&identity) {
            Some(joined) => joined.add(path, record),
            None => {
                let reports = vec![record.report];
                files.insert(identity, Joined { path, record, reports });
            }
        }
    }
    let mut files: Vec<FileCoverage<'s>> = files.into_values().map(Joined::file).collect();
    files.sort_by(|first, second| first.path.cmp(&second.path));
    for ((index, report), totals) in (0..).map(ReportIndex).zip(reports).zip(branches) {
        let Some(totals) = totals else { continue };
        let named = files.iter().filter(|file| file.reports.contains(&index));
        let joined = named.filter_map(|file| file.branches).fold(Ratio::default(), Ratio::plus);
        report.beyond_branches = totals.beyond(joined);
    }
    files
}

/// The records of one source file.
struct Joined<'s> {
    path: String,
    record: Record<'s>,
    reports: Vec<ReportIndex>,
}

impl<'s> Joined<'s> {
    fn add(&mut self, path: String, record: Record<'s>) {
        // A relative path says more about where in the project a file is.
        if files::is_absolute(&self.path) && !files::is_absolute(&path) {
            self.path = path;
        }
        // The records of one report come one after the other.
        if self.reports.last() != Some(&record.report) {
            self.reports.push(record.report);
        }
        self.record.add(record);
    }

    fn file(self) -> FileCoverage<'s> {
        let Joined { path, mut record, reports } = self;
        let counted = Some(record.line_ratio()).filter(|counted| counted.total > 0);
        let lines = larger(counted, record.stated_lines).unwrap_or_default();
        let branches = larger(record.branch_ratio(), record.stated_branches);
        let with_totals = |ratio: Ratio, totals: Option<Totals>| {
            totals.map_or(ratio, |totals| totals.beyond(ratio).applied_to(ratio))
        };
        let branches = branches.map(|branches| with_totals(branches, record.total_branches));
        let branches = branches.filter(|branches| branches.total > 0);
        let folder = || Cow::Owned(path.rsplit_once('/').map_or("", |(folder, _)| folder).to_owned());
        let package = record.package.take().filter(|package| !package.is_empty()).unwrap_or_else(folder);
        FileCoverage {
            reports,
            span: record.span,
            package,
            path: Cow::Owned(path),
            lines: with_totals(lines, record.total_lines),
            branches,
        }
    }
}
