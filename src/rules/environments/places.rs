//! The environments of a plan, and which of them are production.

use rustc_hash::FxHashMap;

use crate::model::dep::Environment;
use crate::model::{Entry, EntryIndex, LinkKind};
use crate::rules::{Subject, words};

/// An environment with its entry.
#[derive(Clone, Copy)]
pub(in crate::rules) struct Place<'p> {
    pub(in crate::rules) index: EntryIndex,
    pub(in crate::rules) entry: &'p Entry<'p>,
    pub(in crate::rules) environment: &'p Environment<'p>,
    /// Whether users are served from here.
    pub(in crate::rules) production: bool,
}

/// The environments of a plan.
pub(in crate::rules) struct Environments<'p> {
    /// All of them, sorted by id.
    pub(in crate::rules) places: Vec<Place<'p>>,
    /// Which of them are production, as positions.
    productions: Vec<usize>,
    /// The first production of each colour, by its name without the colour.
    halves: FxHashMap<String, Vec<(&'static str, usize)>>,
}

impl<'p> Environments<'p> {
    pub(in crate::rules) fn of(subject: &Subject<'p>) -> Self {
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
        let productions: Vec<usize> = (0..places.len()).filter(|&at| places[at].production).collect();
        let halves = halves(&places, &productions);
        Environments { places, productions, halves }
    }

    /// The production that an environment is compared with: the one that its
    /// promotions lead to, or else the first that may belong to the same release.
    /// Of the two halves of one production the later is compared with the earlier.
    pub(in crate::rules) fn production_of(
        &self,
        subject: &Subject<'_>,
        place: &Place<'p>,
    ) -> Option<&Place<'p>> {
        if place.production {
            return self.other_half_of(place);
        }
        self.end_of_promotions(subject, place).or_else(|| {
            let mut productions = self.productions.iter().map(|&at| &self.places[at]);
            productions.find(|other| words::may_share_release(place.entry, other.entry))
        })
    }

    fn other_half_of(&self, place: &Place<'p>) -> Option<&Place<'p>> {
        let (colour, rest) = half(place.name())?;
        let (_, at) = self.halves.get(&rest)?.iter().find(|(other, _)| *other != colour)?;
        let other = &self.places[*at];
        let earlier = other.entry.id.value < place.entry.id.value;
        (earlier && words::may_share_release(place.entry, other.entry)).then_some(other)
    }

    fn end_of_promotions(&self, subject: &Subject<'_>, start: &Place<'p>) -> Option<&Place<'p>> {
        let mut entry = start.entry;
        // Promotions may lead in a circle, which is another rule's to report.
        for _ in 0..LONGEST_WAY {
            let next = entry.links.iter().find(|link| link.kind == LinkKind::PromotesTo)?;
            let next = subject.plan.entry(subject.plan.find(next.target.first())?).id.value;
            let position = self.places.binary_search_by_key(&next, |place| place.entry.id.value).ok()?;
            let place = &self.places[position];
            if place.production {
                return Some(place);
            }
            entry = place.entry;
        }
        None
    }
}

/// More environments than this are on nobody's way to production.
const LONGEST_WAY: usize = 32;

fn halves(places: &[Place<'_>], productions: &[usize]) -> FxHashMap<String, Vec<(&'static str, usize)>> {
    let mut halves: FxHashMap<String, Vec<(&'static str, usize)>> = FxHashMap::default();
    for &at in productions {
        let Some((colour, rest)) = half(places[at].name()) else { continue };
        let known = halves.entry(rest).or_default();
        if !known.iter().any(|(other, _)| *other == colour) {
            known.push((colour, at));
        }
    }
    halves
}

/// What an environment is called: by its name, or else by its title.
fn name<'p>(entry: &'p Entry<'_>, environment: &'p Environment<'_>) -> &'p str {
    environment.name.as_ref().map_or_else(|| entry.title(), |name| &name.value)
}

impl Place<'_> {
    /// What the team calls it.
    pub(in crate::rules) fn name(&self) -> &str {
        name(self.entry, self.environment)
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
