//! From files to facts: each file is recognised and read, side by side, and what they say is joined in the
//! order of the files.

use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};

use super::input::{Found, Input};
use super::provenance::{self, Provenance};
use super::recognise::{Recognised, recognise};
use super::{
    Evidence, EvidenceDefect, EvidenceDefectKind, ReportFlaw, ReportIndex, ReportKind, cdevents, clover,
    cobertura, coverage, ctrf, cyclonedx, gocover, gotest, istanbul, jacoco, junit, k6, lcov, metrics,
    npm_audit, nunit, openmetrics, osv, sarif, tap, trivy, trx, xunit,
};
use crate::source::{FileId, SourceMap};

/// A file and what it was recognised as.
type Known<'s> = (Input<'s>, Recognised);

/// Reads files of evidence. What they say and what is wrong with them comes in the order of the files.
pub fn read<'s>(sources: &'s SourceMap, files: &[FileId]) -> Evidence<'s> {
    let mut evidence = Evidence::default();
    let recognised: Vec<Result<Known<'s>, EvidenceDefect>> = side_by_side(files, |&file| {
        let input = Input::of(file, sources.file(file))?;
        match recognise(&input) {
            Ok(recognised) => Ok((input, recognised)),
            // What cannot be read at all is that first.
            Err(defect) => Err(input.cut.unwrap_or(defect)),
        }
    });
    let mut known = Vec::new();
    let mut unread = Vec::new();
    for (file, recognised) in files.iter().zip(recognised) {
        match recognised {
            Ok(recognised) => known.push(recognised),
            Err(defect) => {
                let name = sources.file(*file).name();
                unread.extend(provenance::is_named(name).then(|| provenance::unread(name, *file)));
                evidence.defects.push(defect);
            }
        }
    }
    let (mut above, reports) = split(known, &mut evidence.defects);
    above.append(&mut unread);
    let read: FxHashSet<&str> = files.iter().map(|file| sources.file(*file).name()).collect();
    let missing = provenance::missing(&above, &read);
    let numbered: Vec<(ReportIndex, Known<'s>)> = (0..).map(ReportIndex).zip(reports).collect();
    let found = side_by_side(&numbered, |(index, (input, recognised))| read_one(input, *recognised, *index));
    let incomplete: Vec<&str> = missing.iter().map(|(folder, _)| *folder).collect();
    join(sources, found, &above, &incomplete, &mut evidence);
    evidence.defects.extend(missing.into_iter().map(|(_, defect)| defect));
    evidence.defects.sort_by_key(|defect| (defect.span.file, defect.span.start));
    evidence
}

/// Does the same to all items at the same time. One alone needs no thread that wakes up for it.
fn side_by_side<T: Sync, U: Send>(items: &[T], each: impl Fn(&T) -> U + Sync) -> Vec<U> {
    match items {
        [] | [_] => items.iter().map(&each).collect(),
        _ => items.par_iter().map(&each).collect(),
    }
}

/// A report that was seen: its file, its text, and the folder of the run that it is of.
type Seen<'s> = (FileId, &'s str, Option<&'s str>);

/// Takes apart what is about reports and what are reports, each of these once.
fn split<'s>(
    known: Vec<Known<'s>>,
    defects: &mut Vec<EvidenceDefect>,
) -> (Vec<Provenance<'s>>, Vec<Known<'s>>) {
    let mut above = Vec::new();
    let mut reports: Vec<Known<'s>> = Vec::new();
    for (input, recognised) in known {
        if recognised == Recognised::Provenance {
            let (provenance, found) = provenance::read(&input);
            above.push(provenance);
            defects.extend(found);
        } else {
            reports.push((input, recognised));
        }
    }
    let mut seen: FxHashMap<usize, Vec<Seen<'s>>> = FxHashMap::default();
    reports.retain(|(input, _)| {
        // The same bytes are not the same report if they are said to be of another run.
        let run = provenance::nearest_folder(input.name, &above);
        // To compare texts of one length is cheaper than to hash all of them.
        let same_length = seen.entry(input.text.len()).or_default();
        let first = same_length.iter().find(|(_, text, of)| *of == run && *text == input.text);
        if let Some((first, ..)) = first {
            let kind = EvidenceDefectKind::SameTwice { first: *first };
            defects.push(EvidenceDefect { span: input.at(0, 0), kind });
            return false;
        }
        same_length.push((input.file, input.text, run));
        true
    });
    (above, reports)
}

