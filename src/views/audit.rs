//! The audit: which controls rest on which evidence, and what is missing, for releases of a period.

use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::Serialize;

use crate::config::audit::{self, Control, ControlBasis, ControlRequirement, RecordKind};
use crate::config::{Config, Gate, GateCriterion, Profile};
use crate::graph::{Release, Selection};
use crate::model::phrase::counted;
use crate::model::{EntryIndex, Id, Kind, Plan, same_folded};
use crate::verdict::decision::{Decision, GateStatus};
use crate::verdict::gates::Soundness;
use crate::verdict::judgement::Judgement;
use crate::verdict::log::{self, Record};
use crate::verdict::waiver::recorded_waiver;
use crate::verdict::{Basis, CheckKind, Judge, ProofKind, Verdict};

/// The output of `relplan audit --format json`.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(title = "Output of relplan audit --format json")]
pub struct AuditView {
    /// The version of this format: 1.
    pub version: u32,
    /// The day on which it is true.
    pub day: NaiveDate,
    /// The first day of the period; absent if a release was chosen.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<NaiveDate>,
    /// The last day of the period; absent if a release was chosen.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<NaiveDate>,
    /// What the audit is, and what it is not.
    pub statement: String,
    /// The decision log.
    pub log: LogState,
    /// The releases that were audited, in the order of their dates.
    pub releases: Vec<AuditedRelease>,
    /// The frameworks with their controls.
    pub frameworks: Vec<AuditedFramework>,
}

/// The decision log.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct LogState {
    /// How many decisions it holds; of a log that is not intact none counts.
    pub decisions: usize,
    /// Why it does not count; absent if it is intact.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub broken: Option<String>,
}

/// A release that was audited.
#[derive(Debug, Serialize, JsonSchema)]
pub struct AuditedRelease {
    /// The release; absent if the plan has none, so that all of it is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub release: Option<Release>,
    /// The day of its deployment, or that of the plan.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date: Option<NaiveDate>,
    /// Whether it has shipped.
    pub shipped: bool,
    /// The last decision on it; absent if none is recorded.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decision: Option<AuditedDecision>,
    /// What its checks are taken from.
    pub basis: AuditBasis,
    /// The waivers under which it was released, or would be today.
    pub waivers: Vec<AuditedWaiver>,
}

/// What the checks of a release are taken from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum AuditBasis {
    /// The last decision in the log.
    Decision,
    /// The plan and its evidence, judged today: it has not shipped.
    Today,
    /// Nothing: it has shipped, and no decision is recorded.
    Nothing,
}

/// A decision, as the log has it.
#[derive(Debug, Serialize, JsonSchema)]
pub struct AuditedDecision {
    /// Its number in the log.
    pub sequence: u64,
    /// The day that was judged for.
    pub day: NaiveDate,
    /// What was decided.
    pub decision: Decision,
    /// Who decided.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    /// The commit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub commit: Option<String>,
    /// Whether the record has a signature; `decide --verify` verifies it.
    pub signed: bool,
}

/// A waiver.
#[derive(Debug, Serialize, JsonSchema)]
pub struct AuditedWaiver {
    /// The check.
    pub check: String,
    /// Who granted it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    /// Why.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Its last day.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<NaiveDate>,
}

/// A framework.
#[derive(Debug, Serialize, JsonSchema)]
pub struct AuditedFramework {
    /// Its name.
    pub name: String,
    /// What people call it.
    pub title: String,
    /// Its controls.
    pub controls: Vec<AuditedControl>,
}

/// A control.
#[derive(Debug, Serialize, JsonSchema)]
pub struct AuditedControl {
    /// Its id in the framework.
    pub id: String,
    /// Its title.
    pub title: String,
    /// The worst of its requirements, over all releases.
    pub verdict: Verdict,
    /// What it rests on.
    pub requirements: Vec<AuditedRequirement>,
}

/// One thing that a control rests on.
#[derive(Debug, Serialize, JsonSchema)]
pub struct AuditedRequirement {
    /// What must hold.
    pub name: String,
    /// What shows it, in words.
    pub asks: String,
    /// The worst of its evidence.
    pub verdict: Verdict,
    /// The evidence, release by release.
    pub evidence: Vec<ReleaseEvidence>,
}

