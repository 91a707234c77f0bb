//! Ids that live in the headings of Markdown files.

use std::path::{Path, PathBuf};

use globset::GlobBuilder;
use ignore::WalkBuilder;
use rustc_hash::FxHashSet;

use crate::config::{Config, GlobUse};
use crate::error::Error;
use crate::model::{Id, id};

/// What the headings of Markdown files define.
#[derive(Default)]
pub(super) struct Headings {
    /// Every id in a heading.
    pub ids: FxHashSet<Id>,
    /// The files.
    pub files: Vec<PathBuf>,
    /// How many files each glob chose.
    pub globs: Vec<GlobUse>,
}

/// Reads the headings of the Markdown files that external families name.
pub(super) fn headings(root: &Path, config: &Config) -> Result<Headings, Error> {
    let mut headings = Headings::default();
    let families = config.families.sorted();
    let globs = families.iter().flat_map(|family| {
        let external = family.external.as_ref().into_iter();
        external.flat_map(|external| &external.headings).map(|glob| (family.prefix, glob))
    });
    for (prefix, glob) in globs {
        let matcher = GlobBuilder::new(&glob.value)
            .literal_separator(true)
            .build()
            .map_err(|error| Error::BadGlob { glob: glob.value.clone(), reason: error.kind().to_string() })?
            .compile_matcher();
        let mut count = 0;
        for item in WalkBuilder::new(root).standard_filters(false).hidden(true).build() {
            let Some(item) = found(item)? else { continue };
            let path = item.path();
            if matcher.is_match(path.strip_prefix(root).unwrap_or(path)) && path.is_file() {
                count += 1;
                let bytes = std::fs::read(path)
                    .map_err(|source| Error::Unreadable { path: path.to_owned(), source })?;
                headings.ids.extend(ids_of_headings(&String::from_utf8_lossy(&bytes)));
                headings.files.push(path.to_owned());
            }
        }
        let setting = format!("families.{prefix}.headings");
        headings.globs.push(GlobUse { setting, glob: glob.clone(), files: count });
    }
    Ok(headings)
}

/// What was found; nothing if it is a link that leads nowhere. What cannot be looked into may define ids.
fn found(item: Result<ignore::DirEntry, ignore::Error>) -> Result<Option<ignore::DirEntry>, Error> {
    match item {
        Ok(item) => Ok(Some(item)),
        Err(error) => super::locate::loop_of(error).map(|_| None),
    }
}

fn ids_of_headings(markdown: &str) -> Vec<Id> {
    let mut fenced = false;
    let mut ids = Vec::new();
    for line in markdown.lines() {
        if line.trim_start().starts_with("```") {
            fenced = !fenced;
        } else if !fenced && line.starts_with('#') {
            ids.extend(id::find_in(line).map(|(id, _)| id));
        }
    }
    ids
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_define_ids_and_code_does_not() {
        let markdown = "# FEA-001: Login\ntext FEA-009\n```\n# FEA-002\n```\n## FEA-003 and FEA-004\n";
        let ids: Vec<String> = ids_of_headings(markdown).iter().map(Id::to_string).collect();
        assert_eq!(ids, ["FEA-001", "FEA-003", "FEA-004"]);
    }
}
