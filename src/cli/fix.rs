//! `relplan check --fix`: applies what the rules propose, keeping comments and layout.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::Screen;
use super::rewrite::{is_outside, unified_diff};
use crate::error::Error;
use crate::finding::{Applicability, Finding, Fix};
use crate::model::phrase::counted;
use crate::project::{CheckOptions, Project, write};
use crate::rules::Levels;
use crate::source::edit::{self, Edit};
use crate::source::{Contents, FileId, SourceFile, Span};

/// A fix may bring out another finding with a fix; this often it is looked for.
const MOST_ROUNDS: usize = 20;

/// What is to be fixed, and how.
#[derive(Debug, Clone, Copy)]
pub(super) struct FixRequest {
    /// Whether suggested fixes are applied, too.
    pub suggested: bool,
    /// Whether the changes are shown instead of made.
    pub diff: bool,
}

/// Applies fixes until none is left, or shows what that would change. Says what was done.
pub(super) fn run(
    mut project: Project,
    levels: &Levels,
    today: NaiveDate,
    wanted: FixRequest,
    screen: &Screen,
) -> Result<String, Error> {
    // To look again at what is left, there must be something that can be read twice.
    if !wanted.diff && project.paths.iter().any(Option::is_none) {
        return Err(Error::FixedInput);
    }
    let mut changes = Changes::default();
    for _ in 0..MOST_ROUNDS {
        let round = changes.round(&project, levels, today, wanted);
        if round.is_empty() {
            break;
        }
        for (file, text) in round {
            let before = project.replace_text(file, text);
            changes.originals.entry(file).or_insert(before);
        }
    }
    // A later fix may take an earlier one back.
    changes.originals.retain(|file, before| project.sources.file(*file).text() != before);
    for (file, before) in &changes.originals {
        let source = project.sources.file(*file);
        let path = project.paths.get(file.0 as usize).and_then(Option::as_deref);
        match path.filter(|_| !wanted.diff) {
            Some(path) => write::whole(path, &source.encode(source.text().to_owned()))?,
            None => screen.product(changes.diff(*file, source, before).as_bytes())?,
        }
    }
    Ok(changes.in_words())
}

/// What was changed so far.
#[derive(Default)]
struct Changes {
    /// The texts before, by file.
    originals: BTreeMap<FileId, String>,
    /// How many fixes went into each file.
    applied: BTreeMap<FileId, usize>,
    /// Files with fixes that lie outside of the plan, behind a link.
    outside: BTreeMap<FileId, String>,
    /// The places of secrets in the texts before.
    masked: Option<Vec<Span>>,
}

impl Changes {
    /// The new texts of one look at the plan; none if there is nothing to fix.
    fn round(
        &mut self,
        project: &Project,
        levels: &Levels,
        today: NaiveDate,
        wanted: FixRequest,
    ) -> Vec<(FileId, String)> {
        let plan = project.plan();
        let graph = project.graph(&plan);
        let (outcome, _) = project.check(
            &plan,
            &graph,
            (&project.evidence()).into(),
            CheckOptions::default(),
            levels,
            today,
        );
        self.masked.get_or_insert(outcome.masked);
        let mut texts = Vec::new();
        let fixes = fixes_by_file(&outcome.findings, wanted.suggested);
        // Where some files are named, no other is written.
        for (file, fixes) in fixes.into_iter().filter(|(file, _)| project.is_named(*file)) {
            let source = project.sources.file(file);
            // A file that was not valid UTF-8 cannot be written back as it was.
            if !matches!(source.contents(), Contents::Utf8 | Contents::Utf8WithMark) {
                continue;
            }
            if is_outside(project, file) {
                self.outside.insert(file, source.name().to_owned());
                continue;
            }
            let (text, count) = apply_each(source.text(), &fixes);
            if text != source.text() {
                *self.applied.entry(file).or_default() += count;
                texts.push((file, text));
            }
        }
        texts
    }

    /// What changes in a file, without secrets and with the code of every character that is not seen.
    fn diff(&self, file: FileId, source: &SourceFile, before: &str) -> String {
        let masked = self.masked.iter().flatten().filter(|place| place.file == file);
        let hidden: Vec<&str> = masked.filter_map(|place| before.get(place.range())).collect();
        unified_diff(source.name(), before, source.text(), &hidden)
    }

    fn in_words(&self) -> String {
        let changed = self.originals.keys();
        let count: usize = changed.filter_map(|file| self.applied.get(file)).sum();
        let mut words = match count {
            0 => "no fixes to apply\n".to_owned(),
            1 => format!("applied 1 fix in {}\n", counted(self.originals.len(), "file")),
            count => format!("applied {count} fixes in {}\n", counted(self.originals.len(), "file")),
        };
        for name in self.outside.values() {
            words += &format!("`{name}` is a link to a file outside the plan: not changed\n");
        }
        words
    }
}

/// The fixes to apply, by file; those of one file in the order of their places.
fn fixes_by_file(findings: &[Finding], suggested: bool) -> BTreeMap<FileId, Vec<&Fix>> {
    let mut by_file: BTreeMap<FileId, Vec<&Fix>> = BTreeMap::new();
    for fix in findings.iter().filter_map(|finding| finding.fix.as_ref()) {
        let wanted = suggested || fix.applicability == Applicability::Safe;
        if let (true, Some(first)) = (wanted, fix.edits.first()) {
            by_file.entry(first.span.file).or_default().push(fix);
        }
    }
    for fixes in by_file.values_mut() {
        fixes.sort_by_key(|fix| fix.edits.first().map(|edit| edit.span));
    }
    by_file
}

/// Applies whole fixes: one that overlaps an earlier one waits for the next look.
fn apply_each(text: &str, fixes: &[&Fix]) -> (String, usize) {
    let mut edits: Vec<&Edit> = Vec::new();
    let mut end = 0;
    let mut count = 0;
    for fix in fixes {
        let begins = fix.edits.first().map_or(0, |edit| edit.span.start);
        if count > 0 && begins <= end {
            continue;
        }
        end = fix.edits.iter().map(|edit| edit.span.end).max().unwrap_or(begins);
        edits.extend(&fix.edits);
        count += 1;
    }
    (edit::apply(text, edits).0, count)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::edit::Edit;

    fn fix(edits: &[(usize, usize, &str)]) -> Fix {
        let edit =
            |&(start, end, new): &(usize, usize, &str)| Edit::replace(Span::new(FileId(0), start, end), new);
        Fix {
            title: "fix".to_owned(),
            applicability: Applicability::Safe,
            edits: edits.iter().map(edit).collect(),
        }
    }

    #[test]
    fn a_fix_is_applied_whole_or_waits() {
        let (first, second) = (fix(&[(0, 1, "x"), (3, 4, "y")]), fix(&[(2, 3, "z")]));
        assert_eq!(apply_each("abcd", &[&first, &second]), ("xbcy".to_owned(), 1));
    }
}
