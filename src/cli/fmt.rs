//! `relplan fmt`: plan files in their canonical form.

use std::collections::BTreeMap;

use clap::Args;

use super::{Global, Paths, Screen, Verdict, rewrite};
use crate::editing::canonical::{Unformatted, canonical};
use crate::error::Error;
use crate::model::phrase::counted;
use crate::project::Project;
use crate::source::edit::Edit;
use crate::source::{Contents, FileId, Span};

/// The arguments of `relplan fmt`.
#[derive(Debug, Args)]
pub struct FmtArguments {
    #[command(flatten)]
    paths: Paths,
    /// Change nothing; exit 1 if a file is not in canonical form
    #[arg(long)]
    check: bool,
    /// Show the changes instead of making them
    #[arg(long)]
    diff: bool,
}

/// Runs the command.
pub(super) fn run(arguments: &FmtArguments, global: &Global, screen: &Screen) -> Result<Verdict, Error> {
    let is_input = arguments.paths.paths.iter().any(|path| path.as_os_str() == "-");
    let is_writing = !arguments.check && !arguments.diff && !is_input;
    let _lock = is_writing.then(|| global.lock()).transpose()?;
    let mut project = global.load(&arguments.paths, screen)?;
    let Formatted { changed, refused, kept } = canonical_files(&project);
    kept.iter().for_each(|kept| screen.remark(kept));
    let names: Vec<String> =
        changed.keys().map(|file| project.sources.file(*file).name().to_owned()).collect();
    if is_input && !arguments.check && !arguments.diff {
        return filter(&project, &changed, &refused, screen);
    }
    let masked = if arguments.diff { rewrite::secrets(&project, global)? } else { Vec::new() };
    let edits: BTreeMap<FileId, Vec<Edit>> = changed
        .into_iter()
        .map(|(file, text)| (file, vec![Edit::replace(whole(&project, file), text)]))
        .collect();
    let expected = rewrite::outline(&project).in_any_order();
    let before = rewrite::apply(&mut project, &edits)?;
    if rewrite::outline(&project).in_any_order() != expected {
        return Err(Error::CannotFormat);
    }
    if arguments.diff {
        rewrite::show_all(&project, &before, &masked, screen)?;
    } else if arguments.check {
        names.iter().try_for_each(|name| screen.product(format!("{name}\n").as_bytes()))?;
    } else {
        rewrite::write_all(&project, &before)?;
    }
    refused.iter().for_each(|refusal| screen.remark(refusal));
    let files = counted(names.len(), "file");
    screen.remark(&match (is_writing, names.is_empty()) {
        (_, true) if !refused.is_empty() || !kept.is_empty() => "no other file to change\n".to_owned(),
        (_, true) => "all files are in canonical form\n".to_owned(),
        (true, false) => format!("{files} changed\n"),
        (false, false) => format!("{files} to change: run `relplan fmt`\n"),
    });
    let is_fine = refused.is_empty() && (is_writing || names.is_empty() || !arguments.check);
    Ok(if is_fine { Verdict::Fine } else { Verdict::Findings })
}

/// What became of the files of a plan.
struct Formatted {
    /// The canonical texts of those that are not in canonical form.
    changed: BTreeMap<FileId, String>,
    /// Those that could not be read, in words.
    refused: Vec<String>,
    /// Those that have no canonical form, in words.
    kept: Vec<String>,
}

/// The canonical texts of the files that are not in canonical form, and what was left as it is.
fn canonical_files(project: &Project) -> Formatted {
    let plan = project.plan();
    let (mut changed, mut refused, mut kept) = (BTreeMap::new(), Vec::new(), Vec::new());
    for file in &project.plan_files {
        let source = project.sources.file(*file);
        if project.named.as_ref().is_some_and(|named| !named.contains(file)) {
            continue;
        }
        let name = source.name();
        if !matches!(source.contents(), Contents::Utf8 | Contents::Utf8WithMark) {
            refused.push(format!("{name} left as it is: it is not UTF-8\n"));
            continue;
        }
        match canonical(&plan, (*file, source), &project.config.families) {
            Ok(text) if text != source.text() => drop(changed.insert(*file, text)),
            Ok(_) => {}
            Err(Unformatted::Broken(span)) => {
                let line = project.sources.start(span).line;
                refused.push(format!(
                    "{name} left as it is: run `relplan check` for the error in line {line}\n"
                ));
            }
            // It says what it says in a way that the formatter does not know, which is no mistake.
            Err(Unformatted::NotFaithful) => {
                kept.push(format!("{name} left as it is: no other form of it says the same\n"));
            }
        }
    }
    Formatted { changed, refused, kept }
}

/// Standard input in canonical form on standard output, for editors. What cannot be formatted comes out as it was.
fn filter(
    project: &Project,
    changed: &BTreeMap<FileId, String>,
    refused: &[String],
    screen: &Screen,
) -> Result<Verdict, Error> {
    for file in &project.plan_files {
        let source = project.sources.file(*file);
        let text = changed.get(file).map_or_else(|| source.text().to_owned(), Clone::clone);
        screen.product(&source.encode(text))?;
    }
    refused.iter().for_each(|refusal| screen.remark(refusal));
    Ok(if refused.is_empty() { Verdict::Fine } else { Verdict::Findings })
}

fn whole(project: &Project, file: FileId) -> Span {
    Span::new(file, 0, project.sources.file(file).text().len())
}
