//! Kinds of deployment item that a plan has none of.

use super::{Subject, words};
use crate::finding::Report;
use crate::model::Kind;
use crate::model::dep::DepType;

/// A kind that is missed, and what is said then.
pub(super) struct Absence {
    /// The kind.
    pub(super) kind: DepType,
    /// What nobody knows without it, as a sentence: `nothing checks the release`.
    pub(super) so: &'static str,
    /// The kind as a word behind "no".
    pub(super) word: &'static str,
    /// What to do.
    pub(super) help: &'static str,
}

/// Reports a kind that is missing among the deployment items; returns how many there are.
pub(super) fn check(subject: &Subject<'_>, reports: &mut Vec<Report>, absence: &Absence) -> usize {
    let items = subject.plan.deps().count();
    let there = subject.plan.deps().any(|(_, dep)| dep.dep_type() == absence.kind);
    if items > 0 && !there && !is_repeated(subject, absence.kind) && !words::may_be_elsewhere(subject, "DEP")
    {
        let items = words::count(items, "deployment item");
        let message = format!("{}: the plan has {items} and no {}", absence.so, absence.word);
        reports.push(words::of_plan(subject, message).help(absence.help));
    }
    items
}

/// Whether an item of the kind was left out because it repeats the id of another.
fn is_repeated(subject: &Subject<'_>, kind: DepType) -> bool {
    subject.plan.duplicates.iter().any(|(_, later)| match &subject.plan.entry(*later).kind {
        Kind::Dep(dep) => dep.dep_type() == kind,
        _ => false,
    })
}
