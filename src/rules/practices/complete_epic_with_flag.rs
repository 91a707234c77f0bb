use crate::finding::Report;
use crate::graph::{once, sources, targets};
use crate::model::epic::State;
use crate::model::flag::FlagCategory;
use crate::model::rel::RelStatus;
use crate::model::{EntryIndex, Kind, LinkKind};
use crate::rules::{Subject, WARNING};

declare_rule! {
    /// A release flag whose work is complete and released.
    ///
    /// A release flag hides work that is not released. When its EPIC is complete
    /// and a release has shipped it, the flag has done its service: what is left
    /// is a branch in the code that nobody tests. Remove the flag, or make it an
    /// operational flag if it is to stay.
    ///
    /// ```yaml,bad
    /// - id: FLAG-001
    ///   title: New checkout
    ///   key: checkout-v2
    ///   category: release
    ///   owner: Checkout Team
    ///   default: off
    ///   expires: 2027-03-01
    ///   removal_ticket: SHOP-482
    ///   part_of: EPIC-01
    /// - id: EPIC-01
    ///   title: New checkout
    ///   state: Complete
    /// - id: REL-001
    ///   title: Checkout
    ///   version: "3.0.0"
    ///   status: released
    ///   scope: {must: EPIC-01}
    /// ```
    ///
    /// ```yaml,good
    /// - id: FLAG-001
    ///   title: New checkout
    ///   key: checkout-v2
    ///   category: release
    ///   status: removed
    ///   owner: Checkout Team
    ///   default: off
    ///   part_of: EPIC-01
    /// - id: EPIC-01
    ///   title: New checkout
    ///   state: Complete
    /// - id: REL-001
    ///   title: Checkout
    ///   version: "3.0.0"
    ///   status: released
    ///   scope: {must: EPIC-01}
    /// ```
    "RP0561", "complete-epic-with-flag", WARNING, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    let mut looked_at = 0;
    for (entry, flag) in subject.plan.flags() {
        let category = flag.category.filter(|category| category.value == FlagCategory::Release);
        let (Some(category), Some(index)) = (category, subject.plan.find_current(entry.id.value)) else {
            continue;
        };
        if flag.is_removed() {
            continue;
        }
        looked_at += 1;
        let is_epic = |index: EntryIndex| matches!(subject.plan.entry(index).kind, Kind::Epic(_));
        let out = targets(subject.graph, index, |edge| is_epic(edge.to));
        let back = sources(subject.graph, index, |edge| is_epic(edge.from));
        let epics = once(out.into_iter().chain(back), index);
        // A flag of several work packages stays until the last of them is out.
        let shipped: Option<Vec<_>> = epics.iter().map(|epic| shipped(subject, *epic)).collect();
        let Some((state, release)) = shipped.and_then(|all| all.first().copied()) else { continue };
        let epic = subject.plan.entry(epics[0]).id.value;
        let release = subject.plan.entry(release).id.value;
        let message = format!(
            "{}: release flag remains, but {epic} is complete and released with {release}",
            entry.id.value
        );
        reports.push(
            Report::at(category.span, message).and(state, "complete").help(
                "remove the flag from the code and set `status: removed`, or set `category: operational`",
            ),
        );
    }
    looked_at
}

/// Where a work package says that it is complete, and a release that has shipped it.
fn shipped(subject: &Subject<'_>, epic: EntryIndex) -> Option<(crate::source::Span, EntryIndex)> {
    let Kind::Epic(kind) = &subject.plan.entry(epic).kind else { return None };
    let state = kind.state.filter(|state| state.value == State::Complete)?;
    let is_released = |release: EntryIndex| match &subject.plan.entry(release).kind {
        Kind::Rel(rel) => rel.status.is_some_and(|status| status.value == RelStatus::Released),
        _ => false,
    };
    let scoped = sources(subject.graph, epic, |edge| edge.kind == LinkKind::Scope && is_released(edge.from));
    let named = subject.plan.entry(epic).release().and_then(|name| subject.plan.release(&name.value));
    let release = scoped.into_iter().chain(named.filter(|release| is_released(*release))).next()?;
    Some((state.span, release))
}
