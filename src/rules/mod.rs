//! Floor 5: what can be wrong with a plan, one file per rule.
//!
//! A rule is one static and one function. Its doc comment is what `relplan
//! explain` shows, the rustdoc, and its page under `docs/rules/`; the examples
//! in it are run by a test. A new rule is a new file, its `mod` line, and its
//! entry in [`ALL`].

mod driver;
mod suppress;
#[cfg(test)]
mod tests;

use chrono::NaiveDate;

use crate::config::Config;
use crate::finding::{Level, Report};
use crate::graph::Graph;
use crate::model::Plan;
use crate::source::SourceMap;

pub use driver::{Levels, Outcome, UnknownRule, check_config, run};

/// Everything a rule may look at.
#[derive(Clone, Copy)]
pub struct Subject<'a> {
    /// The texts.
    pub sources: &'a SourceMap,
    /// What `relplan.toml` says.
    pub config: &'a Config,
    /// The entries.
    pub plan: &'a Plan<'a>,
    /// Their links.
    pub graph: &'a Graph,
    /// The day that the plan is looked at.
    pub today: NaiveDate,
}

/// A rule.
#[derive(Debug)]
pub struct Rule {
    /// Its stable code: `RP`, two digits for the group, two within it. Never reused.
    pub code: &'static str,
    /// Its name, which reads well behind "allow".
    pub name: &'static str,
    /// How much its findings weigh unless somebody says otherwise; nothing if it is off.
    pub level: Option<Level>,
    /// The version that first had it.
    pub since: &'static str,
    /// Its documentation, in Markdown: what it finds, why it matters, examples.
    pub docs: &'static str,
    /// Finds; returns how many things it looked at, so that a rule that had
    /// nothing to look at can be told from one that found nothing.
    pub check: fn(&Subject<'_>, &mut Vec<Report>) -> usize,
}

/// The groups of rules, by the first two digits of their codes.
pub const GROUPS: &[(&str, &str)] = &[
    ("00", "Files and YAML"),
    ("01", "Shape"),
    ("02", "Identity"),
    ("03", "Links and graph"),
    ("04", "Quality gates"),
    ("05", "Anti-patterns"),
    ("07", "Dates"),
    ("08", "Risk"),
    ("09", "Environments"),
    ("10", "Rollback"),
    ("11", "Configuration and suppressions"),
];

impl Rule {
    /// The group that it belongs to: `Links and graph`.
    pub fn group(&self) -> &'static str {
        let digits = self.code.get(2..4).unwrap_or("");
        GROUPS.iter().find(|(group, _)| *group == digits).map_or("", |(_, title)| title)
    }

    /// The first sentence of its documentation.
    pub fn summary(&self) -> &'static str {
        let paragraph = self.docs.trim_start();
        let end = paragraph.find("\n\n").unwrap_or(paragraph.len());
        paragraph[..end].trim()
    }
}

/// The rule with this name or code, letters in any case.
pub fn find(name_or_code: &str) -> Option<&'static Rule> {
    ALL.iter().copied().find(|rule| {
        rule.name.eq_ignore_ascii_case(name_or_code) || rule.code.eq_ignore_ascii_case(name_or_code)
    })
}

/// The name of the rule nearest to a word, if any is near enough to have been meant.
pub fn nearest(word: &str) -> Option<&'static str> {
    let word = word.to_ascii_lowercase();
    ALL.iter()
        .map(|rule| (strsim::damerau_levenshtein(rule.name, &word), rule.name))
        .filter(|(distance, name)| *distance <= 1 + name.len() / 4)
        .min()
        .map(|(_, name)| name)
}

/// Declares a rule: its documentation becomes part of it.
macro_rules! declare_rule {
    (
        $(#[doc = $docs:expr])+
        $code:literal, $name:literal, $level:expr, since $since:literal
    ) => {
        $(#[doc = $docs])+
        pub static RULE: $crate::rules::Rule = $crate::rules::Rule {
            code: $code,
            name: $name,
            level: $level,
            since: $since,
            docs: concat!($($docs, "\n"),+),
            check,
        };
    };
}

const ERROR: Option<Level> = Some(Level::Error);
const WARNING: Option<Level> = Some(Level::Warning);
#[allow(unused)]
const NOTE: Option<Level> = Some(Level::Note);

mod allow_without_reason;
mod duplicate_id;
mod link_target_missing;
mod unused_allow;
mod yaml_syntax;

/// Every rule, sorted by name.
pub static ALL: &[&Rule] = &[
    &allow_without_reason::RULE,
    &duplicate_id::RULE,
    &link_target_missing::RULE,
    &unused_allow::RULE,
    &yaml_syntax::RULE,
];
