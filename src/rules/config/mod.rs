//! Rules about `relplan.toml`, what is suppressed in a plan, and what asks for less than the base.

use super::Rule;

mod calendar_words;
mod gate_words;
pub(super) mod loosened;
mod roster_words;

pub(super) mod allow_without_reason;
mod config_key;
mod config_syntax;
mod config_value;
mod gate_skipped;
mod loosened_configuration;
mod loosened_entry;
mod loosened_waiver;
pub(super) mod renamed_rule;
mod replaced_evidence;
mod rewritten_record;
mod unmatched_glob;
mod unmatched_link_rule;
pub(super) mod unused_allow;
mod workspace_member;

/// The rules of this group, sorted by name.
pub(super) static RULES: &[&Rule] = &[
    &allow_without_reason::RULE,
    &config_key::RULE,
    &config_syntax::RULE,
    &config_value::RULE,
    &gate_skipped::RULE,
    &loosened_configuration::RULE,
    &loosened_entry::RULE,
    &loosened_waiver::RULE,
    &renamed_rule::RULE,
    &replaced_evidence::RULE,
    &rewritten_record::RULE,
    &unmatched_glob::RULE,
    &unmatched_link_rule::RULE,
    &unused_allow::RULE,
    &workspace_member::RULE,
];
