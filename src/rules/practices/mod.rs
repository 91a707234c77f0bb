//! Rules about plans that are valid and still known to fail: work without an owner, releases without a way to validate them.

use super::Rule;

mod absence;

mod action_incomplete;
mod breaking_change_without_major;
mod breaking_change_without_migration;
mod complete_epic_with_flag;
mod criterion_looser_than_sla;
mod critical_test_not_passing;
mod deprecation_without_notice;
mod downtime_without_notice;
mod environment_drift;
mod everything_manual;
mod external_dependency_late;
mod flag_incomplete;
mod handoff_incomplete;
mod incident_closed_without_cause;
mod incident_count_differs;
mod launch_before_gate;
mod no_communication;
mod no_criteria;
mod no_environments;
mod no_post_release_metrics;
mod no_rollback;
mod no_validation;
mod objective_without_figure;
mod responsibility_contradiction;
mod rollback_never_rehearsed;
mod short_notice;
mod state_contradicts_progress;
mod support_target_order;
mod targets_differ;
mod title_contradicts_requirement;
mod unclear_ownership;

/// The rules of this group, sorted by name.
pub(super) static RULES: &[&Rule] = &[
    &action_incomplete::RULE,
    &breaking_change_without_major::RULE,
    &breaking_change_without_migration::RULE,
    &complete_epic_with_flag::RULE,
    &criterion_looser_than_sla::RULE,
    &critical_test_not_passing::RULE,
    &deprecation_without_notice::RULE,
    &downtime_without_notice::RULE,
    &environment_drift::RULE,
    &everything_manual::RULE,
    &external_dependency_late::RULE,
    &flag_incomplete::RULE,
    &handoff_incomplete::RULE,
    &incident_closed_without_cause::RULE,
    &incident_count_differs::RULE,
    &launch_before_gate::RULE,
    &no_communication::RULE,
    &no_criteria::RULE,
    &no_environments::RULE,
    &no_post_release_metrics::RULE,
    &no_rollback::RULE,
    &no_validation::RULE,
    &objective_without_figure::RULE,
    &responsibility_contradiction::RULE,
    &rollback_never_rehearsed::RULE,
    &short_notice::RULE,
    &state_contradicts_progress::RULE,
    &support_target_order::RULE,
    &targets_differ::RULE,
    &title_contradicts_requirement::RULE,
    &unclear_ownership::RULE,
];
