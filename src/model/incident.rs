//! Incidents (`INC-`) and the actions that follow from them (`ACT-`).

use std::ops::Range;

use chrono::{DateTime, NaiveDate, Utc};

use super::dep::Severity;
use super::entry::{Entry, Link, LinkKind, choice_of};
use super::field::{Field, Shape};
use super::reader::Reader;
use super::value::{Text, choice};
use crate::source::{Span, Spanned};

choice! {
    /// How far an incident is.
    IncidentStatus {
        /// Its users still have it.
        Open = "open" | "investigating" | "identified",
        /// Its effect is gone, its cause is not.
        Mitigated = "mitigated" | "monitoring",
        /// It is over.
        Resolved = "resolved",
        /// It is over, and its post-mortem is done.
        Closed = "closed",
    }
}

choice! {
    /// How far an action is.
    ActionStatus {
        /// Not begun.
        Open = "open" | "planned",
        /// Begun.
        InProgress = "in progress",
        /// Done.
        Done = "done" | "complete" | "completed",
        /// Never coming.
        Dropped = "dropped" | "cancelled" | "canceled",
    }
}

/// An incident.
#[derive(Debug)]
pub struct Incident<'s> {
    /// How bad it is or was.
    pub severity: Option<Spanned<Severity>>,
    /// How far it is.
    pub status: Option<Spanned<IncidentStatus>>,
    /// The environment.
    pub environment: Option<Text<'s>>,
    /// When it began.
    pub started: Option<Spanned<DateTime<Utc>>>,
    /// When it was noticed.
    pub detected: Option<Spanned<DateTime<Utc>>>,
    /// How it was noticed.
    pub detected_by: Option<Text<'s>>,
    /// When it was over.
    pub resolved: Option<Spanned<DateTime<Utc>>>,
    /// How it was ended.
    pub resolution: Option<Text<'s>>,
    /// What its users had of it.
    pub impact: Option<Text<'s>>,
    /// Its cause.
    pub cause: Option<Text<'s>>,
    /// What happened when.
    pub timeline: Vec<TimelineEvent<'s>>,
    /// Where the rollback triggers that fired are among the entry's links.
    pub triggers_fired: Range<usize>,
    /// Where those are that should have fired and did not.
    pub triggers_missed: Range<usize>,
    /// Where the actions that follow from it are.
    pub actions: Range<usize>,
}

/// Something that happened during an incident.
#[derive(Debug)]
pub struct TimelineEvent<'s> {
    /// Where it is written.
    pub span: Span,
    /// When.
    pub at: Option<Spanned<DateTime<Utc>>>,
    /// What.
    pub event: Option<Text<'s>>,
}

/// Something to be done, so that what happened does not happen again.
#[derive(Debug)]
pub struct Action<'s> {
    /// How far it is.
    pub status: Option<Spanned<ActionStatus>>,
    /// The day on which it was done.
    pub completed: Option<Spanned<NaiveDate>>,
    /// How it is seen that it helped.
    pub success_criteria: Option<Text<'s>>,
    /// Why it was dropped.
    pub reason: Option<Text<'s>>,
    /// Where the releases, incidents and lessons that it follows from are among the entry's links.
    pub follows_from: Range<usize>,
}

