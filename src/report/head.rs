//! The head of a document: its conclusion, the figures behind it, and the gates in their order.

use super::{Fact, Line, Tone};

/// What a reader sees first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Head {
    /// The conclusion; a document that concludes nothing has none.
    pub headline: Option<Headline>,
    /// At most four short figures. Long texts belong in `details`.
    pub figures: Vec<Fact>,
    /// What the conclusion is about: release, date, commit, policy profile.
    pub details: Vec<Fact>,
    /// The gates of the release, in the order in which they follow each other.
    pub pipeline: Vec<Stage>,
}

/// The conclusion of a document: a word, and one sentence that gives the reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Headline {
    /// What it means.
    pub tone: Tone,
    /// `NO-GO`, `PASS`, `12 blockers`.
    pub word: String,
    /// Why.
    pub sentence: Line,
}

/// A gate in its place among the others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stage {
    /// The gate's title.
    pub name: String,
    /// What its status means.
    pub tone: Tone,
    /// Its status: `PASS`, `CONDITIONAL`, `FAIL`.
    pub word: String,
    /// Whether it decides about the release.
    pub decides: bool,
}

impl Head {
    /// The most figures that a head shows: more of them nobody takes in at a glance.
    pub const MOST_FIGURES: usize = 4;

    /// Whether there is nothing in it.
    pub fn is_empty(&self) -> bool {
        self.headline.is_none()
            && self.figures.is_empty()
            && self.details.is_empty()
            && self.pipeline.is_empty()
    }
}
