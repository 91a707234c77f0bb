use crate::finding::Report;
use crate::model::identity::is_same_role;
use crate::model::operations::StatedResponsibility;
use crate::model::{Entry, same_folded};
use crate::rules::{Subject, WARNING};

declare_rule! {
    /// A responsibility (RACI) that contradicts itself or the entries.
    ///
    /// An activity has one accountable role, and at least one that is responsible.
    /// For the activities that `relplan plan` derives, the accountable role is the
    /// owner of the release: another one is a contradiction.
    ///
    /// ```yaml,bad
    /// id: REL-001
    /// title: Spring release
    /// version: "3.1.0"
    /// owner: Release Manager
    /// raci:
    ///   - activity: Deploy
    ///     responsible: DevOps Engineer
    ///     accountable: [Release Manager, Engineering Lead]
    /// ```
    ///
    /// ```yaml,bad
    /// id: REL-001
    /// title: Spring release
    /// version: "3.1.0"
    /// owner: Release Manager
    /// raci:
    ///   - activity: Deploy
    ///     responsible: DevOps Engineer
    ///     accountable: Engineering Lead
    /// ```
    ///
    /// ```yaml,good
    /// id: REL-001
    /// title: Spring release
    /// version: "3.1.0"
    /// owner: Release Manager
    /// raci:
    ///   - activity: Deploy
    ///     responsible: DevOps Engineer
    ///     accountable: Release Manager
    /// ```
    "RP0523", "responsibility-contradiction", WARNING, since "0.1.0"
}

/// The activities whose accountable role is the owner of the release.
const OF_OWNER: [&str; 7] = [
    "Build the scope",
    "Test",
    "Meet the criteria and decide go/no-go",
    "Deploy",
    "Validate after the deployment",
    "Treat risks",
    "Communicate",
];

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    let mut looked_at = 0;
    for (entry, rel) in subject.plan.releases() {
        let Some(operations) = &rel.operations else { continue };
        looked_at += operations.responsibilities.len();
        let found = operations.responsibilities.iter().filter_map(|row| report(entry, row));
        reports.extend(found);
    }
    looked_at
}

fn report(entry: &Entry<'_>, row: &StatedResponsibility<'_>) -> Option<Report> {
    let id = entry.id.value;
    let Some(activity) = &row.activity else {
        let report = Report::at(row.span, format!("{id}: responsibility without `activity`"));
        return Some(report.help("add `activity`"));
    };
    let name = activity.value.trim();
    let at = |message: String| Report::at(activity.span, message);
    if row.responsible.is_empty() {
        return Some(at(format!("{id}: `{name}` has no responsible role")).help("add `responsible`"));
    }
    let accountable = match row.accountable.as_slice() {
        [] => return Some(at(format!("{id}: `{name}` has no accountable role")).help("add `accountable`")),
        [one] => one,
        [_, second, ..] => {
            let message = format!("{id}: `{name}` has {} accountable roles", row.accountable.len());
            return Some(
                Report::at(second.span, message).help("keep one of them, and make the others responsible"),
            );
        }
    };
    let owner = entry.owner.as_ref()?;
    let is_derived = OF_OWNER.iter().any(|own| same_folded(own, name));
    (is_derived && !is_same_role(owner.value.trim(), accountable.value.trim())).then(|| {
        let message = format!(
            "{id}: `{}` is accountable for `{name}`, but the owner of the release is `{}`",
            accountable.value.trim(),
            owner.value.trim()
        );
        Report::at(accountable.span, message)
            .and(owner.span, "the owner")
            .help("name the owner as accountable, or change `owner`")
    })
}
