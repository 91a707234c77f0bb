//! Test results of Visual Studio: TRX, which `dotnet test --logger trx`, MSTest and others write.
//!
//! The format is that of the XML schema `vstst.xsd` of Visual Studio, in the namespace
//! `http://microsoft.com/schemas/VisualStudio/TeamTest/2010`. What its words mean, and what is left out if it is the
//! default, follows from the TRX logger of microsoft/vstest (`ObjectModel/TestOutcome.cs`, `TestResult.cs`).
//!
//! - Only `Passed` passes. `Error`, `Timeout` and `Aborted` say that something other than an assertion went wrong.
//!   `NotExecuted`, `NotRunnable` and `Pending` were not run. Every other outcome leaves open how the test ended.
//! - No outcome at all is an `Error`: that is the default, which is not written.
//! - The rows of a data-driven test (`InnerResults`) are cases, and so is the test that they belong to. What fails in
//!   a row fails the test.
//! - The class, the file and the categories of a test stand in its definition, before or behind its results.
//! - A result that passed and has words in its `ErrorInfo` contradicts itself.
//! - A run that failed though no test did, or that notes an error of its own, leaves open what passed in it.

use std::borrow::Cow;

use rustc_hash::FxHashMap;

use super::input::{Found, Input};
use super::junit::words::is_result;
use super::results::{self, CountOf, StatedCount, Tally, count, may_name_id, when, without_class, worse};
use super::xml::{Tag, Token, Xml};
use super::{EvidenceDefect, EvidenceDefectKind, Outcome, Timestamp};

type Read<T> = Result<T, EvidenceDefect>;

/// Reads a report. What is broken ends the reading; what stands before it is kept.
pub(super) fn read<'s>(input: &Input<'s>, found: &mut Found<'s>) {
    let mut reader = Reader {
        input,
        xml: Xml::new(input),
        name: Cow::Borrowed(""),
        tests: Vec::new(),
        definitions: FxHashMap::default(),
        summary: None,
        all: Tally::default(),
        without_rows: Tally::default(),
        found,
    };
    let read = reader.document();
    reader.name_cases();
    match read {
        Ok(()) => reader.compare(),
        Err(defect) => reader.found.broken(defect),
    }
    results::date_by_cases(found);
}

struct Reader<'r, 'i, 's> {
    input: &'i Input<'s>,
    xml: Xml<'s, 'i>,
    /// The name of the run.
    name: Cow<'s, str>,
    /// The ids of the tests that the cases are results of, in the order of the cases.
    tests: Vec<&'s str>,
    /// What is said of a test beside its results, by its id.
    definitions: FxHashMap<&'s str, Definition<'s>>,
    summary: Option<Summary<'s>>,
    all: Tally,
    without_rows: Tally,
    found: &'r mut Found<'s>,
}

/// What is said of a test (`UnitTest` in `TestDefinitions`).
#[derive(Default)]
struct Definition<'s> {
    class: Cow<'s, str>,
    file: Option<Cow<'s, str>>,
    /// Its description, or else its method, its name or the assembly that it stands in, as it is written, if that names
    /// an id of a test: results may have a name of their own that is shown.
    names_id: Option<&'s str>,
    /// The name of its method, if that may name an id.
    method: Option<&'s str>,
    properties: Vec<(Cow<'s, str>, Cow<'s, str>)>,
}

/// What is said of the whole run (`ResultSummary`).
struct Summary<'s> {
    tag: Tag<'s>,
    outcome: Option<&'s str>,
    /// Whether the run notes an error of its own (`RunInfo`).
    notes_error: bool,
    counts: Vec<StatedCount>,
}

impl<'s> Reader<'_, '_, 's> {
    fn document(&mut self) -> Read<()> {
        loop {
            match self.xml.next()? {
                Token::Start(tag) => self.part(tag)?,
                Token::End(_) | Token::Text(_) | Token::Data(_) => {}
                Token::Done => return Ok(()),
            }
        }
    }

    /// Reads a part of the run; that of `TestRun` itself goes on in its parts.
    fn part(&mut self, tag: Tag<'s>) -> Read<()> {
        match tag.name {
            "TestRun" => {
                let (xml, name) = (&self.xml, &mut self.name);
                xml.attributes(|attribute| {
                    if attribute.name == "name" {
                        *name = xml.value(attribute)?;
                    }
                    Ok(())
                })
            }
            "Times" => self.times(),
            "Results" => self.results(false).map(drop),
            "TestDefinitions" => self.definitions(),
            "ResultSummary" => self.summary(tag),
            _ => self.xml.skip(),
        }
    }

