//! `relplan calendar`: what is due when, what is overdue, and what gets in the way of what.

use chrono::NaiveDate;
use clap::Args;

use super::{Global, Paths, Screen, Verdict, ViewFormat};
use crate::error::Error;
use crate::formats::table;
use crate::model::{EntryIndex, Plan};
use crate::views::calendar::{Range, calendar};

/// The arguments of `relplan calendar`.
#[derive(Debug, Args)]
pub struct CalendarArguments {
    #[command(flatten)]
    paths: Paths,
    /// The first day, such as 2027-03-01 [default: today]
    #[arg(long, value_name = "DATE", value_parser = super::parse_day)]
    from: Option<NaiveDate>,
    /// The last day [default: all that is known]
    #[arg(long, value_name = "DATE", value_parser = super::parse_day)]
    to: Option<NaiveDate>,
    /// At most so many things
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    next: Option<u32>,
    /// Only this release: an id, a version, or `next`
    #[arg(long, value_name = "RELEASE")]
    release: Option<String>,
    /// How to write the calendar
    #[arg(long, value_name = "FORMAT", default_value = "terminal")]
    format: ViewFormat,
}

/// Runs the command.
pub(super) fn run(
    arguments: &CalendarArguments,
    global: &Global,
    screen: &Screen,
) -> Result<Verdict, Error> {
    if let (Some(from), Some(to)) = (arguments.from, arguments.to)
        && from > to
    {
        return Err(Error::EmptyRange { from, to });
    }
    let project = global.load(&arguments.paths, screen)?;
    let plan = project.plan();
    let (today, _) = global.day();
    let release = arguments.release.as_deref().map(|name| find(&plan, name, today)).transpose()?;
    let next = arguments.next.and_then(|next| usize::try_from(next).ok());
    let range = Range { from: arguments.from, to: arguments.to, next, release };
    let calendar = calendar(&plan, &project.config, &project.sources, today, &range);
    match arguments.format {
        ViewFormat::Json => screen.json(&calendar)?,
        ViewFormat::Terminal => screen.product(table::agenda(&calendar, screen.style().width).as_bytes())?,
    }
    super::remark_unread(&plan, screen);
    Ok(Verdict::Fine)
}

/// The release that is named; `next` is the first that is still to go out.
fn find(plan: &Plan<'_>, name: &str, today: NaiveDate) -> Result<EntryIndex, Error> {
    let coming = || {
        let dated = plan.releases().filter(|(_, release)| !release.is_over());
        let dated = dated.filter_map(|(entry, release)| Some((release.date?.value, entry.id.value)));
        let (_, id) = dated.filter(|(date, _)| *date >= today).min()?;
        plan.find(id)
    };
    let found = if name == "next" { coming() } else { plan.release(name) };
    let known = plan.releases().map(|(entry, release)| match &release.version {
        Some(version) => format!("{} ({})", entry.id.value, version.value),
        None => entry.id.value.to_string(),
    });
    found.ok_or_else(|| Error::NoSuchRelease { name: name.to_owned(), known: known.collect() })
}
