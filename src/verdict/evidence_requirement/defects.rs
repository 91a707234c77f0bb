//! Open defects: the BUG entries of the plan. A defect of another release is in this one, too, until it is fixed in it or
//! in a release that has shipped.

use super::Part;
use crate::model::dep::Severity;
use crate::model::graded::{Graded, GradedFamily};
use crate::model::order::Strictness;
use crate::model::phrase::counted;
use crate::model::{Entry, Kind};
use crate::verdict::{Judge, ProofKind, Verdict};

/// The most defects that a reason names.
const MOST: usize = 5;

/// Where a defect is fixed, seen from the release that is judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum FixedIn {
    /// In this release, or in one that has shipped.
    This,
    /// In another release that has not shipped.
    ToCome,
    /// In a release that the plan does not have.
    Unknown,
}

impl Judge<'_> {
    /// Whether every open defect is less severe than this. Where the plan keeps no defects, nobody can tell.
    pub(super) fn defects_part(&self, below: Severity) -> Part {
        let defects: Vec<(&Entry<'_>, &Graded<'_>)> = self.defects().collect();
        if defects.is_empty() {
            return Part::nothing("no BUG entries in the plan", "add the known defects as BUG entries");
        }
        let open = || defects.iter().filter(|(_, defect)| self.is_open(defect));
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
        let nowhere: Vec<String> = defects
            .iter()
            .filter(|(_, defect)| !defect.is_open_defect() && self.fixed_in(defect) == Some(FixedIn::Unknown))
            .map(|(entry, _)| entry.id.value.to_string())
            .collect();
        if !nowhere.is_empty() {
            let reason = format!(
                "{} fixed in a release that is not in the plan: {}",
                counted(nowhere.len(), "defect"),
                some(&nowhere)
            );
            return Part::new(Verdict::Unknown, reason, "correct `fixed_in`, or add the release");
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

    /// Whether a defect is in this release: it is open, or fixed only in a release to come.
    fn is_open(&self, defect: &Graded<'_>) -> bool {
        defect.is_open_defect() || self.fixed_in(defect) == Some(FixedIn::ToCome)
    }

    /// Where a defect is fixed, as far as it is stated.
    fn fixed_in(&self, defect: &Graded<'_>) -> Option<FixedIn> {
        let name = defect.fixed_in.as_ref()?;
        let plan = self.basis.plan;
        let Some(index) = plan.release(name.value.trim()) else { return Some(FixedIn::Unknown) };
        let has_shipped = match &plan.entry(index).kind {
            Kind::Rel(rel) => rel.is_over() && !rel.is_cancelled(),
            _ => false,
        };
        Some(if has_shipped || self.release == Some(index) { FixedIn::This } else { FixedIn::ToCome })
    }

    /// The defects of the plan.
    fn defects(&self) -> impl Iterator<Item = (&Entry<'_>, &Graded<'_>)> {
        self.basis.plan.entries().iter().filter_map(|entry| match &entry.kind {
            Kind::Graded(graded) if graded.family == GradedFamily::Defect => Some((entry, &**graded)),
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
