//! The answer of an assistant: checked against the plan, and turned into advice.

use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Topic, VERSION};
use crate::model::day::read_date;
use crate::model::field::{Field, Shape};
use crate::model::{Entry, Plan, id, same_folded};
use crate::source::SourceMap;
use crate::source::append::scalar;

/// The longest text of an answer, in characters.
pub const LONGEST: usize = 2000;
/// The most recommendations, edits or missing facts.
pub const MOST: usize = 100;

/// The fields that an answer may suggest to change, by family: judgements of planners, none of which says that something
/// is done, met, proven or approved.
pub const EDITABLE: &[(&str, &[&str])] = &[
    ("EPIC", &["priority", "value", "effort", "risk", "estimate", "start", "due"]),
    ("TEST", &["priority"]),
    ("RISK", &["probability", "impact", "mitigation", "contingency", "review_date"]),
    ("ACT", &["owner", "due", "success_criteria"]),
];

/// An answer, as it is written.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Answer {
    /// The version: 1.
    pub version: u32,
    /// The topic of the brief.
    pub topic: String,
    /// The release of the brief.
    pub release: Option<String>,
    /// The digest of the facts of the brief.
    pub facts_digest: String,
    /// The answer in short.
    pub summary: String,
    /// What is recommended.
    pub recommendations: Vec<Recommendation>,
    /// Fields of entries to change.
    pub edits: Vec<Edit>,
    /// What the brief does not say.
    pub missing_facts: Vec<String>,
}

/// Something that is recommended.
#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Recommendation {
    /// What.
    pub text: String,
    /// Why.
    pub reason: String,
    /// The entries that it is about.
    pub about: Vec<String>,
    /// How sure the assistant is.
    pub confidence: Confidence,
}

/// How sure an assistant is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Confidence {
    /// Little.
    Low,
    /// Somewhat.
    Medium,
    /// Very.
    High,
}

/// A field of an entry to change.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Edit {
    /// The entry.
    pub id: String,
    /// The field.
    pub field: String,
    /// Its value.
    pub value: String,
    /// Why.
    pub reason: String,
}

/// What is wrong with an answer, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AnswerProblem {
    /// The place, as a JSON Pointer.
    pub at: String,
    /// What is wrong there.
    pub reason: String,
}

/// The output of `relplan brief --apply ANSWER --format json`: an answer that was checked. It changes nothing.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(title = "Output of relplan brief --apply --format json")]
pub struct Advice {
    /// The version of this format: 1.
    pub version: u32,
    /// The day on which it was checked.
    pub day: NaiveDate,
    /// The topic.
    pub topic: &'static str,
    /// The release.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub release: Option<String>,
    /// Whether the facts are other ones by now than those of the brief.
    pub facts_changed: bool,
    /// The answer in short.
    pub summary: String,
    /// What is recommended.
    pub recommendations: Vec<Recommendation>,
    /// Edits that are suggested. None is made.
    pub suggested_edits: Vec<SuggestedEdit>,
    /// What the brief does not say.
    pub missing_facts: Vec<String>,
}

/// An edit that is suggested.
#[derive(Debug, Serialize, JsonSchema)]
pub struct SuggestedEdit {
    /// The entry.
    pub id: String,
    /// Its place: `release/plan.yaml:12`.
    pub place: String,
    /// The line to write: `priority: must`.
    pub line: String,
    /// Why.
    pub reason: String,
}

/// Checks an answer against the plan, and turns it into advice.
///
/// # Errors
///
/// Everything that is wrong with it.
pub fn advice(
    answer: Answer,
    plan: &Plan<'_>,
    sources: &SourceMap,
    facts_digest: &str,
    day: NaiveDate,
) -> Result<Advice, Vec<AnswerProblem>> {
    let mut problems = Problems::default();
    let topic = Topic::named(&answer.topic);
    if topic.is_none() {
        problems.add("/topic", format!("unknown topic `{}`", short(&answer.topic)));
    }
    if answer.version != VERSION {
        problems.add("/version", format!("version {} is not known, only {VERSION}", answer.version));
    }
    problems.text("/summary", &answer.summary);
    problems.count("/recommendations", answer.recommendations.len());
    problems.count("/edits", answer.edits.len());
    problems.count("/missing_facts", answer.missing_facts.len());
    for (place, one) in answer.recommendations.iter().enumerate() {
        let at = format!("/recommendations/{place}");
        problems.text(&format!("{at}/text"), &one.text);
        problems.text(&format!("{at}/reason"), &one.reason);
        for (number, about) in one.about.iter().enumerate() {
            problems.entry(&format!("{at}/about/{number}"), plan, about);
        }
    }
    for (place, text) in answer.missing_facts.iter().enumerate() {
        problems.text(&format!("/missing_facts/{place}"), text);
    }
    let edits = answer.edits.iter().enumerate();
    let edits: Vec<SuggestedEdit> =
        edits.filter_map(|(place, edit)| problems.edit(place, edit, plan, sources)).collect();
    let Some(topic) = topic.filter(|_| problems.0.is_empty()) else { return Err(problems.0) };
    Ok(Advice {
        version: VERSION,
        day,
        topic: topic.name(),
        release: answer.release,
        facts_changed: answer.facts_digest != facts_digest,
        summary: answer.summary,
        recommendations: answer.recommendations,
        suggested_edits: edits,
        missing_facts: answer.missing_facts,
    })
}

