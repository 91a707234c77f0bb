//! Test results as JUnit XML.
//!
//! There is no standard. What is read is what pytest, Maven Surefire, Gradle, Ant, go-junit-report,
//! gotestsum, jest-junit, mocha, cargo-nextest, CTest, GoogleTest, PHPUnit and the like write: suites that
//! hold suites and cases, cases that hold how they ended.
//!
//! - A case with `failure` or `error` did not pass, however often it is repeated. Both together are a
//!   failure: the test ran. A `failure` beside `skipped` was expected, and counts as not run (Catch2, "mayfail").
//! - `flakyFailure` and `flakyError` say that it passed after it had failed; `rerunFailure` and
//!   `rerunError` that it failed again (Maven Surefire, "Rerun failing tests"; cargo-nextest writes the
//!   same).
//! - Where nothing is said, a `status` or `result` may say that it was not run (GoogleTest, CTest), or that
//!   it failed. A word or an element that is not known makes it unclear: only what is known to be a pass is one.
//! - A suite that failed as a whole is a case of its own name that went wrong, and what passed in it is unclear.
//! - A suite that states more failures, or more tests, than stand in it leaves what passed in it unclear, too.
//! - A case within a case is one of its own (clojure.test, where a test calls another). What fails in it
//!   fails the outer one, too.
//! - Qt Test 4 and 5 state how each case ended, unless it was skipped.

mod counts;
mod parts;
mod words;

use std::borrow::Cow;
use std::ops::Range;

use super::commit_names::{self, Naming};
use super::input::{Found, Input};
use super::results::{self, count, may_name_id, when, worse};
use super::xml::{Attribute, Tag, Token, Xml};
use super::{Case, EvidenceDefect, EvidenceDefectKind, Outcome, ReportIndex, Timestamp, Unclear};
use crate::source::Span;
use counts::{Counted, Stated};
use words::{folded, is_silent, says_that_run_failed, stated_by_flag, stated_outcome};

type Read<T> = Result<T, EvidenceDefect>;

/// Reads a report. What is broken ends the reading; what stands before it is kept.
pub(super) fn read<'s>(input: &Input<'s>, found: &mut Found<'s>) {
    let whole = 0..input.text.len();
    if !parts::read(input, found)
        && let Err(defect) = Reader::new(input, whole, found).document()
    {
        found.broken(defect);
    }
    results::date_by_cases(found);
}

struct Reader<'r, 'i, 's> {
    input: &'i Input<'s>,
    xml: Xml<'s, 'i>,
    /// The suites that are open, the outermost first.
    suites: Vec<Suite<'s>>,
    /// What stands in no suite that is open.
    around: Around,
    /// The same of suites that were closed and opened before.
    closed: Vec<Around>,
    /// Whether something rests on a suite that was opened before.
    is_lost: bool,
    found: &'r mut Found<'s>,
}

/// What stands in a suite that was opened before the part of the report that is read.
#[derive(Debug, Default)]
struct Around {
    counted: Counted,
    /// Behind the last case in it.
    end: usize,
    /// How many tools the report names up to its end.
    tools: usize,
}

/// A `testsuites` or `testsuite` that is open.
struct Suite<'s> {
    tag: Tag<'s>,
    name: Cow<'s, str>,
    /// Its name as it is written, or that of the suite around it, if it names an id of a test.
    names_id: Option<&'s str>,
    file: Option<Cow<'s, str>>,
    time: Timestamp,
    /// Whether it says that it failed as such.
    failed: bool,
    /// Whether something stands in it that is not known.
    unknown: bool,
    /// A case that does not state how it ended was skipped.
    silent_is_skipped: bool,
    stated: Stated,
    /// The first case in it.
    first: usize,
    counted: Counted,
}

impl<'r, 'i, 's> Reader<'r, 'i, 's> {
    /// A reader of a part of a report, or of all of it.
    fn new(input: &'i Input<'s>, part: Range<usize>, found: &'r mut Found<'s>) -> Self {
        // Hardly a report needs fewer bytes for a case; growing would move all of them again and again.
        found.cases.reserve(part.len() / 90);
        Reader {
            input,
            xml: Xml::part(input, part),
            suites: Vec::new(),
            around: Around::default(),
            closed: Vec::new(),
            is_lost: false,
            found,
        }
    }

