//! The release calendar: what is due when, what is overdue, and what gets in the way of what.

mod agenda;
mod builder;
mod dates;
mod people;
mod workspace;

use chrono::NaiveDate;
use rustc_hash::FxHashSet;
use schemars::JsonSchema;
use serde::Serialize;

use super::incidents::{ActionView, IncidentView};
use crate::config::calendar::{time_zone, zone_name};
use crate::model::EntryIndex;
use crate::schedule::SentState;
use crate::source::shown::in_words;

pub use builder::calendar;
pub use workspace::{MemberCalendar, MissingMember, of_workspace};

/// Which part of the calendar is wanted.
#[derive(Debug, Clone, Default)]
pub struct Range {
    /// The first day; without it, today.
    pub from: Option<NaiveDate>,
    /// The last day; without it, all that is known.
    pub to: Option<NaiveDate>,
    /// At most so many things.
    pub next: Option<usize>,
    /// Only this release.
    pub release: Option<EntryIndex>,
    /// The entries of that release, whose own dates are on its calendar, too.
    pub of_release: FxHashSet<EntryIndex>,
}

/// The output of `relplan calendar --format json`.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(title = "Output of relplan calendar --format json")]
pub struct Calendar {
    /// What tells the plan from all others; part of the UIDs of its dates.
    #[serde(skip)]
    pub plan: String,
    /// The version of this format: 1.
    pub version: u32,
    /// The day that the plan is looked at.
    pub today: NaiveDate,
    /// The first day of the agenda.
    pub from: NaiveDate,
    /// The last day of the agenda, if there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<NaiveDate>,
    /// The time zone of the deadlines, if the plan states one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub time_zone: Option<String>,
    /// The time at which a day is over.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deadline_time: Option<String>,
    /// The days of the week on which people work.
    pub working_days: Vec<&'static str>,
    /// The releases, by id, whatever the range.
    pub releases: Vec<Release>,
    /// What should have been done before today and was not, the oldest first.
    pub overdue: Vec<Item>,
    /// What is due in the range, by day.
    pub agenda: Vec<Item>,
    /// How many things of the range `--next` left out.
    pub left_out: usize,
    /// The dates of entries that are still to come or overdue, by day.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub dates: Vec<EntryDate>,
    /// The open actions that have a due date.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub actions: Vec<ActionView>,
    /// The incidents that have a time of detection.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub incidents: Vec<IncidentView>,
    /// The freezes that touch the range, by day.
    pub freezes: Vec<Freeze>,
    /// The holidays that touch the range, by day.
    pub holidays: Vec<Holiday>,
    /// The release trains and their coming departures.
    pub trains: Vec<Train>,
    /// How often releases of a type come, and whether they do.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub cadences: Vec<CadenceKept>,
    /// What gets in the way of what, by day, whatever the range.
    pub conflicts: Vec<Conflict>,
    /// What else there is to know about the calendar.
    pub notes: Vec<String>,
    /// The members of the workspace whose dates are not on it; absent for one plan.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub missing: Vec<MissingMember>,
}

/// A release.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Release {
    /// Its id.
    pub id: String,
    /// Its version, or its title, or its id.
    pub name: String,
    /// Its title.
    pub title: String,
    /// How large it is.
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub rel_type: Option<&'static str>,
    /// The day on which it goes out, if it has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date: Option<NaiveDate>,
    /// The last day of its rollout, if it has a date.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rolled_out: Option<NaiveDate>,
    /// How far it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
    /// Whether it is out, taken back or cancelled.
    pub over: bool,
    /// The channel that it is published on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub channel: Option<String>,
    /// The stable branch that its fixes are made on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub branch: Option<String>,
    /// The phases of its support, in their order.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub support: Vec<SupportDays>,
    /// The day on which its support ends, if it can be known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub end_of_life: Option<NaiveDate>,
    /// What it is made of, if it is a coordinated release.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub deliverables: Vec<PlannedDeliverable>,
    /// Its milestones that have a day, by day.
    pub milestones: Vec<MilestoneDay>,
    /// Who is told what when.
    pub communications: Vec<PlannedCommunication>,
    /// Who must approve it, or did.
    pub approvals: Vec<Approved>,
}

