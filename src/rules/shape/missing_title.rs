use crate::finding::Report;
use crate::model::{Entry, Kind, UnreadableFields};
use crate::rules::{Subject, WARNING};

declare_rule! {
    /// An entry without a title.
    ///
    /// Every list, report and calendar shows entries by id and title. An id alone
    /// says nothing in a meeting.
    ///
    /// ```yaml,bad
    /// id: RUN-001
    /// owner: Operations
    /// ```
    ///
    /// ```yaml,good
    /// id: RUN-001
    /// title: Switch the traffic back
    /// owner: Operations
    /// ```
    "RP0118", "missing-title", WARNING, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    let unreadable = UnreadableFields::new(subject.plan, subject.sources);
    let unnamed = subject.plan.entries().iter().filter(|entry| !is_named(entry));
    for entry in unnamed.filter(|entry| !unreadable.has(entry.id.value, "title")) {
        let message = format!("{}: no title", entry.id.value);
        reports.push(Report::at(entry.id.span, message).help("add `title: …`"));
    }
    subject.plan.entries().len()
}

/// Whether the entry says what it is; the name of an environment and the version or theme of a release do.
fn is_named(entry: &Entry<'_>) -> bool {
    let named = match &entry.kind {
        Kind::Rel(release) => release.version.is_some() || release.theme.is_some(),
        Kind::Dep(dep) => match &dep.detail {
            crate::model::dep::Detail::Environment(environment) => environment.name.is_some(),
            _ => false,
        },
        _ => false,
    };
    named || entry.title.is_some()
}
