use std::collections::BTreeMap;

use crate::finding::Report;
use crate::model::{EntryIndex, Id};
use crate::rules::{ERROR, Subject};
use crate::source::{Span, Spanned};

declare_rule! {
    /// A former id that another entry has or claims.
    ///
    /// Links, reports and approvals may still use a former id. If an entry has
    /// that id today, or two entries claim it, they could mean either, so the
    /// claim of `formerly` does not count.
    ///
    /// ```yaml,bad
    /// - id: RUN-001
    ///   title: Switch traffic back
    /// - id: RUN-002
    ///   formerly: RUN-001
    ///   title: Restore the database
    /// ```
    ///
    /// ```yaml,good
    /// - id: RUN-001
    ///   title: Switch traffic back
    /// - id: RUN-002
    ///   formerly: RUN-007
    ///   title: Restore the database
    /// ```
    "RP0209", "former-id-in-use", ERROR, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    let plan = subject.plan;
    let mut claims: BTreeMap<Id, (EntryIndex, Span)> = BTreeMap::new();
    let mut count = 0;
    for (index, entry) in plan.indexed() {
        for former in entry.former_ids() {
            count += 1;
            if let Some(other) = plan.find_current(former.value) {
                reports.push(in_use(entry.id.value, *former, plan.entry(other).id));
                continue;
            }
            let (first, place) = *claims.entry(former.value).or_insert((index, former.span));
            if first != index {
                reports.push(claimed(entry.id.value, *former, plan.entry(first).id.value, place));
            }
        }
    }
    count
}

fn in_use(owner: Id, former: Spanned<Id>, other: Spanned<Id>) -> Report {
    let id = former.value;
    let report = match owner == other.value {
        true => Report::at(former.span, format!("{owner}: `formerly` lists the current id `{id}`")),
        false => Report::at(former.span, format!("{owner}: former id `{id}` is the id of another entry"))
            .and(other.span, "the entry with this id"),
    };
    report.help(format!("remove `{id}` from `formerly`"))
}

fn claimed(owner: Id, former: Spanned<Id>, first: Id, place: Span) -> Report {
    let id = former.value;
    Report::at(former.span, format!("{owner}: former id `{id}` is also claimed by {first}"))
        .saying("claimed again here")
        .and(place, "first claimed here")
        .help(format!("keep `{id}` in `formerly` of one entry"))
}
