//! Tests run through enough of the code.

use super::{Asked, FEW, Part, Share, of};
use crate::evidence::{FileCoverage, Ratio, Timestamp};
use crate::model::demand::CoverageDemand;
use crate::model::duration::Duration;
use crate::verdict::facts::{Freshness, Source};
use crate::verdict::{Judge, Verdict};

impl Judge<'_> {
    pub(super) fn coverage_parts(
        &self,
        demand: &CoverageDemand,
        max_age: Option<Duration>,
        asked: &mut Vec<String>,
    ) -> Vec<Part> {
        let package = demand.package.as_ref().map(|package| package.value.as_str());
        let files: Vec<&FileCoverage<'_>> =
            self.basis.facts.evidence.coverage.iter().filter(|file| belongs(file, package)).collect();
        let mut parts = Vec::new();
        if let Some(least) = demand.lines {
            let share = self.settle(least, Asked::Lines, asked);
            parts.push(self.coverage_part("lines", &files, |file| Some(file.lines), share, package, max_age));
        }
        if let Some(least) = demand.branches {
            let share = self.settle(least, Asked::Branches, asked);
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
            let next = format!("give the profile a figure for {what}");
            return Part::nothing(format!("the profile asks for no coverage of {what}"), next);
        };
        let counted: Vec<(&FileCoverage<'_>, Ratio)> =
            files.iter().filter_map(|file| Some((*file, ratio(file)?))).collect();
        let (covered, total) = counted
            .iter()
            .fold((0, 0), |(covered, total), (_, ratio)| (covered + ratio.covered, total + ratio.total));
        if total == 0 {
            let next = "produce a coverage report (LCOV or Cobertura), and name it: `--evidence FILE`";
            return Part::nothing(format!("no report counts {what}{of_package}"), next);
        }
        let (freshness, sources) = self.freshness_of_coverage(&counted, max_age);
        let what = format!("coverage of {what}{of_package}");
        if let Some(part) = Part::not_fresh(&what, freshness) {
            return part.from(sources);
        }
        let reason = format!("{what}: {}, {} asked for", of(covered, total), share.in_words());
        let part = match share.is_reached(covered, total) {
            true => Part::pass(reason),
            false => Part::new(Verdict::Fail, reason, "test what is not tested yet"),
        };
        part.from(sources)
    }

    /// Every report that coverage was joined from has to be fresh: nobody can tell their lines apart.
    fn freshness_of_coverage(
        &self,
        files: &[(&FileCoverage<'_>, Ratio)],
        max_age: Option<Duration>,
    ) -> (Freshness, Vec<Source>) {
        let facts = &self.basis.facts;
        let mut seen = rustc_hash::FxHashSet::default();
        let mut worst = Freshness::Fresh;
        let mut sources = Vec::new();
        for (file, _) in files {
            for report in file.reports.iter().filter(|report| seen.insert(**report)) {
                worst = worst.max(facts.freshness_of(
                    facts.evidence.report(*report),
                    Timestamp::Missing,
                    max_age,
                ));
                let first = crate::source::Span::new(facts.evidence.report(*report).file, 0, 0);
                let place = if file.reports.first() == Some(report) { file.span } else { first };
                sources.push(facts.source(self.basis.sources, *report, place, Timestamp::Missing));
            }
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
