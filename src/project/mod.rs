//! Floor 10: finds and reads the files of a plan, runs the pipeline, writes files.
//!
//! With `cli` the only room that touches the disk.

mod base;
mod base_plan;
pub mod baseline;
mod checked;
mod configuration_files;
pub mod decision_log;
mod deliveries;
pub mod deployment_log;
mod evidence;
mod export;
mod external;
pub mod forecast_log;
pub mod git;
pub mod head;
mod holidays;
mod identity;
mod judgement_inputs;
mod locate;
pub mod lock;
mod log_file;
mod named;
pub mod output;
mod path_names;
mod plan_globs;
pub mod prometheus;
pub mod record_file;
pub mod site_folder;
pub mod ssh;
pub mod stamp;
pub mod survey;
mod work_tree;
mod workspace;
pub mod write;

use std::collections::BTreeMap;
use std::io::Read;
use std::path::{Path, PathBuf};

use chrono::NaiveDate;
use rayon::prelude::*;
use rustc_hash::FxHashSet;

use crate::config::{Config, GlobUse};
use crate::error::Error;
use crate::evidence::{self as facts, Evidence};
use crate::exports::target::is_generated;
use crate::finding::{Denominator, Finding, GlobFiles, MemberCount};
use crate::forecast::History;
use crate::graph::Graph;
use crate::model::digest::{self, Digest};
use crate::model::{Id, Plan, Prefix, document};
use crate::rules::{self, AskedGate, Compared, Levels, Outcome, Reported, Subject};
use crate::source::settings::ConfigurationFiles;
use crate::source::yaml::LARGEST_FILE;
use crate::source::{Contents, FileId, SourceFile, SourceMap};

pub use base::BaseFiles;
pub use base_plan::{BaseComparison, BasePlan, only_new};
pub use checked::{Checked, Found};
pub use deliveries::DeliveryFiles;
pub use evidence::EvidenceRequest;
pub use export::Export;
pub use git::{commit_history, ids_on_branches};
pub use judgement_inputs::JudgementInputs;
pub use locate::{Request, allowed_signers_of, folder_of};
pub use named::by_plan;
use path_names::PathNames;
pub use workspace::{Member, Members, workspace_of};

/// The files of a plan, read, and what its configuration says.
#[derive(Debug, Default)]
pub struct Project {
    /// Every text; that of `relplan.toml`, if there is one, is the first.
    pub sources: SourceMap,
    /// The paths of the texts, where they have one.
    pub paths: Vec<Option<PathBuf>>,
    /// Files that were read for something else than their text as a whole, such as the ids in their headings.
    pub also_read: Vec<PathBuf>,
    /// The files that entries are read from.
    pub plan_files: Vec<FileId>,
    /// The folder of the plan: that of `relplan.toml`, or else the one in which the user stands.
    pub root: PathBuf,
    /// What `relplan.toml` says, or the defaults.
    pub config: Config,
    /// Ids that Markdown headings define for external families.
    pub external: FxHashSet<Id>,
    /// The files that facts from outside are read from, in the order of their paths.
    pub evidence_files: Vec<FileId>,
    /// The files that findings are wanted of, if that is not all of the plan.
    pub named: Option<FxHashSet<FileId>>,
    /// Files that were named and do not belong to the plan.
    pub others: Vec<PathBuf>,
    /// Files in the folders of the plan that `relplan export` wrote. They hold no entry, and are not part of the plan.
    pub generated: Vec<PathBuf>,
    /// What was done in the past, as the files say that `relplan.toml` names.
    pub history: History,
    /// The files of deployments and incidents, if they were loaded.
    pub delivery_files: Option<DeliveryFiles>,
    /// The configuration files that environments name.
    pub configuration_files: ConfigurationFiles,
    /// The file of allowed signers, if the plan names one.
    pub allowed_signers: Option<FileId>,
    /// Its name among the members of a workspace that is checked.
    pub member: Option<String>,
    /// Whether it is the plan of a workspace that is checked with its members.
    pub is_workspace: bool,
    /// Whether all of the plan was read, not only the files that were named.
    is_whole: bool,
    /// Whether the configuration is that of a revision, not of the work tree.
    is_configured_by_revision: bool,
    /// The commit that is judged, if somebody named one.
    pub commit: Option<String>,
    /// The commit of evidence that names none.
    pub evidence_commit: Option<String>,
    /// What the plan is compared with, if that is asked for.
    pub base: Option<BaseFiles>,
    path_names: PathNames,
}

