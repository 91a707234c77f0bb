//! Entries that a view names because something links to them.

use schemars::JsonSchema;
use serde::Serialize;

use crate::model::{EntryIndex, Kind, Plan};

/// An entry at the far end of a link.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Linked {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: String,
}

impl Linked {
    /// The entry at an index.
    pub fn new(plan: &Plan<'_>, index: EntryIndex) -> Self {
        let entry = plan.entry(index);
        Linked { id: entry.id.value.to_string(), title: entry.title().to_owned() }
    }

    /// Entries by their indices.
    pub fn all(plan: &Plan<'_>, indices: impl IntoIterator<Item = EntryIndex>) -> Vec<Self> {
        indices.into_iter().map(|index| Linked::new(plan, index)).collect()
    }
}

/// Whether an entry is a runbook.
pub fn is_runbook(plan: &Plan<'_>, index: EntryIndex) -> bool {
    matches!(plan.entry(index).kind, Kind::Run(_))
}

/// Whether an entry is measured: a monitored metric or a key performance indicator.
pub fn is_metric(plan: &Plan<'_>, index: EntryIndex) -> bool {
    matches!(plan.entry(index).kind, Kind::Mon(_) | Kind::Kpi(_))
}
