use super::traps;
use crate::finding::Report;
use crate::rules::{ERROR, Subject, words};
use crate::source::yaml::YamlDefect;

declare_rule! {
    /// A NUL byte in a plan.
    ///
    /// No YAML file holds one. It is what a crash leaves of a file, or a binary
    /// file under the wrong name. Each was read as a blank.
    ///
    /// ```text
    /// title: Switch the traffic back<00><00><00>
    /// ```
    "RP0003", "nul-byte", ERROR, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    traps::each_defect(subject, reports, |defect| {
        let YamlDefect::NulByte { span, count } = defect else { return None };
        let message =
            format!("the file contains {}, which YAML does not allow", words::count(*count, "NUL byte"));
        Some(Report::at(*span, message).saying("the first").help("remove them, or restore the file"))
    })
}

#[cfg(test)]
mod tests {
    use crate::rules::tests::findings;

    #[test]
    fn nul_bytes_are_found_once_and_the_entry_is_read() {
        let found = findings("id: RUN-001\ntitle: Switch\0 it\0\nonwer: x\n", "");
        let codes: Vec<&str> = found.iter().map(|finding| finding.code).collect();
        assert_eq!(codes.iter().filter(|code| **code == "RP0003").count(), 1);
        assert!(codes.contains(&"RP0102"), "{codes:?}");
    }
}
