use rustc_hash::FxHashSet;

use super::link_target_missing::ADD_THEM;
use crate::finding::Report;
use crate::graph::DanglingMention;
use crate::rules::words::MOST_OF_A_FIELD;
use crate::rules::{Subject, WARNING, words};
use crate::source::Spanned;

declare_rule! {
    /// An id in a text that names no entry.
    ///
    /// Ids in prose are followed like links when something is traced. A
    /// procedure that says to run a rollback which does not exist is found out
    /// at the worst moment. Of one entry the first twenty are reported one by
    /// one, and the rest in one finding that counts them.
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
    let mentions: Vec<&DanglingMention> = subject.graph.dangling_mentions.iter().filter(unlinked).collect();
    for of_entry in mentions.chunk_by(|first, second| first.from == second.from) {
        let (shown, rest) = of_entry.split_at(of_entry.len().min(MOST_OF_A_FIELD));
        reports.extend(shown.iter().map(|mention| report(subject, mention)));
        if let Some(first) = rest.first() {
            let what = "mentioned in its texts";
            let message = words::and_more(subject, first.from, first.id, rest.len(), what);
            reports.push(Report::at(first.span, message).saying("from here on").help(ADD_THEM));
        }
    }
    words::keep_first_of_each_place(reports);
    subject.graph.mentions.len() + subject.graph.dangling_mentions.len()
}

fn report(subject: &Subject<'_>, mention: &DanglingMention) -> Report {
    let (from, missing) = (subject.plan.entry(mention.from).id.value, mention.id);
    let message = format!("{from}: text mentions `{missing}`, which does not exist");
    let report = Report::at(mention.span, message).saying("no entry has this id");
    match subject.plan.near(missing).find(|entry| entry.id.value != from).map(|entry| entry.id) {
        Some(Spanned { value: near, span }) => report
            .and(span, format!("similar id: `{near}`"))
            .help(format!("add {missing}, or write `{near}`")),
        None => report.help(words::what_if_missing(subject, missing)),
    }
}
