//! Open defects: BUG entries of the selection.

use super::Part;
use crate::model::dep::Severity;
use crate::model::graded::{Graded, GradedFamily};
use crate::model::order::Strictness;
use crate::model::phrase::counted;
use crate::model::{Entry, Kind};
use crate::verdict::{Judge, ProofKind, Verdict};

/// The most defects that a reason names.
const MOST: usize = 5;

impl Judge<'_> {
    /// Whether every open defect is less severe than this. Where the plan keeps no defects, nobody can tell.
    pub(super) fn defects_part(&self, below: Severity) -> Part {
        let defects: Vec<(&Entry<'_>, &Graded<'_>)> = self.defects().collect();
        if defects.is_empty() {
            return Part::nothing("no BUG entries in the plan", "add the known defects as BUG entries");
        }
        let open = || defects.iter().filter(|(_, defect)| defect.is_open_defect());
        let is_severe = |severity: Severity| severity.rank() >= below.rank();
        let severe: Vec<String> = open()
            .filter(|(_, defect)| defect.severity.is_some_and(|severity| is_severe(severity.value)))
            .map(|(entry, _)| entry.id.value.to_string())
            .collect();
        if !severe.is_empty() {
            let reason = format!(
                "{} of severity {below} or above: {}",
                counted(severe.len(), "open defect"),
                some(&severe)
            );
            return Part {
                kind: ProofKind::Asserted,
                ..Part::new(Verdict::Fail, reason, "fix them, or correct their severity")
            };
        }
        let unrated: Vec<String> = open()
            .filter(|(_, defect)| defect.severity.is_none())
            .map(|(entry, _)| entry.id.value.to_string())
            .collect();
        if !unrated.is_empty() {
            let reason =
                format!("{} without a severity: {}", counted(unrated.len(), "open defect"), some(&unrated));
            return Part::new(Verdict::Unknown, reason, "add `severity`");
        }
        let reason = format!("{}, none of severity {below} or above", counted(open().count(), "open defect"));
        Part { kind: ProofKind::Asserted, ..Part::pass(reason) }
    }

    /// The defects of the selection.
    fn defects(&self) -> impl Iterator<Item = (&Entry<'_>, &Graded<'_>)> {
        self.basis.plan.indexed().filter_map(|(index, entry)| match &entry.kind {
            Kind::Graded(graded) if graded.family == GradedFamily::Defect && self.selection.has(index) => {
                Some((entry, &**graded))
            }
            _ => None,
        })
    }
}

fn some(ids: &[String]) -> String {
    let mut text = ids[..ids.len().min(MOST)].join(", ");
    if ids.len() > MOST {
        text += &format!(" and {} more", ids.len() - MOST);
    }
    text
}
