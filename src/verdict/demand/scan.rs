//! Scanners found nothing that is too severe.

use super::{FEW, Part};
use crate::evidence::{Scan, ScanResult, ScanSeverity, Timestamp};
use crate::model::Choice;
use crate::model::demand::{ScanDemand, Worst};
use crate::model::dep::Severity;
use crate::model::duration::Duration;
use crate::verdict::facts::Freshness;
use crate::verdict::{Judge, Verdict};

impl Judge<'_> {
    pub(super) fn scan_part(
        &self,
        demand: &ScanDemand,
        max_age: Option<Duration>,
        asked: &mut Vec<String>,
    ) -> Part {
        let facts = &self.basis.facts;
        let severity = match demand.below.value {
            Worst::Severity(severity) => severity,
            Worst::Profile => {
                let Some(severity) = self.basis.profile.findings_below else {
                    let next = "give the profile a `findings_below`";
                    return Part::nothing("the profile does not say what is too severe", next);
                };
                asked.push(format!("no finding from {} on", severity.word()));
                severity
            }
        };
        let tool = demand.tool.as_ref().map(|tool| tool.value.as_str());
        let named = tool.map(|tool| format!(" by {tool}")).unwrap_or_default();
        let scans: Vec<&Scan<'_>> =
            facts.evidence.scans.iter().filter(|scan| is_by(&scan.tool, tool)).collect();
        if scans.is_empty() {
            let next = "run the scanner, and name its SARIF log: `--evidence FILE`";
            return Part::nothing(format!("no report of a scan{named}"), next);
        }
        let freshness = |scan: &&Scan<'_>| {
            let report = facts.evidence.report(scan.report);
            facts.freshness_of_part(report, scan.commit.as_deref(), scan.time, max_age)
        };
        let fresh: Vec<&Scan<'_>> =
            scans.iter().copied().filter(|scan| freshness(scan) == Freshness::Fresh).collect();
        let source = |scan: &Scan<'_>| facts.source(self.basis.sources, scan.report, scan.span, scan.time);
        // A scanner whose latest scan is out of date may have found something since; another cannot speak for it.
        let unheard = scans.iter().find(|scan| !fresh.iter().any(|other| other.tool == scan.tool));
        if let Some(scan) = unheard
            && let Some(part) = Part::not_fresh(&format!("scan by {}", scan.tool), freshness(scan))
        {
            return part.from(vec![source(scan)]);
        }
        if let Some(scan) = fresh.iter().find(|scan| scan.trouble.is_some()) {
            let reason = format!("the scan by {} did not run to its end", scan.tool);
            return Part::new(Verdict::Unknown, reason, "run it again").from(vec![source(scan)]);
        }
        let found: Vec<&ScanResult<'_>> = facts
            .evidence
            .scan_results
            .iter()
            .filter(|result| !result.suppressed && result.severity >= as_severe_as(severity))
            .filter(|result| {
                let own = facts.evidence.scan(result.scan);
                fresh.iter().any(|scan| scan.report == own.report && scan.tool == own.tool)
            })
            .collect();
        let mut tools: Vec<&str> = fresh.iter().map(|scan| &*scan.tool).collect();
        tools.sort_unstable();
        tools.dedup();
        let tools = tools.join(", ");
        if found.is_empty() {
            let reason = format!("nothing found from {} on, by {tools}", severity.word());
            return Part::pass(reason).from(fresh.into_iter().take(FEW).map(source).collect());
        }
        let rules: Vec<String> = found.iter().map(|result| result.rule.to_string()).collect();
        let some = super::super::checks::some(&rules);
        let reason = format!("{} found from {} on, by {tools}: {some}", found.len(), severity.word());
        let place = |result: &&ScanResult<'_>| {
            facts.source(
                self.basis.sources,
                facts.evidence.scan(result.scan).report,
                result.span,
                Timestamp::Missing,
            )
        };
        let sources = found.iter().take(FEW).map(place).collect();
        Part::new(Verdict::Fail, reason, "mend what was found, or have it suppressed with a reason")
            .from(sources)
    }
}

fn is_by(tool: &str, wanted: Option<&str>) -> bool {
    wanted.is_none_or(|wanted| tool.to_lowercase().contains(&wanted.to_lowercase()))
}

fn as_severe_as(severity: Severity) -> ScanSeverity {
    match severity {
        Severity::Critical => ScanSeverity::Critical,
        Severity::High => ScanSeverity::High,
        Severity::Medium => ScanSeverity::Medium,
        Severity::Low => ScanSeverity::Low,
    }
}
