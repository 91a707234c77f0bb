//! Another id for an entry: in the entry, in links and texts that name it, in comments, patterns and settings.
//!
//! The former id is kept under `formerly`, so that whatever still uses it goes on to mean the entry: reports of CI,
//! signed records, and ranges, which cannot name an id outside of them. To rename an entry back to a former id takes
//! all of that back, byte for byte.

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::layout::{column, line_break, line_end, line_start, next_line};
use crate::model::document::{Statement, Statements};
use crate::model::entry::Target;
use crate::model::{Entry, EntryIndex, Id, Kind, Plan, id};
use crate::source::edit::Edit;
use crate::source::{FileId, Node, Pair, SourceMap, Span, Value};

/// What renames an entry.
#[derive(Debug, Default)]
pub struct Renaming {
    /// The edits of each file, in the order of their places.
    pub edits: BTreeMap<FileId, Vec<Edit>>,
    /// How many times the former id was replaced, the entry itself not counted.
    pub references: usize,
    /// Ranges that go on to name the entry by its former id.
    pub ranges: Vec<Span>,
    /// Signed records that go on to name the entry by its former id.
    pub signed: Vec<Span>,
    /// Whether the entry gets a former id back.
    pub is_back: bool,
}

/// Why an entry cannot get an id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// It has that id.
    Same,
    /// Another entry has it, there.
    Taken(Span),
    /// Another entry had it, and says so there.
    Former(Span),
    /// A range there would name the entry, which it does not name today.
    InRange(Span),
    /// The id of the entry is not written there letter by letter.
    NotLiteral(Span),
    /// The entry is written so that no field can be added to it.
    NoRoom(Span),
}

/// Plans the edits that give an entry another id.
///
/// `statements` is what the file of the entry says, `settings` the file of the configuration.
///
/// # Errors
///
/// If the id belongs to another entry, or means something already.
pub fn rename(
    plan: &Plan<'_>,
    sources: &SourceMap,
    entry: EntryIndex,
    new: Id,
    statements: &Statements<'_>,
    settings: Option<FileId>,
) -> Result<Renaming, Refusal> {
    let renamer = Renamer { plan, sources, entry, old: plan.entry(entry).id.value, new };
    renamer.refuse()?;
    let mut renaming = Renaming { is_back: renamer.is_back(), ..Renaming::default() };
    renamer.references(settings, &mut renaming)?;
    renamer.former_id(statements, &mut renaming)?;
    renaming.edits.values_mut().for_each(join_neighbours);
    Ok(renaming)
}

/// Sorts edits and joins those that touch, which would otherwise be in each other's way.
fn join_neighbours(edits: &mut Vec<Edit>) {
    edits.sort_by_key(|edit| (edit.span.start, edit.span.end));
    let mut joined: Vec<Edit> = Vec::with_capacity(edits.len());
    for edit in edits.drain(..) {
        match joined.last_mut().filter(|last| last.span.end == edit.span.start) {
            Some(last) => {
                last.span = last.span.to(edit.span);
                last.replacement += &edit.replacement;
            }
            None => joined.push(edit),
        }
    }
    *edits = joined;
}

struct Renamer<'a, 's> {
    plan: &'a Plan<'s>,
    sources: &'a SourceMap,
    entry: EntryIndex,
    old: Id,
    new: Id,
}

impl Renamer<'_, '_> {
    fn is_back(&self) -> bool {
        self.plan.entry(self.entry).former_ids().iter().any(|former| former.value == self.new)
    }

    fn refuse(&self) -> Result<(), Refusal> {
        if self.old == self.new && self.old.to_string() == self.new.to_string() {
            return Err(Refusal::Same);
        }
        if let Some(index) = self.plan.find_current(self.new).filter(|index| *index != self.entry) {
            return Err(Refusal::Taken(self.plan.entry(index).id.span));
        }
        let mut others = self.plan.indexed().filter(|(index, _)| *index != self.entry);
        let claim = others.find_map(|(_, entry)| {
            entry.former_ids().iter().find(|former| former.value == self.new).map(|former| former.span)
        });
        if let Some(span) = claim {
            return Err(Refusal::Former(span));
        }
        match self.range_that_would_grow() {
            Some(span) => Err(Refusal::InRange(span)),
            None => Ok(()),
        }
    }

