//! `relplan scope`: what a release ships.

use clap::Args;

use super::view::{Formats, ViewArguments, offering};
use super::{Global, Screen, Verdict};
use crate::error::Error;
use crate::report;
use crate::views::scope::scope;

const FORMATS: Formats = &["terminal", "csv", "dot", "html", "json", "markdown", "mermaid"];

/// The arguments of `relplan scope`.
#[derive(Debug, Args)]
#[command(mut_arg("format", offering(FORMATS)))]
pub struct ScopeArguments {
    #[command(flatten)]
    view: ViewArguments,
}

/// Runs the command.
pub(super) fn run(arguments: &ScopeArguments, global: &Global, screen: &Screen) -> Result<Verdict, Error> {
    let project = arguments.view.load(global, screen)?;
    let plan = project.plan();
    let graph = project.graph(&plan);
    let selection = arguments.view.selection(&plan, &graph)?;
    let scope = scope(&plan, &graph, &selection, global.day().0);
    arguments.view.show(&plan, &scope, report::scope::report, FORMATS, screen)
}
