//! A decision as an in-toto Statement v1 (<https://github.com/in-toto/attestation/blob/main/spec/v1/statement.md>),
//! the form in which tools for supply chains sign and hold what was said about an artifact.

use serde::Serialize;

use crate::verdict::log::{Input, Record};

/// The type of every statement of this version.
pub const STATEMENT_TYPE: &str = "https://in-toto.io/Statement/v1";

/// What the predicate is: a [`Record`] of version 2. A name that no one has to own, and no address.
pub const PREDICATE_TYPE: &str = "urn:relplan:decision:v2";

/// A statement: of these subjects, this decision was made.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Statement<'r> {
    /// [`STATEMENT_TYPE`].
    #[serde(rename = "_type")]
    pub statement_type: &'static str,
    /// What was decided about, and what the decision rests on.
    pub subject: Vec<Subject<'r>>,
    /// [`PREDICATE_TYPE`].
    #[serde(rename = "predicateType")]
    pub predicate_type: &'static str,
    /// The decision.
    pub predicate: &'r Record,
}

/// A resource descriptor of the in-toto framework: a name and a digest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Subject<'r> {
    /// Its name.
    pub name: &'r str,
    /// Its digest.
    pub digest: DigestSet<'r>,
}

/// A digest by the name of its algorithm, as in the predefined `DigestSet` of the framework.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub enum DigestSet<'r> {
    /// The name of a commit, which git makes of its contents.
    #[serde(rename = "gitCommit")]
    GitCommit(&'r str),
    /// The SHA-256 of the bytes of a file.
    #[serde(rename = "sha256")]
    Sha256(String),
}

/// The statement of a record; none if it has neither a whole commit nor an input, because a statement must be
/// about something.
///
/// The commit comes first, because it is what is released. An abbreviated commit is no digest, and is left to
/// the predicate.
pub fn statement(record: &Record) -> Option<Statement<'_>> {
    let commit = record.commit.as_ref().filter(|commit| commit.is_whole());
    let commit =
        commit.map(|commit| Subject { name: "git commit", digest: DigestSet::GitCommit(commit.as_str()) });
    let file = |input: &'_ Input| DigestSet::Sha256(input.sha256.hex());
    let files = record.inputs.iter().map(|input| Subject { name: &input.path, digest: file(input) });
    let subject: Vec<Subject<'_>> = commit.into_iter().chain(files).collect();
    (!subject.is_empty()).then_some(Statement {
        statement_type: STATEMENT_TYPE,
        subject,
        predicate_type: PREDICATE_TYPE,
        predicate: record,
    })
}
