//! Why nothing can be said about the open work.

use super::dependencies::UnmetDependency;
use super::what_if::NoEffect;

/// Why nothing can be said about the open work.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Impossible {
    /// No work package is in scope.
    NoWork,
    /// What is assumed leaves nothing to do.
    NothingLeft,
    /// What is assumed changes nothing.
    NoEffect(NoEffect),
    /// None of them has an estimate.
    NoEstimate,
    /// The teams of these have no capacity.
    NoCapacity(Vec<IdleWork>),
    /// The history ends so many weeks before today.
    OldHistory(usize),
    /// These dependencies are never met, so that what depends on them is never complete.
    UnmetDependency(Vec<UnmetDependency>),
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
    /// The verifier found this in the schedule.
    NotVerified(String),
}

/// Work whose team has no capacity.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdleWork {
    /// The work package.
    pub id: String,
    /// The team that would do it.
    pub team: String,
}

impl Impossible {
    /// Why, and what to do.
    pub fn words(&self) -> String {
        match self {
            Impossible::NoWork => {
                "no EPIC entry is in scope: add EPIC entries to `scope` of the release".to_owned()
            }
            Impossible::NothingLeft => "the change leaves nothing to do: leave out less".to_owned(),
            Impossible::NoEffect(reason) => reason.words(),
            Impossible::NoEstimate => {
                "no open EPIC entry has an estimate: add `estimate: 5d`, or a history under \
                `[forecast]` of relplan.toml"
                    .to_owned()
            }
            Impossible::NoCapacity(idle) => {
                let named: Vec<String> =
                    idle.iter().map(|idle| format!("{} (team {})", idle.id, idle.team)).collect();
                format!(
                    "no capacity for {}: set `people`, `allocation` and `wip_limit` of the team above 0, or change \
                     the owner or the skills",
                    named.join(", ")
                )
            }
            Impossible::OldHistory(weeks) => format!(
                "the history ends {weeks} weeks before today: add the weeks since then, or use `--method estimates`"
            ),
            Impossible::UnmetDependency(unmet) => {
                unmet.iter().map(UnmetDependency::words).collect::<Vec<_>>().join("; ")
            }
            Impossible::NoWorkingDay => {
                "the calendar has no working day within a year: correct `working_days` and \
                `holidays` of relplan.toml"
                    .to_owned()
            }
            Impossible::Cycle(ids) => {
                format!("{} depend on each other: remove one of the dependencies", ids.join(", "))
            }
            Impossible::NoThroughput => {
                "no work item was done in the weeks of the history: correct the history, or \
                use `--method estimates`"
                    .to_owned()
            }
            Impossible::NoHistory => {
                "no complete week of history: add `history` or `throughput` to `[forecast]` of \
                relplan.toml"
                    .to_owned()
            }
            Impossible::NoItems => {
                "no number of work items: add `items` to the EPIC entries or to `[forecast]` of \
                relplan.toml"
                    .to_owned()
            }
            Impossible::TooLong => "the work takes more than twenty years: correct the estimates".to_owned(),
            Impossible::NotVerified(what) => format!(
                "the schedule that was found is wrong ({what}): this is a defect of relplan, please report it"
            ),
        }
    }
}
