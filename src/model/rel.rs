//! Releases (`REL-`).

use chrono::NaiveDate;

use super::deliverable::{self, Deliverable};
use super::dep::{Need, Strategy};
use super::duration::Duration;
use super::entry::{LinkKind, choice_of};
use super::field::{Field, Shape};
use super::milestone::{self, Milestone};
use super::operations::{self, Operations};
use super::order::Order;
use super::reader::{Part, Reader};
use super::release_notes::{BreakingChange, Deprecation, KnownIssue, Migration};
use super::release_strategy::{
    ExecutiveSummary, ExternalDependency, TechnicalConsiderations, TestStrategy, texts,
};
use super::support::Support;
use super::value::{Percentage, Text, WithRemark, choice, folded};
use super::version::{Scheme, Version, VersionKind};
use crate::source::{Span, Spanned};

choice! {
    /// How large a release is (seed: release types).
    RelType {
        /// Breaking changes: `X.0.0`.
        Major = "major",
        /// New features: `X.Y.0`.
        Minor = "minor",
        /// Fixes: `X.Y.Z`.
        Patch = "patch",
        /// A fix that cannot wait.
        Hotfix = "hotfix",
    }
}

choice! {
    /// How far a release is.
    RelStatus {
        /// Not begun.
        Planned = "planned",
        /// Being built.
        InProgress = "in progress" | "active",
        /// Only fixes go in.
        Frozen = "frozen",
        /// Out.
        Released = "released",
        /// Taken back.
        RolledBack = "rolled back",
        /// Never coming.
        Cancelled = "cancelled" | "canceled",
    }
}

choice! {
    /// What a hotfix answers to: only these cannot wait for the next release (seed: hotfix criteria).
    HotfixCause {
        /// Production is completely down.
        Outage = "production down"
            | "outage"
            | "production outage"
            | "production system down"
            | "production system completely down",
        /// A critical security vulnerability.
        Vulnerability = "security vulnerability" | "critical security vulnerability" | "vulnerability",
        /// Data is corrupted or lost.
        DataLoss = "data loss" | "data corruption" | "data corruption or loss",
        /// The service level of a major customer is breached.
        SlaBreach = "SLA breach" | "customer SLA breach" | "major customer SLA breach",
        /// A regulation is violated.
        Compliance = "compliance violation" | "regulatory compliance violation" | "regulatory violation",
    }
}

choice! {
    /// How often a communication is repeated (seed: communication framework).
    Frequency {
        /// Each day.
        Daily = "daily",
        /// Each week.
        Weekly = "weekly",
        /// As long as something goes on.
        Continuous = "continuous",
        /// With each announcement of a release.
        Announcements = "release announcements" | "announcements" | "each release",
        /// With releases that change integrations.
        Impact = "integration impacting releases" | "impacting releases" | "on impact",
    }
}

choice! {
    /// How a deployment ended.
    Outcome {
        /// As planned.
        Success = "success",
        /// In part.
        Partial = "partial",
        /// Taken back.
        RolledBack = "rolled back",
        /// Not at all.
        Failed = "failed",
    }
}

/// The milestones of a release, in the order of its gates (seed: release calendar).
pub const MILESTONES: &[&str] =
    &["feature_complete", "alpha", "code_freeze", "beta", "release_candidate", "production", "support_end"];

