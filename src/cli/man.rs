//! `relplan man`: manual pages in roff.

use std::path::PathBuf;

use clap::Args;

use super::{Screen, Verdict};
use crate::error::Error;
use crate::project::output;

/// The arguments of `relplan man`.
#[derive(Debug, Args)]
pub struct ManArguments {
    /// The command whose page to print [default: relplan itself]
    command: Option<String>,
    /// Write the pages of relplan and of each command into a folder instead
    #[arg(long, value_name = "DIR", conflicts_with = "command")]
    output_dir: Option<PathBuf>,
}

/// Runs the command.
pub(super) fn run(arguments: &ManArguments, screen: &Screen) -> Result<Verdict, Error> {
    if let Some(folder) = &arguments.output_dir {
        for (name, page) in pages()? {
            output::write(&folder.join(format!("{name}.1")), &page)?;
        }
        return Ok(Verdict::Fine);
    }
    let wanted = match &arguments.command {
        Some(command) => format!("relplan-{command}"),
        None => "relplan".to_owned(),
    };
    let page = pages()?.into_iter().find(|(name, _)| *name == wanted).map(|(_, page)| page);
    let page = page.ok_or_else(|| {
        let known = super::command().get_subcommands().map(|inner| inner.get_name().to_owned()).collect();
        Error::NoSuchCommand { name: arguments.command.clone().unwrap_or_default(), known }
    })?;
    screen.product(&page)?;
    Ok(Verdict::Fine)
}

/// The page of relplan and that of each command, by name.
fn pages() -> Result<Vec<(String, Vec<u8>)>, Error> {
    let mut command = super::command();
    command.build();
    let mut pages = vec![("relplan".to_owned(), page(command.clone())?)];
    for inner in command.get_subcommands().filter(|inner| inner.get_name() != "help") {
        let name = format!("relplan-{}", inner.get_name());
        pages.push((name.clone(), page(inner.clone().display_name(name))?));
    }
    Ok(pages)
}

fn page(command: clap::Command) -> Result<Vec<u8>, Error> {
    let mut bytes = Vec::new();
    clap_mangen::Man::new(command).render(&mut bytes)?;
    Ok(bytes)
}
