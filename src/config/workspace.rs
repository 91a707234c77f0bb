//! `[workspace]`: several plans that are checked together, and the ids that one of them knows of the others.

use std::collections::BTreeMap;
use std::sync::Arc;

use rustc_hash::FxHashSet;

use crate::model::Id;
use crate::source::{Span, Spanned};

/// What `[workspace]` says, and which plans that came to.
#[derive(Debug, Clone)]
pub struct Workspace {
    /// Globs of the folders of its members, from the folder of `relplan.toml`.
    pub members: Vec<Spanned<String>>,
    /// Where the table stands.
    pub span: Span,
    /// Members that are not checked.
    pub unchecked: Vec<UncheckedMember>,
    /// Members with the name of an earlier one.
    pub repeated: Vec<RepeatedMember>,
}

/// A member that is not checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UncheckedMember {
    /// Its folder, from that of the workspace; of a glob that matches nothing the glob.
    pub folder: String,
    /// Why.
    pub reason: UncheckedReason,
    /// The glob that names it.
    pub glob: Span,
}

/// Why a member is not checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UncheckedReason {
    /// The folder does not exist, or no folder matches.
    Missing,
    /// The folder is empty, as that of a submodule that is not checked out.
    Empty,
    /// The folder has no `relplan.toml`.
    NoConfig,
    /// It is a member of a member, which has a workspace of its own.
    Nested,
}

impl UncheckedReason {
    /// In words: `the folder is empty`.
    pub fn words(self) -> &'static str {
        match self {
            UncheckedReason::Missing => "no such folder",
            UncheckedReason::Empty => "the folder is empty",
            UncheckedReason::NoConfig => "the folder has no relplan.toml",
            UncheckedReason::Nested => "a member has a workspace of its own",
        }
    }

    /// What to do: `check out the member`.
    pub fn help(self) -> &'static str {
        match self {
            UncheckedReason::Missing | UncheckedReason::Empty => "check out the member",
            UncheckedReason::NoConfig => "add a relplan.toml to the folder",
            UncheckedReason::Nested => "list its members in `[workspace]` of the outer workspace",
        }
    }
}

/// A member with the name of an earlier one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RepeatedMember {
    /// The name.
    pub name: String,
    /// The folder of the earlier one.
    pub first: String,
    /// Its own folder.
    pub second: String,
    /// The glob that names it.
    pub glob: Span,
}

/// What a plan knows of the other members of its workspace.
#[derive(Debug, Clone, Default)]
pub enum KnownMembers {
    /// The plan is in no workspace.
    #[default]
    NoWorkspace,
    /// The members by name, those that the plan names with their ids.
    Members(BTreeMap<String, MemberIds>),
}

/// The ids of a member.
#[derive(Debug, Clone)]
pub enum MemberIds {
    /// It was not asked for.
    NotRead,
    /// It is not there, or cannot be read.
    NotChecked {
        /// Why.
        reason: String,
        /// What to do.
        help: &'static str,
    },
    /// The ids of its entries.
    Read(Arc<FxHashSet<Id>>),
}
