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

/// The ids in the headings of a Markdown file: those with `#`, and those that are underlined (CommonMark 4.2, 4.3). In
/// code, comments and front matter there are none.
fn ids_of_headings(markdown: &str) -> Vec<Id> {
    let text = without_comments(markdown);
    let mut ids = Vec::new();
    let mut fence: Option<(char, usize)> = None;
    let mut before = "";
    for line in without_front_matter(&text).lines() {
        let content = line.trim_start_matches(' ');
        let is_code = line.len() - content.len() > 3 || line.starts_with('\t');
        match (fence, fence_of(content).filter(|_| !is_code)) {
            (None, Some(opening)) => fence = Some(opening),
            (Some((mark, length)), Some(closing)) => {
                let closes =
                    closing.0 == mark && closing.1 >= length && content.trim_end().chars().all(|c| c == mark);
                fence = fence.filter(|_| !closes);
            }
            (None, None) if !is_code && is_heading(content) => {
                ids.extend(id::find_in(content).map(|(id, _)| id))
            }
            (None, None) if !is_code && is_underline(content) => {
                ids.extend(id::find_in(before).map(|(id, _)| id))
            }
            _ => {}
        }
        before = if fence.is_none() && !is_code && !is_heading(content) { content } else { "" };
    }
    ids
}

fn is_heading(content: &str) -> bool {
    let rest = content.trim_start_matches('#');
    let marks = content.len() - rest.len();
    (1..=6).contains(&marks) && (rest.is_empty() || rest.starts_with([' ', '\t']))
}

/// The line below a heading: `=====` or `-----`.
fn is_underline(content: &str) -> bool {
    let marks = content.trim_end();
    !marks.is_empty() && (marks.bytes().all(|byte| byte == b'=') || marks.bytes().all(|byte| byte == b'-'))
}

/// The character and length of a fence of code.
fn fence_of(content: &str) -> Option<(char, usize)> {
    let mark = content.chars().next().filter(|first| matches!(first, '`' | '~'))?;
    let length = content.len() - content.trim_start_matches(mark).len();
    (length >= 3).then_some((mark, length))
}

/// Comments of HTML become empty, their lines stay. One that is not closed reaches to the end.
fn without_comments(markdown: &str) -> String {
    let mut text = String::with_capacity(markdown.len());
    let mut rest = markdown;
    while let Some((before, comment)) = rest.split_once("<!--") {
        text += before;
        let (inner, after) = comment.split_once("-->").unwrap_or((comment, ""));
        text.extend(inner.matches('\n'));
        rest = after;
    }
    text + rest
}

fn without_front_matter(text: &str) -> &str {
    let Some(rest) = text.strip_prefix("---\n").or_else(|| text.strip_prefix("---\r\n")) else { return text };
    rest.find("\n---").map_or(text, |end| &rest[end + 4..])
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

    fn check(markdown: &str, expect: &[&str]) {
        let ids: Vec<String> = ids_of_headings(markdown).iter().map(Id::to_string).collect();
        assert_eq!(ids, expect, "{markdown}");
    }

    #[test]
    fn comments_code_and_front_matter_hold_no_heading() {
        check("<!--\n# FEA-001\n-->\n# FEA-002\n<!-- # FEA-003 -->\n", &["FEA-002"]);
        check("~~~\n# FEA-001\n```\n# FEA-002\n~~~\n# FEA-003\n", &["FEA-003"]);
        check("````md\n```\n# FEA-001\n```\n````\n# FEA-002\n", &["FEA-002"]);
        check("    # FEA-001\n\t# FEA-002\n   # FEA-003\n", &["FEA-003"]);
        check("---\ntitle: x # FEA-001\n# FEA-002\n---\n# FEA-003\n", &["FEA-003"]);
        check("# FEA-001\n<!-- # FEA-002", &["FEA-001"]);
    }

    #[test]
    fn a_heading_may_be_underlined() {
        check("FEA-001 Sign in\n======\n\nFEA-002\n---\n", &["FEA-001", "FEA-002"]);
        check("FEA-001\n\n---\ntext FEA-002\n", &[]);
        check(
            "#FEA-001\n####### FEA-002\n###### FEA-003 ######\n## **FEA-004**: x\n",
            &["FEA-003", "FEA-004"],
        );
    }
}
