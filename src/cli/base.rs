//! The arguments of every command that compares a plan with its base.

use clap::Args;

use crate::project::Request;

/// What a command compares the plan with.
#[derive(Debug, Default, Args)]
pub(super) struct BaseArguments {
    /// Compare the plan with the commit where this branch left REV, such as origin/main; loosened requirements are errors
    #[arg(long, value_name = "REV")]
    pub(super) base: Option<String>,
    /// Judge by the relplan.toml of REV instead of the one in the work tree
    #[arg(long, value_name = "REV")]
    pub(super) config_from: Option<String>,
    /// With --base: report loosened requirements as notes
    #[arg(long, requires = "base")]
    pub(super) allow_loosened: bool,
}

impl BaseArguments {
    /// A request with what its plan is compared with.
    pub(super) fn of(&self, request: Request) -> Request {
        Request { base: self.base.clone(), config_from: self.config_from.clone(), ..request }
    }
}