    /// The report is as old as the end of the run.
    fn times(&mut self) -> Read<()> {
        let (xml, input, found) = (&self.xml, self.input, &mut *self.found);
        let (mut start, mut finish) = (Timestamp::Missing, Timestamp::Missing);
        xml.attributes(|attribute| {
            match attribute.name {
                "start" => start = when(attribute, input, found),
                "finish" => finish = when(attribute, input, found),
                _ => {}
            }
            Ok(())
        })?;
        found.report.time = finish.or(start);
        self.xml.skip()
    }

    /// Reads all results of a list, and says how the worst of them ended that ran.
    fn results(&mut self, are_rows: bool) -> Read<Option<Outcome>> {
        let mut worst = None;
        while let Some(tag) = self.xml.child()? {
            let outcome = self.result(tag, are_rows)?;
            worst = worse(worst, Some(outcome).filter(|outcome| *outcome != Outcome::Skipped));
        }
        Ok(worst)
    }

    /// Reads a result, and says how it ended.
    fn result(&mut self, tag: Tag<'s>, is_row: bool) -> Read<Outcome> {
        let mut case = results::blank(self.found, self.input.place(tag.text));
        // What is not written is the default of the format.
        case.outcome = Outcome::Errored;
        let (mut test, mut end) = ("", None);
        let (xml, input, found) = (&self.xml, self.input, &mut *self.found);
        xml.attributes(|attribute| {
            match attribute.name {
                "testId" => test = attribute.raw,
                "testName" => case.name = xml.value(attribute)?,
                "startTime" => case.time = when(attribute, input, found),
                "endTime" => end = Some(attribute),
                "outcome" => {
                    case.outcome = outcome(attribute.raw).unwrap_or_else(|| {
                        let written = format!("outcome=\"{}\"", attribute.raw);
                        results::not_known(found, input.place(attribute.raw), written)
                    });
                }
                _ => {}
            }
            Ok(())
        })?;
        if let Some(end) = end.filter(|_| case.time == Timestamp::Missing) {
            case.time = when(end, input, found);
        }
        let mut says_error = false;
        while let Some(tag) = self.xml.child()? {
            match tag.name {
                "InnerResults" => {
                    let rows = self.results(true)?;
                    case.outcome = worse(rows, Some(case.outcome)).unwrap_or(case.outcome);
                }
                "Output" => says_error |= self.output()?,
                _ => says_error |= self.xml.skip_unless(holds_result)?,
            }
        }
        if says_error && case.outcome == Outcome::Passed {
            case.outcome = results::contradicted(self.found, case.span, "an error".to_owned());
        }
        self.all.count(case.outcome);
        if !is_row {
            self.without_rows.count(case.outcome);
        }
        let outcome = case.outcome;
        self.found.cases.push(case);
        self.tests.push(test);
        Ok(outcome)
    }

    /// Whether the output of a test has an `ErrorInfo` with words in it.
    fn output(&mut self) -> Read<bool> {
        let mut says_error = false;
        while let Some(tag) = self.xml.child()? {
            match tag.name {
                "ErrorInfo" => {
                    while self.xml.child()?.is_some() {
                        says_error |= !self.xml.text()?.trim().is_empty();
                    }
                }
                _ => says_error |= self.xml.skip_unless(holds_result)?,
            }
        }
        Ok(says_error)
    }

    fn definitions(&mut self) -> Read<()> {
        while self.xml.child()?.is_some() {
            self.definition()?;
        }
        Ok(())
    }

