//! Test results of xUnit.net as it writes them itself: `assemblies`, or one `assembly` (xUnit.net 1).
//!
//! The formats are documented at xunit.net: "xUnit.net XML Format v2" with its schemas 1 to 3, and "v1".
//!
//! - Only `Pass` passes; `Fail` failed; `Skip` and `NotRun` were not run. Every other word leaves open how a test
//!   ended.
//! - An `error` of an assembly happened outside of any test, in what cleans up or in the process itself: it is a case
//!   that went wrong, and leaves open what passed in the assembly.

use std::borrow::Cow;

use super::input::{Found, Input};
use super::junit::words::{is_result, says_that_run_failed};
use super::results::{self, CountOf, StatedCount, Tally, count, may_name_id, when, without_class, worse};
use super::xml::{Attribute, Tag, Token, Xml};
use super::{EvidenceDefect, Outcome, Timestamp};

type Read<T> = Result<T, EvidenceDefect>;

/// Reads a report. What is broken ends the reading; what stands before it is kept.
pub(super) fn read<'s>(input: &Input<'s>, found: &mut Found<'s>) {
    let mut reader = Reader { input, xml: Xml::new(input), parts: Vec::new(), timestamp: None, found };
    let read = reader.document();
    let timestamp = reader.timestamp;
    if let Err(defect) = read {
        found.broken(defect);
    }
    results::date_by_cases(found);
    // It is meant for people, and may be written in the way of any country.
    if let Some(attribute) = timestamp.filter(|_| found.report.time == Timestamp::Missing) {
        found.report.time = when(attribute, input, found);
    }
}

struct Reader<'r, 'i, 's> {
    input: &'i Input<'s>,
    xml: Xml<'s, 'i>,
    /// The assembly that is open, and the collection in it.
    parts: Vec<Part<'s>>,
    timestamp: Option<Attribute<'s>>,
    found: &'r mut Found<'s>,
}

/// An `assembly`, a `collection` or a `class` that is open.
struct Part<'s> {
    tag: Tag<'s>,
    name: Cow<'s, str>,
    /// Its name as it is written, or that of the part around it, if it names an id of a test.
    names_id: Option<&'s str>,
    time: Timestamp,
    stated: Vec<StatedCount>,
    /// How many errors outside of its tests it states, and how many stand in it.
    stated_errors: u64,
    errors: u64,
    /// The first case in it.
    first: usize,
    tally: Tally,
}

impl<'s> Reader<'_, '_, 's> {
    fn document(&mut self) -> Read<()> {
        loop {
            match self.xml.next()? {
                Token::Start(tag) => match tag.name {
                    "assemblies" => self.root()?,
                    "assembly" | "collection" | "class" => self.open(tag)?,
                    "errors" => {}
                    "test" => self.test(tag)?,
                    // In a class of xUnit.net 1, that its fixture failed.
                    "error" | "failure" => self.error(tag)?,
                    _ => self.xml.skip()?,
                },
                Token::End("assembly" | "collection" | "class") => self.close(),
                Token::End(_) | Token::Text(_) | Token::Data(_) => {}
                Token::Done => return Ok(()),
            }
        }
    }

    /// The report is as old as the end of its last assembly.
    fn root(&mut self) -> Read<()> {
        let (input, found) = (self.input, &mut *self.found);
        let (mut start, mut finish) = (Timestamp::Missing, Timestamp::Missing);
        let timestamp = &mut self.timestamp;
        self.xml.attributes(|attribute| {
            match attribute.name {
                "start-rtf" => start = when(attribute, input, found),
                "finish-rtf" => finish = when(attribute, input, found),
                "timestamp" => *timestamp = Some(attribute),
                _ => {}
            }
            Ok(())
        })?;
        found.report.time = finish.or(start);
        Ok(())
    }

    fn open(&mut self, tag: Tag<'s>) -> Read<()> {
        let outer = self.parts.last();
        let mut part = Part {
            tag,
            name: Cow::Borrowed(""),
            names_id: outer.and_then(|outer| outer.names_id),
            time: outer.map(|outer| outer.time).unwrap_or_default(),
            stated: Vec::new(),
            stated_errors: 0,
            errors: 0,
            first: self.found.cases.len(),
            tally: Tally::default(),
        };
        let (xml, input, found) = (&self.xml, self.input, &mut *self.found);
        let (mut start, mut date, mut clock, mut skipped) = (Timestamp::Missing, None, None, None);
        xml.attributes(|attribute| {
            let (what, of) = match attribute.name {
                "total" => ("total", CountOf::Cases),
                "passed" => ("passed", CountOf::Passed),
                "failed" => ("failed", CountOf::Failed),
                "skipped" | "not-run" => {
                    if let Some(more) = count(attribute, input, found) {
                        skipped = Some(skipped.unwrap_or(0_u64).saturating_add(more));
                    }
                    return Ok(());
                }
                name => {
                    match name {
                        "name" => {
                            part.name = xml.value(attribute)?;
                            let names_id = may_name_id(attribute.raw).then_some(attribute.raw);
                            part.names_id = names_id.or(part.names_id);
                        }
                        "errors" => part.stated_errors = count(attribute, input, found).unwrap_or_default(),
                        "start-rtf" => start = when(attribute, input, found),
                        "run-date" => date = Some(attribute.raw),
                        "run-time" => clock = Some(attribute.raw),
                        "test-framework" => found.made_by(framework(xml.value(attribute)?)),
                        _ => {}
                    }
                    return Ok(());
                }
            };
            part.stated.extend(count(attribute, input, found).map(|number| StatedCount { what, of, number }));
            Ok(())
        })?;
        let skipped = skipped.map(|number| StatedCount { what: "skipped", of: CountOf::Skipped, number });
        part.stated.extend(skipped);
        if let (Timestamp::Missing, Some(date), Some(clock)) = (start, date, clock) {
            start = found.time(&format!("{date}T{clock}"), input.place(date));
        }
        part.time = start.or(part.time);
        self.parts.push(part);
        Ok(())
    }

