//! `relplan watch`: the rollback triggers of a deployment against a running Prometheus, until it is known how it went.

use std::path::PathBuf;
use std::time::Duration as StdDuration;

use chrono::{DateTime, Utc};
use clap::Args;

use super::view::ViewArguments;
use super::{Global, Screen, Verdict, ViewFormat};
use crate::error::Error;
use crate::formats::console;
use crate::graph::{Graph, Selection};
use crate::metrics::record::{DeploymentRecord, RecordedOutcome, RecordedResult};
use crate::model::duration::Duration;
use crate::model::{Commit, Id, Plan, id};
use crate::project::prometheus::{Credential, Prometheus, Unanswered};
use crate::project::{Project, deployment_log};
use crate::report;
use crate::source::shown::shown;
use crate::trigger::engine::Grid;
use crate::trigger::live::{Answered, Answers, Doubt, Judged, NAME_OF_AGE, judge};
use crate::trigger::watch::{Advice, Outcome, Seen, Watch, WatchPlan, WatchedTrigger};
use crate::trigger::{Compiled, LeftOut, Trigger};
use crate::views::watch::{self as view, Circumstances, RecordView, RollbackFacts, WatchView};

/// Prometheus answers with so many values of a series at most; each sample asks for all since the beginning.
const MOST_SAMPLES: i64 = 10_000;

/// How long the validation window is at least, unless it is stated.
const USUAL_WINDOW: u64 = 30 * 60_000;

/// The arguments of `relplan watch`.
#[derive(Debug, Args)]
pub struct WatchArguments {
    /// The address of Prometheus: http://127.0.0.1:9090
    #[arg(long, value_name = "URL")]
    prometheus: String,
    /// The release that is deployed: an id, a version, or `next` [default: next]
    #[arg(long, value_name = "RELEASE")]
    release: Option<String>,
    /// For how long every trigger must be known and quiet before the watch ends with SUCCESS [default: 30m, or the
    /// longest `for` of the triggers]
    #[arg(long, value_name = "DURATION", value_parser = parse_duration)]
    window: Option<Duration>,
    /// How long to watch at most; then the watch ends with ABORTED [default: twice the window]
    #[arg(long, value_name = "DURATION", value_parser = parse_duration)]
    at_most: Option<Duration>,
    /// Take a sample so often
    #[arg(long, value_name = "DURATION", default_value = "15s", value_parser = parse_duration)]
    interval: Duration,
    /// When the deployment began, such as 2026-11-20T10:00:00Z [default: now]
    #[arg(long, value_name = "TIME", value_parser = parse_time)]
    started_at: Option<DateTime<Utc>>,
    /// Take one sample, print it and end
    #[arg(long)]
    once: bool,
    /// Leave out a rollback that people watch themselves; the record says so
    #[arg(long, value_name = "ID")]
    without: Vec<String>,
    /// Wait so long for an answer
    #[arg(long, value_name = "DURATION", default_value = "10s", value_parser = parse_duration)]
    timeout: Duration,
    /// The environment variable that holds a bearer token for Prometheus
    #[arg(long, value_name = "NAME", conflicts_with = "token_file")]
    token_env: Option<String>,
    /// The file that holds a bearer token for Prometheus
    #[arg(long, value_name = "FILE")]
    token_file: Option<PathBuf>,
    /// The commit that is deployed, for the record
    #[arg(long, value_name = "COMMIT", value_parser = parse_commit)]
    commit: Option<Commit>,
    /// The record of deployments [default: the file of `[metrics]`, or deployments.jsonl beside relplan.toml]
    #[arg(long, value_name = "FILE")]
    log: Option<PathBuf>,
    /// Do not record the deployment
    #[arg(long, conflicts_with = "log")]
    no_record: bool,
    /// The output format: one JSON object for each sample, or for people
    #[arg(long, value_enum, value_name = "FORMAT", default_value = "terminal")]
    format: ViewFormat,
}

fn parse_duration(text: &str) -> Result<Duration, String> {
    // Whole seconds, which is what Prometheus and its clocks can tell apart.
    Duration::parse(text)
        .filter(|duration| !duration.is_zero() && duration.millis().is_multiple_of(1000))
        .ok_or_else(|| "write a duration in whole seconds such as 15s or 30m".to_owned())
}

