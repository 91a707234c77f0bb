use super::{ERROR, Subject, defects};
use crate::finding::Report;
use crate::model::defect::DefectKind;

declare_rule! {
    /// A list or a mapping where a single value belongs, or the other way round.
    ///
    /// The field was not read.
    ///
    /// ```yaml,bad
    /// id: RUN-001
    /// title: Switch the traffic back
    /// owner:
    ///   - Operations
    ///   - Platform Team
    /// ```
    ///
    /// ```yaml,good
    /// id: RUN-001
    /// title: Switch the traffic back
    /// owner: Operations and Platform Team
    /// ```
    "RP0106", "wrong-shape", ERROR, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    defects::each(subject, reports, |defect| {
        let DefectKind::WrongShape { key, expected, found } = defect.kind else { return None };
        let name = name_of(&defects::text(subject, key));
        let value = defects::text(subject, defect.span);
        let of = defects::of(defect);
        // Where no key stands, as before an id, there is one place only.
        if key == defect.span {
            let message = format!("{of}`{value}` is {found}, and {expected} belongs here");
            return Some(Report::at(defect.span, message).help(format!("write {expected}")));
        }
        let message = format!("{of}`{name}` takes {expected}, and `{value}` is {found}");
        let report = Report::at(defect.span, message).saying(format!("this is {found}"));
        Some(report.and(key, format!("takes {expected}")).help(format!("write {expected} behind `{name}:`")))
    })
}

/// The key; where the id is the key, its value is the title.
fn name_of(key: &str) -> String {
    if crate::model::id::parse(key).is_ok() { "title".to_owned() } else { key.to_owned() }
}
