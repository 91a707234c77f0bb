//! One test case: what its attributes state, what its elements say, and how it ended.

use std::borrow::Cow;

use super::words::{
    counts_failures, is_bad_result, is_nothing, is_result, is_silent, says_result, says_that_run_failed,
    stated_by_flag, stated_outcome,
};
use super::{Read, Reader, in_small_letters, when};
use crate::evidence::commit_names;
use crate::evidence::input::{Found, Input};
use crate::evidence::results::{self, worse};
use crate::evidence::xml::{Attribute, Tag, Token};
use crate::evidence::{Case, EvidenceDefectKind, Outcome, Timestamp, Unclear};

/// Properties of a case, name and value.
type Properties<'s> = Vec<(Cow<'s, str>, Cow<'s, str>)>;

/// What the attributes of a case state about how it ended.
#[derive(Default)]
struct Stated {
    outcome: Option<Outcome>,
    /// Whether anything is stated, if only that it ran.
    anything: bool,
    /// It states that it ran, and no result.
    only_ran: bool,
    /// It states that it was not run.
    not_run: bool,
}

/// What the elements of a case say.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct Seen {
    pub failures: u32,
    pub errors: u32,
    skipped: bool,
    /// A part of it was skipped, whatever became of the others.
    partly_skipped: bool,
    flaky: bool,
    rerun: bool,
    /// Something in it may say that it did not pass.
    unclear: bool,
    /// A case within this one failed, or went wrong.
    failed_within: bool,
    errored_within: bool,
    /// How many other runs there were that failed, and how many that went wrong.
    pub repeated: (u32, u32),
}

impl<'s> Reader<'_, '_, 's> {
    /// Reads a case, and says how it ended.
    pub(super) fn case(&mut self, tag: Tag<'s>) -> Read<Outcome> {
        let suite = self.suites.last();
        let mut case = Case {
            suite: suite.and_then(|suite| suite.names_id),
            suite_start: suite.and_then(|suite| suite.start(self.input)),
            file: suite.and_then(|suite| suite.file.clone()),
            time: suite.map(|suite| suite.time).unwrap_or_default(),
            ..results::blank(self.found, self.input.place(tag.text))
        };
        let silent = match suite.is_some_and(|suite| suite.silent_is_skipped) {
            true => Outcome::Skipped,
            false => Outcome::Passed,
        };
        let stated = self.attributes(&mut case)?;
        if case.name.is_empty() && case.class.is_empty() {
            self.interrupted(tag);
        }
        if stated.only_ran && self.suites.last().is_some_and(|suite| is_within(&case.class, &suite.name)) {
            self.found.made_by("Catch2");
        }
        // CTest writes a test that it could not run like one that was to be skipped, but for the reason.
        let could_not_run = stated.not_run && !case.name.is_empty() && case.class == case.name;
        let (seen, properties) = self.inside_case(could_not_run)?;
        if !properties.is_empty() {
            case.properties = properties.into_boxed_slice();
        }
        let unsaid = if stated.anything { Outcome::Passed } else { silent };
        case.outcome = seen.outcome(stated.outcome).unwrap_or(unsaid);
        if case.name.is_empty() && case.class.is_empty() && case.outcome == Outcome::Passed {
            case.outcome = Outcome::Unclear(Unclear::RunFailed);
        }
        case.flaky = seen.flaky && case.outcome == Outcome::Passed;
        let outcome = case.outcome;
        self.count(outcome, seen, 1);
        self.found.cases.push(case);
        Ok(outcome)
    }

    /// A case that is called nothing is what pytest was at when it was interrupted: those behind it never ran.
    fn interrupted(&mut self, tag: Tag<'s>) {
        match self.suites.last_mut() {
            Some(suite) => suite.unknown = true,
            None => self.is_lost = true,
        }
        let kind = EvidenceDefectKind::ResultNotKnown { written: "<testcase> without a name".to_owned() };
        self.found.defect(self.input.first_line(tag.text), kind);
    }

