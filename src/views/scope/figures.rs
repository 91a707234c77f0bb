//! What a work package is worth, what it takes, how uncertain it is, and what follows from the three.

use schemars::JsonSchema;
use serde::Serialize;

use crate::model::epic::{Epic, Estimate, State};
use crate::model::risk::Likelihood;
use crate::model::value::split_note;
use crate::model::{Choice, Text};

/// What is known of a work package in figures.
#[derive(Debug, Clone, Default, PartialEq, Serialize, JsonSchema)]
pub struct Figures {
    /// Its value, if stated as Low, Medium, High or a number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<f64>,
    /// Its effort.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub effort: Option<f64>,
    /// How uncertain it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub risk: Option<f64>,
    /// Value ÷ (effort + risk); absent if one of the three is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub score: Option<f64>,
    /// How many days of work it is expected to take, if there is an estimate; a day has eight hours. Of three figures
    /// it is (optimistic + 4 × likely + pessimistic) ÷ 6 (PERT).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub days: Option<f64>,
    /// How many of these days are left after its progress, if there is an estimate.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub days_left: Option<f64>,
}

impl Figures {
    /// The figures of a work package.
    pub fn of(epic: &Epic<'_>) -> Self {
        let (value, effort, risk) = (weight(&epic.value), weight(&epic.effort), weight(&epic.risk));
        let score =
            value.zip(effort.zip(risk)).and_then(|(value, (effort, risk))| score(value, effort + risk));
        let days = epic.estimate.and_then(days);
        let days_left = days.map(|days| rounded(days * (1.0 - done(epic))));
        Figures { value, effort, risk, score, days, days_left }
    }
}

/// How much of a work package is done, from 0 to 1.
fn done(epic: &Epic<'_>) -> f64 {
    if epic.state.is_some_and(|state| state.value == State::Complete) {
        return 1.0;
    }
    epic.progress.map_or(0.0, |progress| progress.value.0 / 100.0)
}

/// More than this is a slip of the keyboard: it would outweigh all other figures, and sums of it have no end.
pub(super) const MOST: f64 = 1e9;

/// A figure that can be compared with others.
pub(super) fn figure(number: f64) -> Option<f64> {
    (0.0..=MOST).contains(&number).then_some(number)
}

/// What costs nothing has no score: it would be first whatever it is worth. Nor has what costs next to nothing.
pub(super) fn score(value: f64, cost: f64) -> Option<f64> {
    (cost > 0.0).then(|| rounded(value / cost)).filter(|score| *score <= MOST)
}

/// A word or a number as a weight; behind a word, the number in brackets: `H (3)`.
pub(super) fn weight(text: &Option<Text<'_>>) -> Option<f64> {
    let text = text.as_ref()?.value.trim();
    let number = |text: &str| text.parse().ok().and_then(figure);
    let word = |word: &str| Likelihood::from_word(word).map(|word| 1.0 + f64::from(word as u8));
    let (weight, note) = match split_note(text, word) {
        Some((weight, note)) => (Some(weight), note),
        None => (number(text), ""),
    };
    let stated = note.strip_prefix('(').and_then(|note| note.strip_suffix(')')).and_then(number);
    stated.or(weight)
}

fn days(estimate: Estimate) -> Option<f64> {
    let [best, likely, worst] = estimate.three_points()?.map(|figure| figure.value.days());
    Some(rounded((best + 4.0 * likely + worst) / 6.0))
}

/// Two decimals: more would claim what nobody estimated.
pub(super) fn rounded(number: f64) -> f64 {
    (number * 100.0).round() / 100.0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Kind, Plan, document};
    use crate::source::{FileId, SourceFile};

    fn check(fields: &str, score: Option<f64>, days: Option<f64>) {
        let file = SourceFile::new("p.yaml", format!("{{id: EPIC-1, title: T, {fields}}}"));
        let plan = Plan::new(vec![document::read(FileId(0), &file, &Default::default())]);
        let Kind::Epic(epic) = &plan.entries()[0].kind else { panic!("an epic") };
        let figures = Figures::of(epic);
        assert_eq!((figures.score, figures.days), (score, days), "{fields}");
    }

    #[test]
    fn a_score_takes_all_three() {
        check("value: High, effort: Low, risk: Low", Some(1.5), None);
        check("value: high, effort: MEDIUM, risk: 1", Some(1.0), None);
        check("value: H (3), effort: L, risk: L (1)", Some(1.5), None);
        check("value: High (5), effort: Medium, risk: 0", Some(2.5), None);
        check("value: 8, effort: 2.5, risk: 0", Some(3.2), None);
        check("value: 8, effort: 0, risk: 0", None, None);
        check("value: High, effort: Low", None, None);
        check("value: much, effort: Low, risk: Low", None, None);
        check("value: -1, effort: Low, risk: Low", None, None);
        check("value: 1e308, effort: Low, risk: Low", None, None);
        check("value: 5, effort: 1e-300, risk: 0", None, None);
    }

    #[test]
    fn progress_leaves_less_work() {
        let check = |fields: &str, expect: Option<f64>| {
            let file = SourceFile::new("p.yaml", format!("{{id: EPIC-1, title: T, {fields}}}"));
            let plan = Plan::new(vec![document::read(FileId(0), &file, &Default::default())]);
            let Kind::Epic(epic) = &plan.entries()[0].kind else { panic!("an epic") };
            assert_eq!(Figures::of(epic).days_left, expect, "{fields}");
        };
        check("estimate: 10d, progress: 75%", Some(2.5));
        check("estimate: 10d", Some(10.0));
        check("estimate: {optimistic: 4d, likely: 5d, pessimistic: 6d}, progress: 40%", Some(3.0));
        check("estimate: 10d, state: Complete", Some(0.0));
        check("estimate: 10d, state: Testing, progress: 100%", Some(0.0));
        check("progress: 40%", None);
    }

    #[test]
    fn an_estimate_of_three_figures_is_weighted() {
        check("estimate: 36h", None, Some(4.5));
        check("estimate: 2w", None, Some(10.0));
        check("estimate: {optimistic: 45d, likely: 54d, pessimistic: 60d}", None, Some(53.5));
        check("estimate: {likely: 54d}", None, None);
    }
}
