//! Workspaces: the members of a `[workspace]`, each a plan with its own configuration, and the ids by which they link to one
//! another. No entry leaves its plan: what is shared is the set of ids.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use globset::{GlobBuilder, GlobMatcher};
use ignore::WalkBuilder;
use rustc_hash::{FxHashMap, FxHashSet};

use super::identity::slug;
use super::locate::{CONFIG_NAME, find_config};
use super::{Project, Request, display_name};
use crate::config::Config;
use crate::config::workspace::{
    KnownMembers, MemberIds, RepeatedMember, UncheckedMember, UncheckedReason, Workspace,
};
use crate::error::Error;
use crate::model::{Id, link};
use crate::source::{FileId, Spanned};

/// A member of a workspace that is there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// Its name: that of its plan, or else of its folder.
    pub name: String,
    /// Its folder.
    pub folder: PathBuf,
}

/// A workspace with its members.
#[derive(Debug, Clone)]
pub struct Members {
    /// The folder of the workspace.
    pub root: PathBuf,
    /// The members that are there, by their folders.
    pub members: Vec<Member>,
    /// Those that are not.
    pub unchecked: Vec<UncheckedMember>,
    /// Those with the name of an earlier one.
    pub repeated: Vec<RepeatedMember>,
}

/// The ids of members that were read already, by their folders.
#[derive(Debug, Default)]
pub struct MemberCache(Mutex<FxHashMap<PathBuf, MemberIds>>);

impl Members {
    /// The members that are named and not read, each with its reason.
    pub fn missing(&self) -> impl Iterator<Item = (String, String)> {
        let absent =
            self.unchecked.iter().map(|member| (member.folder.clone(), member.reason.words().to_owned()));
        let repeated = self.repeated.iter().map(|member| {
            (member.second.clone(), format!("`{}` has its name, `{}`", member.first, member.name))
        });
        absent.chain(repeated)
    }

    /// The members that the globs of a workspace name.
    ///
    /// # Errors
    ///
    /// A glob that is none, or a folder that cannot be read.
    pub fn of(root: &Path, workspace: &Workspace) -> Result<Members, Error> {
        let mut found = Members {
            root: root.to_owned(),
            members: Vec::new(),
            unchecked: Vec::new(),
            repeated: Vec::new(),
        };
        let mut seen: FxHashSet<PathBuf> = FxHashSet::default();
        for glob in &workspace.members {
            let folders = folders(root, glob)?;
            if folders.is_empty() {
                let folder = glob.value.clone();
                found.unchecked.push(UncheckedMember {
                    folder,
                    reason: UncheckedReason::Missing,
                    glob: glob.span,
                });
            }
            for folder in folders.into_iter().filter(|folder| seen.insert(folder.clone())) {
                found.add(folder, glob);
            }
        }
        Ok(found)
    }

    fn add(&mut self, folder: PathBuf, glob: &Spanned<String>) {
        let shown = |folder: &Path| display_name(folder, &self.root);
        let config = folder.join(CONFIG_NAME);
        if !config.is_file() {
            let is_empty = std::fs::read_dir(&folder).is_ok_and(|mut items| items.next().is_none());
            let reason = if is_empty { UncheckedReason::Empty } else { UncheckedReason::NoConfig };
            self.unchecked.push(UncheckedMember { folder: shown(&folder), reason, glob: glob.span });
            return;
        }
        let settings = super::read_file(&config, &folder).ok().map(|file| Config::read(FileId(0), &file));
        if settings.as_ref().is_some_and(|settings| settings.workspace.is_some()) {
            let reason = UncheckedReason::Nested;
            let folder = format!("{}/…", shown(&folder));
            self.unchecked.push(UncheckedMember { folder, reason, glob: glob.span });
        }
        let name = name_of(&folder, settings);
        match self.members.iter().find(|member| member.name == name) {
            Some(first) => self.repeated.push(RepeatedMember {
                name,
                first: shown(&first.folder),
                second: shown(&folder),
                glob: glob.span,
            }),
            None => self.members.push(Member { name, folder }),
        }
    }
}

