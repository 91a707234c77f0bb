use std::collections::BTreeSet;

use crate::finding::{FindingSubject, Report};
use crate::graph::{Cycle, Edge};
use crate::model::{Id, LinkKind};
use crate::rules::{ERROR, Subject, words};

declare_rule! {
    /// A cycle of links that must not form one.
    ///
    /// What depends on itself can never begin, what is part of itself has no whole,
    /// and an escalation that returns to its start never ends. Checked are the
    /// links with a direction: `depends_on`, `part_of`, `supersedes`,
    /// `escalates_to` and `promotes_to`.
    ///
    /// ```yaml,bad
    /// - id: FEA-001
    ///   title: Saved searches
    ///   depends_on: FEA-002
    /// - id: FEA-002
    ///   title: User accounts
    ///   depends_on: FEA-003
    /// - id: FEA-003
    ///   title: Start page with the searches of the user
    ///   depends_on: FEA-001
    /// ```
    ///
    /// ```yaml,good
    /// - id: FEA-001
    ///   title: Saved searches
    ///   depends_on: FEA-002
    /// - id: FEA-002
    ///   title: User accounts
    /// - id: FEA-003
    ///   title: Start page with the searches of the user
    ///   depends_on: FEA-001
    /// ```
    "RP0305", "link-cycle", ERROR, since "0.1.0"
}

/// How many links of a cycle are shown.
const SHOWN: usize = 16;

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    let mut looked_at = 0;
    let mut kinds = BTreeSet::new();
    for edge in subject.graph.edges().filter(|edge| edge.kind.forbids_cycles()) {
        looked_at += 1;
        kinds.insert(edge.kind);
    }
    for kind in kinds {
        let cycles = subject.graph.cycles(kind);
        reports.extend(cycles.iter().filter_map(|cycle| report(subject, kind, cycle)));
    }
    looked_at
}

fn report(subject: &Subject<'_>, kind: LinkKind, cycle: &Cycle) -> Option<Report> {
    let id = |edge: &Edge| subject.plan.entry(edge.from).id.value;
    let target = |edge: &Edge| subject.plan.entry(edge.to).id.value;
    let (first, rest) = cycle.way.split_first()?;
    let through: Vec<Id> = rest.iter().map(id).collect();
    let through = words::quoted(&through, through.len());
    let message = format!("{}: cycle of `{kind}` links through {through}", id(first));
    let hidden = rest.iter().skip(SHOWN - 1).map(|edge| edge.span).collect();
    let mut report = Report::at(first.span, message)
        .about(FindingSubject::Also(hidden))
        .saying(format!("{} leads to {}", id(first), target(first)))
        .help("remove the wrong link");
    for edge in rest.iter().take(SHOWN - 1) {
        let text = if edge.to == first.from { "back to" } else { "on to" };
        report = report.and(edge.span, format!("{} {text} {}", id(edge), target(edge)));
    }
    if cycle.way.len() > SHOWN {
        report = report.note(format!("{} more links in the cycle", cycle.way.len() - SHOWN));
    }
    if cycle.size > cycle.way.len() {
        report = report.note(format!(
            "{} are in cycles with each other; this is the shortest",
            words::count(cycle.size, "entry")
        ));
    }
    Some(report)
}
