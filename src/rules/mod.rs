//! Floor 6: what can be wrong with a plan, one folder per group of rules and one file per rule.
//!
//! A rule is one static and one function. Its doc comment is what `relplan
//! explain` shows, the rustdoc, and its page under `docs/rules/`; the examples
//! in it are run by a test. A new rule is a new file in the folder of its group,
//! with its `mod` line and its entry in `RULES` of that folder's `mod.rs`.

/// Declares a rule: its documentation becomes part of it.
macro_rules! declare_rule {
    (
        $(#[doc = $docs:expr])+
        $code:literal, $name:literal, $level:expr, since $since:literal $(, formerly $former:literal)*
    ) => {
        $(#[doc = $docs])+
        pub static RULE: $crate::rules::Rule = $crate::rules::Rule {
            code: $code,
            name: $name,
            formerly: &[$($former),*],
            level: $level,
            since: $since,
            docs: concat!($($docs, "\n"),+),
            check,
        };
    };
}

mod config;
mod dates;
mod defects;
mod driver;
mod environments;
mod evidence;
mod files;
mod gates;
mod identity;
mod link_rules;
mod links;
mod masking;
mod missing_statement;
mod practices;
mod risk;
mod rollback;
mod shape;
mod subject;
mod suppress;
#[cfg(test)]
mod tests;
mod words;

use std::sync::LazyLock;

use crate::finding::{Level, Report};

pub use config::loosened::{Compared, GUARDED, in_words as loosened_in_words};
pub use driver::{Levels, Outcome, UnknownRule, add_blockers, check_config, run, run_named, secrets};
pub use evidence::gate_failed::AskedGate;
pub use subject::{Reported, Subject};

/// A rule.
#[derive(Debug)]
pub struct Rule {
    /// Its stable code: `RP`, two digits for the group, two within it. Never reused.
    pub code: &'static str,
    /// Its name, which reads well behind "allow".
    pub name: &'static str,
    /// The names that it had in earlier versions: they still find it.
    pub formerly: &'static [&'static str],
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

/// A group of rules: one folder.
#[derive(Debug)]
pub struct Group {
    /// What the codes of its rules have behind `RP`: `03`.
    pub digits: &'static str,
    /// What its rules are about: `Links and graph`.
    pub title: &'static str,
    /// Its rules, sorted by name.
    pub rules: &'static [&'static Rule],
}

/// The groups of rules, by the first two digits of their codes.
pub static GROUPS: &[Group] = &[
    Group { digits: "00", title: "Files and YAML", rules: files::RULES },
    Group { digits: "01", title: "Shape", rules: shape::RULES },
    Group { digits: "02", title: "Identity", rules: identity::RULES },
    Group { digits: "03", title: "Links and graph", rules: links::RULES },
    Group { digits: "04", title: "Quality gates", rules: gates::RULES },
    Group { digits: "05", title: "Anti-patterns", rules: practices::RULES },
    Group { digits: "06", title: "Evidence and approvals", rules: evidence::RULES },
    Group { digits: "07", title: "Dates", rules: dates::RULES },
    Group { digits: "08", title: "Risk", rules: risk::RULES },
    Group { digits: "09", title: "Environments", rules: environments::RULES },
    Group { digits: "10", title: "Rollback", rules: rollback::RULES },
    Group { digits: "11", title: "Configuration and suppressions", rules: config::RULES },
];

/// Every rule, sorted by name.
pub static ALL: LazyLock<Vec<&'static Rule>> = LazyLock::new(|| {
    let mut rules: Vec<&Rule> = GROUPS.iter().flat_map(|group| group.rules.iter().copied()).collect();
    rules.sort_by_key(|rule| rule.name);
    rules
});

impl Rule {
    /// The group that it belongs to: `Links and graph`.
    pub fn group(&self) -> &'static str {
        let digits = self.code.get(2..4).unwrap_or("");
        GROUPS.iter().find(|group| group.digits == digits).map_or("", |group| group.title)
    }

    /// The first sentence of its documentation.
    pub fn summary(&self) -> &'static str {
        let paragraph = self.docs.trim_start();
        let end = paragraph.find("\n\n").unwrap_or(paragraph.len());
        paragraph[..end].trim()
    }

    /// Its documentation as Markdown that any reader understands: the examples have headings, and
    /// nothing but their language behind their fences.
    pub fn markdown(&self) -> String {
        let lines = self.docs.lines().map(|line| line.strip_prefix(' ').unwrap_or(line));
        let docs: String = lines.map(|line| format!("{line}\n")).collect();
        let headings = [
            ("```toml,bad", "With this `relplan.toml`:\n\n```toml"),
            ("```toml,good", "With this `relplan.toml`:\n\n```toml"),
        ];
        let mut docs = docs.trim_start().to_owned();
        for (fence, heading) in headings {
            docs = docs.replace(fence, heading);
        }
        for language in ["yaml", "xml", "json", "csv", "lcov"] {
            for (sort, heading) in [("bad", "Found:"), ("good", "Right:"), ("beside", "Beside it:")] {
                docs = docs.replace(&format!("```{language},{sort}"), &format!("{heading}\n\n```{language}"));
            }
        }
        docs
    }

    /// What it finds and why it matters, without the examples: paragraphs of one line each.
    pub fn prose(&self) -> String {
        let mut paragraphs: Vec<String> = Vec::new();
        let (mut in_example, mut in_paragraph) = (false, false);
        for line in self.docs.lines().map(str::trim) {
            if line.starts_with("```") {
                in_example = !in_example;
                in_paragraph = false;
            } else if line.is_empty() {
                in_paragraph = false;
            } else if !in_example {
                match paragraphs.last_mut().filter(|_| in_paragraph) {
                    Some(paragraph) => *paragraph += &format!(" {line}"),
                    None => paragraphs.push(line.to_owned()),
                }
                in_paragraph = true;
            }
        }
        paragraphs.join("\n\n")
    }
}

/// The rule with this name, earlier name or code, letters in any case.
pub fn find(name_or_code: &str) -> Option<&'static Rule> {
    ALL.iter().copied().find(|rule| {
        let mut words = [rule.name, rule.code].into_iter().chain(rule.formerly.iter().copied());
        words.any(|word| word.eq_ignore_ascii_case(name_or_code))
    })
}

/// The rule that had this name in an earlier version, letters in any case.
pub fn renamed(name: &str) -> Option<&'static Rule> {
    find(name).filter(|rule| rule.formerly.iter().any(|former| former.eq_ignore_ascii_case(name)))
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

const ERROR: Option<Level> = Some(Level::Error);
const WARNING: Option<Level> = Some(Level::Warning);
const NOTE: Option<Level> = Some(Level::Note);