/// The evidence that a release has for a requirement.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ReleaseEvidence {
    /// The release, by id; absent if the plan has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub release: Option<String>,
    /// The worst of it.
    pub verdict: Verdict,
    /// Each piece.
    pub checks: Vec<AuditedCheck>,
}

/// A piece of evidence, or what is missing.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct AuditedCheck {
    /// The check, gate or record.
    pub id: String,
    /// Its verdict.
    pub verdict: Verdict,
    /// The reason for it.
    pub reason: String,
    /// What proves it; absent if nothing says so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub proof: Option<ProofKind>,
}

impl AuditedCheck {
    fn new(id: impl Into<String>, verdict: Verdict, reason: impl Into<String>) -> Self {
        AuditedCheck { id: id.into(), verdict, reason: reason.into(), proof: None }
    }

    /// The check, unless it passes by a bare statement that something was done.
    fn unless_bare(self, kind: Option<CheckKind>) -> Self {
        let says_done = kind.is_none_or(CheckKind::says_done);
        if !matches!(self.verdict, Verdict::Pass | Verdict::Warn)
            || !says_done
            || !self.proof.is_none_or(ProofKind::is_bare)
        {
            return self;
        }
        let because = match self.proof {
            Some(_) => "self-reported",
            None => "no evidence recorded",
        };
        AuditedCheck { verdict: Verdict::Unknown, reason: format!("{}: {because}", self.reason), ..self }
    }

    /// Whether something is missing.
    pub fn is_open(&self) -> bool {
        self.verdict.is_open()
    }
}

/// The id of what is missing where a requirement chooses too few entries.
pub const NOT_ENOUGH: &str = "entries";

const STATEMENT: &str = "Controls are mapped to checks and records of this plan. PASS requires evidence, or what relplan reads in the plan itself, such as the query of a metric; self-reported status is UNKNOWN. This is not a certification or an audit opinion.";

/// What is audited.
pub struct AuditRequest<'a> {
    /// What verdicts rest on.
    pub basis: Basis<'a>,
    /// The releases, each with how sound the plan is in it.
    pub releases: Vec<(Selection, Soundness)>,
    /// The frameworks, by name.
    pub frameworks: Vec<String>,
    /// The decisions, or why they do not count.
    pub decisions: Result<Vec<Record>, String>,
    /// The period, if the releases are those of one.
    pub period: Option<(NaiveDate, NaiveDate)>,
    /// The day on which it is true.
    pub today: NaiveDate,
}

/// Audits controls.
pub fn audit(request: &AuditRequest<'_>) -> AuditView {
    let config = request.basis.config;
    let frameworks: Vec<(String, String, Vec<&Control>)> =
        request.frameworks.iter().map(|name| with_controls(config, name)).collect();
    let requirements: Vec<&ControlRequirement> =
        frameworks.iter().flat_map(|(_, _, controls)| controls).flat_map(|own| &own.requires).collect();
    let subjects: Vec<Subject<'_>> =
        request.releases.iter().map(|release| Subject::new(request, release, &requirements)).collect();
    let frameworks = frameworks.into_iter().map(|(name, title, controls)| {
        let controls = controls.into_iter().map(|control| audited(control, &subjects));
        AuditedFramework { name, title, controls: controls.collect() }
    });
    let frameworks = frameworks.collect();
    AuditView {
        version: 1,
        day: request.today,
        from: request.period.map(|(from, _)| from),
        to: request.period.map(|(_, to)| to),
        statement: STATEMENT.to_owned(),
        log: LogState {
            decisions: request.decisions.as_ref().map_or(0, Vec::len),
            broken: request.decisions.as_ref().err().cloned(),
        },
        frameworks,
        releases: subjects.into_iter().map(Subject::into_view).collect(),
    }
}

