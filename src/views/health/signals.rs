//! The signals of the health of a release, each with its rule.

use chrono::{Days, NaiveDate};

use super::{HealthInputs, Signal, SignalStatus, Support};
use crate::graph::to_come;
use crate::model::epic::Epic;
use crate::model::phrase::counted;
use crate::model::release_strategy::{DependencyStatus, ExternalDependency};
use crate::model::{Kind, id};
use crate::verdict::Verdict;
use crate::verdict::decision::GateStatus;
use crate::verdict::gates::JudgedGate;
use crate::views::forecast::Record;
use crate::views::go_no_go::OpenCheck;
use crate::views::open_work::{Viewpoint, epic};
use crate::views::scope::options::TeamLoad;
use crate::views::work_schedule::ScheduledItem;

/// Every signal.
pub(super) fn all(at: Viewpoint<'_, '_>, inputs: HealthInputs<'_>) -> Vec<Signal> {
    vec![
        likelihood(inputs),
        trend(at, inputs),
        blockers(at, inputs),
        gates(at, inputs),
        velocity(at, inputs),
        critical_path(inputs),
        resources(inputs),
        external(at),
    ]
}

fn signal(name: &'static str, rule: &'static str, status: SignalStatus, reason: String) -> Signal {
    Signal { name, status, reason, rule }
}

/// The status of a figure that is good from one limit on and bad below another.
fn at_least(figure: f64, green: f64, yellow: f64) -> SignalStatus {
    match figure {
        figure if figure >= green => SignalStatus::Green,
        figure if figure >= yellow => SignalStatus::Yellow,
        _ => SignalStatus::Red,
    }
}

fn likelihood(inputs: HealthInputs<'_>) -> Signal {
    let (status, reason) = match (&inputs.forecast.no_forecast, &inputs.forecast.target) {
        (Some(reason), _) => (SignalStatus::Unknown, reason.clone()),
        (None, None) => (SignalStatus::Unknown, "the release has no date".to_owned()),
        (None, Some(target)) => {
            (at_least(target.likelihood, 80.0, 50.0), format!("{} % for {}", target.likelihood, target.date))
        }
    };
    signal("Likelihood of the release date", "Green from 80 % on, Yellow from 50 % on", status, reason)
}

/// A forecast of less than a week ago shows no trend of the week.
const WEEK: u64 = 7;

fn trend(at: Viewpoint<'_, '_>, inputs: HealthInputs<'_>) -> Signal {
    let before = at.today.checked_sub_days(Days::new(WEEK)).unwrap_or(at.today);
    let release = at.selection.release.as_ref().map(|release| release.id.as_str());
    let is_earlier = |record: &&Record| record.release.as_deref() == release && record.day <= before;
    let last = inputs.records.iter().filter(is_earlier).max_by_key(|record| record.day);
    let known = last.and_then(|record| Some((record.day, record.likelihood?)));
    let now = inputs.forecast.target.as_ref().map(|target| target.likelihood);
    let is_unreadable = inputs.unreadable_records > 0;
    let (status, reason) = match (known, now) {
        (None, _) if is_unreadable => (
            SignalStatus::Unknown,
            format!("{} of `forecasts.jsonl` cannot be read", counted(inputs.unreadable_records, "line")),
        ),
        (None, _) => (
            SignalStatus::NotApplicable,
            "no forecast of a week ago or earlier is recorded: run `relplan forecast --record` each week"
                .to_owned(),
        ),
        (Some(_), None) => (SignalStatus::Unknown, "there is no likelihood now".to_owned()),
        (Some((day, then)), Some(now)) => {
            let change = ((now - then) * 10.0).round() / 10.0;
            let unread = counted(inputs.unreadable_records, "line");
            match (at_least(change, -2.0, -10.0), is_unreadable) {
                (status, false) => (status, format!("{change:+} points since {day}")),
                // What cannot be read may be a later forecast.
                (SignalStatus::Red, true) => (SignalStatus::Red, format!("{change:+} points since {day}")),
                (_, true) => (
                    SignalStatus::Unknown,
                    format!(
                        "{change:+} points since {day}, but {unread} of `forecasts.jsonl` cannot be read"
                    ),
                ),
            }
        }
    };
    signal(
        "Trend of the likelihood",
        "Yellow if it fell by more than 2 points, Red by more than 10",
        status,
        reason,
    )
}

/// What is due within so many days is due soon.
const SOON: u64 = 7;

fn soon(at: Viewpoint<'_, '_>) -> NaiveDate {
    at.today.checked_add_days(Days::new(SOON)).unwrap_or(at.today)
}