    fn attributes(&mut self, case: &mut Case<'s>) -> Read<Stated> {
        let mut stated = Stated::default();
        let mut own_time = Timestamp::Missing;
        let (xml, input, found) = (&self.xml, self.input, &mut *self.found);
        xml.attributes(|attribute| {
            let name = in_small_letters(attribute.name);
            match &*name {
                "name" => case.name = xml.value(attribute)?,
                "classname" => case.class = xml.value(attribute)?,
                "class" if case.class.is_empty() => case.class = xml.value(attribute)?,
                "file" | "filepath" => case.file = Some(xml.value(attribute)?),
                "timestamp" | "date" | "created" | "started-at" | "start-time" | "start_time"
                | "starttime" => {
                    own_time = own_time.earliest(when(attribute, input, found));
                }
                "status" | "result" | "outcome" | "state" | "verdict" | "conclusion" => {
                    let word = known(stated_outcome(attribute.raw), attribute, input, found);
                    stated.outcome = worse(stated.outcome, word);
                    stated.only_ran = name == "status" && attribute.raw == "run";
                    stated.not_run |= attribute.raw == "notrun";
                    stated.anything = true;
                }
                "success" | "passed" | "executed" => {
                    let flag = known(stated_by_flag(&name, attribute.raw), attribute, input, found);
                    stated.outcome = worse(stated.outcome, flag);
                }
                "failed" | "errored" | "skipped" | "disabled" | "ignored" => {
                    // The attribute says so of itself: `skipped="true"`.
                    let outcome = match (stated_by_flag("passed", attribute.raw), stated_outcome(&name)) {
                        (Some(Outcome::Passed), outcome) => outcome,
                        (Some(Outcome::Unclear(_)), _) => {
                            known(Some(Outcome::Unclear(Unclear::UnknownResult)), attribute, input, found)
                        }
                        _ => None,
                    };
                    stated.outcome = worse(stated.outcome, outcome);
                }
                "failures" | "errors" if !matches!(attribute.raw.trim(), "" | "0") => {
                    stated.outcome = worse(stated.outcome, Some(Outcome::Failed));
                }
                name if (counts_failures(name) || says_that_run_failed(name)) && name != "timeout" => {
                    let outcome = (!is_nothing(attribute.raw)).then_some(Outcome::Failed);
                    stated.outcome = worse(stated.outcome, outcome);
                }
                _ => {}
            }
            Ok(())
        })?;
        case.time = own_time.or(case.time);
        Ok(stated)
    }

    /// What stands in a case, up to its end. `could_not_run` says that a case that was skipped may be one that could not
    /// be run.
    fn inside_case(&mut self, could_not_run: bool) -> Read<(Seen, Properties<'s>)> {
        let mut seen = Seen::default();
        let mut properties = Vec::new();
        loop {
            let tag = match self.xml.next()? {
                Token::Start(tag) => tag,
                Token::Text(text) | Token::Data(text) => {
                    seen.unclear |= says_that_it_failed(text);
                    continue;
                }
                Token::End(_) | Token::Done => return Ok((seen, properties)),
            };
            match tag.name {
                "failure" => seen.failures += 1,
                "error" => seen.errors += 1,
                "skipped" | "disabled" | "ignored" | "skip" => self.skipped(could_not_run, &mut seen)?,
                "flakyFailure" => (seen.flaky, seen.repeated.0) = (true, seen.repeated.0 + 1),
                "flakyError" => (seen.flaky, seen.repeated.1) = (true, seen.repeated.1 + 1),
                "rerunFailure" => (seen.rerun, seen.repeated.0) = (true, seen.repeated.0 + 1),
                "rerunError" => (seen.rerun, seen.repeated.1) = (true, seen.repeated.1 + 1),
                // As deep as `xml` lets elements be, and no deeper.
                "testcase" => {
                    seen.within(self.case(tag)?);
                    continue;
                }
                "properties" => {
                    self.case_properties(&mut properties, &mut seen)?;
                    continue;
                }
                name if is_silent(name) => {
                    if self.xml.skip_unless(is_result)? {
                        self.unknown_in_case(tag, &mut seen);
                    }
                    continue;
                }
                _ => self.unknown_in_case(tag, &mut seen),
            }
            self.xml.skip()?;
        }
    }

