use crate::finding::Report;
use crate::graph::Edge;
use crate::model::{Entry, Kind, LinkKind, UnreadableFields};
use crate::rules::{Subject, WARNING};

declare_rule! {
    /// A rollback without a rehearsal.
    ///
    /// An untested procedure is a guess, and its first rehearsal will be the
    /// incident. Add a date in `last_rehearsed`, or `last_tested` in the runbook of
    /// the rollback.
    ///
    /// ```yaml,bad
    /// id: DEP-003
    /// title: Error rate rises
    /// type: Rollback
    /// trigger: Requests fail more often than before the deployment
    /// procedure: Switch traffic back to the previous version
    /// ```
    ///
    /// ```yaml,good
    /// id: DEP-003
    /// title: Error rate rises
    /// type: Rollback
    /// trigger: Requests fail more often than before the deployment
    /// procedure: Switch traffic back to the previous version
    /// last_rehearsed: 2026-11-12
    /// ```
    "RP0508", "rollback-never-rehearsed", WARNING, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    let unreadable = UnreadableFields::new(subject.plan, subject.sources);
    for (entry, rollback) in subject.plan.rollbacks() {
        let id = entry.id.value;
        let dated = rollback.last_rehearsed.is_some() || unreadable.has(id, "last_rehearsed");
        if !dated && !follows_tested_runbook(subject, entry) {
            let message = format!("{id}: rollback never rehearsed");
            let help = "rehearse it in an environment like production, then add `last_rehearsed: 2026-11-12`";
            reports.push(Report::at(entry.id.span, message).help(help));
        }
    }
    subject.plan.rollbacks().count()
}

fn follows_tested_runbook(subject: &Subject<'_>, entry: &Entry<'_>) -> bool {
    let Some(index) = subject.plan.find(entry.id.value) else { return false };
    subject.graph.any_edge(index, |Edge { from, to, kind, .. }| {
        let runbook = match kind {
            LinkKind::Runbook if from == index => to,
            LinkKind::Covers if to == index => from,
            _ => return false,
        };
        matches!(&subject.plan.entry(runbook).kind, Kind::Run(run) if run.last_tested.is_some())
    })
}
