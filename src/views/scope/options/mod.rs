//! Scope options: the must-haves alone, the most valuable work that is likely to be complete by the date, and the most that
//! fits the capacity at all.

mod choice;

use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::Serialize;

use super::method::PriorityMethod;
use super::{NeedWord, Scope, scope};
use crate::forecast::History;
use crate::forecast::simulation::Trials;
use crate::graph::Release;
use crate::model::Id;
use crate::views::forecast::{OpenWorkForecast, Record, ReleaseDates};
use crate::views::open_work::{Impossible, OpenWork, Viewpoint, WhatIf};

use choice::{Candidate, Candidates, WorkSet};

/// The likelihood of the release date that the recommended scope has at least, in per cent.
pub const TARGET: f64 = 80.0;

/// The shares of the capacity that are tried for the recommended scope, in per cent.
const SHARES: std::ops::RangeInclusive<u64> = 50..=100;

/// How far the shares are apart.
const STEP: usize = 5;

/// How many items are tried to find the marginal one.
const MOST_TRIED: usize = 12;

/// How many trials find it.
const FEWER: u32 = 2_000;

/// What is asked.
#[derive(Debug, Clone, Copy)]
pub struct OptionsQuestion {
    /// How items are rated.
    pub method: PriorityMethod,
    /// The trials of the forecast.
    pub trials: Trials,
}

/// The output of `relplan scope --options --format json`.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(title = "Output of relplan scope --options --format json")]
pub struct ScopeOptions {
    /// The version of this format: 1.
    pub version: u32,
    /// The day on which it is true.
    pub day: NaiveDate,
    /// The release that it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub release: Option<Release>,
    /// Why there are no options; absent if there are.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub no_options: Option<String>,
    /// How items are rated.
    pub method: PriorityMethod,
    /// How the score of an item is reckoned.
    pub formula: &'static str,
    /// What the recommended and the extended scope have most of, and within what.
    pub objective: String,
    /// The release date.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub release_date: Option<NaiveDate>,
    /// The day on which the work must be complete for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub work_deadline: Option<NaiveDate>,
    /// How likely the release date is with all open work, in per cent; absent if that is not known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub whole_scope_likelihood: Option<f64>,
    /// The options, from the smallest scope to the largest.
    pub options: Vec<ScopeOption>,
    /// The open work packages, by score, the greatest first.
    pub items: Vec<OptionItem>,
    /// What each team can do until the work must be complete.
    pub capacity: Vec<TeamCapacity>,
    /// The number of trials.
    pub trials: u32,
    /// The seed of the random numbers.
    pub seed: u64,
    /// What was assumed where the plan says nothing.
    pub assumptions: Vec<String>,
}

/// Which option it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum OptionKind {
    /// The must-haves and what they depend on: the minimum viable product.
    MustOnly,
    /// The most valuable work with which the release date is at least 80 % likely.
    Recommended,
    /// The most valuable work that fits the whole capacity.
    Extended,
}

/// A scope that the release could have.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ScopeOption {
    /// Which it is.
    pub kind: OptionKind,
    /// Why there is no such option; absent if there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unavailable: Option<String>,
    /// Its items, by id.
    pub items: Vec<String>,
    /// What the items are worth together that have a value; absent if none has.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<f64>,
    /// How many of its items have none.
    pub without_value: usize,
    /// The sum of the risk figures of its items; absent if none has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub risk: Option<f64>,
    /// How many of its items have none.
    pub without_risk: usize,
    /// The days of work that are left of the items that are estimated.
    pub days: f64,
    /// Its items without an estimate: its effort and likelihood are not known.
    pub without_estimate: Vec<String>,
    /// How likely the release date is, in per cent; absent if that is not known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub likelihood: Option<f64>,
    /// The share of the capacity that its work may take, in per cent; absent for the must-haves.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub capacity_share: Option<u64>,
    /// By how many per cent another set could be worth more at most; 0 if none can. Absent for the must-haves.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gap: Option<f64>,
    /// The item that costs most likelihood; absent if none does.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub marginal: Option<Marginal>,
    /// The days that each team works for it, in the order of `capacity`.
    pub team_days: Vec<f64>,
    /// What is left out, by id.
    pub left_out: Vec<LeftOut>,
}

