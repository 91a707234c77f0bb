use crate::finding::Report;
use crate::model::Entry;
use crate::model::version::Version;
use crate::rules::{Subject, WARNING};
use crate::source::{Span, Spanned};

declare_rule! {
    /// A hotfix whose version sorts before the version that it fixes.
    ///
    /// In SemVer, the part after a hyphen is a pre-release: `3.0.1-hotfix` comes
    /// before `3.0.1`, so package managers and update checks take the broken
    /// version for the newer one.
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
    let repaired = format!("{}.{}.{}", semver.major, semver.minor, semver.patch);
    let message = format!("{}: SemVer orders `{}` before `{repaired}`", entry.id.value, version.value);
    // There is no fix: with another version or another type, the release would pass other gates.
    let report = Report::at(version.span, message).saying("a pre-release in SemVer").help(format!(
        "use the next free patch version: `version: \"{}\"`, with `type: hotfix`",
        next_free(subject, semver)
    ));
    match place_of(subject, &repaired) {
        Some(place) => report.and(place, "treated as newer"),
        None => report,
    }
}

/// The next patch version that no release of the plan has.
fn next_free(subject: &Subject<'_>, semver: &semver::Version) -> semver::Version {
    let versions = subject.plan.releases().filter_map(|(_, rel)| rel.version.as_ref()?.value.semver());
    let same_line = versions.filter(|other| (other.major, other.minor) == (semver.major, semver.minor));
    let newest = same_line.map(|other| other.patch).max().unwrap_or(semver.patch);
    semver::Version::new(semver.major, semver.minor, newest.max(semver.patch).saturating_add(1))
}

fn place_of(subject: &Subject<'_>, version: &str) -> Option<Span> {
    let mut versions = subject.plan.releases().filter_map(|(_, rel)| rel.version.as_ref());
    versions.find(|other| other.value.to_string() == version).map(|other| other.span)
}

#[cfg(test)]
mod tests {
    use crate::rules::tests::findings;

    fn check(yaml: &str, help: &str) {
        let found = findings(yaml, "");
        let found = found.iter().find(|finding| finding.name == "hotfix-sorts-before").expect("a finding");
        assert_eq!(found.help.as_deref(), Some(help), "{yaml}");
        assert!(found.fix.is_none(), "{yaml}");
    }

    #[test]
    fn the_next_free_version_is_offered_and_none_is_written() {
        let help = "use the next free patch version: `version: \"1.2.4\"`, with `type: hotfix`";
        check("- {id: REL-1, version: 1.2.3-hotfix.1}", help);
        check("- {id: REL-1, version: 1.2.3-Hotfix}\n- {id: REL-2, version: 1.3.7}", help);
        let help = "use the next free patch version: `version: \"1.2.6\"`, with `type: hotfix`";
        check("- {id: REL-1, version: 1.2.3-hotfix}\n- {id: REL-2, version: 1.2.5}", help);
    }
}
