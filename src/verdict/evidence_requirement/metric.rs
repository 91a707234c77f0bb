//! Something was measured, and lies on the right side of a limit.

use std::collections::BTreeSet;

use std::cmp::Ordering;

use super::Part;
use crate::evidence::Metric;
use crate::model::decimal::Decimal;
use crate::model::duration::Duration;
use crate::model::evidence_requirement::MetricRequirement;
use crate::model::measure::Measure;
use crate::model::threshold::{Condition, Direction, Quantity, Threshold};
use crate::model::{Entry, Kind, id, same_folded};
use crate::verdict::facts::Freshness;
use crate::verdict::{Judge, Verdict};

impl Judge<'_> {
    /// What to do about a metric that no report names: what the reports do measure may be it.
    fn measured_instead(&self, metrics: &[Metric<'_>]) -> String {
        const NAMED: usize = 5;
        let names: BTreeSet<&str> = metrics.iter().map(|metric| metric.name.as_ref()).collect();
        if names.is_empty() {
            return self.produce("measure it, and pass the file: `--evidence FILE`");
        }
        let listed: Vec<String> = names.iter().take(NAMED).map(|name| format!("`{name}`")).collect();
        let more = names.len().saturating_sub(NAMED);
        let more = if more == 0 { String::new() } else { format!(" and {more} more") };
        format!("measure it, or correct the name: the reports have {}{more}", listed.join(", "))
    }

    pub(super) fn metric_part(&self, requirement: &MetricRequirement, max_age: Option<Duration>) -> Part {
        let name = &requirement.name.value;
        let Some(threshold) = &requirement.threshold else {
            return Part::nothing(format!("no threshold for {name}"), "add `threshold`");
        };
        let metrics = &self.basis.facts.evidence.metrics;
        let wanted = MetricSelector::of(name);
        let mut found: Vec<&Metric<'_>> = metrics.iter().filter(|metric| wanted.is(metric)).collect();
        if found.is_empty() {
            return Part::nothing(format!("no measurement of {name}"), self.measured_instead(metrics));
        }
        found.sort_by(|first, second| first.labels.cmp(&second.labels));
        let series = found.chunk_by(|first, second| first.labels == second.labels);
        let parts = series.map(|series| self.series_part(name, series, &threshold.value, max_age)).collect();
        worst(parts)
    }

    /// The measurements of one thing: the newest decides, and whatever may be newer leaves it open.
    fn series_part(
        &self,
        name: &str,
        series: &[&Metric<'_>],
        threshold: &Threshold,
        max_age: Option<Duration>,
    ) -> Part {
        let facts = &self.basis.facts;
        let name = &with_labels(name, series);
        let time = |metric: &Metric<'_>| metric.time.or(facts.evidence.report(metric.report).time).known();
        let source =
            |metric: &Metric<'_>| facts.source(self.basis.sources, metric.report, metric.span, metric.time);
        let (mut fresh, mut others) = (Vec::new(), Vec::new());
        for metric in series.iter().copied() {
            let report = facts.evidence.report(metric.report);
            match facts.freshness_of_part(report, metric.commit.as_deref(), metric.time, max_age) {
                Freshness::Fresh => fresh.push(metric),
                freshness => others.push((freshness, metric)),
            }
        }
        let Some(newest) = fresh.iter().copied().max_by_key(|metric| time(metric)) else {
            let best = others.into_iter().min_by(|(first, _), (second, _)| first.cmp(second));
            let part = best.and_then(|(freshness, metric)| {
                Some(Part::not_fresh(name, freshness)?.from(vec![source(metric)]))
            });
            return part.unwrap_or_else(|| Part::nothing(format!("no measurement of {name}"), "measure it"));
        };
        let at_once = fresh.iter().copied().filter(|metric| time(metric) == time(newest));
        let values: Vec<&Metric<'_>> = at_once.collect();
        if let Some(rival) = values.iter().copied().find(|metric| !is_same(metric, newest)) {
            let reason = format!("contradicting values of {name}: {} and {}", shown(newest), shown(rival));
            let next = "report one value, or add a label such as `service`";
            return Part::new(Verdict::Unknown, reason, next).from(vec![source(newest), source(rival)]);
        }
        let part = self.compare(name, newest, threshold).from(vec![source(newest)]);
        // What is too old or of another commit is known to say nothing; anything else may be the newest.
        let is_open = |metric: &Metric<'_>| time(metric).is_none_or(|other| Some(other) >= time(newest));
        let open = others.into_iter().find(|(freshness, metric)| {
            matches!(freshness, Freshness::Unknown(_)) && is_open(metric) && !is_same(metric, newest)
        });
        match open {
            Some((freshness, metric)) if part.verdict == Verdict::Pass => {
                let what = format!("{name} is also {}", shown(metric));
                Part::not_fresh(&what, freshness).map_or(part, |part| part.from(vec![source(metric)]))
            }
            _ => part,
        }
    }

    fn compare(&self, name: &str, metric: &Metric<'_>, threshold: &Threshold) -> Part {
        let limit = crate::model::threshold::Threshold::to_string(threshold);
        let Condition::Compare { operator, quantity } = &threshold.condition else {
            let reason = format!("`{limit}` is a state, but {name} is a number");
            return Part::nothing(reason, "use a number: `< 200ms`");
        };
        if let Some(time) = threshold.duration {
            let reason = format!("one value of {name} cannot cover {}", time.in_words());
            return Part::nothing(reason, "report the worst value of that period, and remove `for`");
        }
        let Some(value) = metric.value else {
            let reason = format!("{name} has no data");
            return Part::new(Verdict::Unknown, reason, "measure it while there is traffic");
        };
        let entry = self.metric_entry(&metric.name);
        let unit = metric.unit.as_deref().or_else(|| unit_of(entry?));
        let measure = Measure::new(value, unit.unwrap_or(""));
        if let Some(reason) = measure.as_ref().and_then(Measure::impossible) {
            let reason = format!("{name} is {}, an impossible value: {reason}", shown(metric));
            return Part::new(Verdict::Unknown, reason, "check what the monitor reports when it has no data");
        }
        let ordering = match quantity {
            Quantity::Points { .. } | Quantity::Relative { .. } => {
                let own = threshold.baseline.as_ref().and_then(Measure::of_baseline);
                let baseline = own.or_else(|| baseline_of(entry?));
                let Some(baseline) = baseline else {
                    let reason = format!("{name} has no baseline");
                    return Part::nothing(reason, "add `baseline` to the MON or KPI entry");
                };
                measure.as_ref().and_then(|measure| from_baseline(measure, &baseline, quantity))
            }
            quantity => {
                measure.as_ref().zip(Measure::of_limit(quantity)).and_then(|(own, limit)| own.compare(&limit))
            }
        };
        let Some(ordering) = ordering else {
            let reason = format!("{name} is {}, which is not comparable with `{limit}`", shown(metric));
            return Part::nothing(reason, "report it in the unit of the limit");
        };
        let reason = format!("{name} is {}, required `{limit}`", shown(metric));
        match operator.holds(ordering) {
            true => Part::pass(reason),
            false => Part::new(Verdict::Fail, reason, format!("bring {name} within the limit")),
        }
    }

    /// The MON or KPI entry that a metric names.
    fn metric_entry(&self, name: &str) -> Option<&Entry<'_>> {
        let id = id::parse(name.trim()).ok()?;
        self.basis.plan.find(id).map(|index| self.basis.plan.entry(index))
    }
}

