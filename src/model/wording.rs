//! The words of a text and the clauses that they stand in, so that figures are read together with what they are about.

/// A word of a text, and whether a clause ends behind it.
#[derive(Debug, Clone, Copy)]
pub struct Word<'t> {
    /// The word, without the punctuation around it. A figure has its per cent sign, even behind a space.
    pub text: &'t str,
    /// The text from this word on, to cut parts out of it.
    from: &'t str,
    /// Whether a clause ends behind it.
    pub ends_clause: bool,
}

impl<'t> Word<'t> {
    /// The text from this word on.
    pub fn from_here(self) -> &'t str {
        self.from
    }

    /// Whether it is one of these, in any case.
    pub fn is(self, words: &[&str]) -> bool {
        words.iter().any(|word| word.eq_ignore_ascii_case(self.text))
    }

    /// The number at its end: that of `>95%`, of `95%` and of `5`.
    pub fn number(self) -> Option<f64> {
        let bare = self.text.trim_start_matches(SIGNS);
        let digits = PER_CENT.iter().find_map(|unit| bare.strip_suffix(unit)).unwrap_or(bare);
        digits.trim_end().parse().ok()
    }

    /// Whether it is a number, perhaps behind a sign, without a unit.
    fn is_bare_figure(self) -> bool {
        let digits = self.text.trim_start_matches(SIGNS);
        digits.starts_with(|c: char| c.is_ascii_digit()) && digits.parse::<f64>().is_ok()
    }

    /// The text behind the word, up to its end.
    pub(super) fn behind(self) -> &'t str {
        &self.from[self.text.len()..]
    }

    /// Whether it is a figure in per cent.
    pub fn is_share(self) -> bool {
        PER_CENT.iter().any(|unit| self.text.ends_with(unit)) && self.number().is_some()
    }

    /// Whether a sign before the figure makes it an upper bound, or a lower one.
    pub fn signed(self) -> Option<Bound> {
        match self.text.chars().next()? {
            '<' | '≤' => Some(Bound::Upper),
            '>' | '≥' => Some(Bound::Lower),
            _ => None,
        }
    }
}

/// On which side of a figure a measure has to lie.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bound {
    /// Below it.
    Upper,
    /// Above it.
    Lower,
}

const PER_CENT: [&str; 3] = ["%", "percent", "per cent"];
const SIGNS: [char; 5] = ['>', '<', '=', '≥', '≤'];

/// The words of a text, in order.
pub fn split(text: &str) -> Vec<Word<'_>> {
    let mut words: Vec<Word<'_>> = Vec::new();
    let mut rest = text;
    while let Some(start) = rest.find(|c: char| !c.is_whitespace()) {
        rest = &rest[start..];
        let length = rest.find(char::is_whitespace).unwrap_or(rest.len());
        let word = rest[..length].trim_end_matches(CLOSING).trim_start_matches(['(', '"']);
        let ends_clause = rest[..length].ends_with(CLOSING) || word == "and" || word == "—";
        let is_unit =
            is_per_cent(word, &rest[length..]) && words.last().is_some_and(|last| last.is_bare_figure());
        match words.last_mut() {
            // `95 %` is one figure.
            Some(last) if is_unit || (word == "cent" && last.text.ends_with(" per")) => {
                let end = last.from.len() - rest.len() + rest[..length].find(word).unwrap_or(0) + word.len();
                last.text = &last.from[..end];
                last.ends_clause = ends_clause;
            }
            Some(last) if word.is_empty() => last.ends_clause = true,
            _ if word.is_empty() => {}
            _ => {
                let from = &rest[rest[..length].find(word).unwrap_or(0)..];
                words.push(Word { text: word, from, ends_clause });
            }
        }
        rest = &rest[length..];
    }
    words
}

const CLOSING: [char; 5] = [',', ';', ':', '.', ')'];

/// Whether a word is the unit of the figure before it: `%`, `percent`, the first half of `per cent`.
fn is_per_cent(word: &str, behind: &str) -> bool {
    let cent = || behind.trim_start().get(..4).is_some_and(|next| next.eq_ignore_ascii_case("cent"));
    word == "%" || word.eq_ignore_ascii_case("percent") || (word.eq_ignore_ascii_case("per") && cent())
}

/// The words of the same clause behind a figure.
pub fn after<'a, 't>(words: &'a [Word<'t>], at: usize) -> &'a [Word<'t>] {
    let end = (at..words.len()).find(|&at| words[at].ends_clause).map_or(words.len(), |end| end + 1);
    &words[(at + 1).min(end)..end.min(at + 6)]
}

/// The words of the same clause before a figure.
pub fn before<'a, 't>(words: &'a [Word<'t>], at: usize) -> &'a [Word<'t>] {
    let start = (0..at).rev().find(|&at| words[at].ends_clause).map_or(0, |start| start + 1);
    &words[start.max(at.saturating_sub(8))..at]
}

