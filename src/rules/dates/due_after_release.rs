use rustc_hash::{FxHashMap, FxHashSet};

use crate::finding::Report;
use crate::model::epic::Epic;
use crate::model::rel::RelStatus;
use crate::model::{Entry, EntryIndex, Kind, LinkKind, id};
use crate::rules::{Subject, WARNING};
use crate::source::Span;

declare_rule! {
    /// A work package that is due after the release that ships it.
    ///
    /// It is planned not to be ready. Bring it forward, move the release, or
    /// leave the work package out and say so under `excluded`.
    ///
    /// ```yaml,bad
    /// - id: REL-001
    ///   version: "2.4.0"
    ///   date: 2027-03-01
    ///   scope:
    ///     must: EPIC-01
    /// - id: EPIC-01
    ///   title: Visual designer
    ///   state: In Progress
    ///   due: 2027-03-19
    /// ```
    ///
    /// ```yaml,good
    /// - id: REL-001
    ///   version: "2.4.0"
    ///   date: 2027-03-01
    ///   scope:
    ///     must: EPIC-01
    /// - id: EPIC-01
    ///   title: Visual designer
    ///   state: In Progress
    ///   due: 2027-02-05
    /// ```
    "RP0702", "due-after-release", WARNING, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    let mut scoped: FxHashSet<EntryIndex> = FxHashSet::default();
    for (release, _) in subject.plan.releases() {
        let Some(index) = subject.plan.find(release.id.value) else { continue };
        for edge in subject.graph.outgoing(index).filter(|edge| edge.kind == LinkKind::Scope) {
            scoped.insert(edge.to);
            reports.extend(late(subject, edge.to, release, edge.span));
        }
    }
    // Whatever no scope names may say itself where it belongs.
    let versions = versions(subject);
    for (entry, _) in subject.plan.epics() {
        let (Some(stated), Some(index)) = (entry.release(), subject.plan.find(entry.id.value)) else {
            continue;
        };
        let by_id = || id::parse(&stated.value).ok().and_then(|id| subject.plan.find(id));
        let release = versions.get(&*stated.value).copied().or_else(by_id);
        if let Some(release) = release.filter(|_| !scoped.contains(&index)) {
            reports.extend(late(subject, index, subject.plan.entry(release), stated.span));
        }
    }
    subject.plan.epics().count()
}

fn versions(subject: &Subject<'_>) -> FxHashMap<String, EntryIndex> {
    let versions = subject.plan.releases().filter_map(|(entry, release)| {
        Some((release.version.as_ref()?.value.to_string(), subject.plan.find(entry.id.value)?))
    });
    versions.collect()
}

fn late(subject: &Subject<'_>, index: EntryIndex, release: &Entry<'_>, link: Span) -> Option<Report> {
    let entry = subject.plan.entry(index);
    let (Kind::Epic(epic), Kind::Rel(rel)) = (&entry.kind, &release.kind) else { return None };
    let (due, date) = (entry.due()?, rel.date?);
    let cancelled = rel.status.is_some_and(|status| status.value == RelStatus::Cancelled);
    if !Epic::is_open(epic) || cancelled || due.value <= date.value {
        return None;
    }
    let (id, release) = (entry.id.value, release.id.value);
    let message = format!("{id}: due on {}, after the release {release} on {}", due.value, date.value);
    Some(
        Report::at(due.span, message)
            .and(date.span, format!("release date of {release}"))
            .and(link, format!("{id} is in its scope"))
            .help(format!("move {id} forward, move {release}, or list {id} under `excluded`")),
    )
}
