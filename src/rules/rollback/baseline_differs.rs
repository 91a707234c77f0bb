use crate::finding::Report;
use crate::model::measure::Measure;
use crate::model::threshold::{Baseline, Threshold};
use crate::model::{Entry, Kind, Text, id};
use crate::rules::{Subject, WARNING, words};
use crate::source::Span;
use crate::source::edit::Edit;

declare_rule! {
    /// A threshold whose remark names another baseline than its metric.
    ///
    /// One of the two figures is outdated. People read the remark, and every
    /// computation uses the baseline of the metric. Only figures of one unit are
    /// compared.
    ///
    /// ```yaml,bad
    /// - id: DEP-003
    ///   title: Error rate rises
    ///   type: Rollback
    ///   threshold: "> 2% of requests for 5m (baseline 0.5%, from MON-001)"
    ///   monitored_by: MON-001
    /// - id: MON-001
    ///   title: Error rate
    ///   unit: percent of requests
    ///   baseline: 0.8%
    /// ```
    ///
    /// ```yaml,good
    /// - id: DEP-003
    ///   title: Error rate rises
    ///   type: Rollback
    ///   threshold: "> 2% of requests for 5m (baseline 0.8%, from MON-001)"
    ///   monitored_by: MON-001
    /// - id: MON-001
    ///   title: Error rate
    ///   unit: percent of requests
    ///   baseline: 0.8%
    /// ```
    "RP1012", "baseline-differs", WARNING, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    let mut looked_at = 0;
    for (entry, rollback) in subject.plan.rollbacks() {
        let Some(written) = &rollback.threshold else { continue };
        let Some(remark) = written.value.typed.as_deref().and_then(|typed| Remark::of(subject, typed)) else {
            continue;
        };
        looked_at += 1;
        reports.extend(report(subject, entry, written.span, &remark));
    }
    looked_at
}

/// A baseline in a threshold, and that of the metric it names.
struct Remark<'p> {
    stated: &'p Baseline,
    metric: &'p Entry<'p>,
    own: &'p Text<'p>,
    unit: Option<&'p str>,
}

impl<'p> Remark<'p> {
    fn of(subject: &Subject<'p>, threshold: &'p Threshold) -> Option<Self> {
        let (stated, source) = (threshold.baseline.as_ref()?, threshold.source.as_ref()?);
        let metric = subject.plan.entry(subject.plan.find(id::parse(&source.id).ok()?)?);
        let Kind::Mon(mon) = &metric.kind else { return None };
        let unit = mon.unit.as_ref().map(|unit| &*unit.value);
        Some(Remark { stated, metric, own: mon.baseline.as_ref()?, unit })
    }
}

fn report(subject: &Subject<'_>, entry: &Entry<'_>, threshold: Span, remark: &Remark<'_>) -> Option<Report> {
    let own = Measure::parse(&remark.own.value, remark.unit)?;
    let stated = Measure::of_baseline(remark.stated)?;
    if stated.compare(&own)?.is_eq() {
        return None;
    }
    let number = remark.stated.number.to_string();
    let place = last_figure(subject.sources.slice(threshold), &number);
    let figure = place.map_or(threshold, |at| threshold.within(at, at + number.len()));
    let metric = remark.metric.id.value;
    let unit = remark.stated.unit.as_deref().unwrap_or("");
    let span = words::with_suffix(subject, figure, unit);
    let message = format!(
        "{}: the baseline is {number}{unit} here, but {} in {metric}",
        entry.id.value, remark.own.value
    );
    let report = Report::at(span, message)
        .and(remark.own.span, format!("the baseline of {metric}"))
        .help(format!("measure the baseline, then set the same value in {} and {metric}", entry.id.value));
    Some(match (&stated, &own) {
        (Measure::Share { .. }, Measure::Share { percent: own, .. })
        | (Measure::Count { .. }, Measure::Count { number: own, .. })
            if place.is_some() =>
        {
            report.suggested_fix(
                format!("use the value of {metric}"),
                vec![Edit::replace(figure, own.to_string())],
            )
        }
        _ => report,
    })
}

/// Where a figure stands last in a text, not as a part of another figure or of an id such as `MON-1`.
fn last_figure(text: &str, figure: &str) -> Option<usize> {
    let goes_on = |c: char| c.is_ascii_digit() || c == '.';
    let begun = |c: char| goes_on(c) || c.is_alphabetic() || c == '-';
    let alone = |at: &usize| !text[..*at].ends_with(begun) && !text[at + figure.len()..].starts_with(goes_on);
    text.rmatch_indices(figure).map(|(at, _)| at).find(alone)
}

#[cfg(test)]
mod tests {
    use super::last_figure;

    #[test]
    fn a_figure_is_not_a_part_of_another_nor_of_an_id() {
        let check = |text, expect| assert_eq!(last_figure(text, "1"), expect, "{text}");
        check("> 5% (currently 1% baseline from MON-1)", Some(16));
        check("> 1% (currently 1.1%, 21% or p1)", Some(2));
        check("from MON-1", None);
    }
}
