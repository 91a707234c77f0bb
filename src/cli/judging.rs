//! What the commands that judge a release have in common: the evidence, the profile, what the rules found.

use std::path::PathBuf;

use clap::Args;

use super::view::ViewArguments;
use super::{BaseArguments, EvidenceArguments, Global, Screen};
use crate::error::Error;
use crate::finding::Denominator;
use crate::graph::{Graph, Selection};
use crate::model::Plan;
use crate::project::{
    BaseComparison, BasePlan, CheckOptions, JudgementInputs, Project, decision_log, output,
};
use crate::rules::Outcome;
use crate::verdict::Basis;
use crate::verdict::gates::Soundness;
use crate::verdict::log::{self, Record};
use crate::views::base::BaseView;
use crate::views::go_no_go::{GoNoGo, Question, go_no_go};

/// The arguments of every command that judges a release.
#[derive(Debug, Args)]
pub(super) struct JudgingArguments {
    #[command(flatten)]
    pub(super) view: ViewArguments,
    #[command(flatten)]
    pub(super) evidence: EvidenceArguments,
    #[command(flatten)]
    pub(super) base: BaseArguments,
    /// Name of the policy profile to apply: conservative, moderate, aggressive, regulated, or one of
    /// relplan.toml [default: from the release context]
    #[arg(long, value_name = "PROFILE")]
    pub(super) profile: Option<String>,
}

impl JudgingArguments {
    /// What is judged where nothing is named: the plan, its own evidence, its own profile.
    pub(super) fn of_plan() -> Self {
        let (evidence, base) = (EvidenceArguments::default(), BaseArguments::default());
        JudgingArguments { view: ViewArguments::of_plan(None, None), evidence, base, profile: None }
    }
}

/// What stops a pipeline beside NO-GO and FAIL.
#[derive(Debug, Args)]
pub(super) struct StrictArguments {
    /// Exit with 1 also on CONDITIONAL GO, or if the gate is CONDITIONAL
    #[arg(long)]
    pub(super) strict: bool,
}

/// Everything that is judged, whatever the release.
pub(super) struct Gathered<'p> {
    /// What is known from outside.
    pub(super) inputs: JudgementInputs<'p>,
    /// What the rules found.
    pub(super) outcome: Outcome,
    /// What they looked at.
    pub(super) denominator: Denominator,
    /// What the plan was compared with, if it was.
    pub(super) base: Option<BaseView>,
}

impl<'p> Gathered<'p> {
    /// Gathers everything that is judged, compares it with its base, and runs the rules.
    pub(super) fn new(
        (profile, of_base): (Option<&str>, &BaseArguments),
        base: Option<&BasePlan<'p>>,
        (project, plan, graph): (&'p Project, &'p Plan<'p>, &'p Graph),
        global: &Global,
    ) -> Result<Self, Error> {
        let levels = super::check::levels(project, &[], of_base)?;
        let inputs = project.inputs_of_gates(plan, profile, global.moment())?;
        let today = global.day().0;
        let compared = base.map(|base| base.compare(project, (plan, graph), &inputs, profile, today));
        let asked = CheckOptions { compared: compared.as_ref().map(BaseComparison::compared) };
        let (outcome, denominator) = project.check(plan, graph, inputs.reported(), asked, &levels, today);
        let base = compared.as_ref().map(|compared| compared.view(project));
        Ok(Gathered { inputs, outcome, denominator, base })
    }
}

/// Everything that is judged.
pub(super) struct JudgementRequest<'p> {
    /// The files.
    pub(super) project: &'p Project,
    /// The plan.
    pub(super) plan: &'p Plan<'p>,
    /// Its links.
    pub(super) graph: &'p Graph,
    /// Its subject.
    pub(super) selection: &'p Selection,
    /// What is known from outside.
    pub(super) inputs: JudgementInputs<'p>,
    /// What the rules found.
    pub(super) soundness: Soundness,
    /// What they looked at.
    pub(super) denominator: Denominator,
    /// What the plan was compared with, if it was.
    pub(super) base: Option<BaseView>,
}

