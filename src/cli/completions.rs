//! `relplan completions`: the line that makes a shell ask relplan what fits, and the answers to it.
//!
//! The answers come from the plan around the working folder: its ids with their titles, releases, gates, owners.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::Args;
use clap_complete::engine::{ArgValueCandidates, CompletionCandidate};
use clap_complete::env::{CompleteEnv, Shells};

use super::{Screen, Verdict};
use crate::error::Error;
use crate::model::{Kind, Plan};
use crate::project::{Project, Request};

/// The variable by which a shell asks.
const VARIABLE: &str = "RELPLAN_COMPLETE";

/// The arguments of `relplan completions`.
#[derive(Debug, Args)]
pub struct CompletionArguments {
    /// The shell
    shell: clap_complete::Shell,
}

/// Runs the command.
pub(super) fn run(arguments: &CompletionArguments, screen: &Screen) -> Result<Verdict, Error> {
    let mut bytes = Vec::new();
    let name = arguments.shell.to_string();
    if let Some(shell) = Shells::builtins().completer(&name) {
        shell.write_registration(VARIABLE, "relplan", "relplan", "relplan", &mut bytes)?;
    }
    screen.product(&bytes)?;
    Ok(Verdict::Fine)
}

/// Answers a shell that asks what fits, and ends the process; does nothing otherwise.
pub(super) fn answer() {
    CompleteEnv::with_factory(|| with_candidates(super::command())).var(VARIABLE).bin("relplan").complete();
}

/// What fits an argument.
type Candidates = fn() -> Vec<CompletionCandidate>;

/// The arguments whose values the plan knows: the command, the argument, and what fits.
const KNOWN: &[(&str, &str, Candidates)] = &[
    ("trace", "id", ids),
    ("rename", "from", ids),
    ("postmortem", "id", incidents),
    ("explain", "rule", rules),
    ("gate", "name", gates),
    ("check", "gate", gates),
    ("list", "family", families),
    ("list", "owner", owners),
    ("new", "family", families),
    ("matrix", "from", families),
    ("matrix", "to", families),
    ("checklist", "owner", owners),
    ("forecast", "without", epics),
    ("forecast", "resolve", open_risks),
];

fn with_candidates(mut command: clap::Command) -> clap::Command {
    for (name, argument, candidates) in KNOWN {
        command = command.mut_subcommand(*name, |inner| with(inner, argument, *candidates));
    }
    let names: Vec<String> = command.get_subcommands().map(|inner| inner.get_name().to_owned()).collect();
    for name in names {
        command =
            command.mut_subcommand(name, |inner| with(with(inner, "release", releases), "profile", profiles));
    }
    command
}

/// The command with what fits one of its arguments, if it has that. Arguments keep their order.
fn with(command: clap::Command, argument: &'static str, candidates: Candidates) -> clap::Command {
    command.mut_args(|known| match known.get_id() == argument {
        true => known.add(ArgValueCandidates::new(candidates)),
        false => known,
    })
}

/// Whether every argument with candidates exists, so that a renamed one is found out.
#[cfg(test)]
fn missing() -> Vec<String> {
    let command = super::command();
    let has = |name: &str, argument: &str| {
        let inner = command.get_subcommands().find(|inner| inner.get_name() == name);
        inner.is_some_and(|inner| inner.get_arguments().any(|known| known.get_id() == argument))
    };
    KNOWN
        .iter()
        .filter(|(name, argument, _)| !has(name, argument))
        .map(|(name, argument, _)| format!("{name} {argument}"))
        .collect()
}

/// The plan that the command line is about: that of `--plan`, or around the working folder.
fn project() -> Option<Project> {
    let working_folder = std::env::current_dir().ok()?;
    let words: Vec<OsString> = std::env::args_os().collect();
    let named = words.iter().position(|word| word == "--plan").and_then(|at| words.get(at + 1));
    let plan = named.map(|plan| working_folder.join(PathBuf::from(plan)));
    Project::load(&Request { working_folder, plan, ..Request::default() }).ok()
}

/// What fits, with a word about each; nothing where there is no plan.
fn of_plan(find: impl Fn(&Project, &Plan<'_>) -> Vec<(String, String)>) -> Vec<CompletionCandidate> {
    let Some(project) = project() else { return Vec::new() };
    let plan = project.plan();
    let found = find(&project, &plan).into_iter();
    found.map(|(value, about)| candidate(value, &about)).collect()
}

fn candidate(value: String, about: &str) -> CompletionCandidate {
    let about = about.lines().next().filter(|line| !line.is_empty()).map(|line| line.to_owned().into());
    CompletionCandidate::new(value).help(about)
}

fn ids() -> Vec<CompletionCandidate> {
    of_plan(|_, plan| {
        let entries = plan.entries().iter();
        entries.map(|entry| (entry.id.value.to_string(), entry.title().to_owned())).collect()
    })
}

fn epics() -> Vec<CompletionCandidate> {
    of_plan(|_, plan| {
        plan.epics().map(|(entry, _)| (entry.id.value.to_string(), entry.title().to_owned())).collect()
    })
}

fn incidents() -> Vec<CompletionCandidate> {
    of_plan(|_, plan| {
        let incidents = plan.incidents();
        incidents.map(|(entry, _)| (entry.id.value.to_string(), entry.title().to_owned())).collect()
    })
}

fn open_risks() -> Vec<CompletionCandidate> {
    of_plan(|_, plan| {
        let open = plan.risks().filter(|(_, risk)| risk.is_open());
        open.map(|(entry, _)| (entry.id.value.to_string(), entry.title().to_owned())).collect()
    })
}

fn releases() -> Vec<CompletionCandidate> {
    let mut found = of_plan(|_, plan| {
        let releases = plan.of_kind("REL", |kind| match kind {
            Kind::Rel(rel) => Some(rel),
            _ => None,
        });
        releases.map(|(entry, _)| (entry.id.value.to_string(), entry.title().to_owned())).collect()
    });
    found.push(candidate("next".to_owned(), "the earliest release that has not shipped"));
    found
}

fn families() -> Vec<CompletionCandidate> {
    of_plan(|_, plan| {
        let count = |entries: usize| crate::model::phrase::counted(entries, "entry");
        plan.families().map(|(prefix, entries)| (prefix.to_string(), count(entries.len()))).collect()
    })
}

fn owners() -> Vec<CompletionCandidate> {
    of_plan(|_, plan| {
        let mut owners = std::collections::BTreeMap::new();
        for owner in plan.entries().iter().filter_map(|entry| entry.owner.as_ref()) {
            *owners.entry(owner.value.to_string()).or_insert(0usize) += 1;
        }
        owners
            .into_iter()
            .map(|(owner, count)| (owner, crate::model::phrase::counted(count, "entry")))
            .collect()
    })
}

fn gates() -> Vec<CompletionCandidate> {
    of_plan(|project, _| {
        let gates = project.config.gates.iter();
        gates.map(|gate| (gate.name.clone(), gate.title.clone())).collect()
    })
}

fn profiles() -> Vec<CompletionCandidate> {
    of_plan(|project, _| {
        let profiles = project.config.profiles.iter();
        profiles.map(|profile| (profile.name.clone(), String::new())).collect()
    })
}

fn rules() -> Vec<CompletionCandidate> {
    let rules = crate::rules::ALL.iter();
    rules.map(|rule| candidate(rule.name.to_owned(), rule.summary())).collect()
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_argument_with_candidates_exists() {
        assert_eq!(super::missing(), [""; 0]);
    }
}