    fn unknown_in_case(&mut self, tag: Tag<'s>, seen: &mut Seen) {
        seen.unclear = true;
        let kind = EvidenceDefectKind::ResultNotKnown { written: format!("<{}>", tag.name) };
        self.found.defect(self.input.first_line(tag.text), kind);
    }

    /// That a case was skipped, or what is written like that: CTest writes so of a test that it could not run, nose2 of
    /// one that passed against all expectation.
    fn skipped(&mut self, could_not_run: bool, seen: &mut Seen) -> Read<()> {
        let (mut message, mut kind) = ("", "");
        self.xml.attributes(|attribute| {
            match attribute.name {
                "message" => message = attribute.raw,
                "type" => kind = attribute.raw,
                _ => {}
            }
            Ok(())
        })?;
        match message {
            _ if could_not_run && !message.starts_with("SKIP_") && message != "Disabled" => seen.errors += 1,
            _ if message.contains("passes unexpectedly") => seen.unclear = true,
            _ => {
                seen.skipped = true;
                // pytest has a word of its own for a failure that was expected, and writes subtests into their test.
                seen.partly_skipped |= kind == "pytest.skip";
            }
        }
        Ok(())
    }

    /// The properties of a case. One may name the commit: pytest writes them there.
    fn case_properties(&mut self, properties: &mut Properties<'s>, seen: &mut Seen) -> Read<()> {
        self.hidden = false;
        while let Some((name, (value, raw))) = self.property()? {
            if commit_names::is_commit(&name, &value) {
                self.found.is_about(value.clone(), self.input.place(raw));
            }
            // A runner may write the result there, and nowhere else.
            if says_result(&name) && is_bad_result(&value) {
                let kind = EvidenceDefectKind::ResultNotKnown { written: format!("{name}={value}") };
                self.found.defect(self.input.place(raw), kind);
                seen.unclear = true;
            }
            properties.push((name, value));
        }
        seen.unclear |= self.hidden;
        Ok(())
    }
}

impl Seen {
    /// Counts a failure, or an error, that stands outside of any case.
    pub(super) fn outside(outcome: Outcome) -> Self {
        Seen {
            failures: u32::from(outcome == Outcome::Failed),
            errors: u32::from(outcome == Outcome::Errored),
            ..Seen::default()
        }
    }

    /// A case within ended like this.
    fn within(&mut self, outcome: Outcome) {
        match outcome {
            Outcome::Failed => self.failed_within = true,
            Outcome::Errored => self.errored_within = true,
            Outcome::Unclear(_) => self.unclear = true,
            Outcome::Passed | Outcome::Skipped => {}
        }
    }

    /// How the case ended, by its elements and by what its attributes state. What ran again without passing failed.
    fn outcome(self, stated: Option<Outcome>) -> Option<Outcome> {
        let within = match self {
            Seen { failed_within: true, .. } => Some(Outcome::Failed),
            Seen { errored_within: true, .. } => Some(Outcome::Errored),
            _ => None,
        };
        // That a failure was expected is the word of the test runner, whatever else it calls the case. An error beside
        // it was not: pytest writes so of what a test that was skipped left behind.
        let expected =
            self.skipped && !self.partly_skipped && self.failures > 0 && self.errors == 0 && !self.unclear;
        let own = match self {
            _ if expected => return worse(within, Some(Outcome::Skipped)),
            Seen { failures: 1.., .. } => Some(Outcome::Failed),
            Seen { errors: 1.., .. } => Some(Outcome::Errored),
            Seen { unclear: true, .. } => Some(Outcome::Unclear(Unclear::UnknownResult)),
            Seen { skipped: true, .. } => Some(Outcome::Skipped),
            Seen { flaky: true, .. } => Some(Outcome::Passed),
            Seen { rerun: true, .. } => Some(Outcome::Failed),
            _ => None,
        };
        worse(within, worse(own, stated))
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

/// Whether text that stands in a case itself, where none is expected, begins with a word for a failure.
fn says_that_it_failed(text: &str) -> bool {
    let word = text.trim_start().split(|letter: char| !letter.is_ascii_alphabetic()).next().unwrap_or("");
    !word.is_empty() && stated_outcome(word).is_some_and(Outcome::is_failure)
}
