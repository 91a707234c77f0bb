//! Quantiles of classic histograms.

use rustc_hash::FxHashMap;

use super::{ABSENT, Column, Labels, NAME, is_absent, present};

/// The label that holds the upper bound of a bucket.
const BOUND: &str = "le";

/// The quantile of each histogram at each moment.
pub(super) fn quantiles(quantiles: &[f64], columns: Vec<Column>) -> Vec<Column> {
    let mut order: Vec<Labels> = Vec::new();
    let mut histograms: FxHashMap<Labels, Vec<(f64, Vec<f64>)>> = FxHashMap::default();
    for column in columns {
        let bound = column.labels.iter().find(|(label, _)| label == BOUND).map(|(_, bound)| bound.as_str());
        // A series without a bound is no bucket.
        let Some(bound) = bound.and_then(|bound| bound.parse::<f64>().ok()) else { continue };
        let mut labels = column.labels;
        labels.retain(|(label, _)| label != BOUND && label != NAME);
        let histogram = histograms.entry(labels.clone()).or_insert_with(|| {
            order.push(labels);
            Vec::new()
        });
        histogram.push((bound, column.values));
    }
    let mut found = Vec::new();
    for labels in order {
        let mut buckets = histograms.remove(&labels).unwrap_or_default();
        buckets.sort_by(|first, second| first.0.total_cmp(&second.0));
        let value = |(index, quantile): (usize, &f64)| {
            let at = buckets.iter().map(|(bound, values)| (*bound, values[index]));
            let there: Vec<(f64, f64)> = at.filter(|(_, value)| !is_absent(*value)).collect();
            if there.is_empty() { ABSENT } else { present(of_buckets(*quantile, there)) }
        };
        found.push(Column { values: quantiles.iter().enumerate().map(value).collect(), labels });
    }
    found
}

fn of_buckets(quantile: f64, buckets: Vec<(f64, f64)>) -> f64 {
    if quantile.is_nan() {
        return f64::NAN;
    }
    if !(0.0..=1.0).contains(&quantile) {
        return if quantile < 0.0 { f64::NEG_INFINITY } else { f64::INFINITY };
    }
    let buckets = rising(joined(buckets));
    let [first, .., last] = buckets.as_slice() else { return f64::NAN };
    if last.0 != f64::INFINITY || last.1 == 0.0 {
        return f64::NAN;
    }
    let rank = quantile * last.1;
    let reaches = |bucket: &&(f64, f64)| bucket.1 >= rank;
    let at = buckets[..buckets.len() - 1].iter().take_while(|bucket| !reaches(bucket)).count();
    match at {
        at if at == buckets.len() - 1 => buckets[at - 1].0,
        0 if first.0 <= 0.0 => first.0,
        0 => first.0 * (rank / first.1),
        at => {
            let (start, below) = buckets[at - 1];
            let (end, count) = (buckets[at].0, buckets[at].1 - below);
            start + (end - start) * ((rank - below) / count)
        }
    }
}

/// Buckets of which each bound occurs once.
fn joined(buckets: Vec<(f64, f64)>) -> Vec<(f64, f64)> {
    let mut found: Vec<(f64, f64)> = Vec::new();
    for (bound, count) in buckets {
        match found.last_mut() {
            Some(last) if last.0 == bound => last.1 += count,
            _ => found.push((bound, count)),
        }
    }
    found
}

/// Buckets of which none counts less than the one before it.
fn rising(mut buckets: Vec<(f64, f64)>) -> Vec<(f64, f64)> {
    let mut most = f64::NEG_INFINITY;
    for bucket in &mut buckets {
        if bucket.1 > most {
            most = bucket.1;
        } else if bucket.1 < most {
            bucket.1 = most;
        }
    }
    buckets
}
