//! The open work of a plan as a network: what is left to do, in which order, and who can do it.

use chrono::{Days, NaiveDate};
use rustc_hash::{FxHashMap, FxHashSet};

use super::scope::{NeedWord, Scope};
use crate::config::{Config, Team};
use crate::forecast::simulation::RiskEvent;
use crate::graph::{Graph, Selection};
use crate::model::effort::Lag;
use crate::model::epic::{Epic, Estimate, State};
use crate::model::{Entry, EntryIndex, Id, Kind, LinkKind, Plan, Text, id};
use crate::network::{Activity, Capacity, Dependency, Effort, Network};
use crate::schedule::WorkingCalendar;
use crate::source::SourceMap;

/// What a single estimate stands for: the range around it at the end of requirements (McConnell, Software Estimation,
/// 2006: the cone of uncertainty).
pub const SINGLE_ESTIMATE: [f64; 3] = [0.67, 1.0, 1.5];

/// How many working days from today on are known: about twenty years.
const MOST_DAYS: usize = 5_200;

/// Where a plan is looked at from.
#[derive(Clone, Copy)]
pub struct Viewpoint<'a, 's> {
    /// The plan.
    pub plan: &'a Plan<'s>,
    /// Its links.
    pub graph: &'a Graph,
    /// What `relplan.toml` says.
    pub config: &'a Config,
    /// The texts.
    pub sources: &'a SourceMap,
    /// The release.
    pub selection: &'a Selection,
    /// The day.
    pub today: NaiveDate,
}

/// What is assumed other than the plan says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct WhatIf {
    /// Work that is left out.
    pub without: Vec<Id>,
    /// Risks that do not occur.
    pub resolve: Vec<Id>,
    /// People that a team has more or fewer.
    pub capacity: Vec<(String, i64)>,
    /// The least need of the work that is kept.
    pub scope: Option<NeedWord>,
}

/// The open work.
#[derive(Debug)]
pub struct OpenWork {
    /// The activities and teams.
    pub network: Network,
    /// The entry of each activity.
    pub entries: Vec<EntryIndex>,
    /// The names of the teams.
    pub teams: Vec<String>,
    /// The working days, from today on.
    pub days: Vec<NaiveDate>,
    /// The risks that may make it longer, with their entries.
    pub risks: Vec<(EntryIndex, RiskEvent)>,
    /// How many work packages in scope are complete.
    pub complete: usize,
    /// What was assumed where the plan says nothing.
    pub assumptions: Vec<String>,
}

/// Why nothing can be said about the open work.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Impossible {
    /// No work package is in scope.
    NoWork,
    /// None of them has an estimate.
    NoEstimate,
    /// The teams of these have no capacity.
    NoCapacity(Vec<String>),
    /// The history ends so many weeks before today.
    OldHistory(usize),
    /// People work on no day.
    NoWorkingDay,
    /// Some wait for each other.
    Cycle(Vec<String>),
    /// Nothing was done in the weeks of the history.
    NoThroughput,
    /// Neither a history nor a throughput is stated.
    NoHistory,
    /// No number of work items is stated.
    NoItems,
    /// The work ends so late that its days are not known.
    TooLong,
}

impl Impossible {
    /// Why, and what to do.
    pub fn words(&self) -> String {
        match self {
            Impossible::NoWork => "no EPIC entry is in scope: add EPIC entries to `scope` of the release".to_owned(),
            Impossible::NoEstimate => "no open EPIC entry has an estimate: add `estimate: 5d`, or a history under `[forecast]` of relplan.toml".to_owned(),
            Impossible::NoCapacity(ids) => format!("the team of {} has no capacity: set its `people`, `allocation` and `wip_limit` above 0, or change the owner", ids.join(", ")),
            Impossible::OldHistory(weeks) => format!("the history ends {weeks} weeks before today: add the weeks since then, or use `--method estimates`"),
            Impossible::NoWorkingDay => "the calendar has no working day within a year: correct `working_days` and `holidays` of relplan.toml".to_owned(),
            Impossible::Cycle(ids) => format!("{} depend on each other: remove one of the dependencies", ids.join(", ")),
            Impossible::NoThroughput => "no work item was done in the weeks of the history: correct the history, or use `--method estimates`".to_owned(),
            Impossible::NoHistory => "no complete week of history: add `history` or `throughput` to `[forecast]` of relplan.toml".to_owned(),
            Impossible::TooLong => "the work takes more than twenty years: correct the estimates".to_owned(),
            Impossible::NoItems => "no number of work items: add `items` to the EPIC entries or to `[forecast]` of relplan.toml".to_owned(),
        }
    }
}

