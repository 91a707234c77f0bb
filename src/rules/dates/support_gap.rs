use crate::finding::Report;
use crate::model::rel::{Rel, RelStatus};
use crate::rules::{Subject, WARNING};
use crate::schedule::lifecycles;

declare_rule! {
    /// A release whose support ends before its successor is out.
    ///
    /// Between the two days, users have no supported version. `end_of_life` or the end
    /// of the last of the `support` phases is the end; a milestone `support_end` is it,
    /// too, if it is more than eight weeks after the release, and otherwise the end of
    /// hypercare.
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
    /// ```yaml,bad
    /// - id: REL-001
    ///   title: Winter release
    ///   version: "1.0.0"
    ///   date: 2026-12-02
    ///   end_of_life: 6 months after
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
    let releases = &subject.calendar().schedule.releases;
    let ends = lifecycles(releases).into_iter().map(|lifecycle| lifecycle.end);
    let dated = releases.iter().zip(ends).filter(|(planned, _)| goes_out(planned.release));
    let mut dated: Vec<_> =
        dated.filter_map(|(planned, end)| Some((planned.release.date?.value, planned, end))).collect();
    dated.sort_by_key(|(date, planned, _)| (*date, planned.entry.id.value));
    for pair in dated.windows(2) {
        let [(_, planned, end), (next, successor, _)] = pair else { continue };
        let Some((end, span)) = end.filter(|(end, _)| end < next) else { continue };
        // What is over for both is history.
        if *next < subject.today {
            continue;
        }
        let (id, other) = (planned.entry.id.value, successor.entry.id.value);
        let message = format!("{id}: support ends on {end}, before {other} is released on {next}");
        reports.push(
            Report::at(span, message)
                .and(successor.entry.id.span, "its successor")
                .help(format!("move the end of support to {next} or later, or {other} to {end} or earlier")),
        );
    }
    dated.len()
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