fn parse_time(text: &str) -> Result<DateTime<Utc>, String> {
    DateTime::parse_from_rfc3339(text)
        .map(|time| time.with_timezone(&Utc))
        .map_err(|_| "write a time with its zone such as 2026-11-20T10:00:00Z".to_owned())
}

fn parse_commit(text: &str) -> Result<Commit, String> {
    Commit::parse(text).map_err(|error| error.to_string())
}

/// Runs the command.
pub(super) fn run(arguments: &WatchArguments, global: &Global, screen: &Screen) -> Result<Verdict, Error> {
    let prometheus = prometheus(arguments)?;
    let project = ViewArguments::of_plan(None, None).load(global, screen)?;
    let plan = project.plan();
    super::require_entries(&plan)?;
    // A trigger of an entry that could not be read would be missing, and nobody would miss it.
    if !plan.is_whole() {
        return Err(Error::WatchOfPart);
    }
    let graph = project.graph(&plan);
    let selection = super::view::one_release(&plan, &graph, arguments.release.as_deref())?;
    let without = without(arguments, &plan)?;
    let (triggers, left_out) = compiled(&plan, &graph, &selection, &without);
    if triggers.is_empty() {
        let reasons =
            left_out.iter().map(|(id, doubt)| format!("{id}: {}; {}", doubt.reason, doubt.help)).collect();
        return Err(Error::NothingToReplay { reasons });
    }
    let watch_plan = watch_plan(arguments, &triggers, left_out)?;
    let mut run = Run {
        arguments,
        global,
        screen,
        prometheus,
        facts: triggers.iter().map(|trigger| facts(&plan, trigger.id)).collect(),
        triggers,
        release: selection.release.as_ref().map(|release| (release.id.clone(), release.version.clone())),
        log: (!arguments.no_record)
            .then(|| arguments.log.clone().unwrap_or_else(|| deployment_log::path(&project))),
        environment: project.config.metrics.environment.clone().unwrap_or_else(|| "production".to_owned()),
        circumstances: circumstances(&project, global, &selection, &without, watch_plan.started),
        samples: 0,
        unknown_samples: 0,
    };
    run.watch(Watch::new(watch_plan))
}

fn prometheus(arguments: &WatchArguments) -> Result<Prometheus, Error> {
    let no_token = |place: String, reason: &str| Error::NoToken { place, reason: reason.to_owned() };
    let read = match (&arguments.token_env, &arguments.token_file) {
        (Some(name), _) => {
            let value = std::env::var(name).map_err(|_| no_token(format!("${name}"), "it is not set"))?;
            Some((format!("${name}"), value))
        }
        (None, Some(path)) => {
            let value = std::fs::read_to_string(path)
                .map_err(|source| Error::Unreadable { path: path.clone(), source })?;
            Some((path.display().to_string(), value))
        }
        (None, None) => None,
    };
    let credential = match read {
        None => None,
        Some((place, value)) => {
            let credential = Credential::bearer(&value);
            Some(credential.ok_or_else(|| no_token(place, "it is empty, or more than one word"))?)
        }
    };
    Prometheus::new(&arguments.prometheus, arguments.timeout.to_std(), credential).map_err(|refused| {
        // The address may hold what nobody should see.
        Error::AddressRefused { reason: refused.reason, help: refused.help }
    })
}

/// The rollbacks that are left out, as the plan calls them.
fn without(arguments: &WatchArguments, plan: &Plan<'_>) -> Result<Vec<Id>, Error> {
    let rollback = |name: &String| {
        let known =
            id::parse(name).ok().filter(|id| plan.rollbacks().any(|(entry, _)| entry.id.value == *id));
        known.ok_or_else(|| Error::NoSuchRollback { name: name.clone() })
    };
    arguments.without.iter().map(rollback).collect()
}

