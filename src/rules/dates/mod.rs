//! Rules about days that contradict each other, the calendar or today.

use super::Rule;

pub(super) mod calendar;

mod action_overdue;
mod backport_without_branch;
mod cadence_missed;
mod date_in_future;
mod deliverable_incomplete;
mod deliverable_not_ready;
mod dependency_due_later;
mod deployment_longer_than_budget;
mod due_after_release;
mod estimate_exceeds_slot;
mod flag_expired;
mod holidays_file_without_day;
mod hotfix_without_cause;
mod hotfix_without_tests;
mod incident_time_order;
mod invalid_communication;
mod invalid_milestone;
mod kpi_not_measured;
mod maximum_time_exceeded;
mod milestone_gate_unknown;
mod milestone_in_freeze;
mod milestone_on_day_off;
mod milestone_order;
mod milestone_weekday;
mod overdue;
mod owner_without_capacity;
mod planning_too_short;
mod production_differs;
mod release_before_day_off;
mod release_date_past;
mod release_in_freeze;
mod release_on_day_of_freeze;
mod release_on_holiday;
mod release_on_weekend;
mod release_without_date;
mod released_without_actuals;
mod sent_too_early;
mod shared_environment;
mod start_after_due;
mod start_date_past;
mod status_contradicts_outcome;
mod support_gap;
mod support_phases;
mod testing_too_short;
mod unmatched_freeze;
mod validation_window_missed;

/// The rules of this group, sorted by name.
pub(super) static RULES: &[&Rule] = &[
    &action_overdue::RULE,
    &backport_without_branch::RULE,
    &cadence_missed::RULE,
    &date_in_future::RULE,
    &deliverable_incomplete::RULE,
    &deliverable_not_ready::RULE,
    &dependency_due_later::RULE,
    &deployment_longer_than_budget::RULE,
    &due_after_release::RULE,
    &estimate_exceeds_slot::RULE,
    &flag_expired::RULE,
    &holidays_file_without_day::RULE,
    &hotfix_without_cause::RULE,
    &hotfix_without_tests::RULE,
    &incident_time_order::RULE,
    &invalid_communication::RULE,
    &invalid_milestone::RULE,
    &kpi_not_measured::RULE,
    &maximum_time_exceeded::RULE,
    &milestone_gate_unknown::RULE,
    &milestone_in_freeze::RULE,
    &milestone_on_day_off::RULE,
    &milestone_order::RULE,
    &milestone_weekday::RULE,
    &overdue::RULE,
    &owner_without_capacity::RULE,
    &planning_too_short::RULE,
    &production_differs::RULE,
    &release_before_day_off::RULE,
    &release_date_past::RULE,
    &release_in_freeze::RULE,
    &release_on_day_of_freeze::RULE,
    &release_on_holiday::RULE,
    &release_on_weekend::RULE,
    &release_without_date::RULE,
    &released_without_actuals::RULE,
    &sent_too_early::RULE,
    &shared_environment::RULE,
    &start_after_due::RULE,
    &start_date_past::RULE,
    &status_contradicts_outcome::RULE,
    &support_gap::RULE,
    &support_phases::RULE,
    &testing_too_short::RULE,
    &unmatched_freeze::RULE,
    &validation_window_missed::RULE,
];
