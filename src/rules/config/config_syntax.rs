use rustc_hash::FxHashSet;

use crate::finding::Report;
use crate::rules::{ERROR, Subject};

declare_rule! {
    /// A `relplan.toml` that is not valid TOML.
    ///
    /// Nothing is checked until it can be read: without its families and
    /// levels, every other finding could be wrong.
    ///
    /// ```yaml,bad
    /// id: FEA-001
    /// title: Saved searches
    /// ```
    /// ```toml,bad
    /// [rules]
    /// unlinked-entry = off
    /// ```
    ///
    /// ```yaml,good
    /// id: FEA-001
    /// title: Saved searches
    /// ```
    /// ```toml,good
    /// [rules]
    /// unlinked-entry = "off"
    /// ```
    "RP1101", "config-syntax", ERROR, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    // What a parser says after the first error of a line mostly follows from it.
    let mut lines = FxHashSet::default();
    for defect in &subject.config.toml_defects {
        if !lines.insert(subject.sources.start(defect.span).line) {
            continue;
        }
        let message = format!("invalid TOML: {}", defect.message.trim_end_matches('.'));
        reports
            .push(Report::at(defect.span, message).help("put text in quotes and lists in square brackets"));
    }
    subject.sources.iter().filter(|(_, file)| file.name().ends_with(".toml")).count()
}