/// A release.
#[derive(Debug)]
pub struct Rel<'s> {
    /// Its version.
    pub version: Option<Spanned<Version>>,
    /// Whether it states itself how it is numbered.
    pub is_numbered_apart: bool,
    /// How large it is, as stated.
    pub stated_type: Option<Spanned<RelType>>,
    /// When it goes out.
    pub date: Option<Spanned<NaiveDate>>,
    /// How far it is.
    pub status: Option<Spanned<RelStatus>>,
    /// Its subject.
    pub theme: Option<Text<'s>>,
    /// Its goal.
    pub objectives: Vec<Objective<'s>>,
    /// Where its scope is written: what it must, should and could ship are links of kind `scope`.
    pub scope: Vec<ScopePart>,
    /// What was left out, and why.
    pub excluded: Vec<Excluded<'s>>,
    /// What it will make possible.
    pub vision: Option<Text<'s>>,
    /// The plan for those who read one page.
    pub executive_summary: Option<Box<ExecutiveSummary<'s>>>,
    /// What must be so afterwards.
    pub success_criteria: Vec<Text<'s>>,
    /// What changes in the architecture.
    pub architecture_changes: Vec<Text<'s>>,
    /// What it needs from outside.
    pub external_dependencies: Vec<ExternalDependency<'s>>,
    /// How it is tested.
    pub test_strategy: Option<Box<TestStrategy<'s>>>,
    /// Who is trained in what.
    pub training: Vec<Text<'s>>,
    /// How its results are reviewed.
    pub measurement_review: Vec<Text<'s>>,
    /// What breaks for its users.
    pub breaking_changes: Vec<BreakingChange<'s>>,
    /// What it still has, and will lose.
    pub deprecations: Vec<Deprecation<'s>>,
    /// What must be carried over.
    pub migrations: Vec<Migration<'s>>,
    /// The defects that it ships with.
    pub known_issues: Vec<KnownIssue<'s>>,
    /// How it reaches its users.
    pub strategy: Option<Spanned<Strategy>>,
    /// In which phases.
    pub rollout: Vec<Phase<'s>>,
    /// Its feature flags.
    pub flags: Vec<Text<'s>>,
    /// Its milestones, where they differ from the usual offsets.
    pub milestones: Vec<Milestone<'s>>,
    /// What a hotfix answers to.
    pub cause: Option<Spanned<HotfixCause>>,
    /// How long its planning takes or took.
    pub planning_time: Option<Spanned<Duration>>,
    /// How long its testing takes or took.
    pub testing_time: Option<Spanned<Duration>>,
    /// Where the tests that a hotfix cannot go without are among the entry's links.
    pub minimal_tests: std::ops::Range<usize>,
    /// What it is made of, if it is a coordinated release.
    pub deliverables: Vec<Deliverable<'s>>,
    /// How long it is supported, phase by phase.
    pub support: Vec<Support<'s>>,
    /// When its support ends.
    pub end_of_life: Option<Text<'s>>,
    /// The channel that it is published on.
    pub channel: Option<Text<'s>>,
    /// The stable branch that its fixes are made on.
    pub branch: Option<Text<'s>>,
    /// Where the backports of the release are among the entry's links.
    pub backports: std::ops::Range<usize>,
    /// Who must approve it, or did.
    pub approvals: Vec<Approval<'s>>,
    /// Who is told what when.
    pub communications: Vec<Communication<'s>>,
    /// Who does what.
    pub team: Vec<(Text<'s>, Text<'s>)>,
    /// How it is run.
    pub operations: Option<Box<Operations<'s>>>,
    /// When it went out.
    pub deployed_at: Option<Spanned<NaiveDate>>,
    /// How that ended.
    pub outcome: Option<Spanned<Outcome>>,
    /// How many incidents followed.
    pub incidents: Option<Spanned<u32>>,
    /// What was left to be done after the deployment, and the day on which it was.
    pub follow_ups: Vec<(Text<'s>, Option<Spanned<NaiveDate>>)>,
}

/// One need of a scope and which links of the entry are its own.
#[derive(Debug)]
pub struct ScopePart {
    /// How much it is needed.
    pub need: Need,
    /// The links that name what is needed, as positions among the entry's links.
    pub links: std::ops::Range<usize>,
}

/// Something a release is to achieve.
#[derive(Debug)]
pub struct Objective<'s> {
    /// Where it is written.
    pub span: Span,
    /// What.
    pub name: Option<Text<'s>>,
    /// How much.
    pub target: Option<Text<'s>>,
    /// How much it became.
    pub actual: Option<Text<'s>>,
}

