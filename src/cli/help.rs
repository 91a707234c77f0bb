//! The commands by what people want to do, for the help of relplan itself.

use std::fmt::Write as _;

use clap::Command;

/// The headings of the help, each with its commands.
const GROUPS: &[(&str, &[&str])] = &[
    ("Check", &["check", "diff", "explain", "status"]),
    (
        "Decide",
        &["report", "gate", "checklist", "handoff", "freeze", "approve", "waive", "decide", "audit", "stamp"],
    ),
    (
        "View",
        &[
            "list", "trace", "matrix", "scope", "risks", "rollback", "replay", "calendar", "plan", "notes",
            "notify", "message",
        ],
    ),
    ("Deploy", &["watch"]),
    ("Plan ahead", &["forecast", "schedule", "health"]),
    ("Learn", &["metrics", "review", "retro", "postmortem"]),
    ("Edit", &["init", "new", "rename", "fmt"]),
    ("Integrate", &["brief", "export", "site", "schema", "completions", "man"]),
];

/// Commands that ask people something, or let another program do so, and those that read no plan.
const WITHOUT_PROGRESS: &[&str] = &[
    "approve",
    "waive",
    "decide",
    "rollback",
    "init",
    "explain",
    "stamp",
    "schema",
    "completions",
    "man",
    "watch",
];

/// Whether a command may take long and has the terminal for itself.
pub(super) fn takes_time(command: &str) -> bool {
    !WITHOUT_PROGRESS.contains(&command)
}

/// Lists the commands of relplan by group instead of one behind the other.
pub(super) fn grouped(command: Command) -> Command {
    let template = format!(
        "{{about-with-newline}}\n{{usage-heading}} {{usage}}\n{}\nOptions:\n{{options}}{{after-help}}",
        groups(&command)
    );
    command.help_template(template)
}

fn groups(command: &Command) -> String {
    let mut text = String::new();
    let width = command.get_subcommands().map(|inner| inner.get_name().len()).max().unwrap_or(0);
    for (heading, names) in GROUPS {
        let _ = write!(text, "\n{heading}:\n");
        for name in *names {
            let about = command.find_subcommand(name).and_then(Command::get_about);
            let about = about.map(ToString::to_string).unwrap_or_default();
            let _ = writeln!(text, "  {name:width$}  {about}");
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_command_is_in_one_group() {
        let command = crate::cli::command();
        let mut known: Vec<&str> = command.get_subcommands().map(Command::get_name).collect();
        let mut listed: Vec<&str> = GROUPS.iter().flat_map(|(_, names)| names.iter().copied()).collect();
        known.sort_unstable();
        listed.sort_unstable();
        assert_eq!(known, listed);
    }
}
