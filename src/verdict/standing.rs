//! How an entry stands, in one vocabulary for all families, as far as the plan itself says so.

use schemars::JsonSchema;
use serde::Serialize;

use crate::model::dep::CriterionStatus;
use crate::model::epic::State;
use crate::model::rel::RelStatus;
use crate::model::risk::RiskStatus;
use crate::model::test::TestStatus;
use crate::model::{Entry, Kind};

/// The status of an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
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
pub fn standing(entry: &Entry<'_>) -> Standing {
    let stated = match &entry.kind {
        Kind::Epic(epic) => epic.state.map(|state| of_epic(state.value)),
        Kind::Test(test) => test.status.map(|status| of_test(status.value)),
        Kind::Risk(risk) => risk.status.map(|status| of_risk(status.value)),
        Kind::Rel(rel) => rel.status.map(|status| of_release(status.value)),
        Kind::Dep(dep) => dep.status().map(of_criterion),
        Kind::Mon(_) | Kind::Run(_) | Kind::Kpi(_) | Kind::Plain(_) => None,
    };
    stated.unwrap_or(Standing::Unknown)
}

fn of_epic(state: State) -> Standing {
    match state {
        State::Complete => Standing::Done,
        State::Planned | State::InProgress | State::Testing | State::Deferred => Standing::Open,
    }
}

fn of_test(status: TestStatus) -> Standing {
    match status {
        TestStatus::Passing => Standing::Done,
        TestStatus::Failing | TestStatus::Blocked => Standing::Failed,
        TestStatus::Skipped | TestStatus::NotRun => Standing::Open,
    }
}

fn of_risk(status: RiskStatus) -> Standing {
    match status {
        RiskStatus::Mitigated | RiskStatus::Resolved => Standing::Done,
        RiskStatus::Accepted => Standing::Waived,
        RiskStatus::Open | RiskStatus::Mitigating => Standing::Open,
    }
}

fn of_release(status: RelStatus) -> Standing {
    match status {
        RelStatus::Released => Standing::Done,
        RelStatus::RolledBack | RelStatus::Cancelled => Standing::Failed,
        RelStatus::Planned | RelStatus::InProgress | RelStatus::Frozen => Standing::Open,
    }
}

fn of_criterion(status: CriterionStatus) -> Standing {
    match status {
        CriterionStatus::Met => Standing::Done,
        CriterionStatus::Waived => Standing::Waived,
        CriterionStatus::Pending => Standing::Open,
        CriterionStatus::Failed => Standing::Failed,
    }
}
