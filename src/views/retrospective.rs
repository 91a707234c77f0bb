//! The retrospective of a release: what happened, filled in from the plan, and the questions that people answer together.

use chrono::{DateTime, NaiveDate, Utc};
use rustc_hash::FxHashSet;
use schemars::JsonSchema;
use serde::Serialize;

use super::incidents::{ActionLinks, ActionView, actions_from};
use super::linked::Linked;
use super::open_work::Viewpoint;
use super::postmortem::lessons;
use super::review::Review;
use crate::model::rel::Rel;
use crate::model::{EntryIndex, Kind, Plan, id, same_folded};
use crate::verdict::follow_up::{FollowUp, FollowUpState};

/// The name under which `follow_ups` of a release records its retrospective.
const RETROSPECTIVE: &str = "retrospective";

/// The output of `relplan retro --format json`.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(title = "Output of relplan retro --format json")]
pub struct Retrospective {
    /// The version of this format: 1.
    pub version: u32,
    /// What the release came to.
    pub review: Review,
    /// When it is due, if a gate asks for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub follow_up: Option<FollowUp>,
    /// The day on which it was held, if that is recorded.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub held: Option<NaiveDate>,
    /// What happened, by day.
    pub timeline: Vec<TimelineDay>,
    /// The open actions that follow from earlier releases.
    pub carried_over: Vec<ActionView>,
    /// The lessons that are linked to the release or to one of its incidents.
    pub lessons: Vec<Linked>,
    /// What is talked about, in order.
    pub agenda: Vec<AgendaItem>,
}

/// Something on a day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct TimelineDay {
    /// The day, in UTC.
    pub day: NaiveDate,
    /// What happened.
    pub event: String,
}

/// A part of the agenda.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct AgendaItem {
    /// What it is.
    pub title: &'static str,
    /// The question that it answers.
    pub question: &'static str,
    /// What to look at.
    pub points: Vec<String>,
}

/// The retrospective of the release of a review.
pub fn retrospective(
    at: Viewpoint<'_, '_>,
    review: Review,
    follow_ups: Vec<FollowUp>,
) -> Option<Retrospective> {
    let index = at.plan.find(id::parse(&review.release.id).ok()?)?;
    let Kind::Rel(rel) = &at.plan.entry(index).kind else { return None };
    let is_own = |follow_up: &FollowUp| {
        follow_up.release == review.release.id && same_folded(&follow_up.name, RETROSPECTIVE)
    };
    let recorded = rel.follow_ups.iter().find(|(name, _)| same_folded(&name.value, RETROSPECTIVE));
    let held = recorded.and_then(|(_, day)| *day).map(|day| day.value).filter(|day| *day <= at.today);
    let carried_over = carried_over(at.plan, index, at.today);
    Some(Retrospective {
        version: 1,
        follow_up: follow_ups.into_iter().find(is_own),
        held,
        timeline: timeline(rel, &review),
        lessons: all_lessons(at, index, &review),
        agenda: agenda(&review, &carried_over),
        carried_over,
        review,
    })
}

/// The open actions that follow from releases that went out before this one.
fn carried_over(plan: &Plan<'_>, index: EntryIndex, today: NaiveDate) -> Vec<ActionView> {
    let day = |index: EntryIndex| match &plan.entry(index).kind {
        Kind::Rel(rel) => rel.deployed_at.or(rel.date).map(|day| day.value),
        _ => None,
    };
    let own = day(index);
    let links = ActionLinks::new(plan);
    let releases = plan.releases().filter_map(|(entry, _)| plan.find(entry.id.value));
    let earlier = releases.filter(|other| {
        *other != index && day(*other).is_some_and(|other| own.is_none_or(|own| other < own))
    });
    let mut actions: Vec<ActionView> = earlier
        .flat_map(|other| actions_from(plan, &links, other, today))
        .filter(ActionView::is_open)
        .collect();
    let own: FxHashSet<String> =
        actions_from(plan, &links, index, today).into_iter().map(|action| action.id).collect();
    actions.retain(|action| !own.contains(&action.id));
    actions.sort_by(|one, other| (one.due, &one.id).cmp(&(other.due, &other.id)));
    actions.dedup_by(|one, other| one.id == other.id);
    actions
}

fn all_lessons(at: Viewpoint<'_, '_>, index: EntryIndex, review: &Review) -> Vec<Linked> {
    let incidents = review.incidents.iter().filter_map(|one| at.plan.find(id::parse(&one.id).ok()?));
    let mut all: Vec<Linked> =
        std::iter::once(index).chain(incidents).flat_map(|about| lessons(at.plan, at.graph, about)).collect();
    all.sort_by(|one, other| one.id.cmp(&other.id));
    all.dedup();
    all
}

