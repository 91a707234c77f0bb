//! Test results in the Common Test Report Format (CTRF), as reporters for Playwright, Jest, Cypress, pytest and
//! others write it.
//!
//! The format is the JSON Schema of ctrf-io/ctrf (`schema/ctrf.schema.json`, specification 1.0). What older reporters
//! write otherwise is read, too: a `suite` that is one text.
//!
//! - Only `passed` passes; `skipped` and `pending` were not run; `other` leaves open how a test ended, and so does
//!   every other word.
//! - A test that passed and was tried again, or says that it is flaky, passed only after it had failed.
//! - A test that passed and whose own framework says otherwise (`rawStatus`), or one of whose steps did not pass,
//!   contradicts itself.
//! - Where the summary states worse than the tests do, what passed is unclear: some reporters count a test as failed
//!   that they write as passed.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::Deserialize;
use serde::de::{Error, IgnoredAny, MapAccess};
use serde_json::value::RawValue;

use super::commit_names;
use super::input::{Found, Input};
use super::json::{self, Items, Members, Object, Pairs};
use super::junit::words::stated_outcome;
use super::results::{self, CountOf, StatedCount, Tally};
use super::{EvidenceDefect, EvidenceDefectKind, Outcome, Timestamp, Unclear};

/// Reads a report. A file that is cut off keeps the tests before the cut.
pub(super) fn read<'s>(input: &Input<'s>, found: &mut Found<'s>) {
    let mut report = Report::default();
    let read = json::read_object(input, &mut report);
    let Report { timestamp, results } = report;
    let mut tally = Tally::default();
    let mut flaky = 0;
    found.cases.reserve(results.tests.len());
    for item in &results.tests {
        match test(input, item, found) {
            Ok(is_flaky) => flaky += u64::from(is_flaky),
            Err(defect) => found.broken(defect),
        }
    }
    found.cases.iter().for_each(|case| tally.count(case.outcome));
    let about = [
        results.tool.map_or(Ok(()), |tool| made_by(input, tool, found)),
        results.environment.map_or(Ok(()), |environment| commit(input, environment, found)),
        results.summary.map_or(Ok(()), |summary| compare(input, summary, (tally, flaky), found)),
    ];
    about.into_iter().filter_map(Result::err).for_each(|defect| found.broken(defect));
    if let Some(timestamp) = timestamp.filter(|_| found.report.time == Timestamp::Missing) {
        found.report.time = time(input, timestamp, found);
    }
    match read {
        Err(defect) => found.broken(defect),
        Ok(()) if !results.has_tests => {
            found.broken(input.malformed(0, "a CTRF report has a list `tests` in its `results`"));
        }
        Ok(()) => {}
    }
    results::date_by_cases(found);
}

/// The root, and what of it is read.
#[derive(Default)]
struct Report<'s> {
    timestamp: Option<&'s RawValue>,
    results: Results<'s>,
}

/// `results`, as raw texts.
#[derive(Default)]
struct Results<'s> {
    tool: Option<&'s RawValue>,
    summary: Option<&'s RawValue>,
    environment: Option<&'s RawValue>,
    has_tests: bool,
    tests: Vec<&'s RawValue>,
}

impl<'s> Object<'s> for Report<'s> {
    fn member<A: MapAccess<'s>>(&mut self, name: Cow<'s, str>, values: &mut A) -> Result<(), A::Error> {
        match &*name {
            "timestamp" => self.timestamp = Some(values.next_value()?),
            "results" => values.next_value_seed(Members(&mut self.results))?,
            _ => drop(values.next_value::<IgnoredAny>()?),
        }
        Ok(())
    }
}

impl<'s> Object<'s> for Results<'s> {
    fn member<A: MapAccess<'s>>(&mut self, name: Cow<'s, str>, values: &mut A) -> Result<(), A::Error> {
        match &*name {
            "tool" => self.tool = Some(values.next_value()?),
            "summary" => {
                if self.summary.replace(values.next_value()?).is_some() {
                    return Err(A::Error::custom("duplicate key `summary`"));
                }
            }
            "environment" => self.environment = Some(values.next_value()?),
            "tests" => {
                self.has_tests = true;
                values.next_value_seed(Items(&mut self.tests))?;
            }
            _ => drop(values.next_value::<IgnoredAny>()?),
        }
        Ok(())
    }
}

