//! Floor 2: what a plan consists of. Ids, links, thresholds, families, entries,
//! and the readers that make them of text.

pub mod agreement;
pub mod amount;
pub mod approval;
pub mod cadence;
pub mod commit;
pub mod day;
pub mod decimal;
pub mod defect;
pub mod deliverable;
pub mod dep;
pub mod digest;
pub mod document;
pub mod drift;
pub mod duration;
pub mod effort;
pub mod entry;
pub mod epic;
pub mod evidence_requirement;
pub mod exposure;
pub mod family;
pub mod field;
pub mod field_tables;
pub mod flag;
pub mod gate_phrase;
pub mod graded;
pub mod handoff;
pub mod id;
pub mod identity;
pub mod incident;
pub mod indicator;
pub mod link;
pub mod measure;
pub mod milestone;
pub mod moment;
pub mod offset;
pub mod operations;
pub mod order;
pub mod phrase;
mod pick;
pub mod placeholder;
mod places;
mod plan;
pub mod promql;
pub mod reader;
pub mod rel;
pub mod release_notes;
pub mod release_strategy;
pub mod risk;
pub mod runbook;
pub mod signed;
pub mod stated;
pub mod support;
pub mod test;
pub mod threshold;
mod unreadable_fields;
pub mod value;
pub mod version;
pub mod waiver;
pub mod wording;

pub use amount::Amount;
pub use approval::ApprovalRecord;
pub use commit::{Commit, CommitError};
pub use dep::Dep;
pub use effort::Effort;
pub use entry::{Entry, Kind, Link, LinkKind, MemberLink, Mention, Target};
pub use family::{Families, Family};
pub use id::{Id, Prefix};
pub use identity::Identity;
pub use places::EntryPlaces;
pub use plan::{EntryIndex, Plan};
pub use unreadable_fields::UnreadableFields;
pub use value::{Choice, Text, same_folded};
pub use waiver::WaiverRecord;

impl Target {
    /// The entry that is named, or the first of a range.
    pub fn first(&self) -> Id {
        match self {
            Target::One(id) => *id,
            Target::Range(ends) => ends.0.value,
        }
    }
}
