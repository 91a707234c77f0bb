//! Test results as JUnit XML.
//!
//! There is no standard. What is read is what pytest, Maven Surefire, Gradle, Ant, go-junit-report,
//! gotestsum, jest-junit, mocha, cargo-nextest, CTest, GoogleTest, PHPUnit and the like write: suites that
//! hold suites and cases, cases that hold how they ended.
//!
//! - A case with `failure` or `error` did not pass, however often it is repeated. Both together are a
//!   failure: the test ran.
//! - `flakyFailure` and `flakyError` say that it passed after it had failed; `rerunFailure` and
//!   `rerunError` that it failed again (Maven Surefire, "Rerun failing tests"; cargo-nextest writes the
//!   same).
//! - Where nothing is said, a `status` or `result` may say that it was not run (GoogleTest, CTest), or that
//!   it failed.
//! - A suite that failed as a whole, before any case, is a case of its own name that went wrong.
//! - A case within a case is one of its own (clojure.test, where a test calls another). What fails in it
//!   fails the outer one, too.
//! - Qt Test 4 and 5 state how each case ended, unless it was skipped.

mod counts;
mod parts;

use std::borrow::Cow;
use std::ops::Range;

use chrono::{DateTime, Utc};
use rayon::prelude::*;

use super::input::{Found, Input};
use super::xml::{Attribute, Tag, Token, Xml};
use super::{Case, EvidenceDefect, EvidenceDefectKind, Outcome, time};
use counts::{Counted, Stated};

type Read<T> = Result<T, EvidenceDefect>;

