//! Documents as GitHub-flavoured Markdown: task lists, tables, alerts, and Mermaid where
//! something is drawn.

mod escape;
pub mod findings;
mod head;

use std::fmt::Write as _;

use chrono::{Datelike, NaiveDate};

use super::terminal::Style;
use super::{ViewFormat, draws_everything, mermaid};
use crate::report::{
    Align, BarChart, Block, Card, Column, Events, Fact, HeatMap, Inline, Item, Line, Mark, Month, RangeChart,
    Report, Row, Table, Tone, TreeNode, When,
};

use escape::code;
pub(super) use escape::{escaped, escaped_in_message, without_mentions};

/// The format.
pub const FORMAT: ViewFormat = ViewFormat {
    name: "markdown",
    about: "GitHub-flavoured Markdown",
    extensions: &["md", "markdown"],
    draws: draws_everything,
    write,
};

/// The most bytes of a comment on GitHub. It allows as many characters, which may be more bytes.
pub const LONGEST_COMMENT: usize = 65_536;

/// The most bytes of the summary of a step in GitHub Actions.
pub const LONGEST_SUMMARY: usize = 1 << 20;

/// A document in at most so many bytes: tables and lists lose as many rows as they must, and say how many those are.
pub fn within(report: &Report, limit: usize) -> String {
    let draw = |report: Report| FORMAT.draw(report, Style::PLAIN);
    let text = draw(report.clone());
    if text.len() <= limit {
        return text;
    }
    // Each row has some bytes, so that more rows than this cannot fit.
    let (mut fits, mut beyond) = (0, limit);
    let mut best = None;
    while fits + 1 < beyond {
        let most = fits.midpoint(beyond);
        let text = draw(report.clone().shortened(most));
        match text.len() <= limit {
            true => (fits, best) = (most, Some(text)),
            false => beyond = most,
        }
    }
    best.unwrap_or_else(|| draw(report.clone().shortened(0).without_blocks()))
}

/// A document without its day: it is kept in a file, and is stale once it says something else.
pub fn undated(report: Report) -> String {
    let report = report.shown();
    let subtitle = report.subtitle.as_deref().map(escaped).unwrap_or_default();
    text(&report, subtitle)
}

fn write(report: &Report, _: Style) -> String {
    let of = report.subtitle.as_ref().map(|subtitle| format!("{}, ", escaped(subtitle))).unwrap_or_default();
    text(report, format!("{of}as of {}", report.day))
}

fn text(report: &Report, about: String) -> String {
    let mut parts = vec![format!("# {}", escaped(&report.title)), about];
    parts.extend(head::parts(&report.head));
    parts.extend(report.blocks.iter().map(drawn));
    joined(&parts)
}

/// The parts with an empty line between them. What is not text between two quotations keeps them
/// apart: some readers would make one of them.
fn joined(parts: &[String]) -> String {
    let mut text = String::new();
    let mut quoted = false;
    for part in parts.iter().map(|part| part.trim()).filter(|part| !part.is_empty()) {
        let quotes = part.starts_with("> ");
        if quoted && quotes {
            text.push_str("\n<!-- -->\n");
        }
        if !text.is_empty() {
            text.push('\n');
        }
        part.lines().for_each(|line| text.extend([line.trim_end(), "\n"]));
        quoted = quotes;
    }
    text
}

fn drawn(block: &Block) -> String {
    match block {
        Block::Heading { level, text } => {
            format!("{} {}", "#".repeat(usize::from(*level).clamp(2, 6)), line(text))
        }
        Block::Text(text) => line(text),
        Block::Facts(list) => facts(list),
        Block::Bullets(lines) => lines.iter().map(|text| format!("- {}\n", line(text))).collect(),
        Block::Checklist(list) => {
            let mut text = String::new();
            items(&list.items, 0, &mut text);
            text
        }
        Block::Table(drawn) => table(drawn),
        Block::Tree(tree) => {
            let mut text = String::new();
            nodes(&tree.roots, 0, &mut text);
            captioned(&tree.caption, &text)
        }
        Block::Graph(_) | Block::Timeline(_) => chart(block),
        Block::Events(list) => events(list),
        Block::Month(grid) => month(grid),
        Block::HeatMap(map) => heat_map(map),
        Block::BarChart(chart) => bar_chart(chart),
        Block::RangeChart(chart) => range_chart(chart),
        Block::Callout { tone, text } => {
            format!("> [!{}]\n> {} {}", alert(*tone), tone.glyph(), line(text))
        }
        Block::Card(drawn) => card(drawn),
        Block::Appendix { title, blocks } => appendix(title, blocks),
    }
}

