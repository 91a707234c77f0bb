use crate::finding::Report;
use crate::model::rel::{Rel, RelType, type_of_version};
use crate::model::version::Version;
use crate::model::{Choice, Entry};
use crate::rules::{Subject, WARNING};
use crate::source::Spanned;
use crate::source::edit::Edit;

declare_rule! {
    /// A release whose type is not the one that its version says.
    ///
    /// A major release is `X.0.0`, a minor one `X.Y.0`, a patch or a hotfix
    /// `X.Y.Z`. Users read from the version whether they must expect breaking
    /// changes; how long the release is planned and tested follows from the
    /// type. Versions below 1.0.0 may change anything, and those of other schemes
    /// (`2026.10.0`, `25.11`) say nothing of it, so they are not judged.
    ///
    /// ```yaml,bad
    /// id: REL-001
    /// title: A new way to map fields
    /// version: "3.0.0"
    /// date: 2026-12-01
    /// type: minor
    /// ```
    ///
    /// ```yaml,good
    /// - id: REL-001
    ///   title: A new way to map fields
    ///   version: "3.0.0"
    ///   date: 2026-12-01
    ///   type: major
    /// - id: REL-002
    ///   title: Sign-in works again
    ///   version: "3.0.1"
    ///   date: 2027-01-12
    ///   type: hotfix
    /// ```
    "RP0207", "release-type-mismatch", WARNING, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    let mut looked_at = 0;
    for (entry, rel) in subject.plan.releases() {
        let Rel { version: Some(version), stated_type: Some(stated), .. } = rel else { continue };
        // A calendar version says when, and not what has changed.
        let Some(semver) = version.value.semver() else { continue };
        looked_at += 1;
        let said = type_of_version(semver);
        if semver.major > 0 && !agree(stated.value, said) {
            reports.push(report(entry, version, *stated, said));
        }
    }
    looked_at
}

/// A hotfix is a patch that could not wait, and is numbered like one.
fn agree(stated: RelType, said: RelType) -> bool {
    let small = |rel_type| matches!(rel_type, RelType::Patch | RelType::Hotfix);
    stated == said || (small(stated) && small(said))
}

fn report(entry: &Entry<'_>, version: &Spanned<Version>, stated: Spanned<RelType>, said: RelType) -> Report {
    let message = format!(
        "{}: type is {stated}, but the version is a {said} version",
        entry.id.value,
        stated = stated.value
    );
    let report = Report::at(stated.span, message)
        .and(version.span, format!("`{}` is a {said} version", version.value))
        .help(format!("set `type: {said}`, or use a {} version: {}", stated.value, pattern(stated.value)));
    // A hotfix has gates of its own; no fix makes it something else.
    match stated.value {
        RelType::Hotfix => report,
        _ => report.suggested_fix(format!("write `{said}`"), vec![Edit::replace(stated.span, said.word())]),
    }
}

fn pattern(rel_type: RelType) -> &'static str {
    match rel_type {
        RelType::Major => "`X.0.0`",
        RelType::Minor => "`X.Y.0`",
        RelType::Patch | RelType::Hotfix => "`X.Y.Z`",
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::tests::messages;

    fn check(version: &str, stated: &str, expect: usize) {
        let yaml = format!("{{id: REL-1, version: '{version}', type: {stated}}}");
        assert_eq!(messages("release-type-mismatch", &yaml, "").len(), expect, "{version} {stated}");
    }

    #[test]
    fn versions_say_their_type() {
        check("3.0.0", "major", 0);
        check("3.0.0-rc.1", "major", 0);
        check("3.1.0", "minor", 0);
        check("3.1.4", "patch", 0);
        check("3.1.4", "hotfix", 0);
        check("3.1.4+hotfix", "hotfix", 0);
        check("3.1.4-hotfix", "hotfix", 0);
        check("0.2.0", "major", 0);
        check("3.1.0", "major", 1);
        check("3.1.0", "hotfix", 1);
        check("3.1.4", "minor", 1);
        check("v3.1.0", "major", 1);
    }

    #[test]
    fn calendar_versions_say_none() {
        for version in ["2026.10.0", "2026.1", "25.11", "3.15.0rc1", "44", "33.0.0.0rc1"] {
            check(version, "major", 0);
            check(version, "minor", 0);
        }
        let yaml = "{id: REL-1, version: '2026.10.0', version_scheme: semver, type: major}";
        assert_eq!(messages("release-type-mismatch", yaml, "").len(), 1);
    }
}