/// Something a release leaves out.
#[derive(Debug)]
pub struct Excluded<'s> {
    /// Where it is written.
    pub span: Span,
    /// Why it is left out.
    pub reason: Option<Text<'s>>,
    /// The release that will have it.
    pub target_release: Option<Text<'s>>,
}

/// One phase of a rollout.
#[derive(Debug)]
pub struct Phase<'s> {
    /// Where it is written.
    pub span: Span,
    /// Its name.
    pub name: Option<Text<'s>>,
    /// The share of the traffic.
    pub traffic: Option<Spanned<Percentage>>,
    /// How many users.
    pub users: Option<Spanned<u32>>,
    /// Which users.
    pub audience: Option<Text<'s>>,
    /// How long it lasts, in words or as a duration.
    pub duration: Option<Text<'s>>,
    /// What must be seen before the next.
    pub success_criteria: Option<Text<'s>>,
}

/// An approval that a release needs or has.
#[derive(Debug)]
pub struct Approval<'s> {
    /// Where it is written.
    pub span: Span,
    /// The role that approves.
    pub role: Option<Text<'s>>,
    /// Who did.
    pub by: Option<Text<'s>>,
    /// When.
    pub on: Option<Spanned<NaiveDate>>,
    /// When it is needed: a day, an offset or a milestone; with the release if absent.
    pub due: Option<Text<'s>>,
    /// The gate that it is about; all of them if absent.
    pub gate: Option<Text<'s>>,
    /// What the release said when it was given.
    pub digest: Option<Text<'s>>,
    /// The last day on which it counts.
    pub expires: Option<Spanned<NaiveDate>>,
    /// What else was said.
    pub note: Option<Text<'s>>,
}

/// Something that is said to somebody about a release.
#[derive(Debug)]
pub struct Communication<'s> {
    /// Where it is written.
    pub span: Span,
    /// What is said.
    pub name: Option<Text<'s>>,
    /// To whom.
    pub audience: Option<Text<'s>>,
    /// By which way.
    pub channel: Option<Text<'s>>,
    /// When: a day or an offset.
    pub when: Option<Text<'s>>,
    /// Who sends it.
    pub owner: Option<Text<'s>>,
    /// The day on which it was sent.
    pub sent: Option<Spanned<NaiveDate>>,
    /// How often it is repeated.
    pub frequency: Option<Spanned<WithRemark<Frequency>>>,
    /// What it says.
    pub content: Option<Text<'s>>,
}

