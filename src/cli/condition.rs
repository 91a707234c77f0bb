//! Conditions on entries as arguments: what an entry states, for `--where` and `--columns`.

use std::collections::HashMap;

use crate::error::Error;
use crate::model::{Entry, Plan, document};
use crate::project::Project;
use crate::source::{FileId, Pair, Span};
use crate::views::query::{QueryError, Subject};

/// The keys and values of every entry, by the place of its id.
pub(super) struct Statements<'p> {
    project: &'p Project,
    pairs: HashMap<Span, Vec<Pair<'p>>>,
}

impl<'p> Statements<'p> {
    /// Reads what the entries of a plan state.
    pub(super) fn of(project: &'p Project, plan: &Plan<'_>) -> Self {
        let mut files: Vec<FileId> = plan.entries().iter().map(|entry| entry.span.file).collect();
        files.sort_unstable();
        files.dedup();
        let stated = |file: FileId| {
            document::statements(file, project.sources.file(file), &project.config.families).entries
        };
        let pairs = files.into_iter().flat_map(stated).map(|(id, statement)| (id.span, statement.pairs));
        Statements { project, pairs: pairs.collect() }
    }

    /// An entry as a condition sees it.
    pub(super) fn subject<'a, 's>(&'a self, entry: &'a Entry<'s>) -> Subject<'a, 's>
    where
        'p: 's,
        's: 'a,
    {
        let sources = &self.project.sources;
        Subject {
            entry,
            pairs: self.pairs.get(&entry.id.span).map_or(&[][..], |pairs| pairs.as_slice()),
            file: sources.file(entry.id.span.file).name(),
            line: sources.start(entry.id.span).line,
        }
    }
}

/// The error for a condition that an argument gives.
pub(super) fn bad_condition(argument: &'static str) -> impl FnOnce(QueryError) -> Error {
    move |QueryError { column, message, hint }| Error::BadCondition { argument, column, message, hint }
}
