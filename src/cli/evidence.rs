//! The arguments of every command that judges by evidence.

use std::path::{Path, PathBuf};

use clap::Args;

use crate::project::EvidenceRequest;

/// Which evidence a command judges by.
#[derive(Debug, Default, Args)]
pub(super) struct EvidenceArguments {
    /// Read this report, or the reports of this folder, in addition to those of relplan.toml;
    /// repeatable
    #[arg(long, value_name = "PATH")]
    evidence: Vec<PathBuf>,
    /// The release commit: evidence for another commit does not count
    #[arg(long, value_name = "COMMIT")]
    commit: Option<String>,
    /// The commit of evidence that states none
    #[arg(long, value_name = "COMMIT")]
    evidence_commit: Option<String>,
}

impl EvidenceArguments {
    /// What is asked for, with paths from the folder in which the user stands.
    pub(super) fn request(&self, working_folder: &Path) -> EvidenceRequest {
        EvidenceRequest {
            paths: self.evidence.iter().map(|path| working_folder.join(path)).collect(),
            commit: self.commit.clone(),
            evidence_commit: self.evidence_commit.clone(),
        }
    }
}
