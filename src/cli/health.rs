//! `relplan health`: the weekly health report of a release.

use clap::Args;

use super::judging::{JudgementRequest, JudgingArguments, log_path, past_decisions};
use super::view::{Formats, offering, viewpoint};
use super::{Global, Screen, Verdict, forecast};
use crate::error::Error;
use crate::forecast::simulation::Trials;
use crate::graph::{Graph, Selection};
use crate::model::Plan;
use crate::project::{BasePlan, Project, forecast_log};
use crate::report;
use crate::views::forecast::{Forecast, Question, forecast as make_forecast};
use crate::views::go_no_go::{GoNoGo, go_no_go};
use crate::views::health::{HealthInputs, HealthReport, health};
use crate::views::open_work::WhatIf;
use crate::views::scope::PriorityMethod;
use crate::views::scope::options::{OptionsQuestion, scope_options, team_loads};
use crate::views::work_schedule::work_schedule;

const FORMATS: Formats = &["terminal", "csv", "html", "json", "markdown"];

/// The number of trials of each forecast, unless stated.
const TRIALS: u32 = 10_000;

/// The seed of the random numbers, unless stated.
const SEED: u64 = 1;

/// The arguments of `relplan health`.
#[derive(Debug, Args)]
#[command(mut_arg("format", offering(FORMATS)), mut_arg("release", |release| release.help(super::report::RELEASE)))]
pub struct HealthArguments {
    #[command(flatten)]
    judging: JudgingArguments,
    /// The number of trials of each forecast
    #[arg(long, value_name = "COUNT", default_value_t = TRIALS, value_parser = clap::value_parser!(u32).range(100..=1_000_000))]
    trials: u32,
    /// The seed of the random numbers: the same seed gives the same report
    #[arg(long, value_name = "NUMBER", default_value_t = SEED)]
    seed: u64,
}

/// What the health of a release is told from, and the health.
pub(super) struct Made {
    /// The judgement.
    pub(super) judged: GoNoGo,
    /// The forecast.
    pub(super) forecast: Forecast,
    /// The health.
    pub(super) health: HealthReport,
}

/// Runs the command.
pub(super) fn run(arguments: &HealthArguments, global: &Global, screen: &Screen) -> Result<Verdict, Error> {
    let JudgingArguments { view, evidence, base, .. } = &arguments.judging;
    let project = view.load_against(evidence, base, global, screen)?;
    let plan = project.plan();
    let graph = project.graph(&plan);
    let base = project.base_plan();
    let selection = view.selection_or_next(&plan, &graph)?;
    let trials = Trials { count: arguments.trials, seed: arguments.seed };
    let from = (&project, base.as_ref());
    let made = with_trials(&arguments.judging, from, (&plan, &graph), &selection, (global, screen), trials)?;
    view.show(&plan, &made.health, report::health::report, FORMATS, screen)
}

/// The health of a release with the usual number of trials.
pub(super) fn of_release<'p>(
    judging: &JudgingArguments,
    from: (&'p Project, Option<&BasePlan<'p>>),
    graph: (&'p Plan<'p>, &'p Graph),
    selection: &'p Selection,
    run: (&Global, &Screen),
) -> Result<Made, Error> {
    with_trials(judging, from, graph, selection, run, Trials { count: TRIALS, seed: SEED })
}

fn with_trials<'p>(
    judging: &JudgingArguments,
    (project, base): (&'p Project, Option<&BasePlan<'p>>),
    (plan, graph): (&'p Plan<'p>, &'p Graph),
    selection: &'p Selection,
    (global, screen): (&Global, &Screen),
    trials: Trials,
) -> Result<Made, Error> {
    let request = JudgementRequest::new(judging, base, project, (plan, graph), selection, global)?;
    let (decisions, forecasts) = (log_path(None, project), project.root.join(forecast_log::NAME));
    judging.view.guard(project, &[&decisions, &forecasts])?;
    let past = past_decisions(&decisions, selection, screen)?;
    let (records, unreadable_records) = forecast::read_log(&forecasts, screen)?;
    let at = viewpoint(project, (plan, graph), selection, global);
    let question = Question {
        trials,
        method: None,
        what_if: WhatIf::default(),
        items: None,
        split: None,
        throughput: None,
    };
    let options = OptionsQuestion { method: PriorityMethod::Value, trials };
    let judged = go_no_go(request.basis(), &request.question(global, &past));
    let forecast = make_forecast(at, &project.history, &records, &question);
    let inputs = HealthInputs {
        judged: &judged,
        forecast: &forecast,
        schedule: &work_schedule(at),
        options: &scope_options(at, &records, &project.history, options),
        loads: &team_loads(at),
        records: &records,
        unreadable_records,
        history: &project.history,
    };
    let health = health(at, inputs);
    Ok(Made { judged, forecast, health })
}
