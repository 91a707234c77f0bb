//! `relplan check --fix`: applies what the rules propose, keeping comments and layout.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::Screen;
use crate::error::Error;
use crate::finding::{Applicability, Finding, Fix};
use crate::formats::counted;
use crate::project::{Project, write};
use crate::rules::Levels;
use crate::source::edit::{self, Edit};
use crate::source::{Contents, FileId, SourceFile, Span, secret};

/// Applies the fixes of one look at the plan, or shows them; says what was done.
pub(super) fn run(
    project: &Project,
    levels: &Levels,
    today: NaiveDate,
    suggested: bool,
    diff: bool,
    screen: &Screen,
) -> Result<String, Error> {
    // To look again at what is left, there must be something that can be read twice.
    if !diff && project.paths.iter().any(Option::is_none) {
        return Err(Error::FixedInput);
    }
    let plan = project.plan();
    let graph = project.graph(&plan);
    let (outcome, _) = project.check(&plan, &graph, (&project.evidence()).into(), None, levels, today);
    let mut findings = outcome.findings;
    project.keep_named(&mut findings);
    let by_file = wanted(&findings, suggested);
    let mut applied = 0;
    let mut changed = 0;
    for (file, fixes) in by_file {
        let source = project.sources.file(file);
        let path = project.paths.get(file.0 as usize).and_then(Option::as_deref);
        // A file that was not valid UTF-8 cannot be written back as it was.
        if !matches!(source.contents(), Contents::Utf8 | Contents::Utf8WithMark) {
            continue;
        }
        let (text, count) = apply_each(source.text(), &fixes);
        applied += count;
        changed += 1;
        if diff {
            screen.product(unified_diff(source, &fixes, &outcome.masked).as_bytes())?;
        } else if let Some(path) = path {
            write::whole(path, &source.encode(text))?;
        }
    }
    Ok(match applied {
        0 => "no fixes to apply\n".to_owned(),
        count => format!(
            "applied {} in {}\n",
            counted(count, "fix").replace("fixs", "fixes"),
            counted(changed, "file")
        ),
    })
}

/// The fixes to apply, by file; those of one file in the order of their places.
fn wanted(findings: &[Finding], suggested: bool) -> BTreeMap<FileId, Vec<&Fix>> {
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

/// Applies whole fixes: one that overlaps an earlier one waits for the next run.
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

/// What would change, without secrets: they are masked before the fixes are applied.
fn unified_diff(source: &SourceFile, fixes: &[&Fix], masked: &[Span]) -> String {
    let name = source.name();
    let places: Vec<Span> = fixes.first().and_then(|fix| fix.edits.first()).map_or(Vec::new(), |edit| {
        masked.iter().filter(|place| place.file == edit.span.file).copied().collect()
    });
    let before = source.masked(&places);
    let (after, _) = apply_each(&before, fixes);
    // A fix may repeat what it replaces.
    let after = secret::mask_in_place(&after);
    similar::TextDiff::from_lines(&*before, &*after)
        .unified_diff()
        .context_radius(2)
        .header(&format!("a/{name}"), &format!("b/{name}"))
        .to_string()
}
