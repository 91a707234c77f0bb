//! Whatever is taken away from a plan that is GO, or damaged, it is GO no longer, and the report says what is
//! missing.
//!
//! The plan in `tests/plans/go` is changed in some thousands of ways, and judged after each. What may be missing
//! without a word is written down by name in [`UNASKED`].

use std::collections::BTreeSet;

use relplan::verdict::Verdict;
use relplan::verdict::decision::Decision;

use crate::judging::{APPROVALS, COMMIT, Files, Ground, Outcome, RELEASE, TODAY, go, judge};
use crate::support::{code, out, relplan};

/// One change to one file.
struct Variant {
    /// What is done, for the message of a test that fails.
    what: String,
    file: String,
    /// What the file says then; nothing if it is gone.
    bytes: Option<Vec<u8>>,
    /// Whether everybody signs again after it, so that only the change itself stands in the way.
    signed: bool,
    /// Of these the report has to name one.
    names: Vec<String>,
}

impl Variant {
    fn new(what: impl Into<String>, file: &str, bytes: impl Into<Vec<u8>>, names: &[&str]) -> Self {
        Variant {
            what: what.into(),
            file: file.to_owned(),
            bytes: Some(bytes.into()),
            signed: false,
            names: names.iter().map(|name| (*name).to_owned()).collect(),
        }
    }
}

/// The checks that rest on a file of evidence: one of them, or the file itself, has to be named when something
/// happens to it.
fn rests_on(file: &str) -> &'static [&'static str] {
    match file {
        "reports/unit.xml" => &["TEST-101", "TEST-102", "TEST-104"],
        "reports/system.xml" => &["TEST-103", "TEST-105", "TEST-106"],
        "reports/coverage.xml" => &["DEP-002"],
        "reports/lcov.info" => &["DEP-007"],
        "reports/semgrep.sarif" => &["DEP-003"],
        "reports/metrics.json" | "reports/metrics.csv" => &["DEP-004"],
        "reports/evidence.json" => &["DEP-001", "DEP-002", "DEP-003", "DEP-004"],
        "docs/notes.md" | "docs/evidence.json" => &["DEP-006"],
        _ => &[],
    }
}

/// Judges every variant, on as many threads as there are processors, and gives what must not be.
fn wrong(base: &Files, variants: &[Variant], may_be: impl Fn(&Variant, &Outcome) -> bool + Sync) -> Vec<String> {
    let threads = std::thread::available_parallelism().map_or(2, usize::from).min(4);
    let part = variants.len().div_ceil(threads).max(1);
    let judge_part = |variants: &[Variant]| {
        let ground = Ground::new(base.clone());
        let outcomes = variants.iter().filter_map(|variant| problem(&ground, variant, &may_be));
        outcomes.collect::<Vec<String>>()
    };
    std::thread::scope(|scope| {
        let parts: Vec<_> =
            variants.chunks(part).map(|variants| scope.spawn(move || judge_part(variants))).collect();
        parts.into_iter().flat_map(|part| part.join().expect("no panic")).collect()
    })
}

fn problem(
    ground: &Ground,
    variant: &Variant,
    may_be: &impl Fn(&Variant, &Outcome) -> bool,
) -> Option<String> {
    let outcome = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| outcome(ground, variant)));
    let Ok(outcome) = outcome else { return Some(format!("PANIC: {}", variant.what)) };
    if may_be(variant, &outcome) {
        return None;
    }
    let words = outcome.words();
    if outcome.code() == 0 {
        return Some(format!("{}: {words}", variant.what));
    }
    let named = variant.names.is_empty() || variant.names.iter().any(|name| words.contains(name));
    (!named).then(|| format!("{}: none of {:?} is named in: {words}", variant.what, variant.names))
}

fn outcome(ground: &Ground, variant: &Variant) -> Outcome {
    if !variant.signed {
        return ground.with(&variant.file, variant.bytes.as_deref(), judge);
    }
    let look = |root: &std::path::Path| match crate::judging::signed(root) {
        Some(text) => ground.with(APPROVALS, Some(text.as_bytes()), judge),
        None => judge(root),
    };
    ground.with(&variant.file, variant.bytes.as_deref(), look)
}

/// Fails with the first few of the things that must not be.
#[track_caller]
fn none(wrong: &[String], of: usize) {
    let few: Vec<&str> = wrong.iter().take(40).map(String::as_str).collect();
    assert!(wrong.is_empty(), "{} of {of}:\n{}", wrong.len(), few.join("\n"));
}

