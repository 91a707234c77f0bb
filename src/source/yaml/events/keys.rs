//! The keys of a mapping: those that stand twice, and those that `<<` brings in.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::source::{Node, Pair, Span, Value};

/// Applies YAML's merge key: `<<: *base` brings in what is not there already. What is no mapping, nor a list of
/// them, is dropped, and its place returned.
pub(super) fn merge(pairs: &mut Vec<Pair<'_>>) -> Option<Span> {
    let at = pairs.iter().position(|pair| pair.key.text() == Some("<<"))?;
    let bases = match &pairs[at].value.value {
        Value::Mapping(_) => vec![pairs.remove(at).value],
        Value::Sequence(items) if items.iter().all(|item| matches!(item.value, Value::Mapping(_))) => {
            match pairs.remove(at).value.value {
                Value::Sequence(items) => items,
                _ => Vec::new(),
            }
        }
        _ => return Some(pairs.remove(at).value.span),
    };
    let mut present: FxHashSet<String> =
        pairs.iter().filter_map(|pair| pair.key.text().map(str::to_owned)).collect();
    for base in bases {
        let Value::Mapping(inherited) = base.value else { continue };
        for pair in inherited {
            if pair.key.text().is_none_or(|key| present.insert(key.to_owned())) {
                pairs.push(pair);
            }
        }
    }
    // A second merge key is a duplicate, of which the first is read.
    pairs.retain(|pair| pair.key.text() != Some("<<"));
    None
}

/// Whether any key stands twice. Most mappings are short, and comparing all of
/// their keys is cheaper than hashing them.
pub(super) fn has_duplicates(pairs: &[Pair<'_>]) -> bool {
    if pairs.len() <= 24 {
        let same = |index: usize, pair: &Pair<'_>| {
            pairs[..index].iter().any(|earlier| same_key(&earlier.key, &pair.key))
        };
        return pairs.iter().enumerate().any(|(index, pair)| same(index, pair));
    }
    let mut seen = FxHashSet::default();
    pairs.iter().filter_map(|pair| pair.key.text()).any(|key| !key.is_empty() && !seen.insert(key))
}

pub(super) fn collect_duplicates(pairs: &[Pair<'_>], found: &mut Vec<(Span, Span)>) {
    collect_duplicates_of(pairs.iter(), found);
}

pub(super) fn collect_duplicates_of<'p, 's: 'p>(
    pairs: impl Iterator<Item = &'p Pair<'s>>,
    found: &mut Vec<(Span, Span)>,
) {
    let mut seen: FxHashMap<&str, Span> = FxHashMap::default();
    for pair in pairs {
        let Some(text) = pair.key.text().filter(|text| !text.is_empty()) else { continue };
        match seen.get(text) {
            Some(first) => found.push((*first, pair.key.span)),
            None => {
                seen.insert(text, pair.key.span);
            }
        }
    }
}

fn same_key(first: &Node<'_>, second: &Node<'_>) -> bool {
    match (first.text(), second.text()) {
        (Some(first), Some(second)) => first == second && !first.is_empty(),
        _ => false,
    }
}
