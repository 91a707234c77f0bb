//! Which files belong to a plan.

use std::io::ErrorKind;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use globset::{GlobBuilder, GlobSet, GlobSetBuilder};
use ignore::WalkBuilder;
use rustc_hash::{FxHashMap, FxHashSet};

use super::workspace::MemberCache;
use super::{EvidenceRequest, display_name, path_names};
use crate::config::{Config, FileSettings, GlobUse};
use crate::error::Error;
use crate::source::{FileId, SourceFile, Spanned};

/// The name of the configuration of a plan.
pub const CONFIG_NAME: &str = "relplan.toml";

/// The folders that are looked into where nothing is named and nothing configured.
pub const DEFAULT_FOLDERS: [&str; 2] = ["release", "plan"];

/// What the command line names.
#[derive(Debug, Clone, Default)]
pub struct Request {
    /// Where the user stands.
    pub working_folder: PathBuf,
    /// The folder that holds `relplan.toml`, or the file itself.
    pub plan: Option<PathBuf>,
    /// Files and folders to read.
    pub paths: Vec<PathBuf>,
    /// Whether to read standard input as one more file.
    pub standard_input: bool,
    /// Whether to read all of a plan where only parts of it are named.
    pub whole: bool,
    /// Those of the paths that concern every file of the plan: its configuration, and files that were deleted.
    pub for_all: Vec<PathBuf>,
    /// The folder around several plans that are read together.
    pub outer: Option<PathBuf>,
    /// The name of the plan among them.
    pub member: Option<String>,
    /// Whether it is the plan of a workspace, which is read together with its members and may have no entry itself.
    pub is_workspace: bool,
    /// Whether only its ids are wanted.
    pub ids_only: bool,
    /// The ids of members that were read already.
    pub cache: Option<Arc<MemberCache>>,
    /// Which evidence to read beside the plan; nothing for what does not judge by any.
    pub evidence: Option<EvidenceRequest>,
    /// The revision to compare the plan with.
    pub base: Option<String>,
    /// Whether it is read for its findings alone, and not to guard it.
    pub base_for_findings: bool,
    /// Whether it is the revision itself, not the commit where the branch left it.
    pub base_is_exact: bool,
    /// The revision whose configuration is used.
    pub config_from: Option<String>,
}

impl Request {
    fn is_for_all(&self, path: &Path) -> bool {
        self.for_all.iter().any(|known| known == path)
    }
}

/// What was found.
#[derive(Debug, Default)]
pub(super) struct Located {
    pub files: Vec<PathBuf>,
    /// Symbolic links that lead back to a folder they lie in.
    pub loops: Vec<PathBuf>,
    pub config: Option<(PathBuf, SourceFile)>,
    pub settings: Config,
    /// The files that were named, where the whole plan is read for what they link to.
    pub named: Option<Vec<PathBuf>>,
    /// Whether all of the plan is read, whatever was named.
    pub is_whole: bool,
    /// Files that were named beside those, and that do not belong to the plan.
    pub others: Vec<PathBuf>,
    /// The folder of a plan without `relplan.toml`: the one in which its `release/` or `plan/` is.
    pub folder: Option<PathBuf>,
}

/// Finds the configuration and the files of a request.
pub(super) fn locate(request: &Request) -> Result<Located, Error> {
    let mut located = Located::default();
    let found = find_config(request)?;
    let found = match &request.config_from {
        Some(revision) => Some(super::base::config_from(request, found, revision)?),
        None => match found {
            Some(path) => {
                let file = super::read_file(&path, &request.working_folder)?;
                Some((path, file))
            }
            None => None,
        },
    };
    if let Some((path, file)) = found {
        located.settings = Config::read(FileId(0), &file);
        located.config = Some((path, file));
    }
    // What a broken configuration says about files could not be relied on.
    if located.settings.is_broken() {
        return Ok(located);
    }
    if request.paths.is_empty() && !request.standard_input {
        locate_default(request, &mut located)?;
    }
    for path in request.paths.iter().filter(|path| !request.is_for_all(path)) {
        let metadata = std::fs::metadata(path).map_err(|source| match source.kind() {
            std::io::ErrorKind::NotFound => Error::PathMissing { path: path.clone() },
            _ => Error::Unreadable { path: path.clone(), source },
        })?;
        if metadata.is_dir() {
            locate_folder(path, &mut located)?;
        } else if metadata.is_file() {
            located.files.push(path.clone());
        } else {
            return Err(Error::NotAFile { path: path.clone() });
        }
    }
    once_each(&mut located.files);
    if request.whole {
        read_whole(request, &mut located)?;
    }
    let nothing = located.files.is_empty()
        && located.loops.is_empty()
        && !request.standard_input
        && located.settings.workspace.is_none();
    if nothing { Err(Error::NoPlan { places: places(request, &located) }) } else { Ok(located) }
}