fn never(_: &Variant, _: &Outcome) -> bool {
    false
}

#[test]
fn the_plan_is_go() {
    let mut ground = Ground::go();
    if std::env::var_os("UPDATE").is_some() {
        ground.sign();
        let approvals = crate::support::project().join("tests/plans/go").join(APPROVALS);
        std::fs::write(approvals, ground.text(APPROVALS)).expect("the approvals");
    }
    let outcome = ground.judge();
    assert_eq!(outcome.decision(), Some(Decision::Go), "{}", outcome.words());
    assert_eq!(code(&report(ground.path(), &[])), 0);
}

/// `relplan report` on the plan in a folder.
fn report(root: &std::path::Path, arguments: &[&str]) -> std::process::Output {
    let mut command = relplan(root);
    command.args(["report", "--today", TODAY, "--commit", COMMIT, "--release", RELEASE]).args(arguments);
    command.output().expect("relplan can be started")
}

/// Files that a part of the plan is read from.
const PLAN: [&str; 4] = ["plan/criteria.yaml", "plan/deployment.yaml", "plan/release.yaml", "plan/tests.yaml"];

/// Files of evidence, and what is said about them.
const EVIDENCE: [&str; 10] = [
    "docs/evidence.json",
    "docs/notes.md",
    "reports/coverage.xml",
    "reports/evidence.json",
    "reports/lcov.info",
    "reports/metrics.csv",
    "reports/metrics.json",
    "reports/semgrep.sarif",
    "reports/system.xml",
    "reports/unit.xml",
];

#[test]
fn every_file_of_the_plan_is_changed() {
    let files: BTreeSet<String> = go().into_keys().collect();
    let known = PLAN.iter().chain(&EVIDENCE).chain(&[APPROVALS, "relplan.toml"]).map(|name| (*name).to_owned());
    assert_eq!(files, known.collect());
}

fn text_of(files: &Files, name: &str) -> String {
    String::from_utf8(files[name].clone()).expect("a text")
}

#[test]
fn without_one_of_its_files_it_is_not_go() {
    let base = go();
    let variants: Vec<Variant> = base
        .keys()
        .map(|file| Variant { bytes: None, ..Variant::new(format!("without {file}"), file, "", rests_on(file)) })
        .collect();
    none(&wrong(&base, &variants, never), variants.len());
}

/// What stands in a file where something else was meant to.
const GARBAGE: [(&str, &[u8]); 9] = [
    ("nothing", b""),
    ("white space", b" \n\t\n"),
    ("words", b"Permission denied\n"),
    ("an error page", b"<!DOCTYPE html>\n<html><head><title>404</title></head><body>Not found</body></html>\n"),
    ("an empty object", b"{}"),
    ("an empty list", b"[]"),
    ("null", b"null"),
    ("a picture", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0"),
    ("no UTF-8", b"\xff\xfe<\0t\0"),
];

#[test]
fn with_garbage_in_one_of_its_files_it_is_not_go() {
    let base = go();
    let mut variants = Vec::new();
    for file in base.keys() {
        for (what, bytes) in GARBAGE {
            variants.push(Variant::new(format!("{what} in {file}"), file, bytes, rests_on(file)));
        }
    }
    let may_be = |variant: &Variant, _: &Outcome| {
        // Nobody can tell what notes must say: that they are there and not empty is all that is asked.
        variant.file == "docs/notes.md" && !variant.what.starts_with("nothing")
    };
    none(&wrong(&base, &variants, may_be), variants.len());
}

/// Every few bytes; the parts of a text that say nothing are left out.
fn places(bytes: &[u8], step: usize) -> impl Iterator<Item = usize> + '_ {
    let end = bytes.trim_ascii_end().len();
    (0..end).step_by(step)
}

#[test]
fn cut_off_anywhere_it_is_not_go() {
    let base = go();
    let mut variants = Vec::new();
    for (file, bytes) in base.iter().filter(|(file, _)| *file != "docs/notes.md") {
        let lines = bytes.iter().enumerate().filter(|(_, byte)| **byte == b'\n').map(|(at, _)| at + 1);
        let end = bytes.trim_ascii_end().len();
        let cuts: BTreeSet<usize> = places(bytes, 7).chain(lines).filter(|at| *at < end).collect();
        for at in cuts {
            let what = format!("{file} cut off behind byte {at}");
            variants.push(Variant::new(what, file, &bytes[..at], rests_on(file)));
        }
    }
    none(&wrong(&base, &variants, never), variants.len());
}

