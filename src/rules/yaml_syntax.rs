use super::{ERROR, Subject};
use crate::finding::Report;
use crate::source::yaml::YamlDefect;

declare_rule! {
    /// Text that is not valid YAML.
    ///
    /// The entry around the place was not read. The other entries of the file
    /// were: reading goes on at the next one. Links to the broken entry are not
    /// reported as missing as long as its id could be read.
    ///
    /// ```yaml,bad
    /// - id: RUN-001
    ///   title: "Switch traffic back
    /// - id: RUN-002
    ///   title: Restore the database
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
        let YamlDefect::Syntax { span, reason, resumed } = defect else { continue };
        let report = Report::at(*span, format!("the YAML breaks here: {reason}"));
        reports.push(match resumed {
            Some(resumed) => {
                let line = subject.sources.start(*resumed).line;
                report.note(format!("the entry was not read; reading went on at line {line}"))
            }
            None => report.note("nothing after this place was read"),
        });
    }
    subject.plan.file_count
}
