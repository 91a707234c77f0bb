use super::{ERROR, Subject, traps};
use crate::finding::Report;
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
        let message = format!("the file has {size} MiB, more than the {limit} MiB that are read");
        Some(Report::at(*span, message).help("exclude it in `relplan.toml` if it is no plan, or split it"))
    })
}

#[cfg(test)]
mod tests {
    use super::super::tests::findings_of;
    use crate::source::{Contents, SourceFile};

    #[test]
    fn a_large_file_is_named_with_its_size_and_is_not_empty() {
        let file = SourceFile::not_read("plan.yaml", Contents::TooLarge(super::LARGEST_FILE + 1));
        let found = findings_of(file, "");
        let codes: Vec<&str> = found.iter().map(|finding| finding.code).collect();
        assert!(codes.contains(&"RP0018") && !codes.contains(&"RP0016"), "{codes:?}");
        let message = "the file has 65 MiB, more than the 64 MiB that are read";
        assert!(found.iter().any(|finding| finding.message == message));
    }
}
