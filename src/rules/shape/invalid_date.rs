use chrono::NaiveDate;

use crate::finding::Report;
use crate::model::defect::DefectKind;
use crate::rules::{ERROR, Subject, defects};

declare_rule! {
    /// A text where a date belongs, or a date with a time.
    ///
    /// Dates are written year, month, day: `2027-03-01` (ISO 8601). Other orders
    /// mean different days to different readers. The times of an incident have an
    /// offset, too: `2026-11-18T15:00Z`. The value was not read.
    ///
    /// ```yaml,bad
    /// id: EPIC-01
    /// title: Users sign in
    /// due: 1/3/2027
    /// ```
    ///
    /// ```yaml,good
    /// id: EPIC-01
    /// title: Users sign in
    /// due: 2027-03-01
    /// ```
    "RP0108", "invalid-date", ERROR, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    defects::each(subject, reports, |defect| {
        let text = defects::text(subject, defect.span);
        if defect.kind == DefectKind::NotAMoment {
            let message = format!("{}`{text}` is not a date with a time and an offset", defects::of(defect));
            let help = "write both, in UTC or with the offset: `2026-11-18T15:00Z`, `2026-11-18T16:00+01:00`";
            return Some(Report::at(defect.span, message).help(help));
        }
        let DefectKind::NotADate = defect.kind else { return None };
        let message = format!("{}`{text}` is not a date", defects::of(defect));
        let report = Report::at(defect.span, message);
        Some(match meant(defects::unquoted(subject, defect.span)) {
            Some(day) => {
                report.help(format!("did you mean `{day}`? Dates are year-month-day")).suggested_fix(
                    format!("write `{day}`"),
                    vec![defects::replace_inside_quotes(subject, defect.span, &day.to_string())],
                )
            }
            None => report.help("write the date as year-month-day: `2027-03-01`"),
        })
    })
}

/// The day that three numbers name in one order only: `2027-3-1`, `2027/03/01`, `1.3.2027`, `31/3/2027`.
fn meant(text: &str) -> Option<NaiveDate> {
    let separator = text.chars().find(|letter| matches!(letter, '-' | '/' | '.'))?;
    let parts: Vec<&str> = text.split(separator).collect();
    let number = |part: &str| part.parse::<u32>().ok().filter(|_| part.len() <= 2);
    let day = |year: &str, month: &str, day: &str| {
        let year = year.parse().ok().filter(|_| year.len() == 4)?;
        NaiveDate::from_ymd_opt(year, number(month)?, number(day)?)
    };
    match parts.as_slice() {
        [year, month, of_month] if year.len() == 4 => day(year, month, of_month),
        // With dots the day comes first wherever dates are written so.
        [of_month, month, year] if separator == '.' => day(year, month, of_month),
        [first, second, year] => match (day(year, second, first), day(year, first, second)) {
            (Some(one), Some(other)) if one != other => None,
            (one, other) => one.or(other),
        },
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::meant;

    fn check(text: &str, expect: &str) {
        let found = meant(text).map(|day| day.to_string()).unwrap_or_default();
        assert_eq!(found, expect, "{text}");
    }

    #[test]
    fn what_names_one_day_only_is_suggested() {
        check("2027-3-1", "2027-03-01");
        check("2027/03/01", "2027-03-01");
        check("31.03.2027", "2027-03-31");
        check("1.3.2027", "2027-03-01");
        check("12/31/2026", "2026-12-31");
        check("31/12/2026", "2026-12-31");
        check("3/3/2027", "2027-03-03");
    }

    #[test]
    fn what_may_be_two_days_is_not() {
        check("1/3/2027", "");
        check("01-03-2027", "");
        check("1.3.27", "");
        check("31.2.2027", "");
        check("next-week-1", "");
        check("20270301", "");
    }
}
