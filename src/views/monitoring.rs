//! The metrics of a plan as those who watch them need them: whose they are, what is normal, and which rollbacks they start.

use super::linked::Linked;
use super::runbook::{Metric, Runbook, metric};
use crate::graph::Selection;
use crate::model::{Choice, Kind, Plan};

/// A metric that is monitored.
#[derive(Debug)]
pub struct MonitoredMetric {
    /// The metric with what is stated about its values.
    pub metric: Metric,
    /// Who answers for it.
    pub owner: Option<String>,
    /// What kind of monitor it is.
    pub mon_type: Option<&'static str>,
    /// The rollbacks that it starts.
    pub starts: Vec<String>,
}

/// The metrics of a selection, in the order of their ids.
pub fn monitored(plan: &Plan<'_>, selection: &Selection, runbooks: &[Runbook]) -> Vec<MonitoredMetric> {
    let mut found = Vec::new();
    for (entry, _) in plan.monitors() {
        let Some(index) = plan.find_current(entry.id.value).filter(|index| selection.has(*index)) else {
            continue;
        };
        let current = plan.entry(index);
        let Kind::Mon(mon) = &current.kind else { continue };
        let Some(metric) = metric(plan, &Linked::new(plan, index)) else { continue };
        let is_watched = |runbook: &&Runbook| {
            runbook.rollback.watched_by.iter().any(|watched| watched.id == metric.metric.id)
        };
        let starts = runbooks.iter().filter(is_watched).map(|runbook| runbook.rollback.id.clone()).collect();
        let owner = current.owner.as_ref().map(|owner| owner.value.trim().to_owned());
        let monitored = MonitoredMetric {
            owner: owner.filter(|owner| !owner.is_empty()),
            mon_type: mon.mon_type.map(|stated| stated.value.word()),
            starts,
            metric,
        };
        found.push((entry.id.value, monitored));
    }
    found.sort_by_key(|(id, _)| *id);
    found.dedup_by_key(|(id, _)| *id);
    found.into_iter().map(|(_, monitored)| monitored).collect()
}
