//! The go/no-go report: whether a release may ship, why not, and what that rests on.

use chrono::{DateTime, NaiveDate, Utc};
use rustc_hash::FxHashMap;
use schemars::JsonSchema;
use serde::Serialize;

use crate::config::{Gate, RosterDigest, gates};
use crate::evidence::Timestamp;
use crate::finding::{Denominator, GlobFiles};
use crate::graph::{OverdueRelease, Release, Selection, overdue};
use crate::model::digest::Digest;
use crate::model::duration::Duration;
use crate::model::milestone;
use crate::model::{Choice, Entry, Kind, same_folded};
use crate::schedule::{Milestone, Schedule};
use crate::verdict::decision::Decision;
use crate::verdict::facts::Freshness;
use crate::verdict::gates::{DisabledGate, JudgedGate, Soundness, disabled_gates};
use crate::verdict::judgement::{Confidence, Judgement, ShortestPath};
use crate::verdict::work_tree::WorkTree;
use crate::verdict::{Basis, Check, CheckKind, FollowUp, Judge, ProofKind, Verdict, log};
use crate::views::base::BaseView;
use crate::views::risks::{Register, register};

/// The output of `relplan report --format json`, and of `relplan decide`.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(title = "Output of relplan report --format json")]
pub struct GoNoGo {
    /// The version of this format: 1.
    pub version: u32,
    /// The day on which it is true.
    pub day: NaiveDate,
    /// The release that it is about; absent if it is about the whole plan.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub release: Option<Release>,
    /// The type of the release, if it is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub release_type: Option<&'static str>,
    /// The day of the release, if one is stated.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub release_date: Option<NaiveDate>,
    /// The releases of the plan that have not shipped although their dates have passed, the earliest first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub overdue: Vec<OverdueRelease>,
    /// The commit that is to be released.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub commit: Option<String>,
    /// The reason why the commit is unknown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub no_commit: Option<String>,
    /// How the work tree stands to that commit.
    pub work_tree: WorkTree,
    /// The configuration that was judged by; absent without one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub configuration: Option<SettingsFile>,
    /// How much is asked for.
    pub profile: Profile,
    /// Whether it may ship.
    pub decision: Decision,
    /// The gates that decide, by name.
    pub decided_by: Vec<String>,
    /// How much of what decides rests on fresh proof.
    pub confidence: Confidence,
    /// The smallest change that would turn the decision; absent if none would.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub shortest_path: Option<ShortestPath>,
    /// Blockers, the worst first.
    pub blockers: Vec<OpenCheck>,
    /// Non-blocking issues.
    pub open: Vec<OpenCheck>,
    /// What somebody accepts although it does not hold.
    pub waived: Vec<OpenCheck>,
    /// Who signs at the gates that decide, those whose signature is missing first.
    pub signatures: Vec<Signature>,
    /// The risks of the release: those that can still happen first, by exposure.
    pub risks: Register,
    /// The gates.
    pub gates: Vec<JudgedGate>,
    /// The gates that relplan.toml disables.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub disabled_gates: Vec<DisabledGate>,
    /// Every check that a gate asks for.
    pub checks: Vec<Check>,
    /// What was left to be done after deployments.
    pub follow_ups: Vec<FollowUp>,
    /// The evidence that was read.
    pub evidence: EvidenceRead,
    /// How the plan compares with that of the base; absent if it was not compared.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub base: Option<BaseView>,
    /// What changed since the last decision about this release; absent if there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub changes: Option<Changes>,
    /// How the roster differs from that of the last decision about any release; absent if it does not, or if there is
    /// no decision.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub roster_change: Option<RosterChange>,
    /// What was looked at.
    pub checked: CheckedCounts,
}

/// A difference between the roster and that of the last decision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct RosterChange {
    /// When that decision was made.
    pub since: DateTime<Utc>,
    /// Its number in the log.
    pub sequence: u64,
    /// What happened to the roster.
    pub state: RosterState,
    /// The roles that say something else, are new, or are gone.
    pub roles: Vec<String>,
}

/// What happened to a roster.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum RosterState {
    /// It says something else.
    Changed,
    /// It is new.
    Added,
    /// It is gone.
    Removed,
    /// Nobody knows: the record has no digest of a roster.
    Unknown,
}

