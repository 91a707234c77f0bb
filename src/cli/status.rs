//! `relplan status`: the release at a glance.

use std::path::PathBuf;

use clap::Args;

use super::judging::{JudgementRequest, JudgingArguments, log_path, past_decisions};
use super::report::RELEASE;
use super::view::{Formats, offering};
use super::{Global, Screen, Verdict};
use crate::error::Error;
use crate::model::id;
use crate::report;
use crate::verdict::log::Record;
use crate::views::calendar::{Range, calendar};
use crate::views::go_no_go::go_no_go;
use crate::views::status::{Trend, status};

const FORMATS: Formats = &["terminal", "json", "markdown"];

/// The arguments of `relplan status`.
#[derive(Debug, Args)]
#[command(mut_arg("format", offering(FORMATS)), mut_arg("release", |release| release.help(RELEASE)))]
pub struct StatusArguments {
    #[command(flatten)]
    judging: JudgingArguments,
    /// The decision log, for the trend [default: decisions.jsonl beside relplan.toml]
    #[arg(long, value_name = "FILE")]
    log: Option<PathBuf>,
}

/// Runs the command.
pub(super) fn run(arguments: &StatusArguments, global: &Global, screen: &Screen) -> Result<Verdict, Error> {
    let JudgingArguments { view, evidence, base, .. } = &arguments.judging;
    let project = view.load_against(evidence, base, global, screen)?;
    let plan = project.plan();
    let graph = project.graph(&plan);
    let base = project.base_plan();
    let selection = view.selection_or_next(&plan, &graph)?;
    let judging = &arguments.judging;
    let request =
        JudgementRequest::new(judging, base.as_ref(), &project, (&plan, &graph), &selection, global)?;
    let log = log_path(arguments.log.as_ref(), &project);
    view.guard(&project, &[&log])?;
    let past = past_decisions(&log, &selection, screen)?;
    let decided = go_no_go(request.basis(), &request.question(global, &past));
    let today = global.day().0;
    let release = selection.release.as_ref().and_then(|release| plan.find(id::parse(&release.id).ok()?));
    let range = Range { from: Some(today), to: None, next: None, release };
    let dates = calendar(&plan, &project.config, &project.sources, today, &range);
    let shown = status(&decided, &dates, past.of_release.as_ref().map(trend));
    view.show(&plan, &shown, report::status::report, FORMATS, screen)
}

fn trend(record: &Record) -> Trend {
    Trend {
        since: record.day,
        decision: record.decision,
        blockers: record.blockers.len(),
        confidence: record.confidence.as_ref().map(|share| share.percent()),
    }
}
