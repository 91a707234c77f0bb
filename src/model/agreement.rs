//! Where the words of an entry and its evidence requirement ask for different figures. The stricter of both counts.

use std::cmp::Ordering;

use super::dep::Detail;
use super::entry::{Entry, Kind};
use super::evidence_requirement::{EvidenceRequirement, MetricRequirement, RequiredShare, SeverityLimit};
use super::measure::Measure;
use super::stated::{ShareOf, StatedLimit, StatedShare, limits, no_findings, shares};
use super::threshold::{self, Condition, Operator, Threshold};
use super::value::{Choice, Text};
use super::wording::{Bound, stem};
use crate::source::Span;

/// A figure that the words of an entry state and its evidence requirement does not.
#[derive(Debug, Clone)]
pub struct Disagreement<'e> {
    /// The field of the words: `title`, `requirement`.
    pub field: &'static str,
    /// Its text.
    pub text: &'e Text<'e>,
    /// The words in it that say so.
    pub stated: &'e str,
    /// What the evidence requirement asks for, as it is written: `tests: 80%`.
    pub required: String,
    /// What it would have to ask for: `tests: 95%`.
    pub agreeing: String,
    /// Where it is written.
    pub span: Span,
}

/// The texts of an entry that say what must be so, with the names of their fields.
pub fn asking_texts<'e>(entry: &'e Entry<'e>) -> Vec<(&'static str, &'e Text<'e>)> {
    let title = entry.title.as_ref().map(|title| ("title", title));
    let own = match &entry.kind {
        Kind::Dep(dep) => match &dep.detail {
            Detail::Criteria(criteria) => {
                [criteria.requirement.as_ref().map(|text| ("requirement", text)), None]
            }
            Detail::Validation(validation) => [
                validation.check.as_ref().map(|text| ("check", text)),
                validation.success_criteria.as_ref().map(|text| ("success_criteria", text)),
            ],
            _ => [None, None],
        },
        _ => [None, None],
    };
    title.into_iter().chain(own.into_iter().flatten()).collect()
}

/// What the words of an entry and its evidence requirement do not agree on.
pub fn disagreements<'e>(entry: &'e Entry<'e>, requirement: &EvidenceRequirement) -> Vec<Disagreement<'e>> {
    let texts = asking_texts(entry);
    let of_shares = WHOLES.iter().filter_map(|whole| of_share(&texts, requirement, *whole));
    let of_metrics = requirement.metrics.iter().filter_map(|metric| of_metric(&texts, requirement, metric));
    of_shares.chain(of_metrics).chain(of_findings(&texts, requirement)).collect()
}

/// The evidence requirement as the words of its entry ask for it, if they ask for more. `resolve` gives what the
/// profile asks for.
pub fn stricter(
    entry: &Entry<'_>,
    requirement: &EvidenceRequirement,
    resolve: impl Fn(ShareOf) -> Option<RequiredShare>,
) -> Option<EvidenceRequirement> {
    let texts = asking_texts(entry);
    let mut asked = requirement.clone();
    let mut changed = false;
    for whole in WHOLES {
        let Some((.., stated)) = highest(&texts, whole) else { continue };
        let Some(least) = least_of(&mut asked, whole) else { continue };
        let own = if *least == RequiredShare::Profile { resolve(whole) } else { Some(*least) };
        let wanted = RequiredShare::Share { percent: stated.percent, above: stated.above };
        if own.is_some_and(|own| is_less(own, wanted)) {
            *least = wanted;
            changed = true;
        }
    }
    for (at, metric) in requirement.metrics.iter().enumerate() {
        let stated =
            stated_limit(&texts, requirement, metric).and_then(|(.., limit)| threshold_of(metric, &limit));
        if let (Some(stated), Some(written)) = (stated, asked.metrics[at].threshold.as_mut())
            && is_stricter(&stated, &written.value)
        {
            written.value = stated;
            changed = true;
        }
    }
    if let (Some(scan), Some((.., severity, _))) = (asked.scan.as_mut(), stated_severity(&texts))
        && matches!(scan.below.value, SeverityLimit::Severity(below) if severity > below)
    {
        scan.below.value = SeverityLimit::Severity(severity);
        changed = true;
    }
    changed.then_some(asked)
}

