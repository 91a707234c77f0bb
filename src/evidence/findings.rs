//! Scans of tools that report each finding as an object with a severity.

use std::borrow::Cow;

use super::input::Found;
use super::severity::Rating;
use super::{
    EvidenceDefectKind, Scan, ScanIndex, ScanLevel, ScanResult, ScanSeverity, ScanTrouble, Timestamp,
};
use crate::source::Span;

/// What a tool found.
#[derive(Debug)]
pub(super) struct Finding<'s> {
    pub span: Span,
    /// What it is called: `CVE-2021-44906`.
    pub rule: Cow<'s, str>,
    pub message: Cow<'s, str>,
    pub rating: Rating,
    pub suppressed: bool,
    pub undecided: bool,
}

/// A scan whose findings follow.
#[derive(Debug, Clone, Copy)]
pub(super) struct Open {
    index: ScanIndex,
    span: Span,
    first_result: usize,
}

impl<'s> Found<'s> {
    /// Begins a scan.
    pub fn begin_scan(&self, span: Span) -> Open {
        Open { index: self.next_scan(), span, first_result: self.scan_results.len() }
    }

    /// Takes a finding, and notes a severity that cannot be read.
    pub fn finding(&mut self, scan: Open, finding: Finding<'s>) {
        let (severity, problem) = finding.rating.finish();
        if let Some(reason) = problem {
            self.defect(finding.span, EvidenceDefectKind::SeverityNotUnderstood { reason });
        }
        self.scan_results.push(ScanResult {
            scan: scan.index,
            span: finding.span,
            rule: finding.rule,
            message: finding.message,
            level: level_of(severity),
            severity,
            undecided: finding.undecided,
            suppressed: finding.suppressed,
        });
    }

    /// Ends a scan.
    pub fn end_scan(
        &mut self,
        scan: Open,
        tool: impl Into<Cow<'s, str>>,
        target: impl Into<Cow<'s, str>>,
        trouble: Option<ScanTrouble>,
    ) {
        let tool = tool.into();
        self.made_by(tool.clone());
        let results = &self.scan_results[scan.first_result..];
        let (results, suppressed) =
            (results.len(), results.iter().filter(|result| result.suppressed).count());
        self.scans.push(Scan {
            report: self.index,
            span: scan.span,
            tool,
            category: Cow::Borrowed(""),
            target: target.into(),
            time: Timestamp::Missing,
            commit: None,
            results,
            suppressed,
            trouble,
        });
    }
}

/// The level of a result that states none.
fn level_of(severity: ScanSeverity) -> ScanLevel {
    match severity {
        ScanSeverity::None => ScanLevel::None,
        ScanSeverity::Low => ScanLevel::Note,
        ScanSeverity::Medium => ScanLevel::Warning,
        ScanSeverity::High | ScanSeverity::Critical | ScanSeverity::Unknown => ScanLevel::Error,
    }
}
