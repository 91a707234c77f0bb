//! Records side by side: waivers that are new or hold longer, approvals that were changed after they were given.

use std::borrow::Cow;

use rustc_hash::FxHashMap;

use super::values::Layers;
use super::walk::{ComparedItem, Pair, Walk};
use super::{Area, Change, Context, Half, Loosening};
use crate::model::document::Statement;
use crate::model::field::Field;
use crate::model::value::{boolean, folded, split_note};
use crate::model::{ApprovalRecord, Id, WaiverRecord, id};
use crate::source::Span;

/// What a waiver names that is about a loosening itself: it is judged by the base, and loosens nothing.
pub const OF_LOOSENING: &str = "loosened:";

/// The ids of the base that entries have no longer, with those that they have now.
type Renamed<'r> = &'r [(Id, Id)];

/// Compares waivers and approvals. A record may name an entry by an id of the base or by that of today.
pub(super) fn compare(context: &Context<'_>, renamed: Renamed<'_>, found: &mut Vec<Loosening>) {
    waivers(context, renamed, found);
    approvals(context, renamed, found);
}

/// Records by what tells them apart, in their order.
type ByKey<'h, 'a> = FxHashMap<String, Vec<&'h Statement<'a>>>;

fn by_key<'h, 'a>(
    half: &Half<'a>,
    records: &'h [Statement<'a>],
    key: &[&Field],
    renamed: Renamed<'_>,
) -> ByKey<'h, 'a> {
    let mut all: ByKey<'_, '_> = FxHashMap::default();
    for record in records {
        let mut layers = Layers::one(half.text(record.span.file), record);
        let texts = key.iter().map(|field| {
            let text = layers.list(field);
            text.iter()
                .map(|text| folded(&with_present_ids(text.value.trim(), renamed)).collect::<String>())
                .collect::<Vec<_>>()
                .join(",")
        });
        all.entry(texts.collect::<Vec<_>>().join("\n")).or_default().push(record);
    }
    all
}

/// A text with the present ids of entries that were renamed.
fn with_present_ids<'t>(text: &'t str, renamed: Renamed<'_>) -> Cow<'t, str> {
    if renamed.is_empty() {
        return Cow::Borrowed(text);
    }
    let mut changed = String::new();
    let mut copied = 0;
    for (id, range) in id::find_in(text) {
        if let Some((_, now)) = renamed.iter().find(|(was, _)| *was == id) {
            changed += &text[copied..range.start];
            changed += &now.to_string();
            copied = range.end;
        }
    }
    Cow::Owned(changed + &text[copied..])
}

fn fields<'f>(table: &'f [Field], names: &[&str]) -> Vec<&'f Field> {
    table.iter().filter(|field| names.contains(&field.name)).collect()
}

/// The fields of a table that do not tell records apart: the others are the same.
fn without(table: &[Field], key: &[&Field]) -> Vec<Field> {
    table.iter().filter(|field| key.iter().all(|own| own.name != field.name)).copied().collect()
}

fn text(half: &Half<'_>, record: &Statement<'_>, table: &[Field], name: &str) -> Option<String> {
    let field = table.iter().find(|field| field.name == name)?;
    let mut layers = Layers::one(half.text(record.span.file), record);
    layers.text(field).map(|text| text.value.trim().to_owned())
}

/// Waivers, told apart by what they waive for which release.
fn waivers(context: &Context<'_>, renamed: Renamed<'_>, found: &mut Vec<Loosening>) {
    let (before, after) = (&context.before, &context.after);
    let key = fields(WaiverRecord::FIELDS, &["check", "release"]);
    let mut known = by_key(before, &before.waivers, &key, renamed);
    for record in &after.waivers {
        let check = text(after, record, WaiverRecord::FIELDS, "check").unwrap_or_default();
        if check.starts_with(OF_LOOSENING) {
            continue;
        }
        let thing =
            ComparedItem::new(Area::Waiver, format!("waivers.{check}"), format!("the waiver of `{check}`"));
        let own =
            by_key(after, std::slice::from_ref(record), &key, renamed).into_keys().next().unwrap_or_default();
        let same = known.get_mut(&own).filter(|records| !records.is_empty()).map(|records| records.remove(0));
        let Some(old) = same else {
            let until = text(after, record, WaiverRecord::FIELDS, "until").unwrap_or_default();
            let base = waived_in_base(context, &check);
            found.push(thing.loosened(Change::Added(until), Some(record.span), base));
            continue;
        };
        changed(context, &thing, &without(WaiverRecord::FIELDS, &key), (old, record), found);
    }
}

/// Where the base states what a new waiver waives: the entry, or the configuration of its gates.
fn waived_in_base(context: &Context<'_>, check: &str) -> Option<Span> {
    let side = &context.before.side;
    let name = check.split('(').next().unwrap_or_default().trim();
    let entry = id::parse(name).ok().and_then(|id| side.plan.find(id));
    let entry = entry.map(|index| side.plan.entry(index).id.span);
    entry.or_else(|| side.settings.map(|file| Span::new(file, 0, 0)))
}

/// Approvals, told apart by who gave them, when, in which role and for what. A new one is progress.
fn approvals(context: &Context<'_>, renamed: Renamed<'_>, found: &mut Vec<Loosening>) {
    let (before, after) = (&context.before, &context.after);
    let key = fields(ApprovalRecord::FIELDS, &["role", "by", "on", "release", "gate", "of"]);
    let mut left = by_key(after, &after.approvals, &key, renamed);
    for record in &before.approvals {
        let read = |name: &str| text(before, record, ApprovalRecord::FIELDS, name).unwrap_or_default();
        let role = read("role");
        let thing = ComparedItem::new(
            Area::Configuration,
            format!("approvals.{role}"),
            format!("the approval of {} as {role}", read("by")),
        );
        let own = by_key(before, std::slice::from_ref(record), &key, renamed)
            .into_keys()
            .next()
            .unwrap_or_default();
        let same = left.get_mut(&own).filter(|records| !records.is_empty()).map(|records| records.remove(0));
        match same {
            Some(new) => {
                changed(context, &thing, &without(ApprovalRecord::FIELDS, &key), (record, new), found)
            }
            // A withdrawal that is gone gives the approval back.
            None if split_note(&read("withdrawn"), boolean).is_some_and(|(yes, _)| yes) => {
                let thing = ComparedItem { owner: format!("the withdrawal by {}", read("by")), ..thing };
                let beside = after.approvals.first().map(|record| record.span);
                found.push(thing.loosened(Change::Removed(read("on")), beside, Some(record.span)));
            }
            None => {}
        }
    }
}

fn changed<'a>(
    context: &Context<'a>,
    thing: &ComparedItem,
    table: &[Field],
    (old, new): (&Statement<'a>, &Statement<'a>),
    found: &mut Vec<Loosening>,
) {
    let mut walk = Walk::of(context);
    let mut was = Layers::one(context.before.text(old.span.file), old);
    let mut is = Layers::one(context.after.text(new.span.file), new);
    walk.fields(thing, table, &mut Pair { before: &mut was, after: &mut is });
    found.append(&mut walk.found);
}
