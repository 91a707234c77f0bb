//! Test results as JUnit XML.
//!
//! There is no standard. What is read is what pytest, Maven Surefire, Gradle, Ant, go-junit-report,
//! gotestsum, jest-junit, mocha, cargo-nextest, CTest, GoogleTest, PHPUnit and the like write: suites that
//! hold suites and cases, cases that hold how they ended.
//!
//! - A case with `failure` or `error` did not pass, however often it is repeated. Both together are a
//!   failure: the test ran. A `failure` beside `skipped` was expected, and counts as not run (Catch2, "mayfail"),
//!   but for a `pytest.skip`: that is a subtest.
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

mod case;
mod counts;
mod node_test;
mod parts;
mod playwright;
pub(super) mod words;

use std::borrow::Cow;
use std::ops::Range;

use super::commit_names::{self, CommitName};
use super::input::{Found, Input};
use super::results::{self, count, may_name_id, when};
use super::xml::{Tag, Token, Xml};
use super::{Case, EvidenceDefect, EvidenceDefectKind, Outcome, Timestamp, Unclear};
use case::Seen;
use counts::{Counted, Stated};
use words::{
    counts_failures, is_nothing, is_result, is_silent, says_that_run_failed, stated_by_flag, stated_outcome,
};

type Read<T> = Result<T, EvidenceDefect>;

