//! Rules about ids, and what makes an entry the one that others mean.

use super::Rule;

mod duplicate_flag_key;
mod duplicate_id;
mod duplicate_version;
mod external_entry;
mod former_id_in_use;
mod hotfix_sorts_before;
mod id_width;
mod invalid_id;
mod mixed_version_schemes;
mod pre_release_mismatch;
mod release_type_mismatch;
mod unknown_family;
mod version_order;

/// The rules of this group, sorted by name.
pub(super) static RULES: &[&Rule] = &[
    &duplicate_flag_key::RULE,
    &duplicate_id::RULE,
    &duplicate_version::RULE,
    &external_entry::RULE,
    &former_id_in_use::RULE,
    &hotfix_sorts_before::RULE,
    &id_width::RULE,
    &invalid_id::RULE,
    &mixed_version_schemes::RULE,
    &pre_release_mismatch::RULE,
    &release_type_mismatch::RULE,
    &unknown_family::RULE,
    &version_order::RULE,
];
