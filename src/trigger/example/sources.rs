//! The series that a trigger reads.

use crate::model::promql::{Expr, ExprKind, MatchOperator, Matcher, Selector, pattern};
use crate::trigger::engine::{Labels, NAME};
use crate::trigger::{Limit, Trigger};

/// What a trigger reads, and what its samples are.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Source {
    pub(super) labels: Labels,
    pub(super) kind: Kind,
}

/// What the samples of a source are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A value that goes up and down.
    Gauge,
    /// A number that only grows.
    Counter,
    /// The buckets of a histogram, each of them a counter.
    Histogram,
}

/// The sources of a trigger; nothing if labels that a selector asks for were not found.
pub(super) fn of(trigger: &Trigger) -> Option<Vec<Source>> {
    let mut sources: Vec<Source> = Vec::new();
    let baseline = match &trigger.limit {
        Limit::Moving { baseline, .. } => Some(baseline),
        _ => None,
    };
    let traffic = trigger.traffic.as_ref().map(|traffic| &traffic.query);
    for expr in [Some(&trigger.query), baseline, traffic].into_iter().flatten() {
        collect(expr, false, &mut sources)?;
    }
    (!sources.is_empty()).then_some(sources)
}

fn collect(expr: &Expr, counts: bool, sources: &mut Vec<Source>) -> Option<()> {
    match &expr.kind {
        ExprKind::Selector(selector) | ExprKind::Matrix(selector, _) => {
            let labels = labels(selector)?;
            let is_bucket = selector.name.as_deref().is_some_and(|name| name.ends_with("_bucket"))
                && !labels.iter().any(|(label, _)| label == "le");
            let kind = match (is_bucket, counts) {
                (true, _) => Kind::Histogram,
                (false, true) => Kind::Counter,
                (false, false) => Kind::Gauge,
            };
            match sources.iter_mut().find(|source| source.labels == labels) {
                Some(known) if known.kind == Kind::Gauge => known.kind = kind,
                Some(_) => {}
                None => sources.push(Source { labels, kind }),
            }
        }
        ExprKind::Call(function, arguments) => {
            // What looks at changes finds none in a value that stays.
            let counts = counts || function.needs_two_samples() || function.name == "resets";
            for argument in arguments {
                collect(argument, counts, sources)?;
            }
        }
        _ => {
            for part in expr.parts() {
                collect(part, counts, sources)?;
            }
        }
    }
    Some(())
}

/// Labels that a selector fits.
fn labels(selector: &Selector) -> Option<Labels> {
    let mut labels = Labels::new();
    if let Some(name) = &selector.name {
        labels.push((NAME.to_owned(), name.clone()));
    }
    for matcher in &selector.matchers {
        let value = match matcher.operator {
            MatchOperator::Equal => matcher.value.clone(),
            MatchOperator::Pattern => sample(&matcher.value)?,
            MatchOperator::NotEqual if matcher.value.is_empty() => "any".to_owned(),
            MatchOperator::NotPattern if fits(matcher, "") => "any".to_owned(),
            MatchOperator::NotEqual | MatchOperator::NotPattern => continue,
        };
        if !value.is_empty() && !labels.iter().any(|(label, _)| *label == matcher.label) {
            labels.push((matcher.label.clone(), value));
        }
    }
    labels.sort();
    let value =
        |label: &str| labels.iter().find(|(known, _)| known == label).map_or("", |(_, value)| value.as_str());
    let agrees = |matcher: &Matcher| {
        let value = value(&matcher.label);
        match matcher.operator {
            MatchOperator::Equal => value == matcher.value,
            MatchOperator::NotEqual => value != matcher.value,
            MatchOperator::Pattern => fits(matcher, value),
            MatchOperator::NotPattern => !fits(matcher, value),
        }
    };
    let is_named = labels.iter().any(|(label, _)| label == NAME);
    (is_named && selector.matchers.iter().all(agrees)).then_some(labels)
}

fn fits(matcher: &Matcher, value: &str) -> bool {
    pattern(&matcher.value).is_ok_and(|pattern| pattern.is_match(value))
}

/// A text that a pattern fits: `5..` fits `500`.
fn sample(pattern: &str) -> Option<String> {
    let tree = regex_syntax::Parser::new().parse(pattern).ok()?;
    let mut text = String::new();
    write_sample(&tree, &mut text)?;
    Some(text)
}

fn write_sample(tree: &regex_syntax::hir::Hir, text: &mut String) -> Option<()> {
    use regex_syntax::hir::{Class, HirKind};
    const LONGEST: u32 = 64;
    match tree.kind() {
        HirKind::Empty | HirKind::Look(_) => {}
        HirKind::Literal(literal) => text.push_str(std::str::from_utf8(&literal.0).ok()?),
        HirKind::Class(Class::Unicode(class)) => {
            let has = |letter: &char| {
                class.ranges().iter().any(|range| (range.start()..=range.end()).contains(letter))
            };
            let first = class.ranges().first().map(|range| range.start());
            text.push(['0', 'a', 'A', 'x'].into_iter().find(|letter| has(letter)).or(first)?);
        }
        HirKind::Class(Class::Bytes(_)) => return None,
        HirKind::Repetition(repetition) => {
            // One is more like what is meant than none.
            let count = repetition.min.max(u32::from(repetition.max != Some(0)));
            for _ in 0..count.min(LONGEST) {
                write_sample(&repetition.sub, text)?;
            }
        }
        HirKind::Capture(capture) => write_sample(&capture.sub, text)?,
        HirKind::Concat(parts) => {
            for part in parts {
                write_sample(part, text)?;
            }
        }
        HirKind::Alternation(parts) => write_sample(parts.first()?, text)?,
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::sample;

    #[test]
    fn a_sample_fits_its_pattern() {
        let check = |pattern: &str, expect: &str| assert_eq!(sample(pattern).as_deref(), Some(expect));
        check("5..", "500");
        check("4|5", "4");
        check("api-.+", "api-0");
        check("(prod|staging)-[a-z]{2}", "prod-aa");
    }
}
