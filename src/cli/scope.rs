//! `relplan scope`: what a release ships, and what else it could ship.

use clap::Args;

use super::view::{Formats, ViewArguments, offering, viewpoint};
use super::{Global, Screen, Verdict, forecast};
use crate::error::Error;
use crate::forecast::simulation::Trials;
use crate::project::forecast_log;
use crate::report;
use crate::views::scope::options::{OptionsQuestion, scope_options};
use crate::views::scope::{PriorityMethod, scope};

const FORMATS: Formats = &["terminal", "csv", "dot", "html", "json", "markdown", "mermaid"];

/// The formats of the options.
const OPTION_FORMATS: Formats = &["terminal", "csv", "html", "json", "markdown"];

/// The arguments of `relplan scope`.
#[derive(Debug, Args)]
#[command(mut_arg("format", offering(FORMATS)))]
pub struct ScopeArguments {
    #[command(flatten)]
    view: ViewArguments,
    /// Compare the must-only, the recommended and the extended scope of the next release, or of the one that is named
    #[arg(long)]
    options: bool,
    /// The method of prioritization for the options [default: value]
    #[arg(long, value_name = "METHOD", requires = "options")]
    method: Option<MethodWord>,
    /// The number of trials of each forecast of the options
    #[arg(long, value_name = "COUNT", requires = "options", default_value_t = 10_000, value_parser = clap::value_parser!(u32).range(100..=1_000_000))]
    trials: u32,
    /// The seed of the random numbers of the options
    #[arg(long, value_name = "NUMBER", requires = "options", default_value_t = 1)]
    seed: u64,
}

/// A method of prioritization, as it is typed.
#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum MethodWord {
    /// Value ÷ (effort + risk)
    Value,
    /// (Value + time criticality + risk reduction) ÷ effort
    Wsjf,
    /// Reach × impact × confidence ÷ effort
    Rice,
}

impl From<MethodWord> for PriorityMethod {
    fn from(method: MethodWord) -> Self {
        match method {
            MethodWord::Value => PriorityMethod::Value,
            MethodWord::Wsjf => PriorityMethod::Wsjf,
            MethodWord::Rice => PriorityMethod::Rice,
        }
    }
}

/// Runs the command.
pub(super) fn run(arguments: &ScopeArguments, global: &Global, screen: &Screen) -> Result<Verdict, Error> {
    let view = &arguments.view;
    let project = view.load(global, screen)?;
    let plan = project.plan();
    let graph = project.graph(&plan);
    if !arguments.options {
        let selection = view.selection(&plan, &graph)?;
        let scope = scope(&plan, &graph, &selection, global.day().0);
        return view.show(&plan, &scope, report::scope::report, FORMATS, screen);
    }
    let selection = view.selection_or_next(&plan, &graph)?;
    let log = project.root.join(forecast_log::NAME);
    view.guard(&project, &[&log])?;
    let records = forecast::records(&log, screen)?;
    let at = viewpoint(&project, (&plan, &graph), &selection, global);
    let question = OptionsQuestion {
        method: arguments.method.map_or(PriorityMethod::Value, PriorityMethod::from),
        trials: Trials { count: arguments.trials, seed: arguments.seed },
    };
    let options = scope_options(at, &records, &project.history, question);
    view.show(&plan, &options, report::scope_options::report, OPTION_FORMATS, screen)
}
