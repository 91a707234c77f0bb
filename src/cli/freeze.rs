//! `relplan freeze`: which freezes there are, and whether a merge or a deployment is frozen.

use std::path::PathBuf;

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, Utc};
use chrono_tz::Tz;
use clap::Args;

use super::view::{Formats, ViewArguments, offering};
use super::{EvidenceArguments, Global, Screen, Verdict};
use crate::config::Config;
use crate::config::calendar::{Boundary, boundary};
use crate::error::Error;
use crate::finding::Level;
use crate::formats::github::{Annotation, annotations};
use crate::model::dep::Environment;
use crate::model::reader::nearest_name;
use crate::model::{Entry, Plan, id, same_folded};
use crate::project::output;
use crate::report;
use crate::schedule::{Change, ChangedEnvironment};
use crate::source::SourceMap;
use crate::views::freeze::{FreezeQuestion, FreezeState, FreezeView, freeze};

const FORMATS: Formats = &["terminal", "github", "html", "json", "markdown"];

/// The arguments of `relplan freeze`.
#[derive(Debug, Args)]
#[command(
    mut_arg("format", offering(FORMATS)),
    mut_arg("release", |release| release.help("The release that is merged or deployed: an id, a version, or `next`"))
)]
pub struct FreezeArguments {
    /// Exit with 1 if the change is frozen, or if that is unknown
    #[arg(long)]
    check: bool,
    /// The branch that is merged to
    #[arg(long, value_name = "BRANCH", value_parser = not_empty)]
    branch: Option<String>,
    /// The environment that is deployed to, by name or id
    #[arg(long, value_name = "ENVIRONMENT", value_parser = not_empty)]
    environment: Option<String>,
    /// The time: RFC 3339, or local to the calendar such as 2027-03-01T18:00 [default: now; with --today the start of
    /// that day]
    #[arg(long, value_name = "TIME", value_parser = parse_time)]
    at: Option<Time>,
    /// Also write the answer as variables to a file, for `artifacts:reports:dotenv` of GitLab
    #[arg(long, value_name = "FILE")]
    dotenv: Option<PathBuf>,
    #[command(flatten)]
    view: ViewArguments,
}

/// A time of an argument.
#[derive(Debug, Clone, Copy)]
pub(super) enum Time {
    /// With its offset.
    Moment(DateTime<Utc>),
    /// In the time zone of the calendar.
    Local(NaiveDateTime),
}

fn parse_time(text: &str) -> Result<Time, String> {
    let text = text.trim();
    if let Ok(moment) = DateTime::parse_from_rfc3339(text) {
        return Ok(Time::Moment(moment.to_utc()));
    }
    if let Ok(moment) = DateTime::parse_from_str(text, "%Y-%m-%dT%H:%M%#z") {
        return Ok(Time::Moment(moment.to_utc()));
    }
    let local = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"];
    let local = local.iter().find_map(|form| NaiveDateTime::parse_from_str(text, form).ok());
    local
        .map(Time::Local)
        .ok_or_else(|| "write a time such as 2027-03-01T18:00 or 2027-03-01T18:00:00Z".to_owned())
}

fn not_empty(text: &str) -> Result<String, String> {
    let text = text.trim();
    match text.is_empty() {
        true => Err("the value is empty: a variable of the pipeline may not be set".to_owned()),
        false => Ok(text.to_owned()),
    }
}

/// Runs the command.
pub(super) fn run(arguments: &FreezeArguments, global: &Global, screen: &Screen) -> Result<Verdict, Error> {
    let FreezeArguments { view, .. } = arguments;
    // As for a judgement: a workspace is not open because its root is.
    let project = view.load_with(&EvidenceArguments::default(), global, screen)?;
    if let Some(path) = &arguments.dotenv {
        project.guard(path, &[])?;
    }
    let step = view.step_files(FORMATS)?;
    let plan = project.plan();
    let graph = project.graph(&plan);
    let release = match view.names_release() {
        true => {
            view.selection(&plan, &graph)?.release.and_then(|release| plan.find(id::parse(&release.id).ok()?))
        }
        false => None,
    };
    let environment = arguments.environment.as_deref();
    let environment = environment.map(|name| named_environment(name, &plan, &project.config)).transpose()?;
    let change = Change { branch: arguments.branch.as_deref(), environment: environment.as_ref() };
    let question = FreezeQuestion { at: moment(arguments.at, &project.config, global), change, release };
    let shown = freeze(&plan, &project.config, question, plan.is_whole());
    if let Some(path) = &arguments.dotenv {
        output::write(path, dotenv(&shown).as_bytes())?;
    }
    let day = global.day().0;
    let lower = |shown: &FreezeView| report::freeze::report(shown, day);
    match step {
        Some(step) => {
            step.answer(&lower(&shown), &outputs(&shown), screen)?;
            view.write(&log(&shown, arguments.check, &project.sources), screen)?;
        }
        None => {
            view.show(&plan, &shown, lower, FORMATS, screen)?;
        }
    }
    Ok(if arguments.check && shown.is_closed() { Verdict::Findings } else { Verdict::Fine })
}

