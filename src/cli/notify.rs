//! `relplan notify`: what is due to whom, when and by whom, and whether it was sent.

use clap::Args;

use super::view::{Formats, ViewArguments, offering};
use super::{Global, Screen, Verdict};
use crate::error::Error;
use crate::report;
use crate::views::calendar::{Range, calendar};
use crate::views::notify::{NoticeStatus, notify};

const FORMATS: Formats = &["terminal", "csv", "html", "json", "markdown"];

/// The arguments of `relplan notify`.
#[derive(Debug, Args)]
#[command(mut_arg("format", offering(FORMATS)))]
pub struct NotifyArguments {
    #[command(flatten)]
    view: ViewArguments,
    /// Show only what is due today or overdue
    #[arg(long)]
    due: bool,
    /// Exit with 1 if a communication is overdue
    #[arg(long)]
    check: bool,
}

/// Runs the command.
pub(super) fn run(arguments: &NotifyArguments, global: &Global, screen: &Screen) -> Result<Verdict, Error> {
    let project = arguments.view.load(global, screen)?;
    let plan = project.plan();
    let graph = project.graph(&plan);
    let selection = arguments.view.selection(&plan, &graph)?;
    let range = Range::default();
    let dates = calendar(&plan, &project.config, &project.sources, global.day().0, &range);
    let release = selection.release.as_ref().map(|release| release.id.as_str());
    let shown = notify(dates, release, arguments.due);
    let is_overdue = shown.communications.iter().any(|notice| notice.status == NoticeStatus::Overdue);
    let verdict = arguments.view.show(&plan, &shown, report::notify::report, FORMATS, screen)?;
    // Of a plan that cannot be read whole, a communication may be missing.
    let is_open = is_overdue || !plan.is_whole();
    Ok(if arguments.check && is_open { Verdict::Findings } else { verdict })
}
