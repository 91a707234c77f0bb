//! How fast results of tests decide: a JUnit report of 100,000 cases and 10,000 TEST entries, from the bytes of
//! the report to a judged gate that asks for every test.
//!
//! `cargo bench --bench evidence` prints, for each way in which cases and entries find each other, what the
//! parts take, and how often the time that quick-xml takes for the bare events of the same bytes, measured in
//! the same run. The goal is less than twice that time for all of it. quick-xml finds the attributes of a tag only
//! if it is asked for them; what all of it is of the events with their attributes stands last. The plan is parsed
//! before. Numbers of
//! cases and parts of names can be given: `cargo bench --bench evidence -- 1000 1000000 ids paths`.

// A benchmark that cannot begin has nothing to report.
#![allow(clippy::expect_used)]

mod xml_events;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use relplan::config::Config;
use relplan::evidence::matching::TestMatches;
use relplan::evidence::{self, Evidence};
use relplan::graph::{Graph, Selection};
use relplan::model::{Commit, Families, Plan, document};
use relplan::source::{FileId, SourceFile, SourceMap};
use relplan::verdict::facts::History;
use relplan::verdict::gates::Soundness;
use relplan::verdict::judgement::Judgement;
use relplan::verdict::{Basis, Facts, Judge, Verdict};

use xml_events::events;

// The allocator of the binary, for the floor as for the rest.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// How many TEST entries there are.
const ENTRIES: usize = 10_000;

/// How many cases there are if no number is named.
const CASES: usize = 100_000;

/// How many cases a suite holds.
const PER_SUITE: usize = 100;

/// How often each part is measured at least.
const ROUNDS: usize = 15;

/// The commit of the report, and of the release.
const COMMIT: &str = "0123456789abcdef0123456789abcdef01234567";

/// A gate that asks for every test.
const CONFIG: &str = "[gates.tests]
title = \"Tests\"
[[gates.tests.criteria]]
name = \"Every test passes\"
from = \"TEST\"
";

/// In which way entries and cases find each other.
#[derive(Debug, Clone, Copy)]
enum Mixture {
    Ids,
    Literals,
    Globs,
    Paths,
    Third,
    Nothing,
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|it| !it.starts_with('-')).collect();
    let named: Vec<usize> = arguments.iter().filter_map(|argument| argument.parse().ok()).collect();
    let is_chosen = |name: &str| {
        let mut words = arguments.iter().filter(|argument| argument.parse::<usize>().is_err()).peekable();
        words.peek().is_none() || words.any(|word| name.contains(word.as_str()))
    };
    let sizes = if named.is_empty() { vec![CASES] } else { named };
    for size in sizes {
        println!("{size} cases, {ENTRIES} entries; ms, and times the bare events");
        let [bare, read, matched, judged, all, of] =
            ["bare events", "read", "match", "judge", "all", "of attributes"];
        println!("{:17}{bare:>13}{read:>15}{matched:>15}{judged:>15}{all:>15}{of:>15}", "");
        let all = [
            ("ids in names", Mixture::Ids),
            ("literal patterns", Mixture::Literals),
            ("globs", Mixture::Globs),
            ("automation paths", Mixture::Paths),
            ("a third of each", Mixture::Third),
            ("nothing fits", Mixture::Nothing),
        ];
        for (name, mixture) in all.into_iter().filter(|(name, _)| is_chosen(name)) {
            measure(name, mixture, size);
        }
    }
}

/// How long the parts of one run took.
struct Parts {
    read: Duration,
    matched: Duration,
    judged: Duration,
}

impl Parts {
    fn all(&self) -> Duration {
        self.read + self.matched + self.judged
    }
}

fn measure(name: &str, mixture: Mixture, size: usize) {
    let plan_file = SourceFile::new("plan.yaml", plan(mixture));
    let plan = Plan::new(vec![document::read(FileId(0), &plan_file, &Families::default())]);
    let config = Config::read(FileId(2), &SourceFile::new("relplan.toml", CONFIG));
    assert!(!config.is_broken(), "{:?}", config.defects);
    let case =
        Benchmark { plan_file: &plan_file, plan: &plan, config: &config, report: report(mixture, size) };
    let (mut bare, mut with_attributes) = (Duration::MAX, Duration::MAX);
    let mut best: Option<Parts> = None;
    // What disturbs a run only ever makes it longer: the shortest counts. Floor and run take turns, so that
    // both have the same chance of an undisturbed moment.
    for round in 0..ROUNDS {
        bare = bare.min(time(|| events(&case.report, false)));
        with_attributes = with_attributes.min(time(|| events(&case.report, true)));
        let parts = case.run(matches!(mixture, Mixture::Nothing), round == 0);
        if best.as_ref().is_none_or(|best| parts.all() < best.all()) {
            best = Some(parts);
        }
    }
    let Some(best) = best else { return };
    let cell = |time: Duration| {
        format!("{:8.2} {:4.2}x", time.as_secs_f64() * 1e3, time.as_secs_f64() / bare.as_secs_f64())
    };
    println!(
        "{name:17}{:13.2} {} {} {} {} {:13.2}x",
        bare.as_secs_f64() * 1e3,
        cell(best.read),
        cell(best.matched),
        cell(best.judged),
        cell(best.all()),
        best.all().as_secs_f64() / with_attributes.as_secs_f64()
    );
}

/// What is measured.
struct Benchmark<'b> {
    plan_file: &'b SourceFile,
    plan: &'b Plan<'b>,
    config: &'b Config,
    report: String,
}

