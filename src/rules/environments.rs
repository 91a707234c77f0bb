//! The environments of a plan, and which of them are production.

use super::{Subject, words};
use crate::model::dep::Environment;
use crate::model::{Entry, EntryIndex, LinkKind};

/// An environment with its entry.
#[derive(Clone, Copy)]
pub(super) struct Place<'p> {
    pub(super) index: EntryIndex,
    pub(super) entry: &'p Entry<'p>,
    pub(super) environment: &'p Environment<'p>,
    /// Whether users are served from here.
    pub(super) production: bool,
}

/// Every environment of the plan, sorted by id.
pub(super) fn all<'p>(subject: &Subject<'p>) -> Vec<Place<'p>> {
    let found = subject.plan.environments().filter_map(|(entry, environment)| {
        let index = subject.plan.find(entry.id.value)?;
        let production = is_production(name(entry, environment));
        Some(Place { index, entry, environment, production })
    });
    let mut places: Vec<Place<'p>> = found.collect();
    // Where no name says it, production is where the promotions end.
    if !places.iter().any(|place| place.production) {
        for place in &mut places {
            place.production = ends_promotion(subject, place.index);
        }
    }
    places
}

/// What an environment is called: by its name, or else by its title.
fn name<'p>(entry: &'p Entry<'_>, environment: &'p Environment<'_>) -> &'p str {
    environment.name.as_ref().map_or_else(|| entry.title(), |name| &name.value)
}

impl Place<'_> {
    /// What the team calls it.
    pub(super) fn name(&self) -> &str {
        name(self.entry, self.environment)
    }

    /// Whether this environment and another are the two halves of one production.
    pub(super) fn is_other_half_of(&self, other: &Place<'_>) -> bool {
        let halves = (half(self.name()), half(other.name()));
        matches!(halves, (Some((first, rest)), Some((second, same))) if first != second && rest == same)
    }
}

/// Whether a name says that users are served there: `production`, `prod-eu`, but
/// neither `pre-production` nor `staging, a copy of production`.
fn is_production(name: &str) -> bool {
    const NAMES: &[&str] = &["prod", "production", "prd", "live"];
    const OTHERS: &[&str] = &[
        "pre",
        "non",
        "not",
        "like",
        "copy",
        "replica",
        "mirror",
        "shadow",
        "staging",
        "stage",
        "dev",
        "development",
        "test",
        "testing",
        "qa",
        "uat",
        "preview",
        "sandbox",
        "demo",
        "local",
        "ci",
        "rehearsal",
        "preproduction",
        "preprod",
    ];
    let mut named = false;
    for word in name.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty()) {
        let is = |known: &[&str]| known.iter().any(|known| word.eq_ignore_ascii_case(known));
        if is(OTHERS) {
            return false;
        }
        named |= is(NAMES);
    }
    named
}

/// Blue or green, and the rest of the name.
fn half(name: &str) -> Option<(&'static str, String)> {
    let name = name.to_lowercase();
    let half = ["blue", "green"].into_iter().find(|half| name.contains(half))?;
    Some((half, name.replacen(half, "", 1)))
}

fn ends_promotion(subject: &Subject<'_>, index: EntryIndex) -> bool {
    let promotes = |from: bool| {
        subject.graph.any_edge(index, |edge| {
            let end = if from { edge.from } else { edge.to };
            edge.kind == LinkKind::PromotesTo && end == index && edge.from != edge.to
        })
    };
    promotes(false) && !promotes(true)
}

/// The production that an environment is compared with: the one that its
/// promotions lead to, or else the first that may belong to the same release.
/// Of the two halves of one production the later is compared with the earlier.
pub(super) fn production_of<'a, 'p>(
    subject: &Subject<'_>,
    places: &'a [Place<'p>],
    place: &Place<'p>,
) -> Option<&'a Place<'p>> {
    let mut productions = places.iter().filter(|other| {
        other.production && other.index != place.index && words::may_share_release(place.entry, other.entry)
    });
    if place.production {
        let earlier = productions.take_while(|other| other.entry.id.value < place.entry.id.value);
        return earlier.into_iter().find(|other| place.is_other_half_of(other));
    }
    end_of_promotions(subject, places, place.index).or_else(|| productions.next())
}

fn end_of_promotions<'a, 'p>(
    subject: &Subject<'_>,
    places: &'a [Place<'p>],
    start: EntryIndex,
) -> Option<&'a Place<'p>> {
    let mut at = start;
    // Promotions may lead in a circle, which is another rule's to report.
    for _ in places {
        let next = subject.graph.outgoing(at).find(|edge| edge.kind == LinkKind::PromotesTo)?;
        at = next.to;
        let place =
            places.binary_search_by_key(&subject.plan.entry(at).id.value, |place| place.entry.id.value);
        if let Some(place) = place.ok().and_then(|place| places.get(place)).filter(|place| place.production) {
            return Some(place);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn production_is_known_by_its_name() {
        for name in ["production", "Prod", "prod-eu", "production_blue", "Live", "prod2", "Production, green"]
        {
            assert!(is_production(name), "{name}");
        }
        for name in
            ["pre-production", "staging", "preprod", "non-prod", "Staging, a copy of production", "product"]
        {
            assert!(!is_production(name), "{name}");
        }
    }

    #[test]
    fn halves_differ_in_their_colour_alone() {
        assert_eq!(half("production-blue").map(|half| half.1), half("production-green").map(|half| half.1));
        assert_ne!(half("eu-blue").map(|half| half.1), half("us-green").map(|half| half.1));
        assert_eq!(half("production"), None);
    }
}
