//! A new entry: the next free id of its family, the fields that the family asks for, and a place beside the others.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use super::layout::{column, line_break, line_end, line_start};
use crate::model::document::Statements;
use crate::model::family::Typed;
use crate::model::rel::RelType;
use crate::model::version::{Version, VersionKind, next};
use crate::model::{Choice, Entry, Families, Id, Kind, Plan, Prefix};
use crate::source::append::scalar;
use crate::source::edit::Edit;
use crate::source::{FileId, SourceMap, Span};

/// The number of digits of the first id of a family.
const WIDTH: u8 = 3;

/// What stands where only people know the value.
pub const TODO: &str = "TODO";

/// What a new entry is: its family, and for a deployment entry its type in the usual word.
#[derive(Debug, Clone, Copy)]
pub struct NewKind<'k> {
    /// The family.
    pub prefix: Prefix,
    /// The type of a deployment entry, if one is named.
    pub dep_type: Option<&'k str>,
}

impl NewKind<'_> {
    /// Whether an entry is of this family, and of this type where one is named.
    fn is_like(&self, entry: &Entry<'_>) -> bool {
        let same_type = |kind: &Kind<'_>| match (self.dep_type, kind) {
            (Some(word), Kind::Dep(dep)) => dep.dep_type().word() == word,
            _ => true,
        };
        entry.id.value.prefix == self.prefix && same_type(&entry.kind)
    }

    /// The entries like it, by id; those of the family where there is none.
    fn relatives<'p, 's>(&self, plan: &'p Plan<'s>) -> Vec<&'p Entry<'s>> {
        let family: Vec<&Entry<'s>> =
            plan.family(self.prefix).iter().map(|index| plan.entry(*index)).collect();
        let alike: Vec<&Entry<'s>> = family.iter().copied().filter(|entry| self.is_like(entry)).collect();
        if alike.is_empty() { family } else { alike }
    }
}

/// The next free id: behind the highest of the entries like it, or else behind the highest of the family. An id that
/// an entry had, or has on another branch, is not free. Nothing if the numbers are used up.
pub fn next_id(plan: &Plan<'_>, kind: NewKind<'_>, elsewhere: &[Id]) -> Option<Id> {
    let entries = plan.entries().iter();
    let former = entries.clone().flat_map(|entry| entry.former_ids()).map(|id| id.value);
    let taken = entries.map(|entry| entry.id.value).chain(former);
    // What a link names already would get another meaning.
    let linked =
        plan.entries().iter().flat_map(|entry| entry.links.iter()).flat_map(|link| link.target.ends());
    let taken = taken.chain(plan.broken.iter().copied()).chain(linked).chain(elsewhere.iter().copied());
    let taken: BTreeSet<u32> = taken.filter(|id| id.prefix == kind.prefix).map(|id| id.number).collect();
    let relatives = kind.relatives(plan);
    let last = relatives.last().map(|entry| entry.id.value);
    let behind_last = last.and_then(|id| id.number.checked_add(1)).filter(|number| !taken.contains(number));
    let behind_all = || taken.last().map_or(Some(1), |number| number.checked_add(1));
    let number = behind_last.or_else(behind_all)?;
    let width = last.map_or(WIDTH, |id| id.width);
    (number <= 999_999_999).then(|| Id::new(kind.prefix, number, width))
}

/// What a family asks for beside id and title, with a placeholder where only people know the value.
pub fn template(kind: NewKind<'_>) -> Vec<(&'static str, &'static str)> {
    let mut fields = vec![("owner", TODO)];
    match Typed::of(&kind.prefix) {
        Some(Typed::Epic) => fields.extend([("state", "Planned"), ("tests", "TEST-XXX")]),
        Some(Typed::Test) => {
            fields.extend([("type", "Integration"), ("priority", "Medium"), ("automation", TODO)]);
        }
        Some(Typed::Risk) => fields.extend([
            ("probability", TODO),
            ("impact", TODO),
            ("status", "open"),
            ("response", "mitigate"),
            ("mitigation", TODO),
        ]),
        Some(Typed::Rel) => fields.extend([("version", TODO), ("date", TODO), ("status", "planned")]),
        Some(Typed::Mon) => fields.extend([("query", TODO), ("unit", TODO), ("type", "metric")]),
        Some(Typed::Run) => fields.extend([("severity", TODO), ("steps", TODO)]),
        Some(Typed::Kpi) => fields.extend([("target", TODO)]),
        Some(Typed::Incident) => fields.extend([
            ("release", TODO),
            ("severity", TODO),
            ("environment", TODO),
            ("detected", TODO),
            ("detected_by", TODO),
            ("impact", TODO),
        ]),
        Some(Typed::Handoff) => fields.extend([("receiver", TODO), ("role", TODO), ("due", TODO)]),
        Some(Typed::Flag) => fields.extend([
            ("key", TODO),
            ("category", "release"),
            ("default", "off"),
            ("kill_switch", "off"),
            ("expires", TODO),
            ("removal_ticket", TODO),
        ]),
        Some(Typed::Action) => {
            fields.extend([("due", TODO), ("status", "open"), ("follows_from", "INC-XXX")])
        }
        Some(Typed::Dep) => fields.extend(of_deployment(kind.dep_type)),
        None => {}
    }
    fields
}

