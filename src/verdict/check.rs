//! One thing that has to hold, and how it stands.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{EpicTally, Source, TestTally, Verdict};
use crate::model::Entry;

/// One thing that has to hold.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Check {
    /// The entry; for an approval, the release that asks for it.
    pub id: String,
    /// What kind of check it is.
    pub kind: CheckKind,
    /// Its subject.
    pub title: String,
    /// What must be true, or what is looked at, at length.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub requirement: Option<String>,
    /// When it matters; absent if the plan does not say.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stage: Option<&'static str>,
    /// The category of a criterion.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub category: Option<&'static str>,
    /// Whether the release stops without it.
    pub blocking: bool,
    /// Who answers for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
    /// Its status.
    pub verdict: Verdict,
    /// The reason for its status.
    pub reason: String,
    /// What proves it.
    pub proof: Proof,
    /// What to do next; absent if nothing is to be done.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
    /// The due date of the entry, where it has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub due: Option<chrono::NaiveDate>,
    /// The tests behind it; absent if none is linked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tests: Option<TestTally>,
    /// The work packages behind it; absent if none is linked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub epics: Option<EpicTally>,
}

/// The kinds of checks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum CheckKind {
    /// A release criterion.
    Criterion,
    /// A work package in scope is complete.
    Scope,
    /// A high risk is mitigated or accepted.
    Risk,
    /// An environment is documented.
    Environment,
    /// An approval.
    Approval,
    /// Something is looked at after the deployment.
    Validation,
    /// A test passes.
    Test,
    /// A rollback is rehearsed.
    Rollback,
    /// A metric is watched.
    Monitoring,
    /// A deliverable of a coordinated release is ready.
    Deliverable,
    /// An entry of any other family is done.
    Entry,
    /// A gate demands facts, or entries that the plan does not have.
    Gate,
    /// The plan itself is sound.
    Plan,
    /// Something that an earlier release left to be done.
    FollowUp,
}

/// What proves a verdict.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Proof {
    /// How much it is worth.
    pub kind: ProofKind,
    /// What it is, in the plan's words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// Where it is written: in which report, by which tool, when, for which commit.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub sources: Vec<Source>,
    /// What the profile of the release asked for.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub asked: Vec<String>,
}

/// How much a proof is worth.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ProofKind {
    /// A machine reported it.
    Reported,
    /// relplan checked the plan itself; no report was needed.
    CheckedByRelplan,
    /// A named person signed it with a key.
    Signed,
    /// A named person signed it off.
    Attested,
    /// Self-reported in the plan.
    Asserted,
    /// Self-reported in the plan, with an address as reference.
    Link,
    /// There is none.
    None,
}

/// A verdict with its reason, and what follows from it.
#[derive(Debug)]
pub(super) struct Judged {
    pub(super) verdict: Verdict,
    pub(super) reason: String,
    pub(super) next: Option<String>,
}

impl Judged {
    pub(super) fn new(verdict: Verdict, reason: impl Into<String>, next: impl Into<String>) -> Self {
        Judged { verdict, reason: reason.into(), next: Some(next.into()) }
    }

    pub(super) fn done(verdict: Verdict, reason: impl Into<String>) -> Self {
        Judged { verdict, reason: reason.into(), next: None }
    }
}

impl CheckKind {
    /// Whether a check of the kind says that something was done.
    ///
    /// That an environment is documented, that a metric says how it is measured and that a validation is ready are
    /// no statements of what was done: relplan has read in the plan itself what they ask for.
    pub fn says_done(self) -> bool {
        match self {
            CheckKind::Criterion
            | CheckKind::Scope
            | CheckKind::Risk
            | CheckKind::Test
            | CheckKind::Rollback
            | CheckKind::Entry
            | CheckKind::Deliverable
            | CheckKind::Gate => true,
            CheckKind::Environment
            | CheckKind::Approval
            | CheckKind::Validation
            | CheckKind::Monitoring
            | CheckKind::Plan
            | CheckKind::FollowUp => false,
        }
    }