    fn document(&mut self) -> Read<()> {
        loop {
            match self.xml.next()? {
                Token::Start(tag) => self.element(tag)?,
                Token::End(_) => self.close(),
                Token::Text(_) | Token::Data(_) => {}
                Token::Done => return Ok(()),
            }
        }
    }

    fn element(&mut self, tag: Tag<'s>) -> Read<()> {
        match folded(tag.name) {
            "testsuite" | "testsuites" => self.open(tag),
            "testcase" => self.case(tag).map(drop),
            "properties" => self.suite_properties(),
            name if says_that_run_failed(name) => self.failed_suite(tag),
            name if is_silent(name) => self.xml.skip(),
            _ => self.unknown_in_suite(tag),
        }
    }

    fn open(&mut self, tag: Tag<'s>) -> Read<()> {
        let outer = self.suites.last();
        let mut suite = Suite {
            tag,
            name: Cow::Borrowed(""),
            names_id: outer.and_then(|outer| outer.names_id),
            file: outer.and_then(|outer| outer.file.clone()),
            time: outer.map(|outer| outer.time).unwrap_or_default(),
            failed: false,
            unknown: false,
            silent_is_skipped: false,
            stated: Stated::default(),
            first: self.found.cases.len(),
            counted: Counted::default(),
        };
        let (xml, input, found) = (&self.xml, self.input, &mut *self.found);
        xml.attributes(|attribute| {
            let stated = &mut suite.stated;
            match folded(attribute.name) {
                "name" => {
                    suite.name = xml.value(attribute)?;
                    suite.names_id = may_name_id(attribute.raw).then_some(attribute.raw).or(suite.names_id);
                }
                "file" | "filepath" => suite.file = Some(xml.value(attribute)?),
                "timestamp" | "date" | "created" => suite.time = when(attribute, input, found).or(suite.time),
                // Stated twice, in other capitals or under another name, the worse counts.
                "tests" => stated.tests = stated.tests.max(count(attribute, input, found)),
                "failures" => stated.failures = stated.failures.max(count(attribute, input, found)),
                "errors" => stated.errors = stated.errors.max(count(attribute, input, found)),
                // nose writes `skip`, early versions of pytest `skips`.
                "skipped" | "skip" | "skips" => {
                    stated.skipped = stated.skipped.max(count(attribute, input, found))
                }
                "disabled" => stated.disabled = stated.disabled.max(count(attribute, input, found)),
                "status" | "result" | "outcome" | "state" => {
                    suite.failed |= !matches!(
                        stated_outcome(attribute.raw),
                        None | Some(Outcome::Passed | Outcome::Skipped)
                    );
                }
                name if commit_names::of(name) == Some(Naming::Commit) => {
                    found.is_about(xml.value(attribute)?, input.place(attribute.raw));
                }
                "xsi:noNamespaceSchemaLocation" if attribute.raw.contains("surefire") => {
                    found.made_by("Maven Surefire");
                }
                _ => {}
            }
            Ok(())
        })?;
        if let Some(tool) = tool(&suite.name) {
            found.made_by(tool);
        }
        if self.suites.is_empty() {
            found.report.time = suite.time;
        }
        self.suites.push(suite);
        Ok(())
    }

    fn close(&mut self) {
        let Some(suite) = self.suites.pop() else {
            self.around.end = self.found.cases.len();
            self.around.tools = self.found.report.tools.len();
            self.closed.push(std::mem::take(&mut self.around));
            return;
        };
        suite.close(self.found.cases.len(), self.input, self.found);
        self.innermost().add_inner(suite.counted.total);
    }

    /// What is counted of the innermost suite.
    fn innermost(&mut self) -> &mut Counted {
        self.suites.last_mut().map_or(&mut self.around.counted, |suite| &mut suite.counted)
    }

