//! Entries of families that have little of their own: defects (`BUG-`), user journeys (`UJ-`), API contracts (`API-`).

use super::dep::Severity;
use super::entry::choice_of;
use super::family::Family;
use super::field::{Field, Shape};
use super::id::Prefix;
use super::order::{Order, ranked};
use super::reader::{Condition, Reader};
use super::threshold::Target;
use super::value::Text;
use crate::source::Spanned;

/// Which of these families an entry is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GradedFamily {
    /// Defects.
    Defect,
    /// User journeys.
    Journey,
    /// API contracts.
    Api,
}

/// An entry of one of these families.
#[derive(Debug)]
pub struct Graded<'s> {
    /// Which family.
    pub family: GradedFamily,
    /// Its status, in the team's own words.
    pub status: Option<Text<'s>>,
    /// The severity of a defect, or the criticality of a journey.
    pub severity: Option<Spanned<Severity>>,
    /// The release in which a defect was found.
    pub found_in: Option<Text<'s>>,
    /// The release that fixes a defect.
    pub fixed_in: Option<Text<'s>>,
    /// The service level agreement of an API.
    pub sla: Option<Spanned<Condition<'s, Target>>>,
}

/// The words that say that a defect is no longer open.
const CLOSED: [&str; 12] = [
    "closed",
    "fixed",
    "verified",
    "resolved",
    "done",
    "complete",
    "completed",
    "duplicate",
    "rejected",
    "cannot reproduce",
    "invalid",
    "obsolete",
];

impl GradedFamily {
    /// The family of a prefix, if it is one of these.
    pub fn of(prefix: &Prefix) -> Option<Self> {
        Some(match prefix.as_str() {
            "BUG" => GradedFamily::Defect,
            "UJ" => GradedFamily::Journey,
            "API" => GradedFamily::Api,
            _ => return None,
        })
    }

    /// The fields of its entries beyond the header.
    pub const fn fields(self) -> &'static [Field] {
        match self {
            GradedFamily::Defect => Graded::DEFECT,
            GradedFamily::Journey => Graded::JOURNEY,
            GradedFamily::Api => Graded::API,
        }
    }
}

impl<'s> Graded<'s> {
    /// The fields of a defect.
    pub const DEFECT: &'static [Field] = &[
        Field::new("severity", choice_of::<Severity>(), "Severity.").asks(ranked::<Severity>()),
        Field::new("status", Shape::Text, "Status: open, in progress, fixed, closed, …").progress(),
        Field::new("found_in", Shape::Text, "Release in which it was found, as a version or an id.")
            .asks(Order::Nothing),
        Field::new("fixed_in", Shape::Text, "Release that fixes it, as a version or an id.")
            .asks(Order::Nothing),
    ];

    /// The fields of a user journey.
    pub const JOURNEY: &'static [Field] = &[
        Field::new(
            "criticality",
            choice_of::<Severity>(),
            "Criticality; critical journeys need a test and a validation.",
        )
        .asks(ranked::<Severity>()),
        Field::new("status", Shape::Text, "Status, in the team's own words.").progress(),
    ];

    /// The fields of an API contract.
    pub const API: &'static [Field] = &[
        Field::new("sla", Shape::Threshold, "Service level agreement: `p95 < 200ms`, `>= 99.9%`.")
            .asks(Order::Requirement),
        Field::new("status", Shape::Text, "Status, in the team's own words.").progress(),
    ];

    /// Reads an entry of a family. A field that `relplan.toml` declares for the family means what it says there.
    pub(super) fn read(of: GradedFamily, family: Option<&Family>, fields: &mut Reader<'s>) -> Self {
        let own =
            |name: &str| !family.is_some_and(|family| family.fields.iter().any(|field| field.name == name));
        let (severity, texts) = match of {
            GradedFamily::Defect => ("severity", own("found_in") && own("fixed_in")),
            GradedFamily::Journey => ("criticality", false),
            GradedFamily::Api => ("", false),
        };
        Graded {
            family: of,
            status: if own("status") { fields.text("status") } else { None },
            severity: if !severity.is_empty() && own(severity) { fields.choice(severity) } else { None },
            found_in: if texts { fields.figure("found_in") } else { None },
            fixed_in: if texts { fields.figure("fixed_in") } else { None },
            sla: if of == GradedFamily::Api && own("sla") { fields.target("sla") } else { None },
        }
    }

    /// Whether it is a defect that is open. One without a status is.
    pub fn is_open_defect(&self) -> bool {
        let closed = self
            .status
            .as_ref()
            .is_some_and(|status| CLOSED.iter().any(|word| super::same_folded(word, status.value.trim())));
        self.family == GradedFamily::Defect && !closed
    }
}
