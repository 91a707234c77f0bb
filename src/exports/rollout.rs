//! The rollout of a release as the tools for progressive delivery need it: phases with a share of the traffic and a length.

use super::target::{Export, ExportFile, ExportRequest, Target};
use crate::graph::Selection;
use crate::model::dep::Strategy;
use crate::model::duration::Duration;
use crate::model::rel::{Phase, Rel};
use crate::model::{Choice, Id, Kind, Plan, id};
use crate::trigger::{InstantQuery, LeftOut, Trigger};

/// The rollout of a release.
#[derive(Debug, Clone, PartialEq)]
pub struct Rollout {
    /// The release.
    pub release: Id,
    /// How it is deployed, if that is stated.
    pub strategy: Option<Strategy>,
    /// Its phases, in order.
    pub phases: Vec<RolloutPhase>,
}

/// A phase of a rollout.
#[derive(Debug, Clone, PartialEq)]
pub struct RolloutPhase {
    /// What it is called; empty if it has no name.
    pub name: String,
    /// The share of the traffic, in per cent, if it is stated.
    pub traffic: Option<f64>,
    /// How long it lasts; nothing if a person ends it.
    pub length: Option<Duration>,
    /// Its length as written, if that is no single duration.
    pub unclear_length: Option<String>,
}

/// Why there is no rollout to write.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoRollout {
    /// Why.
    pub reason: String,
    /// What to do about it.
    pub help: String,
}

impl NoRollout {
    pub(super) fn new(reason: impl Into<String>, help: impl Into<String>) -> Self {
        NoRollout { reason: reason.into(), help: help.into() }
    }
}

impl Rollout {
    /// The rollout of the selected release, or else of the only release that has one.
    pub(super) fn of(plan: &Plan<'_>, selection: &Selection) -> Result<Rollout, NoRollout> {
        let wanted = selection.release.as_ref().and_then(|release| id::parse(&release.id).ok());
        let mut found = Vec::new();
        for entry in plan.entries() {
            let Kind::Rel(rel) = &entry.kind else { continue };
            let is_wanted = wanted.is_none_or(|wanted| wanted == entry.id.value);
            if is_wanted && !rel.rollout.is_empty() {
                found.push((entry.id.value, &**rel));
            }
        }
        match found.as_slice() {
            [] => {
                Err(NoRollout::new("the plan has no `rollout`", "add `rollout` with phases to the release"))
            }
            [(id, rel)] => Ok(Rollout::new(*id, rel)),
            several => {
                let names: Vec<String> = several.iter().map(|(id, _)| id.to_string()).collect();
                Err(NoRollout::new(
                    format!("several releases have a rollout: {}", names.join(", ")),
                    "choose one with `--release`",
                ))
            }
        }
    }

    fn new(release: Id, rel: &Rel<'_>) -> Self {
        Rollout {
            release,
            strategy: rel.strategy.map(|strategy| strategy.value),
            phases: rel.rollout.iter().map(RolloutPhase::new).collect(),
        }
    }

    /// The weights of a canary in whole per cent, each with its phase.
    ///
    /// # Errors
    ///
    /// It is another strategy, or a phase has no such weight or no clear length.
    pub(super) fn weights(&self) -> Result<Vec<(u8, &RolloutPhase)>, NoRollout> {
        if let Some(strategy) = self.strategy.filter(|strategy| *strategy != Strategy::Canary) {
            return Err(NoRollout::new(
                format!("the strategy of {} is {}", self.release, strategy.word()),
                "only canary rollouts have weights; write `strategy: canary`",
            ));
        }
        let weight = |phase: &RolloutPhase| -> Result<u8, NoRollout> {
            let name = phase.shown();
            let traffic = phase.traffic.ok_or_else(|| {
                NoRollout::new(
                    format!("{name} of {} has no traffic", self.release),
                    "add `traffic: 25%` to it",
                )
            })?;
            if let Some(written) = &phase.unclear_length {
                return Err(NoRollout::new(
                    format!("the duration `{written}` of {name} of {} is not a time", self.release),
                    "write a duration such as `10m`, or leave it out to wait for a person",
                ));
            }
            let whole = traffic.round();
            if (traffic - whole).abs() > f64::EPSILON || !(0.0..=100.0).contains(&whole) {
                return Err(NoRollout::new(
                    format!("the traffic of {name} of {} is {traffic} %", self.release),
                    "write a whole number of per cent",
                ));
            }
            Ok(whole as u8)
        };
        self.phases.iter().map(|phase| Ok((weight(phase)?, phase))).collect()
    }

