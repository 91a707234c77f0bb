//! Whose plan a named file is: each belongs to the plan around it, and the files of one plan are checked together.

use std::path::{Path, PathBuf};

use super::Request;
use super::git;
use super::locate::{CONFIG_NAME, default_root, find_config, nearest_folder};
use super::workspace;
use crate::error::Error;

/// The requests that one comes to: one for each plan that its paths name, in their order; without paths, one for each
/// member of the workspace, if the plan is one.
///
/// # Errors
///
/// A configuration that is no file, or cannot be read.
pub fn by_plan(request: Request) -> Result<Vec<Request>, Error> {
    if request.standard_input {
        return Ok(vec![request]);
    }
    if request.paths.is_empty() {
        let workspace = workspace::workspace_of(&request)?;
        return Ok(workspace
            .map_or_else(|| vec![request.clone()], |members| workspace::requests(&members, &request)));
    }
    let mut plans: Vec<(PathBuf, Request)> = Vec::new();
    for path in &request.paths {
        let one = Request { paths: vec![path.clone()], for_all: Vec::new(), ..request.clone() };
        let config = find_config(&one)?;
        let place = config.clone().unwrap_or_else(|| default_root(&nearest_folder(path)));
        let place = std::fs::canonicalize(&place).unwrap_or(place);
        let at = plans.iter().position(|(known, _)| *known == place).unwrap_or_else(|| {
            plans.push((place, Request { paths: Vec::new(), ..one.clone() }));
            plans.len() - 1
        });
        let own = &mut plans[at].1;
        own.paths.push(path.clone());
        if config.is_some_and(|config| is_same(&config, path)) || is_deleted(path) {
            own.for_all.push(path.clone());
        }
    }
    let outer = Some(common(plans.iter().map(|(place, _)| place.as_path()))).filter(|_| plans.len() > 1);
    let requests = plans.into_iter().map(|(_, request)| Request { outer: outer.clone(), ..request });
    Ok(requests.collect())
}

/// The innermost folder around several places.
fn common<'p>(mut places: impl Iterator<Item = &'p Path>) -> PathBuf {
    let first = places.next().unwrap_or(Path::new("/"));
    let around = |folder: &'p Path, place: &Path| {
        folder.ancestors().find(|folder| place.starts_with(folder)).unwrap_or(Path::new("/"))
    };
    places.fold(first, around).to_owned()
}

/// Whether a path names a file that has this configuration in it.
fn is_same(config: &Path, path: &Path) -> bool {
    let named = path.file_name().is_some_and(|name| name == CONFIG_NAME);
    named && std::fs::canonicalize(config).ok() == std::fs::canonicalize(path).ok()
}

/// Whether a file is gone that the commit still has: what it took with it may be missed anywhere in the plan. Any other
/// path without a file is a slip of the pen.
fn is_deleted(path: &Path) -> bool {
    let folder = path.ancestors().skip(1).find(|folder| folder.is_dir());
    let rest = folder.and_then(|folder| Some((folder, path.strip_prefix(folder).ok()?)));
    path.symlink_metadata().is_err() && rest.is_some_and(|(folder, rest)| git::is_committed(folder, rest))
}
