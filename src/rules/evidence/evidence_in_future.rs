use crate::finding::Report;
use crate::rules::{Subject, WARNING};
use crate::source::Span;

declare_rule! {
    /// Evidence with a date in the future.
    ///
    /// A clock was wrong, or the date was typed by hand. The age of such evidence
    /// is unknown, so it proves nothing.
    ///
    /// ```yaml,bad
    /// id: LL-001
    /// title: Clocks differ
    /// ```
    /// ```xml,beside
    /// <testsuite timestamp="2031-01-01T00:00:00">
    ///   <testcase classname="login" name="a user signs in"/>
    /// </testsuite>
    /// ```
    ///
    /// ```yaml,good
    /// id: LL-001
    /// title: Clocks differ
    /// ```
    /// ```xml,beside
    /// <testsuite timestamp="2026-11-19T08:00:00">
    ///   <testcase classname="login" name="a user signs in"/>
    /// </testsuite>
    /// ```
    "RP0604", "evidence-in-future", WARNING, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    for report in &subject.evidence.reports {
        let Some(time) = report.time.known().filter(|time| time.date_naive() > subject.today) else {
            continue;
        };
        let place = Span::new(report.file, 0, 0);
        let day = time.format("%Y-%m-%d %H:%M UTC");
        let message = format!("the report is dated {day}, in the future");
        reports
            .push(Report::at(place, message).help("correct the clock of the CI machine, then run it again"));
    }
    subject.evidence.reports.len()
}