/// The file of a configuration, so that anybody can tell whether it is another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct SettingsFile {
    /// Its path.
    pub path: String,
    /// The SHA-256 of its bytes.
    pub sha256: Digest,
    /// The SHA-256 of its `[roles]`, without comments and layout; absent without a roster.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub roster: Option<Digest>,
}

fn settings_file(basis: Basis<'_>) -> Option<SettingsFile> {
    let file = basis.sources.file(basis.config.file?);
    let bytes = file.encode(file.text().to_owned());
    let roster = basis.config.roster_digest.as_ref().map(|digest| digest.whole);
    Some(SettingsFile { path: file.name().to_owned(), sha256: Digest::of(&bytes), roster })
}

/// The profile that was judged by.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Profile {
    /// Its name.
    pub name: String,
    /// Why it was this one.
    pub because: String,
    /// Its requirement, in words.
    pub asks: Vec<String>,
}

/// Something that does not simply pass.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct OpenCheck {
    /// The check.
    pub id: String,
    /// What kind of check it is.
    pub kind: CheckKind,
    /// Its subject.
    pub title: String,
    /// Its status.
    pub verdict: Verdict,
    /// Why.
    pub reason: String,
    /// Who answers for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
    /// What to do next.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
    /// The day by which it is due.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub due: Option<NaiveDate>,
}

/// An approval that gates ask for. Where several ask for the same and it stands alike at each, it is named once.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Signature {
    /// The role in which it is given; absent if the plan does not say.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub role: Option<String>,
    /// The gates that ask for it, as people call them.
    pub gates: Vec<String>,
    /// The checks that wait for it.
    pub checks: Vec<String>,
    /// What has become of it.
    pub status: SignOffStatus,
    /// Its status.
    pub verdict: Verdict,
    /// Who gave it and when, or why it does not count.
    pub reason: String,
    /// Whom to ask, and what to run; absent if nothing is to be done.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

/// What has become of an approval that gates ask for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum SignOffStatus {
    /// It is signed with a key.
    Signed,
    /// It is given by name.
    Typed,
    /// It is not given yet, or does not count yet.
    Pending,
    /// It has expired, or what was approved has changed since.
    Expired,
    /// It is given, and does not count.
    Refused,
}

impl SignOffStatus {
    /// Every status, in the order in which they are counted.
    pub const ALL: [SignOffStatus; 5] = [
        SignOffStatus::Signed,
        SignOffStatus::Typed,
        SignOffStatus::Pending,
        SignOffStatus::Expired,
        SignOffStatus::Refused,
    ];

    /// As people call it.
    pub fn word(self) -> &'static str {
        match self {
            SignOffStatus::Signed => "signed with a key",
            SignOffStatus::Typed => "typed",
            SignOffStatus::Pending => "pending",
            SignOffStatus::Expired => "expired",
            SignOffStatus::Refused => "refused",
        }
    }

    fn of(check: &Check) -> Self {
        match (check.verdict, check.proof.kind) {
            (Verdict::Fail, _) => SignOffStatus::Refused,
            (Verdict::Stale, _) => SignOffStatus::Expired,
            (Verdict::Unknown, _) => SignOffStatus::Pending,
            (_, ProofKind::Signed) => SignOffStatus::Signed,
            _ => SignOffStatus::Typed,
        }
    }
}

/// The evidence that was read.
#[derive(Debug, Clone, Default, Serialize, JsonSchema)]
pub struct EvidenceRead {
    /// Its files.
    pub files: Vec<EvidenceFile>,
    /// How many results of tests there are.
    pub results: usize,
    /// How many of them prove a TEST entry.
    pub matched: usize,
    /// How many fit several entries, and prove none.
    pub ambiguous: usize,
    /// How many name an id that no entry has.
    pub unknown: usize,
    /// How many fit no entry.
    pub unmatched: usize,
    /// How many of those that prove no entry failed, or may have failed, and are not proven to be of another commit.
    pub unmatched_failures: usize,
}

