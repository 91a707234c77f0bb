//! What commands that change plan files have in common.

use std::collections::BTreeMap;
use std::mem::ManuallyDrop;
use std::path::{Path, PathBuf};

use super::check::levels;
use super::{BaseArguments, Global, Screen};
use crate::editing::outline::Outline;
use crate::error::Error;
use crate::project::{CheckOptions, Project, write};
use crate::source::edit::{self, Edit};
use crate::source::{Contents, FileId, Span, invisible, secret};

/// Applies the edits of each file to the texts of a project, and returns the texts that they had.
pub(super) fn apply(
    project: &mut Project,
    edits: &BTreeMap<FileId, Vec<Edit>>,
) -> Result<BTreeMap<FileId, String>, Error> {
    for file in edits.keys() {
        let source = project.sources.file(*file);
        let name = source.name().to_owned();
        if !matches!(source.contents(), Contents::Utf8 | Contents::Utf8WithMark) {
            return Err(Error::NotUtf8 { name });
        }
        if is_outside(project, *file) {
            return Err(Error::OutsidePlan { name });
        }
    }
    let texts = edits.iter().map(|(file, edits)| {
        let (text, _) = edit::apply(project.sources.file(*file).text(), edits);
        (*file, text)
    });
    let texts: Vec<(FileId, String)> = texts.collect();
    Ok(texts.into_iter().map(|(file, text)| (file, project.replace_text(file, text))).collect())
}

/// Writes the files whose texts were replaced, all of them or none.
pub(super) fn write_all(project: &Project, before: &BTreeMap<FileId, String>) -> Result<(), Error> {
    let changed = before.keys().filter_map(|file| {
        let source = project.sources.file(*file);
        let path = project.paths.get(file.0 as usize)?.clone()?;
        Some((path, source.encode(source.text().to_owned())))
    });
    write::all_whole(&changed.collect::<Vec<_>>())
}

/// Shows what changes in each file instead of writing it, without the secrets at these places of the texts before.
pub(super) fn show_all(
    project: &Project,
    before: &BTreeMap<FileId, String>,
    masked: &[Span],
    screen: &Screen,
) -> Result<(), Error> {
    for (file, before) in before {
        let source = project.sources.file(*file);
        let masked = masked.iter().filter(|place| place.file == *file);
        let hidden: Vec<&str> = masked.filter_map(|place| before.get(place.range())).collect();
        screen.product(unified_diff(source.name(), before, source.text(), &hidden).as_bytes())?;
    }
    Ok(())
}

/// What the texts of a project say as they are now. A configuration that is broken by a change says something else.
pub(super) fn outline(project: &Project) -> Outline {
    // The process ends in a moment: giving back the memory of two plans would take longer than the change.
    let plan = ManuallyDrop::new(project.plan());
    let graph = ManuallyDrop::new(project.graph(&plan));
    Outline::new(&plan, &graph)
}

/// The places of what must not be shown of a plan.
pub(super) fn secrets(project: &Project, global: &Global) -> Result<Vec<Span>, Error> {
    let plan = project.plan();
    let graph = project.graph(&plan);
    let levels = levels(project, &[], &BaseArguments::default())?;
    let evidence = project.evidence();
    let (outcome, _) =
        project.check(&plan, &graph, (&evidence).into(), CheckOptions::default(), &levels, global.day().0);
    Ok(outcome.masked)
}

/// Whether a path in the plan leads out of it through a link.
pub(super) fn is_outside(project: &Project, file: FileId) -> bool {
    let canonical = |path: &Path| std::fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let path: Option<&PathBuf> = project.paths.get(file.0 as usize).and_then(Option::as_ref);
    path.is_some_and(|path| {
        path.starts_with(&project.root) && !canonical(path).starts_with(canonical(&project.root))
    })
}

/// The changed lines of a text, without secrets and with the code of every character that is not seen.
pub(super) fn unified_diff(name: &str, before: &str, after: &str, hidden: &[&str]) -> String {
    // What stands at the place of a secret is masked wherever a fix puts it.
    let showable = |text: &str| {
        let text =
            hidden.iter().fold(text.to_owned(), |text, hidden| text.replace(hidden, &asterisks(hidden)));
        invisible::named(&secret::mask_in_place(&text)).into_owned()
    };
    let (before, after) = (showable(before), showable(after));
    similar::TextDiff::from_lines(&before, &after)
        .unified_diff()
        .context_radius(2)
        .header(&format!("a/{name}"), &format!("b/{name}"))
        .to_string()
}

/// As many as the text has bytes; its lines stay.
fn asterisks(text: &str) -> String {
    text.bytes().map(|byte| if byte == b'\n' { '\n' } else { '*' }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_diff_shows_no_secret_and_nothing_that_is_not_seen() {
        let diff = unified_diff("a", "k: letmein1\nb: 1\n", "k: letmein1\nb: \u{202E}2\n", &["letmein1"]);
        assert!(diff.contains(" k: ********\n") && diff.contains("+b: <U+202E>2\n"), "{diff}");
    }
}