impl<'p> JudgementRequest<'p> {
    /// Gathers everything that is judged, compares it with its base, and runs the rules.
    pub(super) fn new(
        arguments: &JudgingArguments,
        base: Option<&BasePlan<'p>>,
        project: &'p Project,
        (plan, graph): (&'p Plan<'p>, &'p Graph),
        selection: &'p Selection,
        global: &Global,
    ) -> Result<Self, Error> {
        let asked = (arguments.profile.as_deref(), &arguments.base);
        let gathered = Gathered::new(asked, base, (project, plan, graph), global)?;
        let Gathered { inputs, outcome, denominator, base } = gathered;
        let soundness = Soundness::new(plan, &project.sources, selection, &outcome.findings);
        Ok(JudgementRequest { project, plan, graph, selection, inputs, soundness, denominator, base })
    }

    /// What a judge needs.
    pub(super) fn basis(&self) -> Basis<'_> {
        self.inputs.basis(self.project, self.plan, self.graph)
    }

    /// What is asked about it, and what was decided before.
    pub(super) fn question<'q>(&'q self, global: &Global, past: &'q PastDecisions) -> Question<'q> {
        Question {
            selection: self.selection,
            today: global.day().0,
            because: &self.inputs.because,
            soundness: &self.soundness,
            denominator: &self.denominator,
            past: &past.of_release,
            latest: past.latest.as_ref(),
            base: self.base.as_ref(),
        }
    }
}

/// The go/no-go report of a plan about the release that was named or the next, and what was decided before.
pub(super) fn decided(
    arguments: &JudgingArguments,
    log: Option<&PathBuf>,
    (project, plan): (&Project, &Plan<'_>),
    global: &Global,
    screen: &Screen,
) -> Result<(GoNoGo, PastDecisions), Error> {
    let graph = project.graph(plan);
    let base = project.base_plan();
    let selection = arguments.view.selection_or_next(plan, &graph)?;
    let request =
        JudgementRequest::new(arguments, base.as_ref(), project, (plan, &graph), &selection, global)?;
    let log = log_path(log, project);
    arguments.view.guard(project, &[&log])?;
    let past = past_decisions(&log, &selection, screen)?;
    Ok((go_no_go(request.basis(), &request.question(global, &past)), past))
}

/// The file that decisions are recorded in.
pub(super) fn log_path(named: Option<&PathBuf>, project: &Project) -> PathBuf {
    named.cloned().unwrap_or_else(|| project.root.join(output::LOG_NAME))
}

/// What was decided before.
#[derive(Debug, Default)]
pub(super) struct PastDecisions {
    /// About the release, the oldest first.
    pub(super) of_release: Vec<Record>,
    /// Last about any release.
    pub(super) latest: Option<Record>,
}

/// The last decisions; nothing if there are none, or if the log cannot be relied on, which is said.
pub(super) fn past_decisions(
    path: &std::path::Path,
    selection: &Selection,
    screen: &Screen,
) -> Result<PastDecisions, Error> {
    let records = decisions(path, screen)?;
    let release = selection.release.as_ref().map(|release| release.id.clone());
    let latest = records.last().cloned();
    let of_release = records.into_iter().filter(|record| record.release == release).collect();
    Ok(PastDecisions { of_release, latest })
}

/// Every recorded decision, the oldest first; none if the log cannot be relied on, which is said.
fn decisions(path: &std::path::Path, screen: &Screen) -> Result<Vec<Record>, Error> {
    Ok(intact_decisions(path, screen)?.unwrap_or_default())
}

/// Every recorded decision, the oldest first, or why the log cannot be relied on, which is said.
pub(super) fn intact_decisions(
    path: &std::path::Path,
    screen: &Screen,
) -> Result<Result<Vec<Record>, String>, Error> {
    let bytes = decision_log::read(path)?;
    let verified = log::verify(&bytes, None).map(|summary| summary.records);
    Ok(verified.map_err(|broken| {
        let broken = decision_log::in_words(&broken).join("; ");
        let path = path.display();
        screen.remark(&format!("`{path}` is not intact: earlier decisions are ignored: {broken}\n"));
        broken
    }))
}
