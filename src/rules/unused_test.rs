use super::{Subject, WARNING};
use crate::finding::Report;

declare_rule! {
    /// A TEST that nothing links to and that links to nothing.
    ///
    /// Whether it passes or fails changes no verdict: no work package, feature
    /// or criterion asks for it. Name it where it proves something, by `tests`
    /// or `verified_by`.
    ///
    /// ```yaml,bad
    /// - id: EPIC-01
    ///   title: Visual designer
    ///   tests: TEST-001
    /// - id: TEST-001
    ///   title: A flow survives the round trip
    /// - id: TEST-002
    ///   title: A flow is drawn within a second
    /// ```
    ///
    /// ```yaml,good
    /// - id: EPIC-01
    ///   title: Visual designer
    ///   tests: TEST-001, TEST-002
    /// - id: TEST-001
    ///   title: A flow survives the round trip
    /// - id: TEST-002
    ///   title: A flow is drawn within a second
    /// ```
    "RP0311", "unused-test", WARNING, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    if subject.graph.link_count == 0 {
        return 0;
    }
    let mut looked_at = 0;
    for (entry, _) in subject.plan.tests() {
        looked_at += 1;
        let Some(index) = subject.plan.find(entry.id.value) else { continue };
        let linked = !entry.links.is_empty() || subject.graph.any_edge(index, |edge| edge.from != edge.to);
        if !linked {
            let message =
                format!("{}: no entry asks for this test, so its result changes nothing", entry.id.value);
            reports.push(
                Report::at(entry.id.span, message)
                    .help("name it in `verified_by` of what it proves, or remove it"),
            );
        }
    }
    looked_at
}
