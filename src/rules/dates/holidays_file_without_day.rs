use crate::finding::Report;
use crate::rules::{Subject, WARNING};

declare_rule! {
    /// A file of holidays that holds no day.
    ///
    /// It has no event, or all of its events are cancelled, so that every day of
    /// it counts as a working day. Tasks (`VTODO`) and free or busy times are no
    /// holidays. Export the events of the calendar, or take the file out of
    /// `holidays_file`.
    ///
    /// ```text
    /// [calendar]
    /// holidays_file = ["empty.ics"]
    /// ```
    "RP0724", "holidays-file-without-day", WARNING, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    let calendar = &subject.config.calendar;
    for file in &calendar.empty_holiday_files {
        let message = format!("`{}` has no holidays", file.value);
        reports.push(
            Report::at(file.span, message)
                .help("add events (`VEVENT`) to it, or remove it from `holidays_file`"),
        );
    }
    calendar.holiday_files.len()
}

#[cfg(test)]
mod tests {
    use crate::rules::tests::findings_with;

    #[test]
    fn a_file_without_a_day_is_named() {
        let toml = "[calendar]\nholidays_file = [\"a.ics\", \"b.ics\"]\n";
        let empty = |count: usize| {
            let found = findings_with("{id: LL-1, title: x}", toml, |config| {
                config.calendar.empty_holiday_files = config.calendar.holiday_files[..count].to_vec();
            });
            let found = found.into_iter().filter(|finding| finding.name == "holidays-file-without-day");
            found.map(|finding| finding.message).collect::<Vec<_>>()
        };
        assert_eq!(empty(0), [""; 0]);
        assert_eq!(empty(1), ["`a.ics` has no holidays"]);
    }
}
