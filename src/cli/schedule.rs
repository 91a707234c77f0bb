//! `relplan schedule`: the open work on the working calendar, within the capacity of the teams.

use clap::Args;

use super::view::{Formats, ViewArguments, offering, viewpoint};
use super::{Global, Screen, Verdict};
use crate::error::Error;
use crate::report;
use crate::views::work_schedule::work_schedule;

const FORMATS: Formats = &["terminal", "csv", "html", "ics", "json", "markdown", "mermaid"];

/// The arguments of `relplan schedule`.
#[derive(Debug, Args)]
#[command(mut_arg("format", offering(FORMATS)), mut_arg("release", |release| release.help(super::report::RELEASE)))]
pub struct ScheduleArguments {
    #[command(flatten)]
    view: ViewArguments,
}

/// Runs the command.
pub(super) fn run(arguments: &ScheduleArguments, global: &Global, screen: &Screen) -> Result<Verdict, Error> {
    let project = arguments.view.load(global, screen)?;
    let plan = project.plan();
    let graph = project.graph(&plan);
    let selection = arguments.view.selection_or_next(&plan, &graph)?;
    let schedule = work_schedule(viewpoint(&project, (&plan, &graph), &selection, global));
    arguments.view.show(&plan, &schedule, report::work_schedule::report, FORMATS, screen)
}
