//! `relplan site`: the plan as a folder of linked pages.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use clap::Args;

use super::judging::{Gathered, intact_decisions, log_path};
use super::view::one_release;
use super::{
    BaseArguments, EvidenceArguments, Global, Paths, Screen, Verdict, forecast, freeze, metrics,
    remark_unread,
};
use crate::error::Error;
use crate::graph::Selection;
use crate::model::phrase::counted;
use crate::project::site_folder::{SiteFolder, StaleFile, StaleState};
use crate::project::{Project, forecast_log};
use crate::site::{self, SiteInputs};
use crate::verdict::log::Record;

/// The folder, unless another is named.
const FOLDER: &str = "site";

/// The page that people open.
const FRONT: &str = "index.html";

/// The arguments of `relplan site`.
#[derive(Debug, Args)]
pub struct SiteArguments {
    #[command(flatten)]
    paths: Paths,
    /// The folder of the site: a new one, an empty one, or an earlier site [default: site]
    #[arg(short, long, value_name = "DIR")]
    output: Option<PathBuf>,
    /// Only this release: an id, a version, or `next` [default: every release that has not shipped, or the whole plan
    /// if every release has]
    #[arg(long, value_name = "RELEASE")]
    release: Option<String>,
    /// Compare the folder with the plan instead of writing it; exit 1 if a page differs
    #[arg(long)]
    check: bool,
    #[command(flatten)]
    evidence: EvidenceArguments,
    #[command(flatten)]
    base: BaseArguments,
    /// Name of the policy profile to apply: conservative, moderate, aggressive, regulated, or one of
    /// relplan.toml [default: from the release context]
    #[arg(long, value_name = "PROFILE")]
    profile: Option<String>,
    /// The decision log, for the history of verdicts and confidence [default: decisions.jsonl beside
    /// relplan.toml]
    #[arg(long, value_name = "FILE")]
    log: Option<PathBuf>,
}

/// Runs the command.
pub(super) fn run(arguments: &SiteArguments, global: &Global, screen: &Screen) -> Result<Verdict, Error> {
    let path = arguments.output.as_deref().unwrap_or(Path::new(FOLDER));
    // Whether it may be written to is known before anything is judged.
    let mut folder = SiteFolder::open(path)?;
    let mut project =
        global.load_against(&arguments.paths, Some(&arguments.evidence), &arguments.base, screen)?;
    let working_folder =
        std::env::current_dir().map_err(|source| Error::Unreadable { path: ".".into(), source })?;
    let deliveries = project.load_deliveries(&working_folder)?;
    let plan = project.plan();
    super::require_entries(&plan)?;
    let graph = project.graph(&plan);
    let base = project.base_plan();
    let subject = (&project, &plan, &graph);
    let gathered =
        Gathered::new((arguments.profile.as_deref(), &arguments.base), base.as_ref(), subject, global)?;
    let log = log_path(arguments.log.as_ref(), &project);
    let decisions: Result<Vec<Record>, String> = intact_decisions(&log, screen)?;
    let metrics = metrics::usual(&project, &plan, &deliveries, global)?;
    let (forecasts, unreadable_forecasts) =
        forecast::read_log(&project.root.join(forecast_log::NAME), screen)?;
    let selections = match &arguments.release {
        Some(name) => vec![one_release(&plan, &graph, Some(name))?],
        None => match Selection::every_to_ship(&plan, &graph) {
            none if none.is_empty() => vec![Selection::all()],
            some => some,
        },
    };
    let inputs = SiteInputs {
        basis: gathered.inputs.basis(&project, &plan, &graph),
        title: title(&project),
        selections,
        findings: &gathered.outcome.findings,
        masked: &gathered.outcome.masked,
        denominator: &gathered.denominator,
        because: &gathered.inputs.because,
        base: gathered.base.as_ref(),
        decisions: decisions.as_deref().map_err(String::as_str),
        metrics: metrics.as_ref(),
        forecasts: &forecasts,
        unreadable_forecasts,
        history: &project.history,
        today: global.day().0,
        moment: freeze::start_of(global.day().0, &project.config),
    };
    remark_unread(&plan, screen);
    match arguments.check {
        true => check(&inputs, &folder, path, screen),
        false => write(&inputs, &mut folder, path, screen),
    }
}

/// The name of the plan, or of the folder that it is in.
fn title(project: &Project) -> String {
    let stated = project.config.name.as_ref().map(|name| name.value.trim().to_owned());
    let folder = || project.root.file_name().map(|name| name.to_string_lossy().into_owned());
    stated.filter(|name| !name.is_empty()).or_else(folder).unwrap_or_else(|| "Release plan".to_owned())
}

fn write(
    inputs: &SiteInputs<'_>,
    folder: &mut SiteFolder,
    path: &Path,
    screen: &Screen,
) -> Result<Verdict, Error> {
    let stage = folder.stage()?;
    let files = site::write(inputs, &|path, text| stage.put(path, text))?;
    let removed = stage.finish(&files)?;
    let removed = match removed {
        0 => String::new(),
        removed => format!(", {} removed", counted(removed, "file")),
    };
    let front = path.join(FRONT).display().to_string();
    screen
        .product(format!("{} written{removed}: open {front}\n", counted(files.len(), "file")).as_bytes())?;
    Ok(Verdict::Fine)
}

fn check(
    inputs: &SiteInputs<'_>,
    folder: &SiteFolder,
    path: &Path,
    screen: &Screen,
) -> Result<Verdict, Error> {
    let stale: Mutex<BTreeSet<StaleFile>> = Mutex::default();
    let files = site::write(inputs, &|path, text| {
        let found = folder.state(path, text)?;
        stale.lock().unwrap_or_else(|poisoned| poisoned.into_inner()).extend(found);
        Ok::<(), Error>(())
    })?;
    let mut stale = stale.into_inner().unwrap_or_else(|poisoned| poisoned.into_inner());
    stale.extend(folder.left_over(&files));
    for StaleFile { path: file, state } in &stale {
        let state = match state {
            StaleState::Differs => "is stale",
            StaleState::Missing => "is missing",
            StaleState::LeftOver => "is no longer written",
        };
        screen.product(format!("{} {state}\n", path.join(file).display()).as_bytes())?;
    }
    if stale.is_empty() {
        screen.product(format!("{} current\n", counted(files.len(), "file")).as_bytes())?;
        return Ok(Verdict::Fine);
    }
    screen.remark("run the same command without --check to write them\n");
    Ok(Verdict::Findings)
}
