//! Rules about risks, their rating, their owners and what is done about them.

use super::Rule;

mod acceptance_expired;
mod acceptance_unsigned;
mod high_risk_open;
mod high_risk_without_contingency;
mod review_overdue;
mod risk_not_rated;
mod risk_without_mitigation;
mod risk_without_owner;

/// The rules of this group, sorted by name.
pub(super) static RULES: &[&Rule] = &[
    &acceptance_expired::RULE,
    &acceptance_unsigned::RULE,
    &high_risk_open::RULE,
    &high_risk_without_contingency::RULE,
    &review_overdue::RULE,
    &risk_not_rated::RULE,
    &risk_without_mitigation::RULE,
    &risk_without_owner::RULE,
];
