//! Whether an evidence requirement is met: part by part, and the worst part decides.
//!
//! What the plan states does not count here. Facts that are missing, too old, for another commit, cut off or
//! in another unit prove nothing.

mod communications;
mod coverage;
mod defects;
mod files;
mod handoffs;
mod incidents;
mod metric;
mod notes;
mod scan;
mod signature;
mod tests;

use super::check::Judged;
use super::facts::{Doubt, Freshness, Source};
use super::{Basis, Judge, ProofKind, Verdict};
use crate::evidence::EvidenceDefectKind;
use crate::model::EntryIndex;
use crate::model::duration::Duration;
use crate::model::evidence_requirement::{EvidenceRequirement, RequiredShare};
use crate::source::Spanned;

pub use tests::TestReport;

pub(super) use signature::{SignOff, sign_off};
pub(super) use tests::Reported;

/// What an evidence requirement came to.
#[derive(Debug)]
pub(super) struct RequirementResult {
    /// How it stands, why, and what to do.
    pub(super) judged: Judged,
    /// What the proof is worth: as much as its weakest part.
    pub(super) kind: ProofKind,
    /// Where the facts are written.
    pub(super) sources: Vec<Source>,
    /// What the profile asked for.
    pub(super) asked: Vec<String>,
}

/// One part of an evidence requirement.
struct Part {
    verdict: Verdict,
    reason: String,
    next: Option<String>,
    kind: ProofKind,
    sources: Vec<Source>,
}

/// What an evidence requirement is about.
#[derive(Debug, Clone, Copy)]
pub(super) struct RequirementSubject<'a> {
    /// The tests that are linked to it.
    pub(super) tests: &'a [EntryIndex],
    /// How many tests it names that the plan does not have.
    pub(super) missing: usize,
    /// The first few of these.
    pub(super) absent: &'a [String],
    /// The entry that is signed for; none if the evidence requirement is a gate's.
    pub(super) entry: Option<EntryIndex>,
}

impl Part {
    fn new(verdict: Verdict, reason: impl Into<String>, next: impl Into<String>) -> Self {
        let (reason, next) = (reason.into(), Some(next.into()));
        Part { verdict, reason, next, kind: ProofKind::Reported, sources: Vec::new() }
    }

    fn pass(reason: impl Into<String>) -> Self {
        Part { next: None, ..Part::new(Verdict::Pass, reason, "") }
    }

    /// Nothing is there that could prove it.
    fn nothing(reason: impl Into<String>, next: impl Into<String>) -> Self {
        Part { kind: ProofKind::None, ..Part::new(Verdict::Unknown, reason, next) }
    }

    /// The facts are there, and not fresh.
    fn not_fresh(what: &str, freshness: Freshness) -> Option<Self> {
        let (verdict, reason, next) = match freshness {
            Freshness::Fresh => return None,
            Freshness::Stale(Doubt { reason, next }) => (Verdict::Stale, reason, next),
            Freshness::Unknown(Doubt { reason, next }) => (Verdict::Unknown, reason, next),
        };
        Some(Part::new(verdict, format!("{what}: {reason}"), next))
    }

    fn from(self, sources: Vec<Source>) -> Self {
        Part { sources, ..self }
    }
}

/// The files that are named as proof; the first of them are enough to find the rest.
const FEW: usize = 3;

