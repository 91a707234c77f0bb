//! Validations: what is looked at after the deployment. Only facts show how that went: the plan has no place
//! for results, so that a validation without an evidence requirement does not pass.

use super::TestTally;
use crate::model::dep::{Dep, Detail, Method, Validation};
use crate::model::{Choice, Entry};
use crate::verdict::check::{Check, CheckKind, Judged, Proof};
use crate::verdict::{Judge, Verdict};

impl Judge<'_> {
    /// The validations of the selection.
    pub(in crate::verdict) fn validations(&self) -> Vec<Check> {
        let deps = self.basis.plan.deps().filter_map(|(entry, dep)| match &dep.detail {
            Detail::Validation(validation) => self.validation(entry, dep, validation),
            _ => None,
        });
        deps.collect()
    }

    pub(in crate::verdict) fn validation(
        &self,
        entry: &Entry<'_>,
        dep: &Dep<'_>,
        validation: &Validation<'_>,
    ) -> Option<Check> {
        let index = self.selected(entry)?;
        let tests = self.tests(index);
        let (judged, proof) = match validation.evidence_requirement.as_deref() {
            Some(requirement) => {
                let proven = self.prove_entry(index, requirement);
                let proof = self.proof_of(&proven);
                (proven.judged, proof)
            }
            None => {
                let words = validation.evidence.as_ref().map(|text| text.value.to_string());
                (judge(validation, tests.as_ref()), Proof::none(words))
            }
        };
        Some(Check {
            requirement: validation.check.as_ref().map(|text| text.value.to_string()),
            stage: dep.stage.map(|stage| stage.value.word()),
            proof,
            tests,
            ..Check::of(entry, CheckKind::Validation, judged)
        })
    }
}

fn judge(validation: &Validation<'_>, tests: Option<&TestTally>) -> Judged {
    if let Some(tests) = tests.filter(|tests| !tests.failed.is_empty()) {
        return Judged::new(Verdict::Fail, format!("tests: {}", tests.in_words()), "fix the failures");
    }
    let tests = tests.map(|tests| format!("; tests: {}", tests.in_words())).unwrap_or_default();
    let when = match validation.window {
        Some(window) => format!(" ({} after the deployment)", window.value),
        None => String::new(),
    };
    let how = match validation.method.as_ref().map(|method| method.value.value) {
        Some(Method::Manual) => ", manual",
        Some(Method::Automated) => ", automated",
        Some(Method::Both) => ", automated and manual",
        None => "",
    };
    Judged::new(Verdict::Unknown, format!("no result{tests}"), format!("look{when}{how}"))
}