    fn definition(&mut self) -> Read<()> {
        let mut definition = Definition::default();
        let (mut id, mut named, mut assembly) = ("", None, None);
        let xml = &self.xml;
        xml.attributes(|attribute| {
            match attribute.name {
                "id" => id = attribute.raw,
                "name" if may_name_id(attribute.raw) => named = Some(attribute.raw),
                "storage" => {
                    definition.file = file(xml.value(attribute)?);
                    assembly = may_name_id(attribute.raw).then_some(attribute.raw);
                }
                _ => {}
            }
            Ok(())
        })?;
        let (mut depth, mut key) = (1, Cow::Borrowed(""));
        while depth > 0 {
            match self.xml.next()? {
                Token::Start(tag) => match tag.name {
                    "TestMethod" => self.method(&mut definition)?,
                    "TestCategoryItem" => self.category(&mut definition)?,
                    "Key" => key = self.xml.text()?,
                    "Value" => definition.properties.push((std::mem::take(&mut key), self.xml.text()?)),
                    "Description" => self.description(&mut definition)?,
                    _ => depth += 1,
                },
                Token::Text(_) | Token::Data(_) => {}
                Token::End(_) => depth -= 1,
                Token::Done => break,
            }
        }
        definition.names_id = definition.names_id.or(definition.method).or(named).or(assembly);
        self.definitions.insert(id, definition);
        Ok(())
    }

    fn description(&mut self, definition: &mut Definition<'s>) -> Read<()> {
        let text = self.xml.text()?;
        if let Cow::Borrowed(text) = text
            && may_name_id(text)
        {
            definition.names_id = Some(text);
        }
        Ok(())
    }

    fn method(&mut self, definition: &mut Definition<'s>) -> Read<()> {
        let (xml, found) = (&self.xml, &mut *self.found);
        xml.attributes(|attribute| {
            match attribute.name {
                "className" => definition.class = class(xml.value(attribute)?),
                "name" if may_name_id(attribute.raw) => definition.method = Some(attribute.raw),
                "codeBase" if definition.file.is_none() => definition.file = file(xml.value(attribute)?),
                "adapterTypeName" => {
                    if let Some(tool) = tool(attribute.raw) {
                        found.made_by(tool);
                    }
                }
                _ => {}
            }
            Ok(())
        })?;
        self.xml.skip()
    }

    fn category(&mut self, definition: &mut Definition<'s>) -> Read<()> {
        let xml = &self.xml;
        xml.attributes(|attribute| {
            if attribute.name == "TestCategory" {
                definition.properties.push((Cow::Borrowed(attribute.name), xml.value(attribute)?));
            }
            Ok(())
        })?;
        self.xml.skip()
    }

    fn summary(&mut self, tag: Tag<'s>) -> Read<()> {
        if self.summary.is_some() {
            self.found.broken(EvidenceDefect {
                span: self.input.first_line(tag.text),
                kind: EvidenceDefectKind::Malformed {
                    reason: "a second `ResultSummary`; write one run a file".to_owned(),
                    at_end: false,
                },
            });
        }
        let mut summary = Summary { tag, outcome: None, notes_error: false, counts: Vec::new() };
        self.xml.attributes(|attribute| {
            if attribute.name == "outcome" {
                summary.outcome = Some(attribute.raw);
            }
            Ok(())
        })?;
        let mut depth = 1;
        while depth > 0 {
            match self.xml.next()? {
                Token::Start(tag) => {
                    depth += 1;
                    match tag.name {
                        "Counters" => summary.counts = self.counters()?,
                        "RunInfo" => summary.notes_error |= self.is_error()?,
                        _ => {}
                    }
                }
                Token::Text(_) | Token::Data(_) => {}
                Token::End(_) => depth -= 1,
                Token::Done => break,
            }
        }
        self.summary = Some(summary);
        Ok(())
    }

    fn counters(&mut self) -> Read<Vec<StatedCount>> {
        let (input, found) = (self.input, &mut *self.found);
        let mut counts = Vec::new();
        let mut failures: Option<u64> = None;
        self.xml.attributes(|attribute| {
            let (what, of) = match attribute.name {
                "total" => ("total", CountOf::Cases),
                "executed" => ("executed", CountOf::Executed),
                "passed" => ("passed", CountOf::Passed),
                "inconclusive" => ("inconclusive", CountOf::Unclear),
                "passedButRunAborted" => ("passedButRunAborted", CountOf::Unclear),
                "disconnected" => ("disconnected", CountOf::Unclear),
                "inProgress" => ("inProgress", CountOf::Unclear),
                "warning" => ("warning", CountOf::Unclear),
                "completed" => ("completed", CountOf::Executed),
                "notExecuted" => ("notExecuted", CountOf::NotRun),
                "notRunnable" => ("notRunnable", CountOf::NotRun),
                "pending" => ("pending", CountOf::NotRun),
                "failed" | "error" | "timeout" | "aborted" => {
                    if let Some(more) = count(attribute, input, found) {
                        failures = Some(failures.unwrap_or_default().saturating_add(more));
                    }
                    return Ok(());
                }
                _ => return Ok(()),
            };
            counts.extend(count(attribute, input, found).map(|number| StatedCount { what, of, number }));
            Ok(())
        })?;
        // What one logger calls an error is a failure to another.
        let failures = failures.map(|number| StatedCount { what: "failed", of: CountOf::Failed, number });
        counts.extend(failures);
        Ok(counts)
    }

