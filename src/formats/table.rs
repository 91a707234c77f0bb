//! Tables for people: lists of entries, of rules, of counts.

use crate::model::phrase::counted;
use comfy_table::{ColumnConstraint, ContentArrangement, Table, Width, presets};
use unicode_width::UnicodeWidthStr;

use super::{CheckReport, bounded, harmless};
use crate::report;
use crate::rules::{ALL, GROUPS};
use crate::views::listing::{Listed, Listing};

fn table(width: usize, header: &[&str]) -> Table {
    let mut table = Table::new();
    table
        .load_style(presets::UTF8_HORIZONTAL_ONLY)
        .set_content_arrangement(ContentArrangement::Dynamic)
        .set_width(u16::try_from(width).unwrap_or(u16::MAX))
        .set_header(header.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>());
    table
}

/// A column of a list of entries.
struct Column {
    header: String,
    cell: Box<dyn Fn(&Listed) -> String>,
    /// Which of several makes way first where the title would be broken into single words; nothing if
    /// it never does.
    makes_way: Option<u8>,
    /// Whether it stays in one piece: an id or a place is copied from here.
    whole: bool,
}

impl Column {
    fn new(header: &str, cell: impl Fn(&Listed) -> String + 'static) -> Self {
        let cell = move |entry: &Listed| bounded(cell(entry));
        Column { header: header.to_owned(), cell: Box::new(cell), makes_way: None, whole: false }
    }

    fn making_way(mut self, turn: u8) -> Self {
        self.makes_way = Some(turn);
        self
    }

    fn whole(mut self) -> Self {
        self.whole = true;
        self
    }

    /// How wide it is if nothing in it is broken, with a blank on either side.
    fn most(&self, listing: &Listing) -> usize {
        self.widest(listing, |text| text.width())
    }

    /// How wide it is at least: its widest text if that stays whole, or else its widest word.
    fn least(&self, listing: &Listing) -> usize {
        if self.whole { self.most(listing) } else { self.widest(listing, widest_word) }
    }

    fn widest(&self, listing: &Listing, width: fn(&str) -> usize) -> usize {
        let widths = listing.entries.iter().map(|entry| width(&(self.cell)(entry)));
        widths.chain([self.header.len()]).max().unwrap_or(0) + 2
    }
}

/// The columns of a list of entries, in their order: those that were asked for, or else the usual ones.
fn columns_of(listing: &Listing) -> Vec<Column> {
    if listing.columns.is_empty() {
        return vec![
            Column::new("ID", |entry| entry.id.clone()).whole(),
            Column::new("Kind", |entry| entry.kind.clone()).making_way(1),
            Column::new(TITLE, |entry| entry.title.clone()),
            Column::new("Status", |entry| entry.status.clone().unwrap_or_default()).making_way(3),
            Column::new("Owner", |entry| entry.owner.clone().unwrap_or_default()).making_way(2),
            Column::new("Place", |entry| format!("{}:{}", entry.file, entry.line)).whole(),
        ];
    }
    let column = |name: &String| {
        let field = name.clone();
        let column = Column::new(&report::listing::heading(name), move |entry| entry.shown(&field));
        if matches!(name.as_str(), "id" | "file") { column.whole() } else { column }
    };
    listing.columns.iter().map(column).collect()
}

/// The column that takes what the others leave.
const TITLE: &str = "Title";

/// How wide the titles are at least, before another column is left out for them.
const NARROWEST_TITLE: usize = 18;

/// How wide they stay where there is no room even for the columns that are never left out.
const NARROWEST: usize = 10;

fn widest_word(text: &str) -> usize {
    text.split_whitespace().map(UnicodeWidthStr::width).max().unwrap_or(0)
}

/// The entries of a plan.
pub fn listing(listing: &Listing, width: usize) -> String {
    let (columns, title) = columns(listing, width);
    let headers: Vec<&str> = columns.iter().map(|column| column.header.as_str()).collect();
    let mut table = table(width, &headers);
    for entry in &listing.entries {
        table.add_row(columns.iter().map(|column| harmless(&(column.cell)(entry))));
    }
    for (at, column) in columns.iter().enumerate() {
        if let Some(drawn) = table.column_mut(at) {
            drawn.set_constraint(match column {
                column if column.whole => ColumnConstraint::ContentWidth,
                column if column.header == TITLE => at_least(title),
                column => at_least(column.least(listing)),
            });
        }
    }
    format!("{table}\n")
}

