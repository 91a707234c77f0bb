//! What verdicts rest on beside the plan: evidence, and how fresh it must be.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use schemars::JsonSchema;
use serde::Serialize;

use crate::evidence::matching::TestMatches;
use crate::evidence::{Evidence, Report, ReportIndex};
use crate::model::Commit;
use crate::model::duration::Duration;
use crate::source::{SourceMap, Span};

/// Evidence, and what it has to be about.
#[derive(Debug, Clone, Copy)]
pub struct Facts<'p> {
    /// What reports say.
    pub evidence: &'p Evidence<'p>,
    /// Which of their results prove which tests.
    pub matches: &'p TestMatches,
    /// Files that criteria demand, by the path that they are written with.
    pub files: &'p BTreeMap<String, FileFact>,
    /// The commit that is to be released; or why nobody knows which it is.
    pub commit: Result<&'p Commit, &'p str>,
    /// The moment at which evidence is as old as it is.
    pub now: DateTime<Utc>,
}

/// A file that a criterion demands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileFact {
    /// Whether it is there, and holds something.
    pub state: FileState,
    /// When it was made, as the `evidence.json` beside it says.
    pub time: Option<DateTime<Utc>>,
    /// For which commit, as it says.
    pub commit: Option<String>,
}

/// Whether a file is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileState {
    /// It is, and holds something.
    Present,
    /// It is, and is empty.
    Empty,
    /// It is not, or cannot be read.
    Absent,
    /// It lies outside of the plan's folder, where nothing is looked at.
    Outside,
}

/// Whether something is about what is released, and new enough.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Freshness {
    /// It is.
    Fresh,
    /// It is not, and why.
    Stale(String),
    /// Nobody can tell, and why.
    Unknown(String),
}

/// Where a fact is written, and what about it is known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Source {
    /// The file.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// The tools that made it, as it says.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tools: Vec<String>,
    /// When it was made.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub time: Option<DateTime<Utc>>,
    /// For which commit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub commit: Option<String>,
}

impl Source {
    /// A place in the plan or in a file of evidence.
    pub fn at(sources: &SourceMap, span: Span) -> Self {
        let file = sources.file(span.file);
        Source {
            file: file.name().to_owned(),
            line: file.line_index(span.start as usize) + 1,
            tools: Vec::new(),
            time: None,
            commit: None,
        }
    }
}

/// Clocks of machines differ a little: what is so little ahead is not in the future.
const TOLERANCE: chrono::Duration = chrono::Duration::minutes(5);

impl<'p> Facts<'p> {
    /// Whether any evidence was found at all.
    pub fn is_empty(&self) -> bool {
        self.evidence.reports.is_empty()
    }

    /// Whether something that was made at a time for a commit is fresh. Without a greatest age only the commit
    /// counts.
    pub fn freshness(
        &self,
        commit: Option<&str>,
        time: Option<DateTime<Utc>>,
        max_age: Option<Duration>,
    ) -> Freshness {
        // Whatever is known to be out of date is so, whatever else is not known.
        let commit = self.of_commit(commit);
        let age = self.freshness_by_age(time, max_age);
        match (commit, age) {
            (stale @ Freshness::Stale(_), _) | (_, stale @ Freshness::Stale(_)) => stale,
            (unknown @ Freshness::Unknown(_), _) | (_, unknown) => unknown,
        }
    }

    /// Whether something is about the commit that is to be released.
    pub(super) fn is_of_commit(&self, made_for: Option<&str>) -> bool {
        self.of_commit(made_for) == Freshness::Fresh
    }

    fn of_commit(&self, made_for: Option<&str>) -> Freshness {
        let Some(made_for) = made_for else {
            return Freshness::Unknown("nothing says for which commit it was made".to_owned());
        };
        let Ok(made_for) = Commit::parse(made_for) else {
            return Freshness::Unknown(format!("`{made_for}` is no commit"));
        };
        match self.commit {
            Err(reason) => Freshness::Unknown(format!("nobody knows which commit is released: {reason}")),
            Ok(released) if released.is_same_as(&made_for) => Freshness::Fresh,
            Ok(released) => Freshness::Stale(format!(
                "made for {}, and {} is to be released",
                short(made_for.as_str()),
                short(released.as_str())
            )),
        }
    }

