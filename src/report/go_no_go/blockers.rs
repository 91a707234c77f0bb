//! Blockers by owner, so that everybody in the meeting finds their own.

use rustc_hash::FxHashMap;

use super::super::{Checklist, Item, Line, Report, Tone};
use super::sign_offs;
use crate::model::phrase::counted;
use crate::views::go_no_go::{GoNoGo, OpenCheck};

/// The heading of blockers without an owner.
pub(crate) const NO_OWNER: &str = "No owner";

/// Lowers the blockers: the owner with the most first, those without an owner last.
pub(super) fn chapter(view: &GoNoGo, report: &mut Report) {
    report.chapter("Blockers");
    if view.blockers.is_empty() {
        return report.callout(Tone::Good, "No blockers.");
    }
    sections(&view.blockers, report);
    if let Some(pointer) = sign_offs::pointer(&view.blockers) {
        report.text(pointer);
    }
}

/// Lowers blockers to a section for each owner; approvals are among the sign-offs.
pub(in crate::report) fn sections(blockers: &[OpenCheck], report: &mut Report) {
    for (owner, open) in by_owner(blockers) {
        let heading = format!("{} ({})", owner.unwrap_or(NO_OWNER), counted(open.len(), "blocker"));
        report.section(Line::from(heading));
        let items: Vec<Item> = open.into_iter().map(super::unowned).collect();
        report.push(Checklist { items });
    }
}

/// Lowers the blockers of a gate; nothing if it has none.
pub(super) fn of_gate(blockers: &[OpenCheck], report: &mut Report) {
    if blockers.is_empty() {
        return;
    }
    report.chapter("Blockers");
    report.push(Checklist { items: blockers.iter().map(super::item).collect() });
}

/// The blockers of each owner, in the order in which they are given. Approvals are among the sign-offs.
pub(crate) fn by_owner(blockers: &[OpenCheck]) -> Vec<(Option<&str>, Vec<&OpenCheck>)> {
    let mut places: FxHashMap<Option<&str>, usize> = FxHashMap::default();
    let mut groups: Vec<(Option<&str>, Vec<&OpenCheck>)> = Vec::new();
    for blocker in blockers.iter().filter(|open| !sign_offs::is_sign_off(open)) {
        let owner = blocker.owner.as_deref();
        let place = *places.entry(owner).or_insert_with(|| {
            groups.push((owner, Vec::new()));
            groups.len() - 1
        });
        groups[place].1.push(blocker);
    }
    groups.sort_by_key(|(owner, open)| (owner.is_none(), std::cmp::Reverse(open.len())));
    groups
}