/// The working days from a day on; nothing if none follows within a year.
pub fn working_days(config: &Config, from: NaiveDate) -> Option<Vec<NaiveDate>> {
    let working = WorkingCalendar::new(&config.calendar);
    let first = from.checked_sub_days(Days::new(1)).and_then(|day| working.next(day))?;
    let days = std::iter::successors(Some(first), |day| working.next(*day));
    Some(days.take(MOST_DAYS).collect())
}

/// The position of the first working day from a day on.
pub fn position(days: &[NaiveDate], day: NaiveDate) -> usize {
    days.partition_point(|known| *known < day)
}

impl OpenWork {
    /// The open work of a release, as it is or as it would be.
    ///
    /// # Errors
    ///
    /// There is none, or nothing is known of it.
    pub fn new(at: Viewpoint<'_, '_>, scope: &Scope, what_if: &WhatIf) -> Result<Self, Impossible> {
        let days = working_days(at.config, at.today).ok_or(Impossible::NoWorkingDay)?;
        let (entries, complete) = members(at, scope, what_if);
        if entries.is_empty() && complete == 0 {
            return Err(Impossible::NoWork);
        }
        let mut builder = Builder::new(at, &days, &entries, what_if);
        let network = builder.network(&entries)?;
        let risks = builder.risks();
        let teams = builder.teams.iter().map(|team| team.name.value.clone()).collect();
        let mut assumptions = std::mem::take(&mut builder.assumptions);
        let network = match network.order() {
            Ok(_) => network,
            Err(cycle) => {
                let ids = cycle.activities.iter().map(|index| name(at.plan, entries[*index]));
                return Err(Impossible::Cycle(ids.collect()));
            }
        };
        assumptions.extend(what_was_changed(what_if));
        Ok(OpenWork { network, entries, teams, days, risks, complete, assumptions })
    }
}

fn what_was_changed(what_if: &WhatIf) -> Vec<String> {
    let ids = |ids: &[Id]| ids.iter().map(Id::to_string).collect::<Vec<_>>().join(", ");
    let mut words = Vec::new();
    if !what_if.without.is_empty() {
        words.push(format!("What if: without {}.", ids(&what_if.without)));
    }
    if !what_if.resolve.is_empty() {
        words.push(format!("What if: {} cannot occur.", ids(&what_if.resolve)));
    }
    for (team, change) in &what_if.capacity {
        let noun = if change.abs() == 1 { "person" } else { "people" };
        let more = if *change < 0 { "fewer" } else { "more" };
        words.push(format!("What if: {team} has {} {noun} {more}.", change.abs()));
    }
    if let Some(need) = what_if.scope {
        words.push(format!("What if: the scope ends with what is a {}.", need.word()));
    }
    words
}

/// The id of an entry.
pub fn name(plan: &Plan<'_>, index: EntryIndex) -> String {
    plan.entry(index).id.value.to_string()
}

