//! Whether a change is frozen: by which freeze, which exception applies, and when it opens.

use chrono::{DateTime, Days, NaiveTime, SecondsFormat, Utc};
use chrono_tz::Tz;
use schemars::JsonSchema;
use serde::Serialize;

use crate::config::calendar::{Boundary, boundary, zone_name};
use crate::config::{Config, profiles};
use crate::model::{EntryIndex, Kind, Plan, WaiverRecord};
use crate::schedule::{
    Change, Coverage, FreezeSource, FreezeWindow, Schedule, freeze_windows, undated_code_freezes,
};
use crate::verdict::waivable::{code_freeze_of, freeze_of};
use crate::verdict::waiver::{Terms, Waiver, grant};

/// The output of `relplan freeze --format json`.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(title = "Output of relplan freeze --format json")]
pub struct FreezeView {
    /// The version of this format: 1.
    pub version: u32,
    /// The moment that was asked about, in the time zone of the calendar (RFC 3339).
    pub at: String,
    /// The time zone of the calendar; UTC if it has none.
    pub time_zone: String,
    /// The branch that was asked about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub branch: Option<String>,
    /// The environment that was asked about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub environment: Option<String>,
    /// The release that was asked about, as an id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub release: Option<String>,
    /// The answer.
    pub state: FreezeState,
    /// When it opens, if it is frozen and the plan says until when (RFC 3339).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub opens_at: Option<String>,
    /// When the next freeze begins, or an exception ends, if it is open (RFC 3339).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub freezes_at: Option<String>,
    /// The freezes that cover the change and are not over, by their beginnings.
    pub freezes: Vec<FreezeItem>,
    /// Why a freeze may apply that is not among these.
    pub doubts: Vec<String>,
}

impl FreezeView {
    /// Whether a pipeline must stop: the change is frozen, or nobody knows.
    pub fn is_closed(&self) -> bool {
        matches!(self.state, FreezeState::Frozen | FreezeState::Unknown)
    }
}

/// Whether a change may be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum FreezeState {
    /// No freeze applies.
    Open,
    /// Each freeze that applies has a valid exception.
    Excepted,
    /// A freeze applies.
    Frozen,
    /// Part of the plan could not be read, so that a freeze or its end may be missing.
    Unknown,
}

/// A freeze.
#[derive(Debug, Serialize, JsonSchema)]
pub struct FreezeItem {
    /// Its name; `code freeze of REL-001` is that of a release.
    pub name: String,
    /// Whether it applies now, exceptions left aside.
    pub is_active: bool,
    /// When it begins (RFC 3339).
    pub from: String,
    /// When it ends; absent for a code freeze whose release is overdue (RFC 3339).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<String>,
    /// Why.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// What it covers, in words: `all branches and environments`.
    pub covers: String,
    /// The exception from it, if a valid one applies.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub exception: Option<FreezeException>,
    /// Exceptions from it that do not apply, and why.
    pub refused: Vec<String>,
}

/// An exception from a freeze: a valid waiver.
#[derive(Debug, Serialize, JsonSchema)]
pub struct FreezeException {
    /// Who granted it.
    pub by: String,
    /// When it ends (RFC 3339).
    pub until: String,
    /// Why.
    pub reason: String,
    /// Whether a roster confirms that they may.
    pub is_confirmed: bool,
}

/// What is asked.
#[derive(Debug, Clone, Copy)]
pub struct FreezeQuestion<'q> {
    /// When.
    pub at: DateTime<Utc>,
    /// Where.
    pub change: Change<'q>,
    /// For which release; an exception may be for one.
    pub release: Option<EntryIndex>,
}

/// A freeze with what an exception leaves of it.
struct Judged<'p> {
    window: FreezeWindow<'p>,
    name: String,
    exception: Option<(DateTime<Utc>, FreezeException)>,
    refused: Vec<String>,
}

impl Judged<'_> {
    fn is_active(&self, at: DateTime<Utc>) -> bool {
        self.window.from <= at && self.window.until.is_none_or(|until| at < until)
    }

    /// From when on it stops a change: an exception that is valid now puts that off.
    fn stops_from(&self) -> DateTime<Utc> {
        self.exception.as_ref().map_or(self.window.from, |(until, _)| self.window.from.max(*until))
    }

    fn stops(&self, at: DateTime<Utc>) -> bool {
        self.stops_from() <= at && self.is_active(at)
    }
}

