//! Floor 5: what a command shows of a plan, as plain values that any format can write.

pub mod calendar;
pub mod checklist;
pub mod linked;
pub mod listing;
pub mod matrix;
pub mod release;
pub mod release_plan;
pub mod risks;
pub mod rollback;
pub mod scope;
pub mod standing;
pub mod tracing;
