use crate::finding::Report;
use crate::model::Entry;
use crate::model::rel::{Rel, RelType, type_of_version};
use crate::model::release_notes::BreakingChange;
use crate::rules::{ERROR, Subject, words};
use crate::source::Span;

declare_rule! {
    /// A breaking change in a release that is not a major one.
    ///
    /// SemVer promises that whoever depends on `3.0.0` can take `3.1.0` and
    /// `3.1.1` unseen. A breaking change in such a release breaks builds of users
    /// who did nothing wrong. Versions below 1.0.0 may change anything, and calendar
    /// versions promise nothing, so they are not judged.
    ///
    /// ```yaml,bad
    /// id: REL-001
    /// title: Spring release
    /// version: "3.1.0"
    /// type: minor
    /// date: 2027-03-02
    /// breaking_changes:
    ///   - change: The endpoint /v2/flows is gone
    ///     migration: Call /v3/flows
    /// ```
    ///
    /// ```yaml,good
    /// id: REL-001
    /// title: Spring release
    /// version: "4.0.0"
    /// type: major
    /// date: 2027-03-02
    /// breaking_changes:
    ///   - change: The endpoint /v2/flows is gone
    ///     migration: Call /v3/flows
    /// ```
    "RP0517", "breaking-change-without-major", ERROR, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    let mut looked_at = 0;
    for (entry, rel) in subject.plan.releases().filter(|(_, rel)| !rel.is_cancelled()) {
        looked_at += rel.breaking_changes.len();
        let Some((place, kind)) = kind(rel).filter(|(_, kind)| *kind != RelType::Major) else { continue };
        reports.extend(rel.breaking_changes.iter().map(|change| report(entry, change, place, kind)));
    }
    looked_at
}

/// How large a release is for its users, and what says so: its SemVer version, or its type where it has no version.
fn kind(rel: &Rel<'_>) -> Option<(Span, RelType)> {
    match &rel.version {
        Some(version) => {
            let semver = version.value.semver().filter(|semver| semver.major > 0)?;
            Some((version.span, type_of_version(semver)))
        }
        None => rel.stated_type.map(|stated| (stated.span, stated.value)),
    }
}

fn report(entry: &Entry<'_>, change: &BreakingChange<'_>, place: Span, kind: RelType) -> Report {
    let (span, text) = match &change.change {
        Some(text) => (text.span, format!(" `{}`", words::short(text.value.trim()))),
        None => (change.span, String::new()),
    };
    Report::at(span, format!("{}: breaking change{text} in a {kind} release", entry.id.value))
        .and(place, format!("{kind} release"))
        .help("release it as a major version, `X.0.0`, or keep the old behaviour and list it under `deprecations`")
}

#[cfg(test)]
mod tests {
    use crate::rules::tests::messages;

    fn check(fields: &str, expect: usize) {
        let yaml = format!("{{id: REL-1, {fields}, breaking_changes: [The API is gone]}}");
        assert_eq!(messages("breaking-change-without-major", &yaml, "").len(), expect, "{fields}");
    }

    #[test]
    fn only_a_major_release_may_break() {
        check("version: '3.1.0'", 1);
        check("version: '3.0.1'", 1);
        check("version: 'v3.1.0-rc.1'", 1);
        check("version: '3.1.0', type: major", 1);
        check("type: patch", 1);
        check("version: '3.0.0'", 0);
        check("version: '3.0.0-rc.1'", 0);
        check("version: '0.4.0'", 0);
        check("version: '2026.1'", 0);
        check("version: '3.15.0rc1'", 0);
        check("type: major", 0);
        check("theme: none", 0);
        check("version: '3.1.0', status: cancelled", 0);
    }
}
