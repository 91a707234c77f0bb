//! How text of a plan may be shown: without its secrets, and with the code of each invisible character.
//!
//! Every output goes through here once: findings where the rules are driven, documents before they are
//! drawn, JSON before it is written, remarks and errors at the screen. A format need not think of it.

use std::borrow::Cow;

use super::{invisible, secret};

/// A text as it may be shown.
pub fn shown(text: &str) -> Cow<'_, str> {
    match invisible::without(text) {
        Cow::Borrowed(text) => secret::mask(text),
        // Invisible characters do not hide a secret.
        Cow::Owned(seen) => match secret::mask(&seen) {
            Cow::Owned(masked) => Cow::Owned(masked),
            Cow::Borrowed(_) => invisible::named(text),
        },
    }
}

/// A name of a plan as people read it, with spaces for underscores. It is made fit to be shown before: a secret without its
/// underscores is no longer known as one.
pub fn in_words(name: &str) -> String {
    match secret::mask(name) {
        Cow::Borrowed(name) => name.replace('_', " "),
        Cow::Owned(masked) => masked,
    }
}

/// Makes a text one that may be shown.
pub fn show(text: &mut String) {
    if let Cow::Owned(shown) = shown(text) {
        *text = shown;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expect: &str) {
        assert_eq!(shown(text), expect);
    }

    #[test]
    fn secrets_and_what_is_not_seen_are_not_shown() {
        check("plain", "plain");
        check("pwd=hunter2", "pwd=••••");
        check("a\u{202E}b", "a<U+202E>b");
        assert_eq!(in_words("code_freeze"), "code freeze");
        assert_eq!(in_words("api_key=abcdef_ghij_klmn"), shown("api_key=abcdef_ghij_klmn"));
        check("pw\u{200B}d=hun\u{200B}ter2 \u{202E}x", "pwd=•••• x");
    }
}