/// The item that costs most likelihood.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Marginal {
    /// Its id.
    pub id: String,
    /// By how many points the release date would be more likely without it.
    pub points: f64,
}

/// Something that an option leaves out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct LeftOut {
    /// Its id.
    pub id: String,
    /// Why.
    pub reason: String,
}

/// An open work package.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct OptionItem {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// How much it is needed.
    pub need: NeedWord,
    /// What it is worth by the method; absent if a figure is missing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<f64>,
    /// Its score by the method; absent if a figure is missing, or if it costs nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub score: Option<f64>,
    /// How uncertain it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub risk: Option<f64>,
    /// The days of work that are left; absent without an estimate.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub days: Option<f64>,
    /// The team that does it; absent if none of `[team]` does.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub team: Option<String>,
    /// What must be complete before it.
    pub depends_on: Vec<String>,
    /// The options that have it.
    pub options: Vec<OptionKind>,
}

/// What a team can do until the work must be complete.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct TeamCapacity {
    /// The team.
    pub team: String,
    /// Its days of work.
    pub days: f64,
}

impl OptionKind {
    /// Every option, from the smallest scope to the largest.
    pub const ALL: [OptionKind; 3] = [OptionKind::MustOnly, OptionKind::Recommended, OptionKind::Extended];

    /// What it is called.
    pub const fn title(self) -> &'static str {
        match self {
            OptionKind::MustOnly => "Must only (MVP)",
            OptionKind::Recommended => "Recommended",
            OptionKind::Extended => "Extended",
        }
    }
}