/// Takes each file once, however many names it has: a symbolic link makes way for the file itself.
fn once_each(files: &mut Vec<PathBuf>) {
    files.sort();
    files.dedup();
    let own: Vec<PathBuf> =
        files.iter().map(|path| std::fs::canonicalize(path).unwrap_or_else(|_| path.clone())).collect();
    let mut best: FxHashMap<&Path, &PathBuf> = FxHashMap::default();
    for (path, own) in files.iter().zip(&own) {
        let kept = best.entry(own).or_insert(path);
        if is_link(kept) && !is_link(path) {
            *kept = path;
        }
    }
    let kept: FxHashSet<PathBuf> = best.into_values().cloned().collect();
    files.retain(|path| kept.contains(path));
}

fn is_link(path: &Path) -> bool {
    path.symlink_metadata().is_ok_and(|about| about.is_symlink())
}

/// Where parts of a plan are named, reads all of it: what they link to may be anywhere in it. Files that do not belong
/// to the plan are set aside, or read alone if there is no other.
fn read_whole(request: &Request, located: &mut Located) -> Result<(), Error> {
    if request.paths.is_empty() || request.standard_input {
        return Ok(());
    }
    // Without a configuration, a folder that is named is the plan.
    let is_folder = || request.paths.iter().any(|path| path.is_dir());
    if located.config.is_none() && is_folder() {
        return Ok(());
    }
    let named = std::mem::take(&mut located.files);
    let folder = default_root(&start_of(request));
    let mut whole = match located.root() {
        Some(root) => walk(&root, &root, &located.settings)?,
        None => walk_usual(&folder, &located.settings)?,
    };
    once_each(&mut whole.files);
    let own = |path: &PathBuf| std::fs::canonicalize(path).unwrap_or_else(|_| path.clone());
    let all: FxHashMap<PathBuf, &PathBuf> = whole.files.iter().map(|path| (own(path), path)).collect();
    let (mut inside, mut others) = (Vec::new(), Vec::new());
    for path in named {
        match all.get(&own(&path)) {
            Some(path) => inside.push((*path).clone()),
            None => others.push(path),
        }
    }
    let is_for_all = request.paths.iter().any(|path| request.is_for_all(path));
    if inside.is_empty() && !is_for_all {
        located.files = others;
        return Ok(());
    }
    // Only a configuration says what does not belong to a plan.
    if located.config.is_none() {
        inside.extend(others.iter().cloned());
        whole.files.append(&mut others);
        whole.files.sort();
    }
    let is_all = is_for_all || inside.len() == whole.files.len();
    located.named = (!is_all).then_some(inside);
    located.others = others;
    located.folder = located.config.is_none().then_some(folder);
    located.is_whole = true;
    located.take(whole);
    Ok(())
}

/// Without arguments: the plan around `relplan.toml`, or the usual folders.
fn locate_default(request: &Request, located: &mut Located) -> Result<(), Error> {
    if let Some((path, _)) = &located.config {
        let root = path.parent().unwrap_or(Path::new(".")).to_owned();
        return locate_folder(&root, located);
    }
    let folder = default_root(&request.working_folder);
    let walked = walk_usual(&folder, &located.settings)?;
    located.take(walked);
    located.folder = Some(folder);
    Ok(())
}

/// The files of the usual folders inside a folder.
fn walk_usual(folder: &Path, settings: &Config) -> Result<Walked, Error> {
    let mut all = Walked { files: Vec::new(), loops: Vec::new(), globs: Vec::new() };
    for folder in DEFAULT_FOLDERS.map(|name| folder.join(name)).iter().filter(|folder| folder.is_dir()) {
        let mut walked = walk(folder, folder, settings)?;
        all.files.append(&mut walked.files);
        all.loops.append(&mut walked.loops);
    }
    Ok(all)
}

/// The folder of a plan without `relplan.toml`: the nearest that has one of the usual folders with YAML in it, from
/// `start` up to the top of the repository, or of the file system outside of one. If there is none, `start`.
pub(super) fn default_root(start: &Path) -> PathBuf {
    let holds_plan = |folder: &&Path| DEFAULT_FOLDERS.iter().any(|name| holds_yaml(&folder.join(name)));
    let mut inside = true;
    let mut folders = start.ancestors().take_while(|folder| {
        let looked_at = inside;
        inside = !path_names::is_repository(folder);
        looked_at
    });
    folders.find(holds_plan).unwrap_or(start).to_owned()
}

