//! The totals of a coverage report, compared with its lines and branches.
//!
//! Producers count in more than one way: a line that is in two classes counts once or twice. A total that agrees with any
//! of these ways is right. One that is worse than all of them says that something was lost on the way into the report.

use super::super::input::{Found, Input};
use super::super::{EvidenceDefect, EvidenceDefectKind, Ratio, ReportFlaw};

/// A total and where it is stated.
pub(in crate::evidence) type Total<'s> = Option<(u64, &'s str)>;

/// What a total counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::evidence) enum Counts {
    /// All there are: more than are listed is worse.
    All,
    /// Those that are covered: fewer than are listed is worse.
    Covered,
    /// Those that are not covered: more than are listed is worse.
    Missed,
}

/// Reads a total. It is broken if it is no whole number; an empty one says nothing.
pub(in crate::evidence) fn read<'s>(input: &Input<'s>, found: &mut Found<'s>, raw: &'s str) -> Total<'s> {
    let text = raw.trim();
    if text.is_empty() {
        return None;
    }
    // Some write whole numbers as `12.0`.
    let whole = text.strip_suffix(".0").unwrap_or(text);
    match whole.parse() {
        Ok(total) => Some((total, raw)),
        Err(_) => {
            found.broken(at(input, raw, "a total is a whole number from 0 on"));
            None
        }
    }
}

/// Compares a total with what is counted, in every way in which it may be; the first is the one that counts here.
pub(in crate::evidence) fn compare<'s>(
    input: &Input<'s>,
    found: &mut Found<'s>,
    (what, counts): (&'static str, Counts),
    stated: Total<'s>,
    counted: &[u64],
) {
    let Some((stated, place)) = stated.filter(|(stated, _)| !counted.contains(stated)) else { return };
    let kind = EvidenceDefectKind::CountsDiffer {
        what,
        stated,
        counted: counted.first().copied().unwrap_or_default(),
    };
    let is_worse = match counts {
        Counts::All | Counts::Missed => counted.iter().all(|counted| stated > *counted),
        Counts::Covered => counted.iter().all(|counted| stated < *counted),
    };
    let span = input.place(place);
    match is_worse {
        true => found.broken(EvidenceDefect { span, kind }),
        false => found.defect(span, kind),
    }
}

/// Compares a share from 0 to 1 with what is counted. What is lower than every way to count by more than a rounded
/// figure and half a line is worse.
pub(in crate::evidence) fn compare_rate<'s>(
    input: &Input<'s>,
    found: &mut Found<'s>,
    what: &str,
    raw: &'s str,
    counted: &[Ratio],
) {
    let rate = raw.trim().parse::<f64>().unwrap_or(f64::NAN);
    if !raw.trim().is_empty() && !rate.is_finite() {
        return found.broken(at(input, raw, format!("`{}` is no rate", raw.trim())));
    }
    let decimals = raw.trim().split_once('.').map_or(0, |(_, decimals)| decimals.len());
    let rounding = if decimals > 2 { 0.001 } else { 0.01 };
    let is_worse = |ratio: &Ratio| {
        let most = (rate + rounding) * ratio.total as f64 + 0.5;
        ratio.total > 0 && most < ratio.covered as f64
    };
    if rate.is_finite() && !counted.is_empty() && counted.iter().all(is_worse) {
        let Ratio { covered, total } = counted[0];
        let reason = format!("it states {what} of {}, and {covered} of {total} are covered", raw.trim());
        found.doubt(ReportFlaw::StatedWorse);
        found.broken(at(input, raw, reason));
    }
}

/// What totals state where nothing is listed. Those of which more is covered than there is say nothing: they would pass
/// for more than all of it.
pub(in crate::evidence) fn believed<'s>(
    input: &Input<'s>,
    found: &mut Found<'s>,
    total: Total<'s>,
    covered: Total<'s>,
) -> Option<Ratio> {
    let (total, _) = total?;
    let Some((covered, place)) = covered else { return Some(Ratio { covered: 0, total }) };
    if covered <= total {
        return Some(Ratio { covered, total });
    }
    found.broken(at(input, place, format!("{covered} are covered, and there are {total}")));
    None
}

/// A part of the text that is not what it must be.
pub(in crate::evidence) fn at(input: &Input<'_>, part: &str, reason: impl Into<String>) -> EvidenceDefect {
    let kind = EvidenceDefectKind::Malformed { reason: reason.into(), at_end: false };
    EvidenceDefect { span: input.first_line(part), kind }
}

/// How often something was executed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::evidence) enum Count {
    /// Never.
    Zero,
    /// Once or more.
    Some,
    /// Less often than never: counters that are not atomic overflow. It counts as zero.
    Negative,
}

impl Count {
    /// Reads a count. Some write large counts as `1e+06`; less than one is none.
    pub fn parse(text: &str) -> Option<Count> {
        let text = text.trim();
        let sign = match text.parse::<i128>() {
            Ok(count) => count.signum(),
            Err(_) => {
                let count = text.parse::<f64>().ok().filter(|count| count.is_finite())?;
                if count >= 1.0 { 1 } else { -i128::from(count < 0.0) }
            }
        };
        Some(match sign {
            1 => Count::Some,
            0 => Count::Zero,
            _ => Count::Negative,
        })
    }

    /// Whether it was executed at all; a negative count is noted at its place.
    pub fn is_hit<'s>(self, input: &Input<'s>, found: &mut Found<'s>, place: &'s str) -> bool {
        if self == Count::Negative {
            found.defect(input.first_line(place), EvidenceDefectKind::NegativeCount);
        }
        self == Count::Some
    }
}

/// Notes what an attribute says of the report as a whole: the commit that it is about.
pub(in crate::evidence) fn about<'s>(
    input: &Input<'s>,
    found: &mut Found<'s>,
    name: &str,
    (value, raw): (std::borrow::Cow<'s, str>, &'s str),
) {
    if super::super::commit_names::is_commit(name, &value) {
        found.is_about(value, input.place(raw));
    }
}
