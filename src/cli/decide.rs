//! `relplan decide`: the go/no-go report, and a record of it that cannot be changed unnoticed.

use std::path::{Path, PathBuf};

use chrono::Utc;
use clap::Args;

use super::approve::{refuse_signature, visible_name};
use super::judging::{JudgementRequest, JudgingArguments, StrictArguments, log_path, past_decisions};
use super::report::{FORMATS, RELEASE, outcome, verdict};
use super::signatures::Signatures;
use super::view::offering;
use super::{Global, Screen, Verdict};
use crate::config::RosterDigest;
use crate::error::Error;
use crate::exports::in_toto;
use crate::formats::json_text;
use crate::model::digest::Digest;
use crate::model::signed;
use crate::model::{Commit, Plan, id};
use crate::project::decision_log::RecordSigner;
use crate::project::{Project, decision_log, output, ssh};
use crate::report;
use crate::verdict::log::{self, Input, Record, Share};
use crate::verdict::signature;
use crate::verdict::waiver::recorded_waiver;
use crate::views::go_no_go::{GoNoGo, OpenCheck, go_no_go};

/// The arguments of `relplan decide`.
#[derive(Debug, Args)]
#[command(mut_arg("format", offering(FORMATS)), mut_arg("release", |release| release.help(RELEASE)))]
pub struct DecideArguments {
    #[command(flatten)]
    judging: JudgingArguments,
    #[command(flatten)]
    strict: StrictArguments,
    /// Who decides: a name, an address or a handle
    #[arg(long, value_name = "PERSON", required_unless_present = "verify")]
    by: Option<String>,
    /// A note for the record
    #[arg(long, value_name = "TEXT")]
    note: Option<String>,
    /// The decision log [default: decisions.jsonl beside relplan.toml]
    #[arg(long, value_name = "FILE")]
    log: Option<PathBuf>,
    /// Also write the decision as an in-toto statement
    #[arg(long, value_name = "FILE")]
    in_toto: Option<PathBuf>,
    /// Sign the decision with this SSH key: a private key, or a public key whose private key an agent holds
    #[arg(long, value_name = "KEY")]
    sign: Option<PathBuf>,
    /// Verify the decision log and its signatures instead of deciding
    #[arg(long, conflicts_with_all = ["by", "note", "in_toto", "evidence", "profile", "sign", "strict"])]
    verify: bool,
    /// The digest printed by an earlier `decide`, which the log must still contain
    #[arg(long, value_name = "DIGEST", requires = "verify")]
    head: Option<Digest>,
    /// The file of allowed signers to verify signatures by [default: as relplan.toml says]
    #[arg(long, value_name = "FILE", requires = "verify")]
    allowed_signers: Option<PathBuf>,
}

/// Runs the command.
pub(super) fn run(arguments: &DecideArguments, global: &Global, screen: &Screen) -> Result<Verdict, Error> {
    // Whoever holds nothing but the log can verify it.
    if let Some(path) = arguments.log.as_ref().filter(|_| arguments.verify) {
        let signers = arguments.signers()?.or_else(|| global.allowed_signers());
        return verify(path, arguments.head.as_ref(), signers.as_deref(), screen);
    }
    let JudgingArguments { view, evidence, base, .. } = &arguments.judging;
    let project = view.load_against(evidence, base, global, screen)?;
    let path = log_path(arguments.log.as_ref(), &project);
    view.guard(&project, &[&path])?;
    if let Some(statement) = &arguments.in_toto {
        project.guard(statement, &[&path])?;
    }
    if arguments.verify {
        let own = project.allowed_signers.map(|file| project.sources.file(file).text().as_bytes().to_vec());
        return verify(&path, arguments.head.as_ref(), arguments.signers()?.or(own).as_deref(), screen);
    }
    visible_name(arguments.by.as_deref().unwrap_or_default())?;
    let plan = project.plan();
    let graph = project.graph(&plan);
    let base = project.base_plan();
    let selection = view.selection_or_next(&plan, &graph)?;
    // What cannot be shown must not be recorded.
    let step = view.step_files(FORMATS)?;
    let judging = &arguments.judging;
    let request =
        JudgementRequest::new(judging, base.as_ref(), &project, (&plan, &graph), &selection, global)?;
    let past = past_decisions(&path, &selection, screen)?;
    let shown = go_no_go(request.basis(), &request.question(global, &past));
    let record = showable(&arguments.record(&shown, &plan, &project, global)?)?;
    let seal = |record: &Record| arguments.signature(record, &project);
    let seal: Option<&RecordSigner<'_>> = arguments.sign.as_ref().map(|_| &seal as &RecordSigner<'_>);
    let appended = decision_log::append(&path, record, seal)?;
    if let Some(file) = &arguments.in_toto {
        write_statement(&appended.log, file)?;
    }
    let outcome = outcome(&shown);
    view.show_judged(&project, &plan, (&shown, &outcome), report::go_no_go::report, (FORMATS, step), screen)?;
    if view.goes_to_a_file() {
        screen.remark(&summary(&shown));
    }
    arguments.remark_unknown(&project, screen);
    screen.remark(&format!(
        "{} recorded as decision {} in `{}`. Keep its digest elsewhere: {}\n",
        shown.decision.word(),
        appended.sequence,
        path.display(),
        appended.head
    ));
    Ok(verdict(shown.decision, arguments.strict.strict))
}

