//! What must hold for every text, whoever wrote it.
//!
//! The fuzz targets call these functions with what libfuzzer makes up, and
//! `tests/it/corpora.rs` with what it made up in the past.

use std::fmt::Debug;
use std::ops::Range;
use std::sync::OnceLock;

use chrono::NaiveDate;
use relplan::config::Config;
use relplan::evidence::{self, Evidence, EvidenceDefectKind};
use relplan::finding::{Finding, Level};
use relplan::graph::Graph;
use relplan::model::Plan;
use relplan::model::cadence::Cadence;
use relplan::model::document::{self, FileContent};
use relplan::model::link::{self, Reference};
use relplan::model::offset::{Timing, Week};
use relplan::model::threshold::{self, ThresholdError};
use relplan::rules::{self, Levels, Subject};
use relplan::source::edit::{self, Edit};
use relplan::source::{FileId, SourceFile, SourceMap};
use rustc_hash::FxHashSet;

/// A check of one text.
pub type Check = fn(&[u8]);

/// Every check, by the name of its target and its corpus.
pub const ALL: &[(&str, Check)] = &[
    ("cadence", cadence),
    ("cdevents", cdevents),
    ("clover", clover),
    ("cobertura", cobertura),
    ("config", config),
    ("ctrf", ctrf),
    ("cyclonedx", cyclonedx),
    ("gocover", gocover),
    ("gotest", gotest),
    ("istanbul", istanbul),
    ("jacoco", jacoco),
    ("junit", junit),
    ("k6", k6),
    ("lcov", lcov),
    ("link", link),
    ("metrics", metrics),
    ("npm_audit", npm_audit),
    ("nunit", nunit),
    ("openmetrics", openmetrics),
    ("osv", osv),
    ("promql", promql),
    ("provenance", provenance),
    ("recorded", recorded),
    ("sarif", sarif),
    ("tap", tap),
    ("threshold", threshold),
    ("trivy", trivy),
    ("trx", trx),
    ("xunit", xunit),
    ("yaml", yaml),
];

/// A file of a plan: every place lies in the text, reading it again finds the
/// same, and every fix can be applied.
pub fn yaml(bytes: &[u8]) {
    let sources = SourceMap::new(vec![SourceFile::decode("plan.yaml", bytes.to_vec())]);
    let (config, levels) = SETTINGS.get_or_init(settings);
    let content = document::read(FileId(0), sources.file(FileId(0)), &config.families);
    assert_places(&sources, &content);
    let findings = findings(&sources, config, levels, content);
    assert_places(&sources, &findings);
    for finding in &findings {
        apply_fix(&sources, finding);
    }
    let content = document::read(FileId(0), sources.file(FileId(0)), &config.families);
    let again = self::findings(&sources, config, levels, content);
    assert_eq!(findings, again, "the second reading differs");
}

/// The defaults, made once: they do not depend on the text.
static SETTINGS: OnceLock<(Config, Levels)> = OnceLock::new();

fn settings() -> (Config, Levels) {
    let config = Config::default();
    // Rules that are off unless somebody asks for them are asked for.
    let off = rules::ALL.iter().filter(|rule| rule.level.is_none());
    let asked: Vec<_> = off.map(|rule| (rule.name.to_owned(), Some(Level::Note))).collect();
    let levels = Levels::new(&config, &asked).expect("the rules of the registry exist");
    (config, levels)
}

fn findings(sources: &SourceMap, config: &Config, levels: &Levels, content: FileContent) -> Vec<Finding> {
    let plan = Plan::new(vec![content]);
    let graph = Graph::new(&plan, &config.families, &FxHashSet::default());
    let evidence = Evidence::default();
    let subject = Subject::new(sources, config, &plan, &graph, &evidence, today());
    rules::run(&subject, levels).findings
}

fn today() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 20).expect("a day")
}

fn apply_fix(sources: &SourceMap, finding: &Finding) {
    let Some(fix) = &finding.fix else { return };
    let places: Vec<_> = fix.edits.iter().map(|edit| edit.span).collect();
    assert!(places.is_sorted(), "the edits of {} are not sorted: {places:?}", finding.name);
    assert!(!places.is_empty(), "a fix of {} without an edit", finding.name);
    let file = places[0].file;
    assert!(places.iter().all(|place| place.file == file), "a fix of {} in two files", finding.name);
    let edits: Vec<&Edit> = fix.edits.iter().collect();
    let (_, applied) = edit::apply(sources.file(file).text(), edits);
    assert_eq!(applied, places.len(), "not every edit of {} goes in: {places:?}", finding.name);
}

/// What comes again, and what is counted from a release: what was understood reads back from its own
/// words, and no text is too much.
pub fn cadence(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    if let Some(found) = Cadence::parse(&text) {
        let shown = found.to_string();
        assert_eq!(Cadence::parse(&shown), Some(found), "{shown:?} does not read back");
    }
    if let Some(found) = Week::parse(&text) {
        let shown = found.to_string();
        assert_eq!(Week::parse(&shown), Some(found), "{shown:?} does not read back");
        let _ = found.day(today());
    }
    let _ = Timing::parse(&text);
}

