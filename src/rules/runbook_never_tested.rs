use super::{Subject, WARNING};
use crate::finding::Report;
use crate::model::Misread;

declare_rule! {
    /// A runbook that, as far as the plan says, nobody has ever gone through.
    ///
    /// Commands change, permissions expire, and what is missing shows only when
    /// somebody follows the steps. Do that before the release, and write down
    /// the day.
    ///
    /// ```yaml,bad
    /// id: RUN-001
    /// title: Switch traffic back
    /// steps: Set the weight of the previous version to 100
    /// ```
    ///
    /// ```yaml,good
    /// id: RUN-001
    /// title: Switch traffic back
    /// steps: Set the weight of the previous version to 100
    /// last_tested: 2026-11-12
    /// ```
    "RP1009", "runbook-never-tested", WARNING, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    let misread = Misread::new(subject.plan, subject.sources);
    for (entry, runbook) in subject.plan.runbooks() {
        let id = entry.id.value;
        if runbook.last_tested.is_none() && !misread.has(id, "last_tested") {
            let report =
                Report::at(entry.id.span, format!("{id}: nothing says that this runbook was ever tried"));
            reports.push(report.help("go through it, and write the day: `last_tested: 2026-11-12`"));
        }
    }
    subject.plan.runbooks().count()
}
