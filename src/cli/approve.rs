//! `relplan approve`: writes down that somebody approves, and what it was that they approved.

use std::path::{Path, PathBuf};

use chrono::NaiveDate;
use clap::Args;

use super::{Global, Paths, Screen, Verdict, parse_day};
use crate::config::{Config, Roster, gates};
use crate::error::Error;
use crate::model::digest::Digest;
use crate::model::document::APPROVALS;
use crate::model::identity::{is_no_person, is_same_person};
use crate::model::link::{self, Reference};
use crate::model::phrase::counted;
use crate::model::reader::nearest_name;
use crate::model::signed::{self, SignedApproval};
use crate::model::{ApprovalRecord, EntryIndex, Id, Plan, same_folded};
use crate::project::lock::Lock;
use crate::project::record_file::RecordSigner;
use crate::project::{Project, ssh};
use crate::source::append::{Item, scalar};
use crate::source::{FileId, Span};
use crate::verdict::approval::{
    ApprovalContext, ApprovalStatus, Record, Subject, asked_roles, examine, known_gates, roles,
};
use crate::verdict::signature::{Claim, SignatureState, principal};

/// The arguments of `relplan approve`.
#[derive(Debug, Args)]
pub struct ApproveArguments {
    /// The role of the approver
    #[arg(long)]
    role: String,
    /// The approver: a name, an address or a handle of the roster
    #[arg(long, value_name = "PERSON")]
    by: String,
    /// The approved release: an id, a version, or `next` [default: next, or the whole plan without
    /// releases]
    #[arg(long, value_name = "RELEASE")]
    release: Option<String>,
    /// Approve only this gate
    #[arg(long, value_name = "GATE")]
    gate: Option<String>,
    /// Approve only these entries instead of a release: `EPIC-001, TEST-001..TEST-009`
    #[arg(long, value_name = "IDS")]
    of: Vec<String>,
    /// A note for the record
    #[arg(long, value_name = "TEXT")]
    note: Option<String>,
    /// The last day on which the approval is valid
    #[arg(long, value_name = "DATE", value_parser = parse_day)]
    expires: Option<NaiveDate>,
    /// Sign the approval with this SSH key: a private key, or a public key whose private key an agent holds
    #[arg(long, value_name = "KEY")]
    sign: Option<PathBuf>,
    #[command(flatten)]
    writing: WriteOptions,
}

/// How a record is written.
#[derive(Debug, Args)]
pub(super) struct WriteOptions {
    /// The plan file to write to [default: the file with such records, or approvals.yaml]
    #[arg(long, value_name = "FILE")]
    file: Option<PathBuf>,
    /// Show the change without writing it
    #[arg(long, visible_alias = "dry-run")]
    diff: bool,
}

/// What is approved.
struct Approved {
    /// The release, if it is about one.
    release: Option<EntryIndex>,
    /// The entries, if it is about some only.
    of: Vec<EntryIndex>,
    /// Everything that it covers.
    entries: Vec<EntryIndex>,
    digest: Digest,
}

/// Runs the command.
pub(super) fn run(arguments: &ApproveArguments, global: &Global, screen: &Screen) -> Result<Verdict, Error> {
    let _lock = arguments.writing.lock(global)?;
    let project = global.load(&Paths { paths: Vec::new() }, screen)?;
    let plan = whole_plan(&project)?;
    let graph = project.graph(&plan);
    let context = ApprovalContext::new(&plan, &graph, &project.sources, &project.config);
    let (today, _) = global.day();
    arguments.refuse_gate(&plan, &project)?;
    let approved = arguments.approved(&plan, &graph, &context)?;
    let record = arguments.record(&plan, &context, &approved, today)?;
    let last = plan.approvals.last().map(|record| record.span.file);
    let last = last.or_else(|| plan.waivers.last().map(|record| record.span.file));
    let item = arguments.item(&plan, context.roster(), &approved, &record);
    let seal = |record: &ApprovalRecord<'_>| arguments.signature(record, &project);
    let seal: Option<&RecordSigner<'_>> = arguments.sign.as_ref().map(|_| &seal as &RecordSigner<'_>);
    let place = arguments.writing.write(&project, last, APPROVALS, &item, seal, screen)?;
    if let Some(place) = place {
        let what = approved.in_words(&plan);
        let digest = approved.digest.short();
        screen.remark(&format!(
            "approved {what} as {} ({digest}): {place}\n",
            arguments.role(context.roster())
        ));
        if let Some(unasked) = arguments.unasked(&plan, &project.config, &approved) {
            screen.remark(&unasked);
        }
        if let Some(key) = &arguments.sign {
            screen.remark(&format!("signed with {}\n", key.display()));
            if project.allowed_signers.is_none() {
                screen.remark("not verifiable: add `[signatures]` with `allowed_signers` to relplan.toml\n");
            }
        }
        if context.roster().is_none() {
            screen.remark("not confirmed by a roster: add `[roles]` to relplan.toml\n");
        }
    }
    Ok(Verdict::Fine)
}

