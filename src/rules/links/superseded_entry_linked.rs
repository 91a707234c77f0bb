use rustc_hash::{FxHashMap, FxHashSet};

use crate::finding::Report;
use crate::graph::Edge;
use crate::model::{Entry, EntryIndex, Id, LinkKind, Target, id};
use crate::rules::{NOTE, Subject, words};
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

/// Which entries replace another, and where they say so.
type Replaced = FxHashMap<EntryIndex, Vec<(EntryIndex, Span)>>;

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    let supersedes = subject.graph.edges().filter(|edge| edge.kind == LinkKind::Supersedes);
    let mut replaced = Replaced::default();
    for edge in supersedes.filter(|edge| edge.from != edge.to) {
        let by = replaced.entry(edge.to).or_default();
        if !by.iter().any(|(known, _)| *known == edge.from) {
            by.push((edge.from, edge.span));
        }
    }
    for by in replaced.values_mut() {
        by.sort_unstable_by_key(|(index, _)| subject.plan.entry(*index).id.value);
    }
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
    let by = replaced.get(&edge.to)?;
    let newest = newest(replaced, edge.to);
    let history = replaced.contains_key(&edge.from)
        || by.iter().any(|(by, _)| edge.from == *by)
        || newest.contains(&edge.from);
    if history {
        return None;
    }
    let id = |index: EntryIndex| subject.plan.entry(index).id.value;
    let (from, old) = (subject.plan.entry(edge.from), id(edge.to));
    let names: Vec<String> = by.iter().map(|(by, _)| id(*by).to_string()).collect();
    let verb = if by.len() == 1 { "supersedes" } else { "supersede" };
    let message = format!("{}: link to `{old}`, which {} {verb}", from.id.value, words::all_of(&names));
    let mut report = Report::at(edge.span, message);
    for (by, place) in by.iter().take(MOST_PLACES) {
        report = report.and(*place, format!("superseded by {} here", id(*by)));
    }
    let mut successors: Vec<Id> = newest.into_iter().map(id).collect();
    successors.sort_unstable();
    Some(match successors[..] {
        [newest] => {
            let report = report.help(format!("link to `{newest}` instead"));
            with_fix(subject, from, edge, old, newest, report)
        }
        // Which part of the old entry the link is about, only its writer knows.
        _ => {
            let names: Vec<String> = successors.iter().map(|id| format!("`{id}`")).collect();
            report.help(format!("link to {}, or to the one that it depends on", words::all_of(&names)))
        }
    })
}

/// How many places of one kind a report points at.
const MOST_PLACES: usize = 4;

/// Those that replace an entry and are not replaced themselves, however many lie between. Where entries replace
/// each other in a circle, the last one that is met.
fn newest(replaced: &Replaced, from: EntryIndex) -> Vec<EntryIndex> {
    let mut seen = FxHashSet::from_iter([from]);
    let mut open = vec![from];
    let mut newest = Vec::new();
    let mut last = from;
    while let Some(index) = open.pop() {
        let by = replaced.get(&index).map(Vec::as_slice).unwrap_or_default();
        if by.is_empty() {
            newest.push(index);
        }
        last = index;
        open.extend(by.iter().map(|(by, _)| *by).filter(|by| seen.insert(*by)));
    }
    if newest.is_empty() && last != from {
        newest.push(last);
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
    fn every_successor_of_a_split_is_named() {
        let yaml = "- {id: EPIC-4}\n- {id: EPIC-4a, supersedes: EPIC-4}\n- {id: EPIC-4b, supersedes: EPIC-4}\n\
                    - {id: EPIC-8, depends_on: EPIC-4}";
        let found = crate::rules::tests::findings(yaml, "");
        let found: Vec<_> =
            found.iter().filter(|finding| finding.name == "superseded-entry-linked").collect();
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].message, "EPIC-8: link to `EPIC-4`, which EPIC-4a and EPIC-4b supersede");
        assert_eq!(
            found[0].help.as_deref(),
            Some("link to `EPIC-4a` and `EPIC-4b`, or to the one that it depends on")
        );
        assert!(found[0].fix.is_none(), "nobody can tell which of the two is meant");
        // One of the two was replaced again: the split remains.
        let yaml = format!("{yaml}\n- {{id: EPIC-5, supersedes: EPIC-4a}}");
        let found = crate::rules::tests::findings(&yaml, "");
        let help = found.iter().find(|finding| finding.name == "superseded-entry-linked");
        assert_eq!(
            help.and_then(|finding| finding.help.as_deref()),
            Some("link to `EPIC-4b` and `EPIC-5`, or to the one that it depends on")
        );
        // Both were joined again.
        let yaml = yaml.replace("supersedes: EPIC-4a}", "supersedes: [EPIC-4a, EPIC-4b]}");
        let found = crate::rules::tests::findings(&yaml, "");
        let joined =
            found.iter().find(|finding| finding.name == "superseded-entry-linked").expect("a finding");
        assert_eq!(joined.help.as_deref(), Some("link to `EPIC-5` instead"));
        assert!(joined.fix.is_some());
    }

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
