//! Test results of NUnit as it writes them itself: `test-run` (NUnit 3 and later) and `test-results` (NUnit 2).
//!
//! NUnit 3 documents its format ("Test Result XML Format", docs.nunit.org); that of NUnit 2.6 is the schema
//! `Results.xsd` that comes with it.
//!
//! - Only `Passed` and `Success` pass. What `Failed` with a label (`Error`, `Cancelled`, `Invalid`), or in what
//!   prepares or ends a test (`site`), went wrong; the other failures are failures of the test.
//! - `Warning` and `Inconclusive` leave open how a test ended, and so does every other word.
//! - A suite that failed in its own set-up or tear-down, or though nothing in it did, is a case of its own name that
//!   went wrong, and leaves open what passed in it.
//! - A case that passed and says so beside a `failure` with words in it, an assertion that did not pass, a label or a
//!   site of failures contradicts itself: pytest-nunit writes so of what it skipped, and of failures that it expected.
//!   It writes a `failure` without words beside every case, and TestCafe one that names attempts that passed.

use std::borrow::Cow;

use super::commit_names;
use super::input::{Found, Input};
use super::junit::words::{is_result, says_that_run_failed};
use super::results::{self, CountOf, StatedCount, Tally, count, may_name_id, when, without_class};
use super::xml::{Attribute, Tag, Token, Xml};
use super::{EvidenceDefect, Outcome, Timestamp, Unclear};

type Read<T> = Result<T, EvidenceDefect>;

/// Reads a report. What is broken ends the reading; what stands before it is kept.
pub(super) fn read<'s>(input: &Input<'s>, found: &mut Found<'s>) {
    let mut reader = Reader { input, xml: Xml::new(input), suites: Vec::new(), found };
    if let Err(defect) = reader.document() {
        found.broken(defect);
    }
    results::date_by_cases(found);
}

struct Reader<'r, 'i, 's> {
    input: &'i Input<'s>,
    xml: Xml<'s, 'i>,
    /// The suites that are open, with the run as the outermost.
    suites: Vec<Suite<'s>>,
    found: &'r mut Found<'s>,
}

/// A `test-suite` that is open, or the run.
struct Suite<'s> {
    tag: Tag<'s>,
    name: Cow<'s, str>,
    /// Its name or a property as it is written, or that of the suite around it, if it names an id of a test.
    names_id: Option<&'s str>,
    time: Timestamp,
    ending: Ending<'s>,
    stated: Vec<StatedCount>,
    /// The first case in it.
    first: usize,
    tally: Tally,
    /// How many suites within it failed themselves.
    failed_suites: u64,
    /// Whether something stands in it that says that it failed.
    says_that_it_failed: bool,
}

/// How the attributes of a case or suite say that it ended.
#[derive(Default, Clone, Copy)]
struct Ending<'s> {
    result: Option<Attribute<'s>>,
    label: &'s str,
    site: &'s str,
    executed: &'s str,
    success: &'s str,
    runstate: &'s str,
}

impl<'s> Reader<'_, '_, 's> {
    fn document(&mut self) -> Read<()> {
        loop {
            match self.xml.next()? {
                Token::Start(tag) => match tag.name {
                    "test-run" | "test-results" | "test-suite" => self.open(tag)?,
                    "results" => {}
                    "test-case" => self.case(tag)?,
                    "properties" => self.suite_properties()?,
                    name => {
                        let failed = self.says_that_it_failed(name)?;
                        if let Some(suite) = self.suites.last_mut() {
                            suite.says_that_it_failed |= failed;
                        }
                    }
                },
                Token::End("test-run" | "test-results" | "test-suite") => self.close(),
                Token::End(_) | Token::Text(_) | Token::Data(_) => {}
                Token::Done => return Ok(()),
            }
        }
    }

    fn open(&mut self, tag: Tag<'s>) -> Read<()> {
        let outer = self.suites.last();
        let mut suite = Suite {
            tag,
            name: Cow::Borrowed(""),
            names_id: outer.and_then(|outer| outer.names_id),
            time: outer.map(|outer| outer.time).unwrap_or_default(),
            ending: Ending::default(),
            stated: Vec::new(),
            first: self.found.cases.len(),
            tally: Tally::default(),
            failed_suites: 0,
            says_that_it_failed: false,
        };
        let is_run = outer.is_none();
        let (xml, input, found) = (&self.xml, self.input, &mut *self.found);
        let mut end = Timestamp::Missing;
        let (mut date, mut clock) = (None, None);
        let mut sums = Sums::default();
        xml.attributes(|attribute| {
            match attribute.name {
                "name" => {
                    suite.name = xml.value(attribute)?;
                    suite.names_id = may_name_id(attribute.raw).then_some(attribute.raw).or(suite.names_id);
                }
                "start-time" => suite.time = when(attribute, input, found).or(suite.time),
                "end-time" => end = when(attribute, input, found),
                "date" if is_run => date = Some(attribute.raw),
                "time" if is_run => clock = Some(attribute.raw),
                _ if suite.ending.take(attribute) => {}
                _ => sums.take(attribute, input, found),
            }
            Ok(())
        })?;
        // NUnit 2 writes the day and the time of the day apart.
        if let (Some(date), Some(clock)) = (date, clock) {
            suite.time = found.time(&format!("{date}T{clock}"), input.place(date));
        }
        suite.stated = sums.stated();
        if is_run {
            found.report.time = end.or(suite.time);
        }
        self.suites.push(suite);
        Ok(())
    }