/// The plan, if all of it could be read: what nobody has read nobody can approve.
pub(super) fn whole_plan(project: &Project) -> Result<Plan<'_>, Error> {
    let plan = project.plan();
    super::require_entries(&plan)?;
    match plan.is_whole() {
        true => Ok(plan),
        false if plan.is_read() => Err(refused(
            "the plan is incomplete: a glob of relplan.toml matches no file",
            "run `relplan check` for the glob",
        )),
        false => Err(refused("the plan is incomplete", "fix the errors of `relplan check` first")),
    }
}

pub(super) fn refused(reason: impl Into<String>, hint: impl Into<String>) -> Error {
    Error::NotRecorded { reason: reason.into(), hint: hint.into() }
}

/// Refuses a name that names no person: one without a visible letter, or a placeholder.
pub(super) fn visible_name(by: &str) -> Result<(), Error> {
    match is_no_person(by) {
        false => Ok(()),
        true => Err(refused(
            format!("`--by {}` is not a person", by.trim().escape_debug()),
            "pass a name, a handle or an address: `--by dana@example.com`",
        )),
    }
}

/// Refuses a signature that would not be valid where it is checked.
pub(super) fn refuse_signature(claim: &Claim, project: &Project) -> Result<(), Error> {
    if project.allowed_signers.is_none() {
        return Ok(());
    }
    match project.check_signatures(std::slice::from_ref(claim)).pop() {
        Some(SignatureState::Invalid { reason }) => Err(refused(
            format!("the signature of {} would not be valid: {reason}", claim.principal),
            format!("sign with a key that `allowed_signers` gives to `{}`", claim.principal),
        )),
        Some(SignatureState::Valid { .. } | SignatureState::Unchecked { .. }) | None => Ok(()),
    }
}

/// The entry of the release that the command line names, or else of the next.
pub(super) fn release_of(
    plan: &Plan<'_>,
    graph: &crate::graph::Graph,
    name: Option<&str>,
) -> Result<Option<EntryIndex>, Error> {
    let selection = super::view::one_release(plan, graph, name)?;
    Ok(selection.release.and_then(|release| plan.release(&release.id)))
}

impl ApproveArguments {
    fn approved(
        &self,
        plan: &Plan<'_>,
        graph: &crate::graph::Graph,
        context: &ApprovalContext<'_>,
    ) -> Result<Approved, Error> {
        let of = named(plan, &self.of)?;
        let release = match &self.release {
            None if !of.is_empty() => None,
            name => release_of(plan, graph, name.as_deref())?,
        };
        if release.is_none() && of.is_empty() && plan.releases().next().is_some() {
            return Err(refused(
                "no unreleased release",
                "choose a release with `--release`, or entries with `--of`",
            ));
        }
        let entries = if of.is_empty() { context.entries(release) } else { of.clone() };
        let digest = match of.is_empty() {
            true => context.digest_of(release),
            false => context.digest(of.iter().copied()),
        };
        Ok(Approved { release, of, entries, digest })
    }

    /// A gate that nobody knows would never ask for the approval.
    fn refuse_gate(&self, plan: &Plan<'_>, project: &Project) -> Result<(), Error> {
        let Some(name) = self.gate.as_deref().map(str::trim) else { return Ok(()) };
        let config = &project.config;
        if gates::find(&config.gates, name).is_some() {
            return super::gate::named(project, name).map(|_| ());
        }
        let known = known_gates(plan, config);
        if known.iter().any(|known| same_folded(known, name)) {
            return Ok(());
        }
        let near = nearest_name(name, known.iter().map(String::as_str)).map(str::to_owned);
        Err(Error::NoSuchGate { name: name.to_owned(), near, known })
    }

    /// That no approval by the role is required here, if so.
    fn unasked(&self, plan: &Plan<'_>, config: &Config, approved: &Approved) -> Option<String> {
        let gate = self.gate.as_deref().map(str::trim);
        let subject = Subject { release: approved.release, gate, of: &approved.of };
        let asked = asked_roles(plan, config, subject);
        let given = roles(&self.role, config.roster.as_ref());
        if given.iter().any(|role| asked.iter().any(|asked| same_folded(asked, role))) {
            return None;
        }
        let role = self.role(config.roster.as_ref());
        let near = nearest_name(role, asked.iter().map(String::as_str))
            .map(|near| format!("; did you mean `{near}`?"))
            .unwrap_or_default();
        Some(format!(
            "not required: no gate, profile, release, handoff or `sign_off` needs an approval by {role}{near}\n"
        ))
    }

