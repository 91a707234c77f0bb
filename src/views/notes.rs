//! Release notes: what a release changes, breaks, deprecates and leaves unfixed, for whoever reads them.

use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::Serialize;

use super::linked::Linked;
use crate::graph::{Graph, Release, Selection};
use crate::model::rel::Rel;
use crate::model::release_notes::{
    Audience, Audiences, BreakingChange, Deprecation, KnownIssue, Migration, ReleaseNote,
};
use crate::model::{Choice, Kind, Plan, Text};
use crate::verdict::release_notes::{Change, NotesStage, ReleaseNotes, told};

/// The output of `relplan notes --format json`.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(title = "Output of relplan notes --format json")]
pub struct Notes {
    /// The version of this format: 1.
    pub version: u32,
    /// The day on which it is true.
    pub day: NaiveDate,
    /// The release that it is about; absent if it is about the whole plan.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub release: Option<Release>,
    /// The day on which the release goes out, or went out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date: Option<NaiveDate>,
    /// How far the release is; until it is out, the notes are a draft.
    pub stage: NotesStage,
    /// The readers; absent if the notes are for all of them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub audience: Option<AudienceWord>,
    /// The theme of the release.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub theme: Option<String>,
    /// What breaks for users.
    pub breaking_changes: Vec<BreakingChangeNote>,
    /// The complete changes, by id.
    pub changes: Vec<ChangeNote>,
    /// What is deprecated.
    pub deprecations: Vec<DeprecationNote>,
    /// What must be carried over.
    pub migrations: Vec<MigrationNote>,
    /// The defects that it ships with.
    pub known_issues: Vec<KnownIssueNote>,
    /// How the release reaches its users; only in notes for operations and in those for all readers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deployment: Option<Deployment>,
    /// The changes in scope that are not complete, and therefore not announced.
    pub incomplete: Vec<Linked>,
    /// What is missing for these notes.
    pub gaps: Vec<String>,
}

/// Readers of release notes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum AudienceWord {
    /// Those who use the product.
    Customers,
    /// Those who build on it.
    Partners,
    /// Those who run and support it.
    Operations,
}

/// A change.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ChangeNote {
    /// The feature or work package.
    pub id: String,
    /// What is told of it.
    pub note: String,
    /// Whether a release note says so. If not, it is the title of the entry.
    pub is_written: bool,
    /// The readers.
    pub audiences: Vec<AudienceWord>,
    /// The work packages that bring it.
    pub epics: Vec<String>,
}

/// A breaking change.
#[derive(Debug, Serialize, JsonSchema)]
pub struct BreakingChangeNote {
    /// What no longer works as before.
    pub change: String,
    /// What users must do.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub migration: Option<String>,
    /// The readers.
    pub audiences: Vec<AudienceWord>,
}

/// A deprecation.
#[derive(Debug, Serialize, JsonSchema)]
pub struct DeprecationNote {
    /// What is deprecated.
    pub feature: String,
    /// What to use instead.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub replacement: Option<String>,
    /// The first version without it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub removed_in: Option<String>,
    /// The day of the removal.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub removal_date: Option<NaiveDate>,
    /// The readers.
    pub audiences: Vec<AudienceWord>,
}

/// A migration.
#[derive(Debug, Serialize, JsonSchema)]
pub struct MigrationNote {
    /// What is migrated.
    pub name: String,
    /// What it changes: data, schema, configuration, infrastructure or client.
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub migration_type: Option<&'static str>,
    /// The steps.
    pub procedure: Vec<String>,
    /// Whether it can be undone; absent if it is not stated.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub is_reversible: Option<bool>,
    /// How long it takes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub duration: Option<String>,
    /// Who carries it out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
    /// The readers.
    pub audiences: Vec<AudienceWord>,
}

/// A known issue.
#[derive(Debug, Serialize, JsonSchema)]
pub struct KnownIssueNote {
    /// What goes wrong.
    pub issue: String,
    /// How bad that is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub severity: Option<&'static str>,
    /// What users do until it is fixed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub workaround: Option<String>,
    /// The release that fixes it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fixed_in: Option<String>,
    /// The readers.
    pub audiences: Vec<AudienceWord>,
}

