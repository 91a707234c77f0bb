//! The plan as it was: the files of a revision, read from the objects of Git by the same pipeline.

mod changes;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use rustc_hash::FxHashSet;

use super::git::{Base, Repository, Tree, TreeFile};
use super::locate::{CONFIG_NAME, DEFAULT_FOLDERS};
use super::plan_globs::PlanGlobs;
use super::{Project, Request};
use crate::compare::{Area, Change, Loosening};
use crate::config::{Config, GlobUse};
use crate::error::Error;
use crate::graph::Graph;
use crate::model::{Plan, document};
use crate::rules::Levels;
use crate::source::yaml::LARGEST_FILE;
use crate::source::{Contents, FileId, SourceFile, Spanned};

/// The files of the base, among the texts of the project.
#[derive(Debug)]
pub struct BaseFiles {
    /// The commit.
    pub base: Base,
    /// Its `relplan.toml`, if it has one.
    pub settings: Option<FileId>,
    /// What that says, or the defaults.
    pub config: Config,
    /// The files that entries are read from.
    pub plan_files: Vec<FileId>,
    /// The folder of its plan, from the top of the repository, with `/` at its end unless it is empty.
    pub(super) root: String,
    /// Every file of the commit.
    pub(super) tree: Tree,
    /// What asks for less and is neither an entry nor a setting.
    pub(super) others: Vec<Loosening>,
}

impl BaseFiles {
    /// An error about a configuration that cannot be relied on, if it is one.
    fn broken_config(&self, project: &Project) -> Option<Error> {
        let name = self.settings.map(|file| project.sources.file(file).name().to_owned())?;
        self.config.is_broken().then(|| Error::NoBase {
            revision: self.base.revision.clone(),
            reason: format!("`{name}` has errors"),
            hint: "name another revision, or compare after the errors are fixed there".to_owned(),
        })
    }

    /// Whether the base had no plan at all, so that everything is new.
    pub fn is_empty(&self) -> bool {
        self.plan_files.is_empty() && self.settings.is_none()
    }
}

impl Project {
    /// Reads the plan of the merge base of a revision and the commit that is checked out.
    pub(super) fn load_base(&mut self, request: &Request, revision: &str) -> Result<(), Error> {
        if request.standard_input {
            return Err(Error::BaseOfInput);
        }
        let start = super::locate::start_of(request);
        let repository = Repository::around(&start, revision)?;
        let base = match request.base_is_exact {
            true => repository.exactly(revision)?,
            false => repository.merge_base(revision)?,
        };
        let top = repository.top.clone();
        let start = repository.prefix_of(&start)?;
        let tree = Tree::of(repository.clone(), &base.commit)?;
        let place = place_of_config(&tree, &start, request.plan.is_some());
        let place = match place {
            Some(place) => Some(place),
            None => moved(&tree, &repository, &top, self.is_configured().then_some(start.as_str()))?,
        };
        let root = place.as_deref().map_or(start.as_str(), folder_of).to_owned();
        let mut files = BaseFiles {
            base,
            settings: None,
            config: Config::default(),
            plan_files: Vec::new(),
            root,
            tree,
            others: Vec::new(),
        };
        if let Some(place) = &place {
            let id = self.add_of_base(&files, &[place.as_str()])?;
            files.settings = id.first().copied();
            if let Some(id) = files.settings {
                files.config = Config::read(id, self.sources.file(id));
                self.count_globs_of_base(&mut files.config);
            }
            if let Some(broken) = files.broken_config(self) {
                return Err(broken);
            }
        }
        let chosen = self.chosen(&files, place.is_some(), request, &repository)?;
        let chosen: Vec<&str> = chosen.iter().map(String::as_str).collect();
        files.plan_files = self.add_of_base(&files, &chosen)?;
        if !files.is_empty() && !request.base_for_findings {
            files.others = self.other_changes(&files, &repository, &request.working_folder)?;
            files.others.extend(self.members_gone(&files));
        }
        self.base = Some(files);
        Ok(())
    }

