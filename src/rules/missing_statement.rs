//! What rules have in common that miss one field of an entry.

use super::Subject;
use crate::finding::Report;
use crate::model::{Entry, UnreadableFields};

/// A field that an entry should have.
pub(super) struct MissingStatement<'w> {
    /// Its name.
    pub field: &'w str,
    /// What nobody knows without it, to follow the id of the entry.
    pub message: &'w str,
    /// What to do.
    pub help: &'w str,
}

/// Reports every entry of `items` that does not say what it should; returns how many there are. A
/// field that was written and could not be read is reported as such, and is not missing.
pub(super) fn each<'p, T: 'p>(
    subject: &Subject<'p>,
    reports: &mut Vec<Report>,
    items: impl Iterator<Item = (&'p Entry<'p>, &'p T)>,
    says: impl Fn(&Entry<'p>, &T) -> bool,
    missing: &MissingStatement<'_>,
) -> usize {
    let unreadable = UnreadableFields::new(subject.plan, subject.sources);
    let mut looked_at = 0;
    for (entry, item) in items {
        looked_at += 1;
        let id = entry.id.value;
        if !says(entry, item) && !unreadable.has(id, missing.field) {
            let message = format!("{id}: {}", missing.message);
            reports.push(Report::at(entry.id.span, message).help(missing.help));
        }
    }
    looked_at
}
