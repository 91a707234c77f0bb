//! The open work as items to choose from, and why one is left out.

use chrono::NaiveDate;
use rustc_hash::{FxHashMap, FxHashSet};

use super::super::figures::{Figures, rounded};
use super::super::method::{PriorityMethod, Rating};
use super::super::{NeedWord, Scope};
use super::{LeftOut, OptionKind, TeamCapacity};
use crate::knapsack::{self, Choice, Effort, Infeasible, Problem};
use crate::model::{EntryIndex, Id};
use crate::network::CriticalPath;
use crate::views::open_work::{OpenWork, Viewpoint, epic};

/// An open work package that can be chosen.
pub(super) struct Candidate {
    pub(super) id: Id,
    pub(super) title: String,
    pub(super) need: NeedWord,
    pub(super) rating: Rating,
    pub(super) risk: Option<f64>,
    /// The days of work that are left, if it is estimated.
    pub(super) days: Option<f64>,
    /// The team that does it, by its position.
    pub(super) team: Option<usize>,
    /// The positions of what it depends on.
    pub(super) needs: Vec<usize>,
    /// Why it cannot be part of the recommended or the extended scope.
    obstacle: Option<Obstacle>,
}

/// Why an item cannot be chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Obstacle {
    /// It will not be had this time.
    Wont,
    /// The release excludes it.
    Excluded,
    /// These figures are missing.
    Unrated(Vec<&'static str>),
    /// It has no estimate.
    NoEstimate,
    /// No team does it whose capacity is known.
    NoTeam,
    /// It and what it depends on take longer than there is time, even if people are always free.
    TooLong,
}

impl Obstacle {
    fn words(&self) -> String {
        match self {
            Obstacle::Wont => "won't have".to_owned(),
            Obstacle::Excluded => "excluded from the release".to_owned(),
            Obstacle::Unrated(missing) => {
                let fields: Vec<String> = missing.iter().map(|field| format!("`{field}`")).collect();
                format!("unknown: no {}", fields.join(", no "))
            }
            Obstacle::NoEstimate => "unknown: no `estimate`".to_owned(),
            Obstacle::NoTeam => "unknown: no team of `[team]` does it".to_owned(),
            Obstacle::TooLong => {
                "cannot be complete in time after what it depends on, even if people are always free"
                    .to_owned()
            }
        }
    }

    /// Whether a required item with it leaves open what fits.
    fn is_unknown_effort(&self) -> bool {
        matches!(self, Obstacle::NoEstimate | Obstacle::NoTeam)
    }
}

/// The work to choose from.
pub(super) struct Candidates {
    pub(super) items: Vec<Candidate>,
    pub(super) teams: Vec<String>,
    /// The hundredths of a day of each team until the work must be complete.
    parts: Vec<u64>,
}

/// A set of work packages.
#[derive(Debug, Clone)]
pub(super) struct WorkSet {
    /// Whether each candidate is in it.
    pub(super) chosen: Vec<bool>,
    /// How it was found; the must-haves need no search.
    pub(super) search: Option<Search>,
}

/// How a set was found.
#[derive(Debug, Clone, Copy)]
pub(super) struct Search {
    /// The share of the capacity that it fits, in per cent.
    pub(super) share: u64,
    /// By how many per cent another set could be worth more at most.
    pub(super) gap: f64,
}

/// How finely work and capacity are counted: in hundredths of a day, as they are shown, so that no sum differs from what it
/// is the sum of.
const PARTS: f64 = 100.0;

/// Values are counted in hundredths; more than this is taken for as much.
const MOST_VALUE: f64 = 1e12;

