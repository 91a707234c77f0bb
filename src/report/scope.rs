//! The scope of a release as a document.

use crate::model::phrase::capital;
use rustc_hash::FxHashSet;

use super::words::{about, status, tone_of};
use super::{Align, Block, Column, Graph, GraphEdge, GraphNode, Line, Report, Table, Tone};
use crate::views::scope::{Dependency, Item, NeedWord, OutOfScopeItem, Scope, StatementSource, Total};

/// Lowers the scope.
pub fn report(scope: &Scope) -> Report {
    let mut report = Report::new("Scope", scope.day);
    report.subtitle = about(scope.release.as_ref());
    for total in &scope.totals {
        report.figure(capital(total.need.word()), figure(total));
    }
    report.figure("Out of scope", scope.out_of_scope.len().to_string());
    warnings(scope, &mut report);
    report.chapter("Delivery order");
    report.push(order(&scope.items));
    report.text(format!("Score: {}. Dependencies come first.", scope.formula));
    for total in &scope.totals {
        report.chapter(heading(total));
        report.push(needed(scope, total.need));
        work_left(total).into_iter().for_each(|text| report.text(text));
    }
    out_of_scope(&scope.out_of_scope, &mut report);
    technical(scope, &mut report);
    report.chapter("Dependencies");
    report.push(graph(scope));
    report
}

/// What a scope document lists beside the items.
fn technical(scope: &Scope, report: &mut Report) {
    let technical = &scope.technical;
    if !technical.is_empty() {
        report.chapter("Technical considerations");
        bullets("Architecture changes", &technical.architecture_changes, report);
        bullets("Breaking changes", &technical.breaking_changes, report);
        if !technical.external_dependencies.is_empty() {
            report.section("External dependencies");
            report.push(dependencies(&technical.external_dependencies));
        }
        bullets("Migrations", &technical.migrations, report);
    }
    if !scope.success_criteria.is_empty() {
        report.chapter("Success criteria");
        report.push(Block::Bullets(scope.success_criteria.iter().map(|text| Line::prose(text)).collect()));
    }
}

fn bullets(heading: &str, texts: &[String], report: &mut Report) {
    if !texts.is_empty() {
        report.section(heading);
        report.push(Block::Bullets(texts.iter().map(|text| Line::prose(text)).collect()));
    }
}

fn dependencies(dependencies: &[Dependency]) -> Table {
    let mut table = Table::new("External dependencies", &["Dependency", "Owner", "Status", "Due"]);
    for item in dependencies {
        let or_unknown = |text: Option<&str>, word: &str| {
            text.map_or_else(|| Line::badge(Tone::Unknown, word), Line::from)
        };
        let due = item.due.map_or_else(|| "release date".to_owned(), |due| due.to_string());
        table.row([
            Line::prose(&item.name),
            or_unknown(item.owner.as_deref(), "no owner"),
            or_unknown(item.status, "no status"),
            Line::from(due),
        ]);
    }
    table
}

fn figure(total: &Total) -> String {
    match total.unknown {
        0 => format!("{} of {} done", total.done, total.items),
        unknown => format!("{} of {} done, {unknown} unknown", total.done, total.items),
    }
}

/// How much work is left, as far as it is estimated; nothing where nothing is left.
fn work_left(total: &Total) -> Option<String> {
    let open = total.items - total.done;
    match total.without_estimate {
        _ if open == 0 => None,
        0 => Some(format!("Remaining work: about {} days.", total.days_left)),
        without if without == open => Some("Remaining work: not estimated.".to_owned()),
        without => {
            let days = total.days_left;
            Some(format!(
                "Remaining work: about {days} days, without {without} of {open} items that have no estimate."
            ))
        }
    }
}

fn heading(total: &Total) -> String {
    match total.need {
        NeedWord::Must => "Must have",
        NeedWord::Should => "Should have",
        NeedWord::Could => "Could have",
        NeedWord::Wont => "Won't have",
        NeedWord::NotStated => "No priority",
    }
    .to_owned()
}

fn warnings(scope: &Scope, report: &mut Report) {
    if scope.items.is_empty() {
        let text = "Nothing is in scope: the release has no `scope`, and no EPIC entry belongs to it.";
        report.callout(Tone::Unknown, Line::prose(text));
    }
    for out_of_scope in scope.out_of_scope.iter().filter(|out_of_scope| !out_of_scope.needed_by.is_empty()) {
        let line = Line::id(&out_of_scope.id).and(" is out of scope, but needed by ");
        report.callout(Tone::Bad, line.join(Line::ids(&out_of_scope.needed_by)).and("."));
    }
    let elsewhere: Vec<&Item> = scope.items.iter().filter(|item| waits_in_vain(scope, item)).collect();
    for item in elsewhere {
        let line = Line::id(&item.id).and(" depends on entries outside the scope: ");
        report.callout(Tone::Attention, line.join(Line::ids(&item.waits_for_elsewhere)).and("."));
    }
    for item in scope.items.iter().filter(|item| item.own_priority.is_some()) {
        if let Some(own) = item.own_priority {
            let line = Line::id(&item.id).and(format!(
                " is a {} in the scope, but a {}",
                item.need.word(),
                own.word()
            ));
            report.callout(Tone::Attention, line.and(" by its own `priority`."));
        }
    }
}

