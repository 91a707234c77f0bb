use rustc_hash::{FxHashMap, FxHashSet};

use super::{NOTE, Subject, words};
use crate::finding::Report;
use crate::graph::Edge;
use crate::model::{Entry, EntryIndex, Id, LinkKind, Target, id};
use crate::source::Span;
use crate::source::edit::Edit;

declare_rule! {
    /// A link to an entry that another one replaces.
    ///
    /// What the link relied on no longer holds, or holds in another form. Links
    /// between entries that are both replaced are history, and left alone.
    ///
    /// ```yaml,bad
    /// - id: ARC-001
    ///   title: One database for each region
    /// - id: ARC-002
    ///   title: One shared database
    ///   supersedes: ARC-001
    /// - id: FEA-001
    ///   title: Saved searches
    ///   linked_ids: ARC-001
    /// ```
    ///
    /// ```yaml,good
    /// - id: ARC-001
    ///   title: One database for each region
    /// - id: ARC-002
    ///   title: One shared database
    ///   supersedes: ARC-001
    /// - id: FEA-001
    ///   title: Saved searches
    ///   linked_ids: ARC-002
    /// ```
    "RP0316", "superseded-entry-linked", NOTE, since "0.1.0"
}

/// Which entry replaces another, and where it says so.
type Replaced = FxHashMap<EntryIndex, (EntryIndex, Span)>;

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    let supersedes = subject.graph.edges().filter(|edge| edge.kind == LinkKind::Supersedes);
    let replaced: Replaced = supersedes
        .filter(|edge| edge.from != edge.to)
        .map(|edge| (edge.to, (edge.from, edge.span)))
        .collect();
    if replaced.is_empty() {
        return 0;
    }
    let links = subject.graph.edges().filter(|edge| relies(edge.kind));
    reports.extend(links.filter_map(|edge| judge(subject, &replaced, &edge)));
    words::keep_first_of_each_place(reports);
    replaced.len()
}

/// Whether a link of this kind relies on its target.
fn relies(kind: LinkKind) -> bool {
    !matches!(kind, LinkKind::Supersedes | LinkKind::Excludes | LinkKind::ConflictsWith)
}

fn judge(subject: &Subject<'_>, replaced: &Replaced, edge: &Edge) -> Option<Report> {
    let &(by, place) = replaced.get(&edge.to)?;
    let newest = newest(replaced, by);
    let history = replaced.contains_key(&edge.from) || edge.from == by || edge.from == newest;
    if history {
        return None;
    }
    let [from, old, new, newest] = [edge.from, edge.to, by, newest].map(|index| subject.plan.entry(index));
    let (old, newest) = (old.id.value, newest.id.value);
    let report = Report::at(
        edge.span,
        format!("{}: link to `{old}`, which {} supersedes", from.id.value, new.id.value),
    )
    .and(place, format!("superseded by {} here", new.id.value))
    .help(format!("link to `{newest}` instead"));
    Some(with_fix(subject, from, edge, old, newest, report))
}

/// The last of those that replace each other, however many there are.
fn newest(replaced: &Replaced, from: EntryIndex) -> EntryIndex {
    let mut seen = FxHashSet::from_iter([from]);
    let mut newest = from;
    while let Some(&(next, _)) = replaced.get(&newest).filter(|(next, _)| !seen.contains(next)) {
        seen.insert(next);
        newest = next;
    }
    newest
}

fn with_fix(
    subject: &Subject<'_>,
    from: &Entry<'_>,
    edge: &Edge,
    old: Id,
    new: Id,
    report: Report,
) -> Report {
    let written = subject.sources.slice(edge.span);
    let linked = from.links.iter().any(|link| link.kind == edge.kind && link.target == Target::One(new));
    match id::parse(written) == Ok(old) && !linked {
        true => {
            report.suggested_fix(format!("link to `{new}`"), vec![Edit::replace(edge.span, new.to_string())])
        }
        false => report,
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::tests::messages;

    #[test]
    fn the_newest_is_named_and_history_is_left_alone() {
        let yaml = "- {id: ARC-1, linked_ids: FEA-1}\n- {id: ARC-2, supersedes: ARC-1, linked_ids: ARC-1}\n\
                    - {id: ARC-3, supersedes: ARC-2}\n- {id: FEA-1, depends_on: ARC-1..ARC-3}";
        let found = crate::rules::tests::findings(yaml, "");
        let found: Vec<_> =
            found.iter().filter(|finding| finding.name == "superseded-entry-linked").collect();
        let help: Vec<_> = found.iter().filter_map(|finding| finding.help.as_deref()).collect();
        assert_eq!(help, ["link to `ARC-3` instead"; 2]);
        let around = "- {id: ARC-1, supersedes: ARC-2}\n- {id: ARC-2, supersedes: ARC-1}\n- {id: FEA-1, linked_ids: ARC-1}";
        assert_eq!(messages("superseded-entry-linked", around, "").len(), 1);
    }
}