/// A phase of the support of a release.
#[derive(Debug, Serialize, JsonSchema)]
pub struct SupportDays {
    /// The phase: `active`, `LTS`, `maintenance`.
    pub phase: &'static str,
    /// Its first day, if it can be known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<NaiveDate>,
    /// The day on which it ends, if it can be known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<NaiveDate>,
    /// What is written for its end, if anything is: `n+3`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until_stated: Option<String>,
}

impl SupportDays {
    /// Whether a day is in it.
    pub fn covers(&self, day: NaiveDate) -> bool {
        self.from.is_some_and(|from| from <= day) && self.until.is_none_or(|until| day < until)
    }
}

/// A deliverable of a coordinated release.
#[derive(Debug, Serialize, JsonSchema)]
pub struct PlannedDeliverable {
    /// What it is called.
    pub name: String,
    /// The version that the release has of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// The team that delivers it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub team: Option<String>,
    /// How far it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<&'static str>,
    /// The day on which it is due, if it can be known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub due: Option<NaiveDate>,
    /// Its stable branch.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub branch: Option<String>,
}

/// A milestone.
#[derive(Debug, Serialize, JsonSchema)]
pub struct MilestoneDay {
    /// Its name: one of the seven, or what the plan calls it.
    pub name: String,
    /// The day on which it is.
    pub day: NaiveDate,
    /// Its last day, if it takes several.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<NaiveDate>,
    /// The day before it moved to a working day, if it did.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub moved_from: Option<NaiveDate>,
    /// The moment at which its day is over, if the plan states a time zone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deadline: Option<String>,
    /// What it is counted by, as written.
    pub when: String,
    /// The source: `release`, `relplan.toml` or `default`.
    pub stated_by: &'static str,
    /// Its title, if it has one beside its name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// The version that is released at it, if it is a pre-release.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// Its owner, if the release states one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
    /// The time zone in which its day ends, if it has one of its own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub time_zone: Option<String>,
    /// The time at which its day is over, if it has one of its own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deadline_time: Option<String>,
    /// The day on which it was reached, if it was.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub actual: Option<NaiveDate>,
    /// How many days later than planned it was reached; earlier if negative.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub delay: Option<i64>,
    /// The gate that must be passed at it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gate: Option<String>,
    /// The roles whose approval is due at it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub approvals: Vec<String>,
    /// The branch that is created at it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub branch: Option<String>,
    /// The tag that is set at it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tag: Option<String>,
    /// What else is said of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

impl MilestoneDay {
    /// Whether its day is a default, and neither the release nor the configuration states it.
    pub fn is_default(&self) -> bool {
        // The release goes out on its date, which it states.
        self.stated_by == BY_DEFAULT && self.name != "production"
    }

    /// Its name as people read it; a default says that it is one.
    pub fn title(&self) -> String {
        let name = self.title.clone().unwrap_or_else(|| in_words(&self.name));
        titled(&name, self.is_default())
    }

    /// The time and the zone in which its day ends, where they are not those of the plan.
    pub fn own_deadline(&self, calendar: &Calendar) -> Option<String> {
        if self.time_zone.is_none() && self.deadline_time.is_none() {
            return None;
        }
        let zone = self.time_zone.as_deref().and_then(time_zone).map(|zone| zone_name(zone).to_owned());
        let zone = zone.or_else(|| calendar.time_zone.clone())?;
        let time = self.deadline_time.as_ref().or(calendar.deadline_time.as_ref());
        Some(format!("{} {zone}", time.map_or("24:00", |time| time.as_str())))
    }