    /// How long all phases last together; nothing if a person ends one.
    pub(super) fn length(&self) -> Option<Duration> {
        let lengths: Option<Vec<u64>> =
            self.phases.iter().map(|phase| phase.length.map(Duration::millis)).collect();
        Some(Duration::from_millis(lengths?.into_iter().fold(0_u64, u64::saturating_add)))
    }

    /// Refuses a rollout that ends before one of the triggers could fire, or be unknown for long enough.
    pub(super) fn refuse_too_short(&self, triggers: &[Analysis<'_>]) -> Result<(), NoRollout> {
        let needs = |trigger: &Trigger| trigger.hold.max(trigger.unknown_hold());
        let longest = triggers.iter().map(|analysis| analysis.trigger).max_by_key(|trigger| needs(trigger));
        match (longest, self.length()) {
            (Some(trigger), Some(length)) if needs(trigger) >= length => Err(NoRollout::new(
                format!("the rollout lasts {length}, and {} could not fire in that time", trigger.id),
                "write longer phases, or a shorter `for`",
            )),
            _ => Ok(()),
        }
    }
}

/// A trigger that a tool for progressive delivery evaluates.
#[derive(Debug)]
pub(super) struct Analysis<'t> {
    /// The trigger.
    pub(super) trigger: &'t Trigger,
    /// What is asked of Prometheus.
    pub(super) instant: InstantQuery,
    /// How often.
    pub(super) interval: Duration,
}

impl<'t> Analysis<'t> {
    /// The triggers that a tool can evaluate as the plan means them, and all rollbacks that are left out. `refuse` says what
    /// else the tool cannot do, and what to do about that.
    pub(super) fn all(
        request: &'t ExportRequest,
        tool: &str,
        interval: fn(&InstantQuery) -> Duration,
        refuse: fn(&Trigger, &str) -> Option<(String, String)>,
    ) -> (Vec<Analysis<'t>>, Vec<LeftOut>) {
        let (mut analyses, mut left_out) = (Vec::new(), request.left_out.clone());
        for trigger in &request.triggers {
            match of_tool(trigger, tool, refuse) {
                Ok(instant) => analyses.push(Analysis { trigger, interval: interval(&instant), instant }),
                Err((reason, help)) => left_out.push(LeftOut {
                    id: trigger.id,
                    reason,
                    help,
                    is_automatic: trigger.automatic == Some(true),
                }),
            }
        }
        left_out.sort_by_key(|left_out| left_out.id);
        (analyses, left_out)
    }

    /// The name of its resource.
    pub(super) fn name(&self) -> String {
        resource_name(self.trigger.id)
    }
}

fn of_tool(
    trigger: &Trigger,
    tool: &str,
    refuse: fn(&Trigger, &str) -> Option<(String, String)>,
) -> Result<InstantQuery, (String, String)> {
    if trigger.automatic != Some(true) {
        let reason = match trigger.automatic {
            Some(_) => "the plan leaves the rollback to a person",
            None => "the plan does not state `automatic`",
        };
        return Err((
            format!("{tool} acts by itself, and {reason}"),
            "write `automatic: yes`, or use the alert of `relplan export prometheus`".to_owned(),
        ));
    }
    let instant = trigger.instant_query().map_err(|reason| (reason.reason(), reason.help().to_owned()))?;
    refuse(trigger, &instant.query.to_string()).map_or(Ok(instant), Err)
}