    /// Whether something is new enough that belongs to no commit.
    pub fn freshness_by_age(&self, time: Option<DateTime<Utc>>, max_age: Option<Duration>) -> Freshness {
        match (time, max_age) {
            _ if self.is_fresh_by_age(time, max_age) => Freshness::Fresh,
            (Some(time), Some(max_age)) if !self.is_to_come(time) => {
                Freshness::Stale(format!("made on {}, more than {} ago", day(time), max_age.in_words()))
            }
            (Some(time), _) => Freshness::Unknown(format!("dated {}, which is still to come", day(time))),
            (None, _) => Freshness::Unknown("nothing says when it was made".to_owned()),
        }
    }

    /// The same in a word.
    pub(super) fn is_fresh_by_age(&self, time: Option<DateTime<Utc>>, max_age: Option<Duration>) -> bool {
        let Some(time) = time else { return max_age.is_none() };
        let age = u64::try_from((self.now - time).num_milliseconds()).unwrap_or(0);
        !self.is_to_come(time) && max_age.is_none_or(|max_age| age <= max_age.millis())
    }

    fn is_to_come(&self, time: DateTime<Utc>) -> bool {
        time > self.now + TOLERANCE
    }

    /// Whether a report is fresh; what a fact of it says of its own time comes first.
    pub fn freshness_of(
        &self,
        report: &Report<'_>,
        time: Option<DateTime<Utc>>,
        max_age: Option<Duration>,
    ) -> Freshness {
        if !report.whole {
            return Freshness::Unknown("its report could not be read to its end".to_owned());
        }
        self.freshness(report.commit.as_deref(), time.or(report.time), max_age)
    }

    /// Where a fact stands, with what its report says about itself.
    pub fn source(
        &self,
        sources: &SourceMap,
        report: ReportIndex,
        span: Span,
        time: Option<DateTime<Utc>>,
    ) -> Source {
        let report = self.evidence.report(report);
        Source {
            tools: report.tools.iter().map(ToString::to_string).collect(),
            time: time.or(report.time),
            commit: report.commit.as_ref().map(ToString::to_string),
            ..Source::at(sources, span)
        }
    }
}

/// The first digits of a commit, which is as much as people read.
pub fn short(commit: &str) -> &str {
    commit.get(..8).unwrap_or(commit)
}

fn day(time: DateTime<Utc>) -> String {
    time.format("%Y-%m-%d %H:%M UTC").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::TimeZone;

    fn check(commit: Option<&str>, hour: Option<u32>, max_age: &str, expect: Freshness) {
        let (evidence, matches, files) = (Evidence::default(), TestMatches::default(), BTreeMap::new());
        let released = Commit::parse("0123456789abcdef0123456789abcdef01234567").expect("a commit");
        let at = |hour| Utc.with_ymd_and_hms(2027, 3, 1, hour, 0, 0).single().expect("a time");
        let facts = Facts {
            evidence: &evidence,
            matches: &matches,
            files: &files,
            commit: Ok(&released),
            now: at(12),
        };
        assert_eq!(facts.freshness(commit, hour.map(at), Duration::parse(max_age)), expect);
    }

    #[test]
    fn evidence_is_for_the_commit_and_within_its_age_or_not_fresh() {
        let own = Some("0123456789ab");
        let stale = |text: &str| Freshness::Stale(text.to_owned());
        let unknown = |text: &str| Freshness::Unknown(text.to_owned());
        check(own, Some(11), "1h", Freshness::Fresh);
        check(own, None, "", Freshness::Fresh);
        check(own, Some(10), "1h", stale("made on 2027-03-01 10:00 UTC, more than 1 hour ago"));
        check(own, Some(13), "1h", unknown("dated 2027-03-01 13:00 UTC, which is still to come"));
        check(own, None, "1h", unknown("nothing says when it was made"));
        check(None, Some(11), "1h", unknown("nothing says for which commit it was made"));
        check(None, Some(10), "1h", stale("made on 2027-03-01 10:00 UTC, more than 1 hour ago"));
        check(Some("main"), Some(11), "1h", unknown("`main` is no commit"));
        check(
            Some("fedcba9876543210"),
            Some(11),
            "1h",
            stale("made for fedcba98, and 01234567 is to be released"),
        );
    }
}
