//! Texts that stand where content should: `TBD`, `works on my machine`.

/// Words that stand for content that is still to come, with nothing before them: `TBD (after hiring)`.
const OPENINGS: &[&str] = &["tba", "tbc", "tbd", "lorem ipsum"];

/// The same, where only capitals tell them from content: `TODO: write it`, but `todo lists are shared`.
const CAPITAL_OPENINGS: &[&str] = &["FIXME", "TODO", "XXX"];

/// Whole texts that say nothing, without what may stand before and behind them.
const WHOLE: &[&str] = &[
    "ask around",
    "asdf",
    "blah",
    "blah blah",
    "bla bla",
    "coming soon",
    "details follow",
    "details to follow",
    "do not know",
    "don't know",
    "dummy",
    "dummy text",
    "figure it out",
    "figure this out",
    "figure that out",
    "fill in",
    "fill me in",
    "fill this in",
    "fingers crossed",
    "fixme",
    "follows",
    "hope for the best",
    "idk",
    "it just works",
    "it should be fine",
    "it should work",
    "it works for me",
    "it works on my machine",
    "n.a",
    "n/a",
    "no idea",
    "none yet",
    "not applicable yet",
    "not available yet",
    "not decided",
    "not decided yet",
    "not defined",
    "not defined yet",
    "not determined",
    "not documented",
    "not known",
    "not known yet",
    "not specified",
    "not written",
    "not written yet",
    "not yet",
    "not yet decided",
    "not yet defined",
    "not yet determined",
    "not yet documented",
    "not yet known",
    "not yet specified",
    "not yet written",
    "nothing yet",
    "pending",
    "placeholder",
    "placeholder text",
    "see what happens",
    "should be fine",
    "should work",
    "sort it out",
    "text goes here",
    "insert text",
    "insert text here",
    "to be added",
    "to be agreed",
    "to be announced",
    "to be clarified",
    "to be completed",
    "to be confirmed",
    "to be decided",
    "to be defined",
    "to be described",
    "to be determined",
    "to be discussed",
    "to be documented",
    "to be done",
    "to be filled",
    "to be filled in",
    "to be provided",
    "to be specified",
    "to be supplied",
    "to be written",
    "to do",
    "to follow",
    "todo",
    "undecided",
    "undefined",
    "under construction",
    "unknown",
    "unspecified",
    "will be added",
    "will be decided",
    "will be defined",
    "will be determined",
    "will be documented",
    "will be fine",
    "will be written",
    "wing it",
    "wip",
    "work in progress",
    "works for me",
    "works on my computer",
    "works on my laptop",
    "works on my machine",
    "xxx",
];

/// What may stand before one of these and changes nothing: `we'll figure it out`.
const LEADS: &[&str] = &[
    "currently",
    "i will",
    "i'll",
    "it",
    "it'll",
    "just",
    "someone will",
    "somebody will",
    "still",
    "the team will",
    "they will",
    "they'll",
    "we can",
    "we will",
    "we'll",
    "will",
];

/// The same behind: `to be decided later`.
const TAILS: &[&str] = &[
    "and see",
    "as always",
    "as needed",
    "as we go",
    "asap",
    "at some point",
    "before the release",
    "eventually",
    "if it happens",
    "if needed",
    "later",
    "later on",
    "on the day",
    "on the fly",
    "somehow",
    "soon",
    "then",
    "there",
    "when it happens",
    "when needed",
    "when the time comes",
    "when we get there",
    "when we know more",
];

/// Whether a text holds a place and says nothing.
pub fn is_placeholder(text: &str) -> bool {
    let text = text.trim();
    // No placeholder is long, and prose need not be folded to see that it is none.
    if text.len() > LONGEST && !begins_with_opening(text) {
        return false;
    }
    !text.chars().any(char::is_alphanumeric)
        || begins_with_opening(text)
        || is_template(text)
        || is_whole(text)
}

const LONGEST: usize = 80;

fn begins_with_opening(text: &str) -> bool {
    let bare = text.trim_start_matches(OPEN);
    let behind = |opening: &str| {
        let rest = bare.get(opening.len()..)?;
        let same = bare.get(..opening.len())?.eq_ignore_ascii_case(opening);
        (same && !rest.starts_with(char::is_alphanumeric)).then_some(rest)
    };
    let capital = |opening: &&str| {
        let rest = behind(opening).filter(|_| bare.starts_with(*opening));
        rest.map(str::trim_start).is_some_and(|rest| {
            rest.is_empty() || rest.starts_with([':', '-', '(', ')', ']', '.', '!', ',', ';'])
        })
    };
    OPENINGS.iter().any(|opening| behind(opening).is_some()) || CAPITAL_OPENINGS.iter().any(capital)
}

