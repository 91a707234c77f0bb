//! The pager: where a document is longer than the terminal, a program that scrolls shows it, as Git does.

use std::env;
use std::io::Write;
use std::process::{Child, Command, Stdio};

/// What Git sets for `less`, too: it ends at once if all fits the terminal, keeps colours, and leaves the text on it.
const LESS: &str = "FRX";

/// Shows a text in the pager of the user; says whether it did. Without one the text is still to be written.
pub(super) fn show(text: &[u8]) -> bool {
    if !is_longer_than_the_terminal(text) {
        return false;
    }
    let Some(mut pager) = start() else { return false };
    if let Some(mut input) = pager.stdin.take() {
        // Whoever leaves the pager early has seen enough.
        let _ = input.write_all(text);
    }
    // The shell starts even if the program behind it does not exist; it then ends with 127.
    pager.wait().is_ok_and(|status| status.code() != Some(127))
}

fn is_longer_than_the_terminal(text: &[u8]) -> bool {
    let Some((_, height)) = terminal_size::terminal_size() else { return false };
    memchr::memchr_iter(b'\n', text).count() >= usize::from(height.0)
}

/// Starts `RELPLAN_PAGER`, `PAGER` or `less`; nothing if it is empty or `cat`, or if the terminal cannot scroll.
fn start() -> Option<Child> {
    if env::var_os("TERM").is_some_and(|term| term == "dumb") {
        return None;
    }
    let stated = ["RELPLAN_PAGER", "PAGER"].into_iter().find_map(|name| env::var(name).ok());
    let line = stated.unwrap_or_else(|| "less".to_owned());
    if line.trim().is_empty() || line.trim() == "cat" {
        return None;
    }
    let mut command = in_a_shell(&line);
    if env::var_os("LESS").is_none() {
        command.env("LESS", LESS);
    }
    command.stdin(Stdio::piped()).spawn().ok()
}

/// A line that the user's shell reads, because `PAGER` may hold arguments.
fn in_a_shell(line: &str) -> Command {
    let (shell, option) = if cfg!(windows) { ("cmd", "/C") } else { ("sh", "-c") };
    let mut command = Command::new(shell);
    command.args([option, line]);
    command
}
