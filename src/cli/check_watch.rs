//! `relplan check --watch`: checks again whenever something changes that a check reads.

use std::convert::Infallible;
use std::ffi::OsString;
use std::hash::{Hash, Hasher};
use std::process::Command;
use std::time::{Duration, Instant};

use rustc_hash::FxHasher;

use super::Screen;
use crate::error::Error;
use crate::project::{Project, Request, by_plan};

/// How often the files are read at most.
const PAUSE: Duration = Duration::from_millis(40);

/// How much longer than one reading the pause is at least, so that a large plan does not keep a processor busy.
const IDLE: u32 = 10;

/// The argument that asks for it.
pub(super) const ARGUMENT: &str = "--watch";

/// Checks until it is interrupted.
///
/// Each check is a process of its own with the same arguments: it has its own clock, and whatever happens in it, the next
/// one begins afresh.
pub(super) fn run(request: &Request, screen: &Screen) -> Result<Infallible, Error> {
    let program = std::env::current_exe()?;
    let arguments: Vec<OsString> = std::env::args_os().skip(1).filter(|word| word != ARGUMENT).collect();
    let mut seen = look(request).0;
    loop {
        screen.clear()?;
        Command::new(&program).args(&arguments).status()?;
        screen.remark("\nwaiting for changes; press Ctrl-C to end\n");
        seen = changed(request, seen);
    }
}

/// What is there once it differs from what was there, and has stopped changing.
fn changed(request: &Request, before: u64) -> u64 {
    let mut last = before;
    loop {
        let (now, pause) = look(request);
        if now != before && now == last {
            return now;
        }
        last = now;
        std::thread::sleep(pause);
    }
}

/// A digest of everything that a check reads, and how long to wait before it is made again. What cannot be read is
/// what the error says.
fn look(request: &Request) -> (u64, Duration) {
    let started = Instant::now();
    let mut hasher = FxHasher::default();
    match by_plan(request.clone()) {
        Ok(requests) => requests.iter().for_each(|request| digest(Project::load(request), &mut hasher)),
        Err(error) => error.to_string().hash(&mut hasher),
    }
    (hasher.finish(), PAUSE.max(started.elapsed() * IDLE))
}

fn digest(project: Result<Project, Error>, hasher: &mut FxHasher) {
    match project {
        Ok(project) => {
            for (_, source) in project.sources.iter() {
                (source.name(), source.text()).hash(hasher);
            }
            project.also_read.hash(hasher);
            let mut headings: Vec<_> = project.external.iter().collect();
            headings.sort_unstable();
            headings.hash(hasher);
        }
        Err(error) => error.to_string().hash(hasher),
    }
}
