//! One line a finding, as compilers and linters write it for editors and `grep`: `path:line:col: level[name] message`.
//!
//! Paths are those from the folder in which relplan was started, so that whoever reads the line can open the file. A
//! finding about the plan as a whole has no place in front. The line has no help; `relplan explain` has.

use std::io::{self, Write};

use super::{CheckReport, harmless};
use crate::finding::Finding;

/// Writes the findings.
pub fn write(report: &CheckReport<'_>, out: &mut dyn Write) -> io::Result<()> {
    report.findings.iter().try_for_each(|finding| writeln!(out, "{}", line(finding, report)))
}

fn line(finding: &Finding, report: &CheckReport<'_>) -> String {
    let place = finding.primary().map(|span| {
        let start = report.sources.start(span);
        format!("{}:{}:{}: ", report.sources.file(span.file).name(), start.line, start.column)
    });
    let message = finding.message.replace(['\n', '\r'], " ");
    let Finding { level, name, .. } = finding;
    harmless(&format!("{}{}[{name}] {message}", place.unwrap_or_default(), level.word()))
}
