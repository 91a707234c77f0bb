//! Floor 4: two plans and their configurations side by side: what was added, removed and changed, and what asks for
//! less than before.
//!
//! What a field asks for stands beside it, in its table ([`Order`](crate::model::order::Order)). This room walks
//! through both plans by those tables, entry by entry: entries are the same if their ids are, in whatever file they
//! stand. It puts nothing into words; the rules do.

mod allows;
mod condition;
mod entries;
mod fields;
mod gates;
mod globs;
mod links;
mod quantity;
mod records;
mod roster;
mod scope;
mod settings;
mod values;
mod walk;
mod words;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use crate::config::{Config, Profile, profiles};
use crate::finding::Level;
use crate::graph::Graph;
use crate::model::document::{self, Statement, Statements};
use crate::model::duration::Duration;
use crate::model::field::Field;
use crate::model::{Id, Plan, id};
use crate::source::{FileId, SourceMap, Span, Spanned};

pub use records::OF_LOOSENING;

/// A plan and its configuration, as one of the two that are compared.
#[derive(Clone, Copy)]
pub struct Side<'a> {
    /// The texts of both sides.
    pub sources: &'a SourceMap,
    /// The files of the plan.
    pub files: &'a [FileId],
    /// The entries.
    pub plan: &'a Plan<'a>,
    /// Their links.
    pub graph: &'a Graph,
    /// The file of the configuration, if there is one.
    pub settings: Option<FileId>,
    /// What it says.
    pub config: &'a Config,
    /// The level of every rule, by name, as the configuration sets it.
    pub levels: &'a BTreeMap<&'static str, Option<Level>>,
}

/// What a loosening is about. Each kind has a rule of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Area {
    /// An entry: its fields, its links, or that it is there at all.
    Entry,
    /// `relplan.toml`: gates, profiles, people, rules, files.
    Configuration,
    /// A waiver, an acceptance or an inline allow.
    Waiver,
    /// Evidence that is replaced together with what it judges.
    Evidence,
    /// A record that must only ever grow.
    Record,
}

/// Something that asks for less than before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Loosening {
    /// Its subject.
    pub area: Area,
    /// Its name, by which a waiver names it: `DEP-003.blocker`, `gates.production.approvals`.
    pub subject: String,
    /// What it is called in a sentence: "`blocker` of `DEP-003`".
    pub thing: String,
    /// What happened to it.
    pub change: Change,
    /// Where it stands now, or where it would stand.
    pub place: Option<Span>,
    /// Where it stood before.
    pub base: Option<Span>,
}

impl Loosening {
    /// The entry that it is about, if it is about one.
    pub fn entry(&self) -> Option<Id> {
        id::parse(self.subject.split_once('.').map_or(self.subject.as_str(), |(id, _)| id)).ok()
    }
}

/// What happened to something that asks for less than before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// Another value, which asks for less.
    Value {
        /// The value before.
        before: String,
        /// The value now.
        after: String,
    },
    /// Another value, of which cannot be said that it asks for as much.
    Unclear {
        /// The value before.
        before: String,
        /// The value now.
        after: String,
    },
    /// The entry of this title is gone.
    Gone(String),
    /// It is gone, with this value.
    Removed(String),
    /// It is new, with this value, and permits something.
    Added(String),
    /// Its contents are others.
    Replaced,
    /// This item of it is gone.
    ItemRemoved(String),
    /// This item of it is new, and permits something.
    ItemAdded(String),
    /// It is no longer linked to these entries, by links of this kind.
    Unlinked {
        /// The first few of the entries.
        targets: Vec<Id>,
        /// How many there are.
        count: usize,
        /// The field of the links.
        kind: &'static str,
    },
    /// It no longer reaches these entries.
    NotReached {
        /// The first few of the entries.
        targets: Vec<Id>,
        /// How many there are.
        count: usize,
    },
    /// It falls out of what a gate, a rule or a release selects, since one of its fields changed.
    NotSelected {
        /// What it no longer is: "selected by gate `alpha`".
        by: String,
        /// What changed: `type`, from which value, to which.
        field: Option<(String, String, String)>,
    },
}

