//! Something was measured, and lies on the right side of a limit.

use std::cmp::Ordering;

use super::Part;
use crate::evidence::Metric;
use crate::model::demand::MetricDemand;
use crate::model::duration::Duration;
use crate::model::measure::Measure;
use crate::model::threshold::{Condition, Direction, Quantity, Threshold};
use crate::model::{Entry, Kind, id, same_folded};
use crate::verdict::facts::Freshness;
use crate::verdict::{Judge, Verdict};

impl Judge<'_> {
    pub(super) fn metric_part(&self, demand: &MetricDemand, max_age: Option<Duration>) -> Part {
        let facts = &self.basis.facts;
        let name = &demand.name.value;
        let Some(threshold) = &demand.threshold else {
            return Part::nothing(format!("nothing says how much {name} must be"), "give it a `threshold`");
        };
        let found: Vec<&Metric<'_>> =
            facts.evidence.metrics.iter().filter(|metric| is_called(&metric.name, name)).collect();
        if found.is_empty() {
            let next = "measure it, and name the file: `--evidence FILE`";
            return Part::nothing(format!("nobody has measured {name}"), next);
        }
        let freshness = |metric: &Metric<'_>| {
            let report = facts.evidence.report(metric.report);
            facts.freshness_of_part(report, metric.commit.as_deref(), metric.time, max_age)
        };
        let time = |metric: &Metric<'_>| metric.time.or(facts.evidence.report(metric.report).time).known();
        let source =
            |metric: &Metric<'_>| facts.source(self.basis.sources, metric.report, metric.span, metric.time);
        let fresh = found.iter().copied().filter(|metric| freshness(metric) == Freshness::Fresh);
        let Some(newest) = fresh.clone().max_by_key(|metric| time(metric)) else {
            let best = found.iter().map(|metric| freshness(metric)).min().unwrap_or(Freshness::Fresh);
            let part = Part::not_fresh(name, best);
            let nothing = || Part::nothing(format!("nobody has measured {name}"), "measure it");
            return part
                .unwrap_or_else(nothing)
                .from(found.iter().take(1).map(|metric| source(metric)).collect());
        };
        let rival =
            fresh.filter(|metric| time(metric) == time(newest)).find(|metric| !is_same(metric, newest));
        if let Some(rival) = rival {
            let reason = format!("{name} was measured as {} and as {} at once", shown(newest), shown(rival));
            let part = Part::new(Verdict::Unknown, reason, "let one file say it");
            return part.from(vec![source(newest), source(rival)]);
        }
        self.compare(name, newest, &threshold.value).from(vec![source(newest)])
    }

    fn compare(&self, name: &str, metric: &Metric<'_>, threshold: &Threshold) -> Part {
        let limit = crate::model::threshold::Threshold::to_string(threshold);
        let Condition::Compare { operator, quantity } = &threshold.condition else {
            let reason = format!("`{limit}` is a state, and {name} is a number");
            return Part::nothing(reason, "write a limit: `< 200ms`");
        };
        if let Some(time) = threshold.duration {
            let reason =
                format!("one value of {name} cannot show that something holds for {}", time.in_words());
            return Part::nothing(reason, "measure the worst value of that time, and leave `for` out");
        }
        let entry = self.metric_entry(name);
        let unit = metric.unit.as_deref().or_else(|| unit_of(entry?));
        let measure = Measure::parse(&metric.value.to_string(), unit);
        let ordering = match quantity {
            Quantity::Points { .. } | Quantity::Relative { .. } => {
                let own = threshold.baseline.as_ref().map(Measure::of_baseline);
                let baseline = own.or_else(|| baseline_of(entry?));
                let Some(baseline) = baseline else {
                    let reason = format!("{name} is compared with a baseline, and there is none");
                    return Part::nothing(reason, "give the MON or KPI entry its `baseline`");
                };
                measure.as_ref().and_then(|measure| from_baseline(measure, &baseline, quantity))
            }
            quantity => {
                measure.as_ref().zip(Measure::of_limit(quantity)).and_then(|(own, limit)| own.compare(&limit))
            }
        };
        let Some(ordering) = ordering else {
            let reason = format!("{name} is {}, which cannot be compared with `{limit}`", shown(metric));
            return Part::nothing(reason, "measure it in the unit of the limit");
        };
        let reason = format!("{name} is {}, `{limit}` asked for", shown(metric));
        match operator.holds(ordering) {
            true => Part::pass(reason),
            false => Part::new(Verdict::Fail, reason, format!("bring {name} to where it must be")),
        }
    }

    /// The MON or KPI entry that a metric names.
    fn metric_entry(&self, name: &str) -> Option<&Entry<'_>> {
        let id = id::parse(name.trim()).ok()?;
        self.basis.plan.find(id).map(|index| self.basis.plan.entry(index))
    }
}

/// Whether a measurement is the one that is meant: by name, or by the id of an entry in any spelling.
fn is_called(own: &str, name: &str) -> bool {
    let ids = (id::parse(own.trim()), id::parse(name.trim()));
    matches!(ids, (Ok(own), Ok(name)) if own == name) || same_folded(own.trim(), name.trim())
}

fn is_same(first: &Metric<'_>, second: &Metric<'_>) -> bool {
    first.value == second.value && first.unit == second.unit
}

fn shown(metric: &Metric<'_>) -> String {
    match metric.unit.as_deref() {
        Some(unit) => format!("{} {unit}", metric.value),
        None => metric.value.to_string(),
    }
}

fn unit_of<'e>(entry: &'e Entry<'_>) -> Option<&'e str> {
    let unit = match &entry.kind {
        Kind::Mon(mon) => mon.unit.as_ref(),
        Kind::Kpi(kpi) => kpi.unit.as_ref(),
        _ => None,
    };
    unit.map(|unit| &*unit.value)
}

fn baseline_of(entry: &Entry<'_>) -> Option<Measure> {
    let baseline = match &entry.kind {
        Kind::Mon(mon) => mon.baseline.as_ref(),
        Kind::Kpi(kpi) => kpi.baseline.as_ref(),
        _ => None,
    };
    Measure::parse(&baseline?.value, unit_of(entry))
}

/// How a value compares with a limit that is counted from a baseline. Which side is the bad one, a number alone
/// does not say.
fn from_baseline(measure: &Measure, baseline: &Measure, quantity: &Quantity) -> Option<Ordering> {
    measure.compare(baseline)?;
    let (percent, direction, relative) = match quantity {
        Quantity::Relative { percent, direction } => (percent.to_f64(), *direction, true),
        Quantity::Points { percent, direction } => (percent.to_f64(), *direction, false),
        _ => return None,
    };
    let signed = match direction {
        Direction::Over => percent,
        Direction::Under => -percent,
        Direction::Worse | Direction::Better => return None,
    };
    let normal = number(baseline);
    let limit = match (relative, baseline) {
        (true, _) => normal * (1.0 + signed / 100.0),
        (false, Measure::Share { .. }) => normal + signed,
        (false, _) => return None,
    };
    number(measure).partial_cmp(&limit)
}

fn number(measure: &Measure) -> f64 {
    match measure {
        Measure::Time(time) => time.millis() as f64,
        Measure::Share { percent, .. } => percent.to_f64(),
        Measure::Count { number, .. } => number.to_f64(),
    }
}