impl<'s> Incident<'s> {
    /// The fields of an incident.
    pub const FIELDS: &'static [Field] = &[
        Field::new("severity", choice_of::<Severity>(), "Severity.").progress(),
        Field::new(
            "status",
            choice_of::<IncidentStatus>(),
            "Status; by default resolved if `resolved` is set, else open.",
        )
        .progress(),
        Field::new("environment", Shape::Text, "Environment; all by default.").progress(),
        Field::new("started", Shape::Moment, "Start: `2026-11-18T14:40Z`.").progress(),
        Field::new("detected", Shape::Moment, "Time of detection.").progress(),
        Field::new("detected_by", Shape::Text, "Means of detection: an alert, a customer, a person.")
            .progress(),
        Field::new("resolved", Shape::Moment, "Time of resolution; absent while the incident is open.")
            .progress(),
        Field::new("resolution", Shape::Text, "Resolution.").progress(),
        Field::new("impact", Shape::Text, "Impact on users.").progress(),
        Field::new("cause", Shape::Text, "Root cause.").progress(),
        Field::new("timeline", Shape::Structure(TimelineEvent::FIELDS), "Timeline.").progress(),
        Field::new("triggers_fired", Shape::Links, "Rollback triggers that fired.").progress(),
        Field::new("triggers_missed", Shape::Links, "Rollback triggers that should have fired, and did not.")
            .progress(),
        Field::new("actions", Shape::Links, "Actions that follow from the incident.").progress(),
    ];

    pub(super) fn read(fields: &mut Reader<'s>) -> Self {
        Incident {
            severity: fields.choice("severity"),
            status: fields.choice("status"),
            environment: fields.text("environment"),
            started: fields.moment("started"),
            detected: fields.moment("detected"),
            detected_by: fields.text("detected_by"),
            resolved: fields.moment("resolved"),
            resolution: fields.text("resolution"),
            impact: fields.text("impact"),
            cause: fields.text("cause"),
            timeline: TimelineEvent::read_all(fields),
            triggers_fired: fields.links_apart("triggers_fired", LinkKind::LinkedIds),
            triggers_missed: fields.links_apart("triggers_missed", LinkKind::LinkedIds),
            actions: fields.links_apart("actions", LinkKind::LinkedIds),
        }
    }

    /// Whether it is over, as far as it says: it has a time of resolution, or its status says so.
    pub fn is_over(&self) -> bool {
        match self.status.map(|status| status.value) {
            Some(IncidentStatus::Resolved | IncidentStatus::Closed) => true,
            Some(IncidentStatus::Open | IncidentStatus::Mitigated) => false,
            None => self.resolved.is_some(),
        }
    }

    /// Its status: as stated, or as its times say.
    pub fn state(&self) -> IncidentStatus {
        match self.status {
            Some(status) => status.value,
            None if self.resolved.is_some() => IncidentStatus::Resolved,
            None => IncidentStatus::Open,
        }
    }
}

impl TimelineEvent<'_> {
    /// The fields of an event.
    pub const FIELDS: &'static [Field] = &[
        Field::new("at", Shape::Moment, "Time: `2026-11-18T14:40Z`.").progress(),
        Field::new("event", Shape::Text, "Event.").progress(),
    ];

    fn read_all<'s>(fields: &mut Reader<'s>) -> Vec<TimelineEvent<'s>> {
        let mut events = Vec::new();
        for (mut inner, span) in fields.structures("timeline") {
            events.push(TimelineEvent { span, at: inner.moment("at"), event: inner.text("event") });
            fields.absorb(inner, &[Self::FIELDS]);
        }
        events
    }
}

impl<'s> Action<'s> {
    /// The fields of an action.
    pub const FIELDS: &'static [Field] = &[
        Field::new("status", choice_of::<ActionStatus>(), "Status.").absent("open").progress(),
        Field::new("completed", Shape::Date, "Date of completion.").progress(),
        Field::new("success_criteria", Shape::Text, "Success criteria.").progress(),
        Field::new("reason", Shape::Text, "Reason, if the action was dropped.").progress(),
        Field::new(
            "follows_from",
            Shape::Links,
            "Releases, incidents and lessons that the action follows from.",
        )
        .progress(),
    ];

    pub(super) fn read(fields: &mut Reader<'s>) -> Self {
        Action {
            status: fields.choice("status"),
            completed: fields.date("completed"),
            success_criteria: fields.text("success_criteria"),
            reason: fields.text("reason"),
            follows_from: fields.links_apart("follows_from", LinkKind::LinkedIds),
        }
    }

    /// Its status. A day of completion says that it is done, where nothing else is stated.
    pub fn state(&self) -> ActionStatus {
        match self.status {
            Some(status) => status.value,
            None if self.completed.is_some() => ActionStatus::Done,
            None => ActionStatus::Open,
        }
    }

    /// Whether it is still to be done.
    pub fn is_open(&self) -> bool {
        matches!(self.state(), ActionStatus::Open | ActionStatus::InProgress)
    }
}

/// The links of an entry at these positions.
pub fn links_at<'e>(entry: &'e Entry<'_>, places: &Range<usize>) -> &'e [Link] {
    entry.links.get(places.clone()).unwrap_or_default()
}
