//! `relplan check`: what is wrong, where, and what to do.

use std::path::PathBuf;
use std::time::Instant;

use clap::{Args, ValueEnum};

use super::{EvidenceArguments, Global, Paths, Screen, Verdict, fix};
use crate::config::LevelWord;
use crate::error::Error;
use crate::finding::{Finding, Level};
use crate::formats::{self, Against, CheckReport, FINDING_FORMATS, FindingFormat, table, terminal};
use crate::model::Choice;
use crate::project::{Project, baseline, write};
use crate::rules::Levels;

/// The arguments of `relplan check`.
#[derive(Debug, Args)]
pub struct CheckArguments {
    #[command(flatten)]
    paths: Paths,
    #[command(flatten)]
    evidence: EvidenceArguments,
    /// How to write the findings
    #[arg(long, value_name = "FORMAT", value_parser = format_names())]
    format: Option<String>,
    /// Write the findings to a file instead of standard output; its ending chooses the format if none is given
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// The lightest level that makes the exit code 1
    #[arg(long, value_name = "LEVEL", default_value = "error")]
    fail_on: FailOn,
    /// Set the level of a rule for this run: error, warning, note or off; repeatable
    #[arg(long = "rule", value_name = "NAME=LEVEL", value_parser = parse_rule_level)]
    rules: Vec<(String, Option<Level>)>,
    /// Do not report what an earlier run reported: the file is its `--format json`
    #[arg(long, value_name = "FILE")]
    baseline: Option<PathBuf>,
    /// Count the findings of each rule
    #[arg(long)]
    statistics: bool,
    /// Apply the safe fixes to the files
    #[arg(long)]
    fix: bool,
    /// With --fix: apply the suggested fixes too
    #[arg(long, requires = "fix")]
    suggested: bool,
    /// With --fix: show the changes instead of making them
    #[arg(long, requires = "fix")]
    diff: bool,
}

/// The lightest level that counts as a failure.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum FailOn {
    Error,
    Warning,
    Note,
    Never,
}

const TERMINAL: &str = "terminal";

fn format_names() -> clap::builder::PossibleValuesParser {
    let people = clap::builder::PossibleValue::new(TERMINAL).help("for people (the default)");
    let machines = FINDING_FORMATS
        .iter()
        .map(|format| clap::builder::PossibleValue::new(format.name).help(format.about));
    clap::builder::PossibleValuesParser::new(std::iter::once(people).chain(machines))
}

fn parse_rule_level(text: &str) -> Result<(String, Option<Level>), String> {
    let (name, word) =
        text.split_once('=').ok_or("a rule and its level look like `owner-missing=warning`")?;
    let level = LevelWord::from_word(word).ok_or(format!("`{word}` is not error, warning, note or off"))?;
    Ok((name.trim().to_owned(), level.level()))
}

/// Runs the command.
pub(super) fn run(arguments: &CheckArguments, global: &Global, screen: &Screen) -> Result<Verdict, Error> {
    let started = Instant::now();
    let project = global.load_with(&arguments.paths, Some(&arguments.evidence), screen)?;
    let levels = levels(&project, &arguments.rules)?;
    if arguments.fix {
        let (today, _) = global.day();
        let applied = fix::run(&project, &levels, today, arguments.suggested, arguments.diff, screen)?;
        if arguments.diff {
            return Ok(Verdict::Fine);
        }
        screen.remark(&applied);
        // What is left is found by looking again.
        let project = global.load_with(&arguments.paths, Some(&arguments.evidence), screen)?;
        return report(arguments, &project, &levels, global, screen, started);
    }
    report(arguments, &project, &levels, global, screen, started)
}

fn report(
    arguments: &CheckArguments,
    project: &Project,
    levels: &Levels,
    global: &Global,
    screen: &Screen,
    started: Instant,
) -> Result<Verdict, Error> {
    let (today, given) = global.day();
    let plan = project.plan();
    let graph = project.graph(&plan);
    let evidence = project.evidence();
    let (mut outcome, mut denominator) = project.check(&plan, &graph, &evidence, levels, today);
    // The process ends in a moment. Giving back a million small pieces of memory
    // one by one would take longer than the rules did.
    std::mem::forget((plan, graph, evidence));
    let against = match &arguments.baseline {
        Some(path) => Some(compare(path, &mut outcome.findings, project)?),
        None => None,
    };
    denominator.elapsed = (!given).then(|| started.elapsed());
    let report = CheckReport {
        findings: &outcome.findings,
        sources: &project.sources,
        denominator: &denominator,
        masked: &outcome.masked,
        baseline: against,
    };
    write_report(arguments, &report, screen)?;
    if arguments.statistics {
        screen.remark(&table::statistics(&report));
    }
    // The log of a CI job shows both streams: once is enough.
    let is_told = arguments.output.is_none() && format(arguments).is_some_and(|format| format.has_summary);
    if !is_told {
        screen.remark(&terminal::summary(&report, screen.remark_style()));
    }
    if screen.verbose && !denominator.idle_rules.is_empty() {
        screen.remark(&format!("nothing to look at: {}\n", denominator.idle_rules.join(", ")));
    }
    match fails(arguments.fail_on, &outcome.findings) {
        true => Ok(Verdict::Findings),
        // A gate that saw nothing must not look like a gate that found nothing.
        false if denominator.entries == 0 => Err(Error::NothingChecked),
        false => Ok(Verdict::Fine),
    }
}

fn compare(path: &std::path::Path, findings: &mut Vec<Finding>, project: &Project) -> Result<Against, Error> {
    let known = baseline::read(path)?;
    Ok(known.compare(findings, &project.sources))
}

pub(super) fn levels(project: &Project, command_line: &[(String, Option<Level>)]) -> Result<Levels, Error> {
    Levels::new(&project.config, command_line).map_err(|unknown| {
        let words = unknown.into_iter().map(|rule| {
            let place = rule.span.map(|span| {
                let start = project.sources.start(span);
                let file = project.sources.file(span.file).name();
                format!("{file}:{}:{}", start.line, start.column)
            });
            (rule.name, place, rule.suggestion)
        });
        Error::UnknownRules { rules: words.collect() }
    })
}

fn write_report(arguments: &CheckArguments, report: &CheckReport<'_>, screen: &Screen) -> Result<(), Error> {
    let mut bytes = Vec::new();
    match format(arguments) {
        Some(format) => (format.write)(report, &mut bytes)?,
        None => {
            let style = match arguments.output {
                Some(_) => terminal::Style::PLAIN,
                None => screen.style(),
            };
            terminal::write(report, style, &mut bytes)?;
        }
    }
    match &arguments.output {
        Some(path) => write::whole(path, &bytes),
        None => screen.product(&bytes),
    }
}

/// The format for machines that is asked for, or that the ending of the file asks for.
fn format(arguments: &CheckArguments) -> Option<&'static FindingFormat> {
    let name = arguments.format.as_deref().or_else(|| format_of(arguments.output.as_deref()?));
    FINDING_FORMATS.iter().find(|format| Some(format.name) == name)
}

fn format_of(path: &std::path::Path) -> Option<&'static str> {
    let extension = path.extension()?.to_str()?;
    formats::format_of_extension(extension)
}

fn fails(fail_on: FailOn, findings: &[Finding]) -> bool {
    let least = match fail_on {
        FailOn::Error => Level::Error,
        FailOn::Warning => Level::Warning,
        FailOn::Note => Level::Note,
        FailOn::Never => return false,
    };
    findings.iter().any(|finding| finding.level >= least)
}
