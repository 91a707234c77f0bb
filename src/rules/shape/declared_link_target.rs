use crate::finding::Report;
use crate::model::defect::DefectKind;
use crate::rules::{ERROR, Subject, defects, words};

declare_rule! {
    /// A link of a declared field to an entry of a family that it may not join.
    ///
    /// `targets` in `relplan.toml` says which families the field may name.
    ///
    /// ```yaml,bad
    /// - id: ADR-001
    ///   title: One database for both environments
    ///   decides: RUN-001
    /// - id: RUN-001
    ///   title: Switch the traffic back
    /// ```
    ///
    /// ```toml,bad
    /// [families.ADR.fields.decides]
    /// type = "link"
    /// targets = ["EPIC"]
    /// ```
    ///
    /// ```yaml,good
    /// - id: ADR-001
    ///   title: One database for both environments
    ///   decides: EPIC-01
    /// - id: EPIC-01
    ///   title: Users sign in
    /// ```
    ///
    /// ```toml,good
    /// [families.ADR.fields.decides]
    /// type = "link"
    /// targets = ["EPIC"]
    /// ```
    "RP0120", "declared-link-target", ERROR, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    defects::each(subject, reports, |defect| {
        let DefectKind::DeclaredTarget { targets, declared } = &defect.kind else { return None };
        let link = defects::text(subject, defect.span);
        let families: Vec<String> = targets.iter().map(ToString::to_string).collect();
        let families = words::list(&families);
        let message = format!("{}`{link}` is not in {families}", defects::of(defect));
        Some(
            Report::at(defect.span, message)
                .and(*declared, "declared here")
                .help(format!("link to {families} here")),
        )
    })
}
