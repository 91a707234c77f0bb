use crate::finding::Report;
use crate::model::defect::DefectKind;
use crate::rules::{Subject, WARNING, defects};

declare_rule! {
    /// A placeholder instead of content.
    ///
    /// `TBD`, `n/a`, `?` or "we'll figure it out" say nothing, and neither does
    /// "works on my machine". The field counts as missing: a rollback whose
    /// procedure is `TBD` has none.
    ///
    /// ```yaml,bad
    /// id: DEP-003
    /// title: Error rate rises
    /// type: Rollback
    /// procedure: We'll figure it out
    /// ```
    ///
    /// ```yaml,good
    /// id: DEP-003
    /// title: Error rate rises
    /// type: Rollback
    /// procedure: Switch the load balancer back to blue
    /// ```
    "RP0122", "placeholder-text", WARNING, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    defects::each(subject, reports, |defect| {
        let DefectKind::Placeholder = defect.kind else { return None };
        let text = defects::text(subject, defect.span);
        let text = text.trim_matches(['"', '\'']);
        let key = defect.field.map_or("this field", |key| defects::unquoted(subject, key));
        let message =
            format!("{}`{key}: {text}` is a placeholder, and counts as missing", defects::of(defect));
        Some(Report::at(defect.span, message).help(format!("write the content of `{key}`, or remove it")))
    })
}

#[cfg(test)]
mod tests {
    use crate::rules::tests::messages;

    fn check(entry: &str, expect: &[&str]) {
        assert_eq!(messages("placeholder-text", entry, ""), expect, "{entry}");
    }

    #[test]
    fn a_placeholder_is_named_with_its_key() {
        check(
            "{id: DEP-1, type: Rollback, procedure: TBD}",
            &["DEP-1: `procedure: TBD` is a placeholder, and counts as missing"],
        );
        check(
            "{id: DEP-1, type: Rollback, threshold: 'to be decided'}",
            &["DEP-1: `threshold: to be decided` is a placeholder, and counts as missing"],
        );
        check(
            "{id: DEP-1, type: Rollback, procedure: [Stop the deployment, '???']}",
            &["DEP-1: `procedure: ???` is a placeholder, and counts as missing"],
        );
        check("{id: KPI-1, target: n/a}", &["KPI-1: `target: n/a` is a placeholder, and counts as missing"]);
    }

    #[test]
    fn what_may_be_open_is_none() {
        check("{id: FEA-1, title: Todo lists, status: pending, tags: [wip, todo]}", &[]);
        check("{id: KPI-1, target: '> 5%', actual: unknown}", &[]);
        check("{id: EPIC-1, owner: TBD}", &[]);
    }

    #[test]
    fn a_field_with_a_placeholder_is_missing_for_the_other_rules() {
        let yaml =
            "{id: DEP-1, type: Rollback, procedure: works on my machine, trigger: '-', threshold: TBD}";
        for rule in ["rollback-without-procedure", "rollback-without-trigger", "rollback-without-threshold"] {
            assert_eq!(messages(rule, yaml, "").len(), 1, "{rule}");
        }
        let yaml = "{id: DEP-1, type: Criteria, requirement: TBD, verification: n/a}";
        assert_eq!(messages("criterion-incomplete", yaml, "").len(), 1);
        let yaml = "{id: DEP-1, type: Environment, name: staging, infrastructure: none yet, access: '?'}";
        assert_eq!(messages("environment-undocumented", yaml, "").len(), 1);
    }
}
