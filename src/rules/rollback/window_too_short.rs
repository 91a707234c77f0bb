use crate::finding::Report;
use crate::model::Kind;
use crate::model::promql::duration_text;
use crate::rules::{ERROR, Subject, words};
use crate::trigger::short_windows;

declare_rule! {
    /// A query whose window is shorter than twice the scrape interval.
    ///
    /// A rate needs two samples. In a shorter window there is only one at times,
    /// the query yields nothing then, and a trigger that waits for five minutes
    /// starts from the beginning each time: it never fires. The scrape interval is
    /// that of `scrape_interval`; for a subquery it is its step.
    ///
    /// ```yaml,bad
    /// id: MON-001
    /// title: Error rate
    /// scrape_interval: 60s
    /// query: sum(rate(http_requests_total{code=~"5.."}[1m]))
    /// ```
    ///
    /// ```yaml,good
    /// id: MON-001
    /// title: Error rate
    /// scrape_interval: 60s
    /// query: sum(rate(http_requests_total{code=~"5.."}[5m]))
    /// ```
    "RP1022", "window-too-short", ERROR, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    let mut looked_at = 0;
    for entry in subject.plan.entries() {
        let Kind::Mon(mon) = &entry.kind else { continue };
        for (name, query) in mon.queries() {
            let Ok(expr) = &query.parsed else { continue };
            looked_at += 1;
            let interval = mon.scrape_interval.as_ref().map(|interval| interval.value);
            for short in short_windows(expr, interval) {
                let window = duration_text(short.window);
                let message = format!(
                    "{}: the window `[{window}]` of `{}` in `{name}` is shorter than twice the {}",
                    entry.id.value,
                    short.function,
                    if short.is_subquery { "step of its subquery" } else { "scrape interval" },
                );
                let bracket = if short.is_subquery { format!("[{window}:") } else { format!("[{window}]") };
                let place = words::place_of(subject, &query.text, &bracket);
                let mut report = Report::at(place, message);
                if let Some(interval) = mon.scrape_interval.as_ref().filter(|_| !short.is_subquery) {
                    report = report.and(interval.span, "the scrape interval");
                }
                let enough = duration_text(short.interval.saturating_mul(4));
                reports.push(report.help(format!("use a window of four intervals: `{enough}`")).note(
                    format!("a window with one sample yields nothing, so `{}` has gaps", short.function),
                ));
            }
        }
    }
    looked_at
}
