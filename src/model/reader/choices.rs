//! Words of which a field takes a few: choices, yes and no, declared enumerations.

use std::borrow::Cow;

use super::super::defect::DefectKind;
use super::super::field;
use super::super::value::{self, Choice, Text, WithRemark};
use super::Reader;
use crate::source::{Span, Spanned};

impl<'s> Reader<'s> {
    /// One of the words of `T`.
    pub fn choice<T: Choice>(&mut self, name: &str) -> Option<Spanned<T>> {
        self.noted_choice(name).map(|noted| noted.map(|noted| noted.value))
    }

    /// One of the words of `T`, perhaps with a remark behind it.
    pub fn noted_choice<T: Choice>(&mut self, name: &str) -> Option<Spanned<WithRemark<T>>> {
        let (scalar, span) = self.take_scalar(name, "one word")?;
        self.mention(&scalar, span);
        let noted = with_note(scalar.text, T::from_word);
        match noted {
            Ok(noted) => Some(Spanned::new(noted, span)),
            Err(text) => {
                let found = text.into_owned();
                self.defect(span, DefectKind::UnknownValue { found, known: field::words::<T>() });
                None
            }
        }
    }

    /// Yes or no, perhaps with a remark behind it.
    pub fn flag(&mut self, name: &str) -> Option<Spanned<WithRemark<bool>>> {
        let (scalar, span) = self.take_scalar(name, "yes or no")?;
        self.mention(&scalar, span);
        match with_note(scalar.text, value::boolean) {
            Ok(noted) => Some(Spanned::new(noted, span)),
            Err(text) => {
                let found = text.into_owned();
                self.defect(span, DefectKind::UnknownValue { found, known: vec!["Yes", "No"] });
                None
            }
        }
    }

    /// One of the words that `relplan.toml` declares.
    pub fn declared_word(&mut self, name: &str, known: &[String], declared: Span) -> Option<Text<'s>> {
        let (scalar, span) = self.take_scalar(name, "one word")?;
        if !known.iter().any(|known| value::same_folded(known, &scalar.text)) {
            let known = known.to_vec();
            self.defect(span, DefectKind::DeclaredWord { known, declared });
        }
        Some(Spanned::new(scalar.text.into(), span))
    }
}

fn with_note<'s, T>(
    text: Cow<'s, str>,
    known: impl Fn(&str) -> Option<T>,
) -> Result<WithRemark<T>, Cow<'s, str>> {
    let Some((value, note)) = value::split_note(&text, known) else {
        return Err(text);
    };
    Ok(WithRemark::new(value, note))
}