impl<'s> Rel<'s> {
    /// The fields of a release.
    pub const FIELDS: &'static [Field] = &[
        Field::new("version", Shape::Version, "Version, in quotes: SemVer, or another scheme.").asks(Order::Nothing),
        Field::new(
            "version_scheme",
            choice_of::<Scheme>(),
            "Scheme of the version; that of the family or of `[plan]`, or the one that its form shows, by default.",
        )
        .asks(Order::Nothing),
        Field::new("version_pattern", Shape::Text, "Pattern of a calendar version: `YYYY.MINOR`, `YY.0M[.MICRO]`.")
            .asks(Order::Nothing),
        Field::new("type", choice_of::<RelType>(), "Release type; from the version by default.").or(&["release_type"]).asks(Order::Selects),
        Field::new("date", Shape::Date, "Release date.").or(&["release_date"]).asks(Order::Nothing),
        Field::new("status", choice_of::<RelStatus>(), "State.").progress(),
        Field::new("theme", Shape::Text, "Theme, in one line.").asks(Order::Nothing),
        Field::new("vision", Shape::Text, "Vision.").or(&["release_vision"]).asks(Order::Nothing),
        Field::new(
            "executive_summary",
            Shape::Structure(ExecutiveSummary::FIELDS),
            "Executive summary: a text, or its parts.",
        ).asks(Order::Nothing),
        Field::new("success_criteria", Shape::List, "Success criteria, or `none`.").asks(Order::Nothing),
        Field::new("architecture_changes", Shape::List, "Architecture changes, or `none`.").asks(Order::Nothing),
        Field::new(
            "external_dependencies",
            Shape::Structure(ExternalDependency::FIELDS),
            "External dependencies and prerequisites, or `none`.",
        ).asks(Order::Nothing),
        Field::new(
            "technical_considerations",
            Shape::Structure(TechnicalConsiderations::FIELDS),
            "Architecture changes, breaking changes, dependencies and migrations, under one key.",
        ).asks(Order::Nothing),
        Field::new(
            "test_strategy",
            Shape::Structure(TestStrategy::FIELDS),
            "Test strategy: a text, or its parts.",
        ).asks(Order::Nothing),
        Field::new("training", Shape::List, "Training and support preparation.").asks(Order::Nothing),
        Field::new("measurement_review", Shape::List, "Review of the results: when, by whom, of what.").asks(Order::Nothing),
        Field::new(
            "objectives",
            Shape::Structure(Objective::FIELDS),
            "Objectives, each with a target.",
        ).asks(Order::Records("name")),
        Field::new("scope", Shape::Structure(SCOPE), "Scope.").or(&["included_features"]).asks(Order::Links),
        Field::new("excluded", Shape::Structure(Excluded::FIELDS), "Out of scope, with reasons.")
            .or(&["excluded_from_this_release"])
            .asks(Order::Nothing),
        Field::new(
            "breaking_changes",
            Shape::Structure(BreakingChange::FIELDS),
            "Breaking changes, or `none`.",
        ).asks(Order::Nothing),
        Field::new("deprecations", Shape::Structure(Deprecation::FIELDS), "Deprecations, or `none`.").asks(Order::Nothing),
        Field::new("migrations", Shape::Structure(Migration::FIELDS), "Migrations, or `none`.").asks(Order::Nothing),
        Field::new("known_issues", Shape::Structure(KnownIssue::FIELDS), "Known issues, or `none`.").progress(),
        Field::new("strategy", choice_of::<Strategy>(), "Deployment strategy.").asks(Order::Nothing),
        Field::new("rollout", Shape::Structure(Phase::FIELDS), "Rollout phases.").asks(Order::Count),
        Field::new("flags", Shape::List, "Feature flags.").asks(Order::Nothing),
        Field::new(
            "milestones",
            Shape::Named { known: MILESTONE_FIELDS, each: Milestone::FIELDS },
            "Milestones by name: a date, an offset from the release or another milestone, a week (`R-20 Thursday`), `none`, or a mapping.",
        ).asks(Order::Nothing),
        Field::new("cause", choice_of::<HotfixCause>(), "Cause of a hotfix.").asks(Order::Nothing),
        Field::new("planning_time", Shape::Duration, "Time for planning, planned or actual: `20h`.").progress(),
        Field::new("testing_time", Shape::Duration, "Time for testing, planned or actual: `6h`.")
            .or(&["testing_duration"])
            .progress(),
        Field::new("minimal_tests", Shape::Links, "Tests that a hotfix cannot go without.").asks(Order::Links),
        Field::new(
            "deliverables",
            Shape::Structure(Deliverable::FIELDS),
            "Deliverables of a coordinated release, each with its version, team and gates.",
        )
        .asks(Order::Records("name")),
        Field::new("support", Shape::Structure(Support::FIELDS), "Support phases.").asks(Order::Nothing),
        Field::new("end_of_life", Shape::Text, "End of support: a date, an offset, or a later release (`n+3`).")
            .asks(Order::Nothing),
        Field::new("channel", Shape::Text, "Release channel: stable, beta, LTS.").asks(Order::Nothing),
        Field::new("branch", Shape::Text, "Stable branch of the release, for its fixes and backports.")
            .asks(Order::Nothing),
        Field::new("backports", Shape::Links, "Entries that are backported to the branch of the release.")
            .asks(Order::Links),
        Field::new("approvals", Shape::Structure(Approval::FIELDS), "Required and given approvals.").asks(Order::Records("role")),
        Field::new("communications", Shape::Structure(Communication::FIELDS), "Communications.").asks(Order::Count),
        Field::new("team", Shape::Free, "Team: role and person.").asks(Order::Nothing),
        Field::new(
            "raci",
            Shape::Structure(operations::RESPONSIBILITY),
            "Responsibilities (RACI) as agreed; `plan` shows them beside those that follow from the entries.",
        )
        .asks(Order::Nothing),
        Field::new("support_tiers", Shape::Structure(operations::TIER), "Tiers of the support.")
            .asks(Order::Nothing),
        Field::new(
            "support_targets",
            Shape::Structure(operations::TARGET),
            "Response and resolution targets by severity.",
        )
        .asks(Order::Nothing),
        Field::new("change_request", Shape::Structure(operations::CHANGE), "Change request of the release.")
            .asks(Order::Inside),
        Field::new(
            "business_continuity",
            Shape::Structure(operations::CONTINUITY),
            "Business continuity while the release goes out.",
        )
        .asks(Order::Nothing),
        Field::new("customer_impact", Shape::Structure(operations::IMPACT), "Customer impact.")
            .asks(Order::Nothing),
        Field::new(
            "promotions",
            Shape::Structure(operations::PROMOTION),
            "Promotion record: builds and environments.",
        )
        .progress(),
        Field::new("deployment_time", Shape::Duration, "Time budget of the deployment: `30m`.")
            .asks(Order::AtMost),
        Field::new("deployed_at", Shape::Date, "Date of the deployment.").progress(),
        Field::new("outcome", choice_of::<Outcome>(), "Outcome of the deployment.").progress(),
        Field::new("incidents", Shape::Number, "Number of incidents.").progress(),
        Field::new(
            "follow_ups",
            Shape::Free,
            "Completed follow-ups with their dates: `retrospective: 2027-03-03`.",
        )
        .progress(),
    ];

    pub(super) fn read(fields: &mut Reader<'s>) -> Self {
        // The scope comes first, so that it does in traces, too.
        let (scope, excluded) = (read_scope(fields), read_excluded(fields));
        let technical = TechnicalConsiderations::read(fields);
        let numbering = fields.numbering();
        Rel {
            version: fields.version("version", &numbering),
            is_numbered_apart: numbering.is_stated(),
            stated_type: fields.choice("type").or_else(|| fields.choice("release_type")),
            date: fields.date("date").or_else(|| fields.date("release_date")),
            status: fields.choice("status"),
            theme: fields.text("theme"),
            objectives: read_objectives(fields),
            scope,
            excluded,
            vision: fields.text("vision").or_else(|| fields.text("release_vision")),
            executive_summary: ExecutiveSummary::read(fields),
            success_criteria: texts(fields, "success_criteria"),
            architecture_changes: technical.architecture_changes,
            external_dependencies: technical.external_dependencies,
            test_strategy: TestStrategy::read(fields),
            training: texts(fields, "training"),
            measurement_review: texts(fields, "measurement_review"),
            breaking_changes: technical.breaking_changes,
            deprecations: Deprecation::read_all(fields),
            migrations: technical.migrations,
            known_issues: KnownIssue::read_all(fields),
            strategy: fields.choice("strategy"),
            rollout: read_each(fields, "rollout", Phase::FIELDS, Phase::read),
            flags: fields.list("flags"),
            milestones: milestone::read(fields, &numbering),
            cause: fields.choice("cause"),
            planning_time: fields.duration("planning_time"),
            testing_time: fields.duration("testing_time").or_else(|| fields.duration("testing_duration")),
            minimal_tests: fields.links_apart("minimal_tests", LinkKind::LinkedIds),
            deliverables: deliverable::read(fields),
            support: read_each(fields, "support", Support::FIELDS, Support::read),
            end_of_life: fields.text("end_of_life"),
            channel: fields.text("channel"),
            branch: fields.text("branch"),
            backports: fields.links_apart("backports", LinkKind::LinkedIds),
            approvals: read_each(fields, "approvals", Approval::FIELDS, Approval::read),
            communications: read_each(fields, "communications", Communication::FIELDS, Communication::read),
            team: read_team(fields),
            operations: Operations::read(fields),
            deployed_at: fields.date("deployed_at"),
            outcome: fields.choice("outcome"),
            incidents: fields.count("incidents"),
            follow_ups: fields.dated_mapping("follow_ups"),
        }
    }

    /// Whether it is out, taken back or cancelled, so that nothing about it is still to be planned. Its status says so;
    /// without one, how its deployment ended. One that is to be tried again has the status of a release to come.
    pub fn is_over(&self) -> bool {
        match self.status.map(|status| status.value) {
            Some(status) => {
                matches!(status, RelStatus::Released | RelStatus::RolledBack | RelStatus::Cancelled)
            }
            // A deployment that failed has shipped nothing.
            None => self.outcome.is_some_and(|outcome| outcome.value != Outcome::Failed),
        }
    }

    /// When an approval is due, as written: a day, an offset, or the milestone that asks for it.
    pub fn due_of<'a>(&'a self, approval: &'a Approval<'s>) -> Option<&'a Text<'s>> {
        let text = |text: &'a Option<Text<'s>>| text.as_ref().map(|text| &*text.value);
        let (role, gate) = (text(&approval.role), text(&approval.gate));
        let asks = |milestone: &&Milestone<'_>| milestone.asks_for(role, gate);
        approval.due.as_ref().or_else(|| self.milestones.iter().find(asks).map(|milestone| &milestone.name))
    }

    /// Whether it will never come.
    pub fn is_cancelled(&self) -> bool {
        self.status.is_some_and(|status| status.value == RelStatus::Cancelled)
    }

    /// How large the release is: as stated, or as its version says.
    pub fn rel_type(&self) -> Option<RelType> {
        let stated = self.stated_type.map(|stated| stated.value);
        stated.or_else(|| Some(default_type(&self.version.as_ref()?.value)))
    }
}