/// Answers a question about freezes. `is_whole` says whether all of the plan could be read.
pub fn freeze(plan: &Plan<'_>, config: &Config, question: FreezeQuestion<'_>, is_whole: bool) -> FreezeView {
    let zone = config.calendar.zone.as_ref().map_or(Tz::UTC, |zone| zone.value);
    let schedule = Schedule::new(plan, config);
    let at = question.at;
    let windows = freeze_windows(&schedule, plan, &config.calendar, (at, zone)).into_iter();
    let mut doubts = doubts(plan, &schedule, config, question, zone);
    if !is_whole {
        doubts.push("part of the plan cannot be read".to_owned());
    }
    let mut covering = Vec::new();
    for window in windows {
        match window.source.covers(question.change, plan) {
            Coverage::Yes => covering.push(window),
            Coverage::No => {}
            Coverage::Unknown(environment) => {
                let is_active = window.from <= at && window.until.is_none_or(|until| at < until);
                if is_active && let FreezeSource::Calendar(freeze) = window.source {
                    doubts.push(format!("{} names the unknown environment `{environment}`", freeze.name));
                }
            }
        }
    }
    let judged = covering.into_iter().filter_map(|window| judge(window, plan, config, question, zone));
    let judged: Vec<Judged<'_>> = judged.collect();
    let stops = judged.iter().any(|freeze| freeze.stops(at));
    let state = match stops {
        true => FreezeState::Frozen,
        false if !doubts.is_empty() => FreezeState::Unknown,
        false if judged.iter().any(|freeze| freeze.is_active(at)) => FreezeState::Excepted,
        false => FreezeState::Open,
    };
    let shown = |moment: DateTime<Utc>| shown(moment, zone);
    let next = judged
        .iter()
        .filter(|freeze| freeze.window.until.is_none_or(|until| freeze.stops_from() < until))
        .map(Judged::stops_from)
        .filter(|from| *from > at);
    let of_change = question.change;
    FreezeView {
        version: 1,
        at: shown(at),
        time_zone: zone_name(zone).to_owned(),
        branch: of_change.branch.map(str::to_owned),
        environment: of_change.environment.map(|environment| environment.name.clone()),
        release: question.release.map(|release| plan.entry(release).id.value.to_string()),
        state,
        opens_at: opens_at(&judged, at).filter(|_| stops).map(shown),
        freezes_at: next.min().filter(|_| !stops).map(shown),
        freezes: judged.into_iter().map(|freeze| item(freeze, at, zone)).collect(),
        doubts,
    }
}

/// Why a freeze may be missing that the plan means.
fn doubts(
    plan: &Plan<'_>,
    schedule: &Schedule<'_>,
    config: &Config,
    question: FreezeQuestion<'_>,
    zone: Tz,
) -> Vec<String> {
    let mut doubts = Vec::new();
    if plan.entries().is_empty() {
        doubts.push("the plan has no entries".to_owned());
    }
    let releases = plan.duplicates.iter().map(|(first, _)| plan.entry(*first));
    for entry in releases.filter(|entry| matches!(entry.kind, Kind::Rel(_))) {
        doubts.push(format!("two entries have the id {}", entry.id.value));
    }
    for source in undated_code_freezes(schedule, &config.calendar, zone) {
        if let FreezeSource::CodeFreeze { release, .. } = source
            && source.covers(question.change, plan) == Coverage::Yes
        {
            doubts.push(format!("the {} has no day", code_freeze_of(plan.entry(release).id.value)));
        }
    }
    doubts
}

/// A freeze that is not over, with the waivers that are about it.
fn judge<'p>(
    mut window: FreezeWindow<'p>,
    plan: &Plan<'_>,
    config: &Config,
    question: FreezeQuestion<'_>,
    zone: Tz,
) -> Option<Judged<'p>> {
    let name = match window.source {
        FreezeSource::Calendar(freeze) => freeze.name.clone(),
        FreezeSource::CodeFreeze { release, .. } => code_freeze_of(plan.entry(release).id.value),
        FreezeSource::Train { train, departs } => format!("code freeze of {} {departs}", train.name.trim()),
    };
    if window.until.is_some_and(|until| until <= question.at) {
        match window.source {
            FreezeSource::Calendar(_) | FreezeSource::Train { .. } => return None,
            // The release has not shipped: its freeze goes on, whatever was planned.
            FreezeSource::CodeFreeze { .. } => window.until = None,
        }
    }
    let mut judged = Judged { window, name, exception: None, refused: Vec::new() };
    let is_about = |waiver: &&WaiverRecord<'_>| {
        let named = waiver.check.as_ref().and_then(|check| freeze_of(&check.value));
        named.is_some_and(|named| named.eq_ignore_ascii_case(judged.name.trim()))
    };
    for waiver in plan.waivers.iter().filter(is_about) {
        match exception(waiver, plan, config, question, zone) {
            Ok(found) => {
                let is_longer = judged.exception.as_ref().is_none_or(|(until, _)| *until < found.0);
                judged.exception = if is_longer { Some(found) } else { judged.exception.take() };
            }
            Err(reason) => judged.refused.push(reason),
        }
    }
    Some(judged)
}

