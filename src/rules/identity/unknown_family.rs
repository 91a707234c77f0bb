use rustc_hash::FxHashMap;

use crate::finding::Report;
use crate::model::Prefix;
use crate::model::defect::DefectKind;
use crate::model::id;
use crate::rules::{ERROR, Subject, words};
use crate::source::Span;
use crate::source::edit::Edit;

declare_rule! {
    /// Entries of an undeclared family.
    ///
    /// The prefix of an id is the family of the entry. relplan knows those of its
    /// notation; declare others in `relplan.toml`, so that a misspelt prefix does
    /// not quietly begin a family of its own.
    ///
    /// ```yaml,bad
    /// - id: FEA-001
    ///   title: Saved searches
    ///   verified_by: TEST-002
    /// - id: TSET-002
    ///   title: A saved search finds what it found before
    /// ```
    ///
    /// ```yaml,bad
    /// - id: REQ-001
    ///   title: Orders are kept for ten years
    /// - id: REQ-002
    ///   title: Every order can be exported
    /// ```
    ///
    /// ```yaml,good
    /// - id: REQ-001
    ///   title: Orders are kept for ten years
    /// ```
    /// ```toml,good
    /// [families.REQ]
    /// title = "requirement"
    /// ```
    "RP0203", "unknown-family", ERROR, since "0.1.0"
}

/// A family that nobody declared: its first entry, and how many there are.
struct Unknown {
    prefix: Prefix,
    suggestion: Option<Prefix>,
    first: Span,
    count: usize,
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    let mut found: Vec<Unknown> = Vec::new();
    let mut places: FxHashMap<Prefix, usize> = FxHashMap::default();
    for defect in &subject.plan.defects {
        let DefectKind::UnknownFamily { prefix, suggestion } = defect.kind else { continue };
        let place = *places.entry(prefix).or_insert(found.len());
        match found.get_mut(place) {
            Some(unknown) => unknown.count += 1,
            None => found.push(Unknown { prefix, suggestion, first: defect.span, count: 1 }),
        }
    }
    reports.extend(found.iter().map(|unknown| report(subject, unknown)));
    subject.plan.entries().len()
}

fn report(subject: &Subject<'_>, unknown: &Unknown) -> Report {
    let Unknown { prefix, suggestion, first, count } = *unknown;
    let head = prefix.head();
    let id = subject.sources.slice(first);
    let message = format!("{id}: unknown family `{prefix}`");
    let report = Report::at(first, message);
    let declare = format!("declare it in relplan.toml: `[families.{head}]` with `title = \"…\"`");
    // One entry is a slip; several of the same prefix are meant.
    match suggestion {
        Some(near) if count == 1 => with_fix(subject, unknown, near, report)
            .help(format!("did you mean `{near}`? Otherwise {declare}")),
        _ if count == 1 => report.help(declare),
        _ => report.help(declare).note(format!("{} have this prefix", words::count(count, "entry"))),
    }
}

/// Offers the nearest prefix, unless that id is taken, or links know the entry by the one it has.
fn with_fix(subject: &Subject<'_>, unknown: &Unknown, near: Prefix, report: Report) -> Report {
    let written = subject.sources.slice(unknown.first);
    let Some(rest) = written.strip_prefix(unknown.prefix.as_str()) else { return report };
    let meant = format!("{near}{rest}");
    let find = |text: &str| subject.plan.find(id::parse(text).ok()?);
    let linked = find(written).is_some_and(|index| !subject.graph.is_unreferenced(index));
    if linked || find(&meant).is_some() {
        return report;
    }
    report.suggested_fix(format!("write `{meant}`"), vec![Edit::replace(unknown.first, meant)])
}