/// The type of release that a version suggests where none is stated: a pre-release has the milestones of the release
/// that its numbers name.
pub fn default_type(version: &Version) -> RelType {
    if let Some(semver) = version.semver() {
        return type_of_version(semver);
    }
    match version.final_kind() {
        VersionKind::Major => RelType::Major,
        VersionKind::Minor => RelType::Minor,
        VersionKind::Patch | VersionKind::PreRelease => RelType::Patch,
    }
}

/// The type of release that a version implies: `X.0.0`, `X.Y.0`, `X.Y.Z`, `X.Y.Z-hotfix`.
pub fn type_of_version(version: &semver::Version) -> RelType {
    if version.pre.starts_with("hotfix") {
        RelType::Hotfix
    } else if version.patch > 0 {
        RelType::Patch
    } else if version.minor > 0 {
        RelType::Minor
    } else {
        RelType::Major
    }
}

/// The fields of a scope.
pub const SCOPE: &[Field] = &[
    Field::new("must", Shape::Links, "Must have.").or(&["must_have", "high_priority_(must_have)"]),
    Field::new("should", Shape::Links, "Should have.").or(&["should_have", "medium_priority_(should_have)"]),
    Field::new("could", Shape::Links, "Could have.").or(&["could_have", "low_priority_(could_have)"]),
];

