//! What a release changes and needs beyond its items.

use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::Serialize;

use crate::model::rel::Rel;
use crate::model::release_strategy::ExternalDependency;
use crate::model::{Choice, Text};

/// What a release changes and needs.
#[derive(Debug, Default, Serialize, JsonSchema)]
pub struct Technical {
    /// What changes in the architecture.
    pub architecture_changes: Vec<String>,
    /// What breaks for users.
    pub breaking_changes: Vec<String>,
    /// What the release needs from outside.
    pub external_dependencies: Vec<Dependency>,
    /// What must be carried over.
    pub migrations: Vec<String>,
}

/// Something that the release needs from outside.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Dependency {
    /// What is needed.
    pub name: String,
    /// Who provides it, or follows it up.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
    /// How far it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<&'static str>,
    /// When it is needed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub due: Option<NaiveDate>,
}

impl Technical {
    /// Whether there is nothing of it.
    pub fn is_empty(&self) -> bool {
        let Technical { architecture_changes, breaking_changes, external_dependencies, migrations } = self;
        architecture_changes.is_empty()
            && breaking_changes.is_empty()
            && external_dependencies.is_empty()
            && migrations.is_empty()
    }
}

/// What the releases change and need.
pub(super) fn technical<'p, 's: 'p>(releases: impl Iterator<Item = &'p Rel<'s>>) -> Technical {
    let mut all = Technical::default();
    for rel in releases {
        all.architecture_changes.extend(rel.architecture_changes.iter().map(words));
        let changes = rel.breaking_changes.iter().filter_map(|item| item.change.as_ref());
        all.breaking_changes.extend(changes.map(words));
        all.external_dependencies.extend(rel.external_dependencies.iter().filter_map(dependency));
        all.migrations.extend(rel.migrations.iter().filter_map(|item| item.name.as_ref()).map(words));
    }
    all
}

/// What must be so after the releases.
pub(super) fn success_criteria<'p, 's: 'p>(releases: impl Iterator<Item = &'p Rel<'s>>) -> Vec<String> {
    releases.flat_map(|rel| rel.success_criteria.iter().map(words)).collect()
}

fn dependency(item: &ExternalDependency<'_>) -> Option<Dependency> {
    Some(Dependency {
        name: words(item.name.as_ref()?),
        owner: item.owner.as_ref().map(words),
        status: item.status.map(|status| status.value.word()),
        due: item.due.map(|due| due.value),
    })
}

fn words(text: &Text<'_>) -> String {
    text.value.trim().to_owned()
}
