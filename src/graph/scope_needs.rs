//! How much the scopes of releases need their work packages.

use rustc_hash::FxHashMap;

use super::Graph;
use crate::model::dep::Need;
use crate::model::{EntryIndex, Kind, LinkKind, Plan};
use crate::source::Span;

/// What the scopes of these releases name, with the greatest need that one of them states.
pub fn scope_needs(
    plan: &Plan<'_>,
    graph: &Graph,
    releases: impl IntoIterator<Item = EntryIndex>,
) -> FxHashMap<EntryIndex, Need> {
    let mut needs = FxHashMap::default();
    for release in releases {
        let parts = Parts::of(plan, release);
        for edge in graph.outgoing(release).filter(|edge| edge.kind == LinkKind::Scope) {
            if let Some(need) = parts.need_at(edge.span) {
                let known = needs.entry(edge.to).or_insert(need);
                *known = need.min(*known);
            }
        }
    }
    needs
}

/// The links of a scope in the order of the file, each with the need that its part states.
struct Parts(Vec<(Span, Need)>);

impl Parts {
    fn of(plan: &Plan<'_>, release: EntryIndex) -> Self {
        let entry = plan.entry(release);
        let Kind::Rel(rel) = &entry.kind else { return Parts(Vec::new()) };
        let links = |part: std::ops::Range<usize>| entry.links.get(part).unwrap_or_default();
        let mut parts: Vec<(Span, Need)> = rel
            .scope
            .iter()
            .flat_map(|part| links(part.links.clone()).iter().map(|link| (link.span, part.need)))
            .collect();
        parts.sort_by_key(|(span, _)| (span.file, span.start));
        Parts(parts)
    }

    /// The need of the part in which a target is named. The first and the last of a range stand within the text of the
    /// link, those between at all of it.
    fn need_at(&self, target: Span) -> Option<Need> {
        let behind =
            self.0.partition_point(|(span, _)| (span.file, span.start) <= (target.file, target.start));
        let (span, need) = self.0.get(behind.checked_sub(1)?)?;
        span.overlaps(target).then_some(*need)
    }
}
