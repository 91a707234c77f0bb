//! Texts that fuzzing found worth keeping, and thousands like them, against the checks that the
//! fuzz targets make.

#![allow(clippy::expect_used, clippy::panic, reason = "a test stops where it cannot go on")]

use std::path::PathBuf;

use proptest::prelude::*;
use proptest::sample::Index;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use relplan::source::{FileId, SourceFile, SourceMap, Span};

use super::support::project;

#[path = "../../fuzz/checks.rs"]
mod checks;

#[test]
fn every_corpus_has_a_check_and_every_check_a_corpus() {
    let folders = std::fs::read_dir(project().join("fuzz/corpus")).expect("fuzz/corpus");
    let mut names: Vec<String> =
        folders.map(|folder| folder.expect("a folder").file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    let checked: Vec<&str> = checks::ALL.iter().map(|(name, _)| *name).collect();
    assert_eq!(names, checked);
    for name in checked {
        assert!(!corpus(name).is_empty(), "fuzz/corpus/{name} is empty");
    }
}

#[test]
fn every_text_of_the_corpora_holds() {
    for (name, check) in checks::ALL {
        for (path, text) in corpus(name) {
            let held = std::panic::catch_unwind(|| check(&text));
            assert!(held.is_ok(), "{} fails; the reason stands above", path.display());
        }
    }
}

#[test]
fn mutated_cadences_hold() {
    mutate("cadence", 50_000);
}

#[test]
fn mutated_links_hold() {
    mutate("link", 50_000);
}

#[test]
fn mutated_thresholds_hold() {
    mutate("threshold", 50_000);
}

#[test]
fn mutated_configurations_hold() {
    mutate("config", 10_000);
}

#[test]
fn mutated_reports_hold() {
    let names = ["cobertura", "junit", "lcov", "metrics", "provenance", "sarif"];
    for name in names.into_iter().chain(["ctrf", "gotest", "nunit", "tap", "trx", "xunit"]) {
        mutate(name, 3_000);
    }
}

#[test]
fn mutated_plans_hold() {
    mutate("yaml", 3_000);
}

#[test]
fn a_place_outside_its_text_is_seen_however_deep_it_lies() {
    let sources = SourceMap::new(vec![SourceFile::new("plan.yaml", "id: ü")]);
    let holds = |start, end| {
        let value = ("a \"text\" with S", '"', Some(vec![Span::new(FileId(0), start, end)]));
        std::panic::catch_unwind(|| checks::assert_places(&sources, &value)).is_ok()
    };
    assert!(holds(4, 6));
    assert!(!holds(4, 5), "an end inside a character");
    assert!(!holds(5, 7), "an end behind the text");
    assert_eq!(checks::spans(r#""\"Span { file: FileId(0), start: 1, end: 2 }""#), []);
}

/// The texts of one corpus, in the order of their names.
fn corpus(name: &str) -> Vec<(PathBuf, Vec<u8>)> {
    let folder = project().join("fuzz/corpus").join(name);
    let files = std::fs::read_dir(folder).expect("a corpus");
    let mut paths: Vec<PathBuf> = files.map(|file| file.expect("a file").path()).collect();
    paths.sort();
    paths.into_iter().map(|path| (path.clone(), std::fs::read(path).expect("a text"))).collect()
}

/// A change of a text, by places that are scaled to its length.
#[derive(Debug, Clone)]
enum Mutation {
    /// Everything from here on is lost.
    Truncate(Index),
    /// What lies between two places is lost.
    Cut(Index, Index),
    /// From here on it is another text, from there on.
    Splice(Index, Index, Index),
    /// A byte becomes another, or is added at the end.
    Flip(Index, u8),
    /// What lies between two places is there several times.
    Repeat(Index, Index, usize),
}

/// Makes `cases` new texts of those of a corpus, the same ones in every run, and checks them.
fn mutate(name: &str, cases: u32) {
    let (_, check) = checks::ALL.iter().find(|(known, _)| *known == name).expect("a check");
    let texts: Vec<Vec<u8>> = corpus(name).into_iter().map(|(_, text)| text).collect();
    let config = Config { cases, failure_persistence: None, ..Config::default() };
    let mut runner = TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha));
    let strategy = (any::<Index>(), prop::collection::vec(mutations(), 1..5));
    let result = runner.run(&strategy, |(chosen, mutations)| {
        let mut text = chosen.get(&texts).clone();
        for mutation in &mutations {
            text = mutation.apply(&text, &texts);
        }
        let held = std::panic::catch_unwind(|| check(&text));
        prop_assert!(held.is_ok(), "{:?}", String::from_utf8_lossy(&text));
        Ok(())
    });
    if let Err(error) = result {
        panic!("{name}: {error}");
    }
}

fn mutations() -> impl Strategy<Value = Mutation> {
    let place = any::<Index>;
    prop_oneof![
        place().prop_map(Mutation::Truncate),
        (place(), place()).prop_map(|(from, to)| Mutation::Cut(from, to)),
        (place(), place(), place()).prop_map(|(at, other, from)| Mutation::Splice(at, other, from)),
        (place(), any::<u8>()).prop_map(|(at, byte)| Mutation::Flip(at, byte)),
        (place(), place(), 2..5_usize).prop_map(|(from, to, times)| Mutation::Repeat(from, to, times)),
    ]
}

impl Mutation {
    fn apply(&self, text: &[u8], texts: &[Vec<u8>]) -> Vec<u8> {
        let at = |place: &Index, text: &[u8]| place.index(text.len() + 1);
        let between = |from: &Index, to: &Index| {
            let (from, to) = (at(from, text), at(to, text));
            (&text[..from.min(to)], &text[from.min(to)..from.max(to)], &text[from.max(to)..])
        };
        match self {
            Mutation::Truncate(end) => text[..at(end, text)].to_vec(),
            Mutation::Cut(from, to) => {
                let (before, _, behind) = between(from, to);
                [before, behind].concat()
            }
            Mutation::Splice(end, other, from) => {
                let other = other.get(texts);
                [&text[..at(end, text)], &other[at(from, other)..]].concat()
            }
            Mutation::Flip(place, byte) => {
                let at = at(place, text);
                // Behind the last byte the new one is added.
                [&text[..at], &[*byte], text.get(at + 1..).unwrap_or(&[])].concat()
            }
            Mutation::Repeat(from, to, times) => {
                let (before, part, behind) = between(from, to);
                [before, &part.repeat(*times), behind].concat()
            }
        }
    }
}
