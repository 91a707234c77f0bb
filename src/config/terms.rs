//! The terms of an approval: what `relplan.toml` says of gates and of how much is asked for, as one number.
//!
//! Whoever signs does so under them. What is never said there is left as relplan brings it along, and counts for
//! nothing here, so that a plan without gates of its own is approved by its content alone.

use super::Gate;
use crate::model::digest::{self, Digest};
use crate::model::identity::is_same_role;
use crate::model::same_folded;
use crate::source::{Node, Pair, Value};

/// What `relplan.toml` says of gates and of how much is asked for.
#[derive(Debug, Clone, Default)]
pub struct Terms {
    /// The gates that it declares or changes, by name.
    gates: Vec<(String, Digest)>,
    /// The profiles, the context that chooses one of them, and how old evidence may be.
    standards: Vec<Digest>,
}

impl Terms {
    /// Reads what counts of the tables of `relplan.toml`.
    pub(super) fn read(tables: &[Pair<'_>]) -> Self {
        let gates = table(tables, "gates").iter().filter_map(|pair| {
            let name = pair.key.text()?.trim().to_owned();
            Some((name, digest::of_setting("gates", &pair.value)))
        });
        let whole = ["profiles", "release_context"].into_iter().filter_map(|name| {
            let table = find(tables, name)?;
            Some(digest::of_setting(name, table))
        });
        let of_evidence = ["max_age", "retries"].into_iter().filter_map(|name| {
            let value = find(table(tables, "evidence"), name)?;
            Some(digest::of_setting(name, value))
        });
        Terms { gates: gates.collect(), standards: whole.chain(of_evidence).collect() }
    }

    /// What they say of some gates; nothing if they say nothing.
    pub fn of(&self, gates: &[&Gate]) -> Vec<Digest> {
        let asked = |name: &str| gates.iter().any(|gate| same_folded(&gate.name, name));
        let mut own: Vec<Digest> =
            self.gates.iter().filter(|(name, _)| asked(name)).map(|(_, digest)| *digest).collect();
        own.sort_unstable();
        self.standards.iter().copied().chain(own).collect()
    }
}

/// What `[roles]` says, without comments and layout: who holds which role, and what a role may do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RosterDigest {
    /// All of it.
    pub whole: Digest,
    /// Each of its roles, by name.
    pub roles: Vec<(String, Digest)>,
}

impl RosterDigest {
    /// Reads it from the tables of `relplan.toml`; nothing if there are no roles.
    pub(super) fn read(tables: &[Pair<'_>]) -> Option<Self> {
        let whole = digest::of_setting("roles", find(tables, "roles")?);
        let role = |pair: &Pair<'_>| {
            Some((pair.key.text()?.trim().to_owned(), digest::of_setting("role", &pair.value)))
        };
        Some(RosterDigest { whole, roles: table(tables, "roles").iter().filter_map(role).collect() })
    }

    /// The roles that say something else than they did, that are new, or that are gone.
    pub fn differing(&self, before: &[(String, Digest)]) -> Vec<String> {
        let of = |roles: &[(String, Digest)], name: &str| {
            roles.iter().find(|(own, _)| is_same_role(own, name)).map(|(_, digest)| *digest)
        };
        let changed = self.roles.iter().filter(|(name, digest)| of(before, name) != Some(*digest));
        let gone = before.iter().filter(|(name, _)| of(&self.roles, name).is_none());
        changed.chain(gone).map(|(name, _)| name.clone()).collect()
    }
}

fn table<'n, 's>(tables: &'n [Pair<'s>], name: &str) -> &'n [Pair<'s>] {
    match find(tables, name).map(|node| &node.value) {
        Some(Value::Mapping(pairs)) => pairs,
        _ => &[],
    }
}

fn find<'n, 's>(pairs: &'n [Pair<'s>], name: &str) -> Option<&'n Node<'s>> {
    let is = |pair: &&Pair<'_>| pair.key.text().is_some_and(|key| same_folded(key, name));
    pairs.iter().find(is).map(|pair| &pair.value)
}