/// The triggers of a release, and each rollback that may belong to it and is none.
fn compiled(
    plan: &Plan<'_>,
    graph: &Graph,
    selection: &Selection,
    without: &[Id],
) -> (Vec<Trigger>, Vec<(Id, Doubt)>) {
    let Compiled { triggers, left_out } = Compiled::new(plan, graph, selection);
    let mut doubts: Vec<(Id, Doubt)> =
        left_out.into_iter().map(|LeftOut { id, reason, help, .. }| (id, Doubt::new(reason, help))).collect();
    for (entry, _) in plan.rollbacks() {
        let id = entry.id.value;
        let is_known = doubts.iter().any(|(known, _)| *known == id);
        let entries = plan.entries().iter().filter(|entry| entry.id.value == id).count();
        let is_unsure =
            plan.find_current(id).is_none_or(|index| selection.may_have(index) && !selection.has(index));
        if entries > 1 && !is_known {
            doubts.push((id, Doubt::new("several entries have this id", "give each entry an id of its own")));
        } else if is_unsure && !is_known {
            doubts.push((
                id,
                Doubt::new("it is not known whether it belongs to the release", "add `release` to the entry"),
            ));
        }
    }
    doubts.retain(|(id, _)| !without.contains(id));
    doubts.sort_by_key(|(id, _)| *id);
    let is_clear =
        |trigger: &Trigger| !without.contains(&trigger.id) && doubts.iter().all(|(id, _)| *id != trigger.id);
    (triggers.into_iter().filter(is_clear).collect(), doubts)
}

fn watch_plan(
    arguments: &WatchArguments,
    triggers: &[Trigger],
    left_out: Vec<(Id, Doubt)>,
) -> Result<WatchPlan, Error> {
    let refused = |reason: String, help: String| Err(Error::WatchRefused { reason, help });
    let slowest = triggers.iter().max_by_key(|trigger| trigger.hold);
    let hold = slowest.map(|trigger| trigger.hold).unwrap_or_default();
    let window = arguments.window.unwrap_or_else(|| Duration::from_millis(USUAL_WINDOW).max(hold));
    if let Some(slowest) = slowest.filter(|_| window < hold) {
        // In such a window it could not fire.
        return refused(
            format!("the window of {window} is shorter than `for {hold}` of {}", slowest.id),
            format!("pass `--window {hold}`, or longer"),
        );
    }
    let quickest =
        triggers.iter().filter(|trigger| !trigger.hold.is_zero()).min_by_key(|trigger| trigger.hold);
    if let Some(quickest) = quickest.filter(|quickest| arguments.interval > quickest.hold) {
        // What lasts that long could begin and end between two samples.
        let (interval, hold) = (arguments.interval, quickest.hold);
        return refused(
            format!("a sample every {interval} can miss the `for {hold}` of {}", quickest.id),
            format!("pass `--interval {hold}`, or shorter"),
        );
    }
    if arguments.interval > window {
        // Its first and its last moment would be all that is known of it.
        let interval = arguments.interval;
        let reason = format!("a sample every {interval} leaves none within the window of {window}");
        return refused(reason, "pass a shorter `--interval`".to_owned());
    }
    let longest =
        arguments.at_most.unwrap_or_else(|| Duration::from_millis(window.millis().saturating_mul(2)));
    if longest < window {
        let help = format!("pass `--at-most {window}`, or longer");
        return refused(format!("{longest} is shorter than the window of {window}"), help);
    }
    let millis = |duration: Duration| i64::try_from(duration.millis()).unwrap_or(i64::MAX);
    let now = Utc::now();
    let started = arguments.started_at.unwrap_or(now);
    if started > now {
        let help = "pass when the deployment began, or leave `--started-at` out".to_owned();
        return refused("the deployment begins in the future".to_owned(), help);
    }
    if millis(longest) / millis(arguments.interval) >= MOST_SAMPLES {
        let shortest = Duration::from_millis((longest.millis() / 9_000).div_ceil(1000).max(1) * 1000);
        return refused(
            format!(
                "{longest} with a sample every {} are more than {MOST_SAMPLES} samples",
                arguments.interval
            ),
            format!("pass `--interval {shortest}`, or a shorter `--at-most`"),
        );
    }
    let watched =
        |trigger: &Trigger| WatchedTrigger { id: trigger.id, is_manual: trigger.automatic == Some(false) };
    Ok(WatchPlan {
        started: started.timestamp() * 1000,
        window: millis(window),
        longest: millis(longest),
        triggers: triggers.iter().map(watched).collect(),
        left_out,
    })
}

