//! `relplan handoff`: what operations, support and product need of a release, and whether they have accepted it.

use clap::Args;

use super::judging::{JudgementRequest, JudgingArguments};
use super::view::{Formats, offering};
use super::{Global, Screen, Verdict};
use crate::error::Error;
use crate::report;
use crate::verdict::Verdict as CheckVerdict;
use crate::views::handoffs::handoffs;

const FORMATS: Formats = &["terminal", "html", "json", "markdown"];

/// What `--release` says of itself.
const RELEASE: &str = "The release: an id, a version, or `next` [default: next, or the whole plan if every release has shipped]";

/// The arguments of `relplan handoff`.
#[derive(Debug, Args)]
#[command(mut_arg("format", offering(FORMATS)), mut_arg("release", |release| release.help(RELEASE)))]
pub struct HandoffArguments {
    #[command(flatten)]
    judging: JudgingArguments,
    /// Only handoffs to this receiver: Operations, Support, Product or another
    #[arg(long, value_name = "RECEIVER")]
    receiver: Option<String>,
    /// Exit with 1 if a handoff is incomplete, not accepted or missing
    #[arg(long)]
    check: bool,
}

/// Runs the command.
pub(super) fn run(arguments: &HandoffArguments, global: &Global, screen: &Screen) -> Result<Verdict, Error> {
    let JudgingArguments { view, evidence, base, .. } = &arguments.judging;
    let project = view.load_against(evidence, base, global, screen)?;
    let plan = project.plan();
    let graph = project.graph(&plan);
    let base = project.base_plan();
    let selection = view.selection_or_next(&plan, &graph)?;
    let judging = &arguments.judging;
    let request =
        JudgementRequest::new(judging, base.as_ref(), &project, (&plan, &graph), &selection, global)?;
    let receiver = arguments.receiver.as_deref();
    let shown = handoffs(request.basis(), &selection, receiver, global.day().0);
    let is_accepted = |verdict| matches!(verdict, CheckVerdict::Pass | CheckVerdict::Warn);
    let is_done = !shown.handoffs.is_empty()
        && shown.handoffs.iter().all(|handoff| is_accepted(handoff.verdict()))
        && plan.is_whole();
    let verdict = view.show(&plan, &shown, report::handoffs::report, FORMATS, screen)?;
    Ok(if arguments.check && !is_done { Verdict::Findings } else { verdict })
}
