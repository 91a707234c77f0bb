//! Texts, with the ids that they mention and the traps of YAML that they fell into.

use super::super::entry::Mention;
use super::super::placeholder::is_placeholder;
use super::super::value::Text;
use super::super::{defect::DefectKind, field, id, value};
use super::Reader;
use crate::source::{Locator, Scalar, Span, Spanned, Style};

impl<'s> Reader<'s> {
    /// A text.
    pub fn text(&mut self, name: &str) -> Option<Text<'s>> {
        let (scalar, span) = self.take_scalar(name, "a text")?;
        let is_missing = self.holds_a_place(name, &scalar.text, span);
        // A title is what an entry is called, whatever it says.
        (!is_missing || name == "title").then(|| self.prose(scalar, span))
    }

    /// A text that may be a bare number, for which a last zero means nothing.
    pub fn figure(&mut self, name: &str) -> Option<Text<'s>> {
        let (scalar, span) = self.take_scalar(name, "a text")?;
        if self.holds_a_place(name, &scalar.text, span) {
            return None;
        }
        self.mention(&scalar, span);
        Some(Spanned::new(scalar.text.into(), span))
    }

    /// A text together with its key.
    pub fn keyed_text(&mut self, name: &str) -> Option<(Text<'s>, Text<'s>)> {
        let key = self.slots.iter().find(|slot| field::names(name, &slot.folded))?.key.clone();
        self.text(name).map(|text| (key.map(Into::into), text))
    }

    /// The text of a scalar, its ids noted as mentions and its YAML traps as defects.
    pub(super) fn prose(&mut self, scalar: Scalar<'s>, span: Span) -> Text<'s> {
        if scalar.style == Style::Plain {
            self.look_for_traps(&scalar.text, span);
        }
        self.mention(&scalar, span);
        Spanned::new(scalar.text.into(), span)
    }

    pub(super) fn mention(&mut self, scalar: &Scalar<'s>, span: Span) {
        let mut locator = Locator::new(scalar, span, self.source);
        for (id, range) in id::find_in(&scalar.text) {
            let span = locator.locate(&scalar.text, range.start, range.end);
            self.mentions.push(Mention { id, span });
        }
    }

    /// Whether the text of a field says nothing, which is noted.
    pub(super) fn holds_a_place(&mut self, name: &str, text: &str, span: Span) -> bool {
        // Names of people have a rule of their own, and how things stand may well be `pending`.
        // A pattern may be nothing but an asterisk.
        const FREE: [&str; 11] = [
            "accepted_by",
            "actual",
            "author",
            "by",
            "gate",
            "match",
            "owner",
            "role",
            "status",
            "tags",
            "unit",
        ];
        let found = self.owner.is_some() && !FREE.contains(&name) && is_placeholder(text);
        if found {
            self.defect(span, DefectKind::Placeholder);
        }
        found
    }

    /// Finds plain values that other YAML tools read as something else than text.
    pub(super) fn look_for_traps(&mut self, text: &str, span: Span) {
        if is_other_boolean(text) {
            self.defect(span, DefectKind::BooleanForText);
        } else if loses_a_zero(text) {
            self.defect(span, DefectKind::NumberForText);
        }
    }
}

/// `NO` and its like: text here, a boolean to every reader of YAML 1.1.
fn is_other_boolean(text: &str) -> bool {
    (2..=5).contains(&text.len()) && value::boolean(text).is_some()
}

/// `1.10` is the number 1.1 to other tools.
fn loses_a_zero(text: &str) -> bool {
    text.ends_with('0')
        && text.split_once('.').is_some_and(|(whole, fraction)| {
            let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
            digits(whole) && digits(fraction)
        })
}
