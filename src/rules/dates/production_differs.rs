use crate::finding::Report;
use crate::rules::{Subject, WARNING};
use crate::schedule::{Planned, Source};
use crate::source::Span;

declare_rule! {
    /// A release whose milestone `production` differs from its `date`.
    ///
    /// Both are the day of the release. Offsets count from `date`, and readers of
    /// the milestones see the other day. A day that counts from another milestone,
    /// such as `2 days after code freeze`, is compared as well.
    ///
    /// ```yaml,bad
    /// id: REL-001
    /// version: "3.0.0"
    /// date: 2027-03-02
    /// milestones:
    ///   code_freeze: 3 weeks before
    ///   production: 2027-03-04
    /// ```
    ///
    /// ```yaml,good
    /// id: REL-001
    /// version: "3.0.0"
    /// date: 2027-03-02
    /// milestones:
    ///   code_freeze: 3 weeks before
    ///   production: release date
    /// ```
    "RP0712", "production-differs", WARNING, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    let releases = &subject.calendar().schedule.releases;
    let stated = releases.iter().filter_map(|planned| match planned.milestone("production")?.source {
        Source::Release(span) => Some((planned, span)),
        Source::Config(_) | Source::Default => None,
    });
    let mut looked_at = 0;
    for (planned, span) in stated {
        looked_at += 1;
        reports.extend(report(planned, span));
    }
    looked_at
}

fn report(planned: &Planned<'_>, span: Span) -> Option<Report> {
    let date = planned.release.date?;
    let day = planned.milestone("production")?.day;
    let message = format!(
        "{}: milestone `production` is on {day}, but the release is on {}",
        planned.entry.id.value, date.value
    );
    (day != date.value).then(|| {
        Report::at(span, message)
            .and(date.span, "the release")
            .help("set `production: release date`, and correct `date`")
    })
}

#[cfg(test)]
mod tests {
    use crate::rules::tests::messages;

    #[test]
    fn a_day_counted_from_another_milestone_is_compared() {
        let found = |production: &str| {
            let milestones = format!("{{code_freeze: 2 weeks before, production: {production}}}");
            let yaml = format!("{{id: REL-1, version: 1.0.0, date: 2027-03-16, milestones: {milestones}}}");
            messages("production-differs", &yaml, "")
        };
        assert_eq!(
            found("2 days after code freeze"),
            ["REL-1: milestone `production` is on 2027-03-04, but the release is on 2027-03-16"]
        );
        assert_eq!(found("14 days after code freeze"), [""; 0]);
        assert_eq!(found("release date"), [""; 0]);
    }
}
