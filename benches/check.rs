//! How fast `relplan check` is, against floors measured in the same run.
//!
//! `cargo bench` prints for each size: the time to read the bytes, the time of
//! the YAML parser's bare events over them, each stage of relplan, and the whole
//! as a process, with ratios to the bare events. Sizes can be named:
//! `cargo bench -- 1000 10000`.

// A benchmark that cannot begin has nothing to report.
#![allow(clippy::expect_used)]

mod generator;
mod measure;

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use chrono::NaiveDate;
use granit_parser::Parser;
use rayon::prelude::*;
use relplan::finding::Denominator;
use relplan::formats::{CheckReport, terminal};
use relplan::project::{Project, Request};
use relplan::rules::{self, Levels, Subject};

use measure::best;

// The allocator of the binary, for the floors as for the stages.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// The sizes that are measured if none is named.
const SIZES: [usize; 3] = [1_000, 10_000, 100_000];

/// How many entries a file holds.
const PER_FILE: usize = 200;

fn main() {
    let named: Vec<usize> = std::env::args().filter_map(|argument| argument.parse().ok()).collect();
    let sizes = if named.is_empty() { SIZES.to_vec() } else { named };
    let folder = std::env::temp_dir().join(format!("relplan-bench-{}", std::process::id()));
    let rows: Vec<Row> = sizes.iter().map(|&size| measure(&folder, size, PER_FILE)).collect();
    print_rows(&rows);
    print_slope(&rows);
    small(&folder);
    one_file_each(&folder);
    std::fs::remove_dir_all(&folder).expect("the folder of the generated plans can be removed");
}

/// Times in the order in which they are printed.
struct Row {
    entries: usize,
    bytes: u64,
    files: usize,
    read: Duration,
    bare: Duration,
    load: Duration,
    parse: Duration,
    graph: Duration,
    rules: Duration,
    render: Duration,
    process: Duration,
    peak: u64,
    findings: usize,
}

fn measure(folder: &Path, entries: usize, per_file: usize) -> Row {
    let plan = folder.join(format!("{entries}-{per_file}"));
    let bytes = generator::write(&plan, entries, per_file).expect("the plan can be generated");
    let request = request(&plan);
    let project = Project::load(&request).expect("the generated plan can be read");
    let paths: Vec<PathBuf> = project.paths.iter().flatten().cloned().collect();
    let levels = Levels::new(&project.config, &[]).expect("the rules' own levels");
    let today = NaiveDate::from_ymd_opt(2026, 11, 20).expect("a day");
    let parsed = project.plan();
    let graph = project.graph(&parsed);
    let evidence = project.evidence();
    let subject = Subject::new(&project.sources, &project.config, &parsed, &graph, &evidence, today);
    let outcome = rules::run(&subject, &levels);
    let report = CheckReport {
        findings: &outcome.findings,
        sources: &project.sources,
        denominator: &Denominator::nothing(),
        masked: &outcome.masked,
        baseline: None,
        base: None,
        since: None,
    };
    let style = terminal::Style { colour: false, links: false, unicode: true, width: 100 };
    let (process, peak) = processes(&plan);
    Row {
        entries,
        bytes,
        files: paths.len(),
        read: best(|| read(&paths)),
        bare: best(|| bare_events(&project)),
        load: best(|| Project::load(&request).expect("the generated plan can be read")),
        parse: best(|| project.plan()),
        graph: best(|| project.graph(&parsed)),
        rules: best(|| rules::run(&subject, &levels)),
        render: best(|| terminal::write(&report, style, &mut Vec::new())),
        process,
        peak,
        findings: outcome.findings.len(),
    }
}

fn request(plan: &Path) -> Request {
    Request { working_folder: plan.to_owned(), paths: vec![plan.to_owned()], ..Request::default() }
}

/// The floor of all floors: the bytes of the files, side by side.
fn read(paths: &[PathBuf]) -> usize {
    paths.par_iter().map(|path| std::fs::read(path).map_or(0, |bytes| bytes.len())).sum()
}

