//! Risks (`RISK-`).

use chrono::NaiveDate;

use super::dep::Severity;
use super::entry::choice_of;
use super::epic::Estimate;
use super::exposure::Exposure;
use super::field::{Field, Shape};
use super::order::{Order, Strictness, ranked};
use super::reader::Reader;
use super::value::{self, Percentage, PercentageError, Text, WithRemark, choice};
use crate::source::Spanned;

choice! {
    /// How far the work on a risk is.
    RiskStatus {
        /// Nothing is done about it yet.
        Open = "open",
        /// Something is being done.
        Mitigating = "mitigating",
        /// Something was done.
        Mitigated = "mitigated",
        /// It can no longer happen.
        Resolved = "resolved" | "closed",
        /// It may happen, and somebody said so.
        Accepted = "accepted",
    }
}

choice! {
    /// What is done about a risk.
    Response {
        /// Make it less likely or less bad.
        Mitigate = "mitigate",
        /// Live with it.
        Accept = "accept",
        /// Do something else.
        Avoid = "avoid",
        /// Let somebody else bear it.
        Transfer = "transfer",
    }
}

impl Strictness for RiskStatus {
    /// A risk that is accepted asks for no more work. Everything else is progress.
    fn rank(self) -> u8 {
        u8::from(self != RiskStatus::Accepted)
    }
}

impl Strictness for Response {
    fn rank(self) -> u8 {
        u8::from(self != Response::Accept)
    }
}

choice! {
    /// How likely something is, in words.
    Likelihood {
        /// Less than one in four, say.
        Low = "Low" | "L",
        /// In between.
        Medium = "Medium" | "med" | "M",
        /// More likely than not.
        High = "High" | "H",
    }
}

impl Likelihood {
    /// The share that relplan reckons with where only a word is stated. Documents that use it say so.
    ///
    /// Low lies in the middle of what is less than one in four, High in that of more than a half,
    /// rounded down to tens; Medium is what lies between and is still not high.
    pub const fn percentage(self) -> Percentage {
        Percentage(match self {
            Likelihood::Low => 10.0,
            Likelihood::Medium => 30.0,
            Likelihood::High => 70.0,
        })
    }
}

/// How likely a risk is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Probability {
    /// A figure.
    Share(Percentage),
    /// A word.
    Word(Likelihood),
}

impl Probability {
    /// Reads `40 %` or `High`.
    ///
    /// # Errors
    ///
    /// It is neither a percentage nor one of the words.
    pub fn parse(text: &str) -> Result<Self, PercentageError> {
        let word = value::split_note(text, <Likelihood as value::Choice>::from_word);
        match word {
            Some((word, _)) => Ok(Probability::Word(word)),
            None => value::percentage(text).map(Probability::Share),
        }
    }

    /// The share that it is, or that stands for its word.
    pub fn percentage(self) -> Percentage {
        match self {
            Probability::Share(share) => share,
            Probability::Word(word) => word.percentage(),
        }
    }
}

/// A risk.
#[derive(Debug)]
pub struct Risk<'s> {
    /// How likely it is.
    pub probability: Option<Spanned<Probability>>,
    /// How bad it is.
    pub impact: Option<Spanned<WithRemark<Severity>>>,
    /// How much longer the work takes if it happens.
    pub delay: Option<Estimate>,
    /// How far the work on it is.
    pub status: Option<Spanned<RiskStatus>>,
    /// Its subject.
    pub category: Option<Text<'s>>,
    /// Its trigger.
    pub trigger: Option<Text<'s>>,
    /// What is done about it.
    pub response: Option<Spanned<Response>>,
    /// What makes it less likely or less bad.
    pub mitigation: Vec<Text<'s>>,
    /// What is done if it happens.
    pub contingency: Vec<Text<'s>>,
    /// Who accepted it.
    pub accepted_by: Option<Text<'s>>,
    /// When.
    pub accepted_on: Option<Spanned<NaiveDate>>,
    /// When it is looked at again.
    pub review_date: Option<Spanned<NaiveDate>>,
    /// Until when the acceptance holds.
    pub expires: Option<Spanned<NaiveDate>>,
    /// When it occurred, if it did.
    pub occurred_on: Option<Spanned<NaiveDate>>,
}

impl<'s> Risk<'s> {
    /// The fields of a risk.
    pub const FIELDS: &'static [Field] = &[
        Field::new("probability", Shape::Text, "Probability: a percentage, or Low, Medium, High.")
            .asks(Order::AtLeast),
        Field::new("impact", choice_of::<Severity>(), "Impact.").asks(ranked::<Severity>()),
        Field::new(
            "delay",
            Shape::Structure(Estimate::FIELDS),
            "Delay if it occurs, in working time: `5d`, or optimistic, likely and pessimistic.",
        )
        .asks(Order::Nothing),
        Field::new("status", choice_of::<RiskStatus>(), "Status.")
            .asks(ranked::<RiskStatus>())
            .absent("open")
            .progress(),
        Field::new("category", Shape::Text, "Category.").asks(Order::Selects),
        Field::new("trigger", Shape::Text, "Trigger: how it is noticed.").asks(Order::Presence),
        Field::new("response", choice_of::<Response>(), "Response.").asks(ranked::<Response>()),
        Field::new("mitigation", Shape::List, "Mitigation.").asks(Order::Count),
        Field::new("contingency", Shape::List, "Contingency plan.").asks(Order::Count),
        Field::new("accepted_by", Shape::Text, "Person who accepted the risk.").asks(Order::Nothing),
        Field::new("accepted_on", Shape::Date, "Date of the acceptance.").asks(Order::Nothing),
        Field::new("review_date", Shape::Date, "Date of the next review.").asks(Order::AtMost),
        Field::new("expires", Shape::Date, "Last day of the acceptance.").asks(Order::AtMost),
        Field::new("occurred_on", Shape::Date, "Date on which the risk occurred.").progress(),
    ];

    pub(super) fn read(fields: &mut Reader<'s>) -> Self {
        Risk {
            probability: fields.probability("probability"),
            impact: fields.noted_choice("impact"),
            delay: Estimate::read(fields, "delay"),
            status: fields.choice("status"),
            category: fields.text("category"),
            trigger: fields.text("trigger"),
            response: fields.choice("response"),
            mitigation: fields.list("mitigation"),
            contingency: fields.list("contingency"),
            accepted_by: fields.text("accepted_by"),
            accepted_on: fields.date("accepted_on"),
            review_date: fields.date("review_date"),
            expires: fields.date("expires"),
            occurred_on: fields.date("occurred_on"),
        }
    }

    /// Its exposure; nothing if probability or impact is not stated.
    pub fn exposure(&self) -> Option<Exposure> {
        let (probability, impact) = (self.probability?, self.impact.as_ref()?);
        Some(Exposure::new(probability.value, impact.value.value))
    }

    /// Whether it is high: its cell of the heat map is high or extreme. One that is not rated is not known to be.
    pub fn is_high(&self) -> bool {
        self.exposure().is_some_and(|exposure| exposure.level.is_high())
    }

    /// Whether it can no longer happen.
    pub fn is_resolved(&self) -> bool {
        self.status.is_some_and(|status| status.value == RiskStatus::Resolved)
    }

    /// Whether its status says that somebody accepts it.
    pub fn is_accepted(&self) -> bool {
        self.status.is_some_and(|status| status.value == RiskStatus::Accepted)
    }

    /// Whether something may still happen that nobody accepted.
    pub fn is_open(&self) -> bool {
        matches!(
            self.status.map(|status| status.value),
            None | Some(RiskStatus::Open | RiskStatus::Mitigating)
        )
    }
}
