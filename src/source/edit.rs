//! Changes of a text by byte ranges, so that everything else stays as it was.

use super::Span;

/// One replacement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edit {
    /// What is replaced; an empty span is an insertion before that byte.
    pub span: Span,
    /// What stands there afterwards.
    pub replacement: String,
}

impl Edit {
    /// Replaces what `span` covers.
    pub fn replace(span: Span, replacement: impl Into<String>) -> Self {
        Edit { span, replacement: replacement.into() }
    }

    /// Puts text before the byte at the start of `span`.
    pub fn insert(span: Span, text: impl Into<String>) -> Self {
        let at = Span { end: span.start, ..span };
        Edit::replace(at, text)
    }
}

/// Applies the edits of one file. They must be sorted by place; an edit that
/// touches what an earlier one changed is left out. Returns the new text and
/// how many edits went in.
pub fn apply<'a>(text: &str, edits: impl IntoIterator<Item = &'a Edit>) -> (String, usize) {
    let mut changed = String::with_capacity(text.len() + 64);
    let mut copied = 0;
    let mut applied = 0;
    for edit in edits {
        let range = edit.span.range();
        if range.start < copied || range.end > text.len() || (applied > 0 && range.start == copied) {
            continue;
        }
        changed.push_str(&text[copied..range.start]);
        changed.push_str(&edit.replacement);
        copied = range.end;
        applied += 1;
    }
    changed.push_str(&text[copied..]);
    (changed, applied)
}

#[cfg(test)]
mod tests {
    use super::super::FileId;
    use super::*;

    fn check(text: &str, edits: &[(usize, usize, &str)], expect: &str, applied: usize) {
        let edits: Vec<Edit> = edits
            .iter()
            .map(|&(start, end, new)| Edit::replace(Span::new(FileId(0), start, end), new))
            .collect();
        assert_eq!(apply(text, &edits), (expect.to_owned(), applied));
    }

    #[test]
    fn everything_outside_the_edits_stays() {
        check("a: >2%  # why\n", &[(3, 6, "'>2%'")], "a: '>2%'  # why\n", 1);
        check("ab", &[(0, 0, "x"), (1, 2, "")], "xa", 2);
    }

    #[test]
    fn an_edit_over_an_earlier_one_is_left_out() {
        check("abcd", &[(0, 2, "x"), (1, 3, "y"), (3, 4, "z")], "xcz", 2);
    }
}
