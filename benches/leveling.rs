//! How short schedules are on the public instances of PSPLIB, in Patterson format.
//!
//! `RELPLAN_PSPLIB=FOLDER cargo bench --bench leveling` schedules every `.rcp` file below the folder, by subfolder, and prints
//! the mean deviation from the critical path, the median time, and with a file `optima.csv` (`name,end`) beside the
//! instances the mean gap to them. The instances are CC-BY-SA-4.0 (ScheduleOpt/benchmarks) and no part of this project; where
//! they are not at hand the benchmark says so. It ends with exit code 1 if a schedule does not verify.

#![allow(clippy::expect_used, reason = "a benchmark that cannot begin has nothing to report")]

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Instant;

use relplan::leveling::{Activity, Effort, Project, Resource, schedule, verify};

/// How many schedules are tried for each instance.
const EFFORT: Effort = Effort { schedules: 40_000, seed: 1 };

fn main() {
    let Some(folder) = std::env::var_os("RELPLAN_PSPLIB") else {
        println!("skipped: RELPLAN_PSPLIB does not name a folder with PSPLIB instances");
        return;
    };
    let mut wrong = 0;
    for set in std::fs::read_dir(folder).expect("a folder") {
        let set = set.expect("a folder").path();
        if set.is_dir() {
            wrong += run(&set);
        }
    }
    std::process::exit(i32::from(wrong > 0));
}

fn run(set: &Path) -> usize {
    let optima = std::fs::read_to_string(set.join("optima.csv")).unwrap_or_default();
    let optima: BTreeMap<&str, f64> = optima
        .lines()
        .filter_map(|line| line.split_once(','))
        .filter_map(|(name, end)| Some((name, end.parse().ok()?)))
        .collect();
    let files = std::fs::read_dir(set).expect("a folder").map(|file| file.expect("a file").path());
    let mut files: Vec<_> =
        files.filter(|file| file.extension().is_some_and(|ending| ending == "rcp")).collect();
    files.sort();
    let (mut deviations, mut gaps, mut times, mut wrong) = (Vec::new(), Vec::new(), Vec::new(), 0);
    for file in &files {
        let project = read(&std::fs::read_to_string(file).expect("an instance"));
        let begun = Instant::now();
        let placed = schedule(&project, EFFORT);
        times.push(begun.elapsed().as_secs_f64() * 1000.0);
        wrong += usize::from(!verify(&project, &placed).is_empty());
        let end = f64::from(placed.end());
        deviations.push(end / critical_path(&project) - 1.0);
        let name = file.file_stem().expect("a name").to_string_lossy();
        gaps.extend(optima.get(&*name).map(|optimum| end / optimum - 1.0));
    }
    times.sort_by(f64::total_cmp);
    let mean = |values: &[f64]| 100.0 * values.iter().sum::<f64>() / values.len().max(1) as f64;
    println!(
        "{}: {} instances, {:.2} % over the critical path, {:.3} % over {} optima, median {:.1} ms, longest {:.1} ms, {wrong} wrong",
        set.display(),
        files.len(),
        mean(&deviations),
        mean(&gaps),
        gaps.len(),
        times.get(times.len() / 2).copied().unwrap_or(0.0),
        times.last().copied().unwrap_or(0.0),
    );
    wrong
}

/// An instance: the number of activities and resources, the capacities, and for each activity its duration, its demands and
/// its successors.
fn read(text: &str) -> Project {
    let mut numbers = text.split_whitespace().map(|number| number.parse::<u32>().expect("a number"));
    let mut next = || numbers.next().expect("a number");
    let (count, resources) = (next(), next());
    let resources: Vec<Resource> =
        (0..resources).map(|_| Resource { capacity: next(), available: Vec::new() }).collect();
    let mut activities = vec![Activity::default(); count as usize];
    for index in 0..activities.len() {
        activities[index].duration = next();
        let demands = (0..resources.len()).map(|resource| (resource, next())).collect::<Vec<_>>();
        activities[index].demands = demands.into_iter().filter(|(_, demand)| *demand > 0).collect();
        for _ in 0..next() {
            activities[next() as usize - 1].after.push((index, 0));
        }
    }
    Project { activities, resources }
}

/// When all is done if there were resources enough; the activities are numbered in order.
fn critical_path(project: &Project) -> f64 {
    let mut finish = vec![0u32; project.activities.len()];
    for (index, activity) in project.activities.iter().enumerate() {
        let start = activity.after.iter().map(|(before, _)| finish[*before]).max().unwrap_or(0);
        finish[index] = start + activity.duration;
    }
    f64::from(finish.into_iter().max().unwrap_or(0))
}
