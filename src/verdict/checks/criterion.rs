//! Release criteria: what must be true, whether somebody says that it is, and whether the tests agree.

use super::{EpicTally, TestTally};
use crate::model::dep::{Criteria, CriterionStatus, Dep, Detail, Need};
use crate::model::{Choice, Entry, WaiverRecord};
use crate::verdict::check::{Check, CheckKind, Judged, Proof};
use crate::verdict::evidence_requirement::RequirementResult;
use crate::verdict::waiver::WaiverStatus;
use crate::verdict::{Judge, ProofKind, Verdict};

impl Judge<'_> {
    /// The criteria of the selection.
    pub(in crate::verdict) fn criteria(&self) -> Vec<Check> {
        let deps = self.basis.plan.deps().filter_map(|(entry, dep)| match &dep.detail {
            Detail::Criteria(criteria) => self.criterion(entry, dep, criteria),
            _ => None,
        });
        deps.collect()
    }

    fn criterion(&self, entry: &Entry<'_>, dep: &Dep<'_>, criteria: &Criteria<'_>) -> Option<Check> {
        let index = self.selected(entry)?;
        let (tests, epics) = (self.tests(index), self.epics(index));
        let proven =
            criteria.evidence_requirement.as_deref().map(|requirement| self.prove_entry(index, requirement));
        let (judged, proof) = match (self.waiver(entry, criteria), proven) {
            // What is met needs no waiver.
            (Some(waived), proven)
                if proven.as_ref().is_none_or(|proven| proven.judged.verdict != Verdict::Pass) =>
            {
                let sources = proven.map(|proven| proven.sources).unwrap_or_default();
                (waived, Proof { sources, ..Proof::attested(stated_proof(criteria).text) })
            }
            (_, Some(proven)) => self.judge_proven(criteria, proven),
            (_, None) => {
                let judged = self.judge_criterion(entry, criteria, tests.as_ref(), epics.as_ref());
                (judged, stated_proof(criteria))
            }
        };
        let blocker = criteria.blocker.as_ref().map(|blocker| blocker.value.value);
        Some(Check {
            requirement: criteria.requirement.as_ref().map(|text| text.value.to_string()),
            stage: dep.stage.map(|stage| stage.value.word()),
            category: criteria.category.map(|category| category.value.word()),
            blocking: blocker.unwrap_or_else(|| criteria.need() == Need::Must),
            proof,
            tests,
            epics,
            ..Check::of(entry, CheckKind::Criterion, judged)
        })
    }

    /// What its own waiver comes to, unless it is met all the same.
    fn waiver(&self, entry: &Entry<'_>, criteria: &Criteria<'_>) -> Option<Judged> {
        let status = criteria.status.map(|status| status.value);
        let waiver = criteria.waiver.as_deref().filter(|_| status != Some(CriterionStatus::Met))?;
        Some(self.judge_waiver(entry, waiver))
    }

    /// The facts decide, unless somebody says that it is not met whatever they show.
    fn judge_proven(&self, criteria: &Criteria<'_>, proven: RequirementResult) -> (Judged, Proof) {
        let mut proof = self.proof_of(&proven);
        let judged = match criteria.status.map(|status| status.value) {
            Some(CriterionStatus::Failed) => {
                // What decides is no more than somebody's word, whatever the facts show.
                proof.kind = proof.kind.weaker(ProofKind::Asserted);
                Judged::new(
                    Verdict::Fail,
                    format!("self-reported as not met; evidence: {}", proven.judged.reason),
                    "meet the criterion, then set `status: met`",
                )
            }
            _ => proven.judged,
        };
        (judged, proof)
    }

    fn judge_criterion(
        &self,
        entry: &Entry<'_>,
        criteria: &Criteria<'_>,
        tests: Option<&TestTally>,
        epics: Option<&EpicTally>,
    ) -> Judged {
        let status = criteria.status.map(|status| status.value);
        let failed = tests.filter(|tests| !tests.failed.is_empty());
        match (status, failed) {
            (Some(CriterionStatus::Met), Some(tests)) => Judged::new(
                Verdict::Fail,
                format!("self-reported as met, but tests: {}", tests.in_words()),
                "fix the failures, or correct the status",
            ),
            (_, Some(tests)) => {
                Judged::new(Verdict::Fail, format!("tests: {}", tests.in_words()), "fix the failures")
            }
            (Some(CriterionStatus::Met), None) => met(tests, epics),
            (Some(CriterionStatus::Failed), None) => Judged::new(
                Verdict::Fail,
                "self-reported as not met",
                "meet the criterion, or waive it: `relplan waive`",
            ),
            (Some(CriterionStatus::Waived), None) => Judged::new(
                Verdict::Fail,
                "status is waived, but without a waiver",
                "record the waiver: `relplan waive`",
            ),
            (Some(CriterionStatus::Pending), None) => {
                Judged::new(Verdict::Unknown, with("not checked yet", tests, epics), verify(criteria))
            }
            (None, None) if self.unreadable(entry, &["status"]) => {
                Judged::new(Verdict::Unknown, "invalid `status`", "run `relplan check` for the error")
            }
            (None, None) => Judged::new(Verdict::Unknown, with("no status", tests, epics), verify(criteria)),
        }
    }

    /// What a waiver of the entry comes to.
    fn judge_waiver(&self, entry: &Entry<'_>, waiver: &WaiverRecord<'_>) -> Judged {
        if self.unreadable(entry, &["until", "waiver"]) {
            return Judged::new(
                Verdict::Fail,
                "waived with an invalid `until`",
                "run `relplan check` for the error in the waiver",
            );
        }
        match self.holds(waiver, self.owners_of(Some(entry.id.value))) {
            WaiverStatus::Yes(words) => Judged::done(Verdict::Waived, words),
            WaiverStatus::No { why, next } => {
                Judged::new(Verdict::Fail, format!("invalid waiver: {why}"), next)
            }
        }
    }
}

