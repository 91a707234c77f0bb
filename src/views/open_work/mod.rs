//! The open work of a plan as a network: what is left to do, in which order, and who can do it.

mod dependencies;
mod impossible;
mod what_if;

use chrono::{Days, NaiveDate};
use rustc_hash::{FxHashMap, FxHashSet};

use super::scope::{NeedWord, Scope};
use crate::config::{Config, Team};
use crate::forecast::simulation::RiskEvent;
use crate::graph::{Graph, Selection, to_come};
use crate::model::effort::Lag;
use crate::model::epic::{Epic, Estimate, State};
use crate::model::{Entry, EntryIndex, Id, Kind, LinkKind, Plan, id};
use crate::network::{Activity, Capacity, Dependency, Effort, Network};
use crate::schedule::WorkingCalendar;
use crate::source::SourceMap;

use dependencies::OpenDependencies;
pub use dependencies::{UnmetDependency, UnmetReason};
pub use impossible::{IdleWork, Impossible};
pub use what_if::{NoEffect, WhatIf};

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

/// The open work packages of a release and what may delay them, whether they have estimates or not.
#[derive(Debug)]
pub struct OpenScope {
    /// The open work packages.
    pub entries: Vec<EntryIndex>,
    /// How many work packages in scope are complete.
    pub complete: usize,
    /// The risks that may make it longer, with their entries; the activities are positions in `entries`.
    pub risks: Vec<(EntryIndex, RiskEvent)>,
    /// What was assumed where the plan says nothing.
    pub assumptions: Vec<String>,
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
    /// The work packages that have no estimate of their own, and are no whole of others that have.
    pub without_estimate: Vec<EntryIndex>,
    /// The work packages that no team does: people are assumed to be free for them.
    pub without_team: Vec<EntryIndex>,
    /// What was assumed where the plan says nothing.
    pub assumptions: Vec<String>,
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

impl OpenScope {
    /// The open work packages of a release, as they are or as they would be.
    ///
    /// # Errors
    ///
    /// What is assumed has no effect, or leaves nothing to do.
    pub fn new(at: Viewpoint<'_, '_>, scope: &Scope, what_if: &WhatIf) -> Result<Self, Impossible> {
        let (entries, complete) = members(at, scope, what_if);
        what_if::check_scope(at, scope, what_if, &entries)?;
        let mut notes = Notes::default();
        let risks = risks(at, &entries, &mut notes);
        let risks = what_if::without_resolved(at.plan, what_if, risks)?;
        let open = OpenDependencies::new(at, &entries, what_if);
        if !open.unmet.is_empty() {
            return Err(Impossible::UnmetDependency(open.unmet));
        }
        notes.add("Not complete and no EPIC entry, so when it will be is not known", &open.elsewhere);
        let excluded: FxHashSet<&str> = scope.out_of_scope.iter().map(|out| out.id.as_str()).collect();
        let needed: Vec<String> = entries.iter().map(|index| name(at.plan, *index)).collect();
        let needed: Vec<String> = needed.into_iter().filter(|id| excluded.contains(id.as_str())).collect();
        notes.add("Open, excluded from the release, and needed", &needed);
        let is_deferred = |index: &EntryIndex| {
            let epic = epic(at.plan.entry(*index));
            epic.is_some_and(|epic| epic.state.is_some_and(|state| state.value == State::Deferred))
        };
        let releases = to_come(at.plan, at.selection).into_iter();
        let in_scope = releases.flat_map(|release| at.graph.outgoing(release));
        let in_scope = in_scope.filter(|edge| edge.kind == LinkKind::Scope).map(|edge| edge.to);
        let mut deferred: Vec<EntryIndex> = in_scope.filter(is_deferred).collect();
        deferred.sort_by_key(|index| at.plan.entry(*index).id.value);
        deferred.dedup();
        let deferred: Vec<String> = deferred.into_iter().map(|index| name(at.plan, index)).collect();
        notes.add("In scope, but deferred, so not counted", &deferred);
        notes.add("Not in this plan, and taken as complete", &open.outside);
        Ok(OpenScope { entries, complete, risks, assumptions: notes.0 })
    }

    /// Whether there is no work at all, done or to be done.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty() && self.complete == 0
    }
}