impl DecideArguments {
    /// The file of allowed signers that is named.
    fn signers(&self) -> Result<Option<Vec<u8>>, Error> {
        let Some(path) = &self.allowed_signers else { return Ok(None) };
        let unreadable = |source| Error::Unreadable { path: path.clone(), source };
        std::fs::read(path).map(Some).map_err(unreadable)
    }

    /// A signature of the record, if it would be valid.
    fn signature(&self, record: &Record, project: &Project) -> Result<String, Error> {
        let key = self.sign.as_deref().unwrap_or(Path::new(""));
        let made = ssh::sign(key, signed::DECISION, &record.payload().map_err(std::io::Error::from)?)?;
        let record = Record { signature: Some(made.clone()), ..record.clone() };
        if let Some(claim) = signature::claim_of_decision(&record) {
            refuse_signature(&claim, project)?;
        }
        Ok(made)
    }

    /// The person of the roster who decides, if it knows them.
    fn person(&self, project: &Project) -> Option<String> {
        let roster = project.config.roster.as_ref()?;
        Some(roster.person_name(roster.person(self.by.as_deref()?)?).to_owned())
    }

    fn remark_unknown(&self, project: &Project, screen: &Screen) {
        if let (Some(_), None, Some(by)) = (&project.config.roster, self.person(project), &self.by) {
            screen.remark(&format!("the roster does not know {}: `[roles]` of relplan.toml\n", by.trim()));
        }
    }

    fn record(
        &self,
        shown: &GoNoGo,
        plan: &Plan<'_>,
        project: &Project,
        global: &Global,
    ) -> Result<Record, Error> {
        let release = shown.release.as_ref().and_then(|release| plan.release(&release.id));
        Ok(Record {
            version: log::VERSION,
            sequence: 0,
            previous: None,
            // Whatever day the plan is judged for, this is when it was decided.
            time: Utc::now(),
            day: shown.day,
            today: global.day().1.then(|| global.day().0),
            relplan: env!("CARGO_PKG_VERSION").to_owned(),
            release: shown.release.as_ref().map(|release| release.id.clone()),
            commit: shown.commit.as_deref().and_then(|commit| Commit::parse(commit).ok()),
            decision: shown.decision,
            // The log holds shares of one, as other programs expect them.
            confidence: shown.confidence.percent.map(Share::of_percent),
            profile: Some(shown.profile.name.clone()),
            gates: shown
                .gates
                .iter()
                .map(|gate| log::Gate { name: gate.name.clone(), verdict: gate.status })
                .collect(),
            checks: shown
                .checks
                .iter()
                .map(|check| log::Check {
                    id: check.id.clone(),
                    verdict: check.verdict,
                    reason: check.reason.clone(),
                    blocking: check.blocking,
                    kind: Some(check.kind),
                    proof: Some(check.proof.kind),
                })
                .collect(),
            blockers: shown.blockers.iter().map(|open| open.id.clone()).collect(),
            waivers: shown
                .waived
                .iter()
                .map(|waived| recorded_waiver(plan, release, (&waived.id, &waived.reason)))
                .collect(),
            by: self.by.as_ref().map(|by| by.trim().to_owned()),
            person: self.person(project),
            roster: project.config.roster_digest.as_ref().map(roster),
            configuration: shown
                .configuration
                .as_ref()
                .map(|file| Input { path: file.path.clone(), sha256: file.sha256 }),
            inputs: inputs(project)?,
            note: self.note.clone(),
            signature: None,
        })
    }
}