    /// The approval, if it would count.
    fn record<'a>(
        &'a self,
        plan: &'a Plan<'a>,
        context: &ApprovalContext<'a>,
        approved: &Approved,
        today: NaiveDate,
    ) -> Result<Record<'a>, Error> {
        let owned = if approved.of.is_empty() { approved.release.as_slice() } else { &approved.of };
        let record = Record {
            place: Span::new(FileId(0), 0, 0),
            role: Some(self.role.trim()),
            by: Some(self.by.trim()),
            on: Some(today),
            release: None,
            gate: self.gate.as_deref().map(str::trim),
            of: None,
            expires: self.expires,
            withdrawn: false,
            digest: None,
            now: approved.digest,
            signature: None,
            owners: owned.iter().flat_map(|index| ApprovalContext::owners(plan.entry(*index))).collect(),
        };
        if self.role.trim().is_empty() {
            return Err(refused("an approval needs a role", "pass `--role`"));
        }
        visible_name(&self.by)?;
        if let Some(expires) = self.expires.filter(|expires| *expires < today) {
            return Err(refused(
                format!("{expires} is in the past: the approval would be expired"),
                "use a later date",
            ));
        }
        let status = examine(&record, &self.role, context.roster(), today);
        if !status.counts() {
            let ask =
                context.roster().and_then(|roster| Some(roster.holders_on(roster.role(&self.role)?, today)));
            return Err(would_not_count(&status, self.role.trim(), &ask.unwrap_or_default()));
        }
        self.refuse_again(plan, context, approved, today)?;
        Ok(record)
    }

    /// A signature of the record, if it would count.
    fn signature(&self, record: &ApprovalRecord<'_>, project: &Project) -> Result<String, Error> {
        let key = self.sign.as_deref().unwrap_or(Path::new(""));
        let payload = SignedApproval::of(record).bytes();
        let made = ssh::sign(key, signed::APPROVAL, &payload)?;
        let claim = Claim {
            namespace: signed::APPROVAL,
            principal: principal(self.by.trim(), project.config.roster.as_ref()),
            time: signed::moment(record.on.map(|on| on.value).unwrap_or_default()),
            payload,
            signature: made.clone(),
        };
        refuse_signature(&claim, project)?;
        Ok(made)
    }

    /// A second approval of the same by the same person in the same role says nothing new.
    fn refuse_again(
        &self,
        plan: &Plan<'_>,
        context: &ApprovalContext<'_>,
        approved: &Approved,
        today: NaiveDate,
    ) -> Result<(), Error> {
        let same_person = |by: &str| match context.roster() {
            Some(roster) => roster.person(by).is_some() && roster.person(by) == roster.person(&self.by),
            None => is_same_person(by, &self.by),
        };
        let text = |text: Option<&str>| text.map(str::trim).unwrap_or_default().to_owned();
        let again = plan.approvals.iter().find(|record| {
            let is = |own: &Option<crate::model::Text<'_>>, other: Option<&str>| {
                same_folded(&text(own.as_ref().map(|own| &*own.value)), &text(other))
            };
            is(&record.role, Some(&self.role))
                && record.by.as_ref().is_some_and(|by| same_person(&by.value))
                && is(&record.gate, self.gate.as_deref())
                && record.digest.as_ref().and_then(|digest| Digest::parse(&digest.value))
                    == Some(approved.digest)
                && context.named(&record.of) == approved.of
                && record.expires.is_none_or(|expires| expires.value >= today)
                && !record.is_withdrawal()
                // One that is signed says more than one that is not.
                && (record.signature.is_some() || self.sign.is_none())
        });
        let Some(again) = again else { return Ok(()) };
        let taken_back = plan.approvals.iter().any(|other| {
            let by = other.by.as_ref().is_some_and(|by| same_person(&by.value));
            other.is_withdrawal() && by && other.on.map(|on| on.value) >= again.on.map(|on| on.value)
        });
        if taken_back {
            return Ok(());
        }
        let on = again.on.map(|on| format!(" on {}", on.value)).unwrap_or_default();
        Err(refused(
            format!("{} already approved this as {}{on}", self.by.trim(), self.role.trim()),
            "nothing has changed since: the approval is still valid",
        ))
    }

    /// The role, in the roster's spelling, which is the one that people know.
    fn role<'a>(&'a self, roster: Option<&'a Roster>) -> &'a str {
        let known = roster.and_then(|roster| roster.role(&self.role));
        known.map_or(self.role.trim(), |role| &role.name.value)
    }

    fn item(
        &self,
        plan: &Plan<'_>,
        roster: Option<&Roster>,
        approved: &Approved,
        record: &Record<'_>,
    ) -> Item {
        let id = |index: &EntryIndex| plan.entry(*index).id.value.to_string();
        let ids: Vec<String> = approved.of.iter().map(id).collect();
        let fields = [
            ("role", Some(scalar(self.role(roster)))),
            ("by", record.by.map(scalar)),
            ("on", record.on.map(|on| on.to_string())),
            ("release", approved.release.as_ref().map(id)),
            ("gate", record.gate.map(scalar)),
            ("of", (!ids.is_empty()).then(|| format!("[{}]", ids.join(", ")))),
            ("digest", Some(approved.digest.to_string())),
            ("expires", self.expires.map(|expires| expires.to_string())),
            ("note", self.note.as_deref().map(str::trim).filter(|note| !note.is_empty()).map(scalar)),
        ];
        fields.into_iter().filter_map(|(key, value)| Some((key, value?))).collect()
    }
}