    /// The members of the workspace of the base that are not members now: nothing of their plans is checked any more.
    fn members_gone(&self, files: &BaseFiles) -> Vec<Loosening> {
        let Some(workspace) = &files.config.workspace else { return Vec::new() };
        let place = self.config.workspace.as_ref().map(|workspace| workspace.span);
        let is_there = |folder: &str| self.root.join(folder).join(CONFIG_NAME).is_file();
        let mut gone = Vec::new();
        for glob in &workspace.members {
            // A glob that is none is an error of the configuration.
            let Some(matcher) = super::workspace::matcher(&glob.value).ok() else { continue };
            let below = files
                .tree
                .below(&files.root)
                .filter_map(|(path, _)| path.strip_suffix(CONFIG_NAME)?.strip_suffix('/'));
            for folder in below.filter(|folder| matcher.is_match(folder) && !is_there(folder)) {
                gone.push(Loosening {
                    area: Area::Configuration,
                    subject: format!("workspace.members.{folder}"),
                    thing: format!("member `{folder}` of the workspace"),
                    change: Change::Gone(String::new()),
                    place,
                    base: Some(glob.span),
                });
            }
        }
        gone
    }

    /// How many files the globs of the base choose today, as far as today's are the same.
    fn count_globs_of_base(&self, config: &mut Config) {
        let families = config.families.sorted();
        let headings = families.iter().filter_map(|family| family.external.as_ref());
        let headings = headings.flat_map(|external| external.headings.clone());
        let all = config.files.include.iter().chain(&config.evidence.files).cloned().chain(headings);
        let today = |glob: Spanned<String>| {
            let same = self.config.files.globs.iter().find(|used| used.glob.value == glob.value)?;
            Some(GlobUse { glob, ..same.clone() })
        };
        let globs = all.filter_map(today).collect();
        config.files.globs = globs;
    }

    /// The files of the plan of the base, as the same request would choose them.
    fn chosen(
        &self,
        files: &BaseFiles,
        configured: bool,
        request: &Request,
        repository: &Repository,
    ) -> Result<Vec<String>, Error> {
        let chooser = PlanGlobs::new(&files.config.files)?;
        let below = |prefix: &str| {
            let chosen = files.tree.below(prefix).filter_map(|(rest, _)| {
                let path = format!("{prefix}{rest}");
                let relative = path.strip_prefix(&files.root).unwrap_or(rest);
                chooser.takes(Path::new(relative), Path::new(rest)).then_some(path)
            });
            chosen.collect::<Vec<String>>()
        };
        if self.is_whole {
            let working = || repository.prefix_of(&self.root);
            return Ok(match configured {
                true => below(&files.root),
                false => {
                    let working = working()?;
                    DEFAULT_FOLDERS.iter().flat_map(|name| below(&format!("{working}{name}/"))).collect()
                }
            });
        }
        let mut chosen = Vec::new();
        for path in &request.paths {
            if path.is_dir() {
                chosen.extend(below(&repository.prefix_of(path)?));
            } else if let (Some(folder), Some(name)) = (path.parent(), path.file_name()) {
                let path = format!("{}{}", repository.prefix_of(folder)?, name.to_string_lossy());
                chosen.extend(files.tree.file(&path).is_some().then_some(path));
            }
        }
        chosen.sort();
        chosen.dedup();
        Ok(chosen)
    }

    /// Adds files of the base to the texts.
    fn add_of_base(&mut self, files: &BaseFiles, paths: &[&str]) -> Result<Vec<FileId>, Error> {
        let found: Vec<(&str, &TreeFile)> =
            paths.iter().filter_map(|path| Some((*path, files.tree.file(path)?))).collect();
        let small: Vec<&TreeFile> =
            found.iter().map(|(_, file)| *file).filter(|file| file.size <= LARGEST_FILE).collect();
        let mut contents = files.tree.contents(&small)?.into_iter();
        let label = &files.base.label;
        let ids = found.into_iter().map(|(path, file)| {
            let name = format!("{label}:{path}");
            let file = match file.size {
                size if size > LARGEST_FILE => SourceFile::not_read(name, Contents::TooLarge(size)),
                _ => SourceFile::decode(name, contents.next().unwrap_or_default()),
            };
            self.add(None, file)
        });
        Ok(ids.collect())
    }

    /// The plan of the base.
    pub(super) fn plan_of_base<'p>(&'p self, files: &'p BaseFiles) -> Plan<'p> {
        let read = |id: &FileId| document::read(*id, self.sources.file(*id), &files.config.families);
        Plan::new(files.plan_files.iter().map(read).collect())
    }

    /// Its links. What headings define is as it is now.
    pub(super) fn graph_of_base(&self, files: &BaseFiles, plan: &Plan<'_>) -> Graph {
        let external = if self.external.is_empty() { FxHashSet::default() } else { self.external.clone() };
        Graph::new(plan, &files.config.families, &external)
    }
}