/// What the plan says about a rollback.
fn facts(plan: &Plan<'_>, id: Id) -> RollbackFacts {
    let found = plan.rollbacks().find(|(entry, _)| entry.id.value == id);
    found.map_or_else(RollbackFacts::default, |(_, rollback)| RollbackFacts {
        authority: rollback.authority.as_ref().map(|text| text.value.to_string()),
        procedure: rollback.procedure.iter().map(|text| text.value.to_string()).collect(),
        notification: rollback.notification.iter().map(|text| text.value.to_string()).collect(),
    })
}

fn circumstances(
    project: &Project,
    global: &Global,
    selection: &Selection,
    without: &[Id],
    started: i64,
) -> Circumstances {
    let started = DateTime::from_timestamp_millis(started).unwrap_or_default();
    Circumstances {
        day: global.day().0,
        started_on: match &project.config.calendar.zone {
            Some(zone) => started.with_timezone(&zone.value).date_naive(),
            None => started.with_timezone(&chrono::Local).date_naive(),
        },
        release: selection.release.as_ref().map(|release| release.name()),
        without: without.iter().map(ToString::to_string).collect(),
    }
}

/// A watch that runs.
struct Run<'r> {
    arguments: &'r WatchArguments,
    global: &'r Global,
    screen: &'r Screen,
    prometheus: Prometheus,
    triggers: Vec<Trigger>,
    facts: Vec<RollbackFacts>,
    /// The id and the version of the release.
    release: Option<(String, Option<String>)>,
    /// The record of deployments, if the deployment is recorded.
    log: Option<PathBuf>,
    environment: String,
    circumstances: Circumstances,
    samples: u64,
    unknown_samples: u64,
}