    fn test(&mut self, tag: Tag<'s>) -> Read<()> {
        let part = self.parts.last();
        let mut case = results::blank(self.found, self.input.place(tag.text));
        case.suite = part.and_then(|part| part.names_id);
        case.time = part.map(|part| part.time).unwrap_or_default();
        let (xml, input, found) = (&self.xml, self.input, &mut *self.found);
        let mut result = None;
        xml.attributes(|attribute| {
            match attribute.name {
                "name" => case.name = xml.value(attribute)?,
                "type" => case.class = xml.value(attribute)?,
                // What is shown in the place of the name of a method need not name the id that the method does.
                "method" if may_name_id(attribute.raw) => case.suite = Some(attribute.raw),
                "source-file" => case.file = Some(xml.value(attribute)?),
                "start-rtf" => case.time = when(attribute, input, found).or(case.time),
                "result" => result = Some(attribute.raw),
                _ => {}
            }
            Ok(())
        })?;
        case.name = without_class(case.name, &case.class);
        let mut properties = Vec::new();
        let mut failed = None;
        while let Some(child) = self.xml.child()? {
            match child.name {
                "traits" => self.traits(&mut properties)?,
                // Words of output are no results.
                "output" => self.xml.skip()?,
                name => {
                    let holds_result = self.xml.skip_unless(is_result)? || says_that_run_failed(name);
                    // A reason is one for which a test was not run.
                    if holds_result || name == "reason" && result == Some("Pass") {
                        failed = worse(failed, Some(self.contradiction(tag, name)));
                    }
                }
            }
        }
        let stated = self.outcome(tag, result);
        case.outcome = worse(failed, Some(stated)).unwrap_or(stated);
        case.properties = properties.into_boxed_slice();
        if let Some(part) = self.parts.last_mut() {
            part.tally.count(case.outcome);
        }
        self.found.cases.push(case);
        Ok(())
    }

    /// What an element says that a test which passed does not have.
    fn contradiction(&mut self, tag: Tag<'s>, element: &str) -> Outcome {
        match element {
            "failure" => Outcome::Failed,
            element => {
                let span = self.input.first_line(tag.text);
                results::not_known(self.found, span, format!("<{element}>"))
            }
        }
    }

    /// How a test ended, by its result. What that leaves open is a defect.
    fn outcome(&mut self, tag: Tag<'s>, result: Option<&'s str>) -> Outcome {
        let (span, written) = match result {
            Some("Pass") => return Outcome::Passed,
            Some("Fail") => return Outcome::Failed,
            Some("Skip" | "NotRun") => return Outcome::Skipped,
            Some(word) => (self.input.place(word), format!("result=\"{word}\"")),
            None => (self.input.first_line(tag.text), "<test>".to_owned()),
        };
        results::not_known(self.found, span, written)
    }

    fn traits(&mut self, properties: &mut Vec<(Cow<'s, str>, Cow<'s, str>)>) -> Read<()> {
        while self.xml.child()?.is_some() {
            let (mut name, mut value) = (Cow::Borrowed(""), Cow::Borrowed(""));
            let xml = &self.xml;
            xml.attributes(|attribute| {
                match attribute.name {
                    "name" => name = xml.value(attribute)?,
                    "value" => value = xml.value(attribute)?,
                    _ => {}
                }
                Ok(())
            })?;
            properties.push((name, value));
            self.xml.skip()?;
        }
        Ok(())
    }

    /// Something that went wrong outside of any test.
    fn error(&mut self, tag: Tag<'s>) -> Read<()> {
        let mut case = results::blank(self.found, self.input.place(tag.text));
        case.outcome = Outcome::Errored;
        let xml = &self.xml;
        let mut kind = Cow::Borrowed("");
        xml.attributes(|attribute| {
            match attribute.name {
                "name" => case.name = xml.value(attribute)?,
                "type" => kind = xml.value(attribute)?,
                _ => {}
            }
            Ok(())
        })?;
        self.xml.skip()?;
        if let Some(part) = self.parts.last_mut() {
            part.errors += 1;
            case.time = part.time;
        }
        if case.name.is_empty() {
            case.name = kind;
        }
        self.found.cases.push(case);
        Ok(())
    }

    fn close(&mut self) {
        let Some(part) = self.parts.pop() else { return };
        let (span, cases) = (self.input.first_line(part.tag.text), part.first..self.found.cases.len());
        results::compare(&part.stated, (part.tally, part.tally), span, cases.clone(), self.found);
        if part.errors.max(part.stated_errors) > 0 {
            results::run_failed(self.found, span, &part.name, cases);
        }
        if let Some(outer) = self.parts.last_mut() {
            outer.tally.add(part.tally);
        }
    }
}

/// A test framework without its version: `xUnit.net 2.4.1.0`.
fn framework(name: Cow<'_, str>) -> Cow<'_, str> {
    let end = name.rfind(' ').filter(|at| name[at + 1..].starts_with(|letter: char| letter.is_ascii_digit()));
    match (end, name) {
        (None, name) => name,
        (Some(end), Cow::Borrowed(name)) => Cow::Borrowed(&name[..end]),
        (Some(end), Cow::Owned(name)) => Cow::Owned(name[..end].to_owned()),
    }
}
