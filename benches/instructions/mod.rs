//! How many instructions a command takes: the same figure on every machine, however busy.

use std::process::{Command, Stdio};

/// Runs the command by valgrind's Cachegrind, on one thread, and returns how many instructions it took, in millions.
///
/// # Panics
///
/// Panics where valgrind is not installed, or says nothing.
pub fn instructions(command: &Command) -> f64 {
    let mut valgrind = Command::new("valgrind");
    valgrind.args(["--tool=cachegrind", "--cache-sim=no", "--cachegrind-out-file=/dev/null"]);
    valgrind.arg(command.get_program()).args(command.get_args()).env("RAYON_NUM_THREADS", "1");
    if let Some(folder) = command.get_current_dir() {
        valgrind.current_dir(folder);
    }
    let output = valgrind.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped()).output();
    let text = String::from_utf8_lossy(&output.expect("valgrind can be started").stderr).into_owned();
    let line = text.lines().find(|line| line.contains("I refs:") || line.contains("I   refs:"));
    let figure = line.and_then(|line| line.rsplit(':').next()).unwrap_or_default();
    let digits: String = figure.chars().filter(char::is_ascii_digit).collect();
    digits.parse::<f64>().unwrap_or_else(|_| panic!("valgrind counts no instructions: {text}")) / 1e6
}
