use super::traps;
use crate::finding::Report;
use crate::rules::{Subject, WARNING};
use crate::source::yaml::YamlDefect;

declare_rule! {
    /// A symbolic link that leads back to a folder it lies in.
    ///
    /// It has no end, so it was not followed. What it shows is read where it is.
    ///
    /// ```text
    /// release/current -> ../release
    /// ```
    "RP0019", "link-loop", WARNING, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    traps::each_defect(subject, reports, |defect| {
        let YamlDefect::LinkLoop { span } = defect else { return None };
        let report = Report::at(*span, "symlink loop: the link points to a folder that contains it");
        Some(report.help("remove the symlink, or exclude it in `relplan.toml`"))
    })
}

#[cfg(test)]
mod tests {
    use crate::rules::tests::findings_of;
    use crate::source::{Contents, SourceFile};

    #[test]
    fn a_loop_of_links_is_named() {
        let found = findings_of(SourceFile::not_read("release/current", Contents::LinkLoop), "");
        assert!(found.iter().any(|finding| finding.code == "RP0019"));
    }
}
