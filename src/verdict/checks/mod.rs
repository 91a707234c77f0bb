//! What is checked, one kind of check per file.

mod criterion;
mod deliverable;
mod environment;
mod ready;
mod release;
mod risk;
mod tally;
mod unmatched;
mod validation;

pub(in crate::verdict) use risk::is_settled;
pub(in crate::verdict) use tally::{not_in_plan, some};

pub use environment::PromotionStep;
pub use tally::{EpicTally, TestTally};
pub use unmatched::UNMATCHED_FAILURES;
