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