    /// What is said of it beside its day, in short phrases.
    pub fn details(&self) -> Vec<String> {
        let reached = self.actual.map(|actual| match self.delay.unwrap_or(0) {
            0 => format!("reached on {actual}"),
            days => {
                let plural = if days.abs() == 1 { "" } else { "s" };
                let side = if days > 0 { "late" } else { "early" };
                format!("reached on {actual}, {} day{plural} {side}", days.abs())
            }
        });
        let approvals =
            (!self.approvals.is_empty()).then(|| format!("approvals: {}", self.approvals.join(", ")));
        let named = |what: &str, text: &Option<String>| text.as_ref().map(|text| format!("{what} {text}"));
        let parts = [
            reached,
            named("owner:", &self.owner),
            named("gate", &self.gate),
            approvals,
            named("branch", &self.branch),
            named("tag", &self.tag),
            self.note.clone(),
        ];
        parts.into_iter().flatten().collect()
    }
}

/// What stands for a default in [`MilestoneDay::stated_by`].
const BY_DEFAULT: &str = "default";

fn titled(name: &str, default: bool) -> String {
    if default { format!("{name} (default)") } else { name.to_owned() }
}

impl PlannedCommunication {
    /// What is said; a default says that it is one.
    pub fn title(&self) -> String {
        titled(&self.name, self.default)
    }
}

/// A communication.
#[derive(Debug, Serialize, JsonSchema)]
pub struct PlannedCommunication {
    /// What is said.
    pub name: String,
    /// To whom.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub audience: Option<String>,
    /// By which way.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub channel: Option<String>,
    /// When, as written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub when: Option<String>,
    /// How often it is repeated, with the occasion, as written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub frequency: Option<String>,
    /// What it says.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub content: Option<String>,
    /// The day, if it can be known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub day: Option<NaiveDate>,
    /// The moment at which its day is over, if the plan states a time zone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deadline: Option<String>,
    /// Who sends it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
    /// The day on which it was sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sent: Option<NaiveDate>,
    /// Whether that day counts.
    #[serde(skip)]
    pub sent_state: SentState,
    /// Whether it is a default, because the release states none.
    pub default: bool,
}

/// An approval.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Approved {
    /// The role that approves.
    pub role: String,
    /// Who did.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    /// When.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub on: Option<NaiveDate>,
    /// The day on which it is needed, if it can be known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub due: Option<NaiveDate>,
    /// The moment at which that day is over, if the plan states a time zone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deadline: Option<String>,
    /// Whether it was given.
    pub given: bool,
}

/// A date that an entry or a waiver states itself.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct EntryDate {
    /// What it is: due, review, waiver, flag expiry, approval expiry, rehearsal or validation.
    pub kind: ItemKind,
    /// The id of the entry, what is waived, or the role of an approval.
    pub id: String,
    /// Its title, or what is approved.
    pub title: String,
    /// The day.
    pub day: NaiveDate,
    /// Who has to see to it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
    /// Whether the day has passed and it is still to be done.
    pub is_overdue: bool,
}

/// What an item of the agenda is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ItemKind {
    /// A freeze begins.
    Freeze,
    /// A day off.
    Holiday,
    /// An approval is needed.
    Approval,
    /// A milestone of a release.
    Milestone,
    /// A release goes out.
    Release,
    /// A phase of support begins, or support ends.
    Support,
    /// A train departs.
    Train,
    /// A communication.
    Communication,
    /// An incident was detected.
    Incident,
    /// An action is due.
    Action,
    /// An entry is due.
    Due,
    /// A risk is reviewed.
    Review,
    /// A waiver ends.
    Waiver,
    /// A feature flag expires.
    FlagExpiry,
    /// An approval expires.
    ApprovalExpiry,
    /// A rollback is due for another rehearsal.
    Rehearsal,
    /// The window of a validation ends.
    Validation,
}

