//! No command's work grows faster than the plan, counted in instructions, which are the same on every machine.
//!
//! A plan is written in three sizes, each twice the one before. What a command takes more for the second step than for
//! the first is then twice as much if it is linear, and four times if every entry is compared with every other.

#[path = "../../benches/instructions/mod.rs"]
mod instructions;
#[path = "../../benches/shapes/mod.rs"]
mod shapes;

use std::path::Path;
use std::process::Command;

use crate::support::skipped;
use instructions::instructions;

/// How many entries the plans have.
const SIZES: [usize; 3] = [200, 400, 800];

/// The largest exponent that counts as linear: sorting has a logarithm in it, and tables double their size.
const LIMIT: f64 = 1.15;

/// What everybody runs every day, and what has to look at pairs of entries.
const COMMANDS: [&[&str]; 12] = [
    &["check", "--fail-on", "never"],
    &["report", "--format", "json"],
    &["plan", "--format", "html"],
    &["calendar", "--format", "json"],
    &["scope", "--format", "json"],
    &["rollback", "--format", "json"],
    &["matrix", "EPIC", "TEST", "--through", "--format", "json"],
    &["schedule", "--format", "json"],
    &["health", "--format", "json"],
    &["review", "--format", "json"],
    &["notes", "--format", "json"],
    &["status"],
];

#[test]
fn work_grows_with_the_plan_and_no_faster() {
    if Command::new("valgrind").arg("--version").output().is_err() {
        return skipped("valgrind, which counts instructions");
    }
    let folder = tempfile::tempdir().expect("a folder for the plans");
    let mut faster = Vec::new();
    for shape in shapes::ALL {
        let plans = SIZES.map(|size| folder.path().join(shape.name).join(size.to_string()));
        for (plan, size) in plans.iter().zip(SIZES) {
            (shape.write)(plan, size).expect("the plan can be written");
        }
        faster.extend(of_shape(shape.name, &plans));
    }
    assert!(faster.is_empty(), "{}", faster.join("\n"));
}

/// What grows faster than the plan, in a line each. Two threads count at a time.
fn of_shape(shape: &str, plans: &[std::path::PathBuf; 3]) -> Vec<String> {
    let half = |commands: &[&[&str]]| -> Vec<String> {
        commands.iter().filter_map(|command| growth(shape, plans, command)).collect()
    };
    let (first, second) = COMMANDS.split_at(COMMANDS.len() / 2);
    std::thread::scope(|scope| {
        let first = scope.spawn(|| half(first));
        let second = half(second);
        [first.join().expect("the other half was counted"), second].concat()
    })
}

fn growth(shape: &str, plans: &[std::path::PathBuf; 3], command: &[&str]) -> Option<String> {
    let costs = [&plans[0], &plans[1], &plans[2]].map(|plan| cost(plan, command));
    let exponent = ((costs[2] - costs[1]) / (costs[1] - costs[0])).log2();
    let line =
        format!("{shape} {}: {costs:.1?} million instructions, exponent {exponent:.2}", command.join(" "));
    eprintln!("{line}");
    (exponent.is_nan() || exponent > LIMIT).then_some(line)
}

fn cost(plan: &Path, arguments: &[&str]) -> f64 {
    let mut command = Command::new(env!("CARGO_BIN_EXE_relplan"));
    instructions(command.args(arguments).args(["--today", "2026-11-20"]).current_dir(plan))
}