impl Project {
    /// Finds and reads everything that a request names.
    pub fn load(request: &Request) -> Result<Project, Error> {
        let located = locate::locate(request)?;
        let mut project = Project { config: located.settings, ..Project::default() };
        project.is_configured_by_revision = request.config_from.is_some();
        let root = located.config.as_ref().and_then(|(path, _)| path.parent()).map(Path::to_owned);
        let folder = root.as_ref().or(located.folder.as_ref()).unwrap_or(&request.working_folder).clone();
        project.path_names = PathNames::of(&folder, request.outer.as_deref());
        project.others = located.others;
        project.is_whole = located.is_whole || request.paths.is_empty();
        if let Some((path, file)) = located.config {
            let root = path.parent().unwrap_or(Path::new(".")).to_owned();
            let headings = external::headings(&root, &project.config)?;
            project.external = headings.ids;
            project.also_read = headings.files;
            project.config.files.globs.extend(headings.globs);
            let holidays = holidays::files(&root, &project.config, &request.working_folder)?;
            project.add(Some(path), file);
            for (index, (path, file)) in holidays.into_iter().enumerate() {
                project.add_holidays(index, path, file)?;
            }
            project.load_history(&root, request)?;
            project.load_allowed_signers(&root, request)?;
        }
        let first = project.paths.len();
        if request.standard_input {
            project.add(None, read_standard_input()?);
        }
        let read = |path: &PathBuf| Ok((Some(path.clone()), read_file(path, &request.working_folder)?));
        let files: Result<Vec<_>, Error> = located.files.par_iter().map(read).collect();
        for (path, file) in files? {
            match path {
                Some(path) if project.is_generated(&file) => project.generated.push(path),
                path => {
                    project.add(path, file);
                }
            }
        }
        for path in located.loops {
            let name = display_name(&path, &request.working_folder);
            project.add(Some(path), SourceFile::not_read(name, Contents::LinkLoop));
        }
        let ids = project.paths.iter().zip((0..).map(FileId));
        project.named = located.named.map(|named| {
            let named: FxHashSet<PathBuf> = named.into_iter().collect();
            ids.filter(|(path, _)| path.as_ref().is_some_and(|path| named.contains(path)))
                .map(|(_, id)| id)
                .collect()
        });
        project.plan_files = project.sources.iter().map(|(id, _)| id).skip(first).collect();
        project.root = folder;
        let stated = project.config.name.as_ref().map(|name| name.value.as_str());
        project.config.identity = identity::identity(stated, &project.root, &mut project.path_names);
        (project.member, project.is_workspace) = (request.member.clone(), request.is_workspace);
        if request.ids_only {
            return Ok(project);
        }
        project.load_configuration_files(&request.working_folder);
        project.load_evidence(request, root.as_deref())?;
        project.refuse_missing_files()?;
        if !project.config.is_broken() {
            project.load_members(request)?;
        }
        if let Some(revision) = request.base.as_ref().filter(|_| !project.config.is_broken()) {
            project.load_base(request, revision)?;
        }
        Ok(project)
    }

    /// Reads the files of evidence, if the request asks for them. They stay known so that findings can point
    /// into them.
    fn load_evidence(&mut self, request: &Request, root: Option<&Path>) -> Result<(), Error> {
        // What a broken configuration says about files could not be relied on.
        let Some(asked) = request.evidence.as_ref().filter(|_| !self.config.is_broken()) else {
            return Ok(());
        };
        let found = evidence::read(asked, root, &self.config, &request.working_folder)?;
        for (path, file) in found.files {
            let id = self.add(Some(path), file);
            self.evidence_files.push(id);
        }
        self.config.files.globs.extend(found.globs);
        self.commit.clone_from(&asked.commit);
        self.evidence_commit.clone_from(&asked.evidence_commit);
        // A gate may ask whether incidents are open.
        if !self.config.metrics.incidents.is_empty() {
            self.load_deliveries(&request.working_folder)?;
        }
        Ok(())
    }

