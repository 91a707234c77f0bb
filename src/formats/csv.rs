//! The main table of a document, the first, as CSV after RFC 4180. Events are a table too.
//!
//! Spreadsheets run what begins with `=` and its like, so that such a cell begins with an apostrophe, which they
//! do not show. Programs that need every text as it is read JSON.

use super::ViewFormat;
use super::terminal::Style;
use crate::report::{Block, Events, Report, Table, When};

/// The format.
pub(super) const FORMAT: ViewFormat = ViewFormat {
    name: "csv",
    about: "the main table, for spreadsheets and programs",
    extensions: &["csv"],
    draws: |block| matches!(block, Block::Table(_) | Block::Events(_)),
    write,
};

fn write(report: &Report, _: Style) -> String {
    let written = report.every_block().find_map(|block| match block {
        Block::Table(table) => Some(written(table)),
        Block::Events(events) => Some(written(&table_of(events))),
        _ => None,
    });
    // Writing to memory does not fail.
    written.and_then(Result::ok).unwrap_or_default()
}

/// Events as rows: the first and the last day, what, more about it, and the words to filter by.
fn table_of(events: &Events) -> Table {
    let mut table = Table::new(&*events.caption, &["From", "To", "What", "Description", "Categories"]);
    for event in &events.events {
        let (from, to) = match &event.when {
            When::Days { start, end } => (start.to_string(), end.pred_opt().unwrap_or(*end).to_string()),
            When::Time { start, end, .. } => (start.to_rfc3339(), end.to_rfc3339()),
        };
        let categories = event.categories.join(", ");
        table.row([from, to, event.summary.clone(), event.description.clone(), categories]);
    }
    table
}

fn written(table: &Table) -> Result<String, csv::Error> {
    let mut writer =
        csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).flexible(true).from_writer(Vec::new());
    writer.write_record(table.columns.iter().map(|column| defused(column.title.clone())))?;
    for row in &table.rows {
        writer.write_record(row.cells.iter().map(|cell| defused(cell.text.text())))?;
    }
    let bytes = writer.into_inner().map_err(|error| csv::Error::from(error.into_error()))?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// A cell that no spreadsheet runs. A number may begin with its sign.
fn defused(text: String) -> String {
    const SIGNS: [char; 8] = ['=', '+', '-', '@', '＝', '＋', '－', '＠'];
    let begins = text.trim_start().starts_with(SIGNS) || text.starts_with(['\t', '\r', '\n', '|', '%']);
    if begins && !is_number(&text) { format!("'{text}") } else { text }
}

fn is_number(text: &str) -> bool {
    let digits = text.trim().trim_start_matches(['-', '+']).trim_end_matches(['%', ' ']);
    digits.starts_with(|first: char| first.is_ascii_digit())
        && digits.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b','))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_spreadsheet_would_run_is_text() {
        for text in ["=1+1", "+cmd|'/c calc'!A0", "-2+3", "@SUM(A1)", "\t=1", " =1", "＝1", "%0A=1", "-"] {
            assert_eq!(defused(text.to_owned()), format!("'{text}"));
        }
        for text in ["", "plain", "-12.5 %", "+3", "a=b", "2027-03-01", "5 - 3", "'quoted"] {
            assert_eq!(defused(text.to_owned()), text);
        }
    }
}