/// The version that follows the highest of the plan's releases, by the scheme that they have: of a minor release, or
/// of the type that is named. A hotfix is numbered like a patch.
pub fn next_version(
    plan: &Plan<'_>,
    families: &Families,
    rel_type: Option<RelType>,
    today: NaiveDate,
) -> Option<String> {
    let kind = match rel_type {
        Some(RelType::Major) => VersionKind::Major,
        Some(RelType::Minor) | None => VersionKind::Minor,
        Some(RelType::Patch | RelType::Hotfix) => VersionKind::Patch,
    };
    let numbered_alike = plan.releases().filter(|(_, rel)| !rel.is_numbered_apart);
    let known: Vec<&Version> =
        numbered_alike.filter_map(|(_, rel)| Some(&rel.version.as_ref()?.value)).collect();
    let scheme = known.first()?.scheme();
    let prefix = Prefix::new("REL")?;
    let numbering = families.numbering_of(&prefix, families.of(&prefix)).unwrap_or_default();
    let is_mixed = known.iter().any(|version| version.scheme() != scheme);
    if is_mixed { None } else { next(&known, &numbering, kind, today) }
}

/// What each kind of deployment entry asks for.
fn of_deployment(dep_type: Option<&str>) -> &'static [(&'static str, &'static str)] {
    match dep_type {
        Some("Environment") => &[
            ("stage", "Pre-deploy"),
            ("name", TODO),
            ("infrastructure", TODO),
            ("secrets", TODO),
            ("access", TODO),
        ],
        Some("Criteria") => &[
            ("stage", "Pre-deploy"),
            ("requirement", TODO),
            ("verification", TODO),
            ("blocker", "yes"),
            ("linked_ids", "TEST-XXX"),
        ],
        Some("Rollback") => &[
            ("stage", "Rollback"),
            ("trigger", TODO),
            ("threshold", TODO),
            ("procedure", TODO),
            ("notification", TODO),
            ("authority", TODO),
            ("max_duration", TODO),
            ("runbook", "RUN-XXX"),
            ("monitored_by", "MON-XXX"),
        ],
        Some("Validation") => &[
            ("stage", "Post-deploy"),
            ("check", TODO),
            ("method", "Automated"),
            ("success_criteria", TODO),
            ("escalation", TODO),
        ],
        Some("Step") => &[("stage", "Deploy"), ("action", TODO)],
        _ => &[("type", TODO), ("stage", TODO)],
    }
}

/// The file that a new entry belongs into: that of the last entry like it, or the one with the most entries.
pub fn home(plan: &Plan<'_>, kind: NewKind<'_>) -> Option<FileId> {
    if let Some(last) = kind.relatives(plan).last() {
        return Some(last.id.span.file);
    }
    let mut counts = BTreeMap::new();
    for entry in plan.entries() {
        *counts.entry(entry.id.span.file).or_insert(0usize) += 1;
    }
    // Of several, the first.
    counts.into_iter().max_by_key(|(file, count)| (*count, Reverse(*file))).map(|(file, _)| file)
}

