//! Rules about what a release must have before a quality gate can pass.

use super::Rule;

pub(super) mod complete_epic_with_failing_test;
mod complete_epic_with_open_dependency;
mod complete_epic_with_open_item;
mod criterion_incomplete;
mod criterion_without_blocker;
mod criterion_without_trace;
mod environment_undocumented;
mod epic_without_owner;
mod epic_without_test;
mod owner_missing;
mod rollback_without_notification;
mod rollback_without_procedure;
mod rollback_without_threshold;
mod rollback_without_trigger;
mod stage_missing;
mod validation_incomplete;

/// The rules of this group, sorted by name.
pub(super) static RULES: &[&Rule] = &[
    &complete_epic_with_failing_test::RULE,
    &complete_epic_with_open_dependency::RULE,
    &complete_epic_with_open_item::RULE,
    &criterion_incomplete::RULE,
    &criterion_without_blocker::RULE,
    &criterion_without_trace::RULE,
    &environment_undocumented::RULE,
    &epic_without_owner::RULE,
    &epic_without_test::RULE,
    &owner_missing::RULE,
    &rollback_without_notification::RULE,
    &rollback_without_procedure::RULE,
    &rollback_without_threshold::RULE,
    &rollback_without_trigger::RULE,
    &stage_missing::RULE,
    &validation_incomplete::RULE,
];