#[derive(Default)]
struct Problems(Vec<AnswerProblem>);

impl Problems {
    fn add(&mut self, at: &str, reason: impl Into<String>) {
        self.0.push(AnswerProblem { at: at.to_owned(), reason: reason.into() });
    }

    fn text(&mut self, at: &str, text: &str) {
        if text.trim().is_empty() {
            self.add(at, "empty text");
        } else if text.chars().count() > LONGEST {
            self.add(at, format!("longer than {LONGEST} characters"));
        }
    }

    fn count(&mut self, at: &str, count: usize) {
        if count > MOST {
            self.add(at, format!("{count} items, and at most {MOST} are allowed"));
        }
    }

    /// The entry that an id names.
    fn entry<'p, 's>(&mut self, at: &str, plan: &'p Plan<'s>, text: &str) -> Option<&'p Entry<'s>> {
        let found = id::parse(text.trim()).ok().and_then(|id| plan.find(id));
        if found.is_none() {
            self.add(at, format!("the plan has no entry `{}`", short(text)));
        }
        found.map(|index| plan.entry(index))
    }

    fn edit(
        &mut self,
        place: usize,
        edit: &Edit,
        plan: &Plan<'_>,
        sources: &SourceMap,
    ) -> Option<SuggestedEdit> {
        let at = format!("/edits/{place}");
        let before = self.0.len();
        self.text(&format!("{at}/reason"), &edit.reason);
        self.text(&format!("{at}/value"), &edit.value);
        if edit.value.contains(['\n', '\r']) {
            self.add(&format!("{at}/value"), "more than one line");
        }
        let entry = self.entry(&format!("{at}/id"), plan, &edit.id)?;
        let family = entry.id.value.prefix;
        let allowed = EDITABLE.iter().find(|(prefix, _)| *prefix == family.as_str());
        let allowed = allowed.map_or(&[][..], |(_, fields)| fields);
        let known = allowed.iter().find(|field| same_folded(field, &edit.field));
        let Some(name) = known else {
            let fields: Vec<String> = allowed.iter().map(|field| format!("`{field}`")).collect();
            let fields = if fields.is_empty() { "none".to_owned() } else { fields.join(", ") };
            let reason = format!(
                "advice may not change `{}` of {}; fields of {family} that it may: {fields}",
                short(&edit.field),
                entry.id.value
            );
            self.add(&format!("{at}/field"), reason);
            return None;
        };
        let field =
            entry.kind.fields().iter().chain(crate::model::entry::HEADER).find(|field| field.name == *name);
        if let Some(reason) = field.and_then(|field| unfit(field, &edit.value)) {
            self.add(&format!("{at}/value"), reason);
        }
        let source = sources.file(entry.id.span.file);
        let line = source.position(entry.id.span.start as usize).line;
        (self.0.len() == before).then(|| SuggestedEdit {
            id: entry.id.value.to_string(),
            place: format!("{}:{line}", source.name()),
            line: format!("{name}: {}", scalar(edit.value.trim())),
            reason: edit.reason.clone(),
        })
    }
}

/// Why a field does not take a value, as far as its shape tells.
fn unfit(field: &Field, value: &str) -> Option<String> {
    match field.shape {
        Shape::Choice(choices) => {
            let words = choices();
            let is_known =
                words.words.iter().chain(&words.synonyms).any(|word| same_folded(word, value.trim()));
            (!is_known).then(|| format!("`{}` is none of {}", short(value), words.words.join(", ")))
        }
        Shape::Date => read_date(value).is_err().then(|| format!("`{}` is not a date", short(value))),
        _ => None,
    }
}

/// The beginning of a text.
fn short(text: &str) -> String {
    let begin: String = text.chars().take(40).collect();
    if begin.len() < text.len() { format!("{begin}…") } else { begin }
}
