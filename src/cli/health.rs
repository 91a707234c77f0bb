//! `relplan health`: the weekly health report of a release.

use clap::Args;

use super::judging::{JudgementRequest, JudgingArguments, log_path, past_decisions};
use super::view::{Formats, offering, viewpoint};
use super::{Global, Screen, Verdict, forecast};
use crate::error::Error;
use crate::forecast::simulation::Trials;
use crate::project::forecast_log;
use crate::report;
use crate::views::forecast::{Question, forecast as make_forecast};
use crate::views::go_no_go::go_no_go;
use crate::views::health::{HealthInputs, health};
use crate::views::open_work::WhatIf;
use crate::views::scope::PriorityMethod;
use crate::views::scope::options::{OptionsQuestion, scope_options};
use crate::views::work_schedule::work_schedule;

const FORMATS: Formats = &["terminal", "csv", "html", "json", "markdown"];

/// The arguments of `relplan health`.
#[derive(Debug, Args)]
#[command(mut_arg("format", offering(FORMATS)), mut_arg("release", |release| release.help(super::report::RELEASE)))]
pub struct HealthArguments {
    #[command(flatten)]
    judging: JudgingArguments,
    /// The number of trials of each forecast
    #[arg(long, value_name = "COUNT", default_value_t = 10_000, value_parser = clap::value_parser!(u32).range(100..=1_000_000))]
    trials: u32,
    /// The seed of the random numbers: the same seed gives the same report
    #[arg(long, value_name = "NUMBER", default_value_t = 1)]
    seed: u64,
}

/// Runs the command.
pub(super) fn run(arguments: &HealthArguments, global: &Global, screen: &Screen) -> Result<Verdict, Error> {
    let JudgingArguments { view, evidence, base, .. } = &arguments.judging;
    let project = view.load_against(evidence, base, global, screen)?;
    let plan = project.plan();
    let graph = project.graph(&plan);
    let base = project.base_plan();
    let selection = view.selection_or_next(&plan, &graph)?;
    let judging = &arguments.judging;
    let request =
        JudgementRequest::new(judging, base.as_ref(), &project, (&plan, &graph), &selection, global)?;
    let (decisions, forecasts) = (log_path(None, &project), project.root.join(forecast_log::NAME));
    view.guard(&project, &[&decisions, &forecasts])?;
    let past = past_decisions(&decisions, &selection, screen)?;
    let records = forecast::records(&forecasts, screen)?;
    let at = viewpoint(&project, (&plan, &graph), &selection, global);
    let trials = Trials { count: arguments.trials, seed: arguments.seed };
    let question = Question {
        trials,
        method: None,
        what_if: WhatIf::default(),
        items: None,
        split: None,
        throughput: None,
    };
    let options = OptionsQuestion { method: PriorityMethod::Value, trials };
    let inputs = HealthInputs {
        judged: &go_no_go(request.basis(), &request.question(global, &past)),
        forecast: &make_forecast(at, &project.history, &records, &question),
        schedule: &work_schedule(at),
        options: &scope_options(at, &records, &project.history, options),
        records: &records,
        history: &project.history,
    };
    view.show(&plan, &health(at, inputs), report::health::report, FORMATS, screen)
}
