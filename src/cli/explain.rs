//! `relplan explain`: what a rule finds, why, and how it looks when it is right.

use clap::Args;

use super::{Screen, Verdict};
use crate::error::Error;
use crate::formats::table;
use crate::rules::{self, Rule};

/// The arguments of `relplan explain`.
#[derive(Debug, Args)]
pub struct ExplainArguments {
    /// The name or the code of a rule, such as owner-missing or RP0408
    #[arg(value_name = "RULE", required_unless_present = "list")]
    rule: Option<String>,
    /// List all rules
    #[arg(long, conflicts_with = "rule")]
    list: bool,
}

/// Runs the command.
pub(super) fn run(arguments: &ExplainArguments, screen: &Screen) -> Result<Verdict, Error> {
    let text = match &arguments.rule {
        Some(name) => {
            let near = || rules::nearest(name);
            let rule =
                rules::find(name).ok_or_else(|| Error::NoSuchRule { name: name.clone(), near: near() })?;
            page(rule)
        }
        None => table::rules(screen.style().width),
    };
    screen.product(text.as_bytes())?;
    Ok(Verdict::Fine)
}

/// The documentation of a rule as Markdown; `docs/rules/` holds the same.
pub fn page(rule: &Rule) -> String {
    let level = rule.level.map_or("off", |level| level.word());
    let formerly: String = rule.formerly.iter().map(|name| format!(" Formerly `{name}`.")).collect();
    format!(
        "# {} ({})\n\nLevel: {level}. Group: {}. Since relplan {}.{formerly}\n\n{}",
        rule.name,
        rule.code,
        rule.group(),
        rule.since,
        rule.markdown()
    )
}
