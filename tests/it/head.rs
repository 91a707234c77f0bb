//! The commit of a work tree, against real repositories that `git` makes.

use std::path::Path;
use std::process::Command;

use relplan::project::head::{Head, NoHead, head};
use tempfile::TempDir;

use crate::support;

/// Runs git in a folder, with no configuration but what is given here; what it prints.
fn git(folder: &Path, arguments: &[&str]) -> String {
    let mut command = Command::new("git");
    for variable in ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_COMMON_DIR"] {
        command.env_remove(variable);
    }
    command.env("GIT_CONFIG_NOSYSTEM", "1").env("GIT_CONFIG_GLOBAL", "/dev/null");
    command.args(["-c", "user.name=A", "-c", "user.email=a@example.com", "-c", "protocol.file.allow=always"]);
    let output = command.current_dir(folder).args(arguments).output().expect("git can be started");
    assert!(output.status.success(), "git {arguments:?}: {}", support::err(&output));
    support::out(&output).trim().to_owned()
}

/// Whether there is a git; a loud skip where there is none, and in CI a failure.
fn has_git() -> bool {
    let found = Command::new("git").arg("--version").output().is_ok_and(|output| output.status.success());
    if !found {
        support::skipped("no git");
    }
    found
}

/// A repository with a branch `main` and so many commits.
fn repository(commits: usize, format: &str) -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    git(folder.path(), &["init", "--quiet", "--initial-branch=main", &format!("--object-format={format}")]);
    for _ in 0..commits {
        commit(folder.path());
    }
    folder
}

fn commit(folder: &Path) {
    git(folder, &["commit", "--quiet", "--allow-empty", "--no-gpg-sign", "--message=x"]);
}

/// The same as git says.
#[track_caller]
fn agrees(folder: &Path, branch: Option<&str>) {
    let expected = git(folder, &["rev-parse", "HEAD"]);
    let found = head(folder).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(found.commit.as_str(), expected);
    assert_eq!(found.branch.as_deref(), branch);
}

#[track_caller]
fn fails(folder: &Path) -> NoHead {
    head(folder).expect_err("no commit")
}

#[test]
fn a_branch_loose_and_packed() {
    if !has_git() {
        return;
    }
    for format in ["sha1", "sha256"] {
        let folder = repository(2, format);
        let inner = folder.path().join("a/b");
        std::fs::create_dir_all(&inner).expect("a folder");
        agrees(&inner, Some("refs/heads/main"));
        git(folder.path(), &["tag", "--annotate", "--no-sign", "--message=x", "v1"]);
        git(folder.path(), &["gc", "--quiet"]);
        assert!(!folder.path().join(".git/refs/heads/main").exists(), "it is packed");
        agrees(folder.path(), Some("refs/heads/main"));
        // A loose ref is newer than a packed one.
        commit(folder.path());
        agrees(folder.path(), Some("refs/heads/main"));
        git(folder.path(), &["checkout", "--quiet", "-b", "feature/main"]);
        agrees(folder.path(), Some("refs/heads/feature/main"));
        git(folder.path(), &["pack-refs", "--all"]);
        agrees(folder.path(), Some("refs/heads/feature/main"));
    }
}

#[test]
fn a_detached_head() {
    if !has_git() {
        return;
    }
    let folder = repository(2, "sha1");
    git(folder.path(), &["checkout", "--quiet", "--detach", "HEAD~1"]);
    agrees(folder.path(), None);
}

#[test]
fn a_work_tree_of_its_own() {
    if !has_git() {
        return;
    }
    let folder = repository(1, "sha1");
    let beside = tempfile::tempdir().expect("a folder");
    let tree = beside.path().join("tree");
    git(folder.path(), &["worktree", "add", "--quiet", "-b", "other", &tree.display().to_string()]);
    commit(&tree);
    agrees(&tree, Some("refs/heads/other"));
    agrees(folder.path(), Some("refs/heads/main"));
    assert_ne!(head(&tree).expect("a commit"), head(folder.path()).expect("a commit"));
    git(folder.path(), &["gc", "--quiet"]);
    agrees(&tree, Some("refs/heads/other"));
    drop(folder);
    assert!(matches!(fails(&tree), NoHead::BrokenLink { .. }));
}

