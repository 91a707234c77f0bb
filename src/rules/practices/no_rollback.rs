use super::absence::{self, Absence};
use crate::finding::Report;
use crate::model::dep::DepType;
use crate::rules::{ERROR, Subject};

declare_rule! {
    /// A plan without a rollback.
    ///
    /// "We'll figure it out" happens at night, to the person on call. Write
    /// triggers, procedure and authority into the plan before the deployment
    /// begins.
    ///
    /// ```yaml,bad
    /// - id: DEP-001
    ///   title: Install the new version
    ///   type: Step
    ///   action: Roll the images out, one instance after another
    /// - id: DEP-002
    ///   title: Critical journeys work
    ///   type: Validation
    ///   check: Sign-in, order and invoice succeed
    /// ```
    ///
    /// ```yaml,good
    /// - id: DEP-001
    ///   title: Install the new version
    ///   type: Step
    ///   action: Roll the images out, one instance after another
    /// - id: DEP-002
    ///   title: Error rate rises
    ///   type: Rollback
    ///   trigger: Requests fail more often than before the deployment
    ///   threshold: "> 2pp over baseline for 5m"
    ///   procedure:
    ///     - Stop the rollout
    ///     - Install the images of the previous release
    ///   authority: On-call engineer
    /// ```
    "RP0503", "no-rollback", ERROR, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    absence::check(
        subject,
        reports,
        &Absence {
            kind: DepType::Rollback,
            so: "no rollback plan",
            word: "rollback",
            help: "add an entry of `type: Rollback` with `trigger`, `threshold`, `procedure` and `authority`",
        },
    )
}
