use super::{ERROR, Subject, traps};
use crate::finding::Report;
use crate::source::Span;
use crate::source::yaml::{Aftermath, YamlDefect};

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
            YamlDefect::Syntax { span, reason, aftermath } => {
                let message = format!("the YAML breaks here: {reason}");
                let report = Report::at(*span, traps::named(traps::entry_at(subject, *span), &message));
                reports.push(report.note(what_became(subject, *aftermath)));
            }
            YamlDefect::ListBehindText { span, text } => {
                reports.push(list_behind_text(subject, *span, *text))
            }
            _ => {}
        }
    }
    subject.plan.file_count
}

fn what_became(subject: &Subject<'_>, aftermath: Aftermath) -> String {
    match aftermath {
        Aftermath::Kept => "the rest of the entry was read".into(),
        Aftermath::GivenUp(next) => {
            let line = subject.sources.start(next).line;
            format!("the entry was not read; reading went on at line {line}")
        }
        Aftermath::Ended => "the entry was not read; nothing follows it".into(),
    }
}

fn list_behind_text(subject: &Subject<'_>, list: Span, text: Span) -> Report {
    let message = "the YAML breaks here: this list stands below a key that has a text already";
    Report::at(list, traps::named(traps::entry_at(subject, list), message))
        .and(text, "this is the value of the key")
        .help("give the list a key of its own")
        .note("the list was not read; the rest of the entry was")
}
