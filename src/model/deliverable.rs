//! Deliverables of a coordinated release: each with a version, a team and gates of its own.

use std::ops::Range;

use super::entry::{Entry, LinkKind, Target, choice_of};
use super::field::{Field, Shape};
use super::id::Id;
use super::order::{Order, Strictness, ranked};
use super::plan::{EntryIndex, Plan};
use super::reader::Reader;
use super::value::{Text, choice};
use super::version::{Numbering, Scheme, Version};
use crate::source::{Span, Spanned};

choice! {
    /// How far a deliverable is.
    DeliverableStatus {
        /// Not begun.
        Planned = "planned",
        /// Being built.
        InProgress = "in progress" | "active",
        /// Done, and not out yet.
        Ready = "ready" | "done",
        /// Out.
        Released = "released",
        /// No part of the release any more.
        Dropped = "dropped" | "cancelled" | "canceled" | "excluded",
    }
}

impl Strictness for DeliverableStatus {
    /// A deliverable that was dropped is not asked for any more; how far another one is asks for nothing.
    fn rank(self) -> u8 {
        u8::from(self != DeliverableStatus::Dropped)
    }
}

/// One deliverable of a release.
#[derive(Debug)]
pub struct Deliverable<'s> {
    /// Where it is written.
    pub span: Span,
    /// What it is called.
    pub name: Option<Text<'s>>,
    /// The version that the release has of it.
    pub version: Option<Spanned<Version>>,
    /// Whether something is written for its version, be it no version.
    pub has_version: bool,
    /// The team that makes it.
    pub team: Option<Text<'s>>,
    /// How far it is.
    pub status: Option<Spanned<DeliverableStatus>>,
    /// When it is due.
    pub due: Option<Text<'s>>,
    /// Its stable branch.
    pub branch: Option<Text<'s>>,
    /// What must pass before it is ready: its gates, as positions among the entry's links.
    pub gates: Range<usize>,
    /// Whether part of its gates cannot be read.
    pub has_unread_gates: bool,
}

impl<'s> Deliverable<'s> {
    /// The fields of a deliverable.
    pub const FIELDS: &'static [Field] = &[
        Field::new("name", Shape::Text, "Name of the deliverable.").asks(Order::Nothing),
        Field::new("version", Shape::Version, "Version of the deliverable in this release.")
            .asks(Order::Nothing),
        Field::new(
            "version_scheme",
            choice_of::<Scheme>(),
            "Scheme of its version; the one that its form shows by default.",
        )
        .asks(Order::Nothing),
        Field::new("version_pattern", Shape::Text, "Pattern of a calendar version.").asks(Order::Nothing),
        Field::new("team", Shape::Text, "Team that delivers it.").or(&["owner"]).asks(Order::Presence),
        Field::new("status", choice_of::<DeliverableStatus>(), "State.")
            .progress()
            .asks(ranked::<DeliverableStatus>()),
        Field::new(
            "due",
            Shape::Text,
            "Due: a date, an offset, or a milestone; the release date by default.",
        )
        .asks(Order::Nothing),
        Field::new("branch", Shape::Text, "Stable branch of the deliverable.").asks(Order::Nothing),
        Field::new(
            "gates",
            Shape::Links,
            "Entries that must pass before it is ready: criteria, tests, epics.",
        )
        .asks(Order::Links),
    ];

    /// What it is called; a deliverable without a name has that as its name.
    pub fn title(&self) -> &str {
        self.name.as_ref().map_or("unnamed", |name| name.value.trim())
    }

    /// Whether it still belongs to the release.
    pub fn is_part(&self) -> bool {
        self.status.is_none_or(|status| status.value != DeliverableStatus::Dropped)
    }

    /// The entries that must pass before it is ready.
    pub fn gates_of(&self, entry: &Entry<'_>, plan: &Plan<'_>) -> Vec<EntryIndex> {
        let links = entry.links.get(self.gates.clone()).unwrap_or(&[]);
        let mut all = Vec::new();
        for link in links {
            match &link.target {
                Target::One(id) => all.extend(plan.find(*id)),
                Target::Range(ends) => all.extend(plan.between(ends.0.value, ends.1.value).iter().copied()),
            }
        }
        all
    }

    /// The ids among its gates that no entry of the plan has. A range that reaches no entry is named by its first id.
    pub fn gates_not_in(&self, entry: &Entry<'_>, plan: &Plan<'_>) -> Vec<Id> {
        let links = entry.links.get(self.gates.clone()).unwrap_or(&[]);
        let missing = |target: &Target| match target {
            Target::One(id) => plan.find(*id).is_none().then_some(*id),
            Target::Range(ends) => {
                plan.between(ends.0.value, ends.1.value).is_empty().then_some(ends.0.value)
            }
        };
        links.iter().filter_map(|link| missing(&link.target)).collect()
    }
}

/// Reads `deliverables`. They are numbered apart from the release: its scheme is not theirs.
pub(super) fn read<'s>(fields: &mut Reader<'s>) -> Vec<Deliverable<'s>> {
    let mut all = Vec::new();
    for (mut inner, span) in fields.structures("deliverables") {
        inner.accept_aliases(Deliverable::FIELDS);
        inner.numbered_by(Numbering::default());
        let numbering = inner.numbering();
        let before = fields.link_count();
        let noted = inner.defect_count();
        let gates = inner.links_apart("gates", LinkKind::LinkedIds);
        let has_unread_gates = inner.defect_count() > noted;
        let gates = before + gates.start..before + gates.end;
        let has_version = inner.has("version");
        all.push(Deliverable {
            span,
            name: inner.text("name"),
            version: inner.version("version", &numbering),
            has_version,
            team: inner.text("team"),
            status: inner.choice("status"),
            due: inner.text("due"),
            branch: inner.text("branch"),
            gates,
            has_unread_gates,
        });
        fields.absorb(inner, &[Deliverable::FIELDS]);
    }
    all
}
