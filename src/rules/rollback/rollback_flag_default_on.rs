use crate::finding::Report;
use crate::model::flag;
use crate::rules::{Subject, WARNING};

declare_rule! {
    /// A rollback through a release flag or an experiment that is on by default.
    ///
    /// The default is served to everyone whom no rule targets. While the new
    /// functionality is on trial, that must be the variant without it: a rule that
    /// is lost, or that a typing mistake keeps from matching, would otherwise turn
    /// on for everyone what the rollback has just turned off. Let targeting turn
    /// the functionality on.
    ///
    /// Operational flags and circuit breakers are on in normal operation, and the
    /// rule does not apply to them.
    ///
    /// ```yaml,bad
    /// - id: DEP-003
    ///   title: Checkout fails
    ///   type: Rollback
    ///   trigger: Payments fail
    ///   procedure: Watch the payments
    ///   flags: FLAG-001
    /// - id: FLAG-001
    ///   title: New checkout
    ///   key: checkout-v2
    ///   category: release
    ///   default: on
    ///   kill_switch: off
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
    ///   category: release
    ///   default: off
    ///   kill_switch: off
    ///   targeting:
    ///     - percentage: 10%
    ///       serve: on
    /// ```
    "RP1041", "rollback-flag-default-on", WARNING, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    let mut looked_at = 0;
    for (entry, rollback) in subject.plan.rollbacks() {
        for (_, other, flag) in flag::flags_of(subject.plan, entry, rollback) {
            looked_at += 1;
            let (Ok((_, off)), Some(default)) = (flag.kill_switch(), &flag.default) else { continue };
            if flag.is_temporary() && default.value.trim() != off && flag.has_variant(&default.value) {
                let message = format!(
                    "{}: {} is `{}` by default, and the rollback turns it to `{off}`",
                    entry.id.value,
                    other.id.value,
                    default.value.trim()
                );
                let report = Report::at(default.span, message).and(entry.id.span, "the rollback");
                reports.push(report.help(format!("set `default: {off}`, and turn it on with `targeting`")));
            }
        }
    }
    looked_at
}
