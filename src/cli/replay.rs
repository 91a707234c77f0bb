//! `relplan replay`: the rollback triggers on recorded data.

use std::io::Read;
use std::path::{Path, PathBuf};

use clap::Args;

use super::view::{Formats, ViewArguments, offering};
use super::{Global, Screen, Verdict};
use crate::error::Error;
use crate::model::duration::Duration;
use crate::model::{Id, id};
use crate::report;
use crate::trigger::engine::Series;
use crate::trigger::recorded::{self, Recording};
use crate::trigger::replay::{NoGrid, grid, name_of_values, on_recorded_values, replay, sweep};
use crate::trigger::{Trigger, triggers};
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
    let data = Data::read(&arguments.data)?;
    let files: Vec<&Path> = data.files.iter().map(PathBuf::as_path).collect();
    view.guard(&project, &files)?;
    let mut shown = ReplayView {
        version: 1,
        day: global.day().0,
        series: data.series_count(),
        samples: data.sample_count(),
        triggers: Vec::new(),
        left_out: Vec::new(),
    };
    for (entry, _, compiled) in triggers(&plan, &graph) {
        if plan.find_current(entry.id.value).is_none_or(|index| !selection.has(index)) {
            continue;
        }
        match compiled {
            Err(obstacle) => shown.left_out.push(NotEvaluated::not_compiled(entry.id.value, &obstacle)),
            Ok(trigger) => match evaluate(&trigger, &data, arguments) {
                Ok(replayed) => shown.triggers.push(replayed),
                Err(left_out) => shown.left_out.push(left_out),
            },
        }
    }
    if shown.triggers.is_empty() {
        let reasons: Vec<String> = shown
            .left_out
            .iter()
            .map(|left_out| format!("{}: {}; {}", left_out.id, left_out.reason, left_out.help))
            .collect();
        return Err(Error::NothingToReplay { reasons });
    }
    let is_quiet = shown.triggers.iter().all(|trigger| trigger.status == ReplayStatus::NotFired);
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
    let values = data.values.iter().find(|(metric, ..)| *metric == trigger.metric);
    let (evaluated, own_step, moments) = match values {
        Some((metric, step, series)) => {
            (on_recorded_values(trigger, &name_of_values(*metric)), *step, series.as_slice())
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
struct Data {
    files: Vec<PathBuf>,
    scraped: Vec<Series>,
    /// The values of queries: the metric, the time between two of them, and the series.
    values: Vec<(Id, Option<i64>, Vec<Series>)>,
    all: Vec<Series>,
}

impl Data {
    fn read(arguments: &[String]) -> Result<Data, Error> {
        let mut data = Data { files: Vec::new(), scraped: Vec::new(), values: Vec::new(), all: Vec::new() };
        for argument in arguments {
            let (metric, path) = match argument.split_once('=') {
                Some((metric, path)) if id::parse(metric).is_ok() => {
                    (id::parse(metric).ok(), PathBuf::from(path))
                }
                _ => (None, PathBuf::from(argument)),
            };
            let recording = read_file(&path)?;
            match metric {
                Some(metric) => {
                    let step = recording.step();
                    let series = recording.asked(&name_of_values(metric));
                    data.values.push((metric, step, series));
                }
                None => {
                    let series = recording.scraped().map_err(|labels| Error::BadRecording {
                        place: path.display().to_string(),
                        reason: format!(
                            "the series {{{labels}}} has no name, so that it is the result of a query: pass `MON-001={}`, with the id of its metric",
                            path.display()
                        ),
                    })?;
                    data.scraped.extend(series);
                }
            }
            data.files.push(path);
        }
        data.all = data
            .scraped
            .iter()
            .chain(data.values.iter().flat_map(|(_, _, series)| series))
            .cloned()
            .collect();
        Ok(data)
    }

    fn series_count(&self) -> usize {
        self.all.len()
    }

    fn sample_count(&self) -> usize {
        self.all.iter().map(|series| series.samples.len()).sum()
    }
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
