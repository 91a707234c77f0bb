//! Text of a plan within Markdown: it shows as it stands and starts nothing.

use crate::formats::steers;

/// Text anywhere in a line, table cells included.
pub(in crate::formats) fn escaped(text: &str) -> String {
    let mut shown = String::with_capacity(text.len() + 8);
    let mut before = ' ';
    for (at, letter) in text.char_indices() {
        match letter {
            '&' => shown += "&amp;",
            '<' => shown += "&lt;",
            '>' => shown += "&gt;",
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '~' | '$' => {
                shown.push('\\');
                shown.push(letter);
            }
            // Readers make links of addresses by themselves.
            ':' if text[at..].starts_with("://") => shown += "\\:",
            '.' if before.eq_ignore_ascii_case(&'w') && text[..at].to_ascii_lowercase().ends_with("www") => {
                shown += "\\.";
            }
            '@' if mentions(before, &text[at + 1..]) => shown += APART,
            '@' => shown += "\\@",
            _ if steers(letter) => shown.push(' '),
            _ => shown.push(letter),
        }
        before = letter;
    }
    shown
}

/// The text of a fact in a message, where people may read the Markdown itself: code between backticks stays code, and
/// `>` stays where it can neither begin a quotation nor end a tag or a comment. All else is as in [`escaped`].
pub(in crate::formats) fn escaped_in_message(text: &str) -> String {
    let mut shown = String::with_capacity(text.len() + 8);
    let mut from = 0;
    while let Some((start, end)) = code_span(text, from) {
        shown += &escaped_but_signs(text, from, start);
        shown += &code(&text[start + 1..end - 1], false);
        from = end;
    }
    shown + &escaped_but_signs(text, from, text.len())
}

/// A part of a text with the marks escaped, but for `>` where it starts and ends nothing.
fn escaped_but_signs(text: &str, from: usize, to: usize) -> String {
    let is_harmless = |at: usize| {
        let before = &text[..at];
        let line = before.rsplit('\n').next().unwrap_or_default();
        line.contains(char::is_alphabetic) && !before.contains('<') && !before.ends_with("--")
    };
    let mut shown = String::new();
    let mut done = from;
    for (at, _) in text[from..to].match_indices('>').filter(|(at, _)| is_harmless(from + at)) {
        shown += &escaped(&text[done..from + at]);
        shown.push('>');
        done = from + at + 1;
    }
    shown + &escaped(&text[done..to])
}

/// Where the next code between two single backticks stands, with them. Code counts only if it is harmless without the
/// backticks, too: a template may put a fact between backticks or tags of its own.
fn code_span(text: &str, from: usize) -> Option<(usize, usize)> {
    let mut at = from;
    loop {
        let start = at + text[at..].find('`')?;
        let opened = run(text, start);
        let close = opened + text[opened..].find('`')?;
        let end = run(text, close);
        if opened - start == 1 && end - close == 1 && is_harmless_code(&text[opened..close]) {
            return Some((start, end));
        }
        // Backticks that are no pair of their own stay text; the second may open the next.
        at = if opened - start == 1 { end } else { opened };
    }
}

/// The end of the backticks that begin here.
fn run(text: &str, start: usize) -> usize {
    start + text[start..].bytes().take_while(|byte| *byte == b'`').count()
}

fn is_harmless_code(code: &str) -> bool {
    let means_something = |letter: char| "<&*|~$\\!@\n".contains(letter) || steers(letter);
    let starts_something = ["](", "][", "]:", "://", "www.", "-->"];
    !code.trim().is_empty()
        && !code.contains(means_something)
        && !starts_something.iter().any(|mark| code.to_ascii_lowercase().contains(mark))
}

/// An at sign that notifies nobody: a space without width stands behind it. A backslash is gone before GitHub and
/// GitLab look for names.
const APART: &str = "@&#8203;";

/// Markdown in which no name is notified; its other marks stay.
pub(in crate::formats) fn without_mentions(text: &str) -> String {
    let mut shown = String::with_capacity(text.len() + 8);
    let mut before = ' ';
    for (at, letter) in text.char_indices() {
        match letter {
            '@' if mentions(before, &text[at + 1..]) => shown += APART,
            _ => shown.push(letter),
        }
        before = letter;
    }
    shown
}

