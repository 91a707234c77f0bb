//! `relplan review`: the review of a release after its deployment.

use std::path::Path;

use clap::Args;

use super::forecast;
use super::judging::log_path;
use super::view::{Formats, ViewArguments, offering, viewpoint};
use super::{Global, Screen, Verdict};
use crate::error::Error;
use crate::graph::{Graph, Selection};
use crate::model::Plan;
use crate::project::{Project, decision_log, forecast_log};
use crate::report;
use crate::verdict::log::{self, Record};
use crate::views::review::{Review, ReviewInputs, review};

const FORMATS: Formats = &["terminal", "html", "json", "markdown"];

/// What `--release` says of itself.
pub(super) const RELEASE: &str =
    "The release: an id, a version, or `next` [default: the release that shipped last]";

/// The arguments of `relplan review`.
#[derive(Debug, Args)]
#[command(mut_arg("format", offering(FORMATS)), mut_arg("release", |release| release.help(RELEASE)))]
pub struct ReviewArguments {
    #[command(flatten)]
    view: ViewArguments,
}

/// Runs the command.
pub(super) fn run(arguments: &ReviewArguments, global: &Global, screen: &Screen) -> Result<Verdict, Error> {
    let mut project = arguments.view.load(global, screen)?;
    project.load_incidents()?;
    let plan = project.plan();
    let graph = project.graph(&plan);
    let selection = arguments.view.selection_of_shipped(&plan, &graph)?;
    let shown = of_release(&arguments.view, &project, (&plan, &graph), &selection, (global, screen))?;
    arguments.view.show(&plan, &shown, report::review::report, FORMATS, screen)
}

/// The review of a release, with the plan's own files of forecasts and decisions, which no output may replace.
pub(super) fn of_release(
    view: &ViewArguments,
    project: &Project,
    (plan, graph): (&Plan<'_>, &Graph),
    selection: &Selection,
    (global, screen): (&Global, &Screen),
) -> Result<Review, Error> {
    let (decisions, forecasts) = (log_path(None, project), project.root.join(forecast_log::NAME));
    view.guard(project, &[&decisions, &forecasts])?;
    let decisions = all_decisions(&decisions, screen)?;
    let forecasts = forecast::records(&forecasts, screen)?;
    let records = project.incident_records();
    let inputs = ReviewInputs {
        forecasts: &forecasts,
        decisions: &decisions,
        records: &records,
        history: &project.history,
    };
    let at = viewpoint(project, (plan, graph), selection, global);
    review(at, inputs).ok_or(Error::NoReleaseToReview)
}

/// The decisions of the log; none if it cannot be relied on, which is said.
fn all_decisions(path: &Path, screen: &Screen) -> Result<Vec<Record>, Error> {
    let bytes = decision_log::read(path)?;
    match log::verify(&bytes, None) {
        Ok(summary) => Ok(summary.records),
        Err(broken) => {
            screen.remark(&format!(
                "`{}` is not intact: decisions are ignored: {}\n",
                path.display(),
                decision_log::in_words(&broken).join("; ")
            ));
            Ok(Vec::new())
        }
    }
}
