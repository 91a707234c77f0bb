//! Rules about what triggers a rollback, and the procedure that it starts.

use super::Rule;

mod strategies;

mod automatic_contradicts_text;
mod automatic_without_threshold;
mod bare_percentage;
mod baseline_differs;
mod baseline_mismatch;
mod baseline_missing;
mod big_bang_release;
mod canary_without_metrics;
mod canary_without_phases;
mod feature_flag_without_flag;
mod invalid_promql;
mod irreversible_migration;
mod kpi_direction_contradicts_target;
mod kpi_without_target;
mod rehearsal_stale;
mod rollback_flag_default_on;
mod rollback_flag_without_kill_switch;
mod rollback_longer_than_limit;
mod rollback_longer_than_recovery_time;
mod rollback_without_authority;
mod rollback_without_metric;
mod rollback_without_runbook;
mod rollback_without_time_limit;
mod rolling_with_short_rollback;
mod rollout_incomplete;
mod runbook_never_tested;
mod runbook_without_steps;
mod threshold_within_baseline;
mod threshold_without_duration;
mod traffic_not_rising;
mod trigger_not_compiled;
mod validation_without_escalation;
mod window_too_short;

/// The rules of this group, sorted by name.
pub(super) static RULES: &[&Rule] = &[
    &automatic_contradicts_text::RULE,
    &automatic_without_threshold::RULE,
    &bare_percentage::RULE,
    &baseline_differs::RULE,
    &baseline_mismatch::RULE,
    &baseline_missing::RULE,
    &big_bang_release::RULE,
    &canary_without_metrics::RULE,
    &canary_without_phases::RULE,
    &feature_flag_without_flag::RULE,
    &invalid_promql::RULE,
    &irreversible_migration::RULE,
    &kpi_direction_contradicts_target::RULE,
    &kpi_without_target::RULE,
    &rehearsal_stale::RULE,
    &rollback_flag_default_on::RULE,
    &rollback_flag_without_kill_switch::RULE,
    &rollback_longer_than_limit::RULE,
    &rollback_longer_than_recovery_time::RULE,
    &rollback_without_authority::RULE,
    &rollback_without_metric::RULE,
    &rollback_without_runbook::RULE,
    &rollback_without_time_limit::RULE,
    &rolling_with_short_rollback::RULE,
    &rollout_incomplete::RULE,
    &runbook_never_tested::RULE,
    &runbook_without_steps::RULE,
    &threshold_within_baseline::RULE,
    &threshold_without_duration::RULE,
    &traffic_not_rising::RULE,
    &trigger_not_compiled::RULE,
    &validation_without_escalation::RULE,
    &window_too_short::RULE,
];