/// The open work packages in scope and those that they depend on, by id; and how many in scope are complete.
fn members(at: Viewpoint<'_, '_>, scope: &Scope, what_if: &WhatIf) -> (Vec<EntryIndex>, usize) {
    let mut complete = 0;
    let mut members: Vec<EntryIndex> = Vec::new();
    for item in &scope.items {
        let Some(index) = id::parse(&item.id).ok().and_then(|id| at.plan.find(id)) else { continue };
        let Some(epic) = epic(at.plan.entry(index)) else { continue };
        // What has no priority is asked for like everything else.
        if what_if.scope.is_some_and(|least| item.need != NeedWord::NotStated && item.need > least) {
            continue;
        }
        if epic.is_open() {
            members.push(index);
        } else if epic.state.is_some_and(|state| state.value == State::Complete) {
            complete += 1;
        }
    }
    members.retain(|index| !is_left_out(at.plan, *index, what_if));
    let mut known: FxHashSet<EntryIndex> = members.iter().copied().collect();
    let mut at_work = 0;
    while let Some(index) = members.get(at_work).copied() {
        at_work += 1;
        for edge in at.graph.outgoing(index).filter(|edge| edge.kind == LinkKind::DependsOn) {
            let is_open = epic(at.plan.entry(edge.to)).is_some_and(Epic::is_open);
            if is_open && !is_left_out(at.plan, edge.to, what_if) && known.insert(edge.to) {
                members.push(edge.to);
            }
        }
    }
    members.sort_by_key(|index| at.plan.entry(*index).id.value);
    (members, complete)
}

fn is_left_out(plan: &Plan<'_>, index: EntryIndex, what_if: &WhatIf) -> bool {
    what_if.without.iter().any(|id| plan.find(*id) == Some(index))
}

/// The work package that an entry is.
pub fn epic<'p, 's>(entry: &'p Entry<'s>) -> Option<&'p Epic<'s>> {
    match &entry.kind {
        Kind::Epic(epic) => Some(epic),
        _ => None,
    }
}

/// The three figures of an estimate; of a single one, those that it stands for.
fn effort(estimate: Estimate) -> Option<Effort> {
    let [optimistic, likely, pessimistic] = estimate.three_points()?.map(|figure| figure.value.days());
    if matches!(estimate, Estimate::Single(_)) {
        let [low, middle, high] = SINGLE_ESTIMATE.map(|factor| factor * likely);
        return Some(Effort { optimistic: low, likely: middle, pessimistic: high });
    }
    // Figures in the wrong order are reported; what is computed from them has an order.
    let likely = likely.max(optimistic);
    Some(Effort { optimistic, likely, pessimistic: pessimistic.max(likely) })
}

struct Builder<'a, 's> {
    at: Viewpoint<'a, 's>,
    days: &'a [NaiveDate],
    teams: Vec<Team>,
    /// The teams without capacity.
    idle: Vec<Team>,
    /// The position of the activity of each entry.
    places: FxHashMap<EntryIndex, usize>,
    what_if: &'a WhatIf,
    assumptions: Vec<String>,
}

impl<'a, 's> Builder<'a, 's> {
    fn new(
        at: Viewpoint<'a, 's>,
        days: &'a [NaiveDate],
        entries: &[EntryIndex],
        what_if: &'a WhatIf,
    ) -> Self {
        let mut teams = at.config.team.clone();
        for (name, change) in &what_if.capacity {
            for team in teams.iter_mut().filter(|team| team.is_called(name)) {
                let people = i64::from(team.people).saturating_add(*change).clamp(0, i64::from(u32::MAX));
                team.people = u32::try_from(people).unwrap_or(u32::MAX);
            }
        }
        let (teams, idle) = teams.into_iter().partition(Team::has_capacity);
        let places = entries.iter().copied().zip(0..).collect();
        Builder { at, days, teams, idle, places, what_if, assumptions: Vec::new() }
    }

