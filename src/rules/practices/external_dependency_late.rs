use chrono::NaiveDate;

use crate::finding::Report;
use crate::model::Entry;
use crate::model::rel::Rel;
use crate::model::release_strategy::{DependencyStatus, ExternalDependency};
use crate::rules::{Subject, WARNING, words};

declare_rule! {
    /// An external dependency that is overdue, or due after the release.
    ///
    /// What comes from outside comes when it comes. If it is needed for the
    /// release, it has to be there before it, with time to test it.
    ///
    /// ```yaml,bad
    /// id: REL-001
    /// title: Spring release
    /// version: "3.1.0"
    /// date: 2027-03-02
    /// external_dependencies:
    ///   - name: Certificate of the payment provider
    ///     owner: Partner Manager
    ///     status: requested
    ///     due: 2027-03-09
    /// ```
    ///
    /// ```yaml,good
    /// id: REL-001
    /// title: Spring release
    /// version: "3.1.0"
    /// date: 2027-03-02
    /// external_dependencies:
    ///   - name: Certificate of the payment provider
    ///     owner: Partner Manager
    ///     status: confirmed
    ///     due: 2027-02-02
    /// ```
    "RP0520", "external-dependency-late", WARNING, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    let mut looked_at = 0;
    for (entry, rel) in subject.plan.releases().filter(|(_, rel)| !rel.is_over()) {
        looked_at += rel.external_dependencies.len();
        let late =
            rel.external_dependencies.iter().filter_map(|item| report(entry, rel, item, subject.today));
        reports.extend(late);
    }
    looked_at
}

fn report(
    entry: &Entry<'_>,
    rel: &Rel<'_>,
    item: &ExternalDependency<'_>,
    today: NaiveDate,
) -> Option<Report> {
    let due = item.due?;
    if item.status.is_some_and(|status| status.value == DependencyStatus::Ready) {
        return None;
    }
    let name = item.name.as_ref().map_or("", |name| name.value.trim());
    let about = format!("{}: external dependency `{}`", entry.id.value, words::short(name));
    match rel.date.filter(|date| date.value < due.value) {
        Some(date) => Some(
            Report::at(due.span, format!("{about} is due after the release"))
                .and(date.span, format!("release on {}", date.value))
                .help("agree on an earlier date, or move the release"),
        ),
        None if due.value < today => Some(
            Report::at(due.span, format!("{about} was due on {}", due.value))
                .help("set `status: ready` if it is there; otherwise agree on a new date"),
        ),
        None => None,
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::tests::messages;

    #[test]
    fn what_comes_from_outside_comes_in_time() {
        let check = |item: &str, expect: &[&str]| {
            let yaml =
                format!("{{id: REL-1, version: '3.1.0', date: 2099-03-02, external_dependencies: {item}}}");
            assert_eq!(messages("external-dependency-late", &yaml, ""), expect, "{item}");
        };
        check("{name: A, due: 2099-03-09}", &["REL-1: external dependency `A` is due after the release"]);
        check("{name: A, due: 2020-01-07}", &["REL-1: external dependency `A` was due on 2020-01-07"]);
        check("{name: A, due: 2020-01-07, status: ready}", &[]);
        check("{name: A, due: 2099-02-02, status: requested}", &[]);
        check("[A]", &[]);
        check("none", &[]);
    }
}
