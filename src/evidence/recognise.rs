//! What a file is, by what stands in it. Its name says nothing: `report.xml` may be anything.

use super::input::Input;
use super::json::{self, Shape};
use super::xml::{Tag, Token, Xml};
use super::{
    EvidenceDefect, EvidenceDefectKind, ReportKind, gocover, gotest, lookalikes, metrics, openmetrics,
    provenance, tap,
};

/// What a file turned out to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Recognised {
    /// A report.
    Report(ReportKind),
    /// Metrics as CSV. As JSON they are like the other reports.
    MetricTable,
    /// An `evidence.json`.
    Provenance,
}

/// Formats that are near to one that is read, by what they are called, and what to do about them.
const XML_HINTS: [(&str, &str); 6] = [
    ("bom", "CycloneDX XML is not read; write CycloneDX JSON instead"),
    ("Site", "CTest's dashboard XML is not read; use `ctest --output-junit`"),
    ("robot", "Robot Framework's own XML is not read; use `robot --xunit`"),
    ("testng-results", "TestNG's own XML is not read; it writes JUnit XML beside it"),
    ("testrun", "Eclipse's own XML is not read; let the build tool write JUnit XML"),
    ("checkstyle", "Checkstyle XML is not read; write SARIF instead"),
];

/// What a file is, or why it is nothing that is read.
pub(super) fn recognise(input: &Input<'_>) -> Result<Recognised, EvidenceDefect> {
    // Whatever is in it, it stands where other files look for what speaks for them.
    if provenance::is_named(input.name) {
        return Ok(Recognised::Provenance);
    }
    let text = input.text.trim_start();
    match text.bytes().next() {
        None if input.cut.is_some() => Err(unknown(input, None)),
        None => Err(unknown(input, Some("empty file"))),
        Some(b'<') if lookalikes::text(text).is_some() => Err(unknown(input, lookalikes::text(text))),
        Some(b'<') => xml(input).map(Recognised::Report),
        // A name of UTF-8 stands in braces: `{"http.errors"} 3`.
        Some(b'{') if openmetrics::begins_like(text) => Ok(Recognised::Report(ReportKind::OpenMetrics)),
        Some(b'{' | b'[') => json(input),
        Some(_) if openmetrics::begins_like(text) => Ok(Recognised::Report(ReportKind::OpenMetrics)),
        Some(_) if begins_like_lcov(text) => Ok(Recognised::Report(ReportKind::Lcov)),
        Some(_) if gocover::begins_like_a_profile(text) => Ok(Recognised::Report(ReportKind::GoCover)),
        Some(_) if metrics::begins_like_a_table(text) => Ok(Recognised::MetricTable),
        Some(_) if tap::begins_like_tap(text) => Ok(Recognised::Report(ReportKind::Tap)),
        Some(_) if gotest::begins_like_events(text) => Ok(Recognised::Report(ReportKind::GoTest)),
        Some(_) => Err(unknown(input, lookalikes::text(text))),
    }
}

fn unknown(input: &Input<'_>, hint: Option<&'static str>) -> EvidenceDefect {
    EvidenceDefect { span: input.at(0, 0), kind: EvidenceDefectKind::NotRecognised { hint } }
}

/// The root element says what XML is.
fn xml(input: &Input<'_>) -> Result<ReportKind, EvidenceDefect> {
    let mut xml = Xml::new(input);
    loop {
        match xml.next()? {
            Token::Start(tag) => return root(input, &mut xml, tag),
            Token::Text(_) | Token::Data(_) | Token::End(_) => {}
            Token::Done => return Err(unknown(input, None)),
        }
    }
}

fn root<'s>(input: &Input<'s>, xml: &mut Xml<'s, '_>, tag: Tag<'s>) -> Result<ReportKind, EvidenceDefect> {
    match tag.name {
        "testsuites" | "testsuite" => Ok(ReportKind::Junit),
        "TestRun" => Ok(ReportKind::Trx),
        "test-run" | "test-results" => Ok(ReportKind::Nunit),
        "assemblies" => Ok(ReportKind::Xunit),
        "assembly" if is_xunit_1(xml)? => Ok(ReportKind::Xunit),
        "coverage" => coverage(input, xml),
        "report" if is_jacoco(input, xml) => Ok(ReportKind::Jacoco),
        name => {
            let hint = XML_HINTS.iter().find(|(known, _)| *known == name).map(|(_, hint)| *hint);
            let mut defect = unknown(input, hint);
            defect.span = input.first_line(tag.text);
            Err(defect)
        }
    }
}

