//! Text within a line, and what things mean.

use crate::model::id;
use crate::source::shown::shown;

/// What something means. A format may colour it; the glyph and the word say it without colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Tone {
    /// As it should be: PASS.
    Good,
    /// Not as it should be, and nobody is stopped by it: WARN.
    Attention,
    /// Wrong: FAIL.
    Bad,
    /// Nobody knows: UNKNOWN.
    Unknown,
    /// Somebody knew once: STALE.
    Stale,
    /// Wrong, and somebody with the right to do so let it pass: WAIVED.
    Waived,
    /// Neither good nor bad.
    Neutral,
}

impl Tone {
    /// Every tone, from the best to the plainest.
    pub const ALL: [Tone; 7] =
        [Tone::Good, Tone::Attention, Tone::Bad, Tone::Unknown, Tone::Stale, Tone::Waived, Tone::Neutral];

    /// A character that stands for it, one column wide.
    pub const fn glyph(self) -> &'static str {
        match self {
            Tone::Good => "✓",
            Tone::Attention => "▲",
            Tone::Bad => "✗",
            Tone::Unknown => "?",
            Tone::Stale => "↻",
            Tone::Waived => "◇",
            Tone::Neutral => "·",
        }
    }

    /// The verdict that it is, for places where nothing better is said.
    pub const fn word(self) -> &'static str {
        match self {
            Tone::Good => "PASS",
            Tone::Attention => "WARN",
            Tone::Bad => "FAIL",
            Tone::Unknown => "UNKNOWN",
            Tone::Stale => "STALE",
            Tone::Waived => "WAIVED",
            Tone::Neutral => "NOTE",
        }
    }

    /// Its name in classes and styles.
    pub const fn name(self) -> &'static str {
        match self {
            Tone::Good => "good",
            Tone::Attention => "attention",
            Tone::Bad => "bad",
            Tone::Unknown => "unknown",
            Tone::Stale => "stale",
            Tone::Waived => "waived",
            Tone::Neutral => "neutral",
        }
    }
}

/// A piece of a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Inline {
    /// Text as it stands.
    Plain(String),
    /// Text that matters more.
    Strong(String),
    /// Text that is typed or read by machines.
    Code(String),
    /// The id of an entry; it leads to where the document tells of it, if it does.
    Id(String),
    /// A word with its meaning: `✗ overdue`.
    Badge(Tone, String),
    /// Text that leads to another page of a site, by its path from the root of the site; elsewhere it is plain.
    Page {
        /// What it says.
        text: String,
        /// Where it leads: `rel-001/report.html`.
        path: String,
    },
}

impl Inline {
    /// The text without what it means.
    pub fn text(&self) -> &str {
        match self {
            Inline::Plain(text)
            | Inline::Strong(text)
            | Inline::Code(text)
            | Inline::Id(text)
            | Inline::Badge(_, text)
            | Inline::Page { text, .. } => text,
        }
    }
}

/// Text without line breaks, in pieces.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Line(pub Vec<Inline>);

impl Line {
    /// A line without anything in it.
    pub fn new() -> Self {
        Line::default()
    }

    /// Prose of the plan: the ids in it lead to where the document tells of them.
    pub fn prose(text: &str) -> Self {
        Line::new().prose_too(text)
    }

    /// The id of an entry.
    pub fn id(id: impl Into<String>) -> Self {
        Line::new().id_too(id)
    }

    /// Ids, with commas between them.
    pub fn ids<T: Into<String>>(ids: impl IntoIterator<Item = T>) -> Self {
        let mut line = Line::new();
        for id in ids {
            if !line.is_empty() {
                line = line.and(", ");
            }
            line = line.id_too(id);
        }
        line
    }

    /// A word with its meaning.
    pub fn badge(tone: Tone, word: impl Into<String>) -> Self {
        Line(vec![Inline::Badge(tone, word.into())])
    }

    /// A verdict in its own word.
    pub fn verdict(tone: Tone) -> Self {
        Line::badge(tone, tone.word())
    }

    /// The line with text behind it.
    pub fn and(self, text: impl Into<String>) -> Self {
        self.with(Inline::Plain(text.into()))
    }

    /// The line with text behind it that matters more.
    pub fn strong(self, text: impl Into<String>) -> Self {
        self.with(Inline::Strong(text.into()))
    }

    /// The line with text behind it that is typed.
    pub fn code(self, text: impl Into<String>) -> Self {
        self.with(Inline::Code(text.into()))
    }

    /// The line with an id behind it.
    pub fn id_too(self, id: impl Into<String>) -> Self {
        self.with(Inline::Id(id.into()))
    }

    /// The line with a word and its meaning behind it.
    pub fn badge_too(self, tone: Tone, word: impl Into<String>) -> Self {
        self.with(Inline::Badge(tone, word.into()))
    }

    /// The line with text behind it that leads to another page of a site.
    pub fn page(self, text: impl Into<String>, path: impl Into<String>) -> Self {
        self.with(Inline::Page { text: text.into(), path: path.into() })
    }

    /// The line with all of another behind it.
    pub fn join(mut self, other: impl Into<Line>) -> Self {
        self.0.extend(other.into().0);
        self
    }

    /// The line with prose of the plan behind it. What stands between backticks is typed; a lone backtick is a
    /// character like any other.
    pub fn prose_too(self, text: &str) -> Self {
        // Before it is divided: what follows an id may be a part of a secret, too.
        let text = &*shown(text);
        if !text.contains('`') || text.matches('`').count() % 2 == 1 || text.contains("``") {
            return self.linked_too(text);
        }
        text.split('`').enumerate().fold(self, |line, (place, part)| match place % 2 {
            0 => line.linked_too(part),
            _ => line.code(part),
        })
    }

    /// The line with text behind it, in which ids lead to their entries.
    fn linked_too(mut self, text: &str) -> Self {
        let mut done = 0;
        for (_, at) in id::find_in(text) {
            self = self.and(&text[done..at.start]).id_too(&text[at.clone()]);
            done = at.end;
        }
        self.and(&text[done..])
    }

    /// The line with a piece behind it. Line breaks become spaces: a line is a line.
    fn with(mut self, piece: Inline) -> Self {
        let flat = |text: String| match text.contains(['\n', '\r', '\t']) {
            true => text.split_whitespace().collect::<Vec<_>>().join(" "),
            false => text,
        };
        let piece = match piece {
            Inline::Plain(text) => Inline::Plain(text.replace(['\n', '\r', '\t'], " ")),
            Inline::Strong(text) => Inline::Strong(flat(text)),
            Inline::Code(text) => Inline::Code(flat(text)),
            Inline::Id(text) => Inline::Id(flat(text)),
            Inline::Badge(tone, text) => Inline::Badge(tone, flat(text)),
            Inline::Page { text, path } => Inline::Page { text: flat(text), path },
        };
        if !piece.text().is_empty() {
            self.0.push(piece);
        }
        self
    }

    /// Whether there is nothing in it.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The text for places that hold nothing but characters, such as the boxes of drawings: glyphs stand
    /// before badges and say what colours would.
    pub fn told(&self) -> String {
        let piece = |piece: &Inline| match piece {
            Inline::Badge(tone, text) => format!("{} {text}", tone.glyph()),
            piece => piece.text().to_owned(),
        };
        self.0.iter().map(piece).collect()
    }

    /// The text without what it means, for formats that know no pieces. Badges keep their word.
    pub fn text(&self) -> String {
        self.0.iter().map(Inline::text).collect()
    }
}

impl<T: Into<String>> From<T> for Line {
    fn from(text: T) -> Self {
        Line::new().and(text)
    }
}
