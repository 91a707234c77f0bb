use super::traps::{self, Trapped};
use crate::finding::Report;
use crate::rules::{ERROR, Subject};
use crate::source::Span;
use crate::source::edit::Edit;
use crate::source::yaml::Trap;

declare_rule! {
    /// Numbered lines where YAML needs a list.
    ///
    /// Below a key, `1. Stop` in the column of the key is neither a value nor a
    /// list to YAML. The lines were read as the items they are; other tools stop
    /// at them.
    ///
    /// ```yaml,bad
    /// id: RUN-001
    /// title: Switch the traffic back
    /// steps:
    /// 1. Stop the deployment
    /// 2. Switch the load balancer to blue
    /// ```
    ///
    /// ```yaml,good
    /// id: RUN-001
    /// title: Switch the traffic back
    /// steps:
    /// - Stop the deployment
    /// - Switch the load balancer to blue
    /// ```
    "RP0023", "numbered-list", ERROR, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    traps::each(subject, reports, |trapped| (trapped.trap == Trap::NumberedLine).then(|| numbered(trapped)))
}

fn numbered(trapped: &Trapped<'_>) -> Report {
    let markers = markers(trapped);
    let first = markers.first().copied().unwrap_or(trapped.span);
    let message = trapped.named("numbered lines are not a YAML list");
    let report = Report::at(first, message).help("start each line with `- ` instead of a number");
    if is_plain(trapped.text) {
        let edits = markers.into_iter().map(|marker| Edit::replace(marker, "-")).collect();
        report.safe_fix("make it a list", edits)
    } else {
        report
    }
}

/// Whether its items are texts behind a dash. With a colon or a quote they would be more, with a `#` less; a comment
/// stays one.
fn is_plain(text: &str) -> bool {
    let goes_on = |line: &str| !line.trim_start().starts_with(|first: char| first.is_ascii_digit());
    let mut lines = text.lines().zip(text.lines().skip(1));
    if lines.any(|(line, next)| line.contains(" # ") && goes_on(next)) {
        return false;
    }
    let text = text.replace(" # ", "");
    !text.contains(": ") && !text.contains(['"', '\'', '#', '[', '{', '*', '&', '@'])
}

/// The places of `1.`, `2)` at the beginnings of the lines.
fn markers(trapped: &Trapped<'_>) -> Vec<Span> {
    let text = trapped.text;
    let column = |line: &str| line.len() - line.trim_start().len();
    let mut markers = Vec::new();
    for line in text.lines() {
        let content = line.trim_start();
        let digits = content.bytes().take_while(u8::is_ascii_digit).count();
        let marked = digits > 0 && content[digits..].starts_with(['.', ')']);
        if marked && content[digits + 1..].starts_with(' ') {
            let at = line.as_ptr().addr() - text.as_ptr().addr() + column(line);
            markers.push(trapped.span.within(at, at + digits + 1));
        }
    }
    markers
}

#[cfg(test)]
mod tests {
    use super::is_plain;

    #[test]
    fn a_fix_makes_a_list_and_no_other_mistake() {
        for text in ["1. Stop\n2. Go", "1. Stop # now\n2. Go # later", "1. Stop\n   all\n2. Go # x"] {
            assert!(is_plain(text), "{text}");
        }
        for text in ["1. Stop # now\n   all of it\n2. Go", "1. Stop: x", "1. Fix #3", "1. \"x\" y"] {
            assert!(!is_plain(text), "{text}");
        }
    }
}
