use rustc_hash::FxHashSet;

use crate::finding::Report;
use crate::model::defect::{Defect, DefectKind};
use crate::model::id::{self, IdError};
use crate::model::link::{self, LinkErrorKind, Reference};
use crate::model::{Entry, Id};
use crate::rules::{ERROR, Subject, words};
use crate::source::Span;
use crate::source::edit::Edit;
use crate::source::yaml::YamlDefect;

declare_rule! {
    /// A part of a link field that names no entry.
    ///
    /// A link field takes ids, ranges (`TEST-001 to TEST-050`, `API-001–020`),
    /// slash lists (`UJ-000/001/005`) and lists of them; a remark goes in
    /// brackets behind an id. What cannot be read links to nothing.
    ///
    /// ```yaml,bad
    /// - id: FEA-001
    ///   title: Saved searches
    ///   verified_by: test-001, TEST-003 to TEST-002
    /// - id: TEST-001
    ///   title: A saved search finds what it found before
    /// - id: TEST-002
    ///   title: A saved search survives an upgrade
    /// - id: TEST-003
    ///   title: A saved search can be deleted
    /// ```
    ///
    /// ```yaml,bad
    /// id: FEA-001
    /// title: Saved searches
    /// verified_by: all search tests
    /// ```
    ///
    /// ```yaml,good
    /// - id: FEA-001
    ///   title: Saved searches
    ///   verified_by: TEST-001 to TEST-003 (all search tests)
    /// - id: TEST-001
    ///   title: A saved search finds what it found before
    /// - id: TEST-002
    ///   title: A saved search survives an upgrade
    /// - id: TEST-003
    ///   title: A saved search can be deleted
    /// ```
    "RP0302", "invalid-link", ERROR, since "0.1.0"
}

fn check(subject: &Subject<'_>, reports: &mut Vec<Report>) -> usize {
    // An alias that stands for nothing is reported as such.
    let aliases: FxHashSet<Span> = subject.plan.yaml_defects.iter().filter_map(unknown_alias).collect();
    for defect in subject.plan.defects.iter().filter(|defect| !aliases.contains(&defect.span)) {
        let Some(owner) = defect.owner else { continue };
        match &defect.kind {
            DefectKind::NotAnId { found, reason } | DefectKind::ForeignReference { found, reason, .. } => {
                reports.push(no_id(subject, owner, defect, found, reason));
            }
            DefectKind::BadLink { found, reason } => {
                reports.push(bad_link(subject, owner, defect, found, reason));
            }
            DefectKind::RangeOfIds => {
                let message = format!("{owner}: a range is not allowed here");
                reports.push(Report::at(defect.span, message).help("list the ids: `EPIC-001, EPIC-002`"));
            }
            _ => {}
        }
    }
    words::keep_first_of_each_place(reports);
    subject.graph.link_count + reports.len()
}

fn unknown_alias(defect: &YamlDefect) -> Option<Span> {
    match defect {
        YamlDefect::UnknownAlias { span, .. } => Some(*span),
        _ => None,
    }
}

fn no_id(subject: &Subject<'_>, owner: Id, defect: &Defect, found: &str, reason: &IdError) -> Report {
    let report = Report::at(defect.span, format!("{owner}: `{}` {}", words::short(found), reason.words()));
    match reason {
        IdError::LetterCase(id) => {
            let report =
                report.help("write the prefix in capitals, and a letter after the number in lower case");
            let edit = Edit::replace(defect.span, id.respell(found));
            match is_exact(subject, defect, found) {
                true => report.safe_fix(format!("write `{id}`"), vec![edit]),
                false => report,
            }
        }
        IdError::Placeholder => report.help("add the id of an entry, or remove the field"),
        IdError::NumberMissing => {
            report.help("name one entry, such as `TEST-001`, or a range, such as `TEST-001 to TEST-050`")
        }
        _ => not_an_id(subject, defect, found, report),
    }
}

fn not_an_id(subject: &Subject<'_>, defect: &Defect, found: &str, report: Report) -> Report {
    if let Some(named) = ambiguous(subject, found) {
        return report
            .note(format!("it is the `external_id` of {named}"))
            .help("name one of them by its own id");
    }
    let nothing = ["none", "n/a", "na", "tbd", "-", "nothing", "todo"];
    if nothing.iter().any(|word| found.eq_ignore_ascii_case(word)) {
        return report.help("remove the field if there is nothing to link to");
    }
    match id::nearest(found).filter(|id| subject.config.families.of(&id.prefix).is_some()) {
        Some(id) => {
            let report = report.help(format!("did you mean `{id}`?"));
            match is_exact(subject, defect, found) {
                true => report
                    .suggested_fix(format!("write `{id}`"), vec![Edit::replace(defect.span, id.to_string())]),
                false => report,
            }
        }
        None => report.help(
            "write ids; put a note in parentheses after an id: `TEST-001 (manual)`; an id of another tool has to be \
             the `external_id` of an entry",
        ),
    }
}

/// The entries that share an id of another tool.
fn ambiguous(subject: &Subject<'_>, found: &str) -> Option<String> {
    let has = |entry: &&Entry<'_>| {
        entry.external_ids().iter().any(|id| id.value.trim().eq_ignore_ascii_case(found.trim()))
    };
    let named: Vec<String> =
        subject.plan.entries().iter().filter(has).map(|entry| entry.id.value.to_string()).collect();
    (named.len() > 1).then(|| named.join(", "))
}

/// Whether the place holds just the offending text, so that it can be replaced.
fn is_exact(subject: &Subject<'_>, defect: &Defect, found: &str) -> bool {
    subject.sources.slice(defect.span) == found
}

fn bad_link(
    subject: &Subject<'_>,
    owner: Id,
    defect: &Defect,
    found: &str,
    reason: &LinkErrorKind,
) -> Report {
    let at = |message: String| Report::at(defect.span, format!("{owner}: {message}"));
    match reason {
        LinkErrorKind::Backwards => {
            let report = at(format!("the range `{found}` is reversed"));
            let report = report.help("put the lower number first");
            match turned_round(found).filter(|_| is_exact(subject, defect, found)) {
                Some(text) => {
                    report.suggested_fix(format!("write `{text}`"), vec![Edit::replace(defect.span, text)])
                }
                None => report,
            }
        }
        LinkErrorKind::TwoFamilies => at(format!("the range `{found}` spans two families"))
            .help("write one range for each family, or list the entries"),
        LinkErrorKind::EndMissing => {
            at(format!("the range `{found}` has no end")).help("add the last id: `TEST-001 to TEST-050`")
        }
        LinkErrorKind::OpenBracket => at(format!("unclosed parenthesis: `{}`", words::short(found)))
            .help("close it where the note ends: what follows is not read as links"),
        LinkErrorKind::Id(reason) => no_id(subject, owner, defect, found, reason),
    }
}

/// `TEST-009 to TEST-001` the other way round.
fn turned_round(found: &str) -> Option<String> {
    match link::parse(found).0.as_slice() {
        [Reference::One { id: from, .. }, Reference::One { id: to, .. }] => Some(format!("{to} to {from}")),
        _ => None,
    }
}
