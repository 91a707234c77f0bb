use super::{ERROR, Subject, approvals, words};
use crate::finding::Report;
use crate::source::Spanned;

declare_rule! {
    /// A waiver of an entry that does not exist, or for a release that does not.
    ///
    /// It waives nothing, and what it was meant for is as open as before.
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
        // The name of a check of a gate is no id, and is looked for where the gates are.
        if let (Some(id), Some(check)) = (waiver.entry(), &waiver.check)
            && subject.plan.find(id).is_none()
            && !subject.plan.broken.contains(&id)
        {
            let report = Report::at(check.span, format!("`{id}` is waived, and does not exist"));
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
