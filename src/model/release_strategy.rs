//! What a release plan says in words: the executive summary, what changes in the architecture, what the release depends
//! on outside of the plan, and how it is tested.

use chrono::NaiveDate;

use super::entry::choice_of;
use super::field::{Field, Shape};
use super::reader::{Part, Reader};
use super::release_notes::{BreakingChange, Migration};
use super::value::{Text, choice};
use crate::source::{Span, Spanned};

choice! {
    /// How far an external dependency is.
    DependencyStatus {
        /// Nothing is agreed.
        Open = "open" | "pending" | "requested",
        /// It is agreed, and not there yet.
        Confirmed = "confirmed" | "agreed",
        /// It is there.
        Ready = "ready" | "available" | "done" | "complete",
        /// It may not come in time.
        AtRisk = "at risk" | "blocked",
    }
}

/// Something outside of the plan that a release needs.
#[derive(Debug)]
pub struct ExternalDependency<'s> {
    /// Where it is written.
    pub span: Span,
    /// What is needed.
    pub name: Option<Text<'s>>,
    /// Who provides it, or follows it up.
    pub owner: Option<Text<'s>>,
    /// How far it is.
    pub status: Option<Spanned<DependencyStatus>>,
    /// When it is needed.
    pub due: Option<Spanned<NaiveDate>>,
}

/// The plan for those who read one page.
#[derive(Debug, Default)]
pub struct ExecutiveSummary<'s> {
    /// The summary itself.
    pub text: Option<Text<'s>>,
    /// How the release is deployed.
    pub approach: Vec<Text<'s>>,
    /// What it takes to succeed.
    pub success_factors: Vec<Text<'s>>,
    /// What comes of it.
    pub outcomes: Vec<Text<'s>>,
}

/// How a release is tested.
#[derive(Debug, Default)]
pub struct TestStrategy<'s> {
    /// The approach in words.
    pub approach: Option<Text<'s>>,
    /// How much the tests must cover.
    pub coverage_target: Option<Text<'s>>,
    /// How much of it is automated.
    pub automation: Option<Text<'s>>,
    /// Where it is tested.
    pub environments: Vec<Text<'s>>,
    /// With what.
    pub tools: Vec<Text<'s>>,
    /// When.
    pub schedule: Vec<Text<'s>>,
    /// What is tested first: the highest risk.
    pub priorities: Vec<Text<'s>>,
}

/// What a release changes and needs, as a scope document lists it.
#[derive(Debug, Default)]
pub struct TechnicalConsiderations<'s> {
    /// What changes in the architecture.
    pub architecture_changes: Vec<Text<'s>>,
    /// What breaks for users.
    pub breaking_changes: Vec<BreakingChange<'s>>,
    /// What the release needs from outside.
    pub external_dependencies: Vec<ExternalDependency<'s>>,
    /// What must be carried over.
    pub migrations: Vec<Migration<'s>>,
}

impl<'s> ExternalDependency<'s> {
    /// The fields of an external dependency.
    pub const FIELDS: &'static [Field] = &[
        Field::new("name", Shape::Text, "External dependency or prerequisite."),
        Field::new("owner", Shape::Text, "Who provides it, or follows it up."),
        Field::new("status", choice_of::<DependencyStatus>(), "Status.").progress(),
        Field::new("due", Shape::Date, "When it is needed; the release date by default."),
    ];

    fn read_all(fields: &mut Reader<'s>, name: &str) -> Vec<Self> {
        if fields.says(name, "none") {
            fields.take(name);
            return Vec::new();
        }
        let mut all = Vec::new();
        for part in fields.parts(name) {
            all.push(match part {
                Part::Text(name) => ExternalDependency {
                    span: name.span,
                    name: Some(name),
                    owner: None,
                    status: None,
                    due: None,
                },
                Part::Structure(mut inner, span) => {
                    let dependency = ExternalDependency {
                        span,
                        name: inner.text("name"),
                        owner: inner.text("owner"),
                        status: inner.choice("status"),
                        due: inner.date("due"),
                    };
                    fields.absorb(inner, &[Self::FIELDS]);
                    dependency
                }
            });
        }
        all
    }
}