/// The milestones that a release may place itself.
pub const MILESTONE_FIELDS: &[Field] = &[
    Field::new("feature_complete", Shape::Text, "Feature complete."),
    Field::new("alpha", Shape::Text, "Alpha.").or(&["alpha_release"]),
    Field::new("code_freeze", Shape::Text, "Code freeze."),
    Field::new("beta", Shape::Text, "Beta.").or(&["beta_release"]),
    Field::new("release_candidate", Shape::Text, "Release candidate."),
    Field::new("production", Shape::Text, "Release to production.").or(&["production_release"]),
    Field::new(
        "support_end",
        Shape::Text,
        "End of hypercare; end of support more than eight weeks after the release.",
    )
    .or(&["post_release_support", "hypercare", "hypercare_end"]),
];

fn read_each<'s, T>(
    fields: &mut Reader<'s>,
    name: &str,
    known: &[Field],
    read: impl Fn(&mut Reader<'s>, Span) -> T,
) -> Vec<T> {
    let mut all = Vec::new();
    for (mut inner, span) in fields.structures(name) {
        all.push(read(&mut inner, span));
        fields.absorb(inner, &[known]);
    }
    all
}

/// Roles and people: a mapping, or a list of `Role: person`, of `Person (role)` and of bare names.
fn read_team<'s>(fields: &mut Reader<'s>) -> Vec<(Text<'s>, Text<'s>)> {
    if fields.holds_mapping("team") {
        return fields.free_mapping("team");
    }
    let mut team = Vec::new();
    for part in fields.parts("team") {
        match part {
            Part::Text(text) => team.push(member(text)),
            Part::Structure(inner, _) => team.extend(fields.absorb_pairs(inner)),
        }
    }
    team
}

