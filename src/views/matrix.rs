//! The traceability matrix between two families: what is linked to what, and what is not.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use rustc_hash::{FxHashMap, FxHashSet};
use schemars::JsonSchema;
use serde::Serialize;

use crate::graph::{self, Graph};
use crate::graph::{Release, Selection};
use crate::model::{Choice, EntryIndex, Plan, Prefix};
use crate::verdict::entry_state::{EntryState, entry_state};
use crate::verdict::{Basis, Judge, TestReport, Verdict};

/// The output of `relplan matrix --format json`.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(title = "Output of relplan matrix --format json")]
pub struct Matrix {
    /// The version of this format: 1.
    pub version: u32,
    /// The day on which it is true.
    pub day: NaiveDate,
    /// The release that it is about; absent if it is about the whole plan.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub release: Option<Release>,
    /// The family of the rows.
    pub from: String,
    /// The family of the columns.
    pub to: String,
    /// Whether chains of links count, not only links from one to the other.
    pub through: bool,
    /// The entries of the one family, by id.
    pub rows: Vec<MatrixEntry>,
    /// The entries of the other.
    pub columns: Vec<MatrixEntry>,
    /// What joins them, by row and column; what is not here is not linked.
    pub cells: Vec<MatrixLink>,
    /// How many rows are linked to a column at all, by the family of the row.
    pub row_coverage: Vec<Coverage>,
    /// How many columns are linked to a row at all, by the family of the column.
    pub column_coverage: Vec<Coverage>,
}

/// An entry on one side of the matrix.
#[derive(Debug, Serialize, JsonSchema)]
pub struct MatrixEntry {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Its status, if it has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
    /// Its status.
    pub state: EntryState,
    /// What a report says of it, if it is a test and one does: that counts, and not the status.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub report: Option<TestReport>,
    /// How many entries of the other side it is linked to: 0 is a hole.
    pub linked: usize,
}

/// What joins a row and a column.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct MatrixLink {
    /// The row.
    pub row: String,
    /// The column.
    pub column: String,
    /// What the links between them say, whichever of the two declares them. Empty for a mere chain.
    pub kinds: Vec<&'static str>,
    /// The entries that a chain leads through, if no link joins the two.
    pub through: Vec<String>,
}

/// How much of a family is linked.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Coverage {
    /// The family.
    pub family: String,
    /// How many entries it has here.
    pub total: usize,
    /// How many of them are linked.
    pub linked: usize,
    /// That in per cent; absent for a family without entries, of which nothing can be said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub percent: Option<f64>,
    /// The entries that are not linked.
    pub unlinked: Vec<String>,
}

/// What the matrix is asked for.
#[derive(Debug, Clone, Copy)]
pub struct Question<'q> {
    /// The family of the rows; `BR` stands for `BR-FEA`, too.
    pub from: &'q str,
    /// The family of the columns.
    pub to: &'q str,
    /// Whether chains of links count.
    pub through: bool,
}

