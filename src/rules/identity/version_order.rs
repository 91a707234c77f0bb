use std::collections::BTreeMap;

use chrono::NaiveDate;

use crate::finding::Report;
use crate::model::Entry;
use crate::model::rel::RelStatus;
use crate::model::version::{Scheme, Sequence, Version, VersionKind};
use crate::rules::{Subject, WARNING};
use crate::source::{Span, Spanned};

declare_rule! {
    /// Versions that do not ascend with the dates of their releases.
    ///
    /// Package managers, update checks and readers take the higher version for the
    /// newer one. Compared are, by the scheme of the versions: the pre-releases of one
    /// version with each other and with the release; the patches of one line; the
    /// minor releases of one major. A release of an older line (`2.9.1` after `3.0.0`)
    /// is in order.
    ///
    /// ```yaml,bad
    /// - id: REL-001
    ///   title: Faster search
    ///   version: "2.4.0"
    ///   date: 2027-01-12
    /// - id: REL-002
    ///   title: Saved searches
    ///   version: "2.5.0"
    ///   date: 2026-12-01
    /// ```
    ///
    /// ```yaml,bad
    /// - id: REL-001
    ///   title: Candidate
    ///   version: "3.15.0rc1"
    ///   date: 2027-01-12
    /// - id: REL-002
    ///   title: Final release
    ///   version: "3.15.0"
    ///   version_scheme: pep440
    ///   date: 2026-12-01
    /// ```
    ///
    /// ```yaml,good
    /// - id: REL-001
    ///   title: Faster search
    ///   version: "2.4.0"
    ///   date: 2026-12-01
    /// - id: REL-002
    ///   title: A new way to map fields
    ///   version: "3.0.0"
    ///   date: 2027-01-12
    /// - id: REL-003
    ///   title: A fix for those who stay on 2.4
    ///   version: "2.4.1"
    ///   date: 2027-02-09
    /// ```
    "RP0210", "version-order", WARNING, since "0.1.0"
}

/// A release with a version and a day.
struct Dated<'p> {
    entry: &'p Entry<'p>,
    version: &'p Spanned<Version>,
    day: Spanned<NaiveDate>,
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    let mut looked_at = 0;
    let mut sequences: BTreeMap<(Scheme, Sequence), Vec<Dated<'_>>> = BTreeMap::new();
    for (entry, rel) in subject.plan.releases() {
        let is_cancelled = rel.status.is_some_and(|status| status.value == RelStatus::Cancelled);
        let (Some(version), Some(day)) = (&rel.version, rel.deployed_at.or(rel.date)) else { continue };
        if is_cancelled {
            continue;
        }
        looked_at += 1;
        // A release of Python without a stage looks like one of SemVer.
        let scheme = match version.value.scheme() {
            Scheme::Pep440 | Scheme::FourPart => Scheme::SemVer,
            scheme => scheme,
        };
        for sequence in version.value.sequences() {
            sequences.entry((scheme, sequence)).or_default().push(Dated { entry, version, day });
        }
    }
    let mut reported: Vec<(Span, Span)> = Vec::new();
    for ((_, sequence), mut releases) in sequences {
        releases.sort_by(|a, b| a.version.value.cmp(&b.version.value));
        // Each is held against the latest of the lower ones, so that one date that is wrong is reported once.
        let mut latest: Option<Dated<'_>> = None;
        for release in releases {
            match latest.as_ref().filter(|lower| lower.day.value > release.day.value) {
                Some(lower) if lower.version.value < release.version.value => {
                    let pair = (release.version.span, lower.version.span);
                    if !reported.contains(&pair) {
                        reported.push(pair);
                        reports.push(report(&release, lower, sequence.what));
                    }
                }
                _ => latest = Some(release),
            }
        }
    }
    looked_at
}

fn report(higher: &Dated<'_>, lower: &Dated<'_>, what: VersionKind) -> Report {
    let (id, version, day) = (higher.entry.id.value, &higher.version.value, higher.day.value);
    let (other, other_day) = (&lower.version.value, lower.day.value);
    let message =
        format!("{id}: `{version}` is released on {day}, before the lower `{other}` on {other_day}");
    let line = match what {
        VersionKind::PreRelease => "pre-releases come before their release, in order",
        VersionKind::Patch => "the patches of a line ascend with their dates",
        VersionKind::Minor | VersionKind::Major => "minor releases ascend with their dates",
    };
    Report::at(higher.version.span, message)
        .and(lower.version.span, format!("{}: released on {other_day}", lower.entry.id.value))
        .help(format!("swap the versions, or correct a date: {line}"))
}

#[cfg(test)]
mod tests {
    use crate::rules::tests::messages;

    fn check(releases: &[(&str, &str)], expect: usize) {
        let one = |(at, (version, date)): (usize, &(&str, &str))| {
            format!("- {{id: REL-{}, version: '{version}', date: {date}}}\n", at + 1)
        };
        let yaml: String = releases.iter().enumerate().map(one).collect();
        assert_eq!(messages("version-order", &yaml, "").len(), expect, "{releases:?}");
    }

    #[test]
    fn versions_of_a_sequence_ascend() {
        check(&[("1.0.0", "2027-01-04"), ("1.1.0", "2027-02-01"), ("1.1.1", "2027-03-01")], 0);
        check(&[("1.1.0", "2027-02-01"), ("2.0.0", "2027-03-01"), ("1.1.1", "2027-04-05")], 0);
        check(&[("1.1.0", "2027-02-01"), ("2.0.0", "2027-03-01"), ("1.2.0", "2027-04-05")], 0);
        check(&[("1.1.2", "2027-02-01"), ("1.1.1", "2027-03-01")], 1);
        check(&[("2.0.0", "2027-02-01"), ("1.0.0", "2027-03-01")], 0);
        check(&[("1.0.0", "2027-02-01"), ("1.0.0-rc.1", "2027-03-01")], 1);
        check(&[("1.0.0-rc.2", "2027-02-01"), ("1.0.0-rc.1", "2027-03-01"), ("1.0.0", "2027-04-01")], 1);
        check(&[("2026.2", "2026-10-01"), ("2027.1", "2026-04-01")], 1);
        check(&[("24.04.1", "2024-08-01"), ("24.10", "2024-10-10"), ("24.04.2", "2025-02-20")], 0);
        check(&[("45", "2027-02-01"), ("44", "2027-03-01")], 1);
        check(&[("3.15.0rc1", "2027-02-01"), ("3.15.0", "2027-03-01"), ("3.14.9", "2027-04-01")], 0);
        check(&[("1.0.0", "2027-02-01"), ("1.0.1", "2027-02-01")], 0);
    }
}