/// A link field: what is named and what is wrong come in the order of the text.
pub fn link(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let (references, errors) = link::parse(&text);
    let mut end = 0;
    for place in references.iter().flat_map(places) {
        assert_lies_in(&text, &place);
        assert!(place.start >= end, "{place:?} begins before {end}");
        end = place.end;
    }
    let mut start = 0;
    for error in errors {
        assert_lies_in(&text, &error.range);
        assert!(error.range.start >= start, "{error:?} begins before {start}");
        start = error.range.start;
    }
}

fn places(reference: &Reference) -> Vec<Range<usize>> {
    let (named, note) = match reference {
        Reference::One { range, note, .. } => (vec![range], note),
        Reference::Span { from, to, note } => (vec![&from.1, &to.1], note),
        Reference::Member { range, note, .. } => (vec![range], note),
    };
    named.into_iter().chain(note).cloned().collect()
}

/// A threshold and a target: what was understood reads back from its short
/// form, and what was not is said at a place.
pub fn threshold(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    match threshold::parse(&text) {
        Ok(found) => {
            let _ = found.to_string();
            let canonical = found.canonical();
            assert_eq!(threshold::parse(&canonical), Ok(found), "{canonical:?} does not read back");
        }
        Err(errors) => assert_errors(&text, &errors),
    }
    match threshold::parse_target(&text) {
        Ok(found) => {
            let _ = found.to_string();
            let canonical = found.canonical();
            assert_eq!(threshold::parse_target(&canonical), Ok(found), "{canonical:?} does not read back");
        }
        Err(errors) => assert_errors(&text, &errors),
    }
}

fn assert_errors(text: &str, errors: &[ThresholdError]) {
    assert!(!errors.is_empty(), "refused without a reason");
    for error in errors {
        assert_lies_in(text, &error.range);
        let _ = error.to_string();
    }
}

/// A `relplan.toml`: every place lies in the text.
pub fn config(bytes: &[u8]) {
    let sources = SourceMap::new(vec![SourceFile::decode("relplan.toml", bytes.to_vec())]);
    let config = Config::read(FileId(0), sources.file(FileId(0)));
    assert_places(&sources, &config);
    let plan = Plan::default();
    let graph = Graph::new(&plan, &config.families, &FxHashSet::default());
    let evidence = Evidence::default();
    let subject = Subject::new(&sources, &config, &plan, &graph, &evidence, today());
    assert_places(&sources, &rules::check_config(&subject));
    match Levels::new(&config, &[]) {
        Ok(levels) => assert_places(&sources, &rules::run(&subject, &levels).findings),
        Err(unknown) => assert_places(&sources, &unknown),
    }
}

/// A Clover report.
pub fn clover(bytes: &[u8]) {
    report("clover.xml", bytes);
}

/// A Cobertura report.
pub fn cobertura(bytes: &[u8]) {
    report("coverage.xml", bytes);
}

/// A cover profile of Go.
pub fn gocover(bytes: &[u8]) {
    report("cover.out", bytes);
}

/// A coverage summary of Istanbul.
pub fn istanbul(bytes: &[u8]) {
    report("coverage-summary.json", bytes);
}

/// A JaCoCo report.
pub fn jacoco(bytes: &[u8]) {
    report("jacoco.xml", bytes);
}

/// A JUnit report.
pub fn junit(bytes: &[u8]) {
    report("junit.xml", bytes);
}

/// An LCOV trace file.
pub fn lcov(bytes: &[u8]) {
    report("lcov.info", bytes);
}

/// Metrics as JSON or CSV.
pub fn metrics(bytes: &[u8]) {
    report("metrics", bytes);
}

/// CDEvents.
pub fn cdevents(bytes: &[u8]) {
    report("events.json", bytes);
}

/// A summary of k6.
pub fn k6(bytes: &[u8]) {
    report("summary.json", bytes);
}

/// OpenMetrics, or the text format of Prometheus.
pub fn openmetrics(bytes: &[u8]) {
    report("metrics.prom", bytes);
}

/// What says where evidence comes from.
pub fn provenance(bytes: &[u8]) {
    report(evidence::FILE_NAME, bytes);
}

/// Recorded data: an error has a place in the text, and samples are in the order of time.
pub fn recorded(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    match relplan::trigger::recorded::read(text) {
        Ok(recording) => {
            for series in &recording.series {
                assert!(series.samples.windows(2).all(|pair| pair[0].time < pair[1].time), "{series:?}");
            }
        }
        Err(error) => assert!(text.get(error.at..).is_some(), "{error:?}"),
    }
}

/// PromQL: an error has a place in the text, and what is written is read back.
pub fn promql(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    match relplan::model::promql::parse(text) {
        Ok(expr) => {
            let written = expr.to_string();
            let again = relplan::model::promql::parse(&written).map(|expr| expr.to_string());
            assert_eq!(again.as_ref(), Ok(&written), "{text}");
        }
        Err(error) => assert!(text.get(error.range).is_some(), "{text}"),
    }
}