type MatrixLinks = BTreeMap<(usize, usize), (Vec<&'static str>, Vec<EntryIndex>)>;

/// The matrix between the entries of two families that belong to the selection.
pub fn matrix(basis: Basis<'_>, selection: &Selection, question: Question<'_>, today: NaiveDate) -> Matrix {
    let Basis { plan, graph, .. } = basis;
    let judge = Judge::new(basis, selection, today);
    let rows = members(plan, selection, question.from);
    let columns = members(plan, selection, question.to);
    let mut links = direct(graph, &rows, &columns);
    if question.through {
        add_chains(graph, &rows, &columns, &mut links);
    }
    let linked_rows = tally(rows.len(), links.keys().map(|key| key.0));
    let linked_columns = tally(columns.len(), links.keys().map(|key| key.1));
    let sides = |indices: &[EntryIndex], linked: &[usize]| -> Vec<MatrixEntry> {
        indices.iter().zip(linked).map(|(index, linked)| side(&judge, plan, *index, *linked)).collect()
    };
    Matrix {
        version: 1,
        day: today,
        release: selection.release.clone(),
        from: question.from.to_ascii_uppercase(),
        to: question.to.to_ascii_uppercase(),
        through: question.through,
        row_coverage: coverage(plan, question.from, &rows, &linked_rows),
        column_coverage: coverage(plan, question.to, &columns, &linked_columns),
        cells: cells(plan, &rows, &columns, links),
        rows: sides(&rows, &linked_rows),
        columns: sides(&columns, &linked_columns),
    }
}

/// Whether a prefix is of the family: its own, or the first part of a compound one.
pub fn is_of(prefix: Prefix, family: &str) -> bool {
    prefix.as_str().eq_ignore_ascii_case(family) || prefix.head().eq_ignore_ascii_case(family)
}

fn members(plan: &Plan<'_>, selection: &Selection, family: &str) -> Vec<EntryIndex> {
    let of_family = plan.families().filter(|(prefix, _)| is_of(*prefix, family));
    of_family.flat_map(|(_, entries)| entries).copied().filter(|entry| selection.has(*entry)).collect()
}

fn positions(entries: &[EntryIndex]) -> FxHashMap<EntryIndex, usize> {
    entries.iter().enumerate().map(|(position, entry)| (*entry, position)).collect()
}

/// The links from rows to columns and from columns to rows.
fn direct(graph: &Graph, rows: &[EntryIndex], columns: &[EntryIndex]) -> MatrixLinks {
    let (row, column) = (positions(rows), positions(columns));
    let mut links = MatrixLinks::new();
    for edge in graph.edges().filter(|edge| edge.from != edge.to) {
        let forth = row.get(&edge.from).zip(column.get(&edge.to));
        let back = row.get(&edge.to).zip(column.get(&edge.from));
        for (row, column) in forth.into_iter().chain(back) {
            let (kinds, _) = links.entry((*row, *column)).or_default();
            if !kinds.contains(&edge.kind.word()) {
                kinds.push(edge.kind.word());
            }
        }
    }
    links
}

fn add_chains(graph: &Graph, rows: &[EntryIndex], columns: &[EntryIndex], links: &mut MatrixLinks) {
    let (row, column) = (positions(rows), positions(columns));
    let either: FxHashSet<EntryIndex> = rows.iter().chain(columns).copied().collect();
    let closed = |entry: EntryIndex| either.contains(&entry);
    for (from, position) in rows.iter().zip(0..) {
        for (to, through) in graph::chains(graph, *from, closed, |entry| column.contains_key(&entry)) {
            add_chain(links, (position, column.get(&to).copied().unwrap_or_default()), through);
        }
    }
    for (from, position) in columns.iter().zip(0..) {
        for (to, through) in graph::chains(graph, *from, closed, |entry| row.contains_key(&entry)) {
            add_chain(links, (row.get(&to).copied().unwrap_or_default(), position), through);
        }
    }
}

fn add_chain(links: &mut MatrixLinks, key: (usize, usize), through: Vec<EntryIndex>) {
    // A link says more than a chain, and a short chain more than a long one.
    links.entry(key).or_insert((Vec::new(), through));
}

fn tally(length: usize, positions: impl Iterator<Item = usize>) -> Vec<usize> {
    let mut counts = vec![0; length];
    positions.for_each(|position| counts[position] += 1);
    counts
}

fn side(judge: &Judge<'_>, plan: &Plan<'_>, index: EntryIndex, linked: usize) -> MatrixEntry {
    let entry = plan.entry(index);
    let report = judge.report_of(index);
    let reported = report.as_ref().map(|report| match report.verdict {
        Verdict::Pass => EntryState::Done,
        Verdict::Fail => EntryState::Failed,
        _ => EntryState::Unknown,
    });
    MatrixEntry {
        id: entry.id.value.to_string(),
        title: entry.title().to_owned(),
        status: entry.status().map(str::to_owned),
        state: reported.unwrap_or_else(|| entry_state(entry)),
        report,
        linked,
    }
}

fn cells(
    plan: &Plan<'_>,
    rows: &[EntryIndex],
    columns: &[EntryIndex],
    links: MatrixLinks,
) -> Vec<MatrixLink> {
    let id = |index: EntryIndex| plan.entry(index).id.value.to_string();
    let mut cells = Vec::with_capacity(links.len());
    for ((row, column), (kinds, through)) in links {
        let through = through.into_iter().map(id).collect();
        cells.push(MatrixLink { row: id(rows[row]), column: id(columns[column]), kinds, through });
    }
    cells
}

/// A family that was asked for and has no entries is named all the same.
fn coverage(plan: &Plan<'_>, asked: &str, entries: &[EntryIndex], linked: &[usize]) -> Vec<Coverage> {
    let mut families: BTreeMap<Prefix, Vec<(EntryIndex, usize)>> = BTreeMap::new();
    for (entry, linked) in entries.iter().zip(linked) {
        families.entry(plan.entry(*entry).id.value.prefix).or_default().push((*entry, *linked));
    }
    if families.is_empty() {
        let family = asked.to_ascii_uppercase();
        return vec![Coverage { family, total: 0, linked: 0, percent: None, unlinked: Vec::new() }];
    }
    families.into_iter().map(|(prefix, entries)| covered(plan, prefix, &entries)).collect()
}

fn covered(plan: &Plan<'_>, prefix: Prefix, entries: &[(EntryIndex, usize)]) -> Coverage {
    let unlinked = entries.iter().filter(|(_, linked)| *linked == 0);
    let unlinked: Vec<String> = unlinked.map(|(entry, _)| plan.entry(*entry).id.value.to_string()).collect();
    let (total, linked) = (entries.len(), entries.len() - unlinked.len());
    let share = 100.0 * linked as f64 / total as f64;
    let percent = (total > 0).then_some((share * 10.0).round() / 10.0);
    Coverage { family: prefix.to_string(), total, linked, percent, unlinked }
}
