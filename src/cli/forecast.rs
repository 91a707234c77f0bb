//! `relplan forecast`: when a release will be ready, and how likely its dates are.

use std::path::PathBuf;

use clap::Args;

use super::view::{Formats, ViewArguments, offering, viewpoint};
use super::{Global, Screen, Verdict};
use crate::config::Team;
use crate::error::Error;
use crate::forecast::simulation::Trials;
use crate::model::{Amount, Id, Kind, Plan, id};
use crate::project::{Project, forecast_log};
use crate::report;
use crate::views::forecast::{Method, Question, Record, backtest, forecast, read_records};
use crate::views::open_work::WhatIf;
use crate::views::scope::NeedWord;

const FORMATS: Formats = &["terminal", "csv", "html", "json", "markdown"];

/// The arguments of `relplan forecast`.
#[derive(Debug, Args)]
#[command(mut_arg("format", offering(FORMATS)), mut_arg("release", |release| release.help(super::report::RELEASE)))]
pub struct ForecastArguments {
    #[command(flatten)]
    view: ViewArguments,
    /// What to forecast from [default: throughput if there are a history and work items, otherwise estimates]
    #[arg(long, value_name = "METHOD")]
    method: Option<MethodWord>,
    /// The number of trials
    #[arg(long, value_name = "COUNT", default_value_t = 10_000, value_parser = clap::value_parser!(u32).range(100..=1_000_000))]
    trials: u32,
    /// The seed of the random numbers: the same seed gives the same forecast
    #[arg(long, value_name = "NUMBER", default_value_t = 1)]
    seed: u64,
    /// What if this EPIC is left out: an id; repeatable
    #[arg(long, value_name = "ID")]
    without: Vec<String>,
    /// What if this risk cannot occur: an id; repeatable
    #[arg(long, value_name = "ID")]
    resolve: Vec<String>,
    /// What if a team has more or fewer people: `backend+1`, `backend-2`; repeatable
    #[arg(long, value_name = "TEAM+N")]
    capacity: Vec<String>,
    /// What if only this priority and those above it are built
    #[arg(long, value_name = "PRIORITY")]
    scope: Option<ScopeWord>,
    /// The number of work items left: `54`, or `50..58`
    #[arg(long, value_name = "COUNT", value_parser = whole_amount)]
    items: Option<Amount>,
    /// The growth of the work items while they are worked on: `1..2`
    #[arg(long, value_name = "FACTOR", value_parser = amount)]
    split: Option<Amount>,
    /// The work items done in a week, instead of the history: `3..6`
    #[arg(long, value_name = "COUNT", value_parser = whole_amount)]
    throughput: Option<Amount>,
    /// Add the forecast to the record of forecasts, which later ones are calibrated by
    #[arg(long, conflicts_with_all = ["backtest", "without", "resolve", "capacity", "scope", "items", "split", "throughput"])]
    record: bool,
    /// The record of forecasts [default: forecasts.jsonl beside relplan.toml]
    #[arg(long, value_name = "FILE")]
    log: Option<PathBuf>,
    /// Test forecasts on the history: how often their dates held
    #[arg(long)]
    backtest: bool,
}

/// A method, as it is typed.
#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum MethodWord {
    /// Estimates, dependencies and capacity
    Estimates,
    /// Work items done in past weeks
    Throughput,
}

/// A priority, as it is typed.
#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum ScopeWord {
    /// Must have
    Must,
    /// Must and should have
    Should,
    /// Must, should and could have
    Could,
}

fn amount(text: &str) -> Result<Amount, String> {
    Amount::parse(text)
        .filter(|amount| amount.high > 0.0)
        .ok_or_else(|| "write a number, or a range with the lower number first, such as 3..6".to_owned())
}

fn whole_amount(text: &str) -> Result<Amount, String> {
    let amount = amount(text)?;
    amount.is_whole().then_some(amount).ok_or_else(|| "write whole numbers, such as 3..6".to_owned())
}

