//! Escapes of double-quoted texts that stand for invisible characters: `"\u202E"`.

use super::Tree;
use crate::source::invisible;
use crate::source::yaml::YamlDefect;

impl Tree<'_, '_, '_> {
    /// Reports the escapes for invisible characters of a double-quoted text, each character once.
    pub(super) fn report_escapes(&mut self, seen: &str, from: usize, to: usize) {
        let source = self.source.text.get(from..to).unwrap_or("");
        if !source.contains('\\') {
            return;
        }
        let mut letters: Vec<char> = invisible::find(seen).into_iter().map(|found| found.letter).collect();
        letters.sort_unstable();
        letters.dedup();
        for letter in letters {
            if let Some((at, length, _)) = escapes(source).find(|(.., escaped)| *escaped == letter) {
                let span = self.span(from + at, from + at + length);
                self.fragment.defects.push(YamlDefect::InvisibleEscape { span, letter });
            }
        }
    }
}

/// The escapes of a double-quoted text: place, length, character.
fn escapes(source: &str) -> impl Iterator<Item = (usize, usize, char)> {
    let mut at = 0;
    std::iter::from_fn(move || {
        loop {
            at += source.get(at..)?.find('\\')?;
            let found = escape(&source[at..]);
            let start = at;
            // An escaped backslash escapes nothing.
            at += found.map_or(2, |(length, _)| length);
            if let Some((length, letter)) = found {
                return Some((start, length, letter));
            }
        }
    })
}

/// The escape that a text begins with.
fn escape(text: &str) -> Option<(usize, char)> {
    let code = |digits: usize| {
        let code = u32::from_str_radix(text.get(2..2 + digits)?, 16).ok()?;
        Some((2 + digits, char::from_u32(code)?))
    };
    match text.as_bytes().get(1)? {
        b'x' => code(2),
        b'u' => code(4),
        b'U' => code(8),
        b'0' => Some((2, '\0')),
        b'a' => Some((2, '\u{7}')),
        b'b' => Some((2, '\u{8}')),
        b'v' => Some((2, '\u{b}')),
        b'f' => Some((2, '\u{c}')),
        b'e' => Some((2, '\u{1b}')),
        b'N' => Some((2, '\u{85}')),
        b'L' => Some((2, '\u{2028}')),
        b'P' => Some((2, '\u{2029}')),
        _ => None,
    }
}
