//! `relplan list`: the entries of a plan.

use std::collections::HashMap;

use clap::Args;

use super::{Global, Paths, Screen, Verdict, ViewFormat};
use crate::error::Error;
use crate::formats::{counted, table};
use crate::model::{Entry, Plan, document};
use crate::project::Project;
use crate::source::{FileId, Pair, Span};
use crate::views::listing::{Filter, listing};
use crate::views::query::{Query, QueryError};

/// The arguments of `relplan list`.
#[derive(Debug, Args)]
pub struct ListArguments {
    #[command(flatten)]
    paths: Paths,
    /// Only entries of this family, such as DEP; repeatable
    #[arg(long, value_name = "PREFIX")]
    family: Vec<String>,
    /// Only entries with this status or state
    #[arg(long)]
    status: Option<String>,
    /// Only entries whose owner contains this
    #[arg(long)]
    owner: Option<String>,
    /// Only entries whose id, title or description contains this
    #[arg(long)]
    text: Option<String>,
    /// Only entries that meet a condition, such as `status != complete and owner ~ data`
    #[arg(long = "where", value_name = "CONDITION")]
    condition: Option<String>,
    /// The output format
    #[arg(long, value_name = "FORMAT", default_value = "terminal")]
    format: ViewFormat,
}

/// Runs the command.
pub(super) fn run(arguments: &ListArguments, global: &Global, screen: &Screen) -> Result<Verdict, Error> {
    let project = global.load(&arguments.paths, screen)?;
    let plan = project.plan();
    let families: Vec<String> = plan.families().map(|(prefix, _)| prefix.to_string()).collect();
    // A filter that can match nothing must not look like a plan without entries.
    for family in &arguments.family {
        let wanted = family.trim_end_matches('-');
        let known = families.iter().any(|known| {
            known.eq_ignore_ascii_case(wanted)
                || known.split('-').next().is_some_and(|head| head.eq_ignore_ascii_case(wanted))
        });
        if !known {
            return Err(Error::NoSuchFamily { family: family.clone(), known: families });
        }
    }
    let filter = Filter {
        families: arguments.family.clone(),
        status: arguments.status.clone(),
        owner: arguments.owner.clone(),
        text: arguments.text.clone(),
    };
    let listing = match &arguments.condition {
        Some(text) => {
            let query = Query::parse(text, &project.config.families).map_err(
                |QueryError { column, message, hint }| Error::BadCondition { column, message, hint },
            )?;
            let statements = statements(&project, &plan);
            let meets = |entry: &Entry<'_>| {
                let said = statements.get(&entry.id.span).map_or(&[][..], |pairs| pairs.as_slice());
                query.passes(entry, said, project.sources.file(entry.id.span.file).name())
            };
            listing(&plan, &project.sources, &filter, meets)
        }
        None => listing(&plan, &project.sources, &filter, |_| true),
    };
    match arguments.format {
        ViewFormat::Json => screen.json(&listing)?,
        ViewFormat::Terminal => screen.product(table::listing(&listing, screen.style().width).as_bytes())?,
    }
    screen.remark(&format!("{} of {}\n", counted(listing.entries.len(), "entry"), listing.total));
    super::remark_unread(&plan, screen);
    Ok(Verdict::Fine)
}

/// The keys and values of every entry, by the place of its id.
fn statements<'p>(project: &'p Project, plan: &Plan<'_>) -> HashMap<Span, Vec<Pair<'p>>> {
    let mut files: Vec<FileId> = plan.entries().iter().map(|entry| entry.span.file).collect();
    files.sort_unstable();
    files.dedup();
    let said = |file: FileId| {
        document::statements(file, project.sources.file(file), &project.config.families).entries
    };
    files.into_iter().flat_map(said).map(|(id, statement)| (id.span, statement.pairs)).collect()
}
