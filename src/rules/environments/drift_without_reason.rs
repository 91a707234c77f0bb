use crate::finding::Report;
use crate::model::drift;
use crate::rules::{Subject, WARNING, words};

declare_rule! {
    /// An accepted difference between environments without a reason.
    ///
    /// The next reader cannot tell a decision from an oversight. Add the reason in
    /// brackets or after a colon.
    ///
    /// ```yaml,bad
    /// - id: DEP-001
    ///   type: Environment
    ///   name: staging
    ///   configuration: {LOG_LEVEL: debug}
    ///   accepted_drift:
    ///     - LOG_LEVEL
    /// - id: DEP-002
    ///   type: Environment
    ///   name: production
    ///   configuration: {LOG_LEVEL: info}
    /// ```
    ///
    /// ```yaml,good
    /// - id: DEP-001
    ///   type: Environment
    ///   name: staging
    ///   configuration: {LOG_LEVEL: debug}
    ///   accepted_drift:
    ///     - LOG_LEVEL (verbose, to debug failed test runs)
    /// - id: DEP-002
    ///   type: Environment
    ///   name: production
    ///   configuration: {LOG_LEVEL: info}
    /// ```
    "RP0907", "drift-without-reason", WARNING, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    let mut looked_at = 0;
    for (entry, environment) in subject.plan.environments() {
        looked_at += environment.accepted_drift.len();
        for item in &environment.accepted_drift {
            let accepted = drift::accepted(&item.value);
            if accepted.reason.is_none() && !accepted.keys.is_empty() {
                let keys = accepted.keys.join("`, `");
                let message = format!("{}: accepted drift of `{keys}` has no reason", entry.id.value);
                let help = format!("add the reason: `{} (the reason)`", words::short(item.value.trim()));
                reports.push(Report::at(item.span, message).help(help));
            }
        }
    }
    looked_at
}
