//! People side by side: who may approve, and in which role.

use super::settings::Tables;
use super::values::Layers;
use super::walk::{ComparedItem, Pair, Walk};
use super::{Area, Change, Context, Loosening};
use crate::config::roster::ROLE;
use crate::model::same_folded;

/// Compares `[roles]`.
pub(super) fn compare(context: &Context<'_>, tables: &[Tables<'_>; 2], found: &mut Vec<Loosening>) {
    let (before, after) = (&context.before.side.config.roster, &context.after.side.config.roster);
    let people = ComparedItem::new(Area::Configuration, "roles", "`[roles]`");
    match (before, after) {
        (None, _) => return,
        (Some(old), None) => {
            let names: Vec<&str> = old.roles.iter().map(|role| role.name.value.as_str()).collect();
            let base = old.roles.first().map(|role| role.name.span);
            found.push(people.loosened(Change::Removed(names.join(", ")), tables[1].place, base));
            return;
        }
        (Some(_), Some(_)) => {}
    }
    for (name, statement) in &tables[1].roles {
        let thing = ComparedItem::new(Area::Configuration, format!("roles.{name}"), format!("role `{name}`"));
        let old = tables[0].roles.iter().find(|(other, _)| same_folded(other, name));
        let mut is = Layers::one(tables[1].text, statement);
        let mut was = match old {
            Some((_, statement)) => Layers::one(tables[0].text, statement),
            None => Layers::none(tables[0].place),
        };
        let mut walk = Walk::of(context);
        walk.fields(&thing, ROLE, &mut Pair { before: &mut was, after: &mut is });
        found.append(&mut walk.found);
    }
}
