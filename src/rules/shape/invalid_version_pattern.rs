use crate::finding::Report;
use crate::model::defect::DefectKind;
use crate::model::version::PatternError;
use crate::rules::{ERROR, Subject, defects};
use crate::source::Span;

declare_rule! {
    /// A pattern of calendar versions that cannot be read.
    ///
    /// A pattern has the tokens of calver.org: `YYYY`, `YY` or `0Y` for the year;
    /// `MM` or `0M`, `WW` or `0W`, `DD` or `0D`, the forms with `0` padded to two digits;
    /// `MAJOR`, `MINOR` and `MICRO` for counters. Dots, hyphens and underscores
    /// separate them, and brackets enclose an end that may be left out. It needs a year.
    /// Only calendar versions have a pattern. The same in `relplan.toml` is `config-value`.
    ///
    /// ```yaml,bad
    /// id: REL-001
    /// title: Spring release
    /// version: "2027.1"
    /// version_pattern: YYYY.QUARTER
    /// ```
    ///
    /// ```yaml,bad
    /// id: REL-001
    /// title: Spring release
    /// version: "3.1.0"
    /// version_scheme: semver
    /// version_pattern: YYYY.MINOR
    /// ```
    ///
    /// ```yaml,good
    /// id: REL-001
    /// title: Spring release
    /// version: "2027.1"
    /// version_pattern: YYYY.MINOR
    /// ```
    "RP0124", "invalid-version-pattern", ERROR, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    defects::each(subject, reports, |defect| {
        let text = defects::text(subject, defect.span);
        let owner = defects::of(defect);
        match &defect.kind {
            DefectKind::NotAVersionPattern(error) => Some(not_a_pattern(defect.span, &owner, &text, error)),
            DefectKind::PatternWithoutCalendar => Some(other_scheme(defect.span, &owner)),
            _ => None,
        }
    })
}

/// Says why a text is no pattern.
pub(in crate::rules) fn not_a_pattern(span: Span, owner: &str, text: &str, error: &PatternError) -> Report {
    let report = Report::at(span, format!("{owner}`{text}` is not a pattern of calendar versions: {error}"));
    report.help(match error {
        PatternError::UnknownToken(_) => {
            "use `YYYY`, `YY`, `0Y`, `MM`, `0M`, `WW`, `0W`, `DD`, `0D`, `MAJOR`, `MINOR` and `MICRO`"
        }
        PatternError::WithoutYear => "add a year: `YYYY.MINOR`; versions without one are of another scheme",
        PatternError::Repeated(_) => "remove one of the two",
        PatternError::Brackets => "write one pair of brackets around what may be left out: `YY.0M[.MICRO]`",
    })
}

/// Says that a pattern stands beside another scheme.
pub(in crate::rules) fn other_scheme(span: Span, owner: &str) -> Report {
    Report::at(span, format!("{owner}`version_pattern` does not apply: the scheme is not calver"))
        .help("set `version_scheme: calver`, or remove the pattern")
}
