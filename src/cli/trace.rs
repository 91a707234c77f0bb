//! `relplan trace`: what an entry reaches and what reaches it.

use clap::Args;

use super::condition::{Statements, bad_condition};
use super::{Global, Paths, Screen, Verdict, ViewFormat};
use crate::error::Error;
use crate::formats::tree;
use crate::model::{Id, Plan, id};
use crate::views::query::{Query, Vocabulary};
use crate::views::tracing::tracing;

/// The arguments of `relplan trace`.
#[derive(Debug, Args)]
pub struct TraceArguments {
    /// The entry to trace, by its id or its `external_id`
    id: String,
    #[command(flatten)]
    paths: Paths,
    /// The number of links to follow in each direction
    #[arg(long, default_value_t = 3, value_parser = clap::value_parser!(u16).range(1..=100))]
    depth: u16,
    /// Only links that lead to entries that meet a condition, such as `family = TEST and status != pass`
    #[arg(long = "where", value_name = "CONDITION")]
    condition: Option<String>,
    /// The output format
    #[arg(long, value_name = "FORMAT", default_value = "terminal")]
    format: ViewFormat,
}

/// Runs the command.
pub(super) fn run(arguments: &TraceArguments, global: &Global, screen: &Screen) -> Result<Verdict, Error> {
    let project = global.load(&arguments.paths, screen)?;
    let plan = project.plan();
    let own = id_of(&arguments.id);
    let known = own.as_ref().ok().and_then(|id| plan.find(*id));
    let entry = match known.or_else(|| plan.find_external(&arguments.id)) {
        Some(entry) => entry,
        None => return Err(no_such_entry(&plan, own?)),
    };
    let graph = project.graph(&plan);
    let mut tracing = tracing(&plan, &graph, &project.sources, entry, usize::from(arguments.depth));
    if let Some(text) = &arguments.condition {
        let vocabulary = Vocabulary::of(&plan, &project.config.families);
        let query = Query::parse(text, &vocabulary).map_err(bad_condition("--where"))?;
        let statements = Statements::of(&project, &plan);
        tracing.condition = Some(text.clone());
        tracing.narrow(|id| {
            let entry = id::parse(id).ok().and_then(|id| plan.find_current(id));
            entry.is_some_and(|entry| query.passes(&statements.subject(plan.entry(entry))))
        });
    }
    match arguments.format {
        ViewFormat::Json => screen.json(&tracing)?,
        ViewFormat::Terminal => screen.product(tree::trace(&tracing).as_bytes())?,
    }
    super::remark_unread(&plan, screen);
    Ok(Verdict::Fine)
}

/// The id that an argument names; capitals may be missing.
pub(super) fn id_of(text: &str) -> Result<Id, Error> {
    match id::parse(text) {
        Ok(id) | Err(id::IdError::LetterCase(id)) => Ok(id),
        Err(error) => Err(Error::BadId { text: text.to_owned(), reason: error.words() }),
    }
}

/// An id that no entry has, with those that look like it.
pub(super) fn no_such_entry(plan: &Plan<'_>, id: Id) -> Error {
    Error::NoSuchEntry { id: id.to_string(), near: near(plan, id) }
}

/// The ids that look most like one that does not exist.
fn near(plan: &Plan<'_>, id: Id) -> Vec<String> {
    let wanted = id.to_string();
    let mut near: Vec<(usize, Id)> = plan
        .entries()
        .iter()
        .map(|entry| (strsim::damerau_levenshtein(&entry.id.value.to_string(), &wanted), entry.id.value))
        .filter(|(distance, _)| *distance <= 2)
        .collect();
    near.sort();
    near.into_iter().take(3).map(|(_, id)| id.to_string()).collect()
}