const WHOLES: [ShareOf; 3] = [ShareOf::Tests, ShareOf::Lines, ShareOf::Branches];

/// The texts with the names of their fields.
type Texts<'e> = [(&'static str, &'e Text<'e>)];

fn least_of(requirement: &mut EvidenceRequirement, whole: ShareOf) -> Option<&mut RequiredShare> {
    let least = match whole {
        ShareOf::Tests => requirement.tests.as_mut(),
        ShareOf::Lines => requirement.coverage.as_mut().and_then(|coverage| coverage.lines.as_mut()),
        ShareOf::Branches => requirement.coverage.as_mut().and_then(|coverage| coverage.branches.as_mut()),
    };
    least.map(|least| &mut least.value)
}

/// The highest share that the texts ask for.
fn highest<'e>(texts: &Texts<'e>, whole: ShareOf) -> Option<(&'static str, &'e Text<'e>, StatedShare<'e>)> {
    let of_text = |at: usize| {
        let (field, text) = texts[at];
        let beside = texts.iter().enumerate().filter(|(other, _)| *other != at);
        let context: Vec<&str> = beside.map(|(_, (_, text))| &*text.value).collect();
        let found = shares(&text.value, &context.join(". ")).into_iter().filter(|share| share.of == whole);
        found.map(|share| (field, text, share)).collect::<Vec<_>>()
    };
    let all = (0..texts.len()).flat_map(of_text);
    let key = |share: &StatedShare<'_>| (share.percent, share.above);
    all.reduce(|best, other| if key(&other.2) > key(&best.2) { other } else { best })
}

fn is_less(own: RequiredShare, other: RequiredShare) -> bool {
    match (own, other) {
        (
            RequiredShare::Share { percent, above },
            RequiredShare::Share { percent: wanted, above: exceeded },
        ) => (percent, above) < (wanted, exceeded),
        _ => false,
    }
}

fn of_share<'e>(
    texts: &Texts<'e>,
    requirement: &EvidenceRequirement,
    whole: ShareOf,
) -> Option<Disagreement<'e>> {
    let coverage = requirement.coverage.as_ref();
    let (key, least) = match whole {
        ShareOf::Tests => ("tests", requirement.tests),
        ShareOf::Lines => ("coverage", coverage.and_then(|coverage| coverage.lines)),
        ShareOf::Branches => ("branches", coverage.and_then(|coverage| coverage.branches)),
    };
    let least = least?;
    let RequiredShare::Share { percent, .. } = least.value else { return None };
    let (field, text, stated) = highest(texts, whole)?;
    (stated.percent.total_cmp(&percent) != Ordering::Equal).then(|| Disagreement {
        field,
        text,
        stated: stated.text,
        required: format!("{key}: {percent}%"),
        agreeing: format!("{key}: {}%", stated.percent),
        span: least.span,
    })
}

fn of_metric<'e>(
    texts: &Texts<'e>,
    requirement: &EvidenceRequirement,
    metric: &MetricRequirement,
) -> Option<Disagreement<'e>> {
    let (field, text, limit) = stated_limit(texts, requirement, metric)?;
    let written = metric.threshold.as_ref()?;
    let own = measure_of(&written.value)?;
    let wanted = threshold_of(metric, &limit)?;
    (own.compare(&limit.measure)? != Ordering::Equal).then(|| Disagreement {
        field,
        text,
        stated: limit.text,
        required: format!("threshold: \"{}\"", written.value.canonical()),
        agreeing: format!("threshold: \"{}\"", wanted.canonical()),
        span: written.span,
    })
}

/// The one limit of the texts that is about a metric; where several may be, nobody can tell.
fn stated_limit<'e>(
    texts: &Texts<'e>,
    requirement: &EvidenceRequirement,
    metric: &MetricRequirement,
) -> Option<(&'static str, &'e Text<'e>, StatedLimit<'e>)> {
    let written = &metric.threshold.as_ref()?.value;
    let own = measure_of(written)?;
    let bound = bound_of(written)?;
    let fits = |limit: &StatedLimit<'_>| limit.bound == bound && limit.measure.compare(&own).is_some();
    let all = texts.iter().flat_map(|(field, text)| {
        limits(&text.value).into_iter().filter(fits).map(|limit| (*field, *text, limit))
    });
    let all: Vec<_> = all.collect();
    let named: Vec<_> = all.iter().filter(|(.., limit)| is_about(&metric.name.value, limit)).collect();
    let of_time = matches!(own, Measure::Time(_)) && requirement.metrics.len() == 1;
    let candidates = if named.is_empty() && of_time { all.iter().collect() } else { named };
    let (first, others) = candidates.split_first()?;
    let same = others.iter().all(|(.., limit)| limit.measure == first.2.measure);
    same.then(|| (*first).clone())
}

