//! How fast results of tests find their entries: 100,000 cases, 10,000 TEST entries.
//!
//! `cargo bench --bench matching` prints for each mixture of the three ways how long the matching takes, beside
//! what it takes to read the same cases as XML: only the parser's bare events, nothing made of them. Numbers of
//! cases can be named: `cargo bench --bench matching -- 1000 1000000`.

// A benchmark that cannot begin has nothing to report.
#![allow(clippy::expect_used)]

mod measure;

use std::borrow::Cow;
use std::time::Duration;

use quick_xml::events::Event;
use relplan::evidence::matching::TestMatches;
use relplan::evidence::{Case, Evidence, Outcome, Report, ReportIndex, ReportKind};
use relplan::model::{Families, Plan, document};
use relplan::source::{FileId, SourceFile, Span};

use measure::best;

// The allocator of the binary.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// How many TEST entries there are.
const ENTRIES: usize = 10_000;

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
    let named: Vec<usize> = std::env::args().filter_map(|argument| argument.parse().ok()).collect();
    let sizes = if named.is_empty() { vec![100_000] } else { named };
    for size in sizes {
        println!("{size} cases, {ENTRIES} entries; times in ms");
        let all = [
            ("ids in names", Mixture::Ids),
            ("literal patterns", Mixture::Literals),
            ("globs", Mixture::Globs),
            ("automation paths", Mixture::Paths),
            ("a third of each", Mixture::Third),
            ("nothing fits", Mixture::Nothing),
        ];
        for (name, mixture) in all {
            measure(name, mixture, size);
        }
    }
}

fn measure(name: &str, mixture: Mixture, size: usize) {
    let file = SourceFile::new("plan.yaml", plan(mixture));
    let plan = Plan::new(vec![document::read(FileId(0), &file, &Families::default())]);
    let evidence = evidence(mixture, size);
    let xml = xml(&evidence);
    let summary = TestMatches::new(&plan, &evidence).summary();
    let time = best(|| TestMatches::new(&plan, &evidence));
    let read = best(|| bare_events(&xml));
    let ms = |time: Duration| time.as_secs_f64() * 1000.0;
    println!(
        "  {name:18} {:8.2}   bare events of {:.0} MB XML {:8.2}   matched {}, ambiguous {}, unknown {}, unmatched {}",
        ms(time),
        xml.len() as f64 / 1e6,
        ms(read),
        summary.matched,
        summary.ambiguous,
        summary.unknown,
        summary.unmatched
    );
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

fn evidence(mixture: Mixture, size: usize) -> Evidence<'static> {
    let report = Report {
        file: FileId(1),
        kind: ReportKind::Junit,
        tools: Vec::new(),
        time: None,
        commit: None,
        whole: true,
    };
    // Cases of one class follow each other, as runners write them.
    let cases = (0..size).map(|index| case(mixture, index * ENTRIES / size, index)).collect();
    Evidence { reports: vec![report], cases, ..Evidence::default() }
}

fn case(mixture: Mixture, number: usize, index: usize) -> Case<'static> {
    let nothing = matches!(mixture, Mixture::Nothing);
    let name: Cow<'static, str> = match way(mixture, number) {
        Mixture::Ids if !nothing => format!("test_TEST_{number:05}_user_pays_with_card[{index}]").into(),
        Mixture::Literals => "test_pays".into(),
        _ => format!("test_user_pays_with_card[{index}]").into(),
    };
    let module = if nothing { "other" } else { "module" };
    Case {
        report: ReportIndex(0),
        span: Span::new(FileId(1), 0, 0),
        name,
        class: format!("shop.{module}_{number}.TestCheckout").into(),
        file: Some(format!("tests/shop/{module}_{number}.py").into()),
        properties: Box::default(),
        outcome: Outcome::Passed,
        flaky: false,
        time: None,
    }
}

/// The cases as a report of pytest has them.
fn xml(evidence: &Evidence<'_>) -> String {
    let case = |case: &Case<'_>| {
        let file = case.file.as_deref().unwrap_or_default();
        format!(
            "<testcase classname=\"{}\" name=\"{}\" file=\"{file}\" line=\"12\" time=\"0.003\" />\n",
            case.class, case.name
        )
    };
    let cases: String = evidence.cases.iter().map(case).collect();
    format!("<testsuites><testsuite name=\"pytest\">{cases}</testsuite></testsuites>")
}

fn bare_events(xml: &str) -> usize {
    let mut reader = quick_xml::Reader::from_str(xml);
    let mut count = 0;
    loop {
        match reader.read_event().expect("the generated report can be read") {
            Event::Eof => return count,
            Event::Empty(tag) => count += tag.attributes().flatten().count(),
            _ => count += 1,
        }
    }
}