impl Judge<'_> {
    /// Whether the facts meet an evidence requirement.
    pub(super) fn prove(
        &self,
        requirement: &EvidenceRequirement,
        about: RequirementSubject<'_>,
    ) -> RequirementResult {
        let max_age = self.max_age(requirement);
        let mut parts = Vec::new();
        let mut asked = Vec::new();
        if let Some(least) = requirement.tests {
            parts.push(self.tests_part(
                self.settle(least, ProfileShare::PassRate, &mut asked),
                about,
                max_age,
            ));
        }
        if let Some(coverage) = &requirement.coverage {
            parts.extend(self.coverage_parts(coverage, max_age, &mut asked));
        }
        if let Some(scan) = &requirement.scan {
            parts.extend(self.scan_parts(scan, max_age, &mut asked));
        }
        parts.extend(requirement.metrics.iter().map(|metric| self.metric_part(metric, max_age)));
        if !requirement.sign_off.is_empty() {
            parts.extend(self.signature_parts(requirement, about.entry));
        }
        // Without an age of its own, a document may be as old as it is.
        let age_of_files = requirement.max_age.map(|age| age.value);
        parts.extend(requirement.files.iter().map(|path| self.file_part(path, age_of_files)));
        if let Some(below) = requirement.open_defects {
            parts.push(self.defects_part(below.value));
        }
        if !requirement.release_notes.is_empty() {
            parts.push(self.notes_part(&requirement.release_notes));
        }
        parts.extend(requirement.communications.iter().map(|name| self.communication_part(&name.value)));
        parts.extend(requirement.handoffs.iter().flat_map(|receiver| self.handoff_parts(&receiver.value)));
        parts.extend(requirement.incidents.map(|limit| self.incidents_part(limit.value, age_of_files)));
        if !requirement.whole {
            let next = "run `relplan check` for the error";
            parts.push(Part::nothing("invalid evidence requirement", next));
        }
        join(parts, asked)
    }

    /// What to do where no report speaks of something: where a file could not be read as a report, that comes first.
    fn produce(&self, otherwise: &str) -> String {
        let Basis { sources, facts, .. } = &self.basis;
        let is_broken = |kind: &EvidenceDefectKind| {
            matches!(
                kind,
                EvidenceDefectKind::NotRecognised { .. }
                    | EvidenceDefectKind::Malformed { .. }
                    | EvidenceDefectKind::TooLarge { .. }
            )
        };
        match facts.evidence.defects.iter().find(|defect| is_broken(&defect.kind)) {
            Some(defect) => {
                let file = sources.file(defect.span.file).name();
                let is_report = facts.evidence.reports.iter().any(|report| report.file == defect.span.file);
                let how = if is_report { "whole" } else { "as a report" };
                format!("fix `{file}`, which cannot be read {how}: run `relplan check` for the error")
            }
            None => otherwise.to_owned(),
        }
    }

    /// How old facts may be: as the evidence requirement says, else the configuration, else the profile.
    fn max_age(&self, requirement: &EvidenceRequirement) -> Option<Duration> {
        requirement.max_age.map(|age| age.value).or(self.default_max_age())
    }

    /// A share that is asked for; the profile's is noted.
    fn settle(
        &self,
        least: Spanned<RequiredShare>,
        what: ProfileShare,
        asked: &mut Vec<String>,
    ) -> Option<Share> {
        let profile = self.basis.profile;
        match least.value {
            RequiredShare::Share { percent, above } => Some(Share { percent, above }),
            RequiredShare::Profile => {
                let (own, words) = match what {
                    ProfileShare::PassRate => (profile.pass_rate, "of the tests"),
                    ProfileShare::Lines => (profile.line_coverage, "of the lines"),
                    ProfileShare::Branches => (profile.branch_coverage, "of the branches"),
                };
                let Some(RequiredShare::Share { percent, above }) = own else { return None };
                let share = Share { percent, above };
                asked.push(format!("{} {words}", share.in_words()));
                Some(share)
            }
        }
    }
}

/// Which share of a profile is meant.
#[derive(Debug, Clone, Copy)]
enum ProfileShare {
    PassRate,
    Lines,
    Branches,
}

/// A share that must be reached.
#[derive(Debug, Clone, Copy)]
struct Share {
    percent: f64,
    above: bool,
}

impl Share {
    /// Whether so many out of so many are enough. Of nothing nothing is.
    fn is_reached(self, part: u64, whole: u64) -> bool {
        let (part, least) = (100.0 * part as f64, self.percent * whole as f64);
        whole > 0 && if self.above { part > least } else { part >= least }
    }

    fn in_words(self) -> String {
        match self {
            Share { percent: 100.0, .. } => "all".to_owned(),
            Share { percent, above: true } => format!("more than {percent} %"),
            Share { percent, above: false } => format!("at least {percent} %"),
        }
    }
}

/// The worst part decides; every part that does not pass says why, the worst first, and if all pass, all say it.
fn join(mut parts: Vec<Part>, mut asked: Vec<String>) -> RequirementResult {
    asked.dedup();
    parts.sort_by_key(|part| std::cmp::Reverse(part.verdict));
    let verdict = parts.iter().map(|part| part.verdict).max().unwrap_or(Verdict::Unknown);
    let speaks = |part: &&Part| verdict == Verdict::Pass || part.verdict != Verdict::Pass;
    let reasons: Vec<&str> = parts.iter().filter(speaks).map(|part| part.reason.as_str()).collect();
    let mut next: Vec<&str> = parts.iter().filter_map(|part| part.next.as_deref()).collect();
    next.dedup();
    let judged = Judged {
        verdict,
        reason: if parts.is_empty() { "no requirements".to_owned() } else { reasons.join("; ") },
        next: (!next.is_empty()).then(|| next.join("; ")),
    };
    let kind = parts.iter().map(|part| part.kind).reduce(ProofKind::weaker).unwrap_or(ProofKind::None);
    let sources = parts.into_iter().flat_map(|part| part.sources).collect();
    RequirementResult { judged, kind, sources, asked }
}

/// So many out of so many, with the share that this is.
fn of(part: u64, whole: u64) -> String {
    match whole {
        0 => "n/a".to_owned(),
        whole => {
            // Rounded down, so that nothing looks like a share that it does not reach.
            let tenths = (1000.0 * part as f64 / whole as f64).floor() / 10.0;
            format!("{tenths} % ({part} of {whole})")
        }
    }
}