/// The name of a member: that of its plan, or else of its folder, in the letters that links can write.
fn name_of(folder: &Path, settings: Option<Config>) -> String {
    let stated = settings.and_then(|settings| settings.name);
    let stated = stated.map(|name| slug(&name.value)).filter(|name| !name.is_empty());
    let folder = || folder.file_name().map(|name| slug(&name.to_string_lossy())).unwrap_or_default();
    stated.unwrap_or_else(folder)
}

/// What a glob of members matches: paths from the folder of the workspace.
pub(super) fn matcher(glob: &str) -> Result<GlobMatcher, Error> {
    let bad =
        |error: globset::Error| Error::BadGlob { glob: glob.to_owned(), reason: error.kind().to_string() };
    let pattern =
        GlobBuilder::new(glob.trim_end_matches('/')).literal_separator(true).build().map_err(bad)?;
    Ok(pattern.compile_matcher())
}

/// The folders that a glob matches, in the order of their paths.
fn folders(root: &Path, glob: &Spanned<String>) -> Result<Vec<PathBuf>, Error> {
    let pattern = glob.value.trim_end_matches('/');
    if !pattern.contains(['*', '?', '[', '{']) {
        let folder = root.join(pattern);
        return Ok(if folder.is_dir() { vec![folder] } else { Vec::new() });
    }
    let matcher = matcher(pattern)?;
    let mut walk = WalkBuilder::new(root);
    walk.standard_filters(false)
        .filter_entry(|item| item.file_name() != ".git")
        .follow_links(false)
        .sort_by_file_name(|one, two| one.cmp(two));
    if !pattern.contains("**") {
        walk.max_depth(Some(pattern.split('/').count()));
    }
    let mut folders = Vec::new();
    for item in walk.build() {
        let Ok(item) = item else { continue };
        let relative = item.path().strip_prefix(root).unwrap_or(item.path());
        // A link to a folder is one, though what is below it is not looked through.
        let is_folder =
            item.file_type().is_some_and(|kind| kind.is_dir() || (kind.is_symlink() && item.path().is_dir()));
        // A hidden folder with a plan is a member, so that nobody hides one by its name.
        let is_hidden = item.file_name().to_string_lossy().starts_with('.');
        let is_member = !is_hidden || item.path().join(CONFIG_NAME).is_file();
        if is_folder && is_member && matcher.is_match(relative) {
            folders.push(item.path().to_owned());
        }
    }
    Ok(folders)
}

/// The workspace that a request without files is about, if its configuration declares one.
pub fn workspace_of(request: &Request) -> Result<Option<Members>, Error> {
    match find_config(request)? {
        Some(config) => declared_in(&config, request),
        None => Ok(None),
    }
}

fn declared_in(config: &Path, request: &Request) -> Result<Option<Members>, Error> {
    let file = super::read_file(config, &request.working_folder)?;
    // Most configurations declare none, and need not be read twice.
    if !file.text().contains("workspace") {
        return Ok(None);
    }
    let settings = Config::read(FileId(0), &file);
    let root = config.parent().unwrap_or(Path::new("."));
    let workspace = settings.workspace.as_ref().filter(|_| !settings.is_broken());
    workspace.map(|workspace| Members::of(root, workspace)).transpose()
}

