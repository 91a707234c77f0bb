//! Characters that are not seen, or that turn the direction of the text around them.
//!
//! A reviewer does not see them, and a program does. Where writing needs them they are no finding: joiners in
//! Persian, Hindi or emoji, marks in text from right to left.

use std::borrow::Cow;

/// An invisible character of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Invisible {
    /// Where it is, in bytes.
    pub at: usize,
    /// The character.
    pub letter: char,
}

/// The invisible characters of a text that no writing needs. Tabs and line breaks are layout.
pub fn find(text: &str) -> Vec<Invisible> {
    // Nearly every text is plain ASCII, and nothing is faster than to see that.
    if text.bytes().all(|byte| matches!(byte, b' '..=b'~' | b'\n' | b'\t' | b'\r')) {
        return Vec::new();
    }
    let letters = text.char_indices().filter(|(_, letter)| is_invisible(*letter));
    letters
        .filter(|(at, letter)| !is_needed(&text[..*at], *letter, &text[at + letter.len_utf8()..]))
        .map(|(at, letter)| Invisible { at, letter })
        .collect()
}

/// A text with `<U+202E>` for each invisible character.
pub fn named(text: &str) -> Cow<'_, str> {
    replaced(text, |letter| format!("<{}>", code(letter)))
}

/// A text without its invisible characters.
pub fn without(text: &str) -> Cow<'_, str> {
    replaced(text, |_| String::new())
}

/// A text of JSON with an escape for each invisible character: it says the same.
pub fn escaped(json: &str) -> Cow<'_, str> {
    replaced(json, |letter| {
        let mut units = [0; 2];
        letter.encode_utf16(&mut units).iter().map(|unit| format!("\\u{unit:04x}")).collect()
    })
}

/// The code of a character: `U+202E`.
pub fn code(letter: char) -> String {
    format!("U+{:04X}", u32::from(letter))
}

/// What a character is, in Unicode's words.
pub fn name(letter: char) -> &'static str {
    match letter {
        _ if letter.is_control() => "control character",
        '\u{AD}' => "soft hyphen",
        '\u{200B}' => "zero width space",
        '\u{200C}' => "zero width non-joiner",
        '\u{200D}' => "zero width joiner",
        '\u{2060}' => "word joiner",
        '\u{202A}' | '\u{202B}' => "directional embedding",
        '\u{202C}' => "pop directional formatting",
        '\u{202D}' => "left-to-right override",
        '\u{202E}' => "right-to-left override",
        '\u{2066}'..='\u{2068}' => "directional isolate",
        '\u{2069}' => "pop directional isolate",
        '\u{200E}' | '\u{200F}' | '\u{61C}' => "direction mark",
        '\u{FEFF}' => "byte order mark",
        '\u{2028}' | '\u{2029}' => "line separator",
        '\u{FE00}'..='\u{FE0F}' | '\u{E0100}'..='\u{E01EF}' => "variation selector",
        '\u{E0000}'..='\u{E007F}' => "tag character",
        _ => "default ignorable code point",
    }
}

fn replaced(text: &str, with: impl Fn(char) -> String) -> Cow<'_, str> {
    let found = find(text);
    if found.is_empty() {
        return Cow::Borrowed(text);
    }
    let mut replaced = String::with_capacity(text.len() + 8 * found.len());
    let mut copied = 0;
    for Invisible { at, letter } in found {
        replaced += &text[copied..at];
        replaced += &with(letter);
        copied = at + letter.len_utf8();
    }
    Cow::Owned(replaced + &text[copied..])
}

/// Controls, and what Unicode calls default ignorable: rendered as nothing unless a font knows better.
fn is_invisible(letter: char) -> bool {
    match letter {
        '\n' | '\t' | '\r' => false,
        '\u{AD}' | '\u{34F}' | '\u{61C}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}' => true,
        '\u{180B}'..='\u{180F}' | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' => true,
        '\u{2060}'..='\u{206F}' | '\u{3164}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{FFA0}' => true,
        '\u{FFF0}'..='\u{FFFB}' | '\u{1BCA0}'..='\u{1BCA3}' | '\u{1D173}'..='\u{1D17A}' => true,
        '\u{E0000}'..='\u{E0FFF}' => true,
        _ => letter.is_control(),
    }
}

/// How far around a direction mark letters from right to left are looked for, in characters.
const NEAR: usize = 64;

/// Whether writing needs an invisible character between these texts.
fn is_needed(before: &str, letter: char, after: &str) -> bool {
    let last = before.chars().next_back();
    let next = after.chars().next();
    let beside = |is: fn(char) -> bool| last.is_some_and(is) || next.is_some_and(is);
    match letter {
        '\u{200C}' => beside(joins),
        '\u{200D}' => {
            let part = before.trim_end_matches(['\u{FE0F}', '\u{FE0E}']).chars().next_back();
            beside(joins) || part.is_some_and(is_pictograph) && next.is_some_and(is_pictograph)
        }
        '\u{FE0E}' | '\u{FE0F}' => last.is_some_and(has_styles),
        '\u{FE00}'..='\u{FE0D}' | '\u{E0100}'..='\u{E01EF}' => last.is_some_and(has_variants),
        '\u{180B}'..='\u{180F}' | '\u{17B4}' | '\u{17B5}' => last.is_some_and(joins),
        '\u{115F}' | '\u{1160}' => beside(|letter| matches!(letter, '\u{1100}'..='\u{11FF}')),
        '\u{200E}' | '\u{200F}' | '\u{61C}' => {
            let line = |letter: &char| *letter != '\n';
            before.chars().rev().take(NEAR).take_while(line).any(is_right_to_left)
                || after.chars().take(NEAR).take_while(line).any(is_right_to_left)
        }
        '\u{E0020}'..='\u{E007F}' => ends_a_flag(before, letter),
        _ => false,
    }
}

