use crate::finding::Report;
use crate::forecast::{HistoryDefect, HistoryDefectKind};
use crate::rules::{ERROR, Subject, defects};

declare_rule! {
    /// A row of a history file that cannot be read.
    ///
    /// The files under `history` of `[forecast]` are CSV or JSON: `week` and
    /// `items` for the work items done in each week, or `release`, `planned` and
    /// `actual` for past releases. A forecast leaves out rows that cannot be read.
    ///
    /// ```text
    /// week,items
    /// 2027-01-04,7
    /// 2027-01-11,five
    /// ```
    "RP0670", "invalid-history", ERROR, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    let Some(history) = subject.history else { return 0 };
    reports.extend(history.defects.iter().map(|defect| report(subject, defect)));
    history.files.len()
}

fn report(subject: &Subject<'_>, defect: &HistoryDefect) -> Report {
    let text = defects::text(subject, defect.span);
    let report = Report::at(defect.span, defect.kind.words(&text));
    match defect.kind {
        HistoryDefectKind::NotText => report.help("save the file as UTF-8"),
        HistoryDefectKind::NoColumns => report.help(
            "write CSV that begins with the line `week,items` or `release,planned,actual`, or JSON with these keys",
        ),
        HistoryDefectKind::Missing(_) => report.help("give each row all of its values, or remove it"),
        HistoryDefectKind::NoList => report.help("write a list of objects: `[{\"week\": \"2027-01-04\", \"items\": 7}]`"),
        HistoryDefectKind::NotADay => {
            report.help("write the first day of the week: `2027-01-04`, or `2027-W01`")
        }
        HistoryDefectKind::NotACount => report.help("write how many work items were done: `7`"),
        HistoryDefectKind::SameWeek { first } => report.and(first, "also here").help("keep one of the two rows"),
        HistoryDefectKind::Overlap { before } => {
            report.and(before, "begins less than 7 days earlier").help("write the first day of each week")
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::tests::history_messages;

    #[test]
    fn each_row_that_cannot_be_read_is_named() {
        let check = |text: &str, expect: &[&str]| {
            assert_eq!(history_messages("invalid-history", text), expect, "{text}");
        };
        check("week,items\n2026-01-05,7\n2026-01-12,5\n", &[]);
        check(
            "week,items\n2026-01-05,seven\n2026-01-32,5\n",
            &["`seven` is not a whole number of 0 or more", "`2026-01-32` is not a date"],
        );
        check("week,items\n2026-01-05,7\n2026-01-05,5\n", &["duplicate week"]);
        check("week,items\n2026-01-05,7\n2026-01-09,5\n", &["this week overlaps the one before"]);
        check("week,items\n2026-01-05,\n", &["this row has no `items`"]);
        check("date,count\n", &["no history found"]);
        check("", &["no history found"]);
    }
}
