use std::collections::BTreeMap;

use crate::finding::Report;
use crate::model::Id;
use crate::model::value::Percentage;
use crate::rules::{Subject, WARNING};
use crate::source::Spanned;

declare_rule! {
    /// A rollout whose traffic falls before it has reached 100%.
    ///
    /// The share of the new version grows from phase to phase, or stays. Where it
    /// falls, the phases are in the wrong order or a figure is mistyped. After 100%
    /// a new rollout may begin, for example in another region.
    ///
    /// ```yaml,bad
    /// id: REL-001
    /// version: "2.4.0"
    /// date: 2027-03-01
    /// rollout:
    ///   - {name: Canary, traffic: 10%}
    ///   - {name: One region, traffic: 50%}
    ///   - {name: Two regions, traffic: 25%}
    ///   - {name: Everyone, traffic: 100%}
    /// ```
    ///
    /// ```yaml,good
    /// id: REL-001
    /// version: "2.4.0"
    /// date: 2027-03-01
    /// rollout:
    ///   - {name: Canary, traffic: 10%}
    ///   - {name: One region, traffic: 25%}
    ///   - {name: Two regions, traffic: 50%}
    ///   - {name: Everyone, traffic: 100%}
    /// ```
    "RP1011", "traffic-not-rising", WARNING, since "0.1.0"
}

type Traffic = Spanned<Percentage>;

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    let mut looked_at = 0;
    for (entry, release) in subject.plan.releases() {
        let phases: Vec<(Id, Traffic)> =
            release.rollout.iter().filter_map(|phase| Some((entry.id.value, phase.traffic?))).collect();
        looked_at += phases.len();
        falls(&phases, "phase", reports);
    }
    for mut steps in steps(subject).into_values() {
        looked_at += steps.len();
        steps.sort_by_key(|(order, id, _)| (*order, *id));
        let steps: Vec<(Id, Traffic)> = steps.into_iter().map(|(_, id, traffic)| (id, traffic)).collect();
        falls(&steps, "step", reports);
    }
    looked_at
}

/// The steps that say their place and their traffic, for each release.
fn steps<'p>(subject: &Subject<'p>) -> BTreeMap<Option<&'p str>, Vec<(u32, Id, Traffic)>> {
    let mut steps: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for (entry, step) in subject.plan.steps() {
        if let (Some(order), Some(traffic)) = (step.order, step.traffic) {
            let release = entry.release().map(|release| &*release.value);
            steps.entry(release).or_default().push((order.value, entry.id.value, traffic));
        }
    }
    steps
}

fn falls(phases: &[(Id, Traffic)], word: &str, reports: &mut Vec<Report>) {
    let complete = |(_, traffic): &(Id, Traffic)| traffic.value.0 >= 100.0;
    let last_complete = phases.iter().rposition(complete).unwrap_or(0);
    for (at, pair) in phases.windows(2).enumerate() {
        let [(_, before), (id, traffic)] = pair else { continue };
        let begins_anew = complete(&pair[0]) && at + 1 < last_complete;
        if traffic.value < before.value && !begins_anew {
            let message =
                format!("{id}: traffic falls from {} to {} in this {word}", before.value, traffic.value);
            reports.push(
                Report::at(traffic.span, message)
                    .and(before.span, format!("the {word} before it"))
                    .help(format!("order the {word}s by rising traffic")),
            );
        }
    }
}