/// Whether a folder that exists has a YAML file, at any depth.
fn holds_yaml(folder: &Path) -> bool {
    let walk = || WalkBuilder::new(folder).standard_filters(false).hidden(true).follow_links(true).build();
    folder.is_dir() && walk().flatten().any(|item| is_yaml(item.path()))
}

fn places(request: &Request, located: &Located) -> String {
    let named: Vec<String> = match (&located.config, request.paths.as_slice()) {
        (Some((path, _)), []) => {
            let root = path.parent().unwrap_or(path);
            vec![format!("`{}`", display_name(root, &request.working_folder))]
        }
        (None, []) => DEFAULT_FOLDERS.map(|folder| format!("`{folder}/`")).to_vec(),
        (_, paths) => paths.iter().map(|path| format!("`{}`", path.display())).collect(),
    };
    named.join(" or ").replace("``", "this folder")
}

/// The configuration: named, beside the one folder that is named, or found by walking up.
pub(super) fn find_config(request: &Request) -> Result<Option<PathBuf>, Error> {
    if let Some(named) = &request.plan {
        let path = if named.is_dir() { named.join(CONFIG_NAME) } else { named.clone() };
        let is_config = path.file_name().is_some_and(|name| name == CONFIG_NAME);
        return match is_config {
            true => config_at(path.clone())?.map(Some).ok_or(Error::ConfigMissing { path }),
            false => Err(Error::ConfigMissing { path }),
        };
    }
    let start = start_of(request);
    for folder in start.ancestors() {
        if let Some(path) = config_at(folder.join(CONFIG_NAME))? {
            return Ok(Some(path));
        }
    }
    Ok(None)
}

/// The configuration at a path, if there is one. Something else of that name, or one that cannot be read, is not passed
/// over: the configuration of a folder above is that of another plan.
fn config_at(path: PathBuf) -> Result<Option<PathBuf>, Error> {
    let unreadable = |source| Error::Unreadable { path: path.clone(), source };
    match std::fs::symlink_metadata(&path) {
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => Ok(None),
        Err(error) => Err(unreadable(error)),
        Ok(_) => match std::fs::metadata(&path).map_err(unreadable)?.is_file() {
            true => Ok(Some(path)),
            false => Err(Error::ConfigNotAFile { path }),
        },
    }
}

/// The folder in which the configuration is first looked for.
pub(super) fn start_of(request: &Request) -> PathBuf {
    if let Some(named) = &request.plan {
        let folder = if named.is_dir() { Some(named.as_path()) } else { named.parent() };
        return folder.unwrap_or(&request.working_folder).to_owned();
    }
    request.paths.first().map_or_else(|| request.working_folder.clone(), |path| nearest_folder(path))
}

/// A folder that is named, or else the nearest one above a file that exists: the file itself may have been deleted.
pub(super) fn nearest_folder(path: &Path) -> PathBuf {
    let folder = path.ancestors().find(|folder| folder.is_dir()).unwrap_or(Path::new("."));
    // `a/..` is not above `a`, and a folder behind a link has its own folders above it.
    let detour = folder.components().any(|part| part == Component::ParentDir);
    detour.then(|| std::fs::canonicalize(folder).ok()).flatten().unwrap_or_else(|| folder.to_owned())
}

/// The folder of the plan that a request names, before anything is read: who writes into it locks it first.
///
/// # Errors
///
/// A `relplan.toml` that is named and is not there.
pub fn folder_of(request: &Request) -> Result<PathBuf, Error> {
    let config = find_config(request)?;
    let folder = config.as_deref().and_then(Path::parent).map(Path::to_owned);
    Ok(folder.unwrap_or_else(|| default_root(&request.working_folder)))
}

/// The file of allowed signers of the plan that a request names, if its configuration names one.
pub fn allowed_signers_of(request: &Request) -> Option<PathBuf> {
    let config = find_config(request).ok()??;
    let file = super::read_file(&config, &request.working_folder).ok()?;
    let settings = Config::read(FileId(0), &file);
    let named = settings.allowed_signers.as_ref().filter(|_| !settings.is_broken())?;
    Some(config.parent()?.join(&named.value))
}

/// The files of a folder that its globs choose.
fn locate_folder(folder: &Path, located: &mut Located) -> Result<(), Error> {
    let root = located.root().unwrap_or_else(|| folder.to_owned());
    let mut walked = walk(folder, &root, &located.settings)?;
    walked.files.append(&mut located.files);
    walked.loops.append(&mut located.loops);
    located.take(walked);
    Ok(())
}

impl Located {
    /// The folder of `relplan.toml`.
    fn root(&self) -> Option<PathBuf> {
        self.config.as_ref().and_then(|(path, _)| path.parent()).map(Path::to_owned)
    }

