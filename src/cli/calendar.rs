//! `relplan calendar`: what is due when, what is overdue, and what conflicts; in a workspace over all members.

use chrono::NaiveDate;
use clap::Args;
use rustc_hash::FxHashSet;

use super::members::WORKSPACE_ITSELF;
use super::view::{Formats, ViewArguments, offering};
use super::{EvidenceArguments, Global, Screen, Verdict, parse_day};
use crate::error::Error;
use crate::model::{Plan, id};
use crate::project::{Members, Project, Request};
use crate::report;
use crate::views::Shown;
use crate::views::calendar::{Calendar, MemberCalendar, MissingMember, Range, calendar, of_workspace};

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
    if let Some((members, requests)) =
        global.workspace(arguments.view.paths(), &EvidenceArguments::default())?
    {
        return arguments.of_workspace(&members, requests, global, screen);
    }
    let project = arguments.view.load(global, screen)?;
    let next = arguments.next.map(usize::from);
    let calendar = arguments.of_plan(&project, next, global)?;
    arguments.view.show(&project.plan(), &calendar, report::release_calendar::report, FORMATS, screen)
}

impl CalendarArguments {
    fn range(&self, next: Option<usize>) -> Range {
        Range { from: self.from, to: self.to, next, ..Range::default() }
    }

    fn of_plan(&self, project: &Project, next: Option<usize>, global: &Global) -> Result<Calendar, Error> {
        let plan = project.plan();
        let selection = self.view.selection(&plan, &project.graph(&plan))?;
        let release = selection.release.as_ref().and_then(|release| plan.find(id::parse(&release.id).ok()?));
        let of_release = release.map_or_else(FxHashSet::default, |_| selection.entries(&plan));
        let range = Range { release, of_release, ..self.range(next) };
        Ok(calendar(&plan, &project.config, &project.sources, global.day().0, &range))
    }

    /// One calendar over all plans of a workspace. The workspace itself has trains, freezes and holidays even if it has
    /// no entries.
    fn of_workspace(
        &self,
        members: &Members,
        requests: Vec<Request>,
        global: &Global,
        screen: &Screen,
    ) -> Result<Verdict, Error> {
        let mut parts = Vec::new();
        let mut missing: Vec<MissingMember> =
            members.missing().map(|(member, reason)| MissingMember { member, reason }).collect();
        let mut whole = None;
        let mut is_whole = true;
        let mut known = Vec::new();
        for request in requests {
            let project = global.load_request(&request, screen)?;
            self.view.guard(&project, &[])?;
            is_whole &= project.plan().is_whole();
            let range = self.range(None);
            let of_settings =
                || calendar(&Plan::default(), &project.config, &project.sources, global.day().0, &range);
            if request.is_workspace {
                whole = Some(of_settings());
            }
            let own = match self.of_plan(&project, None, global) {
                Err(Error::NothingChecked) if request.is_workspace && self.view.names_release() => continue,
                Err(Error::NothingChecked) if request.is_workspace => of_settings(),
                Err(error @ (Error::NothingChecked | Error::NothingReadable)) => {
                    let member = request.member.unwrap_or_else(|| WORKSPACE_ITSELF.to_owned());
                    missing.push(MissingMember { member, reason: error.to_string() });
                    continue;
                }
                // A release belongs to some of the members; the others have nothing to add.
                Err(Error::NoSuchRelease { known: own, .. }) => {
                    let member = request.member.unwrap_or_else(|| WORKSPACE_ITSELF.to_owned());
                    known.extend(own.into_iter().map(|release| format!("{member}: {release}")));
                    continue;
                }
                own => own?,
            };
            parts.push(MemberCalendar { member: request.member, calendar: own });
        }
        if let (Some(name), true) = (self.view.release(), parts.is_empty()) {
            return Err(Error::NoSuchRelease { name: name.to_owned(), known });
        }
        let Some(whole) = whole else { return Err(Error::NothingChecked) };
        let range = self.range(self.next.map(usize::from));
        let shown = of_workspace(parts, missing, whole, &range);
        let lower = || {
            let mut document = report::release_calendar::report(&shown);
            if !is_whole {
                document.doubt();
            }
            document
        };
        let whole = is_whole && shown.missing.is_empty();
        self.view.show_value(&Shown { view: &shown, whole }, lower, FORMATS, screen)
    }
}
