//! What the plan of a release says in words: its summary, and how it is tested.

use schemars::JsonSchema;
use serde::Serialize;

use super::stated;
use crate::model::Text;
use crate::model::release_strategy::{ExecutiveSummary, TestStrategy};

/// The plan for those who read one page.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Summary {
    /// The summary itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// How the release is deployed.
    pub deployment_approach: Vec<String>,
    /// What it takes to succeed.
    pub success_factors: Vec<String>,
    /// What comes of it.
    pub expected_outcomes: Vec<String>,
}

/// How a release is to be tested.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Strategy {
    /// The approach.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub approach: Option<String>,
    /// How much the tests must cover.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub coverage_target: Option<String>,
    /// How much of it is automated.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub automation: Option<String>,
    /// Where it is tested.
    pub environments: Vec<String>,
    /// With what.
    pub tools: Vec<String>,
    /// When.
    pub schedule: Vec<String>,
    /// What is tested first.
    pub priorities: Vec<String>,
}

pub(super) fn summary(summary: &ExecutiveSummary<'_>) -> Summary {
    Summary {
        text: stated(&summary.text),
        deployment_approach: texts(&summary.approach),
        success_factors: texts(&summary.success_factors),
        expected_outcomes: texts(&summary.outcomes),
    }
}

pub(super) fn strategy(strategy: &TestStrategy<'_>) -> Strategy {
    Strategy {
        approach: stated(&strategy.approach),
        coverage_target: stated(&strategy.coverage_target),
        automation: stated(&strategy.automation),
        environments: texts(&strategy.environments),
        tools: texts(&strategy.tools),
        schedule: texts(&strategy.schedule),
        priorities: texts(&strategy.priorities),
    }
}

pub(super) fn texts(texts: &[Text<'_>]) -> Vec<String> {
    texts.iter().map(|text| text.value.trim().to_owned()).collect()
}
