use crate::finding::Report;
use crate::model::defect::DefectKind;
use crate::rules::{ERROR, Subject, defects};
use crate::source::edit::Edit;

declare_rule! {
    /// A key that no entry of this kind has.
    ///
    /// A mistyped key is a missing field: an owner that is absent, a threshold that
    /// is not checked. Your own keys begin with `x-`. Declare fields of your own
    /// families in `relplan.toml`.
    ///
    /// ```yaml,bad
    /// id: RUN-001
    /// title: Switch the traffic back
    /// onwer: Operations
    /// ```
    ///
    /// ```yaml,good
    /// id: RUN-001
    /// title: Switch the traffic back
    /// owner: Operations
    /// x-wiki: https://wiki.example.org/switch
    /// ```
    "RP0102", "unknown-key", ERROR, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    defects::each(subject, reports, |defect| {
        let DefectKind::UnknownKey { suggestion } = &defect.kind else { return None };
        let key = defects::text(subject, defect.span);
        let report = Report::at(defect.span, format!("{}unknown field `{key}`", defects::of(defect)));
        Some(match suggestion {
            Some(name) => report
                .help(format!("did you mean `{name}`? Custom keys start with `x-`"))
                .suggested_fix(format!("rename it to `{name}`"), vec![Edit::replace(defect.span, &**name)]),
            None => report.help(format!("remove it, or make it a custom key: `x-{}`", key.to_lowercase())),
        })
    })
}

#[cfg(test)]
mod tests {
    use crate::rules::tests::findings;

    #[test]
    fn a_declared_field_is_suggested_too() {
        let toml = "[families.ADR.fields.decision_maker]\ntype = \"text\"\n";
        let help = |yaml: &str| {
            let found = findings(yaml, toml).into_iter().find(|finding| finding.name == "unknown-key");
            found.and_then(|finding| finding.help).unwrap_or_default()
        };
        assert!(help("{id: ADR-1, decison_maker: x}").starts_with("did you mean `decision_maker`?"));
        // What is there already cannot have been meant.
        let both = help("{id: ADR-1, decision_maker: x, decison_maker: y}");
        assert!(both.starts_with("remove it"), "{both}");
    }
}
