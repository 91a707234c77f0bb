//! `relplan risks`: the risk register.

use clap::Args;

use super::view::{Formats, ViewArguments, offering};
use super::{Global, Screen, Verdict};
use crate::error::Error;
use crate::report;
use crate::views::risks::register;

const FORMATS: Formats = &["terminal", "csv", "html", "json", "markdown"];

/// The arguments of `relplan risks`.
#[derive(Debug, Args)]
#[command(mut_arg("format", offering(FORMATS)))]
pub struct RiskArguments {
    #[command(flatten)]
    view: ViewArguments,
}

/// Runs the command.
pub(super) fn run(arguments: &RiskArguments, global: &Global, screen: &Screen) -> Result<Verdict, Error> {
    let project = arguments.view.load(global, screen)?;
    let plan = project.plan();
    let graph = project.graph(&plan);
    let selection = arguments.view.selection(&plan, &graph)?;
    let register = register(&plan, &graph, &selection, global.day().0);
    arguments.view.show(&plan, &register, report::risks::report, FORMATS, screen)
}
