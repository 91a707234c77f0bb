use super::traps::{self, Trapped};
use crate::finding::Report;
use crate::rules::{ERROR, Subject};
use crate::source::edit::Edit;
use crate::source::yaml::Trap;

declare_rule! {
    /// A text that begins with a character that YAML keeps for itself.
    ///
    /// An `@`, a backtick, `%`, `*`, `[` or a quote at the beginning of a text is
    /// a sign to YAML and not part of the text, so the text must be quoted. It
    /// was read as if it were; other tools stop at it.
    ///
    /// ```yaml,bad
    /// id: RUN-001
    /// title: Switch the traffic back
    /// owner: @platform-team
    /// ```
    ///
    /// ```yaml,bad
    /// id: RUN-001
    /// title: Switch the traffic back
    /// owner: Platform Team
    /// steps:
    ///   - [ ] Stop the deployment
    ///   - "Rollback" button in the console
    /// ```
    ///
    /// ```yaml,good
    /// id: RUN-001
    /// title: Switch the traffic back
    /// owner: '@platform-team'
    /// ```
    "RP0007", "reserved-character", ERROR, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    traps::each(subject, reports, |trapped| match trapped.trap {
        Trap::ReservedCharacter => Some(reserved(trapped)),
        Trap::Bracket => Some(bracket(trapped)),
        Trap::Quote => Some(quote(trapped)),
        _ => None,
    })
}

fn reserved(trapped: &Trapped<'_>) -> Report {
    let sign = trapped.text.chars().next().unwrap_or(' ');
    let message = format!("{} starts with `{sign}`, which YAML reserves", trapped.place());
    let report = Report::at(trapped.span, message).help("quote the value");
    match sign {
        // A list of one item may have been meant.
        '-' if trapped.text.len() > 1 => report.suggested_fix("quote it", trapped.quote()),
        _ => report.safe_fix("quote it", trapped.quote()),
    }
}

fn bracket(trapped: &Trapped<'_>) -> Report {
    let (open, what) = if trapped.text.starts_with('[') { ('[', "list") } else { ('{', "mapping") };
    let message =
        format!("{} starts with `{open}`, so YAML reads a {what} and stops at its end", trapped.place());
    Report::at(trapped.span, message).help("quote the value").safe_fix("quote it", trapped.quote())
}

fn quote(trapped: &Trapped<'_>) -> Report {
    let message = format!("{} continues after its closing quote", trapped.place());
    let report = Report::at(trapped.span, message);
    match inside_quotes(trapped.text) {
        Some(inside) => {
            let new = traps::quoted(inside);
            let edits = vec![Edit::replace(trapped.span, new)];
            report
                .help("use single quotes, and double each single quote inside")
                .suggested_fix("quote the whole text", edits)
        }
        None => report
            .help("put the whole text, quotes included, in single quotes")
            .safe_fix("quote the whole text", trapped.quote()),
    }
}

/// The text between the outer quotes, if those inside are plainly part of it: `'It's done'`.
fn inside_quotes(text: &str) -> Option<&str> {
    let quote = text.chars().next()?;
    let inside = text.strip_prefix(quote)?.strip_suffix(quote)?;
    let first = inside.find(quote)?;
    let before = inside[..first].chars().next_back();
    let after = inside[first + 1..].chars().next();
    let apostrophe = before.is_some_and(char::is_alphanumeric) && after.is_some_and(char::is_alphanumeric);
    let opening = before.is_some_and(|before| before == ' ' || before == '(');
    (apostrophe || opening).then_some(inside)
}

#[cfg(test)]
mod tests {
    use crate::rules::tests::findings;

    fn check(value: &str, expect: &str) {
        let found = findings(&format!("id: RUN-001\ntitle: {value}\n"), "");
        let fix = found.into_iter().find_map(|finding| finding.fix).expect("a fix");
        assert_eq!(fix.edits[0].replacement, expect, "{value}");
    }

    #[test]
    fn quotes_inside_quotes_are_told_from_text_behind_them() {
        check("'It's done'", "'It''s done'");
        check("\"He said \"yes\" twice\"", "'He said \"yes\" twice'");
        check("\"Fast\" search", "'\"Fast\" search'");
        check("\"a\" and \"b\"", "'\"a\" and \"b\"'");
    }
}
