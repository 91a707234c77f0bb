use super::traps;
use crate::finding::Report;
use crate::rules::{ERROR, Subject, words};
use crate::source::edit::Edit;
use crate::source::yaml::YamlDefect;

declare_rule! {
    /// A word behind `*` that refers to nothing.
    ///
    /// To YAML `*team` is the value that `&team` named earlier in the document. If
    /// the star is part of the text, the text must be quoted. It was read as if it
    /// were; other tools stop at it.
    ///
    /// ```yaml,bad
    /// id: RUN-001
    /// title: Switch the traffic back
    /// owner: *platform-team
    /// ```
    ///
    /// ```yaml,good
    /// id: RUN-001
    /// title: Switch the traffic back
    /// owner: Platform Team
    /// ```
    "RP0012", "unknown-alias", ERROR, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    traps::each_defect(subject, reports, |defect| {
        let YamlDefect::UnknownAlias { span } = defect else { return None };
        let text = subject.sources.slice(*span);
        let name = words::short(text.trim_start_matches('*'));
        let entry = traps::entry_at(subject, *span);
        let message = format!("the alias `*{name}` refers to `&{name}`, which is still open");
        let message = if is_defined(subject, *span, &name) {
            message
        } else {
            format!("the alias `*{name}` refers to `&{name}`, which does not exist")
        };
        let edit = Edit::replace(*span, traps::quoted(text));
        Some(
            Report::at(*span, traps::named(entry, &message))
                .help("quote the value if `*` belongs to it")
                .suggested_fix("quote it", vec![edit]),
        )
    })
}

/// Whether the name is given to something before the place, which must then hold the place itself.
fn is_defined(subject: &Subject<'_>, span: crate::source::Span, name: &str) -> bool {
    let text = subject.sources.file(span.file).text();
    let before = text.get(..span.start as usize).unwrap_or("");
    memchr::memmem::find(before.as_bytes(), format!("&{name}").as_bytes()).is_some()
}
