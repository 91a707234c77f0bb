use super::absence::{self, Absence};
use crate::finding::Report;
use crate::model::dep::DepType;
use crate::rules::{ERROR, Subject};

declare_rule! {
    /// A plan that does not say what must be true before the release goes out.
    ///
    /// Without criteria that were agreed on before, "it works on my machine"
    /// decides, or the calendar does. A criterion says what is required, how it
    /// is verified, and whether the release stops without it.
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
    ///   title: All tests pass
    ///   type: Criteria
    ///   requirement: 100% of the tests pass in staging
    ///   verification: The pipeline of the release candidate is green
    ///   blocker: Yes
    /// ```
    "RP0505", "no-criteria", ERROR, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    absence::check(
        subject,
        reports,
        &Absence {
            kind: DepType::Criteria,
            so: "no release criteria",
            word: "criterion",
            help: "add an entry of `type: Criteria` with `requirement`, `verification` and `blocker`",
        },
    )
}