/// Whether an at sign between these would name somebody.
fn mentions(before: char, after: &str) -> bool {
    !before.is_alphanumeric() && after.starts_with(|first: char| first.is_alphanumeric() || first == '_')
}

/// Text at the beginning of a line: no heading, list, quotation or rule begins there.
pub(super) fn beginning(text: &str) -> String {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let after = text.as_bytes().get(digits..).unwrap_or_default();
    if digits > 0 && matches!(after, [b'.' | b')'] | [b'.' | b')', b' ', ..]) {
        return format!("{}\\{}", &text[..digits], &text[digits..]);
    }
    match text.bytes().next() {
        Some(b'#' | b'-' | b'+' | b'=') => format!("\\{text}"),
        _ => text.to_owned(),
    }
}

/// Text within a tag of HTML, where Markdown's own marks mean nothing.
pub(super) fn html(text: &str) -> String {
    let text = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace(steers, " ");
    // A name in a tag notifies like any other.
    without_mentions(&text)
}

/// Text that is typed, between as many backticks as it takes. In a table, `|` would end the cell; elsewhere a backslash
/// before it would be shown.
pub(super) fn code(text: &str, in_table: bool) -> String {
    let text = if in_table { text.replace('|', "\\|") } else { text.to_owned() };
    let text = text.replace(steers, " ");
    let longest = text.split(|letter| letter != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    let padding = if longest > 0 || text.starts_with(' ') { " " } else { "" };
    format!("{fence}{padding}{text}{padding}{fence}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_starts() {
        assert_eq!(escaped("a|b <script> *c* [d](e) `f`"), r"a\|b &lt;script&gt; \*c\* \[d\](e) \`f\`");
        assert_eq!(escaped("https://a.b www.c"), r"https\://a.b www\.c");
        assert_eq!(
            escaped("ask @ada, (@org/team) or a@b.org @ 5"),
            r"ask @&#8203;ada, (@&#8203;org/team) or a\@b.org \@ 5"
        );
        assert_eq!(html("by @ada or a@b.org"), "by @&#8203;ada or a@b.org");
        assert_eq!(beginning("1. one"), r"1\. one");
        assert_eq!(beginning("- one"), r"\- one");
        assert_eq!(beginning("74.8 %"), "74.8 %");
        assert_eq!(beginning("2027 it is"), "2027 it is");
    }

    #[test]
    fn messages_keep_code_and_signs_that_start_nothing() {
        let check = |text: &str, expect: &str| assert_eq!(escaped_in_message(text), expect, "{text}");
        check("target >= 90%, a -> b", "target >= 90%, a -> b");
        check("accept it with `accepted_by` of `[roles]`", "accept it with `accepted_by` of `[roles]`");
        check("add `sign_off: QA Lead` to *x*", r"add `sign_off: QA Lead` to \*x\*");
    }

    #[test]
    fn nothing_starts_in_a_message() {
        let check = |text: &str, expect: &str| assert_eq!(escaped_in_message(text), expect, "{text}");
        check("> quoted", "&gt; quoted");
        check("- > quoted", "- &gt; quoted");
        check("a\n> quoted", "a &gt; quoted");
        check("a <b> c", "a &lt;b&gt; c");
        check("a --> c", "a --&gt; c");
        check("`<b>` `[l](u)`", r"\`&lt;b&gt;\` \`\[l\](u)\`");
        check("`@ada` `*a*` ``", r"\`@&#8203;ada\` \`\*a\*\` \`\`");
        check("a ` b `` c `", r"a \` b \`\` c \`");
        check("`a` ` *b*", r"`a` \` \*b\*");
        check("`https://a.b`", r"\`https\://a.b\`");
    }

    #[test]
    fn code_is_fenced() {
        assert_eq!(code("a b", true), "`a b`");
        assert_eq!(code("kubectl@ada", true), "`kubectl@ada`");
        assert_eq!(code("@ada", true), "`@ada`");
        assert_eq!(code("a ` b", true), "`` a ` b ``");
        assert_eq!(
            (code("4..|5..", false), code("4..|5..", true)),
            ("`4..|5..`".to_owned(), r"`4..\|5..`".to_owned())
        );
    }
}