    fn case(&mut self, tag: Tag<'s>) -> Read<()> {
        let suite = self.suites.last();
        let mut case = results::blank(self.found, self.input.place(tag.text));
        let around = suite.and_then(|suite| suite.names_id);
        case.time = suite.map(|suite| suite.time).unwrap_or_default();
        let (xml, input, found) = (&self.xml, self.input, &mut *self.found);
        let (mut ending, mut end) = (Ending::default(), None);
        let (mut class, mut start, mut in_code) = (None, Timestamp::Missing, None);
        xml.attributes(|attribute| {
            match attribute.name {
                "name" => case.name = xml.value(attribute)?,
                // What is shown in the place of the name of a method need not name the id that the method does.
                "methodname" | "fullname" if may_name_id(attribute.raw) => in_code = Some(attribute.raw),
                "classname" => class = Some(xml.value(attribute)?),
                "start-time" => start = when(attribute, input, found),
                "end-time" => end = Some(attribute),
                "description" if may_name_id(attribute.raw) => case.suite = Some(attribute.raw),
                // Some write what the test is about as its label.
                "label" if may_name_id(attribute.raw) => case.suite = Some(attribute.raw),
                _ => drop(ending.take(attribute)),
            }
            Ok(())
        })?;
        if let Some(end) = end.filter(|_| start == Timestamp::Missing) {
            start = when(end, input, found);
        }
        case.time = start.or(case.time);
        case.suite = case.suite.or(in_code).or(around);
        let is_of_nunit_2 = self.suites.first().is_some_and(|run| run.tag.name == "test-results");
        case.class = match class.filter(|class| !class.is_empty()) {
            Some(class) => class,
            None if is_of_nunit_2 => class_in(&case.name),
            None => self.suites.last().map(|suite| suite.name.clone()).unwrap_or_default(),
        };
        case.name = without_class(case.name, &case.class);
        case.outcome = self.outcome(tag, ending);
        let mut properties = Vec::new();
        let mut contradiction = ending.contradiction();
        while let Some(tag) = self.xml.child()? {
            match tag.name {
                "properties" | "categories" => {
                    while let Some((name, value, raw)) = self.property()? {
                        if matches!(&*name, "Description" | "DisplayName" | "TestName") && may_name_id(raw) {
                            case.suite = Some(raw);
                        }
                        properties.push((name, value));
                    }
                }
                name => {
                    let failed = self.says_that_it_failed(name)?;
                    contradiction = contradiction.or(failed.then_some(name));
                }
            }
        }
        if let (Outcome::Passed, Some(other)) = (case.outcome, contradiction) {
            case.outcome = results::contradicted(self.found, case.span, format!("`{other}`"));
        }
        case.properties = properties.into_boxed_slice();
        if let Some(suite) = self.suites.last_mut() {
            suite.tally.count(case.outcome);
        }
        self.found.cases.push(case);
        Ok(())
    }

    /// How a case ended, by its attributes. What they leave open is a defect.
    fn outcome(&mut self, tag: Tag<'s>, ending: Ending<'s>) -> Outcome {
        let is_no = |word: &str| word.eq_ignore_ascii_case("false");
        // NUnit 2.4 and older write nothing else; later ones say, too, that what is inconclusive is no success.
        let flag = match ending {
            _ if is_no(ending.executed) => Some(Outcome::Skipped),
            _ if is_no(ending.success) => Some(Outcome::Failed),
            _ if ending.success.is_empty() => None,
            _ => Some(Outcome::Passed),
        };
        let (span, written) = match ending.result.filter(|result| !result.raw.is_empty()) {
            Some(result) => (self.input.place(result.raw), format!("result=\"{}\"", result.raw)),
            None => (self.input.first_line(tag.text), "<test-case>".to_owned()),
        };
        match (ending.outcome(), flag) {
            (Some(Outcome::Passed), Some(flag)) => flag,
            (Some(stated), _) => stated,
            (None, Some(flag)) if written.starts_with('<') => flag,
            (None, _) => results::not_known(self.found, span, written),
        }
    }

