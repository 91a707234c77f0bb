//! Everything beside the plan that verdicts rest on, gathered: evidence, the files that criteria demand, the
//! commit that is to be released, and the moment.

use std::collections::BTreeMap;
use std::path::{Component, Path, PathBuf};

use chrono::{DateTime, Utc};

use super::{Project, git, head, ssh};
use crate::config::{Profile, profiles};
use crate::error::Error;
use crate::evidence::matching::TestMatches;
use crate::evidence::{self, Evidence, Timestamp};
use crate::graph::Graph;
use crate::model::{Commit, Plan};
use crate::rules::Reported;
use crate::source::Span;
use crate::verdict::facts::{FileFact, FileState, History, IncidentRecords};
use crate::verdict::signature::{self, Claim, SignatureState, Signatures};
use crate::verdict::work_tree::WorkTree;
use crate::verdict::{Basis, Facts};

/// Everything beside the plan that verdicts rest on.
pub struct JudgementInputs<'p> {
    /// What reports say.
    pub evidence: Evidence<'p>,
    /// Which of their results prove which tests.
    pub matches: TestMatches,
    /// Files that criteria demand.
    pub files: BTreeMap<String, FileFact>,
    /// The commit that is to be released; or why nobody knows which it is.
    pub commit: Result<Commit, String>,
    /// What the files of incidents say.
    pub incidents: IncidentRecords,
    /// What Git tells of the commits.
    pub history: History,
    /// What checks of the signatures of approvals showed.
    pub signatures: Signatures,
    /// How the work tree stands to the commit, once a gate is judged.
    pub work_tree: WorkTree,
    /// The moment at which evidence is as old as it is.
    pub now: DateTime<Utc>,
    /// How much is asked for.
    pub profile: &'p Profile,
    /// Why that profile.
    pub because: String,
}