impl ItemKind {
    /// The word that people read.
    pub fn word(self) -> &'static str {
        match self {
            ItemKind::Freeze => "freeze",
            ItemKind::Holiday => "holiday",
            ItemKind::Approval => "approval",
            ItemKind::Milestone => "milestone",
            ItemKind::Release => "release",
            ItemKind::Support => "support",
            ItemKind::Train => "train",
            ItemKind::Communication => "communication",
            ItemKind::Incident => "incident",
            ItemKind::Action => "action",
            ItemKind::Due => "due date",
            ItemKind::Review => "risk review",
            ItemKind::Waiver => "waiver",
            ItemKind::FlagExpiry => "flag expiry",
            ItemKind::ApprovalExpiry => "approval expiry",
            ItemKind::Rehearsal => "rehearsal",
            ItemKind::Validation => "validation",
        }
    }
}

/// Something on a day.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Item {
    /// A name that no other item has, and that stays when its neighbours change.
    pub key: String,
    /// Its day, or the first of several.
    pub day: NaiveDate,
    /// The last of several days.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<NaiveDate>,
    /// What kind of thing it is.
    pub kind: ItemKind,
    /// A short description.
    pub what: String,
    /// The id of the release that it belongs to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub release: Option<String>,
    /// More about it: to whom, why, moved from where.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    /// The moment at which its day is over, if the plan states a time zone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deadline: Option<String>,
    /// The time and the zone of its deadline, where they are not those of the plan.
    #[serde(skip)]
    pub own_deadline: Option<String>,
}

/// A freeze.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Freeze {
    /// Its name.
    pub name: String,
    /// Its first day.
    pub from: NaiveDate,
    /// Its last day.
    pub to: NaiveDate,
    /// The time at which it begins, if that is in the course of its first day.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub begins_at: Option<String>,
    /// The time at which it ends, if that is in the course of its last day.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ends_at: Option<String>,
    /// Why.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// The environments that it is about; all if there are none.
    pub environments: Vec<String>,
    /// Families whose entries may not be due in it either.
    pub families: Vec<String>,
}

/// A holiday.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Holiday {
    /// Its name.
    pub name: String,
    /// Its first day.
    pub from: NaiveDate,
    /// Its last day.
    pub to: NaiveDate,
}

/// Whether releases of a type come as often as is said.
#[derive(Debug, Serialize, JsonSchema)]
pub struct CadenceKept {
    /// The member of the workspace whose releases they are; absent for one plan.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub member: Option<String>,
    /// The type of the releases.
    #[serde(rename = "type")]
    pub rel_type: &'static str,
    /// How often they come.
    pub cadence: String,
    /// How many intervals there are between them.
    pub intervals: usize,
    /// How many of these are no longer than the cadence.
    pub kept: usize,
}

/// A release train.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Train {
    /// Its name.
    pub name: String,
    /// How often it comes.
    pub cadence: String,
    /// Its coming departures that the plan does not hold as releases, by day.
    pub departures: Vec<UpcomingTrainRun>,
}

/// A coming departure of a train.
#[derive(Debug, Serialize, JsonSchema)]
pub struct UpcomingTrainRun {
    /// Its day.
    pub day: NaiveDate,
    /// Its version, or the name and number of the train.
    pub name: String,
    /// The reason for a day off, if it is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub day_off: Option<String>,
    /// The freeze that it falls into.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub freeze: Option<String>,
    /// Its milestones, if its type is known, by day.
    pub milestones: Vec<MilestoneDay>,
}

/// Something that gets in the way of something else.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Conflict {
    /// The rule of `relplan check` that reports it.
    pub rule: &'static str,
    /// The release or other entry that it is about.
    pub id: String,
    /// The day that it is about.
    pub day: NaiveDate,
    /// Its kind.
    pub message: String,
    /// What to do.
    pub help: String,
    /// Places, `file:line:column`, each with its text; change the first.
    pub places: Vec<ConflictPlace>,
}

/// A place of a conflict.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ConflictPlace {
    /// `file:line:column`.
    pub place: String,
    /// Its text.
    pub text: String,
}