/// The releases of a period, by their days; those that were cancelled are none.
pub fn releases_of(plan: &Plan<'_>, from: NaiveDate, to: NaiveDate) -> Vec<String> {
    let mut found: Vec<(NaiveDate, Id)> = Vec::new();
    for entry in plan.entries() {
        let Kind::Rel(rel) = &entry.kind else { continue };
        if let Some(day) = rel.deployed_at.or(rel.date).map(|day| day.value)
            && (from..=to).contains(&day)
            && !rel.is_cancelled()
        {
            found.push((day, entry.id.value));
        }
    }
    found.sort();
    found.into_iter().map(|(_, id)| id.to_string()).collect()
}

/// A framework of a name with its controls: those that relplan brings along, then those of the plan.
fn with_controls<'a>(config: &'a Config, name: &str) -> (String, String, Vec<&'a Control>) {
    let built_in = audit::framework(name);
    let controls = audit::catalogue().controls.iter().chain(&config.audit.controls);
    let controls = controls.filter(|control| same_folded(&control.framework, name)).collect();
    match built_in {
        Some(framework) => (framework.name.clone(), framework.title.clone(), controls),
        None => (name.to_owned(), name.to_owned(), controls),
    }
}

/// The frameworks that `relplan.toml` asks to audit: those that it names, and those of its own controls, each once.
pub fn chosen_frameworks(config: &Config) -> Vec<String> {
    let named = config.audit.frameworks.iter().map(|name| &*name.value);
    let own = config.audit.controls.iter().map(|control| control.framework.as_str());
    let mut unique: Vec<String> = Vec::new();
    for name in named.chain(own) {
        if !unique.iter().any(|other| same_folded(other, name)) {
            unique.push(name.to_owned());
        }
    }
    unique
}

/// The names of the frameworks that a plan can be audited by: those that relplan brings along, and its own.
pub fn known_frameworks(config: &Config) -> Vec<String> {
    let mut names = audit::names();
    for control in &config.audit.controls {
        if !names.iter().any(|name| same_folded(name, &control.framework)) {
            names.push(control.framework.clone());
        }
    }
    names
}

fn audited(control: &Control, subjects: &[Subject<'_>]) -> AuditedControl {
    let requirements: Vec<AuditedRequirement> = control
        .requires
        .iter()
        .map(|requirement| {
            let evidence: Vec<ReleaseEvidence> =
                subjects.iter().map(|subject| subject.evidence(requirement)).collect();
            // Without a release there is nothing to test.
            let verdict = evidence.iter().map(|evidence| evidence.verdict).max().unwrap_or(Verdict::Unknown);
            AuditedRequirement {
                name: requirement.name.clone(),
                asks: in_words(requirement),
                verdict,
                evidence,
            }
        })
        .collect();
    let verdict = requirements.iter().map(|own| own.verdict).max().unwrap_or(Verdict::Unknown);
    AuditedControl { id: control.id.clone(), title: control.title.clone(), verdict, requirements }
}

/// What shows a requirement, in words.
fn in_words(requirement: &ControlRequirement) -> String {
    match &requirement.basis {
        ControlBasis::Entries(criterion) if criterion.min > 1 => {
            format!("at least {} {}", criterion.min, criterion.in_words())
        }
        ControlBasis::Entries(criterion) => criterion.in_words(),
        ControlBasis::Gate(gate) => format!("gate {gate}"),
        ControlBasis::Records(RecordKind::Approvals) => "approvals".to_owned(),
        ControlBasis::Records(RecordKind::Decision) => "decision log".to_owned(),
        ControlBasis::Records(RecordKind::Waivers) => "waivers".to_owned(),
    }
}

/// A release while it is audited.
struct Subject<'a> {
    plan: &'a Plan<'a>,
    selection: &'a Selection,
    date: Option<NaiveDate>,
    shipped: bool,
    record: Option<&'a Record>,
    /// Why no decision can be looked up, if none can.
    broken: Option<&'a str>,
    /// What is true today, if it is judged today.
    judged: Option<Judgement>,
    /// The waivers that the plan states for it today and that do not count, with the reason.
    refused_waivers: Vec<(String, String)>,
}

