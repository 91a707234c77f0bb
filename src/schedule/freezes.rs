//! When deployments and merges are frozen, as moments: the freezes of the calendar, and the code freeze of each release
//! that has not shipped.

use chrono::{DateTime, NaiveTime, Utc};
use chrono_tz::Tz;

use super::{Milestone, Planned, Schedule};
use crate::config::calendar::{Boundary, CalendarSettings, Deadline, Freeze, boundary, is_branch_of};
use crate::model::{EntryIndex, Text, same_folded};

/// A freeze with its first and last moment.
#[derive(Debug)]
pub struct FreezeWindow<'p> {
    /// Where it comes from, and what it covers.
    pub source: FreezeSource<'p>,
    /// From when on it applies.
    pub from: DateTime<Utc>,
    /// Until when; absent if nobody knows.
    pub until: Option<DateTime<Utc>>,
}

/// Where a freeze comes from.
#[derive(Debug, Clone, Copy)]
pub enum FreezeSource<'p> {
    /// From `[[calendar.freezes]]`.
    Calendar(&'p Freeze),
    /// From the milestone `code_freeze` of a release. It covers merges to the branch of the release, and to every branch
    /// if the release has none of its own.
    CodeFreeze {
        /// The release.
        release: EntryIndex,
        /// Its branch.
        branch: Option<&'p str>,
    },
}

/// What is to happen, and where: what is not stated may be anything.
#[derive(Debug, Clone, Copy, Default)]
pub struct Change<'c> {
    /// The branch that is merged to.
    pub branch: Option<&'c str>,
    /// The environment that is deployed to: its name and its id, if the plan describes it.
    pub environment: Option<(&'c str, &'c str)>,
}

impl FreezeSource<'_> {
    /// Whether it covers a change. A deployment is no merge: where only one of branch and environment is stated, only what
    /// covers that is asked.
    pub fn covers(&self, change: Change<'_>) -> bool {
        match self {
            FreezeSource::Calendar(freeze) => {
                let everything = freeze.branches.is_empty() && freeze.environments.is_empty();
                let nothing_stated = change.branch.is_none() && change.environment.is_none();
                let to_environment = change.environment.is_some_and(|(name, id)| {
                    let is = |wanted: &str| same_folded(wanted, name) || same_folded(wanted, id);
                    freeze.environments.iter().any(|wanted| is(&wanted.value))
                });
                let to_branch = change.branch.is_some_and(|branch| is_branch_of(branch, &freeze.branches));
                everything || nothing_stated || to_environment || to_branch
            }
            FreezeSource::CodeFreeze { branch: own, .. } => match (change.branch, own) {
                (Some(branch), Some(own)) => branch == own.trim(),
                (Some(_), None) => true,
                (None, _) => change.environment.is_none(),
            },
        }
    }
}

/// All freezes, by their beginnings.
pub fn freeze_windows<'p>(
    schedule: &Schedule<'p>,
    settings: &'p CalendarSettings,
    zone: Tz,
) -> Vec<FreezeWindow<'p>> {
    let calendar = settings.freezes.iter().filter_map(|freeze| {
        let (from, until) = freeze.moments(zone)?;
        Some(FreezeWindow { source: FreezeSource::Calendar(freeze), from, until: Some(until) })
    });
    let of_releases = schedule.releases.iter().filter_map(|planned| code_freeze(planned, settings, zone));
    let mut windows: Vec<FreezeWindow<'p>> = calendar.chain(of_releases).collect();
    windows.sort_by_key(|window| window.from);
    windows
}

/// The code freeze of a release, if the release or the configuration states one: from the deadline of its milestone
/// until the release has shipped. When that will be, nobody knows; the end of its last planned day is what the plan says.
fn code_freeze<'p>(planned: &Planned<'p>, settings: &CalendarSettings, zone: Tz) -> Option<FreezeWindow<'p>> {
    if planned.release.is_over() {
        return None;
    }
    let milestone = planned.milestone("code_freeze").filter(|milestone| milestone.is_stated())?;
    let deadline = settings.deadline.as_ref().map_or(Deadline::END_OF_DAY, |deadline| deadline.value);
    let last = |milestone: &Milestone<'_>| milestone.until.unwrap_or(milestone.day);
    let from = deadline.moment(milestone.day, zone)?;
    let until = planned.milestone("production").and_then(|production| {
        boundary(last(production).succ_opt()?.and_time(NaiveTime::MIN), zone, Boundary::End)
    });
    let branch = planned.release.branch.as_ref().map(|branch: &Text<'p>| &*branch.value);
    Some(FreezeWindow { source: FreezeSource::CodeFreeze { release: planned.index, branch }, from, until })
}
