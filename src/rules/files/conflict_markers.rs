use super::traps;
use crate::finding::Report;
use crate::rules::{ERROR, Subject};
use crate::source::yaml::YamlDefect;

declare_rule! {
    /// Unresolved merge conflicts.
    ///
    /// relplan read the first side, the one that was checked out, and skipped the
    /// other. Decide which side is right and remove the markers.
    ///
    /// ```yaml,bad
    /// id: RUN-001
    /// title: Switch the traffic back
    /// <<<<<<< HEAD
    /// owner: Platform Team
    /// =======
    /// owner: Operations
    /// >>>>>>> release/3.0
    /// ```
    ///
    /// ```yaml,good
    /// id: RUN-001
    /// title: Switch the traffic back
    /// owner: Operations
    /// ```
    "RP0005", "conflict-markers", ERROR, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    traps::each_defect(subject, reports, |defect| {
        let YamlDefect::ConflictMarkers { lines } = defect else { return None };
        let (first, others) = lines.split_first()?;
        let label = |line| match subject.sources.slice(line).as_bytes().first() {
            Some(b'<') => "the side that was read starts here",
            Some(b'|') => "the common ancestor",
            Some(b'=') => "the other side, which was not read",
            _ => "ends here",
        };
        let report = Report::at(*first, "unresolved merge conflict").saying(label(*first));
        let report = others.iter().fold(report, |report, line| report.and(*line, label(*line)));
        Some(report.help("resolve the conflict, and remove the marker lines"))
    })
}