#[test]
fn a_submodule() {
    if !has_git() {
        return;
    }
    let (inner, outer) = (repository(1, "sha1"), repository(3, "sha1"));
    git(outer.path(), &["submodule", "--quiet", "add", &inner.path().display().to_string(), "inner"]);
    let module = outer.path().join("inner");
    assert!(module.join(".git").is_file(), "a file leads to its repository");
    agrees(&module, Some("refs/heads/main"));
    agrees(outer.path(), Some("refs/heads/main"));
}

#[test]
fn refs_that_name_refs() {
    if !has_git() {
        return;
    }
    let folder = repository(1, "sha1");
    git(folder.path(), &["symbolic-ref", "refs/heads/alias", "refs/heads/main"]);
    git(folder.path(), &["symbolic-ref", "HEAD", "refs/heads/alias"]);
    agrees(folder.path(), Some("refs/heads/alias"));
    write(folder.path(), "refs/heads/main", "ref: refs/heads/alias\n");
    assert!(matches!(fails(folder.path()), NoHead::EndlessRefs { .. }));
}

fn write(folder: &Path, name: &str, text: &str) {
    std::fs::write(folder.join(".git").join(name), text).expect("a file");
}

#[test]
fn no_commit_and_no_repository() {
    if !has_git() {
        return;
    }
    let folder = repository(0, "sha1");
    let error = fails(folder.path());
    assert_eq!(error.to_string(), "the branch `main` has no commit yet");
    assert!(matches!(error, NoHead::Unborn { .. }));
    let outside = tempfile::tempdir().expect("a folder");
    assert!(matches!(fails(outside.path()), NoHead::NoRepository { .. }));
    // A folder that only has the name is none, and what is around it counts.
    std::fs::create_dir_all(outside.path().join(".git")).expect("a folder");
    assert!(matches!(fails(outside.path()), NoHead::NoRepository { .. }));
    assert!(matches!(fails(&outside.path().join("missing")), NoHead::Unreadable { .. }));
}

#[test]
fn what_is_broken_says_how() {
    if !has_git() {
        return;
    }
    let folder = repository(1, "sha1");
    let broken = |name: &str, text: &str| {
        write(folder.path(), name, text);
        fails(folder.path()).to_string()
    };
    assert_eq!(broken("refs/heads/main", ""), "the ref `refs/heads/main` is broken: it is empty");
    assert_eq!(
        broken("refs/heads/main", "75d2c98\n"),
        "the ref `refs/heads/main` is broken: `75d2c98` is not a full commit id"
    );
    assert_eq!(
        broken("refs/heads/main", "\u{1b}[31m\n"),
        "the ref `refs/heads/main` is broken: `\\u{1b}[31m` is not the name of a commit: `\\u{1b}` is no hexadecimal digit"
    );
    for name in ["../../secret", "refs/../../secret", "/etc/passwd", ""] {
        let said = broken("HEAD", &format!("ref: {name}\n"));
        assert_eq!(said, format!("the ref `HEAD` is broken: `{name}` is not a ref name"));
    }
    std::fs::remove_file(folder.path().join(".git/HEAD")).expect("a file");
    assert!(matches!(fails(folder.path()), NoHead::NoRepository { .. }));
    let link = tempfile::tempdir().expect("a folder");
    for text in ["gitdir: ../nowhere\n", "gitdir:\n", "nothing\n", ""] {
        std::fs::write(link.path().join(".git"), text).expect("a file");
        assert!(matches!(fails(link.path()), NoHead::BrokenLink { .. }), "{text}");
    }
}

#[test]
fn a_reftable_is_named() {
    if !has_git() {
        return;
    }
    let folder = tempfile::tempdir().expect("a folder");
    let output = Command::new("git")
        .args(["init", "--quiet", "--ref-format=reftable"])
        .current_dir(folder.path())
        .output()
        .expect("git can be started");
    if !output.status.success() {
        // git before 2.45 makes none; what it would look like is enough.
        git(folder.path(), &["init", "--quiet"]);
        std::fs::create_dir(folder.path().join(".git/reftable")).expect("a folder");
    }
    assert!(matches!(fails(folder.path()), NoHead::Reftable { .. }));
}

#[test]
fn a_head_can_be_compared_with_what_a_report_says() {
    if !has_git() {
        return;
    }
    let folder = repository(1, "sha1");
    let Head { commit, .. } = head(folder.path()).expect("a commit");
    let short = git(folder.path(), &["rev-parse", "--short", "HEAD"]);
    let short = relplan::model::Commit::parse(&short).expect("a commit");
    assert!(commit.is_same_as(&short));
}
