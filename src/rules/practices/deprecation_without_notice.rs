use chrono::NaiveDate;

use crate::finding::Report;
use crate::model::Entry;
use crate::model::rel::Rel;
use crate::model::release_notes::Deprecation;
use crate::model::version::Version;
use crate::rules::{Subject, WARNING, words};
use crate::source::{Span, Spanned};

declare_rule! {
    /// A deprecation whose removal is not after the release that announces it.
    ///
    /// What is deprecated still works. Removed in the same release, it is a
    /// breaking change, and belongs under `breaking_changes`.
    ///
    /// ```yaml,bad
    /// id: REL-001
    /// title: Spring release
    /// version: "3.1.0"
    /// date: 2027-03-02
    /// deprecations:
    ///   - feature: The endpoint /v2/flows
    ///     replacement: /v3/flows
    ///     removed_in: "3.1.0"
    /// ```
    ///
    /// ```yaml,good
    /// id: REL-001
    /// title: Spring release
    /// version: "3.1.0"
    /// date: 2027-03-02
    /// deprecations:
    ///   - feature: The endpoint /v2/flows
    ///     replacement: /v3/flows
    ///     removed_in: "4.0.0"
    ///     removal_date: 2027-09-07
    /// ```
    "RP0519", "deprecation-without-notice", WARNING, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    let mut looked_at = 0;
    for (entry, rel) in subject.plan.releases().filter(|(_, rel)| !rel.is_cancelled()) {
        looked_at += rel.deprecations.len();
        reports.extend(rel.deprecations.iter().filter_map(|deprecation| report(entry, rel, deprecation)));
    }
    looked_at
}

fn report(entry: &Entry<'_>, rel: &Rel<'_>, deprecation: &Deprecation<'_>) -> Option<Report> {
    let (place, removed, released, when) =
        by_version(rel, deprecation).or_else(|| by_date(rel, deprecation))?;
    let feature = deprecation.feature.as_ref().map(|text| format!(" `{}`", words::short(text.value.trim())));
    let message = format!(
        "{}: deprecation{} is removed {removed}, not after the release",
        entry.id.value,
        feature.unwrap_or_default()
    );
    let help = "name a later version or date, or list it under `breaking_changes`";
    Some(Report::at(place, message).and(released, when).help(help))
}

/// Where it is removed, in words; and what says when the release is.
type Removal = (Span, String, Span, String);

/// Versions of different schemes have no order.
fn by_version(rel: &Rel<'_>, deprecation: &Deprecation<'_>) -> Option<Removal> {
    let (removed, version) = (deprecation.removed_in.as_ref()?, rel.version.as_ref()?);
    let wanted = Version::parse_as(&removed.value, version.value.scheme())?;
    (wanted <= version.value)
        .then(|| (removed.span, format!("in {wanted}"), version.span, format!("release {}", version.value)))
}

fn by_date(rel: &Rel<'_>, deprecation: &Deprecation<'_>) -> Option<Removal> {
    let released: Spanned<NaiveDate> = rel.date?;
    let removed = deprecation.removal_date.filter(|removed| removed.value <= released.value)?;
    Some((
        removed.span,
        format!("on {}", removed.value),
        released.span,
        format!("release on {}", released.value),
    ))
}

#[cfg(test)]
mod tests {
    use crate::rules::tests::messages;

    #[test]
    fn what_is_deprecated_is_removed_later() {
        let check = |item: &str, expect: &[&str]| {
            let yaml = format!("{{id: REL-1, version: '3.1.0', date: 2027-03-02, deprecations: {item}}}");
            assert_eq!(messages("deprecation-without-notice", &yaml, ""), expect, "{item}");
        };
        check(
            "{feature: A, removed_in: '3.0.0'}",
            &["REL-1: deprecation `A` is removed in 3.0.0, not after the release"],
        );
        check(
            "{feature: A, removal_date: 2027-03-02}",
            &["REL-1: deprecation `A` is removed on 2027-03-02, not after the release"],
        );
        check("{feature: A, removed_in: '4.0.0', removal_date: 2027-09-01}", &[]);
        check("{feature: A, removed_in: the next major version}", &[]);
        check("[A]", &[]);
    }
}