/// What the plan and its records say of days: milestones, decisions, the deployment, incidents, communications.
fn timeline(rel: &Rel<'_>, review: &Review) -> Vec<TimelineDay> {
    let mut days = Vec::new();
    let mut add = |day: Option<NaiveDate>, event: String| {
        days.extend(day.map(|day| TimelineDay { day, event }));
    };
    for milestone in &review.deployment.milestones {
        add(milestone.actual, milestone.name.clone());
    }
    for prediction in &review.predictions {
        add(Some(day_of(prediction.time)), format!("Decision: {}", prediction.decision.word()));
    }
    let outcome = review.deployment.outcome.map_or(String::new(), |outcome| format!(": {outcome}"));
    add(review.deployment.actual, format!("Deployment{outcome}"));
    for incident in &review.incidents {
        add(incident.detected.map(day_of), format!("{} detected: {}", incident.id, incident.title));
        add(incident.resolved.map(day_of), format!("{} resolved", incident.id));
    }
    for said in &rel.communications {
        let name = said.name.as_ref().map_or("", |name| name.value.trim());
        add(
            said.sent.map(|day| day.value).filter(|day| *day <= review.day),
            format!("Communication sent: {name}"),
        );
    }
    for (name, day) in &rel.follow_ups {
        add(day.map(|day| day.value).filter(|day| *day <= review.day), format!("{} done", name.value.trim()));
    }
    days.sort_by_key(|item| item.day);
    days
}

fn day_of(time: DateTime<Utc>) -> NaiveDate {
    time.date_naive()
}

/// The five parts of the agenda, with what this release gives to talk about.
fn agenda(review: &Review, carried_over: &[ActionView]) -> Vec<AgendaItem> {
    let counted = crate::model::phrase::counted;
    let part = |title, question, points: Vec<Option<String>>| AgendaItem {
        title,
        question,
        points: points.into_iter().flatten().collect(),
    };
    let some = |count: usize, noun: &str, about: &str| {
        (count > 0).then(|| format!("{} {about}", counted(count, noun)))
    };
    let objectives = review.targets.len();
    // What is not deployed has delivered nothing yet.
    let not_delivered = if review.deployment.is_deployed { review.scope.not_delivered.len() } else { 0 };
    let missed = review.targets_with(super::review::TargetVerdict::Missed);
    let late =
        review.deployment.milestones.iter().filter(|one| one.days_late.is_some_and(|days| days > 0)).count();
    let without_cause = review.incidents.iter().filter(|incident| incident.cause.is_none()).count();
    let missed_triggers =
        review.incidents.iter().filter(|incident| !incident.triggers_missed.is_empty()).count();
    let wrong =
        review.predictions.iter().filter(|one| one.result == super::review::PredictionResult::Wrong).count();
    let broken = review.forecasts.iter().filter(|one| !one.held).count();
    let occurred = review.risks.iter().filter(|risk| risk.occurred == super::review::Occurred::Yes).count();
    vec![
        part(
            "Objectives",
            "What did the release set out to do?",
            vec![(objectives > 0).then(|| counted(objectives, "target")), some(missed, "target", "missed")],
        ),
        part(
            "Events",
            "What happened?",
            vec![
                review.deployment.days_late.filter(|days| *days != 0).map(days_late),
                some(late, "milestone", "reached late"),
                some(review.incidents.len(), "incident", "of the release"),
                some(not_delivered, "entry", "of the scope not delivered"),
                some(occurred, "risk", "occurred"),
            ],
        ),
        part(
            "Causes",
            "Why did it happen?",
            vec![
                some(without_cause, "incident", "without a root cause"),
                some(missed_triggers, "incident", "with a missed rollback trigger"),
                some(wrong, "decision", "contradicted by the outcome"),
                some(
                    broken,
                    "forecast",
                    if broken == 1 { "that missed its 85 % date" } else { "that missed their 85 % dates" },
                ),
            ],
        ),
        part(
            "Actions",
            "Which changes improve the next release?",
            vec![
                some(review.actions.len(), "action", "recorded so far"),
                some(carried_over.len(), "open action", "of earlier releases"),
            ],
        ),
        part("Owners and dates", "Who does what by when?", vec![]),
    ]
}

fn days_late(days: i64) -> String {
    let count = crate::model::phrase::counted(usize::try_from(days.unsigned_abs()).unwrap_or(0), "day");
    if days > 0 { format!("deployed {count} late") } else { format!("deployed {count} early") }
}

impl Retrospective {
    /// Whether it should have been held.
    pub fn is_overdue(&self) -> bool {
        self.held.is_none()
            && self.follow_up.as_ref().is_some_and(|follow_up| follow_up.state == FollowUpState::Overdue)
    }

    /// The last day on which a gate wants it held.
    pub fn due(&self) -> Option<NaiveDate> {
        self.follow_up.as_ref().and_then(|follow_up| follow_up.due)
    }
}
