//! Milestones of a release: a text that says when, or a record that says more.

use std::borrow::Cow;

use chrono::NaiveDate;
use rustc_hash::FxHashMap;

use super::defect::DefectKind;
use super::field::{Field, Shape};
use super::reader::{Part, Reader, nearest_name};
use super::rel::{MILESTONES, gate};
use super::value::{Text, folded, same_folded};
use super::version::{Numbering, Version};
use crate::source::{Span, Spanned};

/// A milestone, where it is not at its usual offset or something else is said of it.
#[derive(Debug)]
pub struct Milestone<'s> {
    /// Which milestone.
    pub name: Text<'s>,
    /// A day, or an offset such as `3 weeks before`; nothing if only other things are said of it.
    pub when: Option<Text<'s>>,
    /// What else is said of it.
    pub record: Option<Box<MilestoneRecord<'s>>>,
    /// The version that is released at it, if it is a pre-release.
    pub version: Option<Spanned<Version>>,
}

/// What a release says of a milestone beside its day.
#[derive(Debug)]
pub struct MilestoneRecord<'s> {
    /// Where it is written.
    pub span: Span,
    /// What people call it.
    pub title: Option<Text<'s>>,
    /// Who sees to it.
    pub owner: Option<Text<'s>>,
    /// The time zone in which its day ends, if not that of the plan.
    pub time_zone: Option<Text<'s>>,
    /// The time of day at which its day is over, if not that of the plan.
    pub deadline_time: Option<Text<'s>>,
    /// The weekday that was published for it.
    pub weekday: Option<Text<'s>>,
    /// The week that was published for it: of the cycle, before the release, or of the year.
    pub week: Option<Text<'s>>,
    /// The day on which it was reached.
    pub actual: Option<Spanned<NaiveDate>>,
    /// The gate that must be passed at it.
    pub gate: Option<Text<'s>>,
    /// The roles whose approval is due at it.
    pub approvals: Vec<Text<'s>>,
    /// The branch that is created at it.
    pub branch: Option<Text<'s>>,
    /// The tag that is set at it.
    pub tag: Option<Text<'s>>,
    /// What else is said.
    pub note: Option<Text<'s>>,
}

impl<'s> Milestone<'s> {
    /// The fields of a milestone that is a mapping.
    pub const FIELDS: &'static [Field] = &[
        Field::new("name", Shape::Text, "Name, where the milestones are a list."),
        Field::new("title", Shape::Text, "Title; the name by default."),
        Field::new(
            "date",
            Shape::Text,
            "Day, days, week, offset from the release or another milestone, or `none`.",
        )
        .or(&["when", "planned"]),
        Field::new("owner", Shape::Text, "Owner: a role, a team or a person."),
        Field::new(
            "time_zone",
            Shape::Text,
            "Time zone in which its day ends; that of `[calendar]` by default.",
        ),
        Field::new(
            "deadline_time",
            Shape::Text,
            "Time at which its day is over; that of `[calendar]` by default.",
        ),
        Field::new("weekday", Shape::Text, "Published weekday, a check of the date."),
        Field::new(
            "week",
            Shape::Text,
            "Published week, a check of the date: `4` of the cycle, `R-5`, or `2027-W08`.",
        ),
        Field::new("actual", Shape::Date, "Day on which it was reached.").progress(),
        Field::new("gate", Shape::Text, "Gate that must be passed at it."),
        Field::new("approvals", Shape::List, "Roles whose approval is due at it."),
        Field::new("branch", Shape::Text, "Branch that is created at it."),
        Field::new("tag", Shape::Text, "Tag that is set at it."),
        Field::new(
            "version",
            Shape::Version,
            "Version that is released at it, a pre-release; by default the name, if it is one: `3.0.0-rc.1`.",
        ),
        Field::new("note", Shape::Text, "Note.").progress(),
    ];

    /// What people call it: its title, or its name.
    pub fn title(&self) -> Option<&str> {
        Some(&*self.record.as_ref()?.title.as_ref()?.value)
    }

    /// Whether the approval of a role, or of a gate, is due at it.
    pub fn asks_for(&self, role: Option<&str>, gate: Option<&str>) -> bool {
        let Some(record) = &self.record else { return false };
        let by_role =
            role.is_some_and(|role| record.approvals.iter().any(|due| same_folded(&due.value, role)));
        let same_gate = |due: &Text<'_>| gate.is_some_and(|gate| same_folded(&due.value, gate));
        by_role || record.gate.as_ref().is_some_and(same_gate)
    }
}

