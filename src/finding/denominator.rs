//! What a run looked at: without it, "nothing found" says nothing.

use std::collections::BTreeMap;
use std::time::Duration;

use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::Serialize;

/// How much was looked at, so that a gate that saw nothing can be told from one that found nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Denominator {
    /// How many files were read.
    pub files: usize,
    /// How many files each glob of relplan.toml chose.
    pub globs: Vec<GlobFiles>,
    /// How many entries there are, by family, sorted by prefix.
    pub families: Vec<(String, usize)>,
    /// How many entries there are in all.
    pub entries: usize,
    /// How many links they declare.
    pub links: usize,
    /// How many rules looked.
    pub rules_run: usize,
    /// Rules that had nothing to look at, by name.
    pub idle_rules: Vec<&'static str>,
    /// Rules that are off, by name.
    pub rules_off: Vec<&'static str>,
    /// How many findings were allowed inline.
    pub allowed: usize,
    /// The members of the workspace, if one is checked.
    pub members: Vec<MemberCount>,
    /// The day that the plan was looked at.
    pub today: NaiveDate,
    /// How long it took; absent where the day was given, so that the output can be reproduced.
    pub elapsed: Option<Duration>,
}

/// A member of a workspace.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct MemberCount {
    /// Its name; of one that is not checked its folder.
    pub name: String,
    /// How many entries it has; absent if it is not checked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub entries: Option<usize>,
    /// Why it is not checked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// How many files a glob of `relplan.toml` chose.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct GlobFiles {
    /// The setting that holds it: `plan.files`, `evidence.files` or `families.FEA.headings`.
    pub setting: String,
    /// The glob.
    pub glob: String,
    /// How many files it chose.
    pub files: usize,
}

impl Denominator {
    /// Adds what was looked at in another plan. A rule is idle only if it had nothing to look at in either, and counts
    /// as off if it was off in one of them.
    pub fn add(&mut self, other: Denominator) {
        self.files += other.files;
        self.globs.extend(other.globs);
        let mut families: BTreeMap<String, usize> = std::mem::take(&mut self.families).into_iter().collect();
        for (family, count) in other.families {
            *families.entry(family).or_default() += count;
        }
        self.families = families.into_iter().collect();
        self.entries += other.entries;
        self.links += other.links;
        self.rules_run = self.rules_run.max(other.rules_run);
        self.idle_rules.retain(|rule| other.idle_rules.contains(rule));
        self.rules_off.extend(other.rules_off);
        self.rules_off.sort_unstable();
        self.rules_off.dedup();
        self.allowed += other.allowed;
        self.members.extend(other.members);
    }

    /// Nothing was looked at.
    pub fn nothing() -> Self {
        Denominator {
            files: 0,
            globs: Vec::new(),
            families: Vec::new(),
            entries: 0,
            links: 0,
            rules_run: 0,
            idle_rules: Vec::new(),
            rules_off: Vec::new(),
            allowed: 0,
            members: Vec::new(),
            today: NaiveDate::default(),
            elapsed: None,
        }
    }
}
