//! The arguments of every command that judges by evidence.

use std::path::{Path, PathBuf};

use clap::Args;

use crate::project::EvidenceRequest;

/// Which evidence a command judges by.
#[derive(Debug, Args)]
pub(super) struct EvidenceArguments {
    /// Read this report, or the reports of this folder, besides those that relplan.toml names: JUnit XML, TRX,
    /// NUnit, xUnit.net, CTRF, go test -json, TAP, LCOV, Cobertura XML, SARIF, metrics; repeatable
    #[arg(long, value_name = "PATH")]
    evidence: Vec<PathBuf>,
    /// The commit that is to be shipped: evidence of another one proves nothing
    #[arg(long, value_name = "COMMIT")]
    commit: Option<String>,
    /// The commit of the evidence that names none itself
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
