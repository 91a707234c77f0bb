use super::traps::{self, Trapped};
use crate::finding::Report;
use crate::rules::{Subject, WARNING, words};
use crate::source::edit::Edit;
use crate::source::yaml::Trap;
use crate::source::{SourceFile, Span};

declare_rule! {
    /// A list item that YAML reads as part of the line above it.
    ///
    /// A dash that is indented deeper than its siblings continues the text of the
    /// item above. relplan reads it as an item of the list; other tools read one
    /// long item, and the text after the dash is lost in it.
    ///
    /// ```yaml,bad
    /// id: RUN-001
    /// title: Switch the traffic back
    /// steps:
    ///   - Announce it in the channel
    ///     - Stop the writers
    ///   - Watch the error rate
    /// ```
    ///
    /// ```yaml,good
    /// id: RUN-001
    /// title: Switch the traffic back
    /// steps:
    ///   - Announce it in the channel
    ///   - Stop the writers
    ///   - Watch the error rate
    /// ```
    "RP0025", "folded-dash", WARNING, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    traps::each(subject, reports, |trapped| {
        if trapped.trap == Trap::FoldedDash { folded(subject, trapped) } else { None }
    })
}

/// A finding for each item that a list lost, and one for all dashes of a text.
fn folded(subject: &Subject<'_>, trapped: &Trapped<'_>) -> Option<Report> {
    let file = subject.sources.file(trapped.span.file);
    let dash = trapped.span.within(0, 1);
    let message = trapped.named("list item is folded into the line above");
    let report = Report::at(dash, message);
    Some(match sibling(file, dash) {
        Some((column, indentation)) => report
            .help(format!("indent it by {}, like the other items", words::count(column, "space")))
            .safe_fix("indent it like the other items", vec![Edit::replace(indentation, " ".repeat(column))]),
        None if follows_another(file, dash) => return None,
        None => report.help("start each item of a list below its key, or write `|` behind the key of a text"),
    })
}

/// Whether the line above begins with a dash in the same column.
fn follows_another(file: &SourceFile, dash: Span) -> bool {
    let line = file.line_index(dash.start as usize);
    let above = line.checked_sub(1).map(|above| file.line_text(above)).unwrap_or_default();
    let column = dash.start as usize - file.line_start(line);
    above.get(column..).is_some_and(|rest| rest.starts_with("- ")) && above[..column].trim().is_empty()
}

/// The column of the list that an item belongs to, and the indentation that it has instead. The item above it
/// that is less indented is its sibling, if that is no pair of a key and a value.
fn sibling(file: &SourceFile, dash: Span) -> Option<(usize, Span)> {
    let at = file.line_index(dash.start as usize);
    let column = |line: &str| line.len() - line.trim_start().len();
    let own = column(file.line_text(at));
    let above = (0..at)
        .rev()
        .map(|line| file.line_text(line))
        .find(|line| !line.trim().is_empty() && column(line) < own && !is_continued(line))?;
    let item = above.trim_start().strip_prefix("- ")?;
    let start = file.line_start(at);
    let indentation = Span { start: u32::try_from(start).ok()?, end: dash.start, ..dash };
    let is_pair = item.contains(": ") || item.ends_with(':');
    (!is_pair).then(|| (column(above), indentation))
}

/// Whether a line neither begins an item nor a pair.
fn is_continued(line: &str) -> bool {
    let content = line.trim_start();
    !content.starts_with("- ") && !content.contains(": ") && !content.ends_with(':')
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::rules::tests::findings;

    fn check(yaml: &str, expect: &[&str]) {
        let found = findings(yaml, "").into_iter().filter(|finding| finding.code == RULE.code);
        let shown: Vec<String> = found
            .map(|finding| {
                let indentation =
                    finding.fix.iter().flat_map(|fix| &fix.edits).map(|edit| edit.replacement.len());
                indentation.map(|length| length.to_string()).collect::<Vec<_>>().join(",")
            })
            .collect();
        assert_eq!(shown, expect, "{yaml}");
    }

    #[test]
    fn a_dash_that_is_indented_too_deep_is_found() {
        check("id: RUN-1\ntags:\n    - database\n      - irreversible\n", &["4"]);
        check("id: RUN-1\nsteps:\n- a\n  - b\n  - c\n- d\n", &["0", "0"]);
        check("id: EPIC-1\ndepends_on: EPIC-2\n  - EPIC-3\n", &[""]);
        check("- id: EPIC-1\n  tests: TEST-2\n    - TEST-3\n", &[""]);
        check("id: RUN-1\ndescription: a text\n  - b\n  - c\nnote: d\n  - e\n", &["", ""]);
    }

    #[test]
    fn what_is_a_list_or_a_text_is_not() {
        check("id: RUN-1\nsteps:\n  -\n    - a\n    - b\n", &[]);
        check("id: RUN-1\nsteps:\n  - a - b\n  - \"c\n    - d\"\n", &[]);
        check("id: RUN-1\ndescription: |\n  a\n    - b\nnote: a\n  -b\n", &[]);
        check("id: RUN-1\ntags: [a\n  - b]\n", &[]);
    }
}
