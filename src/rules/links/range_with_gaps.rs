use crate::finding::Report;
use crate::model::Target;
use crate::rules::{Subject, WARNING, words};

declare_rule! {
    /// A range of which some numbers do not exist.
    ///
    /// Both ends are there, but not all between them. Either an entry is
    /// missing, or the range promises more than it holds. One finding lists
    /// them all.
    ///
    /// ```yaml,bad
    /// - id: DEP-001
    ///   title: All tests pass in staging
    ///   type: Criteria
    ///   stage: Pre-deploy
    ///   owner: QA Lead
    ///   requirement: Every test passes
    ///   verification: The report of the nightly run
    ///   blocker: Yes
    ///   linked_ids: TEST-001 to TEST-004
    /// - id: TEST-001
    ///   title: Sign-in
    /// - id: TEST-004
    ///   title: Invoice
    /// ```
    ///
    /// ```yaml,good
    /// - id: DEP-001
    ///   title: All tests pass in staging
    ///   type: Criteria
    ///   stage: Pre-deploy
    ///   owner: QA Lead
    ///   requirement: Every test passes
    ///   verification: The report of the nightly run
    ///   blocker: Yes
    ///   linked_ids: TEST-001, TEST-004
    /// - id: TEST-001
    ///   title: Sign-in
    /// - id: TEST-004
    ///   title: Invoice
    /// ```
    "RP0303", "range-with-gaps", WARNING, since "0.1.0", formerly "range-with-holes"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    for hole in &subject.graph.holes {
        let from = subject.plan.entry(hole.from).id.value;
        let range = subject.sources.slice(hole.span);
        let lacks = words::count(hole.count, "entry");
        let message =
            format!("{from}: the range `{range}` includes {lacks} that {} not exist", does(hole.count));
        reports.push(
            Report::at(hole.span, message)
                .saying(format!("without {}", words::quoted(&hole.missing, hole.count)))
                .help("add the missing entries, or list only those that exist"),
        );
    }
    words::keep_first_of_each_place(reports);
    ranges(subject)
}

fn does(count: usize) -> &'static str {
    if count == 1 { "does" } else { "do" }
}

fn ranges(subject: &Subject<'_>) -> usize {
    let links = subject.plan.entries().iter().flat_map(|entry| &entry.links);
    links.filter(|link| matches!(link.target, Target::Range(_))).count()
}