fn card(card: &Card) -> String {
    let mut parts = vec![format!("### {} {}: {}", card.tone.glyph(), escaped(&card.word), line(&card.title))];
    parts.push(facts(&card.facts));
    for procedure in &card.procedures {
        parts.push(line(&procedure.title));
        parts.push(
            procedure
                .steps
                .iter()
                .zip(1..)
                .map(|(step, number)| format!("{number}. {}\n", line(step)))
                .collect(),
        );
    }
    parts.push(facts(&card.afterwards));
    joined(&parts)
}

/// Folded away where Markdown is shown as a page; in the text it follows its title.
fn appendix(title: &Line, blocks: &[Block]) -> String {
    let mut parts = vec![format!("<details>\n<summary>{}</summary>", escape::html(&title.text()))];
    parts.extend(blocks.iter().map(drawn));
    parts.push("</details>".to_owned());
    joined(&parts)
}

fn alert(tone: Tone) -> &'static str {
    match tone {
        Tone::Good => "TIP",
        Tone::Attention | Tone::Stale => "WARNING",
        Tone::Bad => "CAUTION",
        Tone::Unknown | Tone::Waived => "IMPORTANT",
        Tone::Neutral => "NOTE",
    }
}

fn line(line: &Line) -> String {
    let text: String = line.0.iter().map(|part| piece(part, false)).collect();
    escape::beginning(text.trim())
}

/// The text of a cell.
fn cell(line: &Line) -> String {
    let text: String = line.0.iter().map(|part| piece(part, true)).collect();
    escape::beginning(text.trim())
}

fn piece(piece: &Inline, in_table: bool) -> String {
    match piece {
        Inline::Plain(text) | Inline::Id(text) | Inline::Page { text, .. } => escaped(text),
        Inline::Strong(text) => emphasised("**", text),
        Inline::Code(text) => code(text, in_table),
        Inline::Badge(tone, text) => format!("{} {}", tone.glyph(), escaped(text)),
    }
}

/// Text between marks of emphasis, which cannot stand beside a space, nor beside each other.
fn emphasised(mark: &str, text: &str) -> String {
    match escaped(text).trim() {
        "" => String::new(),
        text => format!("{mark}{text}{mark}"),
    }
}

fn captioned(caption: &str, text: &str) -> String {
    match caption {
        "" => text.to_owned(),
        caption => format!("{}\n\n{text}", escape::beginning(&escaped(caption))),
    }
}

fn facts(facts: &[Fact]) -> String {
    let fact = |fact: &Fact| format!("- {}: {}\n", emphasised("**", &fact.label), line(&fact.value));
    facts.iter().map(fact).collect()
}

fn items(list: &[Item], depth: usize, text: &mut String) {
    let indent = "  ".repeat(depth);
    for item in list {
        let mark = match item.mark {
            Some(Mark::Verdict(tone)) => {
                let ticked = matches!(tone, Tone::Good | Tone::Waived);
                format!("[{}] {} {} ", if ticked { "x" } else { " " }, tone.glyph(), tone.word())
            }
            Some(Mark::Box) => "[ ] ".to_owned(),
            None => String::new(),
        };
        let blocking = if item.blocking { " **blocker**" } else { "" };
        let owner = item.owner.as_ref().map(|owner| format!(" ({})", escaped(owner))).unwrap_or_default();
        let _ = writeln!(text, "{indent}- {mark}{}{blocking}{owner}", line(&item.text));
        for (word, about) in [("evidence", &item.proof), ("next", &item.next)] {
            if let Some(about) = about {
                let _ = writeln!(text, "{indent}  - {word}: {}", line(about));
            }
        }
        items(&item.items, depth + 1, text);
    }
}

fn nodes(list: &[TreeNode], depth: usize, text: &mut String) {
    for node in list {
        let edge = node.lead().map(|edge| format!("{} ", emphasised("*", &edge))).unwrap_or_default();
        let tone = node.tone.map(|tone| format!("{} ", tone.glyph())).unwrap_or_default();
        let _ = writeln!(text, "{}- {edge}{tone}{}", "  ".repeat(depth), line(&node.text));
        nodes(&node.children, depth + 1, text);
    }
}

/// Rows that may be drawn as Mermaid, or a sentence where there are too many.
fn chart(block: &Block) -> String {
    match (mermaid::chart(block), block) {
        (Some(text), _) => format!("```mermaid\n{text}```"),
        (None, Block::Graph(graph)) => {
            let caption = escape::beginning(&escaped(&graph.caption));
            format!("{caption}: {} links, too large to draw; use `--format dot`", graph.edges.len())
        }
        _ => String::new(),
    }
}

