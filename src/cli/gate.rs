//! `relplan gate`: one gate, what it asks for, and how that stands.

use clap::Args;

use super::github::Outcome;
use super::judging::{JudgementRequest, JudgingArguments, PastDecisions, StrictArguments};
use super::report::{FORMATS, RELEASE};
use super::view::offering;
use super::{Global, Screen, Verdict};
use crate::config::{Gate, gates};
use crate::error::Error;
use crate::model::phrase::counted;
use crate::project::Project;
use crate::report;
use crate::verdict::decision::GateStatus;
use crate::verdict::gates::{DisabledGate, disabled_gates};
use crate::views::base::BaseView;
use crate::views::go_no_go::one_gate;

/// The arguments of `relplan gate`.
#[derive(Debug, Args)]
#[command(mut_arg("format", offering(FORMATS)), mut_arg("release", |release| release.help(RELEASE)))]
pub struct GateArguments {
    /// The gate: feature-complete, alpha, beta, production, hotfix, or one of relplan.toml
    name: String,
    #[command(flatten)]
    judging: JudgingArguments,
    #[command(flatten)]
    strict: StrictArguments,
}

/// Runs the command.
pub(super) fn run(arguments: &GateArguments, global: &Global, screen: &Screen) -> Result<Verdict, Error> {
    let JudgingArguments { view, evidence, base, .. } = &arguments.judging;
    let project = view.load_against(evidence, base, global, screen)?;
    let gate = named(&project, &arguments.name)?;
    let step = view.step_files(FORMATS)?;
    let plan = project.plan();
    let graph = project.graph(&plan);
    let base = project.base_plan();
    let selection = view.selection_or_next(&plan, &graph)?;
    let judging = &arguments.judging;
    let request =
        JudgementRequest::new(judging, base.as_ref(), &project, (&plan, &graph), &selection, global)?;
    let shown = one_gate(request.basis(), &request.question(global, &PastDecisions::default()), gate);
    let outcome = Outcome {
        decision: shown.gate.status.word(),
        blockers: &shown.blockers,
        open: &[],
        confidence: None,
    };
    view.show_judged(&project, &plan, (&shown, &outcome), report::go_no_go::gate, (FORMATS, step), screen)?;
    // A gate that does not ask whether the plan is sound must not let through what `--base` is there to stop.
    let loosened = request.base.as_ref().map_or(0, BaseView::open);
    let is_loosened = loosened > 0 && !arguments.judging.base.allow_loosened;
    if is_loosened {
        let loosened = counted(loosened, "loosened requirement");
        screen.remark(&format!(
            "{loosened} against the base: run `relplan check --base` with the same revision\n"
        ));
    }
    match is_loosened || stops(shown.gate.status, arguments.strict.strict) {
        true => Ok(Verdict::Findings),
        false => Ok(Verdict::Fine),
    }
}

/// Whether a pipeline must stop at a gate: it fails, or it has conditions and only PASS will do.
pub(super) fn stops(status: GateStatus, strict: bool) -> bool {
    match status {
        GateStatus::Pass => false,
        GateStatus::Conditional => strict,
        GateStatus::Fail => true,
    }
}

/// The gate of a name. One that does not exist, or is disabled, must not look like one that is open.
pub(super) fn named<'p>(project: &'p Project, name: &str) -> Result<&'p Gate, Error> {
    let all = &project.config.gates;
    let gate = gates::find(all, name).ok_or_else(|| Error::NoSuchGate {
        name: name.to_owned(),
        near: gates::near(all, name),
        known: gates::names(all),
    })?;
    let disabled = disabled_gates(all, &project.sources).into_iter().find(|known| known.name == gate.name);
    match disabled {
        Some(DisabledGate { name, place, .. }) => Err(Error::GateDisabled { name, place }),
        None => Ok(gate),
    }
}