/// What the plan itself offers as proof. What is to prove it one day does not prove it yet.
fn stated_proof(criteria: &Criteria<'_>) -> Proof {
    let evidence = criteria.evidence.as_ref().map(|text| text.value.trim().to_owned());
    let text = evidence.filter(|text| !text.is_empty());
    match criteria.status.map(|status| status.value) {
        None | Some(CriterionStatus::Pending) => Proof::none(text),
        _ => Proof::asserted(text),
    }
}

/// What somebody says is met holds only as far as nothing behind it is known to be otherwise, or unknown.
fn met(tests: Option<&TestTally>, epics: Option<&EpicTally>) -> Judged {
    if let Some(tests) = tests.filter(|tests| tests.without_result() > 0) {
        return Judged::new(
            Verdict::Unknown,
            format!("self-reported as met, but tests: {}", tests.in_words()),
            "run the tests without a result",
        );
    }
    let failing = epics.and_then(|epics| epics.tests.as_ref()).filter(|tests| !tests.failed.is_empty());
    if let Some(tests) = failing {
        return Judged::new(
            Verdict::Warn,
            format!("self-reported as met, but tests of its epics: {}", tests.in_words()),
            "check whether the criterion is still met",
        );
    }
    if let Some(epics) = epics.filter(|epics| !epics.open.is_empty()) {
        return Judged::new(
            Verdict::Warn,
            format!("self-reported as met, but epics: {}", epics.in_words()),
            "check again when the epics are complete",
        );
    }
    Judged::done(Verdict::Pass, with("self-reported as met", tests, epics))
}

fn with(reason: &str, tests: Option<&TestTally>, epics: Option<&EpicTally>) -> String {
    let tests = tests.map(|tests| format!("; tests: {}", tests.in_words())).unwrap_or_default();
    let epics = epics.map(|epics| format!("; epics: {}", epics.in_words())).unwrap_or_default();
    format!("{reason}{tests}{epics}")
}

fn verify(criteria: &Criteria<'_>) -> String {
    match &criteria.verification {
        Some(text) => format!("verify it ({}), then set its `status`", text.value.trim()),
        None => "add `verification`, verify it, then set its `status`".to_owned(),
    }
}
