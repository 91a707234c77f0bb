//! `relplan diff`: what a change does to the plan.

use std::path::PathBuf;

use clap::Args;

use super::view::{Formats, ViewArguments, offering};
use super::{EvidenceArguments, Global, Paths, Screen, Verdict};
use crate::error::Error;
use crate::finding::Finding;
use crate::graph::Selection;
use crate::project::{BaseComparison, CheckOptions, Export, Project, Request, only_new};
use crate::report;
use crate::rules::{GUARDED, Levels};
use crate::verdict::gates::Soundness;
use crate::views::diff::{Diff, DiffSide, FindingChanges, LevelCounts, judged};
use crate::views::go_no_go::{Question, go_no_go};

const FORMATS: Formats = &["terminal", "html", "json", "markdown"];

/// The arguments of `relplan diff`.
#[derive(Debug, Args)]
#[command(mut_arg("format", offering(FORMATS)))]
pub struct DiffArguments {
    /// The base. Alone: the work tree is compared with the commit where this branch left REV, such as origin/main
    #[arg(value_name = "REV")]
    base: String,
    /// Compare this revision with the first one, instead of the work tree
    #[arg(value_name = "REV2")]
    head: Option<String>,
    #[command(flatten)]
    evidence: EvidenceArguments,
    /// The release to decide on: an id, a version, or `next` [default: next, or the whole plan if every release has
    /// shipped]
    #[arg(long, value_name = "RELEASE")]
    release: Option<String>,
    /// Name of the policy profile to apply to both sides [default: from the release context of each]
    #[arg(long, value_name = "PROFILE")]
    profile: Option<String>,
    /// The output format [default: terminal, or the extension of --output]
    #[arg(long, value_name = "FORMAT")]
    format: Option<String>,
    /// Write to a file instead of standard output; its extension sets the default format
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

/// Runs the command.
pub(super) fn run(arguments: &DiffArguments, global: &Global, screen: &Screen) -> Result<Verdict, Error> {
    let request = global.request(&Paths { paths: Vec::new() }, Some(&arguments.evidence))?;
    let request = Request { base: Some(arguments.base.clone()), ..request };
    let view = ViewArguments::of_plan(arguments.format.as_ref(), arguments.output.as_ref());
    view.chosen(FORMATS)?;
    // The files of the export are there as long as it is.
    let export = match &arguments.head {
        Some(head) => Some(Export::of(&request, head)?),
        None => None,
    };
    let request = export.as_ref().map_or(&request, |export| &export.request);
    let project = global.load_request(request, screen)?;
    view.guard(&project, &[])?;
    let head = export.as_ref().map(|export| DiffSide {
        revision: export.base.revision.clone(),
        commit: export.base.commit.clone(),
    });
    let plan = project.plan();
    let shown = arguments.compare(&project, &plan, head, global)?;
    view.show_within(&plan, &shown, report::diff::diff, FORMATS, screen)
}

impl DiffArguments {
    fn compare(
        &self,
        project: &Project,
        plan: &crate::model::Plan<'_>,
        head: Option<DiffSide>,
        global: &Global,
    ) -> Result<Diff, Error> {
        let day = global.day().0;
        let graph = project.graph(plan);
        let profile = self.profile.as_deref();
        let inputs = project.inputs(plan, profile, global.moment())?;
        let base = project.base_plan().ok_or(Error::NothingChecked)?;
        let compared = base.compare(project, (plan, &graph), &inputs, profile, day);
        let (levels, levels_before) = (Levels::lenient(&project.config), Levels::lenient(&base.files.config));
        let (now, denominator) =
            project.check(plan, &graph, inputs.reported(), CheckOptions::default(), &levels, day);
        let of_base = base.findings(project, &inputs.evidence, &levels_before, day);
        let findings = changes(&now.findings, &of_base);
        let after = match self.release_of(plan, &graph) {
            Ok(selection) => {
                let soundness = Soundness::new(plan, &project.sources, &selection, &now.findings);
                let question = Question {
                    selection: &selection,
                    today: day,
                    because: &inputs.because,
                    soundness: &soundness,
                    denominator: &denominator,
                    past: &[],
                    latest: None,
                    base: None,
                };
                Some(go_no_go(inputs.basis(project, plan, &graph), &question))
            }
            Err(_) if base.has_release(self.release.as_deref()) => None,
            Err(error) => return Err(error),
        };
        let asked = (self.release.as_deref(), profile);
        let before = match base.files.is_empty() {
            true => None,
            false => base.judged(project, &inputs, asked, (&of_base, &denominator), day),
        };
        let entries = BaseComparison::entries(&compared, project, &base.plan, plan);
        let (decision, gates, checks) = judged(before.as_ref(), after.as_ref(), &entries.renamed);
        let shown = compared.view(project);
        Ok(Diff {
            version: 1,
            day,
            base: DiffSide { revision: shown.revision, commit: shown.commit },
            head,
            had_plan: shown.had_plan,
            base_whole: base.plan.yaml_defects.is_empty(),
            decision,
            gates,
            checks,
            entries,
            loosened: shown.loosened,
            findings,
        })
    }

    fn release_of(
        &self,
        plan: &crate::model::Plan<'_>,
        graph: &crate::graph::Graph,
    ) -> Result<Selection, Error> {
        super::require_entries(plan)?;
        super::view::one_release(plan, graph, self.release.as_deref())
    }
}

/// How many findings are new, and how many are gone.
fn changes(now: &[Finding], before: &[Finding]) -> FindingChanges {
    let own = |findings: &[Finding]| -> Vec<Finding> {
        findings.iter().filter(|finding| !GUARDED.contains(&finding.name)).cloned().collect()
    };
    let (mut new, mut fixed) = (own(now), own(before));
    only_new(&mut new, own(before));
    only_new(&mut fixed, own(now));
    FindingChanges { new: LevelCounts::of(&new), fixed: LevelCounts::of(&fixed) }
}