/// Which measurements are meant: by name, or by the id of an entry in any spelling; and of these all, or those with
/// certain labels: `p95{service="shop"}`.
struct MetricSelector<'n> {
    /// The name as it is written.
    whole: &'n str,
    /// The name without labels, and the labels.
    selected: Option<(&'n str, Vec<(&'n str, &'n str)>)>,
}

impl<'n> MetricSelector<'n> {
    fn of(whole: &'n str) -> Self {
        MetricSelector { whole, selected: selected(whole) }
    }

    fn is(&self, metric: &Metric<'_>) -> bool {
        let has = |(name, value): &(&str, &str)| {
            metric.labels.iter().any(|(own, said)| own == name && said == value)
        };
        is_called(&metric.name, self.whole)
            || self
                .selected
                .as_ref()
                .is_some_and(|(name, labels)| is_called(&metric.name, name) && labels.iter().all(has))
    }
}

/// The name and the labels of `p95{service="shop", region="eu"}`.
fn selected(text: &str) -> Option<(&str, Vec<(&str, &str)>)> {
    let (name, labels) = text.trim().strip_suffix('}')?.split_once('{')?;
    let label = |label| -> Option<(&str, &str)> {
        let (name, value) = str::split_once(label, '=')?;
        Some((name.trim(), value.trim().trim_matches('"')))
    };
    Some((name.trim(), labels.split(',').map(label).collect::<Option<_>>()?))
}

/// Whether a measurement has a name, or is of the entry whose id that is.
fn is_called(own: &str, name: &str) -> bool {
    let ids = (id::parse(own.trim()), id::parse(name.trim()));
    matches!(ids, (Ok(own), Ok(name)) if own == name) || same_folded(own.trim(), name.trim())
}

/// A name with the labels that a series has: `p95 {service="b"}`.
fn with_labels(name: &str, series: &[&Metric<'_>]) -> String {
    let labels = series.first().map_or(&[][..], |metric| &metric.labels);
    if labels.is_empty() {
        return name.to_owned();
    }
    let name = selected(name).map_or(name, |(name, _)| name);
    let labels: Vec<String> = labels.iter().map(|(name, value)| format!("{name}={value:?}")).collect();
    format!("{name} {{{}}}", labels.join(", "))
}

/// The worst of several series decides, and is named. There is at least one.
fn worst(mut parts: Vec<Part>) -> Part {
    parts.sort_by_key(|part| std::cmp::Reverse(part.verdict));
    let verdict = parts.first().map(|part| part.verdict);
    let alike = parts.iter().take_while(|part| Some(part.verdict) == verdict).count();
    let Some(mut first) = parts.into_iter().next() else {
        return Part::nothing("it was not measured", "measure it");
    };
    if alike > 1 {
        first.reason = format!("{}; likewise for {} more series", first.reason, alike - 1);
    }
    first
}

fn is_same(first: &Metric<'_>, second: &Metric<'_>) -> bool {
    first.value == second.value && first.unit == second.unit
}

fn shown(metric: &Metric<'_>) -> String {
    let value = metric.value.map_or("no data".to_owned(), |value| value.to_string());
    match metric.unit.as_deref() {
        Some(unit) => format!("{value} {unit}"),
        None => value,
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
        Quantity::Relative { percent, direction } => (Decimal::from(*percent), *direction, true),
        Quantity::Points { percent, direction } => (Decimal::from(*percent), *direction, false),
        _ => return None,
    };
    let signed = match direction {
        Direction::Over => percent,
        Direction::Under => percent.negated(),
        Direction::Worse | Direction::Better => return None,
    };
    let normal = baseline.number();
    let limit = match (relative, baseline) {
        (true, _) => {
            let share = Decimal::from(100).plus(signed)?.times(Decimal::new(1, -2)?)?;
            normal.times(share)?
        }
        (false, Measure::Share { .. }) => normal.plus(signed)?,
        (false, _) => return None,
    };
    Some(measure.number().cmp(&limit))
}