impl<'s> ExecutiveSummary<'s> {
    /// The fields of an executive summary.
    pub const FIELDS: &'static [Field] = &[
        Field::new("release_strategy", Shape::Text, "Summary of the release strategy.").or(&["summary"]),
        Field::new("deployment_approach", Shape::List, "Deployment approach."),
        Field::new("key_success_factors", Shape::List, "Success factors.").or(&["success_factors"]),
        Field::new("expected_outcomes", Shape::List, "Expected outcomes.").or(&["outcomes"]),
    ];

    pub(super) fn read(fields: &mut Reader<'s>) -> Option<Box<Self>> {
        const NAME: &str = "executive_summary";
        if !fields.holds_mapping(NAME) {
            let text = fields.text(NAME)?;
            return Some(Box::new(ExecutiveSummary { text: Some(text), ..ExecutiveSummary::default() }));
        }
        let (mut inner, _) = fields.structure(NAME)?;
        let summary = ExecutiveSummary {
            text: inner.text("release_strategy").or_else(|| inner.text("summary")),
            approach: inner.list("deployment_approach"),
            success_factors: either(&mut inner, "key_success_factors", "success_factors"),
            outcomes: either(&mut inner, "expected_outcomes", "outcomes"),
        };
        fields.absorb(inner, &[Self::FIELDS]);
        Some(Box::new(summary))
    }
}

impl<'s> TestStrategy<'s> {
    /// The fields of a test strategy.
    pub const FIELDS: &'static [Field] = &[
        Field::new("approach", Shape::Text, "Approach."),
        Field::new("coverage_target", Shape::Text, "Coverage target."),
        Field::new("automation", Shape::Text, "Automated share."),
        Field::new("environments", Shape::List, "Test environments."),
        Field::new("tools", Shape::List, "Tools."),
        Field::new("schedule", Shape::List, "Schedule."),
        Field::new("priorities", Shape::List, "Order of testing, the highest risk first.")
            .or(&["risk_based_order"]),
    ];

    pub(super) fn read(fields: &mut Reader<'s>) -> Option<Box<Self>> {
        const NAME: &str = "test_strategy";
        if !fields.holds_mapping(NAME) {
            let approach = fields.text(NAME)?;
            return Some(Box::new(TestStrategy { approach: Some(approach), ..TestStrategy::default() }));
        }
        let (mut inner, _) = fields.structure(NAME)?;
        let strategy = TestStrategy {
            approach: inner.text("approach"),
            coverage_target: inner.figure("coverage_target"),
            automation: inner.figure("automation"),
            environments: inner.list("environments"),
            tools: inner.list("tools"),
            schedule: inner.list("schedule"),
            priorities: either(&mut inner, "priorities", "risk_based_order"),
        };
        fields.absorb(inner, &[Self::FIELDS]);
        Some(Box::new(strategy))
    }
}

impl<'s> TechnicalConsiderations<'s> {
    /// The fields under `technical_considerations`, which may as well be fields of the release.
    pub const FIELDS: &'static [Field] = &[
        Field::new("architecture_changes", Shape::List, "Architecture changes, or `none`."),
        Field::new(
            "breaking_changes",
            Shape::Structure(BreakingChange::FIELDS),
            "Breaking changes, or `none`.",
        ),
        Field::new(
            "dependencies",
            Shape::Structure(ExternalDependency::FIELDS),
            "External dependencies, or `none`.",
        )
        .or(&["external_dependencies"]),
        Field::new("migration_requirements", Shape::Structure(Migration::FIELDS), "Migrations, or `none`.")
            .or(&["migrations"]),
    ];

    /// Reads the fields of a release, and the mapping that may hold them.
    pub(super) fn read(fields: &mut Reader<'s>) -> Self {
        let mut all = Self::of(fields);
        if let Some((mut inner, _)) = fields.structure("technical_considerations") {
            let more = Self::of(&mut inner);
            all.external_dependencies.extend(ExternalDependency::read_all(&mut inner, "dependencies"));
            all.migrations.extend(Migration::read_all(&mut inner, "migration_requirements"));
            fields.absorb(inner, &[Self::FIELDS]);
            all.architecture_changes.extend(more.architecture_changes);
            all.breaking_changes.extend(more.breaking_changes);
            all.external_dependencies.extend(more.external_dependencies);
            all.migrations.extend(more.migrations);
        }
        all
    }

    fn of(fields: &mut Reader<'s>) -> Self {
        TechnicalConsiderations {
            architecture_changes: texts(fields, "architecture_changes"),
            breaking_changes: BreakingChange::read_all(fields),
            external_dependencies: ExternalDependency::read_all(fields, "external_dependencies"),
            migrations: Migration::read_all(fields, "migrations"),
        }
    }
}

/// A list of texts; the word `none` says that there is nothing to list.
pub(super) fn texts<'s>(fields: &mut Reader<'s>, name: &str) -> Vec<Text<'s>> {
    if fields.says(name, "none") {
        fields.take(name);
        return Vec::new();
    }
    fields.list(name)
}

/// A list that has two names.
fn either<'s>(fields: &mut Reader<'s>, name: &str, other: &str) -> Vec<Text<'s>> {
    let mut list = fields.list(name);
    list.extend(fields.list(other));
    list
}