/// Reads a report. What is broken ends the reading; what stands before it is kept.
pub(super) fn read<'s>(input: &Input<'s>, found: &mut Found<'s>) {
    let whole = 0..input.text.len();
    if !parts::read(input, found)
        && let Err(defect) = Reader::new(input, whole, found).document()
    {
        found.broken(defect);
    }
    node_test::compare(input, found);
    playwright::doubt_interrupted(input, found);
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
    /// Whether a result was found where there are but properties.
    hidden: bool,
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
            hidden: false,
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
        match tag.name {
            "testsuite" | "testsuites" => self.open(tag),
            "testcase" => self.case(tag).map(drop),
            "properties" => self.suite_properties(tag),
            name if says_that_run_failed(name) => self.failed_suite(tag),
            name if is_silent(name) => match self.xml.skip_unless(is_result)? {
                true => self.doubt_suite(tag),
                false => Ok(()),
            },
            _ => {
                self.xml.skip()?;
                self.doubt_suite(tag)
            }
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
        // Stated twice, in other capitals or under another name, the earlier counts.
        let mut own_time = Timestamp::Missing;
        xml.attributes(|attribute| {
            let stated = &mut suite.stated;
            let name = in_small_letters(attribute.name);
            match &*name {
                "name" => {
                    suite.name = xml.value(attribute)?;
                    suite.names_id = may_name_id(attribute.raw).then_some(attribute.raw).or(suite.names_id);
                }
                "file" | "filepath" => suite.file = Some(xml.value(attribute)?),
                "timestamp" | "date" | "created" | "started-at" | "start-time" | "start_time"
                | "starttime" => own_time = own_time.earliest(when(attribute, input, found)),
                // Stated twice, in other capitals or under another name, the worse counts.
                "tests" => stated.tests = stated.tests.max(count(attribute, input, found)),
                "failures" | "failed" => {
                    stated.failures = stated.failures.max(count(attribute, input, found));
                }
                "errors" => stated.errors = stated.errors.max(count(attribute, input, found)),
                // nose writes `skip`, early versions of pytest `skips`.
                "skipped" | "skip" | "skips" => {
                    stated.skipped = stated.skipped.max(count(attribute, input, found))
                }
                "disabled" => stated.disabled = stated.disabled.max(count(attribute, input, found)),
                "status" | "result" | "outcome" | "state" | "verdict" | "conclusion" => {
                    suite.failed |= !matches!(
                        stated_outcome(attribute.raw),
                        None | Some(Outcome::Passed | Outcome::Skipped)
                    );
                }
                "success" | "passed" | "successful" => {
                    suite.failed |= stated_by_flag(&name, attribute.raw) == Some(Outcome::Failed);
                }
                "aborted" | "crashed" | "cancelled" | "canceled" | "interrupted" | "timedout" => {
                    suite.failed |= stated_by_flag(&name, attribute.raw) == Some(Outcome::Passed);
                }
                name if counts_failures(name) => suite.failed |= !is_nothing(attribute.raw),
                name if commit_names::of(name) == Some(CommitName::Commit) => {
                    found.is_about(xml.value(attribute)?, input.place(attribute.raw));
                }
                "xsi:nonamespaceschemalocation" if attribute.raw.contains("surefire") => {
                    found.made_by("Maven Surefire");
                }
                _ => {}
            }
            Ok(())
        })?;
        suite.time = own_time.or(suite.time);
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
        let end = self.found.cases.len();
        if let Some(outcome) = suite.close(end, self.input, self.found) {
            self.found.cases.push(suite.as_case(outcome, self.input, self.found));
        }
        self.innermost().add_inner(suite.counted.total);
    }

    /// What is counted of the innermost suite.
    fn innermost(&mut self) -> &mut Counted {
        self.suites.last_mut().map_or(&mut self.around.counted, |suite| &mut suite.counted)
    }

    /// The properties of a suite may name the commit, and who made the report.
    fn suite_properties(&mut self, tag: Tag<'s>) -> Read<()> {
        self.hidden = false;
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
            } else if matches!(&*name, "timestamp" | "start time" | "started at")
                && let Some(suite) = self.suites.last_mut()
                && suite.time == Timestamp::Missing
            {
                suite.time = self.found.time(&value.0, span);
            }
        }
        if self.hidden { self.doubt_suite(tag) } else { Ok(()) }
    }

    /// The next property of the innermost element, its value also as it is written.
    #[expect(clippy::type_complexity, reason = "a name, and a value in two forms")]
    fn property(&mut self) -> Read<Option<(Cow<'s, str>, (Cow<'s, str>, &'s str))>> {
        loop {
            let tag = match self.xml.next()? {
                Token::Start(tag) if tag.name == "property" => tag,
                Token::Start(tag) => {
                    self.hidden |= is_result(tag.name) | self.xml.skip_unless(is_result)?;
                    continue;
                }
                Token::Text(_) | Token::Data(_) => continue,
                Token::End(_) | Token::Done => return Ok(None),
            };
            let (name, value) = self.xml.property()?;
            // Some write the value between the tags.
            let (text, hidden) = self.xml.text_unless(is_result)?;
            self.hidden |= hidden;
            return Ok(Some((name, value.unwrap_or((text, tag.text)))));
        }
    }

    /// Something in a suite that is not known: results may stand in it, so that what passed in the suite is unclear.
    fn doubt_suite(&mut self, tag: Tag<'s>) -> Read<()> {
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
        let case =
            Case { span: self.input.place(tag.text), ..suite.as_case(outcome, self.input, self.found) };
        self.found.cases.push(case);
        // It is counted among what went wrong, but not among the cases.
        self.count(outcome, Seen::outside(outcome), 0);
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
    /// that failed as such, or that states worse than can be read in it, is unclear. A suite without a case that
    /// states as much is a result of its own, which ended like this.
    fn close(&self, end: usize, input: &Input<'_>, found: &mut Found<'_>) -> Option<Outcome> {
        let mut doubt = self.unknown.then_some(Unclear::UnknownResult);
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
            }
        }
        let doubt = doubt?;
        if self.first < end {
            results::doubt(found, self.first..end, doubt);
            return None;
        }
        let has_failed = self.failed || self.stated.failures > Some(0) || self.stated.errors > Some(0);
        match doubt {
            _ if has_failed => Some(Outcome::Errored),
            // What was skipped needs no case.
            Unclear::StatedWorse if self.stated.tests <= self.stated.skipped.or(self.stated.disabled) => None,
            doubt => Some(Outcome::Unclear(doubt)),
        }
    }

    /// The suite as a case of its name.
    fn as_case(&self, outcome: Outcome, input: &Input<'s>, found: &Found<'s>) -> Case<'s> {
        Case {
            name: self.name.clone(),
            suite: self.names_id,
            suite_start: self.start(input),
            file: self.file.clone(),
            outcome,
            time: self.time,
            ..results::blank(found, input.first_line(self.tag.text))
        }
    }

    /// Where it begins.
    fn start(&self, input: &Input<'s>) -> Option<u32> {
        Some(input.place(self.tag.text).start)
    }
}

/// A name without capitals: writers of reports by hand spell attributes as they like.
fn in_small_letters(name: &str) -> Cow<'_, str> {
    match name.bytes().any(|byte| byte.is_ascii_uppercase()) {
        true => Cow::Owned(name.to_ascii_lowercase()),
        false => Cow::Borrowed(name),
    }
}