/// Runs the command.
pub(super) fn run(arguments: &ForecastArguments, global: &Global, screen: &Screen) -> Result<Verdict, Error> {
    let view = &arguments.view;
    let project = view.load(global, screen)?;
    let plan = project.plan();
    let graph = project.graph(&plan);
    let selection = view.selection_or_next(&plan, &graph)?;
    let log = arguments.log.clone().unwrap_or_else(|| project.root.join(forecast_log::NAME));
    view.guard(&project, &[&log])?;
    let records = records(&log, screen)?;
    let at = viewpoint(&project, (&plan, &graph), &selection, global);
    if arguments.backtest {
        let tested = backtest(at, &project.history, &records, arguments.seed);
        return view.show(&plan, &tested, report::forecast::backtest, FORMATS, screen);
    }
    let made = forecast(at, &project.history, &records, &arguments.question(&project, &plan)?);
    if arguments.record {
        match Record::of(&made) {
            Some(record) => forecast_log::append(&log, &record)?,
            None => screen.remark("nothing is recorded: there is no forecast\n"),
        }
    }
    view.show(&plan, &made, report::forecast::report, FORMATS, screen)
}

/// The forecasts that were recorded; lines that are none are named and left out.
pub(super) fn records(log: &std::path::Path, screen: &Screen) -> Result<Vec<Record>, Error> {
    Ok(read_log(log, screen)?.0)
}

/// The same, and how many lines are none.
pub(super) fn read_log(log: &std::path::Path, screen: &Screen) -> Result<(Vec<Record>, usize), Error> {
    let (records, broken) = read_records(&forecast_log::read(log)?);
    if let Some(first) = broken.first() {
        screen.remark(&format!(
            "`{}` has {} that cannot be read, first line {first}: left out\n",
            log.display(),
            crate::model::phrase::counted(broken.len(), "line")
        ));
    }
    Ok((records, broken.len()))
}

impl ForecastArguments {
    fn question(&self, project: &Project, plan: &Plan<'_>) -> Result<Question, Error> {
        let method = self.method.map(|method| match method {
            MethodWord::Estimates => Method::Estimates,
            MethodWord::Throughput => Method::Throughput,
        });
        let scope = self.scope.map(|scope| match scope {
            ScopeWord::Must => NeedWord::Must,
            ScopeWord::Should => NeedWord::Should,
            ScopeWord::Could => NeedWord::Could,
        });
        let is_epic = |kind: &Kind<'_>| matches!(kind, Kind::Epic(_));
        let is_risk = |kind: &Kind<'_>| matches!(kind, Kind::Risk(_));
        let what_if = WhatIf {
            without: ids(plan, "--without", &self.without, "an EPIC entry", is_epic)?,
            resolve: ids(plan, "--resolve", &self.resolve, "a RISK entry", is_risk)?,
            capacity: self
                .capacity
                .iter()
                .map(|text| capacity(&project.config.team, text))
                .collect::<Result<_, _>>()?,
            scope,
        };
        let trials = Trials { count: self.trials, seed: self.seed };
        let Self { items, split, throughput, .. } = *self;
        Ok(Question { trials, method, what_if, items, split, throughput })
    }
}

/// The ids that a flag names: each must be an entry of the right kind.
fn ids(
    plan: &Plan<'_>,
    flag: &'static str,
    texts: &[String],
    kind: &str,
    fits: impl Fn(&Kind<'_>) -> bool,
) -> Result<Vec<Id>, Error> {
    let known = |text: &String| {
        let found = id::parse(text)
            .ok()
            .filter(|id| plan.find(*id).is_some_and(|index| fits(&plan.entry(index).kind)));
        found.ok_or_else(|| Error::NoSuchChange {
            flag,
            text: text.clone(),
            hint: format!("name {kind} of the plan; `relplan list` shows them"),
        })
    };
    texts.iter().map(known).collect()
}

/// A team and how many people it has more.
fn capacity(teams: &[Team], text: &str) -> Result<(String, i64), Error> {
    let error = |hint: String| Error::NoSuchChange { flag: "--capacity", text: text.to_owned(), hint };
    let at = text.rfind(['+', '-']).filter(|at| *at > 0);
    let parts = at.and_then(|at| Some((text[..at].trim(), text[at..].parse::<i32>().ok()?)));
    let (name, change) = parts.ok_or_else(|| error("write a team and a number: `backend+1`".to_owned()))?;
    match teams.iter().find(|team| team.is_called(name)) {
        Some(team) => Ok((team.name.value.clone(), i64::from(change))),
        None if teams.is_empty() => Err(error("add `[team.NAME]` to relplan.toml".to_owned())),
        None => {
            let known: Vec<&str> = teams.iter().map(|team| team.name.value.as_str()).collect();
            Err(error(format!("the teams are {}", known.join(", "))))
        }
    }
}
