//! What a file is, by what stands in it. Its name says nothing: `report.xml` may be anything.

use super::input::Input;
use super::json::{self, Shape};
use super::xml::{Tag, Token, Xml};
use super::{EvidenceDefect, EvidenceDefectKind, ReportKind, metrics, provenance};

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
const XML_HINTS: [(&str, &str); 10] = [
    ("bom", "CycloneDX XML is not read; write CycloneDX JSON instead"),
    ("report", "JaCoCo's own XML is not read; write Cobertura XML or LCOV instead"),
    ("test-run", "NUnit's own XML is not read; write JUnit XML instead"),
    ("test-results", "NUnit's own XML is not read; write JUnit XML instead"),
    ("TestRun", "Visual Studio's TRX is not read; write JUnit XML instead"),
    ("assemblies", "xUnit.net's own XML is not read; write JUnit XML instead"),
    ("Site", "CTest's dashboard XML is not read; use `ctest --output-junit`"),
    ("robot", "Robot Framework's own XML is not read; use `robot --xunit`"),
    ("testng-results", "TestNG's own XML is not read; it writes JUnit XML beside it"),
    ("checkstyle", "Checkstyle XML is not read; write SARIF instead"),
];

/// What a file is, or why it is nothing that is read.
pub(super) fn recognise(input: &Input<'_>) -> Result<Recognised, EvidenceDefect> {
    let text = input.text.trim_start();
    match text.bytes().next() {
        None if input.cut.is_some() => Err(unknown(input, None)),
        None => Err(unknown(input, Some("it is empty"))),
        Some(b'<') => xml(input).map(Recognised::Report),
        Some(b'{' | b'[') => json(input),
        Some(_) if begins_like_lcov(text) => Ok(Recognised::Report(ReportKind::Lcov)),
        Some(_) if metrics::begins_like_a_table(text) => Ok(Recognised::MetricTable),
        Some(_) => Err(unknown(input, None)),
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
        "coverage" if is_clover(xml)? => {
            Err(unknown(input, Some("Clover XML is not read; write Cobertura XML or LCOV instead")))
        }
        "coverage" => Ok(ReportKind::Cobertura),
        name => {
            let hint = XML_HINTS.iter().find(|(known, _)| *known == name).map(|(_, hint)| *hint);
            let mut defect = unknown(input, hint);
            defect.span = input.first_line(tag.text);
            Err(defect)
        }
    }
}

/// Clover's root is called like Cobertura's, and has a `project` in it; SonarQube's has files.
fn is_clover(xml: &mut Xml<'_, '_>) -> Result<bool, EvidenceDefect> {
    let mut says_so = false;
    xml.attributes(|attribute| {
        says_so |= matches!(attribute.name, "clover" | "generated");
        Ok(())
    })?;
    loop {
        match xml.next() {
            _ if says_so => return Ok(true),
            Ok(Token::Start(tag)) => return Ok(matches!(tag.name, "project" | "file")),
            Ok(Token::Text(_) | Token::Data(_)) => {}
            // What is broken further down is said by the reader.
            Ok(Token::End(_) | Token::Done) | Err(_) => return Ok(false),
        }
    }
}

fn json(input: &Input<'_>) -> Result<Recognised, EvidenceDefect> {
    let is_named = input.name.rsplit('/').next() == Some(provenance::FILE_NAME);
    match json::shape(input)? {
        Shape::Sarif => Ok(Recognised::Report(ReportKind::Sarif)),
        Shape::OtherSarif => Err(unknown(input, Some("of SARIF, only version 2.1.0 is read"))),
        Shape::Trivy => Ok(Recognised::Report(ReportKind::Trivy)),
        Shape::NpmAudit => Ok(Recognised::Report(ReportKind::NpmAudit)),
        Shape::Osv => Ok(Recognised::Report(ReportKind::Osv)),
        Shape::EmptyResults => Err(unknown(
            input,
            Some("an empty list of results does not say which tool wrote it; write SARIF instead"),
        )),
        Shape::CycloneDx => Ok(Recognised::Report(ReportKind::CycloneDx)),
        Shape::Metrics => Ok(Recognised::Report(ReportKind::Metrics)),
        Shape::Provenance | Shape::Other if is_named => Ok(Recognised::Provenance),
        Shape::Provenance => Err(unknown(
            input,
            Some("a commit and a time of other files stand in a file named `evidence.json`"),
        )),
        Shape::Other => Err(unknown(input, None)),
    }
}

/// The first line of a trace file is `TN:` or `SF:`, or a comment.
fn begins_like_lcov(text: &str) -> bool {
    let first = text.lines().map(str::trim).find(|line| !line.is_empty() && !line.starts_with('#'));
    first.is_some_and(|line| line.starts_with("TN:") || line.starts_with("SF:"))
}
