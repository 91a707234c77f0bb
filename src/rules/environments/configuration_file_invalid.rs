use crate::finding::Report;
use crate::rules::{ERROR, Subject, words};
use crate::source::settings;

declare_rule! {
    /// A configuration file that cannot be read.
    ///
    /// The file does not exist, leads out of the folder of `relplan.toml`, is larger
    /// than 1 MiB, is neither UTF-8 nor UTF-16, is not valid in its format, or has a
    /// key twice, so that readers disagree on its value. Such a file is not
    /// compared with that of production, and its drift is unknown.
    ///
    /// ```text
    /// - id: DEP-001
    ///   type: Environment
    ///   name: staging
    ///   configuration_files: deploy/stagign.env
    /// ```
    "RP0911", "configuration-file-invalid", ERROR, since "0.1.0"
}

/// More problems of one file say nothing new.
const MOST: usize = 20;

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    let Some(files) = subject.configuration_files else { return 0 };
    let mut looked_at = 0;
    for (entry, environment) in subject.plan.environments() {
        for name in &environment.configuration_files {
            let Some(file) = files.get(name.value.trim()) else { continue };
            looked_at += 1;
            let shown = words::short(name.value.trim());
            match file {
                Err(reason) => {
                    let message = format!("{}: `{shown}` cannot be read: {reason}", entry.id.value);
                    let help = "write the path of the file from the folder of relplan.toml";
                    reports.push(Report::at(name.span, message).help(help));
                }
                Ok(id) => {
                    let read = settings::read(*id, subject.sources.file(*id));
                    for defect in read.defects.into_iter().take(MOST) {
                        let message = format!("{}: `{shown}`: {}", entry.id.value, defect.reason);
                        reports
                            .push(Report::at(defect.span, message).and(name.span, "the file is named here"));
                    }
                }
            }
        }
    }
    words::keep_first_of_each_place(reports);
    looked_at
}
