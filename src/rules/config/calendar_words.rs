//! What is wrong in `[calendar]`, in words; the rule is `config-value`.

use crate::finding::Report;
use crate::model::defect::CalendarDefect;
use crate::source::Span;
use crate::source::edit::Edit;

/// Says what is wrong with `text`, which stands at `span` without its quotes.
pub(super) fn report(span: Span, text: &str, problem: &CalendarDefect) -> Report {
    let at = |message: String| Report::at(span, message);
    match problem {
        CalendarDefect::Missing { example } => {
            let key = example.trim_matches('`').split(' ').next().unwrap_or("");
            at(format!("this table has no `{key}`")).help(format!("add {example}"))
        }
        CalendarDefect::Reversed => at(format!("the last day, {text}, is before the first day"))
            .help("swap the two days, or correct one"),
        CalendarDefect::NoWorkingDay => at("no working days in the week".to_owned())
            .help("list the days: `working_days = [\"Monday\", \"Tuesday\"]`, or remove the key"),
        CalendarDefect::NotATimeZone { near } => not_a_time_zone(span, text, *near),
        CalendarDefect::NotATime => at(format!("`{text}` is not a time of day"))
            .help("write hours and minutes: `18:00`, at most `24:00`"),
        CalendarDefect::NotAnOffset => at(format!("`{text}` is not an offset from a release"))
            .help("write `3 weeks before`, `R-20 Thursday`, `2 days after code freeze`, or `none`"),
        CalendarDefect::NotACadence => at(format!("`{text}` is not a cadence"))
            .help("write `6 weeks`, `quarterly`, `3rd Tuesday of month` or `yearly`"),
        CalendarDefect::NotALocalTime => at(format!("`{text}` is not a local time"))
            .help("write `2027-12-18T18:00`, a time in the `time_zone` of `[calendar]`, without an offset"),
        CalendarDefect::NotAGlob { reason } => at(format!("`{text}` is not a valid glob: {reason}"))
            .help("write a branch such as `main`, or a glob such as `release/*`"),
        CalendarDefect::UnknownPlaceholder { placeholder } => {
            at(format!("unknown placeholder `{{{placeholder}}}` in the version"))
                .help("use `{n}`, `{year}`, `{month}` or `{of_year}`")
        }
    }
}

fn not_a_time_zone(span: Span, text: &str, near: Option<&str>) -> Report {
    let report = Report::at(span, format!("unknown time zone `{text}`"));
    match near {
        Some(near) => report
            .help(format!("did you mean `{near}`?"))
            .suggested_fix(format!("write `{near}`"), vec![Edit::replace(span, format!("\"{near}\""))]),
        None => report.help("write an IANA name such as `Europe/Berlin`, or `UTC`, or `anywhere-on-earth`"),
    }
}
