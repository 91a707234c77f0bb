//! `relplan calendar`: what is due when, what is overdue, and what gets in the way of what.

use chrono::NaiveDate;
use clap::Args;

use super::view::{Formats, ViewArguments, offering};
use super::{Global, Screen, Verdict, parse_day};
use crate::error::Error;
use crate::model::id;
use crate::report;
use crate::views::calendar::{Range, calendar};

const FORMATS: Formats = &["terminal", "csv", "html", "ics", "json", "markdown", "mermaid"];

/// The arguments of `relplan calendar`.
#[derive(Debug, Args)]
#[command(mut_arg("format", offering(FORMATS)))]
pub struct CalendarArguments {
    /// The first day, such as 2027-03-01 [default: today; with --release its first milestone, unless
    /// --next is given]
    #[arg(long, value_name = "DATE", value_parser = parse_day)]
    from: Option<NaiveDate>,
    /// The last day [default: no limit]
    #[arg(long, value_name = "DATE", value_parser = parse_day)]
    to: Option<NaiveDate>,
    /// Show only the next N dates
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    next: Option<u16>,
    #[command(flatten)]
    view: ViewArguments,
}

/// Runs the command.
pub(super) fn run(arguments: &CalendarArguments, global: &Global, screen: &Screen) -> Result<Verdict, Error> {
    let (from, to) = (arguments.from, arguments.to);
    if let Some((from, to)) = from.zip(to).filter(|(from, to)| from > to) {
        return Err(Error::EmptyRange { from, to });
    }
    let project = arguments.view.load(global, screen)?;
    let plan = project.plan();
    let graph = project.graph(&plan);
    let selection = arguments.view.selection(&plan, &graph)?;
    let release = selection.release.and_then(|release| plan.find(id::parse(&release.id).ok()?));
    let range = Range { from, to, next: arguments.next.map(usize::from), release };
    let calendar = calendar(&plan, &project.config, &project.sources, global.day().0, &range);
    arguments.view.show(&plan, &calendar, report::release_calendar::report, FORMATS, screen)
}
