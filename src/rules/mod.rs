//! Floor 5: what can be wrong with a plan, one file per rule.
//!
//! A rule is one static and one function. Its doc comment is what `relplan
//! explain` shows, the rustdoc, and its page under `docs/rules/`; the examples
//! in it are run by a test. A new rule is a new file, its `mod` line, and its
//! entry in [`ALL`].

mod absence;
mod approvals;
mod calendar;
mod calendar_words;
mod defects;
mod driver;
mod environments;
mod evidence_defects;
mod gate_words;
mod link_rules;
mod loosened;
mod masking;
mod missing_statement;
mod roster_words;
mod subject;
mod suppress;
mod test_results;
#[cfg(test)]
mod tests;
mod words;

use crate::finding::{Level, Report};

pub use driver::{Levels, Outcome, UnknownRule, add_blockers, check_config, run, run_named, secrets};
pub use gate_failed::AskedGate;
pub use loosened::{Compared, GUARDED, in_words as loosened_in_words};
pub use subject::{Reported, Subject};

/// A rule.
#[derive(Debug)]
pub struct Rule {
    /// Its stable code: `RP`, two digits for the group, two within it. Never reused.
    pub code: &'static str,
    /// Its name, which reads well behind "allow".
    pub name: &'static str,
    /// The names that it had in earlier versions: they still find it.
    pub formerly: &'static [&'static str],
    /// How much its findings weigh unless somebody says otherwise; nothing if it is off.
    pub level: Option<Level>,
    /// The version that first had it.
    pub since: &'static str,
    /// Its documentation, in Markdown: what it finds, why it matters, examples.
    pub docs: &'static str,
    /// Finds; returns how many things it looked at, so that a rule that had
    /// nothing to look at can be told from one that found nothing.
    pub check: fn(&Subject<'_>, &mut Vec<Report>) -> usize,
}

/// The groups of rules, by the first two digits of their codes.
pub const GROUPS: &[(&str, &str)] = &[
    ("00", "Files and YAML"),
    ("01", "Shape"),
    ("02", "Identity"),
    ("03", "Links and graph"),
    ("04", "Quality gates"),
    ("05", "Anti-patterns"),
    ("06", "Evidence and approvals"),
    ("07", "Dates"),
    ("08", "Risk"),
    ("09", "Environments"),
    ("10", "Rollback"),
    ("11", "Configuration and suppressions"),
];

impl Rule {
    /// The group that it belongs to: `Links and graph`.
    pub fn group(&self) -> &'static str {
        let digits = self.code.get(2..4).unwrap_or("");
        GROUPS.iter().find(|(group, _)| *group == digits).map_or("", |(_, title)| title)
    }

    /// The first sentence of its documentation.
    pub fn summary(&self) -> &'static str {
        let paragraph = self.docs.trim_start();
        let end = paragraph.find("\n\n").unwrap_or(paragraph.len());
        paragraph[..end].trim()
    }

    /// Its documentation as Markdown that any reader understands: the examples have headings, and
    /// nothing but their language behind their fences.
    pub fn markdown(&self) -> String {
        let lines = self.docs.lines().map(|line| line.strip_prefix(' ').unwrap_or(line));
        let docs: String = lines.map(|line| format!("{line}\n")).collect();
        let headings = [
            ("```toml,bad", "With this `relplan.toml`:\n\n```toml"),
            ("```toml,good", "With this `relplan.toml`:\n\n```toml"),
        ];
        let mut docs = docs.trim_start().to_owned();
        for (fence, heading) in headings {
            docs = docs.replace(fence, heading);
        }
        for language in ["yaml", "xml", "json", "csv", "lcov"] {
            for (sort, heading) in [("bad", "Found:"), ("good", "Right:"), ("beside", "Beside it:")] {
                docs = docs.replace(&format!("```{language},{sort}"), &format!("{heading}\n\n```{language}"));
            }
        }
        docs
    }

    /// What it finds and why it matters, without the examples: paragraphs of one line each.
    pub fn prose(&self) -> String {
        let mut paragraphs: Vec<String> = Vec::new();
        let (mut in_example, mut in_paragraph) = (false, false);
        for line in self.docs.lines().map(str::trim) {
            if line.starts_with("```") {
                in_example = !in_example;
                in_paragraph = false;
            } else if line.is_empty() {
                in_paragraph = false;
            } else if !in_example {
                match paragraphs.last_mut().filter(|_| in_paragraph) {
                    Some(paragraph) => *paragraph += &format!(" {line}"),
                    None => paragraphs.push(line.to_owned()),
                }
                in_paragraph = true;
            }
        }
        paragraphs.join("\n\n")
    }
}