/// The YAML parser's own events over texts in memory, the files side by side, nothing made of them.
fn bare_events(project: &Project) -> usize {
    project
        .plan_files
        .par_iter()
        .map(|&file| {
            let mut options = granit_parser::options! { strict_indentation: true };
            options.set_emit_comments(false);
            Parser::new_from_str_with_options(project.sources.file(file).text(), options)
                .filter(Result::is_ok)
                .count()
        })
        .sum()
}

/// The whole of `relplan check` as a process: the shortest time and the largest memory, in bytes.
fn processes(plan: &Path) -> (Duration, u64) {
    let mut peak = 0;
    let time = best(|| {
        let mut child = Command::new(env!("CARGO_BIN_EXE_relplan"))
            .args(["check", "--quiet", "--fail-on", "never", "--today", "2026-11-20"])
            .arg(plan)
            .stdout(std::process::Stdio::null())
            .spawn()
            .expect("relplan can be started");
        child.wait().expect("relplan ends");
    });
    if let Ok(output) = Command::new("/usr/bin/time")
        .args(["-f", "%M", env!("CARGO_BIN_EXE_relplan"), "check", "--quiet", "--fail-on", "never"])
        .arg(plan)
        .stdout(std::process::Stdio::null())
        .output()
    {
        let text = String::from_utf8_lossy(&output.stderr);
        peak = text.lines().last().and_then(|line| line.trim().parse::<u64>().ok()).unwrap_or(0) * 1024;
    }
    (time, peak)
}

fn print_rows(rows: &[Row]) {
    println!("times in ms; ratios to the parser's bare events; {} threads", rayon::current_num_threads());
    for row in rows {
        let ratio = |time: Duration| time.as_secs_f64() / row.bare.as_secs_f64();
        println!(
            "\n{} entries in {} files, {:.1} MB, {} findings",
            row.entries,
            row.files,
            megabytes(row.bytes),
            row.findings
        );
        let lines = [
            ("floor: read the bytes", row.read),
            ("floor: bare events", row.bare),
            ("find and read files", row.load),
            ("parse and model", row.parse),
            ("graph", row.graph),
            ("rules", row.rules),
            ("render", row.render),
            ("whole process", row.process),
        ];
        for (name, time) in lines {
            println!("  {name:24} {:10.2}  {:6.2}", time.as_secs_f64() * 1000.0, ratio(time));
        }
        if row.peak > 0 {
            let share = row.peak as f64 / row.bytes as f64;
            println!("  {:24} {:10.1} MB, {share:.2} times the input", "peak memory", megabytes(row.peak));
        }
    }
}

fn megabytes(bytes: u64) -> f64 {
    bytes as f64 / 1e6
}

/// The slope of time over size on logarithmic axes, by least squares: 1.0 is linear.
fn print_slope(rows: &[Row]) {
    let points: Vec<(f64, f64)> =
        rows.iter().map(|row| ((row.entries as f64).ln(), row.process.as_secs_f64().ln())).collect();
    if points.len() < 2 {
        return;
    }
    let count = points.len() as f64;
    let (mean_x, mean_y) =
        points.iter().fold((0.0, 0.0), |sum, point| (sum.0 + point.0 / count, sum.1 + point.1 / count));
    let above: f64 = points.iter().map(|(x, y)| (x - mean_x) * (y - mean_y)).sum();
    let below: f64 = points.iter().map(|(x, _)| (x - mean_x).powi(2)).sum();
    println!("\nslope of the whole process, log-log: {:.3}", above / below);
    if let [.., first, last] = points.as_slice() {
        println!("slope between the two largest: {:.3}", (last.1 - first.1) / (last.0 - first.0));
    }
}

/// Sixty entries: what somebody waits for before a push.
fn small(folder: &Path) {
    let row = measure(folder, 60, PER_FILE);
    println!("\n60 entries as a process: {:.2} ms", row.process.as_secs_f64() * 1000.0);
}

/// Ten thousand entries, each in a file of its own, against the same in files of two hundred.
fn one_file_each(folder: &Path) {
    let together = measure(folder, 10_000, PER_FILE);
    let alone = measure(folder, 10_000, 1);
    let ratio = alone.process.as_secs_f64() / together.process.as_secs_f64();
    println!(
        "10000 entries in a file each: {:.2} ms, {ratio:.2} times the same in files of 200",
        alone.process.as_secs_f64() * 1000.0
    );
}
