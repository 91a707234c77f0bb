//! Methods of prioritization: what an item is worth, what it costs, and its score.

use schemars::JsonSchema;
use serde::Serialize;

use super::figures::{Figures, figure, rounded, score, weight};
use crate::model::epic::{Epic, Prioritization};

/// A method of prioritization.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum PriorityMethod {
    /// Value ÷ (effort + risk).
    Value,
    /// Weighted shortest job first: (value + time criticality + risk reduction) ÷ effort.
    Wsjf,
    /// Reach × impact × confidence ÷ effort.
    Rice,
}

/// What a method says about an item.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Rating {
    /// What it is worth: what the set of items is to have most of.
    pub worth: Option<f64>,
    /// What it is worth for what it costs.
    pub score: Option<f64>,
    /// The fields without which it is worth nobody knows what.
    pub missing: Vec<&'static str>,
}

impl PriorityMethod {
    /// What it is called.
    pub const fn title(self) -> &'static str {
        match self {
            PriorityMethod::Value => "value ÷ (effort + risk)",
            PriorityMethod::Wsjf => "WSJF",
            PriorityMethod::Rice => "RICE",
        }
    }

    /// The worth of an item, in words.
    pub const fn worth(self) -> &'static str {
        match self {
            PriorityMethod::Value => "value",
            PriorityMethod::Wsjf => "cost of delay (value + time criticality + risk reduction)",
            PriorityMethod::Rice => "reach × impact × confidence",
        }
    }

    /// How the score of an item is reckoned.
    pub const fn formula(self) -> &'static str {
        match self {
            PriorityMethod::Value => super::FORMULA,
            PriorityMethod::Wsjf => {
                "(value + time criticality + risk reduction) ÷ effort, with Low as 1, Medium as 2 and High as 3"
            }
            PriorityMethod::Rice => "reach × impact × confidence ÷ effort",
        }
    }

    /// Rates a work package. What is not stated is missing, never guessed.
    pub fn rate(self, epic: &Epic<'_>) -> Rating {
        let figures = Figures::of(epic);
        let more = epic.prioritization.as_deref();
        let (parts, cost): (Vec<(&'static str, Option<f64>)>, Option<f64>) = match self {
            PriorityMethod::Value => {
                (vec![("value", figures.value)], figures.effort.zip(figures.risk).map(|(a, b)| a + b))
            }
            PriorityMethod::Wsjf => {
                let criticality = more.and_then(|more| weight(&more.time_criticality));
                let reduction = more.and_then(|more| weight(&more.risk_reduction));
                let parts = vec![
                    ("value", figures.value),
                    ("time_criticality", criticality),
                    ("risk_reduction", reduction),
                ];
                (parts, figures.effort)
            }
            PriorityMethod::Rice => {
                let reach = more.and_then(|more| more.reach).map(|reach| reach.value);
                let confidence = more.and_then(|more| more.confidence);
                let parts = vec![
                    ("reach", reach.and_then(figure)),
                    ("impact", more.and_then(impact)),
                    ("confidence", confidence.map(|confidence| confidence.value.0 / 100.0)),
                ];
                (parts, figures.effort)
            }
        };
        let fields: Vec<&'static str> = parts.iter().map(|(field, _)| *field).collect();
        let missing: Vec<&'static str> =
            parts.iter().filter(|(_, part)| part.is_none()).map(|(field, _)| *field).collect();
        let stated: Option<Vec<f64>> = parts.iter().map(|(_, part)| *part).collect();
        let worth: Option<f64> = stated.map(|parts| match self {
            PriorityMethod::Rice => parts.iter().product(),
            PriorityMethod::Value | PriorityMethod::Wsjf => parts.iter().sum(),
        });
        let Some(worth) = worth.and_then(figure) else {
            // A product of figures that is beyond all others is worth nobody knows what, like one without a figure.
            let missing = if missing.is_empty() { fields } else { missing };
            return Rating { worth: None, score: None, missing };
        };
        let score = cost.and_then(|cost| score(worth, cost));
        Rating { worth: Some(rounded(worth)), score, missing }
    }
}

/// How much something means to each person that it reaches.
fn impact(more: &Prioritization<'_>) -> Option<f64> {
    let text = more.impact.as_ref()?.value.trim();
    let of_word = match text.to_ascii_lowercase().as_str() {
        "massive" => 3.0,
        "high" => 2.0,
        "medium" => 1.0,
        "low" => 0.5,
        "minimal" => 0.25,
        _ => return text.parse().ok().and_then(figure),
    };
    Some(of_word)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Kind, Plan, document};
    use crate::source::{FileId, SourceFile};

    fn check(method: PriorityMethod, fields: &str, worth: Option<f64>, score: Option<f64>, missing: &[&str]) {
        let file = SourceFile::new("p.yaml", format!("{{id: EPIC-1, title: T, {fields}}}"));
        let plan = Plan::new(vec![document::read(FileId(0), &file, &Default::default())]);
        let Kind::Epic(epic) = &plan.entries()[0].kind else { panic!("an epic") };
        let rating = method.rate(epic);
        assert_eq!((rating.worth, rating.score), (worth, score), "{fields}");
        assert_eq!(rating.missing, missing, "{fields}");
    }

    #[test]
    fn worked_examples_of_rice_come_out() {
        // Intercom, RICE: Simple prioritization for product managers.
        for (reach, impact, confidence, effort, score) in [
            (500, "3", "50%", 1, 750.0),
            (500, "High", "50%", 1, 500.0),
            (500, "2", "80%", 1, 800.0),
            (100, "Massive", "80%", 1, 240.0),
        ] {
            let fields =
                format!("reach: {reach}, impact: {impact}, confidence: {confidence}, effort: {effort}");
            check(PriorityMethod::Rice, &fields, Some(score), Some(score), &[]);
        }
    }

    #[test]
    fn wsjf_is_the_cost_of_delay_for_the_size() {
        let fields = "value: 8, time_criticality: 5, risk_reduction: High, effort: 4";
        check(PriorityMethod::Wsjf, fields, Some(16.0), Some(4.0), &[]);
        check(PriorityMethod::Value, "value: High, effort: Low, risk: Low", Some(3.0), Some(1.5), &[]);
    }

    #[test]
    fn what_is_not_stated_is_missing() {
        check(PriorityMethod::Value, "effort: Low, risk: Low", None, None, &["value"]);
        check(PriorityMethod::Value, "value: 3, effort: 0, risk: 0", Some(3.0), None, &[]);
        check(
            PriorityMethod::Wsjf,
            "value: 3, effort: 1",
            None,
            None,
            &["time_criticality", "risk_reduction"],
        );
        check(
            PriorityMethod::Rice,
            "impact: enormous, reach: -3, confidence: 50%",
            None,
            None,
            &["reach", "impact"],
        );
        check(
            PriorityMethod::Rice,
            "reach: 3, impact: 1, confidence: 100%, effort: -1",
            Some(3.0),
            None,
            &[],
        );
    }
}