/// The role and the person of a text; a bare name is a member of the team.
fn member<'s>(text: Text<'s>) -> (Text<'s>, Text<'s>) {
    let value = text.value.trim().to_owned();
    let split = match value.split_once(':') {
        Some((role, person)) => Some((role, person)),
        None => value
            .strip_suffix(')')
            .and_then(|value| value.split_once('('))
            .map(|(person, role)| (role, person)),
    };
    let (role, person) = split.unwrap_or(("Member", &value));
    let span = text.span;
    let part = |part: &str| Spanned::new(part.trim().to_owned().into(), span);
    (part(role), part(person))
}

/// Objectives may be plain texts or mappings, in one list.
fn read_objectives<'s>(fields: &mut Reader<'s>) -> Vec<Objective<'s>> {
    let mut objectives = Vec::new();
    for part in fields.parts("objectives") {
        objectives.push(match part {
            Part::Text(name) => Objective { span: name.span, name: Some(name), target: None, actual: None },
            Part::Structure(mut inner, span) => {
                let objective = Objective::read(&mut inner, span);
                fields.absorb(inner, &[Objective::FIELDS]);
                objective
            }
        });
    }
    objectives
}

/// What was left out, under either of its keys.
fn read_excluded<'s>(fields: &mut Reader<'s>) -> Vec<Excluded<'s>> {
    let mut excluded = read_each(fields, "excluded", Excluded::FIELDS, Excluded::read);
    excluded.extend(read_each(fields, "excluded_from_this_release", Excluded::FIELDS, Excluded::read));
    excluded
}

/// Each need of the scope, and which of the links read here are its own.
fn read_scope(fields: &mut Reader<'_>) -> Vec<ScopePart> {
    let scope = fields.structure("scope").or_else(|| fields.structure("included_features"));
    let Some((mut inner, _)) = scope else { return Vec::new() };
    let before = fields.link_count();
    let mut parts = Vec::new();
    for (field, need) in SCOPE.iter().zip([Need::Must, Need::Should, Need::Could]) {
        let from = inner.link_count();
        inner.links(field.name, LinkKind::Scope);
        field.aliases.iter().for_each(|name| inner.links(name, LinkKind::Scope));
        let links = before + from..before + inner.link_count();
        parts.push(ScopePart { need, links });
    }
    fields.absorb(inner, &[SCOPE]);
    parts
}

/// The milestone of the gates that a name means, if it means one.
pub fn gate(name: &str) -> Option<&'static str> {
    let folded: String = folded(name).collect();
    MILESTONE_FIELDS.iter().find(|field| field.is(&folded)).map(|field| field.name)
}

impl<'s> Objective<'s> {
    /// The fields of an objective.
    pub const FIELDS: &'static [Field] = &[
        Field::new("name", Shape::Text, "Objective.").asks(Order::Nothing),
        Field::new("target", Shape::Text, "Target.").asks(Order::Requirement),
        Field::new("actual", Shape::Text, "Actual value.").progress(),
    ];

    fn read(fields: &mut Reader<'s>, span: Span) -> Self {
        Objective {
            span,
            name: fields.text("name"),
            target: fields.figure("target"),
            actual: fields.figure("actual"),
        }
    }
}

