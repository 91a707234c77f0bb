//! The main table of a document, the first, as CSV after RFC 4180.
//!
//! Cells hold the text of the plan as it is. Spreadsheets run what begins with `=`; a file for
//! programs must not be changed on that account, so nothing is guarded here.

use super::ViewFormat;
use super::terminal::Style;
use crate::report::{Block, Report, Table};

/// The format.
pub(super) const FORMAT: ViewFormat = ViewFormat {
    name: "csv",
    about: "the main table, for spreadsheets and programs",
    extensions: &["csv"],
    draws: |block| matches!(block, Block::Table(_)),
    write,
};

fn write(report: &Report, _: Style) -> String {
    let table = report.blocks.iter().find_map(|block| match block {
        Block::Table(table) => Some(table),
        _ => None,
    });
    // Writing to memory does not fail.
    table.and_then(|table| written(table).ok()).unwrap_or_default()
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