/// The rule with this name, earlier name or code, letters in any case.
pub fn find(name_or_code: &str) -> Option<&'static Rule> {
    ALL.iter().copied().find(|rule| {
        let mut words = [rule.name, rule.code].into_iter().chain(rule.formerly.iter().copied());
        words.any(|word| word.eq_ignore_ascii_case(name_or_code))
    })
}

/// The rule that had this name in an earlier version, letters in any case.
pub fn renamed(name: &str) -> Option<&'static Rule> {
    find(name).filter(|rule| rule.formerly.iter().any(|former| former.eq_ignore_ascii_case(name)))
}

/// The name of the rule nearest to a word, if any is near enough to have been meant.
pub fn nearest(word: &str) -> Option<&'static str> {
    let word = word.to_ascii_lowercase();
    ALL.iter()
        .map(|rule| (strsim::damerau_levenshtein(rule.name, &word), rule.name))
        .filter(|(distance, name)| *distance <= 1 + name.len() / 4)
        .min()
        .map(|(_, name)| name)
}

/// Declares a rule: its documentation becomes part of it.
macro_rules! declare_rule {
    (
        $(#[doc = $docs:expr])+
        $code:literal, $name:literal, $level:expr, since $since:literal $(, formerly $former:literal)*
    ) => {
        $(#[doc = $docs])+
        pub static RULE: $crate::rules::Rule = $crate::rules::Rule {
            code: $code,
            name: $name,
            formerly: &[$($former),*],
            level: $level,
            since: $since,
            docs: concat!($($docs, "\n"),+),
            check,
        };
    };
}

const ERROR: Option<Level> = Some(Level::Error);
const WARNING: Option<Level> = Some(Level::Warning);
const NOTE: Option<Level> = Some(Level::Note);

mod acceptance_expired;
mod acceptance_unsigned;
mod alias_budget;
mod allow_without_reason;
mod ambiguous_result;
mod anchor_or_tag;
mod api_without_test;
mod approval_expired;
mod approval_in_future;
mod approval_incomplete;
mod approval_not_held;
mod approval_role_unknown;
mod approval_target_missing;
mod approved_content_changed;
mod automatic_contradicts_text;
mod automatic_without_threshold;
mod backport_without_branch;
mod bare_percentage;
mod baseline_differs;
mod baseline_mismatch;
mod baseline_missing;
mod block_indicator;
mod boolean_for_text;
mod breaking_change_without_major;
mod breaking_change_without_migration;
mod cadence_missed;
mod colon_in_value;
mod complete_epic_with_failing_test;
mod complete_epic_with_open_dependency;
mod config_key;
mod config_syntax;
mod config_value;
mod conflict_markers;
mod conflicting_entries;
mod contradicting_results;
mod coverage_empty;
mod criterion_incomplete;
mod criterion_without_blocker;
mod criterion_without_trace;
mod critical_test_not_passing;
mod custom_link_rule;
mod date_in_future;
mod declared_field_missing;
mod declared_link_target;
mod deliverable_incomplete;
mod deliverable_not_ready;
mod dependency_due_later;
mod deployment_type_missing;
mod deprecation_without_notice;
mod document_not_recognised;
mod drift_without_reason;
mod due_after_release;
mod duplicate_environment;
mod duplicate_evidence;
mod duplicate_id;
mod duplicate_key;
mod duplicate_link;
mod duplicate_version;
mod empty_evidence_requirement;
mod empty_field;
mod empty_file;
mod environment_drift;
mod environment_undocumented;
mod epic_in_two_epics;
mod epic_without_owner;
mod epic_without_test;
mod estimate_exceeds_slot;
mod estimate_not_positive;
mod estimate_out_of_order;
mod everything_manual;
mod evidence_commits_contradict;
mod evidence_contradicts_requirement;
mod evidence_counts_differ;
mod evidence_digest_differs;
mod evidence_in_future;
mod evidence_key_not_read;
mod evidence_malformed;
mod evidence_not_recognised;
mod evidence_not_vouched_for;
mod evidence_older_than_run;
mod external_dependency_late;
mod external_entry;
mod feature_without_epic;
mod file_too_large;
mod folded_dash;
mod former_id_in_use;
mod former_id_linked;
mod gate_failed;
mod gate_skipped;
mod high_risk_open;
mod high_risk_without_contingency;
mod history_gap;
mod history_too_short;
mod holidays_file_without_day;
mod hotfix_sorts_before;
mod hotfix_without_cause;
mod hotfix_without_tests;
mod id_width;
mod impossible_date;
mod invalid_communication;
mod invalid_date;
mod invalid_digest;
mod invalid_duration;
mod invalid_evidence_time;
mod invalid_history;
mod invalid_id;
mod invalid_lag;
mod invalid_link;
mod invalid_metric;
mod invalid_milestone;
mod invalid_number;
mod invalid_percentage;
mod invalid_promql;
mod invalid_severity;
mod invalid_threshold;
mod invalid_utf8;
mod invalid_version;
mod invalid_version_pattern;
mod invisible_character;
mod key_not_text;
mod kpi_direction_contradicts_target;
mod kpi_without_target;
mod link_budget;
mod link_cycle;
mod link_kind;
mod link_loop;
mod link_target_missing;
mod long_line;
mod loosened_configuration;
mod loosened_entry;
mod loosened_waiver;
mod maximum_time_exceeded;
mod member_link;
mod mention_target_missing;
mod merge_without_mapping;
mod milestone_gate_unknown;
mod milestone_in_freeze;
mod milestone_on_day_off;
mod milestone_order;
mod milestone_weekday;
mod misplaced_key;
mod missing_id;
mod missing_separator;
mod missing_title;
mod mixed_version_schemes;
mod negative_count;
mod nesting_too_deep;
mod no_communication;
mod no_criteria;
mod no_environments;
mod no_post_release_metrics;
mod no_production;
mod no_rollback;
mod no_validation;
mod nul_byte;
mod number_for_text;
mod numbered_list;
mod objective_without_figure;
mod overdue;
mod owner_missing;
mod owner_without_capacity;
mod placeholder_text;
mod planning_too_short;
mod pre_release_mismatch;
mod priority_shorthand;
mod production_differs;
mod promotion_order;
mod range_with_gaps;
mod rehearsal_stale;
mod release_before_day_off;
mod release_date_past;
mod release_in_freeze;
mod release_missing;
mod release_on_day_of_freeze;
mod release_on_holiday;
mod release_on_weekend;
mod release_type_mismatch;
mod release_without_date;
mod released_without_actuals;
mod renamed_rule;
mod repeated_key;
mod replaced_evidence;
mod reserved_character;
mod result_not_known;
mod result_of_unknown_test;
mod review_overdue;
mod rewritten_record;
mod risk_not_rated;
mod risk_without_mitigation;
mod risk_without_owner;
mod rollback_longer_than_limit;
mod rollback_never_rehearsed;
mod rollback_without_authority;
mod rollback_without_metric;
mod rollback_without_notification;
mod rollback_without_procedure;
mod rollback_without_runbook;
mod rollback_without_threshold;
mod rollback_without_time_limit;
mod rollback_without_trigger;
mod rollout_incomplete;
mod roster_missing;
mod runbook_never_tested;
mod runbook_without_steps;
mod same_source_file_name;
mod scan_unsuccessful;
mod secret_in_configuration;
mod self_approval;
mod self_link;
mod setting_without_value;
mod shared_environment;
mod short_notice;
mod signature_invalid;
mod stage_missing;
mod start_after_due;
mod start_date_past;
mod state_contradicts_progress;
mod status_contradicts_outcome;
mod superseded_entry_linked;
mod support_gap;
mod support_phases;
mod swallowed_comment;
mod tab_indentation;
mod targets_differ;
mod template_not_rendered;
mod test_run_failed;
mod testing_too_short;
mod threshold_within_baseline;
mod threshold_without_duration;
mod title_contradicts_requirement;
mod too_many_errors;
mod traffic_not_rising;
mod traps;
mod trigger_not_compiled;
mod unclear_ownership;
mod unknown_alias;
mod unknown_family;
mod unknown_key;
mod unknown_value;
mod unlinked_entry;
mod unmatched_freeze;
mod unmatched_glob;
mod unmatched_link_rule;
mod unmatched_result;
mod unused_allow;
mod unused_drift;
mod unused_test;
mod validation_incomplete;
mod validation_window_missed;
mod validation_without_escalation;
mod version_order;
mod vouched_report_missing;
mod waiver_expired;
mod waiver_incomplete;
mod waiver_not_allowed;
mod waiver_target_missing;
mod window_too_short;
mod workspace_member;
mod wrong_shape;
mod yaml_syntax;

/// Every rule, sorted by name.
pub static ALL: &[&Rule] = &[
    &acceptance_expired::RULE,
    &acceptance_unsigned::RULE,
    &alias_budget::RULE,
    &allow_without_reason::RULE,
    &ambiguous_result::RULE,
    &anchor_or_tag::RULE,
    &api_without_test::RULE,
    &approval_expired::RULE,
    &approval_in_future::RULE,
    &approval_incomplete::RULE,
    &approval_not_held::RULE,
    &approval_role_unknown::RULE,
    &approval_target_missing::RULE,
    &approved_content_changed::RULE,
    &automatic_contradicts_text::RULE,
    &automatic_without_threshold::RULE,
    &backport_without_branch::RULE,
    &bare_percentage::RULE,
    &baseline_differs::RULE,
    &baseline_mismatch::RULE,
    &baseline_missing::RULE,
    &block_indicator::RULE,
    &boolean_for_text::RULE,
    &breaking_change_without_major::RULE,
    &breaking_change_without_migration::RULE,
    &cadence_missed::RULE,
    &colon_in_value::RULE,
    &complete_epic_with_failing_test::RULE,
    &complete_epic_with_open_dependency::RULE,
    &config_key::RULE,
    &config_syntax::RULE,
    &config_value::RULE,
    &conflict_markers::RULE,
    &conflicting_entries::RULE,
    &contradicting_results::RULE,
    &coverage_empty::RULE,
    &criterion_incomplete::RULE,
    &criterion_without_blocker::RULE,
    &criterion_without_trace::RULE,
    &critical_test_not_passing::RULE,
    &custom_link_rule::RULE,
    &date_in_future::RULE,
    &declared_field_missing::RULE,
    &declared_link_target::RULE,
    &deliverable_incomplete::RULE,
    &deliverable_not_ready::RULE,
    &dependency_due_later::RULE,
    &deployment_type_missing::RULE,
    &deprecation_without_notice::RULE,
    &document_not_recognised::RULE,
    &drift_without_reason::RULE,
    &due_after_release::RULE,
    &duplicate_environment::RULE,
    &duplicate_evidence::RULE,
    &duplicate_id::RULE,
    &duplicate_key::RULE,
    &duplicate_link::RULE,
    &duplicate_version::RULE,
    &empty_evidence_requirement::RULE,
    &empty_field::RULE,
    &empty_file::RULE,
    &environment_drift::RULE,
    &environment_undocumented::RULE,
    &epic_in_two_epics::RULE,
    &epic_without_owner::RULE,
    &epic_without_test::RULE,
    &estimate_exceeds_slot::RULE,
    &estimate_not_positive::RULE,
    &estimate_out_of_order::RULE,
    &everything_manual::RULE,
    &evidence_commits_contradict::RULE,
    &evidence_contradicts_requirement::RULE,
    &evidence_counts_differ::RULE,
    &evidence_digest_differs::RULE,
    &evidence_in_future::RULE,
    &evidence_key_not_read::RULE,
    &evidence_malformed::RULE,
    &evidence_not_recognised::RULE,
    &evidence_not_vouched_for::RULE,
    &evidence_older_than_run::RULE,
    &external_dependency_late::RULE,
    &external_entry::RULE,
    &feature_without_epic::RULE,
    &file_too_large::RULE,
    &folded_dash::RULE,
    &former_id_in_use::RULE,
    &former_id_linked::RULE,
    &gate_failed::RULE,
    &gate_skipped::RULE,
    &high_risk_open::RULE,
    &high_risk_without_contingency::RULE,
    &history_gap::RULE,
    &history_too_short::RULE,
    &holidays_file_without_day::RULE,
    &hotfix_sorts_before::RULE,
    &hotfix_without_cause::RULE,
    &hotfix_without_tests::RULE,
    &id_width::RULE,
    &impossible_date::RULE,
    &invalid_communication::RULE,
    &invalid_date::RULE,
    &invalid_digest::RULE,
    &invalid_duration::RULE,
    &invalid_evidence_time::RULE,
    &invalid_history::RULE,
    &invalid_id::RULE,
    &invalid_lag::RULE,
    &invalid_link::RULE,
    &invalid_metric::RULE,
    &invalid_milestone::RULE,
    &invalid_number::RULE,
    &invalid_percentage::RULE,
    &invalid_promql::RULE,
    &invalid_severity::RULE,
    &invalid_threshold::RULE,
    &invalid_utf8::RULE,
    &invalid_version::RULE,
    &invalid_version_pattern::RULE,
    &invisible_character::RULE,
    &key_not_text::RULE,
    &kpi_direction_contradicts_target::RULE,
    &kpi_without_target::RULE,
    &link_budget::RULE,
    &link_cycle::RULE,
    &link_kind::RULE,
    &link_loop::RULE,
    &link_target_missing::RULE,
    &long_line::RULE,
    &loosened_configuration::RULE,
    &loosened_entry::RULE,
    &loosened_waiver::RULE,
    &maximum_time_exceeded::RULE,
    &member_link::RULE,
    &mention_target_missing::RULE,
    &merge_without_mapping::RULE,
    &milestone_gate_unknown::RULE,
    &milestone_in_freeze::RULE,
    &milestone_on_day_off::RULE,
    &milestone_order::RULE,
    &milestone_weekday::RULE,
    &misplaced_key::RULE,
    &missing_id::RULE,
    &missing_separator::RULE,
    &missing_title::RULE,
    &mixed_version_schemes::RULE,
    &negative_count::RULE,
    &nesting_too_deep::RULE,
    &no_communication::RULE,
    &no_criteria::RULE,
    &no_environments::RULE,
    &no_post_release_metrics::RULE,
    &no_production::RULE,
    &no_rollback::RULE,
    &no_validation::RULE,
    &nul_byte::RULE,
    &number_for_text::RULE,
    &numbered_list::RULE,
    &objective_without_figure::RULE,
    &overdue::RULE,
    &owner_missing::RULE,
    &owner_without_capacity::RULE,
    &placeholder_text::RULE,
    &planning_too_short::RULE,
    &pre_release_mismatch::RULE,
    &priority_shorthand::RULE,
    &production_differs::RULE,
    &promotion_order::RULE,
    &range_with_gaps::RULE,
    &rehearsal_stale::RULE,
    &release_before_day_off::RULE,
    &release_date_past::RULE,
    &release_in_freeze::RULE,
    &release_missing::RULE,
    &release_on_day_of_freeze::RULE,
    &release_on_holiday::RULE,
    &release_on_weekend::RULE,
    &release_type_mismatch::RULE,
    &release_without_date::RULE,
    &released_without_actuals::RULE,
    &renamed_rule::RULE,
    &repeated_key::RULE,
    &replaced_evidence::RULE,
    &reserved_character::RULE,
    &result_not_known::RULE,
    &result_of_unknown_test::RULE,
    &review_overdue::RULE,
    &rewritten_record::RULE,
    &risk_not_rated::RULE,
    &risk_without_mitigation::RULE,
    &risk_without_owner::RULE,
    &rollback_longer_than_limit::RULE,
    &rollback_never_rehearsed::RULE,
    &rollback_without_authority::RULE,
    &rollback_without_metric::RULE,
    &rollback_without_notification::RULE,
    &rollback_without_procedure::RULE,
    &rollback_without_runbook::RULE,
    &rollback_without_threshold::RULE,
    &rollback_without_time_limit::RULE,
    &rollback_without_trigger::RULE,
    &rollout_incomplete::RULE,
    &roster_missing::RULE,
    &runbook_never_tested::RULE,
    &runbook_without_steps::RULE,
    &same_source_file_name::RULE,
    &scan_unsuccessful::RULE,
    &secret_in_configuration::RULE,
    &self_approval::RULE,
    &self_link::RULE,
    &setting_without_value::RULE,
    &shared_environment::RULE,
    &short_notice::RULE,
    &signature_invalid::RULE,
    &stage_missing::RULE,
    &start_after_due::RULE,
    &start_date_past::RULE,
    &state_contradicts_progress::RULE,
    &status_contradicts_outcome::RULE,
    &superseded_entry_linked::RULE,
    &support_gap::RULE,
    &support_phases::RULE,
    &swallowed_comment::RULE,
    &tab_indentation::RULE,
    &targets_differ::RULE,
    &template_not_rendered::RULE,
    &test_run_failed::RULE,
    &testing_too_short::RULE,
    &threshold_within_baseline::RULE,
    &threshold_without_duration::RULE,
    &title_contradicts_requirement::RULE,
    &too_many_errors::RULE,
    &traffic_not_rising::RULE,
    &trigger_not_compiled::RULE,
    &unclear_ownership::RULE,
    &unknown_alias::RULE,
    &unknown_family::RULE,
    &unknown_key::RULE,
    &unknown_value::RULE,
    &unlinked_entry::RULE,
    &unmatched_freeze::RULE,
    &unmatched_glob::RULE,
    &unmatched_link_rule::RULE,
    &unmatched_result::RULE,
    &unused_allow::RULE,
    &unused_drift::RULE,
    &unused_test::RULE,
    &validation_incomplete::RULE,
    &validation_window_missed::RULE,
    &validation_without_escalation::RULE,
    &version_order::RULE,
    &vouched_report_missing::RULE,
    &waiver_expired::RULE,
    &waiver_incomplete::RULE,
    &waiver_not_allowed::RULE,
    &waiver_target_missing::RULE,
    &window_too_short::RULE,
    &workspace_member::RULE,
    &wrong_shape::RULE,
    &yaml_syntax::RULE,
];
