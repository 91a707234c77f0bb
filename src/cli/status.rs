//! `relplan status`: the release at a glance.

use std::path::PathBuf;

use clap::Args;

use super::judging::{JudgementRequest, JudgingArguments, log_path, past_decisions};
use super::report::RELEASE;
use super::view::{Formats, offering};
use super::{Global, Screen, Verdict};
use crate::error::Error;
use crate::model::id;
use crate::project::{Members, Project, Request};
use crate::report;
use crate::verdict::log::Record;
use crate::views::Shown;
use crate::views::calendar::{Range, calendar};
use crate::views::go_no_go::go_no_go;
use crate::views::status::{MemberState, MemberStatus, Status, Trend, WorkspaceStatus, status};

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
    match global.workspace(view.paths(), evidence)? {
        Some((members, requests)) => {
            let requests = requests.into_iter().map(|request| base.of(request));
            arguments.of_workspace(&members, requests, global, screen)
        }
        None => {
            let project = view.load_against(evidence, base, global, screen)?;
            let shown = arguments.of_plan(&project, global, screen)?;
            view.show(&project.plan(), &shown, report::status::report, FORMATS, screen)
        }
    }
}

impl StatusArguments {
    fn of_plan(&self, project: &Project, global: &Global, screen: &Screen) -> Result<Status, Error> {
        let plan = project.plan();
        let graph = project.graph(&plan);
        let base = project.base_plan();
        let JudgingArguments { view, .. } = &self.judging;
        let selection = view.selection_or_next(&plan, &graph)?;
        let request = JudgementRequest::new(
            &self.judging,
            base.as_ref(),
            project,
            (&plan, &graph),
            &selection,
            global,
        )?;
        let log = log_path(self.log.as_ref(), project);
        view.guard(project, &[&log])?;
        let past = past_decisions(&log, &selection, screen)?;
        let decided = go_no_go(request.basis(), &request.question(global, &past));
        let today = global.day().0;
        let release = selection.release.as_ref().and_then(|release| plan.find(id::parse(&release.id).ok()?));
        let range = Range { from: Some(today), to: None, next: None, release };
        let dates = calendar(&plan, &project.config, &project.sources, today, &range);
        Ok(status(&decided, &dates, past.of_release.last().map(trend)))
    }

    /// The status of every member. One that cannot be judged is named with its reason, like one that is not there.
    fn of_workspace(
        &self,
        members: &Members,
        requests: impl Iterator<Item = Request>,
        global: &Global,
        screen: &Screen,
    ) -> Result<Verdict, Error> {
        let mut shown = Vec::new();
        let mut is_whole = true;
        let mut unknown_release = None;
        for request in requests {
            let project = global.load_request(&request, screen)?;
            if request.is_workspace && project.plan_files.is_empty() {
                continue;
            }
            self.judging.view.guard(&project, &[])?;
            is_whole &= project.plan().is_whole();
            let member = request.member.unwrap_or_else(|| WORKSPACE_ITSELF.to_owned());
            let judged = match self.of_plan(&project, global, screen) {
                Ok(status) => MemberState::Judged(Box::new(status)),
                Err(
                    error @ (Error::NothingChecked | Error::NothingReadable | Error::NoSuchRelease { .. }),
                ) => {
                    let reason = error.to_string();
                    if matches!(error, Error::NoSuchRelease { .. }) {
                        unknown_release.get_or_insert(error);
                    }
                    MemberState::NotJudged(reason)
                }
                Err(error) => return Err(error),
            };
            shown.push(MemberStatus { member, state: judged });
        }
        // A release that no plan knows is a misspelt one. Where some know it, the others are named with that reason.
        let is_judged = |member: &MemberStatus| matches!(member.state, MemberState::Judged(_));
        if let Some(error) = unknown_release
            && self.judging.view.names_release()
            && !shown.iter().any(is_judged)
        {
            return Err(error);
        }
        let missing = members
            .missing()
            .map(|(member, reason)| MemberStatus { member, state: MemberState::NotJudged(reason) });
        shown.extend(missing);
        let shown = WorkspaceStatus { version: 1, day: global.day().0, members: shown };
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

/// The name of the entries that a workspace has itself.
pub(super) const WORKSPACE_ITSELF: &str = ".";

fn trend(record: &Record) -> Trend {
    Trend {
        since: record.day,
        decision: record.decision,
        blockers: record.blockers.len(),
        confidence: record.confidence.as_ref().map(|share| share.percent()),
    }
}
