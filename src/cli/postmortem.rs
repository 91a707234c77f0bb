//! `relplan postmortem`: the post-mortem of an incident.

use std::path::PathBuf;

use clap::Args;

use super::trace::{id_of, no_such_entry};
use super::view::{Formats, ViewArguments, offering};
use super::{Global, Screen, Verdict};
use crate::error::Error;
use crate::report;
use crate::views::incidents::ActionLinks;
use crate::views::postmortem::postmortem;

const FORMATS: Formats = &["terminal", "html", "json", "markdown"];

/// The arguments of `relplan postmortem`.
#[derive(Debug, Args)]
#[command(mut_arg("format", offering(FORMATS)))]
pub struct PostmortemArguments {
    /// The incident, by its id
    #[arg(value_name = "ID")]
    id: String,
    /// The output format [default: terminal, or the extension of --output]
    #[arg(long, value_name = "FORMAT")]
    format: Option<String>,
    /// Write to a file instead of standard output; its extension sets the default format
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

/// Runs the command.
pub(super) fn run(
    arguments: &PostmortemArguments,
    global: &Global,
    screen: &Screen,
) -> Result<Verdict, Error> {
    let view = ViewArguments::of_plan(arguments.format.as_ref(), arguments.output.as_ref());
    let project = view.load(global, screen)?;
    let plan = project.plan();
    super::require_entries(&plan)?;
    let graph = project.graph(&plan);
    let id = id_of(&arguments.id)?;
    let index = plan.find(id).ok_or_else(|| no_such_entry(&plan, id))?;
    let Some(shown) = postmortem((&plan, &graph), &ActionLinks::new(&plan), index, global.day().0) else {
        let known = plan.incidents().map(|(entry, _)| entry.id.value.to_string()).collect();
        return Err(Error::NotAnIncident { id: id.to_string(), known });
    };
    view.show(&plan, &shown, report::postmortem::report, FORMATS, screen)
}
