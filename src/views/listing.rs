//! The entries of a plan, filtered.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

use super::query::{Columns, Subject, has_status, kind};
use crate::model::Entry;

/// Which entries are wanted; what is absent does not matter.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Prefixes, in any case: `dep`, `BR`.
    pub families: Vec<String>,
    /// A status or state, folded.
    pub status: Option<String>,
    /// A part of the owner, in any case.
    pub owner: Option<String>,
    /// A part of the id, the title or the description, in any case.
    pub text: Option<String>,
}

/// The output of `relplan list --format json`.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(title = "Output of relplan list --format json")]
pub struct Listing {
    /// The version of this format: 1.
    pub version: u32,
    /// The fields that were asked for, in their order.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub columns: Vec<String>,
    /// The entries, by id.
    pub entries: Vec<Listed>,
    /// How many entries the plan has in all.
    pub total: usize,
}

/// One entry.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Listed {
    /// Its id.
    pub id: String,
    /// What kind of entry it is, in words.
    pub kind: String,
    /// Its title.
    pub title: String,
    /// Its status, state or whatever its family calls it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
    /// Who answers for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
    /// Its file.
    pub file: String,
    /// The line of its id, from 1.
    pub line: usize,
    /// The values of the fields that were asked for; a field that the entry does not state is absent.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub values: BTreeMap<String, Vec<String>>,
}

/// The entries of those in `subjects` that pass the filter, sorted by family and number, with the fields that `columns`
/// asks for. `total` is how many entries the plan has.
pub fn listing<'a, 's: 'a>(
    subjects: impl Iterator<Item = Subject<'a, 's>>,
    filter: &Filter,
    columns: Option<&Columns>,
    total: usize,
) -> Listing {
    let mut subjects: Vec<_> = subjects.filter(|subject| filter.passes(subject.entry)).collect();
    subjects.sort_by_key(|subject| subject.entry.id.value);
    let columns = columns.map(|columns| columns.names().to_vec()).unwrap_or_default();
    let entries = subjects.iter().map(|subject| listed(subject, &columns)).collect();
    Listing { version: 1, columns, entries, total }
}

fn listed(subject: &Subject<'_, '_>, columns: &[String]) -> Listed {
    let entry = subject.entry;
    let stated = |column: &String| {
        let values = subject.values(column);
        (!values.is_empty()).then(|| (column.clone(), values))
    };
    Listed {
        id: entry.id.value.to_string(),
        kind: kind(entry),
        title: entry.title().to_owned(),
        status: entry.status().map(str::to_owned),
        owner: entry.owner.as_ref().map(|owner| owner.value.to_string()),
        file: subject.file.to_owned(),
        line: subject.line,
        values: columns.iter().filter_map(stated).collect(),
    }
}

impl Listed {
    /// What a column shows, for people: several values with commas between them.
    pub fn shown(&self, column: &str) -> String {
        self.values.get(column).map(|values| values.join(", ")).unwrap_or_default()
    }
}

impl Filter {
    fn passes(&self, entry: &Entry<'_>) -> bool {
        let family = self.families.is_empty() || self.families.iter().any(|family| is_of(entry, family));
        let status = self.status.as_ref().is_none_or(|wanted| has_status(entry, wanted));
        let owner = self
            .owner
            .as_ref()
            .is_none_or(|wanted| entry.owner.as_ref().is_some_and(|owner| contains(&owner.value, wanted)));
        let text = self.text.as_ref().is_none_or(|wanted| {
            let description = entry.description().map_or("", |text| &text.value);
            [&entry.id.value.to_string(), entry.title(), description]
                .iter()
                .any(|text| contains(text, wanted))
        });
        family && status && owner && text
    }
}

fn is_of(entry: &Entry<'_>, family: &str) -> bool {
    let prefix = entry.id.prefix;
    let wanted = family.trim_end_matches('-');
    prefix.as_str().eq_ignore_ascii_case(wanted) || prefix.head().eq_ignore_ascii_case(wanted)
}

fn contains(text: &str, part: &str) -> bool {
    text.to_lowercase().contains(&part.to_lowercase())
}
