//! `relplan matrix`: what of one family is linked to what of another.

use clap::Args;

use super::view::{Formats, ViewArguments, offering};
use super::{EvidenceArguments, Global, Screen, Verdict};
use crate::error::Error;
use crate::model::{Families, Plan, Prefix};
use crate::report;
use crate::views::matrix::{Question, is_of, matrix};

const FORMATS: Formats = &["terminal", "csv", "dot", "html", "json", "markdown", "mermaid"];

/// The arguments of `relplan matrix`.
#[derive(Debug, Args)]
#[command(mut_arg("format", offering(FORMATS)))]
pub struct MatrixArguments {
    /// The family of the rows, such as EPIC
    from: String,
    /// The family of the columns, such as TEST
    to: String,
    #[command(flatten)]
    view: ViewArguments,
    #[command(flatten)]
    evidence: EvidenceArguments,
    /// Include indirect links through parts, such as an epic whose feature has a test
    #[arg(long)]
    through: bool,
}

/// Runs the command.
pub(super) fn run(arguments: &MatrixArguments, global: &Global, screen: &Screen) -> Result<Verdict, Error> {
    let project = arguments.view.load_with(&arguments.evidence, global, screen)?;
    let plan = project.plan();
    let from = family(&arguments.from, &plan, &project.config.families)?;
    let to = family(&arguments.to, &plan, &project.config.families)?;
    let graph = project.graph(&plan);
    let selection = arguments.view.selection(&plan, &graph)?;
    let inputs = project.inputs(&plan, None, global.moment())?;
    let question = Question { from, to, through: arguments.through };
    let matrix = matrix(inputs.basis(&project, &plan, &graph), &selection, question, global.day().0);
    arguments.view.show(&plan, &matrix, report::matrix::report, FORMATS, screen)
}

/// A family that exists, with entries or without. One that nobody knows must not look like an empty one.
fn family<'n>(name: &'n str, plan: &Plan<'_>, families: &Families) -> Result<&'n str, Error> {
    let name = name.trim_end_matches('-');
    let occurs = plan.families().any(|(prefix, _)| is_of(prefix, name));
    let known =
        || Prefix::new(&name.to_ascii_uppercase()).is_some_and(|prefix| families.of(&prefix).is_some());
    if occurs || known() {
        return Ok(name);
    }
    let known = plan.families().map(|(prefix, _)| prefix.to_string()).collect();
    Err(Error::NoSuchFamily { family: name.to_owned(), known })
}
