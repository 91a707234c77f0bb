use std::collections::BTreeMap;

use crate::finding::Report;
use crate::model::dep::{Detail, Stage};
use crate::rules::{Subject, WARNING};

declare_rule! {
    /// A deployment whose steps take longer than its time budget.
    ///
    /// `deployment_time` of a release is the time that its deployment may take. Added
    /// up are the durations of the DEP entries of type Step in stage Deploy; steps with
    /// the same `order` are done side by side. Steps without a duration count as none.
    ///
    /// ```yaml,bad
    /// - id: REL-001
    ///   title: Spring release
    ///   version: "3.1.0"
    ///   deployment_time: 30m
    /// - id: DEP-201
    ///   title: Deploy
    ///   type: Step
    ///   stage: Deploy
    ///   duration: 45m
    /// ```
    ///
    /// ```yaml,good
    /// - id: REL-001
    ///   title: Spring release
    ///   version: "3.1.0"
    ///   deployment_time: 30m
    /// - id: DEP-201
    ///   title: Deploy
    ///   type: Step
    ///   stage: Deploy
    ///   duration: 20m
    /// ```
    "RP0762", "deployment-longer-than-budget", WARNING, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    let mut looked_at = 0;
    for (entry, rel) in subject.plan.releases() {
        let budget = rel.operations.as_ref().and_then(|operations| operations.deployment_time);
        let Some(budget) = budget else { continue };
        looked_at += 1;
        let index = subject.plan.find(entry.id.value);
        // The longest step of each place in the order; those without one follow one another.
        let (mut side_by_side, mut alone): (BTreeMap<u32, u64>, u64) = (BTreeMap::new(), 0);
        for (step_entry, dep) in subject.plan.deps() {
            let Detail::Step(step) = &dep.detail else { continue };
            let of_release =
                step_entry.release().is_none_or(|release| subject.plan.release(&release.value) == index);
            let is_deploy = dep.stage.is_some_and(|stage| stage.value == Stage::Deploy);
            let Some(duration) = step.duration.filter(|_| of_release && is_deploy) else { continue };
            match step.order {
                Some(order) => {
                    let longest = side_by_side.entry(order.value).or_default();
                    *longest = (*longest).max(duration.value.millis());
                }
                None => alone += duration.value.millis(),
            }
        }
        let total = side_by_side.values().sum::<u64>() + alone;
        if total > budget.value.millis() {
            let minutes = total.div_ceil(60_000);
            let message =
                format!("{}: the deployment takes {minutes} minutes, longer than its budget", entry.id.value);
            reports.push(
                Report::at(budget.span, message)
                    .saying(format!("{} at most", budget.value.in_words()))
                    .help("shorten the steps, or raise `deployment_time`"),
            );
        }
    }
    looked_at
}
