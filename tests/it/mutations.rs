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
//! 1. A file beside [`tokens`] with the results of the report that it replaces, written in that format: `unit.trx`.
//! 2. An entry in [`BASES`]: which file it replaces, and a [`Form`]: a name, and the grammar that it is written in. The
//!    plan must be GO with it.
//! 3. A function that says, by the tokens alone and in the strictest way, whether all is still proven: `trx::holds`.
//! 4. Reasons in `reasons/`, at first `("name", "*")` for nothing. What then has none is a hole of the reader, or
//!    harmless by a reason that is still to be written. Words that only that format has belong into `words`.

mod facts;
mod lines;
mod measured;
mod mutate;
mod prove;
mod reasons;
mod table;
mod times;
mod tokens;
mod trx;
mod words;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicUsize, Ordering};

use relplan::source::{SourceFile, SourceMap};
use relplan::verdict::decision::Decision;

use crate::judging::{Files, Ground, decide_on, go, judge, load, today};
use mutate::{Draw, Edit};
use prove::{Form, prove};
use table::Table;
use tokens::{Grammar, Tokens, tokens};

const JUNIT: Form = Form { name: "junit", grammar: Grammar::Xml };
const COBERTURA: Form = Form { name: "cobertura", grammar: Grammar::Xml };
const TRX: Form = Form { name: "trx", grammar: Grammar::Xml };
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

const BASES: &[Base] = &[
    Base {
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
    },
    Base {
        name: "unit tests as TRX",
        replaced: &[("reports/unit.xml", include_str!("mutations/unit.trx"))],
        mutated: &[("reports/unit.xml", TRX)],
    },
];

/// What the sample and the pairs are drawn by.
const SEED: u64 = 0x5eed_0f1e_55e5;
/// How many pairs there are in the whole run for each file that is changed.
const PAIRS: usize = 2_000;

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

/// What a file then holds, by its place among the targets.
type Bytes = (usize, Vec<u8>);

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
fn changed(mutant: &Mutant, targets: &[Target]) -> Vec<Bytes> {
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
    let one = |draw: &mut Draw| {
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
        let on_disk = |put: &dyn Fn(&Bytes) -> Vec<u8>| {
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
            Ok(Ok(report)) if report.decision != Decision::NoGo => {
                fate(&changed, targets, report.decision == Decision::ConditionalGo)
            }
            Ok(_) => Fate::NotGo,
        });
        let done = done.fetch_add(1, Ordering::Relaxed) + 1;
        if done.is_multiple_of(10_000) {
            eprintln!("{done} mutants judged");
        }
    }
    fates
}

fn fate(changed: &[Bytes], targets: &[Target], is_conditional: bool) -> Fate {
    let mut reasons = BTreeSet::new();
    for (target, bytes) in changed {
        let target = &targets[*target];
        match prove(target.form, &target.tokens, bytes, is_conditional) {
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

/// How many mutants of each kind of change to each file `cargo test` judges.
const OF_EACH: usize = 60;

/// The plans, each with what is changed of it and every change.
fn plans() -> Vec<(Files, Vec<Target>, Vec<Mutant>)> {
    let plan = |base: &Base| {
        let mut files = go();
        files.extend(base.replaced.iter().map(|(name, text)| ((*name).to_owned(), text.as_bytes().to_vec())));
        let outcome = Ground::new(files.clone()).judge();
        assert_eq!(outcome.decision(), Some(Decision::Go), "{}: {}", base.name, outcome.words());
        let targets = targets(base, &files);
        let mut mutants = singles(&targets);
        mutants.extend(pairs(&targets, PAIRS * targets.len()));
        (files, targets, mutants)
    };
    BASES.iter().map(plan).collect()
}

#[test]
fn what_is_still_go_is_proven_harmless() {
    let is_full = std::env::var("RELPLAN_MUTATIONS").is_ok_and(|asked| asked == "full");
    let mut table = Table::default();
    let plans = plans();
    for (files, targets, all) in &plans {
        let chosen = if is_full { all.clone() } else { sample(all.clone(), targets, OF_EACH) };
        let fates = judge_all(files, targets, &chosen);
        table.add(&chosen, &fates, targets);
        if !is_full {
            let rare = rare(&table, targets, all);
            table.add(&rare, &judge_all(files, targets, &rare), targets);
        }
    }
    table.is_as_it_should_be(is_full);
}

/// Mutants for the reasons that no mutant has had yet, a few for each.
fn rare(table: &Table, targets: &[Target], all: &[Mutant]) -> Vec<Mutant> {
    let mut missing: BTreeMap<usize, usize> = table.idle().map(|reason| (reason, 30)).collect();
    let mut chosen = Vec::new();
    for mutant in all {
        if missing.is_empty() {
            break;
        }
        let Fate::Harmless(reasons) = fate(&changed(mutant, targets), targets, true) else { continue };
        let wanted: Vec<usize> = reasons.into_iter().filter(|reason| missing.contains_key(reason)).collect();
        for reason in &wanted {
            let left = missing.get_mut(reason).map(|left| std::mem::replace(left, left.saturating_sub(1)));
            if left == Some(1) {
                missing.remove(reason);
            }
        }
        if !wanted.is_empty() {
            chosen.push(mutant.clone());
        }
    }
    chosen
}

/// The plan is read once for all mutants. That must not make a difference.
#[test]
fn what_is_read_anew_is_judged_as_the_whole() {
    for (files, targets, all) in &plans() {
        let ground = Ground::new(files.clone());
        let mutants: Vec<Mutant> =
            sample(all.clone(), targets, 2).into_iter().filter(|mutant| mutant.len() == 1).collect();
        let fates = judge_all(files, targets, &mutants);
        for (mutant, fate) in mutants.iter().zip(fates) {
            let (target, bytes) = changed(mutant, targets).remove(0);
            let whole = ground.with(targets[target].file, Some(&bytes), judge);
            let is_go = !matches!(fate, Fate::NotGo);
            assert_eq!(whole.code() == 0, is_go, "{}", in_words(mutant, targets));
        }
    }
}
