//! How a release is run: responsibilities, support, change request, continuity, customer impact, promotions.

use chrono::NaiveDate;

use super::dep::Severity;
use super::duration::Duration;
use super::entry::choice_of;
use super::field::{Field, Shape};
use super::order::{Order, ranked};
use super::reader::Reader;
use super::value::{Text, choice};
use crate::source::{Span, Spanned};

choice! {
    /// The kind of a change (ITIL change enablement).
    ChangeType {
        /// Low risk, and approved beforehand.
        Standard = "standard",
        /// Assessed and approved one by one.
        Normal = "normal",
        /// As soon as possible.
        Emergency = "emergency",
    }
}

/// Who has to do with an activity, as the release states it (RACI).
#[derive(Debug)]
pub struct StatedResponsibility<'s> {
    /// Where it is written.
    pub span: Span,
    /// The activity.
    pub activity: Option<Text<'s>>,
    /// Who does it.
    pub responsible: Vec<Text<'s>>,
    /// Who answers for it.
    pub accountable: Vec<Text<'s>>,
    /// Who is asked.
    pub consulted: Vec<Text<'s>>,
    /// Who is told.
    pub informed: Vec<Text<'s>>,
}

/// A tier of the support.
#[derive(Debug)]
pub struct SupportTier<'s> {
    /// Its name: `Tier 1`, `Emergency`.
    pub name: Option<Text<'s>>,
    /// Which issues it takes.
    pub scope: Option<Text<'s>>,
    /// Who it is.
    pub owner: Option<Text<'s>>,
    /// When it can be reached.
    pub hours: Option<Text<'s>>,
}

/// How fast issues of a severity are answered and resolved.
#[derive(Debug)]
pub struct SupportTarget {
    /// Where it is written.
    pub span: Span,
    /// The severity.
    pub severity: Option<Spanned<Severity>>,
    /// The time to the first response.
    pub response: Option<Spanned<Duration>>,
    /// The time to the resolution.
    pub resolution: Option<Spanned<Duration>>,
}

/// The request for the change that the release is.
#[derive(Debug)]
pub struct ChangeRequest<'s> {
    /// Its id in the tool for changes.
    pub id: Option<Text<'s>>,
    /// Its kind.
    pub change_type: Option<Spanned<ChangeType>>,
    /// The role that approves it: a board.
    pub board: Option<Text<'s>>,
    /// When the board meets.
    pub meeting: Option<Spanned<NaiveDate>>,
}

/// How business goes on if the release takes the service down.
#[derive(Debug)]
pub struct BusinessContinuity<'s> {
    /// The plan for it.
    pub plan: Option<Text<'s>>,
    /// Who carries it out.
    pub owner: Option<Text<'s>>,
    /// The time in which the service must be back (RTO).
    pub recovery_time: Option<Spanned<Duration>>,
    /// The time of which data may be lost (RPO).
    pub recovery_point: Option<Spanned<Duration>>,
    /// When it was last tested.
    pub last_tested: Option<Spanned<NaiveDate>>,
}

/// What the release means for customers.
#[derive(Debug)]
pub struct CustomerImpact<'s> {
    /// What they notice.
    pub description: Option<Text<'s>>,
    /// How much they notice it.
    pub severity: Option<Spanned<Severity>>,
    /// How many are affected, in words.
    pub affected: Option<Text<'s>>,
    /// How long the service is down.
    pub downtime: Option<Spanned<Duration>>,
    /// What they must do.
    pub action: Option<Text<'s>>,
}

/// That a build came to an environment.
#[derive(Debug)]
pub struct Promotion<'s> {
    /// Where it is written.
    pub span: Span,
    /// The build.
    pub build: Option<Text<'s>>,
    /// The environment, by name or id.
    pub environment: Option<Text<'s>>,
    /// When.
    pub on: Option<Spanned<NaiveDate>>,
    /// Who did it.
    pub by: Option<Text<'s>>,
}