/// A test. What is no text or list where it should be one says nothing.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Test<'s> {
    #[serde(borrow)]
    name: Option<&'s RawValue>,
    #[serde(borrow)]
    status: Option<&'s RawValue>,
    #[serde(borrow)]
    raw_status: Option<&'s RawValue>,
    #[serde(borrow)]
    steps: Option<&'s RawValue>,
    #[serde(borrow)]
    suite: Option<&'s RawValue>,
    #[serde(borrow)]
    file_path: Option<&'s RawValue>,
    #[serde(borrow)]
    start: Option<&'s RawValue>,
    #[serde(borrow)]
    stop: Option<&'s RawValue>,
    #[serde(borrow)]
    tags: Option<&'s RawValue>,
    #[serde(borrow)]
    labels: Option<&'s RawValue>,
    #[serde(borrow)]
    flaky: Option<&'s RawValue>,
    #[serde(borrow)]
    retries: Option<&'s RawValue>,
    #[serde(borrow)]
    retry_attempts: Option<&'s RawValue>,
}

/// Reads a test, and says whether it is flaky by its own word.
fn test<'s>(input: &Input<'s>, item: &'s RawValue, found: &mut Found<'s>) -> Result<bool, EvidenceDefect> {
    let test: Test<'s> = json::read(input, item)?;
    let mut case = results::blank(found, input.first_line(item.get()));
    let Some(name) = test.name.and_then(json::text) else {
        return Err(json::wrong(input, item, "a test has a `name`"));
    };
    case.class = test.suite.map(suite).unwrap_or_default();
    case.name = results::without_class(name, &case.class);
    case.file = test.file_path.and_then(json::text);
    for raw in [test.start, test.stop].into_iter().flatten() {
        if case.time == Timestamp::Missing {
            case.time = time(input, raw, found);
        }
    }
    case.outcome = match test.status.and_then(json::text).as_deref() {
        Some("passed") => Outcome::Passed,
        Some("failed") => Outcome::Failed,
        Some("skipped" | "pending") => Outcome::Skipped,
        Some(word) => results::not_known(found, case.span, format!("\"status\": \"{word}\"")),
        None => results::not_known(found, case.span, "no `status`".to_owned()),
    };
    if case.outcome == Outcome::Passed
        && let Some(other) = test.contradiction()
    {
        case.outcome = results::contradicted(found, case.span, other);
    }
    let is_flaky = test.flaky.is_some_and(|flaky| !matches!(flaky.get(), "false" | "null"));
    // A number of retries that cannot be read is hardly none.
    let retries =
        |raw: &'s RawValue| raw.get().parse::<f64>().map_or(raw.get() != "null", |count| count > 0.0);
    let was_retried = test.retries.is_some_and(retries) || test.retry_attempts.is_some_and(one_did_not_pass);
    case.flaky = case.outcome == Outcome::Passed && (is_flaky || was_retried);
    let is_flaky = is_flaky || case.flaky;
    let tags = test.tags.map(texts).unwrap_or_default();
    let tags = tags.into_iter().map(|tag| (Cow::Borrowed("tag"), tag));
    case.properties = tags.chain(test.labels.map(labels).unwrap_or_default()).collect();
    found.cases.push(case);
    Ok(is_flaky)
}

impl Test<'_> {
    /// What of it says that it did not pass, whatever its status is: the word of its own framework, or one of its steps.
    fn contradiction(&self) -> Option<String> {
        let own = self.raw_status.filter(|status| !says_that_it_passed(status));
        let own = own.map(|status| format!("`\"rawStatus\": {}`", status.get()));
        let steps = self.steps.filter(|steps| steps.get() != "[]" && !all_passed(steps));
        own.or_else(|| steps.map(|_| "`steps` that did not pass".to_owned()))
    }
}

/// Whether the word of a test framework says that a test passed, or says nothing.
fn says_that_it_passed(status: &RawValue) -> bool {
    match json::text(status) {
        Some(word) if matches!(&*word, "expected" | "flaky") => true,
        Some(word) => stated_outcome(&word).is_none_or(|outcome| outcome == Outcome::Passed),
        None => status.get() == "null",
    }
}

/// Whether none of the steps of a test went wrong.
fn all_passed(steps: &RawValue) -> bool {
    let went_well = |attempt: &Attempt| matches!(&*attempt.status, "passed" | "skipped" | "pending");
    let steps: Option<Option<Vec<Attempt>>> = serde_json::from_str(steps.get()).ok();
    steps.is_some_and(|steps| steps.iter().flatten().all(went_well))
}

/// A step of a test, or an attempt at it.
#[derive(Deserialize)]
struct Attempt {
    status: String,
}

/// The suites that a test stands in, from the outermost on: a list, or one text.
fn suite<'s>(raw: &'s RawValue) -> Cow<'s, str> {
    json::text(raw).unwrap_or_else(|| {
        let mut suites = texts(raw);
        match suites.len() {
            1 => suites.remove(0),
            _ => Cow::Owned(suites.join(" > ")),
        }
    })
}