/// How a release reaches its users.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Deployment {
    /// The strategy.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub strategy: Option<&'static str>,
    /// The phases of the rollout, in order.
    pub phases: Vec<String>,
    /// The feature flags.
    pub flags: Vec<String>,
}

impl AudienceWord {
    /// How many there are.
    pub const COUNT: usize = Audience::ALL.len();

    /// As it is shown.
    pub fn word(self) -> &'static str {
        match self {
            AudienceWord::Customers => Audience::Customers.word(),
            AudienceWord::Partners => Audience::Partners.word(),
            AudienceWord::Operations => Audience::Operations.word(),
        }
    }
}

impl From<Audience> for AudienceWord {
    fn from(audience: Audience) -> Self {
        match audience {
            Audience::Customers => AudienceWord::Customers,
            Audience::Partners => AudienceWord::Partners,
            Audience::Operations => AudienceWord::Operations,
        }
    }
}

/// The notes of a selection for one audience, or for all of them.
pub fn notes(
    plan: &Plan<'_>,
    graph: &Graph,
    selection: &Selection,
    audience: Option<Audience>,
    today: NaiveDate,
) -> Notes {
    let facts = ReleaseNotes::new(plan, graph, selection);
    let rel = match facts.releases.as_slice() {
        [(_, rel)] => Some(*rel),
        _ => None,
    };
    let releases = || facts.releases.iter().map(|(_, rel)| *rel);
    let is_told = |audiences: &Audiences| audience.is_none_or(|audience| audiences.include(audience));
    let breaking = releases().flat_map(|rel| &rel.breaking_changes).filter(|item| is_told(&item.audiences));
    let deprecations = releases().flat_map(|rel| &rel.deprecations).filter(|item| is_told(&item.audiences));
    let migrations = releases().flat_map(|rel| &rel.migrations).filter(|item| is_told(&item.audiences));
    // An issue that this release fixes is none that it ships with.
    let fixed_in = |item: &KnownIssue<'_>| plan.release(item.fixed_in.as_ref()?.value.trim());
    let issues = facts
        .releases
        .iter()
        .flat_map(|(index, rel)| rel.known_issues.iter().filter(move |item| fixed_in(item) != Some(*index)));
    let issues = issues.filter(|item| is_told(&item.audiences));
    let (complete, incomplete): (Vec<&Change>, Vec<&Change>) =
        facts.changes.iter().partition(|change| change.is_complete);
    let is_omitted =
        |change: &&Change| matches!(plan.entry(change.entry).release_note(), Some(ReleaseNote::Omitted));
    let incomplete = incomplete.into_iter().filter(|change| !is_omitted(change));
    Notes {
        version: 1,
        day: today,
        release: selection.release.clone(),
        date: rel.and_then(|rel| rel.deployed_at.or(rel.date)).map(|date| date.value),
        stage: facts.stage(),
        audience: audience.map(AudienceWord::from),
        theme: rel.and_then(|rel| words(rel.theme.as_ref())),
        breaking_changes: breaking.filter_map(breaking_change).collect(),
        changes: complete.into_iter().flat_map(|change| change_notes(plan, change, audience)).collect(),
        deprecations: deprecations.filter_map(deprecation).collect(),
        migrations: migrations.filter_map(migration).collect(),
        known_issues: issues.filter_map(|item| known_issue(plan, item)).collect(),
        deployment: rel.filter(|_| audience.is_none_or(|to| to == Audience::Operations)).and_then(deployment),
        incomplete: Linked::all(plan, incomplete.map(|change| change.entry)),
        gaps: facts.gaps(audience).iter().map(|gap| gap.in_words(plan)).collect(),
    }
}

fn change_notes(plan: &Plan<'_>, change: &Change, audience: Option<Audience>) -> Vec<ChangeNote> {
    let entry = plan.entry(change.entry);
    let epics = change.epics.iter().filter(|epic| **epic != change.entry);
    let epics: Vec<String> = epics.map(|epic| plan.entry(*epic).id.value.to_string()).collect();
    let note = |(text, audiences): (&str, Vec<Audience>)| ChangeNote {
        id: entry.id.value.to_string(),
        note: text.to_owned(),
        is_written: entry.release_note().is_some(),
        audiences: audiences.into_iter().map(AudienceWord::from).collect(),
        epics: epics.clone(),
    };
    // Notes for one audience name all who read the same.
    let all = told(entry);
    let is_told = |audiences: &[Audience]| audience.is_none_or(|audience| audiences.contains(&audience));
    all.into_iter().filter(|(_, audiences)| is_told(audiences)).map(note).collect()
}

