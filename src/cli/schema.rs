//! `relplan schema`: JSON Schemas, for editors and for readers of the machine formats.

use clap::{Args, ValueEnum};

use super::{Screen, Verdict};
use crate::error::Error;
use crate::exports::schema;
use crate::formats::json::Check;
use crate::views::listing::Listing;
use crate::views::tracing::Tracing;

/// The arguments of `relplan schema`.
#[derive(Debug, Args)]
pub struct SchemaArguments {
    /// What to print the schema of
    #[arg(default_value = "plan")]
    of: Of,
}

/// What has a schema.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum Of {
    /// The YAML files of a plan
    Plan,
    /// relplan.toml
    Config,
    /// The output of `check --format json`
    Check,
    /// The output of `list --format json`
    List,
    /// The output of `trace --format json`
    Trace,
}

/// Runs the command.
pub(super) fn run(arguments: &SchemaArguments, screen: &Screen) -> Result<Verdict, Error> {
    let schema = match arguments.of {
        Of::Plan => schema::plan(),
        Of::Config => schema::config(),
        Of::Check => schemars::schema_for!(Check).to_value(),
        Of::List => schemars::schema_for!(Listing).to_value(),
        Of::Trace => schemars::schema_for!(Tracing).to_value(),
    };
    screen.json(&schema)?;
    Ok(Verdict::Fine)
}
