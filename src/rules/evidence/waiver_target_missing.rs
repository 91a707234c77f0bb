use super::approvals;
use crate::compare::OF_LOOSENING;
use crate::finding::Report;
use crate::model::WaiverRecord;
use crate::rules::{ERROR, Subject, words};
use crate::source::Spanned;
use crate::verdict::waivable::{self, Named};

declare_rule! {
    /// A waiver of an entry or of a check that does not exist, or for a release that does not.
    ///
    /// It waives nothing, and what it was meant for is as open as before. Neither an approval nor that the plan is
    /// sound can be waived.
    ///
    /// ```yaml,bad
    /// waivers:
    ///   - check: DEP-011
    ///     by: Dana
    ///     reason: The load generator is being replaced
    ///     until: 2026-12-16
    /// ---
    /// id: DEP-001
    /// type: Criteria
    /// title: The load test passes
    /// ```
    ///
    /// ```yaml,good
    /// waivers:
    ///   - check: DEP-001
    ///     by: Dana
    ///     reason: The load generator is being replaced
    ///     until: 2026-12-16
    /// ---
    /// id: DEP-001
    /// type: Criteria
    /// title: The load test passes
    /// ```
    "RP0648", "waiver-target-missing", ERROR, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    for waiver in &subject.plan.waivers {
        reports.extend(of_gate(subject, waiver));
        if let (Some(id), Some(check)) = (waiver.entry(), &waiver.check)
            && subject.plan.find(id).is_none()
            && !subject.plan.broken.contains(&id)
        {
            let report = Report::at(check.span, format!("waiver of `{id}`, which does not exist"));
            let near = subject.plan.near(id).next().map(|entry| entry.id.value);
            reports.push(match near {
                Some(near) => report.help(format!("did you mean `{near}`?")),
                None => report.help(words::what_if_missing(subject, id)),
            });
        }
        if let Some(name) = approvals::missing_release(subject, waiver.release.as_ref()) {
            reports.push(approvals::no_such_release(subject, Spanned::new(name.value.trim(), name.span)));
        }
    }
    subject.plan.waivers.len()
}

/// What is waived by the name of a check that is no entry's, and is none that could be.
fn of_gate(subject: &Subject<'_>, waiver: &WaiverRecord<'_>) -> Option<Report> {
    let check = waiver.check.as_ref().filter(|_| waiver.entry().is_none())?;
    let text = check.value.trim();
    // Whether something was loosened shows only against a base.
    if text.is_empty() || text.starts_with(OF_LOOSENING) {
        return None;
    }
    match waivable::named(text, subject.plan, subject.config) {
        Named::Check(_) | Named::Freeze(_) | Named::OfEntries { .. } => None,
        Named::Approval { role } => {
            let report = Report::at(check.span, format!("`{text}` is an approval, which cannot be waived"));
            Some(report.help(format!("record the approval: `relplan approve --role \"{role}\" --by PERSON`")))
        }
        Named::Plan => {
            let report = Report::at(check.span, "the soundness of the plan cannot be waived");
            Some(report.help("fix the findings of `relplan check`"))
        }
        Named::Nothing { near } => {
            let message = format!("waiver of `{text}`, which is neither an entry, a gate check nor a freeze");
            let report = Report::at(check.span, message);
            Some(match near {
                Some(near) => report.help(format!("did you mean `{near}`?")),
                None => report.help("run `relplan report` for the names of the checks"),
            })
        }
    }
}