/// A SARIF log.
pub fn sarif(bytes: &[u8]) {
    report("log.sarif", bytes);
}

/// Test results as CTRF.
pub fn ctrf(bytes: &[u8]) {
    report("results.json", bytes);
}

/// Test results as `go test -json` writes them.
pub fn gotest(bytes: &[u8]) {
    report("events.json", bytes);
}

/// Test results of NUnit.
pub fn nunit(bytes: &[u8]) {
    report("nunit.xml", bytes);
}

/// Test results in the Test Anything Protocol.
pub fn tap(bytes: &[u8]) {
    report("results.tap", bytes);
}

/// Test results of Visual Studio.
pub fn trx(bytes: &[u8]) {
    report("results.trx", bytes);
}

/// Test results of xUnit.net.
pub fn xunit(bytes: &[u8]) {
    report("xunit.xml", bytes);
}

/// A report of Trivy.
pub fn trivy(bytes: &[u8]) {
    report("trivy.json", bytes);
}

/// A report of `npm audit`.
pub fn npm_audit(bytes: &[u8]) {
    report("audit.json", bytes);
}

/// A report of OSV-Scanner.
pub fn osv(bytes: &[u8]) {
    report("osv.json", bytes);
}

/// A CycloneDX document.
pub fn cyclonedx(bytes: &[u8]) {
    report("bom.json", bytes);
}

/// A file of evidence: every place lies in the text, a second reading finds the same, what was found broken
/// is not whole, and nothing is covered more often than it is there.
fn report(name: &str, bytes: &[u8]) {
    let sources = SourceMap::new(vec![SourceFile::decode(name, bytes.to_vec())]);
    let evidence = evidence::read(&sources, &[FileId(0)]);
    assert_places(&sources, &evidence);
    assert_eq!(format!("{evidence:?}"), format!("{:?}", evidence::read(&sources, &[FileId(0)])));
    let is_broken = |kind: &EvidenceDefectKind| matches!(kind, EvidenceDefectKind::Malformed { .. });
    if evidence.defects.iter().any(|defect| is_broken(&defect.kind)) {
        assert!(evidence.reports.iter().all(|report| report.flaw.is_some()), "broken and whole");
    }
    for file in &evidence.coverage {
        let fits = |ratio: evidence::Ratio| ratio.covered <= ratio.total;
        assert!(fits(file.lines) && file.branches.is_none_or(fits), "{file:?}");
    }
    let text = sources.file(FileId(0)).text();
    let is_xml = text.trim_start().starts_with('<');
    let is_place = |place: &str| !place.is_empty() && (!is_xml || place.starts_with('<'));
    assert!(evidence.cases.iter().all(|case| is_place(&text[case.span.range()])));
}

/// Every span that `value` holds, however deep, lies in its file.
///
/// The spans are taken from the debugging form of the value: it names every
/// field of every type, also of those that are added later.
pub fn assert_places(sources: &SourceMap, value: &impl Debug) {
    let shown = format!("{value:?}");
    for (file, place) in spans(&shown).into_iter().filter(|(file, _)| *file != FileId::BUILT_IN.0) {
        assert!((file as usize) < sources.iter().count(), "there is no file {file}");
        assert_lies_in(sources.file(FileId(file)).text(), &place);
    }
}

fn assert_lies_in(text: &str, place: &Range<usize>) {
    assert!(text.get(place.clone()).is_some(), "{place:?} is no place in a text of {} bytes", text.len());
}

/// Every `Span { file: FileId(0), start: 1, end: 2 }` outside of texts.
pub fn spans(shown: &str) -> Vec<(u32, Range<usize>)> {
    let mut found = Vec::new();
    let mut rest = shown;
    while let Some(at) = rest.find(['"', 'S', '\'']) {
        let (sign, behind) = rest[at..].split_at(1);
        rest = match sign {
            "S" => {
                found.extend(span(behind));
                behind
            }
            "\"" => behind_text(behind),
            // Only a character can hold a quotation mark that begins no text.
            _ => behind.strip_prefix("\"'").unwrap_or(behind),
        };
    }
    found
}

fn span(behind: &str) -> Option<(u32, Range<usize>)> {
    let (file, behind) = behind.strip_prefix("pan { file: FileId(")?.split_once("), start: ")?;
    let (start, behind) = behind.split_once(", end: ")?;
    let (end, _) = behind.split_once(" }")?;
    Some((file.parse().ok()?, start.parse().ok()?..end.parse().ok()?))
}

/// What follows the closing quotation mark of a text.
fn behind_text(text: &str) -> &str {
    let mut escaped = false;
    let end = text.bytes().position(|byte| {
        let closes = byte == b'"' && !escaped;
        escaped = byte == b'\\' && !escaped;
        closes
    });
    end.map_or("", |end| &text[end + 1..])
}