/// Whether a blocker is a work package that is still to be done: until it is due, that is progress and no failure.
fn is_open_work(at: Viewpoint<'_, '_>, blocker: &OpenCheck) -> bool {
    let index = id::parse(&blocker.id).ok().and_then(|id| at.plan.find(id));
    index.is_some_and(|index| epic(at.plan.entry(index)).is_some_and(Epic::is_open))
}

/// Whether a blocker is due soon. What has no due date of its own is due on the day of the release.
fn is_near(at: Viewpoint<'_, '_>, inputs: HealthInputs<'_>, blocker: &OpenCheck) -> bool {
    blocker.due.or(inputs.judged.release_date).is_some_and(|due| due <= soon(at))
}

/// The failed blockers that are no open work, or due soon.
fn failed<'i>(at: Viewpoint<'_, '_>, inputs: HealthInputs<'i>) -> Vec<&'i OpenCheck> {
    let failed = inputs.judged.blockers.iter().filter(|blocker| blocker.verdict == Verdict::Fail);
    failed.filter(|blocker| is_near(at, inputs, blocker) || !is_open_work(at, blocker)).collect()
}

fn blockers(at: Viewpoint<'_, '_>, inputs: HealthInputs<'_>) -> Signal {
    let blockers = &inputs.judged.blockers;
    let failed = failed(at, inputs);
    let near = blockers.iter().filter(|blocker| is_near(at, inputs, blocker)).count();
    let urgent = failed.iter().filter(|blocker| is_near(at, inputs, blocker)).count();
    // Without a date, nobody knows how much time is left for it.
    let is_undated = |blocker: &&OpenCheck| blocker.due.is_none() && inputs.judged.release_date.is_none();
    let undated = blockers.iter().filter(is_undated).count();
    let status = match (urgent, near + failed.len()) {
        (1.., _) => SignalStatus::Red,
        (0, 1..) => SignalStatus::Yellow,
        (0, 0) if undated > 0 => SignalStatus::Unknown,
        (0, 0) => SignalStatus::Green,
    };
    let without_date = if undated > 0 { format!(", {undated} without a due date") } else { String::new() };
    let reason = format!(
        "{}: {} (without open work), {near} due within {SOON} days{without_date}",
        counted(blockers.len(), "blocker"),
        counted(failed.len(), "failed check")
    );
    let rule = "Red if a failed check is due within 7 days; Yellow if a blocker is due within 7 days, or a check other than open work failed";
    signal("Blockers", rule, status, reason)
}

fn gates(at: Viewpoint<'_, '_>, inputs: HealthInputs<'_>) -> Signal {
    let required = || inputs.judged.gates.iter().filter(|gate| gate.required);
    // A gate that no milestone has a day for must be passed on the day of the release.
    let due = |gate: &JudgedGate| gate.due.or(inputs.judged.release_date);
    let open = |until: NaiveDate, status: GateStatus| {
        required().filter(|gate| gate.status == status && due(gate).is_some_and(|due| due <= until)).count()
    };
    let undated = required().filter(|gate| gate.status != GateStatus::Pass && due(gate).is_none()).count();
    let failed = open(at.today, GateStatus::Fail);
    let near = open(soon(at), GateStatus::Fail) - failed + open(at.today, GateStatus::Conditional);
    let status = match (required().count(), failed, near) {
        (0, _, _) => SignalStatus::Unknown,
        (_, 1.., _) => SignalStatus::Red,
        (_, 0, 1..) => SignalStatus::Yellow,
        (_, 0, 0) if undated > 0 => SignalStatus::Unknown,
        (_, 0, 0) => SignalStatus::Green,
    };
    let passed = required().filter(|gate| gate.status == GateStatus::Pass).count();
    let reason = format!(
        "{passed} of {} passed, {failed} failed on the due date",
        counted(required().count(), "gate")
    );
    let rule =
        "Red if a gate is not passed on its due date, Yellow if one is due within 7 days or conditional";
    signal("Gates", rule, status, reason)
}

/// How many weeks are recent, and how many are compared with them.
const WEEKS: (usize, usize) = (4, 9);

/// A history that ended more weeks ago shows no trend of today.
const OLDEST_WEEKS: i64 = 4;