    /// The properties of a suite may name the commit, and who made the report.
    fn suite_properties(&mut self) -> Read<()> {
        while let Some((name, value)) = self.property()? {
            let span = self.input.place(value.1);
            if commit_names::is_commit(&name, &value.0) {
                self.found.is_about(value.0, span);
            } else if name == "go.version" {
                self.found.made_by("go test");
            } else if name == "QTestVersion" {
                self.found.made_by("Qt Test");
                let is_silent = value.0.starts_with("5.") || value.0.starts_with("4.");
                match self.suites.last_mut() {
                    Some(suite) => suite.silent_is_skipped = is_silent,
                    None => self.is_lost = true,
                }
            }
        }
        Ok(())
    }

    /// The next property of the innermost element, its value also as it is written.
    #[expect(clippy::type_complexity, reason = "a name, and a value in two forms")]
    fn property(&mut self) -> Read<Option<(Cow<'s, str>, (Cow<'s, str>, &'s str))>> {
        loop {
            let tag = match self.xml.next()? {
                Token::Start(tag) if tag.name == "property" => tag,
                Token::Start(_) => {
                    self.xml.skip()?;
                    continue;
                }
                Token::Text(_) | Token::Data(_) => continue,
                Token::End(_) | Token::Done => return Ok(None),
            };
            let (mut name, mut value) = (Cow::Borrowed(""), None);
            let xml = &self.xml;
            xml.attributes(|attribute| {
                match attribute.name {
                    "name" => name = xml.value(attribute)?,
                    "value" => value = Some((xml.value(attribute)?, attribute.raw)),
                    _ => {}
                }
                Ok(())
            })?;
            // Some write the value between the tags.
            let text = self.xml.text()?;
            return Ok(Some((name, value.unwrap_or((text, tag.text)))));
        }
    }

    /// Reads a case, and says how it ended.
    fn case(&mut self, tag: Tag<'s>) -> Read<Outcome> {
        let suite = self.suites.last();
        let mut case = Case {
            report: self.found.index,
            span: self.input.place(tag.text),
            name: Cow::Borrowed(""),
            class: Cow::Borrowed(""),
            suite: suite.and_then(|suite| suite.names_id),
            file: suite.and_then(|suite| suite.file.clone()),
            properties: Box::default(),
            outcome: Outcome::Passed,
            flaky: false,
            time: suite.map(|suite| suite.time).unwrap_or_default(),
        };
        let mut unsaid = Outcome::Passed;
        if suite.is_some_and(|suite| suite.silent_is_skipped) {
            unsaid = Outcome::Skipped;
        }
        let (xml, input, found) = (&self.xml, self.input, &mut *self.found);
        let (mut word, mut ran_without_result) = (None, false);
        xml.attributes(|attribute| {
            match folded(attribute.name) {
                "name" => case.name = xml.value(attribute)?,
                "classname" => case.class = xml.value(attribute)?,
                "class" if case.class.is_empty() => case.class = xml.value(attribute)?,
                "file" | "filepath" => case.file = Some(xml.value(attribute)?),
                "timestamp" | "date" | "created" => case.time = when(attribute, input, found).or(case.time),
                "status" | "result" | "outcome" | "state" => {
                    word = worse(word, known(stated_outcome(attribute.raw), attribute, input, found));
                    unsaid = Outcome::Passed;
                    ran_without_result = attribute.name == "status" && attribute.raw == "run";
                }
                flag @ ("success" | "passed" | "executed") => {
                    let stated = stated_by_flag(flag, attribute.raw);
                    word = worse(word, known(stated, attribute, input, found));
                }
                _ => {}
            }
            Ok(())
        })?;
        if ran_without_result && suite.is_some_and(|suite| is_within(&case.class, &suite.name)) {
            found.made_by("Catch2");
        }
        let (seen, properties) = self.inside_case()?;
        if !properties.is_empty() {
            case.properties = properties.into_boxed_slice();
        }
        case.outcome = seen.outcome(word).unwrap_or(unsaid);
        case.flaky = seen.flaky && case.outcome == Outcome::Passed;
        let outcome = case.outcome;
        self.count(outcome, seen, 1);
        self.found.cases.push(case);
        Ok(outcome)
    }