/// A file of evidence.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct EvidenceFile {
    /// Its name.
    pub file: String,
    /// The recognised kind.
    pub kind: &'static str,
    /// The tools that made it.
    pub tools: Vec<String>,
    /// When it was made.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub time: Option<DateTime<Utc>>,
    /// For which commit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub commit: Option<String>,
    /// Whether it is fresh.
    pub fresh: bool,
    /// Why it is not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// What changed since the last decision.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Changes {
    /// When that was made.
    pub since: DateTime<Utc>,
    /// What was decided then.
    pub decision: Decision,
    /// The checks whose status is another one now.
    pub checks: Vec<Change>,
    /// Every decision about this release, the oldest first, and the state of today behind them.
    pub trend: Vec<TrendPoint>,
}

/// A decision as a point in time: how much was proven, and what was left to do.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct TrendPoint {
    /// The number of the decision in the log; absent for today, which nobody has decided yet.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sequence: Option<u64>,
    /// The day that the plan was judged for.
    pub day: NaiveDate,
    /// The decision.
    pub decision: Decision,
    /// How many blockers there were.
    pub blockers: usize,
    /// The confidence in per cent; absent if no check weighed anything.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub confidence: Option<f64>,
}

impl From<&log::Record> for TrendPoint {
    fn from(record: &log::Record) -> Self {
        TrendPoint {
            sequence: Some(record.sequence),
            day: record.day,
            decision: record.decision,
            blockers: record.blockers.len(),
            confidence: record.confidence.map(log::Share::percent),
        }
    }
}

/// A check that stands otherwise.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Change {
    /// The check.
    pub id: String,
    /// How it stood; absent if it is new.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub before: Option<Verdict>,
    /// How it stands; absent if it is gone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub now: Option<Verdict>,
}

/// What was looked at: without it, "nothing found" says nothing.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct CheckedCounts {
    /// Files of the plan.
    pub files: usize,
    /// How many files each glob of relplan.toml chose.
    pub globs: Vec<GlobFiles>,
    /// Entries.
    pub entries: usize,
    /// Links.
    pub links: usize,
    /// Rules that ran.
    pub rules: usize,
    /// Findings that weigh as errors, in what the release reaches or of the plan as a whole.
    pub errors: usize,
    /// Entries that do not belong to the release.
    pub outside: usize,
    /// Findings that weigh as errors in those entries, and do not count.
    pub errors_outside: usize,
    /// Checks that gates ask for.
    pub checks: usize,
}

/// What a report is made from, beside the plan.
pub struct Question<'q> {
    /// Its subject.
    pub selection: &'q Selection,
    /// The day.
    pub today: NaiveDate,
    /// Why the profile is the one it is.
    pub because: &'q str,
    /// What the rules found.
    pub soundness: &'q Soundness,
    /// What they looked at.
    pub denominator: &'q Denominator,
    /// The decisions about this release, the oldest first.
    pub past: &'q [log::Record],
    /// The last decision about any release.
    pub latest: Option<&'q log::Record>,
    /// How the plan compares with that of the base.
    pub base: Option<&'q BaseView>,
}

/// The stated day of the release that is judged.
fn release_date(basis: Basis<'_>, selection: &Selection) -> Option<NaiveDate> {
    let release = basis.plan.release(&selection.release.as_ref()?.id)?;
    match &basis.plan.entry(release).kind {
        Kind::Rel(rel) => rel.date.map(|date| date.value),
        _ => None,
    }
}