fn velocity(at: Viewpoint<'_, '_>, inputs: HealthInputs<'_>) -> Signal {
    let weeks = inputs.history.weeks_until(at.today);
    let rule = "Yellow below 90 % of the 9 weeks before the last 4, Red below 70 %";
    let name = "Velocity trend";
    let unreadable = inputs.history.defects.len();
    if inputs.history.weeks.is_empty() && unreadable > 0 {
        let reason = format!("{} of the history cannot be read", counted(unreadable, "part"));
        return signal(name, rule, SignalStatus::Unknown, reason);
    }
    if inputs.history.weeks.is_empty() {
        let reason = "no history of work items is stated".to_owned();
        return signal(name, rule, SignalStatus::NotApplicable, reason);
    }
    let (before, recent) = weeks.split_at(weeks.len().saturating_sub(WEEKS.0));
    let before = &before[before.len().saturating_sub(WEEKS.1)..];
    let mean = |weeks: &[crate::forecast::Week]| {
        weeks.iter().map(|week| f64::from(week.items)).sum::<f64>() / weeks.len().max(1) as f64
    };
    let newest = weeks.last().and_then(|week| week.start.checked_add_days(Days::new(7)));
    let old = newest.map_or(0, |end| (at.today - end).num_days() / 7);
    if old > OLDEST_WEEKS {
        let reason = format!("the history ends {old} weeks ago");
        return signal(name, rule, SignalStatus::Unknown, reason);
    }
    let compared = &weeks[weeks.len().saturating_sub(WEEKS.0 + WEEKS.1)..];
    let has_gap = compared.windows(2).any(|pair| (pair[1].start - pair[0].start).num_days() >= 14);
    if has_gap {
        let reason = "weeks are missing in the history".to_owned();
        return signal(name, rule, SignalStatus::Unknown, reason);
    }
    if before.len() >= WEEKS.0 && mean(before) <= 0.0 {
        let reason = format!("no work item was completed in {}", counted(before.len(), "earlier week"));
        return signal(name, rule, SignalStatus::Unknown, reason);
    }
    if recent.len() < WEEKS.0 || before.len() < WEEKS.0 {
        let reason = format!("{} of history are too few", counted(weeks.len(), "complete week"));
        return signal(name, rule, SignalStatus::Unknown, reason);
    }
    let share = (mean(recent) / mean(before) * 100.0).round();
    let word = match share {
        share if share > 110.0 => "above",
        share if share >= 90.0 => "at",
        _ => "below",
    };
    let reason = format!(
        "{:.1} work items a week, {:.1} before ({share} %, {word} target)",
        mean(recent),
        mean(before)
    );
    match at_least(share, 90.0, 70.0) {
        SignalStatus::Green | SignalStatus::Yellow if unreadable > 0 => {
            let reason =
                format!("{reason}, but {} of the history cannot be read", counted(unreadable, "part"));
            signal(name, rule, SignalStatus::Unknown, reason)
        }
        status => signal(name, rule, status, reason),
    }
}

fn critical_path(inputs: HealthInputs<'_>) -> Signal {
    let release = inputs.judged.release_date;
    let is_late = |item: &&ScheduledItem| {
        item.late.is_some() || item.due.is_none() && release.is_some_and(|date| item.end > date)
    };
    let late = inputs.schedule.items.iter().filter(is_late);
    let (all, critical) = (late.clone().count(), late.filter(|item| item.critical).count());
    let is_undated = release.is_none() && inputs.schedule.items.iter().all(|item| item.due.is_none());
    let (status, reason) = match &inputs.schedule.no_schedule {
        Some(reason) => (SignalStatus::Unknown, reason.clone()),
        None if is_undated => {
            (SignalStatus::NotApplicable, "neither an EPIC entry nor the release has a date".to_owned())
        }
        None => {
            let status = match (critical, all) {
                (1.., _) => SignalStatus::Red,
                (0, 1..) => SignalStatus::Yellow,
                (0, 0) => SignalStatus::Green,
            };
            (
                status,
                format!("{} after the due date, {critical} on the critical path", counted(all, "EPIC entry")),
            )
        }
    };
    signal(
        "Critical path",
        "Red if a critical item ends after its due date, Yellow if another does",
        status,
        reason,
    )
}

/// How much work each team has, as far as that is known.
fn loads<'i>(inputs: HealthInputs<'i>) -> impl Iterator<Item = &'i TeamLoad> {
    inputs.loads.iter().flat_map(|loads| &loads.teams)
}

fn resources(inputs: HealthInputs<'_>) -> Signal {
    let rule = "Red if the open work of a team is more than its capacity until the work must be complete, Yellow above 90 %";
    let over: Vec<&str> =
        loads(inputs).filter(|load| load.work > load.capacity).map(|load| load.team.as_str()).collect();
    let near = loads(inputs).filter(|load| load.work > load.capacity * 0.9).count();
    let (status, reason) = match (inputs.loads, over.as_slice()) {
        (Err(reason), _) => (SignalStatus::Unknown, reason.clone()),
        (Ok(_), [_, ..]) => (SignalStatus::Red, format!("more work than capacity: {}", over.join(", "))),
        (Ok(loads), []) if !loads.unknown.is_empty() => {
            let entries = counted(loads.unknown.len(), "open EPIC entry");
            (SignalStatus::Unknown, format!("{entries} without an estimate or a team"))
        }
        (Ok(_), []) if near > 0 => (SignalStatus::Yellow, format!("{} above 90 %", counted(near, "team"))),
        (Ok(_), []) => (SignalStatus::Green, "every team has capacity for its open work".to_owned()),
    };
    signal("Resources", rule, status, reason)
}

