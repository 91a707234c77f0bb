use chrono::NaiveDate;

use super::{Subject, WARNING};
use crate::finding::Report;
use crate::model::Entry;
use crate::model::offset::{Timing, When};
use crate::model::rel::{Rel, RelStatus, gate};
use crate::source::Span;

declare_rule! {
    /// A release whose support ends before its successor is out.
    ///
    /// Between the two days, users have no supported version. A stated end weeks
    /// after its release counts as the end of its support; one shortly after it
    /// counts as the end of hypercare.
    ///
    /// ```yaml,bad
    /// - id: REL-001
    ///   title: Winter release
    ///   version: "1.0.0"
    ///   date: 2026-12-02
    ///   milestones: {support_end: 2027-06-01}
    /// - id: REL-002
    ///   title: Autumn release
    ///   version: "2.0.0"
    ///   date: 2027-09-01
    /// ```
    ///
    /// ```yaml,good
    /// - id: REL-001
    ///   title: Winter release
    ///   version: "1.0.0"
    ///   date: 2026-12-02
    ///   milestones: {support_end: 2027-12-01}
    /// - id: REL-002
    ///   title: Autumn release
    ///   version: "2.0.0"
    ///   date: 2027-09-01
    /// ```
    "RP0727", "support-gap", WARNING, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    let goes_out =
        |rel: &Rel<'_>| !matches!(rel.status.map(|status| status.value), Some(RelStatus::Cancelled));
    let dated = subject.plan.releases().filter(|(_, rel)| goes_out(rel));
    let mut dated: Vec<(NaiveDate, &Entry<'_>, &Rel<'_>)> =
        dated.filter_map(|(entry, rel)| Some((rel.date?.value, entry, rel))).collect();
    dated.sort_by_key(|(date, entry, _)| (*date, entry.id.value));
    for pair in dated.windows(2) {
        let [(date, entry, rel), (next, successor, _)] = pair else { continue };
        let Some((end, span)) = support_end(*date, rel).filter(|(end, _)| end < next) else { continue };
        // What is over for both is history.
        if *next < subject.today {
            continue;
        }
        let (id, other) = (entry.id.value, successor.id.value);
        let message = format!("{id}: support ends on {end}, before {other} is released on {next}");
        reports.push(
            Report::at(span, message)
                .and(successor.id.span, "its successor")
                .help(format!("write `support_end: {next}` or later, or release {other} earlier")),
        );
    }
    dated.len()
}

/// The day on which the support of a release ends, if that is stated as a day far enough behind it.
fn support_end(date: NaiveDate, rel: &Rel<'_>) -> Option<(NaiveDate, Span)> {
    const HYPERCARE: i64 = 8 * 7;
    let stated =
        rel.milestones.iter().find(|milestone| gate(&milestone.name.value) == Some("support_end"))?;
    let when = stated.when.as_ref()?;
    let Ok(Timing::When(When::Day(day))) = Timing::parse(&when.value) else { return None };
    ((day - date).num_days() > HYPERCARE).then_some((day, when.span))
}

#[cfg(test)]
mod tests {
    use crate::rules::tests::messages;

    fn check(end: &str, next: &str, expect: usize) {
        let yaml = format!(
            "- {{id: REL-1, version: '1.0.0', date: 2026-12-02, milestones: {{support_end: {end}}}}}\n\
             - {{id: REL-2, version: '2.0.0', date: 2027-09-01{next}}}"
        );
        assert_eq!(messages("support-gap", &yaml, "").len(), expect, "{end} {next}");
    }

    #[test]
    fn support_lasts_until_the_successor_is_out() {
        check("2027-06-01", "", 1);
        check("2027-08-31", "", 1);
        check("2027-09-01", "", 0);
        check("2 weeks after", "", 0);
        check("2026-12-16", "", 0);
        check("2027-06-01", ", status: cancelled", 0);
    }
}
