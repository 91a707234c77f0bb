use super::absence::{self, Absence};
use crate::finding::Report;
use crate::model::dep::DepType;
use crate::rules::{ERROR, Subject};

declare_rule! {
    /// A plan that deploys and never looks whether it worked.
    ///
    /// "Deploy and pray" is an anti-pattern of release planning: without
    /// validation steps the first to notice a broken release are its users. Say
    /// what is looked at after the deployment, by whom, and what follows if it
    /// is not as it should be.
    ///
    /// ```yaml,bad
    /// - id: DEP-001
    ///   title: All tests pass
    ///   type: Criteria
    ///   requirement: 100% of the tests pass in staging
    /// - id: DEP-002
    ///   title: Install the new version
    ///   type: Step
    ///   action: Roll the images out, one instance after another
    /// ```
    ///
    /// ```yaml,good
    /// - id: DEP-001
    ///   title: Install the new version
    ///   type: Step
    ///   action: Roll the images out, one instance after another
    /// - id: DEP-002
    ///   title: Critical journeys work
    ///   type: Validation
    ///   check: Sign-in, order and invoice succeed through the public gateway
    ///   method: Automated
    ///   success_criteria: Every journey ends within two seconds
    ///   escalation: The on-call engineer takes the release back
    /// ```
    "RP0501", "no-validation", ERROR, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    absence::check(
        subject,
        reports,
        &Absence {
            kind: DepType::Validation,
            so: "no post-deployment validation",
            word: "validation",
            help: "add an entry of `type: Validation` with `check`, `method`, `success_criteria` and `escalation`",
        },
    )
}
