use std::collections::BTreeMap;

use crate::finding::Report;
use crate::model::version::{Scheme, Version};
use crate::model::{Choice, Id};
use crate::rules::{Subject, WARNING};
use crate::source::Spanned;

declare_rule! {
    /// Releases that are numbered by different schemes, and none of them is stated.
    ///
    /// Versions of different schemes have no order: whether `2026.1` comes
    /// after `3.1.0` is not known, nor which of them `--release` means. State the
    /// scheme under `[plan]`, so that a version of another one is an error, or in each
    /// release that is numbered apart. A Python version without a stage
    /// (`3.14.0`) goes with those that have one (`3.15.0rc1`).
    ///
    /// ```yaml,bad
    /// - id: REL-001
    ///   title: Spring release
    ///   version: "3.1.0"
    ///   date: 2027-04-07
    /// - id: REL-002
    ///   title: Autumn release
    ///   version: "2027.2"
    ///   date: 2027-10-06
    /// ```
    ///
    /// ```yaml,good
    /// - id: REL-001
    ///   title: Spring release
    ///   version: "3.1.0"
    ///   date: 2027-04-07
    /// - id: REL-002
    ///   title: The distribution
    ///   version: "2027.2"
    ///   version_scheme: calver
    ///   date: 2027-10-06
    /// ```
    "RP0211", "mixed-version-schemes", WARNING, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    if subject.config.families.numbering.is_stated() {
        return 0;
    }
    let stated = subject.plan.releases().filter(|(_, rel)| !rel.is_numbered_apart);
    let versions: Vec<(Id, &Spanned<Version>)> =
        stated.filter_map(|(entry, rel)| Some((entry.id.value, rel.version.as_ref()?))).collect();
    let mut by_scheme: BTreeMap<Scheme, Vec<&Spanned<Version>>> = BTreeMap::new();
    for (_, version) in &versions {
        by_scheme.entry(version.value.scheme()).or_default().push(version);
    }
    // The scheme of the most releases is taken for the plan's; of two, the first.
    let Some((usual, like_it)) = by_scheme.iter().rev().max_by_key(|(_, versions)| versions.len()) else {
        return 0;
    };
    let has_stage =
        |version: &Spanned<Version>| version.value.semver().is_some_and(|semver| !semver.pre.is_empty());
    let are_python = !versions.iter().any(|(_, version)| has_stage(version));
    for (id, version) in &versions {
        let scheme = version.value.scheme();
        if scheme == *usual || (are_python && is_python(scheme) && is_python(*usual)) {
            continue;
        }
        let (text, own, other) = (&version.value, scheme.word(), usual.word());
        let message = format!("{id}: `{text}` is a {own} version in a plan with {other} versions");
        let report = Report::at(version.span, message).help(format!(
            "state `version_scheme: {own}` in this release, or `version_scheme` under `[plan]` of relplan.toml"
        ));
        reports.push(match like_it.first() {
            Some(first) => report.and(first.span, format!("a {other} version")),
            None => report,
        });
    }
    versions.len()
}

/// Whether versions of a scheme may be those of Python: `3.14.0` beside `3.15.0rc1`.
fn is_python(scheme: Scheme) -> bool {
    matches!(scheme, Scheme::SemVer | Scheme::Pep440)
}

#[cfg(test)]
mod tests {
    use crate::rules::tests::messages;

    fn check(versions: &[&str], config: &str, expect: usize) {
        let one = |(at, version): (usize, &&str)| format!("- {{id: REL-{}, version: '{version}'}}\n", at + 1);
        let yaml: String = versions.iter().enumerate().map(one).collect();
        assert_eq!(messages("mixed-version-schemes", &yaml, config).len(), expect, "{versions:?}");
    }

    #[test]
    fn a_plan_has_one_scheme() {
        check(&["1.0.0", "1.1.0-rc.1", "v2.0.0"], "", 0);
        check(&["3.14.0", "3.15.0rc1"], "", 0);
        check(&["3.14.0", "3.15.0rc1", "3.16.0-rc.1"], "", 1);
        check(&["2026.1", "3.0.0", "3.1.0", "44"], "", 2);
        check(&["2026.1", "2026.2rc1"], "[plan]\nversion_scheme = 'calver'", 0);
        check(&[], "", 0);
    }
}