impl Candidates {
    pub(super) fn new(
        at: Viewpoint<'_, '_>,
        scope: &Scope,
        work: &OpenWork,
        method: PriorityMethod,
        deadline: NaiveDate,
    ) -> Self {
        let needs: FxHashMap<&str, NeedWord> =
            scope.items.iter().map(|item| (item.id.as_str(), item.need)).collect();
        let without_estimate: FxHashSet<EntryIndex> = work.without_estimate.iter().copied().collect();
        let excluded: FxHashSet<&str> = scope.out_of_scope.iter().map(|out| out.id.as_str()).collect();
        let count = work.entries.len();
        let days: Vec<f64> = (0..count)
            .map(|place| work.network.days(place, work.network.activities[place].effort.expected()))
            .collect();
        let path = CriticalPath::new(&work.network, &days).ok();
        let known = work.days.partition_point(|day| *day <= deadline);
        let candidate = |place: usize| {
            let entry = at.plan.entry(work.entries[place]);
            let activity = &work.network.activities[place];
            let is_estimated = !without_estimate.contains(&work.entries[place]);
            let id = entry.id.value;
            let in_scope = needs.get(id.to_string().as_str()).copied();
            let need = in_scope.unwrap_or(NeedWord::NotStated);
            // What is not in scope is only chosen if something needs it, so that it is worth nothing by itself.
            let rating = epic(entry).filter(|_| in_scope.is_some()).map(|epic| method.rate(epic));
            let rating = rating.unwrap_or_default();
            let finish = path.as_ref().map_or(f64::INFINITY, |path| path.floats[place].early_finish);
            let obstacle = match () {
                () if need == NeedWord::Wont => Some(Obstacle::Wont),
                () if in_scope.is_none() && excluded.contains(id.to_string().as_str()) => {
                    Some(Obstacle::Excluded)
                }
                () if !is_estimated => Some(Obstacle::NoEstimate),
                () if activity.team.is_none() && days[place] > 0.0 => Some(Obstacle::NoTeam),
                () if need != NeedWord::Must && !rating.missing.is_empty() => {
                    Some(Obstacle::Unrated(rating.missing.clone()))
                }
                () if need != NeedWord::Must && finish > known as f64 + 1e-6 => Some(Obstacle::TooLong),
                () => None,
            };
            Candidate {
                id,
                title: entry.title().to_owned(),
                need,
                rating,
                risk: epic(entry).and_then(|epic| Figures::of(epic).risk),
                days: is_estimated.then(|| rounded(activity.effort.expected())),
                team: activity.team,
                needs: activity.after.iter().map(|before| before.activity).collect(),
                obstacle,
            }
        };
        let parts = work.network.teams.iter().map(|team| {
            let people: f64 = (0..known).map(|day| f64::from(team.on(day))).sum();
            (people * team.allocation * PARTS + 1e-6).floor() as u64
        });
        Candidates {
            items: (0..count).map(candidate).collect(),
            teams: work.teams.clone(),
            parts: parts.collect(),
        }
    }

    /// What each team can do.
    pub(super) fn capacity(&self, work: &OpenWork) -> Vec<TeamCapacity> {
        let teams = work.teams.iter().zip(&self.parts);
        teams
            .map(|(team, parts)| TeamCapacity { team: team.clone(), days: rounded(*parts as f64 / PARTS) })
            .collect()
    }

    /// Why the must-haves cannot be had: one of them, or what it depends on, is not part of the release.
    pub(super) fn must_obstacle(&self) -> Option<String> {
        let must = self.must();
        let mut needed = self.items.iter().zip(&must.chosen).filter(|(_, is_must)| **is_must);
        let (item, obstacle) = needed.find_map(|(item, _)| {
            let obstacle = item.obstacle.as_ref()?;
            matches!(obstacle, Obstacle::Wont | Obstacle::Excluded).then_some((item, obstacle))
        })?;
        Some(format!("a must-have depends on {}: {}", item.id, obstacle.words()))
    }

    /// The must-haves and what they depend on.
    pub(super) fn must(&self) -> WorkSet {
        let mut chosen = vec![false; self.items.len()];
        let mut stack: Vec<usize> =
            (0..self.items.len()).filter(|place| self.items[*place].need == NeedWord::Must).collect();
        while let Some(place) = stack.pop() {
            if !std::mem::replace(&mut chosen[place], true) {
                stack.extend(&self.items[place].needs);
            }
        }
        WorkSet { chosen, search: None }
    }