#[test]
fn with_a_byte_that_is_no_utf_8_it_is_not_go() {
    let base = go();
    let mut variants = Vec::new();
    for (file, bytes) in base.iter().filter(|(file, _)| *file != "docs/notes.md") {
        for at in places(bytes, 11) {
            let mut damaged = bytes.clone();
            damaged[at] ^= 0x80;
            let what = format!("{file} with byte {at} damaged");
            variants.push(Variant::new(what, file, damaged, rests_on(file)));
        }
    }
    none(&wrong(&base, &variants, never), variants.len());
}

/// A part of a text in which what belongs together is indented: a line, and the deeper ones below it.
struct Block {
    range: std::ops::Range<usize>,
    /// The text before the colon.
    key: String,
    /// The entry that it stands in.
    entry: String,
    /// The keys above it.
    above: Vec<String>,
    /// Where the key begins if it stands behind a dash.
    behind_dash: Option<usize>,
}

/// Every block of a YAML file.
fn blocks(text: &str) -> Vec<Block> {
    let mut lines: Vec<(usize, &str)> = Vec::new();
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        lines.push((at, line));
        at += line.len();
    }
    let depth = |line: &str| line.len() - line.trim_start().len();
    let mut entry = String::new();
    let mut above: Vec<(usize, String)> = Vec::new();
    let mut found = Vec::new();
    for (index, (start, line)) in lines.iter().enumerate().filter(|(_, (_, line))| !line.trim().is_empty()) {
        let own = depth(line);
        let deeper = |line: &str| line.trim().is_empty() || depth(line) > own;
        let end = lines[index + 1..].iter().find(|(_, line)| !deeper(line)).map_or(text.len(), |(at, _)| *at);
        let words = line.trim().trim_start_matches("- ");
        let key = words.split(':').next().unwrap_or_default().to_owned();
        if own == 0 {
            entry = words.split(": ").nth(1).unwrap_or_default().trim().to_owned();
        }
        above.retain(|(depth, _)| *depth < own);
        let dash = line.trim().starts_with("- ");
        found.push(Block {
            range: *start..end,
            key: key.clone(),
            entry: entry.clone(),
            above: above.iter().map(|(_, key)| key.clone()).collect(),
            behind_dash: dash.then_some(start + own + 2),
        });
        above.push((own, key));
    }
    found
}

/// Everything that can be taken out of a YAML file: blocks, and keys behind a dash alone.
fn removals(file: &str, text: &str, signed: bool) -> Vec<Variant> {
    let mut variants = Vec::new();
    for block in blocks(text) {
        let place = format!("{} / {} / {}", block.entry, block.above.join(" / "), block.key);
        let mut without = text.to_owned();
        without.replace_range(block.range.clone(), "");
        let names = [block.entry.as_str(), file];
        let variant = |what, bytes: String| Variant { signed, ..Variant::new(what, file, bytes, &names) };
        variants.push(variant(format!("{file} without {place}"), without));
        if let Some(key) = block.behind_dash {
            let mut without = text.to_owned();
            let end = text[key..].find('\n').map_or(text.len(), |end| key + end);
            without.replace_range(key..end, "");
            variants.push(variant(format!("{file} without only {place}"), without));
        }
    }
    variants
}

#[test]
fn approvals_count_no_more_when_anything_was_taken_out_of_what_was_approved() {
    let base = go();
    let variants: Vec<Variant> =
        PLAN.iter().flat_map(|file| removals(file, &text_of(&base, file), false)).collect();
    none(&wrong(&base, &variants, never), variants.len());
}

#[test]
fn with_anything_taken_out_of_its_approvals_it_is_not_go() {
    let base = go();
    let variants: Vec<Variant> = removals(APPROVALS, &text_of(&base, APPROVALS), false)
        .into_iter()
        .map(|variant| Variant { names: vec![], ..variant })
        .collect();
    none(&wrong(&base, &variants, never), variants.len());
}

/// What may be missing if everybody signs what is left, by the entry and the key.
const UNASKED: &[(&str, &str)] = &[];

#[test]
fn with_anything_taken_out_of_its_entries_it_is_not_go_whoever_signs() {
    let base = go();
    let variants: Vec<Variant> =
        PLAN.iter().flat_map(|file| removals(file, &text_of(&base, file), true)).collect();
    let may_be = |variant: &Variant, _: &Outcome| {
        UNASKED.iter().any(|(entry, key)| variant.what.ends_with(&format!("{entry} /  / {key}")))
    };
    none(&wrong(&base, &variants, may_be), variants.len());
}
