use rustc_hash::FxHashMap;

use crate::finding::Report;
use crate::model::{Id, Kind, Prefix, Text, UnreadableFields, id};
use crate::rules::shape::invalid_version;
use crate::rules::{ERROR, Subject, words};
use crate::source::edit::Edit;

declare_rule! {
    /// An entry for a release that the plan does not have.
    ///
    /// `release`, and `target_release` of what a release leaves out, name a
    /// REL by its id or its version. An entry for a release that does not exist
    /// is checked for none. In a plan without any REL the field is free.
    ///
    /// ```yaml,bad
    /// - id: REL-001
    ///   title: Faster search
    ///   version: "2.4.0"
    ///   date: 2026-12-01
    /// - id: FEA-001
    ///   title: Saved searches
    ///   release: "2.4.1"
    /// ```
    ///
    /// ```yaml,good
    /// - id: REL-001
    ///   title: Faster search
    ///   version: "2.4.0"
    ///   date: 2026-12-01
    /// - id: FEA-001
    ///   title: Saved searches
    ///   release: "2.4.0"
    /// - id: FEA-002
    ///   title: Shared searches
    ///   release: REL-001
    /// ```
    "RP0317", "release-missing", ERROR, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    if subject.plan.releases().next().is_none() || are_elsewhere(subject) {
        return 0;
    }
    // Thousands of entries name the same few releases.
    let mut known: FxHashMap<&str, bool> = FxHashMap::default();
    let mut looked_at = 0;
    let versions = are_all_versions_read(subject);
    for (owner, name) in names(subject) {
        looked_at += 1;
        let exists = known.entry(&name.value).or_insert_with(|| {
            subject.plan.release(&name.value).is_some() || (!versions && id::parse(&name.value).is_err())
        });
        if !*exists {
            reports.push(report(subject, owner, name));
        }
    }
    words::keep_first_of_each_place(reports);
    looked_at
}

/// Whether releases exist of which nothing is known.
fn are_elsewhere(subject: &Subject<'_>) -> bool {
    let cut_off = subject.plan.broken.iter().any(|id| id.prefix.as_str() == "REL");
    let family = Prefix::new("REL").and_then(|prefix| subject.config.families.of(&prefix));
    cut_off || family.is_some_and(|family| family.external.is_some())
}

/// Whether the versions of all releases are known: one that could not be read may be the one that is named.
fn are_all_versions_read(subject: &Subject<'_>) -> bool {
    let unreadable = UnreadableFields::new(subject.plan, subject.sources);
    subject.plan.releases().all(|(entry, _)| !unreadable.has(entry.id.value, "version"))
}

/// Every text that names a release, with the entry that it stands in.
fn names<'p>(subject: &Subject<'p>) -> impl Iterator<Item = (Id, &'p Text<'p>)> {
    subject.plan.entries().iter().flat_map(|entry| {
        let excluded = match &entry.kind {
            Kind::Rel(rel) => rel.excluded.as_slice(),
            _ => &[],
        };
        let targets = excluded.iter().filter_map(|excluded| excluded.target_release.as_ref());
        entry.release().into_iter().chain(targets).map(|name| (entry.id.value, name))
    })
}

fn report(subject: &Subject<'_>, owner: Id, name: &Text<'_>) -> Report {
    let report = Report::at(name.span, format!("{owner}: unknown release `{}`", name.value));
    let written = subject.sources.slice(name.span);
    match nearest(subject, &name.value) {
        Some(near) if written.contains(&*name.value) => {
            report.help(format!("did you mean `{near}`? Otherwise add a REL entry")).suggested_fix(
                format!("write `{near}`"),
                vec![Edit::replace(name.span, written.replacen(&*name.value, &near, 1))],
            )
        }
        _ => report.help("use the id or the version of a REL entry, or add one"),
    }
}

/// The release that was probably meant: the version with the numbers that are missing, or the one id that is
/// spelt most like `name`. A version that is spelt alike is another version.
fn nearest(subject: &Subject<'_>, name: &str) -> Option<String> {
    if let Some(version) = invalid_version::repaired(name) {
        return subject.plan.release(&version).map(|_| version);
    }
    let ids = subject.plan.releases().map(|(entry, _)| entry.id.value.to_string());
    let mut near: Vec<(usize, String)> = ids
        .map(|known| (strsim::damerau_levenshtein(&known, name), known))
        .filter(|(distance, _)| *distance <= 2)
        .collect();
    near.sort();
    match near.as_slice() {
        [(first, _), (second, _), ..] if first == second => None,
        _ => near.into_iter().next().map(|(_, known)| known),
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::tests::messages;

    fn check(release: &str, expect: &[&str]) {
        let yaml = format!("- {{id: REL-1, version: 3.1.0}}\n- {{id: FEA-1, release: {release}}}");
        assert_eq!(messages("release-missing", &yaml, ""), expect, "{release}");
    }

    #[test]
    fn a_release_is_named_by_its_id_or_its_version() {
        for release in ["REL-1", "REL-001", "3.1.0", "v3.1.0", "'3.1.0 (spring)'"] {
            check(release, &[]);
        }
        check("3.1.1", &["FEA-1: unknown release `3.1.1`"]);
        check("FEA-1", &["FEA-1: unknown release `FEA-1`"]);
        check("spring", &["FEA-1: unknown release `spring`"]);
    }

    #[test]
    fn a_version_that_could_not_be_read_may_be_the_one() {
        let check = |release: &str, expect: &[&str]| {
            let yaml = format!("- {{id: REL-1, version: '3.1'}}\n- {{id: FEA-1, release: {release}}}");
            assert_eq!(messages("release-missing", &yaml, ""), expect, "{release}");
        };
        check("3.1.0", &[]);
        check("REL-2", &["FEA-1: unknown release `REL-2`"]);
    }

    #[test]
    fn what_defaults_give_to_many_is_wrong_once() {
        let yaml = "defaults: {release: 2.0.0}\nentries: [{id: FEA-1}, {id: FEA-2}, {id: REL-1, version: 1.0.0, release: ~}]";
        assert_eq!(messages("release-missing", yaml, "").len(), 1);
    }

    #[test]
    fn what_is_left_out_of_a_release_goes_to_one_that_exists() {
        let yaml = "{id: REL-1, version: 3.1.0, excluded: [{id: FEA-1, target_release: 3.2.0}]}";
        assert_eq!(messages("release-missing", yaml, ""), ["REL-1: unknown release `3.2.0`"]);
        assert_eq!(messages("release-missing", "{id: FEA-1, release: whenever}", ""), [""; 0]);
    }
}