/// The edit that adds an entry to a file, behind the last one like it there, or behind the last of its family, or of all.
///
/// `fields` are keys with their values as texts, in order.
pub fn addition(
    plan: &Plan<'_>,
    sources: &SourceMap,
    file: FileId,
    statements: &Statements<'_>,
    (kind, id): (NewKind<'_>, Id),
    fields: &[(String, String)],
) -> Edit {
    let text = sources.file(file).text();
    let own: Vec<&Entry<'_>> = plan.entries().iter().filter(|entry| entry.span.file == file).collect();
    let of_family = |entry: &&&Entry<'_>| entry.id.value.prefix == id.prefix;
    let alike = own.iter().rev().find(|entry| kind.is_like(entry));
    let relative = alike.or_else(|| own.iter().rev().find(of_family)).or(own.last());
    match relative.and_then(|entry| Layout::of(text, entry, statements, own.len() == 1)) {
        Some(layout) => layout.behind(file, text, id, fields),
        None => at_end(file, text, id, fields),
    }
}

/// How an entry is laid out.
struct Layout {
    form: Form,
    /// How far its first character is indented, the dash of a list included.
    column: usize,
    /// Where the last line of it ends.
    end: usize,
    /// Whether an empty line sets it apart from what is before it.
    is_apart: bool,
}

/// How an entry is written.
enum Form {
    /// `- id: EPIC-01`, with so many characters from the dash to the id.
    Item(usize),
    /// `EPIC-01:`, with its fields so much further in.
    Key(usize),
    /// `id: EPIC-01` in a document of its own.
    Document,
}

impl Layout {
    /// The layout of an entry that begins its line; nothing for others.
    fn of(text: &str, entry: &Entry<'_>, statements: &Statements<'_>, is_alone: bool) -> Option<Layout> {
        let start = entry.span.start as usize;
        let line = line_start(text, start);
        let before = &text[line..start];
        let indent = before.len() - before.trim_start_matches(' ').len();
        let (_, statement) = statements.entries.iter().find(|(id, _)| id.span == entry.id.span)?;
        let form = match before[indent..].strip_prefix('-') {
            Some(gap) if gap.bytes().all(|byte| byte == b' ') && !gap.is_empty() => Form::Item(gap.len() + 1),
            Some(_) => return None,
            None if !before.bytes().all(|byte| byte == b' ') => return None,
            None => {
                let own = statement.pairs.iter().map(|pair| pair.key.span);
                let own = own.filter(|key| statement.span.contains(*key) && key.start >= entry.id.span.end);
                let inner = own.min_by_key(|key| key.start).map(|key| column(text, key.start as usize));
                match inner {
                    Some(Some(inner)) if inner > indent => Form::Key(inner - indent),
                    Some(Some(inner)) if inner == indent && indent == 0 => Form::Document,
                    _ => return None,
                }
            }
        };
        let end = line_end(text, text[..entry.span.end as usize].trim_end().len());
        let above = text[..line].trim_end_matches(['\r', '\n']);
        let breaks = text[above.len()..line].matches('\n').count();
        Some(Layout { form, column: indent, end, is_apart: breaks > 1 || is_alone })
    }

    fn behind(&self, file: FileId, text: &str, id: Id, fields: &[(String, String)]) -> Edit {
        let eol = line_break(text);
        let indent = " ".repeat(self.column);
        let (first, rest) = match self.form {
            Form::Item(gap) => {
                let dash = format!("{indent}-{}", " ".repeat(gap - 1));
                (format!("{dash}id: {id}"), format!("{indent}{}", " ".repeat(gap)))
            }
            Form::Key(further) => (format!("{indent}{id}:"), format!("{indent}{}", " ".repeat(further))),
            Form::Document => (format!("---{eol}id: {id}"), String::new()),
        };
        let mut added = String::from(eol);
        if self.is_apart && !matches!(self.form, Form::Document) {
            added += eol;
        }
        added += &first;
        for (key, value) in fields {
            added += &format!("{eol}{rest}{key}: {}", scalar(value));
        }
        Edit::insert(Span::new(file, self.end, self.end), added)
    }
}

/// A document of its own at the end of a text.
fn at_end(file: FileId, text: &str, id: Id, fields: &[(String, String)]) -> Edit {
    let eol = line_break(text);
    let mut added = String::new();
    if !text.is_empty() && !text.ends_with('\n') {
        added += eol;
    }
    if !text.trim().is_empty() {
        added += &format!("---{eol}");
    }
    added += &format!("- id: {id}{eol}");
    for (key, value) in fields {
        added += &format!("  {key}: {}{eol}", scalar(value));
    }
    Edit::insert(Span::new(file, text.len(), text.len()), added)
}