fn read_one<'s>(input: &Input<'s>, recognised: Recognised, index: ReportIndex) -> Found<'s> {
    let kind = match recognised {
        Recognised::Report(kind) => kind,
        Recognised::MetricTable | Recognised::Provenance => ReportKind::Metrics,
    };
    let mut found = Found::new(input.file, kind, index);
    match (recognised, kind) {
        (Recognised::MetricTable, _) => metrics::read_csv(input, &mut found),
        (_, ReportKind::Junit) => junit::read(input, &mut found),
        (_, ReportKind::Trx) => trx::read(input, &mut found),
        (_, ReportKind::Nunit) => nunit::read(input, &mut found),
        (_, ReportKind::Xunit) => xunit::read(input, &mut found),
        (_, ReportKind::Ctrf) => ctrf::read(input, &mut found),
        (_, ReportKind::GoTest) => gotest::read(input, &mut found),
        (_, ReportKind::Tap) => tap::read(input, &mut found),
        (_, ReportKind::Lcov) => lcov::read(input, &mut found),
        (_, ReportKind::Cobertura) => cobertura::read(input, &mut found),
        (_, ReportKind::Jacoco) => jacoco::read(input, &mut found),
        (_, ReportKind::Clover) => clover::read(input, &mut found),
        (_, ReportKind::GoCover) => gocover::read(input, &mut found),
        (_, ReportKind::IstanbulSummary) => istanbul::read(input, &mut found),
        (_, ReportKind::Sarif) => sarif::read(input, &mut found),
        (_, ReportKind::Trivy) => trivy::read(input, &mut found),
        (_, ReportKind::NpmAudit) => npm_audit::read(input, &mut found),
        (_, ReportKind::Osv) => osv::read(input, &mut found),
        (_, ReportKind::CycloneDx) => cyclonedx::read(input, &mut found),
        (_, ReportKind::Metrics) => metrics::read_json(input, &mut found),
        (_, ReportKind::K6) => k6::read(input, &mut found),
        (_, ReportKind::OpenMetrics) => openmetrics::read(input, &mut found),
        (_, ReportKind::CdEvents) => cdevents::read(input, &mut found),
    }
    if let Some(cut) = &input.cut {
        // That the text ends too early follows from the byte that ends it.
        found.defects.retain(|defect| !matches!(defect.kind, EvidenceDefectKind::Malformed { .. }));
        found.broken(cut.clone());
    }
    found
}

fn join<'s>(
    sources: &'s SourceMap,
    found: Vec<Found<'s>>,
    above: &[Provenance<'s>],
    incomplete: &[&str],
    evidence: &mut Evidence<'s>,
) {
    let (mut records, mut branches) = (Vec::new(), Vec::new());
    for mut found in found {
        let source = sources.file(found.report.file);
        provenance::complete(&mut found, source, above);
        if provenance::nearest_folder(source.name(), above).is_some_and(|run| incomplete.contains(&run)) {
            found.doubt(ReportFlaw::RunIncomplete);
        }
        evidence.cases.append(found.cases);
        records.append(&mut found.records);
        branches.push(found.total_branches);
        let scans_before = u32::try_from(evidence.scans.len()).unwrap_or(u32::MAX);
        found.scan_results.iter_mut().for_each(|result| result.scan.0 += scans_before);
        evidence.scans.append(&mut found.scans);
        evidence.scan_results.append(&mut found.scan_results);
        evidence.metrics.append(&mut found.metrics);
        evidence.events.append(&mut found.events);
        evidence.defects.append(&mut found.defects);
        if found.more_defects > 0 {
            evidence.more_defects.push((found.report.file, found.more_defects));
        }
        evidence.reports.push(found.report);
    }
    evidence.coverage =
        coverage::join(records, &mut evidence.reports, &branches, sources, &mut evidence.defects);
    evidence.defects.sort_by_key(|defect| (defect.span.file, defect.span.start));
}
