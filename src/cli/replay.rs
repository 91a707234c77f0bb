//! `relplan replay`: the rollback triggers on recorded data.

use std::io::Read;
use std::path::{Path, PathBuf};

use clap::Args;

use super::view::{Formats, ViewArguments, offering};
use super::{Global, Screen, Verdict};
use crate::error::Error;
use crate::model::duration::Duration;
use crate::model::{Id, Kind, Plan, id};
use crate::report;
use crate::trigger::engine::Series;
use crate::trigger::recorded::{self, Overlap, Recording, join};
use crate::trigger::replay::{NoGrid, grid, name_of_values, on_recorded_values, replay, sweep};
use crate::trigger::{Compiled, Trigger};
use crate::views::replay::{NotEvaluated, ReplayStatus, ReplayView, ReplayedTrigger};

const FORMATS: Formats = &["terminal", "html", "json", "markdown"];

/// The arguments of `relplan replay`.
#[derive(Debug, Args)]
#[command(mut_arg("format", offering(FORMATS)))]
pub struct ReplayArguments {
    /// Recorded data: a file with scraped series, or MON-001=FILE with the values of that metric's query
    #[arg(required = true, value_name = "DATA")]
    data: Vec<String>,
    /// Evaluate so often [default: 1m, or the step of the recorded values]
    #[arg(long, value_name = "DURATION", value_parser = parse_interval)]
    interval: Option<Duration>,
    /// Also show when other limits and durations would have fired
    #[arg(long)]
    sweep: bool,
    /// Only rollbacks of this release: an id, a version, or `next`
    #[arg(long, value_name = "RELEASE")]
    release: Option<String>,
    /// The output format [default: terminal, or the extension of --output]
    #[arg(long, value_name = "FORMAT")]
    format: Option<String>,
    /// Write to a file instead of standard output; its extension sets the default format
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

fn parse_interval(text: &str) -> Result<Duration, String> {
    Duration::parse(text)
        .filter(|interval| !interval.is_zero())
        .ok_or_else(|| "write a duration such as 1m or 15s".to_owned())
}

/// Runs the command.
pub(super) fn run(arguments: &ReplayArguments, global: &Global, screen: &Screen) -> Result<Verdict, Error> {
    let view = ViewArguments::of_plan(arguments.format.as_ref(), arguments.output.as_ref());
    view.chosen(FORMATS)?;
    let project = view.load(global, screen)?;
    let plan = project.plan();
    let graph = project.graph(&plan);
    let selection = match &arguments.release {
        Some(name) => super::view::one_release(&plan, &graph, Some(name))?,
        None => view.selection(&plan, &graph)?,
    };
    let data = Data::read(&arguments.data, &plan)?;
    let files: Vec<&Path> = data.files.iter().map(PathBuf::as_path).collect();
    view.guard(&project, &files)?;
    let Compiled { triggers, left_out } = Compiled::new(&plan, &graph, &selection);
    let mut shown = ReplayView {
        version: 1,
        day: global.day().0,
        series: data.all.len(),
        samples: data.all.iter().map(|series| series.samples.len()).sum(),
        triggers: Vec::new(),
        left_out: left_out.into_iter().map(NotEvaluated::not_compiled).collect(),
    };
    for trigger in triggers {
        match evaluate(&trigger, &data, arguments) {
            Ok(replayed) => shown.triggers.push(replayed),
            Err(left_out) => shown.left_out.push(left_out),
        }
    }
    shown.left_out.sort_by_key(|left_out| id::parse(&left_out.id).ok());
    if shown.triggers.is_empty() {
        let reasons: Vec<String> = shown
            .left_out
            .iter()
            .map(|left_out| format!("{}: {}; {}", left_out.id, left_out.reason, left_out.help))
            .collect();
        return Err(Error::NothingToReplay { reasons });
    }
    // A rollback of which nothing is known is not one that did not fire.
    let is_quiet = shown.left_out.is_empty()
        && shown.triggers.iter().all(|trigger| trigger.status == ReplayStatus::NotFired);
    view.show(&plan, &shown, report::replay::report, FORMATS, screen)?;
    Ok(if is_quiet { Verdict::Fine } else { Verdict::Findings })
}

fn evaluate(
    trigger: &Trigger,
    data: &Data,
    arguments: &ReplayArguments,
) -> Result<ReplayedTrigger, NotEvaluated> {
    let not = |reason: String, help: &str| NotEvaluated {
        id: trigger.id.to_string(),
        reason,
        help: help.to_owned(),
    };
    let expression = trigger.condition().to_string();
    let values = data.values.iter().find(|values| values.metric == trigger.metric);
    let (evaluated, own_step, moments) = match values {
        Some(values) => {
            let evaluated = on_recorded_values(trigger, &name_of_values(values.metric));
            (evaluated, values.step, values.series.as_slice())
        }
        None => (trigger.clone(), None, data.scraped.as_slice()),
    };
    let step = arguments.interval.map(|interval| i64::try_from(interval.millis()).unwrap_or(i64::MAX / 4));
    let step = step.or(own_step).unwrap_or(60_000);
    let grid = grid(moments, step).map_err(|reason| match reason {
        NoGrid::NoSamples => not(
            format!("nothing was recorded for {}", trigger.metric),
            &format!(
                "pass a file with scraped series, or `{}=FILE` with the values of its query",
                trigger.metric
            ),
        ),
        NoGrid::TooMany(count) => not(
            format!("the data reaches over {count} evaluations"),
            "pass data of a shorter time, or a longer `--interval`",
        ),
    })?;
    let not_built = |error: crate::trigger::engine::EngineError| {
        not(error.to_string(), &format!("pass the recorded values of the query: `{}=FILE`", trigger.metric))
    };
    let replayed = replay(&evaluated, &data.all, grid).map_err(not_built)?;
    let swept = match arguments.sweep {
        true => sweep(&evaluated, &data.all, grid).map_err(not_built)?,
        false => None,
    };
    Ok(ReplayedTrigger::new(trigger, expression, grid, &replayed, swept))
}

/// Everything that was recorded.
#[derive(Default)]
struct Data {
    files: Vec<PathBuf>,
    scraped: Vec<Series>,
    values: Vec<QueryValues>,
    all: Vec<Series>,
}

/// The recorded values of a metric's query.
struct QueryValues {
    metric: Id,
    /// The time between two of them, in milliseconds.
    step: Option<i64>,
    series: Vec<Series>,
}

impl Data {
    fn read(arguments: &[String], plan: &Plan<'_>) -> Result<Data, Error> {
        let mut data = Data::default();
        for argument in arguments {
            let refused = |reason: String, help: String| Error::RecordingRefused {
                argument: argument.clone(),
                reason,
                help,
            };
            let (metric, path) = named(argument, plan).map_err(|reason| {
                refused(reason, "write `MON-001=FILE` with a MON entry of the plan".into())
            })?;
            if data.files.iter().any(|known| is_same_file(known, &path)) {
                return Err(refused("the file is named twice".to_owned(), "pass each file once".to_owned()));
            }
            let recording = read_file(&path)?;
            let joined = match metric {
                Some(metric) => data.add_values(metric, recording),
                None => {
                    let series = recording.scraped().map_err(|labels| Error::BadRecording {
                        place: path.display().to_string(),
                        reason: format!(
                            "the series {{{labels}}} has no name, so that it is the result of a query: pass `MON-001={}`, with the id of its metric",
                            path.display()
                        ),
                    })?;
                    join(&mut data.scraped, series)
                }
            };
            joined.map_err(|Overlap { labels, from, to }| {
                let (from, to) = (moment(from), moment(to));
                let what = match (metric, labels.is_empty()) {
                    (Some(metric), true) => format!("values of {metric}"),
                    (Some(metric), false) => format!("values of {metric} for {{{labels}}}"),
                    (None, _) => format!("samples of {{{labels}}}"),
                };
                let reason = format!("an earlier file has {what} between {from} and {to}");
                refused(reason, "pass recordings of different times".to_owned())
            })?;
            data.files.push(path);
        }
        let values = data.values.iter().flat_map(|values| &values.series);
        data.all = data.scraped.iter().chain(values).cloned().collect();
        Ok(data)
    }