impl Project {
    /// Gathers what verdicts rest on. `profile` names another profile than the one that the configuration
    /// chooses.
    ///
    /// # Errors
    ///
    /// A commit that is none, or a profile that does not exist.
    pub fn inputs<'p>(
        &'p self,
        plan: &'p Plan<'p>,
        profile: Option<&str>,
        now: DateTime<Utc>,
    ) -> Result<JudgementInputs<'p>, Error> {
        let (name, because) = match profile {
            Some(name) => (name, "set by --profile".to_owned()),
            None => self.config.context.choose(),
        };
        let known = &self.config.profiles;
        let no_profile = || Error::NoSuchProfile { name: name.to_owned(), known: profiles::names(known) };
        let profile = profiles::find(known, name).ok_or_else(no_profile)?;
        let evidence = self.evidence();
        let matches = TestMatches::new(plan, &evidence);
        let (files, commit) = (self.required_files(plan), self.released_commit()?);
        let history = self.history(&evidence, &commit);
        let signatures = self.signatures(plan);
        let work_tree = WorkTree::NotCompared;
        Ok(JudgementInputs {
            evidence,
            matches,
            files,
            incidents: self.incident_records(),
            commit,
            history,
            signatures,
            work_tree,
            now,
            profile,
            because,
        })
    }

    /// The same for what judges gates: the work tree is compared with the commit, too.
    ///
    /// # Errors
    ///
    /// As [`Project::inputs`].
    pub fn inputs_of_gates<'p>(
        &'p self,
        plan: &'p Plan<'p>,
        profile: Option<&str>,
        now: DateTime<Utc>,
    ) -> Result<JudgementInputs<'p>, Error> {
        let inputs = self.inputs(plan, profile, now)?;
        Ok(JudgementInputs { work_tree: self.work_tree(&inputs.commit), ..inputs })
    }

    /// What checks of the signatures of approvals show.
    pub fn signatures(&self, plan: &Plan<'_>) -> Signatures {
        let claims = signature::claims(plan, self.config.roster.as_ref());
        let checkable: Vec<Claim> = claims.iter().filter_map(|(_, claim)| claim.clone().ok()).collect();
        let mut states = self.check_signatures(&checkable).into_iter();
        let unchecked = || SignatureState::Unchecked { reason: "it was not checked".to_owned() };
        let state = |(span, claim): (Span, Result<Claim, String>)| match claim {
            Ok(_) => (span, states.next().unwrap_or_else(unchecked)),
            Err(reason) => (span, SignatureState::Invalid { reason }),
        };
        claims.into_iter().map(state).collect()
    }

    /// What checks of signatures show, by the allowed signers of the plan.
    pub fn check_signatures(&self, claims: &[Claim]) -> Vec<SignatureState> {
        match self.allowed_signers {
            Some(file) => ssh::check(claims, self.sources.file(file).text().as_bytes()),
            None => {
                let reason = "relplan.toml names no `allowed_signers`".to_owned();
                vec![SignatureState::Unchecked { reason }; claims.len()]
            }
        }
    }

    /// What Git tells of the release commit, and of the commits that reports name: which of them are merges of it, or the
    /// other way round, and when it was made.
    fn history(&self, evidence: &Evidence<'_>, released: &Result<Commit, String>) -> History {
        let Ok(released) = released else { return History::default() };
        let Some(known) = git::known(&self.root, released) else { return History::default() };
        let mut history = History { released_at: known.time, ..History::default() };
        let named =
            evidence.reports.iter().filter_map(|report| Commit::parse(report.commit.as_deref()?).ok());
        let mut others: Vec<Commit> = named.filter(|commit| !commit.is_same_as(released)).collect();
        others.sort();
        others.dedup();
        // A hundred commits in one folder of reports are no pull request.
        others.truncate(16);
        let others = others.into_iter().filter_map(|commit| {
            let known = git::known(&self.root, &commit)?;
            Some((commit.to_string(), known.parents))
        });
        let all = others.chain([(released.to_string(), known.parents)]);
        history.merges = all.filter(|(_, parents)| parents.len() > 1).collect();
        history
    }

    /// The commit that is named, or else that of the work tree that the plan lies in.
    fn released_commit(&self) -> Result<Result<Commit, String>, Error> {
        if let Some(named) = &self.commit {
            let bad = |error: crate::model::CommitError| Error::BadCommit {
                text: named.clone(),
                reason: error.to_string(),
            };
            return Commit::parse(named).map(Ok).map_err(bad);
        }
        Ok(head::head(&self.root).map(|head| head.commit).map_err(|error| format!("{error}; pass --commit")))
    }

    /// What is known of every file that a criterion, a validation, a work package or a gate demands.
    fn required_files(&self, plan: &Plan<'_>) -> BTreeMap<String, FileFact> {
        let of_gates = self.config.gates.iter().flat_map(|gate| &gate.criteria);
        let requirements = plan.entries().iter().filter_map(|entry| entry.kind.evidence_requirement());
        let requirements =
            requirements.chain(of_gates.filter_map(|criterion| criterion.evidence_requirement.as_ref()));
        let paths = requirements.flat_map(|requirement| &requirement.files).map(|path| path.value.clone());
        paths.map(|path| (path.clone(), self.look_at(&path))).collect()
    }

    fn look_at(&self, path: &str) -> FileFact {
        let path = Path::new(path);
        // A plan cannot make relplan look outside of its folder.
        if !path.components().all(|part| matches!(part, Component::Normal(_) | Component::CurDir)) {
            return FileFact { state: FileState::Outside, time: Timestamp::Missing, commit: None };
        }
        self.fact_at(&self.root.join(path))
    }

    /// What is known of a file.
    pub(super) fn fact_at(&self, path: &Path) -> FileFact {
        let state = match std::fs::metadata(path) {
            Ok(about) if about.is_file() && about.len() > 0 => FileState::Present,
            Ok(about) if about.is_file() => FileState::Empty,
            _ => FileState::Absent,
        };
        let (commit, time) = self.origin_of(path);
        FileFact { state, time, commit }
    }

    /// What the nearest `evidence.json` says of a file; nothing beyond the folder of the plan is looked at.
    fn origin_of(&self, path: &Path) -> (Option<String>, Timestamp) {
        let above = path.ancestors().skip(1).take_while(|folder| folder.starts_with(&self.root));
        let files: Vec<PathBuf> = above.map(|folder| folder.join(evidence::FILE_NAME)).collect();
        let (mut commit, mut time) = (None, Timestamp::Missing);
        for file in files {
            let text = match std::fs::read_to_string(file) {
                Ok(text) => text,
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => continue,
                Err(_) => String::new(),
            };
            // One that cannot be read may say anything, and nothing above it speaks in its place.
            let Some(said) = evidence::origin(&text) else { return (commit, time.or(Timestamp::Unreadable)) };
            commit = commit.or(said.0);
            time = time.or(said.1);
        }
        (commit, time)
    }
}

impl JudgementInputs<'_> {
    /// What rules look at of it.
    pub fn reported(&self) -> Reported<'_> {
        Reported {
            evidence: &self.evidence,
            matches: Some(&self.matches),
            signatures: Some(&self.signatures),
        }
    }

    /// What a judge needs.
    pub fn basis<'d>(&'d self, project: &'d Project, plan: &'d Plan<'d>, graph: &'d Graph) -> Basis<'d> {
        Basis {
            plan,
            sources: &project.sources,
            graph,
            config: &project.config,
            facts: Facts {
                evidence: &self.evidence,
                matches: &self.matches,
                files: &self.files,
                incidents: &self.incidents,
                commit: self.commit.as_ref().map_err(String::as_str),
                history: &self.history,
                signatures: &self.signatures,
                work_tree: &self.work_tree,
                now: self.now,
            },
            profile: self.profile,
        }
    }
}
