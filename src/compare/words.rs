//! Requirements in words: their figures, and the words that promise all or nothing.

use super::condition::{Compared, Purpose};
use crate::model::decimal::Decimal;
use crate::model::measure::Measure;

/// A figure of a text: a number with its unit, and the words before it.
#[derive(Debug, Clone)]
struct Figure {
    measure: Measure,
    /// Whether it is the most or the least that is asked for, if the words say so.
    bound: Option<Bound>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Bound {
    Most,
    Least,
}

/// Words of which one promises as much as another.
const PROMISES: [&[&str]; 2] = [ALL, NONE];
const ALL: &[&str] = &["all", "every", "each", "any", "100%", "always", "entire"];
const NONE: &[&str] = &["no", "none", "zero", "never", "without", "0"];

/// Whether two texts differ in layout and case alone.
pub(super) fn same(before: &str, after: &str) -> bool {
    let plain = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
    plain(before) == plain(after)
}

/// Whether a text names a number.
pub(super) fn has_figures(text: &str) -> bool {
    text.contains(|letter: char| letter.is_ascii_digit())
}

/// Compares two texts by their figures and their promises. Other words may be put otherwise.
pub(super) fn compare(before: &str, after: &str, purpose: Purpose) -> Compared {
    if loses_a_promise(before, after) {
        return Compared::Unclear;
    }
    let all = [before, after].map(|text| promises(text, ALL));
    let (mut before, mut after) = (figures(before), figures(after));
    // What both say is no difference, in whichever order they say it.
    before.retain(|figure| {
        let same = after.iter().position(|other| other.measure == figure.measure);
        same.map(|at| after.remove(at)).is_none()
    });
    match (before.as_slice(), after.as_slice()) {
        // `95% of all tests` are not all.
        ([], new) if all[0] && new.iter().any(is_part) => Compared::Unclear,
        (old, []) if all[1] && !old.is_empty() && old.iter().all(is_part) => Compared::More,
        ([], _) => Compared::Same,
        ([first], [second]) => figure(first, second, purpose),
        _ => Compared::Unclear,
    }
}

fn figure(before: &Figure, after: &Figure, purpose: Purpose) -> Compared {
    let Some(ordering) = after.measure.compare(&before.measure) else { return Compared::Unclear };
    match (before.bound.or(after.bound), purpose) {
        (Some(Bound::Most), Purpose::Requirement) | (Some(Bound::Least), Purpose::Trigger) => {
            if ordering.is_gt() { Compared::Less } else { Compared::More }
        }
        (Some(_), _) => {
            if ordering.is_lt() {
                Compared::Less
            } else {
                Compared::More
            }
        }
        (None, _) => Compared::Unclear,
    }
}

fn loses_a_promise(before: &str, after: &str) -> bool {
    PROMISES.iter().any(|promise| promises(before, promise) && !promises(after, promise))
}

fn promises(text: &str, promise: &[&str]) -> bool {
    let plain = |word: &str| word.trim_matches([',', ';', ':', '.', '(', ')', '"']).to_lowercase();
    text.split_whitespace().any(|word| promise.contains(&plain(word).as_str()))
}

/// Whether a figure is a share of less than all.
fn is_part(figure: &Figure) -> bool {
    match &figure.measure {
        Measure::Share { percent, .. } => *percent < Decimal::from(100),
        _ => false,
    }
}

/// The figures of a text, in order.
fn figures(text: &str) -> Vec<Figure> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let plain =
        |word: &str| word.trim_matches([',', ';', ':', '(', ')', '"']).trim_end_matches('.').to_owned();
    let mut figures = Vec::new();
    for (at, word) in words.iter().enumerate() {
        let word = plain(word);
        let number = word.trim_start_matches(SIGNS);
        if !number.starts_with(|first: char| first.is_ascii_digit()) {
            continue;
        }
        let unit = words.get(at + 1).map(|next| plain(next));
        // Only a unit that is one joins the number: `200 ms`, not `3 replicas`.
        let unit = unit.filter(|unit| is_unit(unit));
        if let Some(measure) = Measure::parse(number, unit.as_deref()) {
            let sign = &word[..word.len() - number.len()];
            let bound = bound(sign, &words[..at]).or_else(|| of_share(&word, text));
            figures.push(Figure { measure, bound });
        }
    }
    figures
}

const SIGNS: [char; 5] = ['>', '<', '=', '≥', '≤'];

fn is_unit(word: &str) -> bool {
    matches!(Measure::parse("1", Some(word)), Some(measure) if !matches!(measure, Measure::Count { .. }))
}

/// Which bound a figure is, by its sign or by one of the words before it.
fn bound(sign: &str, before: &[&str]) -> Option<Bound> {
    const MOST: [&str; 15] = [
        "below", "under", "less", "fewer", "most", "max", "maximum", "within", "to", "than", "lower", "<",
        "<=", "≤", "faster",
    ];
    const LEAST: [&str; 12] = [
        "above",
        "over",
        "more",
        "greater",
        "least",
        "min",
        "minimum",
        "exceeds",
        "exceed",
        "exceeding",
        ">",
        ">=",
    ];
    if sign.contains(['<', '≤']) {
        return Some(Bound::Most);
    }
    if sign.contains(['>', '≥']) {
        return Some(Bound::Least);
    }
    let near = before.iter().rev().take(3).map(|word| word.to_lowercase());
    near.into_iter().find_map(|word| match word.as_str() {
        word if LEAST.contains(&word) => Some(Bound::Least),
        // “More than” names its side with its first word.
        "than" | "to" => None,
        word if MOST.contains(&word) => Some(Bound::Most),
        _ => None,
    })
}

/// A share of what is good is the least, also without a word that says so: `95% of the tests pass`.
fn of_share(word: &str, text: &str) -> Option<Bound> {
    const GOOD: [&str; 6] = ["pass", "cover", "succe", "avail", "complet", "accept"];
    let text = text.to_lowercase();
    let good = GOOD.iter().any(|good| text.contains(good));
    (word.ends_with('%') && good).then_some(Bound::Least)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(before: &str, after: &str, expect: Compared) {
        assert_eq!(compare(before, after, Purpose::Requirement), expect, "{before} → {after}");
    }

    #[test]
    fn figures_in_words_are_compared() {
        check("Latency stays below 200 ms", "Latency stays below 400 ms", Compared::Less);
        check("Latency stays below 200 ms", "Latency remains below 0.2 s", Compared::Same);
        check("At least 95% of the tests pass", "At least 80% of the tests pass", Compared::Less);
        check("At least 95% of the tests pass", "At least 99% of the tests pass", Compared::More);
        check("95% of the tests pass", "90% of the tests pass", Compared::Less);
        check("Three reviewers agree", "Reviewers agree", Compared::Same);
    }

    #[test]
    fn a_promise_that_is_gone_is_told() {
        check("All tests pass", "Most tests pass", Compared::Unclear);
        check("All tests pass", "Every test passes", Compared::Same);
        check("No critical defects are open", "Few critical defects are open", Compared::Unclear);
    }

    #[test]
    fn other_words_are_no_loosening() {
        check("The core is covered by tests", "Tests cover the core", Compared::Same);
    }
}
