//! What differs from the base, as reports and machine formats show it.

use schemars::JsonSchema;
use serde::Serialize;

/// How a plan compares with that of the base.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct BaseView {
    /// The revision that was named.
    pub revision: String,
    /// The commit that the plan was compared with: where the branch left the revision.
    pub commit: String,
    /// Whether the base had a plan. Otherwise everything is new, and nothing can be loosened.
    pub had_plan: bool,
    /// Entries that are new.
    pub added: Vec<String>,
    /// Entries that are gone.
    pub removed: Vec<String>,
    /// Entries that have another id, as their `formerly` says: `DEP-002 (formerly DEP-001)`.
    pub renamed: Vec<String>,
    /// Entries that say something else.
    pub changed: Vec<String>,
    /// What asks for less than in the base.
    pub loosened: Vec<LoosenedView>,
    /// Waivers of loosenings that do not count, each with the reason.
    pub refused_waivers: Vec<String>,
}

/// The commit whose findings are left out of a check.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct SinceView {
    /// The revision that was named.
    pub revision: String,
    /// The commit: where the branch left the revision.
    pub commit: String,
    /// How many findings are left out, since they are in that commit, too.
    pub known: usize,
}

impl SinceView {
    /// In a sentence: `since main at 0123456789ab: 3 findings that are not new are hidden`.
    pub fn in_words(&self) -> String {
        let commit: String = self.commit.chars().take(12).collect();
        let known = match self.known {
            0 => "all findings are new".to_owned(),
            1 => "1 finding that is not new is hidden".to_owned(),
            known => format!("{known} findings that are not new are hidden"),
        };
        format!("since {} at {commit}: {known}", self.revision)
    }
}

/// Something that asks for less than in the base.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct LoosenedView {
    /// Its name, as a waiver names it behind `loosened:`: `DEP-003.blocker`.
    pub name: String,
    /// What changed, in a sentence.
    pub message: String,
    /// Its place now, `FILE:LINE`; absent if it is gone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
    /// Where it stood, `REV:FILE:LINE`; absent if the base has nothing of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub base: Option<String>,
    /// By whose word it may stay; absent if it is not waived.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub waived: Option<String>,
}

impl BaseView {
    /// The same together with what came of another plan in the same repository.
    pub fn joined(mut self, other: BaseView) -> BaseView {
        self.had_plan |= other.had_plan;
        self.added.extend(other.added);
        self.removed.extend(other.removed);
        self.changed.extend(other.changed);
        self.loosened.extend(other.loosened);
        self.refused_waivers.extend(other.refused_waivers);
        self
    }

    /// How many of the loosenings nobody waived.
    pub fn open(&self) -> usize {
        self.loosened.iter().filter(|loosened| loosened.waived.is_none()).count()
    }

    /// The figures in a sentence: `compared with main at 0123456789ab: 1 entry added, …`.
    pub fn in_words(&self) -> String {
        let commit: String = self.commit.chars().take(12).collect();
        let compared = format!("compared with {} at {commit}", self.revision);
        if !self.had_plan {
            return format!("{compared}: it has no plan here, so that every entry is new");
        }
        let figures =
            [(self.added.len(), "added"), (self.removed.len(), "removed"), (self.changed.len(), "changed")];
        let mut entries = figures.map(|(count, what)| format!("{count} {what}")).join(", ");
        if !self.renamed.is_empty() {
            entries += &format!(", {} renamed", self.renamed.len());
        }
        let waived = match self.loosened.len() - self.open() {
            0 => String::new(),
            waived => format!(" ({waived} waived)"),
        };
        format!("{compared}: entries: {entries}; {} loosened{waived}", self.loosened.len())
    }
}
