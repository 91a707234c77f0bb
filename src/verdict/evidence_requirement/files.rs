//! A file is there, and new enough.

use super::Part;
use crate::model::duration::Duration;
use crate::source::Spanned;
use crate::verdict::facts::{FileState, Freshness, Source};
use crate::verdict::{Judge, ProofKind};

impl Judge<'_> {
    pub(super) fn file_part(&self, path: &Spanned<String>, max_age: Option<Duration>) -> Part {
        let name = &path.value;
        let Some(fact) = self.basis.facts.files.get(name) else {
            return Part::nothing(format!("{name} was not looked for"), "use a file in the plan folder");
        };
        match fact.state {
            FileState::Absent => {
                return Part::nothing(format!("{name} does not exist"), format!("add {name}"));
            }
            FileState::Empty => return Part::nothing(format!("{name} is empty"), format!("add {name}")),
            FileState::Outside => {
                let reason = format!("{name} is outside the plan folder");
                return Part::nothing(reason, "use a file in the plan folder");
            }
            FileState::Present => {}
        }
        let source = Source {
            file: name.clone(),
            line: 1,
            tools: Vec::new(),
            time: fact.time.known(),
            commit: fact.commit.clone(),
        };
        let facts = &self.basis.facts;
        // A document belongs to no commit unless something says so.
        let freshness = match (&fact.commit, max_age) {
            (None, None) => Freshness::Fresh,
            (None, Some(_)) => facts.freshness_by_age(fact.time, max_age),
            (Some(commit), max_age) => facts.freshness(Some(commit), fact.time, max_age),
        };
        // That it is there shows that somebody wrote it, unless the pipeline says that it made it.
        let kind = if fact.commit.is_some() { ProofKind::Reported } else { ProofKind::Asserted };
        let part = Part::not_fresh(name, freshness).unwrap_or_else(|| Part::pass(format!("{name} exists")));
        Part { kind, ..part.from(vec![source]) }
    }
}
