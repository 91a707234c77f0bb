//! Floor 4: when the work will be done. Past throughput, distributions of effort, and seeded simulations.
//!
//! Pure arithmetic: numbers and days in, numbers and days out. What of a plan goes in is chosen by `views`.

pub mod calibration;
pub mod history;
pub mod quantiles;
pub mod simulation;
pub mod throughput;

pub use history::{History, HistoryDefect, HistoryDefectKind, PastRelease, Week};