    fn network(&mut self, entries: &[EntryIndex]) -> Result<Network, Impossible> {
        let efforts = self.efforts(entries)?;
        let (mut without_team, mut idle) = (Vec::new(), Vec::new());
        let mut activities = Vec::with_capacity(entries.len());
        for (&index, effort) in entries.iter().zip(efforts) {
            let entry = self.at.plan.entry(index);
            let Some(epic) = epic(entry) else { continue };
            let team = self.team(entry, epic);
            // What nobody works on is never done; to take it for work that waits for nobody would be done the soonest.
            let is_idle = |owner: &Text<'_>| self.idle.iter().any(|team| team.is_called(&owner.value));
            if team.is_none() && entry.owner.as_ref().is_some_and(is_idle) {
                idle.push(name(self.at.plan, index));
            } else if team.is_none() && !self.at.config.team.is_empty() {
                without_team.push(name(self.at.plan, index));
            }
            let has_begun = !matches!(epic.state.map(|state| state.value), None | Some(State::Planned));
            let start = epic.start.filter(|_| !has_begun);
            let not_before = start.map_or(0, |start| position(self.days, start.value));
            activities.push(Activity {
                effort,
                after: self.dependencies(index),
                team,
                people: epic.people.map_or(1, |people| people.value).max(1),
                not_before: not_before as f64,
            });
        }
        if !idle.is_empty() {
            return Err(Impossible::NoCapacity(idle));
        }
        self.note("No team with capacity, so people are assumed to be free", &without_team);
        if self.at.config.team.is_empty() {
            self.assumptions
                .push("No `[team]` in relplan.toml: people are assumed to be free for all work.".to_owned());
        }
        let teams = self.teams.iter().map(|team| self.capacity(team)).collect();
        Ok(Network { activities, teams })
    }

    /// How much work is left of each.
    fn efforts(&mut self, entries: &[EntryIndex]) -> Result<Vec<Effort>, Impossible> {
        let plan = self.at.plan;
        let known: Vec<Effort> = plan.epics().filter_map(|(_, epic)| effort(epic.estimate?)).collect();
        let borrowed = spread(&known);
        let (mut efforts, mut without, mut single) = (Vec::new(), Vec::new(), 0);
        for &index in entries {
            let Some(epic) = epic(plan.entry(index)) else { continue };
            let stated = epic.estimate.and_then(effort);
            single += usize::from(matches!(epic.estimate, Some(Estimate::Single(_))));
            let whole = match (stated, borrowed) {
                (Some(stated), _) => stated,
                // A whole whose parts are estimated is their sum.
                (None, _) if self.has_parts(index) => Effort::exactly(0.0),
                (None, Some(borrowed)) => {
                    without.push(name(plan, index));
                    borrowed
                }
                (None, None) => return Err(Impossible::NoEstimate),
            };
            let left = 1.0 - epic.progress.map_or(0.0, |progress| progress.value.0 / 100.0);
            efforts.push(whole.times(left));
        }
        self.note("No estimate, so the spread of the other estimates is borrowed", &without);
        if single > 0 {
            let [low, _, high] = SINGLE_ESTIMATE;
            let taken = match single {
                1 => "1 single estimate is taken as a range, from".to_owned(),
                count => format!("{count} single estimates are taken as ranges, from"),
            };
            self.assumptions.push(format!(
                "{taken} {low} to {high} times the estimate (cone of uncertainty, requirements complete)."
            ));
        }
        Ok(efforts)
    }

    fn has_parts(&self, index: EntryIndex) -> bool {
        let parts = self.at.graph.incoming(index).filter(|edge| edge.kind == LinkKind::PartOf);
        parts.map(|edge| edge.from).any(|part| self.places.contains_key(&part))
    }

    fn note(&mut self, what: &str, ids: &[String]) {
        if !ids.is_empty() {
            self.assumptions.push(format!("{what}: {}.", ids.join(", ")));
        }
    }

    fn dependencies(&self, index: EntryIndex) -> Vec<Dependency> {
        let entry = self.at.plan.entry(index);
        let mut after: Vec<Dependency> = Vec::new();
        for edge in self.at.graph.outgoing(index).filter(|edge| edge.kind == LinkKind::DependsOn) {
            let Some(activity) = self.places.get(&edge.to).copied().filter(|_| edge.to != index) else {
                continue;
            };
            let link = entry.links.iter().find(|link| link.span.overlaps(edge.span));
            let note = link.and_then(|link| link.note.as_deref());
            let lag = note.map_or(0.0, |note| Lag::parse(self.at.sources.slice(*note)).days());
            after.push(Dependency { activity, lag });
        }
        // A whole without work of its own is done when its parts are.
        if epic(entry).is_some_and(|epic| epic.estimate.is_none()) {
            let parts = self.at.graph.incoming(index).filter(|edge| edge.kind == LinkKind::PartOf);
            let parts = parts.filter_map(|edge| self.places.get(&edge.from).copied());
            after.extend(parts.map(|activity| Dependency { activity, lag: 0.0 }));
        }
        after
    }