    /// The most valuable set within a share of the capacity; why there is none otherwise.
    pub(super) fn best(&self, share: u64) -> Result<WorkSet, String> {
        if let Some(reason) = self.must_obstacle() {
            return Err(reason);
        }
        let must = self.must();
        let items = self.items.iter().zip(&must.chosen);
        let unknown = items.clone().filter(|(item, is_must)| {
            **is_must && item.obstacle.as_ref().is_some_and(Obstacle::is_unknown_effort)
        });
        let unknown: Vec<String> = unknown
            .map(|(item, _)| {
                format!("{} ({})", item.id, item.obstacle.as_ref().map(Obstacle::words).unwrap_or_default())
            })
            .collect();
        if !unknown.is_empty() {
            return Err(format!("must-haves whose work is unknown: {}", unknown.join(", ")));
        }
        let item = |(item, is_must): (&Candidate, &bool)| knapsack::Item {
            value: (item.rating.worth.unwrap_or(0.0).clamp(0.0, MOST_VALUE) * 100.0).round() as u64,
            takes: item.team.zip(item.parts()),
            needs: item.needs.clone(),
            choice: match &item.obstacle {
                // What a must-have depends on is needed whatever it is worth.
                Some(Obstacle::Unrated(_) | Obstacle::TooLong) if *is_must => Choice::Required,
                Some(_) => Choice::Excluded,
                None if *is_must => Choice::Required,
                None => Choice::Free,
            },
        };
        let capacities = self.parts.iter().map(|parts| parts * share / 100).collect();
        let problem = Problem { items: items.map(item).collect(), capacities };
        match knapsack::solve(&problem, Effort::USUAL) {
            Ok(solution) => {
                let gap = (solution.gap() * 10_000.0).ceil() / 100.0;
                Ok(WorkSet { chosen: solution.chosen, search: Some(Search { share, gap }) })
            }
            Err(Infeasible::TooMuch { capacity, taken }) => Err(format!(
                "the must-haves need {} days of {}, which has {} until the work must be complete",
                rounded(taken as f64 / PARTS),
                self.teams[capacity],
                rounded(problem.capacities[capacity] as f64 / PARTS)
            )),
            Err(Infeasible::NeedsExcluded { excluded }) => Err(format!(
                "a must-have depends on {}: {}",
                self.items[excluded].id,
                self.items[excluded].obstacle.as_ref().map(Obstacle::words).unwrap_or_default()
            )),
        }
    }

    /// What an option leaves out, and why.
    pub(super) fn left_out(&self, kind: OptionKind, set: &WorkSet) -> Vec<LeftOut> {
        let chosen = &set.chosen;
        let share = set.search.map_or(100, |search| search.share);
        let mut left: Vec<u64> = self.parts.iter().map(|parts| parts * share / 100).collect();
        for (item, _) in self.items.iter().zip(chosen).filter(|(_, is_chosen)| **is_chosen) {
            if let Some((team, parts)) = item.team.zip(item.parts()) {
                left[team] = left[team].saturating_sub(parts);
            }
        }
        let out = (0..self.items.len()).filter(|place| !chosen[*place]);
        out.map(|place| LeftOut {
            id: self.items[place].id.to_string(),
            reason: match kind {
                OptionKind::MustOnly if self.items[place].need != NeedWord::Wont => "not a must".to_owned(),
                _ => self.reason(place, chosen, &left),
            },
        })
        .collect()
    }

    /// Why an item is left out that could be chosen.
    fn reason(&self, place: usize, chosen: &[bool], left: &[u64]) -> String {
        if let Some(obstacle) = &self.items[place].obstacle {
            return obstacle.words();
        }
        // The item with what it depends on and is not chosen either.
        let (mut added, mut at) = (vec![place], 0);
        let mut known: FxHashSet<usize> = added.iter().copied().collect();
        let mut wanted = vec![0u64; left.len()];
        while let Some(&place) = added.get(at) {
            at += 1;
            let item = &self.items[place];
            if item.obstacle.is_some() {
                return format!("depends on {}, which is left out", item.id);
            }
            if let Some((team, parts)) = item.team.zip(item.parts()) {
                wanted[team] += parts;
            }
            added.extend(item.needs.iter().filter(|needed| !chosen[**needed] && known.insert(**needed)));
        }
        let days = |parts: u64| rounded(parts as f64 / PARTS);
        match (0..left.len()).find(|team| wanted[*team] > left[*team]) {
            Some(team) => {
                let with = if added.len() > 1 { " with what it depends on" } else { "" };
                format!(
                    "does not fit{with}: needs {} days of {}, of which {} are left",
                    days(wanted[team]),
                    self.teams[team],
                    days(left[team])
                )
            }
            None => "adds no value".to_owned(),
        }
    }
}

impl Candidate {
    /// The hundredths of a day of work that are left.
    fn parts(&self) -> Option<u64> {
        self.days.map(|days| (days * PARTS).round().max(0.0) as u64)
    }
}
