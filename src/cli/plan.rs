//! `relplan plan`: the whole release plan as one document.

use clap::Args;

use super::view::{Formats, ViewArguments, offering};
use super::{EvidenceArguments, Global, Screen, Verdict};
use crate::error::Error;
use crate::report;
use crate::views::release_plan::release_plan;

const FORMATS: Formats = &["terminal", "html", "json", "markdown"];

/// The arguments of `relplan plan`.
#[derive(Debug, Args)]
#[command(mut_arg("format", offering(FORMATS)), mut_arg("release", |release| release.help(RELEASE)))]
pub struct PlanArguments {
    #[command(flatten)]
    view: ViewArguments,
    #[command(flatten)]
    evidence: EvidenceArguments,
}

const RELEASE: &str = "The release that it is about: an id, a version, or `next` [default: next, or the whole plan if \
                       no release is still to come]";

/// Runs the command.
pub(super) fn run(arguments: &PlanArguments, global: &Global, screen: &Screen) -> Result<Verdict, Error> {
    let project = arguments.view.load_with(&arguments.evidence, global, screen)?;
    let plan = project.plan();
    let graph = project.graph(&plan);
    let selection = arguments.view.selection_or_next(&plan, &graph, global)?;
    let dossier = project.dossier(&plan, None, global.moment())?;
    let document = release_plan(dossier.basis(&project, &plan, &graph), &selection, global.day().0);
    arguments.view.show(&plan, &document, report::release_plan::report, FORMATS, screen)
}
