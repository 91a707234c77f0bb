//! A decision is never greener than the facts: the evidence of a plan that is GO is changed at every byte and in every
//! part, and whatever is still GO must be proven harmless.
//!
//! A mutant is one change ([`mutate`]) to one file, or two. Where it is still GO, the file is taken apart by tokenizers
//! of the test's own ([`tokens`]), and every piece that differs needs a reason of the table ([`reasons`]), which says
//! why it cannot matter and, where it could, what has to be true; that is found out without relplan ([`facts`]). That
//! relplan reads the same facts from it is no reason.
//!
//! `cargo test` judges a sample, the same every time. `RELPLAN_MUTATIONS=full cargo test --test it mutations` judges
//! all.
//!
//! # Another format
//!
//! An entry in [`BASES`]: the file that it replaces with the same results in that format, and its [`Form`], whose name
//! the reasons go by. If the test then finds mutants without a reason, each is a hole, or needs one.

mod facts;
mod mutate;
mod prove;
mod reasons;
mod tokens;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicUsize, Ordering};

use relplan::source::{SourceFile, SourceMap};
use relplan::verdict::decision::Decision;

use crate::judging::{Files, Ground, decide_on, go, load, today};
use mutate::{Draw, Edit};
use prove::{Form, prove};
use tokens::{Grammar, Tokens, tokens};

const JUNIT: Form = Form { name: "junit", grammar: Grammar::Xml };
const COBERTURA: Form = Form { name: "cobertura", grammar: Grammar::Xml };
const LCOV: Form = Form { name: "lcov", grammar: Grammar::Lines };
const SARIF: Form = Form { name: "sarif", grammar: Grammar::Json };
const METRICS: Form = Form { name: "metrics", grammar: Grammar::Json };
const CSV: Form = Form { name: "csv", grammar: Grammar::Csv };
const PROVENANCE: Form = Form { name: "provenance", grammar: Grammar::Json };
const ORIGIN: Form = Form { name: "origin", grammar: Grammar::Json };
const WORDS: Form = Form { name: "words", grammar: Grammar::Words };

/// A plan that is GO, and what is changed of it.
struct Base {
    name: &'static str,
    /// Files that stand in the place of those in `tests/plans/go`.
    replaced: &'static [(&'static str, &'static str)],
    mutated: &'static [(&'static str, Form)],
}

const BASES: &[Base] = &[Base {
    name: "go",
    replaced: &[],
    mutated: &[
        ("docs/evidence.json", ORIGIN),
        ("docs/notes.md", WORDS),
        ("reports/coverage.xml", COBERTURA),
        ("reports/evidence.json", PROVENANCE),
        ("reports/lcov.info", LCOV),
        ("reports/metrics.csv", CSV),
        ("reports/metrics.json", METRICS),
        ("reports/semgrep.sarif", SARIF),
        ("reports/system.xml", JUNIT),
        ("reports/unit.xml", JUNIT),
    ],
}];

/// Formats whose readers are known to have holes. It must become empty.
const KNOWN_HOLES: &[&str] = &["sarif", "lcov", "cobertura", "metrics", "csv"];

/// What the sample and the pairs are drawn by.
const SEED: u64 = 0x5eed_0f1e_55e5;
/// How many pairs there are in the whole run.
const PAIRS: usize = 20_000;

/// A file that is changed, taken apart.
struct Target {
    file: &'static str,
    form: Form,
    bytes: Vec<u8>,
    tokens: Tokens,
    edits: Vec<Edit>,
}

/// Changes by their files and their places there: one, or two.
type Mutant = Vec<(usize, usize)>;

/// What became of a mutant.
enum Fate {
    NotGo,
    Harmless(BTreeSet<usize>),
    /// It is greener than its facts, or nobody can tell.
    Unproven(String),
}

fn targets(base: &Base, files: &Files) -> Vec<Target> {
    let target = |(file, form): &(&'static str, Form)| {
        let bytes = files[*file].clone();
        let tokens = tokens(form.grammar, &bytes).unwrap_or_else(|why| panic!("{file}: {why}"));
        let edits = mutate::edits(form.grammar, &bytes, &tokens);
        Target { file, form: *form, bytes, tokens, edits }
    };
    base.mutated.iter().map(target).collect()
}

/// The files that a mutant changes; none if its changes touch each other.
fn changed(mutant: &Mutant, targets: &[Target]) -> Vec<(usize, Vec<u8>)> {
    let bytes =
        |(target, edit): (usize, usize)| (target, targets[target].edits[edit].apply(&targets[target].bytes));
    match mutant[..] {
        [first, second] if first.0 == second.0 => {
            let target = &targets[first.0];
            let both = target.edits[first.1].apply_both(&target.edits[second.1], &target.bytes);
            both.map(|bytes| (first.0, bytes)).into_iter().collect()
        }
        _ => mutant.iter().copied().map(bytes).collect(),
    }
}