fn at_least(width: usize) -> ColumnConstraint {
    ColumnConstraint::LowerBoundary(Width::Fixed(u16::try_from(width).unwrap_or(u16::MAX)))
}

/// The columns for which there is room, and the width that is left for the titles. Others make way for
/// them once their words stand below each other; the kind, which the id nearly says, before that.
fn columns(listing: &Listing, width: usize) -> (Vec<Column>, usize) {
    let taken = |columns: &[Column], of: fn(&Column, &Listing) -> usize| -> usize {
        let others = columns.iter().filter(|column| column.header != TITLE);
        // One blank stands between two columns.
        others.map(|column| of(column, listing)).sum::<usize>() + columns.len().saturating_sub(1)
    };
    let longest = listing.entries.iter().map(|entry| entry.title.width() + 2).max().unwrap_or(0);
    let title = longest.min(NARROWEST_TITLE);
    let mut columns = columns_of(listing);
    if taken(&columns, Column::most) + title > width {
        columns.retain(|column| column.makes_way != Some(1));
    }
    while taken(&columns, Column::least) + title > width {
        let Some(turn) = columns.iter().filter_map(|column| column.makes_way).min() else { break };
        columns.retain(|column| column.makes_way != Some(turn));
    }
    let left = width.saturating_sub(taken(&columns, Column::least));
    (columns, longest.min(left).max(NARROWEST))
}

/// All rules, by group and code.
pub fn rules(width: usize) -> String {
    let mut text = String::new();
    for group in GROUPS {
        let mut rules = group.rules.to_vec();
        rules.sort_by_key(|rule| rule.code);
        let mut table = table(width, &["Code", "Rule", "Level", "Finds"]);
        for rule in rules {
            let level = rule.level.map_or("off", |level| level.word());
            table.add_row([rule.code, rule.name, level, &rule.summary().replace('\n', "")]);
        }
        text += &format!("{} {}\n{table}\n\n", group.digits, group.title);
    }
    text + &format!("{}; `relplan explain NAME` shows one\n", counted(ALL.len(), "rule"))
}

/// How often each rule found something, the most frequent first.
pub fn statistics(report: &CheckReport<'_>) -> String {
    let mut counts: std::collections::BTreeMap<(&str, &str, &str), usize> = Default::default();
    for finding in report.findings {
        *counts.entry((finding.name, finding.code, finding.level.word())).or_default() += 1;
    }
    let mut counts: Vec<_> = counts.into_iter().collect();
    counts.sort_by_key(|(rule, count)| (std::cmp::Reverse(*count), *rule));
    let mut table = table(80, &["Findings", "Rule", "Code", "Level"]);
    for ((name, code, level), count) in counts {
        table.add_row([count.to_string().as_str(), name, code, level]);
    }
    format!("{table}\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(width: usize, expect: &[&str]) {
        let entry = Listed {
            id: "DEP-001".to_owned(),
            kind: "Environment".to_owned(),
            title: "A title of so many words that it does not fit into a line of a narrow screen".to_owned(),
            status: Some("in progress".to_owned()),
            owner: Some("Platform Engineering".to_owned()),
            file: "release/environments-of-all-regions.yaml".to_owned(),
            line: 123,
            values: Default::default(),
        };
        let list = Listing { version: 1, columns: Vec::new(), entries: vec![entry], total: 1 };
        let drawn = listing(&list, width);
        let headers: Vec<&str> = drawn.lines().nth(1).unwrap_or("").split_whitespace().collect();
        assert_eq!(headers, expect, "{drawn}");
        assert!(drawn.contains(" release/environments-of-all-regions.yaml:123 "), "{drawn}");
    }

    #[test]
    fn a_place_stays_whole_and_other_columns_make_way() {
        check(160, &["ID", "Kind", "Title", "Status", "Owner", "Place"]);
        check(120, &["ID", "Title", "Status", "Owner", "Place"]);
        check(100, &["ID", "Title", "Status", "Owner", "Place"]);
        check(95, &["ID", "Title", "Status", "Place"]);
        check(80, &["ID", "Title", "Place"]);
        check(40, &["ID", "Title", "Place"]);
    }
}
