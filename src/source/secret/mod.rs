//! Which texts are secrets, so that they are found, and never shown.
//!
//! A setting is a secret if its value has the form of one wherever it is, or if its key names one and
//! its value is literal: no reference to a store, no number, and no word that only says how the
//! secret is managed. In running text the same is asked of what is assigned to a name (`token=…`).
//!
//! One pass over a text finds the few places at which a secret may begin (`scan`); each form then
//! looks at its own, within bounds, so that the whole is linear in the text.

mod assigned;
mod forms;
mod literal;
mod names;
mod scan;
#[cfg(test)]
mod tests;
mod tokens;

use std::borrow::Cow;
use std::ops::Range;

pub use names::names_secret;

/// A secret in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Secret {
    /// The bytes that hold it.
    pub range: Range<usize>,
    /// What it looks like, with its article: `an AWS access key`.
    pub what: &'static str,
}

/// What is shown in place of a secret.
pub const MASK: &str = "••••";

/// Fewer bytes than this hold no secret: `pwd=abcd` has eight, `x://:y@` seven.
const SHORTEST: usize = 7;

/// Whether a setting holds a secret, which no output may show.
pub fn is_secret(key: &str, value: &str) -> bool {
    find(value).is_some() || (names_secret(key) && literal::is_literal(value))
}

/// The first text that is a secret by its form, whatever is written around it.
pub fn find(text: &str) -> Option<Secret> {
    scan::secrets(text, false).into_iter().next()
}

/// All secrets of a text, in order and apart from each other: by their form, or because of the name
/// that they are assigned to.
pub fn find_all(text: &str) -> Vec<Secret> {
    scan::secrets(text, true)
}

/// A text with [`MASK`] in place of every secret.
pub fn mask(text: &str) -> Cow<'_, str> {
    let secrets = find_all(text);
    if secrets.is_empty() {
        return Cow::Borrowed(text);
    }
    let mut masked = String::with_capacity(text.len());
    let mut copied = 0;
    for secret in secrets {
        masked += &text[copied..secret.range.start];
        masked += MASK;
        copied = secret.range.end;
    }
    Cow::Owned(masked + &text[copied..])
}

/// A text with asterisks for the bytes of every secret, as many as there are, so that places and lines stay.
pub fn mask_in_place(text: &str) -> Cow<'_, str> {
    let secrets = find_all(text);
    if secrets.is_empty() {
        return Cow::Borrowed(text);
    }
    let mut bytes = text.as_bytes().to_vec();
    for secret in secrets {
        bytes[secret.range].iter_mut().filter(|byte| **byte != b'\n').for_each(|byte| *byte = b'*');
    }
    Cow::Owned(String::from_utf8_lossy(&bytes).into_owned())
}
