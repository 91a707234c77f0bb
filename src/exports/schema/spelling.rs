//! Regular expressions of the texts that relplan takes for a word, a key or a day. They are written in the part of
//! ECMA-262 that other engines share, with lookaheads at most.

/// What the letters of a word may have between them, and what folding takes away.
const BETWEEN: &str = "[ _-]*";

/// Letters and digits: the blocks in which text is written. A word ends where one of them does not follow.
const ALPHANUMERIC: &str = "0-9A-Za-z\\u00aa\\u00b2\\u00b3\\u00b5\\u00b9\\u00ba\\u00bc-\\u00be\\u00c0-\\u00d6\
\\u00d8-\\u00f6\\u00f8-\\u02af\\u0370-\\u1fff\\u2c00-\\u2dff\\u3040-\\u318f\\u3400-\\u4dbf\\u4e00-\\u9fff\
\\uac00-\\ud7a3";

/// One of these words, folded, perhaps with a remark behind it: `Pre-deploy`, `pre_deploy — tonight`, `P1 (Critical)`.
pub(super) fn choice<'w>(words: impl Iterator<Item = &'w str>) -> String {
    remarked(words.map(folded), "[\\s_-]*")
}

/// One of these words in any case, perhaps with a remark behind it: `Yes — the release stops here`.
pub(super) fn flag(words: &[&str]) -> String {
    remarked(words.iter().map(|word| word.chars().map(letter).collect()), "\\s*")
}

/// One of these words with blanks around it and a remark behind it, or in brackets behind a shorthand.
fn remarked(words: impl Iterator<Item = String>, blank: &str) -> String {
    let words = alternatives(words);
    let shorthand = "(?:[pP]-?[0-9]|[sS][eE][vV]-?[0-9]|[chmlCHML])";
    format!("^{blank}{words}(?:[^{ALPHANUMERIC}]|$)|^\\s*{shorthand}\\s*\\({blank}{words}{blank}\\)\\s*$")
}

/// A key that folds to `name` and is not `name` itself, such as `Linked IDs`.
pub(super) fn other_key(name: &str) -> String {
    format!("^(?!{name}$){}$", folded(name))
}

/// A key that folds to `name`.
pub(super) fn key(name: &str) -> String {
    format!("^{}$", folded(name))
}

/// A day with its year: `2027-03-01`, `Monday, 2027-03-01 10:00`, `1st March 2027`, `March 1, 2027`.
pub(super) fn date() -> String {
    const MONTHS: [&str; 12] =
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    let months = alternatives(MONTHS.iter().map(|month| month.chars().map(letter).collect()));
    let number = "[0-9]{1,2}";
    let weekday = "(?:[A-Za-z]{3,9}\\.?,?\\s+)?";
    let iso = "[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])(?:[Tt ,(]|$)";
    let named = format!(
        "(?:(?:the\\s+)?{number}[a-z.]*\\s+(?:of\\s+)?{months}|{months}[a-z]*\\.?\\s+{number}).*[0-9]{{4}}"
    );
    format!("^\\s*{weekday}(?:{iso}|{named})")
}

/// A day with a time and an offset: `2026-11-18T15:00Z`.
pub(super) const MOMENT: &str = "^\\s*[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ][0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\\.[0-9]+)?)?\\s*(?:[Zz]|[-+][0-9]{2}:[0-9]{2})\\s*$";

/// A number, perhaps with thousands set apart: `20_000`.
pub(super) const NUMBER: &str = "^\\s*[-+]?[0-9.][0-9.,_'\\u2019]*(?:[eE][-+]?[0-9]+)?\\s*$";

fn alternatives(words: impl Iterator<Item = String>) -> String {
    format!("(?:{})", words.collect::<Vec<_>>().join("|"))
}

/// A word with what folding takes away between its letters.
fn folded(word: &str) -> String {
    crate::model::value::folded(word).map(letter).collect::<Vec<_>>().join(BETWEEN)
}

/// A letter in both cases; every other character as itself.
fn letter(letter: char) -> String {
    match letter {
        'a'..='z' | 'A'..='Z' => format!("[{}{}]", letter.to_ascii_lowercase(), letter.to_ascii_uppercase()),
        '0'..='9' | '\'' | '\u{80}'.. => letter.to_string(),
        _ => format!("\\{letter}"),
    }
}
