use super::{ERROR, Subject};
use crate::finding::Report;
use crate::model::{Id, Plan};

declare_rule! {
    /// A link to an entry that does not exist.
    ///
    /// Whatever the link was to prove is proved by nothing. Entries that live
    /// outside the plan, such as those of an issue tracker, are declared in
    /// `relplan.toml` as an external family.
    ///
    /// ```yaml,bad
    /// id: RUN-001
    /// title: Switch traffic back
    /// covers: MON-001
    /// ```
    ///
    /// ```yaml,good
    /// - id: RUN-001
    ///   title: Switch traffic back
    ///   covers: MON-001
    /// - id: MON-001
    ///   title: Error rate
    /// ```
    "RP0301", "link-target-missing", ERROR, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    for link in &subject.graph.dangling {
        let from = subject.plan.entry(link.from).id.value;
        let what = if link.range_end { "the range ends at" } else { "it links to" };
        let report = Report::at(link.span, format!("{from}: {what} `{}`, which does not exist", link.id))
            .saying("no entry has this id");
        reports.push(match nearest_entry(subject.plan, link.id) {
            Some((near, span)) => report
                .and(span, format!("`{near}` is the nearest that exists"))
                .help(format!("add {}, or link to `{near}` if that was meant", link.id)),
            None => report.help(format!(
                "add {}, or declare `[families.{}]` with `external = true` if its entries live elsewhere",
                link.id, link.id.prefix
            )),
        });
    }
    subject.graph.link_count
}

/// The entry of the same family with the nearest number.
pub(super) fn nearest_entry(plan: &Plan<'_>, id: Id) -> Option<(Id, crate::source::Span)> {
    let family = plan.family(id.prefix);
    let nearest = family.iter().min_by_key(|&&index| plan.entry(index).id.number.abs_diff(id.number))?;
    let entry = plan.entry(*nearest);
    Some((entry.id.value, entry.id.span))
}
