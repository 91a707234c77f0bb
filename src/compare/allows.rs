//! Inline allows side by side: `# relplan: allow(rule) reason`.
//!
//! An allow belongs to the entry that it covers, so that it may move with it; it is the same wherever it stands there.

use rustc_hash::FxHashMap;

use super::{Area, Change, Context, Loosening, Side};
use crate::model::Id;
use crate::source::Span;

/// An allow: what it is about, and the rule.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Allow {
    entry: Option<Id>,
    rule: String,
    /// Whether it covers the whole of the entry, and not one line of it.
    whole: bool,
}

/// Notes every allow that is new.
pub(super) fn compare(context: &Context<'_>, found: &mut Vec<Loosening>) {
    let mut known: FxHashMap<Allow, usize> = FxHashMap::default();
    for (allow, _) in allows(context.before.side) {
        *known.entry(allow).or_default() += 1;
    }
    let mut take = |allow: &Allow| match known.get_mut(allow).filter(|left| **left > 0) {
        Some(left) => {
            *left -= 1;
            true
        }
        None => false,
    };
    let mut new = allows(context.after.side);
    new.retain(|(allow, _)| !take(allow));
    // One that covered the whole entry may cover less of it.
    new.retain(|(allow, _)| allow.whole || !take(&Allow { whole: true, ..allow.clone() }));
    found.extend(new.into_iter().map(|(allow, place)| added(context, allow, place)));
}

fn added(context: &Context<'_>, Allow { entry, rule, .. }: Allow, place: Span) -> Loosening {
    let was = entry.and_then(|id| {
        let plan = context.before.side.plan;
        plan.find(id).map(|index| plan.entry(index).id.span)
    });
    let (subject, thing) = match entry {
        Some(id) => (format!("{id}.allow.{rule}"), format!("`allow({rule})` of `{id}`")),
        None => (format!("allow.{rule}"), format!("`allow({rule})`")),
    };
    Loosening {
        area: Area::Waiver,
        subject,
        thing,
        change: Change::Added(String::new()),
        place: Some(place),
        base: was,
    }
}

/// Every rule that a comment allows, with the entry that it covers.
fn allows(side: Side<'_>) -> Vec<(Allow, Span)> {
    let directives = &side.plan.directives;
    if directives.is_empty() {
        return Vec::new();
    }
    let mut entries: Vec<(Span, Id)> =
        side.plan.entries().iter().map(|entry| (entry.span, entry.id.value)).collect();
    entries.sort_unstable();
    let mut found = Vec::new();
    for directive in directives {
        let (entry, whole) = covered(side, &entries, directive.span);
        for rule in rules(directive.value) {
            found.push((Allow { entry, rule, whole }, directive.span));
        }
    }
    found
}

/// The entry that a comment stands in or behind, or that begins below it; and whether it covers the whole of it.
fn covered(side: Side<'_>, entries: &[(Span, Id)], comment: Span) -> (Option<Id>, bool) {
    let file = side.sources.file(comment.file);
    let start = file.line_start(file.line_index(comment.start as usize));
    let alone = file.text()[start..comment.start as usize].trim().is_empty();
    let at = entries.partition_point(|(span, _)| (span.file, span.start) <= (comment.file, comment.start));
    let of_file = |entry: &&(Span, Id)| entry.0.file == comment.file;
    let before = at.checked_sub(1).and_then(|at| entries.get(at)).filter(of_file);
    match before.filter(|(span, _)| !alone || comment.start < span.end) {
        Some((_, id)) => (Some(*id), false),
        None => (entries.get(at).filter(of_file).map(|(_, id)| *id), true),
    }
}

/// The rules that a comment names.
fn rules(text: &str) -> Vec<String> {
    let Some((_, rest)) = text.split_once("allow(") else { return Vec::new() };
    let Some((names, _)) = rest.split_once(')') else { return Vec::new() };
    names.split(',').map(|name| name.trim().to_lowercase()).filter(|name| !name.is_empty()).collect()
}