impl OpenWork {
    /// The open work of a release, as it is or as it would be.
    ///
    /// # Errors
    ///
    /// There is none, or nothing is known of it.
    pub fn new(at: Viewpoint<'_, '_>, scope: &Scope, what_if: &WhatIf) -> Result<Self, Impossible> {
        let days = working_days(at.config, at.today).ok_or(Impossible::NoWorkingDay)?;
        let OpenScope { entries, complete, risks, assumptions } = OpenScope::new(at, scope, what_if)?;
        if entries.is_empty() && complete == 0 {
            return Err(Impossible::NoWork);
        }
        let mut builder = Builder::new(at, &days, &entries, what_if);
        let network = builder.network(&entries)?;
        let teams: Vec<String> = builder.teams.iter().map(|team| team.name.value.clone()).collect();
        let Builder { notes: Notes(mut all), without_team, without_estimate, .. } = builder;
        what_if::check_capacity(at.config, what_if, &network, &teams)?;
        if let Err(cycle) = network.order() {
            let ids = cycle.activities.iter().map(|index| name(at.plan, entries[*index]));
            return Err(Impossible::Cycle(ids.collect()));
        }
        all.extend(assumptions);
        all.extend(what_if.words());
        Ok(OpenWork {
            network,
            entries,
            teams,
            days,
            risks,
            complete,
            without_estimate,
            without_team,
            assumptions: all,
        })
    }
}

/// The id of an entry.
pub fn name(plan: &Plan<'_>, index: EntryIndex) -> String {
    plan.entry(index).id.value.to_string()
}

/// The open work packages in scope and those that they depend on, by id; and how many in scope are complete.
fn members(at: Viewpoint<'_, '_>, scope: &Scope, what_if: &WhatIf) -> (Vec<EntryIndex>, usize) {
    let mut complete = 0;
    let left_out: FxHashSet<EntryIndex> = what_if.without.iter().filter_map(|id| at.plan.find(*id)).collect();
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
    members.retain(|index| !left_out.contains(index));
    let mut known: FxHashSet<EntryIndex> = members.iter().copied().collect();
    let mut at_work = 0;
    while let Some(index) = members.get(at_work).copied() {
        at_work += 1;
        for edge in at.graph.outgoing(index).filter(|edge| edge.kind == LinkKind::DependsOn) {
            let is_open = epic(at.plan.entry(edge.to)).is_some_and(Epic::is_open);
            if is_open && !left_out.contains(&edge.to) && known.insert(edge.to) {
                members.push(edge.to);
            }
        }
    }
    members.sort_by_key(|index| at.plan.entry(*index).id.value);
    (members, complete)
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
    without_team: Vec<EntryIndex>,
    without_estimate: Vec<EntryIndex>,
    notes: Notes,
}

/// What was assumed, in words.
#[derive(Default)]
struct Notes(Vec<String>);

impl Notes {
    fn add(&mut self, what: &str, ids: &[String]) {
        if !ids.is_empty() {
            self.0.push(format!("{what}: {}.", ids.join(", ")));
        }
    }
}

/// Who does a work package.
enum Doer<'t> {
    /// A team, by its position.
    Team(usize),
    /// A team that has no capacity.
    Idle(&'t Team),
    /// No team that is known.
    Unknown,
}

impl<'a, 's> Builder<'a, 's> {
    fn new(at: Viewpoint<'a, 's>, days: &'a [NaiveDate], entries: &[EntryIndex], what_if: &WhatIf) -> Self {
        let mut teams = at.config.team.clone();
        teams.iter_mut().for_each(|team| team.people = what_if.people(team));
        let (teams, idle) = teams.into_iter().partition(Team::has_capacity);
        let places = entries.iter().copied().zip(0..).collect();
        Builder {
            at,
            days,
            teams,
            idle,
            places,
            without_team: Vec::new(),
            without_estimate: Vec::new(),
            notes: Notes::default(),
        }
    }

