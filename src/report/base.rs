//! What differs from the base, as a chapter of a report.

use super::{Line, Report, Table, Tone};
use crate::views::base::{BaseView, LoosenedView};

/// Lowers the comparison; nothing where there was none.
pub(super) fn chapter(base: Option<&BaseView>, report: &mut Report) {
    let Some(base) = base else { return };
    report.chapter("Changes against the base");
    let mut words = base.in_words();
    if let Some(first) = words.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    report.text(Line::from(format!("{words}.")));
    for refused in &base.refused_waivers {
        report.text(Line::prose(refused));
    }
    table("Loosened against the base", &base.loosened, report);
}

/// A chapter about what asks for less; nothing where nothing does.
pub(super) fn loosened(list: &[LoosenedView], report: &mut Report) {
    if !list.is_empty() {
        report.chapter("Loosened");
        table("", list, report);
    }
}

fn table(caption: &str, list: &[LoosenedView], report: &mut Report) {
    if list.is_empty() {
        return;
    }
    let mut table = Table::new(caption, &["Change", "Now", "Base", "Status"]);
    for LoosenedView { message, place, base, waived, .. } in list {
        let text = |place: &Option<String>| Line::from(place.as_deref().unwrap_or_default());
        let status = match waived {
            Some(words) => Line::prose(words),
            None => Line::badge(Tone::Bad, "not waived"),
        };
        table.row([Line::prose(message), text(place), text(base), status]);
    }
    report.push(table);
}
