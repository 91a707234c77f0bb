//! `relplan message`: a message about a release, for mail or chat. Nothing is sent.

use std::path::PathBuf;

use clap::builder::PossibleValuesParser;
use clap::{Args, ValueEnum};

use super::judging::JudgingArguments;
use super::notes::To;
use super::trace::{id_of, no_such_entry};
use super::view::one_release;
use super::{EvidenceArguments, Global, Paths, Screen, Verdict, health, remark_unread};
use crate::error::Error;
use crate::formats::message::{Envelope, MESSAGE_FORMATS};
use crate::graph::{Graph, Selection};
use crate::messages::{MessageKind, compose};
use crate::model::phrase::counted;
use crate::model::rel::Rel;
use crate::model::{Choice, EntryIndex, Kind, Plan, id};
use crate::project::{Project, output};
use crate::views::calendar::{Range, calendar};
use crate::views::incidents::release_of;
use crate::views::message::{IncidentFacts, StatusFacts, incident_facts, message_facts, status_facts};
use crate::views::notes::notes;

/// The arguments of `relplan message`.
#[derive(Debug, Args)]
pub struct MessageArguments {
    /// What the message is about
    #[arg(value_name = "MESSAGE")]
    kind: KindWord,
    #[command(flatten)]
    paths: Paths,
    /// The release: an id, a version, or `next` [default: the next one, or the last that shipped]
    #[arg(long, value_name = "RELEASE")]
    release: Option<String>,
    /// The readers; each reads the release notes that are for them
    #[arg(long, value_name = "AUDIENCE", default_value = "customers")]
    audience: To,
    /// The phase of the rollout, by name or number
    #[arg(long, value_name = "PHASE", required_if_eq("kind", "phase"))]
    phase: Option<String>,
    /// The incident that the message is about, by its id
    #[arg(long, value_name = "ID", required_if_eq("kind", "incident"))]
    incident: Option<String>,
    /// A template of your own (Jinja) in place of the built-in one
    #[arg(long, value_name = "FILE", conflicts_with = "print_template")]
    template: Option<PathBuf>,
    /// Print the built-in template, to begin one of your own with
    #[arg(long)]
    print_template: bool,
    /// The output format
    #[arg(long, value_name = "FORMAT", default_value = "markdown", value_parser = format_names())]
    format: String,
    /// The address of the sender of a mail
    #[arg(long, value_name = "ADDRESS", value_parser = address)]
    from: Option<String>,
    /// The addresses of the receivers of a mail
    #[arg(long, value_name = "ADDRESS", value_parser = address)]
    to: Vec<String>,
    /// Write to a file instead of standard output
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

/// The kinds of messages as words of the command line.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum KindWord {
    /// The release is planned: changes, dates
    Announcement,
    /// The rollout is near: days, phases, what to do before
    Notice,
    /// The rollout has started
    Start,
    /// The rollout has reached its next phase; needs --phase
    Phase,
    /// The rollout is complete: changes, known issues
    Completion,
    /// The release is being rolled back
    Rollback,
    /// An incident: status, impact, times; needs --incident
    Incident,
    /// The week: health, progress, this week, next week, support needed
    StatusUpdate,
    /// One page: decision, objectives, top risks, support needed
    ExecutiveSummary,
}

impl From<KindWord> for MessageKind {
    fn from(word: KindWord) -> Self {
        match word {
            KindWord::Announcement => MessageKind::Announcement,
            KindWord::Notice => MessageKind::Notice,
            KindWord::Start => MessageKind::Start,
            KindWord::Phase => MessageKind::Phase,
            KindWord::Completion => MessageKind::Completion,
            KindWord::Rollback => MessageKind::Rollback,
            KindWord::Incident => MessageKind::Incident,
            KindWord::StatusUpdate => MessageKind::StatusUpdate,
            KindWord::ExecutiveSummary => MessageKind::ExecutiveSummary,
        }
    }
}

fn format_names() -> PossibleValuesParser {
    let values = MESSAGE_FORMATS.iter();
    PossibleValuesParser::new(
        values.map(|format| clap::builder::PossibleValue::new(format.name).help(format.about)),
    )
}

/// An address for the head of a mail: one line, and something on both sides of one at sign.
fn address(text: &str) -> Result<String, String> {
    let text = text.trim();
    let is_plain = |part: &str| {
        !part.is_empty()
            && !part.contains(|c: char| c.is_control() || c.is_whitespace() || "<>,;:\"".contains(c))
    };
    match text.split_once('@') {
        Some((name, domain)) if is_plain(name) && is_plain(domain) && !domain.contains('@') => {
            Ok(text.to_owned())
        }
        _ => Err("write an address such as releases@example.com".to_owned()),
    }
}

