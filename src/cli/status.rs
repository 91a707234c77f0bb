//! `relplan status`: the release at a glance.

use std::path::PathBuf;

use clap::Args;

use super::judging::{self, JudgingArguments};
use super::members::{self, JudgedMembers};
use super::report::RELEASE;
use super::view::{Formats, offering};
use super::{Global, Screen, Verdict};
use crate::error::Error;
use crate::model::{Plan, id};
use crate::project::{Members, Project, Request};
use crate::report;
use crate::verdict::log::Record;
use crate::views::Shown;
use crate::views::calendar::{Range, calendar};
use crate::views::status::{Status, Trend, WorkspaceStatus, status};

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
    match members::of_workspace(&arguments.judging, global)? {
        Some((members, requests)) => arguments.of_workspace((&members, requests), global, screen),
        None => {
            let project = view.load_against(evidence, base, global, screen)?;
            let plan = project.plan();
            let shown = arguments.of_plan((&project, &plan), global, screen)?;
            view.show(&plan, &shown, report::status::report, FORMATS, screen)
        }
    }
}

impl StatusArguments {
    fn of_plan(
        &self,
        (project, plan): (&Project, &Plan<'_>),
        global: &Global,
        screen: &Screen,
    ) -> Result<Status, Error> {
        let (decided, past) =
            judging::decided(&self.judging, self.log.as_ref(), (project, plan), global, screen)?;
        let today = global.day().0;
        let release = decided.release.as_ref().and_then(|release| plan.find(id::parse(&release.id).ok()?));
        let range = Range { from: Some(today), release, ..Range::default() };
        let dates = calendar(plan, &project.config, &project.sources, today, &range);
        Ok(status(&decided, &dates, past.of_release.last().map(trend)))
    }

    fn of_workspace(
        &self,
        workspace: (&Members, Vec<Request>),
        global: &Global,
        screen: &Screen,
    ) -> Result<Verdict, Error> {
        let judge = |project: &Project| self.of_plan((project, &project.plan()), global, screen);
        let JudgedMembers { members, is_whole } =
            members::judge(&self.judging, workspace, global, screen, judge)?;
        let shown = WorkspaceStatus { version: 1, day: global.day().0, members };
        let lower = |shown: &WorkspaceStatus| {
            let mut report = report::status::of_workspace(shown);
            if !is_whole {
                report.doubt();
            }
            report
        };
        self.judging.view.show_value(
            &Shown { view: &shown, whole: is_whole },
            || lower(&shown),
            FORMATS,
            screen,
        )
    }
}

fn trend(record: &Record) -> Trend {
    Trend {
        since: record.day,
        decision: record.decision,
        blockers: record.blockers.len(),
        confidence: record.confidence.as_ref().map(|share| share.percent()),
    }
}
