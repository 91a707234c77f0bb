//! A repository of one's own.

use std::path::Path;
use std::process::Command;

use tempfile::TempDir;

/// A repository with a plan on `main`; the branch `change` is checked out.
pub struct Repository {
    folder: TempDir,
}

impl Repository {
    /// The files of a folder, but for some at its top, as the first commit of `main`.
    pub fn of(source: &Path, without: &[&str]) -> Repository {
        let folder = tempfile::tempdir().expect("a temporary folder");
        copy(source, folder.path(), without);
        let repository = Repository { folder };
        repository.git(&["init", "-q", "-b", "main"]);
        repository.commit("base");
        repository.git(&["checkout", "-q", "-b", "change"]);
        repository
    }

    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    pub fn git(&self, arguments: &[&str]) {
        plain(self.path(), arguments);
    }

    /// What Git says, without its line break.
    pub fn line(&self, arguments: &[&str]) -> String {
        let output = command(self.path()).args(arguments).output().expect("git can be started");
        String::from_utf8_lossy(&output.stdout).trim().to_owned()
    }

    pub fn write(&self, name: &str, text: &str) {
        let path = self.path().join(name);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        std::fs::write(path, text).expect("a file");
    }

    pub fn commit(&self, subject: &str) {
        self.git(&["add", "-A"]);
        self.git(&["commit", "-q", "--allow-empty", "-m", subject]);
    }

    /// The files as they were committed.
    pub fn restore(&self) {
        self.git(&["reset", "-q", "--hard"]);
        self.git(&["clean", "-qfd"]);
    }
}

/// Git in a folder, whoever runs the tests.
pub fn plain(folder: &Path, arguments: &[&str]) {
    let output = command(folder).args(arguments).output().expect("git can be started");
    assert!(output.status.success(), "git {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
}

fn command(folder: &Path) -> Command {
    let mut command = Command::new("git");
    command.arg("-C").arg(folder).args(["-c", "user.name=n", "-c", "user.email=n@example.com"]);
    command.env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_SYSTEM", "/dev/null");
    command
}

fn copy(from: &Path, to: &Path, without: &[&str]) {
    for item in std::fs::read_dir(from).expect("a folder") {
        let item = item.expect("an item");
        let (name, target) = (item.file_name(), to.join(item.file_name()));
        if without.iter().any(|left_out| *left_out == name.to_string_lossy()) {
            continue;
        }
        let kind = item.file_type().expect("a kind");
        if kind.is_dir() {
            std::fs::create_dir_all(&target).expect("a folder");
            copy(&item.path(), &target, &[]);
        } else if kind.is_symlink() {
            #[cfg(unix)]
            std::os::unix::fs::symlink(std::fs::read_link(item.path()).expect("a link"), target)
                .expect("a link");
        } else {
            std::fs::copy(item.path(), target).expect("a file");
        }
    }
}
