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
/// code, HTML and front matter there are none.
fn ids_of_headings(markdown: &str) -> Vec<Id> {
    let mut ids = Vec::new();
    let mut find = |text: &str| ids.extend(id::find_in(text).map(|(id, _)| id));
    let mut inside = Inside::Text;
    let mut paragraph = String::new();
    for line in without_front_matter(markdown).lines() {
        let content = line.trim_start_matches(' ');
        let is_code = line.len() - content.len() > 3 || line.starts_with('\t');
        let was_text = inside == Inside::Text;
        inside = inside.after(content, is_code);
        if !was_text || inside != Inside::Text || content.trim().is_empty() || is_html_line(content) {
            paragraph.clear();
        } else if is_code {
            // It goes on with the paragraph above, or is code.
        } else if is_heading(content) {
            find(content);
            paragraph.clear();
        } else if is_underline(content) {
            find(&paragraph);
            paragraph.clear();
        } else if is_of_a_block(content) {
            paragraph.clear();
        } else {
            paragraph += content;
            paragraph.push(' ');
        }
    }
    ids
}

/// What a line of Markdown stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Inside {
    Text,
    /// Between fences of this character and length.
    Fence(char, usize),
    /// HTML that ends with the line that holds this text; with an empty line if it is empty (CommonMark 4.6).
    Html(&'static str),
}

impl Inside {
    /// What the line behind this one stands in.
    fn after(self, content: &str, is_code: bool) -> Inside {
        match self {
            Inside::Fence(mark, length) => match fence_of(content).filter(|_| !is_code) {
                Some((closing, found)) if closing == mark && found >= length && is_only(content, mark) => {
                    Inside::Text
                }
                _ => self,
            },
            Inside::Html("") if content.trim().is_empty() => Inside::Text,
            Inside::Html(end) if !end.is_empty() && content.to_ascii_lowercase().contains(end) => {
                Inside::Text
            }
            Inside::Html(_) => self,
            Inside::Text if is_code => self,
            Inside::Text => match (fence_of(content), html_of(content)) {
                (Some((mark, length)), _) => Inside::Fence(mark, length),
                (None, Some(end)) if end.is_empty() || !is_html_line(content) => Inside::Html(end),
                _ => self,
            },
        }
    }
}

fn is_only(content: &str, mark: char) -> bool {
    content.trim_end().chars().all(|letter| letter == mark)
}

/// The text that ends the HTML which begins with a line.
fn html_of(content: &str) -> Option<&'static str> {
    const RAW: [(&str, &str); 5] = [
        ("<!--", "-->"),
        ("<pre", "</pre>"),
        ("<script", "</script>"),
        ("<style", "</style>"),
        ("<textarea", "</textarea>"),
    ];
    let lower = content.to_ascii_lowercase();
    if let Some((_, end)) = RAW.into_iter().find(|(begin, _)| lower.starts_with(begin)) {
        return Some(end);
    }
    let name = lower.strip_prefix('<')?.trim_start_matches('/');
    let rest = name.trim_start_matches(|letter: char| letter.is_ascii_alphanumeric() || letter == '-');
    let is_tag = name.starts_with(|first: char| first.is_ascii_lowercase())
        && (rest.is_empty() || rest.starts_with([' ', '>', '/', '\t']));
    is_tag.then_some("")
}

/// Whether a line is HTML that ends with it.
fn is_html_line(content: &str) -> bool {
    html_of(content).is_some_and(|end| !end.is_empty() && content.to_ascii_lowercase().contains(end))
}

/// Whether a line begins a quotation or an item of a list, which is no paragraph that could be underlined.
fn is_of_a_block(content: &str) -> bool {
    let number = content.trim_start_matches(|digit: char| digit.is_ascii_digit());
    let is_item = |rest: &str| rest.is_empty() || rest.starts_with([' ', '\t']);
    content.starts_with('>')
        || content.strip_prefix(['-', '+', '*']).is_some_and(is_item)
        || (number.len() < content.len() && number.strip_prefix(['.', ')']).is_some_and(is_item))
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
        check("# FEA-001\n<!--\n# FEA-002", &["FEA-001"]);
        check(
            "Some `<!--` text\n# FEA-001\n```\n<!--\n```\n# FEA-002\n<!--> # FEA-003 -->\n# FEA-004\n",
            &["FEA-001", "FEA-002", "FEA-004"],
        );
        check("<pre>\n# FEA-001\n\n# FEA-002\n</pre>\n# FEA-003\n", &["FEA-003"]);
        check("<details>\n# FEA-001\n\n# FEA-002\n</details>\n\n# FEA-003\n", &["FEA-002", "FEA-003"]);
    }

    #[test]
    fn a_heading_may_be_underlined() {
        check("FEA-001 Sign in\n======\n\nFEA-002\n---\n", &["FEA-001", "FEA-002"]);
        check("FEA-001\n\n---\ntext FEA-002\n", &[]);
        check(
            "FEA-001 and\nFEA-002\n===\n- FEA-003\n---\n> FEA-004\n===\n1. FEA-005\n---\n",
            &["FEA-001", "FEA-002"],
        );
        check(
            "#FEA-001\n####### FEA-002\n###### FEA-003 ######\n## **FEA-004**: x\n",
            &["FEA-003", "FEA-004"],
        );
    }
}
