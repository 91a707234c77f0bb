//! A deployment under watch: what each trigger shows now, and what to do.

use chrono::{DateTime, NaiveDate, SecondsFormat, Utc};
use schemars::JsonSchema;
use serde::Serialize;

use crate::metrics::record::{RecordedOutcome, RecordedState, TriggerRecord, WatchRecord};
use crate::trigger::Trigger;
use crate::trigger::live::{Doubt, Judged, TriggerState};
use crate::trigger::watch::{Advice, Outcome, Seen, Watch};

/// A line of `relplan watch --format json`: a sample.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[schemars(title = "A line of relplan watch --format json")]
pub struct WatchView {
    /// The version of this format: 1.
    pub version: u32,
    /// The day of the sample.
    pub day: NaiveDate,
    /// The release, if it is about one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub release: Option<String>,
    /// When the deployment began.
    pub started_at: String,
    /// The moment of the sample.
    pub time: String,
    /// For how many seconds every trigger has been known and quiet; absent unless each is known to be quiet now.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub quiet_seconds: Option<f64>,
    /// For how many seconds that has to be.
    pub window_seconds: f64,
    /// When the watch ends at the latest.
    pub ends_at: String,
    /// What to do now.
    pub advice: AdviceView,
    /// How the watch ended; absent while it goes on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub outcome: Option<RecordedOutcome>,
    /// Why, in words.
    pub reason: String,
    /// The triggers, in the order of their ids.
    pub triggers: Vec<WatchedView>,
    /// Rollbacks that cannot be evaluated.
    pub left_out: Vec<super::replay::NotEvaluated>,
    /// Rollbacks that the user left out.
    pub without: Vec<String>,
    /// Where the deployment was recorded; absent while the watch goes on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub record: Option<RecordView>,
    /// Fields of the release that the outcome suggests; nothing is written.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub suggested: Vec<SuggestedField>,
}

/// What to do with the deployment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum AdviceView {
    /// Every trigger is known not to fire.
    Continue,
    /// Something is pending or unknown, or waits for a person's decision.
    Pause,
    /// A trigger fired.
    RollBack,
}

/// A trigger under watch.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct WatchedView {
    /// The rollback entry.
    pub id: String,
    /// Its title.
    pub title: String,
    /// The threshold as relplan reads it.
    pub threshold: String,
    /// The metric.
    pub metric: String,
    /// Its state.
    pub state: RecordedState,
    /// Since when its condition is met, if it is pending; when it fired first, if it fired.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub since: Option<String>,
    /// Why its state is unknown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unknown: Option<String>,
    /// What to do about that.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub help: Option<String>,
    /// The measured value that is closest to its limit, or furthest beyond it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<f64>,
    /// The limit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit: Option<f64>,
    /// Earlier values, the latest last; null where there is none.
    pub recent: Vec<Option<f64>>,
    /// Whether a person decides on the rollback.
    pub manual: bool,
    /// Who decides.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub authority: Option<String>,
    /// The steps of the rollback, if the trigger fired.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub procedure: Vec<String>,
    /// Who is notified, if the trigger fired.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notification: Vec<String>,
}

/// Where a deployment was recorded.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct RecordView {
    /// The file.
    pub file: String,
    /// The id of the record.
    pub id: String,
    /// The digest of its line; kept elsewhere, it shows later that the end of the file was not changed.
    pub digest: String,
}

/// A field that an outcome suggests.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct SuggestedField {
    /// The name of the field.
    pub field: &'static str,
    /// Its value.
    pub value: String,
}

/// What the plan says of a rollback under watch.
#[derive(Debug, Clone, Default)]
pub struct RollbackFacts {
    /// Who decides.
    pub authority: Option<String>,
    /// Its steps.
    pub procedure: Vec<String>,
    /// Who is notified.
    pub notification: Vec<String>,
}