    /// Whether a message of the run is an error; no outcome means that, too.
    fn is_error(&self) -> Read<bool> {
        let mut outcome = "Error";
        self.xml.attributes(|attribute| {
            if attribute.name == "outcome" {
                outcome = attribute.raw;
            }
            Ok(())
        })?;
        Ok(!matches!(outcome, "Warning" | "Passed" | "Completed"))
    }

    /// Gives the cases what their definitions say.
    fn name_cases(&mut self) {
        let count = self.found.cases.len();
        for (case, test) in self.found.cases.range_mut(0..count).zip(&self.tests) {
            if let Some(definition) = self.definitions.get(test) {
                case.name = without_class(std::mem::take(&mut case.name), &definition.class);
                case.class = definition.class.clone();
                case.file = definition.file.clone();
                case.suite = definition.names_id;
                case.properties = definition.properties.as_slice().into();
            }
        }
    }

    /// Holds what is said of the whole run against its results.
    fn compare(&mut self) {
        let Some(summary) = &self.summary else { return };
        let (span, cases) = (self.input.first_line(summary.tag.text), 0..self.found.cases.len());
        let is_explained = match summary.outcome {
            None | Some("Completed" | "Passed") => true,
            Some("Failed" | "Timeout") => self.all.failures() > 0,
            Some("Error") => self.all.errored > 0,
            Some("Inconclusive" | "Warning") => self.all.unclear > 0,
            Some("NotExecuted" | "NotRunnable") => self.all.skipped > 0,
            Some(_) => false,
        };
        if summary.notes_error || !is_explained {
            results::run_failed(self.found, span, &self.name, cases.clone());
        }
        results::compare(&summary.counts, (self.all, self.without_rows), span, cases, self.found);
    }
}

/// Whether an element that says nothing of a result holds one.
fn holds_result(element: &str) -> bool {
    element.ends_with("TestResult") || element == "ErrorInfo" || is_result(element)
}

/// How a test ended, if the word says so.
fn outcome(word: &str) -> Option<Outcome> {
    match word {
        "Passed" => Some(Outcome::Passed),
        "Failed" => Some(Outcome::Failed),
        "Error" | "Timeout" | "Aborted" => Some(Outcome::Errored),
        "NotExecuted" | "NotRunnable" | "Pending" => Some(Outcome::Skipped),
        _ => None,
    }
}

/// The class without the assembly that Visual Studio writes behind it: `Shop.Cart, Shop.Tests, Version=1.0.0.0`.
fn class(name: Cow<'_, str>) -> Cow<'_, str> {
    let assembly = name.find(", Version=").and_then(|version| name[..version].rfind(", "));
    match (assembly, name) {
        (None, name) => name,
        (Some(end), Cow::Borrowed(name)) => Cow::Borrowed(&name[..end]),
        (Some(end), Cow::Owned(mut name)) => {
            name.truncate(end);
            Cow::Owned(name)
        }
    }
}

/// The test runner behind an adapter: `executor://mstestadapter/v2`.
fn tool(adapter: &str) -> Option<&'static str> {
    let adapter = adapter.to_ascii_lowercase();
    [("mstest", "MSTest"), ("xunit", "xUnit.net"), ("nunit", "NUnit")]
        .into_iter()
        .find_map(|(known, tool)| adapter.contains(known).then_some(tool))
}

/// The file that a test is written in. An assembly is none.
fn file(name: Cow<'_, str>) -> Option<Cow<'_, str>> {
    (![".dll", ".exe"].iter().any(|end| ends_with(&name, end))).then_some(name)
}

/// Whether a name ends like this, in capitals or not.
fn ends_with(name: &str, end: &str) -> bool {
    let start = name.len().checked_sub(end.len());
    start.and_then(|start| name.get(start..)).is_some_and(|found| found.eq_ignore_ascii_case(end))
}
