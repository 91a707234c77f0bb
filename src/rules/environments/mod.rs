//! Rules about environments, what is promoted through them and where they differ.

use super::Rule;

mod configuration_files;
pub(super) mod places;

mod configuration_file_drift;
mod configuration_file_invalid;
mod drift_without_reason;
mod duplicate_environment;
mod no_production;
mod promotion_order;
mod promotion_out_of_order;
pub(super) mod secret_in_configuration;
mod unused_drift;

/// The rules of this group, sorted by name.
pub(super) static RULES: &[&Rule] = &[
    &configuration_file_drift::RULE,
    &configuration_file_invalid::RULE,
    &drift_without_reason::RULE,
    &duplicate_environment::RULE,
    &no_production::RULE,
    &promotion_order::RULE,
    &promotion_out_of_order::RULE,
    &secret_in_configuration::RULE,
    &unused_drift::RULE,
];
