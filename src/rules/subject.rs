//! What rules look at.

use std::sync::OnceLock;

use chrono::NaiveDate;

use super::dates::calendar::Calendar;
use super::evidence::approvals::Signed;
use super::{AskedGate, Compared};
use crate::config::Config;
use crate::evidence::Evidence;
use crate::evidence::matching::TestMatches;
use crate::forecast::History;
use crate::graph::Graph;
use crate::metrics::Deliveries;
use crate::model::Plan;
use crate::source::SourceMap;
use crate::source::settings::ConfigurationFiles;
use crate::verdict::signature::Signatures;

/// Everything a rule may look at.
pub struct Subject<'a> {
    /// The texts.
    pub sources: &'a SourceMap,
    /// What `relplan.toml` says.
    pub config: &'a Config,
    /// The entries.
    pub plan: &'a Plan<'a>,
    /// Their links.
    pub graph: &'a Graph,
    /// What machines reported.
    pub evidence: &'a Evidence<'a>,
    /// The day that the plan is looked at.
    pub today: NaiveDate,
    /// The gate that is asked for, if one is.
    pub gate: Option<AskedGate<'a>>,
    /// What the plan is compared with, if it is.
    pub compared: Option<Compared<'a>>,
    /// What was done in the past, if `relplan.toml` names files that say so.
    pub history: Option<&'a History>,
    /// The configuration files that environments name, if they were read.
    pub configuration_files: Option<&'a ConfigurationFiles>,
    /// The deployments and incidents on record, if they were read.
    pub deliveries: Option<&'a Deliveries>,
    /// Which results prove which tests, if that was worked out before.
    pub(super) known_matches: Option<&'a TestMatches>,
    /// The same, once a rule has asked for it.
    pub(super) matches: OnceLock<TestMatches>,
    /// The plan on the calendar, once a rule has asked for it.
    pub(super) calendar: OnceLock<Calendar<'a>>,
    /// What checks of the signatures of approvals showed, if there were any.
    pub(super) signatures: Option<&'a Signatures>,
    /// Its approvals, once a rule has asked for them.
    pub(super) approvals: OnceLock<Vec<Signed>>,
}

impl<'a> Subject<'a> {
    /// A plan, its graph, its configuration and its evidence, looked at on a day.
    pub fn new(
        sources: &'a SourceMap,
        config: &'a Config,
        plan: &'a Plan<'a>,
        graph: &'a Graph,
        reported: impl Into<Reported<'a>>,
        today: NaiveDate,
    ) -> Self {
        let Reported { evidence, matches: known_matches, signatures } = reported.into();
        let (gate, compared, history, configuration_files, deliveries) = Default::default();
        let (matches, calendar, approvals) = Default::default();
        Subject {
            sources,
            config,
            plan,
            graph,
            evidence,
            today,
            gate,
            compared,
            history,
            configuration_files,
            deliveries,
            known_matches,
            matches,
            calendar,
            signatures,
            approvals,
        }
    }
}

/// Evidence, with what it proves if that was worked out before.
#[derive(Clone, Copy)]
pub struct Reported<'a> {
    /// What machines reported.
    pub evidence: &'a Evidence<'a>,
    /// Which results prove which tests.
    pub matches: Option<&'a TestMatches>,
    /// What checks of the signatures of approvals showed.
    pub signatures: Option<&'a Signatures>,
}

impl<'a> From<&'a Evidence<'a>> for Reported<'a> {
    fn from(evidence: &'a Evidence<'a>) -> Self {
        Reported { evidence, matches: None, signatures: None }
    }
}