fn audiences(audiences: &Audiences) -> Vec<AudienceWord> {
    let told = Audience::ALL.into_iter().filter(|audience| audiences.include(*audience));
    told.map(AudienceWord::from).collect()
}

fn words(text: Option<&Text<'_>>) -> Option<String> {
    text.map(|text| text.value.trim().to_owned())
}

fn breaking_change(item: &BreakingChange<'_>) -> Option<BreakingChangeNote> {
    Some(BreakingChangeNote {
        change: words(item.change.as_ref())?,
        migration: words(item.migration.as_ref()),
        audiences: audiences(&item.audiences),
    })
}

fn deprecation(item: &Deprecation<'_>) -> Option<DeprecationNote> {
    Some(DeprecationNote {
        feature: words(item.feature.as_ref())?,
        replacement: words(item.replacement.as_ref()),
        removed_in: words(item.removed_in.as_ref()),
        removal_date: item.removal_date.map(|date| date.value),
        audiences: audiences(&item.audiences),
    })
}

fn migration(item: &Migration<'_>) -> Option<MigrationNote> {
    Some(MigrationNote {
        name: words(item.name.as_ref())?,
        migration_type: item.migration_type.map(|stated| stated.value.word()),
        procedure: item.procedure.iter().map(|step| step.value.trim().to_owned()).collect(),
        is_reversible: item.reversible.as_ref().map(|stated| stated.value.value),
        duration: item.duration.map(|duration| duration.value.to_string()),
        owner: words(item.owner.as_ref()),
        audiences: audiences(&item.audiences),
    })
}

fn known_issue(plan: &Plan<'_>, item: &KnownIssue<'_>) -> Option<KnownIssueNote> {
    Some(KnownIssueNote {
        issue: words(item.issue.as_ref())?,
        severity: item.severity.map(|severity| severity.value.word()),
        workaround: words(item.workaround.as_ref()),
        fixed_in: words(item.fixed_in.as_ref()).map(|name| version(plan, name)),
        audiences: audiences(&item.audiences),
    })
}

/// The version of a release that is named by its id: readers of release notes know no ids.
fn version(plan: &Plan<'_>, name: String) -> String {
    let entry = plan.release(&name).map(|index| plan.entry(index));
    match entry.map(|entry| &entry.kind) {
        Some(Kind::Rel(rel)) => rel.version.as_ref().map_or(name, |version| version.value.to_string()),
        _ => name,
    }
}

/// The phases of a rollout in words: `Early adopters: 10%, 2 days`.
pub(super) fn phases(rel: &Rel<'_>) -> Vec<String> {
    let phase = |(number, phase): (usize, &crate::model::rel::Phase<'_>)| {
        let name = words(phase.name.as_ref()).unwrap_or_else(|| format!("Phase {number}"));
        let parts = [
            phase.traffic.map(|traffic| traffic.value.to_string()),
            words(phase.audience.as_ref()),
            words(phase.duration.as_ref()),
        ];
        let parts: Vec<String> = parts.into_iter().flatten().collect();
        if parts.is_empty() { name } else { format!("{name}: {}", parts.join(", ")) }
    };
    (1..).zip(&rel.rollout).map(phase).collect()
}

/// How the release reaches its users, if the plan says anything of it.
fn deployment(rel: &Rel<'_>) -> Option<Deployment> {
    let deployment = Deployment {
        strategy: rel.strategy.map(|strategy| strategy.value.word()),
        phases: phases(rel),
        flags: rel.flags.iter().map(|flag| flag.value.trim().to_owned()).collect(),
    };
    let is_stated =
        deployment.strategy.is_some() || !deployment.phases.is_empty() || !deployment.flags.is_empty();
    is_stated.then_some(deployment)
}
