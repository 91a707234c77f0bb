//! Floor 1: what relplan says about a plan, before anybody draws it.

mod denominator;

use std::fmt;

use crate::source::Span;
use crate::source::edit::Edit;
use crate::source::shown;

pub use denominator::{Denominator, GlobFiles, MemberCount};

/// How much a finding weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// Worth knowing; nothing has to change.
    Note,
    /// Probably not what was meant.
    Warning,
    /// The plan cannot be relied on until this is mended.
    Error,
}

impl Level {
    /// All levels, the lightest first.
    pub const ALL: [Level; 3] = [Level::Note, Level::Warning, Level::Error];

    /// The word that the user writes and reads.
    pub fn word(self) -> &'static str {
        match self {
            Level::Note => "note",
            Level::Warning => "warning",
            Level::Error => "error",
        }
    }
}

impl fmt::Display for Level {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.word())
    }
}

/// A place that a finding speaks of, in any file, and what to notice there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    /// The place.
    pub span: Span,
    /// What is there, in a few words; empty if the message says it all.
    pub text: String,
}

/// How far a fix can be trusted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Applicability {
    /// The meaning stays, or only one meaning is possible.
    Safe,
    /// Likely what was meant; a person should look.
    Suggested,
}

impl Applicability {
    /// The word that machine formats write.
    pub fn word(self) -> &'static str {
        match self {
            Applicability::Safe => "safe",
            Applicability::Suggested => "suggested",
        }
    }
}

/// A change of the text that answers a finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fix {
    /// What it does, as an order: `quote the value`.
    pub title: String,
    /// Whether it is applied without asking.
    pub applicability: Applicability,
    /// The edits, all in one file, sorted by place.
    pub edits: Vec<Edit>,
}

/// One thing that is wrong, or worth knowing, at a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The stable code of its rule, such as `RP0301`.
    pub code: &'static str,
    /// The name of its rule, such as `link-target-missing`.
    pub name: &'static str,
    /// How much it weighs after configuration and command line.
    pub level: Level,
    /// What is wrong, in one sentence without a full stop.
    pub message: String,
    /// The places; the first is the one that the finding is about.
    pub labels: Vec<Label>,
    /// What to do.
    pub help: Option<String>,
    /// What else helps to understand it.
    pub notes: Vec<String>,
    /// A change that answers it.
    pub fix: Option<Fix>,
    /// Its subject.
    pub about: FindingSubject,
}

/// What a finding is about beyond the places that it shows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum FindingSubject {
    /// Nothing.
    #[default]
    Places,
    /// Further places.
    Also(Vec<Span>),
    /// The plan as a whole.
    Plan,
}

impl Finding {
    /// The place that the finding is about, unless it is about the plan as a whole.
    pub fn primary(&self) -> Option<Span> {
        self.labels.first().map(|label| label.span)
    }

    /// Every place that it shows or is about.
    pub fn places(&self) -> impl Iterator<Item = Span> + '_ {
        let further = match &self.about {
            FindingSubject::Also(spans) => spans.as_slice(),
            FindingSubject::Places | FindingSubject::Plan => &[],
        };
        self.labels.iter().map(|label| label.span).chain(further.iter().copied())
    }

    /// Moves all of its places into a map in which the ids of files are greater by `offset`.
    pub fn move_by(&mut self, offset: u32) {
        self.labels.iter_mut().for_each(|label| label.span = label.span.moved(offset));
        if let FindingSubject::Also(spans) = &mut self.about {
            spans.iter_mut().for_each(|span| *span = span.moved(offset));
        }
        let edits = self.fix.iter_mut().flat_map(|fix| &mut fix.edits);
        edits.for_each(|edit| edit.span = edit.span.moved(offset));
    }

    /// Makes all of its texts such that they may be shown. What a fix writes is left alone: it goes into the file.
    pub fn show(&mut self) {
        self.each_text(shown::show);
    }

    /// Changes every text that is for people.
    pub fn each_text(&mut self, mut change: impl FnMut(&mut String)) {
        change(&mut self.message);
        self.labels.iter_mut().for_each(|label| change(&mut label.text));
        self.help.iter_mut().chain(&mut self.notes).for_each(&mut change);
        self.fix.iter_mut().for_each(|fix| change(&mut fix.title));
    }

    /// Findings are shown by file, place and code, so that the order of rules
    /// and threads never shows; those about the whole plan come first.
    pub fn order(&self) -> (Option<Span>, &'static str, &str) {
        (self.primary(), self.code, &self.message)
    }
}

/// What a rule says: where, what, and what to do. Code, name and level are
/// the driver's to add.
#[derive(Debug, Clone)]
pub struct Report {
    pub(crate) level: Option<Level>,
    pub(crate) default_level: Option<Level>,
    pub(crate) message: String,
    pub(crate) labels: Vec<Label>,
    pub(crate) help: Option<String>,
    pub(crate) notes: Vec<String>,
    pub(crate) fix: Option<Fix>,
    pub(crate) about: FindingSubject,
}

impl Report {
    /// Something is wrong at `span`.
    pub fn at(span: Span, message: impl Into<String>) -> Self {
        let mut report = Report::of_plan(message);
        report.labels.push(Label { span, text: String::new() });
        report
    }

    /// Something is wrong that stands nowhere in particular, such as an absence.
    pub fn of_plan(message: impl Into<String>) -> Self {
        Report {
            level: None,
            default_level: None,
            message: message.into(),
            labels: Vec::new(),
            help: None,
            notes: Vec::new(),
            fix: None,
            about: FindingSubject::Places,
        }
    }

    /// Says what it is about beyond the places that it shows.
    pub fn about(mut self, about: FindingSubject) -> Self {
        self.about = about;
        self
    }

    /// Weighs it as the plan's own configuration asks, instead of as its rule does.
    pub fn weighing(mut self, level: Option<Level>) -> Self {
        self.level = level.or(self.level);
        self
    }

    /// Weighs it so where nobody has set the level of its rule.
    pub fn usually(mut self, level: Option<Level>) -> Self {
        self.default_level = level;
        self
    }

    /// Says what to notice at the primary place.
    pub fn saying(mut self, text: impl Into<String>) -> Self {
        if let Some(primary) = self.labels.first_mut() {
            primary.text = text.into();
        }
        self
    }

    /// Points at another place involved.
    pub fn and(mut self, span: Span, text: impl Into<String>) -> Self {
        self.labels.push(Label { span, text: text.into() });
        self
    }

    /// Says what to do.
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Adds what else helps to understand it.
    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.notes.push(note.into());
        self
    }

    /// Offers a change that keeps the meaning.
    pub fn safe_fix(self, title: impl Into<String>, edits: Vec<Edit>) -> Self {
        self.fix(title, Applicability::Safe, edits)
    }

    /// Offers a change that a person should look at.
    pub fn suggested_fix(self, title: impl Into<String>, edits: Vec<Edit>) -> Self {
        self.fix(title, Applicability::Suggested, edits)
    }

    fn fix(mut self, title: impl Into<String>, applicability: Applicability, edits: Vec<Edit>) -> Self {
        self.fix = Some(Fix { title: title.into(), applicability, edits });
        self
    }
}
