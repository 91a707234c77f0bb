//! The entries by family.

use super::{Site, paths};
use crate::model::Prefix;
use crate::model::phrase::counted;
use crate::report::{self, Align, Cell, Line, Report, Table};
use crate::views::listing::{Filter, listing};
use crate::views::query::Subject;

/// The page that leads to all of them.
pub(super) const PATH: &str = "entries/index.html";

/// The families, each with the number of its entries.
pub(super) fn overview(site: Site<'_>) -> Report {
    let plan = site.plan();
    let mut report = Report::new("Entries", site.inputs.today);
    let families = plan.families().count();
    report.subtitle = Some(counted(site.entries.all.len(), "entry"));
    let caption = match families {
        1 => "1 family".to_owned(),
        count => format!("{count} families"),
    };
    let mut table = Table::new(caption, &["Family", "Entries", "With findings"]);
    table = table.aligned(1, Align::Right).aligned(2, Align::Right);
    for (prefix, entries) in plan.families() {
        let with = entries.iter().filter(|entry| !site.entries.findings_of(**entry).is_empty()).count();
        table.row([
            Cell::from(Line::new().page(prefix.as_str(), paths::of_family(prefix))),
            Cell::from(entries.len().to_string()),
            Cell::from(with.to_string()),
        ]);
    }
    report.push(table);
    report
}

/// The entries of a family.
pub(super) fn family(site: Site<'_>, prefix: Prefix) -> Report {
    let plan = site.plan();
    let sources = site.inputs.basis.sources;
    let entries = plan.family(prefix).iter().map(|index| {
        let entry = plan.entry(*index);
        let file = sources.file(entry.id.span.file);
        let line = sources.start(entry.id.span).line;
        Subject { entry, pairs: &[], file: file.name(), line }
    });
    let list = listing(entries, &Filter::default(), None, plan.entries().len());
    let mut report = report::listing::report(&list, site.inputs.today);
    report.title = format!("Entries: {prefix}");
    report
}