/// Why there are no options.
#[derive(Debug, Clone, PartialEq, Eq)]
enum NoOptions {
    /// Every release has shipped, or the plan has none.
    NoRelease,
    /// The release has no date.
    NoDate(String),
    /// Nothing is left to be done.
    NothingOpen,
    /// The capacity of no team is known.
    NoTeam,
    /// No open work package is rated.
    NoValue(&'static str),
    /// No forecast can be made.
    Impossible(Impossible),
}

impl NoOptions {
    fn words(&self) -> String {
        match self {
            NoOptions::NoRelease => {
                "no release is to come: add a REL entry with `date` and `scope`".to_owned()
            }
            NoOptions::NoDate(release) => format!("{release} has no date: add `date: 2027-03-01`"),
            NoOptions::NothingOpen => {
                "no EPIC entry in scope is open, so there is nothing to choose".to_owned()
            }
            NoOptions::NoTeam => {
                "no team has capacity: add `[team.NAME]` with `people` to relplan.toml".to_owned()
            }
            NoOptions::NoValue(fields) => {
                format!(
                    "no open EPIC entry in scope has all of its figures: add {fields}, or use another `--method`"
                )
            }
            NoOptions::Impossible(reason) => reason.words(),
        }
    }
}

/// The open work of a team, and what it can do until the work must be complete.
#[derive(Debug, Clone, PartialEq)]
pub struct TeamLoad {
    /// The team.
    pub team: String,
    /// The days that it has.
    pub capacity: f64,
    /// The days of its open work.
    pub work: f64,
}

/// How much work each team has, whatever that is worth.
#[derive(Debug, Clone, PartialEq)]
pub struct TeamLoads {
    /// The teams.
    pub teams: Vec<TeamLoad>,
    /// The open work packages without an estimate or a team, whose work is nobody's.
    pub unknown: Vec<String>,
}

/// How much work each team has until the work of the release must be complete; why that is not known otherwise.
///
/// # Errors
///
/// The release has no date, no team has capacity, or nothing is known of the open work.
pub fn team_loads(at: Viewpoint<'_, '_>) -> Result<TeamLoads, String> {
    let loads = || {
        let (deadline, scope, work) = open_work(at)?;
        let candidates = Candidates::new(at, &scope, &work, PriorityMethod::Value, deadline);
        let of_team = |place: usize| {
            let own = candidates.items.iter().filter(|item| item.team == Some(place));
            super::figures::rounded(own.filter_map(|item| item.days).sum::<f64>())
        };
        let teams = candidates.capacity(&work).into_iter().enumerate().map(|(place, team)| TeamLoad {
            work: of_team(place),
            team: team.team,
            capacity: team.days,
        });
        let is_unknown =
            |item: &&Candidate| item.days.is_none() || item.team.is_none() && item.days > Some(0.0);
        let unknown = candidates.items.iter().filter(is_unknown).map(|item| item.id.to_string());
        Ok(TeamLoads { teams: teams.collect(), unknown: unknown.collect() })
    };
    loads().map_err(|reason: NoOptions| reason.words())
}

/// The day on which the work must be complete, the scope, and its open work by teams.
fn open_work(at: Viewpoint<'_, '_>) -> Result<(NaiveDate, Scope, OpenWork), NoOptions> {
    let release = at.selection.release.as_ref().ok_or(NoOptions::NoRelease)?;
    let deadline = ReleaseDates::new(at).work_deadline();
    let deadline = deadline.ok_or_else(|| NoOptions::NoDate(release.name()))?;
    let scope = scope(at.plan, at.graph, at.selection, at.today);
    let work = OpenWork::new(at, &scope, &WhatIf::default()).map_err(NoOptions::Impossible)?;
    if work.entries.is_empty() {
        return Err(NoOptions::NothingOpen);
    }
    if work.teams.is_empty() {
        return Err(NoOptions::NoTeam);
    }
    Ok((deadline, scope, work))
}

/// The options of a release.
pub fn scope_options(
    at: Viewpoint<'_, '_>,
    records: &[Record],
    history: &History,
    question: OptionsQuestion,
) -> ScopeOptions {
    found(at, (records, history), question)
        .unwrap_or_else(|reason| ScopeOptions { no_options: Some(reason.words()), ..blank(at, question) })
}

fn blank(at: Viewpoint<'_, '_>, question: OptionsQuestion) -> ScopeOptions {
    let dates = ReleaseDates::new(at);
    let OptionsQuestion { method, trials } = question;
    ScopeOptions {
        version: 1,
        day: at.today,
        release: at.selection.release.clone(),
        no_options: None,
        method,
        formula: method.formula(),
        objective: format!(
            "the greatest sum of {} over open EPIC entries with all that they depend on, must-haves included, whose \
             expected work fits the capacity of each team",
            method.worth()
        ),
        release_date: dates.date(),
        work_deadline: dates.work_deadline(),
        whole_scope_likelihood: None,
        options: Vec::new(),
        items: Vec::new(),
        capacity: Vec::new(),
        trials: trials.count,
        seed: trials.seed,
        assumptions: Vec::new(),
    }
}

fn found(
    at: Viewpoint<'_, '_>,
    records: (&[Record], &History),
    question: OptionsQuestion,
) -> Result<ScopeOptions, NoOptions> {
    let (deadline, scope, work) = open_work(at)?;
    let mut made = blank(at, question);
    let candidates = Candidates::new(at, &scope, &work, question.method, deadline);
    if candidates.items.iter().all(|item| item.rating.worth.is_none()) {
        return Err(NoOptions::NoValue(match question.method {
            PriorityMethod::Value => "`value`",
            PriorityMethod::Wsjf => "`value`, `time_criticality` and `risk_reduction`",
            PriorityMethod::Rice => "`reach`, `impact` and `confidence`",
        }));
    }
    let judge = Judge { at, records, trials: question.trials, deadline, candidates: &candidates };
    let everything = vec![true; candidates.items.len()];
    made.whole_scope_likelihood = judge.likelihood(&everything);
    made.options = judge.options();
    made.capacity = candidates.capacity(&work);
    made.items = items(&candidates, &made.options);
    made.assumptions = work.assumptions;
    Ok(made)
}

fn items(candidates: &Candidates, options: &[ScopeOption]) -> Vec<OptionItem> {
    let item = |candidate: &Candidate| OptionItem {
        id: candidate.id.to_string(),
        title: candidate.title.clone(),
        need: candidate.need,
        value: candidate.rating.worth,
        score: candidate.rating.score,
        risk: candidate.risk,
        days: candidate.days,
        team: candidate.team.map(|team| candidates.teams[team].clone()),
        depends_on: candidate.needs.iter().map(|place| candidates.items[*place].id.to_string()).collect(),
        options: options
            .iter()
            .filter(|option| option.items.iter().any(|id| *id == candidate.id.to_string()))
            .map(|option| option.kind)
            .collect(),
    };
    let mut items: Vec<OptionItem> = candidates.items.iter().map(item).collect();
    let score = |item: &OptionItem| item.score.unwrap_or(f64::NEG_INFINITY);
    items.sort_by(|a, b| score(b).total_cmp(&score(a)));
    items
}

/// Says how good sets of work are.
struct Judge<'a, 's> {
    at: Viewpoint<'a, 's>,
    records: (&'a [Record], &'a History),
    trials: Trials,
    deadline: NaiveDate,
    candidates: &'a Candidates,
}

impl Judge<'_, '_> {
    fn options(&self) -> Vec<ScopeOption> {
        let must = self.candidates.must();
        let extended = self.candidates.best(100);
        let recommended = extended.as_ref().map_err(Clone::clone).and_then(|_| self.recommended(&must));
        let must_only = match (self.candidates.must_obstacle(), must.chosen.contains(&true)) {
            (Some(reason), _) => Err(reason),
            (None, true) => Ok(must),
            (None, false) => Err("no open EPIC entry in scope is a must".to_owned()),
        };
        let options = OptionKind::ALL.into_iter().zip([must_only, recommended, extended]);
        options
            .map(|(kind, found)| match found {
                Ok(set) => self.option(kind, &set),
                Err(reason) => ScopeOption { unavailable: Some(reason), ..no_option(kind) },
            })
            .collect()
    }

