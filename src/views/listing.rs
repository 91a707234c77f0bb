//! The entries of a plan, filtered.

use schemars::JsonSchema;
use serde::Serialize;

use crate::model::{Entry, Plan, same_folded};
use crate::source::SourceMap;

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
}

/// The entries that pass the filter and meet a condition, sorted by family and number.
pub fn listing(
    plan: &Plan<'_>,
    sources: &SourceMap,
    filter: &Filter,
    meets: impl Fn(&Entry<'_>) -> bool,
) -> Listing {
    let wanted = |entry: &&Entry<'_>| filter.passes(entry) && meets(entry);
    let mut entries: Vec<&Entry<'_>> = plan.entries().iter().filter(wanted).collect();
    entries.sort_by_key(|entry| entry.id.value);
    Listing {
        version: 1,
        entries: entries.into_iter().map(|entry| listed(entry, sources)).collect(),
        total: plan.entries().len(),
    }
}

fn listed(entry: &Entry<'_>, sources: &SourceMap) -> Listed {
    Listed {
        id: entry.id.value.to_string(),
        kind: kind(entry),
        title: entry.title().to_owned(),
        status: entry.status().map(str::to_owned),
        owner: entry.owner.as_ref().map(|owner| owner.value.to_string()),
        file: sources.file(entry.id.span.file).name().to_owned(),
        line: sources.start(entry.id.span).line,
    }
}

/// A deployment item says which of the five kinds it is; other families speak for themselves.
fn kind(entry: &Entry<'_>) -> String {
    match &entry.kind {
        crate::model::Kind::Dep(dep) => crate::model::Choice::word(dep.dep_type()).to_owned(),
        _ => entry.id.prefix.to_string(),
    }
}

impl Filter {
    fn passes(&self, entry: &Entry<'_>) -> bool {
        let family = self.families.is_empty() || self.families.iter().any(|family| is_of(entry, family));
        let status = self
            .status
            .as_ref()
            .is_none_or(|wanted| entry.status().is_some_and(|status| same_folded(status, wanted)));
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