    /// What stands in a case, up to its end.
    #[expect(clippy::type_complexity, reason = "what was seen, and the properties of `Case`")]
    fn inside_case(&mut self) -> Read<(Seen, Vec<(Cow<'s, str>, Cow<'s, str>)>)> {
        let mut seen = Seen::default();
        let mut properties = Vec::new();
        loop {
            let tag = match self.xml.next()? {
                Token::Start(tag) => tag,
                Token::Text(_) | Token::Data(_) => continue,
                Token::End(_) | Token::Done => return Ok((seen, properties)),
            };
            match folded(tag.name) {
                "failure" => seen.failures += 1,
                "error" => seen.errors += 1,
                "skipped" | "disabled" | "ignored" | "skip" => seen.skipped = true,
                "flakyFailure" => (seen.flaky, seen.repeated.0) = (true, seen.repeated.0 + 1),
                "flakyError" => (seen.flaky, seen.repeated.1) = (true, seen.repeated.1 + 1),
                "rerunFailure" => (seen.rerun, seen.repeated.0) = (true, seen.repeated.0 + 1),
                "rerunError" => (seen.rerun, seen.repeated.1) = (true, seen.repeated.1 + 1),
                // As deep as `xml` lets elements be, and no deeper.
                "testcase" => {
                    match self.case(tag)? {
                        Outcome::Failed => seen.failed_within = true,
                        Outcome::Errored => seen.errored_within = true,
                        Outcome::Unclear(_) => seen.unclear = true,
                        Outcome::Passed | Outcome::Skipped => {}
                    }
                    continue;
                }
                "properties" => {
                    while let Some((name, (value, _))) = self.property()? {
                        properties.push((name, value));
                    }
                    continue;
                }
                name if is_silent(name) => {}
                name => {
                    seen.unclear = true;
                    let kind = EvidenceDefectKind::ResultNotKnown { written: format!("<{name}>") };
                    self.found.defect(self.input.first_line(tag.text), kind);
                }
            }
            self.xml.skip()?;
        }
    }

    /// Something in a suite that is not known: results may stand in it, so that what passed in the suite is unclear.
    fn unknown_in_suite(&mut self, tag: Tag<'s>) -> Read<()> {
        self.xml.skip()?;
        match self.suites.last_mut() {
            Some(suite) => suite.unknown = true,
            None => self.is_lost = true,
        }
        let kind = EvidenceDefectKind::ResultNotKnown { written: format!("<{}>", tag.name) };
        self.found.defect(self.input.first_line(tag.text), kind);
        Ok(())
    }

    fn failed_suite(&mut self, tag: Tag<'s>) -> Read<()> {
        self.xml.skip()?;
        let Some(suite) = self.suites.last_mut() else {
            self.is_lost = true;
            return Ok(());
        };
        suite.failed = true;
        let outcome = if tag.name == "failure" { Outcome::Failed } else { Outcome::Errored };
        self.found.cases.push(Case {
            report: self.found.index,
            span: self.input.place(tag.text),
            name: suite.name.clone(),
            class: Cow::Borrowed(""),
            suite: None,
            file: suite.file.clone(),
            properties: Box::default(),
            outcome,
            flaky: false,
            time: suite.time,
        });
        // It is counted among what went wrong, but not among the cases.
        let seen = Seen {
            failures: u32::from(outcome == Outcome::Failed),
            errors: u32::from(outcome == Outcome::Errored),
            ..Seen::default()
        };
        self.count(outcome, seen, 0);
        Ok(())
    }

    fn count(&mut self, outcome: Outcome, seen: Seen, cases: u64) {
        let total = &mut self.innermost().total;
        total.cases += cases;
        total.failures += u64::from(seen.failures + seen.repeated.0);
        total.errors += u64::from(seen.errors + seen.repeated.1);
        total.repeated += u64::from(seen.repeated.0 + seen.repeated.1);
        match outcome {
            Outcome::Passed => {}
            Outcome::Failed => total.failed += 1,
            Outcome::Errored => total.errored += 1,
            Outcome::Skipped => total.skipped += 1,
            Outcome::Unclear(_) => total.unclear += 1,
        }
    }
}

/// What the elements of a case say.
#[derive(Debug, Default, Clone, Copy)]
struct Seen {
    failures: u32,
    errors: u32,
    skipped: bool,
    flaky: bool,
    rerun: bool,
    /// Something in it may say that it did not pass.
    unclear: bool,
    /// A case within this one failed, or went wrong.
    failed_within: bool,
    errored_within: bool,
    /// How many other runs there were that failed, and how many that went wrong.
    repeated: (u32, u32),
}

