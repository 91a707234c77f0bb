//! How sound the plan is, as its rules found: in what the release reaches, and what was left aside elsewhere.

use super::{CheckTable, JudgedCriterion, criterion};
use crate::finding::{Finding, FindingSubject, Level};
use crate::graph::Selection;
use crate::model::{EntryIndex, EntryPlaces, Plan};
use crate::source::{SourceMap, Span};
use crate::verdict::Judge;
use crate::verdict::check::{CheckKind, Judged, Proof};
use crate::verdict::{Basis, Verdict};

/// What is wrong with the plan.
#[derive(Debug, Clone, Default)]
pub struct Soundness {
    /// How many findings weigh as errors, in what the release reaches or of the plan as a whole.
    pub errors: usize,
    /// The first of them: place and message.
    pub first: Option<String>,
    /// How many findings weigh as errors in entries that the release does not reach.
    pub outside: usize,
    /// The first place that could not be read, unless it stands in an entry that the release does not reach.
    pub unread: Option<String>,
}

impl Soundness {
    /// What the findings of the rules and the reading of the plan say about what belongs to a selection. What nobody can
    /// place counts.
    pub fn new(plan: &Plan<'_>, sources: &SourceMap, selection: &Selection, findings: &[Finding]) -> Self {
        let reach = Reach { plan, sources, selection, places: EntryPlaces::new(plan) };
        let errors = findings.iter().filter(|finding| finding.level == Level::Error);
        let (counted, aside): (Vec<&Finding>, Vec<&Finding>) =
            errors.partition(|finding| reach.has_finding(finding));
        let named = |finding: &&Finding| match finding.primary() {
            Some(span) => format!("{}: {}", place(sources, span), finding.message),
            None => finding.message.clone(),
        };
        Soundness {
            errors: counted.len(),
            first: counted.first().map(named),
            outside: aside.len(),
            unread: reach.first_unread().map(|span| place(sources, span)),
        }
    }

    /// Whether nothing is wrong in what the release reaches.
    pub fn is_sound(&self) -> bool {
        self.errors == 0 && self.unread.is_none()
    }

    /// What was left aside, in words; nothing if nothing was.
    fn aside(&self) -> Option<String> {
        let (errors, verb) = match self.outside {
            0 => return None,
            1 => ("1 error".to_owned(), "does"),
            errors => (format!("{errors} errors"), "do"),
        };
        Some(format!("{errors} in entries outside the release {verb} not count"))
    }
}

fn place(sources: &SourceMap, span: Span) -> String {
    format!("{}:{}", sources.file(span.file).name(), sources.start(span).line)
}

/// Which places belong to a selection.
struct Reach<'r> {
    plan: &'r Plan<'r>,
    sources: &'r SourceMap,
    selection: &'r Selection,
    places: EntryPlaces,
}

impl Reach<'_> {
    /// Whether a finding is about something that belongs to the selection: it stands outside of any entry, or one of its
    /// places is in such an entry.
    fn has_finding(&self, finding: &Finding) -> bool {
        let Some(primary) = finding.primary() else { return true };
        let further: &[Span] = match &finding.about {
            FindingSubject::Plan => return true,
            FindingSubject::Also(places) => places,
            FindingSubject::Places => &[],
        };
        let mut others = finding.labels.iter().skip(1).map(|label| label.span).chain(further.iter().copied());
        self.has_place(primary)
            || others.any(|span| self.places.at(span).is_some_and(|entry| self.has(entry)))
    }

    fn has_place(&self, span: Span) -> bool {
        self.places.at(span).is_none_or(|entry| self.has(entry))
    }

    fn has(&self, index: EntryIndex) -> bool {
        let entry = self.plan.entry(index);
        // What repeats an id is taken for the first entry that has it, and what has an anchor may be used anywhere.
        self.selection.may_have(index)
            || self.plan.find(entry.id.value).is_some_and(|first| self.selection.may_have(first))
            || has_anchor(self.sources.slice(entry.span))
    }

    /// The first place that could not be read. Where the text itself is broken, something may be missing that belongs to
    /// the selection.
    fn first_unread(&self) -> Option<Span> {
        let yaml = self.plan.yaml_defects.iter().map(crate::source::yaml::YamlDefect::span);
        let fields = self.plan.defects.iter().map(|defect| defect.span).filter(|span| self.has_place(*span));
        yaml.chain(fields).min_by_key(|span| (span.file, span.start))
    }
}

/// Whether a text has something that looks like an anchor of YAML.
fn has_anchor(text: &str) -> bool {
    let bytes = text.as_bytes();
    memchr::memchr_iter(b'&', bytes).any(|at| {
        let before = at.checked_sub(1).is_none_or(|before| !bytes[before].is_ascii_alphanumeric());
        before && bytes.get(at + 1).is_some_and(|next| !next.is_ascii_whitespace())
    })
}

impl Judge<'_> {
    /// A plan that could not be read whole, or in which something is wrong that the release reaches, decides nothing.
    pub(super) fn plan_is_sound(&self, soundness: &Soundness, table: &mut CheckTable) -> JudgedCriterion {
        const NAME: &str = "The plan is sound";
        const NEXT: &str = "fix the findings of `relplan check`";
        let aside = soundness.aside();
        let behind = aside.as_ref().map(|aside| format!("; {aside}")).unwrap_or_default();
        let judged = match soundness {
            Soundness { errors: 0, unread: None, .. } => Judged {
                next: aside.is_some().then(|| "run `relplan check` for the other errors".to_owned()),
                ..Judged::done(Verdict::Pass, format!("complete, without errors{behind}"))
            },
            Soundness { errors: 0, unread: Some(place), .. } => {
                Judged::new(Verdict::Unknown, format!("the plan is incomplete: {place}{behind}"), NEXT)
            }
            Soundness { errors, first, .. } => {
                let first = first.as_ref().map(|first| format!(", first: {first}")).unwrap_or_default();
                let errors = if *errors == 1 { "1 error".to_owned() } else { format!("{errors} errors") };
                Judged::new(Verdict::Fail, format!("{errors}{first}{behind}"), NEXT)
            }
        };
        let make = || {
            let mut check = self.check_of("plan".to_owned(), CheckKind::Plan, NAME, judged);
            check.proof = Proof::checked_by_relplan();
            check
        };
        let at = table.put((CheckKind::Plan, "plan".to_owned()), make);
        let Basis { plan, .. } = self.basis;
        criterion(NAME, None, vec![(at, true)], plan.entries().len() - self.selection.outside_count(), table)
    }
}

#[cfg(test)]
mod tests {
    use super::has_anchor;

    #[test]
    fn anchors_are_seen() {
        for text in ["owner: &lead QA", "- &all\n  id: A-1", "[&x 1]"] {
            assert!(has_anchor(text), "{text}");
        }
        for text in ["title: R & D", "title: Q&A", "url: a?b=1&", ""] {
            assert!(!has_anchor(text), "{text}");
        }
    }
}
