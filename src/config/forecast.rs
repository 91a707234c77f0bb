//! `[forecast]`: what forecasts are made from, beside the plan.

use super::owned;
use crate::model::Amount;
use crate::model::field::{Field, Shape};
use crate::model::order::Order;
use crate::model::reader::Reader;
use crate::source::Spanned;

/// What `[forecast]` says.
#[derive(Debug, Clone, Default)]
pub struct ForecastSettings {
    /// Files with what was done each week and when past releases went out, from the folder of `relplan.toml`.
    pub history: Vec<Spanned<String>>,
    /// How many work items are left.
    pub items: Option<Spanned<Amount>>,
    /// Into how many items one of them is split while it is worked on.
    pub split: Option<Spanned<Amount>>,
    /// How many items are done in a week, where there is no history.
    pub throughput: Option<Spanned<Amount>>,
}

/// The keys of `[forecast]`.
pub const FORECAST: &[Field] = &[
    Field::new(
        "history",
        Shape::List,
        "CSV or JSON files with the work items done each week, or the planned and actual dates of past releases, relative to this file.",
    )
    .asks(Order::Nothing),
    Field::new("items", Shape::Text, "Number of work items left: `54`, or `50..58`; by default those of the EPIC entries.")
        .asks(Order::Nothing),
    Field::new("split", Shape::Text, "Growth factor of the work items while they are worked on: `1..2`; 1 by default.")
        .asks(Order::Nothing),
    Field::new("throughput", Shape::Text, "Work items done in a week, where there is no history: `3..6`.")
        .asks(Order::Nothing),
];

/// Reads `[forecast]`.
pub(super) fn read(reader: &mut Reader<'_>) -> ForecastSettings {
    let Some((mut table, _)) = reader.structure("forecast") else { return ForecastSettings::default() };
    let settings = ForecastSettings {
        history: owned(table.list("history")),
        items: table.whole_amount("items"),
        split: table.amount("split"),
        throughput: table.whole_amount("throughput"),
    };
    reader.absorb(table, &[FORECAST]);
    settings
}