    /// Whether only gates ask for it: a checklist lists it behind what it lists anyway.
    pub fn is_of_gate(self) -> bool {
        match self {
            CheckKind::Criterion
            | CheckKind::Scope
            | CheckKind::Risk
            | CheckKind::Environment
            | CheckKind::Validation => false,
            CheckKind::Approval
            | CheckKind::Test
            | CheckKind::Rollback
            | CheckKind::Monitoring
            | CheckKind::Entry
            | CheckKind::Deliverable
            | CheckKind::Gate
            | CheckKind::Plan
            | CheckKind::FollowUp => true,
        }
    }
}

impl Check {
    /// A check of an entry, without what its kind adds.
    pub(super) fn of(entry: &Entry<'_>, kind: CheckKind, judged: Judged) -> Self {
        let owner = entry.owner.as_ref().map(|owner| owner.value.trim().to_owned());
        Check {
            blocking: false,
            owner: owner.filter(|owner| !owner.is_empty()),
            due: entry.due().map(|due| due.value),
            ..Check::of_gate(entry.id.value.to_string(), kind, entry.title(), judged)
        }
    }

    /// Whether it is a blocker: it blocks, and does not hold.
    pub fn is_blocker(&self) -> bool {
        self.verdict.is_blocker(self.blocking)
    }

    /// A check that is no entry's, without its proof.
    pub(super) fn of_gate(id: String, kind: CheckKind, title: &str, judged: Judged) -> Self {
        Check {
            id,
            kind,
            title: title.to_owned(),
            requirement: None,
            stage: None,
            category: None,
            blocking: true,
            owner: None,
            verdict: judged.verdict,
            reason: judged.reason,
            proof: Proof::none(None),
            next: judged.next,
            due: None,
            tests: None,
            epics: None,
        }
    }
}

impl ProofKind {
    /// Whether it is a bare statement, or nothing.
    pub fn is_bare(self) -> bool {
        matches!(self, ProofKind::Asserted | ProofKind::Link | ProofKind::None)
    }

    /// How much it is trusted: what a machine reported or checked counts whole, a signature 0.7, a bare statement 0.3.
    pub fn trust(self) -> f64 {
        match self {
            ProofKind::Reported | ProofKind::CheckedByRelplan | ProofKind::Signed => 1.0,
            ProofKind::Attested => 0.7,
            ProofKind::Asserted | ProofKind::Link => 0.3,
            ProofKind::None => 0.0,
        }
    }

    /// What two parts of a proof are worth together: as much as the weaker.
    #[must_use]
    pub(super) fn weaker(self, other: ProofKind) -> ProofKind {
        if other.weakness() > self.weakness() { other } else { self }
    }

    /// How weak it is.
    fn weakness(self) -> u8 {
        match self {
            ProofKind::Reported | ProofKind::CheckedByRelplan => 0,
            ProofKind::Signed => 1,
            ProofKind::Attested => 2,
            ProofKind::Link => 3,
            ProofKind::Asserted => 4,
            ProofKind::None => 5,
        }
    }
}

impl Proof {
    /// Nothing proves it yet; what is to prove it one day, in words.
    pub(super) fn none(text: Option<String>) -> Self {
        Proof { kind: ProofKind::None, text, sources: Vec::new(), asked: Vec::new() }
    }

    /// Machines reported it, in these places; each file is named once.
    pub(super) fn reported(mut sources: Vec<Source>) -> Self {
        if sources.len() > 1 {
            let mut seen = rustc_hash::FxHashSet::default();
            sources.retain(|source| seen.insert(source.file.clone()));
            sources.truncate(3);
        }
        Proof { kind: ProofKind::Reported, sources, ..Proof::none(None) }
    }

    /// relplan checked it itself, in the files of the plan.
    pub(super) fn checked_by_relplan() -> Self {
        Proof { kind: ProofKind::CheckedByRelplan, ..Proof::none(None) }
    }

    /// A named person stands for it.
    pub(super) fn attested(text: Option<String>) -> Self {
        Proof { kind: ProofKind::Attested, ..Proof::none(text) }
    }

    /// What the plan asserts. An address in its words is where it can be seen.
    pub(super) fn asserted(text: impl Into<Option<String>>) -> Self {
        let text = text.into();
        let linked = text.as_ref().is_some_and(|text| text.contains("https://") || text.contains("http://"));
        let kind = if linked { ProofKind::Link } else { ProofKind::Asserted };
        Proof { kind, text, sources: Vec::new(), asked: Vec::new() }
    }
}
