use crate::finding::Report;
use crate::model::offset::When;
use crate::model::rel::{Rel, RelStatus};
use crate::model::{Text, UnreadableFields};
use crate::rules::{Subject, WARNING};

declare_rule! {
    /// A release that does not say when it goes out.
    ///
    /// Milestones, notices and freezes are counted from its date, so without one
    /// it has no calendar. A date that may move is better than none. The first
    /// milestone and the first communication that count from it are shown.
    ///
    /// ```yaml,bad
    /// id: REL-001
    /// version: "2.4.0"
    /// status: planned
    /// ```
    ///
    /// ```yaml,good
    /// id: REL-001
    /// version: "2.4.0"
    /// status: planned
    /// date: 2027-03-01
    /// ```
    "RP0708", "release-without-date", WARNING, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    let unreadable = UnreadableFields::new(subject.plan, subject.sources);
    for (entry, release) in subject.plan.releases() {
        let id = entry.id.value;
        let cancelled = release.status.is_some_and(|status| status.value == RelStatus::Cancelled);
        if release.date.is_none() && !cancelled && !unreadable.has(id, "date") {
            let example = release.deployed_at.map_or("2027-03-01".to_owned(), |day| day.value.to_string());
            let report = Report::at(entry.id.span, format!("{id}: release without a date"));
            let report = counted_from_it(release)
                .fold(report, |report, when| report.and(when.span, "relative to the missing date"));
            reports.push(report.help(format!("add `date: {example}`")));
        }
    }
    subject.plan.releases().count()
}

/// The first of the milestones and the first of the communications that count from the day of the release.
fn counted_from_it<'r, 's>(release: &'r Rel<'s>) -> impl Iterator<Item = &'r Text<'s>> {
    let counted = |when: &&Text<'_>| matches!(When::parse(&when.value), Ok(When::Offset(_)));
    let milestone = release.milestones.iter().filter_map(|milestone| milestone.when.as_ref()).find(counted);
    let communication =
        release.communications.iter().filter_map(|communication| communication.when.as_ref()).find(counted);
    milestone.into_iter().chain(communication)
}

#[cfg(test)]
mod tests {
    use crate::rules::tests::findings;

    #[test]
    fn what_counts_from_the_missing_day_is_shown() {
        let yaml = "id: REL-1\nversion: 3.1.0\nmilestones: {beta: 2027-02-01, alpha: 4 weeks before}\ncommunications:\n- {name: x, when: 3 days before}\n- {name: y, when: 1 day before}\n";
        let found = findings(yaml, "");
        let found = found.iter().find(|finding| finding.name == "release-without-date").expect("a finding");
        let places: Vec<&str> = found.labels.iter().map(|label| &yaml[label.span.range()]).collect();
        assert_eq!(places, ["REL-1", "4 weeks before", "3 days before"]);
    }
}
