use super::{ERROR, Subject, words};
use crate::finding::Report;
use crate::model::{Id, Plan, id};

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
        reports.push(match as_range(subject.plan, link.id) {
            Some(range) => report.help(format!("if a range was meant, write `{range}`")),
            None => with_help(subject, link.id, from, report),
        });
    }
    subject.graph.link_count
}

fn with_help(subject: &Subject<'_>, missing: Id, from: Id, report: Report) -> Report {
    if let Some(near) = words::nearest_family(subject, &missing.prefix) {
        let meant = missing.of_family(near);
        return report.help(format!("did you mean `{meant}`? No family is called {}", missing.prefix));
    }
    match nearest_entry(subject.plan, missing, from) {
        Some((near, span)) => report
            .and(span, format!("`{near}` is the nearest that exists"))
            .help(format!("add {missing}, or link to `{near}` if that was meant")),
        None => report.help(format!(
            "add {missing}, or declare `[families.{}]` with `external = true` if its entries live elsewhere",
            missing.prefix
        )),
    }
}

/// `API-001 to API-020`, if `API-001-020` is no entry but its beginning is.
fn as_range(plan: &Plan<'_>, id: Id) -> Option<String> {
    let first = id::parse(id.prefix.as_str()).ok().filter(|_| id.prefix.ends_in_number())?;
    plan.find(first)?;
    let mut last = first.with_number(id.number);
    last.width = id.width;
    Some(format!("{first} to {last}"))
}

/// The entry of the same family with the nearest number, other than the one that asks.
pub(super) fn nearest_entry(plan: &Plan<'_>, id: Id, from: Id) -> Option<(Id, crate::source::Span)> {
    let family = plan.family(id.prefix);
    let others = family.iter().map(|&index| plan.entry(index)).filter(|entry| entry.id.value != from);
    let entry = others.min_by_key(|entry| entry.id.number.abs_diff(id.number))?;
    Some((entry.id.value, entry.id.span))
}
