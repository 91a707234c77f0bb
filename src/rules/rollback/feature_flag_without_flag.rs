use rustc_hash::FxHashSet;

use super::strategies;
use crate::finding::Report;
use crate::model::dep::Strategy;
use crate::model::{EntryIndex, Kind, UnreadableFields};
use crate::rules::{Subject, WARNING, words};

declare_rule! {
    /// A release behind feature flags that names none.
    ///
    /// With the strategy `feature-flag`, the way back is to turn a flag off. During
    /// an incident, somebody has to know which one.
    ///
    /// ```yaml,bad
    /// - id: REL-001
    ///   title: New checkout
    ///   version: "2.4.0"
    ///   date: 2027-03-01
    ///   strategy: feature-flag
    /// ```
    ///
    /// ```yaml,good
    /// - id: REL-001
    ///   title: New checkout
    ///   version: "2.4.0"
    ///   date: 2027-03-01
    ///   strategy: feature-flag
    ///   flags: checkout-v2
    /// ```
    "RP1055", "feature-flag-without-flag", WARNING, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    let unreadable = UnreadableFields::new(subject.plan, subject.sources);
    let releases = strategies::deployed_by(subject, Strategy::FeatureFlag);
    let named_by_flags: FxHashSet<EntryIndex> =
        subject.plan.flags().filter_map(|(entry, _)| subject.plan.release(&entry.release()?.value)).collect();
    for release in &releases {
        let id = release.entry.id.value;
        let named = named_by_flags.contains(&release.index);
        let is_flag = |index| matches!(subject.plan.entry(index).kind, Kind::Flag(_));
        let linked = subject.graph.any_edge(release.index, |edge| is_flag(edge.from) || is_flag(edge.to));
        let there =
            named || linked || !release.rel.flags.is_empty() || words::may_be_elsewhere(subject, "FLAG");
        if let Some(strategy) = release.strategy.filter(|_| !there && !unreadable.has(id, "flags")) {
            let message = format!("{id}: strategy is feature-flag, but the release names no flag");
            reports.push(Report::at(strategy.span, message).help("add `flags` with the keys of its flags"));
        }
    }
    releases.len()
}
