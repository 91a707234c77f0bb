//! What several coverage reports say of one source file, joined.
//!
//! Lines and branches are joined as a union: what any report covers is covered, and what two reports name
//! counts once.

use std::borrow::Cow;
use std::collections::BTreeMap;

use rustc_hash::FxHashMap;

use super::{FileCoverage, Ratio, ReportIndex};
use crate::source::Span;

/// What one report says of one source file.
#[derive(Debug)]
pub(super) struct Record<'s> {
    pub report: ReportIndex,
    pub span: Span,
    pub path: Cow<'s, str>,
    pub package: Option<Cow<'s, str>>,
    /// Lines, and whether they were run through. A line may stand there several times.
    pub lines: Vec<(u32, bool)>,
    /// Branches of LCOV by line, block and name, and whether they were taken.
    pub branches: Vec<(Branch<'s>, bool)>,
    /// Branches of Cobertura by line: so many of so many.
    pub conditions: Vec<(u32, Ratio)>,
    /// What it says in all.
    pub stated_lines: Option<Ratio>,
    pub stated_branches: Option<Ratio>,
}

/// A branch: its line, its block, its name.
pub(super) type Branch<'s> = (u32, &'s str, &'s str);

impl<'s> Record<'s> {
    /// A record that says nothing yet.
    pub fn new(report: ReportIndex, span: Span, path: Cow<'s, str>, package: Option<Cow<'s, str>>) -> Self {
        Record {
            report,
            span,
            path,
            package,
            lines: Vec::new(),
            branches: Vec::new(),
            conditions: Vec::new(),
            stated_lines: None,
            stated_branches: None,
        }
    }

    /// Its lines, each once.
    pub fn line_ratio(&mut self) -> Ratio {
        join_pairs(&mut self.lines)
    }

    /// Its branches, each once; nothing if it counts none.
    pub fn branch_ratio(&mut self) -> Option<Ratio> {
        let by_line = by_line(&mut self.branches, &self.conditions);
        let sum = by_line.values().fold(Ratio::default(), |sum, ratio| sum.plus(*ratio));
        (!by_line.is_empty()).then_some(sum)
    }

    fn add(&mut self, other: Record<'s>) {
        self.lines.extend(other.lines);
        self.branches.extend(other.branches);
        self.conditions.extend(other.conditions);
        self.package = self.package.take().or(other.package);
        self.stated_lines = larger(self.stated_lines, other.stated_lines);
        self.stated_branches = larger(self.stated_branches, other.stated_branches);
    }
}

impl Ratio {
    /// Both together.
    pub fn plus(self, other: Ratio) -> Ratio {
        Ratio {
            covered: self.covered.saturating_add(other.covered),
            total: self.total.saturating_add(other.total),
        }
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

/// Joins the records that name the same source file; sorted by its path.
pub(super) fn join<'s>(records: Vec<Record<'s>>) -> Vec<FileCoverage<'s>> {
    let paths = Paths::new(&records);
    let mut files: BTreeMap<String, (Record<'s>, Vec<ReportIndex>)> = BTreeMap::new();
    for record in records {
        let path = paths.settled(&record.path);
        match files.get_mut(&path) {
            Some((joined, reports)) => {
                if !reports.contains(&record.report) {
                    reports.push(record.report);
                }
                joined.add(record);
            }
            None => {
                let reports = vec![record.report];
                files.insert(path, (record, reports));
            }
        }
    }
    files.into_iter().map(|(path, (record, reports))| file(path, record, reports)).collect()
}

fn file<'s>(path: String, mut record: Record<'s>, reports: Vec<ReportIndex>) -> FileCoverage<'s> {
    let counted = record.line_ratio();
    let lines = if counted.total > 0 { counted } else { record.stated_lines.unwrap_or_default() };
    let branches = record.branch_ratio().or(record.stated_branches.filter(|stated| stated.total > 0));
    let folder = || Cow::Owned(path.rsplit_once('/').map_or("", |(folder, _)| folder).to_owned());
    let package = record.package.take().filter(|package| !package.is_empty()).unwrap_or_else(folder);
    FileCoverage { reports, span: record.span, package, path: Cow::Owned(path), lines, branches }
}

/// The names of the source files of all reports. One report says `/home/ci/project/src/a.py`, another
/// `src/a.py`: they are one file if only one absolute path ends like that.
struct Paths {
    /// Relative paths, and the absolute path that ends like one of them, if it is the only one.
    absolute: FxHashMap<String, Option<String>>,
}

impl Paths {
    fn new(records: &[Record<'_>]) -> Self {
        let paths: std::collections::BTreeSet<String> =
            records.iter().map(|record| normalised(&record.path)).collect();
        let mut absolute: FxHashMap<String, Option<String>> = FxHashMap::default();
        let (rooted, relative): (Vec<_>, Vec<_>) = paths.into_iter().partition(|path| is_absolute(path));
        for path in relative {
            absolute.insert(path, None);
        }
        let mut ambiguous = Vec::new();
        for path in rooted {
            // The longest end that somebody names is the best match.
            let ends = path.match_indices('/').map(|(at, _)| &path[at + 1..]);
            let Some(end) = ends.into_iter().find(|end| absolute.contains_key(*end)) else { continue };
            let end = end.to_owned();
            match absolute.insert(end.clone(), Some(path)) {
                Some(None) | None => {}
                Some(Some(_)) => ambiguous.push(end),
            }
        }
        for end in ambiguous {
            absolute.insert(end, None);
        }
        let absolute = absolute
            .into_iter()
            .filter_map(|(relative, path)| path.map(|path| (path, Some(relative))))
            .collect();
        Paths { absolute }
    }

    /// The path that stands for a file: the relative one, where there is one.
    fn settled(&self, path: &str) -> String {
        let path = normalised(path);
        self.absolute.get(&path).cloned().flatten().unwrap_or(path)
    }
}

/// A path with `/` between its parts and without `./` before it.
fn normalised(path: &str) -> String {
    let path = path.replace('\\', "/");
    let mut rest = path.as_str();
    while let Some(shorter) = rest.strip_prefix("./") {
        rest = shorter;
    }
    rest.to_owned()
}

fn is_absolute(path: &str) -> bool {
    path.starts_with('/') || path.as_bytes().get(1) == Some(&b':')
}
