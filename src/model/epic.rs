//! Work packages (`EPIC-`).

use chrono::NaiveDate;

use super::amount::Amount;
use super::dep::Need;
use super::effort::Effort;
use super::entry::choice_of;
use super::evidence_requirement::EvidenceRequirement;
use super::field::{Field, Shape};
use super::order::{Order, Strictness, ranked};
use super::reader::Reader;
use super::value::{Percentage, Text, boolean, choice};
use crate::source::Spanned;

choice! {
    /// How far a work package is.
    State {
        /// Not begun.
        Planned = "Planned",
        /// Being built.
        InProgress = "In Progress" | "active",
        /// Built, being tested.
        Testing = "Testing" | "in review",
        /// Done.
        Complete = "Complete" | "completed" | "done",
        /// Not in this release.
        Deferred = "Deferred",
    }
}

impl Strictness for State {
    /// A work package that is deferred is no longer asked for. Everything else is progress.
    fn rank(self) -> u8 {
        u8::from(self != State::Deferred)
    }
}

/// A work package.
#[derive(Debug)]
pub struct Epic<'s> {
    /// How far it is.
    pub state: Option<Spanned<State>>,
    /// How much it is needed.
    pub priority: Option<Spanned<Need>>,
    /// What it is worth: a word or a number.
    pub value: Option<Text<'s>>,
    /// What it costs: a word or a number.
    pub effort: Option<Text<'s>>,
    /// How uncertain it is: a word or a number.
    pub risk: Option<Text<'s>>,
    /// Further figures for prioritization, if there are any.
    pub prioritization: Option<Box<Prioritization<'s>>>,
    /// The phase in which it is done, in the team's own words.
    pub phase: Option<Box<Text<'s>>>,
    /// How long it will take.
    pub estimate: Option<Estimate>,
    /// How many people work on it at the same time; one unless stated.
    pub people: Option<Spanned<u32>>,
    /// What whoever works on it must be able to do.
    pub skills: Vec<Text<'s>>,
    /// How many work items it consists of, such as stories.
    pub items: Option<Spanned<Amount>>,
    /// How much of it is done.
    pub progress: Option<Spanned<Percentage>>,
    /// When work on it begins.
    pub start: Option<Spanned<NaiveDate>>,
    /// What proves that it is complete, in words.
    pub evidence: Option<Box<Text<'s>>>,
    /// The facts that prove it.
    pub evidence_requirement: Option<Box<EvidenceRequirement>>,
    /// What must be done before it is done, item by item, and whether it is.
    pub definition_of_done: Vec<DoneItem<'s>>,
}

/// Figures that a method of prioritization takes beside value, effort and risk.
#[derive(Debug)]
pub struct Prioritization<'s> {
    /// How much more it costs the later it is done (WSJF): a word or a number.
    pub time_criticality: Option<Text<'s>>,
    /// Which risks it reduces or opportunities it enables (WSJF): a word or a number.
    pub risk_reduction: Option<Text<'s>>,
    /// How many people it reaches in a period (RICE).
    pub reach: Option<Spanned<f64>>,
    /// How much it means to each of them (RICE): a word or a number.
    pub impact: Option<Text<'s>>,
    /// How sure these figures are (RICE).
    pub confidence: Option<Spanned<Percentage>>,
}

impl<'s> Prioritization<'s> {
    fn read(fields: &mut Reader<'s>) -> Option<Box<Self>> {
        let figures = Prioritization {
            time_criticality: fields.text("time_criticality"),
            risk_reduction: fields.text("risk_reduction"),
            reach: fields.number("reach"),
            impact: fields.text("impact"),
            confidence: fields.percentage("confidence"),
        };
        let Prioritization { time_criticality, risk_reduction, reach, impact, confidence } = &figures;
        let is_stated = time_criticality.is_some()
            || risk_reduction.is_some()
            || reach.is_some()
            || impact.is_some()
            || confidence.is_some();
        is_stated.then(|| Box::new(figures))
    }
}

/// How long something will take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Estimate {
    /// One figure.
    Single(Spanned<Effort>),
    /// Three figures, as in PERT.
    ThreePoint {
        /// If all goes well.
        optimistic: Option<Spanned<Effort>>,
        /// Most likely.
        likely: Option<Spanned<Effort>>,
        /// If all goes badly.
        pessimistic: Option<Spanned<Effort>>,
    },
}

/// An item of a definition of done.
#[derive(Debug)]
pub struct DoneItem<'s> {
    /// What must be done.
    pub name: Text<'s>,
    /// Whether it is; nothing if that is not stated.
    pub done: Option<bool>,
}

/// The items of a definition of done: a mapping to yes or no, or a list of what is open.
fn read_done<'s>(fields: &mut Reader<'s>) -> Vec<DoneItem<'s>> {
    const NAME: &str = "definition_of_done";
    if !fields.holds_mapping(NAME) {
        return fields.list(NAME).into_iter().map(|name| DoneItem { name, done: None }).collect();
    }
    let items = fields.free_mapping(NAME).into_iter();
    items.map(|(name, word)| DoneItem { done: boolean(word.value.trim()), name }).collect()
}

