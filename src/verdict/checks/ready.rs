//! What gates look at beyond the checklist: tests, rollbacks, monitoring, and entries of any other family.

use chrono::NaiveDate;

use crate::model::dep::{Dep, Detail, Rollback, Validation};
use crate::model::flag;
use crate::model::test::{Test, TestStatus};
use crate::model::{Choice, Entry, EntryIndex, Kind};
use crate::verdict::check::{Check, CheckKind, Judged, Proof};
use crate::verdict::entry_state::{EntryState, entry_state, is_done_word};
use crate::verdict::{Judge, Verdict};

impl Judge<'_> {
    /// The check of any entry, as a gate looks at it.
    pub(in crate::verdict) fn look_at(&self, index: EntryIndex) -> Check {
        let entry = self.basis.plan.entry(index);
        match &entry.kind {
            Kind::Test(test) => self.test(index, entry, test),
            Kind::Dep(dep) => match &dep.detail {
                Detail::Rollback(rollback) => self.rollback(index, entry, rollback),
                Detail::Validation(validation) => self.planned(index, entry, dep, validation),
                _ => self.any_entry(index, entry),
            },
            Kind::Mon(mon) => {
                let watched = mon.query.is_some();
                let judged = match watched {
                    true => Judged::done(Verdict::Pass, "has a query"),
                    false => Judged::new(Verdict::Unknown, "no `query`", "add `query`"),
                };
                let proof = if watched { Proof::asserted(None) } else { Proof::none(None) };
                Check { blocking: true, proof, ..Check::of(entry, CheckKind::Monitoring, judged) }
            }
            Kind::Risk(risk) if risk.is_accepted() => self.accepted_risk(index, entry, risk),
            _ => self.any_entry(index, entry),
        }
    }

    fn test(&self, index: EntryIndex, entry: &Entry<'_>, test: &Test<'_>) -> Check {
        let reported = self.reported(index, self.default_max_age());
        let (judged, proof) = match reported {
            Some(reported) => {
                let next = reported.next.clone();
                let judged = Judged { verdict: reported.verdict, reason: reported.reason.clone(), next };
                (judged, Proof::reported(reported.source.iter().cloned().collect()))
            }
            None => stated_test(test, self.rests_on_reports()),
        };
        Check {
            blocking: true,
            category: test.test_type.map(|of| of.value.word()),
            proof,
            ..Check::of(entry, CheckKind::Test, judged)
        }
    }

    /// What is stated of the rehearsal, and what the facts show, if the plan names some.
    fn rollback(&self, index: EntryIndex, entry: &Entry<'_>, rollback: &Rollback<'_>) -> Check {
        let stated = self.rehearsal(entry, rollback);
        let words = rollback.evidence.as_ref().map(|text| text.value.trim().to_owned());
        let (judged, proof) = match (rollback.evidence_requirement.as_deref(), rollback.last_rehearsed) {
            (Some(requirement), _) => self.with_proof(stated, self.prove_entry(index, requirement)),
            (None, Some(_)) => (stated, Proof::asserted(words)),
            (None, None) => (stated, Proof::none(words)),
        };
        Check { blocking: true, proof, ..Check::of(entry, CheckKind::Rollback, judged) }
    }

    fn rehearsal(&self, entry: &Entry<'_>, rollback: &Rollback<'_>) -> Judged {
        if rollback.procedure.is_empty() {
            return Judged::new(Verdict::Fail, "no `procedure`", "add `procedure`");
        }
        if let Some(flaw) = self.flaw_of_flags(entry, rollback) {
            return flaw;
        }
        match rollback.last_rehearsed.map(|day| day.value) {
            None if self.unreadable(entry, &["last_rehearsed"]) => {
                Judged::new(Verdict::Unknown, "invalid `last_rehearsed`", "run `relplan check` for the error")
            }
            None => {
                Judged::new(Verdict::Unknown, "never rehearsed", "rehearse it, then set `last_rehearsed`")
            }
            Some(day) => self.rehearsed(day),
        }
    }

    /// A feature flag that the rollback relies on and that cannot be switched.
    fn flaw_of_flags(&self, entry: &Entry<'_>, rollback: &Rollback<'_>) -> Option<Judged> {
        if let Some(other) = flag::not_flags(self.basis.plan, entry, rollback).first() {
            let reason = format!("`flags` names {}, which is not a feature flag of the plan", other.value);
            return Some(Judged::new(Verdict::Unknown, reason, "name FLAG entries"));
        }
        if self.unreadable(entry, &["flags"]) {
            return Some(Judged::new(
                Verdict::Unknown,
                "invalid `flags`",
                "run `relplan check` for the error",
            ));
        }
        let flags = flag::flags_of(self.basis.plan, entry, rollback);
        let (id, flaw) = flags
            .into_iter()
            .find_map(|(_, entry, flag)| Some((entry.id.value, flag.kill_switch().err()?)))?;
        Some(Judged::new(Verdict::Fail, format!("{id} {}", flaw.reason()), flaw.help(id)))
    }

    fn rehearsed(&self, day: NaiveDate) -> Judged {
        if day > self.today {
            let reason = format!("rehearsed on {day}, in the future");
            return Judged::new(Verdict::Unknown, reason, "correct `last_rehearsed`");
        }
        let age = u64::try_from((self.today - day).num_milliseconds()).unwrap_or(0);
        match self.basis.profile.rehearsal_age {
            Some(longest) if age > longest.millis() => Judged::new(
                Verdict::Stale,
                format!(
                    "last rehearsed on {day}, more than {} ago (profile {})",
                    longest.in_words(),
                    self.basis.profile.name
                ),
                "rehearse it again",
            ),
            _ => Judged::done(Verdict::Pass, format!("rehearsed on {day}")),
        }
    }

    /// Before a deployment a validation has to be ready; what it shows is known only afterwards.
    fn planned(
        &self,
        index: EntryIndex,
        entry: &Entry<'_>,
        dep: &Dep<'_>,
        validation: &Validation<'_>,
    ) -> Check {
        if validation.evidence_requirement.is_some()
            && self.is_deployed()
            && let Some(check) = self.validation(entry, dep, validation)
        {
            return Check { blocking: true, ..check };
        }
        let missing: Vec<&str> = [
            ("check", validation.check.is_some()),
            ("method", validation.method.is_some()),
            ("success_criteria", validation.success_criteria.is_some()),
        ]
        .into_iter()
        .filter(|(_, there)| !there)
        .map(|(name, _)| name)
        .collect();
        let judged = match missing.is_empty() {
            true => Judged::done(Verdict::Pass, "ready: check, method and success criteria"),
            false => {
                let fields: Vec<String> = missing.iter().map(|field| format!("`{field}`")).collect();
                let next = format!("add {}", fields.join(", "));
                Judged::new(Verdict::Unknown, format!("not ready: {} missing", missing.join(", no ")), next)
            }
        };
        let tests = self.tests(index);
        Check {
            blocking: true,
            tests,
            proof: Proof::asserted(None),
            ..Check::of(entry, CheckKind::Validation, judged)
        }
    }

    /// Whether the release that is judged is out.
    fn is_deployed(&self) -> bool {
        self.release.is_some_and(|release| match &self.basis.plan.entry(release).kind {
            Kind::Rel(rel) => rel.deployed_at.is_some(),
            _ => false,
        })
    }

    /// An entry as it says itself that it stands.
    fn any_entry(&self, index: EntryIndex, entry: &Entry<'_>) -> Check {
        let tests = self.tests(index);
        let status = entry.status().map(str::trim).filter(|status| !status.is_empty());
        let failing = tests.as_ref().filter(|tests| !tests.failed.is_empty());
        let judged = match (entry_state(entry), failing) {
            (_, Some(tests)) => {
                Judged::new(Verdict::Fail, format!("tests: {}", tests.in_words()), "fix the failures")
            }
            (EntryState::Done, None) => {
                Judged::done(Verdict::Pass, format!("self-reported as {}", status.unwrap_or("done")))
            }
            // A status names nobody who answers for it.
            (EntryState::Waived, None) => Judged::new(
                Verdict::Fail,
                format!("self-reported as {}, without a waiver", status.unwrap_or("accepted")),
                format!("record the waiver: `relplan waive {}`", entry.id.value),
            ),
            (EntryState::Failed, None) => Judged::new(
                Verdict::Fail,
                format!("self-reported as {}", status.unwrap_or("failed")),
                "fix it",
            ),
            (EntryState::Open, None) => Judged::new(
                Verdict::Fail,
                format!("self-reported as {}", status.unwrap_or("open")),
                "complete it",
            ),
            (EntryState::Unknown, None) => plain_status(status),
        };
        let proof = if status.is_some() { Proof::asserted(None) } else { Proof::none(None) };
        Check { blocking: true, tests, proof, ..Check::of(entry, CheckKind::Entry, judged) }
    }
}

