use super::strategies::{self, FirstRollbacks};
use crate::finding::Report;
use crate::model::dep::{Rollback, Strategy};
use crate::model::duration::Duration;
use crate::rules::{Subject, WARNING};

declare_rule! {
    /// A rolling deployment whose rollback has less than five minutes.
    ///
    /// A rolling deployment goes back as it came: the previous version is deployed
    /// again, a few instances at a time, with health checks between them. Blue-green
    /// goes back by a switch, and a feature flag by its kill switch. A rollback in
    /// seconds or a few minutes needs one of these, or a rehearsal that shows that
    /// the rolling one is fast enough.
    ///
    /// ```yaml,bad
    /// - id: REL-001
    ///   title: Faster search
    ///   version: "2.4.0"
    ///   date: 2027-03-01
    ///   strategy: rolling
    /// - id: DEP-003
    ///   title: Search fails
    ///   type: Rollback
    ///   trigger: The error rate rises
    ///   max_duration: 1m
    /// ```
    ///
    /// ```yaml,good
    /// - id: REL-001
    ///   title: Faster search
    ///   version: "2.4.0"
    ///   date: 2027-03-01
    ///   strategy: blue-green
    /// - id: DEP-003
    ///   title: Search fails
    ///   type: Rollback
    ///   trigger: The error rate rises
    ///   max_duration: 1m
    /// ```
    ///
    /// ```yaml,good
    /// - id: REL-001
    ///   title: Faster search
    ///   version: "2.4.0"
    ///   date: 2027-03-01
    ///   strategy: rolling
    /// - id: DEP-003
    ///   title: Search fails
    ///   type: Rollback
    ///   trigger: The error rate rises
    ///   max_duration: 4m
    ///   last_rehearsed: 2026-11-12
    ///   rehearsal_duration: 3m
    /// ```
    "RP1053", "rolling-with-short-rollback", WARNING, since "0.1.0"
}

/// Below this, a rollback is taken to need a switch (seed: rollback in under five minutes).
const SHORT: Duration = Duration::from_millis(5 * 60_000);

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    let rolling = strategies::deployed_by(subject, Strategy::Rolling);
    let is_short = |rollback: &Rollback<'_>| rollback.max_duration.is_some_and(|limit| limit.value < SHORT);
    let is_shown = |rollback: &Rollback<'_>| {
        let limit = rollback.max_duration.map(|limit| limit.value);
        rollback.rehearsal_duration.is_some_and(|took| Some(took.value) <= limit)
    };
    let short = FirstRollbacks::new(subject, |_, rollback| {
        is_short(rollback) && !is_shown(rollback) && rollback.flags.is_empty()
    });
    for release in &rolling {
        let Some((entry, rollback)) = short.of(release.index) else { continue };
        let (Some(strategy), Some(limit)) = (release.strategy, rollback.max_duration) else { continue };
        let (release, id) = (release.entry.id.value, entry.id.value);
        let message = format!(
            "{release}: rolling deployment, but {id} allows {} for the rollback",
            limit.value.in_words()
        );
        reports.push(
            Report::at(strategy.span, message)
                .and(limit.span, "time limit of the rollback")
                .help("use `strategy: blue-green`, name a feature flag in `flags`, or rehearse the rollback and set `rehearsal_duration`"),
        );
    }
    rolling.len()
}
