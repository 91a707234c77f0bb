use crate::finding::Report;
use crate::graph::Edge;
use crate::model::{Entry, Kind, LinkKind};
use crate::rules::{Subject, WARNING};

declare_rule! {
    /// An entry that is due before something that it depends on.
    ///
    /// It cannot be done on its day, because what it needs is not. What is
    /// already complete, or deferred, is not looked at.
    ///
    /// ```yaml,bad
    /// - id: EPIC-01
    ///   title: Mobile app
    ///   due: 2027-01-15
    ///   depends_on: EPIC-02
    /// - id: EPIC-02
    ///   title: Sign-in with a second factor
    ///   due: 2027-01-29
    /// ```
    ///
    /// ```yaml,good
    /// - id: EPIC-01
    ///   title: Mobile app
    ///   due: 2027-02-12
    ///   depends_on: EPIC-02
    /// - id: EPIC-02
    ///   title: Sign-in with a second factor
    ///   due: 2027-01-29
    /// ```
    "RP0703", "dependency-due-later", WARNING, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    let mut looked_at = 0;
    for edge in subject.graph.edges().filter(|edge| edge.kind == LinkKind::DependsOn) {
        looked_at += 1;
        reports.extend(report(subject, edge));
    }
    looked_at
}

fn report(subject: &Subject<'_>, edge: Edge) -> Option<Report> {
    let (entry, needed) = (subject.plan.entry(edge.from), subject.plan.entry(edge.to));
    let (due, later) = (entry.due()?, needed.due()?);
    if later.value <= due.value || !is_open(entry) || !is_open(needed) {
        return None;
    }
    let (id, other) = (entry.id.value, needed.id.value);
    let message =
        format!("{id}: due on {}, before its dependency {other}, due on {}", due.value, later.value);
    Some(
        Report::at(due.span, message)
            .and(later.span, format!("{other} is due here"))
            .and(edge.span, "the dependency")
            .help(format!("move {other} forward, or move {id} after it")),
    )
}

fn is_open(entry: &Entry<'_>) -> bool {
    !matches!(&entry.kind, Kind::Epic(epic) if !epic.is_open())
}
