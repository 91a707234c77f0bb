//! Words and figures that several documents share.

use super::{Line, Tone};
use crate::graph::Release;
use crate::verdict::standing::Standing;

/// What it means to stand so.
pub(super) const fn tone_of(standing: Standing) -> Tone {
    match standing {
        Standing::Done => Tone::Good,
        Standing::Waived => Tone::Waived,
        Standing::Open => Tone::Neutral,
        Standing::Failed => Tone::Bad,
        Standing::Unknown => Tone::Unknown,
    }
}

/// A status in its own word with its meaning, or nothing where none is stated.
pub(super) fn status(standing: Standing, word: Option<&str>) -> Line {
    word.map_or_else(Line::new, |word| Line::badge(tone_of(standing), word))
}

/// `87.5 %`; of nothing nothing can be said.
pub(super) fn percent(value: Option<f64>) -> String {
    value.map_or_else(|| "n/a".to_owned(), |value| format!("{value} %"))
}

/// What a document is about: the release with its title.
pub(super) fn about(release: Option<&Release>) -> Option<String> {
    release.map(|release| match release.title.as_str() {
        "" => release.name(),
        title => format!("{}: {title}", release.name()),
    })
}

/// A sentence of relplan's own, in which what is typed stands between backticks.
pub(super) fn instruction(text: &str) -> Line {
    text.split('`').enumerate().fold(Line::new(), |line, (place, part)| match place % 2 {
        0 => line.prose_too(part),
        _ => line.code(part),
    })
}