impl<'a> Subject<'a> {
    fn new(
        request: &'a AuditRequest<'a>,
        (selection, soundness): &'a (Selection, Soundness),
        requirements: &[&ControlRequirement],
    ) -> Self {
        let plan = request.basis.plan;
        let release = selection.release.as_ref();
        let rel = release.and_then(|release| plan.release(&release.id)).and_then(|index| {
            match &plan.entry(index).kind {
                Kind::Rel(rel) => Some(&**rel),
                _ => None,
            }
        });
        let shipped = rel.is_some_and(|rel| rel.is_over() && !rel.is_cancelled());
        let id = release.map(|release| release.id.as_str());
        let records = request.decisions.as_ref().map(Vec::as_slice).unwrap_or_default();
        let in_time = |record: &&Record| request.period.is_none_or(|(_, to)| record.day <= to);
        let record = records.iter().rev().filter(in_time).find(|record| record.release.as_deref() == id);
        let mut subject = Subject {
            plan,
            selection,
            date: rel.and_then(|rel| rel.deployed_at.or(rel.date)).map(|day| day.value),
            shipped,
            record,
            broken: request.decisions.as_ref().err().map(String::as_str),
            judged: None,
            refused_waivers: Vec::new(),
        };
        if record.is_none() && !shipped {
            let (judged, refused) = judge(request, selection, soundness, requirements);
            (subject.judged, subject.refused_waivers) = (Some(judged), refused);
        }
        subject
    }

    fn into_view(self) -> AuditedRelease {
        let basis = match (&self.record, &self.judged) {
            (Some(_), _) => AuditBasis::Decision,
            (None, Some(_)) => AuditBasis::Today,
            (None, None) => AuditBasis::Nothing,
        };
        let waivers = self.waivers();
        AuditedRelease {
            release: self.selection.release.clone(),
            date: self.date,
            shipped: self.shipped,
            decision: self.record.map(|record| AuditedDecision {
                sequence: record.sequence,
                day: record.day,
                decision: record.decision,
                by: record.person.clone().or_else(|| record.by.clone()),
                commit: record.commit.as_ref().map(ToString::to_string),
                signed: record.signature.is_some(),
            }),
            basis,
            waivers,
        }
    }

    fn waivers(&self) -> Vec<AuditedWaiver> {
        let of_record = |waiver: &log::Waiver| AuditedWaiver {
            check: waiver.id.clone(),
            by: waiver.by.clone(),
            reason: waiver.reason.clone(),
            until: waiver.until,
        };
        if let Some(record) = self.record {
            return record.waivers.iter().map(of_record).collect();
        }
        let judged = self.judged.iter().flat_map(|judged| &judged.checks);
        let waived = judged.filter(|check| check.verdict == Verdict::Waived);
        let release = self.selection.release.as_ref().and_then(|release| self.plan.release(&release.id));
        waived
            .map(|check| of_record(&recorded_waiver(self.plan, release, (&check.id, &check.reason))))
            .collect()
    }

    /// The evidence for a requirement.
    fn evidence(&self, requirement: &ControlRequirement) -> ReleaseEvidence {
        let mut checks = match &requirement.basis {
            ControlBasis::Records(RecordKind::Decision) => self.decision(),
            _ if self.record.is_none() && self.judged.is_none() => vec![self.nothing(&requirement.name)],
            ControlBasis::Entries(criterion) => self.entries(criterion),
            ControlBasis::Gate(name) => vec![self.gate(name)],
            ControlBasis::Records(RecordKind::Approvals) => self.approvals(),
            ControlBasis::Records(RecordKind::Waivers) => self.waived(),
        };
        checks.sort_by_key(|check| std::cmp::Reverse(check.verdict));
        ReleaseEvidence {
            release: self.selection.release.as_ref().map(|release| release.id.clone()),
            // Nothing that shows it is nothing that proves it.
            verdict: checks.iter().map(|check| check.verdict).max().unwrap_or(Verdict::Unknown),
            checks,
        }
    }

    fn nothing(&self, name: &str) -> AuditedCheck {
        let reason = match self.broken {
            Some(_) => "released, and the decision log is not intact",
            None => "released without a recorded decision",
        };
        AuditedCheck::new(name, Verdict::Unknown, reason)
    }