/// The exception that a waiver is, and the moment at which it ends, or why it is none.
fn exception(
    waiver: &WaiverRecord<'_>,
    plan: &Plan<'_>,
    config: &Config,
    question: FreezeQuestion<'_>,
    zone: Tz,
) -> Result<(DateTime<Utc>, FreezeException), String> {
    let of = waiver.by.as_ref().map_or("a waiver", |by| by.value.trim());
    if let Some(release) = &waiver.release {
        let wanted = plan.release(release.value.trim());
        if wanted.is_none() || wanted != question.release {
            return Err(format!("waiver by {of} is for release {} only", release.value.trim()));
        }
    }
    let name = config.context.choose().0;
    let Some(profile) = profiles::find(&config.profiles, name) else {
        return Err(format!("unknown profile `{name}`"));
    };
    let today = question.at.with_timezone(&zone).date_naive();
    let terms = Terms { roster: config.roster.as_ref(), profile, today };
    let granted = grant(&Waiver::of_record(waiver, Vec::new()), terms)
        .map_err(|refusal| format!("waiver by {of} is not valid: {}", refusal.reason()))?;
    let end = granted.until.checked_add_days(Days::new(1));
    let end = end.and_then(|end| boundary(end.and_time(NaiveTime::MIN), zone, Boundary::Start));
    let end = end.ok_or_else(|| format!("waiver by {of} ends on {}, which is no moment", granted.until))?;
    let exception = FreezeException {
        by: granted.by,
        until: shown(end, zone),
        reason: granted.reason,
        is_confirmed: granted.confirmed,
    };
    Ok((end, exception))
}

/// The end of what is frozen from now on without a break; absent if nobody knows.
fn opens_at(judged: &[Judged<'_>], at: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let mut open = at;
    // By their beginnings: each freeze that begins before it opens may put that off.
    let mut stops: Vec<&Judged<'_>> = judged.iter().collect();
    stops.sort_by_key(|freeze| freeze.stops_from());
    for freeze in stops {
        if freeze.stops_from() > open {
            break;
        }
        open = open.max(freeze.window.until?);
    }
    Some(open)
}

fn item(freeze: Judged<'_>, at: DateTime<Utc>, zone: Tz) -> FreezeItem {
    let is_active = freeze.is_active(at);
    let (reason, covers) = match freeze.window.source {
        FreezeSource::Calendar(freeze) => {
            let list = |values: &[crate::source::Spanned<String>]| {
                values.iter().map(|value| value.value.clone()).collect::<Vec<String>>().join(", ")
            };
            let covers = match (freeze.branches.is_empty(), freeze.environments.is_empty()) {
                (true, true) => "all branches and environments".to_owned(),
                (false, true) => format!("branches: {}", list(&freeze.branches)),
                (true, false) => format!("environments: {}", list(&freeze.environments)),
                (false, false) => format!(
                    "branches: {}; environments: {}",
                    list(&freeze.branches),
                    list(&freeze.environments)
                ),
            };
            (freeze.reason.clone(), covers)
        }
        FreezeSource::Train { .. } => (None, "all branches".to_owned()),
        FreezeSource::CodeFreeze { branch, .. } => {
            let covers =
                branch.map_or_else(|| "all branches".to_owned(), |branch| format!("branch: {branch}"));
            (None, covers)
        }
    };
    FreezeItem {
        name: freeze.name,
        is_active,
        from: shown(freeze.window.from, zone),
        until: freeze.window.until.map(|until| shown(until, zone)),
        reason,
        covers,
        exception: freeze.exception.map(|(_, exception)| exception),
        refused: freeze.refused,
    }
}

fn shown(moment: DateTime<Utc>, zone: Tz) -> String {
    moment.with_timezone(&zone).to_rfc3339_opts(SecondsFormat::Secs, true)
}