    /// A range that would name the entry by its new id and does not name it today.
    fn range_that_would_grow(&self) -> Option<Span> {
        let names = |ends: &(_, _), id: Id| covers(ends, id);
        let former = self.plan.entry(self.entry).former_ids();
        let ranges = self.plan.entries().iter().flat_map(|entry| &entry.links);
        let mut ranges = ranges.filter_map(|link| match &link.target {
            Target::Range(ends) => Some((ends, link.span)),
            Target::One(_) => None,
        });
        ranges.find_map(|(ends, span)| {
            let today = names(ends, self.old) || former.iter().any(|former| names(ends, former.value));
            (names(ends, self.new) && !today).then_some(span)
        })
    }

    /// Replaces the id wherever it is written, but for ranges and signed records.
    fn references(&self, settings: Option<FileId>, renaming: &mut Renaming) -> Result<(), Refusal> {
        let kept = self.kept(renaming);
        let own = self.plan.entry(self.entry).id.span;
        let mut files: Vec<FileId> = self.plan.entries().iter().map(|entry| entry.span.file).collect();
        files.extend(self.plan.approvals.iter().map(|record| record.span.file));
        files.extend(self.plan.waivers.iter().map(|record| record.span.file));
        files.extend(settings);
        files.sort_unstable();
        files.dedup();
        let mut is_renamed = false;
        let written: Vec<(FileId, Vec<Span>)> =
            files.into_par_iter().map(|file| (file, self.written_in(file))).collect();
        for (file, spans) in written {
            for span in spans {
                if kept.contains(span) {
                    continue;
                }
                let is_own = own.file == file && own.contains(span);
                is_renamed |= is_own;
                renaming.references += usize::from(!is_own);
                let text = self.new.respell(self.sources.slice(span));
                renaming.edits.entry(file).or_default().push(Edit::replace(span, text));
            }
        }
        self.bare_numbers(&kept, renaming);
        if is_renamed { Ok(()) } else { Err(Refusal::NotLiteral(own)) }
    }

    /// The places that keep the former id, which are noted.
    fn kept(&self, renaming: &mut Renaming) -> Places {
        let links = self.plan.entries().iter().flat_map(|entry| &entry.links);
        let ranges = links.filter_map(|link| match &link.target {
            Target::Range(ends) if covers(ends, self.old) => Some(link.span),
            _ => None,
        });
        renaming.ranges = ranges.collect();
        renaming.ranges.sort_unstable();
        renaming.ranges.dedup();
        let signed = self.plan.approvals.iter().filter(|record| record.signature.is_some());
        let names = |span: &Span| self.sources.slice(*span).contains(self.old.prefix.as_str());
        let signed: Vec<Span> = signed.map(|record| record.span).filter(names).collect();
        let found = |span: &Span| id::find_in(self.sources.slice(*span)).any(|(id, _)| id == self.old);
        renaming.signed = signed.into_iter().filter(found).collect();
        let kept = renaming.ranges.iter().chain(&renaming.signed).copied();
        Places::new(kept.chain(self.plan.entries().iter().flat_map(patterns)))
    }