/// The results of one assembly say when it ran; the manifest of a program is called like it.
fn is_xunit_1(xml: &Xml<'_, '_>) -> Result<bool, EvidenceDefect> {
    let mut says_so = false;
    xml.attributes(|attribute| {
        says_so |= attribute.name == "run-date";
        Ok(())
    })?;
    Ok(says_so)
}

/// The root of Cobertura, Clover and SonarQube has the same name. What is in it tells them apart, and if nothing is, its
/// attributes do.
fn coverage(input: &Input<'_>, xml: &mut Xml<'_, '_>) -> Result<ReportKind, EvidenceDefect> {
    let mut says_clover = false;
    xml.attributes(|attribute| {
        says_clover |= matches!(attribute.name, "clover" | "generated");
        Ok(())
    })?;
    match first_child(xml) {
        Some("project" | "testproject") => Ok(ReportKind::Clover),
        Some("file") => {
            Err(unknown(input, Some("SonarQube's own XML is not read; write Cobertura XML or LCOV instead")))
        }
        None if says_clover => Ok(ReportKind::Clover),
        _ => Ok(ReportKind::Cobertura),
    }
}

/// Whether a `report` is JaCoCo's: its document type says so, or what is in it.
fn is_jacoco(input: &Input<'_>, xml: &mut Xml<'_, '_>) -> bool {
    let head = input.text.split("<report").next().unwrap_or_default();
    head.contains("//JACOCO//DTD")
        || matches!(first_child(xml), Some("sessioninfo" | "group" | "package" | "counter"))
}

/// The name of the first element in the one that is open. What is broken further down is said by the reader.
fn first_child<'s>(xml: &mut Xml<'s, '_>) -> Option<&'s str> {
    loop {
        match xml.next() {
            Ok(Token::Start(tag)) => return Some(tag.name),
            Ok(Token::Text(_) | Token::Data(_)) => {}
            Ok(Token::End(_) | Token::Done) | Err(_) => return None,
        }
    }
}

fn json(input: &Input<'_>) -> Result<Recognised, EvidenceDefect> {
    match json::shape(input)? {
        Shape::Sarif => Ok(Recognised::Report(ReportKind::Sarif)),
        Shape::OtherSarif => Err(unknown(input, Some("of SARIF, only version 2.1.0 is read"))),
        Shape::IstanbulSummary => Ok(Recognised::Report(ReportKind::IstanbulSummary)),
        Shape::Trivy => Ok(Recognised::Report(ReportKind::Trivy)),
        Shape::NpmAudit => Ok(Recognised::Report(ReportKind::NpmAudit)),
        Shape::Osv => Ok(Recognised::Report(ReportKind::Osv)),
        Shape::EmptyResults => Err(unknown(
            input,
            Some("an empty list of results does not say which tool wrote it; write SARIF instead"),
        )),
        Shape::CycloneDx => Ok(Recognised::Report(ReportKind::CycloneDx)),
        Shape::Metrics => Ok(Recognised::Report(ReportKind::Metrics)),
        Shape::K6 => Ok(Recognised::Report(ReportKind::K6)),
        Shape::CdEvents => Ok(Recognised::Report(ReportKind::CdEvents)),
        Shape::Ctrf => Ok(Recognised::Report(ReportKind::Ctrf)),
        Shape::GoTest => Ok(Recognised::Report(ReportKind::GoTest)),
        Shape::Provenance => Err(unknown(
            input,
            Some("a commit and a time of other files stand in a file named `evidence.json`"),
        )),
        Shape::Lookalike(hint) => Err(unknown(input, Some(hint))),
        Shape::Other => Err(unknown(input, None)),
    }
}

/// The first line of a trace file is `TN:` or `SF:`, or a comment.
fn begins_like_lcov(text: &str) -> bool {
    let first = text.lines().map(str::trim).find(|line| !line.is_empty() && !line.starts_with('#'));
    first.is_some_and(|line| line.starts_with("TN:") || line.starts_with("SF:"))
}
