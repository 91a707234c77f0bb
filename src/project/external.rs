//! Ids that live in the headings of Markdown files.

use std::path::{Path, PathBuf};

use globset::GlobBuilder;
use ignore::WalkBuilder;
use rustc_hash::FxHashSet;

use crate::config::Config;
use crate::error::Error;
use crate::model::{Id, id};
use crate::source::Spanned;

/// What the headings of Markdown files define.
#[derive(Default)]
pub(super) struct Headings {
    /// Every id in a heading.
    pub ids: FxHashSet<Id>,
    /// The files.
    pub files: Vec<PathBuf>,
    /// The globs that name no file.
    pub idle: Vec<Spanned<String>>,
}

/// Reads the headings of the Markdown files that external families name.
pub(super) fn headings(root: &Path, config: &Config) -> Result<Headings, Error> {
    let mut headings = Headings::default();
    let families = config.families.sorted();
    let globs =
        families.iter().filter_map(|family| family.external.as_ref()).flat_map(|external| &external.headings);
    for glob in globs {
        let matcher = GlobBuilder::new(&glob.value)
            .literal_separator(true)
            .build()
            .map_err(|error| Error::BadGlob { glob: glob.value.clone(), reason: error.kind().to_string() })?
            .compile_matcher();
        let mut used = false;
        for item in WalkBuilder::new(root).standard_filters(false).hidden(true).build().flatten() {
            let path = item.path();
            if matcher.is_match(path.strip_prefix(root).unwrap_or(path)) && path.is_file() {
                used = true;
                let bytes = std::fs::read(path)
                    .map_err(|source| Error::Unreadable { path: path.to_owned(), source })?;
                headings.ids.extend(ids_of_headings(&String::from_utf8_lossy(&bytes)));
                headings.files.push(path.to_owned());
            }
        }
        if !used {
            headings.idle.push(glob.clone());
        }
    }
    Ok(headings)
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