    /// A file that `relplan.toml` names and that is not there. A glob may wait for its first file; a name may not.
    fn refuse_missing_files(&self) -> Result<(), Error> {
        let is_missing = |glob: &&GlobUse| {
            !glob.glob.value.contains(['*', '?', '[', '{']) && !self.root.join(&glob.glob.value).exists()
        };
        let missing = self.config.files.idle().filter(|_| !self.config.is_broken()).find(is_missing);
        missing.map_or(Ok(()), |glob| {
            let start = self.sources.start(glob.glob.span);
            let place = format!("{}:{}", self.sources.file(glob.glob.span.file).name(), start.line);
            Err(Error::ListedFileMissing { name: glob.glob.value.clone(), place })
        })
    }

    /// Reads the files that `[forecast]` names. They stay known so that findings can point into them.
    fn load_history(&mut self, root: &Path, request: &Request) -> Result<(), Error> {
        let named = if self.config.is_broken() { Vec::new() } else { self.config.forecast.history.clone() };
        for name in named {
            let path = root.join(&name.value);
            if path.exists() && !path.is_file() {
                return Err(Error::NotAFile { path });
            }
            let file = read_file(&path, &request.working_folder)?;
            let id = self.add(Some(path), file);
            self.history.add(id, self.sources.file(id), name.span);
        }
        self.history.sort();
        Ok(())
    }

    /// Reads the file of allowed signers. It is part of the roster: whoever changes it changes who may sign.
    fn load_allowed_signers(&mut self, root: &Path, request: &Request) -> Result<(), Error> {
        let Some(named) = self.config.allowed_signers.as_ref().filter(|_| !self.config.is_broken()) else {
            return Ok(());
        };
        let path = root.join(&named.value);
        // Whoever asks for the configuration of a revision does not trust the keys of the work tree.
        let file = match &request.config_from {
            Some(revision) => base::file_from(&path, revision)?,
            None => read_file(&path, &request.working_folder)?,
        };
        let content = Digest::of(file.text().as_bytes());
        if let Some(digest) = &mut self.config.roster_digest {
            digest.whole = digest::under(digest.whole, &[content]);
        }
        self.allowed_signers = Some(self.add(Some(path), file));
        Ok(())
    }

