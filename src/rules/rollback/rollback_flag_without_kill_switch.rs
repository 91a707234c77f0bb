use crate::finding::Report;
use crate::model::flag::{self, KillSwitchFlaw};
use crate::rules::{ERROR, Subject};

declare_rule! {
    /// A rollback that relies on a feature flag without a kill switch.
    ///
    /// The flags of a rollback are switched before anything else is done. That
    /// works only for a flag that is in the code and says which variant turns the
    /// functionality off.
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
    ///   kill_switch: off
    /// ```
    "RP1040", "rollback-flag-without-kill-switch", ERROR, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    let mut looked_at = 0;
    for (entry, rollback) in subject.plan.rollbacks() {
        for (_, other, flag) in flag::flags_of(subject.plan, entry, rollback) {
            looked_at += 1;
            let Err(flaw) = flag.kill_switch() else { continue };
            // A variant that does not exist has a finding of its own.
            if flaw != KillSwitchFlaw::UnknownVariant {
                let message = format!("{}: {} {}", entry.id.value, other.id.value, flaw.reason());
                let report = Report::at(entry.id.span, message).and(other.id.span, "the flag");
                reports.push(report.help(flaw.help(other.id.value)));
            }
        }
    }
    looked_at
}
