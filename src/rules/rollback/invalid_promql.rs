use crate::finding::Report;
use crate::model::Kind;
use crate::rules::{ERROR, Subject};

declare_rule! {
    /// A query that is not valid PromQL.
    ///
    /// Prometheus refuses it, so that the metric has no value and no trigger on it
    /// can start a rollback. The place is the first word or sign that cannot be
    /// read. The grammar is that of Prometheus 2.42.
    ///
    /// ```yaml,bad
    /// id: MON-001
    /// title: Error rate
    /// query: sum(rate(http_requests_total{code=~"5.."}))
    /// ```
    ///
    /// ```yaml,good
    /// id: MON-001
    /// title: Error rate
    /// query: sum(rate(http_requests_total{code=~"5.."}[5m]))
    /// ```
    "RP1021", "invalid-promql", ERROR, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    let mut looked_at = 0;
    for entry in subject.plan.entries() {
        let Kind::Mon(mon) = &entry.kind else { continue };
        for (name, query) in mon.queries() {
            looked_at += 1;
            let Err(invalid) = &query.parsed else { continue };
            let message = format!("{}: `{name}` is not valid PromQL: {}", entry.id.value, invalid.reason);
            reports.push(Report::at(invalid.span, message).help(invalid.help.clone()));
        }
    }
    looked_at
}