    /// Reads the facts of every file of evidence, the files side by side.
    pub fn evidence(&self) -> Evidence<'_> {
        let mut evidence = facts::read(&self.sources, &self.evidence_files);
        if let Some(commit) = &self.evidence_commit {
            for report in evidence.reports.iter_mut().filter(|report| report.commit.is_none()) {
                report.commit = Some(commit.as_str().into());
            }
        }
        evidence
    }

    /// Whether a file is one of those that `relplan export` writes. One that holds an entry or cannot be read belongs to the
    /// plan, whatever its first line says: nothing of a plan can be hidden behind a comment.
    fn is_generated(&self, file: &SourceFile) -> bool {
        if !is_generated(file.text()) {
            return false;
        }
        let content = document::read(FileId(0), file, &self.config.families);
        content.entries.is_empty()
            && content.approvals.is_empty()
            && content.waivers.is_empty()
            && content.broken.is_empty()
            && content.yaml_defects.is_empty()
    }

    /// Whether a `relplan.toml` says which files belong to the plan.
    fn is_configured(&self) -> bool {
        self.paths.first().and_then(Option::as_ref) == Some(&self.root.join(locate::CONFIG_NAME))
    }

    /// Gives a file another text, and returns the one that it had. A new configuration keeps the files that the old
    /// one chose; one that cannot be relied on changes nothing.
    pub fn replace_text(&mut self, id: FileId, text: String) -> String {
        let before = self.sources.replace_text(id, text);
        if id == FileId(0) && self.is_configured() {
            let settings = Config::read(id, self.sources.file(id));
            if settings.is_broken() {
                let text = before.clone();
                self.sources.replace_text(id, before);
                return text;
            }
            let old = std::mem::replace(&mut self.config, settings);
            self.config.files.globs = old.files.globs;
            self.config.identity = old.identity;
            self.config.calendar.holidays = old.calendar.holidays;
            self.config.calendar.empty_holiday_files = old.calendar.empty_holiday_files;
        }
        before
    }

    /// The file of the configuration, if there is one.
    pub fn settings(&self) -> Option<FileId> {
        self.is_configured().then_some(FileId(0))
    }

    fn add(&mut self, path: Option<PathBuf>, file: SourceFile) -> FileId {
        let name = path.as_deref().and_then(|path| self.path_names.name(path));
        self.paths.push(path);
        self.sources.add(file.with_path(name))
    }

    /// Reads the holidays of a file, which stays known so that findings can point into it.
    fn add_holidays(&mut self, index: usize, path: PathBuf, file: SourceFile) -> Result<(), Error> {
        let id = self.add(Some(path), file);
        let zone = self.config.calendar.zone.as_ref().map(|zone| zone.value);
        let found = holidays::read(id, &self.sources, zone)?;
        if found.is_empty() {
            let named = self.config.calendar.holiday_files.get(index).cloned();
            self.config.calendar.empty_holiday_files.extend(named);
        }
        self.config.calendar.holidays.extend(found);
        Ok(())
    }

    /// Reads the entries of every file, the files side by side.
    pub fn plan(&self) -> Plan<'_> {
        let contents = self
            .plan_files
            .par_iter()
            .map(|&id| document::read(id, self.sources.file(id), &self.config.families))
            .collect();
        let mut plan = Plan::new(contents);
        plan.is_incomplete = self.config.files.idle().any(GlobUse::is_of_plan);
        plan
    }

    /// Joins the entries of a plan by their links.
    pub fn graph(&self, plan: &Plan<'_>) -> Graph {
        Graph::new(plan, &self.config.families, &self.external)
    }

    /// What is wrong with `relplan.toml` itself.
    pub fn config_findings(&self, today: NaiveDate) -> Vec<Finding> {
        let plan = Plan::default();
        let graph = self.graph(&plan);
        let evidence = Evidence::default();
        rules::check_config(&Subject::new(&self.sources, &self.config, &plan, &graph, &evidence, today))
    }

    /// Keeps the findings that concern the named files, where only some were named: those with any place in one of
    /// them. Says how many others there are.
    pub fn keep_named(&self, findings: &mut Vec<Finding>) -> usize {
        let all = findings.len();
        findings.retain(|finding| match &self.named {
            Some(_) => finding.places().any(|span| self.is_named(span.file)),
            None => true,
        });
        all - findings.len()
    }

    /// Whether findings of a file are wanted.
    pub fn is_named(&self, file: FileId) -> bool {
        self.named.as_ref().is_none_or(|named| named.contains(&file))
    }

    /// Runs the rules on a plan, its graph and the evidence.
    pub fn check(
        &self,
        plan: &Plan<'_>,
        graph: &Graph,
        reported: Reported<'_>,
        asked: CheckOptions<'_>,
        levels: &Levels,
        today: NaiveDate,
    ) -> (Outcome, Denominator) {
        let mut subject = Subject::new(&self.sources, &self.config, plan, graph, reported, today);
        subject.compared = asked.compared;
        subject.history = Some(&self.history);
        subject.configuration_files = Some(&self.configuration_files);
        let files = self.delivery_files.clone().unwrap_or_default();
        let deliveries = self.deliveries(&files, plan);
        subject.deliveries = Some(&deliveries);
        let outcome = rules::run(&subject, levels);
        let denominator = Denominator {
            files: plan.file_count,
            globs: globs(&self.config),
            families: families(plan),
            entries: plan.entries().len(),
            links: graph.link_count,
            rules_run: outcome.rules_run,
            idle_rules: outcome.idle.clone(),
            rules_off: outcome.off.clone(),
            allowed: outcome.allowed,
            members: self.member_counts(plan),
            today,
            elapsed: None,
        };
        (outcome, denominator)
    }

    /// How many entries it has as a member of a workspace; which members are not checked, if it is the workspace.
    fn member_counts(&self, plan: &Plan<'_>) -> Vec<MemberCount> {
        let own = self.member.iter().map(|name| MemberCount {
            name: name.clone(),
            entries: Some(plan.entries().len()),
            reason: None,
        });
        let workspace = self.config.workspace.iter().filter(|_| self.is_workspace);
        let unchecked = workspace
            .clone()
            .flat_map(|workspace| &workspace.unchecked)
            .map(|member| (member.folder.clone(), member.reason.words().to_owned()));
        let repeated = workspace.flat_map(|workspace| &workspace.repeated).map(|member| {
            (member.second.clone(), format!("`{}` has its name, {}", member.first, member.name))
        });
        let others = unchecked.chain(repeated).map(|(name, reason)| MemberCount {
            name,
            entries: None,
            reason: Some(reason),
        });
        own.chain(others).collect()
    }

    /// Adds what keeps a gate closed that was judged by what the rules found.
    pub fn add_blockers(
        &self,
        plan: &Plan<'_>,
        graph: &Graph,
        gate: AskedGate<'_>,
        levels: &Levels,
        found: &mut (Outcome, Denominator),
    ) {
        let (outcome, denominator) = found;
        let evidence = Evidence::default();
        let today = denominator.today;
        let mut subject = Subject::new(&self.sources, &self.config, plan, graph, &evidence, today);
        subject.gate = Some(gate);
        rules::add_blockers(&subject, levels, outcome);
        denominator.idle_rules.clone_from(&outcome.idle);
    }
}

