use rustc_hash::FxHashMap;

use crate::finding::Report;
use crate::model::value::folded;
use crate::rules::{Subject, WARNING, words};
use crate::source::Span;

declare_rule! {
    /// A deliverable without a name, a version or a team, or one that is named twice.
    ///
    /// A coordinated release is ready when all of its deliverables are. Whether one is,
    /// its team says, and which version belongs to the release, its version. Without
    /// a version, the release has it as UNKNOWN.
    ///
    /// ```yaml,bad
    /// id: REL-001
    /// title: Spring release
    /// version: "2027.1"
    /// date: 2027-04-07
    /// deliverables:
    ///   - {name: compute, team: Compute}
    ///   - {name: network, version: 27.0.0}
    /// ```
    ///
    /// ```yaml,good
    /// id: REL-001
    /// title: Spring release
    /// version: "2027.1"
    /// date: 2027-04-07
    /// deliverables:
    ///   - {name: compute, version: 33.0.0.0rc1, team: Compute}
    ///   - {name: network, version: 27.0.0, team: Network, status: ready}
    /// ```
    "RP0732", "deliverable-incomplete", WARNING, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    let mut looked_at = 0;
    for (entry, release) in subject.plan.releases() {
        let id = entry.id.value;
        let mut seen: FxHashMap<String, Span> = FxHashMap::default();
        for deliverable in &release.deliverables {
            looked_at += 1;
            let name = deliverable.title();
            let place = deliverable.name.as_ref().map_or(deliverable.span, |name| name.span);
            let Some(stated) = &deliverable.name else {
                let report = Report::at(
                    place,
                    format!("{id}: deliverable `{}` has no name", words::short(subject.sources.slice(place))),
                );
                reports.push(report.help("add `name: compute`"));
                continue;
            };
            let key: String = folded(&stated.value).collect();
            if let Some(first) = seen.get(&key) {
                let report = Report::at(place, format!("{id}: deliverable `{name}` is named twice"));
                reports.push(report.and(*first, "first here").help("merge the two, or rename one"));
            } else {
                seen.insert(key, place);
            }
            if !deliverable.has_version && deliverable.is_part() {
                let report = Report::at(place, format!("{id}: deliverable `{name}` has no version"));
                reports.push(report.help("add `version: 1.0.0`, the version that the release has of it"));
            }
            if deliverable.team.is_none() && deliverable.is_part() {
                let report = Report::at(place, format!("{id}: deliverable `{name}` has no team"));
                reports.push(report.help("add `team: Compute`, the team that delivers it"));
            }
        }
    }
    looked_at
}
