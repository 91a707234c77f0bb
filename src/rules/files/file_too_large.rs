use super::traps;
use crate::finding::Report;
use crate::rules::{ERROR, Subject};
use crate::source::yaml::{LARGEST_FILE, YamlDefect};

declare_rule! {
    /// A file of more than 64 MiB.
    ///
    /// It was not read, so nothing in it was checked. A plan that people write
    /// has a few hundred kilobytes.
    ///
    /// ```text
    /// release/metrics-dump.yaml   120 MiB
    /// ```
    "RP0018", "file-too-large", ERROR, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    traps::each_defect(subject, reports, |defect| {
        let YamlDefect::TooLarge { span, size } = defect else { return None };
        let (size, limit) = (size.div_ceil(1 << 20), LARGEST_FILE >> 20);
        let message = format!("file of {size} MiB exceeds the limit of {limit} MiB");
        Some(Report::at(*span, message).help("split the file, or exclude it in `relplan.toml`"))
    })
}

#[cfg(test)]
mod tests {
    use crate::rules::tests::findings_of;
    use crate::source::{Contents, SourceFile};

    #[test]
    fn a_large_file_is_named_with_its_size_and_is_not_empty() {
        let file = SourceFile::not_read("plan.yaml", Contents::TooLarge(super::LARGEST_FILE + 1));
        let found = findings_of(file, "");
        let codes: Vec<&str> = found.iter().map(|finding| finding.code).collect();
        assert!(codes.contains(&"RP0018") && !codes.contains(&"RP0016"), "{codes:?}");
        let message = "file of 65 MiB exceeds the limit of 64 MiB";
        assert!(found.iter().any(|finding| finding.message == message));
    }
}
