//! `relplan new`: an entry with the next free id, beside the others of its family.

use std::collections::BTreeMap;
use std::path::PathBuf;

use chrono::NaiveDate;
use clap::Args;

use super::{Global, Paths, Screen, Verdict, rewrite};
use crate::editing::new_entry::{self, NewKind};
use crate::error::Error;
use crate::model::dep::DepType;
use crate::model::entry::HEADER;
use crate::model::rel::RelType;
use crate::model::{Choice, Id, Plan, Prefix, document, same_folded};
use crate::project::{Project, ids_on_branches};
use crate::source::FileId;
use crate::source::edit::Edit;

/// The arguments of `relplan new`.
#[derive(Debug, Args)]
pub struct NewArguments {
    /// The family, such as EPIC or DEP
    family: String,
    /// The title
    #[arg(long)]
    title: Option<String>,
    /// For DEP: Environment, Criteria, Rollback, Validation or Step
    #[arg(long = "type", value_name = "TYPE")]
    kind: Option<String>,
    /// Set a field, such as `owner="QA Lead"`; repeatable
    #[arg(long = "set", value_name = "FIELD=VALUE", value_parser = parse_field)]
    fields: Vec<(String, String)>,
    /// The file of the plan to add it to [default: that of the last entry of the family]
    #[arg(long, value_name = "FILE")]
    file: Option<PathBuf>,
    /// Show the change instead of making it
    #[arg(long)]
    diff: bool,
}

fn parse_field(text: &str) -> Result<(String, String), String> {
    let (field, value) = text.split_once('=').ok_or("write a field and its value: `owner=\"QA Lead\"`")?;
    if same_folded(field.trim(), "id") {
        return Err("the id is the next free one of the family, and cannot be set".to_owned());
    }
    Ok((field.trim().to_owned(), value.trim().to_owned()))
}

/// Runs the command.
pub(super) fn run(arguments: &NewArguments, global: &Global, screen: &Screen) -> Result<Verdict, Error> {
    let _lock = global.lock()?;
    let mut project = global.load(&Paths::default(), screen)?;
    let (id, edit) = addition(arguments, &project, global.day().0)?;
    let file = edit.span.file;
    let edits = BTreeMap::from([(file, vec![edit])]);
    let masked = if arguments.diff { rewrite::secrets(&project, global)? } else { Vec::new() };
    let is_sound = {
        let before = project.plan().entries().len();
        let changed = rewrite::apply(&mut project, &edits)?;
        let after = project.plan();
        let sound = after.entries().len() == before + 1 && after.find_current(id).is_some();
        sound.then_some(changed)
    };
    let name = project.sources.file(file).name().to_owned();
    let Some(before) = is_sound else { return Err(Error::CannotAdd { id: id.to_string(), file: name }) };
    match arguments.diff {
        true => rewrite::show_all(&project, &before, &masked, screen)?,
        false => {
            rewrite::write_all(&project, &before)?;
            screen.product(format!("{id}\n").as_bytes())?;
        }
    }
    let plan = project.plan();
    let line = plan.find_current(id).map_or(1, |index| project.sources.start(plan.entry(index).id.span).line);
    let done = if arguments.diff { "would add" } else { "added" };
    screen.remark(&format!(
        "{done} {id} to {name}:{line}; replace each TODO and XXX, then run `relplan check`\n"
    ));
    Ok(Verdict::Fine)
}

/// The id of the new entry and the edit that adds it.
fn addition(arguments: &NewArguments, project: &Project, today: NaiveDate) -> Result<(Id, Edit), Error> {
    let plan = project.plan();
    let prefix = family(arguments, project)?;
    let kind = NewKind { prefix, dep_type: arguments.dep_type() };
    let elsewhere = ids_on_branches(&project.root, prefix);
    let id = new_entry::next_id(&plan, kind, &elsewhere)
        .ok_or_else(|| Error::BadId { text: prefix.to_string(), reason: "has no free number".into() })?;
    let file = match &arguments.file {
        Some(path) => file_of(project, path)?,
        None => new_entry::home(&plan, kind).ok_or(Error::NothingChecked)?,
    };
    let fields = fields(arguments, project, &plan, (kind, id), today)?;
    let said = document::statements(file, project.sources.file(file), &project.config.families);
    Ok((id, new_entry::addition(&plan, &project.sources, file, &said, (kind, id), &fields)))
}

