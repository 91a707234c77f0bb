use super::strategies;
use crate::finding::Report;
use crate::model::dep::Strategy;
use crate::model::release_notes::MigrationType;
use crate::rules::{Subject, WARNING, words};

declare_rule! {
    /// A migration that cannot be undone, in a release whose strategy relies on the old version.
    ///
    /// During a rolling or canary deployment, the old and the new version use the
    /// same data, and after a blue-green switch the old version must be able to
    /// take over again. A migration of data or of their schema that cannot be
    /// undone breaks the old version, and with it the way back. Expand first: add
    /// what is new, let both versions work, and remove what is old in a later
    /// release.
    ///
    /// ```yaml,bad
    /// - id: REL-001
    ///   title: Faster search
    ///   version: "2.4.0"
    ///   date: 2027-03-01
    ///   strategy: rolling
    ///   migrations:
    ///     - {name: Drop the old index, type: schema, reversible: no}
    /// ```
    ///
    /// ```yaml,good
    /// - id: REL-001
    ///   title: Faster search
    ///   version: "2.4.0"
    ///   date: 2027-03-01
    ///   strategy: rolling
    ///   migrations:
    ///     - {name: Add the new index, type: schema, reversible: yes}
    /// ```
    "RP1054", "irreversible-migration", WARNING, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    let mut looked_at = 0;
    for release in strategies::to_come(subject) {
        let Some(strategy) = release.strategy else { continue };
        let why = match strategy.value {
            Strategy::Rolling | Strategy::Canary => "both versions use the data during the deployment",
            Strategy::BlueGreen => "the previous version cannot take over again",
            Strategy::FeatureFlag => continue,
        };
        looked_at += release.rel.migrations.len();
        for migration in &release.rel.migrations {
            let of_data = migration
                .migration_type
                .is_none_or(|of| matches!(of.value, MigrationType::Data | MigrationType::Schema));
            let Some(no) = migration.reversible.as_ref().filter(|stated| of_data && !stated.value.value)
            else {
                continue;
            };
            let name = migration
                .name
                .as_ref()
                .map_or_else(|| "migration".to_owned(), |name| words::short(name.value.trim()));
            let message = format!(
                "{}: `{name}` cannot be undone, and the deployment is {}",
                release.entry.id.value, strategy.value
            );
            reports.push(Report::at(no.span, message).saying(why).and(strategy.span, "the strategy").help(
                "add first and remove in a later release (expand and contract), so that it is reversible",
            ));
        }
    }
    looked_at
}