/// The status of an entry of a family that relplan knows nothing of, in the words that most teams use.
fn plain_status(status: Option<&str>) -> Judged {
    match status {
        None => Judged::new(Verdict::Unknown, "no `status`", "set its `status`"),
        Some(word) if is_done_word(word) => Judged::done(Verdict::Pass, format!("self-reported as {word}")),
        Some(word) => Judged::new(
            Verdict::Unknown,
            format!("self-reported as {word}, which is neither done nor open"),
            "set `status: done` when it is done",
        ),
    }
}

/// A test that no report speaks of. Where there are reports, that is said.
fn stated_test(test: &Test<'_>, has_reports: bool) -> (Judged, Proof) {
    let unheard = if has_reports { ", not in any report" } else { "" };
    let next = "run it, and pass its report: `--evidence FILE`";
    match test.status.map(|status| status.value) {
        Some(TestStatus::Passing) if has_reports => {
            let judged = Judged::new(Verdict::Unknown, format!("self-reported as passing{unheard}"), next);
            (judged, Proof::asserted(None))
        }
        Some(TestStatus::Passing) => {
            (Judged::done(Verdict::Pass, "self-reported as passing"), Proof::asserted(None))
        }
        Some(status @ (TestStatus::Failing | TestStatus::Blocked)) => {
            let judged = Judged::new(Verdict::Fail, format!("self-reported as {status}{unheard}"), "fix it");
            (judged, Proof::asserted(None))
        }
        Some(status @ (TestStatus::Skipped | TestStatus::NotRun)) => (
            Judged::new(Verdict::Unknown, format!("self-reported as {status}{unheard}"), next),
            Proof::none(None),
        ),
        None => (Judged::new(Verdict::Unknown, format!("no result{unheard}"), next), Proof::none(None)),
    }
}
