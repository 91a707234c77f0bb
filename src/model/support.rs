//! How long a release is supported: phases of support, and the end of life.

use super::entry::choice_of;
use super::field::{Field, Shape};
use super::reader::Reader;
use super::value::{Text, choice};
use crate::source::{Span, Spanned};

choice! {
    /// What users of a release get.
    SupportPhase {
        /// It is the newest.
        Current = "current",
        /// Features and fixes.
        Active = "active" | "full" | "active support" | "bugfix",
        /// Fixes, for a long time.
        Lts = "LTS" | "long-term support" | "active LTS",
        /// Critical and security fixes.
        Maintenance = "maintenance" | "security" | "security fixes" | "maintenance LTS",
        /// Fixes for those who pay for them.
        Extended = "extended" | "extended support" | "ESM",
        /// Nothing any more.
        EndOfLife = "end of life" | "EOL" | "unsupported",
    }
}

/// One phase of the support of a release.
#[derive(Debug)]
pub struct Support<'s> {
    /// Where it is written.
    pub span: Span,
    /// Which phase.
    pub phase: Option<Spanned<SupportPhase>>,
    /// Whether something is written for the phase, be it no phase.
    pub has_phase: bool,
    /// When it begins; with the end of the phase before it, or with the release, if absent.
    pub from: Option<Text<'s>>,
    /// When it ends; with the begin of the phase behind it, or the end of life, if absent.
    pub until: Option<Text<'s>>,
}

impl<'s> Support<'s> {
    /// The fields of a phase.
    pub const FIELDS: &'static [Field] = &[
        Field::new("phase", choice_of::<SupportPhase>(), "Support phase."),
        Field::new(
            "from",
            Shape::Text,
            "Begin: a date, an offset, or a milestone; the end of the phase before it, or the release, by default.",
        ),
        Field::new(
            "until",
            Shape::Text,
            "End: a date, an offset, or a later release (`n+3`); the begin of the next phase, or the end of life, by default.",
        ),
        Field::new("note", Shape::Text, "Note.").progress(),
    ];

    pub(super) fn read(fields: &mut Reader<'s>, span: Span) -> Self {
        fields.text("note");
        let has_phase = fields.has("phase");
        let phase = fields.choice("phase");
        Support { span, phase, has_phase, from: fields.text("from"), until: fields.text("until") }
    }
}

/// The count in `n+3`, `N + 2`: until so many releases later.
pub fn releases_later(text: &str) -> Option<usize> {
    let text: String = text.chars().filter(|c| !c.is_whitespace()).collect::<String>().to_ascii_lowercase();
    let digits = text.strip_prefix("n+")?;
    let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    digits.parse().ok().filter(|count| is_number && (1..=99).contains(count))
}
