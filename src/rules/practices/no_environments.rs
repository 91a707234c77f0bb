use super::absence::{self, Absence};
use crate::finding::Report;
use crate::model::dep::DepType;
use crate::rules::{ERROR, Subject};

declare_rule! {
    /// A plan that deploys and does not say where.
    ///
    /// A deployment is a contract between those who build and those who run.
    /// Infrastructure, configuration, secrets and access of each environment
    /// are half of it, and only what is written down can be compared.
    ///
    /// ```yaml,bad
    /// - id: DEP-001
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
    ///   title: Production
    ///   type: Environment
    ///   name: production
    ///   infrastructure: Two virtual machines behind a load balancer
    ///   secrets: Vault, rotated every 30 days
    ///   access: The pipeline deploys, the on-call engineer may look
    /// ```
    "RP0511", "no-environments", ERROR, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    absence::check(
        subject,
        reports,
        &Absence {
            kind: DepType::Environment,
            so: "no environments",
            word: "environment",
            help: "add an entry of `type: Environment` for each, with `name`, `infrastructure`, `configuration`, `secrets` and `access`",
        },
    )
}
