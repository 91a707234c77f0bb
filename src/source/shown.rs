//! How text of a plan may be shown: without its secrets.
//!
//! Every output goes through here once: findings where the rules are driven, documents before they are
//! drawn, JSON before it is written, remarks and errors at the screen. A format need not think of it.

use std::borrow::Cow;

use super::secret;

/// A text as it may be shown.
pub fn shown(text: &str) -> Cow<'_, str> {
    secret::mask(text)
}

/// Makes a text one that may be shown.
pub fn show(text: &mut String) {
    if let Cow::Owned(shown) = shown(text) {
        *text = shown;
    }
}