    /// Where a file has the whole id, in whatever part of its text, but for paths and ranges of prose.
    fn written_in(&self, file: FileId) -> Vec<Span> {
        let text = self.sources.file(file).text();
        if memchr::memmem::find(text.as_bytes(), self.old.prefix.as_str().as_bytes()).is_none() {
            return Vec::new();
        }
        let found: Vec<(Id, std::ops::Range<usize>)> = id::find_in(text).collect();
        let mut places = Vec::new();
        for (at, (id, range)) in found.iter().enumerate() {
            let is_whole = text[range.clone()].starts_with(|first: char| first.is_ascii_uppercase());
            if *id != self.old || !is_whole || is_in_path(text, range) {
                continue;
            }
            let before = at.checked_sub(1).map(|at| &found[at]);
            let behind = found.get(at + 1);
            let joins = |from: &std::ops::Range<usize>, to: &std::ops::Range<usize>| {
                from.end <= to.start && id::joins_range(&text[from.end..to.start])
            };
            let is_end = before
                .is_some_and(|(other, place)| other.prefix == id.prefix && joins(place, range))
                || behind.is_some_and(|(other, place)| other.prefix == id.prefix && joins(range, place));
            // The numbers behind a slash are of the family of the id before it.
            let leads = text[range.end..].trim_start().strip_prefix('/').map(str::trim_start);
            let leads = leads.is_some_and(|rest| rest.starts_with(|next: char| next.is_ascii_digit()));
            if !is_end && (!leads || self.new.prefix == self.old.prefix) {
                places.push(Span::new(file, range.start, range.end));
            }
        }
        places
    }

    /// Replaces the bare number of a slash list, `UJ-000/001`, where the new id is of the same family.
    fn bare_numbers(&self, kept: &Places, renaming: &mut Renaming) {
        if self.new.prefix != self.old.prefix {
            return;
        }
        let number = self.new.to_string();
        let number = &number[self.new.prefix.as_str().len() + 1..];
        let links = self.plan.entries().iter().flat_map(|entry| &entry.links);
        let links = links.filter(|link| matches!(link.target, Target::One(id) if id == self.old));
        let mentions = self.plan.entries().iter().flat_map(|entry| entry.mentions());
        let mentions = mentions.filter(|mention| mention.id == self.old).map(|mention| mention.span);
        let mut spans: Vec<Span> = links.map(|link| link.span).chain(mentions).collect();
        spans.sort_unstable();
        spans.dedup();
        for span in spans {
            let is_bare = self.sources.slice(span).starts_with(|first: char| first.is_ascii_digit());
            if is_bare && !kept.contains(span) {
                renaming.references += 1;
                renaming.edits.entry(span.file).or_default().push(Edit::replace(span, number));
            }
        }
    }

    /// Adds the present id to `formerly`, or takes the new one out of it.
    fn former_id(&self, statements: &Statements<'_>, renaming: &mut Renaming) -> Result<(), Refusal> {
        // Another width is another spelling, not another id.
        if self.old == self.new {
            return Ok(());
        }
        let entry = self.plan.entry(self.entry);
        let statement = statements.entries.iter().find(|(id, _)| id.span == entry.id.span);
        let no_room = Refusal::NoRoom(entry.id.span);
        let Some((_, statement)) = statement else { return Err(no_room) };
        let text = self.sources.file(entry.span.file).text();
        let field = own_pairs(statement).find(|pair| is_former(pair));
        let edit = match field {
            Some(pair) if self.is_back() => self.without(text, pair),
            Some(pair) => self.with(text, pair),
            None => self.inserted(text, entry.id.span, statement),
        };
        renaming.edits.entry(entry.span.file).or_default().push(edit.ok_or(no_room)?);
        Ok(())
    }

    /// A field `formerly` for an entry that has none.
    fn inserted(&self, text: &str, id: Span, statement: &Statement<'_>) -> Option<Edit> {
        let field = format!("formerly: {}", self.old);
        let at = |at: usize| Span::new(id.file, at, at);
        let first = own_pairs(statement)
            .filter(|pair| pair.key.span.start >= id.end)
            .min_by_key(|pair| pair.key.span.start);
        // In the flow of one line: `{id: DEP-003, title: …}`.
        if let Some(pair) = first
            && column(text, pair.key.span.start as usize).is_none()
        {
            return Some(Edit::insert(at(pair.key.span.start as usize), format!("{field}, ")));
        }
        let line = line_start(text, id.start as usize);
        if first.is_none() && text[line..id.start as usize].contains('{') {
            return Some(Edit::insert(end_of(id), format!(", {field}")));
        }
        let indent = match first {
            Some(pair) => column(text, pair.key.span.start as usize)?,
            None => {
                column(text, line + text[line..].len() - text[line..].trim_start_matches([' ', '-']).len())?
            }
        };
        // Behind the line of the id, unless its value goes on or the fields stand further in.
        let end = line_end(text, id.end as usize);
        let new_line = format!("{}{}{field}", line_break(text), " ".repeat(indent));
        Some(Edit::insert(at(self.end_of_title(text, id, first, end)), new_line))
    }