/// The report.
pub fn go_no_go(basis: Basis<'_>, question: &Question<'_>) -> GoNoGo {
    let Question { selection, today, because, soundness, denominator, past, latest, base } = *question;
    let judge = Judge::new(basis, selection, today);
    let rel_type = judge.release_type();
    let judgement = judge.judge_gates(&judge.gates(), soundness);
    let decided_by =
        judgement.gates.iter().filter(|gate| gate.decides).map(|gate| gate.name.clone()).collect();
    let checks = judgement.asked();
    let now = TrendPoint {
        sequence: None,
        day: today,
        decision: judgement.decision(),
        blockers: judgement.blockers().len(),
        confidence: judgement.confidence().percent,
    };
    GoNoGo {
        version: 1,
        day: today,
        release: selection.release.clone(),
        release_type: rel_type.map(Choice::word),
        release_date: release_date(basis, selection),
        overdue: overdue(basis.plan, basis.graph, today),
        commit: basis.facts.commit.ok().map(ToString::to_string),
        no_commit: basis.facts.commit.err().map(str::to_owned),
        work_tree: basis.facts.work_tree.clone(),
        configuration: settings_file(basis),
        profile: profile(basis, because),
        decision: judgement.decision(),
        decided_by,
        confidence: judgement.confidence(),
        shortest_path: judgement.shortest_path(),
        blockers: judgement.blockers().into_iter().map(OpenCheck::from).collect(),
        open: open(&judgement),
        waived: waived(&judgement),
        signatures: signatures(&judgement),
        risks: register(basis.plan, basis.graph, selection, today),
        follow_ups: judge.follow_ups(),
        evidence: evidence(&judge, basis),
        base: base.cloned(),
        changes: changes(past, &checks, now),
        roster_change: latest.and_then(|latest| roster_change(latest, basis.config.roster_digest.as_ref())),
        checked: CheckedCounts {
            files: denominator.files,
            globs: denominator.globs.clone(),
            entries: denominator.entries,
            links: denominator.links,
            rules: denominator.rules_run,
            errors: soundness.errors,
            outside: selection.outside_count(),
            errors_outside: soundness.outside,
            checks: checks.len(),
        },
        gates: with_due(basis, selection, judgement.gates),
        disabled_gates: disabled_gates(&basis.config.gates, basis.sources),
        checks,
    }
}

impl From<&Check> for OpenCheck {
    fn from(check: &Check) -> Self {
        OpenCheck {
            id: check.id.clone(),
            kind: check.kind,
            title: check.title.clone(),
            verdict: check.verdict,
            reason: check.reason.clone(),
            owner: check.owner.clone(),
            next: check.next.clone(),
            due: check.due,
        }
    }
}

fn open(judgement: &Judgement) -> Vec<OpenCheck> {
    let open = judgement.deciding().filter(|(check, blocking)| {
        check.verdict == Verdict::Warn || (!*blocking && check.verdict.keeps_closed())
    });
    open.map(|(check, _)| check.into()).collect()
}

fn waived(judgement: &Judgement) -> Vec<OpenCheck> {
    judgement
        .deciding()
        .filter(|(check, _)| check.verdict == Verdict::Waived)
        .map(|(check, _)| check.into())
        .collect()
}

/// Who signs: first what keeps a gate closed, then what is to be seen to, then what is given. One approval may serve
/// several gates, and is then asked for once.
fn signatures(judgement: &Judgement) -> Vec<Signature> {
    let mut signatures: Vec<Signature> = Vec::new();
    let approvals = judgement.deciding().filter(|(check, _)| check.kind == CheckKind::Approval);
    for (check, _) in approvals {
        let same = |known: &&mut Signature| {
            (&known.role, known.verdict, &known.reason, &known.next)
                == (&check.owner, check.verdict, &check.reason, &check.next)
        };
        // Of a role that nobody named, nobody can tell whether it is the same.
        match signatures.iter_mut().find(same).filter(|known| known.role.is_some()) {
            Some(known) => {
                known.gates.extend(gate_of(judgement, check));
                known.checks.push(check.id.clone());
            }
            None => signatures.push(Signature {
                role: check.owner.clone(),
                gates: gate_of(judgement, check).into_iter().collect(),
                checks: vec![check.id.clone()],
                status: SignOffStatus::of(check),
                verdict: check.verdict,
                reason: check.reason.clone(),
                next: check.next.clone(),
            }),
        }
    }
    signatures.sort_by_key(|signature| std::cmp::Reverse(signature.verdict));
    signatures
}

/// The gate that asks for an approval, as people call it.
fn gate_of(judgement: &Judgement, approval: &Check) -> Option<String> {
    let asks = |gate: &&JudgedGate| gate.criteria.iter().any(|of| of.checks.contains(&approval.id));
    judgement.gates.iter().find(asks).map(|gate| gate.title.clone())
}