/// The moment that is asked about: the one that is named, the start of the day that is named, or now.
fn moment(at: Option<Time>, config: &Config, global: &Global) -> DateTime<Utc> {
    match (at, global.today) {
        (Some(Time::Moment(at)), _) => at,
        (Some(Time::Local(at)), _) => local_moment(at, config),
        (None, Some(day)) => start_of(day, config),
        (None, None) => Utc::now(),
    }
}

/// The start of a day in the time zone of the calendar.
pub(super) fn start_of(day: NaiveDate, config: &Config) -> DateTime<Utc> {
    local_moment(day.and_time(NaiveTime::MIN), config)
}

fn local_moment(local: NaiveDateTime, config: &Config) -> DateTime<Utc> {
    let zone = config.calendar.zone.as_ref().map_or(Tz::UTC, |zone| zone.value);
    boundary(local, zone, Boundary::Start).unwrap_or_else(|| local.and_utc())
}

/// The environment that a name or an id means: one that the plan describes, or that a freeze names.
fn named_environment(text: &str, plan: &Plan<'_>, config: &Config) -> Result<ChangedEnvironment, Error> {
    let by_id = id::parse(text).ok().and_then(|id| plan.find(id)).map(|index| plan.entry(index).id.value);
    let name_of =
        |environment: &Environment<'_>| environment.name.as_ref().map(|name| name.value.trim().to_owned());
    let is = |entry: &Entry<'_>, name: Option<&str>| {
        by_id == Some(entry.id.value) || name.is_some_and(|name| same_folded(name, text))
    };
    let mut found: Option<ChangedEnvironment> = None;
    let mut names: Vec<String> = Vec::new();
    for (entry, environment) in plan.environments() {
        let name = name_of(environment);
        if is(entry, name.as_deref()) {
            let name = name.clone().unwrap_or_else(|| entry.id.value.to_string());
            let found = found.get_or_insert_with(|| ChangedEnvironment { name, ids: Vec::new() });
            found.ids.push(entry.id.value);
        }
        names.push(name.unwrap_or_else(|| entry.id.value.to_string()));
    }
    let of_freezes = config.calendar.freezes.iter().flat_map(|freeze| &freeze.environments);
    let of_freezes: Vec<&str> = of_freezes.map(|name| name.value.trim()).collect();
    let is_named = names.is_empty() && of_freezes.iter().any(|name| same_folded(name, text));
    if let Some(found) = found {
        return Ok(found);
    }
    if is_named {
        return Ok(ChangedEnvironment { name: text.to_owned(), ids: Vec::new() });
    }
    names.extend(of_freezes.into_iter().map(str::to_owned));
    names.sort_unstable();
    names.dedup();
    let near = nearest_name(text, names.iter().map(String::as_str)).map(str::to_owned);
    Err(Error::NoSuchEnvironment { name: text.to_owned(), near, known: names })
}

/// What later steps of a pipeline are told.
fn outputs(shown: &FreezeView) -> Vec<(&'static str, String)> {
    let active = shown.freezes.iter().filter(|freeze| freeze.is_active);
    let names: Vec<&str> = active.map(|freeze| freeze.name.as_str()).collect();
    let state = match shown.state {
        FreezeState::Open => "open",
        FreezeState::Excepted => "excepted",
        FreezeState::Frozen => "frozen",
        FreezeState::Unknown => "unknown",
    };
    vec![
        ("freeze", state.to_owned()),
        ("freezes", names.join(", ")),
        ("opens_at", shown.opens_at.clone().unwrap_or_default()),
        ("freezes_at", shown.freezes_at.clone().unwrap_or_default()),
    ]
}

/// The same as a dotenv file. Values have no line ends and no quotes in them: GitLab reads a line as it is.
fn dotenv(shown: &FreezeView) -> String {
    let harmless = |value: &str| value.replace(|letter: char| letter.is_control(), " ");
    let line = |(name, value): (&str, String)| {
        format!("RELPLAN_{}={}\n", name.to_ascii_uppercase(), harmless(&value))
    };
    outputs(shown).into_iter().map(line).collect()
}

/// The lines of the log: the answer, and an annotation where the step fails.
fn log(shown: &FreezeView, is_check: bool, sources: &SourceMap) -> String {
    let message = report::freeze::sentence(shown);
    let (_, word) = report::freeze::word(shown.state);
    let line = format!("{word}: {message}\n");
    match is_check && shown.is_closed() {
        true => {
            let title = format!("Release freeze: {word}");
            let marks = [Annotation { level: Level::Error, place: None, title, message }];
            format!("{}{line}", annotations(&marks, sources))
        }
        false => line,
    }
}