/// The texts of a list, or a text alone.
fn texts<'s>(raw: &'s RawValue) -> Vec<Cow<'s, str>> {
    let list: Vec<&'s RawValue> = serde_json::from_str(raw.get()).unwrap_or_else(|_| vec![raw]);
    list.into_iter().filter_map(json::text).collect()
}

fn labels<'s>(raw: &'s RawValue) -> Vec<(Cow<'s, str>, Cow<'s, str>)> {
    let labels: BTreeMap<Cow<'s, str>, &'s RawValue> = serde_json::from_str(raw.get()).unwrap_or_default();
    labels
        .into_iter()
        .flat_map(|(name, value)| texts(value).into_iter().map(move |text| (name.clone(), text)))
        .collect()
}

/// Whether an attempt did not pass, or cannot be read.
fn one_did_not_pass(attempts: &RawValue) -> bool {
    let attempts: Option<Option<Vec<Attempt>>> = serde_json::from_str(attempts.get()).ok();
    attempts.is_none_or(|attempts| attempts.iter().flatten().any(|attempt| attempt.status != "passed"))
}

/// A time in milliseconds since 1970, or as a text.
fn time<'s>(input: &Input<'s>, raw: &'s RawValue, found: &mut Found<'s>) -> Timestamp {
    found.time(raw.get().trim_matches('"'), input.place(raw.get()))
}

fn made_by<'s>(input: &Input<'s>, tool: &'s RawValue, found: &mut Found<'s>) -> Result<(), EvidenceDefect> {
    let tool: BTreeMap<Cow<'s, str>, &'s RawValue> = json::read(input, tool)?;
    if let Some(name) = tool.get("name").copied().and_then(json::text) {
        found.made_by(name);
    }
    Ok(())
}

/// The environment names the commit.
fn commit<'s>(
    input: &Input<'s>,
    environment: &'s RawValue,
    found: &mut Found<'s>,
) -> Result<(), EvidenceDefect> {
    let members: BTreeMap<Cow<'s, str>, &'s RawValue> = json::read(input, environment)?;
    for (name, raw) in members {
        if let Some(value) = json::text(raw).filter(|value| commit_names::is_commit(&name, value)) {
            found.is_about(value, input.place(raw.get()));
        }
    }
    Ok(())
}

/// Holds the summary against the tests, and dates the report by it.
fn compare<'s>(
    input: &Input<'s>,
    summary: &'s RawValue,
    (tally, flaky): (Tally, u64),
    found: &mut Found<'s>,
) -> Result<(), EvidenceDefect> {
    let members = Pairs::of(input, summary)?;
    let counted = [
        ("tests", CountOf::Cases),
        ("passed", CountOf::Passed),
        ("failed", CountOf::Failed),
        // Words of other formats for the same.
        ("failures", CountOf::Failed),
        ("errors", CountOf::Failed),
        ("other", CountOf::Unclear),
    ];
    let mut stated = Vec::new();
    for (what, of) in counted {
        stated.extend(number(input, &members, what, found).map(|number| StatedCount { what, of, number }));
    }
    let not_run = ["skipped", "pending"].map(|what| number(input, &members, what, found));
    if let Some(number) = not_run.into_iter().flatten().reduce(u64::saturating_add) {
        stated.push(StatedCount { what: "skipped", of: CountOf::Skipped, number });
    }
    let (span, cases) = (input.first_line(summary.get()), 0..found.cases.len());
    results::compare(&stated, (tally, tally), span, cases.clone(), found);
    if let Some(stated) = number(input, &members, "flaky", found).filter(|stated| *stated > flaky) {
        // Any of the tests that passed may be one of those.
        found.defect(span, EvidenceDefectKind::CountsDiffer { what: "flaky", stated, counted: flaky });
        results::doubt(found, cases, Unclear::StatedWorse);
    }
    let mut when = |name| members.get(name).map_or(Timestamp::Missing, |raw| time(input, raw, found));
    found.report.time = match when("stop") {
        Timestamp::Missing => when("start"),
        stop => stop,
    };
    Ok(())
}

/// A count of the summary. One that is no count leaves open what the report holds.
fn number<'s>(
    input: &Input<'s>,
    members: &Pairs<'s>,
    name: &'static str,
    found: &mut Found<'s>,
) -> Option<u64> {
    let raw = members.get(name)?;
    let text = raw.get();
    let number = text.strip_suffix(".0").unwrap_or(text).parse().ok();
    if number.is_none() {
        found.broken(json::wrong(input, raw, &format!("`{name}` is a count, and this is none")));
    }
    number
}
