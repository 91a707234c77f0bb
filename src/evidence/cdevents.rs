//! Events of a delivery pipeline as CDEvents 0.3 to 0.6: one, a list, or one behind the other as JSON lines, each alone or
//! as the `data` of a CloudEvent. <https://github.com/cdevents/spec>
//!
//! Runs of tests that ended become test cases. Everything else is kept as it happened; types that are not known keep
//! their name.

use std::borrow::Cow;

use serde_json::value::RawValue;

use super::input::{Found, Input};
use super::json::{self, Pairs};
use super::{
    Case, Event, EventKind, EvidenceDefect, EvidenceDefectKind, Outcome, ReportIndex, ReportKind, Unclear,
};
use crate::source::{FileId, SourceFile, Span};

/// Reads events.
pub(super) fn read<'s>(input: &Input<'s>, found: &mut Found<'s>) {
    let mut events = Vec::new();
    let read = match input.text.trim_start().starts_with('[') {
        true => json::read_list(input, &mut events),
        false => json::read_values(input, &mut events),
    };
    for event in events {
        if let Err(defect) = event_of(input, event, found) {
            found.broken(defect);
        }
    }
    if let Err(defect) = read {
        found.broken(defect);
    }
}

/// Reads the events of a file one by one, for readers that take the file apart themselves.
#[derive(Debug)]
pub struct EventReader<'s> {
    input: Input<'s>,
    found: Found<'s>,
}

impl<'s> EventReader<'s> {
    /// A reader of the parts of a file.
    pub fn of(file: FileId, source: &'s SourceFile) -> Result<Self, EvidenceDefect> {
        let found = Found::new(file, ReportKind::CdEvents, ReportIndex(0));
        Input::of(file, source).map(|input| EventReader { input, found })
    }

    /// The event that a part of the file is.
    pub fn read(&mut self, part: &'s RawValue) -> Result<Event<'s>, EvidenceDefect> {
        self.found.cases = super::Cases::default();
        event_of(&self.input, part, &mut self.found)?;
        let none = || json::wrong(&self.input, part, "not an event");
        self.found.events.pop().ok_or_else(none)
    }
}

fn event_of<'s>(input: &Input<'s>, part: &'s RawValue, found: &mut Found<'s>) -> Result<(), EvidenceDefect> {
    let members = Pairs::of(input, part)?;
    // A CloudEvent has the event as its data.
    let (part, members) = match members.get("data") {
        Some(data) if members.get("context").is_none() => (data, Pairs::of(input, data)?),
        _ => (part, members),
    };
    let object = |owner: &Pairs<'s>, place, key| -> Result<(&'s RawValue, Pairs<'s>), EvidenceDefect> {
        let part = owner.get(key).ok_or_else(|| missing(input, place, key))?;
        Ok((part, Pairs::of(input, part)?))
    };
    let (context_part, context) = object(&members, part, "context")?;
    let (subject_part, subject) = object(&members, part, "subject")?;
    let (content_part, content) = object(&subject, subject_part, "content")?;
    // The first versions called it `version`.
    let version = if context.get("specversion").is_some() { "specversion" } else { "version" };
    for key in [version, "id", "source"] {
        needed(input, &context, context_part, key)?;
    }
    let event = Type::of(input, &context, context_part)?;
    check_shapes(input, &content)?;
    for key in event.kind.needs() {
        content.get(key).ok_or_else(|| missing(input, content_part, key))?;
    }
    let when = context.get("timestamp").ok_or_else(|| missing(input, context_part, "timestamp"))?;
    let place = input.first_line(when.get());
    let time = found.time(&json::text(when).unwrap_or(Cow::Borrowed("a time is a text")), place);
    let span = input.first_line(part.get());
    let event = Event {
        report: found.index,
        span,
        kind: event.kind,
        subject: needed(input, &subject, subject_part, "id")?,
        environment: content.get("environment").and_then(|part| id_in(input, part)),
        artifact: content.get("artifactId").and_then(json::text),
        outcome: ["outcome", "status", "decision"].iter().find_map(|key| json::text(content.get(key)?)),
        time,
    };
    if let Some(case) = case_of(input, &event, &content, found) {
        found.cases.push(case);
    }
    found.events.push(event);
    Ok(())
}

