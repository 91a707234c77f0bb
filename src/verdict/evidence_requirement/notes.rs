//! The release notes are written.

use super::Part;
use crate::model::Choice;
use crate::model::release_notes::Audience;
use crate::source::Spanned;
use crate::verdict::release_notes::ReleaseNotes;
use crate::verdict::{Judge, ProofKind, Verdict};

/// How many gaps are named.
const FEW: usize = 3;

impl Judge<'_> {
    /// Whether the notes of the release tell these audiences all that they must.
    pub(super) fn notes_part(&self, audiences: &[Spanned<Audience>]) -> Part {
        let plan = self.basis.plan;
        let notes = ReleaseNotes::new(plan, self.basis.graph, self.selection);
        let mut gaps = Vec::new();
        for gap in audiences.iter().flat_map(|audience| notes.gaps(Some(audience.value))) {
            if !gaps.contains(&gap) {
                gaps.push(gap);
            }
        }
        let kind = ProofKind::CheckedByRelplan;
        if gaps.is_empty() {
            let words: Vec<&str> = audiences.iter().map(|audience| audience.value.word()).collect();
            let reason = format!("the release notes are complete for {}", words.join(", "));
            return Part { kind, ..Part::pass(reason) };
        }
        let mut words: Vec<String> = gaps.iter().take(FEW).map(|gap| gap.in_words(plan)).collect();
        if gaps.len() > FEW {
            words.push(format!("{} more", gaps.len() - FEW));
        }
        let next = "fix the gaps that `relplan notes` lists";
        Part { kind, ..Part::new(Verdict::Fail, words.join(", "), next) }
    }
}
