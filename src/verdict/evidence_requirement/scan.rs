//! Scanners found nothing that is too severe.
//!
//! One scan never speaks for another: every scan that is out of date, failed or cannot be read blocks beside a clean
//! one, unless a newer scan of the same thing has taken its place.

use rustc_hash::FxHashMap;

use super::{FEW, Part};
use crate::evidence::{Report, Scan, ScanIndex, ScanResult, ScanSeverity, ScanTrouble, Timestamp};
use crate::model::Choice;
use crate::model::dep::Severity;
use crate::model::duration::Duration;
use crate::model::evidence_requirement::{ScanRequirement, SeverityLimit};
use crate::verdict::checks::some;
use crate::verdict::facts::{CommitMatch, Doubt, Facts, Freshness, Source};
use crate::verdict::{Judge, Verdict};

/// What a scan is worth.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Worth {
    /// It ran to its end, on the release commit, and is new enough.
    Clean,
    /// It is of another commit or too old; what it found may be gone.
    Stale(Doubt),
    /// It proves nothing; what it found counts all the same.
    Unknown(Doubt),
}

/// What a scan is of: its tool, its category and what it scanned; and where the tool states no category, also the place
/// of its report.
#[derive(PartialEq, Eq, Hash)]
struct Identity<'a> {
    tool: &'a str,
    category: &'a str,
    target: &'a str,
    place: String,
}

/// A scan that is asked for.
struct RequiredScan<'a> {
    index: ScanIndex,
    scan: &'a Scan<'a>,
    report: &'a Report<'a>,
    worth: Worth,
}