    /// The end of the line on which an id and the title behind it end.
    fn end_of_title(&self, text: &str, id: Span, first: Option<&Pair<'_>>, end: usize) -> usize {
        let title = self.plan.entry(self.entry).title.as_ref().map(|title| title.span);
        let is_behind = |title: &Span| {
            title.file == id.file
                && title.start >= id.end
                && first.is_none_or(|pair| title.end <= pair.key.span.start)
        };
        title.filter(is_behind).map_or(end, |title| line_end(text, title.end as usize).max(end))
    }

    /// The field with the present id added behind those that it has.
    fn with(&self, text: &str, pair: &Pair<'_>) -> Option<Edit> {
        let added = format!(", {}", self.old);
        let value = pair.value.span;
        match &pair.value.value {
            Value::Sequence(items) => {
                let last = items.last()?.span;
                let flow = text[value.range()].starts_with('[');
                if flow {
                    return Some(Edit::insert(end_of(last), added));
                }
                let dash = text[..last.start as usize].trim_end_matches(' ').strip_suffix('-')?.len();
                let item = format!("{}{}- {}", line_break(text), " ".repeat(column(text, dash)?), self.old);
                let end = line_end(text, last.end as usize);
                Some(Edit::insert(Span::new(value.file, end, end), item))
            }
            // In the flow of one line a comma would end a plain value.
            Value::Scalar(_) if is_in_flow(text, pair) && inside_quotes(text, value) == value => {
                Some(Edit::replace(value, format!("[{}{added}]", &text[value.range()])))
            }
            Value::Scalar(_) => Some(Edit::insert(end_of(inside_quotes(text, value)), added)),
            Value::Mapping(_) => None,
        }
    }

    /// The field without the id that the entry gets back; nothing of it if that was all.
    fn without(&self, text: &str, pair: &Pair<'_>) -> Option<Edit> {
        let former = self.plan.entry(self.entry).former_ids();
        let at = former.iter().position(|former| former.value == self.new)?;
        let place = former[at].span;
        if former.len() == 1 {
            return Some(Edit::replace(whole_field(text, pair), ""));
        }
        if former.len() == 2 && is_in_flow(text, pair) && matches!(pair.value.value, Value::Sequence(_)) {
            return Some(Edit::replace(pair.value.span, &text[former[1 - at].span.range()]));
        }
        let is_block =
            matches!(pair.value.value, Value::Sequence(_)) && !text[pair.value.span.range()].starts_with('[');
        let span = match at {
            _ if is_block => lines_of(text, place),
            0 => Span::new(place.file, place.start as usize, former[1].span.start as usize),
            _ => Span::new(place.file, former[at - 1].span.end as usize, place.end as usize),
        };
        Some(Edit::replace(span, ""))
    }
}

fn covers(ends: &(crate::source::Spanned<Id>, crate::source::Spanned<Id>), id: Id) -> bool {
    ends.0.value.prefix == id.prefix && (ends.0.value..=ends.1.value).contains(&id)
}

/// Where an entry says how its results and reports are recognised. Those are made by tests and pipelines, which go on
/// to write what they wrote: another pattern would choose other results.
fn patterns<'e>(entry: &'e Entry<'_>) -> impl Iterator<Item = Span> + 'e {
    let test = match &entry.kind {
        Kind::Test(test) => Some(test),
        _ => None,
    };
    let recognised = test.into_iter().flat_map(|test| test.automation.iter().chain(&test.matches));
    let files = entry.kind.evidence_requirement().into_iter().flat_map(|requirement| &requirement.files);
    recognised.map(|text| text.span).chain(files.map(|file| file.span))
}

