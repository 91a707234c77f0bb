use crate::finding::Report;
use crate::model::{Kind, LinkKind, same_folded};
use crate::rules::{Subject, WARNING};
use crate::verdict::entry_state::{EntryState, entry_state};

declare_rule! {
    /// A launched go-to-market item whose release gate is open.
    ///
    /// A GTM entry must not launch before the DEP entries in its `depends_on` or
    /// `linked_ids` are met.
    ///
    /// ```yaml,bad
    /// - id: GTM-001
    ///   title: Launch campaign
    ///   status: launched
    ///   depends_on: DEP-101
    /// - id: DEP-101
    ///   title: Tests pass
    ///   type: Criteria
    ///   status: pending
    /// ```
    ///
    /// ```yaml,good
    /// - id: GTM-001
    ///   title: Launch campaign
    ///   status: planned
    ///   depends_on: DEP-101
    /// - id: DEP-101
    ///   title: Tests pass
    ///   type: Criteria
    ///   status: pending
    /// ```
    "RP0522", "launch-before-gate", WARNING, since "0.1.0"
}

/// The words that say that it went out.
const LAUNCHED: [&str; 8] =
    ["launched", "live", "published", "done", "complete", "completed", "released", "sent"];

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    let mut looked_at = 0;
    let edges =
        subject.graph.edges().filter(|edge| matches!(edge.kind, LinkKind::DependsOn | LinkKind::LinkedIds));
    for edge in edges {
        let (launch, gate) = (subject.plan.entry(edge.from), subject.plan.entry(edge.to));
        let is_launch = launch.id.value.prefix.as_str() == "GTM";
        if !is_launch || !matches!(gate.kind, Kind::Dep(_)) {
            continue;
        }
        looked_at += 1;
        let Some(status) = launch.status() else { continue };
        let is_out = LAUNCHED.iter().any(|word| same_folded(word, status.trim()));
        if is_out && matches!(entry_state(gate), EntryState::Open | EntryState::Failed) {
            let (id, on) = (launch.id.value, gate.id.value);
            reports.push(
                Report::at(edge.span, format!("{id} is `{}`, but {on} is not met", status.trim()))
                    .and(gate.id.span, format!("`{}`", gate.status().unwrap_or("open")))
                    .help(format!("meet {on} first, or set {id} back to `planned`")),
            );
        }
    }
    looked_at
}