impl Judge<'_> {
    pub(super) fn scan_parts(
        &self,
        requirement: &ScanRequirement,
        max_age: Option<Duration>,
        asked: &mut Vec<String>,
    ) -> Vec<Part> {
        let limit = match requirement.below.value {
            SeverityLimit::Severity(severity) => severity,
            SeverityLimit::Profile => {
                let Some(severity) = self.basis.profile.findings_below else {
                    let next = "set `findings_below` in the profile";
                    return vec![Part::nothing("the profile has no `findings_below`", next)];
                };
                asked.push(format!("no findings of severity {} or higher", severity.word()));
                severity
            }
        };
        let tool = requirement.tool.as_ref().map(|tool| tool.value.as_str());
        let scans = self.scans_of(tool, max_age);
        if !scans.iter().any(|asked| is_by(asked, tool)) {
            let named = tool.map(|tool| format!(" by {tool}")).unwrap_or_default();
            let next = "run the scanner, and pass its report: `--evidence FILE`";
            return vec![Part::nothing(format!("no scan report{named}"), next)];
        }
        let mut parts: Vec<Part> = self.findings_parts(&scans, limit);
        let doubtful: Vec<&RequiredScan<'_>> =
            scans.iter().filter(|asked| asked.worth != Worth::Clean).collect();
        parts.extend(doubtful.iter().take(FEW).filter_map(|asked| self.doubt_part(asked)));
        if let Some(more) = doubtful.len().checked_sub(FEW).filter(|more| *more > 0) {
            let is_unknown = |asked: &&&RequiredScan<'_>| matches!(asked.worth, Worth::Unknown(_));
            let rest = doubtful.iter().skip(FEW).find(is_unknown);
            let verdict = if rest.is_some() { Verdict::Unknown } else { Verdict::Stale };
            let plural = if more == 1 { "" } else { "s" };
            let reason = format!("{more} more scan{plural} without current results");
            parts.push(Part::new(verdict, reason, "scan again, and remove the reports of older scans"));
        }
        if parts.is_empty() {
            parts.push(self.clean_part(&scans, limit));
        }
        parts
    }

    /// The scans that an evidence requirement is about, without those whose place a newer one has taken.
    fn scans_of(&self, tool: Option<&str>, max_age: Option<Duration>) -> Vec<RequiredScan<'_>> {
        let facts = &self.basis.facts;
        let indexed = (0..).map(ScanIndex).zip(&facts.evidence.scans);
        let asked = indexed.map(|(index, scan)| {
            let report = facts.evidence.report(scan.report);
            RequiredScan { index, scan, report, worth: worth(facts, scan, report, max_age) }
        });
        // Who wrote a scan that names no tool, nobody can tell: if it is not clean, it may be the one.
        let may_be = |asked: &RequiredScan<'_>| {
            is_by(asked, tool) || asked.scan.tool.is_empty() && asked.worth != Worth::Clean
        };
        let asked: Vec<RequiredScan<'_>> = asked.filter(may_be).collect();
        // An inventory is no scan: it blocks only where it is taken for one.
        let has_scan = asked.iter().any(|asked| !is_inventory(asked) && is_by(asked, tool));
        let newest = self.newest_clean(&asked);
        let has_place =
            |asked: &RequiredScan<'_>| !(is_inventory(asked) && has_scan || self.is_replaced(asked, &newest));
        asked.into_iter().filter(has_place).collect()
    }

    /// When the last clean scan of each thing ended.
    fn newest_clean<'a>(&self, asked: &[RequiredScan<'a>]) -> FxHashMap<Identity<'a>, Timestamp> {
        let mut newest = FxHashMap::default();
        let clean = asked.iter().filter(|asked| asked.worth == Worth::Clean && !asked.scan.tool.is_empty());
        for asked in clean {
            let time = newest.entry(self.identity(asked)).or_insert(Timestamp::Missing);
            *time = (*time).max(asked.scan.time.or(asked.report.time));
        }
        newest
    }

    /// Whether another scan has taken the place of this one: it is clean and of the same thing, and this one is of
    /// another commit or older.
    ///
    /// Where a tool does not tell its scans apart by a category, two that lie beside each other may be of two things.
    /// Then only one that is out of date or failed gives way.
    fn is_replaced(&self, old: &RequiredScan<'_>, newest: &FxHashMap<Identity<'_>, Timestamp>) -> bool {
        if old.scan.category.is_empty() && old.worth == Worth::Clean {
            return false;
        }
        let Some(newest) = newest.get(&self.identity(old)) else { return false };
        let commit = old.scan.commit.as_deref().or(old.report.commit.as_deref());
        if self.basis.facts.commit_match(commit) == CommitMatch::Other {
            return true;
        }
        match (old.scan.time.or(old.report.time).known(), newest.known()) {
            (Some(old), Some(newest)) => old < newest,
            _ => false,
        }
    }

    fn identity<'a>(&self, asked: &RequiredScan<'a>) -> Identity<'a> {
        let scan = asked.scan;
        let place = match scan.category.is_empty() {
            true => place(self.basis.sources.file(asked.report.file).name()),
            false => String::new(),
        };
        Identity { tool: &scan.tool, category: &scan.category, target: &scan.target, place }
    }

    /// What was found that is too severe, or may be.
    fn findings_parts(&self, scans: &[RequiredScan<'_>], limit: Severity) -> Vec<Part> {
        let facts = &self.basis.facts;
        let counts = |result: &&ScanResult<'_>| {
            let of = scans.binary_search_by_key(&result.scan, |asked| asked.index).ok();
            let counts = of.is_some_and(|at| !matches!(scans[at].worth, Worth::Stale(_)));
            counts && !result.suppressed && result.severity >= as_severe_as(limit)
        };
        let found: Vec<&ScanResult<'_>> = facts.evidence.scan_results.iter().filter(counts).collect();
        let (open, severe): (Vec<&ScanResult<'_>>, Vec<&ScanResult<'_>>) = found
            .into_iter()
            .partition(|result| result.undecided || result.severity == ScanSeverity::Unknown);
        let mut parts = Vec::new();
        if !severe.is_empty() {
            let reason = format!("{} of severity {} or higher", severe.len(), limit.word());
            let next = "fix the findings, or suppress them with a reason";
            parts.push(self.found_part(Verdict::Fail, &reason, next, &severe, scans));
        }
        if !open.is_empty() {
            let plural = if open.len() == 1 { "" } else { "s" };
            let (reason, next) = match open.iter().any(|result| !result.undecided) {
                true => (
                    format!("{} finding{plural} of unknown severity", open.len()),
                    "determine their severity, then fix or suppress them with a reason",
                ),
                false => (
                    format!(
                        "{} untriaged finding{plural} of severity {} or higher",
                        open.len(),
                        limit.word()
                    ),
                    "triage them: fix, or suppress with a reason",
                ),
            };
            parts.push(self.found_part(Verdict::Unknown, &reason, next, &open, scans));
        }
        parts
    }

    fn found_part(
        &self,
        verdict: Verdict,
        reason: &str,
        next: &str,
        found: &[&ScanResult<'_>],
        scans: &[RequiredScan<'_>],
    ) -> Part {
        let facts = &self.basis.facts;
        let of: Vec<&RequiredScan<'_>> =
            scans.iter().filter(|asked| found.iter().any(|result| result.scan == asked.index)).collect();
        let unproven: Vec<String> =
            of.iter().filter(|asked| asked.worth != Worth::Clean).map(|asked| self.place_of(asked)).collect();
        let from = if unproven.is_empty() { String::new() } else { format!(" ({})", some(&unproven)) };
        let names = |result: &&ScanResult<'_>| {
            let words = if result.rule.is_empty() { &result.message } else { &result.rule };
            if words.is_empty() { "unnamed".to_owned() } else { words.to_string() }
        };
        let rules: Vec<String> = found.iter().map(names).collect();
        let reason = format!("{reason}, by {}{from}: {}", tools(of.iter().copied()), some(&rules));
        let place = |result: &&ScanResult<'_>| {
            let report = facts.evidence.scan(result.scan).report;
            facts.source(self.basis.sources, report, result.span, Timestamp::Missing)
        };
        Part::new(verdict, reason, next).from(found.iter().take(FEW).map(place).collect())
    }

    /// That a scan proves nothing.
    fn doubt_part(&self, asked: &RequiredScan<'_>) -> Option<Part> {
        let (verdict, doubt) = match &asked.worth {
            Worth::Clean => return None,
            Worth::Stale(doubt) => (Verdict::Stale, doubt),
            Worth::Unknown(doubt) => (Verdict::Unknown, doubt),
        };
        let reason = format!("the {} {}", self.name(asked), doubt.reason);
        Some(Part::new(verdict, reason, doubt.next.as_str()).from(vec![self.source_of_scan(asked)]))
    }

    /// That everything is as it must be.
    fn clean_part(&self, scans: &[RequiredScan<'_>], limit: Severity) -> Part {
        let facts = &self.basis.facts;
        let of = |scan: ScanIndex| scans.binary_search_by_key(&scan, |asked| asked.index).is_ok();
        let suppressed: Vec<String> = facts
            .evidence
            .scan_results
            .iter()
            .filter(|result| result.suppressed && of(result.scan))
            .map(|result| result.rule.to_string())
            .collect();
        let mut reason =
            format!("no findings of severity {} or higher, by {}", limit.word(), tools(scans.iter()));
        if !suppressed.is_empty() {
            reason.push_str(&format!("; {} suppressed: {}", suppressed.len(), some(&suppressed)));
        }
        Part::pass(reason).from(scans.iter().take(FEW).map(|asked| self.source_of_scan(asked)).collect())
    }

    fn source_of_scan(&self, asked: &RequiredScan<'_>) -> Source {
        let scan = asked.scan;
        self.basis.facts.source(self.basis.sources, scan.report, scan.span, scan.time)
    }

    /// A scan as people tell it from others: `scan by CodeQL of /language:js/ in ci/js.sarif`.
    fn name(&self, asked: &RequiredScan<'_>) -> String {
        let by = if asked.scan.tool.is_empty() { String::new() } else { format!("by {} ", asked.scan.tool) };
        format!("scan {by}{}", self.place_of(asked))
    }

    /// The same without its tool: `of /language:js/ in ci/js.sarif`.
    fn place_of(&self, asked: &RequiredScan<'_>) -> String {
        let of = [&asked.scan.category, &asked.scan.target].into_iter().find(|of| !of.is_empty());
        let of = of.map(|of| format!("of {of} ")).unwrap_or_default();
        format!("{of}in {}", self.basis.sources.file(asked.report.file).name())
    }
}