fn profile(basis: Basis<'_>, because: &str) -> Profile {
    use crate::model::evidence_requirement::RequiredShare;
    let profile = basis.profile;
    let share = |least: Option<RequiredShare>, of: &str| match least {
        Some(RequiredShare::Share { percent: 100.0, .. }) => Some(format!("all {of}")),
        Some(RequiredShare::Share { percent, above: false }) => {
            Some(format!("at least {percent} % of the {of}"))
        }
        Some(RequiredShare::Share { percent, above: true }) => {
            Some(format!("more than {percent} % of the {of}"))
        }
        _ => None,
    };
    let age = |age: Option<Duration>, what: &str| {
        let words = age?.in_words();
        // “The last week” is one: nobody counts it.
        let words = words.strip_prefix("1 ").filter(|unit| !unit.contains(' ')).unwrap_or(&words);
        Some(format!("{what} of the last {words}"))
    };
    let asks = [
        share(profile.line_coverage, "lines covered"),
        share(profile.branch_coverage, "branches covered"),
        share(profile.pass_rate, "tests passed"),
        profile
            .findings_below
            .map(|severity| format!("no findings of severity {} or higher", severity.word())),
        age(basis.config.evidence.max_age.map(|age| age.value).or(profile.max_age), "evidence"),
        age(profile.rehearsal_age, "rehearsals"),
        age(profile.approval_age, "approvals"),
        (!profile.approvals.is_empty()).then(|| format!("approval of {}", profile.approvals.join(" and "))),
        profile.audit.then(|| "no self-reported blocking checks, no approvals without a digest".to_owned()),
    ];
    Profile {
        name: profile.name.clone(),
        because: because.to_owned(),
        asks: asks.into_iter().flatten().collect(),
    }
}

fn evidence(judge: &Judge<'_>, basis: Basis<'_>) -> EvidenceRead {
    let facts = &basis.facts;
    let max_age = basis.config.evidence.max_age.map(|age| age.value).or(basis.profile.max_age);
    let file = |report: &crate::evidence::Report<'_>| {
        let freshness = facts.freshness_of(report, Timestamp::Missing, max_age);
        EvidenceFile {
            file: basis.sources.file(report.file).name().to_owned(),
            kind: report.kind.title(),
            tools: report.tools.iter().map(ToString::to_string).collect(),
            time: report.time.known(),
            commit: report.commit.as_ref().map(ToString::to_string),
            fresh: freshness == Freshness::Fresh,
            reason: match freshness {
                Freshness::Fresh => None,
                Freshness::Stale(doubt) | Freshness::Unknown(doubt) => Some(doubt.reason),
            },
        }
    };
    let summary = facts.matches.summary();
    EvidenceRead {
        files: facts.evidence.reports.iter().map(file).collect(),
        results: summary.cases(),
        matched: summary.matched,
        ambiguous: summary.ambiguous,
        unknown: summary.unknown,
        unmatched: summary.unmatched,
        unmatched_failures: judge.unmatched_failures().count(),
    }
}

/// Every check whose status is another one than at the last decision, that is new, or that is gone; nothing if nothing
/// was decided yet.
fn changes(past: &[log::Record], checks: &[Check], now_point: TrendPoint) -> Option<Changes> {
    let last = past.last()?;
    let trend = past.iter().map(TrendPoint::from).chain([now_point]).collect();
    let before: FxHashMap<&str, Verdict> =
        last.checks.iter().map(|check| (check.id.as_str(), check.verdict)).collect();
    let now: FxHashMap<&str, Verdict> =
        checks.iter().map(|check| (check.id.as_str(), check.verdict)).collect();
    let stands = checks.iter().filter_map(|check| {
        let before = before.get(check.id.as_str()).copied();
        (before != Some(check.verdict)).then(|| Change {
            id: check.id.clone(),
            before,
            now: Some(check.verdict),
        })
    });
    let gone = last.checks.iter().filter(|check| !now.contains_key(check.id.as_str()));
    let gone = gone.map(|check| Change { id: check.id.clone(), before: Some(check.verdict), now: None });
    Some(Changes { since: last.time, decision: last.decision, checks: stands.chain(gone).collect(), trend })
}

