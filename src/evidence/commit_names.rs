//! The names under which reports state the commit that they are about.

/// Whether what stands under a name is a commit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum CommitName {
    /// Always: if what stands there is none, it is unknown which commit is meant.
    Commit,
    /// If it looks like one: `revision` is also what Maven calls a version.
    Perhaps,
}

/// Variables of CI systems and names of properties, in small letters, with `.` for every separator. Each was looked up in
/// the documentation of the system: GitHub, GitLab, Jenkins, Azure Pipelines, CircleCI, Travis CI, Bitbucket, Buildkite,
/// Drone and Harness, AWS CodeBuild, Semaphore, AppVeyor, TeamCity, Codefresh, GoCD, Codemagic, Bitrise, Cirrus CI,
/// Vercel, Netlify, Render, Bamboo, Heroku, Prow, Zuul, Space, Codeship, Cloud Build, Concourse.
const COMMIT: [&str; 77] = [
    "app.commit",
    "appveyor.repo.commit",
    "bamboo.planrepository.revision",
    "bamboo.repository.revision.number",
    "bitbucket.commit",
    "bitrise.git.commit",
    "build.commit",
    "build.sourceversion",
    "build.vcs.number",
    "buildkite.commit",
    "cf.pages.commit.sha",
    "cf.revision",
    "ci.commit.id",
    "ci.commit.sha",
    "ci.commit.short.sha",
    "ci.sha",
    "circle.sha1",
    "cirrus.change.in.repo",
    "cm.commit",
    "codebuild.resolved.source.version",
    "commit",
    "commit.hash",
    "commit.id",
    "commit.ref",
    "commit.sha",
    "commit.sha.short",
    "commithash",
    "commitid",
    "commitsha",
    "drone.commit",
    "drone.commit.sha",
    "git.commit",
    "git.commit.hash",
    "git.commit.id",
    "git.commit.id.abbrev",
    "git.commit.id.full",
    "git.commit.sha",
    "git.commit.short",
    "git.hash",
    "git.hash.full",
    "git.head",
    "git.ref.sha",
    "git.revision",
    "git.sha",
    "git.sha1",
    "git.short.sha",
    "gitcommit",
    "github.sha",
    "githubsha",
    "go.revision",
    "head.commit",
    "head.sha",
    "heroku.build.commit",
    "heroku.test.run.commit.version",
    "image.revision",
    "jb.space.git.revision",
    "netlify.commit.ref",
    "org.opencontainers.image.revision",
    "pull.pull.sha",
    "release.commit",
    "render.git.commit",
    "repository.commit",
    "scm.commit",
    "scm.revision",
    "semaphore.git.sha",
    "sha",
    "sha1",
    "source.commit",
    "source.revision",
    "system.pullrequest.sourcecommitid",
    "travis.commit",
    "vcs.commit",
    "vcs.ref",
    "vcs.ref.head.revision",
    "vcs.revision",
    "vercel.git.commit.sha",
    "zuul.newrev",
];

const PERHAPS: [&str; 2] = ["revision", "source.version"];

/// What stands under a name, if it may be a commit. Surefire writes variables of the environment as `env.GIT_COMMIT`.
pub(super) fn of(name: &str) -> Option<CommitName> {
    // No name of the lists is longer, and most names of a report are none of them.
    if name.len() > 48 || !name.is_ascii() {
        return None;
    }
    let folded = name.trim().to_ascii_lowercase().replace(['_', '-', ':', ' '], ".");
    let folded = folded.strip_prefix("env.").unwrap_or(&folded);
    // TeamCity adds the name of the repository if there are several.
    if COMMIT.binary_search(&folded).is_ok() || folded.starts_with("build.vcs.number.") {
        return Some(CommitName::Commit);
    }
    PERHAPS.contains(&folded).then_some(CommitName::Perhaps)
}

/// Whether what stands under a name is to be taken for the commit.
pub(super) fn is_commit(name: &str, value: &str) -> bool {
    match of(name) {
        _ if value.trim().is_empty() => false,
        Some(CommitName::Commit) => true,
        Some(CommitName::Perhaps) => looks_like_commit(value.trim()),
        None => false,
    }
}

/// Whether a text is long enough for a commit, and hexadecimal. Digits alone are the number of a build, or a revision of
/// Subversion.
fn looks_like_commit(text: &str) -> bool {
    let is_hexadecimal = text.bytes().all(|byte| byte.is_ascii_hexdigit());
    let has_letter = text.bytes().any(|byte| byte.is_ascii_alphabetic());
    (7..=64).contains(&text.len()) && is_hexadecimal && (has_letter || text.len() >= 40)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_sorted_so_that_it_can_be_searched() {
        assert!(COMMIT.is_sorted());
    }

    #[test]
    fn names_of_ci_systems_in_any_spelling() {
        for name in [
            "GITHUB_SHA",
            "CI_COMMIT_SHA",
            "env.GIT_COMMIT",
            "BUILD_SOURCEVERSION",
            "CIRCLE_SHA1",
            "git-commit",
            "git commit",
            "VCS_REF",
            "BUILD_VCS_NUMBER_app",
            "vcs.revision",
        ] {
            assert!(is_commit(name, "main"), "{name}");
        }
        assert!(is_commit("revision", "4f2d9c1e"));
        for version in ["1.0-SNAPSHOT", "1234567", "20261120"] {
            assert!(!is_commit("revision", version), "{version}");
        }
        assert!(!is_commit("GITHUB_SHA", " "));
        assert!(!is_commit("message", "4f2d9c1e"));
    }
}