/// Reads a report. What is broken ends the reading; what stands before it is kept.
pub(super) fn read<'s>(input: &Input<'s>, found: &mut Found<'s>) {
    let whole = 0..input.text.len();
    if !parts::read(input, found)
        && let Err(defect) = Reader::new(input, whole, found).document()
    {
        found.broken(defect);
    }
    if found.report.time.is_none() {
        let earliest = |piece: &Vec<Case<'s>>| piece.iter().filter_map(|case| case.time).min();
        found.report.time = found.cases.pieces().par_iter().filter_map(earliest).min();
    }
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
    file: Option<Cow<'s, str>>,
    time: Option<DateTime<Utc>>,
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
        match tag.name {
            "testsuite" | "testsuites" => self.open(tag),
            "testcase" => self.case(tag).map(drop),
            "properties" => self.suite_properties(),
            "failure" | "error" => self.failed_suite(tag),
            _ => self.xml.skip(),
        }
    }

    fn open(&mut self, tag: Tag<'s>) -> Read<()> {
        let outer = self.suites.last();
        let mut suite = Suite {
            tag,
            name: Cow::Borrowed(""),
            file: outer.and_then(|outer| outer.file.clone()),
            time: outer.and_then(|outer| outer.time),
            silent_is_skipped: false,
            stated: Stated::default(),
            first: self.found.cases.len(),
            counted: Counted::default(),
        };
        let (xml, input, found) = (&self.xml, self.input, &mut *self.found);
        xml.attributes(|attribute| {
            let stated = &mut suite.stated;
            match attribute.name {
                "name" => suite.name = xml.value(attribute)?,
                "file" | "filepath" => suite.file = Some(xml.value(attribute)?),
                "timestamp" => suite.time = when(attribute, input, found).or(suite.time),
                "tests" => stated.tests = attribute.raw.trim().parse().ok(),
                "failures" => stated.failures = attribute.raw.trim().parse().ok(),
                "errors" => stated.errors = attribute.raw.trim().parse().ok(),
                // nose writes `skip`, early versions of pytest `skips`.
                "skipped" | "skip" | "skips" => stated.skipped = attribute.raw.trim().parse().ok(),
                "disabled" => stated.disabled = attribute.raw.trim().parse().ok(),
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
        suite.compare(self.found.cases.len(), self.input, self.found);
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
            if names_commit(&name) && looks_like_commit(&value.0) {
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
            file: suite.and_then(|suite| suite.file.clone()),
            properties: Box::default(),
            outcome: Outcome::Passed,
            flaky: false,
            time: suite.and_then(|suite| suite.time),
        };
        let mut unsaid = Outcome::Passed;
        if suite.is_some_and(|suite| suite.silent_is_skipped) {
            unsaid = Outcome::Skipped;
        }
        let (xml, input, found) = (&self.xml, self.input, &mut *self.found);
        let mut word = None;
        xml.attributes(|attribute| {
            match attribute.name {
                "name" => case.name = xml.value(attribute)?,
                "classname" => case.class = xml.value(attribute)?,
                "class" if case.class.is_empty() => case.class = xml.value(attribute)?,
                "file" | "filepath" => case.file = Some(xml.value(attribute)?),
                "timestamp" => case.time = when(attribute, input, found).or(case.time),
                "status" | "result" => {
                    word = stated_outcome(attribute.raw).or(word);
                    unsaid = Outcome::Passed;
                }
                _ => {}
            }
            Ok(())
        })?;
        let (seen, properties) = self.inside_case()?;
        if !properties.is_empty() {
            case.properties = properties.into_boxed_slice();
        }
        case.outcome = seen.outcome().or(word).unwrap_or(unsaid);
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
            match tag.name {
                "failure" => seen.failures += 1,
                "error" => seen.errors += 1,
                "skipped" | "disabled" => seen.skipped = true,
                "flakyFailure" => (seen.flaky, seen.repeated.0) = (true, seen.repeated.0 + 1),
                "flakyError" => (seen.flaky, seen.repeated.1) = (true, seen.repeated.1 + 1),
                "rerunFailure" => (seen.rerun, seen.repeated.0) = (true, seen.repeated.0 + 1),
                "rerunError" => (seen.rerun, seen.repeated.1) = (true, seen.repeated.1 + 1),
                // As deep as `xml` lets elements be, and no deeper.
                "testcase" => {
                    match self.case(tag)? {
                        Outcome::Failed => seen.failed_within = true,
                        Outcome::Errored => seen.errored_within = true,
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
                _ => {}
            }
            self.xml.skip()?;
        }
    }

    fn failed_suite(&mut self, tag: Tag<'s>) -> Read<()> {
        self.xml.skip()?;
        let Some(suite) = self.suites.last() else {
            self.is_lost = true;
            return Ok(());
        };
        let outcome = if tag.name == "failure" { Outcome::Failed } else { Outcome::Errored };
        self.found.cases.push(Case {
            report: self.found.index,
            span: self.input.place(tag.text),
            name: suite.name.clone(),
            class: Cow::Borrowed(""),
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
    /// A case within this one failed, or went wrong.
    failed_within: bool,
    errored_within: bool,
    /// How many other runs there were that failed, and how many that went wrong.
    repeated: (u32, u32),
}

impl Seen {
    /// How the case ended, if its elements say so. What ran again without passing failed.
    fn outcome(self) -> Option<Outcome> {
        match self {
            Seen { failures: 1.., .. } | Seen { failed_within: true, .. } => Some(Outcome::Failed),
            Seen { errors: 1.., .. } | Seen { errored_within: true, .. } => Some(Outcome::Errored),
            Seen { skipped: true, .. } => Some(Outcome::Skipped),
            Seen { flaky: true, .. } => Some(Outcome::Passed),
            Seen { rerun: true, .. } => Some(Outcome::Failed),
            _ => None,
        }
    }
}

/// How a case ended by its `status` or `result`, if that is anything but that it ran. GoogleTest writes
/// `notrun` and `suppressed`, CTest `notrun`, `disabled` and `fail`.
fn stated_outcome(word: &str) -> Option<Outcome> {
    const SKIPPED: [&str; 8] =
        ["notrun", "disabled", "suppressed", "skipped", "skip", "ignored", "pending", "notexecuted"];
    const FAILED: [&str; 4] = ["fail", "failed", "failure", "broken"];
    let is_any = |words: &[&str]| words.iter().any(|known| known.eq_ignore_ascii_case(word));
    match word {
        _ if is_any(&SKIPPED) => Some(Outcome::Skipped),
        _ if is_any(&FAILED) => Some(Outcome::Failed),
        _ if word.eq_ignore_ascii_case("error") => Some(Outcome::Errored),
        _ => None,
    }
}

/// The time in an attribute. One that cannot be read is a defect; an empty one says nothing.
fn when<'s>(attribute: Attribute<'s>, input: &Input<'s>, found: &mut Found<'s>) -> Option<DateTime<Utc>> {
    let time = time::parse(attribute.raw);
    if time.is_none() && !attribute.raw.trim().is_empty() {
        found.defect(input.place(attribute.raw), EvidenceDefectKind::TimeNotUnderstood);
    }
    time
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

/// Whether a property of this name holds the commit that was tested.
fn names_commit(name: &str) -> bool {
    const NAMES: [&str; 14] = [
        "commit",
        "commit.id",
        "commit.sha",
        "git.commit",
        "git.commit.id",
        "git.commit.id.full",
        "git.revision",
        "git.sha",
        "vcs.revision",
        "revision",
        "sha",
        "github.sha",
        "ci.commit.sha",
        "build.vcs.number",
    ];
    // Surefire writes variables of the environment as `env.GIT_COMMIT`.
    let name = name.strip_prefix("env.").unwrap_or(name);
    let name = name.to_ascii_lowercase().replace(['_', '-'], ".");
    NAMES.contains(&name.as_str())
}

/// Whether a text is the name of a commit: `revision` is also what Maven calls a version.
fn looks_like_commit(text: &str) -> bool {
    (7..=64).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

impl Suite<'_> {
    /// Compares what the suite states with what stands in it, up to the case where it ends.
    fn compare(&self, end: usize, input: &Input<'_>, found: &mut Found<'_>) {
        for (what, stated, counted) in self.contradictions(end, found) {
            let kind = EvidenceDefectKind::CountsDiffer { what, stated, counted };
            found.defect(input.first_line(self.tag.text), kind);
        }
    }
}
