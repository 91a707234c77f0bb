//! `relplan checklist`: what has to hold before, during and after a release, and how it stands.

use clap::Args;

use super::judging::{JudgementRequest, JudgingArguments};
use super::report::RELEASE;
use super::view::{Formats, offering};
use super::{Global, Screen, Verdict};
use crate::error::Error;
use crate::model::Choice;
use crate::model::dep::Stage;
use crate::report;
use crate::views::checklist::{Filter, Grouping, NoChecklist, readiness};

const FORMATS: Formats = &["terminal", "csv", "html", "json", "markdown"];

/// The arguments of `relplan checklist`.
#[derive(Debug, Args)]
#[command(mut_arg("format", offering(FORMATS)), mut_arg("release", |release| release.help(RELEASE)))]
pub struct ChecklistArguments {
    #[command(flatten)]
    judging: JudgingArguments,
    /// Only this stage: Pre-deploy, Deploy, Post-deploy or Rollback
    #[arg(long, value_name = "STAGE", value_parser = parse_stage)]
    stage: Option<Stage>,
    /// Only open checks: neither passed nor waived
    #[arg(long)]
    open: bool,
    /// Only checks of this owner: a part of the name, case-insensitive
    #[arg(long, value_name = "OWNER")]
    owner: Option<String>,
    /// Group the checks by stage, owner or category
    #[arg(long, value_name = "GROUPING", default_value = "stage", value_parser = parse_grouping)]
    by: Grouping,
}

/// Runs the command.
pub(super) fn run(
    arguments: &ChecklistArguments,
    global: &Global,
    screen: &Screen,
) -> Result<Verdict, Error> {
    let JudgingArguments { view, evidence, base, .. } = &arguments.judging;
    let project = view.load_against(evidence, base, global, screen)?;
    let plan = project.plan();
    let graph = project.graph(&plan);
    let base = project.base_plan();
    let selection = view.selection_or_next(&plan, &graph)?;
    let judging = &arguments.judging;
    let request =
        JudgementRequest::new(judging, base.as_ref(), &project, (&plan, &graph), &selection, global)?;
    let filter = Filter {
        stage: arguments.stage.map(Choice::word),
        owner: arguments.owner.clone(),
        open: arguments.open,
    };
    let readiness =
        readiness(request.basis(), &selection, &request.soundness, filter, arguments.by, global.day().0);
    let readiness = readiness.map_err(|nothing| match nothing {
        NoChecklist::ToCheck => Error::NoChecks { owners: None },
        NoChecklist::Asked { owners } => Error::NoChecks { owners: Some(owners) },
    })?;
    // A spreadsheet wants the checks as rows, and people do not.
    let lower = match view.is_in("csv", FORMATS) {
        true => report::checklist::sheet,
        false => report::checklist::report,
    };
    view.show(&plan, &readiness, lower, FORMATS, screen)
}

fn parse_grouping(text: &str) -> Result<Grouping, String> {
    let known = || Grouping::WORDS.iter().map(|(word, _)| *word).collect::<Vec<_>>().join(", ");
    Grouping::from_word(text).ok_or_else(|| format!("the groupings are {}", known()))
}

fn parse_stage(text: &str) -> Result<Stage, String> {
    let known = || Stage::WORDS.iter().map(|(word, _)| *word).collect::<Vec<_>>().join(", ");
    Stage::from_word(text).ok_or_else(|| format!("the stages are {}", known()))
}
