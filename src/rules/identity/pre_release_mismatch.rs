use crate::finding::Report;
use crate::rules::{Subject, WARNING};

declare_rule! {
    /// A milestone whose version is not a pre-release of the release.
    ///
    /// The versions of milestones are the pre-releases on the way to a release:
    /// `3.0.0-alpha.1`, `3.0.0-rc.1` before `3.0.0`. A milestone has one if it states
    /// `version`, or if its name is one. Another version there is a mistake, or belongs
    /// to a release of its own.
    ///
    /// ```yaml,bad
    /// id: REL-001
    /// version: "3.1.0"
    /// date: 2027-03-03
    /// milestones:
    ///   first candidate: {date: 2027-02-17, version: 3.0.0-rc.1}
    /// ```
    ///
    /// ```yaml,good
    /// id: REL-001
    /// version: "3.1.0"
    /// date: 2027-03-03
    /// milestones:
    ///   v3.1.0-beta.1: 2027-02-10
    ///   first candidate: {date: 2027-02-17, version: 3.1.0-rc.1}
    /// ```
    "RP0212", "pre-release-mismatch", WARNING, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    let mut looked_at = 0;
    for (entry, release) in subject.plan.releases() {
        let Some(version) = &release.version else { continue };
        for milestone in &release.milestones {
            let Some(own) = &milestone.version else { continue };
            looked_at += 1;
            if own.value.is_pre_release_of(&version.value) {
                continue;
            }
            let id = entry.id.value;
            let message = format!("{id}: `{}` is not a pre-release of `{}`", own.value, version.value);
            reports.push(Report::at(own.span, message).and(version.span, "the version of the release").help(
                format!(
                    "write a pre-release such as `{}-rc.1`, or add a REL entry for `{}`",
                    version.value, own.value
                ),
            ));
        }
    }
    looked_at
}
