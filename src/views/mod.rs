//! Floor 6: what a command shows of a plan, as plain values that any format can write.

pub mod audit;
pub mod base;
pub mod brief;
pub mod calendar;
pub mod checklist;
pub mod diff;
pub mod forecast;
pub mod freeze;
pub mod go_no_go;
pub mod handoffs;
pub mod health;
pub mod incidents;
pub mod linked;
pub mod listing;
pub mod matrix;
pub mod members;
pub mod message;
pub mod metrics;
pub mod monitoring;
pub mod notes;
pub mod notify;
pub mod open_work;
pub mod postmortem;
pub mod query;
pub mod release_plan;
pub mod replay;
pub mod retrospective;
pub mod review;
pub mod risks;
pub mod rollback;
pub mod runbook;
pub mod scope;
pub mod status;
pub mod tracing;
pub mod unassigned;
pub mod watch;
pub mod work_schedule;

use schemars::JsonSchema;
use serde::Serialize;

/// A view as it is written for programs, with what it rests on.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Shown<'v, V> {
    /// What is shown.
    #[serde(flatten)]
    pub view: &'v V,
    /// Whether all of the plan could be read. If not, something may be missing here, and `relplan check`
    /// says what.
    pub whole: bool,
}
