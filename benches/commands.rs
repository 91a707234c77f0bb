//! How the work of every command grows with the plan.
//!
//! `cargo bench --bench commands` runs each command as a process on plans of three sizes, and prints times and the
//! exponent of their growth: 1.0 is linear. With `--instructions` it counts instructions by valgrind instead, which gives
//! the same figures on every machine; smaller sizes serve then. It ends with exit code 1 if an exponent is above the limit,
//! so that CI can hold it. Sizes can be named: `cargo bench --bench commands -- 5000 20000 80000`.

// A benchmark that cannot begin has nothing to report.
#![allow(clippy::expect_used, clippy::panic)]

mod instructions;
mod measure;
mod shapes;

use std::path::Path;
use std::process::{Command, Stdio};

use instructions::instructions;
use measure::best;

const RELPLAN: &str = env!("CARGO_BIN_EXE_relplan");

/// The sizes if none is named: for times, and for instructions.
const SIZES: [usize; 3] = [5_000, 20_000, 80_000];
const SMALL_SIZES: [usize; 3] = [1_000, 4_000, 16_000];

/// The largest exponent that counts as linear, between the two larger sizes: the smallest has the start-up in it.
const LIMIT: f64 = 1.1;

const JSON: &[&str] = &["--format", "json"];

/// Every command, with the arguments that make it work.
const COMMANDS: &[(&[&str], &[&str])] = &[
    (&["check", "--fail-on", "never"], &[]),
    (&["check", "--gate", "production"], &[]),
    (&["gate", "production"], JSON),
    (&["report"], JSON),
    (&["report"], &["--format", "html"]),
    (&["checklist"], JSON),
    (&["plan"], JSON),
    (&["plan"], &["--format", "html"]),
    (&["site"], &[]),
    (&["calendar"], JSON),
    (&["calendar"], &["--format", "ics"]),
    (&["scope"], JSON),
    (&["risks"], JSON),
    (&["rollback"], JSON),
    (&["matrix", "EPIC", "TEST"], JSON),
    (&["matrix", "EPIC", "TEST", "--through"], JSON),
    (&["list"], JSON),
    (&["trace", "EPIC-1", "--depth", "100"], JSON),
];

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    let by_instructions = arguments.iter().any(|argument| argument == "--instructions");
    let named: Vec<usize> = arguments.iter().filter_map(|argument| argument.parse().ok()).collect();
    let usual = if by_instructions { SMALL_SIZES } else { SIZES };
    let sizes = if named.is_empty() { usual.to_vec() } else { named };
    let folder = std::env::temp_dir().join(format!("relplan-bench-commands-{}", std::process::id()));
    let mut above = 0;
    for shape in shapes::ALL {
        for size in &sizes {
            (shape.write)(&folder.join(shape.name).join(size.to_string()), *size)
                .expect("the plan can be generated");
        }
        for (command, format) in COMMANDS {
            let all = [command, *format].concat();
            let plans = sizes.iter().map(|size| folder.join(shape.name).join(size.to_string()));
            let costs: Vec<f64> = plans.map(|plan| cost(&plan, &all, by_instructions)).collect();
            above += usize::from(print(shape.name, &all, &sizes, &costs));
        }
    }
    std::fs::remove_dir_all(&folder).expect("the folder of the generated plans can be removed");
    std::process::exit(i32::from(above > 0));
}

/// What a command costs on a plan: seconds, or millions of instructions.
fn cost(plan: &Path, arguments: &[&str], by_instructions: bool) -> f64 {
    let run = || {
        let mut command = Command::new(RELPLAN);
        command.args(arguments).args(["--today", "2026-11-20"]).current_dir(plan);
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        command
    };
    if by_instructions {
        return instructions(&run());
    }
    best(|| run().status().expect("relplan can be started")).as_secs_f64()
}

/// Prints a row; whether the work grows faster than the plan.
fn print(shape: &str, command: &[&str], sizes: &[usize], costs: &[f64]) -> bool {
    let steps = sizes.windows(2).zip(costs.windows(2));
    let growth = |(sizes, costs): (&[usize], &[f64])| {
        (costs[1] / costs[0]).ln() / (sizes[1] as f64 / sizes[0] as f64).ln()
    };
    let exponents: Vec<f64> = steps.map(growth).collect();
    let costs: Vec<String> = costs.iter().map(|cost| format!("{cost:9.3}")).collect();
    let shown: Vec<String> = exponents.iter().map(|exponent| format!("{exponent:5.2}")).collect();
    let is_above = exponents.last().is_some_and(|last| *last > LIMIT);
    let mark = if is_above { "  above the limit" } else { "" };
    println!("{shape:9} {:40} {}  {}{mark}", command.join(" "), costs.join(" "), shown.join(" "));
    is_above
}
