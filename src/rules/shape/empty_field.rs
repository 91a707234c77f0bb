use crate::finding::Report;
use crate::model::defect::DefectKind;
use crate::rules::{Subject, WARNING, defects};
use crate::source::Span;
use crate::source::yaml::YamlDefect;

declare_rule! {
    /// A key without a value.
    ///
    /// An empty field counts as absent, and is usually unfinished work.
    ///
    /// ```yaml,bad
    /// id: RUN-001
    /// title: Switch the traffic back
    /// owner:
    /// ```
    ///
    /// ```yaml,good
    /// id: RUN-001
    /// title: Switch the traffic back
    /// owner: Operations
    /// ```
    "RP0105", "empty-field", WARNING, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    defects::each(subject, reports, |defect| {
        let DefectKind::EmptyField = defect.kind else { return None };
        if is_alias_beyond_budget(subject, defect.span) {
            return None;
        }
        let key = defects::text(subject, defect.span);
        let message = format!("{}`{key}` is empty", defects::of(defect));
        Some(Report::at(defect.span, message).help("add a value, or remove the key"))
    })
}

/// Whether a key has an alias for its value, in a file whose aliases were not all followed.
fn is_alias_beyond_budget(subject: &Subject<'_>, key: Span) -> bool {
    let exceeded =
        |defect: &YamlDefect| matches!(defect, YamlDefect::AliasBudget { span } if span.file == key.file);
    let text = subject.sources.file(key.file).text();
    let value = text.get(key.end as usize..).and_then(|rest| rest.trim_start().strip_prefix(':'));
    value.is_some_and(|value| value.trim_start().starts_with('*'))
        && subject.plan.yaml_defects.iter().any(exceeded)
}

#[cfg(test)]
mod tests {
    use crate::rules::tests::messages;

    #[test]
    fn an_alias_that_was_not_followed_is_no_empty_field() {
        let mut yaml = "x-a: &a [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]\n".to_owned();
        for (name, of) in [("b", "a"), ("c", "b"), ("d", "c"), ("e", "d")] {
            yaml += &format!("x-{name}: &{name} [{}]\n", vec![format!("*{of}"); 10].join(", "));
        }
        yaml += "id: RUN-1\ntitle: *e\nowner:\n";
        assert_eq!(messages("alias-budget", &yaml, "").len(), 1);
        assert_eq!(messages("empty-field", &yaml, ""), ["RUN-1: `owner` is empty"]);
    }
}