/// Whether an item waits for something that is neither here nor among what was left out, which is said already.
fn waits_in_vain(scope: &Scope, item: &Item) -> bool {
    let is_out_of_scope = |id: &String| scope.out_of_scope.iter().any(|out_of_scope| out_of_scope.id == *id);
    item.waits_for_elsewhere.iter().any(|id| !is_out_of_scope(id))
}

fn order(items: &[Item]) -> Table {
    let columns = ["Item", "Title", "Order", "Priority", "Score", "Status", "Depends on", "Reason"];
    let mut table =
        Table::new("Scope in delivery order", &columns).aligned(2, Align::Right).aligned(4, Align::Right);
    for item in items {
        let cells = [
            Line::id(&item.id),
            Line::from(&item.title),
            Line::from(item.place.to_string()),
            Line::from(item.need.word()),
            number(item.figures.score),
            status(item.state, item.status.as_deref()),
            waits_for(item),
            why(item),
        ];
        table.row_of(&item.id, cells);
    }
    table
}

/// What must be done before an item, here and elsewhere.
fn waits_for(item: &Item) -> Line {
    let here = Line::ids(&item.waits_for);
    if item.waits_for_elsewhere.is_empty() {
        return here;
    }
    let elsewhere = Line::ids(&item.waits_for_elsewhere).and(" (not in scope)");
    if here.is_empty() { elsewhere } else { here.and(", ").join(elsewhere) }
}

/// Why an item stands where it does, if not for its need and score.
fn why(item: &Item) -> Line {
    match &item.brought_forward_by {
        Some(other) => Line::from("needed by ").id_too(other),
        None if item.is_done() => Line::from("done"),
        None => Line::new(),
    }
}

fn number(number: Option<f64>) -> Line {
    number.map_or_else(|| Line::from("–"), |number| Line::from(number.to_string()))
}

fn needed(scope: &Scope, need: NeedWord) -> Table {
    let columns = ["Item", "Title", "Owner", "Value", "Effort", "Risk", "Days", "Priority from"];
    let mut table = Table::new(format!("Items by priority: {}", need.word()), &columns);
    let has_phases = scope.items.iter().any(|item| item.phase.is_some());
    if has_phases {
        table.columns.push(Column::new("Phase", Align::Left));
    }
    for column in 3..=6 {
        table = table.aligned(column, Align::Right);
    }
    let mut items: Vec<&Item> = scope.items.iter().filter(|item| item.need == need).collect();
    items.sort_by(|a, b| {
        let score = |item: &Item| item.figures.score.unwrap_or(f64::NEG_INFINITY);
        score(b).total_cmp(&score(a)).then(a.place.cmp(&b.place))
    });
    for item in items {
        let stated_by = match &item.stated_by {
            StatementSource::Scope => Line::from("scope"),
            StatementSource::Whole(whole) => Line::from("scope, through ").id_too(whole),
            StatementSource::Priority => Line::from("its priority"),
            StatementSource::NotStated => Line::badge(Tone::Unknown, "not stated"),
        };
        let figures = &item.figures;
        let owner = item.owner.as_deref().map_or_else(|| Line::badge(Tone::Unknown, "no owner"), Line::from);
        let cells = [
            Line::id(&item.id),
            Line::from(&item.title),
            owner,
            number(figures.value),
            number(figures.effort),
            number(figures.risk),
            number(figures.days),
            stated_by,
        ];
        let phase = has_phases.then(|| item.phase.as_deref().map_or_else(|| Line::from("–"), Line::from));
        table.row(cells.into_iter().chain(phase));
    }
    table
}

fn out_of_scope(out_of_scope: &[OutOfScopeItem], report: &mut Report) {
    report.chapter("Out of scope");
    if out_of_scope.is_empty() {
        report.text("Nothing is listed under `excluded`.");
        return;
    }
    let mut table = Table::new("Out of scope", &["Item", "Title", "Reason", "Target release"]);
    for item in out_of_scope {
        let reason = match &item.reason {
            Some(reason) => Line::prose(reason),
            None => Line::badge(Tone::Unknown, "no reason"),
        };
        let target = match &item.target_release {
            Some(target) => Line::prose(target),
            None => Line::badge(Tone::Unknown, "no target release"),
        };
        table.row_of(&item.id, [Line::id(&item.id), Line::from(&item.title), reason, target]);
    }
    report.push(table);
}

fn graph(scope: &Scope) -> Graph {
    let mut graph = Graph { caption: "Dependencies in the scope".into(), ..Graph::default() };
    let awaited: FxHashSet<&String> = scope.items.iter().flat_map(|item| &item.waits_for).collect();
    let is_joined = |item: &Item| !item.waits_for.is_empty() || awaited.contains(&item.id);
    for item in scope.items.iter().filter(|item| is_joined(item)) {
        let label = format!("{} {}", item.id, item.title).trim_end().to_owned();
        let tone = Some(tone_of(item.state));
        graph.nodes.push(GraphNode { key: item.id.clone(), label, layer: None, tone });
        let edges = item.waits_for.iter().map(|before| GraphEdge {
            from: before.clone(),
            to: item.id.clone(),
            label: String::new(),
        });
        graph.edges.extend(edges);
    }
    graph
}
