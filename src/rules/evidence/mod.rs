//! Rules about what CI and people report: test results, coverage, scans, approvals and waivers.

use super::Rule;

pub(super) mod approvals;
mod evidence_defects;
mod test_results;

mod ambiguous_result;
mod approval_expired;
mod approval_in_future;
mod approval_incomplete;
mod approval_not_held;
mod approval_role_unknown;
mod approval_target_missing;
mod approved_content_changed;
mod contradicting_results;
mod coverage_empty;
mod duplicate_evidence;
pub(super) mod empty_evidence_requirement;
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
pub(super) mod gate_failed;
mod history_gap;
mod history_too_short;
mod invalid_digest;
mod invalid_evidence_time;
mod invalid_history;
mod invalid_metric;
mod invalid_severity;
mod negative_count;
mod result_not_known;
mod result_of_unknown_test;
mod roster_missing;
mod same_source_file_name;
mod scan_unsuccessful;
mod self_approval;
mod signature_invalid;
mod test_run_failed;
mod unmatched_result;
mod unusable_delivery_record;
mod vouched_report_missing;
mod waiver_expired;
mod waiver_incomplete;
mod waiver_not_allowed;
mod waiver_target_missing;

/// The rules of this group, sorted by name.
pub(super) static RULES: &[&Rule] = &[
    &ambiguous_result::RULE,
    &approval_expired::RULE,
    &approval_in_future::RULE,
    &approval_incomplete::RULE,
    &approval_not_held::RULE,
    &approval_role_unknown::RULE,
    &approval_target_missing::RULE,
    &approved_content_changed::RULE,
    &contradicting_results::RULE,
    &coverage_empty::RULE,
    &duplicate_evidence::RULE,
    &empty_evidence_requirement::RULE,
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
    &gate_failed::RULE,
    &history_gap::RULE,
    &history_too_short::RULE,
    &invalid_digest::RULE,
    &invalid_evidence_time::RULE,
    &invalid_history::RULE,
    &invalid_metric::RULE,
    &invalid_severity::RULE,
    &negative_count::RULE,
    &result_not_known::RULE,
    &result_of_unknown_test::RULE,
    &roster_missing::RULE,
    &same_source_file_name::RULE,
    &scan_unsuccessful::RULE,
    &self_approval::RULE,
    &signature_invalid::RULE,
    &test_run_failed::RULE,
    &unmatched_result::RULE,
    &unusable_delivery_record::RULE,
    &vouched_report_missing::RULE,
    &waiver_expired::RULE,
    &waiver_incomplete::RULE,
    &waiver_not_allowed::RULE,
    &waiver_target_missing::RULE,
];
