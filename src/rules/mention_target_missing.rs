use rustc_hash::FxHashSet;

use super::link_target_missing::nearest_entry;
use super::{Subject, WARNING, words};
use crate::finding::Report;
use crate::graph::DanglingMention;

declare_rule! {
    /// An id in a text that names no entry.
    ///
    /// Ids in prose are followed like links when something is traced. A
    /// procedure that says to run a rollback which does not exist is found out
    /// at the worst moment.
    ///
    /// ```yaml,bad
    /// id: FEA-001
    /// title: Saved searches
    /// description: Replaces the list of recent searches (FEA-007)
    /// ```
    ///
    /// ```yaml,good
    /// - id: FEA-001
    ///   title: Saved searches
    ///   description: Replaces the list of recent searches (FEA-007)
    /// - id: FEA-007
    ///   title: Recent searches
    /// ```
    "RP0304", "mention-target-missing", WARNING, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    // A link to the same id is reported as such, and once is enough.
    let linked: FxHashSet<_> = subject.graph.dangling.iter().map(|link| (link.from, link.id)).collect();
    let unlinked = |mention: &&DanglingMention| !linked.contains(&(mention.from, mention.id));
    for mention in subject.graph.dangling_mentions.iter().filter(unlinked) {
        let from = subject.plan.entry(mention.from).id.value;
        let message = format!("{from}: its text speaks of `{}`, which does not exist", mention.id);
        let report = Report::at(mention.span, message).saying("no entry has this id");
        reports.push(match nearest_entry(subject.plan, mention.id, from) {
            Some((near, span)) => report
                .and(span, format!("`{near}` is the nearest that exists"))
                .help(format!("add {}, or write `{near}` if that was meant", mention.id)),
            None => report.help(format!(
                "add {}, or declare `[families.{}]` with `external = true` if its entries live elsewhere",
                mention.id, mention.id.prefix
            )),
        });
    }
    words::keep_first_of_each_place(reports);
    subject.graph.mentions.len() + subject.graph.dangling_mentions.len()
}