fn family(arguments: &NewArguments, project: &Project) -> Result<Prefix, Error> {
    let wanted = arguments.family.trim().trim_end_matches('-').to_ascii_uppercase();
    let prefix = Prefix::new(&wanted);
    let families = &project.config.families;
    let known = prefix.filter(|prefix| families.of(prefix).is_some_and(|family| family.external.is_none()));
    known.ok_or_else(|| {
        let own = families.sorted().into_iter().filter(|family| family.external.is_none());
        Error::NoSuchFamily {
            family: arguments.family.clone(),
            known: own.map(|family| family.prefix.to_string()).collect(),
        }
    })
}

fn file_of(project: &Project, path: &std::path::Path) -> Result<FileId, Error> {
    let canonical = |path: &std::path::Path| std::fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let wanted = canonical(path);
    let is_it = |id: &FileId| {
        let known = project.paths.get(id.0 as usize).and_then(Option::as_deref);
        known.is_some_and(|known| canonical(known) == wanted)
    };
    let found = project.plan_files.iter().copied().find(is_it);
    found.ok_or_else(|| Error::NotInPlan { path: path.to_owned() })
}

impl NewArguments {
    /// The type that is named, in its usual word if it is one that relplan knows.
    fn dep_type(&self) -> Option<&str> {
        self.kind.as_deref().map(|word| match DepType::from_word(word) {
            Some(known) => known.word(),
            None => word,
        })
    }
}

/// The fields of the entry: the title, what was set, and what the family asks for beside that.
fn fields(
    arguments: &NewArguments,
    project: &Project,
    plan: &Plan<'_>,
    (kind, id): (NewKind<'_>, Id),
    today: NaiveDate,
) -> Result<Vec<(String, String)>, Error> {
    let mut fields: Vec<(String, String)> = Vec::new();
    let title = arguments.title.clone().unwrap_or_else(|| new_entry::TODO.to_owned());
    fields.push(("title".to_owned(), title));
    fields.extend(arguments.dep_type().map(|word| ("type".to_owned(), word.to_owned())));
    let template = new_entry::template(kind);
    fields.extend(template.into_iter().map(|(key, value)| (key.to_owned(), value.to_owned())));
    let declared = project.config.families.of(&id.prefix).into_iter().flat_map(|family| &family.fields);
    let required = declared.filter(|field| field.required);
    fields.extend(required.map(|field| (field.name.clone(), new_entry::TODO.to_owned())));
    for (key, value) in &arguments.fields {
        let key = known_field(project, id, key)?;
        match fields.iter_mut().find(|(known, _)| same_folded(known, &key)) {
            Some((_, old)) => old.clone_from(value),
            None => fields.push((key, value.clone())),
        }
    }
    if let Some((_, version)) =
        fields.iter_mut().find(|(key, value)| key == "version" && value == new_entry::TODO)
    {
        let stated = arguments.fields.iter().find(|(key, _)| same_folded(key, "type"));
        let rel_type = stated.and_then(|(_, word)| RelType::from_word(word));
        let next = new_entry::next_version(plan, &project.config.families, rel_type, today);
        version.clone_from(&next.unwrap_or_else(|| new_entry::TODO.to_owned()));
    }
    let mut seen: Vec<String> = Vec::new();
    fields.retain(|(key, _)| {
        let is_new = !seen.iter().any(|known| same_folded(known, key));
        seen.push(key.clone());
        is_new
    });
    Ok(fields)
}

/// The key of a field as the reference spells it; keys of the user's own are taken as they are.
fn known_field(project: &Project, id: Id, key: &str) -> Result<String, Error> {
    if key.starts_with("x-") {
        return Ok(key.to_owned());
    }
    let declared = project.config.families.of(&id.prefix).into_iter().flat_map(|family| &family.fields);
    let declared = declared.map(|field| field.name.as_str());
    let own = crate::model::digest::fields_of(id);
    let known =
        own.iter().chain(HEADER).flat_map(|field| std::iter::once(&field.name).chain(field.aliases).copied());
    let known: Vec<&str> = known.chain(declared).collect();
    if let Some(name) = known.iter().find(|name| same_folded(name, key)) {
        return Ok((*name).to_owned());
    }
    let near = known.iter().map(|name| (strsim::damerau_levenshtein(name, key), *name)).min();
    let near = near.filter(|(distance, _)| *distance <= 2).map(|(_, name)| name.to_owned());
    Err(Error::NoSuchField { family: id.prefix.to_string(), field: key.to_owned(), near })
}
