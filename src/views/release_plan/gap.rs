//! What a release plan says nothing about, and what would fill it.

use schemars::JsonSchema;
use serde::Serialize;

use super::ReleasePlan;

/// A part of the document that has nothing to show.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Gap {
    /// Which part.
    pub part: Part,
    /// What would fill it.
    pub fill: &'static str,
}

/// The parts of the document, in its order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// What the release is.
    Overview,
    /// Its goal.
    Objectives,
    /// Its scope.
    Scope,
    /// When what is due.
    Calendar,
    /// How it reaches its users.
    Rollout,
    /// How it is tested.
    Testing,
    /// What must hold.
    Gates,
    /// What can go wrong.
    Risks,
    /// How to go back.
    Rollback,
    /// Who is told what.
    Communications,
    /// Who does what.
    Team,
    /// What shows whether it was a success.
    Indicators,
}

impl Part {
    /// Every part, in the order of the document.
    pub const ALL: [Part; 12] = [
        Part::Overview,
        Part::Objectives,
        Part::Scope,
        Part::Calendar,
        Part::Rollout,
        Part::Testing,
        Part::Gates,
        Part::Risks,
        Part::Rollback,
        Part::Communications,
        Part::Team,
        Part::Indicators,
    ];

    /// The heading of its chapter.
    pub const fn title(self) -> &'static str {
        match self {
            Part::Overview => "Overview",
            Part::Objectives => "Objectives",
            Part::Scope => "Scope",
            Part::Calendar => "Milestones",
            Part::Rollout => "Rollout",
            Part::Testing => "Testing",
            Part::Gates => "Readiness",
            Part::Risks => "Risks",
            Part::Rollback => "Rollback",
            Part::Communications => "Communications",
            Part::Team => "Team and responsibilities",
            Part::Indicators => "KPIs",
        }
    }

    /// What would fill it.
    const fn fill(self) -> &'static str {
        match self {
            Part::Overview => {
                "add a REL entry with `version`, `type`, `date`, `owner`, `theme` and `strategy`"
            }
            Part::Objectives => "add `objectives` to the REL entry, each with `name` and `target`",
            Part::Scope => "add `scope` with `must`, `should` and `could` to the REL entry, and EPIC entries",
            Part::Calendar => "add `date` to the REL entry: milestones are relative to it",
            Part::Rollout => {
                "add `rollout` to the REL entry, phases with `traffic`, `audience`, `duration` and `success_criteria`, or DEP entries of `type: Step`"
            }
            Part::Testing => {
                "add TEST entries with `type` and `status`, and link them with `tests` or `verified_by`"
            }
            Part::Gates => "add DEP entries of `type: Criteria` with `requirement` and `verification`",
            Part::Risks => "add RISK entries with `probability`, `impact` and `mitigation`",
            Part::Rollback => {
                "add DEP entries of `type: Rollback` with `trigger`, `threshold` and `procedure`"
            }
            Part::Communications => {
                "add `communications` to the REL entry, each with `audience`, `channel` and `when`"
            }
            Part::Team => "add `team` to the REL entry, with a person or a team for each role",
            Part::Indicators => "add KPI entries with `baseline` and `target`",
        }
    }
}

/// The parts that have nothing to show.
pub(super) fn gaps(document: &ReleasePlan) -> Vec<Gap> {
    let gap = |part: Part| Gap { part, fill: part.fill() };
    Part::ALL.into_iter().filter(|part| is_empty(document, *part)).map(gap).collect()
}

fn is_empty(document: &ReleasePlan, part: Part) -> bool {
    match part {
        Part::Overview => document.overview.is_none(),
        Part::Objectives => document.objectives.is_empty(),
        Part::Scope => {
            let scope = &document.scope;
            scope.items.is_empty() && scope.technical.is_empty() && scope.success_criteria.is_empty()
        }
        Part::Calendar => document.milestones().is_empty(),
        Part::Rollout => document.rollout.is_empty() && document.steps.is_empty(),
        Part::Testing => document.testing.total == 0 && document.test_strategy.is_none(),
        Part::Gates => document.readiness.as_ref().is_none_or(|readiness| readiness.criteria == 0),
        Part::Risks => document.risks.risks.is_empty(),
        Part::Rollback => document.rollback.triggers.is_empty() && document.rollback.ways_back.is_empty(),
        Part::Communications => document.communications().iter().all(|said| said.default),
        Part::Team => document.team.is_empty() && document.training.is_empty(),
        Part::Indicators => document.indicators.is_empty() && document.measurement_review.is_empty(),
    }
}
