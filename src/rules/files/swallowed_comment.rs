use super::traps::{self, Trapped};
use crate::finding::Report;
use crate::rules::{ERROR, Subject, words};
use crate::source::Span;
use crate::source::edit::Edit;
use crate::source::yaml::Trap;

declare_rule! {
    /// A value that a comment swallows, whole or in part.
    ///
    /// A `#` behind a blank begins a comment, so `#incidents` is nothing to YAML,
    /// and `Slack #incidents` is `Slack`. Other tools lose the rest without a
    /// word.
    ///
    /// The blank behind the `#` decides, in values and in the items of a list: a
    /// number or a word in small letters directly behind it is taken for a part
    /// of the text, such as a channel or an issue. A comment that is meant as
    /// one has a blank there: `- TEST-001 # smoke`.
    ///
    /// ```yaml,bad
    /// id: DEP-003
    /// title: Too many requests fail
    /// type: Rollback
    /// notification: #incidents
    /// ```
    ///
    /// ```yaml,bad
    /// id: DEP-003
    /// title: Too many requests fail
    /// type: Rollback
    /// notification: Slack #incidents, on-call engineer
    /// ```
    ///
    /// ```yaml,bad
    /// id: RUN-001
    /// title: Close the shop
    /// steps:
    ///   - Write to #shop and wait for an answer
    /// ```
    ///
    /// ```yaml,good
    /// id: DEP-003
    /// title: Too many requests fail
    /// type: Rollback
    /// notification: '#incidents' # the channel of the whole company
    /// procedure:
    ///   - Switch the traffic back # takes a minute
    /// ```
    "RP0009", "swallowed-comment", ERROR, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    traps::each(subject, reports, |trapped| match trapped.trap {
        Trap::Comment => Some(whole(trapped)),
        Trap::CommentInside => Some(end(subject, trapped)),
        _ => None,
    })
}

fn whole(trapped: &Trapped<'_>) -> Report {
    Report::at(trapped.span, format!("{} is empty: YAML reads the text as a comment", trapped.place()))
        .help("quote the value, or add a space after `#` if it is a comment")
        .suggested_fix("quote the value", trapped.quote())
}

fn end(subject: &Subject<'_>, trapped: &Trapped<'_>) -> Report {
    let text = words::short(trapped.text);
    let message = trapped.named(&format!("the value ends before `{text}`, which YAML reads as a comment"));
    let report = Report::at(trapped.span, message)
        .help("quote the whole value, or add a space after `#` if it is a comment");
    match value_before(subject, trapped.span) {
        Some(value) => {
            let all = value.to(trapped.span);
            let new = traps::quoted(subject.sources.slice(all));
            report
                .and(value, "what YAML reads")
                .suggested_fix("quote the whole text", vec![Edit::replace(all, new)])
        }
        None => report,
    }
}

/// The plain value before a comment, if it begins in the same line.
fn value_before(subject: &Subject<'_>, comment: Span) -> Option<Span> {
    let file = subject.sources.file(comment.file);
    let start = file.line_start(file.line_index(comment.start as usize));
    let line = file.text().get(start..comment.start as usize)?;
    let item = line.trim_start_matches([' ', '-']).trim_start();
    let value = item.split_once(": ").map_or(item, |(_, value)| value).trim_start();
    let is_item = line.trim_start().starts_with("- ");
    let behind_key = value.len() < item.len();
    let at = start + line.len() - value.len();
    let plain = !value.starts_with(['"', '\'']) && !value.trim().is_empty();
    (plain && (is_item || behind_key)).then(|| Span::new(comment.file, at, at + value.trim_end().len()))
}