    /// Whether an element of a case or suite says that it failed.
    fn says_that_it_failed(&mut self, element: &str) -> Read<bool> {
        match element {
            "failure" => self.failure(),
            "assertions" => self.assertions(),
            // A filter names tests, and what a test or the console wrote are words.
            "filter" | "command-line" | "settings" | "environment" | "output" => {
                self.xml.skip().map(|()| false)
            }
            element => {
                let holds_result = self.xml.skip_unless(|name| name == "test-case" || is_result(name))?;
                Ok(holds_result || says_that_run_failed(element))
            }
        }
    }

    /// Whether a `failure` has words that are no placeholder, and do not say themselves that an attempt passed.
    fn failure(&mut self) -> Read<bool> {
        let is_silent = |line: &str| {
            line.is_empty() || line == "None" || line.starts_with("Run ") && line.ends_with(": Passed")
        };
        let mut says_so = false;
        loop {
            let text = match self.xml.next()? {
                Token::Start(_) => self.xml.text()?,
                Token::Text(text) | Token::Data(text) => Cow::Borrowed(text),
                Token::End(_) | Token::Done => return Ok(says_so),
            };
            says_so |= !text.lines().map(str::trim).all(is_silent);
        }
    }

    /// Whether one of the assertions of a test did not pass.
    fn assertions(&mut self) -> Read<bool> {
        let mut failed = false;
        while self.xml.child()?.is_some() {
            self.xml.attributes(|attribute| {
                failed |= attribute.name == "result" && attribute.raw != "Passed";
                Ok(())
            })?;
            self.xml.skip()?;
        }
        Ok(failed)
    }

    /// The properties of a suite may name the commit, or the id of a test.
    fn suite_properties(&mut self) -> Read<()> {
        while let Some((name, value, raw)) = self.property()? {
            if commit_names::is_commit(&name, &value) {
                self.found.is_about(value, self.input.place(raw));
            } else if let Some(suite) = self.suites.last_mut().filter(|_| may_name_id(raw)) {
                suite.names_id = Some(raw);
            }
        }
        Ok(())
    }

    /// The next `property` or `category` of the innermost element: its name, and its value, also as it is written.
    #[expect(
        clippy::type_complexity,
        reason = "a property as `Case` keeps it, and its value as it is written"
    )]
    fn property(&mut self) -> Read<Option<(Cow<'s, str>, Cow<'s, str>, &'s str)>> {
        let Some(tag) = self.xml.child()? else { return Ok(None) };
        let (mut name, mut value) = ((Cow::Borrowed(""), ""), (Cow::Borrowed(""), ""));
        let xml = &self.xml;
        xml.attributes(|attribute| {
            match attribute.name {
                "name" => name = (xml.value(attribute)?, attribute.raw),
                "value" => value = (xml.value(attribute)?, attribute.raw),
                _ => {}
            }
            Ok(())
        })?;
        self.xml.skip()?;
        Ok(Some(match tag.name {
            // A category of NUnit 2 has a name only.
            "category" => (Cow::Borrowed("Category"), name.0, name.1),
            _ => (name.0, value.0, value.1),
        }))
    }

    fn close(&mut self) {
        let Some(suite) = self.suites.pop() else { return };
        let (span, cases) = (self.input.first_line(suite.tag.text), suite.first..self.found.cases.len());
        results::compare(&suite.stated, (suite.tally, suite.tally), span, cases.clone(), self.found);
        let failed_itself = suite.failed_itself();
        if failed_itself {
            if !self.suites.is_empty() {
                let mut case = results::blank(self.found, self.input.place(suite.tag.text));
                case.outcome =
                    suite.ending.outcome().filter(|outcome| outcome.is_failure()).unwrap_or(Outcome::Errored);
                (case.name, case.suite, case.time) = (suite.name.clone(), suite.names_id, suite.time);
                self.found.cases.push(case);
            }
            let all = cases.start..self.found.cases.len();
            results::run_failed(self.found, span, &suite.name, all);
        } else if suite.is_open_for_no_reason() {
            let written = format!("result=\"{}\"", suite.ending.result.map_or("", |result| result.raw));
            results::not_known(self.found, span, written);
            results::doubt(self.found, cases, Unclear::UnknownResult);
        }
        let Some(outer) = self.suites.last_mut() else { return };
        outer.tally.add(suite.tally);
        outer.failed_suites += suite.failed_suites + u64::from(failed_itself);
    }
}

