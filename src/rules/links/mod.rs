//! Rules about what entries link to, and the links that their families need.

use super::Rule;

mod api_without_test;
mod conflicting_entries;
mod critical_journey_without_test;
mod critical_journey_without_validation;
mod custom_link_rule;
mod duplicate_link;
mod epic_in_two_epics;
mod feature_without_epic;
mod flag_link_kind;
mod former_id_linked;
mod incident_link_kind;
mod incident_without_release;
mod invalid_lag;
mod invalid_link;
mod link_budget;
mod link_cycle;
mod link_kind;
mod link_target_missing;
mod member_link;
mod mention_target_missing;
mod range_with_gaps;
mod release_missing;
mod self_link;
mod superseded_entry_linked;
mod undeclared_flag;
mod unlinked_entry;
mod unused_test;

/// The rules of this group, sorted by name.
pub(super) static RULES: &[&Rule] = &[
    &api_without_test::RULE,
    &conflicting_entries::RULE,
    &critical_journey_without_test::RULE,
    &critical_journey_without_validation::RULE,
    &custom_link_rule::RULE,
    &duplicate_link::RULE,
    &epic_in_two_epics::RULE,
    &feature_without_epic::RULE,
    &flag_link_kind::RULE,
    &former_id_linked::RULE,
    &incident_link_kind::RULE,
    &incident_without_release::RULE,
    &invalid_lag::RULE,
    &invalid_link::RULE,
    &link_budget::RULE,
    &link_cycle::RULE,
    &link_kind::RULE,
    &link_target_missing::RULE,
    &member_link::RULE,
    &mention_target_missing::RULE,
    &range_with_gaps::RULE,
    &release_missing::RULE,
    &self_link::RULE,
    &superseded_entry_linked::RULE,
    &undeclared_flag::RULE,
    &unlinked_entry::RULE,
    &unused_test::RULE,
];
