//! Runs the rules: settles levels before, names and sorts findings after.

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};

use super::{ALL, GUARDED, Rule, Subject, find, masking, nearest, suppress};
use crate::config::Config;
use crate::finding::{Finding, Level, Report};
use crate::source::{FileId, Span, settings};

/// The level of every rule of a run.
#[derive(Debug, Clone)]
pub struct Levels {
    levels: FxHashMap<&'static str, Option<Level>>,
    /// The rules whose level somebody has set.
    set: FxHashSet<&'static str>,
    asked_by: FxHashMap<&'static str, Span>,
}

/// A rule that somebody set a level for and that does not exist.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownRule {
    /// What was written.
    pub name: String,
    /// The rule that was probably meant.
    pub suggestion: Option<&'static str>,
    /// Where in `relplan.toml`; nothing if it was on the command line.
    pub span: Option<Span>,
}

impl Levels {
    /// The levels of the rules themselves, then of `[rules]`, then of the command line.
    pub fn new(config: &Config, command_line: &[(String, Option<Level>)]) -> Result<Self, Vec<UnknownRule>> {
        let mut levels = Levels {
            levels: ALL.iter().map(|rule| (rule.code, rule.level)).collect(),
            set: FxHashSet::default(),
            asked_by: FxHashMap::default(),
        };
        let mut unknown = Vec::new();
        for line in &config.levels {
            let name = &line.rule.value;
            match levels.set(name, line.level) {
                Some(code) => {
                    levels.asked_by.insert(code, line.span);
                }
                None => unknown.push(UnknownRule::new(name, Some(line.rule.span))),
            }
        }
        unknown.extend(levels.take(command_line));
        if unknown.is_empty() { Ok(levels) } else { Err(unknown) }
    }

    /// The same for a plan that is compared with a base: the rules that compare weigh as the base says.
    pub fn against(
        config: &Config,
        base: &Config,
        command_line: &[(String, Option<Level>)],
    ) -> Result<Self, Vec<UnknownRule>> {
        let mut levels = Levels::new(config, &[])?;
        let of_base = Levels::lenient(base);
        for rule in GUARDED.iter().filter_map(|name| find(name)) {
            levels.levels.insert(rule.code, of_base.of(rule));
            levels.set.insert(rule.code);
            levels.asked_by.remove(rule.code);
        }
        let unknown = levels.take(command_line);
        if unknown.is_empty() { Ok(levels) } else { Err(unknown) }
    }

    /// Takes the levels of the command line; the rules that do not exist.
    fn take(&mut self, command_line: &[(String, Option<Level>)]) -> Vec<UnknownRule> {
        let mut unknown = Vec::new();
        for (name, level) in command_line {
            match self.set(name, *level) {
                Some(code) => {
                    self.asked_by.remove(code);
                }
                None => unknown.push(UnknownRule::new(name, None)),
            }
        }
        unknown
    }

    /// The same for a configuration of another time: rules that do not exist are left aside.
    pub fn lenient(config: &Config) -> Self {
        let mut levels = Levels {
            levels: ALL.iter().map(|rule| (rule.code, rule.level)).collect(),
            set: FxHashSet::default(),
            asked_by: FxHashMap::default(),
        };
        for line in &config.levels {
            if let Some(code) = levels.set(&line.rule.value, line.level) {
                levels.asked_by.insert(code, line.span);
            }
        }
        levels
    }

    /// The level of every rule, by name.
    pub fn all(&self) -> BTreeMap<&'static str, Option<Level>> {
        ALL.iter().map(|rule| (rule.name, self.of(rule))).collect()
    }

    fn set(&mut self, name: &str, level: Option<Level>) -> Option<&'static str> {
        let rule = find(name)?;
        self.levels.insert(rule.code, level);
        self.set.insert(rule.code);
        Some(rule.code)
    }

    /// The level of a rule; nothing if it is off.
    pub fn of(&self, rule: &Rule) -> Option<Level> {
        self.levels.get(rule.code).copied().flatten()
    }
}

impl UnknownRule {
    fn new(name: &str, span: Option<Span>) -> Self {
        UnknownRule { name: name.to_owned(), suggestion: nearest(name), span }
    }
}

/// What a run of the rules found.
#[derive(Debug, Default)]
pub struct Outcome {
    /// Everything found, by file, place and code.
    pub findings: Vec<Finding>,
    /// How many rules looked.
    pub rules_run: usize,
    /// Rules that had nothing to look at, by name.
    pub idle: Vec<&'static str>,
    /// Rules that are off, by name.
    pub off: Vec<&'static str>,
    /// How many findings were allowed inline.
    pub allowed: usize,
    /// Text that must not be shown: secrets.
    pub masked: Vec<Span>,
}

/// Runs every rule that is not off.
pub fn run(subject: &Subject<'_>, levels: &Levels) -> Outcome {
    run_those(subject, levels, |_| true)
}

