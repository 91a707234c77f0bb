use crate::finding::Report;
use crate::model::flag;
use crate::rules::{ERROR, Subject};

declare_rule! {
    /// A rollback whose `flags` name something else than a feature flag.
    ///
    /// The kill switches of these flags are the first steps of the rollback. An
    /// entry of another family has none, so that the step would be missing.
    ///
    /// ```yaml,bad
    /// - id: DEP-003
    ///   title: Checkout fails
    ///   type: Rollback
    ///   trigger: Payments fail
    ///   procedure: Watch the payments
    ///   flags: FEA-001
    /// - id: FEA-001
    ///   title: New checkout
    /// ```
    ///
    /// ```yaml,good
    /// - id: DEP-003
    ///   title: Checkout fails
    ///   type: Rollback
    ///   trigger: Payments fail
    ///   procedure: Watch the payments
    ///   flags: FLAG-001
    /// - id: FLAG-001
    ///   title: New checkout
    ///   key: checkout-v2
    ///   kill_switch: off
    /// ```
    "RP0360", "flag-link-kind", ERROR, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    let mut looked_at = 0;
    for (entry, rollback) in subject.plan.rollbacks() {
        looked_at += rollback.flags.len();
        for other in flag::not_flags(subject.plan, entry, rollback) {
            // What does not exist is reported as a link without a target.
            if subject.plan.find(other.value).is_some() {
                let message =
                    format!("{}: `flags` names {}, which is not a feature flag", entry.id.value, other.value);
                reports.push(Report::at(other.span, message).help("name entries of the family FLAG"));
            }
        }
    }
    looked_at
}
