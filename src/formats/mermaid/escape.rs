//! Text of a plan within Mermaid, as entity codes wherever its grammar would read something into it.

use crate::formats::steers;

/// Words that begin a statement of a Gantt chart.
const STATEMENTS: [&str; 20] = [
    "accdescr",
    "acctitle",
    "axisformat",
    "call",
    "click",
    "dateformat",
    "end",
    "excludes",
    "gantt",
    "href",
    "includes",
    "inclusiveenddates",
    "section",
    "tickinterval",
    "title",
    "todaymarker",
    "topaxis",
    "vert",
    "weekday",
    "weekend",
];

/// A space that counts as text.
const EMPTY: &str = "#160;";

/// Text between the quotation marks of a label. Mermaid reads Markdown there, lists included, so
/// nothing that could begin a list stands at the beginning.
pub(super) fn label(text: &str) -> String {
    let mut shown = String::with_capacity(text.len() + 8);
    let mut started = false;
    for letter in text.chars() {
        match letter {
            _ if steers(letter) => shown.push(' '),
            '.' | ',' | '-' | ':' | '/' | '(' | ')' if started => shown.push(letter),
            _ if letter.is_ascii_punctuation() => shown += &entity(letter),
            _ => shown.push(letter),
        }
        started |= letter.is_alphabetic();
    }
    // Between quotation marks there must be something.
    if shown.trim().is_empty() { EMPTY.to_owned() } else { shown }
}

/// Text that names a task, a section or the chart, up to a colon or the end of the line.
pub(super) fn task(text: &str) -> String {
    let mut shown = String::with_capacity(text.len() + 8);
    let statement = text
        .split(|letter: char| !letter.is_ascii_alphabetic())
        .next()
        .is_some_and(|word| STATEMENTS.contains(&word.to_ascii_lowercase().as_str()));
    for (index, letter) in text.trim_start().chars().enumerate() {
        match letter {
            _ if index == 0 && statement => shown += &entity(letter),
            _ if steers(letter) => shown.push(' '),
            '-' | '.' | '(' | ')' | '/' | '\'' => shown.push(letter),
            _ if letter.is_ascii_punctuation() => shown += &entity(letter),
            _ => shown.push(letter),
        }
    }
    // A task without a name is no task.
    if shown.trim().is_empty() { EMPTY.to_owned() } else { shown }
}

fn entity(letter: char) -> String {
    format!("#{};", letter as u32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_start_nothing() {
        assert_eq!(label("1. a [b] \"c\"; d"), "1#46; a #91;b#93; #34;c#34;#59; d");
        assert_eq!(label("- end"), "#45; end");
        assert_eq!(label("EPIC-01: All (of it)"), "EPIC-01: All (of it)");
    }

    #[test]
    fn tasks_end_at_no_colon() {
        assert_eq!(task("a: b; #c"), "a#58; b#59; #35;c");
        assert_eq!(task("end of life"), "#101;nd of life");
        assert_eq!(task(""), "#160;");
    }
}