/// Whether a word follows a figure in its clause.
pub fn followed_by(words: &[Word<'_>], at: usize, next: &str) -> bool {
    after(words, at).first().is_some_and(|word| word.is(&[next]))
}

/// Whether a figure is one of success: `95% success rate`, `95% pass`.
pub fn followed_by_success(words: &[Word<'_>], at: usize) -> bool {
    const SUCCESS: &[&str] = &["success", "successful", "pass", "passing", "completion"];
    after(words, at).first().is_some_and(|word| word.is(SUCCESS))
}

/// Whether the words before a figure name a rate of success: `pass rate of at least 95%`.
pub fn preceded_by_rate(words: &[Word<'_>], at: usize) -> bool {
    let before = before(words, at);
    let rate = |pair: &[Word<'_>]| {
        pair[0].is(&["success", "pass", "completion"]) && pair[1].is(&["rate", "ratio", "quota"])
    };
    before.windows(2).any(rate)
}

/// A word without the ending of its plural.
pub fn stem(word: &str) -> &str {
    word.strip_suffix("ies").or_else(|| word.strip_suffix(['s', 'y'])).unwrap_or(word)
}

/// Where the words of a bound before a figure begin, and whether it is an upper one.
pub fn bound_before(words: &[Word<'_>], at: usize) -> Option<(usize, bool)> {
    const UPPER: &[&str] = &["<", "<=", "≤", "below", "under", "maximum", "most"];
    const LOWER: &[&str] = &[">", ">=", "≥", "above", "over", "minimum", "least"];
    let (one, two) = (at.checked_sub(1)?, at.checked_sub(2));
    let is = |at: Option<usize>, known: &[&str]| at.is_some_and(|at| words[at].is(known));
    if is(Some(one), &["of"]) && is(two, &["minimum", "maximum"]) {
        return Some((one - 1, is(two, &["maximum"])));
    }
    if is(Some(one), &["to"]) && is(two, &["up"]) {
        return Some((one - 1, true));
    }
    if is(Some(one), &["than"]) {
        let upper =
            is(two, &["fewer", "less"]) || (is(two, &["more"]) && is(at.checked_sub(3), &["no", "not"]));
        return Some((at.saturating_sub(2), upper));
    }
    let at_bound = is(Some(one), &["most", "least"]) && is(two, &["at"]);
    let start = if at_bound { one - 1 } else { one };
    let upper = is(Some(one), UPPER);
    (upper || is(Some(one), LOWER)).then_some((start, upper))
}

/// The figure with the bound before it, as written.
pub fn cut<'t>(words: &[Word<'t>], at: usize) -> &'t str {
    let start = bound_before(words, at).map_or(at, |(start, _)| start);
    let from = words[start].from;
    let end = from.len() - words[at].from.len() + words[at].text.len();
    &from[..end]
}

/// On which side of a figure a measure has to lie, and whether the figure itself is left out; nothing where the text
/// does not say.
pub fn bound_of(words: &[Word<'_>], at: usize) -> Option<(Bound, bool)> {
    let includes = |sign: &str| sign.contains('=') || sign.contains(['≥', '≤']);
    if let Some(bound) = words[at].signed() {
        let sign_end = words[at].text.find(|c| !SIGNS.contains(&c)).unwrap_or(0);
        return Some((bound, !includes(&words[at].text[..sign_end])));
    }
    let (start, is_upper) = bound_before(words, at)?;
    let bound = if is_upper { Bound::Upper } else { Bound::Lower };
    let excludes = words[start..at].iter().all(|word| {
        !includes(word.text) && !word.is(&["least", "most", "minimum", "maximum", "up", "no", "not"])
    });
    // `no more than` begins a word before the words of its bound.
    let negated = start.checked_sub(1).is_some_and(|before| words[before].is(&["no", "not"]));
    Some((bound, excludes && !negated))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_figure_has_its_unit() {
        let check = |text: &str, expect: &[&str]| {
            let words: Vec<&str> = split(text).iter().map(|word| word.text).collect();
            assert_eq!(words, expect, "{text}");
        };
        check("at least 95 % of them", &["at", "least", "95 %", "of", "them"]);
        check("95 per cent, 5 percent.", &["95 per cent", "5 percent"]);
        check("5 per release", &["5", "per", "release"]);
        check("(>95%)", &[">95%"]);
        check("% of", &["%", "of"]);
        assert_eq!(split("95 per cent")[0].number(), Some(95.0));
        assert_eq!(split("≥ 95 %")[1].number(), Some(95.0));
    }

    #[test]
    fn bounds_have_a_side() {
        use Bound::{Lower, Upper};
        let check = |text: &str, expect: Option<(Bound, bool)>| {
            let words = split(text);
            let at = words.iter().position(|word| word.number().is_some()).expect("a figure");
            assert_eq!(bound_of(&words, at), expect, "{text}");
        };
        check("at least 95%", Some((Lower, false)));
        check("more than 95%", Some((Lower, true)));
        check("no more than 5%", Some((Upper, false)));
        check("fewer than 5", Some((Upper, true)));
        check("below 200", Some((Upper, true)));
        check(">= 95%", Some((Lower, false)));
        check("≤5", Some((Upper, false)));
        check("minimum of 95%", Some((Lower, false)));
        check("95%", None);
    }
}