/// How the roster differs from that of a decision.
fn roster_change(latest: &log::Record, now: Option<&RosterDigest>) -> Option<RosterChange> {
    let before: Vec<(String, Digest)> = latest
        .roster
        .iter()
        .flat_map(|roster| &roster.roles)
        .map(|role| (role.name.clone(), role.sha256))
        .collect();
    let names = |roles: &[(String, Digest)]| roles.iter().map(|(name, _)| name.clone()).collect();
    let (state, roles) = match (&latest.roster, now) {
        (None, None) => return None,
        // Before version 2, records held no digest.
        _ if !latest.has_clock_time() => (RosterState::Unknown, Vec::new()),
        (Some(before), Some(now)) if before.sha256 == now.whole => return None,
        (Some(_), Some(now)) => (RosterState::Changed, now.differing(&before)),
        (None, Some(now)) => (RosterState::Added, names(&now.roles)),
        (Some(_), None) => (RosterState::Removed, names(&before)),
    };
    Some(RosterChange { since: latest.time, sequence: latest.sequence, state, roles })
}

/// The output of `relplan gate --format json`.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(title = "Output of relplan gate --format json")]
pub struct GateView {
    /// The version of this format: 1.
    pub version: u32,
    /// The day on which it is true.
    pub day: NaiveDate,
    /// The release that it is about; absent if it is about the whole plan.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub release: Option<Release>,
    /// The releases of the plan that have not shipped although their dates have passed, the earliest first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub overdue: Vec<OverdueRelease>,
    /// How the work tree stands to the release commit.
    pub work_tree: WorkTree,
    /// The configuration that was judged by; absent without one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub configuration: Option<SettingsFile>,
    /// How much is asked for.
    pub profile: Profile,
    /// The gate.
    pub gate: JudgedGate,
    /// The gates that relplan.toml disables.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub disabled_gates: Vec<DisabledGate>,
    /// What keeps it closed, the worst first: its blockers, and those of the gates that it waits for.
    pub blockers: Vec<OpenCheck>,
    /// Its checks and, behind them, those of the gates that it waits for, each once.
    pub checks: Vec<Check>,
    /// How the plan compares with that of the base; absent if it was not compared.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub base: Option<BaseView>,
    /// The evidence that was read.
    pub evidence: EvidenceRead,
}

/// The gates, each with the day of the milestone of the release that names it.
fn with_due(basis: Basis<'_>, selection: &Selection, mut gates: Vec<JudgedGate>) -> Vec<JudgedGate> {
    let id = selection.release.as_ref().map(|release| release.id.as_str());
    let is_it = |entry: &Entry<'_>| id.is_some_and(|id| entry.id.value.to_string() == id);
    let gated = |milestone: &milestone::Milestone<'_>| {
        milestone.record.as_ref().is_some_and(|record| record.gate.is_some())
    };
    let mut releases = basis.plan.releases().filter(|(entry, _)| is_it(entry));
    if !releases.any(|(_, release)| release.milestones.iter().any(gated)) {
        return gates;
    }
    let schedule = Schedule::new(basis.plan, basis.config);
    let Some(planned) = schedule.releases.iter().find(|planned| is_it(planned.entry)) else { return gates };
    for gate in &mut gates {
        let names = |milestone: &&Milestone<'_>| {
            let stated = milestone.record().and_then(|record| record.gate.as_ref());
            stated.is_some_and(|name| same_folded(&name.value, &gate.name))
        };
        gate.due =
            planned.milestones.iter().find(names).map(|milestone| milestone.until.unwrap_or(milestone.day));
    }
    gates
}

/// One gate, and those that it waits for.
pub fn one_gate(basis: Basis<'_>, question: &Question<'_>, gate: &Gate) -> GateView {
    let Question { selection, today, because, soundness, base, .. } = *question;
    let gates = gates::with_those_before(&basis.config.gates, gate);
    let judge = Judge::new(basis, selection, today);
    let judgement = judge.judge_gates(&gates, soundness);
    let judged = with_due(basis, selection, vec![judgement.gates[0].clone()]).remove(0);
    GateView {
        version: 1,
        base: base.cloned(),
        day: today,
        release: selection.release.clone(),
        overdue: overdue(basis.plan, basis.graph, today),
        work_tree: basis.facts.work_tree.clone(),
        configuration: settings_file(basis),
        profile: profile(basis, because),
        blockers: judgement.blockers_of(0).into_iter().map(OpenCheck::from).collect(),
        checks: judgement.asked_by(0),
        gate: judged,
        disabled_gates: disabled_gates(&basis.config.gates, basis.sources),
        evidence: evidence(&judge, basis),
    }
}