impl Project {
    /// Notes which members the workspace has, and reads the ids of those that the plan links to.
    pub(super) fn load_members(&mut self, request: &Request) -> Result<(), Error> {
        if let Some(workspace) = &mut self.config.workspace {
            let members = Members::of(&self.root, workspace)?;
            (workspace.unchecked, workspace.repeated) = (members.unchecked, members.repeated);
        }
        let named = self.named_members();
        if named.is_empty() {
            return Ok(());
        }
        let Some(members) = self.workspace_around(request)? else { return Ok(()) };
        let mut known: BTreeMap<String, MemberIds> = BTreeMap::new();
        for member in &members.members {
            let ids = match named.contains(&member.name) {
                true => ids_of(member, request),
                false => MemberIds::NotRead,
            };
            known.insert(member.name.clone(), ids);
        }
        for unchecked in &members.unchecked {
            let folder = Path::new(&unchecked.folder).file_name().map(|name| slug(&name.to_string_lossy()));
            let (reason, help) = (unchecked.reason.words().to_owned(), unchecked.reason.help());
            known.entry(folder.unwrap_or_default()).or_insert(MemberIds::NotChecked { reason, help });
        }
        for repeated in &members.repeated {
            let reason = format!("`{}` and `{}` have this name", repeated.first, repeated.second);
            let help = "set `name` in `[plan]` of one of them";
            known.insert(repeated.name.clone(), MemberIds::NotChecked { reason, help });
        }
        self.config.members = KnownMembers::Members(known);
        Ok(())
    }

    /// The members that the texts of the plan name in links.
    fn named_members(&self) -> FxHashSet<String> {
        let texts = self.plan_files.iter().map(|file| self.sources.file(*file).text());
        texts.flat_map(link::members_in).map(str::to_ascii_lowercase).collect()
    }

    /// The workspace that the plan declares, or the nearest one above that has the plan as a member.
    fn workspace_around(&self, request: &Request) -> Result<Option<Members>, Error> {
        let own = std::fs::canonicalize(&self.root).unwrap_or_else(|_| self.root.clone());
        for folder in own.ancestors() {
            let config = folder.join(CONFIG_NAME);
            if !config.is_file() {
                continue;
            }
            let Some(members) = declared_in(&config, request)? else { continue };
            let is_own = |member: &Member| std::fs::canonicalize(&member.folder).is_ok_and(|it| it == own);
            if folder == own || members.members.iter().any(is_own) {
                return Ok(Some(members));
            }
        }
        Ok(None)
    }
}

/// The ids of a member, which is read once for all plans that link to it.
fn ids_of(member: &Member, request: &Request) -> MemberIds {
    let read = || {
        let request = Request {
            working_folder: request.working_folder.clone(),
            plan: Some(member.folder.clone()),
            ids_only: true,
            ..Request::default()
        };
        match Project::load(&request) {
            Ok(project) if project.config.is_broken() => {
                let reason = "its relplan.toml has errors".to_owned();
                MemberIds::NotChecked { reason, help: "fix the errors of its relplan.toml" }
            }
            Ok(project) => {
                let plan = project.plan();
                let present = plan.entries().iter().map(|entry| entry.id.value);
                let former = plan.former_ids();
                MemberIds::Read(Arc::new(present.chain(former).collect::<FxHashSet<Id>>()))
            }
            Err(error) => MemberIds::NotChecked {
                reason: error.to_string(),
                help: "run `relplan check` in the folder of the member",
            },
        }
    };
    let Some(cache) = &request.cache else { return read() };
    let known = cache.0.lock().ok().and_then(|known| known.get(&member.folder).cloned());
    known.unwrap_or_else(|| {
        let ids = read();
        if let Ok(mut known) = cache.0.lock() {
            known.insert(member.folder.clone(), ids.clone());
        }
        ids
    })
}

/// The requests that read a workspace: its own plan first, then each member.
pub(super) fn requests(members: &Members, request: &Request) -> Vec<Request> {
    let cache = Some(Arc::new(MemberCache::default()));
    let shared = Request { outer: Some(members.root.clone()), cache, ..request.clone() };
    let own = Request { plan: Some(members.root.clone()), is_workspace: true, ..shared.clone() };
    let each = members.members.iter().map(|member| {
        let (plan, member) = (Some(member.folder.clone()), Some(member.name.clone()));
        Request { plan, member, ..shared.clone() }
    });
    std::iter::once(own).chain(each).collect()
}
