use crate::finding::Report;
use crate::graph::targets;
use crate::model::dep::{Detail, Rollback, Stage};
use crate::model::duration::Duration;
use crate::model::{Entry, Kind, LinkKind, Text};
use crate::rules::{Subject, WARNING};
use crate::source::Span;

declare_rule! {
    /// A rollback that takes longer than its time limit.
    ///
    /// Compared with `max_duration` are the durations of the steps and that of the
    /// last rehearsal. The duration of a step stands at its end, in parentheses:
    /// `Drain green (2 min)`. Without a `procedure` the steps are those of the
    /// linked runbook, and otherwise the deployment steps of stage Rollback with
    /// their `duration`. Steps without a duration count as none, so that the sum is
    /// the least that the rollback takes.
    ///
    /// ```yaml,bad
    /// id: DEP-003
    /// title: Error rate rises
    /// type: Rollback
    /// procedure:
    ///   - Switch traffic back to the previous version (3 min)
    ///   - Restore the database (20 min)
    /// max_duration: 5m
    /// ```
    ///
    /// ```yaml,bad
    /// id: DEP-004
    /// title: Response times rise
    /// type: Rollback
    /// procedure: Switch traffic back to the previous version
    /// max_duration: 5m
    /// last_rehearsed: 2027-02-05
    /// rehearsal_duration: 8m
    /// ```
    ///
    /// ```yaml,good
    /// id: DEP-003
    /// title: Error rate rises
    /// type: Rollback
    /// procedure:
    ///   - Switch traffic back to the previous version (3 min)
    ///   - Check the error rate (1 min)
    /// max_duration: 5m
    /// last_rehearsed: 2027-02-05
    /// rehearsal_duration: 4m
    /// ```
    "RP1024", "rollback-longer-than-limit", WARNING, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    let mut looked_at = 0;
    for (entry, rollback) in subject.plan.rollbacks() {
        let Some(limit) = rollback.max_duration else { continue };
        looked_at += 1;
        let id = entry.id.value;
        let steps = steps(subject, entry, rollback);
        let total = total(&steps);
        if total > limit.value {
            let message = format!("{id}: the steps take {total}, longer than `max_duration`");
            let report = Report::at(limit.span, message).saying(format!("{} at most", limit.value));
            let report =
                steps.iter().fold(report, |report, step| report.and(step.span, step.duration.in_words()));
            reports.push(report.help(format!("shorten the steps, or write `max_duration: {total}`")));
        }
        if let Some(rehearsal) = rollback.rehearsal_duration.filter(|rehearsal| rehearsal.value > limit.value)
        {
            let took = rehearsal.value;
            let message = format!("{id}: the last rehearsal took {took}, longer than `max_duration`");
            let report =
                Report::at(rehearsal.span, message).and(limit.span, format!("{} at most", limit.value));
            reports.push(report.help(format!("shorten the rollback, or write `max_duration: {took}`")));
        }
    }
    looked_at
}

/// A step that says how long it takes.
struct TimedStep {
    span: Span,
    duration: Duration,
    /// Its place, if it is stated: steps at one place are done side by side.
    order: Option<u32>,
}

/// The steps of a rollback that say how long they take: its own, or else those of its runbook, or else those of the deployment.
fn steps(subject: &Subject<'_>, entry: &Entry<'_>, rollback: &Rollback<'_>) -> Vec<TimedStep> {
    if !rollback.procedure.is_empty() {
        return timed(&rollback.procedure);
    }
    let runbooks = subject.plan.find_current(entry.id.value).map(|index| {
        targets(subject.graph, index, |edge| edge.kind == LinkKind::Runbook).into_iter().filter_map(|index| {
            match &subject.plan.entry(index).kind {
                Kind::Run(run) if !run.steps.is_empty() => Some(&run.steps),
                _ => None,
            }
        })
    });
    if let Some(steps) = runbooks.and_then(|mut runbooks| runbooks.next()) {
        return timed(steps);
    }
    let of_deployment = subject.plan.deps().filter_map(|(step_entry, dep)| match &dep.detail {
        Detail::Step(step) if dep.stage.is_some_and(|stage| stage.value == Stage::Rollback) => {
            let is_same_release = step_entry.release().map(|release| &*release.value)
                == entry.release().map(|release| &*release.value);
            let duration = step.duration.filter(|_| is_same_release)?;
            let order = step.order.map(|order| order.value);
            Some(TimedStep { span: duration.span, duration: duration.value, order })
        }
        _ => None,
    });
    of_deployment.collect()
}

fn timed(steps: &[Text<'_>]) -> Vec<TimedStep> {
    let step = |text: &Text<'_>| {
        Some(TimedStep { span: text.span, duration: duration_at_end(&text.value)?, order: None })
    };
    steps.iter().filter_map(step).collect()
}

/// The duration between parentheses at the end of a step: `Drain green (about 2 min)`.
fn duration_at_end(step: &str) -> Option<Duration> {
    const LEADS: [&str; 8] =
        ["about", "approx.", "approximately", "ca.", "takes", "up to", "at most", "max."];
    let (_, inside) = step.trim().trim_end_matches('.').strip_suffix(')')?.rsplit_once('(')?;
    let mut text = inside.trim().trim_start_matches(['~', '<', '≤', '≈']).trim();
    while let Some(rest) = LEADS.iter().find_map(|lead| text.strip_prefix(lead)) {
        text = rest.trim();
    }
    Duration::parse(text)
}

/// How long steps take, those at one place side by side.
fn total(steps: &[TimedStep]) -> Duration {
    let mut total = 0_u64;
    let mut places: std::collections::BTreeMap<u32, u64> = std::collections::BTreeMap::new();
    for step in steps {
        let millis = step.duration.millis();
        match step.order {
            Some(order) => {
                let longest = places.entry(order).or_default();
                *longest = millis.max(*longest);
            }
            None => total = total.saturating_add(millis),
        }
    }
    Duration::from_millis(places.into_values().fold(total, u64::saturating_add))
}

#[cfg(test)]
mod tests {
    use super::duration_at_end;

    #[test]
    fn the_duration_of_a_step_stands_at_its_end() {
        let check = |step: &str, expect: Option<&str>| {
            assert_eq!(duration_at_end(step).map(|found| found.to_string()).as_deref(), expect, "{step}");
        };
        check("Drain green (2 min)", Some("2m"));
        check("Drain green (about 90 seconds).", Some("1m30s"));
        check("Restore the database (takes up to 1h30m)", Some("1h30m"));
        check("Switch back (~5m)", Some("5m"));
        check("Wait for 5 minutes", None);
        check("Set the weight of blue to 100 (DEP-212)", None);
        check("Restore (2-3 min)", None);
        check("Restore (5 min) the database", None);
    }
}
