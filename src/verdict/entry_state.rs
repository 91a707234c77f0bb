//! How an entry stands, in one vocabulary for all families, as far as the plan itself says so.

use schemars::JsonSchema;
use serde::Serialize;

use crate::model::dep::CriterionStatus;
use crate::model::epic::State;
use crate::model::flag::FlagStatus;
use crate::model::incident::{ActionStatus, IncidentStatus};
use crate::model::rel::RelStatus;
use crate::model::risk::RiskStatus;
use crate::model::test::TestStatus;
use crate::model::{Entry, Kind};

/// The status of an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum EntryState {
    /// Done, passing, met.
    Done,
    /// Accepted: a waiver, or an accepted risk.
    Waived,
    /// Begun, or still to be.
    Open,
    /// Failing, not met, taken back.
    Failed,
    /// Nothing is stated, or it is in the team's own words.
    Unknown,
}

/// The status of an entry.
pub fn entry_state(entry: &Entry<'_>) -> EntryState {
    let stated = match &entry.kind {
        Kind::Epic(epic) => epic.state.map(|state| of_epic(state.value)),
        Kind::Test(test) => test.status.map(|status| of_test(status.value)),
        Kind::Risk(risk) => risk.status.map(|status| of_risk(status.value)),
        Kind::Rel(rel) => rel.status.map(|status| of_release(status.value)),
        Kind::Dep(dep) => dep.status().map(of_criterion),
        Kind::Incident(incident) => Some(of_incident(incident.state())),
        Kind::Action(action) => Some(of_action(action.state())),
        Kind::Flag(flag) => Some(of_flag(flag.state())),
        Kind::Mon(_) | Kind::Run(_) | Kind::Kpi(_) | Kind::Handoff(_) | Kind::Graded(_) | Kind::Plain(_) => {
            None
        }
    };
    stated.unwrap_or(EntryState::Unknown)
}

/// What most teams call it when an entry of a family that relplan knows nothing of is done.
const DONE: [&str; 8] =
    ["done", "complete", "completed", "closed", "approved", "accepted", "implemented", "resolved"];

/// Whether a status says that an entry of a family that relplan knows nothing of is done.
pub fn is_done_word(status: &str) -> bool {
    DONE.iter().any(|done| status.eq_ignore_ascii_case(done))
}

/// Whether the plan says that an entry is done, or accepted as it is.
pub fn is_done(entry: &Entry<'_>) -> bool {
    match entry_state(entry) {
        EntryState::Done | EntryState::Waived => true,
        EntryState::Open | EntryState::Failed => false,
        EntryState::Unknown => entry.status().is_some_and(|status| is_done_word(status.trim())),
    }
}

fn of_epic(state: State) -> EntryState {
    match state {
        State::Complete => EntryState::Done,
        State::Planned | State::InProgress | State::Testing | State::Deferred => EntryState::Open,
    }
}

fn of_test(status: TestStatus) -> EntryState {
    match status {
        TestStatus::Passing => EntryState::Done,
        TestStatus::Failing | TestStatus::Blocked => EntryState::Failed,
        TestStatus::Skipped | TestStatus::NotRun => EntryState::Open,
    }
}

fn of_risk(status: RiskStatus) -> EntryState {
    match status {
        RiskStatus::Mitigated | RiskStatus::Resolved => EntryState::Done,
        RiskStatus::Accepted => EntryState::Waived,
        RiskStatus::Open | RiskStatus::Mitigating => EntryState::Open,
    }
}

fn of_release(status: RelStatus) -> EntryState {
    match status {
        RelStatus::Released => EntryState::Done,
        RelStatus::RolledBack | RelStatus::Cancelled => EntryState::Failed,
        RelStatus::Planned | RelStatus::InProgress | RelStatus::Frozen => EntryState::Open,
    }
}

fn of_incident(status: IncidentStatus) -> EntryState {
    match status {
        IncidentStatus::Resolved | IncidentStatus::Closed => EntryState::Done,
        IncidentStatus::Open | IncidentStatus::Mitigated => EntryState::Open,
    }
}

fn of_action(status: ActionStatus) -> EntryState {
    match status {
        ActionStatus::Done => EntryState::Done,
        ActionStatus::Dropped => EntryState::Waived,
        ActionStatus::Open | ActionStatus::InProgress => EntryState::Open,
    }
}

fn of_flag(status: FlagStatus) -> EntryState {
    match status {
        FlagStatus::Removed => EntryState::Done,
        FlagStatus::Planned | FlagStatus::Active => EntryState::Open,
    }
}

fn of_criterion(status: CriterionStatus) -> EntryState {
    match status {
        CriterionStatus::Met => EntryState::Done,
        CriterionStatus::Waived => EntryState::Waived,
        CriterionStatus::Pending => EntryState::Open,
        CriterionStatus::Failed => EntryState::Failed,
    }
}
