//! `relplan notes`: release notes.

use clap::{Args, ValueEnum};

use super::view::{Formats, ViewArguments, offering};
use super::{Global, Screen, Verdict};
use crate::error::Error;
use crate::model::release_notes::Audience;
use crate::report;
use crate::views::notes::notes;

const FORMATS: Formats = &["terminal", "html", "json", "markdown"];

/// The arguments of `relplan notes`.
#[derive(Debug, Args)]
#[command(mut_arg("format", offering(FORMATS)))]
pub struct NotesArguments {
    #[command(flatten)]
    view: ViewArguments,
    /// Only what concerns these readers; without it, everything, with the gaps
    #[arg(long, value_name = "AUDIENCE")]
    audience: Option<To>,
}

/// Readers of release notes.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(super) enum To {
    /// Users of the product
    Customers,
    /// Those who build on it
    Partners,
    /// Those who run and support it
    Operations,
}

impl From<To> for Audience {
    fn from(to: To) -> Self {
        match to {
            To::Customers => Audience::Customers,
            To::Partners => Audience::Partners,
            To::Operations => Audience::Operations,
        }
    }
}

/// Runs the command.
pub(super) fn run(arguments: &NotesArguments, global: &Global, screen: &Screen) -> Result<Verdict, Error> {
    let project = arguments.view.load(global, screen)?;
    let plan = project.plan();
    let graph = project.graph(&plan);
    let selection = arguments.view.selection_or_latest(&plan, &graph)?;
    let audience = arguments.audience.map(Audience::from);
    let notes = notes(&plan, &graph, &selection, audience, global.day().0);
    let shown = arguments.view.show(&plan, &notes, report::notes::report, FORMATS, screen)?;
    // The document for one audience is passed on as it is; whoever writes it reads this.
    let unfinished = notes.incomplete.len() + notes.gaps.len();
    if audience.is_some() && unfinished > 0 {
        screen.remark(&format!(
            "note: incomplete changes: {}, gaps: {}; run `relplan notes` without `--audience` for the list\n",
            notes.incomplete.len(),
            notes.gaps.len()
        ));
    }
    Ok(shown)
}