    fn decision(&self) -> Vec<AuditedCheck> {
        let id = "decision";
        let check = match (self.record, self.broken) {
            (_, Some(broken)) => {
                AuditedCheck::new(id, Verdict::Unknown, format!("the decision log is not intact: {broken}"))
            }
            (None, None) if self.shipped => {
                AuditedCheck::new(id, Verdict::Unknown, "released without a recorded decision")
            }
            (None, None) => AuditedCheck::new(id, Verdict::Unknown, "not decided"),
            // A decision that its own blockers contradict was not written by relplan.
            (Some(record), None) if record.decision != Decision::NoGo && !record.blockers.is_empty() => {
                let blockers = counted(record.blockers.len(), "blocker");
                let word = record.decision.word();
                let reason =
                    format!("decision {} contradicts itself: {word} with {blockers}", record.sequence);
                AuditedCheck::new(id, Verdict::Fail, reason)
            }
            (Some(record), None) => {
                let by = record.person.as_ref().or(record.by.as_ref());
                let by = by.map_or_else(String::new, |by| format!(" by {by}"));
                let reason =
                    format!("decision {} of {}: {}{by}", record.sequence, record.day, record.decision.word());
                let verdict = match record.decision {
                    Decision::Go => Verdict::Pass,
                    Decision::ConditionalGo => Verdict::Warn,
                    Decision::NoGo => Verdict::Fail,
                };
                let proof = if record.signature.is_some() { ProofKind::Signed } else { ProofKind::Attested };
                AuditedCheck { proof: Some(proof), ..AuditedCheck::new(id, verdict, reason) }
            }
        };
        vec![check]
    }

    /// The checks of the entries that a criterion chooses.
    fn entries(&self, criterion: &GateCriterion) -> Vec<AuditedCheck> {
        let chosen = self.chosen(criterion);
        let mut checks: Vec<AuditedCheck> =
            chosen.iter().map(|index| self.check_of(&self.plan.entry(*index).id.value.to_string())).collect();
        if chosen.len() < criterion.min {
            let what = criterion.in_words();
            let reason = match chosen.len() {
                0 => format!("no {what}"),
                found => format!("{found} of {} required {what}", criterion.min),
            };
            checks.push(AuditedCheck::new(NOT_ENOUGH, Verdict::Unknown, reason));
        }
        checks
    }

    fn chosen(&self, criterion: &GateCriterion) -> Vec<EntryIndex> {
        let fits = self.plan.indexed().filter(|(index, entry)| {
            self.selection.has(*index)
                && self.plan.find(entry.id.value) == Some(*index)
                && criterion.chooses(entry)
        });
        let mut chosen: Vec<EntryIndex> = fits.map(|(index, _)| index).collect();
        chosen.sort_by_key(|index| self.plan.entry(*index).id.value);
        chosen
    }

    /// The check of an entry, as the decision has it, or as it is today.
    fn check_of(&self, id: &str) -> AuditedCheck {
        match (self.record, &self.judged) {
            (Some(record), _) => match record.checks.iter().find(|check| check.id == id) {
                Some(check) => recorded(check, record),
                None => AuditedCheck::new(
                    id,
                    Verdict::Unknown,
                    format!("not among the checks of decision {}", record.sequence),
                ),
            },
            (None, Some(judged)) => match judged.checks.iter().find(|check| check.id == id) {
                Some(check) => AuditedCheck {
                    proof: Some(check.proof.kind),
                    ..AuditedCheck::new(id, check.verdict, check.reason.clone())
                }
                .unless_bare(Some(check.kind)),
                None => AuditedCheck::new(id, Verdict::Unknown, "not judged"),
            },
            (None, None) => self.nothing(id),
        }
    }

