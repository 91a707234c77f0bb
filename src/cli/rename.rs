//! `relplan rename`: another id for an entry, with everything that names it.

use std::mem::ManuallyDrop;

use clap::Args;

use super::{Global, Paths, Screen, Verdict, rewrite, trace};
use crate::editing::outline::Outline;
use crate::editing::rename::{self, Refusal, Renaming};
use crate::error::Error;
use crate::model::phrase::counted;
use crate::model::{EntryIndex, Id, Plan, document};
use crate::project::Project;
use crate::source::Span;

/// The arguments of `relplan rename`.
#[derive(Debug, Args)]
pub struct RenameArguments {
    /// The entry to rename
    #[arg(value_name = "ID")]
    from: String,
    /// Its new id
    #[arg(value_name = "NEW_ID")]
    to: String,
    /// Show the changes instead of making them
    #[arg(long)]
    diff: bool,
}

/// Runs the command.
pub(super) fn run(arguments: &RenameArguments, global: &Global, screen: &Screen) -> Result<Verdict, Error> {
    let (old, new) = (trace::id_of(&arguments.from)?, trace::id_of(&arguments.to)?);
    let _lock = global.lock()?;
    let mut project = global.load(&Paths::default(), screen)?;
    let masked = if arguments.diff { rewrite::secrets(&project, global)? } else { Vec::new() };
    let (renaming, current, expected) = plan_edits(&project, old, new)?;
    let before = rewrite::apply(&mut project, &renaming.edits)?;
    if rewrite::outline(&project) != expected {
        return Err(refused(current, new, "the plan would not say the same".into(), BY_HAND));
    }
    match arguments.diff {
        true => rewrite::show_all(&project, &before, &masked, screen)?,
        false => rewrite::write_all(&project, &before)?,
    }
    let done = if arguments.diff { "would rename" } else { "renamed" };
    let references = counted(renaming.references, "reference");
    let files = counted(before.len(), "file");
    screen.remark(&format!("{done} {current} to {new}: {references}, {files}\n"));
    remark_kept(&renaming, current, new, screen);
    Ok(Verdict::Fine)
}

const BY_HAND: &str = "rename it by hand; nothing was changed";

/// The edits, the id that the entry has, and what the plan must say afterwards.
fn plan_edits(project: &Project, old: Id, new: Id) -> Result<(Renaming, Id, Outline), Error> {
    // The process ends in a moment: giving back the memory of two plans would take longer than the renaming.
    let plan = ManuallyDrop::new(project.plan());
    let graph = ManuallyDrop::new(project.graph(&plan));
    let entry = plan.find(old).ok_or_else(|| trace::no_such_entry(&plan, old))?;
    if plan.duplicates.iter().any(|(first, later)| [*first, *later].contains(&entry)) {
        let reason = "two entries have this id".into();
        return Err(refused(old, new, reason, "renumber one of them by hand"));
    }
    let current = plan.entry(entry).id.value;
    let file = plan.entry(entry).span.file;
    let statements = document::statements(file, project.sources.file(file), &project.config.families);
    let renaming = rename::rename(&plan, &project.sources, entry, new, &statements, project.settings())
        .map_err(|refusal| explain(project, &plan, entry, new, &refusal))?;
    let expected = Outline::new(&plan, &graph).with_id(entry, new);
    Ok((renaming, current, expected))
}

fn explain(project: &Project, plan: &Plan<'_>, entry: EntryIndex, new: Id, refusal: &Refusal) -> Error {
    let old = plan.entry(entry).id.value;
    let place = |span: &Span| {
        format!("{}:{}", project.sources.file(span.file).name(), project.sources.start(*span).line)
    };
    let (reason, hint) = match refusal {
        Refusal::Same => ("it has that id already".to_owned(), "choose another id"),
        Refusal::Taken(span) => (format!("{} has that id", place(span)), "choose a free id"),
        Refusal::Former(span) => (
            format!("it is the former id of another entry ({})", place(span)),
            "choose an id that no entry has had",
        ),
        Refusal::InRange(span) => (
            format!("the range at {} would then include it", place(span)),
            "choose an id outside of that range, or split the range first",
        ),
        Refusal::NotLiteral(span) => (format!("its id is not written out at {}", place(span)), BY_HAND),
        Refusal::NoRoom(span) => {
            (format!("`formerly` cannot be added to the entry at {}", place(span)), BY_HAND)
        }
    };
    refused(old, new, reason, hint)
}

fn refused(from: Id, to: Id, reason: String, hint: &str) -> Error {
    Error::CannotRename { from: from.to_string(), to: to.to_string(), reason, hint: hint.to_owned() }
}

/// Says what goes on to use the former id.
fn remark_kept(renaming: &Renaming, old: Id, new: Id, screen: &Screen) {
    if !renaming.ranges.is_empty() {
        let ranges = counted(renaming.ranges.len(), "range");
        screen.remark(&format!("{ranges} kept: {old} in a range still means {new}\n"));
    }
    if !renaming.signed.is_empty() {
        let records = counted(renaming.signed.len(), "signed approval");
        screen.remark(&format!("{records} kept: a signed record is never edited\n"));
    }
}