/// The decision and what it rests on, a line each: for the screen, where the report goes to a file.
fn summary(shown: &GoNoGo) -> String {
    let line = |open: &OpenCheck| match id::parse(&open.id) {
        Ok(id) => format!("  {id} {}: {}\n", open.title, open.reason),
        // The id of a check of a gate says no more than what it is called.
        Err(_) => format!("  {}: {}\n", open.title, open.reason),
    };
    let lists =
        [("blockers", &shown.blockers), ("waivers", &shown.waived), ("non-blocking issues", &shown.open)];
    let mut text = format!("{}\n", shown.decision.word());
    for (name, list) in lists.into_iter().filter(|(_, list)| !list.is_empty()) {
        text += &format!("{name}: {}\n", list.len());
        list.iter().for_each(|open| text += &line(open));
    }
    text
}

/// The roster as the record keeps it.
fn roster(digest: &RosterDigest) -> log::Roster {
    let role = |(name, sha256): &(String, Digest)| log::Role { name: name.clone(), sha256: *sha256 };
    log::Roster { sha256: digest.whole, roles: digest.roles.iter().map(role).collect() }
}

/// A record as it may be shown: the log is kept for ever, and goes into repositories.
fn showable(record: &Record) -> Result<Record, Error> {
    let text = serde_json::to_string(record).map_err(std::io::Error::from)?;
    Ok(serde_json::from_str(&json_text::showable(text)).map_err(std::io::Error::from)?)
}

/// The digest of every file that was read.
fn inputs(project: &Project) -> Result<Vec<Input>, Error> {
    let mut inputs = Vec::new();
    for ((_, file), path) in project.sources.iter().zip(&project.paths) {
        // What came over standard input has no other bytes than these.
        let bytes = match path {
            Some(path) => {
                std::fs::read(path).map_err(|source| Error::Unreadable { path: path.clone(), source })?
            }
            None => file.text().as_bytes().to_vec(),
        };
        inputs.push(Input { path: file.name().to_owned(), sha256: Digest::of(&bytes) });
    }
    inputs.sort_by(|first, second| first.path.cmp(&second.path));
    Ok(inputs)
}

fn write_statement(log: &[u8], file: &Path) -> Result<(), Error> {
    let broken = |broken: Vec<log::Broken>| Error::BrokenLog {
        path: file.to_owned(),
        broken: decision_log::in_words(&broken),
    };
    let summary = log::verify(log, None).map_err(broken)?;
    match summary.records.last() {
        Some(record) => {
            let Some(statement) = in_toto::statement(record) else {
                return Err(Error::NoSubject);
            };
            let text = serde_json::to_string_pretty(&statement).map_err(std::io::Error::from)?;
            output::write(file, format!("{text}\n").as_bytes())
        }
        None => Ok(()),
    }
}

fn verify(
    path: &Path,
    head: Option<&Digest>,
    signers: Option<&[u8]>,
    screen: &Screen,
) -> Result<Verdict, Error> {
    let bytes = decision_log::read(path)?;
    match log::verify(&bytes, head) {
        Ok(_) if !path.exists() => Err(Error::NoLog { path: path.to_owned() }),
        Ok(summary) if summary.records.is_empty() => Err(Error::EmptyLog { path: path.to_owned() }),
        Ok(summary) => {
            let count = summary.records.len();
            let lines = if count == 1 { "1 decision".to_owned() } else { format!("{count} decisions") };
            let digest = summary.head.map(|head| head.to_string()).unwrap_or_default();
            let text = match head {
                Some(_) => {
                    format!("{lines}: the log is intact and contains that digest; the last is {digest}\n")
                }
                None => format!(
                    "{lines}: the log is intact; the last is {digest}\nonly a digest that is kept elsewhere reveals a change to the end of the log: --head\n"
                ),
            };
            let signatures = Signatures::of(&summary.records, signers);
            screen.product(format!("{text}{}", signatures.in_words()).as_bytes())?;
            Ok(if signatures.are_fine() { Verdict::Fine } else { Verdict::Findings })
        }
        Err(broken) => {
            let lines: Vec<String> =
                decision_log::in_words(&broken).iter().map(|line| format!("{line}\n")).collect();
            screen.product(lines.concat().as_bytes())?;
            Ok(Verdict::Findings)
        }
    }
}