    /// The most valuable set within the greatest share of the capacity with which the date is likely enough; without such a
    /// share, the must-haves, if the date is likely enough with them.
    fn recommended(&self, must: &WorkSet) -> Result<WorkSet, String> {
        for share in SHARES.rev().step_by(STEP) {
            let Ok(set) = self.candidates.best(share) else { break };
            if self.likelihood(&set.chosen).is_some_and(|likelihood| likelihood >= TARGET) {
                return Ok(set);
            }
        }
        match self.likelihood(&must.chosen) {
            Some(likelihood) if likelihood >= TARGET => Ok(must.clone()),
            Some(likelihood) => Err(format!(
                "with the must-haves alone the release date is {likelihood} % likely, less than {TARGET} %"
            )),
            None => Err(format!("no scope with which the release date is {TARGET} % likely was found")),
        }
    }

    /// The open work with only these items; nothing if no forecast can be made of it.
    fn forecast(&self, chosen: &[bool]) -> Option<OpenWorkForecast> {
        let items = self.candidates.items.iter().zip(chosen);
        let is_known = |(item, is_chosen): (&Candidate, &bool)| !is_chosen || item.days.is_some();
        if !items.clone().all(is_known) {
            return None;
        }
        let without: Vec<Id> = items.filter(|(_, is_chosen)| !**is_chosen).map(|(item, _)| item.id).collect();
        let what_if = WhatIf { without, ..WhatIf::default() };
        OpenWorkForecast::new(self.at, self.records, self.trials, &what_if, false).ok()
    }

    /// How likely the release date is; nothing if an item has no estimate.
    fn likelihood(&self, chosen: &[bool]) -> Option<f64> {
        self.forecast(chosen).map(|forecast| forecast.likelihood(self.deadline))
    }