/// Whether an id is part of a path or an address: behind a slash or before one, or with an extension; or the id of
/// another member of the workspace, `billing:EPIC-01`.
fn is_in_path(text: &str, range: &std::ops::Range<usize>) -> bool {
    let (before, behind) = (&text[..range.start], &text[range.end..]);
    let of_member =
        before.strip_suffix(':').is_some_and(|name| name.ends_with(|last: char| last.is_alphanumeric()));
    let in_address =
        before.ends_with(['=', '?', '&', '@', '#']) || behind.starts_with(['=', '?', '&', '@', '#']);
    if of_member || in_address {
        return true;
    }
    let led = before.strip_suffix(['/', '\\']).is_some_and(|before| {
        // `UJ-000/UJ-001` is a list.
        !before.trim_end().ends_with(|last: char| last.is_ascii_digit())
    });
    let goes_on = behind.strip_prefix(['/', '\\']).is_some_and(|rest| {
        rest.starts_with(|next: char| next.is_alphabetic())
            && !rest.starts_with(|next: char| next.is_ascii_uppercase())
    });
    let extension =
        behind.strip_prefix('.').is_some_and(|rest| rest.starts_with(|next: char| next.is_alphanumeric()));
    led || goes_on || extension
}

/// The pairs that an entry has itself, without the defaults of its document.
fn own_pairs<'p, 's>(statement: &'p Statement<'s>) -> impl Iterator<Item = &'p Pair<'s>> {
    statement.pairs.iter().filter(|pair| statement.span.contains(pair.key.span))
}

fn is_former(pair: &Pair<'_>) -> bool {
    pair.key.text().is_some_and(|key| crate::model::same_folded(key, "formerly"))
}

/// Whether a field stands among others in the flow of one line: `{id: DEP-003, formerly: DEP-001}`.
fn is_in_flow(text: &str, pair: &Pair<'_>) -> bool {
    column(text, pair.key.span.start as usize).is_none()
}

fn end_of(span: Span) -> Span {
    Span { start: span.end, ..span }
}

/// The text of a scalar without its quotes.
fn inside_quotes(text: &str, span: Span) -> Span {
    match text[span.range()].ends_with(['"', '\'']) && span.end - span.start >= 2 {
        true => span.within(1, (span.end - span.start) as usize - 1),
        false => span,
    }
}

/// The lines of a place with the line break behind them, or before them at the end of a text that has none there.
fn lines_of(text: &str, span: Span) -> Span {
    let (start, end) = (line_start(text, span.start as usize), next_line(text, span.end as usize));
    match text[..end].ends_with('\n') {
        true => Span::new(span.file, start, end),
        false => Span::new(span.file, text[..start].trim_end_matches(['\r', '\n']).len(), end),
    }
}

/// A field with its line, or with the comma that joins it to its neighbour in the flow of one line.
fn whole_field(text: &str, pair: &Pair<'_>) -> Span {
    let field = pair.key.span.to(pair.value.span);
    let (start, end) = (field.start as usize, last_end(&pair.value).max(pair.value.span.end as usize));
    if column(text, start)
        .is_some_and(|column| text[line_start(text, start)..start].trim().is_empty() || column == 0)
    {
        return lines_of(text, Span::new(field.file, start, end));
    }
    match text[end..].starts_with(", ") {
        true => Span::new(field.file, start, end + 2),
        false => Span::new(field.file, text[..start].trim_end_matches([',', ' ']).len(), end),
    }
}

fn last_end(node: &Node<'_>) -> usize {
    match &node.value {
        Value::Sequence(items) => items.last().map_or(0, |item| item.span.end as usize),
        _ => 0,
    }
}

/// Places, sorted, so that one can be looked up.
struct Places(Vec<Span>);

impl Places {
    fn new(spans: impl Iterator<Item = Span>) -> Self {
        let mut spans: Vec<Span> = spans.collect();
        spans.sort_unstable();
        Places(spans)
    }

    /// Whether a place lies in one of them. They do not overlap but for records, which hold no ranges of links.
    fn contains(&self, span: Span) -> bool {
        let at = self.0.partition_point(|place| (place.file, place.start) <= (span.file, span.start));
        at > 0 && self.0[at - 1].contains(span)
    }
}
