use rustc_hash::FxHashMap;

use crate::finding::Report;
use crate::model::identity;
use crate::rules::{Subject, WARNING, words};
use crate::source::Span;

declare_rule! {
    /// An owner that names no one in particular.
    ///
    /// What everyone owns, no one approves. Name the role, the one team or the
    /// person who is accountable for the entry.
    ///
    /// ```yaml,bad
    /// id: RISK-001
    /// title: The payment provider changes its interface
    /// owner: TBD
    /// ```
    ///
    /// ```yaml,good
    /// id: RISK-001
    /// title: The payment provider changes its interface
    /// owner: Payments Lead
    /// ```
    "RP0506", "unclear-ownership", WARNING, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    // Entries that take their owner from `defaults` share its place, and one report.
    let mut seen: FxHashMap<Span, (usize, usize)> = FxHashMap::default();
    for entry in subject.plan.entries() {
        let Some(owner) = entry.owner.as_ref().filter(|owner| identity::is_no_person(&owner.value)) else {
            continue;
        };
        let (_, others) =
            seen.entry(owner.span).and_modify(|(_, others)| *others += 1).or_insert((reports.len(), 0));
        if *others == 0 {
            let message = match owner.value.trim() {
                "" => format!("{}: empty owner", entry.id.value),
                name => format!("{}: `{}` is not an owner", entry.id.value, words::short(name)),
            };
            let help = "name a role, a team or a person: `owner: QA Lead`";
            reports.push(Report::at(owner.span, message).help(help));
        }
    }
    for (at, others) in seen.into_values().filter(|(_, others)| *others > 0) {
        let note = format!("{} this owner from the defaults", takes(others));
        reports[at].notes.push(note);
    }
    subject.plan.entries().len()
}

fn takes(others: usize) -> String {
    match others {
        1 => "1 other entry takes".to_owned(),
        _ => format!("{others} other entries take"),
    }
}