/// Runs the command.
pub(super) fn run(arguments: &MessageArguments, global: &Global, screen: &Screen) -> Result<Verdict, Error> {
    let kind = MessageKind::from(arguments.kind);
    if arguments.print_template {
        screen.product(kind.template().as_bytes())?;
        return Ok(Verdict::Fine);
    }
    let template = match &arguments.template {
        Some(path) => std::fs::read_to_string(path)
            .map_err(|source| Error::Unreadable { path: path.clone(), source })?,
        None => kind.template().to_owned(),
    };
    let evidence = kind.reports_status().then(EvidenceArguments::default);
    let project = global.load_with(&arguments.paths, evidence.as_ref(), screen)?;
    if let Some(output) = &arguments.output {
        let template = arguments.template.as_deref();
        project.guard(output, template.as_slice())?;
    }
    let plan = project.plan();
    let graph = project.graph(&plan);
    super::require_entries(&plan)?;
    let name = arguments.release.as_deref();
    let selection = match name {
        Some(_) => one_release(&plan, &graph, name)?,
        None => Selection::of_one_or_latest(&plan, &graph, None)
            .map_err(|error| super::view::no_such_release(None, error))?,
    };
    let release = selection.release.as_ref().and_then(|release| plan.find(id::parse(&release.id).ok()?));
    let entry = release.map(|index| plan.entry(index));
    let Some((entry, Kind::Rel(rel))) = entry.map(|entry| (entry, &entry.kind)) else {
        return Err(Error::NoReleaseToTell);
    };
    if let Some(status) = kind.contradicts(rel) {
        let (release, message) = (entry.id.value.to_string(), kind.name());
        return Err(Error::UntimelyMessage { release, status: status.word(), message });
    }
    let today = global.day().0;
    let range = Range { release, ..Range::default() };
    let dates = calendar(&plan, &project.config, &project.sources, today, &range);
    let id = entry.id.value.to_string();
    let Some(dates) = dates.releases.into_iter().find(|dates| dates.id == id) else {
        return Err(Error::NoReleaseToTell);
    };
    let notes = notes(&plan, &graph, &selection, Some(arguments.audience.into()), today);
    let product = project.config.name.as_ref().map(|name| name.value.as_str());
    let facts = message_facts(product, (entry, rel), &dates, notes, arguments.phase.as_deref());
    let mut facts = facts.map_err(|error| Error::NoSuchPhase {
        name: arguments.phase.clone().unwrap_or_default(),
        known: error.known,
    })?;
    if let Some(name) = arguments.incident.as_deref().filter(|_| kind == MessageKind::Incident) {
        facts.incident = Some(incident(&plan, release, name)?);
    }
    if kind.reports_status() {
        let seen = (&project, (&plan, &graph), &selection);
        facts.status = Some(status(seen, rel, (global, screen))?);
    }
    let format = MESSAGE_FORMATS.iter().find(|format| format.name == arguments.format);
    let format = format.ok_or(Error::NoReleaseToTell)?;
    let message = compose(&template, &facts, format.escape).map_err(|error| Error::BadTemplate {
        path: arguments.template.clone().unwrap_or_else(|| kind.name().into()),
        line: error.line.unwrap_or(1),
        reason: error.reason,
    })?;
    let envelope = Envelope { from: arguments.from.clone(), to: arguments.to.clone(), date: global.moment() };
    let text = (format.write)(&message, &envelope)
        .map_err(|error| Error::UnsuitableMessage { reason: error.reason, help: error.help })?;
    match &arguments.output {
        Some(path) => output::write(path, text.as_bytes())?,
        None => screen.product(text.as_bytes())?,
    }
    remark_unread(&plan, screen);
    if message.gaps > 0 {
        let facts = if message.gaps == 1 { "fact" } else { "facts" };
        screen.remark(&format!(
            "note: {} in the message: add the missing {facts} to the plan\n",
            counted(message.gaps, "gap")
        ));
    }
    Ok(Verdict::Fine)
}

/// The incident that a message is about: one of the release.
fn incident(plan: &Plan<'_>, release: Option<EntryIndex>, name: &str) -> Result<IncidentFacts, Error> {
    let id = id_of(name)?;
    let index = plan.find(id).ok_or_else(|| no_such_entry(plan, id))?;
    let entry = plan.entry(index);
    match &entry.kind {
        Kind::Incident(incident) if release_of(plan, entry) == release => Ok(incident_facts(entry, incident)),
        Kind::Incident(_) => Err(Error::IncidentOfAnother { id: id.to_string() }),
        _ => {
            let known = plan.incidents().map(|(entry, _)| entry.id.value.to_string()).collect();
            Err(Error::NotAnIncident { id: id.to_string(), known })
        }
    }
}

/// How the release stands, judged as `relplan health` judges it.
fn status(
    (project, (plan, graph), selection): (&Project, (&Plan<'_>, &Graph), &Selection),
    rel: &Rel<'_>,
    (global, screen): (&Global, &Screen),
) -> Result<StatusFacts, Error> {
    let judging = JudgingArguments::of_plan();
    let made = health::of_release(&judging, (project, None), (plan, graph), selection, (global, screen))?;
    let likelihood = made.forecast.target.as_ref().map(|target| target.likelihood);
    let seen = (&made.health, &made.judged, likelihood);
    Ok(status_facts((plan, selection), rel, seen, global.day().0))
}
