use super::{Subject, WARNING};
use crate::finding::Report;
use crate::model::Entry;
use crate::model::version::Version;
use crate::source::edit::Edit;
use crate::source::{Span, Spanned};

declare_rule! {
    /// A hotfix whose version is sorted before the version that it mends.
    ///
    /// What follows a hyphen in a version is a pre-release after SemVer:
    /// `3.0.1-hotfix` comes before `3.0.1`, so package managers and update
    /// checks take the broken version for the newer one.
    ///
    /// ```yaml,bad
    /// - id: REL-001
    ///   title: Faster search
    ///   version: "3.0.1"
    ///   date: 2026-09-14
    /// - id: REL-002
    ///   title: Search works again
    ///   version: "3.0.1-hotfix"
    ///   type: hotfix
    ///   date: 2026-12-01
    /// ```
    ///
    /// ```yaml,good
    /// - id: REL-001
    ///   title: Faster search
    ///   version: "3.0.1"
    ///   date: 2026-09-14
    /// - id: REL-002
    ///   title: Search works again
    ///   version: "3.0.2"
    ///   type: hotfix
    ///   date: 2026-12-01
    /// ```
    "RP0208", "hotfix-sorts-before", WARNING, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    let mut looked_at = 0;
    for (entry, rel) in subject.plan.releases() {
        let Some(version) = &rel.version else { continue };
        looked_at += 1;
        if let Some(semver) = version.value.semver().filter(|semver| names_a_hotfix(semver)) {
            reports.push(report(subject, entry, version, semver));
        }
    }
    looked_at
}

fn names_a_hotfix(version: &semver::Version) -> bool {
    version.pre.split(['.', '-']).any(|part| part.to_ascii_lowercase().starts_with("hotfix"))
}

fn report(
    subject: &Subject<'_>,
    entry: &Entry<'_>,
    version: &Spanned<Version>,
    semver: &semver::Version,
) -> Report {
    let semver::Version { major, minor, patch, pre, .. } = semver;
    let mended = format!("{major}.{minor}.{patch}");
    let message = format!("{}: SemVer orders `{}` before `{mended}`", entry.id.value, version.value);
    let report = Report::at(version.span, message).saying("a pre-release in SemVer").help(format!(
        "use the next patch version, `{major}.{minor}.{}`, or build metadata: `{mended}+{pre}`",
        patch + 1
    ));
    let report = match place_of(subject, &mended) {
        Some(place) => report.and(place, "treated as newer"),
        None => report,
    };
    with_fix(subject, version, report)
}

fn place_of(subject: &Subject<'_>, version: &str) -> Option<Span> {
    let mut versions = subject.plan.releases().filter_map(|(_, rel)| rel.version.as_ref());
    versions.find(|other| other.value.to_string() == version).map(|other| other.span)
}

/// The hyphen becomes a plus sign, unless there is one already.
fn with_fix(subject: &Subject<'_>, version: &Spanned<Version>, report: Report) -> Report {
    let written = subject.sources.slice(version.span);
    match written.find('-').filter(|_| version.value.semver().is_some_and(|semver| semver.build.is_empty())) {
        Some(at) => {
            let edit = Edit::replace(version.span.within(at, at + 1), "+");
            report.suggested_fix("use build metadata for the hotfix", vec![edit])
        }
        None => report,
    }
}
