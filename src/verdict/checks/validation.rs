//! Validations: what is looked at after the deployment. The plan has no place for their results, so
//! none of them passes here.

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

    fn validation(&self, entry: &Entry<'_>, dep: &Dep<'_>, validation: &Validation<'_>) -> Option<Check> {
        let index = self.selected(entry)?;
        let tests = self.tests(index);
        let evidence = validation.evidence.as_ref().map(|text| text.value.to_string());
        Some(Check {
            requirement: validation.check.as_ref().map(|text| text.value.to_string()),
            stage: dep.stage.map(|stage| stage.value.word()),
            proof: Proof::none(evidence),
            ..Check::of(entry, CheckKind::Validation, judge(validation, tests.as_ref()))
        })
        .map(|check| Check { tests, ..check })
    }
}

fn judge(validation: &Validation<'_>, tests: Option<&TestTally>) -> Judged {
    if let Some(tests) = tests.filter(|tests| !tests.failed.is_empty()) {
        return Judged::new(Verdict::Fail, format!("of its tests {}", tests.in_words()), "mend what fails");
    }
    let tests = tests.map(|tests| format!("; tests: {}", tests.in_words())).unwrap_or_default();
    let when = match validation.window {
        Some(window) => format!(" ({} after the deployment)", window.value),
        None => String::new(),
    };
    let how = match validation.method.as_ref().map(|method| method.value.value) {
        Some(Method::Manual) => ", by hand",
        Some(Method::Automated) => ", by machine",
        Some(Method::Both) => ", by machine and by hand",
        None => "",
    };
    Judged::new(Verdict::Unknown, format!("no result{tests}"), format!("look{when}{how}"))
}
