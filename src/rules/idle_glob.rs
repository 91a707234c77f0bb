use super::{Subject, WARNING, words};
use crate::finding::Report;

declare_rule! {
    /// A glob of `relplan.toml` that chooses no file.
    ///
    /// A folder was renamed, or the glob is mistyped, and what it was to choose
    /// is not checked. That a plan has no findings says nothing about files that
    /// nobody read. Globs of `files` and of `headings` are looked at when the
    /// whole plan is read; one of `exclude` may wait for its first file. Where
    /// a glob of `[evidence]` chooses nothing, CI wrote no report, or wrote it
    /// elsewhere.
    ///
    /// ```text
    /// [plan]
    /// files = ["plan/*.yaml", "relases/*.yaml"]
    /// ```
    "RP1107", "idle-glob", WARNING, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    let files = &subject.config.files;
    for glob in &files.idle {
        let message = format!("the glob `{}` matches no file", words::short(&glob.value));
        reports.push(Report::at(glob.span, message).help(
            "write the glob relative to relplan.toml: `*` matches within a folder, `**` across folders",
        ));
    }
    let families = subject.config.families.sorted();
    let headings =
        families.iter().filter_map(|family| family.external.as_ref()).map(|external| external.headings.len());
    files.include.len() + headings.sum::<usize>() + subject.config.evidence.files.len()
}

#[cfg(test)]
mod tests {
    use crate::rules::tests::findings_with;

    #[test]
    fn a_glob_that_chose_no_file_is_named() {
        let toml = "[plan]\nfiles = [\"a/*.yaml\", \"b/*.yaml\"]\n";
        let idle = |count: usize| {
            let found = findings_with("{id: LL-1, title: x}", toml, |config| {
                config.files.idle = config.files.include[..count].to_vec();
            });
            let found = found.into_iter().filter(|finding| finding.name == "idle-glob");
            found.map(|finding| finding.message).collect::<Vec<_>>()
        };
        assert_eq!(idle(0), [""; 0]);
        assert_eq!(idle(1), ["the glob `a/*.yaml` matches no file"]);
    }
}
