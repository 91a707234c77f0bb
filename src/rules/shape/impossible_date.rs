use crate::finding::Report;
use crate::model::defect::DefectKind;
use crate::rules::{ERROR, Subject, defects, words};

declare_rule! {
    /// A date that no calendar has.
    ///
    /// Month 13, or the 30th of February: often day and month in the wrong order,
    /// or a day counted past the end of its month. The value was not read.
    ///
    /// ```yaml,bad
    /// id: EPIC-01
    /// title: Users sign in
    /// due: 2027-30-01
    /// ```
    ///
    /// ```yaml,good
    /// id: EPIC-01
    /// title: Users sign in
    /// due: 2027-01-30
    /// ```
    "RP0109", "impossible-date", ERROR, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    defects::each(subject, reports, |defect| {
        if let DefectKind::WrongWeekday { day, stated } = defect.kind {
            let key = defect.field.map_or("the date", |key| defects::unquoted(subject, key));
            return Some(words::wrong_weekday(
                defect.span,
                &format!("{}`{key}`", defects::of(defect)),
                day,
                stated,
            ));
        }
        let DefectKind::ImpossibleDate { swapped } = defect.kind else { return None };
        let text = defects::text(subject, defect.span);
        let message = format!("{}the date `{text}` does not exist", defects::of(defect));
        let report = Report::at(defect.span, message);
        Some(match swapped {
            Some(day) => {
                let old = defects::unquoted(subject, defect.span);
                let new = old.replacen(old.get(..10).unwrap_or(old), &day.to_string(), 1);
                let edit = defects::replace_inside_quotes(subject, defect.span, &new);
                report
                    .help(format!("did you mean `{day}`? The month comes before the day"))
                    .suggested_fix(format!("write `{day}`"), vec![edit])
            }
            None => report.help("write an existing date as year-month-day"),
        })
    })
}