    fn gate(&self, name: &str) -> AuditedCheck {
        let of_record = self.record.and_then(|record| {
            let gate = record.gates.iter().find(|gate| same_folded(&gate.name, name))?;
            Some((gate.verdict, format!("decision {}", record.sequence)))
        });
        let of_today = self.judged.as_ref().and_then(|judged| {
            let gate = judged.gates.iter().find(|gate| same_folded(&gate.name, name))?;
            Some((gate.status, gate.reason.clone()))
        });
        match of_record.or(of_today) {
            Some((status, reason)) => {
                let verdict = match status {
                    GateStatus::Pass => Verdict::Pass,
                    GateStatus::Conditional => Verdict::Warn,
                    GateStatus::Fail => Verdict::Fail,
                };
                AuditedCheck::new(format!("gate {name}"), verdict, format!("{}: {reason}", status.word()))
            }
            None => {
                AuditedCheck::new(format!("gate {name}"), Verdict::Unknown, "the release has no such gate")
            }
        }
    }

    fn approvals(&self) -> Vec<AuditedCheck> {
        let checks: Vec<AuditedCheck> = match (self.record, &self.judged) {
            (Some(record), _) => {
                let approvals = record.checks.iter().filter(|check| check.kind == Some(CheckKind::Approval));
                approvals.map(|check| recorded(check, record)).collect()
            }
            (None, Some(judged)) => {
                let approvals = judged.checks.iter().filter(|check| check.kind == CheckKind::Approval);
                approvals.map(|check| self.check_of(&check.id)).collect()
            }
            (None, None) => Vec::new(),
        };
        match checks.is_empty() {
            true => {
                vec![AuditedCheck::new("approvals", Verdict::Unknown, "no gate of the release asks for one")]
            }
            false => checks,
        }
    }

    fn waived(&self) -> Vec<AuditedCheck> {
        let waivers = self.waivers();
        let refused = self
            .refused_waivers
            .iter()
            .map(|(check, why)| AuditedCheck::new(check, Verdict::Fail, format!("invalid waiver: {why}")));
        if waivers.is_empty() && self.refused_waivers.is_empty() {
            return vec![AuditedCheck::new("waivers", Verdict::Pass, "no waivers")];
        }
        let check = |waiver: &AuditedWaiver| {
            let missing = [
                ("person", waiver.by.is_none()),
                ("reason", waiver.reason.is_none()),
                ("end", waiver.until.is_none()),
            ];
            let missing: Vec<&str> =
                missing.iter().filter(|(_, absent)| *absent).map(|(name, _)| *name).collect();
            match missing.is_empty() {
                true => {
                    let reason = waiver.reason.clone().unwrap_or_default();
                    AuditedCheck::new(&waiver.check, Verdict::Waived, reason)
                }
                false => {
                    let reason = format!("waiver without {}", missing.join(" and "));
                    AuditedCheck::new(&waiver.check, Verdict::Fail, reason)
                }
            }
        };
        waivers.iter().map(check).chain(refused).collect()
    }
}

/// A check as a decision has it. What was only stated proves nothing.
fn recorded(check: &log::Check, record: &Record) -> AuditedCheck {
    let reason = format!("{} (decision {})", check.reason, record.sequence);
    let own = AuditedCheck { proof: check.proof, ..AuditedCheck::new(&check.id, check.verdict, reason) };
    own.unless_bare(check.kind)
}

/// Judges a release as it is today, with bare statements left aside, and its waivers that do not count.
fn judge(
    request: &AuditRequest<'_>,
    selection: &Selection,
    soundness: &Soundness,
    requirements: &[&ControlRequirement],
) -> (Judgement, Vec<(String, String)>) {
    let own = request.basis.profile;
    let profile = Profile { name: format!("{} (audit)", own.name), audit: true, ..own.clone() };
    let judge = Judge::new(Basis { profile: &profile, ..request.basis }, selection, request.today);
    let of_controls: Vec<Gate> = requirements.iter().filter_map(|requirement| as_gate(requirement)).collect();
    let mut gates = judge.gates();
    gates.extend(&of_controls);
    (judge.judge_gates(&gates, soundness), judge.refused_waivers())
}

/// A gate that asks for what a requirement chooses, so that its entries are judged like those of any gate.
fn as_gate(requirement: &ControlRequirement) -> Option<Gate> {
    let ControlBasis::Entries(criterion) = &requirement.basis else { return None };
    Some(Gate::of_criterion("audit", (**criterion).clone()))
}