/// A trigger under watch with what it showed last.
#[derive(Debug)]
pub struct Shown<'d> {
    /// The trigger.
    pub trigger: &'d Trigger,
    /// What the plan says of its rollback.
    pub facts: &'d RollbackFacts,
    /// What it showed; nothing if Prometheus did not answer.
    pub judged: Option<&'d Judged>,
}

/// What the view is about beside the watch.
#[derive(Debug, Clone)]
pub struct Circumstances {
    /// The day in the zone of the plan.
    pub day: NaiveDate,
    /// The day on which the deployment began.
    pub started_on: NaiveDate,
    /// The release.
    pub release: Option<String>,
    /// Rollbacks that the user left out.
    pub without: Vec<String>,
}

impl WatchView {
    /// A watch as it is now.
    pub fn new(watch: &Watch, shown: &[Shown<'_>], circumstances: &Circumstances) -> Self {
        let plan = watch.plan();
        let outcome = watch.outcome().map(recorded);
        let each = shown.iter().zip(watch.seen()).zip(&plan.triggers);
        let triggers: Vec<WatchedView> =
            each.map(|((shown, seen), watched)| WatchedView::new(shown, seen, watched.is_manual)).collect();
        let left_out = plan.left_out.iter().map(|(id, Doubt { reason, help })| super::replay::NotEvaluated {
            id: id.to_string(),
            reason: reason.clone(),
            help: help.clone(),
        });
        WatchView {
            version: 1,
            day: circumstances.day,
            release: circumstances.release.clone(),
            started_at: moment(plan.started),
            time: moment(watch.now()),
            quiet_seconds: watch.quiet_for().map(seconds),
            window_seconds: seconds(plan.window),
            ends_at: moment(plan.started.saturating_add(plan.longest)),
            advice: match watch.advice() {
                Advice::Continue => AdviceView::Continue,
                Advice::Pause => AdviceView::Pause,
                Advice::RollBack => AdviceView::RollBack,
            },
            outcome,
            reason: reason(watch, &triggers),
            triggers,
            left_out: left_out.collect(),
            without: circumstances.without.clone(),
            record: None,
            suggested: outcome.map(|outcome| suggested(outcome, circumstances)).unwrap_or_default(),
        }
    }

    /// The watch as it is recorded; nothing while it goes on.
    pub fn recorded(&self, interval: i64, samples: u64, unknown_samples: u64) -> Option<WatchRecord> {
        let triggers = self.triggers.iter().map(|trigger| TriggerRecord {
            id: trigger.id.clone(),
            state: trigger.state,
            first_fired: trigger.since.clone().filter(|_| trigger.state == RecordedState::Fired),
            reason: trigger.unknown.clone(),
        });
        let left_out = self.left_out.iter().map(|left_out| TriggerRecord {
            id: left_out.id.clone(),
            state: RecordedState::Unknown,
            first_fired: None,
            reason: Some(left_out.reason.clone()),
        });
        Some(WatchRecord {
            outcome: self.outcome?,
            reason: self.reason.clone(),
            window_seconds: self.window_seconds,
            interval_seconds: seconds(interval),
            samples,
            unknown_samples,
            triggers: triggers.chain(left_out).collect(),
            without: self.without.clone(),
        })
    }

    /// Whether something is unknown.
    pub fn has_unknown(&self) -> bool {
        !self.left_out.is_empty()
            || self.triggers.iter().any(|trigger| trigger.state == RecordedState::Unknown)
    }
}

impl WatchedView {
    fn new(shown: &Shown<'_>, seen: &Seen, manual: bool) -> Self {
        /// More is in Prometheus.
        const MOST_RECENT: usize = 24;
        let Shown { trigger, facts, judged } = shown;
        let (state, since, doubt) = match &seen.state {
            TriggerState::Ok => (RecordedState::Ok, None, None),
            TriggerState::Pending { since } => (RecordedState::Pending, Some(*since), None),
            TriggerState::Fired { at } => (RecordedState::Fired, Some(*at), None),
            TriggerState::Unknown(doubt) => (RecordedState::Unknown, None, Some(doubt)),
        };
        let finite = |number: Option<f64>| number.filter(|number| number.is_finite());
        let values: &[Option<f64>] = judged.map_or(&[], |judged| &judged.values);
        let recent = &values[values.len().saturating_sub(MOST_RECENT)..];
        let has_fired = state == RecordedState::Fired;
        let if_fired = |texts: &[String]| if has_fired { texts.to_vec() } else { Vec::new() };
        WatchedView {
            id: trigger.id.to_string(),
            title: trigger.title.clone(),
            threshold: trigger.reading.clone(),
            metric: trigger.metric.to_string(),
            state,
            since: since.map(moment),
            unknown: doubt.map(|doubt| doubt.reason.clone()),
            help: doubt.map(|doubt| doubt.help.clone()),
            value: finite(values.last().copied().flatten()),
            limit: finite(judged.and_then(|judged| judged.limit)),
            recent: recent.iter().map(|value| finite(*value)).collect(),
            manual,
            authority: facts.authority.clone().filter(|_| manual || has_fired),
            procedure: if_fired(&facts.procedure),
            notification: if_fired(&facts.notification),
        }
    }
}

fn recorded(outcome: Outcome) -> RecordedOutcome {
    match outcome {
        Outcome::Success => RecordedOutcome::Success,
        Outcome::Aborted => RecordedOutcome::Aborted,
        Outcome::RolledBack => RecordedOutcome::RolledBack,
    }
}

/// Why the watch says what it says.
fn reason(watch: &Watch, triggers: &[WatchedView]) -> String {
    let of = |state: RecordedState| -> Vec<&WatchedView> {
        triggers.iter().filter(|trigger| trigger.state == state).collect()
    };
    let ids = |triggers: &[&WatchedView]| -> String {
        triggers.iter().map(|trigger| trigger.id.as_str()).collect::<Vec<_>>().join(", ")
    };
    let (fired, unknown, pending) =
        (of(RecordedState::Fired), of(RecordedState::Unknown), of(RecordedState::Pending));
    let mut parts = Vec::new();
    if !fired.is_empty() {
        let decides = fired.iter().all(|trigger| trigger.manual);
        let more = if decides { ", and a person decides on the rollback" } else { "" };
        parts.push(format!("{} fired{more}", ids(&fired)));
    }
    if !pending.is_empty() {
        parts.push(format!("{} pending", ids(&pending)));
    }
    let left_out: Vec<String> = watch.plan().left_out.iter().map(|(id, _)| id.to_string()).collect();
    let not_known: Vec<String> = unknown.iter().map(|trigger| trigger.id.clone()).chain(left_out).collect();
    if !not_known.is_empty() {
        parts.push(format!("{} unknown", not_known.join(", ")));
    }
    if parts.is_empty() {
        parts.push("no trigger is met".to_owned());
    }
    parts.join("; ")
}

/// The fields of the release that an outcome suggests. Of an aborted watch none is known.
fn suggested(outcome: RecordedOutcome, circumstances: &Circumstances) -> Vec<SuggestedField> {
    let (status, result) = match outcome {
        _ if circumstances.release.is_none() => return Vec::new(),
        RecordedOutcome::Success => ("released", "success"),
        RecordedOutcome::RolledBack => ("rolled back", "rolled back"),
        RecordedOutcome::Aborted => return Vec::new(),
    };
    vec![
        SuggestedField { field: "status", value: status.to_owned() },
        SuggestedField { field: "deployed_at", value: circumstances.started_on.to_string() },
        SuggestedField { field: "outcome", value: result.to_owned() },
    ]
}

fn seconds(millis: i64) -> f64 {
    millis as f64 / 1000.0
}

/// A moment in UTC: `2026-11-20T10:05:00Z`.
pub fn moment(millis: i64) -> String {
    let time: DateTime<Utc> = DateTime::from_timestamp_millis(millis).unwrap_or_default();
    time.to_rfc3339_opts(SecondsFormat::AutoSi, true)
}
