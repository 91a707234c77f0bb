//! Runbooks (`RUN-`).

use chrono::NaiveDate;

use super::dep::Severity;
use super::entry::{LinkKind, choice_of};
use super::field::{Field, Shape};
use super::order::Order;
use super::reader::Reader;
use super::value::Text;
use crate::source::Spanned;

/// A runbook: what somebody on call does, step by step.
#[derive(Debug)]
pub struct Run<'s> {
    /// What to do, in order.
    pub steps: Vec<Text<'s>>,
    /// For how bad an incident it is meant.
    pub severity: Option<Spanned<Severity>>,
    /// When it was last tried.
    pub last_tested: Option<Spanned<NaiveDate>>,
}

impl<'s> Run<'s> {
    /// The fields of a runbook.
    pub const FIELDS: &'static [Field] = &[
        Field::new("steps", Shape::List, "Steps, in order.").asks(Order::Count),
        Field::new("severity", choice_of::<Severity>(), "Severity of the incidents that it covers.")
            .asks(Order::Nothing),
        Field::new("last_tested", Shape::Date, "Date of the last rehearsal or test.").progress(),
        Field::new("covers", Shape::Links, "Entries that the runbook covers.").asks(Order::Links),
    ];

    pub(super) fn read(fields: &mut Reader<'s>) -> Self {
        fields.links("covers", LinkKind::Covers);
        Run {
            steps: fields.list("steps"),
            severity: fields.choice("severity"),
            last_tested: fields.date("last_tested"),
        }
    }
}