/// How a release is run.
#[derive(Debug, Default)]
pub struct Operations<'s> {
    /// Who has to do with what.
    pub responsibilities: Vec<StatedResponsibility<'s>>,
    /// The tiers of the support.
    pub support_tiers: Vec<SupportTier<'s>>,
    /// How fast issues are answered and resolved.
    pub support_targets: Vec<SupportTarget>,
    /// The request for the change.
    pub change_request: Option<ChangeRequest<'s>>,
    /// How business goes on.
    pub business_continuity: Option<BusinessContinuity<'s>>,
    /// What it means for customers.
    pub customer_impact: Option<CustomerImpact<'s>>,
    /// Which build came where.
    pub promotions: Vec<Promotion<'s>>,
    /// How long the deployment may take.
    pub deployment_time: Option<Spanned<Duration>>,
}

/// The fields of a responsibility.
pub const RESPONSIBILITY: &[Field] = &[
    Field::new("activity", Shape::Text, "Activity."),
    Field::new("responsible", Shape::List, "Responsible roles."),
    Field::new("accountable", Shape::List, "Accountable role, exactly one."),
    Field::new("consulted", Shape::List, "Consulted roles."),
    Field::new("informed", Shape::List, "Informed roles."),
];

/// The fields of a support tier.
pub const TIER: &[Field] = &[
    Field::new("name", Shape::Text, "Name: `Tier 1`, `Emergency`."),
    Field::new("scope", Shape::Text, "Issues that it takes."),
    Field::new("owner", Shape::Text, "Team."),
    Field::new("hours", Shape::Text, "Availability: `24/7`."),
];

/// The fields of a support target.
pub const TARGET: &[Field] = &[
    Field::new("severity", choice_of::<Severity>(), "Severity of the issues.").asks(Order::Nothing),
    Field::new("response", Shape::Duration, "Time to the first response.").asks(Order::AtMost),
    Field::new("resolution", Shape::Duration, "Time to the resolution.").asks(Order::AtMost),
];

/// The fields of a change request.
pub const CHANGE: &[Field] = &[
    Field::new("id", Shape::Text, "Id of the change request.").asks(Order::Nothing),
    Field::new(
        "type",
        choice_of::<ChangeType>(),
        "Change type; normal and emergency changes need the board.",
    )
    .asks(ranked::<ChangeType>()),
    Field::new("board", Shape::Text, "Role that approves the change at the deciding gate: `CAB`.")
        .asks(Order::Exact),
    Field::new("meeting", Shape::Date, "Date of the meeting of the board.").asks(Order::Nothing),
];

/// The fields of business continuity.
pub const CONTINUITY: &[Field] = &[
    Field::new("plan", Shape::Text, "Business continuity plan."),
    Field::new("owner", Shape::Text, "Owner of the plan."),
    Field::new("recovery_time", Shape::Duration, "Recovery time objective (RTO).").or(&["rto"]),
    Field::new("recovery_point", Shape::Duration, "Recovery point objective (RPO).").or(&["rpo"]),
    Field::new("last_tested", Shape::Date, "Date of the last test.").progress(),
];

/// The fields of the customer impact.
pub const IMPACT: &[Field] = &[
    Field::new("description", Shape::Text, "Visible effect on customers."),
    Field::new("severity", choice_of::<Severity>(), "Severity of the impact."),
    Field::new("affected", Shape::Text, "Affected customers."),
    Field::new("downtime", Shape::Duration, "Downtime: `30m`, or `0m`."),
    Field::new("action", Shape::Text, "Action that customers must take."),
];

/// The fields of a promotion.
pub const PROMOTION: &[Field] = &[
    Field::new("build", Shape::Text, "Build: a version, a tag or a commit.").progress(),
    Field::new("environment", Shape::Text, "Environment, by name or id.").progress(),
    Field::new("on", Shape::Date, "Date.").progress(),
    Field::new("by", Shape::Text, "Person who promoted the build.").progress(),
];