    fn network(&mut self, entries: &[EntryIndex]) -> Result<Network, Impossible> {
        let efforts = self.efforts(entries)?;
        let mut idle = Vec::new();
        let mut activities = Vec::with_capacity(entries.len());
        for (&index, effort) in entries.iter().zip(efforts) {
            let entry = self.at.plan.entry(index);
            let Some(epic) = epic(entry) else { continue };
            let team = match self.doer(entry, epic) {
                Doer::Team(team) => Some(team),
                // Work of a team without people is never done; without a capacity limit it would be done the soonest.
                Doer::Idle(team) => {
                    idle.push(IdleWork { id: name(self.at.plan, index), team: team.name.value.clone() });
                    None
                }
                Doer::Unknown => {
                    self.without_team.push(index);
                    None
                }
            };
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
        if self.at.config.team.is_empty() {
            self.notes
                .0
                .push("No `[team]` in relplan.toml: people are assumed to be free for all work.".to_owned());
        } else {
            let ids: Vec<String> = self.without_team.iter().map(|index| name(self.at.plan, *index)).collect();
            self.notes.add("No team with capacity, so people are assumed to be free", &ids);
        }
        let teams = self.teams.iter().map(|team| self.capacity(team)).collect();
        Ok(Network { activities, teams }.reduced())
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
                    self.without_estimate.push(index);
                    borrowed
                }
                (None, None) => return Err(Impossible::NoEstimate),
            };
            let left = 1.0 - epic.progress.map_or(0.0, |progress| progress.value.0 / 100.0);
            efforts.push(whole.times(left));
        }
        self.notes.add("No estimate, so the spread of the other estimates is borrowed", &without);
        if single > 0 {
            let [low, _, high] = SINGLE_ESTIMATE;
            let taken = match single {
                1 => "1 single estimate is taken as a range, from".to_owned(),
                count => format!("{count} single estimates are taken as ranges, from"),
            };
            self.notes.0.push(format!(
                "{taken} {low} to {high} times the estimate (cone of uncertainty, requirements complete)."
            ));
        }
        Ok(efforts)
    }

    fn has_parts(&self, index: EntryIndex) -> bool {
        let parts = self.at.graph.incoming(index).filter(|edge| edge.kind == LinkKind::PartOf);
        parts.map(|edge| edge.from).any(|part| self.places.contains_key(&part))
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

    /// Who does it: the owner if that is a team, or else the first team with the skills, rather one with capacity.
    fn doer(&self, entry: &Entry<'_>, epic: &Epic<'_>) -> Doer<'_> {
        let owns = |team: &Team| entry.owner.as_ref().is_some_and(|owner| team.is_called(&owner.value));
        let is_able = |team: &Team| {
            !epic.skills.is_empty() && epic.skills.iter().all(|skill| team.has_skill(&skill.value))
        };
        for fits in [&owns as &dyn Fn(&Team) -> bool, &is_able] {
            if let Some(team) = self.teams.iter().position(fits) {
                return Doer::Team(team);
            }
            if let Some(team) = self.idle.iter().find(|team| fits(team)) {
                return Doer::Idle(team);
            }
        }
        Doer::Unknown
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
}

/// The risks that may occur and say how much longer the work takes, with the positions of the entries that they delay.
fn risks(at: Viewpoint<'_, '_>, entries: &[EntryIndex], notes: &mut Notes) -> Vec<(EntryIndex, RiskEvent)> {
    let plan = at.plan;
    let places: FxHashMap<EntryIndex, usize> = entries.iter().copied().zip(0..).collect();
    let (mut risks, mut uncounted, mut aimless) = (Vec::new(), Vec::new(), Vec::new());
    for (index, entry) in plan.indexed().filter(|(index, _)| at.selection.has(*index)) {
        let Kind::Risk(risk) = &entry.kind else { continue };
        if risk.is_resolved() || plan.find(entry.id.value) != Some(index) {
            continue;
        }
        let stated = risk.probability.zip(risk.delay.and_then(delay));
        match (stated, at_risk(at, index, &places)) {
            (None, _) => uncounted.push(entry.id.value),
            (Some(_), AtRisk::NothingOpen) => aimless.push(entry.id.value),
            (Some((probability, delay)), AtRisk::Activities(activities)) => {
                let probability = probability.value.percentage().0 / 100.0;
                risks.push((index, RiskEvent { probability, delay, activities }));
            }
        }
    }
    risks.sort_by_key(|(index, _)| plan.entry(*index).id.value);
    let mut note = |what: &str, mut ids: Vec<Id>| {
        ids.sort_unstable();
        notes.add(what, &ids.iter().map(Id::to_string).collect::<Vec<_>>());
    };
    note("No `probability` or `delay`, so not counted", uncounted);
    note("Linked with no open EPIC entry in scope, so not counted", aimless);
    risks
}

/// What a risk delays.
enum AtRisk {
    /// These activities; the end, if there are none.
    Activities(Vec<usize>),
    /// Only work packages that are complete or not in scope.
    NothingOpen,
}

/// The activities that a risk and its entry link to each other.
fn at_risk(at: Viewpoint<'_, '_>, risk: EntryIndex, places: &FxHashMap<EntryIndex, usize>) -> AtRisk {
    let named = at.graph.outgoing(risk).filter(|edge| edge.kind != LinkKind::MitigatedBy).map(|edge| edge.to);
    let naming = at.graph.incoming(risk).map(|edge| edge.from);
    let linked: Vec<EntryIndex> =
        named.chain(naming).filter(|other| epic(at.plan.entry(*other)).is_some()).collect();
    let mut activities: Vec<usize> = linked.iter().filter_map(|other| places.get(other).copied()).collect();
    activities.sort_unstable();
    activities.dedup();
    match activities.is_empty() && !linked.is_empty() {
        true => AtRisk::NothingOpen,
        false => AtRisk::Activities(activities),
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
