use crate::finding::Report;
use crate::model::defect::DefectKind;
use crate::rules::{ERROR, Subject};
use crate::source::edit::Edit;

declare_rule! {
    /// A key of `relplan.toml` that relplan does not know.
    ///
    /// Whatever it was to do is not done. A gate that was misspelt is a gate
    /// that cannot fail, so this is an error.
    ///
    /// ```yaml,bad
    /// id: FEA-001
    /// title: Saved searches
    /// ```
    /// ```toml,bad
    /// [plan]
    /// exclud = ["drafts/**"]
    /// ```
    ///
    /// ```yaml,good
    /// id: FEA-001
    /// title: Saved searches
    /// ```
    /// ```toml,good
    /// [plan]
    /// exclude = ["drafts/**"]
    /// ```
    "RP1102", "config-key", ERROR, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    // Behind an error of the syntax nobody knows which table a key belongs to.
    let readable = subject.config.toml_defects.is_empty();
    for defect in subject.config.defects.iter().filter(|_| readable) {
        let key = subject.sources.slice(defect.span);
        match &defect.kind {
            DefectKind::UnknownKey { suggestion } => {
                let report = Report::at(defect.span, format!("unknown key `{key}`"));
                reports.push(match suggestion {
                    Some(near) => report
                        .help(format!("did you mean `{near}`?"))
                        .suggested_fix(format!("write `{near}`"), vec![Edit::replace(defect.span, &**near)]),
                    None => report.help("remove it: relplan does not read it"),
                });
            }
            DefectKind::SameKey { first } => reports.push(
                Report::at(defect.span, format!("duplicate key `{key}`"))
                    .and(*first, "first here")
                    .help("keep one of them: keys match regardless of case, hyphens and underscores"),
            ),
            _ => {}
        }
    }
    subject.sources.iter().filter(|(_, file)| file.name().ends_with(".toml")).count()
}
