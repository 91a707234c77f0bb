//! A list of entries as a document: one table.

use chrono::NaiveDate;

use super::list::Table;

use super::{Block, Report};
use crate::model::phrase::counted;
use crate::source::shown::in_words;
use crate::views::listing::{Listed, Listing};

/// Lowers a list.
pub fn report(listing: &Listing, day: NaiveDate) -> Report {
    let mut report = Report::new("Entries", day);
    report.figure("Entries", format!("{} of {}", listing.entries.len(), listing.total));
    let caption = counted(listing.entries.len(), "entry");
    let table = match listing.columns.is_empty() {
        true => usual(listing, caption),
        false => chosen(listing, caption),
    };
    report.push(Block::Table(table));
    report
}

/// The heading of a field that was asked for: `due_date` is `Due date`.
pub fn heading(field: &str) -> String {
    if field == "id" {
        return "ID".to_owned();
    }
    let mut letters = field.chars();
    let first = letters.next().map(|letter| letter.to_uppercase().to_string()).unwrap_or_default();
    first + &in_words(letters.as_str())
}

fn usual(listing: &Listing, caption: String) -> Table {
    let mut table = Table::new(caption, &["ID", "Kind", "Title", "Status", "Owner", "Place"]);
    for entry in &listing.entries {
        let Listed { id, kind, title, status, owner, file, line, .. } = entry;
        let (status, owner) = (status.clone().unwrap_or_default(), owner.clone().unwrap_or_default());
        table.row_of(
            &**id,
            [id.clone(), kind.clone(), title.clone(), status, owner, format!("{file}:{line}")],
        );
    }
    table
}

fn chosen(listing: &Listing, caption: String) -> Table {
    let headings: Vec<String> = listing.columns.iter().map(|column| heading(column)).collect();
    let headings: Vec<&str> = headings.iter().map(String::as_str).collect();
    let mut table = Table::new(caption, &headings);
    for entry in &listing.entries {
        table.row_of(&*entry.id, listing.columns.iter().map(|column| entry.shown(column)));
    }
    table
}