impl Benchmark<'_> {
    /// From the bytes of the report to the judged gate. The files are new each time, so that nothing is known
    /// of them from the run before.
    fn run(&self, is_unheard: bool, is_checked: bool) -> Parts {
        let plan_file = SourceFile::new("plan.yaml", self.plan_file.text().to_owned());
        let sources = SourceMap::new(vec![plan_file, SourceFile::new("report.xml", self.report.clone())]);
        let graph = Graph::new(self.plan, &self.config.families, &Default::default());
        let (commit, files, selection) =
            (Commit::parse(COMMIT).expect("a commit"), BTreeMap::new(), Selection::all());
        let now: DateTime<Utc> = "2026-11-20T09:00:00Z".parse().expect("a time");
        let profile = self.config.profiles.first().expect("a profile");
        let gate = self.config.gates.iter().find(|gate| gate.name == "tests").expect("the gate");

        let started = Instant::now();
        let evidence = evidence::read(&sources, &[FileId(1)]);
        let read = started.elapsed();
        let matches = TestMatches::new(self.plan, &evidence);
        let matched = started.elapsed();
        let facts = Facts {
            evidence: &evidence,
            matches: &matches,
            files: &files,
            incidents: &relplan::verdict::facts::IncidentRecords::default(),
            commit: Ok(&commit),
            history: &History::default(),
            signatures: &relplan::verdict::signature::Signatures::default(),
            work_tree: &relplan::verdict::work_tree::WorkTree::NotCompared,
            now,
        };
        let basis =
            Basis { plan: self.plan, sources: &sources, graph: &graph, config: self.config, facts, profile };
        let judge = Judge::new(basis, &selection, now.date_naive());
        let judgement = judge.judge_gates(&[gate], &Soundness::default());
        let judged = started.elapsed();

        if is_checked {
            check(&evidence, &judgement, is_unheard);
        }
        Parts { read, matched: matched - read, judged: judged - matched }
    }
}

/// Whether what was measured is what was meant.
fn check(evidence: &Evidence<'_>, judgement: &Judgement, is_unheard: bool) {
    assert!(evidence.defects.is_empty(), "{:?}", evidence.defects);
    assert_eq!(judgement.checks.len(), ENTRIES);
    let count = |verdict| judgement.checks.iter().filter(|check| check.verdict == verdict).count();
    match is_unheard {
        true => assert_eq!(count(Verdict::Unknown), ENTRIES),
        false => assert!(count(Verdict::Pass) > 0, "{:?}", judgement.checks.first()),
    }
}

/// How long something takes.
fn time<T>(run: impl FnOnce() -> T) -> Duration {
    let started = Instant::now();
    std::hint::black_box(run());
    started.elapsed()
}

/// The way of one entry or case of a mixture.
fn way(mixture: Mixture, number: usize) -> Mixture {
    match (mixture, number % 3) {
        (Mixture::Third | Mixture::Nothing, 0) => Mixture::Ids,
        (Mixture::Third | Mixture::Nothing, 1) => Mixture::Globs,
        (Mixture::Third | Mixture::Nothing, _) => Mixture::Paths,
        _ => mixture,
    }
}

fn plan(mixture: Mixture) -> String {
    let entry = |number: usize| {
        let more = match way(mixture, number) {
            Mixture::Literals => format!("  match: shop.module_{number}.TestCheckout.test_pays\n"),
            Mixture::Globs if number.is_multiple_of(2) => format!("  match: \"shop.module_{number}.*\"\n"),
            Mixture::Globs => format!("  match: \"*_{number}.*pays*\"\n"),
            Mixture::Paths => format!("  automation: tests/shop/module_{number}.py\n"),
            _ => String::new(),
        };
        format!("- id: TEST-{number:05}\n  title: A test\n{more}")
    };
    (0..ENTRIES).map(entry).collect()
}

/// A report as pytest and Surefire write it: most cases pass, some fail and say why, some are skipped. Cases of
/// one class follow each other.
fn report(mixture: Mixture, size: usize) -> String {
    let mut text = String::from("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<testsuites>\n");
    for suite in 0..size.div_ceil(PER_SUITE) {
        let numbers = suite * PER_SUITE..((suite + 1) * PER_SUITE).min(size);
        let _ = writeln!(
            text,
            "<testsuite name=\"shop.suite{suite}\" tests=\"{}\" timestamp=\"2026-11-20T08:00:00Z\">",
            numbers.len()
        );
        if suite == 0 {
            let _ = writeln!(text, "<properties><property name=\"commit\" value=\"{COMMIT}\"/></properties>");
        }
        numbers.for_each(|index| case(mixture, index * ENTRIES / size, index, &mut text));
        text.push_str("</testsuite>\n");
    }
    text.push_str("</testsuites>\n");
    text
}

fn case(mixture: Mixture, number: usize, index: usize, text: &mut String) {
    let nothing = matches!(mixture, Mixture::Nothing);
    let name = match way(mixture, number) {
        Mixture::Ids if !nothing => format!("test_TEST_{number:05}_user_pays_with_card[{index}]"),
        Mixture::Literals => "test_pays".to_owned(),
        _ => format!("test_user_pays_with_card[{index}]"),
    };
    let module = if nothing { "other".to_owned() } else { format!("module_{number}") };
    let _ = write!(
        text,
        "<testcase classname=\"shop.{module}.TestCheckout\" name=\"{name}\" \
         file=\"tests/shop/{module}.py\" time=\"0.{:03}\"",
        index % 1000
    );
    let _ = match index % 20 {
        3 => writeln!(
            text,
            "><failure message=\"assert {index} == 0\">Traceback (most recent call last):\n  File \
             \"shop.py\", line {index}\nAssertionError: {index} &lt; 0\n</failure></testcase>"
        ),
        7 => writeln!(text, "><skipped message=\"later\"/></testcase>"),
        _ => writeln!(text, "/>"),
    };
}