/// Whether the clause of a limit shares a word with the name of a metric: `error_rate`, `Error rate of less than 1%`.
fn is_about(name: &str, limit: &StatedLimit<'_>) -> bool {
    let name = name.to_lowercase();
    let mut words = name.split(|c: char| !c.is_alphanumeric()).filter(|word| word.len() > 2);
    words.any(|word| limit.clause.iter().any(|other| stem(other) == stem(word)))
}

fn measure_of(threshold: &Threshold) -> Option<Measure> {
    match &threshold.condition {
        Condition::Compare { quantity, .. } => Measure::of_limit(quantity),
        Condition::State(_) => None,
    }
}

fn bound_of(threshold: &Threshold) -> Option<Bound> {
    match &threshold.condition {
        Condition::Compare { operator: Operator::Below | Operator::AtMost, .. } => Some(Bound::Upper),
        Condition::Compare { operator: Operator::Above | Operator::AtLeast, .. } => Some(Bound::Lower),
        _ => None,
    }
}

/// The threshold of a metric with the limit that words state.
fn threshold_of(metric: &MetricRequirement, limit: &StatedLimit<'_>) -> Option<Threshold> {
    let sign = match (limit.bound, limit.excludes) {
        (Bound::Upper, true) => "<",
        (Bound::Upper, false) => "<=",
        (Bound::Lower, true) => ">",
        (Bound::Lower, false) => ">=",
    };
    let figure = match &limit.measure {
        Measure::Time(millis) => format!("{millis}ms"),
        Measure::Share { percent, of: Some(of) } => format!("{percent}% of {of}"),
        Measure::Share { percent, of: None } => format!("{percent}%"),
        Measure::Bytes(bytes) => format!("{bytes} bytes"),
        Measure::Count { number, unit } => format!("{number} {unit}"),
    };
    let stated = threshold::parse(&format!("{sign} {figure}")).ok()?;
    let own = metric.threshold.as_ref()?.value.clone();
    Some(Threshold { condition: stated.condition, ..own })
}

fn is_stricter(stated: &Threshold, own: &Threshold) -> bool {
    let (Some(first), Some(second), Some(bound)) = (measure_of(stated), measure_of(own), bound_of(own))
    else {
        return false;
    };
    match (bound, first.compare(&second)) {
        (Bound::Upper, Some(Ordering::Less)) | (Bound::Lower, Some(Ordering::Greater)) => true,
        (_, Some(Ordering::Equal)) => excludes(stated) && !excludes(own),
        _ => false,
    }
}

fn excludes(threshold: &Threshold) -> bool {
    matches!(&threshold.condition, Condition::Compare { operator: Operator::Above | Operator::Below, .. })
}

/// The least severe findings that the texts say there are none of.
fn stated_severity<'e>(
    texts: &Texts<'e>,
) -> Option<(&'static str, &'e Text<'e>, super::dep::Severity, &'e str)> {
    let all = texts.iter().filter_map(|(field, text)| {
        let (severity, words) = no_findings(&text.value)?;
        Some((*field, *text, severity, words))
    });
    all.max_by_key(|(.., severity, _)| *severity)
}

/// Findings that the words rule out, and the evidence requirement lets pass.
fn of_findings<'e>(texts: &Texts<'e>, requirement: &EvidenceRequirement) -> Option<Disagreement<'e>> {
    let scan = requirement.scan.as_ref()?;
    let SeverityLimit::Severity(below) = scan.below.value else { return None };
    let (field, text, severity, stated) = stated_severity(texts)?;
    (severity > below).then(|| Disagreement {
        field,
        text,
        stated,
        required: format!("findings_below: {}", below.word()),
        agreeing: format!("findings_below: {}", severity.word()),
        span: scan.below.span,
    })
}
