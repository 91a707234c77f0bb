//! `relplan report`: the go/no-go report.

use std::path::PathBuf;

use clap::Args;

use super::github::{GITHUB, Outcome};
use super::judging::{self, JudgingArguments, StrictArguments};
use super::members::{self, JudgedMembers};
use super::view::{Formats, offering};
use super::{Global, Screen, Verdict};
use crate::error::Error;
use crate::project::{Members, Project, Request};
use crate::report;
use crate::verdict::decision::Decision;
use crate::views::Shown;
use crate::views::go_no_go::GoNoGo;
use crate::views::members::WorkspaceReport;

pub(super) const FORMATS: Formats = &["terminal", "github", "html", "json", "markdown"];

pub(super) const RELEASE: &str = "The release to decide on: an id, a version, or `next` [default: next, or the whole plan if every release has shipped]";

/// The arguments of `relplan report`.
#[derive(Debug, Args)]
#[command(mut_arg("format", offering(FORMATS)), mut_arg("release", |release| release.help(RELEASE)))]
pub struct ReportArguments {
    #[command(flatten)]
    judging: JudgingArguments,
    #[command(flatten)]
    strict: StrictArguments,
    /// The decision log, for changes since the last decision [default: decisions.jsonl beside
    /// relplan.toml]
    #[arg(long, value_name = "FILE")]
    log: Option<PathBuf>,
    /// Show a one-screen summary, decision last [default on a terminal]
    #[arg(long, conflicts_with = "full")]
    brief: bool,
    /// Show the whole report on a terminal, too
    #[arg(long)]
    full: bool,
}

impl ReportArguments {
    /// Whether the report is shortened to one screen: on demand, and where a person reads it as it is printed.
    fn is_brief(&self, screen: &Screen) -> Result<bool, Error> {
        let on_terminal = self.judging.view.is_on_the_terminal(FORMATS);
        if self.brief && !on_terminal {
            return Err(Error::BriefFormat);
        }
        Ok(self.brief || on_terminal && !self.full && screen.has_reader())
    }
}

/// Runs the command.
pub(super) fn run(arguments: &ReportArguments, global: &Global, screen: &Screen) -> Result<Verdict, Error> {
    let JudgingArguments { view, evidence, base, .. } = &arguments.judging;
    // Annotations and outputs of GitHub Actions are about one plan.
    if !view.is_in(GITHUB, FORMATS)
        && let Some((members, requests)) = members::of_workspace(&arguments.judging, global)?
    {
        return arguments.of_workspace((&members, requests), global, screen);
    }
    let project = view.load_against(evidence, base, global, screen)?;
    let step = view.step_files(FORMATS)?;
    let lower = match arguments.is_brief(screen)? {
        true => report::go_no_go::brief,
        false => report::go_no_go::report,
    };
    let plan = project.plan();
    let log = arguments.log.as_ref();
    let (shown, _) = judging::decided(&arguments.judging, log, (&project, &plan), global, screen)?;
    let outcome = outcome(&shown);
    view.show_judged(&project, &plan, (&shown, &outcome), lower, (FORMATS, step), screen)?;
    Ok(verdict(shown.decision, arguments.strict.strict))
}

impl ReportArguments {
    /// The report of every member: the release of a workspace ships when all of them may.
    fn of_workspace(
        &self,
        workspace: (&Members, Vec<Request>),
        global: &Global,
        screen: &Screen,
    ) -> Result<Verdict, Error> {
        let is_brief = self.is_brief(screen)?;
        let judge = |project: &Project| {
            let plan = project.plan();
            let decided =
                judging::decided(&self.judging, self.log.as_ref(), (project, &plan), global, screen)?;
            Ok(decided.0)
        };
        let JudgedMembers { members, is_whole } =
            members::judge(&self.judging, workspace, global, screen, judge)?;
        if members.is_empty() {
            return Err(Error::NothingChecked);
        }
        let shown = WorkspaceReport::of(global.day().0, members);
        let lower = || {
            let mut document = report::members::report(&shown, is_brief);
            if !is_whole {
                document.doubt();
            }
            document
        };
        self.judging.view.show_value(&Shown { view: &shown, whole: is_whole }, lower, FORMATS, screen)?;
        Ok(verdict(shown.decision, self.strict.strict))
    }
}

/// NO-GO is what a pipeline must stop at, and CONDITIONAL GO where only GO will do.
pub(super) fn verdict(decision: Decision, strict: bool) -> Verdict {
    match decision {
        Decision::Go => Verdict::Fine,
        Decision::ConditionalGo if !strict => Verdict::Fine,
        Decision::ConditionalGo | Decision::NoGo => Verdict::Findings,
    }
}

/// What later steps of a job learn of a report.
pub(super) fn outcome(shown: &GoNoGo) -> Outcome<'_> {
    Outcome {
        decision: shown.decision.word(),
        blockers: &shown.blockers,
        open: &shown.open,
        confidence: shown.confidence.percent,
    }
}