/// What an event is of.
struct Type<'s> {
    kind: EventKind<'s>,
}

impl<'s> Type<'s> {
    /// Reads `dev.cdevents.service.deployed.0.2.0`; what other programs add begins with `dev.cdeventsx.`.
    fn of(input: &Input<'s>, context: &Pairs<'s>, place: &'s RawValue) -> Result<Self, EvidenceDefect> {
        let text = needed(input, context, place, "type")?;
        let name = ["dev.cdevents.", "dev.cdeventsx."].iter().find_map(|start| text.strip_prefix(start));
        let parts = name.and_then(|name| {
            let (name, patch) = name.rsplit_once('.')?;
            let (name, minor) = name.rsplit_once('.')?;
            let (name, major) = name.rsplit_once('.')?;
            let is_version = [major, minor].iter().all(|part| part.bytes().all(|byte| byte.is_ascii_digit()));
            let is_patch = patch.starts_with(|c: char| c.is_ascii_digit());
            (is_version && is_patch && name.contains('.')).then_some(name)
        });
        let Some(name) = parts else {
            let part = context.get("type").unwrap_or(place);
            let reason = "the type of an event is written `dev.cdevents.service.deployed.0.2.0`";
            return Err(json::wrong(input, part, reason));
        };
        let kind = match name.split_once('.') {
            Some(("service", "deployed")) => EventKind::ServiceDeployed,
            Some(("service", "upgraded")) => EventKind::ServiceUpgraded,
            Some(("service", "rolledback")) => EventKind::ServiceRolledBack,
            Some(("service", "removed")) => EventKind::ServiceRemoved,
            Some(("service", "published")) => EventKind::ServicePublished,
            Some(("approval", predicate)) => EventKind::Approval(Cow::Owned(predicate.to_owned())),
            Some(("incident", "detected")) => EventKind::IncidentDetected,
            Some(("incident", "reported")) => EventKind::IncidentReported,
            Some(("incident", "resolved")) => EventKind::IncidentResolved,
            Some(("testcaserun", "finished")) => EventKind::TestCaseFinished,
            Some(("testsuiterun", "finished")) => EventKind::TestSuiteFinished,
            _ => EventKind::Other(Cow::Owned(name.to_owned())),
        };
        Ok(Type { kind })
    }
}

impl EventKind<'_> {
    /// The members of its content that it is nothing without.
    fn needs(&self) -> &'static [&'static str] {
        match self {
            EventKind::ServiceDeployed | EventKind::ServiceUpgraded | EventKind::ServiceRolledBack => {
                &["environment", "artifactId"]
            }
            EventKind::IncidentDetected | EventKind::IncidentReported | EventKind::IncidentResolved => {
                &["environment"]
            }
            EventKind::TestCaseFinished | EventKind::TestSuiteFinished => &["outcome", "environment"],
            EventKind::Approval(predicate) => match &**predicate {
                "closed" => &["responder", "decision", "status"],
                "updated" => &["responder", "decision"],
                "created" => &["requestor"],
                _ => &[],
            },
            EventKind::ServiceRemoved | EventKind::ServicePublished | EventKind::Other(_) => &[],
        }
    }
}

/// Members of contents that are objects with an `id`.
const OBJECTS: [&str; 9] = [
    "change",
    "environment",
    "pipelineRun",
    "repository",
    "service",
    "testCase",
    "testCaseRun",
    "testSuite",
    "testSuiteRun",
];

