//! Tests run through enough of the code.

use std::collections::BTreeSet;

use super::{FEW, Part, ProfileShare, Share, of};
use crate::evidence::{FileCoverage, Ratio, ReportFlaw, ReportIndex, StatedBeyond, Timestamp};
use crate::model::duration::Duration;
use crate::model::evidence_requirement::CoverageRequirement;
use crate::source::Span;
use crate::verdict::facts::{Freshness, Source};
use crate::verdict::{Judge, Verdict};

/// How many packages are named where none is the one that is asked for.
const MOST_NAMES: usize = 8;

impl Judge<'_> {
    pub(super) fn coverage_parts(
        &self,
        requirement: &CoverageRequirement,
        max_age: Option<Duration>,
        asked: &mut Vec<String>,
    ) -> Vec<Part> {
        let package = requirement.package.as_ref().map(|package| package.value.as_str());
        let files: Vec<&FileCoverage<'_>> =
            self.basis.facts.evidence.coverage.iter().filter(|file| belongs(file, package)).collect();
        let mut parts = Vec::new();
        if let Some(least) = requirement.lines {
            let share = self.settle(least, ProfileShare::Lines, asked);
            parts.push(self.coverage_part("lines", &files, |file| Some(file.lines), share, package, max_age));
        }
        if let Some(least) = requirement.branches {
            let share = self.settle(least, ProfileShare::Branches, asked);
            parts.push(self.coverage_part("branches", &files, |file| file.branches, share, package, max_age));
        }
        parts
    }

    fn coverage_part(
        &self,
        what: &str,
        files: &[&FileCoverage<'_>],
        ratio: impl Fn(&FileCoverage<'_>) -> Option<Ratio>,
        share: Option<Share>,
        package: Option<&str>,
        max_age: Option<Duration>,
    ) -> Part {
        let of_package = package.map(|package| format!(" of {package}")).unwrap_or_default();
        let Some(share) = share else {
            let next = format!("set a threshold for {what} in the profile");
            return Part::nothing(format!("the profile has no threshold for coverage of {what}"), next);
        };
        let counted: Vec<(&FileCoverage<'_>, Ratio)> =
            files.iter().filter_map(|file| Some((*file, ratio(file)?))).collect();
        let reports = self.reports_of(&counted);
        let sum = counted.iter().fold(Ratio::default(), |sum, (_, ratio)| sum.plus(*ratio));
        let sum = match what {
            "branches" => self.beyond_branches(&reports).applied_to(sum),
            _ => sum,
        };
        let (freshness, sources) = self.freshness_of_coverage(&reports, max_age);
        let of_what = format!("coverage of {what}{of_package}");
        if sum.total == 0 {
            // A report that is cut off or broken may have had it.
            if let Freshness::Unknown(_) = freshness
                && let Some(part) = Part::not_fresh(&of_what, freshness)
            {
                return part.from(sources);
            }
            return self.nothing_counted(what, package);
        }
        if let Some(part) = Part::not_fresh(&of_what, freshness) {
            return part.from(sources);
        }
        let Ratio { covered, total } = sum;
        let reason = format!("{of_what} is {}, required {}", of(covered, total), share.in_words());
        let part = match share.is_reached(covered, total) {
            true => Part::pass(reason),
            false => Part::new(Verdict::Fail, reason, "add tests"),
        };
        part.from(sources)
    }

    /// No report counts any of it: of nothing there is no share.
    fn nothing_counted(&self, what: &str, package: Option<&str>) -> Part {
        let coverage = &self.basis.facts.evidence.coverage;
        let Some(package) = package.filter(|package| {
            !coverage.is_empty() && !coverage.iter().any(|file| belongs(file, Some(package)))
        }) else {
            let of_package = package.map(|package| format!(" of {package}")).unwrap_or_default();
            let next = match coverage.is_empty() {
                true => self.produce(
                    "produce a coverage report (LCOV, Cobertura, JaCoCo, Clover, Go or Istanbul), and pass it: `--evidence FILE`",
                ),
                false => format!("configure the coverage tool to count {what}"),
            };
            return Part::nothing(format!("no coverage report for {what}{of_package}"), next);
        };
        let known: BTreeSet<&str> =
            coverage.iter().map(|file| file.package.as_ref()).filter(|name| !name.is_empty()).collect();
        let mut list: Vec<String> = known.iter().take(MOST_NAMES).map(|name| format!("`{name}`")).collect();
        if known.len() > MOST_NAMES {
            list.push(format!("{} more", known.len() - MOST_NAMES));
        }
        let reason = match list.is_empty() {
            true => format!("no coverage report for {what} of {package}: the reports have no packages"),
            false => {
                format!("no coverage report for {what} of {package}: the reports have {}", list.join(", "))
            }
        };
        let next = format!("correct the package `{package}`, or pass its report: `--evidence FILE`");
        Part::nothing(reason, next)
    }

    /// The reports that coverage was joined from, each once, with the place where it names the first file. Reports that
    /// are cut off, broken or contradict themselves belong to them: what they lost may be of any package.
    fn reports_of(&self, files: &[(&FileCoverage<'_>, Ratio)]) -> Vec<(ReportIndex, Span)> {
        let facts = &self.basis.facts;
        let first = |report: ReportIndex| Span::new(facts.evidence.report(report).file, 0, 0);
        let mut seen = rustc_hash::FxHashSet::default();
        let mut reports = Vec::new();
        for (file, _) in files {
            for report in file.reports.iter().copied().filter(|report| seen.insert(*report)) {
                let place = if file.reports.first() == Some(&report) { file.span } else { first(report) };
                reports.push((report, place));
            }
        }
        for (index, report) in (0..).map(ReportIndex).zip(&facts.evidence.reports) {
            let has_lost = matches!(
                report.flaw,
                Some(ReportFlaw::CutOff | ReportFlaw::Malformed | ReportFlaw::StatedWorse)
            );
            if report.kind.is_coverage() && has_lost && seen.insert(index) {
                reports.push((index, first(index)));
            }
        }
        reports
    }

    /// Branches that the reports count and list nowhere. They may be of any of their files.
    fn beyond_branches(&self, reports: &[(ReportIndex, Span)]) -> StatedBeyond {
        let evidence = &self.basis.facts.evidence;
        reports
            .iter()
            .map(|(report, _)| evidence.report(*report).beyond_branches)
            .fold(StatedBeyond::default(), StatedBeyond::plus)
    }

    /// Every report that coverage was joined from has to be fresh: nobody can tell their lines apart.
    fn freshness_of_coverage(
        &self,
        reports: &[(ReportIndex, Span)],
        max_age: Option<Duration>,
    ) -> (Freshness, Vec<Source>) {
        let facts = &self.basis.facts;
        let mut worst = Freshness::Fresh;
        let mut sources = Vec::new();
        for (report, place) in reports {
            let missing = Timestamp::Missing;
            worst = worst.max(facts.freshness_of(facts.evidence.report(*report), missing, max_age));
            sources.push(facts.source(self.basis.sources, *report, *place, missing));
        }
        sources.truncate(FEW);
        (worst, sources)
    }
}

/// Whether a source file belongs to a package or lies in a folder.
fn belongs(file: &FileCoverage<'_>, package: Option<&str>) -> bool {
    let Some(package) = package else { return true };
    let package = package.trim_end_matches(['/', '.']);
    let within = |name: &str, separator: char| {
        name.strip_prefix(package).is_some_and(|rest| rest.is_empty() || rest.starts_with(separator))
    };
    within(&file.package, '.')
        || within(&file.package, '/')
        || within(file.path.trim_start_matches("./"), '/')
}
