use super::{ERROR, Subject, words};
use crate::finding::Report;
use crate::graph::{Cycle, Edge};
use crate::model::{Choice, Id, LinkKind};

declare_rule! {
    /// Links that lead around in a circle where no circle can be.
    ///
    /// What depends on itself can never be begun, what is part of itself has no
    /// whole, and an escalation that comes back helps nobody. Judged are the
    /// kinds of link that have a direction: `depends_on`, `part_of`,
    /// `supersedes`, `escalates_to` and `promotes_to`.
    ///
    /// ```yaml,bad
    /// - id: RUN-001
    ///   title: Switch traffic back
    ///   escalates_to: RUN-002
    /// - id: RUN-002
    ///   title: Restore the database
    ///   escalates_to: RUN-003
    /// - id: RUN-003
    ///   title: Call the provider
    ///   escalates_to: RUN-001
    /// ```
    ///
    /// ```yaml,good
    /// - id: RUN-001
    ///   title: Switch traffic back
    ///   escalates_to: RUN-002
    /// - id: RUN-002
    ///   title: Restore the database
    ///   escalates_to: RUN-003
    /// - id: RUN-003
    ///   title: Call the provider
    /// ```
    "RP0305", "link-cycle", ERROR, since "0.1.0"
}

/// How many links of a cycle are shown.
const SHOWN: usize = 16;

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    let mut looked_at = 0;
    for &(_, kind) in LinkKind::WORDS.iter().filter(|(_, kind)| kind.forbids_cycles()) {
        let links = subject.graph.edges().filter(|edge| edge.kind == kind).count();
        looked_at += links;
        if links > 0 {
            let cycles = subject.graph.cycles(kind);
            reports.extend(cycles.iter().filter_map(|cycle| report(subject, kind, cycle)));
        }
    }
    looked_at
}

fn report(subject: &Subject<'_>, kind: LinkKind, cycle: &Cycle) -> Option<Report> {
    let id = |edge: &Edge| subject.plan.entry(edge.from).id.value;
    let target = |edge: &Edge| subject.plan.entry(edge.to).id.value;
    let (first, rest) = cycle.way.split_first()?;
    let through: Vec<Id> = rest.iter().map(id).collect();
    let through = words::quoted(&through, through.len());
    let message = format!("{}: `{kind}` leads from it through {through} back to it", id(first));
    let mut report = Report::at(first.span, message)
        .saying(format!("{} leads to {}", id(first), target(first)))
        .help("take out the link that is wrong");
    for edge in rest.iter().take(SHOWN - 1) {
        let text = if edge.to == first.from { "back to" } else { "on to" };
        report = report.and(edge.span, format!("{} {text} {}", id(edge), target(edge)));
    }
    if cycle.way.len() > SHOWN {
        report = report.note(format!("{} more links are on the way", cycle.way.len() - SHOWN));
    }
    if cycle.size > cycle.way.len() {
        report = report.note(format!(
            "{} reach each other by such links; this is the shortest way around",
            words::count(cycle.size, "entry")
        ));
    }
    Some(report)
}
