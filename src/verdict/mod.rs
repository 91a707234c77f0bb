//! Floor 5: how what has to hold stands, and what follows from it.
//!
//! Verdicts rest on what the plan states and on evidence, and never guess: what nobody states is UNKNOWN,
//! and no data is never a pass. Whatever is known to be otherwise is FAIL.

pub mod approval;
mod check;
mod checklist;
mod checks;
pub mod decision;
pub mod entry_state;
mod evidence_requirement;
pub mod facts;
pub mod follow_up;
pub mod gates;
pub mod handoff;
pub mod judgement;
pub mod log;
pub mod release_notes;
pub mod signature;
pub mod target;
mod totals;
pub mod waivable;
pub mod waiver;
pub mod work_tree;

use std::sync::OnceLock;

use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::config::{Config, Profile};
use crate::graph::{Graph, Selection};
use crate::model::duration::Duration;
use crate::model::{Entry, EntryIndex, Plan, UnreadableFields};
use crate::source::SourceMap;

use approval::{ApprovalContext, ApprovalSubject, RoleApproval};
use evidence_requirement::Reported;
use facts::CommitMatch;

pub use check::{Check, CheckKind, Proof, ProofKind};
pub use checks::{EpicTally, PromotionStep, TestTally};
pub use evidence_requirement::TestReport;
pub use facts::{Facts, Source};
pub use follow_up::{FollowUp, FollowUpState};
pub use totals::{Totals, totals};

/// The status of a check.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// It holds.
    Pass,
    /// It is not met, and a named person accepts that.
    Waived,
    /// It holds, with something to see to.
    Warn,
    /// It was met once, and its evidence is too old.
    Stale,
    /// Unknown.
    Unknown,
    /// It does not hold.
    Fail,
}

impl Verdict {
    /// Every verdict, the best first.
    pub const ALL: [Verdict; 6] =
        [Verdict::Pass, Verdict::Waived, Verdict::Warn, Verdict::Stale, Verdict::Unknown, Verdict::Fail];

    /// Whether a gate stays closed that it blocks: it does not hold, or nobody can tell.
    pub fn keeps_closed(self) -> bool {
        decision::CheckState::from(self) == decision::CheckState::Open
    }

    /// Whether a check of this verdict is a blocker: it blocks, and does not hold. A warning is none.
    pub fn is_blocker(self, blocking: bool) -> bool {
        blocking && self.keeps_closed()
    }

    /// Whether somebody has to do something about it.
    pub fn is_open(self) -> bool {
        !matches!(self, Verdict::Pass | Verdict::Waived)
    }
}

/// What verdicts rest on.
#[derive(Clone, Copy)]
pub struct Basis<'p> {
    /// The plan.
    pub plan: &'p Plan<'p>,
    /// Its texts, and those of the evidence.
    pub sources: &'p SourceMap,
    /// Its links.
    pub graph: &'p Graph,
    /// What it says about itself.
    pub config: &'p Config,
    /// What is known from outside.
    pub facts: Facts<'p>,
    /// How much is asked for.
    pub profile: &'p Profile,
}

/// Judges the entries of a selection.
pub struct Judge<'p> {
    basis: Basis<'p>,
    selection: &'p Selection,
    /// The release that is judged, if it is one.
    release: Option<EntryIndex>,
    unreadable: UnreadableFields<'p>,
    context: ApprovalContext<'p>,
    today: NaiveDate,
    /// Of each report of the evidence, how its commit relates to the one that is to be released.
    of_commit: Vec<CommitMatch>,
    /// What reports of the usual age say about each test that one speaks of, once somebody has asked.
    reported: Vec<OnceLock<Reported>>,
}

impl<'p> Judge<'p> {
    /// A judge of what belongs to the selection, as it stands on a day.
    pub fn new(basis: Basis<'p>, selection: &'p Selection, today: NaiveDate) -> Self {
        let Basis { plan, sources, graph, config, facts, .. } = basis;
        let reports = facts.evidence.reports.iter();
        Judge {
            basis,
            selection,
            release: selection.release.as_ref().and_then(|release| plan.release(&release.id)),
            unreadable: UnreadableFields::new(plan, sources),
            context: ApprovalContext::new(plan, graph, sources, config).with(facts.signatures),
            today,
            of_commit: reports.map(|report| facts.commit_match(report.commit.as_deref())).collect(),
            reported: facts.matches.results().map(|_| OnceLock::new()).collect(),
        }
    }