/// The seven milestones and those that the writer adds. What is spelt almost like one of the seven was meant to be it,
/// unless it has a number of its own, as `alpha 2` has.
pub(super) fn read<'s>(fields: &mut Reader<'s>, numbering: &Numbering) -> Vec<Milestone<'s>> {
    let mut written = Vec::new();
    for (name, part) in fields.named_parts("milestones") {
        let (span, mut name) = (name.as_ref().map(|name| name.span), name);
        let (when, record, version) = match part {
            Part::Text(text) if name.is_none() => {
                // A text in a list can only be a name.
                name = Some(text);
                (None, None, None)
            }
            Part::Text(when) => (Some(when), None, None),
            Part::Structure(mut inner, place) => {
                inner.accept_aliases(Milestone::FIELDS);
                let stated = inner.text("name");
                name = name.or(stated);
                let when = inner.text("date");
                let version = inner.version("version", numbering);
                let record = MilestoneRecord::read(&mut inner, place);
                fields.absorb(inner, &[Milestone::FIELDS]);
                if name.is_none() {
                    fields.defect(span.unwrap_or(place), DefectKind::MilestoneWithoutName);
                }
                (when, Some(Box::new(record)), version)
            }
        };
        if name.is_none()
            && let Some(when) = &when
            && record.is_none()
        {
            fields.defect(when.span, DefectKind::MilestoneWithoutName);
        }
        if let Some(name) = name {
            let version = version.or_else(|| version_in(&name));
            written.push(Milestone { name, when, record, version });
        }
    }
    sift(fields, written)
}

/// Those that are milestones: what is misspelt, empty or the writer's own is not.
fn sift<'s>(fields: &mut Reader<'s>, written: Vec<Milestone<'s>>) -> Vec<Milestone<'s>> {
    let there: Vec<&str> = written.iter().filter_map(|milestone| gate(&milestone.name.value)).collect();
    let mut first_places: FxHashMap<String, Span> = FxHashMap::default();
    let mut milestones: Vec<Milestone<'s>> = Vec::new();
    for milestone in written {
        let name = &milestone.name;
        let own = gate(&name.value).is_some() || name.value.contains(|c: char| c.is_ascii_digit());
        let missing = MILESTONES.iter().copied().filter(|gate| !there.contains(gate));
        let suggestion = nearest_name(&name.value, missing).filter(|_| !own).map(Cow::Borrowed);
        let is_empty = milestone.when.as_ref().is_some_and(|when| when.value.trim().is_empty());
        let canonical = folded(gate(&name.value).unwrap_or(&name.value)).collect();
        if suggestion.is_some() {
            fields.defect(name.span, DefectKind::UnknownKey { suggestion });
        } else if is_empty {
            fields.defect(name.span, DefectKind::EmptyField);
        } else if let Some(first) = first_places.get(&canonical).copied() {
            fields.defect(name.span, DefectKind::SameKey { first });
        } else if !name.value.to_ascii_lowercase().starts_with("x-") {
            first_places.insert(canonical, name.span);
            milestones.push(milestone);
        }
    }
    milestones
}

/// The pre-release that a name is: `v1.35.0-alpha.1`, `3.14.0rc1`.
fn version_in(name: &Text<'_>) -> Option<Spanned<Version>> {
    let version = Version::parse(&name.value).filter(Version::is_pre_release)?;
    Some(Spanned::new(version, name.span))
}

impl<'s> MilestoneRecord<'s> {
    fn read(fields: &mut Reader<'s>, span: Span) -> Self {
        MilestoneRecord {
            span,
            title: fields.text("title"),
            owner: fields.text("owner"),
            time_zone: fields.text("time_zone"),
            deadline_time: fields.text("deadline_time"),
            weekday: fields.text("weekday"),
            week: fields.text("week"),
            actual: fields.date("actual"),
            gate: fields.text("gate"),
            approvals: fields.list("approvals"),
            branch: fields.text("branch"),
            tag: fields.text("tag"),
            note: fields.text("note"),
        }
    }
}