impl Suite<'_> {
    /// Whether it failed as such: in what prepares or ends it, or though nothing in it failed.
    fn failed_itself(&self) -> bool {
        let has_failures = self.tally.failures() + self.failed_suites > 0;
        let Ending { result, site, success, .. } = self.ending;
        if self.says_that_it_failed && self.ending.outcome().is_none_or(|outcome| !outcome.is_failure()) {
            return true;
        }
        let failed = match result.map(|result| result.raw) {
            None | Some("") => success.eq_ignore_ascii_case("false"),
            Some("Inconclusive" | "Warning") => false,
            Some(_) => !matches!(self.ending.outcome(), Some(Outcome::Passed | Outcome::Skipped)),
        };
        failed && (matches!(site, "SetUp" | "TearDown") || !has_failures)
    }

    /// Whether it says that it is open how it ended, though this is known of all that stands in it.
    fn is_open_for_no_reason(&self) -> bool {
        let Tally { unclear, failed, errored, .. } = self.tally;
        let is_open = self.ending.result.is_some_and(|it| matches!(it.raw, "Inconclusive" | "Warning"));
        is_open && unclear + failed + errored + self.failed_suites == 0
    }
}

impl<'s> Ending<'s> {
    /// Takes an attribute if it says how something ended.
    fn take(&mut self, attribute: Attribute<'s>) -> bool {
        match attribute.name {
            "result" => self.result = Some(attribute),
            "label" => self.label = attribute.raw,
            "site" => self.site = attribute.raw,
            "executed" => self.executed = attribute.raw,
            "success" => self.success = attribute.raw,
            "runstate" => self.runstate = attribute.raw,
            _ => return false,
        }
        true
    }

    /// What is said of no test that passed, if anything is. Other labels are titles of tests.
    fn contradiction(self) -> Option<&'s str> {
        const OF_FAILURES: [&str; 11] = [
            "Error",
            "Cancelled",
            "Invalid",
            "Ignored",
            "Explicit",
            "SetUp",
            "TearDown",
            "Parent",
            "Child",
            "NotRunnable",
            "Skipped",
        ];
        // A test that runs only if it is asked for may pass.
        let runstate = Some(self.runstate).filter(|state| *state != "Explicit");
        [Some(self.label), Some(self.site), runstate]
            .into_iter()
            .flatten()
            .find(|word| OF_FAILURES.contains(word))
    }

    /// What the result says, if it is known.
    fn outcome(self) -> Option<Outcome> {
        match self.result?.raw {
            "Passed" | "Success" => Some(Outcome::Passed),
            "Failed" | "Failure" if matches!(self.label, "Error" | "Cancelled" | "Invalid") => {
                Some(Outcome::Errored)
            }
            "Failed" | "Failure" if matches!(self.site, "SetUp" | "TearDown" | "Parent") => {
                Some(Outcome::Errored)
            }
            "Failed" | "Failure" => Some(Outcome::Failed),
            "Error" | "Cancelled" | "NotRunnable" => Some(Outcome::Errored),
            "Skipped" | "Ignored" => Some(Outcome::Skipped),
            _ => None,
        }
    }
}

/// The counts of a suite, those of one kind added up.
#[derive(Default)]
struct Sums {
    total: Option<u64>,
    passed: Option<u64>,
    failed: Option<u64>,
    skipped: Option<u64>,
    not_run: Option<u64>,
    unclear: Option<u64>,
}

impl Sums {
    fn take<'s>(&mut self, attribute: Attribute<'s>, input: &Input<'s>, found: &mut Found<'s>) {
        let sum = match attribute.name {
            "total" => &mut self.total,
            "passed" => &mut self.passed,
            "failed" | "failures" | "errors" | "invalid" => &mut self.failed,
            "not-run" => &mut self.not_run,
            "skipped" | "ignored" => &mut self.skipped,
            "inconclusive" | "warnings" => &mut self.unclear,
            _ => return,
        };
        if let Some(more) = count(attribute, input, found) {
            *sum = Some(sum.unwrap_or_default().saturating_add(more));
        }
    }

    fn stated(self) -> Vec<StatedCount> {
        [
            ("total", CountOf::Cases, self.total),
            ("passed", CountOf::Passed, self.passed),
            ("failed", CountOf::Failed, self.failed),
            ("skipped", CountOf::Skipped, self.skipped),
            ("not-run", CountOf::NotRun, self.not_run),
            ("inconclusive", CountOf::Unclear, self.unclear),
        ]
        .into_iter()
        .filter_map(|(what, of, number)| Some(StatedCount { what, of, number: number? }))
        .collect()
    }
}

/// The class in the full name of a method, with which NUnit 2 names a case: `Shop.Cart.Pays(1.5)`. What has a space
/// before its arguments is no such name.
fn class_in<'s>(name: &Cow<'s, str>) -> Cow<'s, str> {
    let method = name.split('(').next().unwrap_or("");
    match method.rfind('.').filter(|_| !method.contains(' ')) {
        None => Cow::Borrowed(""),
        Some(end) => match name {
            Cow::Borrowed(name) => Cow::Borrowed(&name[..end]),
            Cow::Owned(name) => Cow::Owned(name[..end].to_owned()),
        },
    }
}
