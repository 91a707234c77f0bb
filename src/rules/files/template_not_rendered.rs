use super::traps;
use crate::finding::Report;
use crate::rules::{ERROR, Subject, words};
use crate::source::yaml::YamlDefect;

declare_rule! {
    /// A plan file that is a template.
    ///
    /// Helm, Jinja, ERB and the like replace their marks before YAML is read. What a
    /// condition leaves out or a loop repeats is not known before, so the entries of
    /// the file are not those of the plan. A mark within other text is text.
    ///
    /// ```yaml,bad
    /// - id: RUN-001
    ///   title: {{ title }}
    /// {% if canary %}
    /// - id: RUN-002
    ///   title: Stop the canary
    /// {% endif %}
    /// ```
    ///
    /// ```yaml,good
    /// - id: RUN-001
    ///   title: Deploy {{ version }} to production
    /// ```
    "RP0027", "template-not-rendered", ERROR, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    traps::each_defect(subject, reports, |defect| {
        let YamlDefect::Template { span, count } = defect else { return None };
        let name = subject.sources.file(span.file).name();
        let report =
            Report::at(*span, format!("`{name}` is a template that was not rendered")).help(format!(
                "render it first, or exclude it: `exclude = [\"{}\"]` under `[plan]` in `relplan.toml`",
                name.rsplit('/').next().map_or(String::new(), |file| format!("**/{file}"))
            ));
        Some(match count {
            1 => report,
            count => report.note(format!("the file has {}", words::count(*count, "mark"))),
        })
    })
}