/// What a scan is worth. That it is of another commit or too old is known whatever else is not.
fn worth(facts: &Facts<'_>, scan: &Scan<'_>, report: &Report<'_>, max_age: Option<Duration>) -> Worth {
    let commit = scan.commit.as_deref().or(report.commit.as_deref());
    let of_its_own = facts.freshness(commit, scan.time.or(report.time), max_age);
    if let Freshness::Stale(doubt) = of_its_own {
        return Worth::Stale(led(doubt, "is out of date: "));
    }
    if let Some(trouble) = scan.trouble {
        let doubt = Doubt { reason: trouble.words(), next: trouble.help().to_owned() };
        return Worth::Unknown(led(doubt, "is unsuccessful: "));
    }
    match facts.freshness_of_part(report, scan.commit.as_deref(), scan.time, max_age) {
        Freshness::Fresh => Worth::Clean,
        Freshness::Stale(doubt) => Worth::Stale(led(doubt, "is out of date: ")),
        Freshness::Unknown(doubt) => Worth::Unknown(led(doubt, "proves nothing: ")),
    }
}

fn led(doubt: Doubt, lead: &str) -> Doubt {
    Doubt { reason: format!("{lead}{}", doubt.reason), next: doubt.next }
}

/// The path of a report without what names a run in its folders, a number or a commit: `run-41/trivy.sarif`.
fn place(path: &str) -> String {
    let (folders, name) = path.rsplit_once('/').unwrap_or(("", path));
    let of_run = |folder: &str| match folder.len() >= 7 && folder.bytes().all(|byte| byte.is_ascii_hexdigit())
    {
        true => String::new(),
        false => folder.chars().filter(|letter| !letter.is_ascii_digit()).collect(),
    };
    let mut place: Vec<String> = folders.split('/').map(of_run).collect();
    place.push(name.to_owned());
    place.join("/")
}

fn is_inventory(asked: &RequiredScan<'_>) -> bool {
    asked.scan.trouble == Some(ScanTrouble::Inventory)
}

fn is_by(asked: &RequiredScan<'_>, wanted: Option<&str>) -> bool {
    wanted.is_none_or(|wanted| asked.scan.tool.to_lowercase().contains(&wanted.to_lowercase()))
}

/// The tools of scans, each once.
fn tools<'a>(scans: impl Iterator<Item = &'a RequiredScan<'a>>) -> String {
    let mut tools: Vec<&str> = scans.map(|asked| &*asked.scan.tool).filter(|tool| !tool.is_empty()).collect();
    tools.sort_unstable();
    tools.dedup();
    if tools.is_empty() { "an unnamed scanner".to_owned() } else { tools.join(", ") }
}

fn as_severe_as(severity: Severity) -> ScanSeverity {
    match severity {
        Severity::Critical => ScanSeverity::Critical,
        Severity::High => ScanSeverity::High,
        Severity::Medium => ScanSeverity::Medium,
        Severity::Low => ScanSeverity::Low,
    }
}
