use crate::finding::{FindingSubject, Report};
use crate::graph::RANGE_BUDGET;
use crate::rules::{ERROR, Subject};

declare_rule! {
    /// Ranges of links that stand for far more links than a plan has entries.
    ///
    /// A range links to every entry in it: thousands of entries that each link to
    /// a range of thousands are millions of links. Beyond two million, ranges link
    /// to their first and last entry only, so that what is traced through them is
    /// incomplete.
    ///
    /// ```text
    /// the ranges of this plan expand to more than 2000000 links from here on
    /// ```
    ///
    /// ```yaml,good
    /// - id: DEP-001
    ///   type: Criteria
    ///   title: The regression tests pass
    ///   linked_ids: TEST-001 to TEST-003
    /// - {id: TEST-001, title: Sign in}
    /// - {id: TEST-002, title: Order}
    /// - {id: TEST-003, title: Pay}
    /// ```
    "RP0318", "link-budget", ERROR, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    reports.extend(subject.graph.beyond_budget.map(|span| {
        let message =
            format!("the ranges of this plan expand to more than {RANGE_BUDGET} links from here on");
        // Which entries are missing from a release nobody knows.
        Report::at(span, message)
            .help("link to one entry that stands for the others, or use shorter ranges")
            .about(FindingSubject::Plan)
    }));
    subject.graph.link_count
}
