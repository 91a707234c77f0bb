use super::{ERROR, Subject, defects};
use crate::finding::Report;
use crate::model::defect::DefectKind;

declare_rule! {
    /// A version that does not follow Semantic Versioning.
    ///
    /// A version has three numbers, `MAJOR.MINOR.PATCH`, without leading zeros
    /// and without a `v` (SemVer 2.0.0). The value was not read.
    ///
    /// ```yaml,bad
    /// id: REL-001
    /// title: Spring release
    /// version: "3.1"
    /// ```
    ///
    /// ```yaml,good
    /// id: REL-001
    /// title: Spring release
    /// version: "3.1.0"
    /// ```
    "RP0114", "invalid-version", ERROR, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    defects::each(subject, reports, |defect| {
        let DefectKind::NotAVersion { reason } = &defect.kind else { return None };
        let text = defects::text(subject, defect.span);
        let message = format!("{}`{text}` is not a version after SemVer: {reason}", defects::of(defect));
        let report = Report::at(defect.span, message);
        Some(match repaired(defects::unquoted(subject, defect.span)) {
            Some(version) => {
                let edit = defects::replace_inside_quotes(subject, defect.span, &version);
                report
                    .help(format!("did you mean `{version}`?"))
                    .suggested_fix(format!("write `{version}`"), vec![edit])
            }
            None => report.help("write three numbers, such as `3.1.0`"),
        })
    })
}

/// The version that was probably meant: without a `v`, and with the numbers that are missing.
fn repaired(text: &str) -> Option<String> {
    let bare = text.trim_start_matches(['v', 'V']);
    ["", ".0", ".0.0"]
        .iter()
        .map(|missing| format!("{bare}{missing}"))
        .find(|version| semver::Version::parse(version).is_ok())
}