impl Seen {
    /// How the case ended, by its elements and by what its attributes state. What ran again without passing failed.
    fn outcome(self, stated: Option<Outcome>) -> Option<Outcome> {
        let within = match self {
            Seen { failed_within: true, .. } => Some(Outcome::Failed),
            Seen { errored_within: true, .. } => Some(Outcome::Errored),
            _ => None,
        };
        let own = match self {
            Seen { skipped: true, .. } => Some(Outcome::Skipped),
            Seen { failures: 1.., .. } => Some(Outcome::Failed),
            Seen { errors: 1.., .. } => Some(Outcome::Errored),
            Seen { unclear: true, .. } => Some(Outcome::Unclear(Unclear::UnknownResult)),
            Seen { flaky: true, .. } => Some(Outcome::Passed),
            Seen { rerun: true, .. } => Some(Outcome::Failed),
            _ => None,
        };
        // That a failure was expected is the word of the test runner, whatever else it calls the case.
        let expected = self.skipped && self.failures + self.errors > 0;
        worse(within, if expected { own } else { worse(own, stated) })
    }
}

/// What an attribute states about a case; that it is not known is a defect.
fn known<'s>(
    stated: Option<Outcome>,
    attribute: Attribute<'s>,
    input: &Input<'s>,
    found: &mut Found<'s>,
) -> Option<Outcome> {
    if let Some(Outcome::Unclear(_)) = stated {
        let written = format!("{}=\"{}\"", attribute.name, attribute.raw);
        found.defect(input.place(attribute.raw), EvidenceDefectKind::ResultNotKnown { written });
    }
    stated
}

/// Whether a class belongs to a suite as Catch2 names it: `suite.global`.
fn is_within(class: &str, suite: &str) -> bool {
    !suite.is_empty() && class.strip_prefix(suite).is_some_and(|rest| rest.starts_with('.'))
}

/// The test runner that names its suites like this.
fn tool(suite: &str) -> Option<&'static str> {
    match suite {
        "pytest" | "pytest tests" => Some("pytest"),
        "jest tests" => Some("jest"),
        "vitest tests" => Some("vitest"),
        "Mocha Tests" => Some("mocha"),
        "nextest-run" => Some("cargo-nextest"),
        "playwright tests" => Some("Playwright"),
        _ => None,
    }
}

impl<'s> Suite<'s> {
    /// Compares what the suite states with what stands in it, up to the case where it ends. What passed in a suite
    /// that failed as such, or that states worse than can be read in it, is unclear.
    fn close(&self, end: usize, input: &Input<'s>, found: &mut Found<'s>) {
        let total = self.counted.total;
        let mut doubt = self.unknown.then_some(Unclear::UnknownResult);
        let mut is_red = self.failed;
        if self.failed {
            let kind = EvidenceDefectKind::RunFailed { name: self.name.clone().into_owned() };
            found.defect(input.first_line(self.tag.text), kind);
            doubt = doubt.or(Some(Unclear::RunFailed));
        }
        for (what, stated, counted) in self.contradictions(end, found) {
            let kind = EvidenceDefectKind::CountsDiffer { what, stated, counted };
            found.defect(input.first_line(self.tag.text), kind);
            if stated > counted {
                doubt = doubt.or(Some(Unclear::StatedWorse));
                is_red |= matches!(what, "failures" | "errors");
            }
        }
        match doubt {
            Some(doubt) if total.cases > 0 => results::doubt(found, self.first..end, doubt),
            // What failed in it stands nowhere else.
            Some(doubt) if is_red && self.first == end => {
                let span = input.place(self.tag.text);
                found.cases.push(self.as_case(doubt, span, found.index));
            }
            _ => {}
        }
    }

    /// A case that stands for the suite as a whole.
    fn as_case(&self, doubt: Unclear, span: Span, report: ReportIndex) -> Case<'s> {
        Case {
            report,
            span,
            name: self.name.clone(),
            class: Cow::Borrowed(""),
            suite: None,
            file: self.file.clone(),
            properties: Box::default(),
            outcome: Outcome::Unclear(doubt),
            flaky: false,
            time: self.time,
        }
    }
}