/// How many files each glob of the configuration chose.
fn globs(config: &Config) -> Vec<GlobFiles> {
    let globs = config.files.globs.iter();
    let count = |used: &GlobUse| GlobFiles {
        setting: used.setting.clone(),
        glob: used.glob.value.clone(),
        files: used.files,
    };
    globs.map(count).collect()
}

/// What a check is asked beside whether the plan is sound.
#[derive(Debug, Clone, Copy, Default)]
pub struct CheckOptions<'a> {
    /// What the plan was compared with.
    pub compared: Option<Compared<'a>>,
}

/// How many entries each family has. One that repeats the id of another is an entry, too.
fn families(plan: &Plan<'_>) -> Vec<(String, usize)> {
    let mut counts: BTreeMap<Prefix, usize> = BTreeMap::new();
    for entry in plan.entries() {
        *counts.entry(entry.id.value.prefix).or_default() += 1;
    }
    counts.into_iter().map(|(prefix, count)| (prefix.to_string(), count)).collect()
}

fn read_standard_input() -> Result<SourceFile, Error> {
    let mut bytes = Vec::new();
    let unreadable = |source| Error::Unreadable { path: "-".into(), source };
    let limit = LARGEST_FILE + 1;
    std::io::stdin().lock().take(limit).read_to_end(&mut bytes).map_err(unreadable)?;
    if bytes.len() as u64 > LARGEST_FILE {
        return Ok(SourceFile::not_read("<stdin>", Contents::TooLarge(limit)));
    }
    Ok(SourceFile::decode("<stdin>", bytes))
}

fn read_file(path: &Path, working_folder: &Path) -> Result<SourceFile, Error> {
    let name = display_name(path, working_folder);
    let unreadable = |source| Error::Unreadable { path: path.to_owned(), source };
    let mut file = std::fs::File::open(path).map_err(unreadable)?;
    let about = file.metadata().map_err(unreadable)?;
    if about.len() > LARGEST_FILE {
        return Ok(SourceFile::not_read(name, Contents::TooLarge(about.len())));
    }
    let mut bytes = Vec::with_capacity(usize::try_from(about.len()).unwrap_or(0) + 1);
    // A file says how long it is and is read in one go; a pipe or a device may never end.
    let read = match about.is_file() {
        true => file.read_to_end(&mut bytes),
        false => file.take(LARGEST_FILE).read_to_end(&mut bytes),
    };
    read.map_err(unreadable)?;
    Ok(SourceFile::decode(name, bytes))
}

/// The path as the user would write it from where they stand, with `/` between its parts.
fn display_name(path: &Path, working_folder: &Path) -> String {
    let shown = path.strip_prefix(working_folder).unwrap_or(path);
    let parts: Vec<_> = shown.components().map(|part| part.as_os_str().to_string_lossy()).collect();
    match parts.first() {
        Some(first) if first == "/" => format!("/{}", parts[1..].join("/")),
        Some(first) if first == "." && parts.len() > 1 => parts[1..].join("/"),
        _ => parts.join("/"),
    }
}