/// Members of contents that are texts.
const TEXTS: [&str; 25] = [
    "approvalDetailsUrl",
    "artifactId",
    "creator",
    "decision",
    "description",
    "errors",
    "format",
    "group",
    "name",
    "outcome",
    "outputType",
    "owner",
    "pipelineName",
    "reason",
    "requestor",
    "resourceTargetUrl",
    "responder",
    "severity",
    "signature",
    "status",
    "taskName",
    "ticketURI",
    "uri",
    "user",
    "viewUrl",
];

/// Whether what is known of a content has the shape that it has in every event.
fn check_shapes(input: &Input<'_>, content: &Pairs<'_>) -> Result<(), EvidenceDefect> {
    for (key, value) in &content.0 {
        if TEXTS.contains(&&**key) && json::text(value).is_none() {
            return Err(json::wrong(input, value, &format!("`{key}` is a text")));
        }
        if OBJECTS.contains(&&**key) {
            let is_named = value.get().starts_with('{') && id_in(input, value).is_some();
            if !is_named {
                return Err(json::wrong(input, value, &format!("`{key}` is an object with an `id`")));
            }
        }
    }
    Ok(())
}

/// The `id` of an object.
fn id_in<'s>(input: &Input<'s>, part: &'s RawValue) -> Option<Cow<'s, str>> {
    let id = Pairs::of(input, part).ok()?.get("id").and_then(json::text)?;
    (!id.trim().is_empty()).then_some(id)
}

/// A member that is a text, and not an empty one.
fn needed<'s>(
    input: &Input<'s>,
    owner: &Pairs<'s>,
    place: &'s RawValue,
    key: &str,
) -> Result<Cow<'s, str>, EvidenceDefect> {
    let part = owner.get(key).ok_or_else(|| missing(input, place, key))?;
    let text = json::text(part).filter(|text| !text.trim().is_empty());
    text.ok_or_else(|| json::wrong(input, part, &format!("`{key}` is a text that is not empty")))
}

fn missing(input: &Input<'_>, place: &RawValue, key: &str) -> EvidenceDefect {
    json::wrong(input, place, &format!("`{key}` is missing"))
}

/// The case that an event is, if a test ended or was skipped.
fn case_of<'s>(
    input: &Input<'s>,
    event: &Event<'s>,
    content: &Pairs<'s>,
    found: &mut Found<'s>,
) -> Option<Case<'s>> {
    let key = match &event.kind {
        EventKind::TestCaseFinished => "testCase",
        EventKind::TestSuiteFinished => "testSuite",
        EventKind::Other(name) if name == "testcaserun.skipped" => "testCase",
        _ => return None,
    };
    let outcome = match (&event.kind, event.outcome.as_deref().unwrap_or("")) {
        (EventKind::Other(_), _) => Outcome::Skipped,
        // Until version 0.4 they were called `pass` and `fail`.
        (_, "success" | "pass") => Outcome::Passed,
        (_, "failure" | "fail") => Outcome::Failed,
        (_, "error") => Outcome::Errored,
        (_, other) => {
            let place = content.get("outcome").map_or(event.span, |part| input.first_line(part.get()));
            not_known(other, place, found)
        }
    };
    let test = content.get(key).and_then(|part| Pairs::of(input, part).ok()).unwrap_or_default();
    let text = |key| test.get(key).and_then(json::text).filter(|text| !text.trim().is_empty());
    let id = text("id");
    let name = text("name").or_else(|| id.clone()).unwrap_or_else(|| event.subject.clone());
    Some(Case {
        report: found.index,
        span: event.span,
        name,
        class: Cow::Borrowed(""),
        suite: None,
        suite_start: None,
        file: None,
        properties: id.map(|id| (Cow::Borrowed("id"), id)).into_iter().collect(),
        outcome,
        flaky: false,
        time: event.time,
    })
}

/// Notes an outcome that is no pass and no failure.
fn not_known(word: &str, place: Span, found: &mut Found<'_>) -> Outcome {
    found.defect(place, EvidenceDefectKind::ResultNotKnown { written: format!("outcome: {word}") });
    Outcome::Unclear(Unclear::UnknownResult)
}