/// What some rules find, those with these names.
pub fn run_named(subject: &Subject<'_>, levels: &Levels, names: &FxHashSet<&'static str>) -> Vec<Finding> {
    // Whether an allow is used, all rules must have said.
    let needs_all = [&super::config::unused_allow::RULE, &super::config::allow_without_reason::RULE];
    let all = needs_all.iter().any(|rule| names.contains(rule.name));
    let mut findings = run_those(subject, levels, |rule| all || names.contains(rule.name)).findings;
    findings.retain(|finding| names.contains(finding.name));
    findings
}

fn run_those(subject: &Subject<'_>, levels: &Levels, wanted: impl Fn(&Rule) -> bool) -> Outcome {
    let wanted = ALL.iter().filter(|rule| wanted(rule));
    let run: Vec<(&Rule, Level)> = wanted.filter_map(|rule| Some((*rule, levels.of(rule)?))).collect();
    let reports: Vec<(Vec<Report>, usize)> = run
        .par_iter()
        .map(|(rule, _)| {
            let mut reports = Vec::new();
            let looked_at = (rule.check)(subject, &mut reports);
            (reports, looked_at)
        })
        .collect();
    let mut outcome = Outcome {
        rules_run: run.len(),
        off: ALL.iter().filter(|rule| levels.of(rule).is_none()).map(|rule| rule.name).collect(),
        ..Outcome::default()
    };
    for ((rule, level), (reports, looked_at)) in run.iter().zip(reports) {
        if looked_at == 0 {
            outcome.idle.push(rule.name);
        }
        let asked_by = levels.asked_by.get(rule.code).copied();
        let is_set = levels.set.contains(rule.code);
        let findings = reports.into_iter().map(|report| {
            let level = report.default_level.filter(|_| !is_set).unwrap_or(*level);
            finding(rule, level, report, asked_by)
        });
        outcome.findings.extend(findings);
    }
    outcome.masked = secrets(subject);
    suppress::apply(subject, levels, &mut outcome);
    masking::show(&mut outcome.findings, subject.sources);
    outcome.findings.sort_by(|first, second| first.order().cmp(&second.order()));
    outcome
}

/// Adds what keeps the gate of the subject closed. A gate is judged by what all other rules found, so that its own rule
/// comes last; no comment in the plan allows what it finds.
pub fn add_blockers(subject: &Subject<'_>, levels: &Levels, outcome: &mut Outcome) {
    let rule = &super::evidence::gate_failed::RULE;
    let Some(level) = levels.of(rule) else { return };
    let mut reports = Vec::new();
    if (rule.check)(subject, &mut reports) > 0 {
        outcome.idle.retain(|name| *name != rule.name);
    }
    let asked_by = levels.asked_by.get(rule.code).copied();
    let mut findings: Vec<Finding> =
        reports.into_iter().map(|report| finding(rule, level, report, asked_by)).collect();
    masking::show(&mut findings, subject.sources);
    outcome.findings.append(&mut findings);
    outcome.findings.sort_by(|first, second| first.order().cmp(&second.order()));
}

/// The places of secrets. No output may show them, whatever the level of their rule.
pub fn secrets(subject: &Subject<'_>) -> Vec<Span> {
    let mut reports = Vec::new();
    (super::environments::secret_in_configuration::RULE.check)(subject, &mut reports);
    let mut places: Vec<Span> =
        reports.iter().filter_map(|report| report.labels.first()).map(|label| label.span).collect();
    // In the configuration of an environment the value of a secret is one, however short it is.
    let files: BTreeSet<FileId> =
        subject.configuration_files.map(|files| files.files().collect()).unwrap_or_default();
    for file in files {
        let all = settings::read(file, subject.sources.file(file)).all.into_iter();
        places
            .extend(all.filter(|one| one.names_secret() && !one.value.is_empty()).map(|one| one.value_span));
    }
    places
}

/// Runs the rules on `relplan.toml` alone: those of its defects.
pub fn check_config(subject: &Subject<'_>) -> Vec<Finding> {
    let config_rules = ["config-syntax", "config-key", "config-value"];
    let mut findings = Vec::new();
    for rule in config_rules.iter().filter_map(|name| find(name)) {
        let mut reports = Vec::new();
        (rule.check)(subject, &mut reports);
        findings.extend(reports.into_iter().map(|report| finding(rule, Level::Error, report, None)));
    }
    masking::show(&mut findings, subject.sources);
    findings.sort_by(|first, second| first.order().cmp(&second.order()));
    findings
}

/// Adds what a rule may not decide: its code, its name, its level.
pub(super) fn finding(rule: &Rule, level: Level, report: Report, asked_by: Option<Span>) -> Finding {
    let mut finding = Finding {
        code: rule.code,
        name: rule.name,
        level: report.level.unwrap_or(level),
        message: report.message,
        labels: report.labels,
        help: report.help,
        notes: report.notes,
        fix: report.fix,
        about: report.about,
    };
    // A level that somebody asked for is shown with the line that asks for it.
    if let Some(span) = asked_by.filter(|_| !finding.labels.is_empty()) {
        finding
            .labels
            .push(crate::finding::Label { span, text: format!("`{}` is set to {level} here", rule.name) });
    }
    finding
}
