//! `relplan retro`: the retrospective of a release.

use clap::Args;

use super::review::{RELEASE, of_release};
use super::view::{Formats, ViewArguments, offering, viewpoint};
use super::{Global, Screen, Verdict};
use crate::error::Error;
use crate::report;
use crate::verdict::follow_up::follow_ups;
use crate::views::retrospective::retrospective;

const FORMATS: Formats = &["terminal", "html", "json", "markdown"];

/// The arguments of `relplan retro`.
#[derive(Debug, Args)]
#[command(mut_arg("format", offering(FORMATS)), mut_arg("release", |release| release.help(RELEASE)))]
pub struct RetroArguments {
    #[command(flatten)]
    view: ViewArguments,
    /// Exit with 1 if the retrospective, or an action of it or of an earlier release, is overdue
    #[arg(long)]
    check: bool,
}

/// Runs the command.
pub(super) fn run(arguments: &RetroArguments, global: &Global, screen: &Screen) -> Result<Verdict, Error> {
    let mut project = arguments.view.load(global, screen)?;
    project.load_incidents()?;
    let plan = project.plan();
    let graph = project.graph(&plan);
    let selection = arguments.view.selection_of_shipped(&plan, &graph)?;
    let review = of_release(&arguments.view, &project, (&plan, &graph), &selection, (global, screen))?;
    let today = global.day().0;
    let asked = plan.releases().flat_map(|(entry, rel)| follow_ups(&project.config, entry, rel, today));
    let at = viewpoint(&project, (&plan, &graph), &selection, global);
    let shown = retrospective(at, review, asked.collect()).ok_or(Error::NoReleaseToReview)?;
    let is_overdue = shown.is_overdue()
        || shown.review.actions.iter().chain(&shown.carried_over).any(|action| action.is_overdue);
    let verdict = arguments.view.show(&plan, &shown, report::retrospective::report, FORMATS, screen)?;
    // Of a plan that cannot be read whole, an action may be missing.
    Ok(if arguments.check && (is_overdue || !plan.is_whole()) { Verdict::Findings } else { verdict })
}
