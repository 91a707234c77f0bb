//! The main table of a document, the first, as CSV after RFC 4180. Events are a table too.
//!
//! Cells hold the text of the plan as it is. Spreadsheets run what begins with `=`; a file for
//! programs must not be changed on that account, so nothing is guarded here.

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
    writer.write_record(table.columns.iter().map(|column| column.title.as_str()))?;
    for row in &table.rows {
        writer.write_record(row.cells.iter().map(|cell| cell.text.text()))?;
    }
    let bytes = writer.into_inner().map_err(|error| csv::Error::from(error.into_error()))?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}
