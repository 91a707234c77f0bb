//! `relplan stamp`: says of the reports of a run which commit they are about, and when they were made.

use std::path::PathBuf;

use chrono::{DateTime, Utc};
use clap::Args;

use super::{Global, Screen, Verdict};
use crate::error::Error;
use crate::model::Commit;
use crate::project::stamp::{Run, stamp};
use crate::project::{git, head};

/// The arguments of `relplan stamp`.
#[derive(Debug, Args)]
pub struct StampArguments {
    /// The folder of the reports, where `evidence.json` is written
    #[arg(value_name = "FOLDER")]
    folder: PathBuf,
    /// The full id of the tested commit [default: the checked-out commit]
    #[arg(long, value_name = "COMMIT")]
    commit: Option<String>,
    /// When the run ended, such as 2026-11-20T08:00:00Z [default: now]
    #[arg(long, value_name = "TIME", value_parser = parse_time)]
    time: Option<DateTime<Utc>>,
    /// The URL of the run [default: from the environment of the CI system]
    #[arg(long, value_name = "URL")]
    run: Option<String>,
}

/// Runs the command.
pub(super) fn run(arguments: &StampArguments, global: &Global, screen: &Screen) -> Result<Verdict, Error> {
    let run = Run {
        commit: arguments.commit()?,
        time: arguments.time.unwrap_or_else(|| global.moment()),
        url: arguments.run.clone().or_else(page_of_run),
    };
    let (path, count) = stamp(&arguments.folder, &run)?;
    let reports = if count == 1 { "1 report".to_owned() } else { format!("{count} reports") };
    let commit = &run.commit.as_str()[..8];
    screen.remark(&format!("wrote {}: {reports} of commit {commit}\n", path.display()));
    if arguments.commit.is_none() && git::is_modified(&arguments.folder) == Some(true) {
        screen.remark(
            "the work tree has uncommitted changes: the tests ran on something else than this commit\n",
        );
    }
    Ok(Verdict::Fine)
}

impl StampArguments {
    /// The commit that is named, or the one that is checked out where the reports are.
    fn commit(&self) -> Result<Commit, Error> {
        let Some(text) = &self.commit else {
            return head::head(&self.folder)
                .map(|head| head.commit)
                .map_err(|error| Error::NoCommit { reason: error.to_string() });
        };
        let bad = |reason: String| Error::BadCommit { text: text.clone(), reason };
        let commit = Commit::parse(text).map_err(|error| bad(error.to_string()))?;
        match commit.is_whole() {
            true => Ok(commit),
            false => Err(Error::NotRecorded {
                reason: format!("`{text}` is an abbreviated commit"),
                hint: "use the full commit id: `git rev-parse HEAD`".to_owned(),
            }),
        }
    }
}

/// The page of the run in the variables of the CI system.
fn page_of_run() -> Option<String> {
    let variable = |name: &str| std::env::var(name).ok().filter(|value| !value.trim().is_empty());
    let github = || {
        let (server, repository) = (variable("GITHUB_SERVER_URL")?, variable("GITHUB_REPOSITORY")?);
        Some(format!("{server}/{repository}/actions/runs/{}", variable("GITHUB_RUN_ID")?))
    };
    let azure = || {
        let (server, project) = (variable("SYSTEM_COLLECTIONURI")?, variable("SYSTEM_TEAMPROJECT")?);
        Some(format!("{server}{project}/_build/results?buildId={}", variable("BUILD_BUILDID")?))
    };
    // GitLab, CircleCI, Buildkite, Travis CI, Drone, Jenkins, in the order of how sure the name is.
    const PAGES: [&str; 7] = [
        "CI_PIPELINE_URL",
        "CIRCLE_BUILD_URL",
        "BUILDKITE_BUILD_URL",
        "TRAVIS_BUILD_WEB_URL",
        "DRONE_BUILD_LINK",
        "CODEBUILD_PUBLIC_BUILD_URL",
        "BUILD_URL",
    ];
    github().or_else(azure).or_else(|| PAGES.into_iter().find_map(variable))
}

fn parse_time(text: &str) -> Result<DateTime<Utc>, String> {
    DateTime::parse_from_rfc3339(text)
        .map(|time| time.to_utc())
        .map_err(|_| "write a time such as 2026-11-20T08:00:00Z".to_owned())
}
