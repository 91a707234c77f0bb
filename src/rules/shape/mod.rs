//! Rules about entries whose keys and values are not those of their family.

use super::Rule;

mod declared_field_missing;
mod declared_link_target;
mod deployment_type_missing;
mod empty_field;
mod estimate_not_positive;
mod estimate_out_of_order;
mod impossible_date;
mod invalid_date;
mod invalid_duration;
mod invalid_number;
mod invalid_percentage;
mod invalid_threshold;
pub(super) mod invalid_version;
pub(super) mod invalid_version_pattern;
mod key_not_text;
mod misplaced_key;
mod missing_id;
mod missing_title;
mod placeholder_text;
mod priority_shorthand;
mod repeated_key;
mod setting_without_value;
mod unknown_key;
mod unknown_value;
mod unknown_variant;
mod wrong_shape;

/// The rules of this group, sorted by name.
pub(super) static RULES: &[&Rule] = &[
    &declared_field_missing::RULE,
    &declared_link_target::RULE,
    &deployment_type_missing::RULE,
    &empty_field::RULE,
    &estimate_not_positive::RULE,
    &estimate_out_of_order::RULE,
    &impossible_date::RULE,
    &invalid_date::RULE,
    &invalid_duration::RULE,
    &invalid_number::RULE,
    &invalid_percentage::RULE,
    &invalid_threshold::RULE,
    &invalid_version::RULE,
    &invalid_version_pattern::RULE,
    &key_not_text::RULE,
    &misplaced_key::RULE,
    &missing_id::RULE,
    &missing_title::RULE,
    &placeholder_text::RULE,
    &priority_shorthand::RULE,
    &repeated_key::RULE,
    &setting_without_value::RULE,
    &unknown_key::RULE,
    &unknown_value::RULE,
    &unknown_variant::RULE,
    &wrong_shape::RULE,
];
