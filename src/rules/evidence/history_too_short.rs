use crate::finding::Report;
use crate::forecast::history::FEWEST_WEEKS;
use crate::rules::{Subject, WARNING, words};

declare_rule! {
    /// A history of fewer than seven weeks.
    ///
    /// A few values do not show how much the pace varies. A forecast made from
    /// them says so, and borrows the spread of other projects. The week that is not over does not count.
    ///
    /// ```text
    /// week,items
    /// 2027-01-04,7
    /// ```
    "RP0672", "history-too-short", WARNING, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    let Some(history) = subject.history.filter(|history| !history.weeks.is_empty()) else { return 0 };
    let weeks = history.weeks_until(subject.today).len();
    if weeks < FEWEST_WEEKS
        && let Some((_, named)) = history.files.first()
    {
        let message =
            format!("the history has {}, fewer than {FEWEST_WEEKS}", words::count(weeks, "complete week"));
        let first = history.weeks[0].span;
        reports.push(
            Report::at(*named, message)
                .and(first, "begins here")
                .help("add earlier weeks to the file, from your tracker or version control"),
        );
    }
    1
}

#[cfg(test)]
mod tests {
    use crate::rules::tests::history_messages;

    #[test]
    fn seven_weeks_are_enough() {
        let weeks = |count: u64| {
            let first: chrono::NaiveDate = "2026-01-05".parse().expect("a day");
            let row = |week: u64| format!("{},3\n", first + chrono::Days::new(7 * week));
            format!("week,items\n{}", (0..count).map(row).collect::<String>())
        };
        let check = |count: u64, expect: &[&str]| {
            assert_eq!(history_messages("history-too-short", &weeks(count)), expect, "{count}");
        };
        check(1, &["the history has 1 complete week, fewer than 7"]);
        check(6, &["the history has 6 complete weeks, fewer than 7"]);
        check(7, &[]);
        check(0, &[]);
    }
}
