use super::traps;
use crate::finding::Report;
use crate::model::document::ids_of_lost;
use crate::rules::{ERROR, Subject};
use crate::source::yaml::{Recovery, YamlDefect};
use crate::source::{FileId, Span};

declare_rule! {
    /// Text that is not valid YAML.
    ///
    /// Where the mistake reaches no further than one value, the rest of its
    /// entry was read. Otherwise the entry was given up, and reading went on at
    /// the next one; links to it are not reported as missing as long as its id
    /// could be made out.
    ///
    /// ```yaml,bad
    /// - id: RUN-001
    ///   title: "Switch traffic back
    /// - id: RUN-002
    ///   title: Restore the database
    /// ```
    ///
    /// ```yaml,bad
    /// id: RUN-003
    /// title: Rotate the keys
    /// steps: In this order
    /// - Create the new key
    /// - Revoke the old key
    /// ```
    ///
    /// ```yaml,good
    /// - id: RUN-001
    ///   title: "Switch traffic back"
    /// - id: RUN-002
    ///   title: Restore the database
    /// ```
    "RP0001", "yaml-syntax", ERROR, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    for defect in &subject.plan.yaml_defects {
        match defect {
            YamlDefect::Syntax { span, reason, recovery } => {
                let message = format!("invalid YAML: {reason}");
                let report = Report::at(*span, traps::named(traps::entry_at(subject, *span), &message));
                reports.push(report.note(what_became(subject, *span, *recovery)));
            }
            YamlDefect::ListBehindText { span, text } => {
                reports.push(list_behind_text(subject, *span, *text))
            }
            _ => {}
        }
    }
    subject.plan.file_count
}

fn what_became(subject: &Subject<'_>, place: Span, recovery: Recovery) -> String {
    match recovery {
        Recovery::Kept => "the rest of the entry was read".into(),
        Recovery::GivenUp(next) => {
            let line = subject.sources.start(next).line;
            format!("the entry was skipped; reading resumed at line {line}")
        }
        Recovery::Ended if holds_nothing(subject, place.file) => {
            "the file was skipped; if it is not part of the plan, exclude it in `relplan.toml`".into()
        }
        Recovery::Ended => "the entry was skipped".into(),
    }
}

/// Whether a file has neither an entry nor a line that looks like the id of one.
fn holds_nothing(subject: &Subject<'_>, file: FileId) -> bool {
    let has_entry = subject.plan.entries().iter().any(|entry| entry.id.span.file == file);
    !has_entry && ids_of_lost(subject.sources.file(file).text()).is_empty()
}

fn list_behind_text(subject: &Subject<'_>, list: Span, text: Span) -> Report {
    let message = "invalid YAML: a list below a key that already has a text value";
    Report::at(list, traps::named(traps::entry_at(subject, list), message))
        .and(text, "this is the value of the key")
        .help("give the list its own key")
        .note("the list was skipped; the rest of the entry was read")
}

#[cfg(test)]
mod tests {
    use crate::rules::tests::findings;

    fn check(text: &str, expect: &str) {
        let found = findings(text, "").into_iter().find(|finding| finding.name == "yaml-syntax");
        let notes = found.map(|finding| finding.notes.join(", ")).unwrap_or_default();
        assert!(notes.starts_with(expect), "{text}: {notes}");
    }

    #[test]
    fn a_file_without_any_entry_is_told_from_one_that_lost_its_last() {
        check("Dear all,\n\nthe plan: we ship\nTell me: what do you think?\n", "the file was skipped");
        check("id: RUN-1\n  title: x\n", "the entry was skipped");
    }
}
