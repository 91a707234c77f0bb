//! Something that moves while a run takes longer than people wait without wondering.

use std::io::IsTerminal;
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::sync::{Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

/// How long a run may take before anything moves.
const PATIENCE: Duration = Duration::from_millis(500);

/// How often it moves.
const TICK: Duration = Duration::from_millis(100);

/// A line on standard error that tells how long a run takes. It is gone before anything else is written.
#[derive(Default)]
pub(super) struct Progress(Mutex<Option<Running>>);

struct Running {
    /// Whoever drops it ends the line.
    end: Sender<()>,
    thread: JoinHandle<()>,
}

impl Progress {
    /// Starts it, unless nobody would see it: standard error is no terminal, or a pipeline runs relplan.
    pub(super) fn start(&self, what: &str) {
        let is_seen = std::io::stderr().is_terminal() && std::env::var_os("CI").is_none();
        let is_dumb = std::env::var_os("TERM").is_some_and(|terminal| terminal == "dumb");
        if !is_seen || is_dumb {
            return;
        }
        let (end, ended) = channel();
        let what = what.to_owned();
        let thread = std::thread::spawn(move || {
            if ended.recv_timeout(PATIENCE) != Err(RecvTimeoutError::Timeout) {
                return;
            }
            let line = ProgressBar::new_spinner().with_message(what);
            if let Ok(style) = ProgressStyle::with_template("{spinner} {msg}, {elapsed}") {
                line.set_style(style);
            }
            line.enable_steady_tick(TICK);
            let _ = ended.recv();
            line.finish_and_clear();
        });
        self.running().replace(Running { end, thread });
    }

    /// Ends it, before something is written.
    pub(super) fn end(&self) {
        if let Some(Running { end, thread }) = self.running().take() {
            drop(end);
            // The line is gone once its thread is.
            let _ = thread.join();
        }
    }

    fn running(&self) -> std::sync::MutexGuard<'_, Option<Running>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