    /// The proof that facts are, with what the profile asked for.
    fn proof_of(&self, proven: &evidence_requirement::RequirementResult) -> Proof {
        let asked = proven.asked.iter().map(|asked| format!("{asked} (profile {})", self.basis.profile.name));
        Proof { kind: proven.kind, text: None, sources: proven.sources.clone(), asked: asked.collect() }
    }

    /// How old evidence may be where nothing else is said: as the configuration says, or else the profile.
    fn default_max_age(&self) -> Option<Duration> {
        self.config_max_age().or(self.basis.profile.max_age)
    }

    fn config_max_age(&self) -> Option<Duration> {
        self.basis.config.evidence.max_age.map(|age| age.value)
    }

    /// What is to be approved: the release, at a gate or as such.
    fn what<'w>(&self, gate: Option<&'w str>) -> ApprovalSubject<'w> {
        self.release.map_or_else(
            || ApprovalSubject { gate, ..ApprovalSubject::default() },
            |release| self.context.what(release, gate),
        )
    }

    /// How the approvals stand that a gate asks for, or the release as such.
    fn approvals_of(&self, required: &[String], gate: Option<&str>) -> Vec<RoleApproval> {
        let records = match self.release {
            Some(release) => self.context.records(release),
            None => {
                self.basis.plan.approvals.iter().map(|record| self.context.record(record, None)).collect()
            }
        };
        let statuses =
            approval::judge(required, &records, self.context.roster(), &self.what(gate), self.today);
        self.new_enough(statuses)
    }

    /// Approvals, as long as the profile lets them count.
    fn new_enough(&self, statuses: Vec<RoleApproval>) -> Vec<RoleApproval> {
        let longest = self.basis.profile.approval_age;
        statuses.into_iter().map(|status| status.for_so_long(longest, self.today)).collect()
    }
}

impl Judge<'_> {
    /// Every check of the entries of the selection.
    pub fn checks(&self) -> Vec<Check> {
        let mut checks = self.criteria();
        checks.extend(self.scope());
        checks.extend(self.risks());
        checks.extend(self.environments());
        checks.extend(self.validations());
        checks.into_iter().map(|check| self.settled(check)).collect()
    }

    /// A check as every view sees it: what an audit does not take for a proof proves nothing, and what somebody
    /// waives is waived.
    fn settled(&self, check: Check) -> Check {
        self.waived_by_record(self.audited(check))
    }

    /// Where audits are made, that something blocking was done has to rest on more than a bare statement.
    fn audited(&self, check: Check) -> Check {
        let (says_done, bare) = (check.kind.says_done(), check.proof.kind.is_bare());
        let profile = self.basis.profile;
        if !(profile.audit && check.blocking && says_done && bare && check.verdict == Verdict::Pass) {
            return check;
        }
        Check {
            verdict: Verdict::Unknown,
            reason: format!(
                "{}, but profile {} does not accept self-reported status",
                check.reason, profile.name
            ),
            next: Some("prove it with a report or a sign-off: `evidence`".to_owned()),
            ..check
        }
    }

    /// Whether tests stand as reports say: there are some, or the plan says where they lie. Reports that did not
    /// come must not turn statements into results.
    fn rests_on_reports(&self) -> bool {
        let evidence = self.basis.facts.evidence;
        !self.basis.facts.is_empty()
            || !evidence.defects.is_empty()
            || !self.basis.config.evidence.files.is_empty()
    }

    /// The index of an entry that belongs to the selection.
    fn selected(&self, entry: &Entry<'_>) -> Option<EntryIndex> {
        self.basis.plan.find(entry.id.value).filter(|index| self.selection.has(*index))
    }

    fn unreadable(&self, entry: &Entry<'_>, fields: &[&str]) -> bool {
        self.unreadable.has_any(entry.id.value, fields)
    }
}
