//! `relplan plan`: the whole release plan as one document.

use clap::Args;

use super::judging::{JudgementRequest, JudgingArguments};
use super::view::{Formats, offering};
use super::{Global, Screen, Verdict};
use crate::error::Error;
use crate::report;
use crate::views::release_plan::release_plan;

const FORMATS: Formats = &["terminal", "html", "json", "markdown"];

/// The arguments of `relplan plan`.
#[derive(Debug, Args)]
#[command(mut_arg("format", offering(FORMATS)), mut_arg("release", |release| release.help(RELEASE)))]
pub struct PlanArguments {
    #[command(flatten)]
    judging: JudgingArguments,
}

const RELEASE: &str = "The release: an id, a version, or `next` [default: next, or the whole plan if every release has shipped]";

/// Runs the command.
pub(super) fn run(arguments: &PlanArguments, global: &Global, screen: &Screen) -> Result<Verdict, Error> {
    let JudgingArguments { view, evidence, base, .. } = &arguments.judging;
    let project = view.load_against(evidence, base, global, screen)?;
    let plan = project.plan();
    let graph = project.graph(&plan);
    let base = project.base_plan();
    let selection = view.selection_or_next(&plan, &graph)?;
    let judging = &arguments.judging;
    let request =
        JudgementRequest::new(judging, base.as_ref(), &project, (&plan, &graph), &selection, global)?;
    let document = release_plan(request.basis(), &selection, &request.soundness, global.day().0);
    view.show(&plan, &document, report::release_plan::report, FORMATS, screen)
}