impl Run<'_> {
    fn watch(&mut self, mut watch: Watch) -> Result<Verdict, Error> {
        let interval = i64::try_from(self.arguments.interval.millis()).unwrap_or(i64::MAX);
        loop {
            let grid = grid(&watch, interval, Utc::now().timestamp_millis());
            let (seen, judged): (Vec<Seen>, Vec<Option<Judged>>) = self.look(grid).into_iter().unzip();
            watch.sample(grid.time(grid.count - 1), seen);
            let mut shown = self.view(&watch, &judged);
            self.samples += 1;
            self.unknown_samples += u64::from(shown.has_unknown());
            let recorded = self.record(&mut shown, interval);
            self.show(&shown)?;
            recorded?;
            match watch.outcome() {
                Some(Outcome::Success) => return Ok(Verdict::Fine),
                Some(Outcome::Aborted | Outcome::RolledBack) => return Ok(Verdict::Findings),
                None if self.arguments.once && watch.advice() == Advice::Continue => {
                    return Ok(Verdict::Fine);
                }
                None if self.arguments.once => return Ok(Verdict::Findings),
                None => pause(grid.time(grid.count)),
            }
        }
    }

    /// What each trigger shows at the end of a grid.
    fn look(&self, grid: Grid) -> Vec<(Seen, Option<Judged>)> {
        let mut down = self.prometheus.check_clock().err();
        let each = self.triggers.iter().map(|trigger| {
            // Whoever does not answer one question is not asked the next: each would take its time.
            if let Some(Unanswered { doubt, .. }) = &down {
                return (Seen::unknown(doubt.clone()), None);
            }
            match self.ask(trigger, grid) {
                Ok(judged) => {
                    let seen = Seen { state: judged.state.clone(), known_since: judged.known_since };
                    (seen, Some(judged))
                }
                Err(unanswered) => {
                    let doubt = unanswered.doubt.clone();
                    down = Some(unanswered).filter(|unanswered| unanswered.is_down);
                    (Seen::unknown(doubt), None)
                }
            }
        });
        each.collect()
    }

    fn ask(&self, trigger: &Trigger, grid: Grid) -> Result<Judged, Unanswered> {
        let mut answered = Answered::default();
        for question in trigger.questions() {
            match question.answers {
                Answers::Values(name) => {
                    answered.values.extend(self.prometheus.values(&question.query, &name, grid)?)
                }
                Answers::Age => {
                    answered.ages.push(self.prometheus.values(&question.query, NAME_OF_AGE, grid)?)
                }
            }
        }
        judge(trigger, &answered, grid).map_err(|error| {
            let help = format!("correct the query of {}, or its baseline", trigger.metric);
            Unanswered { doubt: Doubt::new(error.to_string(), help), is_down: false }
        })
    }

    fn view(&self, watch: &Watch, judged: &[Option<Judged>]) -> WatchView {
        let each = self.triggers.iter().zip(&self.facts).zip(judged);
        let shown: Vec<view::Shown<'_>> = each
            .map(|((trigger, facts), judged)| view::Shown { trigger, facts, judged: judged.as_ref() })
            .collect();
        WatchView::new(watch, &shown, &self.circumstances)
    }

    /// Records a watch that has ended.
    fn record(&self, shown: &mut WatchView, interval: i64) -> Result<(), Error> {
        let (Some(path), Some(watch)) =
            (&self.log, shown.recorded(interval, self.samples, self.unknown_samples))
        else {
            return Ok(());
        };
        let release = self.release.as_ref().map_or("deployment", |(id, _)| id.as_str());
        let began = shown.started_at.replace([':', '-'], "");
        let record = DeploymentRecord {
            id: format!("{release}-{began}"),
            environment: self.environment.clone(),
            started_at: Some(shown.started_at.clone()),
            finished_at: Some(shown.time.clone()),
            result: match watch.outcome {
                RecordedOutcome::Success => RecordedResult::Success,
                RecordedOutcome::Aborted => RecordedResult::Cancelled,
                RecordedOutcome::RolledBack => RecordedResult::Failure,
            },
            version: self.release.as_ref().map(|(id, version)| version.clone().unwrap_or_else(|| id.clone())),
            commit: self.arguments.commit.as_ref().map(ToString::to_string),
            unplanned: None,
            caused_by: None,
            rollback: None,
            watch: Some(watch),
            previous: None,
        };
        let appended = deployment_log::append(path, record)?;
        shown.record = Some(RecordView {
            file: path.display().to_string(),
            id: appended.id,
            digest: appended.head.to_string(),
        });
        Ok(())
    }

    fn show(&self, shown: &WatchView) -> Result<(), Error> {
        match self.arguments.format {
            ViewFormat::Json => {
                let text = serde_json::to_string(shown).map_err(std::io::Error::from)?;
                self.screen.product((crate::formats::json_text::showable(text) + "\n").as_bytes())
            }
            ViewFormat::Terminal => {
                let ends = shown.outcome.is_some() || self.arguments.once;
                let is_live = self.screen.has_reader();
                if is_live && !self.arguments.once {
                    self.screen.clear()?;
                }
                if !is_live && !self.arguments.once {
                    self.screen.product(plain(&report::watch::line(shown)).as_bytes())?;
                }
                if is_live || ends {
                    let text = console::FORMAT.draw(report::watch::report(shown), self.screen.style());
                    self.screen.product(text.as_bytes())?;
                }
                if is_live && !ends && !self.global.quiet {
                    self.screen.remark("\nnext sample soon; press Ctrl-C to end without a record\n");
                }
                Ok(())
            }
        }
    }
}

/// A line as it may be shown.
fn plain(line: &str) -> String {
    shown(line.trim_end_matches('\n')).into_owned() + "\n"
}

/// The moments from the beginning of a deployment until now, or until the watch ends at the latest.
fn grid(watch: &Watch, interval: i64, now: i64) -> Grid {
    let plan = watch.plan();
    // The first moment at which the time is over belongs to it.
    let most = (plan.longest + interval - 1) / interval;
    let steps = (now.saturating_sub(plan.started).max(0) / interval).min(most);
    Grid { start: plan.started, step: interval, count: usize::try_from(steps).unwrap_or(0) + 1 }
}

/// Waits until a moment.
fn pause(until: i64) {
    let left = until - Utc::now().timestamp_millis();
    std::thread::sleep(StdDuration::from_millis(u64::try_from(left).unwrap_or(0)));
}
