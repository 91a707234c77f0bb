//! `relplan audit`: which controls of a framework rest on which evidence, and what is missing.

use std::path::PathBuf;

use chrono::{Months, NaiveDate};
use clap::Args;

use super::judging::log_path;
use super::view::{Formats, ViewArguments, offering};
use super::{BaseArguments, EvidenceArguments, Global, Screen, Verdict, parse_day};
use crate::error::Error;
use crate::graph::{Graph, Selection};
use crate::model::{Plan, same_folded};
use crate::project::{CheckOptions, Project, decision_log};
use crate::report;
use crate::verdict::gates::Soundness;
use crate::verdict::log;
use crate::views::audit::{AuditRequest, AuditView, audit, chosen_frameworks, known_frameworks, releases_of};

const FORMATS: Formats = &["terminal", "csv", "html", "json", "markdown"];

/// The arguments of `relplan audit`.
#[derive(Debug, Args)]
#[command(
    mut_arg("format", offering(FORMATS)),
    mut_arg("release", |release| release.help(
        "The release to audit: an id, a version, or `next` [default: next, or the releases of the period]"
    ))
)]
pub struct AuditArguments {
    #[command(flatten)]
    view: ViewArguments,
    #[command(flatten)]
    evidence: EvidenceArguments,
    /// A framework to audit: soc2, iso27001, gdpr, hipaa, pci-dss, npr7123, or one of relplan.toml; repeatable
    /// [default: `frameworks` of [audit]]
    #[arg(long, value_name = "NAME")]
    framework: Vec<String>,
    /// Audit the releases from this day on [default: a year before the end of the period]
    #[arg(long, value_name = "DATE", value_parser = parse_day, conflicts_with = "release")]
    from: Option<NaiveDate>,
    /// Audit the releases up to this day [default: today]
    #[arg(long, value_name = "DATE", value_parser = parse_day, conflicts_with = "release")]
    to: Option<NaiveDate>,
    /// The decision log [default: decisions.jsonl beside relplan.toml]
    #[arg(long, value_name = "FILE")]
    log: Option<PathBuf>,
    /// Exit with 1 if a control fails or lacks evidence
    #[arg(long)]
    check: bool,
}

/// Runs the command.
pub(super) fn run(arguments: &AuditArguments, global: &Global, screen: &Screen) -> Result<Verdict, Error> {
    let view = &arguments.view;
    let project = view.load_with(&arguments.evidence, global, screen)?;
    let log = log_path(arguments.log.as_ref(), &project);
    view.guard(&project, &[&log])?;
    let plan = project.plan();
    let graph = project.graph(&plan);
    let frameworks = arguments.frameworks(&project)?;
    let today = global.day().0;
    let period = arguments.period(today)?;
    let selections = arguments.selections(&plan, &graph, period)?;
    let levels = super::check::levels(&project, &[], &BaseArguments::default())?;
    let inputs = project.inputs_of_gates(&plan, None, global.moment())?;
    let (outcome, _) =
        project.check(&plan, &graph, inputs.reported(), CheckOptions::default(), &levels, today);
    let releases = selections.into_iter().map(|selection| {
        let soundness = Soundness::new(&plan, &project.sources, &selection, &outcome.findings);
        (selection, soundness)
    });
    let decisions = log::verify(&decision_log::read(&log)?, None);
    let request = AuditRequest {
        basis: inputs.basis(&project, &plan, &graph),
        releases: releases.collect(),
        frameworks,
        decisions: decisions
            .map(|summary| summary.records)
            .map_err(|broken| decision_log::in_words(&broken).join("; ")),
        period,
        today,
    };
    let shown = audit(&request);
    // A spreadsheet wants the evidence as rows, and people do not.
    let lower = match view.is_in("csv", FORMATS) {
        true => report::audit::sheet,
        false => report::audit::report,
    };
    let verdict = view.show(&plan, &shown, lower, FORMATS, screen)?;
    let is_open = is_open(&shown) || !plan.is_whole();
    Ok(if arguments.check && is_open { Verdict::Findings } else { verdict })
}

/// Whether a control misses evidence, or is not met.
fn is_open(view: &AuditView) -> bool {
    let mut controls = view.frameworks.iter().flat_map(|framework| &framework.controls);
    controls.any(|control| control.verdict.keeps_closed())
}

impl AuditArguments {
    /// The frameworks to audit.
    fn frameworks(&self, project: &Project) -> Result<Vec<String>, Error> {
        let known = known_frameworks(&project.config);
        let mut chosen: Vec<String> = Vec::new();
        for name in &self.framework {
            let found = known.iter().find(|known| same_folded(known, name));
            let unknown = || Error::NoSuchFramework { name: name.clone(), known: known.clone() };
            chosen.push(found.ok_or_else(unknown)?.clone());
        }
        if self.framework.is_empty() {
            chosen = chosen_frameworks(&project.config);
        }
        let mut unique: Vec<String> = Vec::new();
        for name in chosen {
            if !unique.iter().any(|other| same_folded(other, &name)) {
                unique.push(name);
            }
        }
        if unique.is_empty() { Err(Error::NoFramework { known }) } else { Ok(unique) }
    }

    /// The period, if the audit is about one.
    fn period(&self, today: NaiveDate) -> Result<Option<(NaiveDate, NaiveDate)>, Error> {
        if self.from.is_none() && self.to.is_none() {
            return Ok(None);
        }
        let to = self.to.unwrap_or(today);
        let from = self.from.or_else(|| to.checked_sub_months(Months::new(12))).unwrap_or(to);
        match from > to {
            true => Err(Error::NoPeriod { from, to, hint: "`--from` must not be after `--to`" }),
            false => Ok(Some((from, to))),
        }
    }

    /// The releases to audit.
    fn selections(
        &self,
        plan: &Plan<'_>,
        graph: &Graph,
        period: Option<(NaiveDate, NaiveDate)>,
    ) -> Result<Vec<Selection>, Error> {
        let Some((from, to)) = period else {
            return Ok(vec![self.view.selection_or_next(plan, graph)?]);
        };
        super::require_entries(plan)?;
        let ids = releases_of(plan, from, to);
        ids.iter().map(|id| super::view::one_release(plan, graph, Some(id))).collect()
    }
}
