use crate::finding::Report;
use crate::rules::{Subject, WARNING, words};

declare_rule! {
    /// A glob of `relplan.toml` that matches no file.
    ///
    /// A submodule was not checked out, a folder was renamed, or the glob is
    /// mistyped. The plan is incomplete: its gates are UNKNOWN until the glob
    /// matches a file or is removed. Globs of `files` and of `headings` are
    /// looked at when the whole plan is read; one of `exclude` may wait for its
    /// first file. Where a glob of `[evidence]` matches nothing, CI wrote no
    /// report, or wrote it elsewhere. A file that is listed without `*` and does
    /// not exist stops relplan.
    ///
    /// ```text
    /// [plan]
    /// files = ["plan/*.yaml", "relases/*.yaml"]
    /// ```
    "RP1107", "unmatched-glob", WARNING, since "0.1.0", formerly "idle-glob"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    let files = &subject.config.files;
    for glob in files.idle() {
        let message = format!("the glob `{}` matches no file", words::short(&glob.glob.value));
        let missing = if glob.is_of_plan() { "add the files" } else { "fetch the reports" };
        reports.push(Report::at(glob.glob.span, message).help(format!(
            "{missing}, remove the glob, or write it relative to relplan.toml: `*` matches within a folder, `**` across \
             folders",
        )));
    }
    files.globs.len()
}

#[cfg(test)]
mod tests {
    use crate::config::GlobUse;
    use crate::rules::tests::findings_with;

    #[test]
    fn a_glob_that_chose_no_file_is_named() {
        let toml = "[plan]\nfiles = [\"a/*.yaml\", \"b/*.yaml\"]\n";
        let idle = |count: usize| {
            let found = findings_with("{id: LL-1, title: x}", toml, |config| {
                let globs = config.files.include.iter().enumerate();
                let globs = globs.map(|(at, glob)| GlobUse {
                    setting: "plan.files".to_owned(),
                    glob: glob.clone(),
                    files: usize::from(at >= count),
                });
                config.files.globs = globs.collect();
            });
            let found = found.into_iter().filter(|finding| finding.name == "unmatched-glob");
            found.map(|finding| finding.message).collect::<Vec<_>>()
        };
        assert_eq!(idle(0), [""; 0]);
        assert_eq!(idle(1), ["the glob `a/*.yaml` matches no file"]);
    }
}