/// A field of an entry that says something else than before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldChange {
    /// Its name; that of an unknown key as it is written.
    pub field: String,
    /// What it said; absent if it was not stated.
    pub before: Option<String>,
    /// What it says; absent if it is not stated any more.
    pub after: Option<String>,
}

/// What differs between two plans.
#[derive(Debug, Default)]
pub struct Comparison {
    /// Entries that are new.
    pub added: Vec<Id>,
    /// Entries that are gone.
    pub removed: Vec<Id>,
    /// Entries that have another id, as their `formerly` says: the id of the base, and that of today.
    pub renamed: Vec<(Id, Id)>,
    /// Entries that say something else than before.
    pub changed: Vec<Id>,
    /// The fields of entries that say something else, by the id of today.
    pub fields: Vec<(Id, Vec<FieldChange>)>,
    /// Entries that are gone under one id and new under another without a `formerly`, and that say the same.
    pub alike: Vec<(Id, Id)>,
    /// What asks for less than before, in the order of the places.
    pub loosened: Vec<Loosening>,
}

/// Compares a plan with what it was before. `profile` is the one that is judged by, if it was named.
pub fn compare(before: Side<'_>, after: Side<'_>, profile: Option<&str>) -> Comparison {
    let context = Context::new(before, after, profile);
    let mut comparison = Comparison::default();
    let mut found = Vec::new();
    entries::compare(&context, &mut comparison, &mut found);
    scope::compare(&context, &mut found);
    records::compare(&context, &comparison.renamed, &mut found);
    allows::compare(&context, &mut found);
    settings::compare(&context, &mut found);
    found.sort_by(|first, second| {
        (first.place, first.base, &first.subject).cmp(&(second.place, second.base, &second.subject))
    });
    found.dedup();
    comparison.loosened = found;
    comparison
}

/// Both sides, with what each says.
struct Context<'a> {
    before: Half<'a>,
    after: Half<'a>,
    /// The profile of the base, which both sides are measured by where a field leaves the measure to the profile.
    profile: Profile,
}

/// One of the two sides.
struct Half<'a> {
    side: Side<'a>,
    said: FxHashMap<Id, (Spanned<Id>, Statement<'a>)>,
    approvals: Vec<Statement<'a>>,
    waivers: Vec<Statement<'a>>,
}

impl<'a> Context<'a> {
    /// How old evidence may be where nothing else is said, by the base.
    fn max_age(&self) -> Option<Duration> {
        self.before.side.config.evidence.max_age.map(|age| age.value).or(self.profile.max_age)
    }

    fn new(before: Side<'a>, after: Side<'a>, profile: Option<&str>) -> Self {
        let chosen = profile.unwrap_or_else(|| before.config.context.choose().0);
        let known = profiles::find(&before.config.profiles, chosen);
        Context {
            before: Half::new(before),
            after: Half::new(after),
            profile: known.cloned().unwrap_or_default(),
        }
    }
}

impl<'a> Half<'a> {
    fn new(side: Side<'a>) -> Self {
        let read =
            |file: &FileId| document::statements(*file, side.sources.file(*file), &side.config.families);
        let all: Vec<Statements<'a>> = side.files.par_iter().map(read).collect();
        let mut half = Half { side, said: FxHashMap::default(), approvals: Vec::new(), waivers: Vec::new() };
        for Statements { entries, approvals, waivers } in all {
            for (id, statement) in entries {
                // As in the plan, the first of several counts.
                half.said.entry(id.value).or_insert((id, statement));
            }
            half.approvals.extend(approvals);
            half.waivers.extend(waivers);
        }
        half
    }

    fn text(&self, file: FileId) -> &'a str {
        self.side.sources.file(file).text()
    }
}

/// A place that findings can point to: texts that relplan brings along have none.
fn shown(place: Span) -> Option<Span> {
    (place.file != FileId::BUILT_IN).then_some(place)
}

/// Every table of fields by which plans are compared, with its name.
pub fn tables() -> Vec<(&'static str, &'static [Field])> {
    [crate::model::field_tables::field_tables().to_vec(), settings::tables()].concat()
}
