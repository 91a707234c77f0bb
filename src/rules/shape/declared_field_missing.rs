use crate::finding::Report;
use crate::model::UnreadableFields;
use crate::model::defect::DefectKind;
use crate::rules::{ERROR, Subject, defects};

declare_rule! {
    /// An entry without a field that `relplan.toml` requires of its family.
    ///
    /// ```yaml,bad
    /// id: ADR-001
    /// title: One database for both environments
    /// ```
    ///
    /// ```toml,bad
    /// [families.ADR]
    /// title = "decision record"
    ///
    /// [families.ADR.fields.decision]
    /// type = "text"
    /// required = true
    /// ```
    ///
    /// ```yaml,good
    /// id: ADR-001
    /// title: One database for both environments
    /// decision: Blue and green share the database; every migration works with both versions
    /// ```
    ///
    /// ```toml,good
    /// [families.ADR]
    /// title = "decision record"
    ///
    /// [families.ADR.fields.decision]
    /// type = "text"
    /// required = true
    /// ```
    "RP0119", "declared-field-missing", ERROR, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    let unreadable = UnreadableFields::new(subject.plan, subject.sources);
    defects::each(subject, reports, |defect| {
        let DefectKind::DeclaredFieldMissing { name, declared } = &defect.kind else { return None };
        // Under a key that is only misspelt it is there.
        if unreadable.has(defect.owner?, name) {
            return None;
        }
        let id = defects::text(subject, defect.span);
        let report = Report::at(defect.span, format!("{id}: no `{name}`, which the family requires"));
        Some(report.and(*declared, "required here").help(format!("add `{name}`")))
    })
}

#[cfg(test)]
mod tests {
    use crate::rules::tests::messages;

    #[test]
    fn a_field_under_a_misspelt_key_is_not_missing() {
        let toml = "[families.ADR.fields.decision_maker]\ntype = \"text\"\nrequired = true\n";
        let missing = |yaml: &str| messages("declared-field-missing", yaml, toml);
        assert_eq!(missing("{id: ADR-1, title: x}").len(), 1);
        assert_eq!(missing("{id: ADR-1, title: x, decision_makr: y}"), [""; 0]);
    }
}
