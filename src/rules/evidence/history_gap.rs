use crate::finding::Report;
use crate::rules::{Subject, WARNING, words};

declare_rule! {
    /// Weeks that are missing in the history.
    ///
    /// A forecast cannot tell a week without completed items from a week that was
    /// not recorded, and leaves it out: the pace looks faster than it was. Weeks
    /// that have not begun yet do not count either.
    ///
    /// ```text
    /// week,items
    /// 2027-01-04,7
    /// 2027-01-25,5
    /// ```
    "RP0671", "history-gap", WARNING, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    let Some(history) = subject.history else { return 0 };
    for gap in history.gaps() {
        let missing = words::count(usize::try_from(gap.weeks).unwrap_or(0), "week");
        let message = format!("{missing} missing before {}", gap.after.start);
        reports.push(
            Report::at(gap.after.span, message)
                .and(gap.before.span, "the week before")
                .help("add a row for each week, with 0 items where nothing was done"),
        );
    }
    for week in history.weeks.iter().filter(|week| week.start > subject.today) {
        let message = format!("the week of {} is in the future", week.start);
        reports.push(Report::at(week.span, message).help("remove the row, or correct its date"));
    }
    history.weeks.len()
}

#[cfg(test)]
mod tests {
    use crate::rules::tests::history_messages;

    #[test]
    fn missing_weeks_and_future_weeks_are_named() {
        let check = |text: &str, expect: &[&str]| {
            assert_eq!(history_messages("history-gap", text), expect, "{text}");
        };
        check("week,items\n2026-01-05,7\n2026-01-12,5\n", &[]);
        check("week,items\n2026-01-05,7\n2026-01-26,5\n", &["2 weeks missing before 2026-01-26"]);
        check("week,items\n2026-11-16,7\n2026-11-23,5\n", &["the week of 2026-11-23 is in the future"]);
    }
}
