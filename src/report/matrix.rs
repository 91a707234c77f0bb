//! The traceability matrix as a document.

use rustc_hash::FxHashMap;

use super::checklist::{source_in_words, tone};
use super::words::{about, percent, status, tone_of};
use super::{Align, Cell, Column, Graph, GraphEdge, GraphNode, Line, Report, Table, Tone};
use crate::verdict::entry_state::EntryState;
use crate::views::matrix::{Coverage, Matrix, MatrixEntry, MatrixLink};

/// The most columns that a grid is drawn with: more of them nobody reads across.
const WIDEST_GRID: usize = 40;

/// What marks a cell that is joined by a chain of links only.
const CHAIN: &str = "…";

/// Lowers the matrix.
pub fn report(matrix: &Matrix) -> Report {
    let mut report = Report::new(format!("Traceability: {} × {}", matrix.from, matrix.to), matrix.day);
    report.subtitle = about(matrix.release.as_ref());
    for coverage in &matrix.row_coverage {
        report.figure(format!("{} with {}", coverage.family, matrix.to), figure(coverage));
    }
    for coverage in &matrix.column_coverage {
        report.figure(format!("{} with {}", coverage.family, matrix.from), figure(coverage));
    }
    judgement(matrix, &mut report);
    let links = by_row(matrix);
    if (1..=WIDEST_GRID).contains(&matrix.columns.len()) && !matrix.rows.is_empty() {
        report.chapter("Grid");
        report.push(grid(matrix, &links));
    }
    report.chapter(format!("{} and its links", matrix.from));
    report.push(list(matrix, &links));
    unlinked(matrix, &mut report);
    report.chapter("Graph");
    report.push(graph(matrix));
    report
}

fn figure(coverage: &Coverage) -> String {
    match coverage.percent {
        None => "n/a".to_owned(),
        share => format!("{} of {} ({})", coverage.linked, coverage.total, percent(share)),
    }
}

fn judgement(matrix: &Matrix, report: &mut Report) {
    for (coverage, other) in matrix.row_coverage.iter().map(|coverage| (coverage, &matrix.to)) {
        let family = &coverage.family;
        let line = match (coverage.total, coverage.unlinked.as_slice()) {
            (0, _) => (Tone::Unknown, Line::from(format!("No {family} entries for this selection."))),
            (_, []) => (Tone::Good, Line::from(format!("Every {family} has a {other}."))),
            (_, unlinked) => {
                let text = format!("{family} without {other}: ");
                (Tone::Attention, Line::from(text).join(Line::ids(unlinked)).and("."))
            }
        };
        report.callout(line.0, line.1);
    }
}

type ByRow<'m> = FxHashMap<&'m str, Vec<&'m MatrixLink>>;

fn by_row(matrix: &Matrix) -> ByRow<'_> {
    let mut rows = ByRow::default();
    for link in &matrix.cells {
        rows.entry(link.row.as_str()).or_default().push(link);
    }
    rows
}

fn grid(matrix: &Matrix, links: &ByRow<'_>) -> Table {
    let caption = format!("{} by {}: {}", matrix.from, matrix.to, legend(matrix));
    let mut table = Table::new(caption, &[&matrix.from]);
    table.grid = true;
    table.columns.extend(matrix.columns.iter().map(|side| Column::new(&side.id, Align::Center)));
    for row in &matrix.rows {
        let links = links.get(row.id.as_str()).map_or(&[][..], Vec::as_slice);
        let marks = matrix.columns.iter().map(|column| mark(links, &column.id));
        table.row(std::iter::once(Cell::from(Line::id(&row.id))).chain(marks));
    }
    table
}

fn mark(links: &[&MatrixLink], column: &str) -> Cell {
    match links.iter().find(|link| link.column == column) {
        None => Cell::default(),
        Some(link) if link.kinds.is_empty() => Cell::toned(Tone::Neutral, CHAIN),
        Some(link) => {
            let marks: Vec<&str> = link.kinds.iter().map(|kind| short(kind)).collect();
            Cell::toned(Tone::Good, marks.join("+"))
        }
    }
}

/// Two letters for each kind of link, so that a grid has narrow columns.
fn short(kind: &str) -> &'static str {
    match kind {
        "linked_ids" => "Li",
        "depends_on" => "De",
        "verified_by" => "Ve",
        "mitigated_by" => "Mi",
        "part_of" => "Pa",
        "implements" => "Im",
        "supersedes" => "Su",
        "conflicts_with" => "Cf",
        "escalates_to" => "Es",
        "runbook" => "Ru",
        "monitored_by" => "Mo",
        "promotes_to" => "Pr",
        "covers" => "Co",
        "scope" => "Sc",
        "excludes" => "Ex",
        _ => "Fi",
    }
}