/// The configuration of a revision, and where it would stand in the work tree.
pub(super) fn config_from(
    request: &Request,
    now: Option<PathBuf>,
    revision: &str,
) -> Result<(PathBuf, SourceFile), Error> {
    let start = now.as_deref().and_then(Path::parent).map(Path::to_owned);
    let start = start.unwrap_or_else(|| super::locate::start_of(request));
    let repository = Repository::around(&start, revision)?;
    let base = repository.exactly(revision)?;
    let prefix = repository.prefix_of(&start)?;
    let tree = Tree::of(repository.clone(), &base.commit)?;
    let place = match now {
        Some(_) => Some(format!("{prefix}{CONFIG_NAME}")).filter(|path| tree.file(path).is_some()),
        None => discovered(&tree, &prefix),
    };
    let place = place.ok_or_else(|| repository.without_config(&format!("{prefix}{CONFIG_NAME}")))?;
    let Some(file) = tree.file(&place).filter(|file| file.size <= LARGEST_FILE) else {
        return Err(repository.without_config(&place));
    };
    let bytes = tree.contents(&[file])?.pop().unwrap_or_default();
    let path = now.unwrap_or_else(|| repository.top.join(&place));
    Ok((path, SourceFile::decode(format!("{revision}:{place}"), bytes)))
}

/// A file as it is in a revision, which the configuration of that revision names.
pub(super) fn file_from(path: &Path, revision: &str) -> Result<SourceFile, Error> {
    let repository = Repository::around(path.parent().unwrap_or(Path::new(".")), revision)?;
    let tree = Tree::of(repository.clone(), &repository.exactly(revision)?.commit)?;
    let inside = repository.path_of(path).unwrap_or_default();
    let file = tree.file(&inside).filter(|file| file.size <= LARGEST_FILE);
    let name = format!("{revision}:{inside}");
    let missing =
        || Error::ListedFileMissing { name: name.clone(), place: format!("{revision}:{CONFIG_NAME}") };
    let bytes = tree.contents(&[file.ok_or_else(missing)?])?.pop().unwrap_or_default();
    Ok(SourceFile::decode(name, bytes))
}

/// The level of every rule as a configuration sets it; what it says of rules that do not exist is left aside.
pub(super) fn levels_of(config: &Config) -> BTreeMap<&'static str, Option<crate::finding::Level>> {
    Levels::lenient(config).all()
}

/// The `relplan.toml` of a commit: that of the folder `start` if it was named, or else the nearest.
pub(super) fn place_of_config(tree: &Tree, start: &str, is_named: bool) -> Option<String> {
    match is_named {
        true => Some(format!("{start}{CONFIG_NAME}")).filter(|path| tree.file(path).is_some()),
        false => discovered(tree, start),
    }
}

/// The nearest `relplan.toml`, in a folder or in those above it.
fn discovered(tree: &Tree, start: &str) -> Option<String> {
    let mut folder = start.trim_end_matches('/');
    loop {
        let path = if folder.is_empty() { CONFIG_NAME.to_owned() } else { format!("{folder}/{CONFIG_NAME}") };
        if tree.file(&path).is_some() {
            return Some(path);
        }
        if folder.is_empty() {
            return None;
        }
        folder = folder.rsplit_once('/').map_or("", |(above, _)| above);
    }
}

/// A `relplan.toml` that was moved: one of the base that is no longer where it was. `now` is the folder of today's.
fn moved(
    tree: &Tree,
    repository: &Repository,
    top: &Path,
    now: Option<&str>,
) -> Result<Option<String>, Error> {
    let Some(now) = now else { return Ok(None) };
    let gone: Vec<&str> = tree.named(CONFIG_NAME).filter(|path| !top.join(path).exists()).collect();
    // Of several, the one in a folder of the same name.
    let name = |folder: &str| PathBuf::from(folder).file_name().map(std::ffi::OsStr::to_owned);
    let same: Vec<&&str> = gone.iter().filter(|path| name(folder_of(path)) == name(now)).collect();
    match (gone.as_slice(), same.as_slice()) {
        ([], _) => Ok(None),
        ([one], _) => Ok(Some((*one).to_owned())),
        (_, [one]) => Ok(Some((**one).to_owned())),
        (several, _) => Err(repository.ambiguous_move(several)),
    }
}

/// The folder of a path, with `/` at its end unless it is empty.
fn folder_of(path: &str) -> &str {
    path.rfind('/').map_or("", |at| &path[..=at])
}
