//! `relplan completions`: for the shells that clap knows.

use clap::Args;

use super::{Screen, Verdict};
use crate::error::Error;

/// The arguments of `relplan completions`.
#[derive(Debug, Args)]
pub struct CompletionArguments {
    /// The shell
    shell: clap_complete::Shell,
}

/// Runs the command.
pub(super) fn run(arguments: &CompletionArguments, screen: &Screen) -> Result<Verdict, Error> {
    let mut bytes = Vec::new();
    clap_complete::generate(arguments.shell, &mut super::command(), "relplan", &mut bytes);
    screen.product(&bytes)?;
    Ok(Verdict::Fine)
}
