//! How fast a report of a hundred thousand test cases is read, against quick-xml's bare events over the
//! same bytes, measured in the same run.
//!
//! `cargo bench --bench evidence` prints both and their ratio. Sizes can be named.

// A benchmark that cannot begin has nothing to report.
#![allow(clippy::expect_used)]

mod measure;

use std::fmt::Write as _;

use quick_xml::Reader;
use quick_xml::events::Event;
use relplan::evidence;
use relplan::source::{FileId, SourceFile, SourceMap};

use measure::best;

// The allocator of the binary, for the floor as for the reader.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// The size that is measured if none is named.
const CASES: usize = 100_000;

/// How many cases a suite holds.
const PER_SUITE: usize = 100;

fn main() {
    let named: Vec<usize> = std::env::args().filter_map(|argument| argument.parse().ok()).collect();
    let sizes = if named.is_empty() { vec![CASES] } else { named };
    for cases in sizes {
        measure(cases);
    }
}

fn measure(cases: usize) {
    let sources = SourceMap::new(vec![SourceFile::new("report.xml", report(cases))]);
    let text = sources.file(FileId(0)).text();
    let evidence = evidence::read(&sources, &[FileId(0)]);
    assert!(evidence.defects.is_empty(), "{:?}", evidence.defects);
    assert_eq!(evidence.cases.len(), cases);
    let bare = best(|| bare_events(text));
    let read = best(|| evidence::read(&sources, &[FileId(0)]));
    let ratio = read.as_secs_f64() / bare.as_secs_f64();
    println!("{cases} cases, {:.1} MB", text.len() as f64 / 1e6);
    println!("  floor: bare events {:10.2} ms", bare.as_secs_f64() * 1000.0);
    println!("  read               {:10.2} ms  {ratio:.2}", read.as_secs_f64() * 1000.0);
}

/// quick-xml's own events, nothing made of them.
fn bare_events(text: &str) -> usize {
    let mut reader = Reader::from_str(text);
    let mut count = 0;
    while let Ok(event) = reader.read_event() {
        if matches!(event, Event::Eof) {
            break;
        }
        count += 1;
    }
    count
}

/// A report as pytest and Surefire write it: most cases pass, some fail and say why, some are skipped.
fn report(cases: usize) -> String {
    let mut text = String::from("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<testsuites>\n");
    for suite in 0..cases.div_ceil(PER_SUITE) {
        let numbers = suite * PER_SUITE..((suite + 1) * PER_SUITE).min(cases);
        let _ = writeln!(
            text,
            "<testsuite name=\"shop.suite{suite}\" tests=\"{}\" timestamp=\"2026-11-20T08:00:00Z\">",
            numbers.len()
        );
        numbers.for_each(|number| case(number, suite, &mut text));
        text.push_str("</testsuite>\n");
    }
    text.push_str("</testsuites>\n");
    text
}

fn case(number: usize, suite: usize, text: &mut String) {
    let _ = write!(
        text,
        "<testcase classname=\"shop.suite{suite}.Test{}\" name=\"test_{number}_holds\" time=\"0.{:03}\"",
        number % 7,
        number % 1000
    );
    let _ = match number % 20 {
        3 => writeln!(
            text,
            "><failure message=\"assert {number} == 0\">Traceback (most recent call last):\n  File \
             \"shop.py\", line {number}\nAssertionError: {number} &lt; 0\n</failure></testcase>"
        ),
        7 => writeln!(text, "><skipped message=\"later\"/></testcase>"),
        11 => writeln!(
            text,
            "><properties><property name=\"entry\" value=\"TEST-{number:03}\"/></properties></testcase>"
        ),
        _ => writeln!(text, "/>"),
    };
}