/// The name of the Deployment that is rolled out.
pub(super) fn workload(request: &ExportRequest) -> Result<&str, NoRollout> {
    let unknown = || NoRollout::new("the name of the Deployment is not known", "pass `--workload NAME`");
    request.workload.as_deref().ok_or_else(unknown)
}

impl RolloutPhase {
    fn new(phase: &Phase<'_>) -> Self {
        let written = phase.duration.as_ref().map(|duration| duration.value.trim());
        let length = written.and_then(Duration::parse);
        RolloutPhase {
            name: phase.name.as_ref().map(|name| name.value.trim().to_owned()).unwrap_or_default(),
            traffic: phase.traffic.map(|traffic| traffic.value.0),
            length,
            unclear_length: written.filter(|_| length.is_none()).map(str::to_owned),
        }
    }

    fn shown(&self) -> String {
        if self.name.is_empty() { "a phase".to_owned() } else { format!("phase `{}`", self.name) }
    }
}

/// A length of time as Go reads it, which knows no days: `168h`.
pub(super) fn go_duration(length: Duration) -> String {
    const UNITS: [(&str, u64); 4] = [("h", 3_600_000), ("m", 60_000), ("s", 1_000), ("ms", 1)];
    let (mut left, mut text) = (length.millis(), String::new());
    for (unit, size) in UNITS {
        if left >= size {
            text += &format!("{}{unit}", left / size);
            left %= size;
        }
    }
    if text.is_empty() { "0s".to_owned() } else { text }
}

/// The name of a Kubernetes resource for an entry: `DEP-401` is `dep-401`.
fn resource_name(id: Id) -> String {
    let letter =
        |letter: char| if letter.is_ascii_alphanumeric() { letter.to_ascii_lowercase() } else { '-' };
    id.to_string().chars().map(letter).collect()
}

/// The files of a tool that rolls out by the analysis of metrics: templates of analyses, and the rollout that uses them.
pub(super) struct RolloutFiles {
    /// The target that they belong to.
    pub(super) target: &'static Target,
    /// The tool, as messages name it.
    pub(super) tool: &'static str,
    /// The name of the file with the templates.
    pub(super) templates: &'static str,
    /// What the tool calls the rollout.
    pub(super) resource: &'static str,
    /// The name of its file.
    pub(super) rollout: &'static str,
    /// How often the tool measures.
    pub(super) interval: fn(&InstantQuery) -> Duration,
    /// What the tool cannot do as the plan means it: a reason, and a help.
    pub(super) refuse: fn(&Trigger, &str) -> Option<(String, String)>,
    /// Writes a template.
    pub(super) template: fn(&ExportRequest, &Analysis<'_>) -> String,
    /// Writes the rollout.
    pub(super) write_rollout: fn(&ExportRequest, &[Analysis<'_>]) -> Result<String, NoRollout>,
}

impl RolloutFiles {
    /// Writes both files; the templates alone where the plan describes no rollout.
    pub(super) fn export(&self, request: &ExportRequest) -> Export {
        let (analyses, left_out) = Analysis::all(request, self.tool, self.interval, self.refuse);
        let mut export = Export { left_out, ..Export::default() };
        if analyses.is_empty() {
            return export;
        }
        let header = request.header(self.target, &export.left_out);
        let templates: Vec<String> =
            analyses.iter().map(|analysis| (self.template)(request, analysis)).collect();
        export.files.push(ExportFile::text(self.templates, header.clone() + &templates.join("---\n")));
        match (self.write_rollout)(request, &analyses) {
            Ok(rollout) => export.files.push(ExportFile::text(self.rollout, header + &rollout)),
            Err(NoRollout { reason, help }) => {
                export.remarks.push(format!("no {}: {reason}; {help}", self.resource));
            }
        }
        export
    }
}
