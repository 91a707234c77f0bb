//! High risks, and those of which nobody can say whether they are high.

use super::TestTally;
use crate::model::dep::Stage;
use crate::model::identity::is_nobody;
use crate::model::risk::{Risk, RiskStatus};
use crate::model::{Choice, Entry};
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
                    "not rated, so nobody can say whether it is high",
                    "write `probability` and `impact`",
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

    fn judge_risk(&self, entry: &Entry<'_>, risk: &Risk<'_>, tests: Option<&TestTally>) -> Judged {
        match risk.status.map(|status| status.value) {
            Some(RiskStatus::Accepted) => self.judge_acceptance(entry, risk),
            Some(RiskStatus::Resolved) => Judged::done(Verdict::Pass, "stated as resolved"),
            Some(RiskStatus::Mitigated) => match tests {
                Some(tests) if !tests.failed.is_empty() => Judged::new(
                    Verdict::Fail,
                    format!("stated as mitigated, but of its tests {}", tests.in_words()),
                    "mend what fails, or take the statement back",
                ),
                Some(tests) if tests.without_result() > 0 => Judged::new(
                    Verdict::Unknown,
                    format!("stated as mitigated, but of its tests {}", tests.in_words()),
                    "run the tests that have no result",
                ),
                _ => self.reviewed(risk, Judged::done(Verdict::Pass, "stated as mitigated")),
            },
            Some(status @ (RiskStatus::Open | RiskStatus::Mitigating)) => Judged::new(
                Verdict::Fail,
                format!("a high risk, {} and not yet mitigated", status.word()),
                "mitigate it, or have it accepted: `accepted_by` and `accepted_on`",
            ),
            None => Judged::new(
                Verdict::Unknown,
                "a high risk, and nothing says what is done about it",
                "write its `status`",
            ),
        }
    }

    fn judge_acceptance(&self, entry: &Entry<'_>, risk: &Risk<'_>) -> Judged {
        let by = risk.accepted_by.as_ref().map(|by| by.value.trim()).filter(|by| !is_nobody(by));
        let Some(by) = by else {
            let next = "name who accepts it: `accepted_by`";
            return Judged::new(Verdict::Fail, "accepted by nobody who is named", next);
        };
        match risk.expires.map(|day| day.value) {
            _ if self.misread(entry, &["expires"]) => Judged::new(
                Verdict::Fail,
                "accepted, and until when cannot be read",
                "`relplan check` says what is wrong with it",
            ),
            Some(day) if day < self.today => Judged::new(
                Verdict::Fail,
                format!("the acceptance by {by} expired on {day}"),
                "mitigate it, or have it accepted anew",
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
                format!("{}, but its review was due on {day}", judged.reason),
                "review it, and set the next `review_date`",
            ),
            _ => judged,
        }
    }
}
