//! `relplan check --watch`: what a check reads is checked again once it changes.

use std::cell::RefCell;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::Duration;

use crate::support::{code, err, folder, relplan, with_input};

/// A run that is ended with the test, whatever becomes of it.
struct Watched {
    child: Child,
    lines: Receiver<String>,
    /// What came while another line was waited for: the order of two pipes is not that of their writer.
    earlier: RefCell<Vec<String>>,
}

impl Drop for Watched {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Watched {
    fn new(folder: &Path, arguments: &[&str]) -> Watched {
        let mut command = relplan(folder);
        command.args(["check", "--watch"]).args(arguments).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("relplan can be started");
        let (sender, lines) = channel();
        let output: [Box<dyn std::io::Read + Send>; 2] = [
            Box::new(child.stdout.take().expect("its output")),
            Box::new(child.stderr.take().expect("its remarks")),
        ];
        for pipe in output {
            let sender = sender.clone();
            std::thread::spawn(move || {
                for line in BufReader::new(pipe).lines().map_while(Result::ok) {
                    let _ = sender.send(line);
                }
            });
        }
        Watched { child, lines, earlier: RefCell::default() }
    }

    /// Waits for a line, long enough for a machine that is busy.
    fn says(&self, expected: &str) {
        let mut earlier = self.earlier.borrow_mut();
        if let Some(at) = earlier.iter().position(|line| line.contains(expected)) {
            earlier.remove(at);
            return;
        }
        loop {
            match self.lines.recv_timeout(Duration::from_secs(60)) {
                Ok(line) if line.contains(expected) => return,
                Ok(line) => earlier.push(line),
                Err(RecvTimeoutError::Timeout) => panic!("nothing said `{expected}`"),
                Err(RecvTimeoutError::Disconnected) => panic!("it ended before it said `{expected}`"),
            }
        }
    }
}

const WAITING: &str = "waiting for changes";

#[test]
fn each_change_of_what_a_check_reads_is_checked() {
    let plan = folder(&[("plan/a.yaml", "- {id: EPIC-1, title: A, owner: Ann, tests: TEST-1}\n")]);
    let file = |name: &str, text: &str| std::fs::write(plan.path().join(name), text).expect("it is written");
    let watched = Watched::new(plan.path(), &[]);
    watched.says("links to `TEST-1`, which does not exist");
    watched.says(WAITING);
    file("plan/b.yaml", "- {id: TEST-1, title: T, owner: Ann, type: Unit}\n");
    watched.says("no findings");
    watched.says(WAITING);
    file("relplan.toml", "[plan\n");
    watched.says("relplan.toml");
    watched.says(WAITING);
    std::fs::remove_file(plan.path().join("relplan.toml")).expect("it is removed");
    watched.says("no findings");
    watched.says(WAITING);
    std::fs::remove_dir_all(plan.path().join("plan")).expect("it is removed");
    watched.says("no plan in");
    watched.says(WAITING);
}

#[test]
fn what_is_read_once_cannot_be_watched() {
    let output = with_input(folder::<&str>(&[]).path(), &["check", "--watch", "-"], "");
    assert_eq!(code(&output), 2);
    assert!(err(&output).contains("standard input cannot be watched"), "{}", err(&output));
}
