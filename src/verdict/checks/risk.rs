//! High risks, and those of which nobody can say whether they are high.

use super::TestTally;
use crate::model::dep::Stage;
use crate::model::identity::is_no_person;
use crate::model::risk::{Risk, RiskStatus};
use crate::model::{Choice, Entry, EntryIndex};
use crate::verdict::check::{Check, CheckKind, Judged, Proof};
use crate::verdict::{Judge, Verdict};

/// Whether a risk is known not to be high, or can no longer happen.
pub(in crate::verdict) fn is_settled(risk: &Risk<'_>) -> bool {
    let rated = risk.probability.is_some() && risk.impact.is_some();
    !risk.is_high() && (rated || risk.is_resolved())
}

impl Judge<'_> {
    /// The risks of the selection that must be mitigated or accepted before the release.
    pub(in crate::verdict) fn risks(&self) -> Vec<Check> {
        let found = self.basis.plan.risks().filter_map(|(entry, risk)| {
            let index = self.selected(entry)?;
            if is_settled(risk) {
                return None;
            }
            let tests = self.tests(index);
            let judged = match risk.is_high() || !risk.is_open() {
                true => self.judge_risk(entry, risk, tests.as_ref()),
                false => Judged::new(
                    Verdict::Unknown,
                    "not rated: unknown whether the risk is high",
                    "add `probability` and `impact`",
                ),
            };
            Some(Check {
                stage: Some(Stage::PreDeploy.word()),
                // One of which nobody can say whether it is high is taken to be high.
                blocking: true,
                proof: match risk.status.map(|status| status.value) {
                    Some(RiskStatus::Accepted) if risk.accepted_by.is_some() => Proof::attested(None),
                    Some(_) => Proof::asserted(None),
                    None => Proof::none(None),
                },
                tests,
                ..Check::of(entry, CheckKind::Risk, judged)
            })
        });
        found.collect()
    }

    /// An accepted risk that a gate names, be it high or not: by a named person.
    pub(in crate::verdict) fn accepted_risk(
        &self,
        index: EntryIndex,
        entry: &Entry<'_>,
        risk: &Risk<'_>,
    ) -> Check {
        let proof = match risk.accepted_by.is_some() {
            true => Proof::attested(None),
            false => Proof::asserted(None),
        };
        let judged = self.judge_acceptance(entry, risk);
        Check { blocking: true, tests: self.tests(index), proof, ..Check::of(entry, CheckKind::Risk, judged) }
    }

    fn judge_risk(&self, entry: &Entry<'_>, risk: &Risk<'_>, tests: Option<&TestTally>) -> Judged {
        match risk.status.map(|status| status.value) {
            Some(RiskStatus::Accepted) => self.judge_acceptance(entry, risk),
            Some(RiskStatus::Resolved) => Judged::done(Verdict::Pass, "self-reported as resolved"),
            Some(RiskStatus::Mitigated) => match tests {
                Some(tests) if !tests.failed.is_empty() => Judged::new(
                    Verdict::Fail,
                    format!("self-reported as mitigated, but tests: {}", tests.in_words()),
                    "fix the failures, or correct the status",
                ),
                Some(tests) if tests.without_result() > 0 => Judged::new(
                    Verdict::Unknown,
                    format!("self-reported as mitigated, but tests: {}", tests.in_words()),
                    "run the tests without a result",
                ),
                _ => self.reviewed(risk, Judged::done(Verdict::Pass, "self-reported as mitigated")),
            },
            Some(status @ (RiskStatus::Open | RiskStatus::Mitigating)) => Judged::new(
                Verdict::Fail,
                format!("high risk, {}, not yet mitigated", status.word()),
                "mitigate the risk, or accept it with `accepted_by` and `accepted_on`",
            ),
            None => Judged::new(Verdict::Unknown, "high risk without a response", "set its `status`"),
        }
    }

    fn judge_acceptance(&self, entry: &Entry<'_>, risk: &Risk<'_>) -> Judged {
        let by = risk.accepted_by.as_ref().map(|by| by.value.trim()).filter(|by| !is_no_person(by));
        let Some(by) = by else {
            let next = "add `accepted_by`";
            return Judged::new(Verdict::Fail, "accepted without a name", next);
        };
        match risk.expires.map(|day| day.value) {
            _ if self.unreadable(entry, &["expires"]) => Judged::new(
                Verdict::Fail,
                "accepted with an invalid `expires`",
                "run `relplan check` for the error",
            ),
            Some(day) if day < self.today => Judged::new(
                Verdict::Fail,
                format!("the acceptance by {by} expired on {day}"),
                "mitigate the risk, or renew the acceptance",
            ),
            Some(day) => {
                self.reviewed(risk, Judged::done(Verdict::Waived, format!("accepted by {by} until {day}")))
            }
            None => self.reviewed(risk, Judged::done(Verdict::Waived, format!("accepted by {by}"))),
        }
    }

    /// What held at the last review does so until the next one is due.
    fn reviewed(&self, risk: &Risk<'_>, judged: Judged) -> Judged {
        match risk.review_date.map(|day| day.value) {
            Some(day) if day < self.today => Judged::new(
                Verdict::Stale,
                format!("{}, but the review was due on {day}", judged.reason),
                "review the risk, then set the next `review_date`",
            ),
            _ => judged,
        }
    }
}
