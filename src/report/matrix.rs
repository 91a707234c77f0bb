//! The traceability matrix as a document.

use rustc_hash::FxHashMap;

use super::checklist::{source_in_words, tone};
use super::words::{about, percent, status, tone_of};
use super::{Align, Cell, Column, Graph, GraphEdge, GraphNode, Line, Report, Table, Tone};
use crate::verdict::standing::Standing;
use crate::views::matrix::{Coverage, Joint, Matrix, Side};

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
    let joints = by_row(matrix);
    if (1..=WIDEST_GRID).contains(&matrix.columns.len()) && !matrix.rows.is_empty() {
        report.chapter("Grid");
        report.push(grid(matrix, &joints));
    }
    report.chapter(format!("{} and its links", matrix.from));
    report.push(list(matrix, &joints));
    holes(matrix, &mut report);
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
        let line = match (coverage.total, coverage.holes.as_slice()) {
            (0, _) => (Tone::Unknown, Line::from(format!("No {family} entries for this selection."))),
            (_, []) => (Tone::Good, Line::from(format!("Every {family} has a {other}."))),
            (_, holes) => {
                let text = format!("{family} without {other}: ");
                (Tone::Attention, Line::from(text).join(Line::ids(holes)).and("."))
            }
        };
        report.callout(line.0, line.1);
    }
}

type ByRow<'m> = FxHashMap<&'m str, Vec<&'m Joint>>;

fn by_row(matrix: &Matrix) -> ByRow<'_> {
    let mut rows = ByRow::default();
    for joint in &matrix.cells {
        rows.entry(joint.row.as_str()).or_default().push(joint);
    }
    rows
}

fn grid(matrix: &Matrix, joints: &ByRow<'_>) -> Table {
    let caption = format!("{} by {}: {}", matrix.from, matrix.to, legend(matrix));
    let mut table = Table::new(caption, &[&matrix.from]);
    table.grid = true;
    table.columns.extend(matrix.columns.iter().map(|side| Column::new(&side.id, Align::Center)));
    for row in &matrix.rows {
        let joints = joints.get(row.id.as_str()).map_or(&[][..], Vec::as_slice);
        let marks = matrix.columns.iter().map(|column| mark(joints, &column.id));
        table.row(std::iter::once(Cell::from(Line::id(&row.id))).chain(marks));
    }
    table
}

fn mark(joints: &[&Joint], column: &str) -> Cell {
    match joints.iter().find(|joint| joint.column == column) {
        None => Cell::default(),
        Some(joint) if joint.kinds.is_empty() => Cell::toned(Tone::Neutral, CHAIN),
        Some(joint) => {
            let marks: Vec<&str> = joint.kinds.iter().map(|kind| short(kind)).collect();
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
fn stands(side: &Side) -> Line {
    let Some(report) = &side.report else { return status(side.standing, side.status.as_deref()) };
    let line = Line::badge(tone(report.verdict), report.reason.as_str());
    match &report.source {
        Some(source) => line.and(format!(" — {}", source_in_words(source))),
        None => line,
    }
}

/// What the marks of the grid stand for.
fn legend(matrix: &Matrix) -> String {
    let mut kinds: Vec<&str> = matrix.cells.iter().flat_map(|joint| joint.kinds.iter().copied()).collect();
    kinds.sort_unstable();
    kinds.dedup();
    let mut marks: Vec<String> = kinds.into_iter().map(|kind| format!("{} {kind}", short(kind))).collect();
    if matrix.cells.iter().any(|joint| joint.kinds.is_empty()) {
        marks.push(format!("{CHAIN} a chain of links"));
    }
    match marks.as_slice() {
        [] => "no links".to_owned(),
        marks => format!("{}; a link counts whichever side declares it", marks.join(", ")),
    }
}

fn list(matrix: &Matrix, joints: &ByRow<'_>) -> Table {
    let columns = [matrix.from.as_str(), "Title", "Status", matrix.to.as_str()];
    let mut table = Table::new(format!("Every {} with its {}", matrix.from, matrix.to), &columns);
    for row in &matrix.rows {
        let linked = joints
            .get(row.id.as_str())
            .map_or_else(|| Line::badge(Tone::Attention, "none"), |joints| linked(joints));
        let cells = [Line::id(&row.id), Line::from(&row.title), stands(row), linked];
        table.row_of(&row.id, cells);
    }
    table
}

/// What is linked, by what the links say: `verified_by TEST-001, TEST-002; through FEA-001 TEST-003`.
fn linked(joints: &[&Joint]) -> Line {
    let how = |joint: &Joint| match joint.through.as_slice() {
        [] => joint.kinds.join(", "),
        through => format!("through {}", through.join(", ")),
    };
    let mut groups: Vec<(String, Vec<&str>)> = Vec::new();
    for joint in joints {
        let how = how(joint);
        match groups.iter_mut().find(|(known, _)| *known == how) {
            Some((_, ids)) => ids.push(&joint.column),
            None => groups.push((how, vec![&joint.column])),
        }
    }
    groups.into_iter().fold(Line::new(), |line, (how, ids)| {
        let separator = if line.is_empty() { "" } else { "; " };
        line.and(separator).and(how).and(" ").join(Line::ids(ids))
    })
}

fn holes(matrix: &Matrix, report: &mut Report) {
    let holes: Vec<&Side> = matrix.columns.iter().filter(|side| side.linked == 0).collect();
    if holes.is_empty() {
        return;
    }
    report.chapter(format!("{} without {}", matrix.to, matrix.from));
    let caption = format!("{} without {}", matrix.to, matrix.from);
    let mut table = Table::new(caption, &[matrix.to.as_str(), "Title", "Status"]);
    for side in holes {
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

fn node(side: &Side, layer: Option<usize>) -> GraphNode {
    let tone = match (side.linked, side.standing) {
        (0, _) => Some(Tone::Attention),
        (_, Standing::Unknown) => None,
        (_, standing) => Some(tone_of(standing)),
    };
    let label = format!("{} {}", side.id, side.title).trim_end().to_owned();
    GraphNode { key: side.id.clone(), label, layer, tone }
}

fn edge(joint: &Joint) -> GraphEdge {
    let label = match joint.kinds.as_slice() {
        [] => format!("through {}", joint.through.join(", ")),
        kinds => kinds.join(", "),
    };
    GraphEdge { from: joint.row.clone(), to: joint.column.clone(), label }
}
