//! `relplan list`: the entries of a plan.

use clap::Args;

use super::condition::{Statements, bad_condition};
use super::view::{Formats, ViewArguments, offering};
use super::{Global, Screen, Verdict};
use crate::error::Error;
use crate::formats::table;
use crate::model::Plan;
use crate::model::phrase::counted;
use crate::report;
use crate::views::listing::{Filter, listing};
use crate::views::query::{Columns, Query, Vocabulary};

const FORMATS: Formats = &["terminal", "csv", "html", "json", "markdown"];

/// The arguments of `relplan list`.
#[derive(Debug, Args)]
#[command(mut_arg("format", offering(FORMATS)))]
pub struct ListArguments {
    #[command(flatten)]
    view: ViewArguments,
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
    /// The fields to show, such as `id,title,due`
    #[arg(long, value_name = "FIELDS")]
    columns: Option<String>,
}

/// Runs the command.
pub(super) fn run(arguments: &ListArguments, global: &Global, screen: &Screen) -> Result<Verdict, Error> {
    let project = arguments.view.load(global, screen)?;
    let plan = project.plan();
    let vocabulary = Vocabulary::of(&plan, &project.config.families);
    let filter = arguments.filter(&plan, &vocabulary)?;
    let query = arguments.condition.as_ref().map(|text| Query::parse(text, &vocabulary)).transpose();
    let query = query.map_err(bad_condition("--where"))?;
    let columns = arguments.columns.as_ref().map(|text| Columns::parse(text, &vocabulary)).transpose();
    let columns = columns.map_err(bad_condition("--columns"))?;
    let graph = project.graph(&plan);
    let selection = arguments.view.selection(&plan, &graph)?;
    let statements = Statements::of(&project, &plan);
    let subjects = plan
        .indexed()
        .filter(|(index, _)| selection.has(*index))
        .map(|(_, entry)| statements.subject(entry))
        .filter(|subject| query.as_ref().is_none_or(|query| query.passes(subject)));
    let listing = listing(subjects, &filter, columns.as_ref(), plan.entries().len());
    let count = format!("{} of {}\n", counted(listing.entries.len(), "entry"), listing.total);
    if arguments.view.is_on_the_terminal(FORMATS) {
        if !listing.entries.is_empty() {
            screen.product(table::listing(&listing, screen.style().width).as_bytes())?;
        }
        screen.remark(&count);
        super::remark_unread(&plan, screen);
        return Ok(Verdict::Fine);
    }
    screen.remark(&count);
    let day = global.day().0;
    arguments.view.show(&plan, &listing, |listing| report::listing::report(listing, day), FORMATS, screen)
}

impl ListArguments {
    /// The filter. One that can match nothing must not look like a plan without entries.
    fn filter(&self, plan: &Plan<'_>, vocabulary: &Vocabulary<'_>) -> Result<Filter, Error> {
        let prefixes: Vec<String> = plan.families().map(|(prefix, _)| prefix.to_string()).collect();
        for family in &self.family {
            let wanted = family.trim_end_matches('-');
            let known = prefixes.iter().any(|known| {
                known.eq_ignore_ascii_case(wanted)
                    || known.split('-').next().is_some_and(|head| head.eq_ignore_ascii_case(wanted))
            });
            if !known {
                return Err(Error::NoSuchFamily { family: family.clone(), known: prefixes });
            }
        }
        let filter = Filter {
            families: self.family.clone(),
            status: self.status.clone(),
            owner: self.owner.clone(),
            text: self.text.clone(),
        };
        self.status
            .as_ref()
            .map_or(Ok(()), |status| vocabulary.status(status))
            .map_err(bad_condition("--status"))?;
        Ok(filter)
    }
}