impl<'s> Excluded<'s> {
    /// The fields of something left out.
    pub const FIELDS: &'static [Field] = &[
        Field::new("id", Shape::Links, "Excluded entry."),
        Field::new("reason", Shape::Text, "Why."),
        Field::new("target_release", Shape::Text, "Target release, as a version or an id."),
    ];

    fn read(fields: &mut Reader<'s>, span: Span) -> Self {
        fields.links("id", LinkKind::Excludes);
        Excluded { span, reason: fields.text("reason"), target_release: fields.text("target_release") }
    }
}

impl<'s> Phase<'s> {
    /// The fields of a rollout phase.
    pub const FIELDS: &'static [Field] = &[
        Field::new("name", Shape::Text, "Name of the phase."),
        Field::new("traffic", Shape::Percentage, "Traffic of the new version."),
        Field::new("users", Shape::Number, "Number of users."),
        Field::new("audience", Shape::Text, "Audience."),
        Field::new("duration", Shape::Text, "Duration of the phase."),
        Field::new("success_criteria", Shape::Text, "Success criteria for the next phase."),
    ];

    fn read(fields: &mut Reader<'s>, span: Span) -> Self {
        Phase {
            span,
            name: fields.text("name"),
            traffic: fields.traffic("traffic"),
            users: fields.count("users"),
            audience: fields.text("audience"),
            duration: fields.text("duration"),
            success_criteria: fields.text("success_criteria"),
        }
    }
}

impl<'s> Approval<'s> {
    /// The fields of an approval. That it is asked for belongs to what is approved: to strike it out is no progress.
    pub const FIELDS: &'static [Field] = &[
        Field::new("role", Shape::Text, "Role of the approver.").asks(Order::Nothing),
        Field::new("by", Shape::Text, "Approver.").progress(),
        Field::new("on", Shape::Date, "When.").progress(),
        Field::new(
            "due",
            Shape::Text,
            "Due: a date, an offset, or a milestone of the release; the release date by default.",
        )
        .asks(Order::Nothing),
        Field::new("gate", Shape::Text, "Gate; every gate by default.").asks(Order::EachOrAll),
        Field::new(
            "digest",
            Shape::Text,
            "Digest of what was approved: `sha256:` and 64 digits, written by `approve`.",
        )
        .progress(),
        Field::new("expires", Shape::Date, "Last day of validity.").progress(),
        Field::new("note", Shape::Text, "Note.").progress(),
    ];

    fn read(fields: &mut Reader<'s>, span: Span) -> Self {
        Approval {
            span,
            role: fields.text("role"),
            by: fields.text("by"),
            on: fields.date("on"),
            due: fields.text("due"),
            gate: fields.text("gate"),
            digest: fields.text("digest"),
            expires: fields.date("expires"),
            note: fields.text("note"),
        }
    }
}

impl<'s> Communication<'s> {
    /// The fields of a communication.
    pub const FIELDS: &'static [Field] = &[
        Field::new("name", Shape::Text, "Message."),
        Field::new("audience", Shape::Text, "Audience."),
        Field::new("channel", Shape::Text, "Channel.").or(&["format"]),
        Field::new("when", Shape::Text, "Date, or an offset such as `48 hours before`."),
        Field::new("owner", Shape::Text, "Who sends it: a role, a team or a person.").or(&["sender"]),
        Field::new("sent", Shape::Date, "Date on which it was sent.").progress(),
        Field::new(
            "frequency",
            choice_of::<Frequency>(),
            "Frequency of a recurring communication, with its occasion: `Weekly status`.",
        ),
        Field::new("content", Shape::Text, "Content."),
    ];

    fn read(fields: &mut Reader<'s>, span: Span) -> Self {
        fields.accept_aliases(Self::FIELDS);
        Communication {
            span,
            name: fields.text("name"),
            audience: fields.text("audience"),
            channel: fields.text("channel"),
            frequency: fields.noted_choice("frequency"),
            content: fields.text("content"),
            when: fields.text("when"),
            owner: fields.text("owner"),
            sent: fields.date("sent"),
        }
    }
}