    /// Who does it: the owner if that is a team, or else the first team with the skills.
    fn team(&self, entry: &Entry<'_>, epic: &Epic<'_>) -> Option<usize> {
        let owner = entry.owner.as_ref();
        let owned = owner.and_then(|owner| self.teams.iter().position(|team| team.is_called(&owner.value)));
        let able = |team: &Team| epic.skills.iter().all(|skill| team.has_skill(&skill.value));
        owned.or_else(|| self.teams.iter().position(able).filter(|_| !epic.skills.is_empty()))
    }

    fn capacity(&self, team: &Team) -> Capacity {
        let last = team.absences.iter().map(|absence| absence.to).max();
        let until = last.map_or(0, |last| self.days.partition_point(|day| *day <= last));
        let away = |day: NaiveDate| {
            let absences = team.absences.iter().filter(|absence| absence.from <= day && day <= absence.to);
            absences.map(|absence| absence.people.unwrap_or(team.people)).fold(0, u32::saturating_add)
        };
        let present = self.days[..until].iter().map(|day| team.people.saturating_sub(away(*day)));
        Capacity {
            people: team.people,
            allocation: team.allocation,
            wip_limit: team.wip_limit.map(|limit| limit.value),
            present: present.collect(),
        }
    }

    /// The risks that may occur and say how much longer the work takes.
    fn risks(&mut self) -> Vec<(EntryIndex, RiskEvent)> {
        let plan = self.at.plan;
        let (mut risks, mut uncounted) = (Vec::new(), Vec::new());
        for (index, entry) in plan.indexed().filter(|(index, _)| self.at.selection.has(*index)) {
            let Kind::Risk(risk) = &entry.kind else { continue };
            let is_resolved =
                risk.is_resolved() || self.what_if.resolve.iter().any(|id| plan.find(*id) == Some(index));
            if is_resolved || plan.find(entry.id.value) != Some(index) {
                continue;
            }
            match (risk.probability, risk.delay.and_then(delay)) {
                (Some(probability), Some(delay)) => {
                    let probability = probability.value.percentage().0 / 100.0;
                    let activities = self.at_risk(index);
                    risks.push((index, RiskEvent { probability, delay, activities }));
                }
                _ => uncounted.push(entry.id.value),
            }
        }
        risks.sort_by_key(|(index, _)| plan.entry(*index).id.value);
        uncounted.sort_unstable();
        let uncounted: Vec<String> = uncounted.iter().map(Id::to_string).collect();
        self.note("No `probability` or `delay`, so not counted", &uncounted);
        risks
    }

    /// The activities that a risk and its entry link to each other.
    fn at_risk(&self, risk: EntryIndex) -> Vec<usize> {
        let named = self
            .at
            .graph
            .outgoing(risk)
            .filter(|edge| edge.kind != LinkKind::MitigatedBy)
            .map(|edge| edge.to);
        let naming = self.at.graph.incoming(risk).map(|edge| edge.from);
        let mut activities: Vec<usize> =
            named.chain(naming).filter_map(|other| self.places.get(&other).copied()).collect();
        activities.sort_unstable();
        activities.dedup();
        activities
    }
}

/// The figures of a delay as they are: it is a guess from the beginning.
fn delay(estimate: Estimate) -> Option<Effort> {
    let [optimistic, likely, pessimistic] = estimate.three_points()?.map(|figure| figure.value.days());
    let likely = likely.max(optimistic);
    Some(Effort { optimistic, likely, pessimistic: pessimistic.max(likely) })
}

/// The least, the median and the greatest of what is expected.
fn spread(known: &[Effort]) -> Option<Effort> {
    let mut expected: Vec<f64> = known.iter().map(|effort| effort.expected()).collect();
    expected.sort_by(f64::total_cmp);
    let (optimistic, pessimistic) = (*expected.first()?, *expected.last()?);
    Some(Effort { optimistic, likely: expected[expected.len() / 2], pessimistic })
}