fn table(table: &Table) -> String {
    if table.rows.is_empty() {
        return captioned(&table.caption, "Nothing.");
    }
    captioned(&table.caption, &pipes(&table.columns, &table.rows))
}

fn pipes(columns: &[Column], rows: &[Row]) -> String {
    let row = |cells: Vec<String>| format!("| {} |\n", cells.join(" | "));
    let mut text = row(columns.iter().map(|column| escaped(&column.title)).collect());
    let rule = |column: &Column| {
        match column.align {
            Align::Left => "---",
            Align::Center => ":-:",
            Align::Right => "--:",
        }
        .to_owned()
    };
    text += &row(columns.iter().map(rule).collect());
    for cells in rows {
        text += &row(cells.cells.iter().map(|own| cell(&own.text)).collect());
    }
    text
}

/// Bars as a table, whose last column draws them.
fn bar_chart(chart: &BarChart) -> String {
    let mut table = Table::new(&chart.caption, &["", "", ""]).aligned(1, Align::Right);
    let most = chart.bars.iter().map(|bar| bar.value).fold(0.0, f64::max);
    for bar in &chart.bars {
        let length =
            if most > 0.0 && bar.value > 0.0 { (bar.value / most * 30.0).round() as usize } else { 0 };
        table.row([Line::from(&bar.label), Line::from(&bar.shown), Line::from("█".repeat(length))]);
    }
    captioned(&table.caption, &pipes(&table.columns, &table.rows))
}

fn range_chart(chart: &RangeChart) -> String {
    let mut table = Table::new(&chart.caption, &["", "Low", "Median", "High"]);
    table = table.aligned(1, Align::Right).aligned(2, Align::Right).aligned(3, Align::Right);
    for point in &chart.points {
        let numbers = [point.low, point.middle, point.high].map(|number| Line::from(number.to_string()));
        table.row(std::iter::once(Line::from(&point.label)).chain(numbers));
    }
    captioned(&table.caption, &pipes(&table.columns, &table.rows))
}

fn heat_map(map: &HeatMap) -> String {
    let mut table = Table::new(&map.caption, &[]);
    table.columns.push(Column::new(format!("{} \\ {}", map.row_title, map.column_title), Align::Left));
    table.columns.extend(map.columns.iter().map(|name| Column::new(name, Align::Center)));
    for (name, cells) in map.rows.iter().zip(&map.cells) {
        let cells = cells.iter().map(|cell| match cell.ids.as_slice() {
            [] => Line::from("·"),
            ids => Line::badge(cell.tone, &cell.level).and(": ").join(Line::ids(ids)),
        });
        table.row(std::iter::once(Line::from(name)).chain(cells));
    }
    captioned(&table.caption, &pipes(&table.columns, &table.rows))
}

fn month(month: &Month) -> String {
    let Some(first) = month.of.with_day(1) else { return String::new() };
    let mut table =
        Table::new(first.format("%B %Y").to_string(), &["Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"]);
    let mut week = vec![Line::new(); first.weekday().num_days_from_monday() as usize];
    for date in first.iter_days().take_while(|date| date.month() == first.month()) {
        week.push(day(month, date));
        if week.len() == 7 {
            table.row(std::mem::take(&mut week));
        }
    }
    if !week.is_empty() {
        week.resize(7, Line::new());
        table.row(week);
    }
    captioned(&table.caption, &pipes(&table.columns, &table.rows))
}

fn day(month: &Month, date: NaiveDate) -> Line {
    let plain = Line::from(date.day().to_string());
    let Some(known) = month.days.iter().find(|day| day.date == date) else { return plain };
    let plain = if known.off { plain.and(" ×") } else { plain };
    known.marks.iter().fold(plain, |line, (tone, mark)| line.and(" ").badge_too(*tone, mark))
}

fn events(events: &Events) -> String {
    let mut text = String::new();
    for event in &events.events {
        let when = match &event.when {
            When::Days { start, end } if start.succ_opt() == Some(*end) => start.to_string(),
            When::Days { start, end } => format!("{start} – {}", end.pred_opt().unwrap_or(*end)),
            When::Time { shown, .. } => escaped(shown),
        };
        let _ = write!(text, "- **{when}** {} {}", event.tone.glyph(), escaped(&event.summary));
        let _ = match event.description.as_str() {
            "" => writeln!(text),
            about => writeln!(text, " — {}", escaped(about)),
        };
    }
    captioned(&events.caption, &text)
}
