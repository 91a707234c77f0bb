//! Rules about what keeps a file from being read as YAML: bytes, syntax and its traps.

use super::Rule;

mod traps;

mod alias_budget;
mod anchor_or_tag;
mod block_indicator;
mod boolean_for_text;
mod colon_in_value;
mod conflict_markers;
mod document_not_recognised;
mod duplicate_key;
mod empty_file;
mod file_too_large;
mod folded_dash;
mod invalid_utf8;
mod invisible_character;
mod link_loop;
mod long_line;
mod merge_without_mapping;
mod missing_separator;
mod nesting_too_deep;
mod nul_byte;
mod number_for_text;
mod numbered_list;
mod reserved_character;
mod swallowed_comment;
mod tab_indentation;
mod template_not_rendered;
mod too_many_errors;
mod unknown_alias;
mod yaml_syntax;

/// The rules of this group, sorted by name.
pub(super) static RULES: &[&Rule] = &[
    &alias_budget::RULE,
    &anchor_or_tag::RULE,
    &block_indicator::RULE,
    &boolean_for_text::RULE,
    &colon_in_value::RULE,
    &conflict_markers::RULE,
    &document_not_recognised::RULE,
    &duplicate_key::RULE,
    &empty_file::RULE,
    &file_too_large::RULE,
    &folded_dash::RULE,
    &invalid_utf8::RULE,
    &invisible_character::RULE,
    &link_loop::RULE,
    &long_line::RULE,
    &merge_without_mapping::RULE,
    &missing_separator::RULE,
    &nesting_too_deep::RULE,
    &nul_byte::RULE,
    &number_for_text::RULE,
    &numbered_list::RULE,
    &reserved_character::RULE,
    &swallowed_comment::RULE,
    &tab_indentation::RULE,
    &template_not_rendered::RULE,
    &too_many_errors::RULE,
    &unknown_alias::RULE,
    &yaml_syntax::RULE,
];