/// The flags of England, Scotland, Wales and other parts of countries: a black flag, and up to six tags.
fn ends_a_flag(before: &str, letter: char) -> bool {
    let is_tag = |letter: &char| matches!(letter, '\u{E0030}'..='\u{E0039}' | '\u{E0061}'..='\u{E007A}');
    let tags = before.chars().rev().take(7).take_while(is_tag).count();
    let begins = before.chars().rev().nth(tags) == Some('\u{1F3F4}');
    begins && tags < 7 && (is_tag(&letter) && tags < 6 || letter == '\u{E007F}' && tags >= 3)
}

/// Whether letters of a script join, so that joiners and non-joiners make a difference: Arabic, the scripts of
/// India and of South East Asia, Mongolian.
fn joins(letter: char) -> bool {
    let is_joining = matches!(letter,
        '\u{600}'..='\u{8FF}' | '\u{900}'..='\u{DFF}' | '\u{1000}'..='\u{109F}' | '\u{1780}'..='\u{18AF}'
        | '\u{1B00}'..='\u{1BFF}' | '\u{A800}'..='\u{ABFF}' | '\u{FB50}'..='\u{FDFF}'
        | '\u{FE70}'..='\u{FEFC}' | '\u{11000}'..='\u{11FFF}' | '\u{1E900}'..='\u{1E95F}');
    is_joining && !is_invisible(letter)
}

fn is_pictograph(letter: char) -> bool {
    matches!(letter, '\u{2190}'..='\u{2BFF}' | '\u{3030}' | '\u{303D}' | '\u{3297}' | '\u{3299}'
        | '\u{1F000}'..='\u{1FAFF}')
}

/// Whether a character is drawn as text or as emoji.
fn has_styles(letter: char) -> bool {
    is_pictograph(letter) || matches!(letter, '0'..='9' | '#' | '*' | '©' | '®' | '‼' | '⁉' | '™' | 'ℹ')
}

/// Whether a character has variants: ideographs, mathematical signs, letters of some scripts.
fn has_variants(letter: char) -> bool {
    joins(letter)
        || matches!(letter, '\u{2200}'..='\u{22FF}' | '\u{3000}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}'
            | '\u{20000}'..='\u{323AF}')
}

fn is_right_to_left(letter: char) -> bool {
    let is_letter = matches!(letter, '\u{590}'..='\u{8FF}' | '\u{FB1D}'..='\u{FDFF}' | '\u{FE70}'..='\u{FEFC}'
        | '\u{10800}'..='\u{10FFF}' | '\u{1E800}'..='\u{1EFFF}');
    is_letter && !is_invisible(letter)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expect: &str) {
        assert_eq!(named(text), expect);
    }

    #[test]
    fn what_is_not_seen_is_named() {
        check("a\u{202E}b\u{202C}", "a<U+202E>b<U+202C>");
        check("PA\u{200B}SS", "PA<U+200B>SS");
        check("\u{FEFF}id \u{2066}x\u{2069} so\u{AD}ft", "<U+FEFF>id <U+2066>x<U+2069> so<U+00AD>ft");
        check("a\u{200D}b a\u{200F}b x\u{E0041}", "a<U+200D>b a<U+200F>b x<U+E0041>");
        check(
            "é\u{200C}é \u{1b}[31m \u{9b}2J a\u{8}b\u{7f}",
            "é<U+200C>é <U+001B>[31m <U+009B>2J a<U+0008>b<U+007F>",
        );
    }

    #[test]
    fn nothing_hides_behind_what_writing_needs() {
        // A message in the tags behind a flag, or in the selectors behind an emoji.
        check(
            "🏴\u{E0069}\u{E0067}\u{E006E}\u{E006F}\u{E0072}\u{E0065}\u{E0061}",
            "🏴\u{E0069}\u{E0067}\u{E006E}\u{E006F}\u{E0072}\u{E0065}<U+E0061>",
        );
        check("😀\u{E0120}\u{FE0F}\u{E0121}", "😀<U+E0120><U+FE0F><U+E0121>");
        check("ש\n\u{200F}!", "ש\n<U+200F>!");
        check("می\u{200C}\u{200C}", "می\u{200C}<U+200C>");
        check("👩\u{200D}admin", "👩<U+200D>admin");
    }

    #[test]
    fn what_writing_needs_stays() {
        for text in [
            "über – 5 µs\ta\r\n",
            "👩\u{200D}💻 and 🏳\u{FE0F}\u{200D}🌈 and 🧑🏽\u{200D}🚀 and ❤\u{FE0F}\u{200D}🔥",
            "می\u{200C}خواهم",
            "क्\u{200D}ष and क्\u{200C}ष",
            "שלום\u{200F}! (1.2)\u{200E} עולם",
            "1\u{FE0F}\u{20E3} ™\u{FE0F}",
            "葛\u{E0100}城",
            "🏴\u{E0067}\u{E0062}\u{E0065}\u{E006E}\u{E0067}\u{E007F}",
        ] {
            check(text, text);
        }
    }

    #[test]
    fn it_can_be_taken_out_or_escaped() {
        assert_eq!(without("gh\u{200B}p_\u{2060}a"), "ghp_a");
        assert_eq!(escaped("\"a\u{202E}\u{E0041}\""), "\"a\\u202e\\udb40\\udc41\"");
    }

    #[test]
    fn long_texts_take_linear_time() {
        for letter in ["\u{200F}", "\u{E0061}", "\u{200D}", "\u{FE0F}"] {
            let text = letter.repeat(200_000);
            assert_eq!(find(&text).len(), 200_000, "{letter:?}");
        }
    }
}
