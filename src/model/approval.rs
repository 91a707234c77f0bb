//! Approvals as records of their own: who signed what, when, and what it said then.

use chrono::NaiveDate;

use super::defect::Defect;
use super::entry::{Link, LinkKind};
use super::field::{Field, Shape};
use super::order::Order;
use super::reader::Reader;
use super::value::{Text, WithRemark};
use crate::source::{Span, Spanned};

/// Somebody's word that a release, or some entries, may go ahead.
#[derive(Debug)]
pub struct ApprovalRecord<'s> {
    /// The whole of it.
    pub span: Span,
    /// The role in which it is given.
    pub role: Option<Text<'s>>,
    /// Who gives it.
    pub by: Option<Text<'s>>,
    /// When.
    pub on: Option<Spanned<NaiveDate>>,
    /// The release that it is about, a version or an id; whichever it fits if absent.
    pub release: Option<Text<'s>>,
    /// The gate that it is about; all of them if absent.
    pub gate: Option<Text<'s>>,
    /// The entries that it is about; the whole release if there are none.
    pub of: Box<[Link]>,
    /// What the approved said then.
    pub digest: Option<Text<'s>>,
    /// The last day on which it counts.
    pub expires: Option<Spanned<NaiveDate>>,
    /// What else was said.
    pub note: Option<Text<'s>>,
    /// A signature of all that it says, in the form of `ssh-keygen -Y sign` without its first and last line.
    pub signature: Option<Text<'s>>,
    /// Whether it takes an earlier one back.
    pub withdrawn: Option<Spanned<WithRemark<bool>>>,
}

impl<'s> ApprovalRecord<'s> {
    /// The fields of a record under `approvals:`.
    pub const FIELDS: &'static [Field] = &[
        Field::new("role", Shape::Text, "Role of the approver.").asks(Order::Nothing),
        Field::new("by", Shape::Text, "Approver.").asks(Order::Nothing),
        Field::new("on", Shape::Date, "Date of the approval.").asks(Order::Nothing),
        Field::new("release", Shape::Text, "Release, as a version or an id.").asks(Order::Nothing),
        Field::new("gate", Shape::Text, "Gate; every gate by default.").asks(Order::Nothing),
        Field::new("of", Shape::Links, "Entries; the whole release by default.").asks(Order::Nothing),
        Field::new(
            "digest",
            Shape::Text,
            "Digest of what was approved: `sha256:` and 64 digits, written by `approve`.",
        )
        .asks(Order::Exact),
        Field::new("expires", Shape::Date, "Last day of validity.").asks(Order::AtMost),
        Field::new("note", Shape::Text, "Note.").asks(Order::Nothing),
        Field::new("signature", Shape::Text, "SSH signature of the record, written by `approve --sign`.")
            .asks(Order::Presence),
        Field::new("withdrawn", Shape::Flag, "Whether the record withdraws an earlier approval.")
            .asks(Order::Yes)
            .absent("no"),
    ];

    /// Reads one record, and says what is wrong with it.
    pub(super) fn read(mut fields: Reader<'s>, span: Span) -> (Self, Vec<Defect>) {
        fields.links("of", LinkKind::LinkedIds);
        let record = ApprovalRecord {
            span,
            role: fields.text("role"),
            by: fields.text("by"),
            on: fields.date("on"),
            release: fields.figure("release"),
            gate: fields.text("gate"),
            of: Box::default(),
            digest: fields.text("digest"),
            expires: fields.date("expires"),
            note: fields.text("note"),
            signature: fields.text("signature"),
            withdrawn: fields.flag("withdrawn"),
        };
        let gathered = fields.finish(&[Self::FIELDS], &[], |_| None);
        (ApprovalRecord { of: gathered.links.into_boxed_slice(), ..record }, gathered.defects)
    }

    /// Whether it takes an earlier one back.
    pub fn is_withdrawal(&self) -> bool {
        self.withdrawn.as_ref().is_some_and(|withdrawn| withdrawn.value.value)
    }
}