    fn take(&mut self, walked: Walked) {
        self.files = walked.files;
        self.loops = walked.loops;
        self.settings.files.globs = walked.globs;
    }
}

/// What a walk through a folder found.
struct Walked {
    files: Vec<PathBuf>,
    loops: Vec<PathBuf>,
    /// The globs of `[plan] files`, each with the number of files that it matches.
    globs: Vec<GlobUse>,
}

fn walk(folder: &Path, root: &Path, settings: &Config) -> Result<Walked, Error> {
    let mut walked = Walked { files: Vec::new(), loops: Vec::new(), globs: Vec::new() };
    let include = globs(&settings.files.include)?;
    let exclude = globs(&settings.files.exclude)?;
    let mut used = vec![0; settings.files.include.len()];
    // In a part of the plan other globs have nothing to choose.
    let is_whole = folder == root;
    // Every file counts, whatever git ignores: a gate must not skip files silently.
    let walk = WalkBuilder::new(folder).standard_filters(false).hidden(true).follow_links(true).build();
    for item in walk {
        let item = match item {
            Ok(item) => item,
            Err(error) => {
                walked.loops.extend(loop_of(error)?);
                continue;
            }
        };
        let path = item.path();
        if item.file_type().is_some_and(|kind| kind.is_dir()) || !is_yaml(path) {
            continue;
        }
        let relative = path.strip_prefix(root).unwrap_or(path);
        let matches = include.matches(relative);
        if (include.is_empty() || !matches.is_empty()) && !exclude.is_match(relative) {
            // Pipes and devices may never end.
            if !item.file_type().is_some_and(|kind| kind.is_file()) {
                return Err(Error::NotAFile { path: path.to_owned() });
            }
            matches.iter().for_each(|&glob| used[glob] += 1);
            walked.files.push(path.to_owned());
        }
    }
    let globs = settings.files.include.iter().zip(used).filter(|_| is_whole);
    let globs =
        globs.map(|(glob, files)| GlobUse { setting: "plan.files".to_owned(), glob: glob.clone(), files });
    walked.globs = globs.collect();
    Ok(walked)
}

/// Whether a file of this name would be read as a part of the plan around `relplan.toml`.
pub(super) fn chooses(settings: &FileSettings, root: &Path, path: &Path) -> Result<bool, Error> {
    let Ok(relative) = path.strip_prefix(root) else { return Ok(false) };
    let hidden = relative.components().any(|part| part.as_os_str().to_string_lossy().starts_with('.'));
    let include = globs(&settings.include)?;
    let wanted = include.is_empty() || include.is_match(relative);
    Ok(wanted && !hidden && is_yaml(path) && !globs(&settings.exclude)?.is_match(relative))
}

pub(super) fn is_yaml(path: &Path) -> bool {
    path.extension().is_some_and(|extension| {
        extension.eq_ignore_ascii_case("yaml") || extension.eq_ignore_ascii_case("yml")
    })
}

/// The link behind a walking error that is a loop. A file that could belong to the plan and cannot be
/// read stops relplan; a dangling link to something else is nobody's concern here.
pub(super) fn loop_of(error: ignore::Error) -> Result<Option<PathBuf>, Error> {
    match error {
        ignore::Error::Loop { child, .. } => Ok(Some(child)),
        ignore::Error::WithDepth { err, .. } | ignore::Error::WithLineNumber { err, .. } => loop_of(*err),
        ignore::Error::WithPath { path, err } => match *err {
            ignore::Error::Loop { child, .. } => Ok(Some(child)),
            // Editors mark what they have open by a hidden link to nothing, as Emacs does: `.#plan.yaml`.
            _ if is_hidden(&path) => Ok(None),
            ignore::Error::Io(source) if source.kind() == std::io::ErrorKind::NotFound && !is_yaml(&path) => {
                Ok(None)
            }
            ignore::Error::Io(source) => Err(Error::Unreadable { path, source }),
            other => Err(Error::Unreadable { path, source: std::io::Error::other(other) }),
        },
        other => Err(Error::Output(std::io::Error::other(other))),
    }
}

fn is_hidden(path: &Path) -> bool {
    path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'))
}

pub(super) fn globs(patterns: &[Spanned<String>]) -> Result<GlobSet, Error> {
    let mut set = GlobSetBuilder::new();
    for pattern in patterns {
        let bad = |error: globset::Error| Error::BadGlob {
            glob: pattern.value.clone(),
            reason: error.kind().to_string(),
        };
        // As in a shell, `*` stays in its folder, and `**` does not.
        set.add(GlobBuilder::new(&pattern.value).literal_separator(true).build().map_err(bad)?);
    }
    set.build().map_err(|error| Error::BadGlob { glob: "files".into(), reason: error.kind().to_string() })
}
