use super::threshold_within_baseline::metric;
use crate::finding::Report;
use crate::model::Entry;
use crate::model::measure::Measure;
use crate::model::threshold::{Condition, Operator, Quantity, Threshold};
use crate::rules::{Subject, WARNING};

declare_rule! {
    /// A rollback threshold in per cent that does not say per cent of what.
    ///
    /// `> 2%` can mean 2 % of the requests, 2 percentage points over the baseline,
    /// or 2 % over the baseline. With a baseline of 0.5 % these are limits of 2 %,
    /// 2.5 % and 0.51 %. A threshold that names its metric (`error rate > 2%`), or
    /// whose metric states its `unit`, is clear.
    ///
    /// ```yaml,bad
    /// id: DEP-003
    /// title: Error rate rises
    /// type: Rollback
    /// threshold: "> 2% for 5m"
    /// ```
    ///
    /// ```yaml,good
    /// id: DEP-003
    /// title: Error rate rises
    /// type: Rollback
    /// threshold: "> 2% of requests for 5m"
    /// ```
    "RP1018", "bare-percentage", WARNING, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    let mut looked_at = 0;
    for (entry, rollback) in subject.plan.rollbacks() {
        let Some(written) = &rollback.threshold else { continue };
        let Some(threshold) = written.value.typed.as_deref() else { continue };
        looked_at += 1;
        if let Some(readings) =
            readings(threshold).filter(|_| !is_stated_by_metric(subject, entry, threshold))
        {
            let id = entry.id.value;
            let message =
                format!("{id}: the threshold `{}` does not say per cent of what", threshold.canonical());
            let [of, points, relative] = readings;
            let help = format!("write `{of}`, `{points}` or `{relative}`");
            reports.push(Report::at(written.span, message).help(help));
        }
    }
    looked_at
}

/// The three readings of a threshold in bare per cent, each as it is to be written.
fn readings(threshold: &Threshold) -> Option<[String; 3]> {
    let Condition::Compare { operator, quantity: Quantity::Value { number, unit } } = &threshold.condition
    else {
        return None;
    };
    if unit.as_deref() != Some("%") || threshold.subject.is_some() {
        return None;
    }
    // A limit from below, `< 90%`, is a level and no distance from a baseline.
    if !matches!(operator, Operator::Above | Operator::AtLeast) {
        return None;
    }
    let sign = operator.sign();
    let time = threshold.duration.map(|duration| format!(" for {duration}")).unwrap_or_default();
    Some([
        format!("{sign} {number}% of requests{time}"),
        format!("{sign} {number}pp over baseline{time}"),
        format!("{sign} {number}% over baseline{time}"),
    ])
}

/// Whether the metric that it watches says what it is counted in: `unit: percent of requests`.
fn is_stated_by_metric(subject: &Subject<'_>, entry: &Entry<'_>, threshold: &Threshold) -> bool {
    let unit = metric(subject, entry, threshold).and_then(|(_, metric)| metric.unit.as_ref());
    let measure = unit.and_then(|unit| Measure::parse("1", Some(&unit.value)));
    matches!(measure, Some(Measure::Share { .. }))
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::rules::tests::findings;

    fn check(threshold: &str, more: &str, expect: Option<&str>) {
        let yaml = format!("- {{id: DEP-3, type: Rollback, title: T, threshold: '{threshold}'{more}");
        let found = findings(&yaml, "").into_iter().find(|finding| finding.code == RULE.code);
        assert_eq!(found.and_then(|finding| finding.help).as_deref(), expect, "{threshold}");
    }

    #[test]
    fn every_reading_is_offered_as_it_is_to_be_written() {
        check("> 2%", "}", Some("write `> 2% of requests`, `> 2pp over baseline` or `> 2% over baseline`"));
        check(
            ">= 5% for 10 minutes",
            "}",
            Some(
                "write `>= 5% of requests for 10m`, `>= 5pp over baseline for 10m` or \
                 `>= 5% over baseline for 10m`",
            ),
        );
    }

    #[test]
    fn what_says_per_cent_of_what_is_clear() {
        check("> 2% of requests", "}", None);
        check("error rate > 2%", "}", None);
        check("> 2% over baseline", "}", None);
        check("> 200ms", "}", None);
        check("< 90% for 3m", "}", None);
        let metric = ", monitored_by: MON-1}\n- {id: MON-1, title: Errors, unit: percent of requests}";
        check("> 2%", metric, None);
    }
}
