//! Cards: one thing that somebody acts on, with everything that is needed to act.

use super::{Fact, Line, Tone};

/// One thing to act on: what it is, when it applies, and what to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Card {
    /// The id of the entry that it tells of: references lead here.
    pub anchor: Option<String>,
    /// How grave it is.
    pub tone: Tone,
    /// The word for that: `Critical`.
    pub word: String,
    /// Its subject.
    pub title: Line,
    /// What to know before acting: when it applies, who decides, how long it may take.
    pub facts: Vec<Fact>,
    /// What to do.
    pub procedures: Vec<Steps>,
    /// What to know afterwards: whom to notify, whom to escalate to.
    pub afterwards: Vec<Fact>,
}

/// Numbered steps under a title.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Steps {
    /// Where they come from.
    pub title: Line,
    /// One step each.
    pub steps: Vec<Line>,
}