/// `<describe the procedure>`, as templates have it.
fn is_template(text: &str) -> bool {
    let inner = text.strip_prefix('<').and_then(|text| text.strip_suffix('>'));
    inner.is_some_and(|inner| {
        inner.contains(char::is_alphabetic)
            && inner
                .chars()
                .all(|c| c.is_alphabetic() || matches!(c, ' ' | '-' | '_' | '\'' | ',' | '.' | '…'))
    })
}

fn is_whole(text: &str) -> bool {
    says_nothing(&folded(text))
}

/// Whether a folded text is one of [`WHOLE`], perhaps behind leads and before tails.
fn says_nothing(text: &str) -> bool {
    let without_lead = |lead: &&str| text.strip_prefix(*lead).and_then(|rest| rest.strip_prefix(' '));
    let without_tail = |tail: &&str| text.strip_suffix(*tail).and_then(|rest| rest.strip_suffix([' ', ',']));
    WHOLE.contains(&text)
        || LEADS.iter().filter_map(without_lead).any(says_nothing)
        || TAILS.iter().filter_map(without_tail).any(says_nothing)
}

const OPEN: &[char] = &['(', '[', '<', '{', '"', '\'', '`', '*', '_', '~', ' '];

/// The text in small letters with single spaces, without brackets, quotes and marks around it.
fn folded(text: &str) -> String {
    let around =
        |c: char| OPEN.contains(&c) || matches!(c, ')' | ']' | '>' | '}' | '.' | '!' | '?' | '…' | ':' | ';');
    let plain = text.trim_matches(around).replace('’', "'").to_lowercase();
    plain.split_whitespace().collect::<Vec<_>>().join(" ").replace(['—', '–'], "-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_say_nothing() {
        for text in [
            "TBD",
            "tbd.",
            "[TBD]",
            "TBD (after hiring)",
            "TBC: ask Max",
            "TODO",
            "todo",
            "TODO: write it",
            "FIXME - really",
            "n/a",
            "N/A",
            "N.A.",
            "-",
            "--",
            "—",
            "?",
            "???",
            "...",
            "…",
            "we'll figure it out",
            "We’ll figure it out!",
            "We will figure it out when we get there",
            "figure it out later",
            "works on my machine",
            "It works on my machine.",
            "Works for me",
            "to be decided",
            "To be decided later",
            "to be determined",
            "to be confirmed",
            "not yet defined",
            "none yet",
            "None yet.",
            "nothing yet",
            "lorem ipsum",
            "Lorem ipsum dolor sit amet, consectetur adipiscing elit, sed do eiusmod tempor incididunt",
            "coming soon",
            "xxx",
            "XXX",
            "<describe the procedure>",
            "<owner>",
            "placeholder",
            "WIP",
            "should be fine",
            "it should work",
            "fingers crossed",
            "hope for the best",
            "will be decided soon",
            "*TBD*",
            "`TODO`",
            "to do",
            "pending",
            "unknown",
            "We'll see what happens",
        ] {
            assert!(is_placeholder(text), "{text}");
        }
    }

    #[test]
    fn content_is_none() {
        for text in [
            "x",
            "T",
            "None",
            "none",
            "No",
            "Yes",
            "0",
            "42",
            "All tests pass",
            "Todo lists are shared",
            "TODO lists sync across devices",
            "To do lists are exported",
            "tbdex protocol is supported",
            "The team decides by vote",
            "To be confirmed by the on-call engineer within 5 minutes",
            "Unknown users are rejected",
            "The unknown-device dialog is shown",
            "Pending payments are settled",
            "Works on my machine is no acceptance criterion",
            "It works on all supported phones",
            "It works offline",
            "Placeholder texts are translated",
            "Not applicable to tenants in the EU",
            "No data loss",
            "Fill in the form, and press Send",
            "Roll back with helm rollback shop",
            "<200ms",
            "> 2% of requests",
            "<b>bold</b>",
            "kubectl rollout undo deployment/api",
            "Follow RUN-001",
            "QA",
            "C",
            "Read the dashboard; it should be green",
            "See RUN-003",
            "text/plain",
            "Ask around the table: every lead says go",
            "WIP limits are enforced",
            "XXXL sizes are offered",
            "Nothing yet to be migrated is left",
            "Service N/A page is gone",
            "All",
            "Everyone",
            "後で",
            "The data is NA in the legacy report",
            "Undo",
            "Text is legible at 200% zoom",
            "-1",
            "a",
        ] {
            assert!(!is_placeholder(text), "{text}");
        }
    }

    #[test]
    fn long_texts_take_no_time() {
        let text = "we will ".repeat(200_000);
        assert!(!is_placeholder(&text));
    }
}
