//! `relplan list`: the entries of a plan.

use clap::Args;

use super::{Global, Paths, Screen, Verdict, ViewFormat};
use crate::error::Error;
use crate::formats::{counted, table};
use crate::views::listing::{Filter, listing};

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
    let listing = listing(&plan, &project.sources, &filter);
    match arguments.format {
        ViewFormat::Json => screen.json(&listing)?,
        ViewFormat::Terminal => screen.product(table::listing(&listing, screen.style().width).as_bytes())?,
    }
    screen.remark(&format!("{} of {}\n", counted(listing.entries.len(), "entry"), listing.total));
    super::remark_unread(&plan, screen);
    Ok(Verdict::Fine)
}
