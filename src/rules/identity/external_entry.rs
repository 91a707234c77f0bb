use crate::finding::Report;
use crate::model::defect::DefectKind;
use crate::rules::{ERROR, Subject};

declare_rule! {
    /// An entry of a family that is declared to live outside the plan.
    ///
    /// Either the plan holds the family or something else does. With both, a
    /// reader cannot tell which of them is right.
    ///
    /// ```yaml,bad
    /// - id: JIRA-101
    ///   title: Order the penetration test
    /// - id: FEA-001
    ///   title: Saved searches
    ///   linked_ids: JIRA-101
    /// ```
    /// ```toml,bad
    /// [families.JIRA]
    /// title = "ticket"
    /// external = true
    /// ```
    ///
    /// ```yaml,good
    /// id: FEA-001
    /// title: Saved searches
    /// linked_ids: JIRA-101
    /// ```
    /// ```toml,good
    /// [families.JIRA]
    /// title = "ticket"
    /// external = true
    /// ```
    "RP0205", "external-entry", ERROR, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    for defect in &subject.plan.defects {
        let DefectKind::ExternalEntry { declared } = defect.kind else { continue };
        let id = subject.sources.slice(defect.span);
        let report = Report::at(defect.span, format!("{id}: entry of an external family"))
            .help("remove the entry, or remove `external` and `headings` from the family in relplan.toml");
        reports.push(match declared {
            Some(declared) => report.and(declared, "declared external here"),
            None => report,
        });
    }
    subject.config.families.sorted().iter().filter(|family| family.external.is_some()).count()
}