/// Every change alone.
fn singles(targets: &[Target]) -> Vec<Mutant> {
    let of = |(index, target): (usize, &Target)| (0..target.edits.len()).map(move |edit| vec![(index, edit)]);
    targets.iter().enumerate().flat_map(of).collect()
}

/// Two changes each.
fn pairs(targets: &[Target], count: usize) -> Vec<Mutant> {
    let mut draw = Draw(SEED);
    let mut one = |draw: &mut Draw| {
        let target = draw.below(targets.len());
        (target, draw.below(targets[target].edits.len()))
    };
    (0..count).map(|_| vec![one(&mut draw), one(&mut draw)]).collect()
}

/// The name of a mutant in the table.
fn class(mutant: &Mutant, targets: &[Target]) -> &'static str {
    match mutant[..] {
        [(target, edit)] => targets[target].edits[edit].class,
        _ => "two changes",
    }
}

fn in_words(mutant: &Mutant, targets: &[Target]) -> String {
    let one = |&(target, edit): &(usize, usize)| {
        let (target, edit) = (&targets[target], &targets[target].edits[edit]);
        let old =
            String::from_utf8_lossy(&target.bytes[edit.range.clone()]).chars().take(90).collect::<String>();
        let new = String::from_utf8_lossy(&edit.with).chars().take(190).collect::<String>();
        format!("{} at {}, {}: {old:?} -> {new:?}", target.file, edit.range.start, edit.class)
    };
    mutant.iter().map(one).collect::<Vec<_>>().join(" AND ")
}

/// Judges mutants one after the other. The plan is read once; only evidence is read anew.
fn judge_part(base: &Files, targets: &[Target], mutants: &[&Mutant], done: &AtomicUsize) -> Vec<Fate> {
    let ground = Ground::new(base.clone());
    let home = load(ground.path()).expect("a plan");
    let plan = home.plan();
    let graph = home.graph(&plan);
    let mut away = load(ground.path()).expect("a plan");
    let names: Vec<String> = away.sources.iter().map(|(_, file)| file.name().to_owned()).collect();
    let mut fates = Vec::with_capacity(mutants.len());
    for mutant in mutants {
        let changed = changed(mutant, targets);
        let bytes_of = |name: &String| {
            let changed = changed.iter().find(|(target, _)| targets[*target].file == name);
            changed.map_or(&base[name], |(_, bytes)| bytes).clone()
        };
        let files = names.iter().map(|name| SourceFile::decode(name.clone(), bytes_of(name))).collect();
        away.sources = SourceMap::new(files);
        let on_disk = |put: &dyn Fn(&(usize, Vec<u8>)) -> Vec<u8>| {
            for change in changed.iter().filter(|(target, _)| targets[*target].file.starts_with("docs/")) {
                std::fs::write(ground.path().join(targets[change.0].file), put(change)).expect("a file");
            }
        };
        on_disk(&|change| change.1.clone());
        let judged = std::panic::AssertUnwindSafe(|| decide_on(&away, &plan, &graph, today()));
        let judged = std::panic::catch_unwind(judged);
        on_disk(&|change| targets[change.0].bytes.clone());
        fates.push(match judged {
            Err(_) => Fate::Unproven("PANIC".to_owned()),
            Ok(Ok(report)) if report.decision != Decision::NoGo => fate(&changed, targets),
            Ok(_) => Fate::NotGo,
        });
        let done = done.fetch_add(1, Ordering::Relaxed) + 1;
        if done % 10_000 == 0 {
            eprintln!("{done} mutants judged");
        }
    }
    fates
}

fn fate(changed: &[(usize, Vec<u8>)], targets: &[Target]) -> Fate {
    let mut reasons = BTreeSet::new();
    for (target, bytes) in changed {
        let target = &targets[*target];
        match prove(target.form, &target.tokens, bytes) {
            Ok(found) => reasons.extend(found),
            Err(why) => return Fate::Unproven(why),
        }
    }
    Fate::Harmless(reasons)
}

