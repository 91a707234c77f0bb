use crate::finding::Report;
use crate::model::UnreadableFields;
use crate::rules::{Subject, WARNING};

declare_rule! {
    /// A criterion without its requirement, or without the way to verify it.
    ///
    /// A criterion is a contract: what must be true, and how to verify it. The
    /// title alone is neither.
    ///
    /// ```yaml,bad
    /// - id: DEP-001
    ///   title: Search is fast
    ///   type: Criteria
    ///   stage: Pre-deploy
    ///   owner: QA Lead
    ///   requirement: 95% of the searches are answered within 200 ms
    ///   blocker: Yes
    ///   linked_ids: TEST-001
    /// - id: TEST-001
    ///   title: Load run over the recorded searches of a week
    /// ```
    ///
    /// ```yaml,good
    /// - id: DEP-001
    ///   title: Search is fast
    ///   type: Criteria
    ///   stage: Pre-deploy
    ///   owner: QA Lead
    ///   requirement: 95% of the searches are answered within 200 ms
    ///   verification: Report of TEST-001 on the release candidate
    ///   blocker: Yes
    ///   linked_ids: TEST-001
    /// - id: TEST-001
    ///   title: Load run over the recorded searches of a week
    /// ```
    "RP0411", "criterion-incomplete", WARNING, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    let unreadable = UnreadableFields::new(subject.plan, subject.sources);
    let mut looked_at = 0;
    for (entry, criteria) in subject.plan.criteria() {
        looked_at += 1;
        let id = entry.id.value;
        let lacks = |there: bool, field: &str| !there && !unreadable.has(id, field);
        let requirement = lacks(criteria.requirement.is_some(), "requirement");
        let verification = lacks(criteria.verification.is_some(), "verification");
        let (what, help) = match (requirement, verification) {
            (true, true) => ("`requirement` and `verification`", "add `requirement` and `verification`"),
            (true, false) => ("`requirement`", "add `requirement`, with a number where possible"),
            (false, true) => ("`verification`", "add `verification`: how to check that the criterion is met"),
            (false, false) => continue,
        };
        reports.push(Report::at(entry.id.span, format!("{id}: criterion without {what}")).help(help));
    }
    looked_at
}