    fn option(&self, kind: OptionKind, set: &WorkSet) -> ScopeOption {
        let chosen = &set.chosen;
        let items = || self.candidates.items.iter().zip(chosen).filter(|(_, is_chosen)| **is_chosen);
        let sum = |figure: &dyn Fn(&Candidate) -> Option<f64>| {
            let stated: Vec<f64> = items().filter_map(|(item, _)| figure(item)).collect();
            let count = stated.len();
            ((count > 0).then(|| super::figures::rounded(stated.iter().sum())), items().count() - count)
        };
        let (value, without_value) = sum(&|item| item.rating.worth);
        let (risk, without_risk) = sum(&|item| item.risk);
        let mut team_days = vec![0.0; self.candidates.teams.len()];
        for (item, _) in items() {
            if let Some((team, days)) = item.team.zip(item.days) {
                team_days[team] += days;
            }
        }
        let forecast = self.forecast(chosen);
        ScopeOption {
            items: items().map(|(item, _)| item.id.to_string()).collect(),
            value,
            without_value,
            risk,
            without_risk,
            days: sum(&|item| item.days).0.unwrap_or(0.0),
            without_estimate: items()
                .filter(|(item, _)| item.days.is_none())
                .map(|(item, _)| item.id.to_string())
                .collect(),
            likelihood: forecast.as_ref().map(|forecast| forecast.likelihood(self.deadline)),
            capacity_share: set.search.map(|search| search.share),
            gap: set.search.map(|search| search.gap),
            marginal: forecast.and_then(|forecast| self.marginal(chosen, &forecast)),
            team_days: team_days.into_iter().map(super::figures::rounded).collect(),
            left_out: self.candidates.left_out(kind, set),
            ..no_option(kind)
        }
    }

    /// The item whose absence makes the date most likely, of those on which nothing else in the set depends.
    fn marginal(&self, chosen: &[bool], forecast: &OpenWorkForecast) -> Option<Marginal> {
        let places: Vec<usize> = (0..chosen.len()).filter(|place| chosen[*place]).collect();
        let mut is_needed = vec![false; chosen.len()];
        for place in &places {
            self.candidates.items[*place].needs.iter().for_each(|needed| is_needed[*needed] = true);
        }
        // The forecast has the items of the set in the same order.
        let mut last: Vec<(usize, usize)> = places.iter().copied().enumerate().collect();
        last.retain(|(_, place)| !is_needed[*place]);
        let days = |place: usize| self.candidates.items[place].days.unwrap_or(0.0);
        last.sort_by(|a, b| days(b.1).total_cmp(&days(a.1)).then(a.1.cmp(&b.1)));
        last.truncate(MOST_TRIED);
        let fewer = Trials { count: self.trials.count.min(FEWER), ..self.trials };
        let now = forecast.likelihood_without(&[], fewer, self.deadline);
        let then = |position: usize| forecast.likelihood_without(&[position], fewer, self.deadline);
        let gains = last.iter().map(|(position, place)| (then(*position) - now, *position, *place));
        let (_, position, place) = gains
            .filter(|(gain, ..)| *gain > 0.0)
            .reduce(|best, next| if next.0 > best.0 { next } else { best })?;
        let gain = forecast.likelihood_without(&[position], self.trials, self.deadline)
            - forecast.likelihood(self.deadline);
        let points = (gain * 10.0).round() / 10.0;
        (points > 0.0).then(|| Marginal { id: self.candidates.items[place].id.to_string(), points })
    }
}

fn no_option(kind: OptionKind) -> ScopeOption {
    ScopeOption {
        kind,
        unavailable: None,
        items: Vec::new(),
        value: None,
        without_value: 0,
        risk: None,
        without_risk: 0,
        days: 0.0,
        without_estimate: Vec::new(),
        likelihood: None,
        capacity_share: None,
        gap: None,
        marginal: None,
        team_days: Vec::new(),
        left_out: Vec::new(),
    }
}