/// How an entry stands: as a report says, with the place of it, or as the plan states it.
fn stands(side: &MatrixEntry) -> Line {
    let Some(report) = &side.report else { return status(side.state, side.status.as_deref()) };
    let line = Line::badge(tone(report.verdict), report.reason.as_str());
    match &report.source {
        Some(source) => line.and(format!(" — {}", source_in_words(source))),
        None => line,
    }
}

/// What the marks of the grid stand for.
fn legend(matrix: &Matrix) -> String {
    let mut kinds: Vec<&str> = matrix.cells.iter().flat_map(|link| link.kinds.iter().copied()).collect();
    kinds.sort_unstable();
    kinds.dedup();
    let mut marks: Vec<String> = kinds.into_iter().map(|kind| format!("{} {kind}", short(kind))).collect();
    if matrix.cells.iter().any(|link| link.kinds.is_empty()) {
        marks.push(format!("{CHAIN} a chain of links"));
    }
    match marks.as_slice() {
        [] => "no links".to_owned(),
        marks => format!("{}; a link counts whichever side declares it", marks.join(", ")),
    }
}

fn list(matrix: &Matrix, links: &ByRow<'_>) -> Table {
    let columns = [matrix.from.as_str(), "Title", "Status", matrix.to.as_str()];
    let mut table = Table::new(format!("Every {} with its {}", matrix.from, matrix.to), &columns);
    for row in &matrix.rows {
        let linked = links
            .get(row.id.as_str())
            .map_or_else(|| Line::badge(Tone::Attention, "none"), |links| linked(links));
        let cells = [Line::id(&row.id), Line::from(&row.title), stands(row), linked];
        table.row_of(&row.id, cells);
    }
    table
}

/// What is linked, by what the links say: `verified_by TEST-001, TEST-002; through FEA-001 TEST-003`.
fn linked(links: &[&MatrixLink]) -> Line {
    let how = |link: &MatrixLink| match link.through.as_slice() {
        [] => link.kinds.join(", "),
        through => format!("through {}", through.join(", ")),
    };
    let mut groups: Vec<(String, Vec<&str>)> = Vec::new();
    for link in links {
        let how = how(link);
        match groups.iter_mut().find(|(known, _)| *known == how) {
            Some((_, ids)) => ids.push(&link.column),
            None => groups.push((how, vec![&link.column])),
        }
    }
    groups.into_iter().fold(Line::new(), |line, (how, ids)| {
        let separator = if line.is_empty() { "" } else { "; " };
        line.and(separator).and(how).and(" ").join(Line::ids(ids))
    })
}

fn unlinked(matrix: &Matrix, report: &mut Report) {
    let unlinked: Vec<&MatrixEntry> = matrix.columns.iter().filter(|side| side.linked == 0).collect();
    if unlinked.is_empty() {
        return;
    }
    report.chapter(format!("{} without {}", matrix.to, matrix.from));
    let caption = format!("{} without {}", matrix.to, matrix.from);
    let mut table = Table::new(caption, &[matrix.to.as_str(), "Title", "Status"]);
    for side in unlinked {
        let cells = [Line::id(&side.id), Line::from(&side.title), stands(side)];
        table.row_of(&side.id, cells);
    }
    report.push(table);
}

fn graph(matrix: &Matrix) -> Graph {
    let caption = format!("{} and {}", matrix.from, matrix.to);
    let mut graph = Graph { caption, ..Graph::default() };
    // Between the entries of one family each is drawn once, and lies where its links put it.
    let mut drawn = rustc_hash::FxHashSet::default();
    let layered = matrix.from != matrix.to;
    let rows = matrix.rows.iter().map(|side| (side, 0));
    for (side, layer) in rows.chain(matrix.columns.iter().map(|side| (side, 1))) {
        if drawn.insert(side.id.as_str()) {
            graph.nodes.push(node(side, layered.then_some(layer)));
        }
    }
    graph.edges.extend(matrix.cells.iter().map(edge));
    graph
}

fn node(side: &MatrixEntry, layer: Option<usize>) -> GraphNode {
    let tone = match (side.linked, side.state) {
        (0, _) => Some(Tone::Attention),
        (_, EntryState::Unknown) => None,
        (_, state) => Some(tone_of(state)),
    };
    let label = format!("{} {}", side.id, side.title).trim_end().to_owned();
    GraphNode { key: side.id.clone(), label, layer, tone }
}

fn edge(link: &MatrixLink) -> GraphEdge {
    let label = match link.kinds.as_slice() {
        [] => format!("through {}", link.through.join(", ")),
        kinds => kinds.join(", "),
    };
    GraphEdge { from: link.row.clone(), to: link.column.clone(), label }
}
