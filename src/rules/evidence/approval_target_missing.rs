use super::approvals;
use crate::finding::Report;
use crate::model::{Id, Link, Target};
use crate::rules::{ERROR, Subject, words};
use crate::source::{Span, Spanned};

declare_rule! {
    /// An approval of a release or of an entry that does not exist.
    ///
    /// It approves nothing, and what it was meant for is still to be approved.
    ///
    /// ```yaml,bad
    /// id: REL-001
    /// title: Search
    /// version: "3.0.0"
    /// ---
    /// approvals:
    ///   - role: QA Lead
    ///     by: Dana
    ///     on: 2026-11-02
    ///     release: "3.1.0"
    /// ```
    ///
    /// ```yaml,good
    /// id: REL-001
    /// title: Search
    /// version: "3.0.0"
    /// ---
    /// approvals:
    ///   - role: QA Lead
    ///     by: Dana
    ///     on: 2026-11-02
    ///     release: "3.0.0"
    /// ```
    "RP0651", "approval-target-missing", ERROR, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    for record in &subject.plan.approvals {
        if let Some(name) = approvals::missing_release(subject, record.release.as_ref()) {
            reports.push(approvals::no_such_release(subject, Spanned::new(name.value.trim(), name.span)));
        }
        reports.extend(record.of.iter().flat_map(ends).filter_map(|(id, place)| judge(subject, id, place)));
    }
    subject.plan.approvals.len()
}

/// The entries that a link names itself.
fn ends(link: &Link) -> Vec<(Id, Span)> {
    match &link.target {
        Target::One(id) => vec![(*id, link.span)],
        Target::Range(ends) => vec![(ends.0.value, ends.0.span), (ends.1.value, ends.1.span)],
    }
}

fn judge(subject: &Subject<'_>, id: Id, place: Span) -> Option<Report> {
    if subject.plan.find(id).is_some() || subject.plan.broken.contains(&id) {
        return None;
    }
    let report = Report::at(place, format!("approval of `{id}`, which does not exist"));
    let near = subject.plan.near(id).next().map(|entry| entry.id.value);
    Some(match near {
        Some(near) => report.help(format!("did you mean `{near}`?")),
        None => report.help(words::what_if_missing(subject, id)),
    })
}
