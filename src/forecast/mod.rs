//! Floor 4: what was done in the past, for forecasts of when work will be done.

pub mod history;

pub use history::{History, HistoryDefect, HistoryDefectKind, PastRelease, Week};