impl<'s> Epic<'s> {
    /// The fields of a work package.
    pub const FIELDS: &'static [Field] = &[
        Field::new("state", choice_of::<State>(), "State.")
            .asks(ranked::<State>())
            .absent("Planned")
            .or(&["status"])
            .progress(),
        Field::new("priority", choice_of::<Need>(), "Priority (MoSCoW).").asks(ranked::<Need>()),
        Field::new("value", Shape::Text, "Value: High, Medium, Low or a number.")
            .or(&["business_value"])
            .asks(Order::Nothing),
        Field::new("effort", Shape::Text, "Effort: High, Medium, Low or a number.")
            .or(&["development_effort"])
            .asks(Order::Nothing),
        Field::new("risk", Shape::Text, "Risk: High, Medium, Low or a number.")
            .or(&["technical_risk"])
            .asks(Order::Nothing),
        Field::new("time_criticality", Shape::Text, "Time criticality (WSJF): High, Medium, Low or a number.")
            .asks(Order::Nothing),
        Field::new(
            "risk_reduction",
            Shape::Text,
            "Risk reduction or opportunity enablement (WSJF): High, Medium, Low or a number.",
        )
        .asks(Order::Nothing),
        Field::new("reach", Shape::Number, "Reach (RICE): number of people or events in a period.")
            .asks(Order::Nothing),
        Field::new(
            "impact",
            Shape::Text,
            "Impact (RICE): Massive (3), High (2), Medium (1), Low (0.5), Minimal (0.25), or a number.",
        )
        .asks(Order::Nothing),
        Field::new("confidence", Shape::Percentage, "Confidence in reach and impact (RICE).").asks(Order::Nothing),
        Field::new("phase", Shape::Text, "Phase: `Phase 1 (Core)`.").or(&["release_priority"]).asks(Order::Nothing),
        Field::new(
            "estimate",
            Shape::Structure(Estimate::FIELDS),
            "Estimate in working time (a day has 8 hours, a week 5 days): `5d`, or optimistic, likely and pessimistic.",
        )
        .asks(Order::Nothing),
        Field::new("people", Shape::Number, "Number of people who work on it at the same time; 1 by default.")
            .asks(Order::Nothing),
        Field::new("skills", Shape::List, "Skills that it needs, as `[team]` of relplan.toml names them.")
            .asks(Order::Nothing),
        Field::new("items", Shape::Text, "Number of work items, such as stories: `12`, or `8..15`.")
            .asks(Order::Nothing),
        Field::new("progress", Shape::Percentage, "Progress.").progress(),
        Field::new(
            "definition_of_done",
            Shape::Free,
            "Definition of done: each item with yes or no, or a list of open items.",
        )
        .asks(Order::Nothing)
        .progress(),
        Field::new("start", Shape::Date, "Start date.").asks(Order::Nothing),
        super::dep::EVIDENCE,
    ];

    pub(super) fn read(fields: &mut Reader<'s>) -> Self {
        let (evidence, evidence_requirement) = EvidenceRequirement::words_or_requirement(fields, "evidence");
        Epic {
            state: fields.choice("state").or_else(|| fields.choice("status")),
            priority: fields.choice("priority"),
            value: fields.text("value").or_else(|| fields.text("business_value")),
            effort: fields.text("effort").or_else(|| fields.text("development_effort")),
            risk: fields.text("risk").or_else(|| fields.text("technical_risk")),
            prioritization: Prioritization::read(fields),
            phase: fields.text("phase").or_else(|| fields.text("release_priority")).map(Box::new),
            estimate: Estimate::read(fields, "estimate"),
            people: fields.count("people"),
            skills: fields.list("skills"),
            items: fields.whole_amount("items"),
            progress: fields.percentage("progress"),
            start: fields.date("start"),
            evidence: evidence.map(Box::new),
            evidence_requirement,
            definition_of_done: read_done(fields),
        }
    }

    /// The items of its definition of done that are not done.
    pub fn open_items(&self) -> impl Iterator<Item = &DoneItem<'s>> {
        self.definition_of_done.iter().filter(|item| item.done != Some(true))
    }

    /// Whether work on it is still to be done: it is neither complete nor deferred.
    pub fn is_open(&self) -> bool {
        !matches!(self.state.map(|state| state.value), Some(State::Complete | State::Deferred))
    }
}

impl Estimate {
    /// The fields of an estimate of three figures.
    pub const FIELDS: &'static [Field] = &[
        Field::new("optimistic", Shape::Duration, "Optimistic estimate."),
        Field::new("likely", Shape::Duration, "Most likely estimate."),
        Field::new("pessimistic", Shape::Duration, "Pessimistic estimate."),
    ];

    pub(super) fn read(fields: &mut Reader<'_>, name: &str) -> Option<Self> {
        if !fields.holds_mapping(name) {
            return fields.effort(name).map(Estimate::Single);
        }
        let (mut inner, _) = fields.structure(name)?;
        let estimate = Estimate::ThreePoint {
            optimistic: inner.effort("optimistic"),
            likely: inner.effort("likely"),
            pessimistic: inner.effort("pessimistic"),
        };
        fields.absorb(inner, &[Self::FIELDS]);
        Some(estimate)
    }

    /// Its figures from the best case to the worst; the same three times where there is one only. Nothing where one of
    /// three is missing.
    pub fn three_points(self) -> Option<[Spanned<Effort>; 3]> {
        match self {
            Estimate::Single(single) => Some([single; 3]),
            Estimate::ThreePoint { optimistic, likely, pessimistic } => {
                Some([optimistic?, likely?, pessimistic?])
            }
        }
    }

    /// The figures that it states, with their keys.
    pub fn figures(self) -> impl Iterator<Item = (&'static str, Spanned<Effort>)> {
        let named = match self {
            Estimate::Single(single) => [("estimate", Some(single)), ("", None), ("", None)],
            Estimate::ThreePoint { optimistic, likely, pessimistic } => {
                [("optimistic", optimistic), ("likely", likely), ("pessimistic", pessimistic)]
            }
        };
        named.into_iter().filter_map(|(name, figure)| Some((name, figure?)))
    }
}