impl WriteOptions {
    /// Keeps others from writing records until ours is written: it is added to what was read before.
    pub(super) fn lock(&self, global: &Global) -> Result<Option<Lock>, Error> {
        if self.diff { Ok(None) } else { global.lock().map(Some) }
    }

    /// Writes a record, and says where; or shows what would be written.
    pub(super) fn write(
        &self,
        project: &Project,
        last: Option<FileId>,
        key: &str,
        item: &Item,
        seal: Option<&RecordSigner<'_>>,
        screen: &Screen,
    ) -> Result<Option<String>, Error> {
        let working_folder =
            std::env::current_dir().map_err(|source| Error::Unreadable { path: ".".into(), source })?;
        let record_file = project.record_file(&working_folder, self.file.as_deref(), last)?;
        let entered = match seal {
            Some(seal) => record_file.enter_signed(item, seal)?,
            None => record_file.enter(key, item)?,
        };
        if self.diff {
            screen.product(entered.diff().as_bytes())?;
            return Ok(None);
        }
        let place = format!("{}:{}", record_file.name(), entered.line);
        entered.write()?;
        Ok(Some(place))
    }
}

impl Approved {
    fn in_words(&self, plan: &Plan<'_>) -> String {
        let count = counted(self.entries.len(), "entry").replace("entrys", "entries");
        match self.release.filter(|_| self.of.is_empty()) {
            Some(release) => format!("{count} of {}", plan.entry(release).id.value),
            None => count,
        }
    }
}

/// An approval that is refused, in the words that a report would have for it.
fn would_not_count(status: &ApprovalStatus, role: &str, ask: &[String]) -> Error {
    let reason = match status {
        ApprovalStatus::OwnWork { by, entry } => {
            format!("{by} owns {entry} and cannot approve it as {role}")
        }
        status => format!("the approval would not count: {}", status.reason(role)),
    };
    let hint = status.next(role, ask).unwrap_or_else(|| "ask another person".to_owned());
    refused(reason, hint)
}

/// The entries that `--of` names.
fn named(plan: &Plan<'_>, texts: &[String]) -> Result<Vec<EntryIndex>, Error> {
    let mut named = Vec::new();
    for text in texts {
        let (found, errors) = link::parse(text);
        if let Some(error) = errors.first() {
            let text = text.get(error.range.clone()).unwrap_or(text).to_owned();
            return Err(Error::BadId { text, reason: "selects no entry".to_owned() });
        }
        for reference in found {
            match reference {
                Reference::One { id, .. } => named.push(entry(plan, id)?),
                Reference::Member { range, .. } => {
                    let text = text.get(range).unwrap_or(text).to_owned();
                    return Err(Error::BadId { text, reason: "is in another plan".to_owned() });
                }
                Reference::Span { from, to, .. } => {
                    entry(plan, from.0)?;
                    entry(plan, to.0)?;
                    named.extend(plan.between(from.0, to.0).iter());
                }
            }
        }
    }
    named.sort_unstable();
    named.dedup();
    Ok(named)
}

/// The entry of an id.
pub(super) fn entry(plan: &Plan<'_>, id: Id) -> Result<EntryIndex, Error> {
    plan.find(id).ok_or_else(|| Error::NoSuchEntry {
        id: id.to_string(),
        near: plan.near(id).take(3).map(|entry| entry.id.value.to_string()).collect(),
    })
}
