//! Waivers: somebody's word that a check may stay unmet, for a reason and for a time.

use chrono::NaiveDate;

use super::defect::Defect;
use super::field::{Field, Shape};
use super::id::{self, Id};
use super::order::Order;
use super::reader::Reader;
use super::value::Text;
use crate::source::{Span, Spanned};

/// A waiver, as a record of its own or as the `waiver` of a criterion.
#[derive(Debug)]
pub struct WaiverRecord<'s> {
    /// The whole of it.
    pub span: Span,
    /// What is waived: the id of an entry, or the name of a check of a gate. The waiver of a criterion needs none.
    pub check: Option<Text<'s>>,
    /// The release that it is about, a version or an id; every release if absent.
    pub release: Option<Text<'s>>,
    /// Who grants it.
    pub by: Option<Text<'s>>,
    /// In which role.
    pub role: Option<Text<'s>>,
    /// Why.
    pub reason: Option<Text<'s>>,
    /// When.
    pub on: Option<Spanned<NaiveDate>>,
    /// The last day on which it holds.
    pub until: Option<Spanned<NaiveDate>>,
}

const BY: Field = Field::new("by", Shape::Text, "Person who grants the waiver.").asks(Order::Exact);
const ROLE: Field = Field::new("role", Shape::Text, "Role of that person.").asks(Order::Exact);
const REASON: Field = Field::new("reason", Shape::Text, "Why.").asks(Order::Nothing);
const ON: Field = Field::new("on", Shape::Date, "Date of the waiver.").asks(Order::Nothing);
const UNTIL: Field = Field::new("until", Shape::Date, "Last day of validity.").asks(Order::AtMost);

impl<'s> WaiverRecord<'s> {
    /// The fields of a record under `waivers:`.
    pub const FIELDS: &'static [Field] = &[
        Field::new(
            "check",
            Shape::Text,
            "Waived check: the id of an entry, the name of a gate check, or `freeze: NAME`.",
        )
        .asks(Order::Nothing),
        Field::new("release", Shape::Text, "Release, as a version or an id; every release by default.")
            .asks(Order::PermitsOrAll),
        BY,
        ROLE,
        REASON,
        ON,
        UNTIL,
    ];

    /// The fields of the `waiver` of an entry, which says by its place what is waived.
    pub const OF_ENTRY: &'static [Field] = &[BY, ROLE, REASON, ON, UNTIL];

    /// Reads a record under `waivers:`, and says what is wrong with it.
    pub(super) fn read(mut fields: Reader<'s>, span: Span) -> (Self, Vec<Defect>) {
        let record = WaiverRecord {
            check: fields.text("check"),
            release: fields.figure("release"),
            ..Self::read_common(&mut fields, span)
        };
        (record, fields.finish(&[Self::FIELDS], &[], |_| None).defects)
    }

    /// Reads the field `waiver` of an entry.
    pub(super) fn read_of_entry(fields: &mut Reader<'s>) -> Option<Self> {
        let (mut inner, span) = fields.structure("waiver")?;
        let waiver = Self::read_common(&mut inner, span);
        fields.absorb(inner, &[Self::OF_ENTRY]);
        Some(waiver)
    }

    fn read_common(fields: &mut Reader<'s>, span: Span) -> Self {
        WaiverRecord {
            span,
            check: None,
            release: None,
            by: fields.text("by"),
            role: fields.text("role"),
            reason: fields.text("reason"),
            on: fields.date("on"),
            until: fields.date("until"),
        }
    }

    /// The entry that is waived, if `check` is an id; a remark in brackets may follow.
    pub fn entry(&self) -> Option<Id> {
        let check = self.check.as_ref()?.value.split('(').next()?.trim();
        id::parse(check).ok()
    }
}