/// How an external dependency is.
fn state(at: Viewpoint<'_, '_>, dependency: &ExternalDependency<'_>) -> SignalStatus {
    let is_overdue = dependency.due.is_some_and(|due| due.value < at.today);
    match dependency.status.map(|status| status.value) {
        Some(DependencyStatus::Ready) => SignalStatus::Green,
        Some(DependencyStatus::AtRisk) => SignalStatus::Red,
        _ if is_overdue => SignalStatus::Red,
        Some(DependencyStatus::Confirmed) => SignalStatus::Green,
        Some(DependencyStatus::Open) => SignalStatus::Yellow,
        None => SignalStatus::Unknown,
    }
}

fn dependencies<'a, 's>(at: Viewpoint<'a, 's>) -> Vec<&'a ExternalDependency<'s>> {
    let releases = to_come(at.plan, at.selection).into_iter();
    let dependencies = releases.filter_map(|index| match &at.plan.entry(index).kind {
        Kind::Rel(rel) => Some(&rel.external_dependencies),
        _ => None,
    });
    dependencies.flatten().collect()
}

fn external(at: Viewpoint<'_, '_>) -> Signal {
    let all = dependencies(at);
    let count = |wanted: SignalStatus| all.iter().filter(|one| state(at, one) == wanted).count();
    let (red, yellow, unknown) =
        (count(SignalStatus::Red), count(SignalStatus::Yellow), count(SignalStatus::Unknown));
    let status = match (all.len(), red, yellow, unknown) {
        (0, ..) => SignalStatus::NotApplicable,
        (_, 1.., ..) => SignalStatus::Red,
        (_, 0, 1.., _) => SignalStatus::Yellow,
        (_, 0, 0, 1..) => SignalStatus::Unknown,
        (_, 0, 0, 0) => SignalStatus::Green,
    };
    let reason = match all.len() {
        0 => "the release has none".to_owned(),
        count => {
            let states = [(red, "at risk or overdue"), (yellow, "open"), (unknown, "without a status")];
            let words = states.iter().filter(|(count, _)| *count > 0);
            let words: Vec<String> = words.map(|(count, state)| format!("{count} {state}")).collect();
            let states = if words.is_empty() { "ready or confirmed".to_owned() } else { words.join(", ") };
            format!("{}: {states}", counted(count, "dependency"))
        }
    };
    let rule = "Red if one is at risk or overdue, Yellow if one is open";
    signal("External dependencies", rule, status, reason)
}

/// The most that is asked for of a kind.
const MOST: usize = 10;

/// What needs somebody's help: failed blockers, overdue gates, overloaded teams, external dependencies.
pub(super) fn support(at: Viewpoint<'_, '_>, inputs: HealthInputs<'_>) -> Vec<Support> {
    let failed = failed(at, inputs).into_iter().take(MOST).map(|blocker| Support {
        subject: format!("{} {}", blocker.id, blocker.title).trim().to_owned(),
        need: blocker.next.clone().unwrap_or_else(|| blocker.reason.clone()),
        owner: blocker.owner.clone(),
    });
    let gates = inputs.judged.gates.iter().filter(|gate| {
        gate.required && gate.status == GateStatus::Fail && gate.due.is_some_and(|due| due <= at.today)
    });
    let gates = gates.take(MOST).map(|gate| Support {
        subject: format!("Gate {}", gate.title),
        need: gate.reason.clone(),
        owner: None,
    });
    let teams = loads(inputs).filter(|load| load.work > load.capacity).map(|load| Support {
        subject: format!("Team {}", load.team),
        need: format!(
            "{} days of open work, capacity of {} days until the work must be complete",
            load.work, load.capacity
        ),
        owner: None,
    });
    let waited = dependencies(at).into_iter().filter(|one| state(at, one) == SignalStatus::Red);
    let waited = waited.take(MOST).map(|one| Support {
        subject: one
            .name
            .as_ref()
            .map_or_else(|| "External dependency".to_owned(), |name| name.value.to_string()),
        need: "the external dependency is at risk or overdue".to_owned(),
        owner: one.owner.as_ref().map(|owner| owner.value.to_string()),
    });
    failed.chain(gates).chain(teams).chain(waited).collect()
}
