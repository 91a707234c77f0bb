//! How a change is proven to be harmless: the file is taken apart before and after it, and every piece that differs
//! needs a reason of the table.

use std::collections::BTreeSet;

use similar::{Algorithm, DiffOp, capture_diff_slices};

use super::reasons::{self, How, Reason};
use super::tokens::{Grammar, Kind, Token, Tokens, tokens};

/// A format: what its labels are called in the table of reasons, and how it is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Form {
    pub name: &'static str,
    pub grammar: Grammar,
}

/// A piece that differs, with all that stands before and after the change.
pub struct Seen<'t> {
    pub label: &'t str,
    pub old: Option<&'t str>,
    pub new: Option<&'t str>,
    pub base: &'t Tokens,
    pub mutant: &'t Tokens,
    /// Whether the decision is CONDITIONAL GO.
    pub is_conditional: bool,
}

impl Seen<'_> {
    fn how(&self) -> How {
        match (self.old, self.new) {
            (Some(_), Some(_)) => How::Changed,
            (Some(_), None) => How::Removed,
            (None, _) => How::Added,
        }
    }

    fn in_words(&self, form: Form) -> String {
        let (old, new) = (self.old.unwrap_or("-"), self.new.unwrap_or("-"));
        format!("{} {} {:?}: {old:?} -> {new:?}", form.name, self.label, self.how())
    }
}

/// The reasons why a changed file says nothing that is less green, by their places in the table.
///
/// # Errors
///
/// The piece for which there is none.
pub fn prove(
    form: Form,
    base: &Tokens,
    bytes: &[u8],
    is_conditional: bool,
) -> Result<BTreeSet<usize>, String> {
    let mutant = tokens(form.grammar, bytes)
        .map_err(|why| format!("{}: against the grammar, and read all the same: {why}", form.name))?;
    let mut found = BTreeSet::new();
    if let Some(whole) =
        reasons::whole(form, |reason| (reason.holds)(&seen_whole(base, &mutant, is_conditional)))
    {
        return Ok(BTreeSet::from([whole]));
    }
    for (label, old, new) in differences(&base.list, &mutant.list) {
        let seen = Seen { label, old, new, base, mutant: &mutant, is_conditional };
        let reason = reasons::find(form, label, seen.how(), |reason: &Reason| (reason.holds)(&seen));
        found.insert(reason.ok_or_else(|| seen.in_words(form))?);
    }
    Ok(found)
}

fn seen_whole<'t>(base: &'t Tokens, mutant: &'t Tokens, is_conditional: bool) -> Seen<'t> {
    Seen { label: "", old: None, new: None, base, mutant, is_conditional }
}

type Difference<'t> = (&'t str, Option<&'t str>, Option<&'t str>);

/// The pieces that differ; those of one label in one place are changes.
fn differences<'t>(base: &'t [Token], mutant: &'t [Token]) -> Vec<Difference<'t>> {
    let keys =
        |tokens: &'t [Token]| tokens.iter().map(|token| (&*token.label, &*token.value)).collect::<Vec<_>>();
    let mut found = Vec::new();
    for op in capture_diff_slices(Algorithm::Myers, &keys(base), &keys(mutant)) {
        if matches!(op, DiffOp::Equal { .. }) {
            continue;
        }
        let (old, new) = (&base[op.old_range()], &mutant[op.new_range()]);
        let labels = |tokens: &'t [Token]| tokens.iter().map(|token| &*token.label).collect::<Vec<_>>();
        for op in capture_diff_slices(Algorithm::Myers, &labels(old), &labels(new)) {
            let (old, new) = (&old[op.old_range()], &new[op.new_range()]);
            if matches!(op, DiffOp::Equal { .. }) {
                let pairs = old.iter().zip(new).filter(|(old, new)| old != new);
                found.extend(pairs.map(|(old, new)| (&*old.label, Some(&*old.value), Some(&*new.value))));
            } else {
                found.extend(old.iter().map(|token| (&*token.label, Some(&*token.value), None)));
                found.extend(new.iter().map(|token| (&*token.label, None, Some(&*token.value))));
            }
        }
    }
    found
}

/// Whether the same pieces and the same smallest parts stand in both, however often and in which order.
pub fn same_parts(seen: &Seen<'_>) -> bool {
    parts(seen.base) == parts(seen.mutant)
}

/// Every piece but white space, and every smallest part by its label and what stands in it.
fn parts(tokens: &Tokens) -> BTreeSet<(&str, &str)> {
    let is_part = |kind: Kind| matches!(kind, Kind::Element | Kind::Member | Kind::Item | Kind::Line);
    let units = tokens.units.iter().filter(|unit| unit.is_leaf && is_part(unit.kind));
    let pieces = tokens.list.iter().filter(|token| token.label != "space");
    let pieces = pieces.map(|token| (&*token.label, &*token.value));
    units.map(|unit| (&*unit.label, &*unit.words)).chain(pieces).collect()
}