    /// Adds the values of a query to those of earlier files.
    fn add_values(&mut self, metric: Id, recording: Recording) -> Result<(), Overlap> {
        let step = recording.step();
        let series = recording.asked(&name_of_values(metric));
        match self.values.iter_mut().find(|values| values.metric == metric) {
            Some(values) => {
                values.step = values.step.into_iter().chain(step).min();
                join(&mut values.series, series)
            }
            None => {
                self.values.push(QueryValues { metric, step, series });
                Ok(())
            }
        }
    }
}

/// The metric of an argument, if it names one, and the file.
fn named(argument: &str, plan: &Plan<'_>) -> Result<(Option<Id>, PathBuf), String> {
    let Some((name, path)) = argument.split_once('=') else { return Ok((None, PathBuf::from(argument))) };
    let Ok(id) = id::parse(name) else { return Ok((None, PathBuf::from(argument))) };
    let entry = plan.find(id).map(|index| plan.entry(index));
    match entry.map(|entry| (&entry.kind, entry.id.value)) {
        Some((Kind::Mon(_), id)) => Ok((Some(id), PathBuf::from(path))),
        Some(_) => Err(format!("{id} is not a MON entry")),
        None => Err(format!("the plan has no {id}")),
    }
}

fn is_same_file(first: &Path, second: &Path) -> bool {
    let own = |path: &Path| std::fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    own(first) == own(second)
}

fn moment(millis: i64) -> String {
    let time: chrono::DateTime<chrono::Utc> =
        chrono::DateTime::from_timestamp_millis(millis).unwrap_or_default();
    time.format("%Y-%m-%d %H:%M:%S UTC").to_string()
}

fn read_file(path: &Path) -> Result<Recording, Error> {
    let mut bytes = Vec::new();
    let read = match path.as_os_str() == "-" {
        true => std::io::stdin().lock().read_to_end(&mut bytes),
        false => std::fs::File::open(path).and_then(|mut file| file.read_to_end(&mut bytes)),
    };
    read.map_err(|source| Error::Unreadable { path: path.to_owned(), source })?;
    let bad = |at: Option<usize>, text: &str, reason: String| {
        let place = match at {
            None => path.display().to_string(),
            Some(at) => {
                let before = text.get(..at).unwrap_or(text);
                let line = before.matches('\n').count() + 1;
                let column = before.rsplit('\n').next().unwrap_or("").chars().count() + 1;
                format!("{}:{line}:{column}", path.display())
            }
        };
        Error::BadRecording { place, reason }
    };
    let text = String::from_utf8(bytes).map_err(|_| bad(None, "", "the file is not UTF-8".to_owned()))?;
    recorded::read(&text).map_err(|error| bad(Some(error.at), &text, error.reason))
}