/// Judges all mutants, on every processor, each with a pool of its own for what relplan does side by side.
fn judge_all(base: &Files, targets: &[Target], mutants: &[Mutant]) -> Vec<Fate> {
    let threads = std::thread::available_parallelism().map_or(2, usize::from);
    let done = AtomicUsize::new(0);
    let of_thread = |thread: usize| mutants.iter().skip(thread).step_by(threads).collect::<Vec<&Mutant>>();
    let mut parts: Vec<std::vec::IntoIter<Fate>> = std::thread::scope(|scope| {
        let done = &done;
        let spawned: Vec<_> = (0..threads)
            .map(|thread| {
                let mutants = of_thread(thread);
                scope.spawn(move || {
                    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build().expect("a thread");
                    pool.install(|| judge_part(base, targets, &mutants, done)).into_iter()
                })
            })
            .collect();
        spawned.into_iter().map(|thread| thread.join().expect("no panic")).collect()
    });
    (0..mutants.len()).filter_map(|index| parts[index % threads].next()).collect()
}

/// The mutants of `cargo test`: of every file and every kind of change some, spread over all places.
fn sample(all: Vec<Mutant>, targets: &[Target], of_each: usize) -> Vec<Mutant> {
    let mut groups: BTreeMap<(usize, &str), Vec<Mutant>> = BTreeMap::new();
    for mutant in all {
        groups.entry((mutant[0].0, class(&mutant, targets))).or_default().push(mutant);
    }
    let mut draw = Draw(SEED);
    let mut chosen = Vec::new();
    for group in groups.into_values() {
        let step = group.len().div_ceil(of_each).max(1);
        let start = draw.below(step);
        chosen.extend(group.into_iter().skip(start).step_by(step));
    }
    chosen
}

#[test]
fn what_is_still_go_is_proven_harmless() {
    let is_full = std::env::var("RELPLAN_MUTATIONS").is_ok_and(|asked| asked == "full");
    for base in BASES {
        let mut files = go();
        files.extend(base.replaced.iter().map(|(name, text)| ((*name).to_owned(), text.as_bytes().to_vec())));
        assert_eq!(Ground::new(files.clone()).judge().decision(), Some(Decision::Go), "{}", base.name);
        let targets = targets(base, &files);
        let mut mutants = singles(&targets);
        let all = mutants.len();
        mutants.extend(pairs(&targets, PAIRS));
        if !is_full {
            mutants = sample(mutants, &targets, 60);
        }
        let started = std::time::Instant::now();
        // DEVCACHE
        let fates = if let Ok(path) = std::env::var("DEVCACHE") {
            if let Ok(bits) = std::fs::read(&path) {
                mutants
                    .iter()
                    .zip(bits)
                    .map(|(m, b)| if b == 0 { Fate::NotGo } else { fate(&changed(m, &targets), &targets) })
                    .collect()
            } else {
                let fates = judge_all(&files, &targets, &mutants);
                std::fs::write(
                    path,
                    fates.iter().map(|f| u8::from(!matches!(f, Fate::NotGo))).collect::<Vec<u8>>(),
                )
                .unwrap();
                fates
            }
        } else {
            judge_all(&files, &targets, &mutants)
        };
        eprintln!("{}: {} of {all} + {PAIRS} mutants in {:?}", base.name, mutants.len(), started.elapsed());
        told(&mutants, &fates, &targets);
    }
}

/// Prints the table, and fails where a mutant has no reason, or a reason no mutant.
fn told(mutants: &[Mutant], fates: &[Fate], targets: &[Target]) {
    let mut rows: BTreeMap<&str, [usize; 4]> = BTreeMap::new();
    let mut occurred: BTreeMap<usize, usize> = BTreeMap::new();
    let mut unproven: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (mutant, fate) in mutants.iter().zip(fates) {
        let row = rows.entry(class(mutant, targets)).or_default();
        row[0] += 1;
        match fate {
            Fate::NotGo => row[1] += 1,
            Fate::Harmless(reasons) => {
                row[2] += 1;
                reasons.iter().for_each(|reason| *occurred.entry(*reason).or_default() += 1);
            }
            Fate::Unproven(why) => {
                row[3] += 1;
                let key = why.split(": ").next().unwrap_or_default().to_owned();
                unproven.entry(key).or_default().push(format!("{why}\n      {}", in_words(mutant, targets)));
            }
        }
    }
    eprintln!("{:>20} {:>8} {:>8} {:>8} {:>8}", "change", "mutants", "not GO", "harmless", "unproven");
    for (class, [all, not_go, harmless, unproven]) in rows {
        eprintln!("{class:>20} {all:>8} {not_go:>8} {harmless:>8} {unproven:>8}");
    }
    for (reason, count) in &occurred {
        let reason = &reasons::ALL[*reason];
        eprintln!("{count:>8} {} {}: {}", reason.place.0, reason.place.1, reason.why);
    }
    for (key, list) in &unproven {
        eprintln!("== {key}: {}", list.len());
        list.iter().take(6).for_each(|line| eprintln!("   {line}"));
    }
    assert!(unproven.is_empty());
}
