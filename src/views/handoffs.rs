//! The handoffs of a release: what each receiver needs and has, and whether they have accepted it.

use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::Serialize;

use crate::graph::{Release, Selection};
use crate::model::same_folded;
use crate::verdict::handoff::HandoffStatus;
use crate::verdict::{Basis, Judge};

/// The output of `relplan handoff --format json`.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(title = "Output of relplan handoff --format json")]
pub struct Handoffs {
    /// The version of this format: 1.
    pub version: u32,
    /// The day on which it is true.
    pub day: NaiveDate,
    /// The release; absent if it is about the whole plan.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub release: Option<Release>,
    /// The handoffs, by id.
    pub handoffs: Vec<HandoffStatus>,
}

/// The handoffs of a selection, perhaps only those to one receiver.
pub fn handoffs(
    basis: Basis<'_>,
    selection: &Selection,
    receiver: Option<&str>,
    today: NaiveDate,
) -> Handoffs {
    let mut all = Judge::new(basis, selection, today).handoffs();
    if let Some(wanted) = receiver {
        all.retain(|handoff| handoff.receiver.as_deref().is_some_and(|own| same_folded(own, wanted.trim())));
    }
    Handoffs { version: 1, day: today, release: selection.release.clone(), handoffs: all }
}
