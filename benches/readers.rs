//! How fast each reader of evidence is, against its parser's bare events over the same bytes in the same run.
//!
//! `cargo bench --bench readers` generates a report of each format at three sizes, so that a slope shows, and prints how
//! long `evidence::read` takes, from bytes to facts, as multiples of two floors:
//!
//! | Format | Bare events | The other floor |
//! | --- | --- | --- |
//! | XML | quick-xml's events with the attributes of each tag | without its attributes |
//! | JSON | serde_json's events, each value and name given to a visitor | passing over the text (`IgnoredAny`) |
//! | Lines | memchr finding every line | |
//!
//! The goal is three times the bare events. For XML these include attributes: quick-xml finds them only if asked, and
//! nearly every fact of these formats stands in one. For JSON they include names and texts, which the other floor passes
//! over without looking. Lines have no parser: finding them runs at the speed of memory, and no reader that looks at what
//! stands in them comes near that, so that their floor tells the slope and not the goal. Numbers of facts and parts of
//! names can be given: `cargo bench --bench readers -- 1000 ctrf k6`.
//!
//! For 1,000 facts, on two cores that others used, too, XML took 1.4 times the bare events (JaCoCo) to 1.9 times (JUnit).
//! JSON took go test 1.9, SARIF 2.0, Istanbul 3.0, CTRF 3.0, Trivy 3.7, npm audit 4.2, OSV-Scanner 4.4, k6 4.5, CycloneDX
//! 4.6: the last five read the text once to learn what it is and a second time, list by list, so that one broken item
//! costs no other.

// A benchmark that cannot begin has nothing to report.
#![allow(clippy::expect_used)]

mod formats;
mod json_events;
mod measure;
mod xml_events;

use std::time::Duration;

use relplan::evidence::{self, Evidence};
use relplan::source::{FileId, SourceFile, SourceMap};
use serde::de::IgnoredAny;

use formats::{FORMATS, Format, Syntax};
use measure::best;
use xml_events::events;

// The allocator of the binary, for the floors as for the readers.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// How many facts a report holds if no number is named.
const SIZES: [usize; 3] = [1_000, 10_000, 100_000];

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|it| !it.starts_with('-')).collect();
    let named: Vec<usize> = arguments.iter().filter_map(|argument| argument.parse().ok()).collect();
    let words: Vec<&String> =
        arguments.iter().filter(|argument| argument.parse::<usize>().is_err()).collect();
    let sizes = if named.is_empty() { SIZES.to_vec() } else { named };
    println!("{:20}{:>8}{:>10}{:>10}{:>10}{:>8}{:>8}", "", "facts", "KB", "read ms", "MB/s", "bare", "other");
    for format in &FORMATS {
        if words.is_empty() || words.iter().any(|word| format.name.contains(word.as_str())) {
            sizes.iter().for_each(|&size| measure(format, size));
        }
    }
}

/// Prints how fast a format of one size is read.
fn measure(format: &Format, size: usize) {
    let text = (format.write)(size);
    let sources = SourceMap::new(vec![SourceFile::new("report", text.clone())]);
    check(format, size, &evidence::read(&sources, &[FileId(0)]));
    let read = best(|| evidence::read(&sources, &[FileId(0)]));
    let (bare, other) = floors(format.syntax, &text);
    let times = |floor: Duration| format!("{:.2}x", read.as_secs_f64() / floor.as_secs_f64());
    println!(
        "{:20}{size:>8}{:>10.1}{:>10.3}{:>10.0}{:>8}{:>8}",
        format.name,
        text.len() as f64 / 1e3,
        read.as_secs_f64() * 1e3,
        text.len() as f64 / 1e6 / read.as_secs_f64(),
        times(bare),
        other.map_or_else(String::new, times),
    );
}

/// Whether what is measured is what is meant: every fact is read, and nothing is wrong with it.
fn check(format: &Format, size: usize, evidence: &Evidence<'_>) {
    assert!(evidence.defects.is_empty(), "{}: {:?}", format.name, evidence.defects.first());
    let facts = [
        evidence.cases.len(),
        evidence.coverage.iter().map(|file| file.lines.total as usize).sum(),
        evidence.scan_results.len(),
        evidence.metrics.len(),
    ];
    assert_eq!(facts.iter().max(), Some(&size), "{}", format.name);
}

/// The bare events, and the other floor if there is one.
fn floors(syntax: Syntax, text: &str) -> (Duration, Option<Duration>) {
    match syntax {
        Syntax::Xml => (best(|| events(text, true)), Some(best(|| events(text, false)))),
        Syntax::Json => (best(|| json_events::events(text)), Some(best(|| values::<IgnoredAny>(text)))),
        Syntax::Lines => (best(|| memchr::memchr_iter(b'\n', text.as_bytes()).count()), None),
    }
}

/// How many values of JSON stand one behind the other.
fn values<T: serde::de::DeserializeOwned>(text: &str) -> usize {
    serde_json::Deserializer::from_str(text).into_iter::<T>().flatten().count()
}