impl<'s> Operations<'s> {
    /// Reads the fields of a release.
    pub(super) fn read(fields: &mut Reader<'s>) -> Option<Box<Self>> {
        let operations = Operations {
            responsibilities: each(fields, "raci", RESPONSIBILITY, |inner, span| StatedResponsibility {
                span,
                activity: inner.text("activity"),
                responsible: inner.list("responsible"),
                accountable: inner.list("accountable"),
                consulted: inner.list("consulted"),
                informed: inner.list("informed"),
            }),
            support_tiers: each(fields, "support_tiers", TIER, |inner, _| SupportTier {
                name: inner.text("name"),
                scope: inner.text("scope"),
                owner: inner.text("owner"),
                hours: inner.text("hours"),
            }),
            support_targets: each(fields, "support_targets", TARGET, |inner, span| SupportTarget {
                span,
                severity: inner.choice("severity"),
                response: inner.duration("response"),
                resolution: inner.duration("resolution"),
            }),
            change_request: one(fields, "change_request", CHANGE, |inner| ChangeRequest {
                id: inner.figure("id"),
                change_type: inner.choice("type"),
                board: inner.text("board"),
                meeting: inner.date("meeting"),
            }),
            business_continuity: one(fields, "business_continuity", CONTINUITY, |inner| BusinessContinuity {
                plan: inner.text("plan"),
                owner: inner.text("owner"),
                recovery_time: inner.duration("recovery_time"),
                recovery_point: inner.duration("recovery_point"),
                last_tested: inner.date("last_tested"),
            }),
            customer_impact: one(fields, "customer_impact", IMPACT, |inner| CustomerImpact {
                description: inner.text("description"),
                severity: inner.choice("severity"),
                affected: inner.figure("affected"),
                downtime: inner.duration("downtime"),
                action: inner.text("action"),
            }),
            promotions: each(fields, "promotions", PROMOTION, |inner, span| Promotion {
                span,
                build: inner.figure("build"),
                environment: inner.text("environment"),
                on: inner.date("on"),
                by: inner.text("by"),
            }),
            deployment_time: fields.duration("deployment_time"),
        };
        (!operations.is_empty()).then(|| Box::new(operations))
    }

    fn is_empty(&self) -> bool {
        self.responsibilities.is_empty()
            && self.support_tiers.is_empty()
            && self.support_targets.is_empty()
            && self.change_request.is_none()
            && self.business_continuity.is_none()
            && self.customer_impact.is_none()
            && self.promotions.is_empty()
            && self.deployment_time.is_none()
    }

    /// The role that must approve the change at the deciding gate: the board, unless the change is a standard one.
    pub fn board(&self) -> Option<&Text<'s>> {
        let change = self.change_request.as_ref()?;
        let needs = change.change_type.is_none_or(|own| own.value != ChangeType::Standard);
        change.board.as_ref().filter(|board| needs && !board.value.trim().is_empty())
    }
}

impl super::order::Strictness for ChangeType {
    /// A standard change was approved beforehand, an emergency change by fewer people.
    fn rank(self) -> u8 {
        match self {
            ChangeType::Standard => 0,
            ChangeType::Emergency => 1,
            ChangeType::Normal => 2,
        }
    }
}

fn each<'s, T>(
    fields: &mut Reader<'s>,
    name: &str,
    known: &'static [Field],
    read: impl Fn(&mut Reader<'s>, Span) -> T,
) -> Vec<T> {
    let mut all = Vec::new();
    for (mut inner, span) in fields.structures(name) {
        inner.accept_aliases(known);
        all.push(read(&mut inner, span));
        fields.absorb(inner, &[known]);
    }
    all
}

fn one<'s, T>(
    fields: &mut Reader<'s>,
    name: &str,
    known: &'static [Field],
    read: impl Fn(&mut Reader<'s>) -> T,
) -> Option<T> {
    let (mut inner, _) = fields.structure(name)?;
    inner.accept_aliases(known);
    let value = read(&mut inner);
    fields.absorb(inner, &[known]);
    Some(value)
}
