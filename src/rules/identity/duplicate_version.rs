use rustc_hash::FxHashMap;

use crate::finding::Report;
use crate::model::rel::RelStatus;
use crate::model::version::{Version, next};
use crate::rules::{ERROR, Subject};
use crate::source::Span;

declare_rule! {
    /// Two releases with one version.
    ///
    /// After SemVer a version is never used twice: whatever is different must
    /// get a new one. `--release` and the `release` of an entry could mean
    /// either. A cancelled release gives its version back.
    ///
    /// ```yaml,bad
    /// - id: REL-001
    ///   title: Faster search
    ///   version: "2.4.0"
    ///   date: 2026-12-01
    /// - id: REL-002
    ///   title: Saved searches
    ///   version: "2.4.0"
    ///   date: 2027-01-12
    /// ```
    ///
    /// ```yaml,good
    /// - id: REL-001
    ///   title: Faster search
    ///   version: "2.4.0"
    ///   date: 2026-12-01
    /// - id: REL-002
    ///   title: Saved searches
    ///   version: "2.5.0"
    ///   date: 2027-01-12
    /// ```
    "RP0206", "duplicate-version", ERROR, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    let mut first: FxHashMap<&Version, Span> = FxHashMap::default();
    let mut looked_at = 0;
    for (entry, rel) in subject.plan.releases() {
        looked_at += 1;
        let cancelled = rel.status.is_some_and(|status| status.value == RelStatus::Cancelled);
        let Some(version) = rel.version.as_ref().filter(|_| !cancelled) else { continue };
        match first.get(&version.value) {
            Some(&earlier) => reports.push(
                Report::at(
                    version.span,
                    format!("{}: duplicate version `{}`", entry.id.value, version.value),
                )
                .saying("used again here")
                .and(earlier, "first used here")
                .help(match next_free(subject, &version.value) {
                    Some(next) => format!("give one of the releases another version: `{next}` is free"),
                    None => "give one of the releases another version".to_owned(),
                }),
            ),
            None => _ = first.insert(&version.value, version.span),
        }
    }
    looked_at
}

/// The next version of the same kind that no release of the plan has.
fn next_free(subject: &Subject<'_>, version: &Version) -> Option<String> {
    let numbering = &subject.config.families.numbering;
    let all = subject.plan.releases().filter_map(|(_, rel)| Some(&rel.version.as_ref()?.value));
    let same_scheme: Vec<&Version> = all.filter(|other| other.scheme() == version.scheme()).collect();
    next(&same_scheme, numbering, version.final_kind(), subject.today)
}
